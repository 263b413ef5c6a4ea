// The manner of large compilers: early returns with else at the end of a line, undented clauses, long signatures.
module internal Checker.Core

open System.Collections.Generic

#nowarn "25"

type range = { Start: int; End: int }
let range0 = { Start = 0; End = 0 }

[<RequireQualifiedAccess; NoComparison>]
type Ty =
    | Var of Typar
    | App of string * Ty list
    | Fun of domain: Ty * range: Ty
    | Tuple of Ty list

and [<ReferenceEquality>] Typar =
    { mutable Solution: Ty option
      Stamp: int64
      Rigid: bool }

and TyparKind = | Type | Measure
                member x.Measures = match x with Measure -> true | Type -> false

type Env(parent: Env option, depth: int) =
    let table = Dictionary<string, Ty>(HashIdentity.Structural)
    new () = Env(None, 0)
    member _.Depth = depth
    member _.Add (name, ty) = table.[name] <- ty
    member this.TryFind (name: string) : Ty option =
        match table.TryGetValue name with
        | true, ty -> Some ty
        | _ ->
        match parent with
        | None -> None
        | Some outer -> outer.TryFind name

exception UnificationError of Ty * Ty * range

let mutable private stamp = 0L
let newTypar rigid =
    stamp <- stamp + 1L
    { Solution = None; Stamp = stamp; Rigid = rigid }

let rec stripTy ty =
    match ty with
    | Ty.Var ({ Solution = Some solution } as _typar) -> stripTy solution
    | _ -> ty

let (|AppTy|_|) name ty = match stripTy ty with Ty.App (n, args) when n = name -> Some args | _ -> None
let (|ListTy|_|) ty = match ty with AppTy "list" [elem] -> Some elem | _ -> None
let (|Even|Odd|) n = if n % 2 = 0 then Even else Odd (n / 2)

let rec occurs (typar: Typar) ty =
    match stripTy ty with
    | Ty.Var other -> obj.ReferenceEquals (typar, other)
    | Ty.App (_, args) | Ty.Tuple args -> args |> List.exists (occurs typar)
    | Ty.Fun (domain = d; range = r) -> occurs typar d || occurs typar r

let rec unify m ty1 ty2 : unit =
    let ty1 = stripTy ty1
    let ty2 = stripTy ty2
    if obj.ReferenceEquals (ty1, ty2) then () else
    match ty1, ty2 with
    | Ty.Var t1, Ty.Var t2 when obj.ReferenceEquals (t1, t2) -> ()
    | Ty.Var t, ty
    | ty, Ty.Var t when not t.Rigid ->
        if occurs t ty then raise (UnificationError (ty1, ty2, m))
        t.Solution <- Some ty
    | Ty.App (n1, args1), Ty.App (n2, args2)
        when n1 = n2
             && args1.Length = args2.Length ->
        List.iter2 (unify m) args1 args2
    | Ty.Fun (d1, r1), Ty.Fun (d2, r2) ->
        unify m d1 d2; unify m r1 r2
    | Ty.Tuple a, Ty.Tuple b when a.Length = b.Length -> (a, b) ||> List.iter2 (unify m)
    | _ -> raise (UnificationError (ty1, ty2, m))

type Expr =
    | Const of int * range
    | Name of string * range
    | Lambda of string * Expr * range
    | Apply of func: Expr * arg: Expr * range: range
    | LetIn of isRec: bool * name: string * rhs: Expr * body: Expr * m: range
    member x.Range =
        match x with
        | Const (_, m) | Name (_, m) | Lambda (_, _, m)
        | Apply (range = m) -> m
        | LetIn (m = m) -> m

let intTy = Ty.App ("int", [])

let rec check (env: Env) (expected: Ty option) expr : Ty =
    let result =
        match expr with
        | Const (_, _) -> intTy
        | Name (name, m) ->
            match env.TryFind name with
            | Some ty -> ty
            | None -> failwithf "%s is not defined (%d-%d)" name m.Start m.End
        | Lambda (arg, body, _) ->
            let domain = Ty.Var (newTypar false)
            let inner = Env (Some env, env.Depth + 1)
            inner.Add (arg, domain)
            Ty.Fun (domain, check inner None body)
        | Apply (f, arg, m) ->
            let range = Ty.Var (newTypar false)
            let fty = check env None f
            unify m fty (Ty.Fun (check env None arg, range))
            range
        | LetIn (isRec, name, rhs, body, _m) ->
            let inner = Env (Some env, env.Depth + 1)
            if isRec then inner.Add (name, Ty.Var (newTypar false))
            inner.Add (name, check (if isRec then inner else env) None rhs)
            check inner expected body
    match expected with
    | None -> result
    | Some ty ->
    unify expr.Range result ty
    ty

let tryCheck env expr =
    try Choice1Of2 (check env None expr)
    with
    | UnificationError (a, b, m) ->
        Choice2Of2 (sprintf "(%d,%d): %A is not %A" m.Start m.End a b)
    | Failure message -> Choice2Of2 message

let rec showTy prec ty =
    let paren needed text = if needed then "(" + text + ")" else text
    match stripTy ty with
    | Ty.Var t -> "'t" + string t.Stamp
    | Ty.App (name, []) -> name
    | ListTy elem -> showTy 2 elem + " list"
    | Ty.App (name, args) ->
        name + "<" + String.concat ", " (args |> List.map (showTy 0)) + ">"
    | Ty.Fun (d, r) ->
        paren (prec > 0)
              (showTy 1 d + " -> " + showTy 0 r)
    | Ty.Tuple elems -> elems |> List.map (showTy 2) |> String.concat " * " |> paren (prec > 1)

let describe n =
    match n with
    | Even -> "even"
    | Odd half when half > 10 ->
      "large and odd"
    | Odd _ -> "odd"

let run () =
    let m = range0
    let id' = Lambda ("x", Name ("x", m), m)
    for expr in [ id'; Apply (id', Const (1, m), m); Apply (Const (1, m), id', m) ] do
        match tryCheck (Env()) expr with
        | Choice1Of2 ty -> printfn "%s" (showTy 0 ty)
        | Choice2Of2 message -> printfn "error: %s" message
    printfn "%s" (describe 7)

do run ()
