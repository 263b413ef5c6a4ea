/* How many points of a grid stay bounded: the same steps as main.clef. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { LIMIT = 50 };

static int escapes(double cr, double ci) {
    double zr = 0.0, zi = 0.0;
    for (int n = 0; n < LIMIT; n++) {
        double rr = zr * zr;
        double ii = zi * zi;
        if (rr + ii > 4.0) return n;
        zi = 2.0 * zr * zi + ci;
        zr = rr - ii + cr;
    }
    return LIMIT;
}

int main(int count, char **arguments) {
    int n = count > 1 ? atoi(arguments[1]) : 1500;
    int inside = 0;
    uint32_t checksum = 0;
    for (int y = 0; y < n; y++) {
        double ci = 2.0 * (double)y / (double)n - 1.0;
        for (int x = 0; x < n; x++) {
            double cr = 2.0 * (double)x / (double)n - 1.5;
            int steps = escapes(cr, ci);
            if (steps == LIMIT) inside++;
            checksum = checksum * 31u + (uint32_t)steps;
        }
    }
    printf("%d %u\n", inside, checksum);
    return 0;
}
