"""A thread with a stack deep enough for deeply nested programs.

Comes in: a function without arguments. Goes out: its result, or its exception. Promises: recursion
over a syntax tree tens of thousands of levels deep does not end the process; Ctrl-C is noticed
while the function runs.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar, cast

Result = TypeVar("Result")

STACK_SIZES = (512 * 1024 * 1024, 64 * 1024 * 1024)

# Half a kilobyte of stack for every level, which is more than the interpreter needs for one.
_BYTES_PER_LEVEL = 1024


class _Work(threading.Thread, Generic[Result]):
    """Runs a function and keeps what comes of it."""

    def __init__(self, function: Callable[[], Result], levels: int) -> None:
        super().__init__(name="clef", daemon=True)
        self.function = function
        self.levels = levels
        self.result: Result | None = None
        self.error: BaseException | None = None

    def run(self) -> None:
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, self.levels))
        try:
            self.result = self.function()
        except BaseException as error:  # handed on to the waiting thread, whatever it is
            self.error = error
        finally:
            sys.setrecursionlimit(limit)


def _start(function: Callable[[], Result]) -> _Work[Result]:
    """The largest stack that the system grants."""
    former = threading.stack_size()
    try:
        for size in STACK_SIZES:
            work = _Work(function, size // _BYTES_PER_LEVEL)
            try:
                threading.stack_size(size)
                work.start()
            except (RuntimeError, ValueError, MemoryError):
                continue
            return work
    finally:
        threading.stack_size(former)
    work = _Work(function, 20_000)
    work.start()
    return work


def run_deep(function: Callable[[], Result]) -> Result:
    """Call the function on a deep stack and wait for it."""
    if threading.current_thread().name == "clef":
        return function()
    return _outcome(_start(function))


def run_side_by_side(functions: Sequence[Callable[[], Result]]) -> list[Result]:
    """Call each function on a deep stack of its own, all at once, and wait for them."""
    return [_outcome(work) for work in [_start(function) for function in functions]]


def _outcome(work: _Work[Result]) -> Result:
    # A wait without a limit would hold back Ctrl-C on some systems.
    while work.is_alive():
        work.join(0.2)
    if work.error is not None:
        raise work.error
    return cast("Result", work.result)
