"""A declaration in place of another one, and everything behind it moved along.

Comes in: the analysis of a file, the declaration that changed and what the stages made of its new
text. Goes out: the analysis of the new text. Promises: the former analysis is used up; what lies
outside the declaration is the same as before, only at its new place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from clef.checking import Examined, switches_of
from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic
from clef.diagnostics.silencing import without_silenced
from clef.inference import typed_tree as typed
from clef.inference.signatures import FileSignatures
from clef.language_server.file_analysis import FileAnalysis
from clef.language_server.occurrences import Occurrence
from clef.language_server.spans import move, spans_in
from clef.language_server.typed_places import TypedPlaces
from clef.names import ResolvedFile
from clef.names.entities import ModuleEntity
from clef.source import SourceFile, Span
from clef.source.difference import Difference
from clef.syntax import tree


@dataclass(slots=True)
class Place:
    """A declaration, the list that it stands in, and where the next one starts."""

    node: tree.LetDeclaration
    siblings: list[tree.Declaration]
    index: int
    next_start: int

    @property
    def binding(self) -> tree.Binding:
        return self.node.bindings[0]


@dataclass(slots=True)
class Renewed:
    """What the stages made of the new text of a declaration."""

    node: tree.LetDeclaration
    syntax: list[Diagnostic]
    trivia: list[tree.Trivia]
    resolved: ResolvedFile
    file: typed.TypedFile
    interface: FileSignatures
    findings: list[Diagnostic]
    places: TypedPlaces
    occurrences: list[Occurrence]

    @property
    def definition(self) -> typed.Definition:
        """The only one that there is."""
        return next(iter(self.file.definitions.values()))


def exchanged(
    file: FileAnalysis,
    examined: Examined,
    place: Place,
    new: Renewed,
    edit: Difference,
    source: SourceFile,
) -> FileAnalysis:
    """The analysis of the new text."""
    old = place.node.span
    span = Span(old.path, old.start, old.end)  # as it was before anything moves
    spans = _kept_spans(file, examined, place, span)
    occurrences = _occurrences(file, new, span)
    diagnostics = [one for one in file.diagnostics if not _lies_in(one.span, span)]
    syntax = [one for one in file.syntax if not _lies_in(one.span, span)]
    _exchange_names(examined.resolved, place, new, edit.shift)
    file.places.leave_out(span.start, span.end)
    move(spans.values(), span.end, new.node.span.end, edit.shift)
    file.places.move(span.end, edit.shift)
    file.places.add(new.places)
    _exchange_trivia(file.tree, place, new, edit.shift)
    place.siblings[place.index] = new.node
    examined.typed.definitions[new.definition.symbol] = new.definition
    found = without_silenced([*new.syntax, *new.findings], switches_of(file.tree, source))
    spans.update(spans_in(source.path, new.node, new.definition, new.resolved.table, found))
    return replace(
        file,
        source=source,
        diagnostics=[*diagnostics, *found],
        occurrences=occurrences,
        syntax=[*syntax, *new.syntax],
        spans=spans,
        revision=file.revision + 1,
        _by_key=None,
    )


def _lies_in(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end and inner.path == outer.path


def _kept_spans(file: FileAnalysis, examined: Examined, place: Place, old: Span) -> dict[int, Span]:
    """All spans but those in the old value. What the others know of the declaration lies in front
    of its value and stays."""
    spans = file.spans
    if spans is None:
        spans = spans_in(
            file.source.path,
            file.tree,
            examined.resolved.table,
            examined.resolved.promoted,
            list(_modules(examined.resolved.fragment)),
            examined.typed,
            examined.interface,
            file.diagnostics,
            file.syntax,
            file.occurrences,
        )
    start = place.binding.value.span.start
    return {
        key: one for key, one in spans.items() if not (start <= one.start and one.end <= old.end)
    }


def _modules(fragment: ModuleEntity) -> Iterator[object]:
    """What a file declares; the namespaces around it belong to others as well."""
    if fragment.span is not None:
        yield fragment
        return
    yield fragment.types
    yield fragment.values
    yield fragment.cases
    for inner in fragment.modules.values():
        yield from _modules(inner)


def _occurrences(file: FileAnalysis, new: Renewed, old: Span) -> list[Occurrence]:
    before = [one for one in file.occurrences if one.span.start < old.start]
    after = [one for one in file.occurrences if one.span.start >= old.end]
    return [*before, *new.occurrences, *after]


def _exchange_names(resolved: ResolvedFile, place: Place, new: Renewed, shift: int) -> None:
    """What names of the declaration mean. Its own name goes on meaning what others know."""
    table, old = resolved.table, place.node.span
    own = table[_name(place.node)]
    for node in [node for node in table if _lies_in(node.span, old)]:
        del table[node]
    table.update(new.resolved.table)
    table[_name(new.node)] = own
    resolved.opened = {
        new.node if node is place.node else node: {
            symbol: (at + shift if at >= old.end else at, number)
            for symbol, (at, number) in modules.items()
        }
        for node, modules in resolved.opened.items()
    }


def _name(node: tree.LetDeclaration) -> tree.Name:
    head = node.bindings[0].head
    assert isinstance(head, tree.NameHead)
    return head.name


def _exchange_trivia(file: tree.File, place: Place, new: Renewed, shift: int) -> None:
    """Comments and blank lines up to the next declaration are new; those behind it move."""
    start = new.node.span.start
    before = [one for one in file.trivia if one.start < start]
    after = [one for one in file.trivia if one.start >= place.next_start]
    for one in after:
        one.start += shift
        one.end += shift
    file.trivia[:] = [*before, *(one for one in new.trivia if one.start >= start), *after]
