"""The grammar of loops, handlers, and of keywords with one operand.

Comes in: a cursor at `for`, `while`, `try`, `do`, `yield`, `lazy` or the like. Goes out: expression
nodes. Promises: a construct without its second keyword is an `ErrorExpression`, and what was read
of it is kept where it may help.
"""

# `kind` changes with every `advance`, which the type checker cannot see when it narrows.
# pyright: reportUnnecessaryComparison=false, reportUnnecessaryContains=false

from __future__ import annotations

from clef.syntax import tree
from clef.syntax.block_grammar import BlockGrammar
from clef.syntax.operator_grammar import TUPLE
from clef.syntax.tokens import BLOCK_BEGIN, NAME


class LoopGrammar(BlockGrammar):
    """Loops, handlers, `do`, `yield`, `lazy`."""

    # ------------------------------------------------------------ loops and handlers

    def attempt(self) -> tree.Expression:
        """`try e with ...`, `try e finally f`"""
        start = self.start()
        self.advance()
        body = self.block("try")
        if self.accept("finally"):
            finalizer = self.block("finally")
            return tree.TryFinally(self.span_from(start), body, finalizer)
        if self.expect("with", "with or finally after the body of try", self.word_of_others()):
            clauses = self.clauses()
            return tree.TryWith(self.span_from(start), body, clauses)
        return tree.ErrorExpression(self.span_from(start), body)

    def word_of_others(self) -> str | None:
        """Other languages have another word where `with` belongs."""
        word = self.token_text()
        is_other = word in ("catch", "except", "rescue")
        return f"write `with` in place of `{word}`" if is_other else None

    def while_(self) -> tree.Expression:
        """`while c do e`"""
        start = self.start()
        is_bang = self.kind == "while!"
        self.advance()
        condition = self.condition()
        self.demand_untyped(condition, "do")
        body = self.loop_body()
        return tree.While(self.span_from(start), condition, body, is_bang)

    def loop_body(self) -> tree.Expression:
        advice = "write `do` at the end of the line that begins with `for` or `while`"
        if not self.expect("do", "do before the body of the loop", advice):
            return tree.ErrorExpression(self.gap())
        body = self.block("do")
        self.accept("done")
        return body

    def for_(self) -> tree.Expression:
        """`for x in s do e`, `for i = a to b do e`, `for _ = a to b do e`, `for x in s -> e`"""
        start = self.start()
        self.advance()
        if self.kind in (NAME, "_") and self.peek() == "=":
            return self.for_to(start)
        pattern = self.pattern(True)
        if not self.expect("in", "in after the pattern"):
            return tree.ErrorExpression(self.span_from(start))
        source = self.condition()
        self.demand_untyped(source, "do")
        if self.kind == "->":
            arrow = self.start()
            self.advance()
            value = self.block("->")
            body: tree.Expression = tree.Yield(self.span_from(arrow), value)
        else:
            body = self.loop_body()
        return tree.ForIn(self.span_from(start), pattern, source, body)

    def for_to(self, start: int) -> tree.Expression:
        name = self.take_name()
        self.advance()
        first = self.expression(TUPLE)
        is_down = self.kind == "downto"
        if not is_down:
            self.expect("to", "to or downto after the first value")
        else:
            self.advance()
        last = self.expression(TUPLE)
        body = self.loop_body()
        return tree.ForTo(self.span_from(start), name, first, last, body, is_down)

    # ------------------------------------------------------------ keywords with one operand

    def do(self) -> tree.Expression:
        """`do e`, `do! e`"""
        start = self.start()
        is_bang = self.kind == "do!"
        self.advance()
        value = self.block("do")
        span = self.span_from(start)
        return tree.DoBang(span, value) if is_bang else tree.Do(span, value)

    def yielding(self) -> tree.Expression:
        """`yield e`, `return e : t` and their `!` forms take a whole expression."""
        start = self.start()
        kind = self.kind
        self.advance()
        if self.kind == BLOCK_BEGIN:
            value = self.block(kind)
        elif self.kind == "->":
            value = self.missing_expression(kind)
        else:
            value_start = self.start()
            value = self.right_operand(0, kind)
            if self.accept(":"):
                written = self.constrained_type()
                value = tree.Typed(self.span_from(value_start), value, written)
        span = self.span_from(start)
        if kind == "yield":
            return tree.Yield(span, value)
        if kind == "yield!":
            return tree.YieldBang(span, value)
        return tree.Return(span, value) if kind == "return" else tree.ReturnBang(span, value)

    def tight(self) -> tree.Expression:
        """`lazy e`, `assert e`, `upcast e`, `downcast e`, `fixed e` take an application."""
        start = self.start()
        kind = self.kind
        self.advance()
        if not self.enter():
            self.skip_item()
            return tree.ErrorExpression(self.span_from(start))
        value = self.block(kind) if self.kind == BLOCK_BEGIN else self.minus_operand()
        self.leave()
        span = self.span_from(start)
        if kind == "lazy":
            return tree.Lazy(span, value)
        if kind == "assert":
            return tree.Assert(span, value)
        if kind == "fixed":
            return tree.Fixed(span, value)
        return (
            tree.Upcast(span, value, None) if kind == "upcast" else tree.Downcast(span, value, None)
        )
