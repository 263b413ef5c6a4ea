"""Definitions under the offside rule: `let`, `type`, `member`, `module` and their `=`.

Comes in: a keyword of a definition or the `=` behind it. Goes out: `DefinitionLayout`, which opens
the context and the block of the body. Promises: as in `clef.syntax.layout`.
"""

from __future__ import annotations

from typing import Final

from clef.syntax.layout_brackets import BracketLayout
from clef.syntax.offside import BLOCK, BRACKET, SILENT, STARTS_SEQUENCE
from clef.syntax.tokens import END_OF_FILE, NAME, TYPE_VARIABLE, words

_AND: Final = words("let type augment accessor exception")
_CONSTRAINED: Final = frozenset((TYPE_VARIABLE, "^"))
INSIDE_INTERFACE: Final = words(
    "default override interface new type static end member abstract inherit [<"
)
_TYPE_LIKE: Final = words("type augment interface implementation exception")
_BINDINGS: Final = words("let member module accessor")
DEFINITIONS: Final = _BINDINGS | _TYPE_LIKE


class DefinitionLayout(BracketLayout):
    """What begins definitions, and their bodies."""

    def equals(self, place: int, kind: str) -> None:
        self.emit(kind, place)
        top = self.stack[-1]
        name = top.kind
        if name in _BINDINGS:
            self.begin_block(place, min(top.column, top.indent) + 1)
        elif name in _TYPE_LIKE:
            following = self.kinds[place + 1]
            self.begin_block(place, top.column + (0 if following == "|" else 1))
        elif name == SILENT and self.is_record_field(place):
            following = self.kinds[place + 1]
            if self.next_is_on_new_line(place) or following in STARTS_SEQUENCE:
                self.begin_block(place, top.column)

    def is_record_field(self, place: int) -> bool:
        """Whether `=` follows `{ A.B`, `; A.B`, or `A.B` at the start of an item."""
        if len(self.stack) < 2:
            return False
        parent = self.stack[-2]
        if parent.kind == SILENT and len(self.stack) > 2:
            parent = self.stack[-3]
        if parent.kind != BRACKET or self.kinds[parent.place] not in ("{", "{|"):
            return False
        kinds = self.kinds
        index = place - 1
        while index > 1 and kinds[index] == NAME and kinds[index - 1] == ".":
            index -= 2
        if kinds[index] != NAME:
            return False
        before = kinds[index - 1]
        return before in ("{", "{|", ";", "with") or self.lines[index] != self.lines[index - 1]

    def let(self, place: int, kind: str) -> None:
        is_static = self.kinds[place - 1] == "static" if place else False
        self.push("let", place - 1 if is_static else place)
        self.emit(kind, place)

    def and_(self, place: int, kind: str) -> None:
        index = self.find(_AND, place)
        following = self.kinds[place + 1 : place + 4]
        is_constraint = following[0] in _CONSTRAINED or (
            following[0] == "(" and (following[1] in _CONSTRAINED or following[2] == "or")
        )
        if index >= 0 and not is_constraint:
            self.pop_to(index, place)
            if self.stack[index].kind == "augment":
                self.stack[index].kind = "type"
        self.emit(kind, place)

    def interface(self, place: int, kind: str) -> None:
        if self.is_after_equals(place) and self.kinds[place + 1] in INSIDE_INTERFACE:
            self.open_bracket(place, kind)
        else:
            self.push("interface", place)
            self.emit(kind, place)

    def member(self, place: int, kind: str) -> None:
        if self.stack[-1].kind != "member":
            self.push("member", place)
        self.emit(kind, place)

    def static(self, place: int, kind: str) -> None:
        if self.kinds[place + 1] in ("let", "do", "use"):
            self.emit(kind, place)
        else:
            self.member(place, kind)

    def new(self, place: int, kind: str) -> None:
        """`new (` or `new : ` as an item of a type is a constructor."""
        stack = self.stack
        following = self.kinds[place + 1]
        is_named = following == NAME and self.kinds[place + 2] == "="  # `new x = …`
        if (following in ("(", ":", "<") or is_named) and len(stack) > 1:
            top, parent = stack[-1], stack[-2]
            if top.kind in _TYPE_LIKE or (
                top.kind in (BLOCK, SILENT)
                and (
                    parent.kind in _TYPE_LIKE
                    or (
                        parent.kind == BRACKET
                        and self.kinds[parent.place] in ("class", "struct", "interface")
                    )
                )
            ):
                self.push("member", place)
        self.emit(kind, place)

    def type_(self, place: int, kind: str) -> None:
        if place == 0 or self.kinds[place - 1] != "open":
            self.push(kind, place)
        self.emit(kind, place)

    def exception(self, place: int, kind: str) -> None:
        self.push(kind, place)
        self.emit(kind, place)

    def module(self, place: int, kind: str) -> None:
        self.emit(kind, place)
        after = self.after_module_name(place)
        if self.kinds[after] == "=":
            self.push("module", place)
        elif self.kinds[place + 1] != ":" and len(self.stack) <= 1:
            self.header_end = after

    def after_module_name(self, place: int) -> int:
        """The place after `rec`, access, attributes and the dotted name that follow `module` or
        `namespace`."""
        kinds = self.kinds
        index = place + 1
        line = self.lines[place]
        if kinds[index] == "[<":
            while kinds[index] not in (">]", END_OF_FILE):
                index += 1
            index += kinds[index] == ">]"
            line = self.lines[index]
        while kinds[index] in ("rec", "public", "private", "internal", "global", NAME, "."):
            if self.lines[index] != line and kinds[index - 1] != "." and kinds[index] != ".":
                break
            index += 1
        return index

    def namespace(self, place: int, kind: str) -> None:
        while len(self.stack) > 1:
            self.pop(place)
        self.emit(kind, place)
        self.header_end = self.after_module_name(place)
