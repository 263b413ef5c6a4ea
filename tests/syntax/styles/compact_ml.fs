// Dense code in the manner of ML books.
module Interpreter

type 'a tree = Leaf | Node of 'a tree * 'a * 'a tree
type name = string
type expr =
  | Num of int | Var of name
  | Add of expr * expr | Mul of expr * expr
  | Let of name * expr * expr
  | Fun of name * expr | App of expr * expr
  | If of expr * expr * expr
and value = Int of int | Closure of name * expr * env
and env = (name * value) list

let rec insert x = function
  | Leaf -> Node (Leaf, x, Leaf)
  | Node (l, y, r) as t ->
    if x < y then Node (insert x l, y, r)
    elif x > y then Node (l, y, insert x r)
    else t

let rec fold f acc = function Leaf -> acc | Node (l, x, r) -> fold f (f (fold f acc l) x) r

let rec lookup x = function
  | [] -> failwithf "unbound: %s" x
  | (y, v) :: _ when x = y -> v
  | _ :: rest -> lookup x rest

let rec eval env e =
  match e with
  | Num n -> Int n
  | Var x -> lookup x env
  | Add (a, b) -> arith (+) env a b
  | Mul (a, b) -> arith (*) env a b
  | Let (x, e1, e2) -> let v = eval env e1 in eval ((x, v) :: env) e2
  | Fun (x, body) -> Closure (x, body, env)
  | App (f, a) ->
    (match eval env f with
     | Closure (x, body, env') -> eval ((x, eval env a) :: env') body
     | Int _ -> failwith "not a function")
  | If (c, t, e) -> (match eval env c with Int 0 -> eval env e | _ -> eval env t)
and arith op env a b =
  match eval env a, eval env b with
  | Int x, Int y -> Int (op x y)
  | _ -> failwith "not numbers"

// a tokenizer by hand
type token = TNum of int | TId of string | TSym of char

let isDigit c = c >= '0' && c <= '9'
let isAlpha c = c >= 'a' && c <= 'z' || c = '_'

let tokenize (s : string) =
  let n = s.Length
  let rec go i acc =
    if i >= n then List.rev acc else
    match s.[i] with
    | ' ' | '\n' | '\t' -> go (i + 1) acc
    | c when isDigit c ->
      let j = ref i in
      while !j < n && isDigit s.[!j] do incr j done;
      go !j (TNum (int (s.Substring (i, !j - i))) :: acc)
    | c when isAlpha c ->
      let mutable j = i
      while j < n && isAlpha s.[j] do j <- j + 1
      go j (TId (s.Substring(i, j - i)) :: acc)
    | c -> go (i + 1) (TSym c :: acc)
  go 0 []

let (|Sym|_|) c = function TSym d :: rest when c = d -> Some rest | _ -> None

let rec parseExpr toks =
  let lhs, toks = parseTerm toks
  let rec loop lhs = function
    | Sym '+' toks -> let rhs, toks = parseTerm toks in loop (Add (lhs, rhs)) toks
    | toks -> lhs, toks
  loop lhs toks
and parseTerm toks =
  let lhs, toks = parseAtom toks
  let rec loop lhs toks =
    match toks with
    | Sym '*' toks ->
      let rhs, toks = parseAtom toks
      loop (Mul (lhs, rhs)) toks
    | _ -> lhs, toks
  loop lhs toks
and parseAtom = function
  | TNum n :: toks -> Num n, toks
  | TId x :: toks -> Var x, toks
  | Sym '(' toks ->
    begin
      match parseExpr toks with
      | e, Sym ')' toks -> e, toks
      | _ -> failwith "expected )"
    end
  | _ -> failwith "unexpected token"

let rec gcd a b = if b = 0 then a else gcd b (a % b)
let rec even n = n = 0 || odd (n - 1)
and odd n = n <> 0 && even (n - 1)
let compose f g x = f (g x)
let twice f = f >> f
let swap (a, b) = b, a
let curry f a b = f (a, b)
do printfn "%d" (curry (fun (a, b) -> a + b) 1 2)

let sieve n =
  let a = Array.create (n + 1) true in
  a.[0] <- false; a.[1] <- false;
  for i = 2 to n do
    if a.[i] then
      let mutable j = i * i in
      while j <= n do
        a.[j] <- false; j <- j + i
      done
  done;
  [ for i in 0 .. n do if a.[i] then yield i ]

let rec hanoi n src dst tmp =
  if n > 0 then begin
    hanoi (n - 1) src tmp dst;
    printfn "%s -> %s" src dst;
    hanoi (n - 1) tmp dst src
  end

let () =
  let ast, _ = parseExpr (tokenize "1 + 2 * (x + 4)") in
  match eval ["x", Int 5] ast with
  | Int n -> printfn "%d" n
  | Closure _ -> ()
let _ = List.iter (printf "%d ") (sieve 30); hanoi 2 "a" "b" "c"
