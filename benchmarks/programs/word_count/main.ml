let () =
  let counts = Hashtbl.create 1000 in
  let channel = open_in Sys.argv.(1) in
  (try
     while true do
       input_line channel |> String.split_on_char ' '
       |> List.iter (fun word ->
              if word <> "" then
                match Hashtbl.find_opt counts word with
                | Some count -> incr count
                | None -> Hashtbl.add counts word (ref 1))
     done
   with End_of_file -> close_in channel);
  let pairs = Hashtbl.fold (fun word count pairs -> (!count, word) :: pairs) counts [] in
  let by (n, a) (m, b) = if n <> m then compare (m : int) n else String.compare a b in
  let ordered = List.sort by pairs in
  let total = List.fold_left (fun sum (n, _) -> sum + n) 0 ordered in
  Printf.printf "%d words, %d different\n" total (List.length ordered);
  List.iteri (fun i (n, word) -> if i < 10 then Printf.printf "%s %d\n" word n) ordered
