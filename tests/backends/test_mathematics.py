"""Mathematical functions: the nearest double, the same on every target, special cases as IEEE 754
has them.
"""

from __future__ import annotations

import ctypes
import math
import random
import struct
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from clef.backends import CompileOptions, compile_module, find_target
from clef.link.jit import LoadedModule, load_object
from tests.backends.programs import (
    PRINT_HEX,
    TARGETS,
    build_and_run,
    print_function,
    target_named,
)

ONE = [
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "acosh",
    "atanh",
    "exp",
    "exp2",
    "expm1",
    "log",
    "log2",
    "log10",
    "log1p",
    "cbrt",
]
TWO = ["pow", "atan2", "hypot"]


def _forwarder(name: str, count: int) -> str:
    types = ", ".join(["f64"] * count)
    parameters = ", ".join(f"%a{i}: f64" for i in range(count))
    arguments = ", ".join(f"%a{i}" for i in range(count))
    return (
        f"llvm.func @clef_math_{name}({types}) -> f64\n"
        f"llvm.func @{name}_({parameters}) -> f64 {{\n"
        f"  %r = llvm.call @clef_math_{name}({arguments}) : ({types}) -> f64\n"
        "  llvm.return %r : f64\n}\n"
    )


@cache
def _module() -> LoadedModule:
    target = find_target("native")
    if target is None or target.system != "linux":
        pytest.skip("not a Linux machine")
    text = "".join(_forwarder(name, 1) for name in ONE) + "".join(_forwarder(n, 2) for n in TWO)
    code = compile_module(text, target, CompileOptions(position_independent=True)).object_code
    module = load_object(code, target)
    assert isinstance(module, LoadedModule)
    return module


def _function(name: str, count: int) -> Callable[..., float]:
    return _module().function(f"{name}_", ctypes.c_double, *[ctypes.c_double] * count)


def _distance(a: float, b: float) -> int:
    """How many doubles apart two numbers are."""
    if a == b or (math.isnan(a) and math.isnan(b)):
        return 0
    if math.isnan(a) or math.isnan(b):
        return 1 << 60

    def place(x: float) -> int:
        bits = int(struct.unpack("<q", struct.pack("<d", x))[0])
        return bits if bits >= 0 else -(bits & (1 << 63) - 1)

    return abs(place(a) - place(b))


def _python(name: str) -> Callable[..., float]:
    named: Callable[..., float] | None = getattr(math, name, None)
    return named if named is not None else {"exp2": lambda x: 2.0**x, "cbrt": _root}[name]


def _root(x: float) -> float:
    return math.copysign(abs(x) ** (1 / 3), x)


@pytest.mark.parametrize("name", ONE)
def test_close_to_the_c_library(name: str) -> None:
    ours, theirs = _function(name, 1), _python(name)
    generator = random.Random(name)
    for _ in range(3000):
        x = generator.uniform(-1, 1) * 10 ** generator.uniform(-10, 2)
        try:
            expected = theirs(x)
        except (ValueError, OverflowError):
            continue
        assert _distance(ours(x), expected) <= 4, x


@pytest.mark.parametrize("name", TWO)
def test_close_to_the_c_library_with_two_arguments(name: str) -> None:
    ours, theirs = _function(name, 2), _python(name)
    generator = random.Random(name)
    for _ in range(3000):
        x, y = generator.uniform(0, 20), generator.uniform(-30, 30)
        assert _distance(ours(x, y), theirs(x, y)) <= 1, (x, y)


@pytest.mark.parametrize(
    ("name", "argument", "result"),
    [
        ("sin", 1.0, 0.8414709848078965),
        ("sin", 1e300, -0.8178819121159085),
        ("cos", 1e22, 0.523214785395139),
        ("tan", 1183631.167346056, math.tan(1183631.167346056)),
        ("exp", 1.0, math.e),
        ("exp", 710.0, math.inf),
        ("exp", -745.0, 5e-324),
        ("exp", -708.207438342903, 2.6879270932955127e-308),
        ("exp2", -1074.0, 5e-324),
        ("log", 0.0, -math.inf),
        ("log", -1.0, math.nan),
        ("log10", 1000.0, 3.0),
        ("log2", 8.0, 3.0),
        ("log2", 5e-324, -1074.0),
        ("log1p", 1e-300, 1e-300),
        ("expm1", -0.0, -0.0),
        ("asin", 1.0, math.pi / 2),
        ("acos", -1.0, math.pi),
        ("acos", 1.5, math.nan),
        ("tanh", 100.0, 1.0),
        ("cosh", -800.0, math.inf),
        ("cbrt", -27.0, -3.0),
        ("atanh", 1.0, math.inf),
        ("sin", math.inf, math.nan),
    ],
)
def test_known_values(name: str, argument: float, result: float) -> None:
    found = _function(name, 1)(argument)
    assert _distance(found, result) == 0
    assert math.copysign(1, found) == math.copysign(1, result) or math.isnan(result)


