"""The shape of a file: folding, growing a selection, colours by meaning.

Comes in: an analysed file. Goes out: folding ranges, selection ranges, semantic tokens. Promises:
tokens are in the order of the text and do not overlap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol.types import (
    FoldingRange,
    FoldingRangeKind,
    Position,
    SelectionRange,
    SemanticTokensLegend,
)

from clef.language_server.file_analysis import FileAnalysis
from clef.language_server.occurrences import Occurrence
from clef.language_server.positions import to_offset, to_position, to_range
from clef.language_server.scopes import path_to
from clef.source import Span
from clef.syntax import tree
from clef.syntax.traversal import walk

_FOLDED = (
    tree.ModuleDeclaration,
    tree.NamespaceDeclaration,
    tree.TypeDefinition,
    tree.Binding,
    tree.MethodMember,
    tree.PropertyMember,
    tree.InterfaceMember,
    tree.Match,
    tree.TryWith,
    tree.TryFinally,
    tree.If,
    tree.Lambda,
    tree.ForIn,
    tree.ForTo,
    tree.While,
    tree.Record,
    tree.ListLiteral,
    tree.ArrayLiteral,
    tree.ListComprehension,
    tree.ArrayComprehension,
    tree.ComputationBlock,
    tree.ObjectExpression,
)


def folding(file: FileAnalysis) -> list[FoldingRange]:
    """What can be folded: declarations, blocks, runs of `open`, comments over several lines."""
    ranges: dict[int, FoldingRange] = {}
    for node in walk(file.tree):
        if isinstance(node, _FOLDED):
            _fold(file, ranges, node.span.start, node.span.end, None)
    for first, last in _runs_of_open(file.tree.declarations):
        _fold(file, ranges, first, last, FoldingRangeKind.Imports)
    for trivia in file.tree.trivia:
        if file.source.text.startswith("(*", trivia.start):
            _fold(file, ranges, trivia.start, trivia.end, FoldingRangeKind.Comment)
    return [ranges[line] for line in sorted(ranges)]


def _fold(
    file: FileAnalysis,
    ranges: dict[int, FoldingRange],
    start: int,
    end: int,
    kind: FoldingRangeKind | None,
) -> None:
    stripped = len(file.source.text[:end].rstrip())
    first, last = file.source.position(start)[0] - 1, file.source.position(stripped)[0] - 1
    known = ranges.get(first)
    if last > first and (known is None or known.end_line < last):
        ranges[first] = FoldingRange(first, last, kind=kind)


def _runs_of_open(declarations: Sequence[tree.Declaration]) -> Iterator[tuple[int, int]]:
    run: list[tree.Declaration] = []
    for declaration in declarations:
        if isinstance(declaration, tree.OpenDeclaration):
            run.append(declaration)
            continue
        if len(run) > 1:
            yield run[0].span.start, run[-1].span.end
        run = []
        if isinstance(declaration, tree.ModuleDeclaration | tree.NamespaceDeclaration):
            yield from _runs_of_open(declaration.declarations)
    if len(run) > 1:
        yield run[0].span.start, run[-1].span.end


def selections(file: FileAnalysis, positions: Sequence[Position]) -> list[SelectionRange]:
    """For each position the ranges that a growing selection takes."""
    return [_selection(file, to_offset(file.source, position)) for position in positions]


def _selection(file: FileAnalysis, offset: int) -> SelectionRange:
    spans: list[Span] = [Span(file.source.path, 0, len(file.source.text))]
    occurrence = file.occurrence_at(offset)
    around = [node.span for node in path_to(file.tree, offset)]
    for span in [*around, *([occurrence.span] if occurrence is not None else [])]:
        inner = spans[-1]
        if inner.start <= span.start and span.end <= inner.end and span != inner:
            spans.append(span)
    selection = SelectionRange(to_range(file.source, spans[0]))
    for span in spans[1:]:
        selection = SelectionRange(to_range(file.source, span), parent=selection)
    return selection


# Colours ------------------------------------------------------------------------------------------

TOKEN_TYPES = (
    "namespace",
    "type",
    "enumMember",
    "variable",
    "parameter",
    "function",
    "property",
    "method",
    "operator",
)
TOKEN_MODIFIERS = ("declaration", "mutable", "defaultLibrary")
LEGEND = SemanticTokensLegend(list(TOKEN_TYPES), list(TOKEN_MODIFIERS))
_TYPES = {
    "module": "namespace",
    "type": "type",
    "exception": "type",
    "case": "enumMember",
    "activePattern": "enumMember",
    "field": "property",
    "member": "method",
    "local": "variable",
    "value": "variable",
}


def semantic_tokens(file: FileAnalysis, start: int = 0, end: int | None = None) -> list[int]:
    """The tokens between two offsets, as the protocol encodes them (five numbers each)."""
    data: list[int] = []
    line, column, last = 0, 0, 0
    for occurrence in file.occurrences:
        span = occurrence.span
        if span.start < max(start, last) or (end is not None and span.end > end):
            continue
        if "\n" in file.source.text[span.start : span.end]:
            continue
        last = span.end
        here = to_position(file.source, span.start)
        length = to_position(file.source, span.end).character - here.character
        delta = here.character - column if here.line == line else here.character
        data += [here.line - line, delta, length, _type_number(file, occurrence)]
        data.append(_modifiers(file, occurrence))
        line, column = here.line, here.character
    return data


def _type_number(file: FileAnalysis, occurrence: Occurrence) -> int:
    name = _TYPES[occurrence.kind]
    if occurrence.name.startswith("op_"):
        name = "operator"
    elif occurrence.kind == "value":
        value = file.signatures.values.get(occurrence.key)
        name = "function" if value is not None and value.arity else name
    return TOKEN_TYPES.index(name)


def _modifiers(file: FileAnalysis, occurrence: Occurrence) -> int:
    value = file.signatures.values.get(occurrence.key) if occurrence.kind == "value" else None
    local = file.places.locals.get(occurrence.span.start) if occurrence.kind == "local" else None
    is_mutable = (value is not None and value.is_mutable) or (
        local is not None and local.is_mutable
    )
    from_library = value is not None and value.span.in_library
    flags = (occurrence.is_definition, is_mutable, from_library)
    return sum(1 << place for place, flag in enumerate(flags) if flag)
