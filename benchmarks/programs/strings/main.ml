let hash text = String.fold_left (fun h c -> ((h * 31) + Char.code c) land 0xffffffff) 7 text

let () =
  let n = int_of_string Sys.argv.(1) in
  let buffer = Buffer.create 16 in
  for i = 1 to n do
    Buffer.add_string buffer "item ";
    Buffer.add_string buffer (string_of_int i);
    Buffer.add_char buffer ',';
    Buffer.add_string buffer (string_of_int (i * 7 mod 1000));
    Buffer.add_char buffer '\n'
  done;
  let text = Buffer.contents buffer in
  Printf.printf "%d %d\n" (String.length text) (hash text);
  let pieces = List.init n (fun i -> "<" ^ string_of_int (i + 1) ^ ">") in
  let joined = String.concat ";" pieces in
  Printf.printf "%d %d\n" (String.length joined) (hash joined);
  let longest = ref 0 in
  for i = 1 to n / 10 do
    let formatted = Printf.sprintf "%s has %d of %08x" "name" i (i * 31) in
    longest := max !longest (String.length formatted)
  done;
  Printf.printf "%d\n" !longest