@pytest.mark.parametrize(
    ("x", "y", "result"),
    [
        (2.0, 10.0, 1024.0),
        (7.0, 19.0, 1.1398895185373144e16),
        (10.0, -2.0, 0.01),
        (-2.0, 3.0, -8.0),
        (-2.0, 0.5, math.nan),
        (0.0, -1.0, math.inf),
        (-0.0, -3.0, -math.inf),
        (1.0, math.nan, 1.0),
        (math.nan, 0.0, 1.0),
        (-1.0, math.inf, 1.0),
        (0.5, 1e300, 0.0),
        (1.5, 2.0, 2.25),
    ],
)
def test_powers(x: float, y: float, result: float) -> None:
    assert _distance(_function("pow", 2)(x, y), result) == 0


def _checksum_program() -> str:
    """All functions at many points, mixed into one number."""
    declarations = "".join(f"llvm.func @clef_math_{name}(f64) -> f64\n" for name in ONE)
    declarations += "".join(f"llvm.func @clef_math_{name}(f64, f64) -> f64\n" for name in TWO)
    lines: list[str] = []
    for name in ONE:
        lines.append(f"%v_{name} = llvm.call @clef_math_{name}(%x) : (f64) -> f64")
    for name in TWO:
        lines.append(f"%v_{name} = llvm.call @clef_math_{name}(%x, %y) : (f64, f64) -> f64")
    lines.append("%v_rem = arith.remf %y, %x : f64")
    previous = "%sum"
    for index, name in enumerate([*ONE, *TWO, "rem"]):
        lines += [
            f"%n{index} = arith.cmpf uno, %v_{name}, %v_{name} : f64",
            f"%c{index} = arith.select %n{index}, %half, %v_{name} : f64",
            f"%b{index} = arith.bitcast %c{index} : f64 to i64",
            f"%m{index} = arith.muli {previous}, %prime : i64",
            f"%s{index} = arith.xori %m{index}, %b{index} : i64",
        ]
        previous = f"%s{index}"
    body = "\n    ".join(lines)
    return f"""{declarations}
llvm.func internal @run(%start: f64, %step: f64) -> i64 attributes {{no_inline}} {{
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %prime = arith.constant 1099511628211 : i64
  %half = arith.constant 0.5 : f64
  %count = arith.constant 300 : i64
  %sum0 = arith.constant 14695981039346656037 : i64
  %y0 = arith.constant 0.37 : f64
  %r:3 = scf.for %i = %zero to %count step %one iter_args(%sum = %sum0, %x = %start, %y = %y0)
      -> (i64, f64, f64) : i64 {{
    {body}
    %xx = arith.addf %x, %step : f64
    %yy = arith.subf %y, %step : f64
    scf.yield {previous}, %xx, %yy : i64, f64, f64
  }}
  llvm.return %r#0 : i64
}}
llvm.func @clef_start(%stack: !llvm.ptr) -> i32 {{
  %a = arith.constant -3.7 : f64
  %b = arith.constant 0.0271 : f64
  %r = llvm.call @run(%a, %b) : (f64, f64) -> i64
  llvm.call @print_hex(%r) : (i64) -> ()
  %c = arith.constant 1.0e5 : f64
  %d = arith.constant 12345.678 : f64
  %s = llvm.call @run(%c, %d) : (f64, f64) -> i64
  llvm.call @print_hex(%s) : (i64) -> ()
  %z = arith.constant 0 : i32
  llvm.return %z : i32
}}
"""


def test_all_targets_agree_to_the_last_bit(tmp_path: Path) -> None:
    outputs: set[str] = set()
    for name in TARGETS:
        target = target_named(name)
        program = print_function(target) + PRINT_HEX + _checksum_program()
        outputs.add(build_and_run(program, target, tmp_path).output)
    assert len(outputs) == 1
