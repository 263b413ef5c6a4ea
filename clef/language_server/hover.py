"""Hover: what is under the pointer.

Comes in: a place in a file. Goes out: its declaration, type and documentation as
Markdown, and what it costs where that is known.
"""

from __future__ import annotations

from collections.abc import Callable

from lsprotocol.types import Hover, MarkupContent, MarkupKind

from clef.inference.type_text import show
from clef.language_server.analysis import ProjectAnalysis
from clef.language_server.describe import declaration, declared_at, documentation_of
from clef.language_server.file_analysis import FileAnalysis
from clef.language_server.placement import Placement
from clef.language_server.positions import to_range
from clef.language_server.type_sizes import type_facts
from clef.typed_core.program import TypedProgram


def hover(
    project: ProjectAnalysis,
    file: FileAnalysis,
    placement: Placement,
    program: Callable[[], TypedProgram],
    offset: int,
) -> Hover | None:
    """The answer for an offset; None between names where nothing has a type."""
    found = _of_name(project, file, offset) or _of_expression(file, offset)
    remarks = [*placement.at(file, offset), *_sizes(file, program, offset)]
    if found is not None and remarks:
        content = found.contents
        assert isinstance(content, MarkupContent)
        content.value += "\n\n" + "\n".join(f"- {remark}" for remark in remarks)
    return found


def _sizes(file: FileAnalysis, program: Callable[[], TypedProgram], offset: int) -> list[str]:
    occurrence = file.occurrence_at(offset)
    if occurrence is None or occurrence.kind != "type":
        return []
    return type_facts(program(), file.signatures, occurrence.key)


def _of_name(project: ProjectAnalysis, file: FileAnalysis, offset: int) -> Hover | None:
    occurrence = file.occurrence_at(offset)
    if occurrence is None:
        return None
    text = declaration(file, occurrence)
    if text is None:
        return None
    used = file.places.exactly(occurrence.span.start, occurrence.span.end)
    parts = [f"```clef\n{text}\n```"]
    if occurrence.kind in ("value", "member") and used is not None and "'" in text:
        parts.append(f"here: `{show(used)}`")
    words = documentation_of(project, declared_at(file, project, occurrence))
    if words:
        parts.append(words)
    content = MarkupContent(MarkupKind.Markdown, "\n\n".join(parts))
    return Hover(content, to_range(file.source, occurrence.span))


def _of_expression(file: FileAnalysis, offset: int) -> Hover | None:
    span, type_ = file.places.at(offset)
    if span is None or type_ is None or file.source.text[offset : offset + 1].isspace():
        return None
    content = MarkupContent(MarkupKind.Markdown, f"```clef\n{show(type_)}\n```")
    return Hover(content, to_range(file.source, span))
