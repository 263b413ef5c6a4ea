"""Tokens in order, each once, with the comments around them.

Comes in: a file's tokens and trivia. Goes out: documents. Promises: a token that is taken brings
the comments before it and those that follow it on its line, so that no rule can lose one; blank
lines are counted; taking what is not there raises `Mismatch`, and whoever catches it keeps the
text as it was written.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from clef.formatter.document import (
    EMPTY,
    SPACE,
    Comment,
    Document,
    Flush,
    Line,
    Lines,
    Moved,
    Text,
    concat,
    joined,
)
from clef.formatter.settings import Settings
from clef.formatter.spacing import Spacing
from clef.syntax.declarations import Trivia, TriviaKind
from clef.syntax.tokens import COMPARE, Tokens

_CONTINUES: Final = frozenset((">", "|", "&", "->", "*", "with", "when", COMPARE))
_DIRECTIVES: Final = frozenset((TriviaKind.DIRECTIVE, TriviaKind.INACTIVE))


class Mismatch(Exception):
    """The tokens are not those that a rule expects."""


class Reader:
    """A place in the tokens."""

    def __init__(self, text: str, tokens: Tokens, settings: Settings) -> None:
        self.text = text
        self.kinds = tokens.kinds
        self.starts = tokens.starts
        self.ends = tokens.ends
        self.columns = tokens.columns
        self.lines = tokens.lines
        self.settings = settings
        self.indent = settings.indent_size
        self.spacing = Spacing(tokens, settings)
        self.gap = self.spacing.gap
        self.index = 0
        self.led = -1  # the comments before this token, and all before it, have been taken
        self.last_end = 0  # the end of what was taken last
        self.before: dict[int, list[Trivia]] = {}
        self.after: dict[int, list[Trivia]] = {}
        self.aligned: dict[int, int] = {}
        self.directives: list[int] = []
        self._attach(tokens.trivia)
        self._find_columns()

    # ------------------------------------------------------------ comments

    def _attach(self, found: list[Trivia]) -> None:
        """Give every comment to the token before it on its line, or else to the next."""
        text = self.text
        last_place, end = -1, 0
        for trivia in found:
            if trivia.kind is TriviaKind.BLANK_LINES:
                continue
            place = bisect_left(self.starts, trivia.start, 0, len(self.kinds))
            if trivia.kind in _DIRECTIVES:
                self.directives.append(trivia.start)
            if place != last_place:
                last_place, end = place, self.ends[place - 1] if place else 0
            if place and self._ends_line(trivia, place, end):
                self.after.setdefault(place - 1, []).append(trivia)
                end = trivia.end
            else:
                self.before.setdefault(place, []).append(trivia)
                end = len(text)

    def _ends_line(self, trivia: Trivia, place: int, end: int) -> bool:
        """Whether a comment stands on the line of what ends before it, with nothing behind it."""
        text = self.text
        if end > trivia.start or "\n" in text[end : trivia.start]:
            return False
        if trivia.kind is TriviaKind.LINE_COMMENT:
            return True
        if trivia.kind is not TriviaKind.BLOCK_COMMENT or "\n" in text[trivia.start : trivia.end]:
            return False
        line_end = text.find("\n", trivia.end)
        return line_end >= 0 and self.starts[place] > line_end

    def _find_columns(self) -> None:
        """Comments on lines below each other that start in the same column were aligned."""
        text = self.text
        previous: Trivia | None = None
        column = -1
        for comments in self.after.values():
            current = comments[-1]
            here = current.start - text.rfind("\n", 0, current.start) - 1
            if (
                previous is not None
                and here == column
                and text.count("\n", previous.end, current.start) == 1
            ):
                self.aligned[previous.start] = self.aligned[current.start] = here
            previous, column = current, here

    def has_directive(self, start: int, end: int) -> bool:
        """Whether text between has an `#if` or the like."""
        place = bisect_left(self.directives, start)
        return place < len(self.directives) and self.directives[place] < end

    def comment(self, trivia: Trivia) -> Document:
        """The text of a comment; later lines move with the first."""
        text = self.text[trivia.start : trivia.end]
        if "\n" not in text:
            return Text(text.rstrip())
        column = trivia.start - self.text.rfind("\n", 0, trivia.start) - 1
        lines = [line.rstrip("\r") for line in text.split("\n")]
        return Moved(lines, column, frozenset())

    def blank_lines(self, start: int, end: int) -> int:
        """Blank lines to keep between two places."""
        count = self.text.count("\n", start, end) - 1
        return max(0, min(count, self.settings.keep_max_number_of_blank_lines))

    def blanks(self) -> int:
        """Blank lines before what comes next, comment or token."""
        found = self.before.get(self.index) if self.led < self.index else None
        start = found[0].start if found else self.starts[self.index]
        return self.blank_lines(self.last_end, start)

    def at_directive(self) -> bool:
        """Whether `#if` or the like comes next."""
        found = self.before.get(self.index) if self.led < self.index else None
        return found is not None and found[0].kind in _DIRECTIVES

    def leading(self) -> Document:
        """The comments before the next token, if they have not been taken."""
        if self.led >= self.index:
            return EMPTY
        self.led = self.index
        found = self.before.get(self.index)
        if not found:
            return EMPTY
        parts: list[Document] = []
        place = 0
        while place < len(found):
            trivia = found[place]
            place += 1
            end = trivia.end
            if trivia.kind in _DIRECTIVES:
                while place < len(found) and found[place].kind in _DIRECTIVES:
                    if self.text[end : found[place].start].strip():
                        break
                    end = found[place].end
                    place += 1
                parts.append(self.whole_lines(trivia.start, end))
            else:
                parts.append(self.comment(trivia))
            following = found[place].start if place < len(found) else self.starts[self.index]
            self.last_end = end
            if "\n" in self.text[end:following]:
                parts.append(Line(self.blank_lines(end, following)))
            else:
                parts.append(SPACE)
        return joined(parts)

    def whole_lines(self, start: int, end: int) -> Document:
        line = self.text.rfind("\n", 0, start) + 1
        return Flush(self.text[line:end].rstrip())

    # ------------------------------------------------------------ tokens

    @property
    def kind(self) -> str:
        """The kind of the next token."""
        return self.kinds[self.index]

    def spaced(self) -> Document:
        """The blank before the next token."""
        return SPACE if self.gap(self.index) else EMPTY

    def touches(self) -> bool:
        """Whether the next token touches the one before."""
        return self.ends[self.index - 1] == self.starts[self.index]

    def token_text(self, place: int) -> Document:
        text = self.text[self.starts[place] : self.ends[place]]
        return Lines(text) if "\n" in text else Text(text)

    def take(self, *expected: str) -> Document:
        """The next token with its comments; `expected` are the kinds that it may have."""
        place = self.index
        if expected and self.kinds[place] not in expected:
            raise Mismatch(f"{self.kinds[place]} where {expected[0]} is expected")
        lead = self.leading()
        self.index = place + 1
        self.last_end = self.ends[place]
        return concat(lead, self.token_text(place), self.trailing(place))

    def trailing(self, place: int) -> Document:
        """The comments behind a token on its line."""
        found = self.after.get(place)
        if not found:
            return EMPTY
        parts: list[Document] = []
        for trivia in found:
            text = self.text[trivia.start : trivia.end].rstrip()
            parts.append(Comment(text, self.aligned.get(trivia.start, 0)))
            self.last_end = trivia.end
        return joined(parts)

    def skip(self, *expected: str) -> Document:
        """Leave a token out, but for its comments."""
        place = self.index
        if self.kinds[place] not in expected:
            raise Mismatch(f"{self.kinds[place]} where {expected[0]} is expected")
        lead = self.leading()
        self.index = place + 1
        self.last_end = self.ends[place]
        return concat(SPACE if lead is not EMPTY else EMPTY, lead, self.trailing(place))

    def until(self, offset: int) -> Document:
        """All tokens that start before an offset, on one line."""
        parts: list[Document] = []
        run = ""
        is_first = True
        while self.starts[self.index] < offset:
            place = self.index
            if not is_first:
                if self.lines[place] != self.lines[place - 1] and self.is_item(place):
                    run += self.spacing.before_semicolon + ";" + self.spacing.after_semicolon
                else:
                    run += self.gap(place)
            is_first = False
            if place in self.before or place in self.after:
                parts.append(Text(run))
                run = ""
                parts.append(self.take())
                continue
            text = self.text[self.starts[place] : self.ends[place]]
            self.index = place + 1
            self.last_end = self.ends[place]
            if "\n" in text:
                parts.extend((Text(run), Lines(text)))
                run = ""
            else:
                run += text
        if run:
            parts.append(Text(run))
        return joined(parts)

    def is_item(self, place: int) -> bool:
        """Whether the first token of a line starts an item between brackets, in the column of the
        first item, where on one line a semicolon would stand."""
        if self.kinds[place - 1] in (";", ",") or self.kinds[place] in _CONTINUES:
            return False
        partners = self.spacing.partners
        opener = place - 1
        while opener >= 0:
            partner = partners.get(opener)
            if partner is not None and partner > opener:
                break
            opener = (partner if partner is not None else opener) - 1
        if opener < 0 or self.kinds[opener] in ("(", "<@", "<@@") or partners[opener] == place:
            return False
        return self.columns[place] == self.columns[opener + 1]

    def before_next(self, offset: int) -> Document:
        """The tokens up to an offset, with the blanks before and after them."""
        if self.starts[self.index] >= offset:
            return self.spaced()
        return concat(self.spaced(), self.until(offset), self.spaced())

    def find(self, kind: str, end: int) -> int:
        """The start of the next token of a kind outside of brackets, before `end`; else `end`."""
        place = self.index
        partners = self.spacing.partners
        while self.starts[place] < end:
            if self.kinds[place] == kind:
                return self.starts[place]
            place = max(place, partners.get(place, place)) + 1
        return end

    # ------------------------------------------------------------ text as it is

    def verbatim(self, end: int) -> Document:
        """The text from the next token up to an offset, moved as a whole."""
        first = self.index
        place = first
        start = self.starts[first]
        fixed: list[int] = []
        while self.starts[place] < end:
            inside = self.text.count("\n", self.starts[place], self.ends[place])
            if inside:
                line = self.text.count("\n", start, self.starts[place])
                fixed.extend(range(line + 1, line + inside + 1))
            place += 1
        if place == first:
            raise Mismatch("nothing to keep")
        lead = self.leading()
        text = self.text[start : self.ends[place - 1]]
        self.index = place
        self.led = max(self.led, place - 1)
        self.last_end = self.ends[place - 1]
        lines = [line.rstrip("\r") for line in text.split("\n")]
        column = start - self.text.rfind("\n", 0, start) - 1
        written = Moved(lines, column, frozenset(fixed)) if len(lines) > 1 else Text(text)
        return concat(lead, written, self.trailing(place - 1))

    def spans_lines(self, start: int, end: int) -> bool:
        """Whether the text between has a line end."""
        return self.text.find("\n", start, end) >= 0
