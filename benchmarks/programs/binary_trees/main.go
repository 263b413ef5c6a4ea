package main

import (
	"fmt"
	"os"
	"strconv"
)

type tree struct{ left, right *tree }

func newTree(depth int) *tree {
	if depth == 0 {
		return &tree{}
	}
	return &tree{newTree(depth - 1), newTree(depth - 1)}
}

func count(t *tree) int {
	if t == nil {
		return 0
	}
	return 1 + count(t.left) + count(t.right)
}

func main() {
	deepest, _ := strconv.Atoi(os.Args[1])
	fmt.Printf("stretch tree of depth %d: %d\n", deepest+1, count(newTree(deepest+1)))
	longLived := newTree(deepest)
	for depth := 4; depth <= deepest; depth += 4 {
		times := 1 << (deepest - depth + 4)
		total := 0
		for i := 0; i < times; i++ {
			total += count(newTree(depth))
		}
		fmt.Printf("%d trees of depth %d: %d\n", times, depth, total)
	}
	fmt.Printf("long lived tree of depth %d: %d\n", deepest, count(longLived))
}
