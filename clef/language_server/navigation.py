"""Going from a name to what it names, and back.

Comes in: a place in a file. Goes out: definitions, type definitions, implementations, references,
highlights, and the edits of a rename. Promises: a rename changes every place of the project that
means the same thing, and refuses what the library declares.
"""

from __future__ import annotations

import re

from lsprotocol.types import (
    DocumentHighlight,
    DocumentHighlightKind,
    Location,
    TextEdit,
    WorkspaceEdit,
)

from clef.inference.types import NamedType, Type
from clef.language_server.analysis import ProjectAnalysis
from clef.language_server.describe import declared_at
from clef.language_server.file_analysis import FileAnalysis
from clef.language_server.occurrences import Occurrence
from clef.language_server.positions import to_range
from clef.language_server.uris import to_uri
from clef.source import SourceFile, Span, in_library
from clef.standard_library import library_file, library_source


class CannotRename(ValueError):
    """Why a name stays as it is; the text is shown to the user."""


def location(project: ProjectAnalysis, span: Span) -> Location | None:
    """A span as the protocol wants it; library files are opened where they are installed."""
    source = _source(project, span.path)
    if source is None:
        return None
    path = str(library_file(span.path)) if span.in_library else span.path
    return Location(to_uri(path), to_range(source, span))


def _source(project: ProjectAnalysis, path: str) -> SourceFile | None:
    if in_library(path):
        return library_source(path)
    file = project.files.get(path)
    return file.source if file is not None else None


def definition(project: ProjectAnalysis, file: FileAnalysis, offset: int) -> Location | None:
    """Where the thing under the caret is declared."""
    occurrence = file.occurrence_at(offset)
    if occurrence is None:
        return None
    span = declared_at(file, project, occurrence)
    return location(project, span) if span is not None else None


def type_definition(project: ProjectAnalysis, file: FileAnalysis, offset: int) -> Location | None:
    """Where the type of the thing under the caret is declared."""
    occurrence = file.occurrence_at(offset)
    found: Type | None = None
    if occurrence is not None:
        found = file.places.exactly(occurrence.span.start, occurrence.span.end)
        local = file.places.locals.get(occurrence.span.start)
        value = file.signatures.values.get(occurrence.key)
        found = local.type if local is not None else value.scheme.type if value else found
    if found is None:
        found = file.places.at(offset)[1]
    if not isinstance(found, NamedType):
        return None
    declared = project.definition(found.symbol)
    if declared is not None:
        return location(project, declared.span)
    signature = file.signatures.types.get(found.symbol)
    return location(project, signature.span) if signature is not None else None


def implementations(project: ProjectAnalysis, file: FileAnalysis, offset: int) -> list[Location]:
    """The members that implement a slot, or the types that implement an interface or a class."""
    occurrence = file.occurrence_at(offset)
    if occurrence is None:
        return []
    spans: list[Span] = []
    for other in project.files.values():
        if other.examined is None:
            continue
        typed = other.examined.typed
        for type_ in typed.types.values():
            parents = [*type_.interfaces, *([type_.base] if type_.base is not None else [])]
            if any(parent.symbol == occurrence.key for parent in parents):
                spans.append(type_.span)
            for item in type_.implementations:
                body = typed.definitions.get(item.method)
                if item.slot == occurrence.key and body is not None:
                    spans.append(body.span)
    found = [location(project, span) for span in spans]
    return [one for one in found if one is not None]


def references(
    project: ProjectAnalysis, file: FileAnalysis, offset: int, with_declaration: bool
) -> list[Location]:
    """Every place that means the same thing."""
    occurrence = file.occurrence_at(offset)
    if occurrence is None:
        return []
    same = project.occurrences(occurrence.key)
    chosen = [o.span for o in same if with_declaration or not o.is_definition]
    found = [location(project, span) for span in chosen]
    return [one for one in found if one is not None]


def highlights(file: FileAnalysis, offset: int) -> list[DocumentHighlight]:
    """The places of this file that mean the same thing."""
    occurrence = file.occurrence_at(offset)
    if occurrence is None:
        return []
    return [
        DocumentHighlight(
            to_range(file.source, other.span),
            DocumentHighlightKind.Write if other.is_definition else DocumentHighlightKind.Read,
        )
        for other in file.meaning(occurrence.key)
    ]


# Renaming -----------------------------------------------------------------------------------------


def renamed(project: ProjectAnalysis, file: FileAnalysis, offset: int) -> Occurrence:
    """The name that a rename at this offset would change; raises `CannotRename`."""
    occurrence = file.occurrence_at(offset)
    if occurrence is None:
        raise CannotRename("there is no name here")
    if project.definition(occurrence.key) is None:
        raise CannotRename(f"`{occurrence.name}` is not declared in this project")
    if not re.fullmatch(r"[\w']+", occurrence.name):
        raise CannotRename(f"`{occurrence.name}` is not a plain name")
    return occurrence


def rename(
    project: ProjectAnalysis, file: FileAnalysis, offset: int, new_name: str
) -> WorkspaceEdit:
    """The edits of a rename; raises `CannotRename`."""
    occurrence = renamed(project, file, offset)
    new_name = new_name.strip().removeprefix("``").removesuffix("``")
    if not new_name or "\n" in new_name or "``" in new_name:
        raise CannotRename("a name is one line without ``")
    if occurrence.kind in ("case", "exception") and not new_name[0].isupper():
        raise CannotRename("cases and exceptions begin with a capital letter")
    written = new_name if re.fullmatch(r"[^\W\d][\w']*", new_name) else f"``{new_name}``"
    changes: dict[str, list[TextEdit]] = {}
    for path, other in project.files.items():
        edits = [
            TextEdit(to_range(other.source, o.span), written)
            for o in other.meaning(occurrence.key)
            if _is_whole(other.source, o)
        ]
        if edits:
            changes[to_uri(path)] = edits
    return WorkspaceEdit(changes=changes)


def _is_whole(source: SourceFile, occurrence: Occurrence) -> bool:
    """Whether the text really is this name (a `_` in its place, say, is not)."""
    text = source.text[occurrence.span.start : occurrence.span.end]
    return text.strip("`") == occurrence.name
