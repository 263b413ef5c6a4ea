package main

import (
	"fmt"
	"os"
	"strconv"
)

type fn func(int32) int32
type step func(int32, fn) int32

func compose(f, g fn) fn { return func(x int32) int32 { return g(f(x)) } }

func newStep(weight int32) step {
	return func(state int32, next fn) int32 { return next((state*31 + weight) & 0xffffff) }
}

func both(first, second step) step {
	return func(state int32, next fn) int32 {
		return first(state, func(middle int32) int32 { return second(middle, next) })
	}
}

func counter(start int32) fn {
	count := start
	return func(by int32) int32 {
		count += by
		return count
	}
}

func id(x int32) int32 { return x }

func main() {
	parsed, _ := strconv.Atoi(os.Args[1])
	n := int32(parsed)
	total := int32(0)
	for i := int32(1); i <= n; i++ {
		adders := make([]fn, 0, 4)
		for k := i; k < i+4; k++ {
			k := k
			adders = append(adders, func(x int32) int32 { return x + k })
		}
		all := fn(id)
		for _, adder := range adders {
			all = compose(all, adder)
		}
		total = (total + all(i)) & 0xffffff
	}
	machine := newStep(1)
	for weight := int32(2); weight <= 16; weight++ {
		machine = both(machine, newStep(weight))
	}
	for i := int32(0); i < n; i++ {
		total = machine(total, id)
	}
	counters := make([]fn, 16)
	for i := range counters {
		counters[i] = counter(int32(i))
	}
	for i := int32(1); i <= n; i++ {
		for _, count := range counters {
			total = (total ^ count(i)) & 0xffffff
		}
	}
	fmt.Println(total)
}
