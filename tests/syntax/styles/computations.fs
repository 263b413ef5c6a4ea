/// Builders of our own and the ones of the library, in the bracket-at-line-end style.
module Computations

open System
open System.Threading

type OptionBuilder() =
    member _.Bind(value, f) = Option.bind f value
    member _.Return(value) = Some value
    member _.ReturnFrom(value: 'a option) = value
    member _.Zero() = Some()
    member _.Delay(f: unit -> 'a) = f
    member _.Run(f: unit -> 'a) = f ()
    member _.Combine(a: unit option, b: unit -> 'b option) = Option.bind b a
    member _.For(items: seq<'a>, body: 'a -> unit option) =
        let mutable ok = Some()
        use e = items.GetEnumerator()
        while ok.IsSome && e.MoveNext() do
            ok <- body e.Current
        ok
    member this.While(guard: unit -> bool, body: unit -> unit option) =
        if guard () then
            match body () with
            | Some() -> this.While(guard, body)
            | None -> None
        else
            Some()
    member _.Using(resource: #IDisposable, body) =
        try
            body resource
        finally
            resource.Dispose()
    member _.TryWith(body: unit -> 'a option, handler) =
        try body ()
        with e -> handler e
    member _.TryFinally(body: unit -> 'a option, finalizer) =
        try
            body ()
        finally
            finalizer ()

let option = OptionBuilder()

type State<'s, 'a> = State of ('s -> 'a * 's)

let runState (State f) s = f s

type StateBuilder() =
    member __.Return x = State(fun s -> x, s)
    member __.Bind(m, f) =
        State(fun s ->
            let (a, s') = runState m s
            runState (f a) s')

let state = StateBuilder()
let get = State(fun s -> s, s)
let put s = State(fun _ -> (), s)

let fresh = state {
    let! n = get
    do! put (n + 1)
    return n
}

let labels = state {
    let! a = fresh
    let! b = fresh
    let sum =
        a + b
    return (a, b, sum)
}

let parse (text: string) = option {
    let! first =
        text
        |> Seq.tryHead
    let! digit =
        if Char.IsDigit first then
            Some(int first - int '0')
        else
            None
    if digit = 0 then
        return! None
    for c in text do
        do! (if c = '!' then None else Some())
    let mutable i = 0
    while i < 3 do
        i <- i + 1
    try
        use reader = new IO.StringReader(text)
        return digit + i + reader.Peek()
    with
    | :? OverflowException -> return 0
    | e when e.Message = "" ->
        return! None
}

let rec walk (path: string) : seq<string> = seq {
    yield path
    if path.Length < 5 then
        for suffix in [ "a"; "b" ] do
            yield! walk (path + suffix)
    else
        let last = path.[path.Length - 1]
        match last with
        | 'a' ->
            yield "ends with a"
        | 'b' -> yield "ends with b"
        | _ -> ()
}

let fetch (name: string) : Async<int> = async {
    do! Async.Sleep 1
    let! token = Async.CancellationToken
    if token.IsCancellationRequested then return -1
    else return name.Length
}

let fetchAll names = async {
    let! results =
        names
        |> List.map (fun name -> async {
            let! length = fetch name
            return name, length })
        |> Async.Parallel
    let total = results |> Array.sumBy snd
    for (name, length) in results do
        printfn "%s %d" name length
    match total with
    | 0 -> return None
    | n ->
        try
            let! extra = fetch "extra"
            return Some(n + extra)
        finally
            printfn "done"
}

type Message =
    | Increment of int
    | Fetch of AsyncReplyChannel<int>
    | Stop

let counter =
    MailboxProcessor.Start(fun inbox ->
        let rec loop total =
            async {
                let! message = inbox.Receive()
                match message with
                | Increment n -> return! loop (total + n)
                | Fetch channel ->
                    channel.Reply total
                    return! loop total
                | Stop -> return ()
            }
        loop 0)

let squares = [ for i in 1 .. 10 -> i * i ]
let pairs = [| for i in 1 .. 3 do for j in i .. 3 do if i <> j then yield i, j |]
let evens = seq { for i in 0 .. 2 .. 20 -> i }
let nested =
    [ yield 1
      yield! [ 2; 3 ]
      if DateTime.MinValue.Year > 1 then yield 4
      for i in 5 .. 6 do
          let doubled = i * 2
          yield doubled ]
let joined =
    query {
        for x in squares do
        where (x % 2 = 0)
        sortByDescending x
        select (x, x + 1)
    }
    |> Seq.toList
let grouped =
    query {
        for x in squares do
        join y in evens on (x = y)
        groupBy (x % 3) into g
        select (g.Key, Seq.length g)
    }

let lazyValue = lazy (printfn "forced"; 42)
let lazily =
    lazy
        let x = 1
        x + 1

[<EntryPoint>]
let main argv =
    counter.Post(Increment 2)
    let reply = counter.PostAndReply(fun channel -> Fetch channel)
    counter.Post Stop
    match parse "7abc", runState labels 0 with
    | Some n, ((a, b, _), _) -> printfn "%d %d %d" n a b
    | None, _ -> printfn "none"
    walk "x" |> Seq.truncate 5 |> Seq.iter (printfn "%s")
    fetchAll [ "a"; "bb" ] |> Async.RunSynchronously |> printfn "%A"
    printfn "%d %A %A" reply (lazyValue.Force()) (Seq.toList grouped)
    0
