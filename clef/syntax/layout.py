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

from clef.diagnostics import syntax as problems
from clef.diagnostics.diagnostic import Diagnostic
from clef.source import SourceFile
from clef.syntax.offside import (
    BLOCK,
    BRACKET,
    DECLARES,
    INFIX,
    LOOP,
    SILENT,
    STARTS_SEQUENCE,
    STARTS_STATEMENT,
    TAKES_END,
    Context,
    OffsideStack,
)
from clef.syntax.tokens import (
    CLOSERS,
    COMPARE,
    END_OF_FILE,
    NAME,
    SEPARATOR,
    TYPE_VARIABLE,
    LaidOutTokens,
    Tokens,
    words,
)

_TAKES_ARROW: Final = frozenset(("clauses", "clauses without bar", "fun", "for", "for in"))
_CLAUSES: Final = frozenset(("clauses", "clauses without bar"))
_BODIES: Final = _CLAUSES | {"lambda", "matched"}
_IF: Final = words("if")
_THEN: Final = words("then")
_OPEN: Final = words("( [ [| { {|")
_CLOSE: Final = frozenset(CLOSERS[opener] for opener in _OPEN)
_TRY: Final = words("try")
_WITH: Final = words("match try type exception interface member") | {BRACKET}
_DO: Final = words("do")
_IN: Final = words("let for")
_AND: Final = words("let type augment accessor exception")
_CONSTRAINED: Final = frozenset((TYPE_VARIABLE, "^"))
INSIDE_INTERFACE: Final = words(
    "default override interface new type static end member abstract inherit [<"
)
_TYPE_LIKE: Final = words("type augment interface implementation exception")
_BINDINGS: Final = words("let member module accessor")
_DEFINITIONS: Final = _BINDINGS | _TYPE_LIKE
# The ends of type arguments, read as one operator with the `=` behind them.
_END_AND_EQUALS: Final = frozenset((">=", ">>=", ">>>=", ">>>>="))
# What a context becomes after `with`: from then on an `end` may close it.
_AFTER_WITH: Final = {
    "type": "augment",
    "exception": "augment",
    "interface": "implementation",
}
_WITHOUT_MEMBERS: Final = {"augment": "type", "implementation": "interface"}


class _Layout(OffsideStack):
    """One handler for each kind of token that opens or closes something."""

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
        if self.stack[-1].kind in _DEFINITIONS and self.token_text(place) in _END_AND_EQUALS:
            self.equals(place, kind)
        else:
            self.infix(place, kind)

    def token_text(self, place: int) -> str:
        return self.source.text[self.tokens.starts[place] : self.tokens.ends[place]]

    def is_after_equals(self, place: int) -> bool:
        """Whether the token follows the `=` of a definition."""
        before = self.kinds[place - 1] if place else ""
        return before == "=" or (
            before == COMPARE and self.token_text(place - 1) in _END_AND_EQUALS
        )

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

    def arrow(self, place: int, kind: str) -> None:
        if self.stack[-1].kind in (BLOCK, "then", "else"):
            self.close_guard(place)
        self.emit(kind, place)
        name = self.stack[-1].kind
        if name in _TAKES_ARROW:
            column = self.enclosing_column()
            if name == "fun":
                self.stack[-1].kind = "lambda"  # arrows behind its body belong to types
            if self.kinds[place + 1] != "|":
                self.begin_block(place, column)

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

    def let(self, place: int, kind: str) -> None:
        is_static = self.kinds[place - 1] == "static" if place else False
        self.push("let", place - 1 if is_static else place)
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
            if owner.kind not in _BODIES or not self.is_offside(stack[-1], column, kind, grace):
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
