(* The library's map is not tail-recursive in this version; rev_map and rev are its idiom. *)
let map f items = List.rev (List.rev_map f items)

let () =
  let n = int_of_string Sys.argv.(1) in
  let numbers = List.init n (fun i -> i * 7919 mod 1000003) in
  let chosen =
    numbers
    |> map (fun x -> (x * 3) + 1)
    |> List.filter (fun x -> x mod 2 = 0)
    |> map (fun x -> x / 2)
  in
  let total = List.fold_left (fun sum x -> ((sum * 31) + x) land 0xffffffff) 0 chosen in
  Printf.printf "%d %d %d\n" (List.length chosen) total (List.hd (List.rev chosen))
