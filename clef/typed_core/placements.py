"""What attributes ask for a place in memory.

Comes in: the attributes of a definition. Goes out: its `Placement`, if there is one. Promises:
nothing is judged here; the memory plan does that.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.inference.typed_tree import Attribute
from clef.source import Span
from clef.typed_core.core import Placement

CACHE_LINE = 64


def placement_of(attributes: Iterable[Attribute], span: Span) -> Placement | None:
    """`[<Memory("place")>]`, `[<Align(n)>]` and `[<CacheLineAligned>]` together."""
    place, alignment = "", 0
    for attribute in attributes:
        given = attribute.arguments[0] if attribute.arguments else None
        match attribute.name.removesuffix("Attribute"):
            case "Memory":
                place = str(given)
            case "Align":
                alignment = given if isinstance(given, int) else -1
            case "CacheLineAligned":
                alignment = CACHE_LINE
            case _:
                pass
    return Placement(place, alignment, span) if place or alignment else None
