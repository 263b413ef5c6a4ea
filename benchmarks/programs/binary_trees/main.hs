{-# OPTIONS_GHC -fno-cse #-}
-- Else one subtree is made and hung in twice, at every depth, and no tree of the given size is ever built.
{-# LANGUAGE BangPatterns #-}
import Control.Monad (forM_)
import Data.Bits (shiftL)
import System.Environment (getArgs)
import Text.Printf (printf)

data Tree = Leaf | Node !Tree !Tree

make :: Int -> Tree
make 0 = Node Leaf Leaf
make depth = Node (make (depth - 1)) (make (depth - 1))

count :: Tree -> Int
count Leaf = 0
count (Node left right) = 1 + count left + count right

-- The number takes part, so that the tree is made anew each time.
total :: Int -> Int -> Int
total depth times = go 0 times
  where
    go !sum 0 = sum
    go !sum n = go (sum + count (make (depth + min 0 n))) (n - 1)

main :: IO ()
main = do
  [word] <- getArgs
  let deepest = read word :: Int
  printf "stretch tree of depth %d: %d\n" (deepest + 1) (count (make (deepest + 1)))
  let longLived = make deepest
  forM_ [4, 8 .. deepest] $ \depth -> do
    let times = 1 `shiftL` (deepest - depth + 4) :: Int
    printf "%d trees of depth %d: %d\n" times depth (total depth times)
  printf "long lived tree of depth %d: %d\n" deepest (count longLived)
