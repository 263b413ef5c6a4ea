"""The grammar of blocks: sequences of statements, bindings, conditions and matches.

Comes in: a cursor at a block, a `let`, `if`, `match` or the like. Goes out: expression nodes.
Promises: a `let` has what follows it in its block as body; long sequences do not nest the parser's
calls; after an error inside an item the block goes on with the next item.
"""

# `kind` changes with every `advance`, which the type checker cannot see when it narrows.
# pyright: reportUnnecessaryComparison=false, reportUnnecessaryContains=false

from __future__ import annotations

from typing import Final

from clef.diagnostics import syntax as problems
from clef.source import Span
from clef.syntax import tree
from clef.syntax.cursor import CLOSING
from clef.syntax.operator_grammar import OperatorGrammar
from clef.syntax.pattern_grammar import ATOMIC_PATTERN_START
from clef.syntax.tokens import BLOCK_BEGIN, BLOCK_END, END_OF_FILE, LET_END, SEPARATOR

# The body of a let whose block has not been read to its end.
_OPEN: Final = tree.ErrorExpression(Span("", 0, 0))

_BLOCK_ENDS: Final = CLOSING | {BLOCK_END, END_OF_FILE, LET_END}
_ITEM_ENDS: Final = frozenset((SEPARATOR, ";"))
_DECLARATIONS: Final = frozenset(
    (
        "type",
        "module",
        "namespace",
        "open",
        "exception",
        "member",
        "static",
        "abstract",
        "override",
        "default",
        "inherit",
        "val",
        "extern",
        "interface",
    )
)


