type expression =
  | Number of int
  | Variable of string
  | Sum of expression * expression
  | Product of expression * expression
  | Power of expression * expression
  | Logarithm of expression

let rec power n k =
  if k = 0 then 1
  else if k mod 2 = 0 then
    let half = power n (k / 2) in
    half * half
  else n * power n (k - 1)

let rec sum a b =
  match a, b with
  | Number n, Number m -> Number (n + m)
  | Number 0, f | f, Number 0 -> f
  | f, Number n -> sum (Number n) f
  | Number n, Sum (Number m, f) -> sum (Number (n + m)) f
  | f, Sum (Number n, g) -> sum (Number n) (sum f g)
  | Sum (f, g), h -> sum f (sum g h)
  | f, g -> Sum (f, g)

let rec product a b =
  match a, b with
  | Number n, Number m -> Number (n * m)
  | Number 0, _ | _, Number 0 -> Number 0
  | Number 1, f | f, Number 1 -> f
  | f, Number n -> product (Number n) f
  | Number n, Product (Number m, f) -> product (Number (n * m)) f
  | f, Product (Number n, g) -> product (Number n) (product f g)
  | Product (f, g), h -> product f (product g h)
  | f, g -> Product (f, g)

let raised a b =
  match a, b with
  | Number m, Number n -> Number (power m n)
  | _, Number 0 -> Number 1
  | f, Number 1 -> f
  | Number 0, _ -> Number 0
  | f, g -> Power (f, g)

let logarithm = function
  | Number 1 -> Number 0
  | f -> Logarithm f

let rec derive x = function
  | Number _ -> Number 0
  | Variable y -> if String.equal x y then Number 1 else Number 0
  | Sum (f, g) -> sum (derive x f) (derive x g)
  | Product (f, g) -> sum (product f (derive x g)) (product g (derive x f))
  | Power (f, g) ->
    product (raised f g)
      (sum
         (product (product g (derive x f)) (raised f (Number (-1))))
         (product (logarithm f) (derive x g)))
  | Logarithm f -> product (derive x f) (raised f (Number (-1)))

let rec size = function
  | Number _ | Variable _ -> 1
  | Sum (f, g) | Product (f, g) | Power (f, g) -> size f + size g
  | Logarithm f -> size f

let () =
  let x = Variable "x" in
  let expression = ref (raised x x) in
  for i = 1 to int_of_string Sys.argv.(1) do
    expression := derive "x" !expression;
    Printf.printf "%d: %d\n" i (size !expression)
  done
