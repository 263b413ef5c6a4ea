"""What the modules of a generated project are made of.

In: nothing. Out: `SECTIONS`, pieces of plausible F# with places for names and numbers. Promises:
every piece stands alone once `<Noun>`, `<noun>`, `<N1>` to `<N3>` are filled in, and its `call` is
an int that exercises it, given the int `total`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A piece of a module and an expression of type int that uses it."""

    text: str
    call: str


RECORDS = Section(
    """
type <Noun>Line =
    { Code: string
      Quantity: int
      Price: decimal
      Discount: decimal option }

type <Noun>Record =
    { Id: int
      Title: string
      Lines: <Noun>Line list
      Tags: Set<string> }

module <Noun>Record =
    let empty id =
        { Id = id
          Title = sprintf "<noun> %d" id
          Lines = []
          Tags = Set.empty }

    let add line (record: <Noun>Record) = { record with Lines = line :: record.Lines }

    let tag name (record: <Noun>Record) =
        { record with Tags = Set.add name record.Tags }

    let lineTotal (line: <Noun>Line) =
        let gross = decimal line.Quantity * line.Price

        match line.Discount with
        | Some share when share > 0M && share < 1M -> gross * (1M - share)
        | Some _
        | None -> gross

    let total (record: <Noun>Record) = record.Lines |> List.sumBy lineTotal

/// Builds a record and adds up its lines.
let <noun>Total (n: int) =
    let line i : <Noun>Line =
        { Code = sprintf "C%03d" i
          Quantity = i % <N1> + 1
          Price = decimal (i % <N2>) + 0.25M
          Discount = if i % 3 = 0 then Some 0.1M else None }

    let record =
        [ 1 .. n % 7 + 3 ]
        |> List.map line
        |> List.fold (fun record line -> <Noun>Record.add line record) (<Noun>Record.empty n)
        |> <Noun>Record.tag "generated"

    int (<Noun>Record.total record) + record.Tags.Count
""",
    "<noun>Total total",
)

UNIONS = Section(
    """
type <Noun>Event =
    | Created of id: int * at: int
    | Renamed of string
    | Moved of source: string * target: string
    | Closed
    | Batch of <Noun>Event list

type <Noun>State =
    { Names: string list
      Place: string
      Steps: int
      Open: bool }

let rec <noun>Apply state event =
    match event with
    | Created(id, at) when id > <N1> -> { state with Steps = state.Steps + at % 5; Open = true }
    | Created _ -> { state with Steps = state.Steps + 1; Open = true }
    | Renamed name -> { state with Names = name :: state.Names }
    | Moved(source, target) when source = target -> state
    | Moved(_, target) -> { state with Place = target; Steps = state.Steps + 1 }
    | Closed -> { state with Open = false }
    | Batch events -> List.fold <noun>Apply state events

let <noun>Describe event =
    match event with
    | Created(id, at) -> sprintf "created %d at %d" id at
    | Renamed name -> "renamed " + name
    | Moved(source, target) -> sprintf "%s -> %s" source target
    | Closed -> "closed"
    | Batch events -> sprintf "%d events" (List.length events)

let <noun>Replay n =
    let start = { Names = []; Place = "start"; Steps = 0; Open = false }

    let events =
        [ Created(n, n / 2)
          Renamed(sprintf "<noun>-%d" n)
          Batch [ Moved("start", "middle"); Moved("middle", "end"); Moved("end", "end") ]
          (if n % 2 = 0 then Closed else Renamed "again") ]

    let final = events |> List.fold <noun>Apply start
    let text = events |> List.map <noun>Describe |> String.concat "; "
    final.Steps + final.Names.Length + text.Length + (if final.Open then 1 else 0)
""",
    "<noun>Replay total",
)

PIPELINES = Section(
    """
let <noun>Samples n = [ for i in 0 .. n % 40 + 10 -> (i * <N1> + n) % <N2> + 1 ]

let <noun>Statistics n =
    let samples = <noun>Samples n
    let sorted = List.sort samples
    let median = List.item (List.length sorted / 2) sorted

    let groups =
        samples
        |> List.groupBy (fun x -> x % 5)
        |> List.map (fun (key, items) -> key, List.sum items, List.length items)
        |> List.sortBy (fun (key, _, _) -> key)

    let weighted =
        groups
        |> List.map (fun (key, sum, count) -> (key + 1) * sum / max 1 count)
        |> List.sum

    let windows =
        samples
        |> List.windowed 3
        |> List.filter (fun window -> List.sum window % 2 = 0)
        |> List.length

    let pairs =
        List.zip samples (List.rev samples)
        |> List.choose (fun (a, b) -> if a < b then Some(b - a) else None)

    let longest = pairs |> List.fold max 0
    median + weighted + windows * <N3> + longest
""",
    "<noun>Statistics total",
)

