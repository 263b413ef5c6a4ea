"""Who uses a function, and what a function uses.

Comes in: an analysed project and a place, or an item of an earlier answer. Goes out: items of the
call hierarchy and the places between them. Promises: a use counts for the declaration of a module
or the member that it stands in; what stands in neither belongs to the file; uses of what the
library declares are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, cast

from lsprotocol.types import (
    CallHierarchyIncomingCall,
    CallHierarchyItem,
    CallHierarchyOutgoingCall,
    SymbolKind,
)

from clef.data_classes import dataclass
from clef.inference.type_text import written_operator
from clef.language_server.analysis import ProjectAnalysis
from clef.language_server.file_analysis import FileAnalysis
from clef.language_server.occurrences import Occurrence
from clef.language_server.positions import to_range
from clef.language_server.scopes import path_to
from clef.language_server.uris import to_uri
from clef.source import Span
from clef.syntax import tree
from clef.syntax.member_names import name_of_member

_CALLABLE = ("value", "function", "member", "case", "activePattern")


@dataclass(frozen=True, slots=True)
class _Caller:
    """A declaration that others may call: where it stands, its name and what it means."""

    span: Span
    name: Span
    text: str
    key: str
    kind: SymbolKind


def prepare(project: ProjectAnalysis, file: FileAnalysis, offset: int) -> list[CallHierarchyItem]:
    """The function under the caret, if the project declares it."""
    occurrence = file.occurrence_at(offset)
    if occurrence is None or occurrence.kind not in _CALLABLE:
        return []
    declared = _declaration(project, occurrence)
    return [] if declared is None else [_item(project, declared)]


def incoming(project: ProjectAnalysis, item: CallHierarchyItem) -> list[CallHierarchyIncomingCall]:
    """The declarations that use an item, each with the places where it does."""
    found: dict[Span, tuple[_Caller, list[Span]]] = {}
    for path, file in project.files.items():
        for occurrence in file.meaning(_key(item)):
            if not occurrence.is_definition:
                caller = _caller_at(file, occurrence.span.start) or _whole(path, file)
                found.setdefault(caller.span, (caller, []))[1].append(occurrence.span)
    return [
        CallHierarchyIncomingCall(
            _item(project, caller),
            [to_range(project.files[caller.span.path].source, span) for span in spans],
        )
        for caller, spans in found.values()
    ]


def outgoing(project: ProjectAnalysis, item: CallHierarchyItem) -> list[CallHierarchyOutgoingCall]:
    """What an item uses, each with the places where it does."""
    path = str(_data(item).get("path", ""))
    file = project.files.get(path)
    start = int(_data(item).get("start", 0))
    caller = _caller_at(file, start) if file is not None else None
    if file is None or caller is None:
        return []
    found: dict[str, tuple[_Caller, list[Span]]] = {}
    for occurrence in file.occurrences:
        inside = caller.span.start <= occurrence.span.start < caller.span.end
        if not inside or occurrence.is_definition or occurrence.kind not in _CALLABLE:
            continue
        callee = _declaration(project, occurrence)
        if callee is not None:
            found.setdefault(callee.key, (callee, []))[1].append(occurrence.span)
    return [
        CallHierarchyOutgoingCall(
            _item(project, callee), [to_range(file.source, span) for span in spans]
        )
        for callee, spans in found.values()
    ]


def _declaration(project: ProjectAnalysis, occurrence: Occurrence) -> _Caller | None:
    declared = project.definition(occurrence.key)
    if declared is None:
        return None
    caller = _caller_at(project.files[declared.span.path], declared.span.start)
    if caller is not None and caller.key == occurrence.key:
        return caller
    kind = SymbolKind.EnumMember if declared.kind == "case" else SymbolKind.Variable
    return _Caller(declared.span, declared.span, declared.name, declared.key, kind)


def _caller_at(file: FileAnalysis, offset: int) -> _Caller | None:
    """The declaration of a module or the member around an offset."""
    around = path_to(file.tree, offset)
    for node, outer in zip(reversed(around), [*reversed(around[:-1]), None], strict=False):
        for name, kind in _declared(node, outer):
            occurrence = file.occurrence_at(name.span.start)
            if occurrence is not None and occurrence.is_definition:
                text = written_operator(name.text)
                span = node.span.to(name.span)
                return _Caller(span, name.span, text, occurrence.key, kind)
    return None


def _declared(node: tree.Node, outer: tree.Node | None) -> Iterator[tuple[tree.Name, SymbolKind]]:
    if isinstance(node, tree.Binding) and isinstance(outer, tree.LetDeclaration):
        if isinstance(node.head, tree.NameHead):
            is_function = bool(node.head.arguments)
            yield node.head.name, SymbolKind.Function if is_function else SymbolKind.Variable
    elif isinstance(node, tree.Member):
        name = name_of_member(node)
        if name is not None:
            is_method = isinstance(node, tree.MethodMember)
            yield name, SymbolKind.Method if is_method else SymbolKind.Property


def _whole(path: str, file: FileAnalysis) -> _Caller:
    """A file as the caller of what its own statements use."""
    whole = Span(path, 0, len(file.source.text))
    return _Caller(whole, Span(path, 0, 0), PurePath(path).name, "", SymbolKind.File)


def _item(project: ProjectAnalysis, caller: _Caller) -> CallHierarchyItem:
    source = project.files[caller.span.path].source
    return CallHierarchyItem(
        caller.text,
        caller.kind,
        to_uri(source.path),
        to_range(source, caller.span),
        to_range(source, caller.name),
        data={"path": source.path, "key": caller.key, "start": caller.name.start},
    )


def _data(item: CallHierarchyItem) -> dict[str, Any]:
    """What an earlier answer put into an item; an editor hands it back as it was."""
    data: object = cast("object", item.data)
    return cast("dict[str, Any]", data) if isinstance(data, dict) else {}


def _key(item: CallHierarchyItem) -> str:
    return str(_data(item).get("key", ""))
