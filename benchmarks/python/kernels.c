/* The five kernels in C, called through ctypes. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

int32_t add(int32_t a, int32_t b) { return (int32_t)((uint32_t)a + (uint32_t)b); }

double dot(const double *xs, const double *ys, int64_t count) {
    double total = 0.0;
    for (int64_t i = 0; i < count; i++) total += xs[i] * ys[i];
    return total;
}

void smooth(double *values, int64_t count, int32_t rounds) {
    for (int32_t round = 0; round < rounds; round++)
        for (int64_t i = 1; i < count - 1; i++) values[i] = 0.25 * values[i - 1] + 0.5 * values[i] + 0.25 * values[i + 1];
}

int32_t mandelbrot(int32_t size, int32_t limit) {
    int32_t inside = 0;
    for (int32_t row = 0; row < size; row++)
        for (int32_t column = 0; column < size; column++) {
            double a = 3.0 * column / size - 2.0, b = 2.0 * row / size - 1.0, x = 0.0, y = 0.0;
            int32_t step = 0;
            while (step < limit && x * x + y * y <= 4.0) {
                double next = x * x - y * y + a;
                y = 2.0 * x * y + b;
                x = next;
                step++;
            }
            if (step == limit) inside++;
        }
    return inside;
}

int32_t primes(int32_t limit) {
    bool *composite = calloc((size_t)limit + 1, 1);
    int32_t count = 0;
    for (int32_t i = 2; i <= limit; i++)
        if (!composite[i]) {
            count++;
            for (int64_t j = (int64_t)i * i; j <= limit; j += i) composite[j] = true;
        }
    free(composite);
    return count;
}
