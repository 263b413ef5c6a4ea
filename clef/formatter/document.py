"""Documents: text with the places where it may be broken, and how they become lines.

Comes in: documents made by the rules for each construct. Goes out: text. Promises: a `Choice` is on
one line exactly when that fits and holds nothing that needs a line end; comments at the end of a
line stay at the end of a line, whatever follows them; no line ends in blanks; the work is linear in
the size of the documents but for looking ahead to the next possible line end.

The algebra is that of Wadler ("A prettier printer", 2003) in the strict form of Lindig ("Strictly
pretty", 2000), with the two forms of a construct given as two documents that share their parts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

BROKEN: Final = -1
"""The width of what cannot be on one line."""


class Document:
    """`width`: on one line, or BROKEN; `inline`: the same where all around it is on one line as
    well. `head`: up to the first line end that is possible; `stops` says whether there is one.
    `open_end`: ends in a comment that takes the rest of its line."""

    __slots__ = ("head", "inline", "open_end", "stops", "width")

    def __init__(self, width: int, head: int, stops: bool, open_end: bool) -> None:
        self.width = width
        self.inline = width
        self.head = head
        self.stops = stops
        self.open_end = open_end


class Text(Document):
    """Text without line ends."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        length = len(text)
        super().__init__(length, length, False, False)
        self.text = text


class Lines(Document):
    """A token of several lines, such as a string: nothing in it is moved. It fits where its first
    line fits."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        first = text.index("\n")
        super().__init__(first, first, True, False)
        self.text = text


class Moved(Document):
    """Several lines that stood at a column and move together; `fixed` lines (from 0) stay."""

    __slots__ = ("column", "fixed", "lines")

    def __init__(self, lines: list[str], column: int, fixed: frozenset[int]) -> None:
        super().__init__(BROKEN, len(lines[0]), True, False)
        self.lines = lines
        self.column = column
        self.fixed = fixed


class Flush(Document):
    """Whole lines that start in the first column, such as `#if`."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        super().__init__(BROKEN, 0, True, True)
        self.text = text


class Line(Document):
    """A line end, and blank lines after it."""

    __slots__ = ("blank",)

    def __init__(self, blank: int = 0) -> None:
        super().__init__(BROKEN, 0, True, False)
        self.blank = blank


class Between(Document):
    """A line end between two items; with at least one blank line when one of them takes several
    lines."""

    __slots__ = ("after", "before", "blank")

    def __init__(self, blank: int, before: Document, after: Document) -> None:
        super().__init__(BROKEN, 0, True, False)
        self.blank = blank
        self.before = before
        self.after = after


class Comment(Document):
    """A comment that ends its line; `column` is where one stood that is aligned with others, or
    0."""

    __slots__ = ("column", "text")

    def __init__(self, text: str, column: int) -> None:
        super().__init__(0, 0, False, True)
        self.text = text
        self.column = column


class Concatenation(Document):
    """One after the other."""

    __slots__ = ("parts",)

    def __init__(self, parts: list[Document]) -> None:
        width = head = 0
        stops = open_end = False
        for part in parts:
            if part.width < 0 or (open_end and part.width > 0):
                width = BROKEN
            elif width >= 0:
                width += part.width
            if not stops:
                head += part.head
                stops = part.stops
            if part.width != 0 or part.open_end:
                open_end = part.open_end
        super().__init__(width, head, stops, open_end)
        self.parts = parts
        if width < 0:
            self.inline = self._inline()

    def _inline(self) -> int:
        total = 0
        open_end = False
        for part in self.parts:
            if part.inline < 0 or (open_end and part.inline > 0):
                return BROKEN
            total += part.inline
            if part.inline != 0 or part.open_end:
                open_end = part.open_end
        return total


class Nest(Document):
    """More indentation for the line ends inside."""

    __slots__ = ("amount", "inner")

    def __init__(self, amount: int, inner: Document) -> None:
        super().__init__(inner.width, inner.head, inner.stops, inner.open_end)
        self.inline = inner.inline
        self.amount = amount
        self.inner = inner


class Align(Document):
    """The line ends inside go to the column where this starts."""

    __slots__ = ("inner",)

    def __init__(self, inner: Document) -> None:
        super().__init__(inner.width, inner.head, inner.stops, inner.open_end)
        self.inline = inner.inline
        self.inner = inner


class Choice(Document):
    """On one line when that fits and is not wider than `limit`, else the other. With `is_inline`
    it is the whole that each `Within` in it waits for."""

    __slots__ = ("broken", "flat")

    def __init__(
        self, flat: Document, broken: Document, limit: int = 10_000, is_inline: bool = False
    ) -> None:
        width = flat.inline if is_inline else flat.width
        super().__init__(width if width <= limit else BROKEN, broken.head, True, flat.open_end)
        self.inline = flat.inline if flat.inline <= limit else BROKEN
        self.flat = flat
        self.broken = broken


class Within(Document):
    """On one line only as a part of what is on one line as a whole, else the other."""

    __slots__ = ("broken", "flat")

    def __init__(self, flat: Document, broken: Document) -> None:
        super().__init__(BROKEN, broken.head, True, flat.open_end)
        self.inline = flat.inline
        self.flat = flat
        self.broken = broken


class IfFits(Document):
    """The first of two broken documents when its first line, which is `needed` wide, fits, else
    the other."""

    __slots__ = ("first", "needed", "otherwise")

    def __init__(self, first: Document, otherwise: Document, needed: int) -> None:
        super().__init__(BROKEN, otherwise.head, True, first.open_end)
        self.first = first
        self.needed = needed
        self.otherwise = otherwise


