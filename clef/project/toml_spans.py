"""Where keys and values stand in a TOML document.

Comes in: the text of a document that `tomllib` has accepted. Goes out: for each dotted path (array
elements count from 0) the offsets of its key and of its value. Promises: every key and every array
element of a valid document has a place; the time is proportional to the length of the text. The
grammar is that of TOML 1.0.
"""

from __future__ import annotations

import tomllib

from clef.data_classes import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """Offsets of a key and its value; a table's value is its header, an array element's key is the
    element.
    """

    key_start: int
    key_end: int
    value_start: int
    value_end: int


class _Scanner:
    """A cursor over the document; `table` is the path of the header that is in force."""

    __slots__ = ("counts", "entries", "position", "table", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.table: Path = ()
        self.entries: dict[Path, Entry] = {}
        self.counts: dict[Path, int] = {}

    def peek(self) -> str:
        return self.text[self.position : self.position + 1]

    def skip_line_blanks(self) -> None:
        while self.peek() in (" ", "\t"):
            self.position += 1

    def skip_blanks(self) -> None:
        """Blanks, line breaks and comments."""
        while self.position < len(self.text):
            character = self.text[self.position]
            if character == "#":
                end = self.text.find("\n", self.position)
                self.position = len(self.text) if end < 0 else end
            elif character in " \t\r\n":
                self.position += 1
            else:
                return

    def document(self) -> None:
        while True:
            self.skip_blanks()
            if self.position >= len(self.text):
                return
            if self.peek() == "[":
                self.header()
            else:
                self.pair(self.table)

    def header(self) -> None:
        start = self.position
        several = self.text.startswith("[[", start)
        self.position += 2 if several else 1
        parts = self.key()
        self.position += 2 if several else 1
        path = self.resolve(tuple(part for part, _, _ in parts), several)
        entry = Entry(parts[-1][1], parts[-1][2], start, self.position)
        self.entries[path] = entry
        self.table = path

    def resolve(self, names: tuple[str, ...], several: bool) -> Path:
        """The path of a header; the number of the current element follows an array of tables."""
        path: Path = ()
        for index, name in enumerate(names):
            path = (*path, name)
            if index == len(names) - 1 and several:
                self.counts[path] = self.counts.get(path, -1) + 1
            if path in self.counts:
                path = (*path, self.counts[path])
        return path

    def pair(self, table: Path) -> None:
        parts = self.key()
        self.position += 1  # the equals sign
        self.skip_line_blanks()
        path: Path = table
        start = self.position
        for name, _, _ in parts:
            path = (*path, name)
        self.value(path)
        end = self.position
        prefix: Path = table
        for name, key_start, key_end in parts:
            prefix = (*prefix, name)
            self.entries.setdefault(prefix, Entry(key_start, key_end, start, end))

    def key(self) -> list[tuple[str, int, int]]:
        """The parts of a dotted key with their offsets; stops before `=` or `]`."""
        parts: list[tuple[str, int, int]] = []
        while True:
            self.skip_line_blanks()
            start = self.position
            if self.peek() in ('"', "'"):
                self.string()
                raw = self.text[start : self.position]
                name = str(tomllib.loads("k = " + raw)["k"])
            else:
                while self.peek() not in ("", " ", "\t", ".", "=", "]", "\n"):
                    self.position += 1
                name = self.text[start : self.position]
            parts.append((name, start, self.position))
            self.skip_line_blanks()
            if self.peek() != ".":
                return parts
            self.position += 1

    def value(self, path: Path) -> None:
        character = self.peek()
        if character == "[":
            self.array(path)
        elif character == "{":
            self.inline_table(path)
        elif character in ('"', "'"):
            self.string()
        else:
            start = self.position
            while self.peek() not in ("", ",", "]", "}", "#", "\n"):
                self.position += 1
            self.position = start + len(self.text[start : self.position].rstrip())

    def array(self, path: Path) -> None:
        self.position += 1
        index = 0
        while True:
            self.skip_blanks()
            if self.peek() in ("]", ""):
                self.position += 1
                return
            start = self.position
            self.value((*path, index))
            self.entries[(*path, index)] = Entry(start, self.position, start, self.position)
            index += 1
            self.skip_blanks()
            if self.peek() == ",":
                self.position += 1

    def inline_table(self, path: Path) -> None:
        self.position += 1
        while True:
            self.skip_blanks()
            if self.peek() in ("}", ""):
                self.position += 1
                return
            self.pair(path)
            self.skip_blanks()
            if self.peek() == ",":
                self.position += 1

    def string(self) -> None:
        quote = self.peek()
        long = self.text.startswith(quote * 3, self.position)
        close = quote * 3 if long else quote
        self.position += len(close)
        while self.position < len(self.text):
            if quote == '"' and self.peek() == "\\":
                self.position += 2
            elif self.text.startswith(close, self.position):
                self.position += len(close)
                # Up to two quotes may stand directly before the closing three.
                while long and self.peek() == quote:
                    self.position += 1
                return
            else:
                self.position += 1


def entries(text: str) -> dict[Path, Entry]:
    """The places of all keys and elements."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.entries
