// Floats to text and back, beside .NET's own on chosen and random values.
module FloatsComparison

open System
open Clef.Runtime

let mutable bad = 0
let mutable count = 0

let same (name: string) (x: 'a) (ours: string) (theirs: string) =
    count <- count + 1
    if ours <> theirs then
        bad <- bad + 1
        if bad < 60 then printfn "%s %A: ours %s theirs %s" name x ours theirs

let read (s: string) : float =
    let mutable bits = 0UL
    if FloatReader.tryRead s 0 s.Length true 52 &bits then Raw.floatOfBits bits else nan

let read32 (s: string) : float32 =
    let mutable bits = 0UL
    if FloatReader.tryRead s 0 s.Length true 23 &bits then Raw.float32OfBits (uint32 bits) else nanf

[<EntryPoint>]
let main _ =
    let random = Random(7)
    let bytes = Array.zeroCreate 8
    let randomFloat () =
        random.NextBytes bytes
        BitConverter.ToDouble(bytes, 0)
    let chosen =
        [ 0.0; -0.0; 1.0; 1e14; 1e15; 1e16; 1e17; 1e18; 123456789012345680.0; 999999999999999.9; 0.1; 0.0001; 0.00001; nan; infinity; -infinity
          2.5; 0.125; 1e21; 5e-324; 2.2250738585072014e-308; 1.7976931348623157e308; 9.5; 1e100; 0.5; 1.5; 4.35; 0.3; 9007199254740993.0 ]
    let floats =
        chosen
        @ [ for _ in 1 .. 4000 -> randomFloat () ]
        @ [ for i in 1 .. 500 -> float i / 100.0 ]
        @ [ for i in 1 .. 500 -> float (random.Next()) / 1000.0 ]
        @ [ for i in -323 .. 308 -> Double.Parse("1e" + string i) ]
        @ [ for i in -1074 .. 1023 -> Math.Pow(2.0, float i) ]
    for x in floats do
        same "R" x (FloatText.shortest x) (x.ToString())
        same "E6" x (FloatText.scientific x 6 'e' 3) (x.ToString "e6")
        same "G6" x (FloatText.general x 6 'g' |> fun s -> s.Replace("g", "e")) (x.ToString "g6")
        same "A" x (FloatText.structured x) (sprintf "%A" x)
        if abs x < 1e30 then
            for p in [ 0; 1; 2; 6; 10 ] do
                same (sprintf "F%d" p) x (FloatText.fixedPoint x p) (x.ToString("F" + string p))
            same "N2" x (FloatText.grouped x 2) (x.ToString "N2")
        if not (Double.IsNaN x || Double.IsInfinity x) && (x > 0.0 || 1.0 / x > 0.0) then
            same "read" x ((read (x.ToString())).ToString()) (x.ToString())
            let long = (bigint (abs x % 1e30)).ToString() + "." + (x % 1.0).ToString("F40").Substring(2)
            same "read long" long ((read long).ToString()) ((Double.Parse long).ToString())
    for _ in 1 .. 3000 do
        random.NextBytes bytes
        let x = BitConverter.ToSingle(bytes, 0)
        same "R32" x (FloatText.shortest32 x) (x.ToString())
        if not (Single.IsNaN x || Single.IsInfinity x) && x > 0.0f then
            same "read32" x ((read32 (x.ToString())).ToString()) (x.ToString())
    for s in [ "9007199254740993"; "9007199254740992.99999999999999999999"; "9007199254740993.00000000000000000000001"; "1e400"; "1e-400"
               "2.4703282292062327208e-324"; "2.4703282292062328e-324"; "0.000000000000000000000000000000000001"; "179769313486231580793728971405301199e273"
               "1.7976931348623158079372897140530341507993413271003782693617377898044496829276475094664901797758720709633028641669288791094655554785194040263065748867150582068190890200070838367627385484581771153176447573027006985557136695962284291481986083493647529271907416844436551070434271155969950809304288017790417449779e308" ] do
        same "read" s ((read s).ToString()) ((Double.Parse s).ToString())
    for _ in 1 .. 2000 do
        let s = String.Join("", [ for _ in 1 .. random.Next(20, 60) -> string (random.Next 10) ]) + "e" + string (random.Next(-360, 280))
        same "read" s ((read s).ToString()) ((Double.Parse s).ToString())
    for x in [ 0L; 1L; -1L; 9L; 10L; 99L; 100L; Int64.MaxValue; Int64.MinValue; 123456789L ] do
        same "int64" x (IntegerText.ofInt64 x) (string x)
        same "hex" x (IntegerText.hex (uint64 x)) (x.ToString "x")
    printfn "%d comparisons, %d different" count bad
    if bad = 0 then 0 else 1
