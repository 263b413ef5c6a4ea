let compose f g x = g (f x)
let rec iterate n f x = if n = 0 then x else iterate (n - 1) f (f x)
let step weight state next = next (((state * 31) + weight) land 0xffffff)
let both first second state next = first state (fun middle -> second middle next)

let counter start =
  let count = ref start in
  fun by ->
    count := !count + by;
    !count

(* Counters overflow 32 bits in the other languages; only the lower 24 are used. *)
let () =
  let n = int_of_string Sys.argv.(1) in
  let total = ref 0 in
  for i = 1 to n do
    let adders = List.map (fun k x -> x + k) [ i; i + 1; i + 2; i + 3 ] in
    let all = List.fold_left compose Fun.id adders in
    total := (!total + all i) land 0xffffff
  done;
  let steps = List.map step (List.init 16 succ) in
  let machine = List.fold_left both (List.hd steps) (List.tl steps) in
  total := iterate n (fun state -> machine state Fun.id) !total;
  let counters = Array.init 16 counter in
  for i = 1 to n do
    Array.iter (fun count -> total := (!total lxor count i) land 0xffffff) counters
  done;
  Printf.printf "%d\n" !total
