module Numbers = Hashtbl.Make (struct
  type t = int

  let equal = Int.equal
  let hash = Hashtbl.hash
end)

let () =
  let n = int_of_string Sys.argv.(1) in
  let counts = Numbers.create 16 in
  let key = ref 1 in
  for i = 1 to n do
    key := ((!key * 1103515245) + 12345) land 0x7fffffff;
    let k = !key mod (n / 4) in
    match Numbers.find_opt counts k with
    | Some count -> Numbers.replace counts k (count + i)
    | None -> Numbers.add counts k i
  done;
  let sum = ref 0 in
  for k = 0 to n / 2 do
    if Numbers.mem counts k then begin
      sum := !sum + Numbers.find counts k;
      if k mod 3 = 0 then Numbers.remove counts k
    end
  done;
  let names = Hashtbl.create 16 in
  for i = 1 to n / 4 do
    let name = "key" ^ string_of_int (i * 7 mod (n / 8)) in
    match Hashtbl.find_opt names name with
    | Some count -> Hashtbl.replace names name (count + 1)
    | None -> Hashtbl.add names name 1
  done;
  let most = Hashtbl.fold (fun _ count most -> max count most) names 0 in
  Printf.printf "%d %d %d %d\n" (Numbers.length counts) !sum (Hashtbl.length names) most
