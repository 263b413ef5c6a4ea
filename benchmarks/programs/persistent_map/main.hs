{-# LANGUAGE BangPatterns #-}
import Data.Bits (xor, (.&.))
import qualified Data.Map.Strict as Map
import System.Environment (getArgs)

next :: Int -> Int
next key = (key * 1103515245 + 12345) .&. 0x7fffffff

filled :: Int -> Map.Map Int Int
filled n = go Map.empty 1 1
  where
    go !map !key i
      | i > n = map
      | otherwise = let k = next key in go (Map.insert k i map) k (i + 1)

found :: Int -> Map.Map Int Int -> Int
found n map = go 0 1 n
  where
    go !sum !key 0 = sum
    go !sum !key i =
      let k = next key
          other = Map.findWithDefault 0 (k `xor` 1) map
       in go (sum + other + map Map.! k) k (i - 1)

without :: Int -> Map.Map Int Int -> Map.Map Int Int
without n map = go map 1 n
  where
    go !smaller !key 0 = smaller
    go !smaller !key i = let k = next key in go (Map.delete k smaller) k (i - 1)

main :: IO ()
main = do
  [word] <- getArgs
  let n = read word
      !map = filled n
      !sum = found n map
      smaller = without (n `quot` 2) map
  putStrLn (show (Map.size map) ++ " " ++ show (Map.size smaller) ++ " " ++ show sum)
