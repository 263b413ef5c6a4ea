let rec safe queen distance = function
  | [] -> true
  | other :: rest ->
    queen <> other
    && queen <> other + distance
    && queen <> other - distance
    && safe queen (distance + 1) rest

let rec extend queen placed solutions =
  if queen = 0 then solutions
  else if safe queen 1 placed then extend (queen - 1) placed ((queen :: placed) :: solutions)
  else extend (queen - 1) placed solutions

let rec place size rows =
  if rows = 0 then [ [] ]
  else List.fold_left (fun found placed -> extend size placed found) [] (place size (rows - 1))

let () =
  let size = int_of_string Sys.argv.(1) in
  let solutions = place size size in
  let sum = List.fold_left (fun sum placed -> sum + List.hd placed) 0 solutions in
  Printf.printf "%d %d\n" (List.length solutions) sum
