#include <stdio.h>
#include <stdlib.h>

enum { BLOCK = 64 };

static int least(int a, int b) { return a < b ? a : b; }

static void multiply(int n, const double *a, const double *b, double *c) {
    for (int kk = 0; kk < n; kk += BLOCK)
        for (int jj = 0; jj < n; jj += BLOCK)
            for (int i = 0; i < n; i++)
                for (int k = kk; k < least(kk + BLOCK, n); k++) {
                    double factor = a[i * n + k];
                    for (int j = jj; j < least(jj + BLOCK, n); j++)
                        c[i * n + j] += factor * b[k * n + j];
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
