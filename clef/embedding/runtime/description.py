"""A library that describes itself: what Python loads, in one file.

Comes in: a shared library and a description. Goes out: the library with the description behind it,
where the system's loader does not look. Promises: `description_of` gives what `with_description`
was given; a file without a description is told apart.
"""

from __future__ import annotations

import json
from typing import Any, cast

MARK = b"CLEFDESCRIPTION1"


def with_description(library: bytes, description: dict[str, Any]) -> bytes:
    """The library, the description, its size, and a mark."""
    text = json.dumps(description, separators=(",", ":"), sort_keys=True).encode()
    return library + text + len(text).to_bytes(8, "little") + MARK


def description_of(content: bytes) -> dict[str, Any]:
    """The description of a library; ValueError when it has none."""
    if not content.endswith(MARK):
        raise ValueError("not a library that Python can load")
    end = len(content) - len(MARK) - 8
    size = int.from_bytes(content[end : end + 8], "little")
    return cast("dict[str, Any]", json.loads(content[end - size : end]))
