package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

func hash(text string) uint32 {
	h := uint32(7)
	for _, c := range text {
		h = h*31 + uint32(c)
	}
	return h
}

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	var builder strings.Builder
	for i := 1; i <= n; i++ {
		builder.WriteString("item ")
		builder.WriteString(strconv.Itoa(i))
		builder.WriteByte(',')
		builder.WriteString(strconv.Itoa(i * 7 % 1000))
		builder.WriteByte('\n')
	}
	text := builder.String()
	fmt.Println(len(text), hash(text))
	pieces := make([]string, 0, n)
	for i := 1; i <= n; i++ {
		pieces = append(pieces, "<"+strconv.Itoa(i)+">")
	}
	joined := strings.Join(pieces, ";")
	fmt.Println(len(joined), hash(joined))
	longest := 0
	for i := 1; i <= n/10; i++ {
		formatted := fmt.Sprintf("%s has %d of %08x", "name", i, i*31)
		if len(formatted) > longest {
			longest = len(formatted)
		}
	}
	fmt.Println(longest)
}
