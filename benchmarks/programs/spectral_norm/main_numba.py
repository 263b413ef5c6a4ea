import sys
from math import sqrt

import numpy as np
from numba import njit


@njit(cache=True)
def element(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


@njit(cache=True)
def multiply_both(v, result, temporary):
    for i in range(len(v)):
        total = 0.0
        for j in range(len(v)):
            total += element(i, j) * v[j]
        temporary[i] = total
    for i in range(len(v)):
        total = 0.0
        for j in range(len(v)):
            total += element(j, i) * temporary[j]
        result[i] = total


n = int(sys.argv[1])
u, v, temporary = np.ones(n), np.zeros(n), np.zeros(n)
for _ in range(10):
    multiply_both(u, v, temporary)
    multiply_both(v, u, temporary)
print(f"{sqrt(u.dot(v) / v.dot(v)):.9f}")
