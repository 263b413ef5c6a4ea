"""Contexts of the offside rule: the stack of what is open, and when the first token of a line
closes it.

Comes in: tokens with columns. Goes out: `OffsideStack`, on which `clef.syntax.layout` decides token
by token. Promises: for every context that is closed its virtual token is emitted; a bracket that is
left open is reported and closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from clef.data_classes import dataclass
from clef.diagnostics import syntax as problems
from clef.diagnostics.diagnostic import Diagnostic
from clef.source import SourceFile
from clef.syntax.tokens import (
    ADD,
    BLOCK_BEGIN,
    BLOCK_END,
    CLOSERS,
    COMPARE,
    CONCATENATE,
    END_OF_FILE,
    LET_END,
    MULTIPLY,
    NAME,
    POWER,
    SEPARATOR,
    TYPE_VARIABLE,
    Tokens,
    words,
)

# What a context is, besides the keyword that opened it. BLOCK ends with a BLOCK_END token, SILENT
# only separates items (in brackets).
BLOCK: Final = "block"
SILENT: Final = "silent block"
BRACKET: Final = "bracket"

INFIX: Final = frozenset((POWER, MULTIPLY, ADD, CONCATENATE, COMPARE)) | words(
    ", || & && or + - * % %% < > = := :: :> :?> :? $ ^ ?? . .. land lor lxor lsl lsr asr mod"
)
_PREFIX_LIKE: Final = words("+ - & && % %%")
_CONTINUES_ITEM: Final = words(
    ">] with then else elif and and! end done finally | -> ) ] } |] |} @> @@>"
)
DECLARES: Final = words(
    "let use type module namespace open exception member static override default abstract"
)
STARTS_STATEMENT: Final = words("let use let! use!")
STARTS_SEQUENCE: Final = STARTS_STATEMENT | words("if while for do")
_NEVER_STARTS_BLOCK: Final = words(
    "then else elif with in of done finally end ;; and ) ] } |] |} >] @> @@> ,"
) | {END_OF_FILE}
_CLOSES_ANGLE: Final = frozenset((">", COMPARE))
_NOT_IN_TYPES: Final = words(
    "= let use if then else match with do fun function in type module <-"
) | {END_OF_FILE}
_ENDS_HEADER: Final = frozenset(("=", END_OF_FILE))
_LEAVES_TYPE_OPEN: Final = words("* , -> < ( [ .")
_IN_TYPES: Final = _LEAVES_TYPE_OPEN | words(") ]") | {NAME, TYPE_VARIABLE}
_LONGEST_TYPE: Final = 500  # tokens to look ahead, so that hostile input stays linear
_DEEPEST_TYPE: Final = 20
_TOP_LEVEL: Final = words("type module namespace open exception")
_CONTINUES_CONTEXT: Final = words("and and! then else elif with finally in done")
TAKES_END: Final = words("augment implementation")
LOOP: Final = frozenset(("for", "for in", "while"))


@dataclass(slots=True)
class Context:
    """Something open: what, its column, the indentation of its line, and for brackets the
    token's place."""

    kind: str
    column: int
    indent: int
    place: int


def _closed_brackets(kinds: Sequence[str]) -> set[int]:
    closed: set[int] = set()
    waiting: dict[str, list[int]] = {}
    for place, kind in enumerate(kinds):
        if kind in CLOSERS:
            waiting.setdefault(CLOSERS[kind], []).append(place)
        elif waiting.get(kind):
            closed.add(waiting[kind].pop())
    return closed


