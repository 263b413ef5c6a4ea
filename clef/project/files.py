"""Reading source files: the one place where sources come from the disk.

Comes in: a path, and the place where it was named if that is in a project file. Goes out: a
`SourceFile` or the reason why there is none. Promises: never an exception; never a guess about the
encoding; never more than `LIMIT` bytes.
"""

from __future__ import annotations

import codecs
import os
import stat

from clef.diagnostics.diagnostic import Diagnostic
from clef.diagnostics.project import (
    EmptyFile,
    FileNotFound,
    FileTooLarge,
    FileUnreadable,
    NotASource,
    NotUnicode,
    SourceMissing,
)
from clef.diagnostics.spelling import closest
from clef.source import SourceFile, Span

LIMIT = 64 * 1024 * 1024

SOURCE_SUFFIXES = (".clef", ".fs", ".fsx")

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def nearest_file(path: str) -> str | None:
    """An existing neighbour whose name looks like this one's."""
    folder, name = os.path.split(path)
    try:
        neighbours = os.listdir(folder or ".")
    except OSError:
        return None
    found = closest(name, neighbours)
    return os.path.join(folder, found) if found else None


def _missing(path: str, span: Span | None) -> Diagnostic:
    if span is None:
        return FileNotFound(Span(path, 0, 0), nearest_file(path))
    return SourceMissing(span, path, nearest_file(path))


def read_bytes(path: str, span: Span | None = None) -> bytes | Diagnostic:
    """The content of a file, or why it cannot be had."""
    place = span or Span(path, 0, 0)
    try:
        with open(path, "rb") as file:
            status = os.fstat(file.fileno())
            if stat.S_ISREG(status.st_mode) and status.st_size > LIMIT:
                return FileTooLarge(place, path, status.st_size, LIMIT)
            content = file.read(LIMIT + 1)
    except (FileNotFoundError, NotADirectoryError):
        return _missing(path, span)
    except IsADirectoryError:
        return FileUnreadable(place, path, "it is a folder")
    except OSError as error:
        return FileUnreadable(place, path, (error.strerror or str(error)).lower())
    except ValueError as error:
        # A path with a zero character.
        return FileUnreadable(place, path, str(error))
    if len(content) > LIMIT:
        return FileTooLarge(place, path, len(content), LIMIT)
    return content


def decode(content: bytes, path: str, span: Span | None = None) -> str | Diagnostic:
    """The text of a file; a byte order mark is dropped."""
    encoding = "utf-8"
    for mark, name in _MARKS:
        if content.startswith(mark):
            content, encoding = content[len(mark) :], name
            break
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        value = content[error.start]
        return NotUnicode(span or Span(path, 0, 0), path, error.start, line, value)


def read_text(path: str, span: Span | None = None) -> SourceFile | Diagnostic:
    """A text file of any kind."""
    content = read_bytes(path, span)
    if not isinstance(content, bytes):
        return content
    text = decode(content, path, span)
    return SourceFile(path, text) if isinstance(text, str) else text


def read_source(path: str, span: Span | None = None) -> tuple[SourceFile | None, list[Diagnostic]]:
    """A source file, with a warning if there is nothing in it."""
    if not path.endswith(SOURCE_SUFFIXES):
        return None, [NotASource(span or Span(path, 0, 0), path)]
    source = read_text(path, span)
    if not isinstance(source, SourceFile):
        return None, [source]
    if not source.text.strip():
        return source, [EmptyFile(Span(path, 0, 0))]
    return source, []
