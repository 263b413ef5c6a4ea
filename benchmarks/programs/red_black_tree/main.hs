{-# LANGUAGE BangPatterns #-}
import System.Environment (getArgs)

data Color = Red | Black
data Tree = Leaf | Node !Color !Tree !Int !Bool !Tree

balanceLeft :: Tree -> Int -> Bool -> Tree -> Tree
balanceLeft left key value right = case left of
  Leaf -> Leaf
  Node _ (Node Red a ka va b) kb vb c ->
    Node Red (Node Black a ka va b) kb vb (Node Black c key value right)
  Node _ a ka va (Node Red b kb vb c) ->
    Node Red (Node Black a ka va b) kb vb (Node Black c key value right)
  Node _ a ka va b -> Node Black (Node Red a ka va b) key value right

balanceRight :: Tree -> Int -> Bool -> Tree -> Tree
balanceRight left key value right = case right of
  Leaf -> Leaf
  Node _ (Node Red b kb vb c) kc vc d ->
    Node Red (Node Black left key value b) kb vb (Node Black c kc vc d)
  Node _ b kb vb (Node Red c kc vc d) ->
    Node Red (Node Black left key value b) kb vb (Node Black c kc vc d)
  Node _ b kb vb c -> Node Black left key value (Node Red b kb vb c)

isRed :: Tree -> Bool
isRed (Node Red _ _ _ _) = True
isRed _ = False

insertInto :: Tree -> Int -> Bool -> Tree
insertInto Leaf key value = Node Red Leaf key value Leaf
insertInto (Node Red left k v right) key value
  | key < k = Node Red (insertInto left key value) k v right
  | key > k = Node Red left k v (insertInto right key value)
  | otherwise = Node Red left key value right
insertInto (Node Black left k v right) key value
  | key < k =
    if isRed left
      then balanceLeft (insertInto left key value) k v right
      else Node Black (insertInto left key value) k v right
  | key > k =
    if isRed right
      then balanceRight left k v (insertInto right key value)
      else Node Black left k v (insertInto right key value)
  | otherwise = Node Black left key value right

insert :: Tree -> Int -> Bool -> Tree
insert tree key value = case insertInto tree key value of
  Node Red left k v right -> Node Black left k v right
  other -> other

countTrue :: Tree -> Int
countTrue Leaf = 0
countTrue (Node _ left _ value right) =
  countTrue left + (if value then 1 else 0) + countTrue right

main :: IO ()
main = do
  [word] <- getArgs
  let n = read word
      go !tree key
        | key > n = tree
        | otherwise = go (insert tree key (key `rem` 10 == 0)) (key + 1)
  print (countTrue (go Leaf 1))
