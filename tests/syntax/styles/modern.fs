/// What came to the language after version 4.7.
module Modern

open type System.Math
open System.Threading.Tasks

#if NEVER
this is not F# at all "
more " text
#else
let active = true
#endif

#if CLEF && !(NEVER || ALSO_NEVER)
let symbol = nameof active
#endif

type Person = { Name: string; Age: int; Tags: string list }

let person = { Name = "Ada"; Age = 36; Tags = [] }

let strings =
    [ $"{person.Name} is {person.Age}"
      $"%s{person.Name} is %05.1f{float person.Age}"
      $"{{braces}} {1 + 2,6} {PI:F3} {System.DateTime.Now:yyyy-MM-dd}"
      $@"C:\{person.Name}\""quoted"""
      $"""triple {person.Name + "inside"} "quotes" {{}}"""
      $$"""{"json": {{person.Age}}}"""
      $"nested {$"inner {1}"} {if person.Age > 18 then "adult" else "child"}"
      $"{person |> fun p -> p.Name} 100%%"
      $"lambda {(fun x -> x + 1) 2} record {{|{ {| A = 1 |}.A }|}}" ]

let xs = [| 1..10 |]
let first = xs[0]
let slice = xs[2..4], xs[..3], xs[^3..], xs[..^1], xs[^0]
let matrix = Array2D.init 3 3 (fun i j -> i * j)
let cell = matrix[1, 2] + matrix.[0, 0]
let column = matrix[*, 1]
let chained = [ [ 1; 2 ]; [ 3 ] ][0][1]
let application = List.map (fun x -> x + 1) [ 1; 2 ]
xs[0] <- 5

let names = [ person ] |> List.map _.Name |> List.filter (_.StartsWith("A"))
let lengths = names |> List.map _.Length.ToString()
let indexed = [ "ab" ] |> List.map _.[0]

[<Struct>]
type Shape =
    | Circle of radius: float
    | Rectangle of width: float * height: float
    | Point

    static member Unit = Circle 1.0

    member this.Area =
        match this with
        | Circle radius -> PI * radius * radius
        | Rectangle(width = w; height = h) -> w * h
        | Point -> 0.0

type IAddable<'T when 'T :> IAddable<'T>> =
    static abstract Zero: 'T
    static abstract (+): 'T * 'T -> 'T
    static abstract member Parse: text: string -> 'T

let sum<'T when IAddable<'T>> (items: 'T list) =
    items |> List.fold (fun a b -> a + b) 'T.Zero

let parse<'T when 'T :> IAddable<'T>> text = 'T.Parse(text)

type Meter =
    { Value: float }

    interface IAddable<Meter> with
        static member Zero = { Value = 0.0 }
        static member (+)(a, b) = { Value = a.Value + b.Value }
        static member Parse(text: string) = { Value = float text }

let nullable (text: string | null) : string =
    match text with
    | null -> ""
    | NonNull value -> value

let maybe: (string | null) list = [ null; "a" ]

let work (delay: int) =
    task {
        let! a = Task.FromResult 1
        and! b = Task.FromResult 2
        do! Task.Delay delay

        use! resource = Task.FromResult(new System.IO.MemoryStream())

        match! Task.FromResult(Some 3) with
        | Some c when c > a -> return a + b + c
        | _ ->
            while! Task.FromResult false do
                printfn "never"

            return resource.Length |> int
    }

let implicitYields flag =
    [ "always"
      if flag then
          "sometimes"
          "twice"
      for i in 1..3 do
          $"{i}"
      match flag with
      | true -> "yes"
      | false -> ()
      yield! [ "more" ] ]

let html = [
    "div", [
        "class", "main"
        "id", "root"
    ]
    "span", []
]

type Builder() =
    member _.Yield(x: int) = [ x ]
    member _.Combine(a: int list, b: int list) = a @ b
    member _.Delay(f) = f ()

    [<CustomOperation("add")>]
    member _.Add(items: int list, [<System.ParamArray>] values: int array) = items @ List.ofArray values

let built =
    Builder() {
        1
        2
    }

let update message model =
    match message, model with
    | ("inc" | "up"), n -> n + 1
    | "dec", n -> n - 1
    | (:? string as text), n when text.Length = 0 -> n
    | (a & b) as both, _ -> 0

let pattern =
    function
    | { Name = name; Age = age } as whole when age > 3 -> name
    | { Tags = [ first; _ ] } -> first
    | { Tags = first :: second :: _ } -> first + second
    | { Tags = [] } -> ""
    | _ -> "?"

let copy = {| person with Extra = 1 |}
let deep = { person with Name = "Eve"; Tags = "x" :: person.Tags }

let defaulted
    (name: string)
    (age: int)
    : Person =
    { Name = name
      Age = age
      Tags = [] }

let longCall =
    System.String.Join(
        ", ",
        [ "a"
          "b" ],
        0,
        2
    )

let piped =
    xs
    |> Array.map (fun x ->
        let y = x * 2
        y + 1)
    |> Array.filter (fun x -> x > 3 && x < 20)
    |> Array.fold
        (fun state x ->
            state + x)
        0

type Alias = System.Collections.Generic.Dictionary<string, (int * string) list>

let private hidden: int -> int -> int =
    fun a b ->
        let c = a + b
        c * c

let inline internal fast ([<InlineIfLambda>] f: int -> int) x = f x

let ``a name with spaces`` = 1
let x' = 2
let été = ``a name with spaces`` + x'

[<return: Struct>]
let (|Positive|_|) x = if x > 0 then ValueSome x else ValueNone

let rec loop n = if n > 0 then loop (n - 1)

exception Problem of code: int * text: string

let handle f =
    try
        f ()
    with
    | Problem(code = c) when c > 0 -> c
    | Problem(_, text)
    | Failure text -> text.Length
    | :? System.ArgumentException as e ->
        printfn $"{e.Message}"
        0

if active then
    printfn "%A" (implicitYields true)
else if List.isEmpty names then
    printfn "none"
else
    loop 3
