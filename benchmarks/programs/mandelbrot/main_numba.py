import sys

from numba import njit

LIMIT = 50


@njit(cache=True)
def escapes(cr, ci):
    zr = zi = 0.0
    for n in range(LIMIT):
        rr, ii = zr * zr, zi * zi
        if rr + ii > 4.0:
            return n
        zr, zi = rr - ii + cr, 2.0 * zr * zi + ci
    return LIMIT


@njit(cache=True)
def whole(n):
    inside = checksum = 0
    for y in range(n):
        ci = 2.0 * y / n - 1.0
        for x in range(n):
            steps = escapes(2.0 * x / n - 1.5, ci)
            inside += steps == LIMIT
            checksum = (checksum * 31 + steps) & 0xFFFFFFFF
    return inside, checksum


print(*whole(int(sys.argv[1])))
