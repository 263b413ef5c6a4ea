"""Arithmetic at the edges, against F#'s rules. Operands come out of globals, so that nothing is
computed at compile time.
"""

from __future__ import annotations

import pytest

from clef.backends import Level
from clef.deep_stack import run_deep
from clef.typed_core import core as c
from tests.core_programs import Result, World, Writer, add_output, run

TYPES = {
    "int8": 8,
    "uint8": 8,
    "int16": 16,
    "uint16": 16,
    "int32": 32,
    "uint32": 32,
    "int64": 64,
    "uint64": 64,
    "float64": 0,
    "float32": 0,
}

# type, operation, operands (the second of the type, or int32 for shifts), result as an int32
CASES: list[tuple[str, str, tuple[object, ...], int]] = [
    ("int8", "add", (127, 1), -128),
    ("uint8", "sub", (0, 1), 255),
    ("int8", "div", (-128, -1), -128),
    ("int8", "rem", (-128, -1), 0),
    ("int16", "mul", (300, 300), 24464),
    ("int32", "mul", (1 << 20, 1 << 12), 0),
    ("int32", "div", (-7, 2), -3),
    ("int32", "rem", (-7, 2), -1),
    ("uint32", "div", (0xFFFFFFFF, 0x10), 0x0FFFFFFF),
    ("uint8", "div", (200, 7), 28),
    ("uint8", "shl", (1, 9), 2),
    ("int8", "shr", (-128, 9), -64),
    ("uint16", "shr", (0x8000, 15), 1),
    ("int32", "shl", (1, 33), 2),
    ("int32", "shr", (-8, 1), -4),
    ("uint32", "shr", (0xFFFFFFFF, 31), 1),
    ("int64", "shr", (-1 << 40, 104), -1),
    ("int64", "neg", (5,), -5),
    ("int32", "not_bits", (0,), -1),
    ("uint64", "clz", (1,), 63),
    ("uint32", "ctz", (0x80,), 7),
    ("int64", "popcount", (-1,), 64),
    ("uint32", "bswap", (0x01020304,), 0x04030201),
    ("uint64", "mul_high", (1 << 63, 6), 3),
    ("int64", "mul_high", (-1 << 62, 8), -2),
    ("float64", "truncate", (-2.7,), -2),
    ("float64", "round_even", (2.5,), 2),
    ("float64", "floor", (-2.5,), -3),
    ("float64", "rem", (-7.5, 2.0), -1),
    ("float64", "abs_float", (-3.0,), 3),
    ("float64", "sqrt", (81.0,), 9),
    ("float32", "add", (1.5, 2.5), 4),
]

COMPARISONS: list[tuple[str, str, tuple[object, object], bool]] = [
    ("uint32", "lt", (1, 0xFFFFFFFF), True),
    ("int32", "lt", (1, -1), False),
    ("float64", "eq", (float("nan"), float("nan")), False),
    ("float64", "ne", (float("nan"), 1.0), True),
    ("float64", "lt", (float("nan"), 1.0), False),
    ("uint8", "ge", (200, 100), True),
]

CONVERSIONS: list[tuple[str, object, str, int]] = [
    ("float64", 3.99, "int32", 3),
    ("float64", -3.99, "int32", -3),
    ("float64", 1e20, "int32", 2147483647),
    ("float64", float("nan"), "int32", 0),
    ("float64", 300.0, "uint8", 44),
    ("int32", 300, "uint8", 44),
    ("int32", -1, "uint16", 65535),
    ("int8", -1, "int32", -1),
    ("uint8", 255, "int32", 255),
    ("int64", (1 << 40) + 5, "int32", 5),
]

RAISING: list[tuple[str, str, tuple[object, ...]]] = [
    ("int32", "div", (1, 0)),
    ("int32", "div", (-(1 << 31), -1)),
    ("int64", "rem", (-(1 << 63), -1)),
    ("uint8", "rem", (1, 0)),
    ("int32", "add_checked", (2147483647, 1)),
    ("uint8", "sub_checked", (0, 1)),
    ("int64", "mul_checked", (1 << 40, 1 << 40)),
]


class Numbers:
    """One program that prints a line for each case."""

    def __init__(self) -> None:
        self.world = World()
        add_output(self.world)
        self.types = {name: self.world.builtin(f"T.{name}", name) for name in TYPES}
        self.types["int32"] = self.world.int
        self.count = 0
        self.exn = self.world.exception("Any")

    def operand(self, x: Writer, type: c.MonoType, value: object, steps: list[object]) -> str:
        """A global that holds the value, and its reading."""
        self.count += 1
        name = f"g{self.count}"
        self.world.variable(name, type)
        steps.append(lambda: x.write(name, x.atom(value, type)))
        steps.append((name, lambda: x.read(name)))
        return name

    def show(self, x: Writer, value: str, steps: list[object]) -> None:
        steps.append((f"{value}i", lambda: x.op("convert", self.world.int, value)))
        steps.append(lambda: x.call("print_int", f"{value}i"))


def build() -> tuple[World, str]:
    n = Numbers()
    w = n.world
    expected: list[int] = []

    def main(x: Writer) -> c.Expression:
        steps: list[object] = []
        for number, (name, operation, values, result) in enumerate(CASES):
            type = n.types[name]
            shift = operation in ("shl", "shr")
            kinds = [type, w.int if shift else type]
            operands = [
                n.operand(x, kind, value, steps) for kind, value in zip(kinds, values, strict=False)
            ]
            give = w.int if operation in ("clz", "ctz", "popcount") else type
            made = f"r{number}"
            steps.append((made, bound(x, operation, give, operands)))
            n.show(x, made, steps)
            expected.append(result)
        for number, (name, operation, values, truth) in enumerate(COMPARISONS):
            type = n.types[name]
            operands = [n.operand(x, type, value, steps) for value in values]
            steps.append((f"c{number}", bound(x, operation, w.bool, operands)))
            n.show(x, f"c{number}", steps)
            expected.append(int(truth))
        for number, (source, value, target, result) in enumerate(CONVERSIONS):
            operand = n.operand(x, n.types[source], value, steps)
            steps.append((f"k{number}", bound(x, "convert", n.types[target], [operand])))
            n.show(x, f"k{number}", steps)
            expected.append(result)
        for number, (name, operation, values) in enumerate(RAISING):
            type = n.types[name]
            operands = [n.operand(x, type, value, steps) for value in values]
            steps.append((f"e{number}", attempt(n, x, operation, type, operands)))
            steps.append(printed(x, f"e{number}"))
            expected.append(-77)
        steps.append(lambda: x.atom(0))
        return x.seq(*steps)

    w.define("main", [], w.int, main)
    return w, "".join(f"{number}\n" for number in expected)


def bound(x: Writer, operation: str, type: c.MonoType, operands: list[str]) -> object:
    return lambda: x.op(operation, type, *operands)


def printed(x: Writer, name: str) -> object:
    return lambda: x.call("print_int", name)


def attempt(n: Numbers, x: Writer, operation: str, type: c.MonoType, operands: list[str]) -> object:
    def body() -> c.Expression:
        return x.seq((f"v{n.count}", x.op(operation, type, *operands)), lambda: x.atom(1))

    return lambda: x.attempt(body, "error", n.exn, lambda: x.atom(-77))


@pytest.mark.parametrize("level", [Level.O0, Level.O2])
def test_numbers(level: Level) -> None:
    def whole() -> tuple[Result, str]:
        world, output = build()
        return run(world, level), output

    result, output = run_deep(whole)
    assert (result.output.split("\n"), result.code) == (output.split("\n"), 0)