MAPS = Section(
    """
let <noun>Index (words: string list) =
    words
    |> List.mapi (fun position word -> word, position)
    |> List.fold
        (fun index (word, position) ->
            let known = index |> Map.tryFind word |> Option.defaultValue []
            Map.add word (position :: known) index)
        Map.empty

let <noun>Words n =
    [ for i in 0 .. n % 20 + 5 do
          yield sprintf "w%d" (i * <N1> % <N2>)
          if i % 4 = 0 then
              yield "common" ]

let <noun>Lookup n =
    let index = <noun>Index(<noun>Words n)

    let frequent =
        index
        |> Map.filter (fun _ positions -> List.length positions > 1)
        |> Map.toList
        |> List.map fst

    let score =
        index
        |> Map.fold (fun total word positions -> total + word.Length * List.sum positions) 0

    match Map.tryFind "common" index with
    | Some(first :: _) -> score + first + List.length frequent
    | Some []
    | None -> score
""",
    "<noun>Lookup total",
)

RESULTS = Section(
    """
type <Noun>Problem =
    | Missing of string
    | TooLarge of value: int * limit: int
    | Malformed of line: int * text: string

let <noun>Field name (fields: Map<string, string>) =
    match Map.tryFind name fields with
    | Some value -> Ok value
    | None -> Error(Missing name)

let <noun>Number line (text: string) =
    match Int32.TryParse text with
    | true, value -> Ok value
    | false, _ -> Error(Malformed(line, text))

let <noun>Limited limit value =
    if value > limit then Error(TooLarge(value, limit)) else Ok value

let <noun>Read line fields =
    <noun>Field "amount" fields
    |> Result.bind (<noun>Number line)
    |> Result.bind (<noun>Limited <N1>)
    |> Result.map (fun amount -> amount * <N2>)

let <noun>Explain problem =
    match problem with
    | Missing name -> sprintf "no field %s" name
    | TooLarge(value, limit) -> sprintf "%d is more than %d" value limit
    | Malformed(line, text) -> sprintf "line %d: '%s' is not a number" line text

let <noun>ReadAll n =
    let inputs =
        [ Map.ofList [ "amount", string (n % 60) ]
          Map.ofList [ "amount", "twelve" ]
          Map.ofList [ "size", "1" ]
          Map.ofList [ "amount", "3"; "size", "2" ] ]

    inputs
    |> List.mapi <noun>Read
    |> List.sumBy (function
        | Ok amount -> amount
        | Error problem -> (<noun>Explain problem).Length)
""",
    "<noun>ReadAll total",
)

TREES = Section(
    """
type <Noun>Tree<'key, 'value> =
    | Leaf
    | Node of <Noun>Tree<'key, 'value> * 'key * 'value * <Noun>Tree<'key, 'value>

let rec <noun>Insert key value tree =
    match tree with
    | Leaf -> Node(Leaf, key, value, Leaf)
    | Node(left, k, v, right) ->
        if key < k then Node(<noun>Insert key value left, k, v, right)
        elif key > k then Node(left, k, v, <noun>Insert key value right)
        else Node(left, k, value, right)

let rec <noun>Find key tree =
    match tree with
    | Leaf -> None
    | Node(_, k, v, _) when k = key -> Some v
    | Node(left, k, _, right) -> <noun>Find key (if key < k then left else right)

let rec <noun>Fold folder state tree =
    match tree with
    | Leaf -> state
    | Node(left, k, v, right) ->
        let state = <noun>Fold folder state left
        <noun>Fold folder (folder state k v) right

let <noun>Balance n =
    let keys = [ for i in 1 .. n % 30 + 5 -> i * <N1> % 97 ]
    let tree = keys |> List.fold (fun tree key -> <noun>Insert key (string key) tree) Leaf
    let sum = <noun>Fold (fun total key (value: string) -> total + key * value.Length) 0 tree
    let names = <noun>Insert "b" <N2> (<noun>Insert "a" <N3> Leaf)
    sum + (<noun>Find "a" names |> Option.defaultValue 0)
""",
    "<noun>Balance total",
)

