import System.Environment (getArgs)

data Expression
  = Variable !Int
  | Value !Int
  | Sum !Expression !Expression
  | Product !Expression !Expression

build :: Int -> Int -> Expression
build 0 0 = Variable 1
build 0 value = Value value
build depth value =
  Sum (build (depth - 1) (value + 1)) (build (depth - 1) (if value == 0 then 0 else value - 1))

appendSum :: Expression -> Expression -> Expression
appendSum (Sum first second) b = Sum first (appendSum second b)
appendSum a b = Sum a b

appendProduct :: Expression -> Expression -> Expression
appendProduct (Product first second) b = Product first (appendProduct second b)
appendProduct a b = Product a b

reassociate :: Expression -> Expression
reassociate (Sum a b) = appendSum (reassociate a) (reassociate b)
reassociate (Product a b) = appendProduct (reassociate a) (reassociate b)
reassociate other = other

fold :: Expression -> Expression
fold (Sum a b) = case (fold a, fold b) of
  (Value n, Value m) -> Value (n + m)
  (Value n, Sum e (Value m)) -> Sum (Value (n + m)) e
  (Value n, Sum (Value m) e) -> Sum (Value (n + m)) e
  (x, y) -> Sum x y
fold (Product a b) = case (fold a, fold b) of
  (Value n, Value m) -> Value (n * m)
  (Value n, Product e (Value m)) -> Product (Value (n * m)) e
  (Value n, Product (Value m) e) -> Product (Value (n * m)) e
  (x, y) -> Product x y
fold other = other

evaluate :: Expression -> Int
evaluate (Variable _) = 0
evaluate (Value n) = n
evaluate (Sum a b) = evaluate a + evaluate b
evaluate (Product a b) = evaluate a * evaluate b

main :: IO ()
main = do
  [word] <- getArgs
  let expression = build (read word) 1
  print (evaluate expression)
  print (evaluate (fold (reassociate expression)))
