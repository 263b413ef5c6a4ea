import Data.List (foldl')
import System.Environment (getArgs)

safe :: Int -> Int -> [Int] -> Bool
safe _ _ [] = True
safe queen distance (other : rest) =
  queen /= other
    && queen /= other + distance
    && queen /= other - distance
    && safe queen (distance + 1) rest

extend :: Int -> [Int] -> [[Int]] -> [[Int]]
extend 0 _ solutions = solutions
extend queen placed solutions
  | safe queen 1 placed = extend (queen - 1) placed ((queen : placed) : solutions)
  | otherwise = extend (queen - 1) placed solutions

place :: Int -> Int -> [[Int]]
place _ 0 = [[]]
place size rows = foldl' (\found placed -> extend size placed found) [] (place size (rows - 1))

main :: IO ()
main = do
  [word] <- getArgs
  let size = read word
      solutions = place size size
  putStrLn (show (length solutions) ++ " " ++ show (sum (map head solutions)))
