package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strings"
)

func main() {
	file, _ := os.Open(os.Args[1])
	defer file.Close()
	counts := map[string]int{}
	total := 0
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		for _, word := range strings.Split(scanner.Text(), " ") {
			if word != "" {
				counts[word]++
				total++
			}
		}
	}
	words := make([]string, 0, len(counts))
	for word := range counts {
		words = append(words, word)
	}
	sort.Slice(words, func(i, j int) bool {
		n, m := counts[words[i]], counts[words[j]]
		return n > m || n == m && words[i] < words[j]
	})
	fmt.Printf("%d words, %d different\n", total, len(words))
	for i := 0; i < 10 && i < len(words); i++ {
		fmt.Println(words[i], counts[words[i]])
	}
}
