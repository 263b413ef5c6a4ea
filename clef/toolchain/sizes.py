"""Numbers of bytes as people write them.

Comes in: a value of a TOML file. Goes out: bytes, or nothing when it says no size. Promises: K, M
and G are powers of 1024.
"""

from __future__ import annotations

_FACTORS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3}


def parse_size(value: object) -> int | None:
    """Bytes from a number or from a text such as `64K`, `1 MB`, `2GiB`."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if value > 0 else None
    if not isinstance(value, str):
        return None
    word = value.strip().upper().removesuffix("IB").removesuffix("B")
    digits = word.rstrip("KMG").strip()
    unit = word[len(word.rstrip("KMG")) :]
    if not digits.isdecimal() or unit not in _FACTORS or int(digits) == 0:
        return None
    return int(digits) * _FACTORS[unit]
