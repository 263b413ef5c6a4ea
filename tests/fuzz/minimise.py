"""Making a failing source small.

In: a source and a question that is true of it. Out: a smaller source of which it is still true.
Promises: an end after about `seconds`; the answer is never larger than the source.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from tests.fuzz.mutations import tokens_of


def _without(parts: Sequence[str], start: int, size: int) -> list[str]:
    return [*parts[:start], *parts[start + size :]]


def _reduce(parts: list[str], fails: Callable[[str], bool], deadline: float) -> list[str]:
    """Leave out runs of parts, long ones first, until nothing can be left out."""
    size = max(1, len(parts) // 2)
    while parts and time.monotonic() < deadline:
        start, changed = 0, False
        while start < len(parts) and time.monotonic() < deadline:
            shorter = _without(parts, start, size)
            if fails("".join(shorter)):
                parts, changed = shorter, True
            else:
                start += size
        if size > 1:
            size //= 2
        elif not changed:
            break
    return parts


def minimise(text: str, fails: Callable[[str], bool], seconds: float = 20.0) -> str:
    """Lines first, then tokens, then characters."""
    deadline = time.monotonic() + seconds
    text = "".join(_reduce(text.splitlines(keepends=True), fails, deadline))
    text = "".join(_reduce(tokens_of(text), fails, deadline))
    return "".join(_reduce([*text], fails, deadline))
