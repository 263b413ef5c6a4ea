"""The five kernels in Python, which Numba compiles as they are."""

from __future__ import annotations

from typing import Any

import numpy


def add(a: int, b: int) -> int:
    return a + b


def dot(xs: Any, ys: Any) -> float:
    total = 0.0
    for i in range(len(xs)):
        total += xs[i] * ys[i]
    return total


def smooth(values: Any, rounds: int) -> None:
    for _ in range(rounds):
        for i in range(1, len(values) - 1):
            values[i] = 0.25 * values[i - 1] + 0.5 * values[i] + 0.25 * values[i + 1]


def mandelbrot(size: int, limit: int) -> int:
    inside = 0
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


def primes(limit: int) -> int:
    composite = numpy.zeros(limit + 1, numpy.uint8)
    count = 0
    for i in range(2, limit + 1):
        if composite[i] == 0:
            count += 1
            for j in range(i * i, limit + 1, i):
                composite[j] = 1
    return count
