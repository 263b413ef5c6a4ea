"""Expressions with parts under the offside rule: conditionals, matches, handlers, loops, lambdas.

Comes in: a keyword or an arrow of such an expression. Goes out: `ControlLayout`, which opens the
context and the block of each part. Promises: as in `clef.syntax.layout`.
"""

from __future__ import annotations

from typing import Final

from clef.syntax.layout_definitions import DefinitionLayout
from clef.syntax.offside import BLOCK, BRACKET, DECLARES, LOOP, SILENT, Context
from clef.syntax.tokens import CLOSERS, END_OF_FILE, words

_TAKES_ARROW: Final = frozenset(("clauses", "clauses without bar", "fun", "for", "for in"))
_CLAUSES: Final = frozenset(("clauses", "clauses without bar"))
BODIES: Final = _CLAUSES | {"lambda", "matched"}
_IF: Final = words("if")
_THEN: Final = words("then")
_OPEN: Final = words("( [ [| { {|")
_CLOSE: Final = frozenset(CLOSERS[opener] for opener in _OPEN)
_TRY: Final = words("try")
_WITH: Final = words("match try type exception interface member") | {BRACKET}
_DO: Final = words("do")
_IN: Final = words("let for")
# What a context becomes after `with`: from then on an `end` may close it.
_AFTER_WITH: Final = {
    "type": "augment",
    "exception": "augment",
    "interface": "implementation",
}