class BlockGrammar(OperatorGrammar):
    """Statements and control."""

    # ------------------------------------------------------------ blocks

    def block(self, after: str) -> tree.Expression:
        """A laid-out block; without one, what stands on the line is taken if anything does."""
        if self.kind == BLOCK_BEGIN:
            if not self.enter():
                return self.skip_block()
            self.advance()
            result = self.sequence(after)
            self.leave()
            if self.kind != BLOCK_END:
                if self.kind != LET_END:  # whatever broke the definition was reported
                    self.unexpected("the end of the block")
                while self.kind not in (BLOCK_END, END_OF_FILE):
                    self.advance_over()
            self.accept(BLOCK_END)
            return result
        if self.kind in self.operands:
            return self.whole_item()
        return self.missing_expression(after)

    def skip_block(self) -> tree.Expression:
        """Over a block that is too deep."""
        self.advance_over()
        self.accept(BLOCK_END)
        return tree.ErrorExpression(self.gap())

    def advance_over(self) -> None:
        """One token, or one balanced block or bracket."""
        self.advance()
        self.skip_item()

    def sequence(self, after: str) -> tree.Expression:
        """Items up to the end of the block or bracket."""
        items = self.items()
        if not items:
            return self.missing_expression(after)
        return self.join(items)

    def items(self) -> list[tree.Expression]:
        """Items as they stand; a `let` among them still lacks its body."""
        items: list[tree.Expression] = []
        while True:
            while self.kind in _ITEM_ENDS:
                self.advance()
            if self.kind in _BLOCK_ENDS:
                return items
            before = self.position
            items.append(self.item())
            self.skip_separators_before("then")
            kind = self.kind
            if kind in _ITEM_ENDS or kind in _BLOCK_ENDS:
                continue
            if is_open(items[-1]):
                continue
            if kind == "with":
                return items
            if kind == "then":
                items.append(self.construct_then(items.pop()))
                continue
            self.unexpected("an operator, an argument or the end of the line")
            if self.position == before:
                self.advance()
            self.skip_item()

    def line(self) -> tree.Expression:
        """Items with `;` between them, up to the end of the line."""
        items = [self.item()]
        while self.kind == ";" or is_open(items[-1]):
            self.accept(";")
            if self.kind in _ITEM_ENDS or self.kind in _BLOCK_ENDS:
                break
            items.append(self.item())
        return self.join(items)

    def construct_then(self, construct: tree.Expression) -> tree.Expression:
        """`e then f` in a constructor, behind what comes before `e`."""
        self.advance()
        effect = self.block("then")
        construct = self.join([construct])
        return tree.ConstructorThen(construct.span.to(effect.span), construct, effect)

    def item(self) -> tree.Expression:
        """One statement or expression, perhaps with a type."""
        start = self.start()
        kind = self.kind
        if kind in _DECLARATIONS:
            return self.misplaced(start)
        if kind in ("let", "use"):
            return self.let()
        if kind in ("let!", "use!"):
            return self.let_bang()
        result = self.expression()
        if self.kind == ":":
            self.advance()
            written = self.constrained_type()
            result = tree.Typed(self.span_from(start), result, written)
        return result

    def skip_separators_before(self, kind: str) -> None:
        """Over a line separator that only stands before this kind."""
        if self.kind == SEPARATOR and self.peek() == kind:
            self.advance()

    def misplaced(self, start: int) -> tree.Expression:
        kind = self.kind
        what = f"a {kind} declaration"
        self.report(problems.MisplacedDeclaration(self.here(), what, "inside an expression"))
        self.advance()
        self.skip_item()
        return tree.ErrorExpression(self.span_from(start))

    def join(self, items: list[tree.Expression]) -> tree.Expression:
        """Give every open let its body, from the last item to the first."""
        rest: list[tree.Expression] = []
        for item in reversed(items):
            if is_open(item):
                self.close(item, rest)
                rest = [item]
            else:
                rest.append(item)
        return self.in_order(rest)

    def in_order(self, reversed_items: list[tree.Expression]) -> tree.Expression:
        if len(reversed_items) == 1:
            return reversed_items[0]
        reversed_items.reverse()
        span = reversed_items[0].span.to(reversed_items[-1].span)
        return tree.Sequential(span, reversed_items)

    def close(self, item: tree.Expression, rest: list[tree.Expression]) -> None:
        """Make the items after a let its body."""
        if isinstance(item, tree.Let | tree.LetBang):
            if rest:
                item.body = self.in_order(rest)
                item.span = item.span.to(item.body.span)
            else:
                keyword = self.text[item.span.start : item.span.start + 4].strip()
                word = keyword if keyword in ("let!", "use!") else keyword[:3]
                span = Span(self.path, item.span.start, item.span.start + len(word))
                if len(self.diagnostics) < 1000 and not self.swallowed(item.span):
                    deeper = self.deeper_line(item.span.start)
                    self.diagnostics.append(problems.LetWithoutBody(span, word, deeper))
                item.body = tree.ErrorExpression(Span(self.path, item.span.end, item.span.end))

    def swallowed(self, span: Span) -> bool:
        """Whether a bracket that is never closed has taken what follows."""
        return any(
            isinstance(one, problems.UnclosedBracket)
            and span.start <= one.span.start <= span.end <= one.noticed.start
            for one in self.diagnostics
        )

    def deeper_line(self, start: int) -> Span | None:
        """Where a line begins that was refused, and that is indented further than `start`."""
        if not self.diagnostics or not isinstance(self.diagnostics[-1], problems.UnexpectedToken):
            return None
        place = self.diagnostics[-1].span.start
        line = self.text.rfind("\n", 0, place) + 1
        is_first = line > start and not self.text[line:place].strip()
        is_deeper = place - line > start - self.text.rfind("\n", 0, start) - 1
        return Span(self.path, place, place) if is_first and is_deeper else None

    # ------------------------------------------------------------ let

    def let(self) -> tree.Expression:
        """`let rec f x = e and g y = e`, without its body."""
        start = self.start()
        is_use = self.kind == "use"
        self.advance()
        is_recursive = self.accept("rec")
        bindings = self.bindings(is_recursive)
        self.demand_unhidden(bindings)
        span = self.span_from(start)
        self.end_let()
        return tree.Let(span, bindings, _OPEN, is_recursive, is_use)

    def demand_unhidden(self, bindings: list[tree.Binding]) -> None:
        """What is defined inside of functions and classes is private anyway."""
        for binding in bindings:
            if binding.access is not None:
                found = f"keyword {binding.access.value}"
                hint = "the name; nobody else sees what is defined here"
                self.report(problems.UnexpectedToken(binding.head.span, found, hint))

    def end_let(self) -> None:
        """`in`, or where the layout says that the bindings end."""
        if self.kind in (LET_END, "in"):
            self.advance()
        else:
            self.unexpected("the end of the definition")
            while self.kind not in (LET_END, "in", BLOCK_END, END_OF_FILE, SEPARATOR):
                self.advance_over()
            if self.kind in (LET_END, "in"):
                self.advance()

    def let_bang(self) -> tree.Expression:
        """`let! p = e and! q = f`, without its body."""
        start = self.start()
        is_use = self.kind == "use!"
        bindings = [self.bang_binding()]
        while self.kind == "and!":
            if is_use:
                self.unexpected("what follows `use!`", "bind the parts of `and!` by `let!`")
            bindings.append(self.bang_binding())
        span = self.span_from(start)
        self.end_let()
        return tree.LetBang(span, bindings, _OPEN, is_use)

    def bang_binding(self) -> tree.BangBinding:
        start = self.start()
        self.advance()
        pattern = self.pattern(True)
        value: tree.Expression
        if self.expect("=", "= after the pattern"):
            value = self.block("=")
        else:
            value = tree.ErrorExpression(self.gap())
        return tree.BangBinding(self.span_from(start), pattern, value)

    def operand_let(self) -> tree.Expression:
        """A let as an operand: its body is what follows in its block."""
        items: list[tree.Expression] = []
        while self.kind in ("let", "use", "let!", "use!"):
            items.append(self.let() if self.kind in ("let", "use") else self.let_bang())
            self.skip_separators()
        if self.kind not in _BLOCK_ENDS:
            items.append(self.item())
        return self.join(items)

    def whole_item(self) -> tree.Expression:
        """An item outside of a block; a let there has only the next item as body."""
        if self.kind in ("let", "use", "let!", "use!"):
            return self.operand_let()
        return self.item()

    # ------------------------------------------------------------ conditions

    def conditional(self) -> tree.Expression:
        """`if a then b elif c then d else e`; the chain of elif does not nest the calls."""
        branches: list[tuple[int, tree.Expression, tree.Expression]] = []
        while True:
            start = self.start()
            self.advance()
            condition = self.condition()
            self.demand_untyped(condition, "then")
            if self.expect("then", "then after the condition"):
                consequence = self.block("then")
            else:
                consequence = tree.ErrorExpression(self.gap())
            branches.append((start, condition, consequence))
            if self.kind != "elif":
                break
        alternative: tree.Expression | None = None
        if self.accept("else"):
            alternative = self.block("else")
        end = self.last_end
        for start, condition, consequence in reversed(branches):
            span = Span(self.path, start, end)
            alternative = tree.If(span, condition, consequence, alternative)
        assert alternative is not None
        return alternative

    def condition(self) -> tree.Expression:
        """What stands between a keyword and the next one."""
        if self.kind == BLOCK_BEGIN:
            return self.block("the keyword")
        return self.whole_item()

    def demand_untyped(self, value: tree.Expression, following: str) -> None:
        """`e : t` stands in parentheses where something other than a block is expected."""
        if isinstance(value, tree.Typed) and value.type.span.start >= value.expression.span.end:
            hint = f"{following}, or parentheses around `e : t`"
            self.report(problems.UnexpectedToken(value.type.span, ":", hint))

    # ------------------------------------------------------------ match

    def match(self) -> tree.Expression:
        """`match e with | p when g -> e`"""
        start = self.start()
        is_bang = self.kind == "match!"
        self.advance()
        subject = self.subject()
        clauses = self.clauses() if self.expect("with", "with after what is matched") else []
        return tree.Match(self.span_from(start), subject, clauses, is_bang)

    def subject(self) -> tree.Expression:
        """What is matched; effects may stand before it: `match f (); x with`."""
        items = [self.condition()]
        while self.kind == ";":
            self.advance()
            items.append(self.condition())
        return self.join(items)

    def function(self) -> tree.Expression:
        """`function | p -> e`"""
        start = self.start()
        self.advance()
        clauses = self.clauses()
        return tree.Function(self.span_from(start), clauses)

    def clauses(self) -> list[tree.Clause]:
        """Clauses with bars between; the first bar may be missing."""
        self.accept("|")
        result = [self.clause()]
        while self.kind == "|":
            self.advance()
            result.append(self.clause())
        return result

    def clause(self) -> tree.Clause:
        start = self.start()
        pattern = self.pattern(True)
        guard: tree.Expression | None = None
        if self.accept("when"):
            guard = self.condition()
        if self.expect("->", "-> after the pattern"):
            body = self.block("->")
        else:
            body = tree.ErrorExpression(self.gap())
            while self.kind not in ("|", SEPARATOR, END_OF_FILE) and self.kind not in _BLOCK_ENDS:
                self.advance_over_bar()
        return tree.Clause(self.span_from(start), pattern, guard, body)

    def advance_over_bar(self) -> None:
        """One token, or one block or bracket; stops at a bar, where the next clause starts."""
        if self.kind == BLOCK_BEGIN:
            self.advance_over()
            self.accept(BLOCK_END)
        else:
            self.advance()

    def lambda_(self) -> tree.Expression:
        """`fun p q -> e`"""
        start = self.start()
        self.advance()
        patterns: list[tree.Pattern] = []
        while self.kind in ATOMIC_PATTERN_START or self.at_negative_number():
            patterns.append(self.atomic_pattern())
        if not patterns:
            patterns.append(self.atomic_pattern())
        if self.expect("->", "-> after the parameters"):
            body = self.block("->")
        else:
            body = tree.ErrorExpression(self.gap())
        return tree.Lambda(self.span_from(start), patterns, body)


def is_open(item: tree.Expression) -> bool:
    """Whether this is a let that still lacks its body."""
    return isinstance(item, tree.Let | tree.LetBang) and item.body is _OPEN
