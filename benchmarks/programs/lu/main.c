#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static long long seed = 42;

static double next(void) {
    seed = (seed * 1103515245LL + 12345LL) & 0x7fffffff;
    return seed / 2147483648.0 - 0.5;
}

static double decompose(int n, double **rows) {
    double sign = 1;
    for (int k = 0; k < n; k++) {
        int pivot = k;
        for (int i = k + 1; i < n; i++)
            if (fabs(rows[i][k]) > fabs(rows[pivot][k])) pivot = i;
        if (pivot != k) {
            double *row = rows[k];
            rows[k] = rows[pivot];
            rows[pivot] = row;
            sign = -sign;
        }
        const double *top = rows[k];
        for (int i = k + 1; i < n; i++) {
            double *row = rows[i], factor = row[k] / top[k];
            row[k] = factor;
            for (int j = k + 1; j < n; j++) row[j] -= factor * top[j];
        }
    }
    return sign;
}

int main(int argc, char **argv) {
    int n = atoi(argv[1]);
    double **rows = malloc(n * sizeof *rows);
    for (int i = 0; i < n; i++) {
        rows[i] = malloc(n * sizeof **rows);
        for (int j = 0; j < n; j++) rows[i][j] = next();
    }
    int negative = decompose(n, rows) < 0;
    double logarithm = 0;
    for (int i = 0; i < n; i++) {
        logarithm += log(fabs(rows[i][i]));
        if (rows[i][i] < 0) negative = !negative;
    }
    printf("%.6f %s\n", logarithm, negative ? "true" : "false");
    return 0;
}
