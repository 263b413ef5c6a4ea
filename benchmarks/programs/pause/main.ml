type cell = { key : int; name : string; values : int list }

let make key = { key; name = "cell " ^ string_of_int key; values = [ key; key + 1; key + 2 ] }

let () =
  let count = int_of_string Sys.argv.(1) * 5000 in
  let ticks = 1000 in
  let cells = Array.init count make in
  let start = Unix.gettimeofday () in
  let clock () = Unix.gettimeofday () -. start in
  let longest = ref 0.0 in
  let key = ref 0 and sum = ref 0 in
  for tick = 1 to ticks do
    while clock () < float tick /. 1000.0 do
      ()
    done;
    for _ = 1 to 200 do
      key := (!key + 7919) mod count;
      cells.(!key) <- make (!key + 1);
      let cell = cells.(!key) in
      sum := (!sum + List.length cell.values + String.length cell.name) land 0xffffff
    done;
    longest := max !longest (clock () -. float tick /. 1000.0)
  done;
  Printf.printf "%d cells, sum %d\n%!" count !sum;
  Printf.eprintf "longest %d us\n" (int_of_float (!longest *. 1e6))
