"""Pieces of sentences that several messages about projects have in common.

Comes in: names. Goes out: words.
"""

from __future__ import annotations


def or_list(names: tuple[str, ...]) -> str:
    """Names of which one will do."""
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " or " + quoted[-1]
