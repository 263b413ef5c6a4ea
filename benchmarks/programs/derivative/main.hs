import Control.Monad (foldM_)
import System.Environment (getArgs)

data Expression
  = Number !Int
  | Variable String
  | Sum !Expression !Expression
  | Product !Expression !Expression
  | Power !Expression !Expression
  | Logarithm !Expression

power :: Int -> Int -> Int
power n k
  | k == 0 = 1
  | k `rem` 2 == 0 = let half = power n (k `quot` 2) in half * half
  | otherwise = n * power n (k - 1)

add :: Expression -> Expression -> Expression
add (Number n) (Number m) = Number (n + m)
add (Number 0) f = f
add f (Number 0) = f
add f (Number n) = add (Number n) f
add (Number n) (Sum (Number m) f) = add (Number (n + m)) f
add f (Sum (Number n) g) = add (Number n) (add f g)
add (Sum f g) h = add f (add g h)
add f g = Sum f g

multiply :: Expression -> Expression -> Expression
multiply (Number n) (Number m) = Number (n * m)
multiply (Number 0) _ = Number 0
multiply _ (Number 0) = Number 0
multiply (Number 1) f = f
multiply f (Number 1) = f
multiply f (Number n) = multiply (Number n) f
multiply (Number n) (Product (Number m) f) = multiply (Number (n * m)) f
multiply f (Product (Number n) g) = multiply (Number n) (multiply f g)
multiply (Product f g) h = multiply f (multiply g h)
multiply f g = Product f g

raised :: Expression -> Expression -> Expression
raised (Number m) (Number n) = Number (power m n)
raised _ (Number 0) = Number 1
raised f (Number 1) = f
raised (Number 0) _ = Number 0
raised f g = Power f g

logarithm :: Expression -> Expression
logarithm (Number 1) = Number 0
logarithm f = Logarithm f

derive :: String -> Expression -> Expression
derive x expression = case expression of
  Number _ -> Number 0
  Variable y -> if x == y then Number 1 else Number 0
  Sum f g -> add (derive x f) (derive x g)
  Product f g -> add (multiply f (derive x g)) (multiply g (derive x f))
  Power f g ->
    multiply
      (raised f g)
      ( add
          (multiply (multiply g (derive x f)) (raised f (Number (-1))))
          (multiply (logarithm f) (derive x g))
      )
  Logarithm f -> multiply (derive x f) (raised f (Number (-1)))

size :: Expression -> Int
size expression = case expression of
  Number _ -> 1
  Variable _ -> 1
  Sum f g -> size f + size g
  Product f g -> size f + size g
  Power f g -> size f + size g
  Logarithm f -> size f

main :: IO ()
main = do
  [word] <- getArgs
  let x = Variable "x"
  foldM_ step (raised x x) [1 .. read word :: Int]
  where
    step expression i = do
      let next = derive "x" expression
      putStrLn (show i ++ ": " ++ show (size next))
      return next
