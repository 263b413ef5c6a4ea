"""A text in, the formatted text out.

Comes in: the text of a file and settings; for a selection also a range. Goes out: `Formatted`.
Promises: text with mistakes in it is not touched; the new text has the same tree and the same
comments as the old one, because that is looked at, and a declaration that would differ keeps its
own text; formatting what is formatted changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Final

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Severity
from clef.formatter.comparison import (
    Container,
    different_declarations,
    first_lost_comment,
    innermost_declaration,
)
from clef.formatter.declarations import Declarations
from clef.formatter.document import render
from clef.formatter.settings import DEFAULTS, Settings
from clef.source import SourceFile
from clef.syntax import tree
from clef.syntax.declarations import Trivia
from clef.syntax.parser import parse_with_tokens
from clef.syntax.tokens import Tokens

_log = logging.getLogger(__name__)
_NO_SYMBOLS: Final[frozenset[str]] = frozenset()
_MOST_ROUNDS: Final = 20


@dataclass(slots=True)
class Formatted:
    """The new text; the mistakes, if the old one has any (then the text is the old one); where
    declarations start, in the old text with `\\n` as line end, that kept their own text because a
    rule would have changed them (`kept`) or because no rule knows them (`unruled`)."""

    text: str
    diagnostics: list[Diagnostic]
    kept: list[int]
    unruled: list[int]


@dataclass(slots=True)
class _Parsed:
    """One text and what it consists of."""

    text: str
    file: tree.File
    tokens: Tokens
    errors: list[Diagnostic]
    symbols: frozenset[str]

    @property
    def trivia(self) -> list[Trivia]:
        return self.tokens.trivia


def _parse(path: str, text: str, symbols: frozenset[str]) -> _Parsed:
    file, tokens, found = parse_with_tokens(SourceFile(path, text), symbols)
    errors = [each for each in found if each.severity is Severity.ERROR]
    return _Parsed(text, file, tokens, errors, symbols)


def _changed(old: _Parsed, new: _Parsed) -> list[int]:
    """Where declarations start that formatting would change; [-1] when that cannot be told."""
    if not new.errors:
        different = different_declarations(old.file, new.file, (old.text, new.text))
        if different is not None:
            if different:
                return different
            lost = first_lost_comment(old.text, old.trivia, new.text, new.trivia)
            if lost is None:
                return []
            around = innermost_declaration(old.file, lost)
            return [around if around is not None else -1]
    return [-1]


def _suspects(
    old: _Parsed, path: str, settings: Settings, symbols: frozenset[str], among: list[int]
) -> list[int]:
    """When the whole cannot be compared: halve the declarations that are formatted until those
    are found that change by themselves."""
    others = frozenset(_leaves(old.file)).difference(among)
    text = _write(old, settings, others).text
    if not among or not _changed(old, _parse(path, text, symbols)):
        return []
    if len(among) == 1:
        return among
    middle = len(among) // 2
    return [
        each
        for half in (among[:middle], among[middle:])
        for each in _suspects(old, path, settings, symbols, half)
    ]


def _leaves(container: tree.File | tree.ModuleDeclaration | tree.NamespaceDeclaration) -> list[int]:
    result: list[int] = []
    for declaration in container.declarations:
        if isinstance(declaration, tree.ModuleDeclaration | tree.NamespaceDeclaration):
            result.extend(_leaves(declaration))
        else:
            result.append(declaration.span.start)
    return result


@dataclass(slots=True)
class _Written:
    """A new text, where declarations start that match no rule, and whether a comment moved."""

    text: str
    unruled: list[int]
    moves_comments: bool


def _write(old: _Parsed, settings: Settings, kept: frozenset[int]) -> _Written:
    """The new text of a file."""
    printer = Declarations(old.text, old.tokens, settings, kept)
    document = printer.file(old.file)
    text, moves_comments = render(document, settings.max_line_length)
    text = text.strip("\n")
    if old.text.startswith("#!"):
        text = old.text.split("\n", 1)[0] + "\n" + text
    if settings.insert_final_newline and text:
        text += "\n"
    return _Written(text, printer.unruled, moves_comments)


def _starts(container: Container) -> Iterator[int]:
    """Where all declarations start, those in modules as well."""
    for declaration in container.declarations:
        yield declaration.span.start
        if isinstance(declaration, Container):
            yield from _starts(declaration)


def _settled(old: _Parsed, new: _Parsed, settings: Settings, kept: set[int]) -> str:
    """The text that formatting changes no more: a comment that went to the end of its line can
    make room for what had to be broken around it."""
    for _ in range(_MOST_ROUNDS):
        pairs = zip(_starts(old.file), _starts(new.file), strict=True)
        there = frozenset(second for first, second in pairs if first in kept)
        text = _write(new, settings, there).text
        if text == new.text:
            break
        again = _parse(old.file.span.path, text, new.symbols)
        if _changed(old, again):
            break
        new = again
    return new.text


def _format(old: _Parsed, path: str, settings: Settings, symbols: frozenset[str]) -> Formatted:
    kept: set[int] = set()
    for _ in range(_MOST_ROUNDS):
        written = _write(old, settings, frozenset(kept))
        text, unruled = written.text, written.unruled
        if text == old.text:
            return Formatted(text, [], sorted(kept), unruled)
        new = _parse(path, text, symbols)
        changed = _changed(old, new)
        if not changed:
            if written.moves_comments:
                text = _settled(old, new, settings, kept)
            return Formatted(text, [], sorted(kept), unruled)
        if changed == [-1]:
            changed = _suspects(old, path, settings, symbols, _leaves(old.file))
        if not changed or kept.issuperset(changed):
            break
        _log.debug("kept as they are in %s: %s", path, changed)
        kept.update(changed)
    return Formatted(old.text, [], _leaves(old.file), [])


def format_text(
    text: str,
    settings: Settings = DEFAULTS,
    path: str = "",
    symbols: frozenset[str] = _NO_SYMBOLS,
) -> Formatted:
    """Format a whole file; `symbols` are defined for `#if`."""
    plain = text.replace("\r\n", "\n")
    mark = "\ufeff" if plain.startswith("\ufeff") else ""
    old = _parse(path, plain[len(mark) :], symbols)
    if old.errors:
        return Formatted(text, _parse(path, text, symbols).errors, [], [])
    result = _format(old, path, settings, symbols)
    ending = settings.end_of_line or ("crlf" if "\r\n" in text else "lf")
    if ending == "crlf":
        result.text = result.text.replace("\n", "\r\n")
    result.text = mark + result.text
    return result
