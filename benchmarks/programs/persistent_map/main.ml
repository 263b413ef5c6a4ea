module Numbers = Map.Make (Int)

let next key = ((key * 1103515245) + 12345) land 0x7fffffff

let () =
  let n = int_of_string Sys.argv.(1) in
  let map = ref Numbers.empty in
  let key = ref 1 in
  for i = 1 to n do
    key := next !key;
    map := Numbers.add !key i !map
  done;
  let sum = ref 0 in
  key := 1;
  for _ = 1 to n do
    key := next !key;
    (match Numbers.find_opt (!key lxor 1) !map with
    | Some value -> sum := !sum + value
    | None -> ());
    sum := !sum + Numbers.find !key !map
  done;
  let smaller = ref !map in
  key := 1;
  for _ = 1 to n / 2 do
    key := next !key;
    smaller := Numbers.remove !key !smaller
  done;
  Printf.printf "%d %d %d\n" (Numbers.cardinal !map) (Numbers.cardinal !smaller) !sum
