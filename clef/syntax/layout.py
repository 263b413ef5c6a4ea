"""The offside rule (section 15 of the F# specification) as a pass over tokens.

Comes in: tokens with columns. Goes out: the same tokens with virtual ones between them: BLOCK_BEGIN
and BLOCK_END around the bodies that `=`, `->`, `then`, `do` and their like open, SEPARATOR between
the items of a block, LET_END where a `let` that has no `in` ends; `else if` on one line becomes
`elif`. Promises: brackets are balanced afterwards (missing ones are inserted, surplus ones dropped,
each with a diagnostic), and so are block tokens. A stack of contexts remembers what is open and in
which column; the first token of a line closes every context that it stands to the left of. Only
first tokens of lines and the tokens listed in `_HANDLERS` cost more than being copied.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from clef.diagnostics.diagnostic import Diagnostic
from clef.source import SourceFile
from clef.syntax.layout_brackets import END_AND_EQUALS
from clef.syntax.layout_control import BODIES, ControlLayout
from clef.syntax.layout_definitions import DEFINITIONS
from clef.syntax.offside import (
    BLOCK,
    BRACKET,
    INFIX,
    SILENT,
    STARTS_SEQUENCE,
    STARTS_STATEMENT,
    Context,
)
from clef.syntax.tokens import COMPARE, END_OF_FILE, LaidOutTokens, Tokens


class _Layout(ControlLayout):
    """The main loop, and the handlers of operators and of what ends an item."""

    def run(self) -> None:
        """The main loop. A block's first token never gets a separator, because its place is
        noted in the context."""
        kinds, lines = self.kinds, self.lines
        out_kinds, out_places = self.out_kinds, self.out_places
        handlers = _HANDLERS
        self.stack.append(Context(SILENT, self.columns[0], 0, 0))
        line = -1
        for place, kind in enumerate(kinds):
            if lines[place] != line:
                line = lines[place]
                self.indent = self.columns[place]
                self.first_of_line(place, kind)
            handler = handlers.get(kind)
            if handler is None:
                out_kinds.append(kind)
                out_places.append(place)
            elif place != self.skip:
                handler(self, place, kind)

    def compare(self, place: int, kind: str) -> None:
        """`>=` before the `=` of a definition ends type arguments: `type Box<'a>= …`."""
        if self.stack[-1].kind in DEFINITIONS and self.token_text(place) in END_AND_EQUALS:
            self.equals(place, kind)
        else:
            self.infix(place, kind)

    def assign(self, place: int, kind: str) -> None:
        self.emit(kind, place)
        if self.next_is_on_new_line(place):
            self.begin_block(place, self.enclosing_column() + 1)
        elif self.kinds[place + 1] in STARTS_SEQUENCE:
            self.begin_block(place, 0)

    def infix(self, place: int, kind: str) -> None:
        self.close_bodies(place, kind)
        self.emit(kind, place)
        if kind == "<":
            self.open_type_arguments(place)
        if self.kinds[place + 1] in STARTS_STATEMENT and not self.ends_type_arguments(place):
            self.begin_block(place, self.enclosing_column() + 1)

    def close_bodies(self, place: int, kind: str) -> None:
        """An operator after a bracket that was closed left of a lambda's body is not in the
        body: `f (fun () -> [ … ⏎ ], x)`."""
        stack = self.stack
        column = self.columns[place]
        grace = self.tokens.ends[place] - self.tokens.starts[place] + 1
        while len(stack) > 2:
            owner = stack[-2 if stack[-1].kind == BLOCK else -1]
            if owner.kind not in BODIES or not self.is_offside(stack[-1], column, kind, grace):
                return
            self.pop(place)

    def end_of_item(self, place: int, kind: str) -> None:
        """`;` ends the block of a record field."""
        stack = self.stack
        if len(stack) > 2 and stack[-1].kind == BLOCK and stack[-2].kind == SILENT:
            self.pop(place)
        self.emit(kind, place)

    def end_of_declaration(self, place: int, kind: str) -> None:
        """`;;` closes everything up to the declarations of the module."""
        stack = self.stack
        index = len(stack) - 1
        while index > 1 and stack[index - 1].kind != "module" and stack[index].kind != BRACKET:
            index -= 1
        is_root = index == 1 and stack[1].kind not in (BLOCK, BRACKET)
        self.pop_to(0 if is_root else index, place)
        self.emit(kind, place)

    def end_of_input(self, place: int, kind: str) -> None:
        while len(self.stack) > 1:
            self.pop(place)
        self.emit(kind, place)

    def body_on_new_line(self, place: int, kind: str) -> None:
        """`yield`, `return`, `lazy` and `assert` open a block only for what starts on the next
        line."""
        self.emit(kind, place)
        if self.next_is_on_new_line(place):
            self.begin_block(place, self.enclosing_column() + 1)


_Handler = Callable[[_Layout, int, str], None]


def _each(kinds: str, handler: _Handler) -> dict[str, _Handler]:
    return dict.fromkeys(kinds.split(), handler)


_HANDLERS: Final[dict[str, _Handler]] = {
    **dict.fromkeys(INFIX - {"=", ".", ".."}, _Layout.infix),
    **_each("let use let! use!", _Layout.let),
    **_each("match match!", _Layout.match),
    **_each("for while while!", _Layout.loop),
    **_each("do do!", _Layout.do),
    **_each("and and!", _Layout.and_),
    **_each("<- :=", _Layout.assign),
    **_each("else elif", _Layout.otherwise),
    **_each("class struct sig", _Layout.block_keyword),
    **_each("( [ [| [< { {| <@ <@@ begin", _Layout.open_bracket),
    **_each(") ] |] >] } |} @> @@> end", _Layout.close_bracket),
    **_each("member abstract override default val", _Layout.member),
    **_each("yield yield! return return! lazy assert", _Layout.body_on_new_line),
    "=": _Layout.equals,
    COMPARE: _Layout.compare,
    "->": _Layout.arrow,
    "when": _Layout.guard,
    "if": _Layout.conditional,
    "then": _Layout.then,
    "try": _Layout.attempt,
    "finally": _Layout.finish,
    "with": _Layout.with_,
    "function": _Layout.function,
    "fun": _Layout.lambda_,
    "|": _Layout.bar,
    "done": _Layout.done,
    "in": _Layout.in_,
    "interface": _Layout.interface,
    "static": _Layout.static,
    "new": _Layout.new,
    "type": _Layout.type_,
    "exception": _Layout.exception,
    "module": _Layout.module,
    "namespace": _Layout.namespace,
    ";": _Layout.end_of_item,
    ";;": _Layout.end_of_declaration,
    END_OF_FILE: _Layout.end_of_input,
}


def lay_out(source: SourceFile, tokens: Tokens) -> tuple[LaidOutTokens, list[Diagnostic]]:
    """Apply the offside rule to the tokens of a file, or of a hole of an interpolated string."""
    layout = _Layout(source, tokens)
    layout.run()
    return LaidOutTokens(tokens, layout.out_kinds, layout.out_places), layout.diagnostics
