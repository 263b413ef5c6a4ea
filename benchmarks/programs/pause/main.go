package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

type list struct {
	head int32
	tail *list
}

type cell struct {
	key    int32
	name   string
	values *list
}

func newCell(key int32) *cell {
	return &cell{key, "cell " + strconv.Itoa(int(key)), &list{key, &list{key + 1, &list{key + 2, nil}}}}
}

func length(l *list) int32 {
	n := int32(0)
	for ; l != nil; l = l.tail {
		n++
	}
	return n
}

func main() {
	megabytes, _ := strconv.Atoi(os.Args[1])
	ticks := 1000
	count := int32(megabytes * 5000)
	cells := make([]*cell, count)
	for i := range cells {
		cells[i] = newCell(int32(i))
	}
	start := time.Now()
	var longest time.Duration
	key, sum := int32(0), int32(0)
	for tick := 1; tick <= ticks; tick++ {
		for time.Since(start) < time.Duration(tick)*time.Millisecond {
		}
		for i := 0; i < 200; i++ {
			key = (key + 7919) % count
			cells[key] = newCell(key + 1)
			sum = (sum + length(cells[key].values) + int32(len(cells[key].name))) & 0xffffff
		}
		if late := time.Since(start) - time.Duration(tick)*time.Millisecond; late > longest {
			longest = late
		}
	}
	fmt.Printf("%d cells, sum %d\n", count, sum)
	fmt.Fprintf(os.Stderr, "longest %d us\n", longest.Microseconds())
}
