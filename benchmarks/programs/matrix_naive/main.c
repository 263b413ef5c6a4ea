#include <stdio.h>
#include <stdlib.h>

static void multiply(int n, const double *a, const double *b, double *c) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int k = 0; k < n; k++) sum += a[i * n + k] * b[k * n + j];
            c[i * n + j] = sum;
        }
}

int main(int argc, char **argv) {
    int n = atoi(argv[1]);
    double *a = malloc(sizeof(double) * n * n), *b = malloc(sizeof(double) * n * n);
    double *c = calloc(n * n, sizeof(double)), trace = 0;
    for (int i = 0; i < n * n; i++) {
        a[i] = i % 17 + 0.5;
        b[i] = i % 13 - 0.25;
    }
    multiply(n, a, b, c);
    for (int i = 0; i < n; i++) trace += c[i * n + i];
    printf("%.3f %.3f\n", trace, c[n - 1]);
    free(a), free(b), free(c);
    return 0;
}
