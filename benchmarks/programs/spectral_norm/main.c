/* The spectral norm of an infinite matrix: the same steps as main.clef. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double element(int i, int j) {
    int d = (i + j) * (i + j + 1) / 2 + i + 1;
    return 1.0 / (double)d;
}

static void multiply(int n, const double *v, double *result) {
    for (int i = 0; i < n; i++) {
        double sum = 0.0;
        for (int j = 0; j < n; j++) sum += element(i, j) * v[j];
        result[i] = sum;
    }
}

static void multiply_transposed(int n, const double *v, double *result) {
    for (int i = 0; i < n; i++) {
        double sum = 0.0;
        for (int j = 0; j < n; j++) sum += element(j, i) * v[j];
        result[i] = sum;
    }
}

static void multiply_both(int n, const double *v, double *result, double *temporary) {
    multiply(n, v, temporary);
    multiply_transposed(n, temporary, result);
}

int main(int count, char **arguments) {
    int n = count > 1 ? atoi(arguments[1]) : 1000;
    double *u = malloc(n * sizeof(double));
    double *v = calloc(n, sizeof(double));
    double *temporary = calloc(n, sizeof(double));
    for (int i = 0; i < n; i++) u[i] = 1.0;
    for (int i = 0; i < 10; i++) {
        multiply_both(n, u, v, temporary);
        multiply_both(n, v, u, temporary);
    }
    double product = 0.0, squares = 0.0;
    for (int i = 0; i < n; i++) {
        product += u[i] * v[i];
        squares += v[i] * v[i];
    }
    printf("%.9f\n", sqrt(product / squares));
    free(u);
    free(v);
    free(temporary);
    return 0;
}
