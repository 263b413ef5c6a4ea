"""Hints between the words, and lenses above declarations.

Comes in: an analysed file. Goes out: inlay hints with inferred types and names of parameters, and
code lenses with signatures, references, and what can be run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsprotocol.types import CodeLens, Command, InlayHint, InlayHintKind, Range

from clef.inference.reporting import contains_error
from clef.inference.type_text import show
from clef.inference.types import Type
from clef.language_server.analysis import ProjectAnalysis
from clef.language_server.describe import with_parameters
from clef.language_server.file_analysis import FileAnalysis
from clef.language_server.placement import Placement, declarations, proofs, summary
from clef.language_server.positions import to_position, to_range
from clef.language_server.type_sizes import NOT_SENT, type_facts
from clef.language_server.uris import to_uri
from clef.syntax import tree
from clef.syntax.traversal import walk
from clef.typed_core.program import TypedProgram

_ANNOTATED = re.compile(r"\s*:")
_LONGEST = 60


def inlay_hints(file: FileAnalysis, start: int, end: int) -> list[InlayHint]:
    """The hints between two offsets."""
    hints = [*_types(file, start, end), *_parameter_names(file, start, end)]
    return sorted(hints, key=lambda hint: (hint.position.line, hint.position.character))


def _types(file: FileAnalysis, start: int, end: int) -> Iterator[InlayHint]:
    heads = _function_heads(file)
    for occurrence in file.occurrences:
        span = occurrence.span
        if not occurrence.is_definition or not start <= span.start <= end:
            continue
        if span.start in heads or _ANNOTATED.match(file.source.text, span.end):
            continue
        type_ = _type_of(file, occurrence.kind, occurrence.key, span.start)
        if type_ is None or occurrence.name == "_" or contains_error(type_):
            continue
        text = show(type_)
        label = f": {text}" if len(text) <= _LONGEST else f": {text[:_LONGEST]}…"
        yield InlayHint(to_position(file.source, span.end), label, kind=InlayHintKind.Type)


def _type_of(file: FileAnalysis, kind: str, key: str, start: int) -> Type | None:
    if kind == "local":
        local = file.places.locals.get(start)
        return local.type if local is not None and local.name != "this" else None
    value = file.signatures.values.get(key) if kind == "value" else None
    return value.scheme.type if value is not None and value.arity == 0 else None


def _function_heads(file: FileAnalysis) -> set[int]:
    """Names of functions and of `this`: a type behind them would not be an annotation."""
    found: set[int] = set()
    for node in walk(file.tree):
        if isinstance(node, tree.NameHead):
            if node.arguments:
                found.add(node.name.span.start)
            if node.this is not None:
                found.add(node.this.span.start)
    return found


def _parameter_names(file: FileAnalysis, start: int, end: int) -> Iterator[InlayHint]:
    """`f (name:) 3`: in front of literals, where the name says something."""
    for node in walk(file.tree):
        if not isinstance(node, tree.Application) or not start <= node.span.start <= end:
            continue
        if not isinstance(node.argument, tree.Constant):
            continue
        called, place = node.function, 0
        while isinstance(called, tree.Application):
            called, place = called.function, place + 1
        if not isinstance(called, tree.Identifier):
            continue
        occurrence = file.occurrence_at(called.name.parts[-1].span.start)
        value = file.signatures.values.get(occurrence.key) if occurrence is not None else None
        names = value.parameter_names if value is not None else ()
        if place < len(names) and len(names[place]) > 2 and names[place].isidentifier():
            position = to_position(file.source, node.argument.span.start)
            yield InlayHint(
                position, f"{names[place]} =", kind=InlayHintKind.Parameter, padding_right=True
            )


# Lenses -------------------------------------------------------------------------------------------


def code_lenses(
    project: ProjectAnalysis, file: FileAnalysis, placement: Placement, program: TypedProgram
) -> list[CodeLens]:
    """A signature, the number of uses and the cost above each declaration of a module, and the
    size above each type of data."""
    lenses: list[CodeLens] = []
    uri = to_uri(file.source.path)
    for node in walk(file.tree):
        if isinstance(node, tree.LetDeclaration):
            for binding in node.bindings:
                lenses += _of_binding(project, file, binding, uri)
        elif isinstance(node, tree.TypeDefinition):
            lenses += _of_type(file, node, program)
    for span in declarations(file):
        notes = placement.about(file, span)
        if notes is not None:
            shown = ((summary(notes), "clef.showMemory"), (proofs(notes), "clef.showChecks"))
            for title, name in shown:
                if title:
                    command = Command(title, name, arguments=[uri])
                    lenses.append(CodeLens(to_range(file.source, span), command=command))
    return lenses


def _of_type(
    file: FileAnalysis, node: tree.TypeDefinition, program: TypedProgram
) -> Iterator[CodeLens]:
    """Why a type is not for the wire is told where the pointer is: most types need not be."""
    symbol = file.examined.resolved.types.get(node, "") if file.examined is not None else ""
    facts = type_facts(program, file.signatures, symbol)
    shown = [fact for fact in facts if not fact.startswith(NOT_SENT)]
    if shown:
        name = node.name.parts[-1]
        yield CodeLens(to_range(file.source, name.span), command=Command(", ".join(shown), ""))


def _of_binding(
    project: ProjectAnalysis, file: FileAnalysis, binding: tree.Binding, uri: str
) -> Iterator[CodeLens]:
    if not isinstance(binding.head, tree.NameHead):
        return
    name = binding.head.name
    occurrence = file.occurrence_at(name.span.start)
    value = file.signatures.values.get(occurrence.key) if occurrence is not None else None
    if occurrence is None or value is None or not occurrence.is_definition:
        return
    range_: Range = to_range(file.source, name.span)
    if not contains_error(value.scheme.type):
        text = with_parameters(value.scheme.type, value.parameter_names)
        yield CodeLens(range_, command=Command(text, ""))
    uses = sum(not o.is_definition for o in project.occurrences(occurrence.key))
    counted = "1 reference" if uses == 1 else f"{uses} references"
    arguments = [uri, range_.start]
    yield CodeLens(range_, command=Command(counted, "clef.showReferences", arguments=arguments))
    marks = file.source.text[binding.span.start : name.span.start]
    for mark, title in (("EntryPoint", "run"), ("Test", "run test"), ("Property", "run test")):
        if re.search(rf"\[<.*\b{mark}\b", marks):
            yield CodeLens(range_, command=Command(title, "clef.run", arguments=[uri, name.text]))
