import sys

import numpy as np
from numba import njit

BLOCK = 64


@njit(cache=True)
def multiply(n, a, b, c):
    for kk in range(0, n, BLOCK):
        for jj in range(0, n, BLOCK):
            for i in range(n):
                for k in range(kk, min(kk + BLOCK, n)):
                    factor = a[i * n + k]
                    for j in range(jj, min(jj + BLOCK, n)):
                        c[i * n + j] += factor * b[k * n + j]


n = int(sys.argv[1])
a = np.arange(n * n) % 17 + 0.5
b = np.arange(n * n) % 13 - 0.25
c = np.zeros(n * n)
multiply(n, a, b, c)
print(f"{c[:: n + 1].sum():.3f} {c[n - 1]:.3f}")
