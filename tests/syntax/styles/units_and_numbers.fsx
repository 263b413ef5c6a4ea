// A script: units of measure, numeric literals of all kinds, operators, arrays and slices.
#light

open System
open FSharp.Data.UnitSystems.SI.UnitSymbols

[<Measure>] type foot
[<Measure>] type inch
[<Measure>] type newton = kg m / s^2
[<Measure>] type pressure = newton / m^2
[<Measure>] type hertz = /s
[<Measure>] type degC

let feetPerMetre = 3.28084<foot/m>
let gravity = 9.81<m/s^2>
let inline toFeet (x : float<m>) = x * feetPerMetre
let energy (mass : float<kg>) (v : float<m/s>) : float<kg m^2 / s^2> = 0.5 * mass * v * v
let root (x : float<'u ^ 2>) : float<'u> = sqrt x
let generic<[<Measure>] 'u> (xs : float<'u> list) = List.sum xs
let zero = 0.0<_>
let dimensionless = 1.0<1>
let force : float<newton> = 2.0<kg> * gravity
let frequency = 440.0<hertz>
let ratio = 3.0<m> / 2.0<m>

let literals =
    ( 1y, 2uy, 3s, 4us, 5, 6u, 7L, 8UL, 9n, 10un, 0xFF, 0o17, 0b1010_1010, 1_000_000
    , 0xFFFFFFFF, 0x8000000000000000L, -128y, -2147483648, 255uy )
let reals = 1.0, 1.5e10, 2E-3, 3.f, 4.5f, 6.0m, 7M, 1e3, 0x3FF0000000000000LF, 0x3f800000lf
let big = 123456789012345678901234567890I
let text =
    "tab\tquote\"newline\n\u00e9\x41\065\U0001F600",
    @"C:\path\""quoted""",
    """triple "quotes" inside""",
    'a', '\'', '\n', '\\', '\u0041', 'x'B, "bytes"B, "line \
     continued"

let (+.) (x1, y1) (x2, y2) = (x1 + x2, y1 + y2)
let (<=>) a b = compare a b
let ( ** ) a b = pown a b
let (~%%) x = x * 100.0
let (!!) (x : 'a ref) = x.Value
let (|>>) x f = Option.map f x
let ( .* ) (k : float) v = List.map ((*) k) v
let inline (^+^) a b = string a + string b
let inline (>>=) m f = Option.bind f m

let checks =
    [ 1 + 2 * 3 - 4 / 2 % 3 = 7 - 2
      not true || false && true
      (1, 2) +. (3, 4) = (4, 6)
      2 ** 3 <=> 8 = 0
      5 &&& 3 ||| 8 ^^^ 1 <> 0
      1 <<< 4 >>> 2 = ~~~(-5)
      -1 < 0 && +1 > 0
      "a" ^+^ 1 = "a1"
      [1] @ [2] @ [3] = 1 :: 2 :: [3]
      (Some 1 |>> fun x -> x + 1) = Some 2
      box 1 :? int
      (box "s" :?> string).Length = 1 ]

let negate x = -x
let minus a b = a - b
let applied = minus 5 -3
let spaced = minus 5 3 - 3 |> ignore
let both = negate -1, -(negate 1), - 1, abs -1

let matrix = array2D [ [ 1; 2; 3 ]; [ 4; 5; 6 ] ]
let row = matrix.[0, *]
let part = matrix.[*, 1..]
let xs = [| 0 .. 10 |]
let slices = xs.[2..4], xs.[..3], xs.[7..], xs.[*]
xs.[0] <- 42
matrix.[1, 2] <- xs.[3]
let jagged : int[][] = [| [| 1 |]; [| 2; 3 |] |]
let cube : float[,,] = Array3D.zeroCreate 2 2 2
jagged.[1].[0] <- jagged.[0].[0] + 1
let downward = [ for i in 10 .. -2 .. 0 -> i ]
let chars = [ 'a' .. 'e' ]

let mutable total = 0
for i = 1 to 10 do
    total <- total + i
for i = 10 downto 1 do total <- total - i
for KeyValue (key, value) in dict [ 1, "one"; 2, "two" ] do
    printfn "%d=%s" key value
let cell = ref 0
cell := !cell + 1
while !cell < 5 do
    incr cell

let rec power x = function
    | 0 -> 1
    | n when n % 2 = 0 -> let half = power x (n / 2) in half * half
    | n -> x * power x (n - 1)

let describe (x : obj) =
    match x with
    | :? int as n when n > 0 -> "positive"
    | :? int | :? int64 -> "integer"
    | :? (int list) as items -> sprintf "%d items" items.Length
    | null -> "null"
    | _ -> x.GetType().Name

if total > 0 then printfn "positive" else printfn "not positive"
printfn "%A %A %A" checks (power 2 10) (describe 3)
literals |> ignore; reals |> ignore
printfn "%s" <| describe [ 1 ]
