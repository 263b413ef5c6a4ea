"""Brackets under the offside rule: `( … )`, `begin … end`, `class … end`.

Comes in: an opening or closing token. Goes out: `BracketLayout`, which pairs them. Promises:
brackets are balanced in what is emitted; one that fits nothing is reported, and taken for the right
one or dropped.
"""

from __future__ import annotations

from typing import Final

from clef.diagnostics import syntax as problems
from clef.syntax.offside import BRACKET, DECLARES, SILENT, TAKES_END, Context, OffsideStack
from clef.syntax.tokens import CLOSERS, COMPARE, END_OF_FILE, SEPARATOR

# The ends of type arguments, read as one operator with the `=` behind them.
END_AND_EQUALS: Final = frozenset((">=", ">>=", ">>>=", ">>>>="))
_WITHOUT_MEMBERS: Final = {"augment": "type", "implementation": "interface"}


class BracketLayout(OffsideStack):
    """What opens and closes brackets."""

    def token_text(self, place: int) -> str:
        return self.source.text[self.tokens.starts[place] : self.tokens.ends[place]]

    def is_after_equals(self, place: int) -> bool:
        """Whether the token follows the `=` of a definition."""
        before = self.kinds[place - 1] if place else ""
        return before == "=" or (before == COMPARE and self.token_text(place - 1) in END_AND_EQUALS)

    def open_bracket(self, place: int, kind: str) -> None:
        self.push(BRACKET, place)
        self.emit(kind, place)
        following = place + 1
        if self.kinds[following] != END_OF_FILE:
            column = self.columns[following]
            self.stack.append(Context(SILENT, column, self.indent, following))

    def close_bracket(self, place: int, kind: str) -> None:
        stack = self.stack
        innermost = -1
        for index in range(len(stack) - 1, -1, -1):
            if kind == "end" and self.takes_end(index, place):
                self.pop_to(index, place)
                self.emit(kind, place)
                ended = stack[index]  # a second `end` belongs further out
                ended.kind = _WITHOUT_MEMBERS.get(ended.kind, ended.kind)
                return
            if stack[index].kind != BRACKET:
                continue
            if CLOSERS[self.kinds[stack[index].place]] == kind:
                self.pop_to(index, place)
                opened = self.stack.pop()
                self.emit(kind, place)
                if kind == "end":
                    self.end_of_module(opened.place, place)
                return
            if innermost < 0:
                innermost = index
        if kind == "end":
            self.emit(kind, place)
        else:
            self.wrong_bracket(place, kind, innermost)

    def end_of_module(self, opener: int, place: int) -> None:
        """`module M = begin … end` ends here, whatever follows on the line."""
        stack = self.stack
        if len(stack) < 2 or stack[-2].kind != "module" or stack[-1].place != opener:
            return
        self.pop(place + 1)
        stack.pop()
        if not self.next_is_on_new_line(place) and self.kinds[place + 1] in DECLARES:
            self.emit(SEPARATOR, place + 1)

    def takes_end(self, index: int, place: int) -> bool:
        """Whether an `end` closes the members after `with` of this context: those of a type, of an
        interface or of an object expression."""
        context = self.stack[index]
        if context.kind in TAKES_END:
            is_first = self.lines[place] != self.lines[place - 1]
            return not is_first or self.columns[place] >= context.column
        if index == 0 or self.stack[index - 1].kind != BRACKET:
            return False
        opener = self.stack[index - 1].place
        return self.kinds[opener] == "{" and self.kinds[opener + 1] == "new"

    def wrong_bracket(self, place: int, kind: str, innermost: int) -> None:
        """No open bracket matches: take it for the right one if any is open, else drop it."""
        tokens = self.tokens
        span = self.source.span(tokens.starts[place], tokens.ends[place])
        if innermost < 0:
            self.diagnostics.append(problems.UnmatchedBracket(span, kind))
            return
        opener = self.stack[innermost].place
        opened = self.source.span(tokens.starts[opener], tokens.ends[opener])
        expected = CLOSERS[self.kinds[opener]]
        self.diagnostics.append(problems.MismatchedBracket(span, kind, expected, opened))
        self.pop_to(innermost, place)
        self.stack.pop()
        self.emit(expected, place)

    def block_keyword(self, place: int, kind: str) -> None:
        """`class`, `struct` or `sig` opens a bracket only directly after `=`."""
        if self.is_after_equals(place) and self.kinds[place + 1] not in ("(", "{|"):
            self.open_bracket(place, kind)
        else:
            self.emit(kind, place)
