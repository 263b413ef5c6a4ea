"""Formatting of documents and of parts of them.

Comes in: the present text of a document. Goes out: protocol edits. Promises: settings are those of
the `.editorconfig` files around the document; a document with mistakes gets no edits; without any,
the width of an indentation is the editor's.
"""

from __future__ import annotations

from dataclasses import replace

from lsprotocol import types as lsp

from clef.formatter.formatting import format_text
from clef.formatter.selection import Edit, format_range, whole_file_edits
from clef.formatter.settings import DEFAULTS, Settings
from clef.language_server.positions import to_offset, to_range
from clef.project.editor_settings import EditorSettings
from clef.source import SourceFile


def _settings(source: SourceFile, options: lsp.FormattingOptions) -> Settings:
    found = EditorSettings().settings(source.path)
    if found == DEFAULTS and 1 <= options.tab_size <= 16:
        return replace(found, indent_size=options.tab_size)
    return found


def _edits(source: SourceFile, edits: list[Edit]) -> list[lsp.TextEdit]:
    return [
        lsp.TextEdit(to_range(source, source.span(edit.start, edit.end)), edit.text)
        for edit in edits
    ]


def formatted(source: SourceFile, options: lsp.FormattingOptions) -> list[lsp.TextEdit]:
    """The edits that format a whole document."""
    new = format_text(source.text, _settings(source, options), source.path).text
    return _edits(source, whole_file_edits(source.text, new))


def formatted_part(
    source: SourceFile, part: lsp.Range, options: lsp.FormattingOptions
) -> list[lsp.TextEdit]:
    """The edits that format the declarations that a range touches."""
    start, end = to_offset(source, part.start), to_offset(source, part.end)
    settings = _settings(source, options)
    return _edits(source, format_range(source.text, start, end, settings, source.path))
