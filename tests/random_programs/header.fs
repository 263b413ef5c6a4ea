// What the random programs share.
open System
open System.Collections.Generic

exception Custom of int

let log = System.Text.StringBuilder()
let mutable fuel = 0

let note (n: int) (x: 'a) : 'a =
    if log.Length < 60 then log.Append(n).Append(' ') |> ignore
    x

let spend () =
    fuel <- fuel - 1
    if fuel < 0 then raise (TimeoutException "fuel")

let attempt (name: string) (f: unit -> string) =
    fuel <- 400
    log.Clear() |> ignore
    let shown = try f () with e -> "raised " + e.GetType().Name
    printfn "%s %s [%s]" name shown (log.ToString())

let clip (s: string) = if s.Length > 30 then s.Substring(0, 30) else s
let few (xs: list<'a>) = List.truncate 8 xs

type Tree<'a> =
    | Leaf
    | Node of left: Tree<'a> * value: 'a * right: Tree<'a>

let rec depthOf t =
    match t with
    | Leaf -> 0
    | Node(l, _, r) -> 1 + max (depthOf l) (depthOf r)

let rec mapTree f t =
    match t with
    | Leaf -> Leaf
    | Node(l, x, r) ->
        let l = mapTree f l
        let x = f x
        Node(l, x, mapTree f r)

let rec flatten t =
    match t with
    | Leaf -> []
    | Node(l, x, r) -> flatten l @ [ x ] @ flatten r

let rec insert x t =
    match t with
    | Leaf -> Node(Leaf, x, Leaf)
    | Node(l, y, r) when x < y -> Node(insert x l, y, r)
    | Node(l, y, r) when x > y -> Node(l, y, insert x r)
    | same -> same

let rec prune d t =
    match t with
    | Node(l, x, r) when d > 0 -> Node(prune (d - 1) l, x, prune (d - 1) r)
    | _ -> Leaf

type Counter(start: int) =
    let mutable total = start
    member this.Add(n: int) =
        total <- total + n
        this
    member _.Total = total
    member _.Item with get (n: int) = total * n and set (n: int) (value: int) = total <- value - n

[<AbstractClass>]
type Operation() =
    abstract Run: int -> int
    abstract Name: string
    default _.Name = "plain"
    member this.Twice(n: int) = this.Run(this.Run n)

type Adding(k: int) =
    inherit Operation()
    override _.Run n = n + k
    override _.Name = "adding " + string k

type Scaling(k: int) =
    inherit Operation()
    override _.Run n = n * k

type Held(n: int) =
    member _.Number = n
    interface IDisposable with
        member _.Dispose() = note n ()

type MaybeBuilder() =
    member _.Bind(x: option<'a>, f: 'a -> option<'b>) = match x with Some v -> f v | None -> None
    member _.Return(x: 'a) = Some x
    member _.ReturnFrom(x: option<'a>) = x
    member _.Zero() = Some()
    member _.Delay(f: unit -> option<'a>) = f
    member _.Run(f: unit -> option<'a>) = f ()
    member _.Combine(x: option<unit>, f: unit -> option<'a>) = match x with Some() -> f () | None -> None

let maybe = MaybeBuilder()

[<Measure>]
type m

[<Struct>]
type Cell =
    val mutable Count: int
    new(n: int) = { Count = n }
    member this.Up(n: int) =
        this.Count <- this.Count + n
        this.Count

type Vector =
    { Left: int
      Right: int }

    static member (+)(a: Vector, b: Vector) = { Left = a.Left + b.Left; Right = a.Right + b.Right }
    static member (*)(k: int, v: Vector) = { Left = k * v.Left; Right = k * v.Right }
    static member (~-)(v: Vector) = { Left = -v.Left; Right = -v.Right }
    static member Zero = { Left = 0; Right = 0 }
    member v.Sum = v.Left + v.Right

type IVisitor<'r> =
    abstract OnPair: 'r * 'r -> 'r

type Shape =
    | Dot of int
    | Pair of Shape * Shape

    member this.Accept(onDot: int -> 'r, v: IVisitor<'r>) : 'r =
        match this with
        | Dot n -> onDot n
        | Pair(a, b) -> v.OnPair(a.Accept(onDot, v), b.Accept(onDot, v))

type Stack<'a>(items: list<'a>) =
    let mutable items = items
    member _.Push(x: 'a) = items <- x :: items
    member _.Pop() =
        match items with
        | [] -> invalidOp "empty"
        | x :: rest ->
            items <- rest
            x
    member _.Size = List.length items

type LoggedBuilder() =
    member _.Bind(first: 'a * list<int>, f: 'a -> 'b * list<int>) =
        let y, v = f (fst first)
        y, snd first @ v
    member _.Return(x: 'a) : 'a * list<int> = x, []
    member _.Delay(f: unit -> 'a * list<int>) = f
    member _.Run(f: unit -> 'a * list<int>) = f ()
    member _.Zero() = (), []
    member _.Combine(first: unit * list<int>, f: unit -> 'a * list<int>) =
        let y, v = f ()
        y, snd first @ v
    member _.For(xs: seq<'a>, f: 'a -> unit * list<int>) =
        (), (xs |> Seq.map (fun x -> snd (f x)) |> List.concat)
    member _.TryWith(f: unit -> 'a * list<int>, h: exn -> 'a * list<int>) = try f () with e -> h e
    member _.TryFinally(f: unit -> 'a * list<int>, g: unit -> unit) = try f () finally g ()

let logged = LoggedBuilder()
let tell (n: int) = (), [ n ]

let rec isEven n = n = 0 || isOdd (n - 1)
and isOdd n = n <> 0 && isEven (n - 1)

let inline sumWith (f: ^a -> ^b) (xs: list< ^a >) : ^b =
    List.fold (fun total x -> total + f x) LanguagePrimitives.GenericZero< ^b > xs

let (|Even|Odd|) (n: int) = if n % 2 = 0 then Even(n / 2) else Odd n
let (|Over|_|) (k: int) (n: int) = if n > k then Some(n - k) else None

let swap (a: 'a, b: 'b) = b, a
let twice (f: 'a -> 'a) (x: 'a) = f (f x)
let either (c: bool) (a: 'a) (b: 'a) = if c then a else b
let flip (f: 'a -> 'b -> 'c) (b: 'b) (a: 'a) = f a b
let inline add3 a b c = a + b + c

let showInt (x: int) = string x
let showInt64 (x: int64) = string x + "L"
let showInt16 (x: int16) = string x + "s"
let showByte (x: byte) = string x + "uy"
let showUint32 (x: uint32) = string x + "u"
let showFloat (x: float) = x.ToString("R")
let showDecimal (x: decimal) = x.ToString()
let showBool (x: bool) = if x then "true" else "false"
let showChar (x: char) = "'" + string x + "'"
let showString (x: string) = "\"" + x + "\""
let showUnit () = "()"
let showList (f: 'a -> string) (xs: list<'a>) = "[" + String.Join("; ", List.map f xs) + "]"
let showArray (f: 'a -> string) (xs: array<'a>) = "[|" + String.Join("; ", Array.map f xs) + "|]"
let showSet (f: 'a -> string) (xs: Set<'a>) = "set " + showList f (Set.toList xs)
let showOption (f: 'a -> string) (x: option<'a>) = match x with Some x -> "Some " + f x | None -> "None"
let showRef (f: 'a -> string) (x: ref<'a>) = "ref " + f x.Value
let showLazy (f: 'a -> string) (x: Lazy<'a>) = "lazy " + f (x.Force())
let showMap (f: 'k -> string) (g: 'v -> string) (m: Map<'k, 'v>) =
    "map [" + String.Join("; ", m |> Map.toList |> List.map (fun (k, v) -> f k + " => " + g v)) + "]"
let showResult (f: 'a -> string) (g: 'b -> string) (x: Result<'a, 'b>) =
    match x with
    | Ok x -> "Ok " + f x
    | Error x -> "Error " + g x
let rec showTree (f: 'a -> string) (t: Tree<'a>) =
    match t with
    | Leaf -> "."
    | Node(l, x, r) -> "(" + showTree f l + " " + f x + " " + showTree f r + ")"
let showCounter (c: Counter) = "counter " + string c.Total
let showVector (v: Vector) = sprintf "<%d %d>" v.Left v.Right
let rec showShape (s: Shape) =
    match s with
    | Dot n -> string n
    | Pair(a, b) -> "(" + showShape a + "." + showShape b + ")"
let showOperation (o: Operation) = o.Name + " " + string (o.Run 7)

type Slot<'a> =
    { mutable Held: 'a
      mutable Past: list<'a>
      Tag: int }

[<Struct>]
type Twin<'a> =
    { mutable First: 'a
      mutable Second: 'a }

type Cupboard<'a>(first: 'a) =
    let mutable inside = first
    let mutable changes = 0
    member _.Inside
        with get () = inside
        and set (x: 'a) =
            inside <- x
            changes <- changes + 1
    member _.Swap(x: 'a) =
        let old = inside
        inside <- x
        old
    member _.Changes = changes

let put (place: byref<'a>) (x: 'a) = place <- x

let trade (a: byref<'a>) (b: byref<'a>) =
    let old = a
    a <- b
    b <- old

let shorter (xs: List<'a>) = if xs.Count > 12 then xs.RemoveRange(6, xs.Count - 6)

let showItems (f: 'a -> string) (xs: seq<'a>) = "{" + String.Join("; ", Seq.map f xs) + "}"
let showEntries (f: 'k -> string) (g: 'v -> string) (xs: Dictionary<'k, 'v>) =
    "{" + String.Join("; ", xs |> Seq.map (fun kv -> f kv.Key + " => " + g kv.Value)) + "}"
let showSlot (f: 'a -> string) (s: Slot<'a>) = "slot " + f s.Held + " " + showList f s.Past + " " + string s.Tag
let showTwin (f: 'a -> string) (t: Twin<'a>) = "twin " + f t.First + " " + f t.Second
let showCupboard (f: 'a -> string) (c: Cupboard<'a>) = "cupboard " + f c.Inside + " " + string c.Changes
