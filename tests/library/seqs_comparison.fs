// Seq, Map, Set, String beside FSharp.Core's.
module SeqsComparison

open System
open Clef.Runtime

module S = Clef.Checked.Seq
module St = Clef.Checked.String
module M = Clef.Checked.Map
module T = Clef.Checked.Set

let mutable bad = 0
let mutable count = 0

let run (f: unit -> 'a) : string =
    try
        sprintf "%A" (f ())
    with e -> e.GetType().FullName + "|" + e.Message

let same (name: string) (ours: unit -> 'a) (theirs: unit -> 'b) =
    count <- count + 1
    let a, b = run ours, run theirs
    if a <> b then
        bad <- bad + 1
        if bad < 50 then printfn "%s: ours   %s\n    theirs %s" name a b

let random = Random(42)
let lists : int list list =
    [ []; [ 1 ]; [ 1; 2 ]; [ 2; 1 ]; [ 1; 1; 2 ]; [ 5; 3; 8; 1; 9; 2; 3; 3 ]; [ 1 .. 10 ] ]
    @ [ for n in [ 7; 17; 100 ] -> [ for _ in 1 .. n -> random.Next(-20, 20) ] ]

let l s = Seq.toList s

let sequences (x: int list) =
    let s = Seq.map id x
    let key v = v % 3
    same "map" (fun () -> l (S.map ((*) 2) s)) (fun () -> l (Seq.map ((*) 2) s))
    same "mapi" (fun () -> l (S.mapi (-) s)) (fun () -> l (Seq.mapi (-) s))
    same "filter" (fun () -> l (S.filter (fun v -> v > 2) s)) (fun () -> l (Seq.filter (fun v -> v > 2) s))
    same "choose" (fun () -> l (S.choose (fun v -> if v > 2 then Some(v, v) else None) s)) (fun () -> l (Seq.choose (fun v -> if v > 2 then Some(v, v) else None) s))
    same "collect" (fun () -> l (S.collect (fun v -> [ v; v ]) s)) (fun () -> l (Seq.collect (fun v -> [ v; v ]) s))
    same "concat" (fun () -> l (S.concat [ s; s ])) (fun () -> l (Seq.concat [ s; s ]))
    same "append" (fun () -> l (S.append s s)) (fun () -> l (Seq.append s s))
    same "pairwise" (fun () -> l (S.pairwise s)) (fun () -> l (Seq.pairwise s))
    same "scan" (fun () -> l (S.scan (-) 1 s)) (fun () -> l (Seq.scan (-) 1 s))
    same "takeWhile" (fun () -> l (S.takeWhile (fun v -> v < 4) s)) (fun () -> l (Seq.takeWhile (fun v -> v < 4) s))
    same "skipWhile" (fun () -> l (S.skipWhile (fun v -> v < 4) s)) (fun () -> l (Seq.skipWhile (fun v -> v < 4) s))
    same "tail" (fun () -> l (S.tail s)) (fun () -> l (Seq.tail s))
    same "sort" (fun () -> l (S.sort s)) (fun () -> l (Seq.sort s))
    same "sortBy" (fun () -> l (S.sortBy key s)) (fun () -> l (Seq.sortBy key s))
    same "sortDescending" (fun () -> l (S.sortDescending s)) (fun () -> l (Seq.sortDescending s))
    same "rev" (fun () -> l (S.rev s)) (fun () -> l (Seq.rev s))
    same "distinct" (fun () -> l (S.distinct s)) (fun () -> l (Seq.distinct s))
    same "distinctBy" (fun () -> l (S.distinctBy key s)) (fun () -> l (Seq.distinctBy key s))
    same "countBy" (fun () -> l (S.countBy key s)) (fun () -> l (Seq.countBy key s))
    same "groupBy" (fun () -> l (S.groupBy key s) |> List.map (fun (k, v) -> k, l v)) (fun () -> l (Seq.groupBy key s) |> List.map (fun (k, v) -> k, l v))
    same "except" (fun () -> l (S.except [ 1; 3 ] s)) (fun () -> l (Seq.except [ 1; 3 ] s))
    same "head" (fun () -> S.head s) (fun () -> Seq.head s)
    same "last" (fun () -> S.last s) (fun () -> Seq.last s)
    same "tryHead" (fun () -> S.tryHead s) (fun () -> Seq.tryHead s)
    same "tryLast" (fun () -> S.tryLast s) (fun () -> Seq.tryLast s)
    same "exactlyOne" (fun () -> S.exactlyOne s) (fun () -> Seq.exactlyOne s)
    same "tryExactlyOne" (fun () -> S.tryExactlyOne s) (fun () -> Seq.tryExactlyOne s)
    same "isEmpty" (fun () -> S.isEmpty s) (fun () -> Seq.isEmpty s)
    same "length" (fun () -> S.length s) (fun () -> Seq.length s)
    same "fold" (fun () -> S.fold (-) 1 s) (fun () -> Seq.fold (-) 1 s)
    same "foldBack" (fun () -> S.foldBack (-) s 1) (fun () -> Seq.foldBack (-) s 1)
    same "reduce" (fun () -> S.reduce (-) s) (fun () -> Seq.reduce (-) s)
    same "reduceBack" (fun () -> S.reduceBack (-) s) (fun () -> Seq.reduceBack (-) s)
    same "sum" (fun () -> S.sum s) (fun () -> Seq.sum s)
    same "averageBy" (fun () -> S.averageBy float s) (fun () -> Seq.averageBy float s)
    same "max" (fun () -> S.max s) (fun () -> Seq.max s)
    same "minBy" (fun () -> S.minBy key s) (fun () -> Seq.minBy key s)
    same "find" (fun () -> S.find ((=) 3) s) (fun () -> Seq.find ((=) 3) s)
    same "tryFindIndex" (fun () -> S.tryFindIndex ((=) 3) s) (fun () -> Seq.tryFindIndex ((=) 3) s)
    same "findIndex" (fun () -> S.findIndex ((=) 3) s) (fun () -> Seq.findIndex ((=) 3) s)
    same "pick" (fun () -> S.pick (fun v -> if v = 3 then Some "x" else None) s) (fun () -> Seq.pick (fun v -> if v = 3 then Some "x" else None) s)
    same "exists" (fun () -> S.exists ((=) 3) s) (fun () -> Seq.exists ((=) 3) s)
    same "forall" (fun () -> S.forall (fun v -> v < 9) s) (fun () -> Seq.forall (fun v -> v < 9) s)
    same "contains" (fun () -> S.contains 3 s) (fun () -> Seq.contains 3 s)
    same "cache" (fun () -> let c = S.cache s in l c @ l c) (fun () -> x @ x)
    same "mapFold" (fun () -> let r, t = S.mapFold (fun a v -> a + v, a * v) 1 s in l r, t) (fun () -> let r, t = Seq.mapFold (fun a v -> a + v, a * v) 1 s in l r, t)
    same "compareWith" (fun () -> S.compareWith compare s [ 1; 2 ]) (fun () -> Seq.compareWith compare s [ 1; 2 ])
    same "zip" (fun () -> l (S.zip s (S.map string s))) (fun () -> l (Seq.zip s (Seq.map string s)))
    same "map2" (fun () -> l (S.map2 (-) s [ 1; 2; 3 ])) (fun () -> l (Seq.map2 (-) s [ 1; 2; 3 ]))
    same "allPairs" (fun () -> l (S.allPairs s [ 1; 2 ])) (fun () -> l (Seq.allPairs s [ 1; 2 ]))
    same "transpose" (fun () -> l (S.transpose [ x; x ]) |> List.map l) (fun () -> l (Seq.transpose [ x; x ]) |> List.map l)
    for n in [ -1; 0; 1; 2; 3; 7; 200 ] do
        same "take" (fun () -> l (S.take n s)) (fun () -> l (Seq.take n s))
        same "skip" (fun () -> l (S.skip n s)) (fun () -> l (Seq.skip n s))
        same "truncate" (fun () -> l (S.truncate n s)) (fun () -> l (Seq.truncate n s))
        same "windowed" (fun () -> l (S.windowed n s)) (fun () -> l (Seq.windowed n s))
        same "chunkBySize" (fun () -> l (S.chunkBySize n s)) (fun () -> l (Seq.chunkBySize n s))
        same "splitInto" (fun () -> l (S.splitInto n s)) (fun () -> l (Seq.splitInto n s))
        same "item" (fun () -> S.item n s) (fun () -> Seq.item n s)
        same "tryItem" (fun () -> S.tryItem n s) (fun () -> Seq.tryItem n s)
        same "init" (fun () -> l (S.init n id)) (fun () -> l (Seq.init n id))
    // Maps and sets
    let pairs = x |> List.mapi (fun i v -> v, i)
    let m, r = M.ofList pairs, Map.ofList pairs
    same "M.toList" (fun () -> M.toList m) (fun () -> Map.toList r)
    same "M.toArray" (fun () -> M.toArray m) (fun () -> Map.toArray r)
    same "M.count" (fun () -> M.count m) (fun () -> Map.count r)
    same "M.filter" (fun () -> M.toList (M.filter (fun k v -> (k + v) % 2 = 0) m)) (fun () -> Map.toList (Map.filter (fun k v -> (k + v) % 2 = 0) r))
    same "M.partition" (fun () -> let a, b = M.partition (fun k v -> k > 2) m in M.toList a, M.toList b) (fun () -> let a, b = Map.partition (fun k v -> k > 2) r in Map.toList a, Map.toList b)
    same "M.fold" (fun () -> M.fold (fun s k v -> s * 3 + k - v) 1 m) (fun () -> Map.fold (fun s k v -> s * 3 + k - v) 1 r)
    same "M.foldBack" (fun () -> M.foldBack (fun k v s -> s * 3 + k - v) m 1) (fun () -> Map.foldBack (fun k v s -> s * 3 + k - v) r 1)
    same "M.map" (fun () -> M.toList (M.map (fun k v -> string k + string v) m)) (fun () -> Map.toList (Map.map (fun k v -> string k + string v) r))
    same "M.string" (fun () -> string m) (fun () -> string r)
    same "M.compare" (fun () -> sign (compare m (M.ofList [ 1, 1 ]))) (fun () -> sign (compare r (Map.ofList [ 1, 1 ])))
    same "M.seq" (fun () -> [ for kv in m -> kv.Key, kv.Value ]) (fun () -> [ for kv in r -> kv.Key, kv.Value ])
    for k in [ -3; 1; 2; 3; 8 ] do
        same "M.tryFind" (fun () -> M.tryFind k m) (fun () -> Map.tryFind k r)
        same "M.find" (fun () -> M.find k m) (fun () -> Map.find k r)
        same "M.remove" (fun () -> M.toList (M.remove k m)) (fun () -> Map.toList (Map.remove k r))
        same "M.add" (fun () -> M.toList (M.add k 77 m)) (fun () -> Map.toList (Map.add k 77 r))
        same "M.findKey" (fun () -> M.findKey (fun key _ -> key = k) m) (fun () -> Map.findKey (fun key _ -> key = k) r)
    let t, u = T.ofList x, Set.ofList x
    same "T.toList" (fun () -> T.toList t) (fun () -> Set.toList u)
    same "T.string" (fun () -> string t) (fun () -> string u)
    same "T.min" (fun () -> T.minElement t) (fun () -> Set.minElement u)
    same "T.max" (fun () -> T.maxElement t) (fun () -> Set.maxElement u)
    same "T.map" (fun () -> T.toList (T.map key t)) (fun () -> Set.toList (Set.map key u))
    same "T.fold" (fun () -> T.fold (-) 1 t) (fun () -> Set.fold (-) 1 u)
    same "T.foldBack" (fun () -> T.foldBack (-) t 1) (fun () -> Set.foldBack (-) u 1)
    same "T.filter" (fun () -> T.toList (T.filter (fun v -> v % 2 = 0) t)) (fun () -> Set.toList (Set.filter (fun v -> v % 2 = 0) u))
    for y in lists do
        let t2, u2 = T.ofList y, Set.ofList y
        same "T.union" (fun () -> T.toList (T.union t t2)) (fun () -> Set.toList (Set.union u u2))
        same "T.intersect" (fun () -> T.toList (T.intersect t t2)) (fun () -> Set.toList (Set.intersect u u2))
        same "T.difference" (fun () -> T.toList (T.difference t t2)) (fun () -> Set.toList (Set.difference u u2))
        same "T.isSubset" (fun () -> T.isSubset t t2) (fun () -> Set.isSubset u u2)
        same "T.compare" (fun () -> sign (compare t t2)) (fun () -> sign (compare u u2))
        same "T.equal" (fun () -> t = t2) (fun () -> u = u2)

let strings () =
    let texts = [ ""; "a"; "Hello, World"; "  padded  "; "a,b,,c"; "naïve café"; "emoji 😀 end"; "aXbXc"; "ÄÖÜß"; "\t x \n"; "aaa"; "Σίσυφος" ]
    for s in texts do
        if Seq.forall (fun c -> c < '\128') s then
            same "upper" (fun () -> StringSearch.toUpper s) (fun () -> s.ToUpperInvariant())
            same "lower" (fun () -> StringSearch.toLower s) (fun () -> s.ToLowerInvariant())
        same "trim" (fun () -> StringSearch.trimBlanks s) (fun () -> s.Trim())
        same "St.map" (fun () -> St.map Char.ToUpperInvariant s) (fun () -> String.map Char.ToUpperInvariant s)
        same "St.collect" (fun () -> St.collect (fun c -> string c + "-") s) (fun () -> String.collect (fun c -> string c + "-") s)
        same "St.filter" (fun () -> St.filter Char.IsLetter s) (fun () -> String.filter Char.IsLetter s)
        same "St.forall" (fun () -> St.forall Char.IsLetter s) (fun () -> String.forall Char.IsLetter s)
        for sep in [ ","; "X"; "a"; "é"; " "; "aa"; "😀" ] do
            for n in [ 0; 1; 2; 5; Int32.MaxValue ] do
                for o in [ 0; 1 ] do
                    same (sprintf "split %A %A %d %d" s sep n o) (fun () -> StringSearch.splitStrings s [| sep |] n o) (fun () -> s.Split([| sep |], n, enum o))
            same "indexOf" (fun () -> StringSearch.indexOf s sep 0) (fun () -> s.IndexOf(sep, StringComparison.Ordinal))
            same "lastIndexOf" (fun () -> StringSearch.lastIndexOf s sep) (fun () -> s.LastIndexOf(sep, StringComparison.Ordinal))
            same "replace" (fun () -> StringSearch.replace s sep "<>") (fun () -> s.Replace(sep, "<>"))
            same "join" (fun () -> StringSearch.join sep [| s; "b"; s |]) (fun () -> String.Join(sep, [| s; "b"; s |]))
        same "split blanks" (fun () -> StringSearch.splitStrings s null Int32.MaxValue 0) (fun () -> s.Split([||]: char[]))
        for n in [ -1; 0; 1; 3; 30 ] do
            same "insert" (fun () -> StringSearch.insert s n "ZZ") (fun () -> s.Insert(n, "ZZ"))
            same "remove" (fun () -> StringSearch.remove s n 1) (fun () -> s.Remove(n, 1))
            same "padLeft" (fun () -> Padding.left (max n 0) '*' s) (fun () -> s.PadLeft(max n 0, '*'))
    for code in 0 .. 0x24FF do
        let c = char code
        if code < 0x500 then
            same (sprintf "letter %x" code) (fun () -> Characters.isLetter c) (fun () -> Char.IsLetter c)
            same (sprintf "punctuation %x" code) (fun () -> code > 0x7F || Characters.isPunctuation c) (fun () -> code > 0x7F || Char.IsPunctuation c)
            same (sprintf "symbol %x" code) (fun () -> code > 0x7F || Characters.isSymbol c) (fun () -> code > 0x7F || Char.IsSymbol c)
        same (sprintf "white %x" code) (fun () -> Characters.isWhiteSpace c) (fun () -> Char.IsWhiteSpace c)
        // The reference runs without tables for other alphabets.
        if code < 0x80 then
            same (sprintf "up %x" code) (fun () -> int (Characters.toUpper c)) (fun () -> int (Char.ToUpperInvariant c))
            same (sprintf "low %x" code) (fun () -> int (Characters.toLower c)) (fun () -> int (Char.ToLowerInvariant c))
    for f in [ "D5"; "X"; "x8"; "N0"; "N2"; "F1"; "E3"; "G"; "G4"; "P1"; "0.00"; "#,##0"; "000"; "0.0#"; "#"; "0%"; "0;(0);zero"; "$#,##0.00" ] do
        for x in [ 0; 1; -1; 42; -1234567; Int32.MaxValue ] do
            same (sprintf "int %d %s" x f) (fun () -> NumberFormat.integer (int64 x) false 32 f) (fun () -> x.ToString f)
            for x in [ 1.005M; 2.675M; 0.125M; -3.5M; 12345.6789M ] do
                if f.[0] <> 'D' && f.[0] <> 'X' && f.[0] <> 'x' then
                    let bits = Decimal.GetBits x
                    let parts = DecimalArithmetic.make (uint64 (uint32 bits.[0])) 0u ((bits.[3] >>> 16) &&& 255) (x < 0M)
                    same (sprintf "decimal %M %s" x f) (fun () -> NumberFormat.decimal parts f) (fun () -> x.ToString f)
        if f.[0] <> 'D' && f.[0] <> 'X' && f.[0] <> 'x' then
            for x in [ 0.0; 1.0; -1.5; 1234567.891; 0.05; 1e10; 123.455; 1.005; 2.675; 0.125 ] do
                same (sprintf "float %g %s" x f) (fun () -> NumberFormat.float64 x f) (fun () -> x.ToString f)

[<EntryPoint>]
let main _ =
    for x in lists do
        sequences x
    strings ()
    printfn "%d comparisons, %d different" count bad
    if bad = 0 then 0 else 1
