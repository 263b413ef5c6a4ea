module Oddities

// Layout that the offside rule allows, one habit after the other.
open System

let f x =
  x
  + 1

let g x = x
        + 1
        |> f

let h =
    fun x ->
        x
     |> f

let infixes a b c =
    a
    && b
    || c
    <> a

let longest =
    "a"
  + "b"
 <> "c"

let tuple =
    1,
    2,
    3

let tuple2 =
    ( 1
    , 2
    , 3 )

let list1 = [ 1
              2
              3 ]

let list2 =
    [
        1; 2
        3; 4
    ]

let list3 = [
    fun x -> x
    f
]

type Sides = { Left: int; Right: int }
let record =
    {   Left = 1
        Right =
            let y = 2
            y + 1
    }

let call1 =
    String.Format("{0} {1}",
                  1,
                  2)

let call2 =
    String.Format(
        "{0}",
        box 1)

let call3 = f (
    1
)

let call4 =
    List.map (fun x ->
        x + 1
    ) [ 1; 2 ]
    |> List.sum

let call5 = List.fold (fun acc x ->
                let y = acc + x
                y * 2) 0 [ 1; 2 ]

let cond1 a = if a then 1
              else 2

let cond2 a =
    if a then 1
    elif not a then
        2
    else 3

let cond3 a b =
    if a
       && b
    then 1
    else
        if b then 2
        else 3

let cond4 a =
    let r = if a then
                "yes"
            else
                "no"
    r

let cond5 a b =
    if a then f 1 else
    if b then f 2 else
    f 3

let match1 x = match x with
               | 0 -> "zero"
               | _ -> "more"

let match2 x =
    match x with
      0 -> "zero"
    | 1
    | 2 -> "few"
    | n when n < 10
             && n > 5 -> "some"
    | _ ->
      "many"

let match3 x =
    match (match x with
           | Some y -> y
           | None -> 0) with
    | 0 -> 1
    | n -> n

let match4 = function
    | Some x ->
        match x with
        | 1 -> "one"
        | _ -> "other"
    | None -> "none"

let match5 x y =
    match x with
    | 1 ->
        match y with
        | 2 -> "a"
        | _ -> "b"
    | _ -> "c"

let try1 () =
    try f 1 with _ -> 2

let try2 () =
    try
        try
            f 1
        with e ->
            printfn "%s" e.Message
            2
    finally
        printfn "end"

let try3 () =
    try f 1
    with
      | :? ArgumentException
      | :? InvalidOperationException -> 1
      | e -> reraise ()

let loops n =
    for i in 1 .. n do printfn "%d" i
    for i in 1 .. n do
        if i > 2
        then printfn "x"
             printfn "y"
        while false do
            ()
    let mutable k = 0
    while k < n
          && k < 10 do
        k <- k + 1
    k <-
        k
        + 1
    k

let inner a =
    let b = a + 1 in
    let c =
        let d = b in d
    let rec e x = if x = 0 then 0 else o (x - 1)
    and o x = e x
    (let q = 1 in q + e c)

let pipeline xs =
    xs |> List.map (fun x -> x + 1)
       |> List.filter (fun x ->
            x > 2)
       |> List.iter (fun x ->
                        printfn "%d" x
                        printfn "again")

let lambda =
    (fun x y ->
        let z = x + y
        z * 2) 1 2

let composed =
    f >>
    g >>
    f

let piped () =
    async {
        return 1
    } |> Async.RunSynchronously
      |> ignore
    [ 1 ] |> List.iter (
        printfn "%d"
    )

let applied =
    f <|
        g 1
let applied2 =
    f
        (g 1)

type A = | A1 | A2 of int
type B =
  B1
  | B2
type C =
| C1
| C2
    with override x.ToString() = "C"
         member x.D = 1
type D = { X: int
           Y: int } with
    member this.Sum =
      this.X
      + this.Y
type E =
    {
        X1: int; Y1: int
        Z1: int
    }
    static member Make x =
        { X1 = x
          Y1 = x; Z1 = x }

type F(x: int,
       y: int) =
    let z =
        x + y
    member this.Z
        with get () = z
    member this.Long
        (
            a: int,
            b: int
        ) =
        a + b
    static member Create
        (a, b)
        : F =
        F(a, b)

module Nested =
    module Deeper =
      let x = 1
      module Deepest = begin
        let y = 2
      end
    open Deeper
    let z = x
module Short = Nested.Deeper

let ``after the modules`` =
    Short.x; Nested.z

if true then
    printfn "a"
else printfn "b"

for x in [ 1 ] do
    printfn "%d" x

do
    printfn "c"
    printfn "d"

let last =
    let x = 1
    // a comment between

    let y =

        2 // and a blank line before

    x + (* inside *) y
// less indented comment
    + 1
