"""A chart of the ratios as SVG.

In: comparisons. Out: the text of a picture. Promises: one row for each program; its dots are the
peers, on a logarithmic scale; left of the line Clef is slower, right of it faster.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from benchmarks.comparison import Comparison

COLOURS = {
    "C": "#4c72b0",
    "Rust": "#b5651d",
    "OCaml": "#e6871f",
    "Haskell": "#7a5195",
    "Go": "#18a0b0",
    "F#": "#3c8d40",
    "Node": "#9a9a1f",
    "PyPy": "#c0392b",
    "Numba": "#7f7f7f",
}
LEFT, WIDTH, ROW, TOP = 150, 640, 22, 56
LOW, HIGH = 0.125, 32.0
"""The ends of the scale: how often faster than the peer Clef is."""


def chart(comparisons: Sequence[Comparison], peers: Sequence[str], figure: str) -> str:
    """The picture."""
    shown = [c for c in comparisons if c.clef.measured and c.others]
    height = TOP + ROW * len(shown) + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 30} {height}" '
        'font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
        *_legend(peers),
        *_scale(height - 34),
    ]
    for index, comparison in enumerate(shown):
        parts += _row(comparison, TOP + ROW * index + ROW // 2, peers, figure)
    return "\n".join([*parts, "</svg>", ""])


def _place(factor: float) -> float:
    within = min(max(factor, LOW), HIGH)
    return LEFT + WIDTH * math.log(within / LOW) / math.log(HIGH / LOW)


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _dot(x: float, y: float, name: str, title: str = "") -> str:
    colour = COLOURS.get(name, "black")
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{colour}" fill-opacity="0.85">'
        f"<title>{escape(title or name)}</title></circle>"
    )


def _legend(peers: Sequence[str]) -> list[str]:
    parts = [_text(10, 18, "How many times faster than …")]
    for index, name in enumerate(peers):
        x = LEFT + 60 + index * 66
        parts += [_dot(x, 14, name), _text(x + 9, 18, name)]
    return parts


def _scale(bottom: float) -> list[str]:
    parts: list[str] = []
    for power in range(round(math.log2(LOW)), round(math.log2(HIGH)) + 1):
        x, factor = _place(2.0**power), 2.0**power
        stroke = ("#333", 1.5) if power == 0 else ("#ddd", 1)
        parts.append(
            f'<line x1="{x:.1f}" y1="{TOP - 8}" x2="{x:.1f}" y2="{bottom}" '
            f'stroke="{stroke[0]}" stroke-width="{stroke[1]}"/>'
        )
        parts.append(_text(x, bottom + 16, f"{factor:g}×", "middle"))
    return parts


def _row(comparison: Comparison, y: float, peers: Sequence[str], figure: str) -> list[str]:
    parts = [_text(LEFT - 10, y + 4, comparison.program.name, "end")]
    for name in peers:
        ratio = comparison.ratio(name, figure)
        if ratio:
            parts.append(_dot(_place(1 / ratio), y, name, f"{name}: {1 / ratio:.2f}×"))
    return parts
