"""An edit inside one function: only that function is parsed, resolved and typed again.

Comes in: the analysis of a file and its new text. Goes out: the analysis of the new text, or
nothing where it has to be made from scratch. Promises: what it says is what an analysis of the
whole text would say; everything behind the edit is moved along. The former analysis is used up:
parts of it live on in the new one. Refused is every edit that others could see: one outside the
value of a `let` at module level, or one that changes its type.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

from clef.checked_unit import described
from clef.checking import Examined
from clef.data_classes import dataclass
from clef.diagnostics.arrangement import has_errors
from clef.diagnostics.diagnostic import Diagnostic
from clef.inference import typed_tree as typed
from clef.inference.again import check_again
from clef.inference.signatures import FileSignatures, Signatures, ValueSignature
from clef.inference.uses import uses_in
from clef.language_server.exchange import Place, Renewed, exchanged
from clef.language_server.file_analysis import FileAnalysis
from clef.language_server.occurrences import occurrences_of
from clef.language_server.typed_places import TypedPlaces
from clef.names import Environment
from clef.names.again import resolve_again
from clef.names.declare import attribute_names
from clef.source import SourceFile
from clef.source.difference import Difference, difference
from clef.syntax import parse, tree

_IDENTITIES = 1 << 20
"""How many variables the definitions of one edit may have."""


@dataclass(slots=True)
class Before:
    """What a file sees, for when a declaration of it is looked at again."""

    environment: Callable[[], Environment]
    signatures: Signatures
    symbols: frozenset[str]
    is_last: bool


def retyped(
    file: FileAnalysis, source: SourceFile, before: Before, lock: AbstractContextManager[object]
) -> FileAnalysis | None:
    """The analysis of the new text, if the edit lies inside one function."""
    edit = difference(file.source.text, source.text)
    found = _looked_at(file, source, before, edit)
    if found is None or not _is_same_for_others(found[0], found[2]):
        return None
    examined, place, new = found
    with lock:
        return exchanged(file, examined, place, new, edit, source)


def glimpsed(file: FileAnalysis, source: SourceFile, before: Before) -> FileAnalysis | None:
    """The function that the edit lies in, as if it were all of its file; the analysis of the file
    is left as it is."""
    edit = difference(file.source.text, source.text)
    found = _looked_at(file, source, before, edit)
    if found is None:
        return None
    examined, _, new = found
    alone = replace(examined, resolved=new.resolved)
    return replace(
        file,
        source=source,
        tree=new.resolved.tree,
        examined=alone,
        diagnostics=[],
        places=new.places,
        occurrences=new.occurrences,
        syntax=new.syntax,
        spans=None,
        _by_key=None,
    )


def _looked_at(
    file: FileAnalysis, source: SourceFile, before: Before, edit: Difference
) -> tuple[Examined, Place, Renewed] | None:
    examined = file.examined
    if examined is None:
        return None
    place = _place(file.tree.declarations, edit, len(file.source.text))
    if place is None or not _is_plain(file, examined, place):
        return None
    parsed = _parsed(file, source, before.symbols, place, edit)
    if parsed is None:
        return None
    new = _examined(file, examined, before, place, *parsed)
    return None if new is None else (examined, place, new)


# Where the edit is --------------------------------------------------------------------------------


def _place(declarations: list[tree.Declaration], edit: Difference, end: int) -> Place | None:
    """The `let` at module level whose value holds the edit."""
    for index, node in enumerate(declarations):
        after = declarations[index + 1].span.start if index + 1 < len(declarations) else end
        if not (node.span.start < edit.start and edit.old_end <= node.span.end):
            continue
        match node:
            case tree.ModuleDeclaration() | tree.NamespaceDeclaration():
                return None if node.is_recursive else _place(node.declarations, edit, after)
            case tree.LetDeclaration(bindings=[tree.Binding(head=tree.NameHead())]):
                return Place(node, declarations, index, after)
            case _:
                return None
    return None


_SPECIAL = (tree.TriviaKind.DIRECTIVE, tree.TriviaKind.INACTIVE)


def _is_plain(file: FileAnalysis, examined: Examined, place: Place) -> bool:
    """Whether nothing else depends on the insides of the declaration."""
    binding, node, text = place.binding, place.node, file.source.text
    attributes = attribute_names(binding.attributes)
    line_start = text.rfind("\n", 0, node.span.start) + 1
    first = text[place.next_start : place.next_start + 1]
    return not (
        binding.is_inline
        or node.is_use
        or attributes & {"Literal", "EntryPoint", "Intrinsic", "DllImport", "FidelityExtern"}
        or text[line_start : node.span.start].strip()
        or (first and not (first.isalpha() or first == "["))
        or any(_is_mistaken_elsewhere(place, one) for one in file.syntax)
        or any(
            trivia.kind in _SPECIAL and node.span.start <= trivia.start < place.next_start
            for trivia in file.tree.trivia
        )
        or any(isinstance(one, tree.HashDirective) for one in file.tree.declarations)
        or examined.interface.extensions
        or _symbol(examined, place) in examined.typed.settled_late
    )


def _is_mistaken_elsewhere(place: Place, found: Diagnostic) -> bool:
    span = place.node.span
    return not (span.start <= found.span.start and found.span.end <= span.end)


def _symbol(examined: Examined, place: Place) -> str:
    head = place.binding.head
    assert isinstance(head, tree.NameHead)
    entity = getattr(examined.resolved.table.get(head.name), "entity", None)
    return getattr(entity, "symbol", "")


# The stages for one declaration -------------------------------------------------------------------


def _parsed(
    file: FileAnalysis,
    source: SourceFile,
    symbols: frozenset[str],
    place: Place,
    edit: Difference,
) -> tuple[tree.LetDeclaration, list[Diagnostic], list[tree.Trivia]] | None:
    """The new tree of the declaration, if the text up to the next one is that and nothing else."""
    start, text = place.node.span.start, source.text
    line_start = text.rfind("\n", 0, start) + 1
    blank = " " * (line_start - 1) + text[line_start - 1 : line_start] if line_start else ""
    piece = text[line_start : place.next_start + edit.shift]
    found, syntax = parse(SourceFile(source.path, blank + piece), symbols)
    trivia = [one for one in found.trivia if one.end > start]
    if len(found.declarations) != 1 or not isinstance(
        node := found.declarations[0], tree.LetDeclaration
    ):
        return None
    old, new = place.binding, node.bindings[0]
    if len(node.bindings) != 1 or node.is_recursive != place.node.is_recursive:
        return None
    if _outside(old) != _outside(new) or edit.start < _head_end(old):
        return None
    behind = place.node.span.end + edit.shift
    old_tail = [one for one in file.tree.trivia if _is_behind(one, place)]
    new_tail = [one for one in trivia if one.start >= behind]
    shifted = [(one.kind, one.start + edit.shift, one.end + edit.shift) for one in old_tail]
    if [(one.kind, one.start, one.end) for one in new_tail] != shifted:
        return None
    if any(found.span.start < start or found.span.end > node.span.end for found in syntax):
        return None
    new.documentation = old.documentation
    return node, syntax, trivia


def _is_behind(trivia: tree.Trivia, place: Place) -> bool:
    return place.node.span.end <= trivia.start < place.next_start


def _outside(binding: tree.Binding) -> tuple[object, ...]:
    """Where the parts in front of the value are."""
    written = binding.return_type
    return (
        binding.span.start,
        len(binding.attributes),
        binding.is_inline,
        binding.is_mutable,
        binding.access,
        binding.head.span,
        written.span if written is not None else None,
    )


def _head_end(binding: tree.Binding) -> int:
    return (binding.return_type or binding.head).span.end


def _examined(
    file: FileAnalysis,
    examined: Examined,
    before: Before,
    place: Place,
    node: tree.LetDeclaration,
    syntax: list[Diagnostic],
    trivia: list[tree.Trivia],
) -> Renewed | None:
    """Names and types of the new tree."""
    symbol = _symbol(examined, place)
    if symbol not in examined.typed.definitions or symbol not in examined.interface.values:
        return None
    first = (file.revision + 1) * _IDENTITIES
    resolved, unknown = resolve_again(
        examined.resolved, place.node, node, before.environment(), before.is_last, first
    )
    visible = before.signatures.with_file(_others(examined.interface, symbol))
    found, own, mistyped = check_again(resolved, node, visible, before.symbols, first)
    if set(found.definitions) != {symbol} or symbol in found.settled_late:
        return None
    places = TypedPlaces(found.definitions.values())
    resolved.tree = tree.File(node.span, [node], [])
    resolved.table = {name: one for name, one in resolved.table.items() if _is_in(name, node)}
    names = occurrences_of(resolved, places, {})
    findings = [] if has_errors(syntax) else [*unknown, *mistyped]
    return Renewed(node, syntax, trivia, resolved, found, own, findings, places, names)


def _is_same_for_others(examined: Examined, new: Renewed) -> bool:
    """Whether the type is the one that the others know. While the text is broken it stays so."""
    symbol = new.definition.symbol
    starts = any(one.symbol == symbol for one in examined.typed.initialisations)
    if bool(new.file.initialisations) != starts:
        return False
    signatures = examined.interface.values[symbol], new.interface.values[symbol]
    if not has_errors(new.syntax) and described(signatures[0]) != described(signatures[1]):
        return False
    definitions = examined.typed.definitions[symbol], new.definition
    return not any(_is_late(examined, one) for one in definitions)


def _others(interface: FileSignatures, symbol: str) -> FileSignatures:
    values: dict[str, ValueSignature] = dict(interface.values)
    values.pop(symbol)
    nullable = interface.has_nullable
    return FileSignatures(interface.path, values, interface.types, has_nullable=nullable)


def _is_late(examined: Examined, definition: typed.Definition) -> bool:
    """Whether it uses what had no settled type when it was looked at."""
    late = examined.typed.settled_late
    return bool(late) and any(
        getattr(use, "symbol", "") in late for use in uses_in(definition.body)
    )


def _is_in(node: tree.Node, outer: tree.Node) -> bool:
    return outer.span.start <= node.span.start and node.span.end <= outer.span.end
