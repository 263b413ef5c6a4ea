package main

import (
	"fmt"
	"os"
	"strconv"
)

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	counts := map[int32]int32{}
	key := 1
	for i := 1; i <= n; i++ {
		key = (key*1103515245 + 12345) & 0x7fffffff
		counts[int32(key%(n/4))] += int32(i)
	}
	sum := int64(0)
	for k := int32(0); k <= int32(n/2); k++ {
		if count, found := counts[k]; found {
			sum += int64(count)
			if k%3 == 0 {
				delete(counts, k)
			}
		}
	}
	names := map[string]int{}
	for i := 1; i <= n/4; i++ {
		names["key"+strconv.Itoa(i*7%(n/8))]++
	}
	most := 0
	for _, count := range names {
		if count > most {
			most = count
		}
	}
	fmt.Println(len(counts), sum, len(names), most)
}