ARRAYS = Section(
    """
let <noun>Grid width height =
    let cell y x = (x * <N1> + y * <N2>) % 11
    Array.init height (fun y -> Array.init width (cell y))

let <noun>Smooth (grid: int[][]) =
    let height = grid.Length
    let width = grid.[0].Length

    Array.init height (fun y ->
        Array.init width (fun x ->
            let mutable sum = 0
            let mutable count = 0

            for dy in -1 .. 1 do
                for dx in -1 .. 1 do
                    let nx, ny = x + dx, y + dy

                    if nx >= 0 && nx < width && ny >= 0 && ny < height then
                        sum <- sum + grid.[ny].[nx]
                        count <- count + 1

            sum / count))

let <noun>Checksum n =
    let grid = <noun>Grid (n % 5 + 3) 4
    let smooth = grid |> <noun>Smooth |> <noun>Smooth
    let mutable total = 0

    for row in smooth do
        for cell in row do
            total <- total * 3 + cell

    let column = smooth |> Array.map (fun row -> row.[0])
    Array.sortInPlace column
    (total &&& 0xFFFF) + column.[column.Length - 1]
""",
    "<noun>Checksum total",
)

CLASSES = Section(
    """
type I<Noun>Store =
    abstract Put: key: string * value: int -> unit
    abstract Get: key: string -> int option
    abstract Count: int

type <Noun>MemoryStore() =
    let values = System.Collections.Generic.Dictionary<string, int>()

    interface I<Noun>Store with
        member _.Put(key, value) = values.[key] <- value

        member _.Get key =
            match values.TryGetValue key with
            | true, value -> Some value
            | false, _ -> None

        member _.Count = values.Count

type <Noun>Meter(name: string, store: I<Noun>Store) =
    let mutable last = 0
    member _.Name = name
    member _.Last = last

    member _.Record value =
        last <- value
        store.Put(sprintf "%s-%d" name (value % <N1>), value)

    member this.RecordAll(values: seq<int>) =
        for value in values do
            this.Record value

let <noun>Measure n =
    let store = <Noun>MemoryStore() :> I<Noun>Store
    let meters = [ for name in [ "a"; "b" ] -> <Noun>Meter(name, store) ]

    for meter in meters do
        meter.RecordAll(seq { n .. n + <N2> })

    let found = store.Get "a-1" |> Option.defaultValue 0
    store.Count + found % 100 + (meters |> List.sumBy (fun meter -> meter.Last % 10))
""",
    "<noun>Measure total",
)

MACHINES = Section(
    """
type <Noun>Token =
    | Numeral of int
    | Plus
    | Times
    | Open
    | Close

let <noun>Tokens (text: string) =
    let rec go i tokens =
        if i >= text.Length then
            List.rev tokens
        else
            match text.[i] with
            | '+' -> go (i + 1) (Plus :: tokens)
            | '*' -> go (i + 1) (Times :: tokens)
            | '(' -> go (i + 1) (Open :: tokens)
            | ')' -> go (i + 1) (Close :: tokens)
            | c when Char.IsDigit c -> numeral i 0 tokens
            | _ -> go (i + 1) tokens

    and numeral i value tokens =
        if i < text.Length && Char.IsDigit text.[i] then
            numeral (i + 1) (value * 10 + int text.[i] - int '0') tokens
        else
            go i (Numeral value :: tokens)

    go 0 []

let rec <noun>Sum tokens =
    let left, rest = <noun>Product tokens

    match rest with
    | Plus :: rest ->
        let right, rest = <noun>Sum rest
        left + right, rest
    | _ -> left, rest

and <noun>Product tokens =
    let left, rest = <noun>Atom tokens

    match rest with
    | Times :: rest ->
        let right, rest = <noun>Product rest
        left * right, rest
    | _ -> left, rest

and <noun>Atom tokens =
    match tokens with
    | Numeral value :: rest -> value, rest
    | Open :: rest ->
        match <noun>Sum rest with
        | value, Close :: rest -> value, rest
        | _ -> failwith "a closing parenthesis is missing"
    | _ -> failwith "a value is missing"

let <noun>Evaluate n =
    let text = sprintf "%d + (%d * 3 + <N1>) * 2" (n % 100) (n % 7)

    try
        fst (<noun>Sum(<noun>Tokens text))
    with Failure message -> message.Length
""",
    "<noun>Evaluate total",
)

