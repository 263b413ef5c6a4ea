module Sharing

type Tree =
    | Leaf
    | Node of Tree * int * Tree

type Card =
    { Number: int
      Name: string
      Tree: Tree
      Items: int list }

type Shape =
    | Circle of int * int * int
    | Square of int * int * int
    | Other of int * int * int

let rec insert item tree =
    match tree with
    | Leaf -> Node(Leaf, item, Leaf)
    | Node(left, value, right) ->
        if item < value then Node(insert item left, value, right)
        elif item > value then Node(left, value, insert item right)
        else tree

let rec least tree =
    match tree with
    | Leaf -> failwith "no least"
    | Node(Leaf, value, right) -> value, right
    | Node(left, value, right) ->
        let found, rest = least left
        found, Node(rest, value, right)

let rec remove item tree =
    match tree with
    | Leaf -> Leaf
    | Node(left, value, right) when item < value -> Node(remove item left, value, right)
    | Node(left, value, right) when item > value -> Node(left, value, remove item right)
    | Node(Leaf, _, right) -> right
    | Node(left, _, Leaf) -> left
    | Node(left, _, right) ->
        let found, rest = least right
        Node(left, found, rest)

let rec mirror tree =
    match tree with
    | Leaf -> Leaf
    | Node(left, value, right) -> Node(mirror right, value, mirror left)

let rec grow by tree =
    match tree with
    | Leaf -> Leaf
    | Node(left, value, right) -> Node(grow by left, value + by, grow by right)

let turn tree =
    match tree with
    | Node(Node(a, x, b), y, c) -> Node(a, x, Node(b, y, c))
    | Node(a, x, Node(b, y, c)) -> Node(Node(a, x, b), y, c)
    | other -> other

let wrap left item right = Node(Node(left, item, Leaf), item + 1, right)

let rec widen n tree =
    match tree with
    | Leaf -> Leaf
    | Node(left, value, right) ->
        if value > n then wrap (widen n left) value right
        else wrap left value (widen n right)

let deep tree =
    match tree with
    | Node(Node(Node(a, x, b), y, c), z, d) -> Node(Node(a, x, b), y, Node(c, z, d))
    | Node(a, x, Node(b, y, Node(c, z, d))) -> Node(Node(a, x, b), y, Node(c, z, d))
    | Node((Node(a, x, b) as left), y, c) when x % 2 = 0 -> Node(b, y, Node(left, x, Node(a, y, c)))
    | Node(_, _, (Node(_, y, c) as right)) -> if y % 2 = 0 then Node(right, y, c) else right
    | other -> other

let turnSome n tree = if n % 2 = 0 then tree else turn tree
let join left item right = Node(left, item, right)

let rec prune limit tree =
    match tree with
    | Leaf -> Leaf
    | Node(left, value, right) ->
        let left = prune limit left
        if value % limit = 0 then failwith "pruned"
        Node(left, value + 1, prune limit right)

let ofList items = List.fold (fun tree item -> insert item tree) Leaf items

let rec itemsBefore tree rest =
    match tree with
    | Leaf -> rest
    | Node(left, value, right) -> itemsBefore left (value :: itemsBefore right rest)

let items tree = itemsBefore tree []
let numbers count = List.init count (fun index -> (index + 1) * 37 % 101)
let times n list = List.map (fun item -> item * n) list

let rec plus n list =
    match list with
    | [] -> []
    | first :: rest -> first + n :: plus n rest

let odd list = List.filter (fun item -> item % 2 <> 0) list

let rec twoEach list =
    match list with
    | [] -> []
    | first :: rest -> first :: first :: twoEach rest

let rec swapped list =
    match list with
    | first :: second :: rest -> second :: first :: swapped rest
    | other -> other

let rec merge one other =
    match one, other with
    | [], rest
    | rest, [] -> rest
    | a :: moreA, b :: moreB -> if a <= b then a :: merge moreA other else b :: merge one moreB

let tested limit list =
    list
    |> List.map (fun item -> if item % limit = 0 then failwith "tested" else item + 1)

let cut n list = List.truncate (n % 12) list

let card n tree list =
    { Number = n
      Name = "card"
      Tree = tree
      Items = list }

let renumber n card = { card with Number = n }
let plant tree card = { card with Tree = tree }

let shuffle card =
    { card with
        Number = card.Number + 1
        Items = List.rev card.Items }

let renamed n card = { card with Name = "n" + string n }
let treeOf card = card.Tree
let itemsOf card = card.Items

let shape item =
    match item % 3 with
    | 0 -> Circle(item, item + 1, item + 2)
    | 1 -> Square(item, item + 1, item + 2)
    | _ -> Other(item, item + 1, item + 2)

let shapes list = List.map (fun item -> shape ((item % 97 + 97) % 97)) list

let step list =
    list
    |> List.map (fun shape ->
        match shape with
        | Circle(a, b, c) -> Square(b, c, a + 1)
        | Square(a, b, c) -> Other(b, c, a + 1)
        | Other(a, b, c) -> Circle(a, b, c))

let sums list =
    list
    |> List.map (fun shape ->
        match shape with
        | Circle(a, b, c)
        | Square(a, b, c)
        | Other(a, b, c) -> a + b + c)

let perhaps n tree = if n % 3 = 0 then None else Some tree
let inside n tree = Option.map (insert n) tree
let orElse tree other = Option.defaultValue other tree

let pairs tree list =
    list |> List.map (fun item -> item, (if item % 2 = 0 then insert item tree else tree))

let turnPairs list = list |> List.map (fun (n, tree) -> n + 1, turn tree)

let firstTree list other =
    match list with
    | (_, tree) :: _ -> tree
    | [] -> other

let kept n tree =
    let add = fun more -> insert (n + more) tree
    let first = add 1
    let both = add 0, first
    insert n (snd both)

let inArray n tree =
    let held = [| tree; tree |]
    held.[0] <- grow n held.[0]
    held.[1] <- Leaf
    mirror held.[0]

let mix total item = total * 31 + item

let rec mixTree total tree =
    match tree with
    | Leaf -> mix total 1
    | Node(left, value, right) -> mixTree (mix (mixTree total left) value) right

let sum0 tree = mixTree 7 tree
let sum1 list = List.fold mix 7 list
let sum2 card = List.fold mix (mixTree (mix (mix 7 card.Number) card.Name.Length) card.Tree) card.Items

let sum3 list =
    let mixShape total shape =
        match shape with
        | Circle(a, b, c) -> mix (mix (mix (mix total 0) a) b) c
        | Square(a, b, c) -> mix (mix (mix (mix total 1) a) b) c
        | Other(a, b, c) -> mix (mix (mix (mix total 2) a) b) c

    List.fold mixShape 7 list

let sum4 tree =
    match tree with
    | None -> mix 7 0
    | Some tree -> mixTree (mix 7 1) tree

let sum5 list = List.fold (fun total (n, tree) -> mixTree (mix total n) tree) 7 list

