module Parsers

(* A small parser library, operators everywhere,
   (* with a nested comment and a string "*)" inside *)
   and pipelines in several styles. *)

open System
open System.Text

type Position = { Line : int; Column : int }
              with static member Start = { Line = 1; Column = 1 }
                   member this.Advance c =
                       if c = '\n' then { this with Line = this.Line + 1; Column = 1 }
                       else { this with Column = this.Column + 1 }

type Input = { Text : string; Offset : int; Position : Position }

type Reply<'a> =
  | Success of value : 'a * rest : Input
  | Failure of message : string * at : Position

type Parser<'a> = Parser of (Input -> Reply<'a>)

let run (Parser p) input = p input

let result x = Parser (fun input -> Success (x, input))
let fail message = Parser <| fun input -> Failure (message, input.Position)

let bind f p =
  Parser (fun input ->
    match run p input with
    | Success (x, rest) -> run (f x) rest
    | Failure (message, at) -> Failure (message, at))

let ( >>= ) p f = bind f p
let ( |>> ) p f = p >>= (f >> result)
let ( .>> ) p q = p >>= fun x -> q |>> fun _ -> x
let ( >>. ) p q = p >>= fun _ -> q
let ( .>>. ) p q = p >>= fun x -> q |>> fun y -> x, y

let ( <|> ) p q =
  Parser (fun input ->
    match run p input with
    | Success _ as ok -> ok
    | Failure (_, at) when at = input.Position -> run q input
    | Failure _ as failure -> failure)

let ( <?> ) p label =
  Parser (fun input ->
            match run p input with
            | Failure (_, at) -> Failure ("expected " + label, at)
            | success -> success)

let satisfy predicate =
  Parser <| fun input ->
    if input.Offset >= input.Text.Length then
      Failure ("unexpected end", input.Position)
    else
      let c = input.Text.[input.Offset]
      if predicate c
      then Success (c, { input with Offset = input.Offset + 1
                                    Position = input.Position.Advance c })
      else Failure (sprintf "unexpected '%c'" c, input.Position)

let character c = satisfy ((=) c) <?> string c
let digit = satisfy Char.IsDigit <?> "digit"
let letter = satisfy (fun c -> Char.IsLetter c || c = '_') <?> "letter"

let rec many p : Parser<_ list> =
  Parser (fun input ->
    match run p input with
    | Failure (_, at) when at = input.Position -> Success ([], input)
    | Failure (message, at) -> Failure (message, at)
    | Success (x, rest) ->
      run (many p |>> fun xs -> x :: xs) rest)

let many1 p = p .>>. many p |>> fun (x, xs) -> x :: xs

let sepBy p separator =
  (p .>>. many (separator >>. p) |>> fun (x, xs) -> x :: xs)
  <|> result []

let text (chars : char list) =
  let builder = StringBuilder ()
  chars
  |> List.iter (fun c ->
      builder.Append c
      |> ignore)
  builder.ToString ()

let spaces = many (satisfy Char.IsWhiteSpace) |>> ignore
let token p = p .>> spaces

let forward () =
  let cell = ref (fail "not set")
  Parser (fun input -> run cell.Value input), cell

type Json =
  | JNull
  | JBool of bool
  | JNumber of float
  | JString of string
  | JList of Json list
  | JObject of Map<string, Json>
  with
  static member Empty = JObject Map.empty
  member this.Keys =
    match this with
    | JObject map -> map |> Map.toList |> List.map fst
    | JNull | JBool _
    | JNumber _ | JString _ | JList _ -> []

let json, jsonCell = forward ()

let keyword word value =
  let letters = word |> Seq.map character |> List.ofSeq
  List.foldBack (>>.) letters (result ' ')
  |> token
  |>> fun _ -> value

let number =
  let sign = (character '-' |>> fun _ -> -1.0) <|> result 1.0
  let fraction =
    (character '.' >>. many1 digit |>> fun ds -> "." + text ds)
    <|> result ""
  sign .>>. (many1 digit |>> text) .>>. fraction
  |>> (fun ((sign, whole), part) -> sign * float (whole + part))
  |> token

let quoted =
  let escaped =
    character '\\'
    >>. (character 'n' |>> (fun _ -> '\n')
         <|> (character '"' |>> fun _ -> '"'))
  let plain = satisfy (function '"' | '\\' -> false | _ -> true)
  character '"' >>. many (escaped <|> plain) .>> character '"'
  |>> text
  |> token

let members =
  let field = quoted .>> token (character ':') .>>. json
  token (character '{') >>. sepBy field (token (character ','))
    .>> token (character '}')
    |>> (Map.ofList >> JObject)

jsonCell.Value <-
  keyword "null" JNull
  <|> keyword "true" (JBool true)
  <|> keyword "false" (JBool false)
  <|> (number |>> JNumber)
  <|> (quoted |>> JString)
  <|> (token (character '[') >>. sepBy json (token (character ',')) .>> token (character ']')
       |>> JList)
  <|> members

let parse source =
  let input = { Text = source; Offset = 0; Position = Position.Start }
  match run (spaces >>. json) input with
  | Success (value, { Offset = offset }) when offset = source.Length -> Ok value
  | Success (_, { Position = { Line = line } }) ->
    Error (sprintf "text after the value in line %d" line)
  | Failure (message, { Line = line; Column = column }) ->
    Error (sprintf "%d:%d: %s" line column message)

let rec show = function
  | JNull -> "null"
  | JBool b -> if b then "true" else "false"
  | JNumber n -> string n
  | JString s -> "\"" + s + "\""
  | JList items ->
    items
    |> List.map show
    |> String.concat ", "
    |> sprintf "[%s]"
  | JObject map ->
    let inner =
      [ for KeyValue (key, value) in map ->
          sprintf "%s: %s" key (show value) ]
      |> String.concat ", "
    "{" + inner + "}"

[ "[1, 2.5, -3]"; """{"a": [true, null], "b": "x\n"}"""; "[1"; "" ]
|> List.iter (fun source ->
  match parse source with
  | Ok value -> printfn "%s" (show value)
  | Error message ->
    printfn "error %s" message
)
