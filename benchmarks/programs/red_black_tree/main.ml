type color = Red | Black
type tree = Leaf | Node of color * tree * int * bool * tree

let balance_left left key value right =
  match left with
  | Leaf -> Leaf
  | Node (_, Node (Red, a, ka, va, b), kb, vb, c)
  | Node (_, a, ka, va, Node (Red, b, kb, vb, c)) ->
    Node (Red, Node (Black, a, ka, va, b), kb, vb, Node (Black, c, key, value, right))
  | Node (_, a, ka, va, b) -> Node (Black, Node (Red, a, ka, va, b), key, value, right)

let balance_right left key value right =
  match right with
  | Leaf -> Leaf
  | Node (_, Node (Red, b, kb, vb, c), kc, vc, d)
  | Node (_, b, kb, vb, Node (Red, c, kc, vc, d)) ->
    Node (Red, Node (Black, left, key, value, b), kb, vb, Node (Black, c, kc, vc, d))
  | Node (_, b, kb, vb, c) -> Node (Black, left, key, value, Node (Red, b, kb, vb, c))

let is_red = function Node (Red, _, _, _, _) -> true | _ -> false

let rec insert_into tree (key : int) value =
  match tree with
  | Leaf -> Node (Red, Leaf, key, value, Leaf)
  | Node (Red, left, k, v, right) ->
    if key < k then Node (Red, insert_into left key value, k, v, right)
    else if key > k then Node (Red, left, k, v, insert_into right key value)
    else Node (Red, left, key, value, right)
  | Node (Black, left, k, v, right) ->
    if key < k then
      if is_red left then balance_left (insert_into left key value) k v right
      else Node (Black, insert_into left key value, k, v, right)
    else if key > k then
      if is_red right then balance_right left k v (insert_into right key value)
      else Node (Black, left, k, v, insert_into right key value)
    else Node (Black, left, key, value, right)

let insert tree key value =
  match insert_into tree key value with
  | Node (Red, left, k, v, right) -> Node (Black, left, k, v, right)
  | other -> other

let rec count_true = function
  | Leaf -> 0
  | Node (_, left, _, value, right) ->
    count_true left + (if value then 1 else 0) + count_true right

let () =
  let tree = ref Leaf in
  for key = 1 to int_of_string Sys.argv.(1) do
    tree := insert !tree key (key mod 10 = 0)
  done;
  Printf.printf "%d\n" (count_true !tree)
