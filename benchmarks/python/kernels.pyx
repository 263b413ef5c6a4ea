# cython: language_level=3, boundscheck=True, wraparound=False
"""The five kernels in Cython, with checked indices."""

from libc.stdint cimport int32_t, int64_t


def add(int32_t a, int32_t b):
    return <int32_t>(a + b)


def dot(const double[::1] xs, const double[::1] ys):
    cdef double total = 0.0
    cdef Py_ssize_t i
    for i in range(xs.shape[0]):
        total += xs[i] * ys[i]
    return total


def smooth(double[::1] values, int32_t rounds):
    cdef Py_ssize_t i
    cdef int32_t r
    for r in range(rounds):
        for i in range(1, values.shape[0] - 1):
            values[i] = 0.25 * values[i - 1] + 0.5 * values[i] + 0.25 * values[i + 1]


def mandelbrot(int32_t size, int32_t limit):
    cdef int32_t inside = 0, row, column, step
    cdef double a, b, x, y, following
    for row in range(size):
        for column in range(size):
            a = 3.0 * column / size - 2.0
            b = 2.0 * row / size - 1.0
            x = y = 0.0
            step = 0
            while step < limit and x * x + y * y <= 4.0:
                following = x * x - y * y + a
                y = 2.0 * x * y + b
                x = following
                step += 1
            if step == limit:
                inside += 1
    return inside


def primes(int32_t limit):
    cdef unsigned char[::1] composite = bytearray(limit + 1)
    cdef int32_t count = 0, i
    cdef int64_t j
    for i in range(2, limit + 1):
        if not composite[i]:
            count += 1
            j = <int64_t>i * i
            while j <= limit:
                composite[j] = 1
                j += i
    return count
