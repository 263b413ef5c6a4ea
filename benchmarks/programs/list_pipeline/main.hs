-- The lists are used twice or printed through their length, so they are built.
import Control.DeepSeq (force)
import Data.Bits ((.&.))
import Data.List (foldl')
import System.Environment (getArgs)

main :: IO ()
main = do
  [word] <- getArgs
  let n = read word :: Int
      numbers = force [i * 7919 `rem` 1000003 | i <- [0 .. n - 1]]
      tripled = force (map (\x -> x * 3 + 1) numbers)
      even' = force (filter (\x -> x `rem` 2 == 0) tripled)
      chosen = force (map (`quot` 2) even')
      total = foldl' (\sum x -> (sum * 31 + x) .&. 0xffffffff) 0 chosen
  putStrLn (unwords (map show [length chosen, total, head (reverse chosen)]))