class ControlLayout(DefinitionLayout):
    """What begins the parts of an expression."""

    def arrow(self, place: int, kind: str) -> None:
        if self.stack[-1].kind in (BLOCK, "then", "else"):
            self.close_guard(place)
        self.emit(kind, place)
        name = self.stack[-1].kind
        if name in _TAKES_ARROW:
            column = self.enclosing_column()
            if name == "fun":
                self.stack[-1].kind = "lambda"  # arrows behind its body belong to types
                column = self.lambda_column(column)
            if self.kinds[place + 1] != "|":
                self.begin_block(place, column)

    def lambda_column(self, column: int) -> int:
        """Where the body of a function may stand: that of one in a bracket as far left as the
        line that opens the bracket."""
        around = self.stack[-2]
        return min(column, around.indent) if around.kind == SILENT else column

    def close_guard(self, place: int) -> None:
        """An arrow after a guard with blocks in it, such as `when if a then b else c`."""
        stack = self.stack
        index = len(stack) - 1
        while index > 0 and stack[index].kind in (BLOCK, "then", "else"):
            index -= 1
        if stack[index].kind == "guard":
            self.pop_to(index, place)
            stack.pop()

    def guard(self, place: int, kind: str) -> None:
        """`when` in a clause whose guard starts with `if`."""
        if self.stack[-1].kind in _CLAUSES and self.kinds[place + 1] == "if":
            self.push("guard", place)
        self.emit(kind, place)

    def conditional(self, place: int, kind: str) -> None:
        self.push("if", place)
        self.emit(kind, place)

    def then(self, place: int, kind: str) -> None:
        index = self.find(_IF, place)
        if index >= 0:
            self.pop_to(index, place)
            top = self.stack[index]
            top.kind = "then"
            self.emit(kind, place)
            self.begin_block(place, min(top.column, top.indent) + 1)
        else:
            self.emit(kind, place)
            self.begin_block(place, self.enclosing_column())

    def otherwise(self, place: int, kind: str) -> None:
        index = self.find(_THEN, place)
        if index >= 0:
            self.pop_to(index, place)
            following = place + 1
            is_elif = kind == "elif"
            if self.kinds[following] == "if" and not self.next_is_on_new_line(place):
                is_elif = True
                self.skip = following
            self.stack[index].kind = "if" if is_elif else "else"
            self.emit("elif" if is_elif else kind, place)
            if not is_elif:
                self.begin_block(place, self.enclosing_column())
        else:
            self.emit(kind, place)

    def match(self, place: int, kind: str) -> None:
        self.push("match", place)
        self.emit(kind, place)

    def attempt(self, place: int, kind: str) -> None:
        self.push("try", place)
        self.emit(kind, place)
        top = self.stack[-1]
        self.begin_block(place, min(top.column, top.indent))

    def finish(self, place: int, kind: str) -> None:
        index = self.find(_TRY, place)
        if index >= 0:
            self.pop_to(index, place)
            top = self.stack[index]
            top.kind = "finally"
            self.emit(kind, place)
            self.begin_block(place, min(top.column, top.indent))
        else:
            self.emit(kind, place)

    def open_clauses(self, place: int) -> None:
        """After `with` or `function`: clauses stand in the column of the first token."""
        following = place + 1
        has_bar = self.kinds[following] == "|"
        if (
            not has_bar
            and self.next_is_on_new_line(place)
            and self.columns[following] <= self.indent
            and not (self.columns[following] == self.indent and self.begins_clause(following))
        ):
            return
        context = Context(
            "clauses" if has_bar else "clauses without bar",
            self.columns[following],
            self.indent,
            following,
        )
        self.stack.append(context)

    def begins_clause(self, place: int) -> bool:
        """Whether an arrow stands in the item that begins here: `with ⏎ 4 -> e`."""
        kinds, lines, columns = self.kinds, self.lines, self.columns
        depth = 0
        for index in range(place, len(kinds)):
            kind = kinds[index]
            is_first = index > place and lines[index] != lines[index - 1]
            if kind in _CLOSE:
                depth -= 1
            elif kind in _OPEN:
                depth += 1
            if depth < 0 or (is_first and columns[index] <= columns[place] and kind not in _CLOSE):
                return False
            if depth == 0 and kind == "->":
                return True
            if kind in DECLARES or kind == END_OF_FILE:
                return False
        return False

    def with_(self, place: int, kind: str) -> None:
        index = self.find(_WITH, place)
        owner = self.stack[index] if index >= 0 else None
        if owner is None:
            self.emit(kind, place)
        elif owner.kind in ("match", "try"):
            self.pop_to(index, place)
            owner.kind = "matched"
            self.emit(kind, place)
            self.open_clauses(place)
        elif owner.kind == BRACKET:
            if self.kinds[owner.place] not in ("{", "{|"):
                self.emit(kind, place)
                return
            self.pop_to(index + 1, place)
            self.emit(kind, place)
            self.begin_block(place, 0, SILENT)
        elif owner.kind == "member":
            self.pop_to(index, place)
            self.emit(kind, place)
            self.push("accessor", place)
        else:
            self.pop_to(index, place)
            owner.kind = _AFTER_WITH.get(owner.kind, owner.kind)
            self.emit(kind, place)
            self.begin_block(place, owner.column + 1)

    def function(self, place: int, kind: str) -> None:
        self.push("matched", place)
        self.emit(kind, place)
        self.open_clauses(place)

    def lambda_(self, place: int, kind: str) -> None:
        self.push("fun", place)
        self.emit(kind, place)

    def bar(self, place: int, kind: str) -> None:
        """A bar goes to the clauses that are open, over whatever stands between."""
        stack = self.stack
        for index in range(len(stack) - 1, -1, -1):
            name = stack[index].kind
            if name in ("clauses", "clauses without bar"):
                self.pop_to(index, place)
                break
            if name == BRACKET or name == "type":
                break
        self.emit(kind, place)

    def loop(self, place: int, kind: str) -> None:
        self.push(kind.rstrip("!"), place)
        self.emit(kind, place)

    def do(self, place: int, kind: str) -> None:
        index = self.find(LOOP, place) if kind == "do" else -1
        if index >= 0:
            self.pop_to(index, place)
            self.stack[index].kind = "do"
        else:
            self.push("do", place)
        self.emit(kind, place)
        top = self.stack[-1]
        minimum = self.enclosing_column() if index >= 0 else min(top.column, top.indent) + 1
        self.begin_block(place, minimum)

    def done(self, place: int, kind: str) -> None:
        index = self.find(_DO, place)
        if index >= 0:
            self.pop_to(index, place)
            self.stack.pop()
        self.emit(kind, place)

    def in_(self, place: int, kind: str) -> None:
        index = self.find(_IN, place)
        if index >= 0:
            self.pop_to(index, place)
            context = self.stack[index]
            if context.kind == "let":
                self.stack.pop()
            else:
                context.kind = "for in"
        self.emit(kind, place)