BUILDERS = Section(
    """
type <Noun>Builder() =
    member _.Bind(value, next) = Option.bind next value
    member _.Return value = Some value
    member _.ReturnFrom(value: 'a option) = value
    member _.Zero() = None

let <noun>Maybe = <Noun>Builder()

let <noun>Half n = if n % 2 = 0 then Some(n / 2) else None
let <noun>Positive n = if n > 0 then Some n else None

let <noun>Chain n =
    let first =
        <noun>Maybe {
            let! half = <noun>Half n
            let! quarter = <noun>Half half
            let! positive = <noun>Positive quarter
            return positive + <N1>
        }

    let second =
        <noun>Maybe {
            let! value = <noun>Positive(n % <N2>)
            if value > 3 then
                return! <noun>Half(value * 2)
        }

    Option.defaultValue 1 first + Option.defaultValue 2 second
""",
    "<noun>Chain total",
)

SEQUENCES = Section(
    """
let <noun>Steps n =
    n % 1000 + 1
    |> Seq.unfold (fun state ->
        if state = 0 then None
        elif state = 1 then Some(1, 0)
        elif state % 2 = 0 then Some(state, state / 2)
        else Some(state, 3 * state + 1))

let <noun>Mixed n =
    seq {
        yield n % <N1>
        yield! [ 1; 2; 3 ]

        for i in 1 .. 5 do
            if (i + n) % 2 = 0 then
                yield i * <N2>
    }

let <noun>Lazy n =
    let steps = <noun>Steps n |> Seq.truncate 200 |> Seq.toList
    let highest = steps |> List.fold max 0
    let mixed = <noun>Mixed n |> Seq.filter (fun x -> x > 2) |> Seq.sum

    let primes =
        Seq.initInfinite (fun i -> i + 2)
        |> Seq.filter (fun p -> Seq.forall (fun d -> p % d <> 0) (seq { 2 .. p - 1 }))
        |> Seq.take 6
        |> Seq.sum

    highest % 1000 + steps.Length + mixed + primes
""",
    "<noun>Lazy total",
)

UNITS = Section(
    """
[<Measure>]
type <noun>Metre

[<Measure>]
type <noun>Second

type <Noun>Leg =
    { Length: float<<noun>Metre>
      Duration: float<<noun>Second> }

    member leg.Speed = leg.Length / leg.Duration

let <noun>Average (legs: <Noun>Leg list) =
    let length = legs |> List.sumBy (fun leg -> leg.Length)
    let duration = legs |> List.sumBy (fun leg -> leg.Duration)
    length / duration

let inline <noun>Clamp low high value = value |> max low |> min high

let <noun>Journey n =
    let legs =
        [ for i in 1 .. n % 4 + 2 ->
              { Length = float (i * <N1>) * 1.0<<noun>Metre>
                Duration = float (i + <N2>) * 1.0<<noun>Second> } ]

    let fastest = legs |> List.map (fun leg -> float leg.Speed) |> List.max
    let average = float (<noun>Average legs)
    <noun>Clamp 0 1000 (int (average * 10.0)) + int (<noun>Clamp 0.0 50.0 fastest)
""",
    "<noun>Journey total",
)

TEXTS = Section(
    """
let <noun>Wrap width (text: string) =
    let folder (lines, current) (word: string) =
        match current with
        | "" -> lines, word
        | line when line.Length + 1 + word.Length <= width -> lines, line + " " + word
        | line -> line :: lines, word

    let lines, last = text.Split(' ') |> Array.fold folder ([], "")
    List.rev (last :: lines)

let <noun>Title (text: string) =
    text.Split(' ')
    |> Array.map (fun word ->
        match word.Length with
        | 0
        | 1 -> word.ToUpper()
        | _ -> string (Char.ToUpper word.[0]) + word.Substring 1)
    |> String.concat " "

let <noun>Report n =
    let text = sprintf "the <noun> number %d was seen %d times in %s" n (n % <N1>) "the north"
    let lines = <noun>Wrap (n % 10 + 12) text
    let title = <noun>Title text

    let rows =
        lines
        |> List.mapi (fun index line ->
            sprintf "%2d| %-24s|%5.1f" index line (float line.Length / 2.0))
        |> String.concat "\\n"

    rows.Length + title.Length + (if title.Contains "North" then <N2> else 0)
""",
    "<noun>Report total",
)

SECTIONS = (
    RECORDS,
    UNIONS,
    PIPELINES,
    MAPS,
    RESULTS,
    TREES,
    ARRAYS,
    CLASSES,
    MACHINES,
    BUILDERS,
    SEQUENCES,
    UNITS,
    TEXTS,
)
