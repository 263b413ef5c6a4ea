// Magnitudes of big integers beside System.Numerics.BigInteger.
module BigintsComparison

open System
open System.Numerics
open Clef.Runtime

let mutable bad = 0
let mutable count = 0

let same (name: string) (ours: string) (theirs: string) =
    count <- count + 1
    if ours <> theirs then
        bad <- bad + 1
        if bad < 30 then printfn "%s: ours %s theirs %s" name ours theirs

let ofBig (x: BigInteger) : uint32[] = BigMagnitude.ofText (x.ToString()) 0 (x.ToString().Length) 10

[<EntryPoint>]
let main _ =
    let random = Random(11)
    let any bits =
        let bytes = Array.zeroCreate (bits / 8 + 1)
        random.NextBytes bytes
        bytes.[bytes.Length - 1] <- 0uy
        BigInteger bytes
    let chosen =
        [ 0I; 1I; 2I; 10I; 4294967295I; 4294967296I; 18446744073709551615I; 18446744073709551616I; 340282366920938463463374607431768211455I ]
        @ [ for bits in [ 8; 31; 33; 64; 65; 100; 200; 500; 1000; 3000 ] do
                for _ in 1 .. 4 -> any bits ]
        @ [ BigInteger.Pow(2I, 96) - 1I; BigInteger.Pow(2I, 127); BigInteger.Pow(10I, 60) ]
    for x in chosen do
        let a = ofBig x
        same "text" (BigMagnitude.toText a) (x.ToString())
        same "float" ((BigMagnitude.toFloat a).ToString("R")) ((Double.Parse(x.ToString())).ToString("R"))
        for shift in [ 0; 1; 31; 32; 33; 64; 100 ] do
            same "<<<" (BigMagnitude.toText (BigMagnitude.shiftLeft a shift)) ((x <<< shift).ToString())
            same ">>>" (BigMagnitude.toText (BigMagnitude.shiftRight a shift)) ((x >>> shift).ToString())
        for y in chosen do
            let b = ofBig y
            same "+" (BigMagnitude.toText (BigMagnitude.add a b)) ((x + y).ToString())
            same "*" (BigMagnitude.toText (BigMagnitude.multiply a b)) ((x * y).ToString())
            if x >= y then same "-" (BigMagnitude.toText (BigMagnitude.subtract a b)) ((x - y).ToString())
            same "?" (string (BigMagnitude.compare a b)) (string (sign (compare x y)))
            if not y.IsZero then
                let struct (quotient, rest) = BigMagnitude.divide a b
                same (sprintf "%A / %A" x y) (BigMagnitude.toText quotient) ((x / y).ToString())
                same (sprintf "%A rem %A" x y) (BigMagnitude.toText rest) ((x % y).ToString())
    printfn "%d comparisons, %d different" count bad
    if bad = 0 then 0 else 1
