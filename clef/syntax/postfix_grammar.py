"""The grammar of what follows an operand and belongs to it: members, indices, type arguments.

Comes in: a cursor behind an operand. Goes out: the operand with all that touches it or follows by a
dot. Promises: `f (x)` and `f(x)`, `a [i]` and `a[i]` are told apart by the space, as in F# 6.
"""

# `kind` changes with every `advance`, which the type checker cannot see when it narrows.
# pyright: reportUnnecessaryComparison=false, reportUnnecessaryContains=false

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from clef.diagnostics import syntax as problems
from clef.syntax import tree
from clef.syntax.literal_grammar import LiteralGrammar
from clef.syntax.tokens import ACTIVE_PATTERN, NAME, OPERATOR_NAME

RANGE: Final = 16
ABOVE_RANGE: Final = 17
_NO_INDEX: Final = frozenset(
    ("]", "let", "use", "let!", "use!", "for", "while", "yield", "yield!", "do", "do!")
)


class PostfixGrammar(LiteralGrammar):
    """What follows an operand. `operands` is filled by the last class of the chain: what to do with
    a token that starts an operand."""

    operands: dict[str, Callable[[], tree.Expression]]

    def is_prefix_argument(self) -> bool:
        """Whether an operator here touches what follows it and not what stands before it."""
        raise NotImplementedError

    def postfix(self, start: int, target: tree.Expression) -> tree.Expression:
        """`.name`, `.[i]`, `[i]`, `<t>` and `(x)` that touch, `?name`."""
        while True:
            kind = self.kind
            if kind == ".":
                if not self.dot_follows():
                    return target
                target = self.after_dot(start, target)
            elif kind == "(":
                if not self.is_adjacent() or not _takes_parentheses(target):
                    return target
                argument = self.operands["("]()
                form = tree.ApplicationForm.ADJACENT
                target = tree.Application(self.span_from(start), target, argument, form)
            elif kind == "[":
                if not self.is_adjacent():
                    return target
                target = self.adjacent_index(start, target)
            elif kind == "<" or kind == "=op":
                if not self.is_adjacent() or not _takes_types(target) or not self.at_types():
                    return target
                arguments = self.type_arguments()
                target = tree.TypeApplication(self.span_from(start), target, arguments)
            elif kind == "?" and self.peek() in (NAME, "(") and not self.is_prefix_argument():
                target = self.dynamic(start, target)
            else:
                return target

    def at_types(self) -> bool:
        if self.kind == "<":
            return self.is_type_application()
        text = self.token_text()
        return text == "<>" and self.peek() == "("

    def dot_follows(self) -> bool:
        return self.peek() in (NAME, "[", "(", OPERATOR_NAME, ACTIVE_PATTERN) or (
            not self.reported_dot()
        )

    def reported_dot(self) -> bool:
        """A dot without a name after it: report, consume, and go on after it."""
        self.advance()
        self.report(problems.MissingName(self.here(), self.describe(), "a name after the dot"))
        return True

    def after_dot(self, start: int, target: tree.Expression) -> tree.Expression:
        if self.peek() == "[":
            self.advance()
            self.advance()
            indices = self.indices()
            self.close_index()
            return tree.DotIndex(self.span_from(start), target, indices, True)
        self.advance()
        if self.kind == "(":
            self.report(problems.MissingName(self.here(), self.describe(), "a name after the dot"))
            return target
        name_start = self.start()
        parts = [self.any_name()]
        while self.kind == "." and self.peek() == NAME:
            self.advance()
            parts.append(self.take_name())
        if isinstance(target, tree.DotGet) and target.span.start == start:
            target.name.parts.extend(parts)
            target.name.span = self.span_from(target.name.span.start)
            target.span = self.span_from(start)
            return target
        name = tree.LongName(self.span_from(name_start), parts)
        return tree.DotGet(self.span_from(start), target, name)

    def dynamic(self, start: int, target: tree.Expression) -> tree.Expression:
        """`e?name` or `e?(x)`"""
        self.advance()
        argument: tree.Expression
        if self.kind == NAME:
            name = self.take_name()
            argument = tree.Constant(name.span, name.text, tree.LiteralKind.STRING)
        else:
            argument = self.operands["("]()
        return tree.Dynamic(self.span_from(start), target, argument)

    # ------------------------------------------------------------ indices

    def adjacent_index(self, start: int, target: tree.Expression) -> tree.Expression:
        """`e[i]`; what cannot be an index is an application to a list."""
        bracket = self.start()
        self.advance()
        self.skip_separators()
        items: list[tree.Expression] = []
        if self.kind not in _NO_INDEX:
            indices = self.indices()
            if self.kind == "]":
                self.advance()
                return tree.DotIndex(self.span_from(start), target, indices, False)
            items = indices
            if len(indices) > 1:
                span = indices[0].span.to(indices[-1].span)
                items = [tree.Tuple(span, indices)]
        argument = self.list_after(bracket, items)
        form = tree.ApplicationForm.ADJACENT
        return tree.Application(self.span_from(start), target, argument, form)

    def list_after(self, start: int, items: list[tree.Expression]) -> tree.Expression:
        """The rest of a list of which some items have been read."""
        raise NotImplementedError

    def indices(self) -> list[tree.Expression]:
        """`i, a..b, *, ..^1`"""
        self.skip_separators()
        result = [self.index()]
        while self.accept(","):
            result.append(self.index())
        self.skip_separators()
        return result

    def index(self) -> tree.Expression:
        start = self.start()
        if self.kind == "*" and self.peek() in (",", "]"):
            self.advance()
            return tree.Range(self.span_from(start), None, None, None)
        if self.kind == "..":
            self.advance()
            end = self.expression(ABOVE_RANGE)
            return tree.Range(self.span_from(start), None, None, end)
        result = self.expression(RANGE)
        while self.accept(":"):
            written = self.constrained_type()
            result = tree.Typed(self.span_from(start), result, written)
        return result

    def close_index(self) -> None:
        if self.kind != "]":
            self.unexpected("] after the index")
            self.skip_item()
        self.accept("]")


def _takes_parentheses(target: tree.Expression) -> bool:
    """Whether `(` that touches is an argument at once: after names, members, type arguments and
    calls."""
    return not isinstance(target, tree.Constant | tree.ListLiteral | tree.ComputationBlock)


def _takes_types(target: tree.Expression) -> bool:
    return isinstance(target, tree.Identifier | tree.DotGet)
