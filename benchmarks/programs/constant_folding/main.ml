type expression =
  | Variable of int
  | Value of int
  | Sum of expression * expression
  | Product of expression * expression

let rec build depth value =
  if depth = 0 then (if value = 0 then Variable 1 else Value value)
  else Sum (build (depth - 1) (value + 1), build (depth - 1) (if value = 0 then 0 else value - 1))

let rec append_sum a b =
  match a with
  | Sum (first, second) -> Sum (first, append_sum second b)
  | _ -> Sum (a, b)

let rec append_product a b =
  match a with
  | Product (first, second) -> Product (first, append_product second b)
  | _ -> Product (a, b)

let rec reassociate = function
  | Sum (a, b) -> append_sum (reassociate a) (reassociate b)
  | Product (a, b) -> append_product (reassociate a) (reassociate b)
  | other -> other

let rec fold = function
  | Sum (a, b) -> (
    let a = fold a in
    let b = fold b in
    match a, b with
    | Value n, Value m -> Value (n + m)
    | Value n, Sum (e, Value m) | Value n, Sum (Value m, e) -> Sum (Value (n + m), e)
    | _ -> Sum (a, b))
  | Product (a, b) -> (
    let a = fold a in
    let b = fold b in
    match a, b with
    | Value n, Value m -> Value (n * m)
    | Value n, Product (e, Value m) | Value n, Product (Value m, e) -> Product (Value (n * m), e)
    | _ -> Product (a, b))
  | other -> other

let rec evaluate = function
  | Variable _ -> 0
  | Value n -> n
  | Sum (a, b) -> evaluate a + evaluate b
  | Product (a, b) -> evaluate a * evaluate b

let () =
  let expression = build (int_of_string Sys.argv.(1)) 1 in
  Printf.printf "%d\n" (evaluate expression);
  Printf.printf "%d\n" (evaluate (fold (reassociate expression)))
