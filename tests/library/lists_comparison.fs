// List, Array: every function beside FSharp.Core's on small, ordinary and failing inputs.
module ListsComparison

open System

module L = Clef.Checked.List
module A = Clef.Checked.Array

let mutable bad = 0
let mutable count = 0

let run (f: unit -> 'a) : string =
    try
        sprintf "%A" (f ())
    with e -> e.GetType().FullName + "|" + e.Message

let same (name: string) (ours: unit -> 'a) (theirs: unit -> 'a) =
    count <- count + 1
    let a, b = run ours, run theirs
    if a <> b then
        bad <- bad + 1
        printfn "%s: ours   %s\n    theirs %s" name a b

let random = Random(42)
let lists : int list list =
    [ []; [ 1 ]; [ 1; 2 ]; [ 2; 1 ]; [ 1; 1; 2 ]; [ 5; 3; 8; 1; 9; 2; 3; 3 ]; [ 1 .. 10 ]; [ 10 .. -1 .. 1 ] ]
    @ [ for n in [ 7; 8; 9; 16; 17; 33; 100; 257 ] -> [ for _ in 1 .. n -> random.Next(-20, 20) ] ]
let numbers = [ -1; 0; 1; 2; 3; 5; 8; 300 ]

let one (l: int list) =
    let a = List.toArray l
    let s = List.map float l
    let show = string
    let key x = x % 3
    same "length" (fun () -> L.length l) (fun () -> List.length l)
    same "head" (fun () -> L.head l) (fun () -> List.head l)
    same "tail" (fun () -> L.tail l) (fun () -> List.tail l)
    same "last" (fun () -> L.last l) (fun () -> List.last l)
    same "tryHead" (fun () -> L.tryHead l) (fun () -> List.tryHead l)
    same "tryLast" (fun () -> L.tryLast l) (fun () -> List.tryLast l)
    same "exactlyOne" (fun () -> L.exactlyOne l) (fun () -> List.exactlyOne l)
    same "tryExactlyOne" (fun () -> L.tryExactlyOne l) (fun () -> List.tryExactlyOne l)
    same "rev" (fun () -> L.rev l) (fun () -> List.rev l)
    same "toArray" (fun () -> L.toArray l) (fun () -> List.toArray l)
    same "ofArray" (fun () -> L.ofArray a) (fun () -> List.ofArray a)
    same "ofSeq" (fun () -> L.ofSeq (Seq.map id l)) (fun () -> l)
    same "map" (fun () -> L.map show l) (fun () -> List.map show l)
    same "mapi" (fun () -> L.mapi (fun i x -> i * x) l) (fun () -> List.mapi (fun i x -> i * x) l)
    same "indexed" (fun () -> L.indexed l) (fun () -> List.indexed l)
    same "collect" (fun () -> L.collect (fun x -> [ x; x ]) l) (fun () -> List.collect (fun x -> [ x; x ]) l)
    same "choose" (fun () -> L.choose (fun x -> if x > 2 then Some(x, x) else None) l) (fun () -> List.choose (fun x -> if x > 2 then Some(x, x) else None) l)
    same "filter" (fun () -> L.filter (fun x -> x > 2) l) (fun () -> List.filter (fun x -> x > 2) l)
    same "partition" (fun () -> L.partition (fun x -> x > 2) l) (fun () -> List.partition (fun x -> x > 2) l)
    same "mapFold" (fun () -> L.mapFold (fun s x -> s + x, s * x) 1 l) (fun () -> List.mapFold (fun s x -> s + x, s * x) 1 l)
    same "mapFoldBack" (fun () -> L.mapFoldBack (fun x s -> s + x, s - x) l 1) (fun () -> List.mapFoldBack (fun x s -> s + x, s - x) l 1)
    same "fold" (fun () -> L.fold (fun s x -> s - x) 7 l) (fun () -> List.fold (fun s x -> s - x) 7 l)
    same "foldBack" (fun () -> L.foldBack (fun x s -> x - s) l 7) (fun () -> List.foldBack (fun x s -> x - s) l 7)
    same "reduce" (fun () -> L.reduce (-) l) (fun () -> List.reduce (-) l)
    same "reduceBack" (fun () -> L.reduceBack (-) l) (fun () -> List.reduceBack (-) l)
    same "scan" (fun () -> L.scan (-) 7 l) (fun () -> List.scan (-) 7 l)
    same "scanBack" (fun () -> L.scanBack (-) l 7) (fun () -> List.scanBack (-) l 7)
    same "sum" (fun () -> L.sum l) (fun () -> List.sum l)
    same "sumBy" (fun () -> L.sumBy float l) (fun () -> List.sumBy float l)
    same "average" (fun () -> L.average s) (fun () -> List.average s)
    same "averageBy" (fun () -> L.averageBy float l) (fun () -> List.averageBy float l)
    same "max" (fun () -> L.max l) (fun () -> List.max l)
    same "min" (fun () -> L.min l) (fun () -> List.min l)
    same "maxBy" (fun () -> L.maxBy key l) (fun () -> List.maxBy key l)
    same "minBy" (fun () -> L.minBy key l) (fun () -> List.minBy key l)
    same "exists" (fun () -> L.exists ((=) 3) l) (fun () -> List.exists ((=) 3) l)
    same "forall" (fun () -> L.forall (fun x -> x < 9) l) (fun () -> List.forall (fun x -> x < 9) l)
    same "contains" (fun () -> L.contains 3 l) (fun () -> List.contains 3 l)
    same "find" (fun () -> L.find ((=) 3) l) (fun () -> List.find ((=) 3) l)
    same "tryFind" (fun () -> L.tryFind ((=) 3) l) (fun () -> List.tryFind ((=) 3) l)
    same "findIndex" (fun () -> L.findIndex ((=) 3) l) (fun () -> List.findIndex ((=) 3) l)
    same "tryFindIndex" (fun () -> L.tryFindIndex ((=) 3) l) (fun () -> List.tryFindIndex ((=) 3) l)
    same "findBack" (fun () -> L.findBack (fun x -> x < 3) l) (fun () -> List.findBack (fun x -> x < 3) l)
    same "tryFindBack" (fun () -> L.tryFindBack (fun x -> x < 3) l) (fun () -> List.tryFindBack (fun x -> x < 3) l)
    same "findIndexBack" (fun () -> L.findIndexBack (fun x -> x < 3) l) (fun () -> List.findIndexBack (fun x -> x < 3) l)
    same "tryFindIndexBack" (fun () -> L.tryFindIndexBack (fun x -> x < 3) l) (fun () -> List.tryFindIndexBack (fun x -> x < 3) l)
    same "pick" (fun () -> L.pick (fun x -> if x = 3 then Some "x" else None) l) (fun () -> List.pick (fun x -> if x = 3 then Some "x" else None) l)
    same "tryPick" (fun () -> L.tryPick (fun x -> if x = 3 then Some "x" else None) l) (fun () -> List.tryPick (fun x -> if x = 3 then Some "x" else None) l)
    same "takeWhile" (fun () -> L.takeWhile (fun x -> x < 4) l) (fun () -> List.takeWhile (fun x -> x < 4) l)
    same "skipWhile" (fun () -> L.skipWhile (fun x -> x < 4) l) (fun () -> List.skipWhile (fun x -> x < 4) l)
    same "pairwise" (fun () -> L.pairwise l) (fun () -> List.pairwise l)
    same "distinct" (fun () -> L.distinct l) (fun () -> List.distinct l)
    same "distinctBy" (fun () -> L.distinctBy key l) (fun () -> List.distinctBy key l)
    same "countBy" (fun () -> L.countBy key l) (fun () -> List.countBy key l)
    same "groupBy" (fun () -> L.groupBy key l) (fun () -> List.groupBy key l)
    same "except" (fun () -> L.except [ 3; 1 ] l) (fun () -> List.except [ 3; 1 ] l)
    same "sort" (fun () -> L.sort l) (fun () -> List.sort l)
    same "sortDescending" (fun () -> L.sortDescending l) (fun () -> List.sortDescending l)
    same "sortBy" (fun () -> L.sortBy key l) (fun () -> List.sortBy key l)
    same "sortByDescending" (fun () -> L.sortByDescending key l) (fun () -> List.sortByDescending key l)
    same "sortWith" (fun () -> L.sortWith (fun x y -> compare (key y) (key x)) l) (fun () -> List.sortWith (fun x y -> compare (key y) (key x)) l)
    same "permute" (fun () -> L.permute (fun i -> (i + 1) % l.Length) l) (fun () -> List.permute (fun i -> (i + 1) % l.Length) l)
    same "permute bad" (fun () -> L.permute (fun i -> i / 2) l) (fun () -> List.permute (fun i -> i / 2) l)
    same "unzip" (fun () -> L.unzip (L.indexed l)) (fun () -> List.unzip (List.indexed l))
    same "unzip3" (fun () -> L.unzip3 (L.map (fun x -> x, 1, "a") l)) (fun () -> List.unzip3 (List.map (fun x -> x, 1, "a") l))
    same "init" (fun () -> L.init l.Length id) (fun () -> List.init l.Length id)
    same "unfold" (fun () -> L.unfold (fun s -> if s > l.Length then None else Some(s, s + 2)) 0) (fun () -> List.unfold (fun s -> if s > l.Length then None else Some(s, s + 2)) 0)
    same "transpose" (fun () -> L.transpose [ l; l ]) (fun () -> List.transpose [ l; l ])
    // Arrays
    same "A.head" (fun () -> A.head a) (fun () -> Array.head a)
    same "A.tail" (fun () -> A.tail a) (fun () -> Array.tail a)
    same "A.last" (fun () -> A.last a) (fun () -> Array.last a)
    same "A.tryHead" (fun () -> A.tryHead a) (fun () -> Array.tryHead a)
    same "A.tryLast" (fun () -> A.tryLast a) (fun () -> Array.tryLast a)
    same "A.exactlyOne" (fun () -> A.exactlyOne a) (fun () -> Array.exactlyOne a)
    same "A.tryExactlyOne" (fun () -> A.tryExactlyOne a) (fun () -> Array.tryExactlyOne a)
    same "A.rev" (fun () -> A.rev a) (fun () -> Array.rev a)
    same "A.ofSeq" (fun () -> A.ofSeq (Seq.map id l)) (fun () -> a)
    same "A.ofList" (fun () -> A.ofList l) (fun () -> a)
    same "A.toList" (fun () -> A.toList a) (fun () -> l)
    same "A.map" (fun () -> A.map show a) (fun () -> Array.map show a)
    same "A.mapi" (fun () -> A.mapi (fun i x -> i * x) a) (fun () -> Array.mapi (fun i x -> i * x) a)
    same "A.indexed" (fun () -> A.indexed a) (fun () -> Array.indexed a)
    same "A.collect" (fun () -> A.collect (fun x -> [| x; x |]) a) (fun () -> Array.collect (fun x -> [| x; x |]) a)
    same "A.choose" (fun () -> A.choose (fun x -> if x > 2 then Some(x, x) else None) a) (fun () -> Array.choose (fun x -> if x > 2 then Some(x, x) else None) a)
    same "A.filter" (fun () -> A.filter (fun x -> x > 2) a) (fun () -> Array.filter (fun x -> x > 2) a)
    same "A.partition" (fun () -> A.partition (fun x -> x > 2) a) (fun () -> Array.partition (fun x -> x > 2) a)
    same "A.mapFold" (fun () -> A.mapFold (fun s x -> s + x, s * x) 1 a) (fun () -> Array.mapFold (fun s x -> s + x, s * x) 1 a)
    same "A.mapFoldBack" (fun () -> A.mapFoldBack (fun x s -> s + x, s - x) a 1) (fun () -> Array.mapFoldBack (fun x s -> s + x, s - x) a 1)
    same "A.fold" (fun () -> A.fold (fun s x -> s - x) 7 a) (fun () -> Array.fold (fun s x -> s - x) 7 a)
    same "A.foldBack" (fun () -> A.foldBack (fun x s -> x - s) a 7) (fun () -> Array.foldBack (fun x s -> x - s) a 7)
    same "A.reduce" (fun () -> A.reduce (-) a) (fun () -> Array.reduce (-) a)
    same "A.reduceBack" (fun () -> A.reduceBack (-) a) (fun () -> Array.reduceBack (-) a)
    same "A.scan" (fun () -> A.scan (-) 7 a) (fun () -> Array.scan (-) 7 a)
    same "A.scanBack" (fun () -> A.scanBack (-) a 7) (fun () -> Array.scanBack (-) a 7)
    same "A.sum" (fun () -> A.sum a) (fun () -> Array.sum a)
    same "A.sumBy" (fun () -> A.sumBy float a) (fun () -> Array.sumBy float a)
    same "A.averageBy" (fun () -> A.averageBy float a) (fun () -> Array.averageBy float a)
    same "A.max" (fun () -> A.max a) (fun () -> Array.max a)
    same "A.min" (fun () -> A.min a) (fun () -> Array.min a)
    same "A.maxBy" (fun () -> A.maxBy key a) (fun () -> Array.maxBy key a)
    same "A.minBy" (fun () -> A.minBy key a) (fun () -> Array.minBy key a)
    same "A.exists" (fun () -> A.exists ((=) 3) a) (fun () -> Array.exists ((=) 3) a)
    same "A.forall" (fun () -> A.forall (fun x -> x < 9) a) (fun () -> Array.forall (fun x -> x < 9) a)
    same "A.contains" (fun () -> A.contains 3 a) (fun () -> Array.contains 3 a)
    same "A.find" (fun () -> A.find ((=) 3) a) (fun () -> Array.find ((=) 3) a)
    same "A.tryFind" (fun () -> A.tryFind ((=) 3) a) (fun () -> Array.tryFind ((=) 3) a)
    same "A.findIndex" (fun () -> A.findIndex ((=) 3) a) (fun () -> Array.findIndex ((=) 3) a)
    same "A.tryFindIndex" (fun () -> A.tryFindIndex ((=) 3) a) (fun () -> Array.tryFindIndex ((=) 3) a)
    same "A.findBack" (fun () -> A.findBack (fun x -> x < 3) a) (fun () -> Array.findBack (fun x -> x < 3) a)
    same "A.tryFindBack" (fun () -> A.tryFindBack (fun x -> x < 3) a) (fun () -> Array.tryFindBack (fun x -> x < 3) a)
    same "A.findIndexBack" (fun () -> A.findIndexBack (fun x -> x < 3) a) (fun () -> Array.findIndexBack (fun x -> x < 3) a)
    same "A.tryFindIndexBack" (fun () -> A.tryFindIndexBack (fun x -> x < 3) a) (fun () -> Array.tryFindIndexBack (fun x -> x < 3) a)
    same "A.pick" (fun () -> A.pick (fun x -> if x = 3 then Some "x" else None) a) (fun () -> Array.pick (fun x -> if x = 3 then Some "x" else None) a)
    same "A.tryPick" (fun () -> A.tryPick (fun x -> if x = 3 then Some "x" else None) a) (fun () -> Array.tryPick (fun x -> if x = 3 then Some "x" else None) a)
    same "A.takeWhile" (fun () -> A.takeWhile (fun x -> x < 4) a) (fun () -> Array.takeWhile (fun x -> x < 4) a)
    same "A.skipWhile" (fun () -> A.skipWhile (fun x -> x < 4) a) (fun () -> Array.skipWhile (fun x -> x < 4) a)
    same "A.pairwise" (fun () -> A.pairwise a) (fun () -> Array.pairwise a)
    same "A.distinct" (fun () -> A.distinct a) (fun () -> Array.distinct a)
    same "A.distinctBy" (fun () -> A.distinctBy key a) (fun () -> Array.distinctBy key a)
    same "A.countBy" (fun () -> A.countBy key a) (fun () -> Array.countBy key a)
    same "A.groupBy" (fun () -> A.groupBy key a) (fun () -> Array.groupBy key a)
    same "A.except" (fun () -> A.except [ 3; 1 ] a) (fun () -> Array.except [ 3; 1 ] a)
    same "A.sort" (fun () -> A.sort a) (fun () -> Array.sort a)
    same "A.sortDescending" (fun () -> A.sortDescending a) (fun () -> Array.sortDescending a)
    same "A.sortBy" (fun () -> A.sortBy key a) (fun () -> List.sortBy key l |> Array.ofList)
    same "A.sortWith" (fun () -> A.sortWith (fun x y -> compare (key y) (key x)) a) (fun () -> List.sortWith (fun x y -> compare (key y) (key x)) l |> Array.ofList)
    same "A.permute" (fun () -> A.permute (fun i -> (i + 1) % a.Length) a) (fun () -> Array.permute (fun i -> (i + 1) % a.Length) a)
    same "A.permute bad" (fun () -> A.permute (fun i -> i / 2) a) (fun () -> Array.permute (fun i -> i / 2) a)
    same "A.unzip" (fun () -> A.unzip (A.indexed a)) (fun () -> Array.unzip (Array.indexed a))
    same "A.unzip3" (fun () -> A.unzip3 (A.map (fun x -> x, 1, "a") a)) (fun () -> Array.unzip3 (Array.map (fun x -> x, 1, "a") a))
    same "A.transpose" (fun () -> A.transpose [ a; a ]) (fun () -> Array.transpose [ a; a ])
    same "A.concat" (fun () -> A.concat [ a; a; [||] ]) (fun () -> Array.concat [ a; a; [||] ])
    for n in numbers do
        let t name ours theirs = same (sprintf "%s %d" name n) (fun () -> ours n l) (fun () -> theirs n l)
        let u name ours theirs = same (sprintf "%s %d" name n) (fun () -> ours n a) (fun () -> theirs n a)
        t "take" L.take List.take
        t "truncate" L.truncate List.truncate
        t "skip" L.skip List.skip
        t "splitAt" L.splitAt List.splitAt
        t "chunkBySize" L.chunkBySize List.chunkBySize
        t "splitInto" L.splitInto List.splitInto
        t "windowed" L.windowed List.windowed
        t "item" L.item List.item
        t "tryItem" L.tryItem List.tryItem
        u "A.take" A.take Array.take
        u "A.truncate" A.truncate Array.truncate
        u "A.skip" A.skip Array.skip
        u "A.splitAt" A.splitAt Array.splitAt
        u "A.chunkBySize" A.chunkBySize Array.chunkBySize
        u "A.splitInto" A.splitInto Array.splitInto
        u "A.windowed" A.windowed Array.windowed
        u "A.item" A.item Array.item
        u "A.tryItem" A.tryItem Array.tryItem
        same "init" (fun () -> L.init n id) (fun () -> List.init n id)
        same "replicate" (fun () -> L.replicate n "a") (fun () -> List.replicate n "a")
        same "A.init" (fun () -> A.init n id) (fun () -> Array.init n id)
        same "A.create" (fun () -> A.create n "a") (fun () -> Array.create n "a")
        for m in numbers do
            same "A.sub" (fun () -> A.sub a n m) (fun () -> Array.sub a n m)
            same "A.fill" (fun () -> let b = Array.copy a in A.fill b n m 7; b) (fun () -> let b = Array.copy a in Array.fill b n m 7; b)
            for k in [ -1; 0; 2 ] do
                same "A.blit" (fun () -> let b = Array.zeroCreate 12 in A.blit a n b k m; b) (fun () -> let b = Array.zeroCreate 12 in Array.blit a n b k m; b)

let two (l: int list) (m: int list) =
    let a, b = List.toArray l, List.toArray m
    same "append" (fun () -> L.append l m) (fun () -> List.append l m)
    same "map2" (fun () -> L.map2 (-) l m) (fun () -> List.map2 (-) l m)
    same "mapi2" (fun () -> L.mapi2 (fun i x y -> i, x - y) l m) (fun () -> List.mapi2 (fun i x y -> i, x - y) l m)
    same "fold2" (fun () -> L.fold2 (fun s x y -> s * 3 + x - y) 1 l m) (fun () -> List.fold2 (fun s x y -> s * 3 + x - y) 1 l m)
    same "foldBack2" (fun () -> L.foldBack2 (fun x y s -> s * 3 + x - y) l m 1) (fun () -> List.foldBack2 (fun x y s -> s * 3 + x - y) l m 1)
    same "forall2" (fun () -> L.forall2 (<=) l m) (fun () -> List.forall2 (<=) l m)
    same "exists2" (fun () -> L.exists2 (=) l m) (fun () -> List.exists2 (=) l m)
    same "zip" (fun () -> L.zip l m) (fun () -> List.zip l m)
    same "zip3" (fun () -> L.zip3 l m l) (fun () -> List.zip3 l m l)
    same "zip3'" (fun () -> L.zip3 l l m) (fun () -> List.zip3 l l m)
    same "allPairs" (fun () -> L.allPairs l m) (fun () -> List.allPairs l m)
    same "compareWith" (fun () -> L.compareWith compare l m) (fun () -> List.compareWith compare l m)
    same "transpose" (fun () -> L.transpose [ l; m ]) (fun () -> List.transpose [ l; m ])
    same "concat" (fun () -> L.concat [ l; m; l ]) (fun () -> List.concat [ l; m; l ])
    same "A.append" (fun () -> A.append a b) (fun () -> Array.append a b)
    same "A.map2" (fun () -> A.map2 (-) a b) (fun () -> Array.map2 (-) a b)
    same "A.mapi2" (fun () -> A.mapi2 (fun i x y -> i, x - y) a b) (fun () -> Array.mapi2 (fun i x y -> i, x - y) a b)
    same "A.map3" (fun () -> A.map3 (fun x y z -> x - y + z) a b a) (fun () -> Array.map3 (fun x y z -> x - y + z) a b a)
    same "A.fold2" (fun () -> A.fold2 (fun s x y -> s * 3 + x - y) 1 a b) (fun () -> Array.fold2 (fun s x y -> s * 3 + x - y) 1 a b)
    same "A.foldBack2" (fun () -> A.foldBack2 (fun x y s -> s * 3 + x - y) a b 1) (fun () -> Array.foldBack2 (fun x y s -> s * 3 + x - y) a b 1)
    same "A.forall2" (fun () -> A.forall2 (<=) a b) (fun () -> Array.forall2 (<=) a b)
    same "A.exists2" (fun () -> A.exists2 (=) a b) (fun () -> Array.exists2 (=) a b)
    same "A.zip" (fun () -> A.zip a b) (fun () -> Array.zip a b)
    same "A.allPairs" (fun () -> A.allPairs a b) (fun () -> Array.allPairs a b)
    same "A.compareWith" (fun () -> A.compareWith compare a b) (fun () -> Array.compareWith compare a b)
    same "A.transpose" (fun () -> A.transpose [ a; b ]) (fun () -> Array.transpose [ a; b ])

[<EntryPoint>]
let main _ =
    for l in lists do
        one l
        for m in List.truncate 10 lists do
            two l m
    printfn "%d comparisons, %d different" count bad
    if bad = 0 then 0 else 1
