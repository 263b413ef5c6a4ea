/* Flips of prefixes over all permutations: the same steps as main.clef. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static int count_flips(int *work) {
    int flips = 0;
    int first = work[0];
    while (first != 0) {
        int low = 0, high = first;
        while (low < high) {
            int item = work[low];
            work[low] = work[high];
            work[high] = item;
            low++;
            high--;
        }
        flips++;
        first = work[0];
    }
    return flips;
}

static bool next(int n, int *permutation, int *counts) {
    for (int r = 1; r < n; r++) {
        int first = permutation[0];
        for (int i = 0; i < r; i++) permutation[i] = permutation[i + 1];
        permutation[r] = first;
        counts[r]++;
        if (counts[r] <= r) return true;
        counts[r] = 0;
    }
    return false;
}

int main(int count, char **arguments) {
    int n = count > 1 ? atoi(arguments[1]) : 10;
    int *permutation = malloc(n * sizeof(int));
    int *counts = calloc(n, sizeof(int));
    int *work = calloc(n, sizeof(int));
    for (int i = 0; i < n; i++) permutation[i] = i;
    int checksum = 0, most = 0, index = 0;
    do {
        if (permutation[0] != 0) {
            for (int i = 0; i < n; i++) work[i] = permutation[i];
            int flips = count_flips(work);
            if (flips > most) most = flips;
            checksum += index % 2 == 0 ? flips : -flips;
        }
        index++;
    } while (next(n, permutation, counts));
    printf("%d\nPfannkuchen(%d) = %d\n", checksum, n, most);
    free(permutation);
    free(counts);
    free(work);
    return 0;
}
