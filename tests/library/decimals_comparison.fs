// Decimals beside System.Decimal.
module DecimalsComparison

open System
open Clef.Runtime

let mutable bad = 0
let mutable count = 0

let same (name: string) (ours: unit -> string) (theirs: unit -> string) =
    count <- count + 1
    let run f = try f () with e -> e.GetType().Name
    let a, b = run ours, run theirs
    // .NET forgets the scale of some zeros and the sign of others; ours keep to one rule.
    let isZero (s: string) = Seq.forall (fun c -> c = '0' || c = '.' || c = '-' || c = 'E' || c = '+') s
    if a <> b && not (isZero a && isZero b) then
        bad <- bad + 1
        if bad < 40 then printfn "%s: ours %s theirs %s" name a b

let toParts (d: decimal) : DecimalParts =
    let bits = Decimal.GetBits d
    DecimalArithmetic.make (uint64 (uint32 bits.[0]) ||| (uint64 (uint32 bits.[1]) <<< 32)) (uint32 bits.[2]) ((bits.[3] >>> 16) &&& 255) (bits.[3] < 0)

[<EntryPoint>]
let main _ =
    let random = Random(3)
    let any () =
        let words = Array.init 3 (fun i -> if random.Next 3 = 0 then 0 else random.Next())
        Decimal(words.[0], words.[1], words.[2], random.Next 2 = 0, byte (random.Next 29))
    let chosen = [ 0M; 1M; -1M; 0.1M; 1.50M; 10.0M; 2M; 3M; 79228162514264337593543950335M; 0.0000000000000000000000000001M; 123.456M; 7M; 100M; 0.5M; 1.5M; 2.5M ]
    let all = chosen @ [ for _ in 1 .. 60 -> any () ]
    let text (p: DecimalParts) = DecimalArithmetic.toText p
    for x in all do
        let a = toParts x
        same (sprintf "text %M" x) (fun () -> text a) (fun () -> string x)
        same (sprintf "float %M" x) (fun () -> (DecimalArithmetic.toFloat a).ToString("E13")) (fun () -> (float x).ToString("E13"))
        for places in [ 0; 1; 3 ] do
            same (sprintf "round %M %d" x places) (fun () -> text (DecimalArithmetic.round a places 0)) (fun () -> string (Math.Round(x, places)))
        same (sprintf "floor %M" x) (fun () -> text (DecimalArithmetic.round a 0 3)) (fun () -> string (Math.Floor x))
        same (sprintf "ceil %M" x) (fun () -> text (DecimalArithmetic.round a 0 4)) (fun () -> string (Math.Ceiling x))
        for y in all do
            let b = toParts y
            same (sprintf "%M + %M" x y) (fun () -> text (DecimalArithmetic.add a b)) (fun () -> string (x + y))
            same (sprintf "%M - %M" x y) (fun () -> text (DecimalArithmetic.subtract a b)) (fun () -> string (x - y))
            same (sprintf "%M * %M" x y) (fun () -> text (DecimalArithmetic.multiply a b)) (fun () -> string (x * y))
            same (sprintf "%M / %M" x y) (fun () -> text (DecimalArithmetic.divide a b)) (fun () -> string (x / y))
            same (sprintf "%M rem %M" x y) (fun () -> text (DecimalArithmetic.remainder a b)) (fun () -> string (x % y))
            same (sprintf "%M ? %M" x y) (fun () -> string (sign (DecimalArithmetic.compare a b))) (fun () -> string (compare x y))
    for f in [ 0.1; 1.0 / 3.0; 123456789.123456789; 1e-10; 1e28; -2.5; 1e20; 0.30000000000000004; 5e-29 ] do
        same (sprintf "decimal %g" f) (fun () -> text (DecimalArithmetic.ofFloat f 15)) (fun () -> string (decimal f))
    printfn "%d comparisons, %d different" count bad
    if bad = 0 then 0 else 1
