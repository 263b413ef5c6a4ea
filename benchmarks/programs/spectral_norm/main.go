package main

import (
	"fmt"
	"math"
	"os"
	"strconv"
)

func element(i, j int) float64 { return 1 / float64((i+j)*(i+j+1)/2+i+1) }

func multiply(v, result []float64) {
	for i := range result {
		sum := 0.0
		for j := range v {
			sum += element(i, j) * v[j]
		}
		result[i] = sum
	}
}

func multiplyTransposed(v, result []float64) {
	for i := range result {
		sum := 0.0
		for j := range v {
			sum += element(j, i) * v[j]
		}
		result[i] = sum
	}
}

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	u, v, temporary := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range u {
		u[i] = 1
	}
	for i := 0; i < 10; i++ {
		multiply(u, temporary)
		multiplyTransposed(temporary, v)
		multiply(v, temporary)
		multiplyTransposed(temporary, u)
	}
	product, squares := 0.0, 0.0
	for i := range u {
		product += u[i] * v[i]
		squares += v[i] * v[i]
	}
	fmt.Printf("%.9f\n", math.Sqrt(product/squares))
}
