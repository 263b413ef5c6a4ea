type tree = Leaf | Node of tree * tree

let rec make depth =
  if depth = 0 then Node (Leaf, Leaf) else Node (make (depth - 1), make (depth - 1))

let rec count = function
  | Leaf -> 0
  | Node (left, right) -> 1 + count left + count right

let () =
  let deepest = int_of_string Sys.argv.(1) in
  Printf.printf "stretch tree of depth %d: %d\n" (deepest + 1) (count (make (deepest + 1)));
  let long_lived = make deepest in
  let depth = ref 4 in
  while !depth <= deepest do
    let times = 1 lsl (deepest - !depth + 4) in
    let total = ref 0 in
    for _ = 1 to times do
      total := !total + count (make !depth)
    done;
    Printf.printf "%d trees of depth %d: %d\n" times !depth !total;
    depth := !depth + 4
  done;
  Printf.printf "long lived tree of depth %d: %d\n" deepest (count long_lived)