EMPTY: Final[Document] = Text("")
SPACE: Final[Document] = Text(" ")
LINE: Final[Document] = Line()


def concat(*parts: Document) -> Document:
    """The parts that are not empty, one after the other."""
    return joined(parts)


def joined(parts: Iterable[Document]) -> Document:
    """The same for a sequence."""
    kept = [part for part in parts if part is not EMPTY]
    if len(kept) == 1:
        return kept[0]
    return Concatenation(kept) if kept else EMPTY


def separated(parts: list[Document], separator: Document) -> Document:
    """The parts with a separator between them."""
    result: list[Document] = []
    for part in parts:
        if result:
            result.append(separator)
        result.append(part)
    return joined(result)


class _Renderer:
    """The state of one run."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.out: list[str] = []
        self.column = 0
        self.is_fresh = True  # nothing has been written to this line; `column` is its indentation
        self.comments: list[Comment] = []
        self.moves_comments = False
        self.stack: list[tuple[int, Document, bool]] = []  # the last: all of it is on one line

    def write(self, text: str) -> None:
        if not text:
            return
        if self.comments and text != " ":
            self.moves_comments = True
        if self.is_fresh:
            self.out.append(" " * self.column)
            self.is_fresh = False
        self.out.append(text)
        self.column += len(text)

    def end_line(self) -> None:
        """Comments that wait, and the line end."""
        comments, self.comments = self.comments, []
        for comment in comments:
            if not self.is_fresh:
                pad = max(1, comment.column - self.column)
                self.write(" " * pad)
            self.write(comment.text)
        self.strip()
        self.out.append("\n")
        self.is_fresh = True

    def strip(self) -> None:
        """No blanks at the end of a line."""
        if not self.is_fresh and self.out[-1].endswith(" "):
            self.out[-1] = self.out[-1].rstrip(" ")

    def line(self, indent: int, blank: int) -> None:
        self.end_line()
        self.out.append("\n" * blank)
        self.column = indent

    def trailing(self) -> int:
        """The width of what follows up to the next possible line end."""
        total = 0
        for _, document, _ in reversed(self.stack):
            total += document.head
            if document.stops or total > self.limit:
                break
        return total

    def fits(self, document: Document) -> bool:
        width = document.width
        if width < 0 or self.column + width > self.limit:
            return False
        return self.column + width + self.trailing() <= self.limit

    def moved(self, document: Moved) -> None:
        shift = self.column - document.column
        self.write(document.lines[0])
        for number, line in enumerate(document.lines[1:], 1):
            self.end_line()
            self.column = 0
            if number in document.fixed:
                self.write(line)
            elif line.strip():
                blanks = len(line) - len(line.lstrip(" "))
                self.column = max(0, blanks + shift)
                self.write(line[blanks:].rstrip())

    def is_long(self, indent: int, document: Document) -> bool:
        return document.width < 0 or indent + document.width > self.limit

    def between(self, indent: int, document: Between) -> None:
        blank = document.blank
        if blank == 0 and (
            self.is_long(indent, document.before) or self.is_long(indent, document.after)
        ):
            blank = 1
        self.line(indent, blank)

    def whole_lines(self, text: str) -> None:
        if not self.is_fresh:
            self.end_line()
        self.out.append(text)
        self.is_fresh = False
        self.column = len(text) - text.rfind("\n") - 1

    def choose(self, indent: int, document: Choice | Within | IfFits, is_flat: bool) -> None:
        if isinstance(document, IfFits):
            fits = self.column + document.needed <= self.limit
            chosen = document.first if fits else document.otherwise
        else:
            is_flat = is_flat or (isinstance(document, Choice) and self.fits(document))
            chosen = document.flat if is_flat else document.broken
        self.stack.append((indent, chosen, is_flat))

    def run(self, document: Document) -> str:
        stack = self.stack
        stack.append((0, document, False))
        while stack:
            indent, current, is_flat = stack.pop()
            if isinstance(current, Text):
                self.write(current.text)
            elif isinstance(current, Concatenation):
                stack.extend([(indent, part, is_flat) for part in reversed(current.parts)])
            elif isinstance(current, Choice | Within | IfFits):
                self.choose(indent, current, is_flat)
            elif isinstance(current, Nest):
                stack.append((indent + current.amount, current.inner, is_flat))
            elif isinstance(current, Align):
                stack.append((self.column, current.inner, is_flat))
            elif isinstance(current, Line):
                self.line(indent, current.blank)
            elif isinstance(current, Between):
                self.between(indent, current)
            elif isinstance(current, Comment):
                self.comments.append(current)
            else:
                self.rare(current)
        if self.comments:
            self.end_line()
        self.strip()
        return "".join(self.out)

    def rare(self, document: Document) -> None:
        if isinstance(document, Moved):
            self.moved(document)
        elif isinstance(document, Lines):
            self.write(document.text)
            self.column = len(document.text) - document.text.rfind("\n") - 1
        elif isinstance(document, Flush):
            self.whole_lines(document.text)


def render(document: Document, limit: int) -> tuple[str, bool]:
    """The text of a document whose lines should not be longer than `limit`, and whether a comment
    went behind something that followed it."""
    renderer = _Renderer(limit)
    return renderer.run(document), renderer.moves_comments
