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
from clef.source import SourceFile, Span

LIMIT = 64 * 1024 * 1024

SOURCE_SUFFIXES = (".clef", ".fs", ".fsx")
SIGNATURE_SUFFIXES = (".fsi", ".clefi")
"""Signature files stand in a project's list in front of the files that they describe."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def nearest_file(path: str) -> str | None:
    """An existing neighbour whose name looks like this one's."""
    from clef.diagnostics.spelling import closest

    folder, name = os.path.split(path)
    try:
        neighbours = os.listdir(folder or ".")
    except OSError:
        return None
    found = closest(name, neighbours)
    return os.path.join(folder, found) if found else None


# The classes of findings are imported where something is found: a sound project should not wait for
# messages that nobody will read.


def _missing(path: str, span: Span | None) -> Diagnostic:
    from clef.diagnostics.project import FileNotFound, SourceMissing

    if span is None:
        return FileNotFound(Span(path, 0, 0), nearest_file(path))
    return SourceMissing(span, path, nearest_file(path))


def _too_large(path: str, span: Span, size: int) -> Diagnostic:
    from clef.diagnostics.project import FileTooLarge

    return FileTooLarge(span, path, size, LIMIT)


def _unreadable(path: str, span: Span, reason: str) -> Diagnostic:
    from clef.diagnostics.project import FileUnreadable

    return FileUnreadable(span, path, reason)


def read_bytes(path: str, span: Span | None = None) -> bytes | Diagnostic:
    """The content of a file, or why it cannot be had."""
    place = span or Span(path, 0, 0)
    try:
        with open(path, "rb") as file:
            status = os.fstat(file.fileno())
            if stat.S_ISREG(status.st_mode) and status.st_size > LIMIT:
                return _too_large(path, place, status.st_size)
            content = file.read(LIMIT + 1)
    except (FileNotFoundError, NotADirectoryError):
        return _missing(path, span)
    except IsADirectoryError:
        return _unreadable(path, place, "it is a folder")
    except OSError as error:
        return _unreadable(path, place, (error.strerror or str(error)).lower())
    except ValueError as error:
        # A path with a zero character.
        return _unreadable(path, place, str(error))
    if len(content) > LIMIT:
        return _too_large(path, place, len(content))
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
        from clef.diagnostics.project import NotUnicode

        line = content.count(b"\n", 0, error.start) + 1
        value = content[error.start]
        return NotUnicode(span or Span(path, 0, 0), path, error.start, line, value)


def encode(text: str, like: bytes) -> bytes:
    """The content of a file with a new text, in the encoding of its old content."""
    for mark, name in _MARKS:
        if like.startswith(mark):
            return mark + text.encode(name)
    return text.encode("utf-8")


def read_text(path: str, span: Span | None = None) -> SourceFile | Diagnostic:
    """A text file of any kind."""
    content = read_bytes(path, span)
    if not isinstance(content, bytes):
        return content
    text = decode(content, path, span)
    return SourceFile(path, text) if isinstance(text, str) else text


def read_source(path: str, span: Span | None = None) -> tuple[SourceFile | None, list[Diagnostic]]:
    """A source file, with a warning if there is nothing in it."""
    if not path.endswith(SOURCE_SUFFIXES + SIGNATURE_SUFFIXES):
        from clef.diagnostics.project import NotASource

        return None, [NotASource(span or Span(path, 0, 0), path)]
    source = read_text(path, span)
    if not isinstance(source, SourceFile):
        return None, [source]
    if not source.text.strip():
        from clef.diagnostics.project import EmptyFile

        return source, [EmptyFile(Span(path, 0, 0))]
    return source, []
