"""Arrays that Clef returned, as Python sees them.

Comes in: address and length of an array that the library holds for us. Goes out: a NumPy array, or
a memoryview. Promises: the elements are Clef's own, not a copy; they are given back when nothing
refers to them any more.
"""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Callable, Sequence
from typing import Any

_CODES = {8: "b", 16: "h", 32: "i", 64: "q"}


def format_code(told: Sequence[Any]) -> Any:
    """The item format of a memoryview."""
    if told[0] == "int":
        return _CODES[told[1]] if told[2] else _CODES[told[1]].upper()
    if told[0] == "float":
        return "d" if told[1] == 64 else "f"
    return "?"


def _itself(view: memoryview) -> memoryview:
    return view


def array_maker(
    told: Sequence[Any], kind: str, release: Callable[[int], Any]
) -> Callable[[int | None, int], Any]:
    """What makes arrays of one type of element; `kind` is "numpy" or "memoryview"."""
    code = format_code(told)
    size = int(told[1]) // 8 if len(told) > 1 else 1
    maker: Any = _itself
    if kind == "numpy":
        from functools import partial

        import numpy

        maker = partial(numpy.frombuffer, dtype=numpy.dtype(code))

    def make(address: int | None, length: int) -> Any:
        if not address or not length:
            return maker(memoryview(b"").cast(code) if kind != "numpy" else memoryview(b""))
        owner = (ctypes.c_ubyte * (length * size)).from_address(address)
        weakref.finalize(owner, release, address).atexit = False
        return maker(memoryview(owner).cast("B").cast(code))

    return make


def chosen_kind(asked: str) -> str:
    """The kind of arrays: as asked, else NumPy's where NumPy can be imported."""
    if asked not in ("", "numpy", "memoryview"):
        raise ValueError(f"arrays must be 'numpy' or 'memoryview', not {asked!r}")
    if asked:
        return asked
    from importlib.util import find_spec

    return "numpy" if find_spec("numpy") is not None else "memoryview"
