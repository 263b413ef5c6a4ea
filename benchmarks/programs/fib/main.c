/* The naive Fibonacci function: calls and additions. */
#include <stdio.h>
#include <stdlib.h>

static int fib(int n) {
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

int main(int count, char **arguments) {
    int n = count > 1 ? atoi(arguments[1]) : 38;
    printf("%d\n", fib(n));
    return 0;
}
