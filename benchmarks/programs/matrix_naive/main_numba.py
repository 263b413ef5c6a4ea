import sys

import numpy as np
from numba import njit


@njit(cache=True)
def multiply(n, a, b, c):
    for i in range(n):
        for j in range(n):
            total = 0.0
            for k in range(n):
                total += a[i * n + k] * b[k * n + j]
            c[i * n + j] = total


n = int(sys.argv[1])
a = np.arange(n * n) % 17 + 0.5
b = np.arange(n * n) % 13 - 0.25
c = np.zeros(n * n)
multiply(n, a, b, c)
print(f"{c[:: n + 1].sum():.3f} {c[n - 1]:.3f}")
