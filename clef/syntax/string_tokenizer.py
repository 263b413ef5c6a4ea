"""Strings as tokens: plain, verbatim, triple-quoted and interpolated ones with their holes.

Comes in: the text of a file and a place where a string starts. Goes out: one token, and for an
interpolated string its parts. Promises: a string that is not closed is reported at its start,
once, and takes no more than its line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

from clef.data_classes import dataclass
from clef.diagnostics import syntax as problems
from clef.diagnostics.diagnostic import Diagnostic
from clef.source import SourceFile
from clef.syntax.tokens import (
    END_OF_FILE,
    INTERPOLATED,
    STRING,
    Hole,
    Interpolation,
    Tokens,
)

REST_OF_LINE: Final = re.compile(r"[^\r\n]*")
_STRING_PART: Final = re.compile(r'[^"\\{}]+|\\.|\{+|\}+|"', re.DOTALL)
_RAW_PART: Final = re.compile(r'[^"{}]+|\{+|\}+|"+', re.DOTALL)
_HOLE_FORMAT: Final = re.compile(r"[^{}\r\n]*")
HOLE_ALIGNMENT: Final = re.compile(r"\s*[+-]?\d+\s*(?=[:}])")
_AFTER_STRING: Final = frozenset(" \t\r\n)];,.|}:>")


_DEEPEST_HOLES: Final = 50


@dataclass(slots=True)
class _Suspect:
    """A string over several lines, and the state of the tokenizer before it."""

    start: int
    count: int
    line: int
    line_start: int
    errors: int


class StringTokenizer:
    """The state of one run; `text` is shared with the runs for holes of interpolated strings."""

    def __init__(self, source: SourceFile, symbols: frozenset[str]) -> None:
        self.source = source
        self.text = source.text
        self.symbols = symbols
        self.diagnostics: list[Diagnostic] = []
        self.out = Tokens()
        self.line_start = 0
        self.line = 0
        self.conditionals: list[tuple[int, bool]] = []
        self.brackets: list[str] = []
        self.hole_depth = 0
        self.hole_failed = False
        self.failed_hole = -1
        self.gave_up = False
        self.suspect: _Suspect | None = None
        self.rewinds = 0

    def add(self, kind: str, start: int, end: int) -> None:
        """Append one token."""
        out = self.out
        out.kinds.append(kind)
        out.starts.append(start)
        out.ends.append(end)
        out.columns.append(start - self.line_start)
        out.lines.append(self.line)

    def report(self, diagnostic: Diagnostic) -> None:
        """Keep a diagnostic; a flood of them is cut off."""
        if len(self.diagnostics) < 1000:
            self.diagnostics.append(diagnostic)

    def run(self, position: int, in_hole: bool) -> int:
        """Tokenise from `position`; gives where it stopped."""
        raise NotImplementedError

    def triple_string(self, start: int, end: int) -> int:
        close = self.text.find('"""', end)
        if close < 0:
            return self.unterminated(start, end, '"""')
        close += 3
        if self.text.startswith("B", close):
            close += 1
        return self.long_token(STRING, start, close)

    def long_token(self, kind: str, start: int, end: int) -> int:
        """Add a token that may hold line ends; what follows it stays on its line, at its true
        column."""
        self.add(kind, start, end)
        last = self.text.rfind("\n", start, end)
        if last >= 0:
            self.line_start = last + 1
        return end

    def unterminated(self, start: int, end: int, closing: str) -> int:
        """Report at the start of the string and go on after its first line."""
        self.report(problems.UnterminatedString(self.source.span(start, end), closing))
        found = REST_OF_LINE.match(self.text, end)
        line_end = found.end() if found else end
        self.add(STRING, start, line_end)
        return line_end

    def string(self, start: int, end: int) -> int:
        if self.suspect is None and self.hole_depth == 0 and self.is_suspicious(start, end):
            self.suspect = _Suspect(
                start, len(self.out.kinds), self.line, self.line_start, len(self.diagnostics)
            )
        return self.long_token(STRING, start, end)

    def is_suspicious(self, start: int, end: int) -> bool:
        """Whether the string runs over line ends and touches a word after it, as when its real
        end is missing."""
        text = self.text
        return (
            text[start] == '"'
            and text.find("\n", start, end) >= 0
            and end < len(text)
            and text[end] not in _AFTER_STRING
        )

    def blame(self, suspect: _Suspect) -> int:
        """A string is open at the end of the file: most likely the first of those just before
        that run over line ends was not closed, so that all quotes after it are taken the wrong
        way round. Go back to it."""
        out = self.out
        count = suspect.count
        for array in (out.kinds, out.starts, out.ends, out.columns, out.lines):
            del array[count:]
        del self.diagnostics[suspect.errors :]
        for key in [key for key in out.documentation if -key - 1 > count]:
            del out.documentation[key]
        while out.trivia and out.trivia[-1].start > suspect.start:
            out.trivia.pop()
        self.line, self.line_start = suspect.line, suspect.line_start
        self.suspect = None
        self.rewinds += 1
        return self.unterminated(suspect.start, suspect.start + 1, '"')

    def interpolated(self, start: int, end: int) -> int:
        opening = self.text[start:end]
        is_triple = opening.endswith('"""')
        if opening.endswith('""') and not is_triple:
            opening, end = opening[:-1], end - 1
        dollars = opening.count("$")
        is_verbatim = "@" in opening or is_triple
        if self.gave_up:
            return self.rest_of_line(start, end)
        value = Interpolation([], is_verbatim, is_triple, dollars)
        line = self.line
        self.hole_depth += 1
        if self.hole_depth > _DEEPEST_HOLES:
            self.report(problems.NestingTooDeep(self.source.span(start, end), _DEEPEST_HOLES))
            self.hole_depth -= 1
            self.hole_failed = self.gave_up = True
            return len(self.text)
        close = self.interpolated_parts(value, end, is_triple)
        self.hole_depth -= 1
        if close < 0 and self.hole_failed and self.hole_depth > 0:
            return len(self.text)  # the outermost string goes on after the failure
        if close < 0 and self.failed_hole >= 0:
            close = self.after_failed_hole('"""' if is_triple else '"')
        if close < 0:
            return self.unclosed_interpolation(start, end, '"""' if is_triple else '"')
        self.hole_failed = False
        saved_start = self.line_start
        self.line = line
        self.line_start = self.start_of_line(start)
        self.add(INTERPOLATED, start, close)
        self.line_start = max(saved_start, self.start_of_line(close))
        self.out.interpolations[start] = value
        return close

    def after_failed_hole(self, closing: str) -> int:
        """The quote that probably closes a string with a hole that is not closed: the last one on
        the line for single quotes, the next one for triple quotes. -1 when there is none."""
        opening = self.failed_hole
        self.failed_hole = -1
        if len(closing) == 1:
            line_end = self.text.find("\n", opening)
            close = self.text.rfind(closing, opening, line_end if line_end >= 0 else None)
        else:
            close = self.text.find(closing, opening)
        if close < 0:
            return -1
        return close + len(closing)

    def unclosed_interpolation(self, start: int, end: int, closing: str) -> int:
        """One diagnostic is enough, however deep the holes are nested."""
        if not self.hole_failed:
            return self.unterminated(start, end, closing)
        self.hole_failed = False
        return self.rest_of_line(start, end)

    def rest_of_line(self, start: int, end: int) -> int:
        """Take a broken string up to the end of its line."""
        found = REST_OF_LINE.match(self.text, end)
        line_end = found.end() if found else end
        self.add(STRING, start, line_end)
        return line_end

    def start_of_line(self, offset: int) -> int:
        starts = self.source.line_starts
        return starts[bisect_right(starts, offset) - 1]

    def interpolated_parts(self, value: Interpolation, position: int, is_triple: bool) -> int:
        """Split into text and holes; gives the offset after the closing quote, or -1 where there
        is none."""
        pattern = _RAW_PART if value.is_verbatim else _STRING_PART
        text = self.text
        begin = position
        while True:
            found = pattern.match(text, position)
            if found is None:
                return -1
            position = found.end()
            piece = found.group()
            if piece[0] == '"':
                if is_triple and len(piece) < 3:
                    continue
                if not is_triple and value.is_verbatim and len(piece) > 1:
                    position = found.start() + len(piece) // 2 * 2
                    if len(piece) % 2 == 0:
                        continue
                width = 3 if is_triple else 1
                end = position - width if is_triple else found.end() - 1
                self.add_text(value, begin, end)
                return end + width
            if piece[0] == "{" and len(piece) % (2 if value.dollars == 1 else 10**9):
                if len(piece) < value.dollars:
                    continue
                if len(piece) >= 2 * value.dollars > 2:
                    self.bad_braces(found, "so many { need more $ in front of the string")
                self.add_text(value, begin, position - value.dollars)
                position = self.hole(value, position)
                if position < 0:
                    return -1
                begin = position
            elif piece[0] == "}" and (
                len(piece) % 2 if value.dollars == 1 else len(piece) >= value.dollars
            ):
                self.bad_braces(found, "a closing brace without an opening one")

    def bad_braces(self, found: re.Match[str], problem: str) -> None:
        span = self.source.span(found.start(), found.end())
        self.report(problems.InvalidInterpolation(span, problem))

    def add_text(self, value: Interpolation, begin: int, end: int) -> None:
        if end > begin:
            value.parts.append((begin, self.text[begin:end]))

    def hole(self, value: Interpolation, position: int) -> int:
        """Tokenise one hole, from after its brace; gives the offset after its closing brace, or
        -1."""
        outer = self.out
        brackets = self.brackets
        self.out = Tokens()
        self.brackets = []
        start = position
        errors = len(self.diagnostics)
        line, line_start = self.line, self.line_start
        position = self.run(position, True)
        self.add(END_OF_FILE, position, position)
        inner, self.out = self.out, outer
        self.brackets = brackets
        outer.trivia.extend(inner.trivia)
        alignment: str | None = None
        form: str | None = None
        if self.text.startswith(",", position):
            found = HOLE_ALIGNMENT.match(self.text, position + 1)
            alignment = found.group().strip() if found else None
            position = found.end() if found else position
        if self.text.startswith(":", position):
            found = _HOLE_FORMAT.match(self.text, position + 1)
            form = found.group() if found else None
            position = found.end() if found else position
        if not self.text.startswith("}" * value.dollars, position):
            self.hole_failed = True
            if not self.gave_up:  # what went wrong inside follows from the outermost hole
                del self.diagnostics[errors:]
                span = self.source.span(start - 1, start)
                self.report(problems.InvalidInterpolation(span, "this { is never closed"))
            self.failed_hole = start
            self.line, self.line_start = line, line_start
            return -1
        value.parts.append(Hole(inner, alignment, form))
        return position + value.dollars
