"""The sizes of an executable as a page: areas within areas.

Comes in: a `SizeReport`. Goes out: HTML. Promises: one file that needs nothing from elsewhere;
areas are as large as what they stand for; names are escaped.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from clef.command_line.size_report import ORIGINS, SizeReport
from clef.data_classes import dataclass, field

_WIDTH, _HEIGHT = 1200.0, 760.0
_HEAD = 18.0
_SMALLEST = 3.0


@dataclass(slots=True)
class Area:
    """Something with a size, made of smaller ones or not."""

    name: str
    size: int
    origin: str
    inner: list[Area] = field(default_factory=list["Area"])


@dataclass(frozen=True, slots=True)
class Rectangle:
    x: float
    y: float
    width: float
    height: float


def squarified(sizes: Sequence[float], room: Rectangle) -> list[Rectangle]:
    """Rectangles of these sizes, largest first, that fill the room and are as square as can be
    (Bruls, Huizing, van Wijk, 2000).
    """
    total = sum(sizes)
    if not sizes or total <= 0:
        return []
    scale = room.width * room.height / total
    areas = [size * scale for size in sizes]
    placed: list[Rectangle] = []
    start = 0
    while start < len(areas):
        side = min(room.width, room.height)
        end = start + 1
        while end < len(areas) and _worst(areas[start : end + 1], side) <= _worst(
            areas[start:end], side
        ):
            end += 1
        row, room = _row(areas[start:end], room)
        placed += row
        start = end
    return placed


def _worst(row: Sequence[float], side: float) -> float:
    """How far from square the worst rectangle of a row is."""
    whole = sum(row)
    if whole <= 0 or side <= 0:
        return float("inf")
    return max(side * side * max(row) / (whole * whole), whole * whole / (side * side * min(row)))


def _row(row: Sequence[float], room: Rectangle) -> tuple[list[Rectangle], Rectangle]:
    """Lay a row along the shorter side; what room is left."""
    whole = sum(row)
    placed: list[Rectangle] = []
    if room.width >= room.height:
        width = whole / room.height if room.height else 0.0
        y = room.y
        for area in row:
            height = area / width if width else 0.0
            placed.append(Rectangle(room.x, y, width, height))
            y += height
        return placed, Rectangle(room.x + width, room.y, room.width - width, room.height)
    height = whole / room.width if room.width else 0.0
    x = room.x
    for area in row:
        width = area / height if height else 0.0
        placed.append(Rectangle(x, room.y, width, height))
        x += width
    return placed, Rectangle(room.x, room.y + height, room.width, room.height - height)


def areas_of(report: SizeReport) -> list[Area]:
    """Origins, their modules, their functions."""
    origins: dict[str, dict[str, Area]] = {}
    for part in report.parts:
        modules = origins.setdefault(part.origin, {})
        module = modules.setdefault(part.module, Area(part.module, 0, part.origin))
        module.size += part.size
        module.inner.append(Area(part.name, part.size, part.origin))
    found: list[Area] = []
    for origin, modules in origins.items():
        inner = sorted(modules.values(), key=lambda area: -area.size)
        if len(inner) == 1 and inner[0].name == origin:
            inner = inner[0].inner
        found.append(Area(origin, sum(area.size for area in inner), origin, inner))
    return sorted(found, key=lambda area: -area.size)


_STYLE = """
:root { color-scheme: light dark; --ink: #1c2024; --paper: #fcfcfd; --edge: #fff }
body { font: 15px/1.5 system-ui, sans-serif; margin: 1.5rem auto; max-width: 76rem; padding: 0 1rem;
       color: var(--ink); background: var(--paper) }
h1 { font-size: 1.3rem; margin: 0 0 .3rem } p { margin: .2rem 0 }
input { font: inherit; padding: .25rem .5rem; width: 22rem; max-width: 100%; border-radius: 6px;
        border: 1px solid #8b8d98; background: transparent; color: inherit }
#map { position: relative; width: 100%; aspect-ratio: 1200 / 760; margin-top: .8rem }
#map div { position: absolute; box-sizing: border-box; overflow: hidden; border: 1px solid
var(--edge);            font-size: 11px; line-height: 17px; padding: 0 3px; white-space: nowrap }
#map div.group { background: #0000; border: 0; font-weight: 600 }
#map div.faint { opacity: .18 }
.o0 { background: #b7d7f5 } .o1 { background: #cfe8cf } .o2 { background: #f6dfb5 }
.o3 { background: #e2d3f3 } .o4 { background: #f7cfcf } .o5 { background: #dfe1e5 }
span.key { display: inline-block; padding: 0 .5rem; margin: 0 .3rem .2rem 0; border-radius: 4px }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e6ea; --paper: #16181c; --edge: #16181c }
  .o0 { background: #1f4d77 } .o1 { background: #2a5530 } .o2 { background: #66501b }
  .o3 { background: #4a3566 } .o4 { background: #6b3030 } .o5 { background: #3b3e45 } }
"""
_SCRIPT = """
const box = document.getElementById('find'), said = document.getElementById('said');
box.addEventListener('input', () => {
  const wanted = box.value.toLowerCase(); let count = 0, size = 0;
  for (const one of document.querySelectorAll('#map div.leaf')) {
    const fits = one.title.toLowerCase().includes(wanted);
    one.classList.toggle('faint', !fits);
    if (fits) { count++; size += Number(one.dataset.size); } }
  said.textContent = wanted ? count + ' found, ' + size.toLocaleString('en') + ' bytes' : ''; });
"""


def as_page(report: SizeReport, title: str) -> str:
    """The whole page."""
    room = Rectangle(0, 0, _WIDTH, _HEIGHT)
    boxes = "".join(_boxes(areas_of(report), room, 0))
    keys = "".join(
        f'<span class="key o{ORIGINS.index(name)}">{html.escape(name)} {size:,}</span>'
        for name, size in report.by_origin().items()
    )
    return (
        "<!doctype html>\n<html lang=en><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width'>"
        f"<title>Size of {html.escape(title)}</title><style>{_STYLE}</style>\n"
        f"<h1>{html.escape(title)}: {report.total:,} bytes</h1>\n<p>{keys}\n"
        '<p><input id=find type=search placeholder="find a function or a module"> '
        "<span id=said></span>\n"
        f"<div id=map>{boxes}</div>\n<script>{_SCRIPT}</script></html>\n"
    )


def _boxes(areas: Sequence[Area], room: Rectangle, depth: int) -> list[str]:
    found: list[str] = []
    placed = squarified([float(area.size) for area in areas], room)
    for area, place in zip(areas, placed, strict=False):
        if place.width < _SMALLEST or place.height < _SMALLEST:
            continue
        leaf = not area.inner
        has_head = not leaf and place.height > 2 * _HEAD and place.width > 40
        if leaf or has_head:
            found.append(_box(area, place, leaf))
        if not leaf:
            head = _HEAD if has_head else 0.0
            inner = Rectangle(place.x, place.y + head, place.width, place.height - head)
            found += _boxes(area.inner, inner, depth + 1)
    return found


def _box(area: Area, place: Rectangle, leaf: bool) -> str:
    style = (
        f"left:{100 * place.x / _WIDTH:.3f}%;top:{100 * place.y / _HEIGHT:.3f}%;"
        f"width:{100 * place.width / _WIDTH:.3f}%;height:{100 * place.height / _HEIGHT:.3f}%"
    )
    kind = "leaf" if leaf else "group"
    name = html.escape(area.name)
    short = html.escape(_short(area.name)) if place.width > 30 and place.height > 14 else ""
    number = ORIGINS.index(area.origin)
    return (
        f'<div class="{kind} o{number}" data-size="{area.size}" style="{style}" '
        f'title="{name}: {area.size:,} bytes">{short}</div>'
    )


def _short(name: str) -> str:
    """The last part of a dotted path, with what stands in brackets."""
    head, bracket, rest = name.partition("<")
    return head.rpartition(".")[2] + bracket + rest
