"""What is in an executable, and why.

Comes in: a compiled program and its executable with symbols. Goes out: a `SizeReport`, as text or
JSON, and for a symbol the chain of reasons why it is there. Promises: the parts add up to the size
of the file; a function that was inlined everywhere is a part of those that call it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence

from clef.data_classes import dataclass, field
from clef.link.symbol_sizes import Contents, SizedSymbol
from clef.semantic_graph import Graph
from clef.semantic_graph.graph import DISPATCHER, FUNCTION, GLOBAL
from clef.source import SourceFile
from clef.typed_core.core import Program

YOURS, LIBRARY, DERIVED, RUNTIME, CONSTANTS, REST = (
    "your code",
    "library",
    "made by the compiler",
    "memory and start",
    "constants",
    "headers and padding",
)
_BARE = re.compile(r"[<@~/$]")
_STARTS = ("clef_start", "$entry")
"""The start-up actions of the program, and all that was inlined into them."""
ORIGINS = (YOURS, LIBRARY, DERIVED, RUNTIME, CONSTANTS, REST)


@dataclass(frozen=True, slots=True)
class Part:
    """A function or a piece of data. `module` is the dotted path that it belongs to."""

    name: str
    module: str
    origin: str
    size: int


@dataclass(slots=True)
class SizeReport:
    """`total`: bytes of the file as `clef build` would make it."""

    total: int
    sections: dict[str, int]
    parts: list[Part] = field(default_factory=list[Part])

    def by_origin(self) -> dict[str, int]:
        """Bytes of each origin, the largest first."""
        return _sums(self.parts, lambda part: part.origin)

    def by_module(self) -> dict[str, int]:
        """Bytes of each module, the largest first."""
        return _sums(self.parts, lambda part: part.module)


def _sums(parts: Sequence[Part], name: Callable[[Part], str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in parts:
        found[name(part)] = found.get(name(part), 0) + part.size
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def size_report(
    program: Program, library: Collection[str], contents: Contents, total: int
) -> SizeReport:
    """Who every byte belongs to; `library` has the symbols of the standard library."""
    report = SizeReport(total, contents.sections)
    report.parts = [_part(program, library, symbol) for symbol in contents.symbols]
    rest = total - sum(part.size for part in report.parts)
    if rest > 0:
        report.parts.append(Part(REST, REST, REST, rest))
    report.parts.sort(key=lambda part: (-part.size, part.name))
    return report


def _part(program: Program, library: Collection[str], symbol: SizedSymbol) -> Part:
    name = symbol.name
    origin = _origin(program, library, symbol)
    return Part(
        name, module_of(name) if origin in (YOURS, LIBRARY) else origin, origin, symbol.size
    )


def _origin(program: Program, library: Collection[str], symbol: SizedSymbol) -> str:
    name = symbol.name.removesuffix("$code").removesuffix("$value")
    if name in _STARTS:
        return YOURS
    functions = program.functions
    function = functions.get(name) or functions.get(re.split(r"@\d|~", name)[0])
    if function is not None and function.span is not None:
        return LIBRARY if function.span.in_library else YOURS
    if _BARE.split(name)[0] in library:
        return LIBRARY
    if function is not None or name in program.dispatchers or name.startswith("$"):
        return DERIVED
    if name.rpartition("#")[0] in program.globals:
        return CONSTANTS
    return RUNTIME if symbol.is_code else CONSTANTS


def module_of(name: str) -> str:
    """The dotted path around a function: of what stands before its type arguments."""
    bare = name.partition("<")[0].partition("/")[0].partition("$")[0]
    bare = bare.removesuffix(".ctor")
    return bare.rpartition(".")[0].rstrip(".") or "(no module)"


# Reasons ------------------------------------------------------------------------------------------


def find_symbols(graph: Graph, name: str) -> list[str]:
    """The functions that a user may mean."""
    names = [node.name for node in graph.nodes if node.kind in (FUNCTION, DISPATCHER, GLOBAL)]
    exact = [one for one in names if one == name or one.partition("<")[0] == name]
    ending = [one for one in names if one.partition("<")[0].endswith("." + name)]
    return exact or ending or [one for one in names if name in one]


def reason_chain(graph: Graph, name: str, sources: Mapping[str, SourceFile]) -> list[str]:
    """From the start of the program to a function: one line for each step."""
    number = next((i for i, node in enumerate(graph.nodes) if node.name == name), -1)
    lines: list[str] = []
    seen: set[int] = set()
    while number >= 0 and number not in seen:
        seen.add(number)
        edge_number = graph.reached_by.get(number, -1)
        node = graph.nodes[number]
        if edge_number < 0:
            lines.append(node.name)
            break
        edge = graph.edges[edge_number]
        place = ""
        if edge.span is not None and edge.span.path in sources:
            line = sources[edge.span.path].position(edge.span.start)[0]
            place = f"  {edge.span.path}:{line}"
        lines.append(f"{node.name}  ({_how(edge.kind)}){place}")
        number = edge.sources[0]
    return list(reversed(lines))


def _how(kind: str) -> str:
    words = {
        "call": "called",
        "unknown call": "called as a function value",
        "capture": "made a function value",
        "flow": "read or written",
        "construct": "made",
        "dispatch": "called as a member of an object",
    }
    return words.get(kind, kind)


# Texts --------------------------------------------------------------------------------------------


def as_text(report: SizeReport, most: int) -> str:
    """Totals, then the largest modules and the largest functions."""
    lines = [f"{report.total:>9,} bytes in all", ""]
    lines += [_row(size, report.total, name) for name, size in report.by_origin().items()]
    lines += ["", "the largest modules"]
    modules = {name: size for name, size in report.by_module().items() if name not in ORIGINS}
    lines += [_row(size, report.total, name) for name, size in list(modules.items())[:most]]
    lines += ["", "the largest functions and data"]
    parts = [part for part in report.parts if part.origin != REST][:most]
    lines += [_row(part.size, report.total, f"{part.name}  ({part.origin})") for part in parts]
    return "\n".join(lines) + "\n"


def _row(size: int, total: int, name: str) -> str:
    return f"{size:>9,}  {100 * size / max(total, 1):>5.1f} %  {name}"


def as_json(report: SizeReport) -> str:
    """Everything, for tools."""
    data = {
        "version": 1,
        "total": report.total,
        "sections": report.sections,
        "origins": report.by_origin(),
        "modules": report.by_module(),
        "symbols": [
            {"name": p.name, "module": p.module, "origin": p.origin, "size": p.size}
            for p in report.parts
        ],
    }
    return json.dumps(data, indent=1) + "\n"
