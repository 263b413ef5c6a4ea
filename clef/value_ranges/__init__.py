"""Which checks cannot fail: integers between bounds, indices below lengths."""

from clef.value_ranges.analysis import Ranges, find_ranges
from clef.value_ranges.rewriting import drop_proven

__all__ = ["Ranges", "drop_proven", "find_ranges"]