class OffsideStack:
    """The state of one run over one array of tokens."""

    def __init__(self, source: SourceFile, tokens: Tokens) -> None:
        self.source = source
        self.tokens = tokens
        self.kinds = tokens.kinds
        self.columns = tokens.columns
        self.lines = tokens.lines
        self.stack: list[Context] = []
        self.out_kinds: list[str] = []
        self.out_places: list[int] = []
        self.diagnostics: list[Diagnostic] = []
        self.indent = 0
        self.skip = -1
        self.header_end = -1
        self.type_end = -1  # the place of the `>` of type arguments over several lines
        self.unclosed_at = -1
        self.unclosed_here = 0
        self.closed: set[int] | None = None  # the brackets that are closed, once it is asked

    # ------------------------------------------------------------ output and stack

    def emit(self, kind: str, place: int) -> None:
        self.out_kinds.append(kind)
        self.out_places.append(place)

    def emit_missing(self, kind: str, place: int) -> None:
        """A real token that the source lacks: empty, after the token before `place`."""
        tokens = self.tokens
        self.out_kinds.append(kind)
        self.out_places.append(len(tokens.starts))
        end = tokens.ends[place - 1] if place > 0 else 0
        tokens.starts.append(end)
        tokens.ends.append(end)

    def push(self, kind: str, place: int) -> None:
        self.stack.append(Context(kind, self.columns[place], self.indent, place))

    def pop(self, place: int) -> Context:
        """Close the innermost context, with its virtual token."""
        context = self.stack.pop()
        if context.kind == BLOCK:
            self.emit(BLOCK_END, place)
        elif context.kind == "let":
            self.emit(LET_END, place)
        elif context.kind == BRACKET:
            self.unclosed(context, place)
        return context

    def unclosed(self, context: Context, place: int) -> None:
        opener = self.kinds[context.place]
        closer = CLOSERS[opener]
        tokens = self.tokens
        span = self.source.span(tokens.starts[context.place], tokens.ends[context.place])
        noticed = self.source.span(tokens.starts[place], tokens.ends[place])
        # A pile of brackets that one missing text leaves open is not as many messages.
        self.unclosed_here = self.unclosed_here + 1 if place == self.unclosed_at else 1
        self.unclosed_at = place
        if self.unclosed_here <= 2:
            self.diagnostics.append(problems.UnclosedBracket(span, opener, closer, noticed))
        elif self.unclosed_here == 3:  # a pile: the innermost stands for all
            self.diagnostics.pop()
        self.emit_missing(closer, place)

    def pop_to(self, index: int, place: int) -> None:
        """Close contexts until the one at `index` is the innermost."""
        while len(self.stack) > index + 1:
            self.pop(place)

    def find(self, kinds: frozenset[str], place: int) -> int:
        """The context that a continuing keyword belongs to, within the innermost bracket: when
        the keyword starts a line, the innermost that is not to the right of it, else simply the
        innermost. -1 when there is none."""
        stack = self.stack
        column = self.columns[place]
        is_first = place == 0 or self.lines[place] != self.lines[place - 1]
        nearest = -1
        for index in range(len(stack) - 1, -1, -1):
            context = stack[index]
            if context.kind in kinds:
                if not is_first or context.column <= column:
                    return index
                if nearest < 0:
                    nearest = index
            if context.kind == BRACKET:
                break
        return nearest

    # ------------------------------------------------------------ the first token of a line

    def first_of_line(self, place: int, kind: str) -> None:
        """Close what this token is offside of, then separate it from the item before."""
        column = self.columns[place]
        if place == self.header_end:
            self.begin_body(place)
            return
        if place <= self.type_end:
            return
        if kind in DECLARES:
            self.close_forgotten_brackets(place, column, kind)
        grace = 0
        is_infix = kind in INFIX and not self.is_adjacent_prefix(place, kind)
        if is_infix:
            grace = self.tokens.ends[place] - self.tokens.starts[place] + 1
        stack = self.stack
        depth = len(stack)
        while len(stack) > 1 and self.is_offside(stack[-1], column, kind, grace):
            self.pop(place)
        top = stack[-1]
        if (
            (top.kind == BLOCK or top.kind == SILENT)
            and column == top.column
            and place != top.place
            and not is_infix
            and kind not in _CONTINUES_ITEM
            and kind != END_OF_FILE
            and not (len(stack) == depth and self.continues_line(place))
        ):
            self.emit(SEPARATOR, place)

    def is_adjacent_prefix(self, place: int, kind: str) -> bool:
        """`-x` or `&x` at the start of a line starts an item, `- x` continues one."""
        return (
            kind in _PREFIX_LIKE
            and self.tokens.ends[place] == self.tokens.starts[place + 1]
            and self.kinds[place + 1] != END_OF_FILE
        )

    def continues_line(self, place: int) -> bool:
        """After an infix operator or attributes the next line goes on, even in the same column.
        A `>` that touches what stands before it closes type arguments."""
        before = self.kinds[place - 1]
        if before not in INFIX or before in (".", "="):
            return before == ">]"
        if place - 1 == self.type_end:
            return False
        tokens = self.tokens
        start = tokens.starts[place - 1]
        text = self.source.text[start : tokens.ends[place - 1]]
        return text.strip(">") != "" or tokens.ends[place - 2] != start

    def open_type_arguments(self, place: int) -> None:
        """After a `<` that touches what stands before it: up to the `>` lines may start in any
        column, when only a type stands between. The parameters of a type that is defined may have
        constraints."""
        kinds, tokens = self.kinds, self.tokens
        if place == 0 or tokens.ends[place - 1] != tokens.starts[place]:
            return
        is_header = self.stack[-1].kind == "type"
        ends_line = self.next_is_on_new_line(place)
        depth = 1
        parentheses = 0
        last = len(kinds) if ends_line else min(len(kinds), place + _LONGEST_TYPE)
        for index in range(place + 1, last):
            kind = kinds[index]
            if is_header:
                parentheses += (kind == "(") - (kind == ")")
            if parentheses and kind not in _ENDS_HEADER:
                continue
            if kind == "<":
                depth += 1
                if depth > _DEEPEST_TYPE and not ends_line:
                    return
            elif kind in _CLOSES_ANGLE:
                closed = self.closed_angles(index)
                depth -= closed
                if depth <= 0 or closed == 0:
                    self.type_end = max(self.type_end, index) if closed else self.type_end
                    return
            elif is_header:
                if kind in _ENDS_HEADER:
                    return
            elif kind in _NOT_IN_TYPES or not (ends_line or self.goes_on_in_type(index)):
                return

    def goes_on_in_type(self, place: int) -> bool:
        """Whether a token after `<` in the middle of a line can be part of type arguments; one
        that starts a line follows what a type cannot end with."""
        kinds = self.kinds
        if kinds[place] not in _IN_TYPES:
            return False
        return self.lines[place] == self.lines[place - 1] or kinds[place - 1] in _LEAVES_TYPE_OPEN

    def closed_angles(self, place: int) -> int:
        """How many type arguments a token made of `>` can close."""
        text = self.source.text[self.tokens.starts[place] : self.tokens.ends[place]]
        return len(text) - len(text.lstrip(">"))

    def ends_type_arguments(self, place: int) -> bool:
        """Whether a token closes a `<` that touches what stands before it, with a type between."""
        kinds, tokens = self.kinds, self.tokens
        depth = self.closed_angles(place)
        for index in range(place - 1, 0, -1) if depth else ():
            kind = kinds[index]
            if kind == "<":
                depth -= 1
                if depth == 0:
                    return tokens.ends[index - 1] == tokens.starts[index]
            elif kind in _CLOSES_ANGLE:
                depth += self.closed_angles(index)
            elif kind in _NOT_IN_TYPES:
                return False
        return False

    def is_offside(self, context: Context, column: int, kind: str, grace: int) -> bool:
        name = context.kind
        if name in (BLOCK, SILENT):
            return self.is_offside_of_block(context, column, kind, grace)
        if name == BRACKET:
            return False
        if name == "clauses":
            if kind == "|":
                return column < context.column
            return column <= context.column
        if name == "clauses without bar":
            return column + (2 if kind == "|" else 1) < context.column
        if kind == "|" and name == "type":
            return column < context.column
        if self.continues_context(kind, name):
            return column < context.column
        return column <= context.column

    @staticmethod
    def continues_context(kind: str, name: str) -> bool:
        """Whether a token in the column of a context of this kind goes on with it."""
        if kind == "end":
            return name in TAKES_END
        return kind in _CONTINUES_CONTEXT or (kind == "do" and name in LOOP)

    def is_offside_of_block(self, context: Context, column: int, kind: str, grace: int) -> bool:
        parent = self.stack[-2]
        if parent.kind == "type":
            if kind == "|":
                return column + 2 < context.column
            if column == parent.column:
                return True
        return column + grace < context.column

    def close_forgotten_brackets(self, place: int, column: int, kind: str) -> None:
        """A declaration at or left of the indentation of the line that opened a bracket cannot
        be inside it."""
        body = -1
        for index, context in enumerate(self.stack):
            if context.kind != BRACKET or column > context.indent:
                continue
            if body < 0:
                body = self.body_of_lambda(column)
            if index < body and context.place in self.closed_brackets():
                continue
            is_word = self.kinds[context.place].isalpha()
            if not is_word or column < context.indent or kind in _TOP_LEVEL:
                if self.is_body_of_builder(context, column, kind):
                    continue
                self.pop_to(index - 1, place)
                return

    def body_of_lambda(self, column: int) -> int:
        """The innermost context that is the body of a function and stands in this column; 0 if
        there is none."""
        stack = self.stack
        for index in range(len(stack) - 1, 0, -1):
            body = stack[index]
            if body.kind == BLOCK and body.column == column and stack[index - 1].kind == "lambda":
                return index
        return 0

    def closed_brackets(self) -> set[int]:
        """The places of the brackets that are closed before the text ends."""
        if self.closed is None:
            self.closed = _closed_brackets(self.kinds)
        return self.closed

    def is_body_of_builder(self, context: Context, column: int, kind: str) -> bool:
        """After `builder {` on a line of its own the body may start in the column of `builder`."""
        opener = context.place
        if self.kinds[opener] != "{" or column != context.indent or kind not in STARTS_STATEMENT:
            return False
        begins = opener
        while begins > 0 and self.lines[begins - 1] == self.lines[opener]:
            begins -= 1
        body = opener + 1
        return (
            begins != opener
            and self.kinds[begins] not in DECLARES
            and self.lines[body] != self.lines[opener]
            and self.columns[body] == column
        )

    # ------------------------------------------------------------ opening blocks

    def begin_block(self, place: int, minimum: int, kind: str = BLOCK) -> bool:
        """Open a block at the token after `place`, unless that token starts a line left of
        `minimum` or ends something."""
        following = place + 1
        if following >= len(self.kinds) or self.kinds[following] in _NEVER_STARTS_BLOCK:
            return False
        if self.lines[following] != self.lines[place] and self.columns[following] < minimum:
            return False
        self.stack.append(Context(kind, self.columns[following], self.indent, following))
        if kind == BLOCK:
            self.emit(BLOCK_BEGIN, following)
        return True

    def begin_body(self, place: int) -> None:
        """A module or namespace without `=` owns the rest: open its block when its name is
        through."""
        if self.kinds[place] not in (END_OF_FILE, "namespace"):
            self.push(BLOCK, place)
            self.emit(BLOCK_BEGIN, place)

    def enclosing_column(self) -> int:
        """The column that a body of the innermost block may stand in; inside brackets, right of
        their line's start."""
        stack = self.stack
        for index in range(len(stack) - 1, -1, -1):
            context = stack[index]
            if context.kind == BLOCK:
                # A block that begins in the middle of a line allows bodies right of that line.
                begins_line = self.next_is_on_new_line(context.place - 1)
                return context.column if begins_line else min(context.column, context.indent + 1)
            if context.kind == SILENT:
                return context.column if index == 0 else min(context.column, context.indent + 1)
        return 0

    def next_is_on_new_line(self, place: int) -> bool:
        return self.lines[place + 1] != self.lines[place]
