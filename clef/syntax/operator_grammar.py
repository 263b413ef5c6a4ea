"""The grammar of operators and applications: precedence climbing.

Comes in: a cursor before an expression. Goes out: expression nodes. Promises: precedence and
associativity of section 4.4.2 of the F# specification; a minus or plus that touches its operand and
not what stands before it is a prefix.
"""

# `kind` changes with every `advance`, which the type checker cannot see when it narrows.
# pyright: reportUnnecessaryComparison=false, reportUnnecessaryContains=false

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from clef.diagnostics import syntax as problems
from clef.source import Span
from clef.syntax import tree
from clef.syntax.literal_grammar import SOURCE_NAMES
from clef.syntax.operator_names import compiled_name, prefix_name
from clef.syntax.postfix_grammar import PostfixGrammar
from clef.syntax.tokens import (
    ACTIVE_PATTERN,
    ADD,
    CHAR,
    COMPARE,
    CONCATENATE,
    INTERPOLATED,
    MULTIPLY,
    NAME,
    NUMBER,
    OPERATOR_NAME,
    POWER,
    PREFIX,
    SEPARATOR,
    STRING,
    TYPE_VARIABLE,
)

ASSIGNMENT: Final = 10
REFERENCE_ASSIGNMENT: Final = 12
TUPLE: Final = 14

# kind: (how tightly it binds on the left, on the right)
_BINARY: Final[dict[str, tuple[int, int]]] = {
    "<-": (10, 10),
    ":=": (12, 12),
    ",": (14, 15),
    "..": (16, 17),
    "or": (20, 21),
    "in": (20, 21),
    "||": (20, 21),
    "&": (22, 23),
    "&&": (22, 23),
    ":>": (26, 27),
    ":?>": (26, 27),
    "=": (30, 31),
    "<": (30, 31),
    ">": (30, 31),
    "$": (30, 31),
    COMPARE: (30, 31),
    "^": (34, 34),
    CONCATENATE: (34, 34),
    "::": (36, 36),
    ":?": (38, 39),
    "+": (40, 41),
    "-": (40, 41),
    ADD: (40, 41),
    "*": (44, 45),
    "%": (44, 45),
    "%%": (44, 45),
    MULTIPLY: (44, 45),
    "mod": (44, 45),
    "land": (44, 45),
    "lor": (44, 45),
    "lxor": (44, 45),
    POWER: (48, 48),
    "lsl": (48, 48),
    "lsr": (48, 48),
    "asr": (48, 48),
    "??": (50, 51),
}

ARGUMENT_START: Final = frozenset(
    (
        NAME,
        NUMBER,
        STRING,
        CHAR,
        INTERPOLATED,
        OPERATOR_NAME,
        ACTIVE_PATTERN,
        PREFIX,
        "!",
        "~",
        "(",
        "[",
        "[|",
        "{",
        "{|",
        "<@",
        "<@@",
        "begin",
        "struct",
        "true",
        "false",
        "null",
        "base",
        "_",
        "global",
        TYPE_VARIABLE,
    )
)
_ADJACENT_PREFIXES: Final = frozenset(("-", "+", "&", "&&", "%", "%%", ADD, "?"))


class OperatorGrammar(PostfixGrammar):
    """Operators and applications."""

    def expression(self, minimum: int = 0) -> tree.Expression:
        """Precedence climbing; each operand is an application."""
        if self.depth >= 2000:
            return self.too_deep()
        self.depth += 1
        start = self.start()
        left = self.application()
        while True:
            kind = self.kind
            powers = _BINARY.get(kind)
            if powers is None or powers[0] < minimum:
                break
            left = self.infix(start, left, kind, powers[1])
        self.depth -= 1
        return left

    def too_deep(self) -> tree.Expression:
        start = self.start()
        self.enter()
        self.skip_item()
        return tree.ErrorExpression(self.span_from(start))

    def infix(self, start: int, left: tree.Expression, kind: str, right: int) -> tree.Expression:
        """One infix operator with its right operand."""
        special = _SPECIAL.get(kind)
        if special is not None:
            return special(self, start, left, right)
        operator_span = self.here()
        written = self.token_text()
        self.advance()
        operand = self.right_operand(right, written)
        self.check_operator(operator_span, written)
        name = tree.Name(operator_span, compiled_name(written), written)
        operator = tree.Identifier(operator_span, tree.LongName(operator_span, [name]))
        form = tree.ApplicationForm.INFIX
        first = tree.Application(Span(self.path, start, operator_span.end), operator, left, form)
        return tree.Application(self.span_from(start), first, operand, form)

    def right_operand(self, minimum: int, after: str) -> tree.Expression:
        """The operand on the right of an operator."""
        if self.kind not in self.operands and self.kind not in _ADJACENT_PREFIXES:
            return self.missing_expression(after)
        return self.expression(minimum)

    def missing_expression(self, after: str) -> tree.Expression:
        """Report that an expression should be here."""
        self.report(problems.MissingExpression(self.where_missing(), self.describe(), after))
        return tree.ErrorExpression(self.gap())

    def tuple_expression(self, start: int, left: tree.Expression, right: int) -> tree.Expression:
        elements = [left]
        while self.kind == ",":
            self.advance()
            first = self.start()
            element = self.right_operand(right, "the comma")
            if self.kind == "<-":  # an item may be an assignment, which takes all that follows
                element = self.assign(first, element, ASSIGNMENT)
            elements.append(element)
        return tree.Tuple(self.span_from(start), elements)

    def range_expression(self, start: int, left: tree.Expression, right: int) -> tree.Expression:
        self.advance()
        end: tree.Expression | None = None
        if self.kind not in (",", "]"):
            end = self.range_bound(right)
        step: tree.Expression | None = None
        if self.kind == "..":
            self.advance()
            step, end = end, self.range_bound(right)
        return tree.Range(self.span_from(start), left, step, end)

    def range_bound(self, minimum: int) -> tree.Expression:
        """What stands behind `..`, which in an index may be counted from the end: `^3 .. ^1`."""
        if self.kind == "^":
            return self.expression(minimum)
        return self.right_operand(minimum, "..")

    def assign(self, start: int, left: tree.Expression, right: int) -> tree.Expression:
        self.advance()
        value = self.right_operand(right, "<-")
        return tree.Assign(self.span_from(start), left, value)

    def reference_assign(self, start: int, left: tree.Expression, right: int) -> tree.Expression:
        self.advance()
        value = self.right_operand(right, ":=")
        return tree.ReferenceAssign(self.span_from(start), left, value)

    def logical_and(self, start: int, left: tree.Expression, right: int) -> tree.Expression:
        after = self.kind
        self.advance()
        value = self.right_operand(right, after)
        return tree.LogicalAnd(self.span_from(start), left, value)

    def logical_or(self, start: int, left: tree.Expression, right: int) -> tree.Expression:
        after = self.kind
        self.advance()
        value = self.right_operand(right, after)
        return tree.LogicalOr(self.span_from(start), left, value)

    def join_in(self, start: int, left: tree.Expression, right: int) -> tree.Expression:
        self.advance()
        source = self.right_operand(right, "in")
        return tree.JoinIn(self.span_from(start), left, source)

    def cons_expression(self, start: int, left: tree.Expression, right: int) -> tree.Expression:
        self.advance()
        value = self.right_operand(right, "::")
        return tree.Cons(self.span_from(start), left, value)

    def cast(self, start: int, left: tree.Expression, right: int) -> tree.Expression:
        """`:>`, `:?>`, `:?`"""
        kind = self.kind
        self.advance()
        written = self.type_expression()
        span = self.span_from(start)
        if kind == ":>":
            return tree.Upcast(span, left, written)
        if kind == ":?>":
            return tree.Downcast(span, left, written)
        return tree.TypeTest(span, left, written)

    # ------------------------------------------------------------ applications

    def application(self) -> tree.Expression:
        """An operand and its arguments: `f x (y) -1`."""
        start = self.start()
        function = self.operand()
        while True:
            kind = self.kind
            if kind in ARGUMENT_START:
                argument = self.atomic_expression()
                self.demand_parentheses(function, argument)
            elif kind in _ADJACENT_PREFIXES and self.is_prefix_argument():
                argument = self.prefix_argument()
            else:
                return function
            function = tree.Application(self.span_from(start), function, argument)

    def demand_parentheses(self, function: tree.Expression, argument: tree.Expression) -> None:
        """`f x.M(1)` is refused: `f` or `x.M` might be what is applied to `(1)`."""
        inner = argument
        while isinstance(inner, tree.DotGet | tree.DotIndex):
            inner = inner.target
        if not isinstance(inner, tree.Application):
            return
        is_list = isinstance(inner.argument, tree.ListLiteral | tree.ListComprehension)
        named = tree.Identifier | tree.DotGet | tree.TypeApplication
        is_call = inner.form is tree.ApplicationForm.ADJACENT and isinstance(inner.function, named)
        if is_call and not is_list:
            name = function.name.text if isinstance(function, tree.Identifier) else ""
            self.report(problems.CallAsArgument(argument.span, name))

    def is_prefix_argument(self) -> bool:
        """Whether `-` and the like touch what follows but not what stands before."""
        if self.kind == "?" and self.peek() != NAME:
            return False
        return not self.is_adjacent() and self.next_is_adjacent()

    def prefix_argument(self) -> tree.Expression:
        """`-x` as an argument."""
        if self.kind == "?":
            return self.optional_argument()
        return self.prefix(self.prefix_operand)

    def prefix_operand(self) -> tree.Expression:
        if self.kind in _ADJACENT_PREFIXES and self.kind != "?":
            return self.prefix(self.prefix_operand)
        return self.atomic_expression()

    def operand(self) -> tree.Expression:
        """The first thing of an application, or a construct such as `if` that is an operand as a
        whole."""
        kind = self.kind
        if kind in ARGUMENT_START:
            return self.atomic_expression()
        construct = self.operands.get(kind)
        if construct is not None:
            return construct()
        if kind in _ADJACENT_PREFIXES:
            return self.optional_argument() if kind == "?" else self.prefix(self.minus_operand)
        if kind == "^" or kind == CONCATENATE:
            return self.from_end()
        return self.no_operand()

    def no_operand(self) -> tree.Expression:
        place = "the start of the line" if self.kind == SEPARATOR else "this"
        before = self.previous_text()
        return self.missing_expression(before or place)

    def previous_text(self) -> str:
        """The text of the last real token."""
        position = self.position - 1
        place = self.places[self.position] - 1
        if position < 0 or not 0 <= place < len(self.tokens.kinds):
            return ""
        return self.text[self.starts[place] : self.ends[place]][:20]

    def from_end(self) -> tree.Expression:
        """`^i` in an index."""
        start = self.start()
        if self.kind == CONCATENATE:
            return self.no_operand()
        self.advance()
        index = self.operand()
        return tree.FromEnd(self.span_from(start), index)

    def minus_operand(self) -> tree.Expression:
        """What `-` in front of an expression takes: an application, perhaps with further
        prefixes."""
        if self.kind in self.operands or self.kind in _ADJACENT_PREFIXES:
            return self.application()
        return self.missing_expression("the operator")

    def prefix(self, operand: Callable[[], tree.Expression]) -> tree.Expression:
        """`-e`, `&e`, `%e`; a minus that touches a number is part of it."""
        start = self.start()
        kind = self.kind
        span = self.here()
        written = self.token_text()
        is_adjacent = self.next_is_adjacent()
        self.advance()
        if kind in ("-", "+") and is_adjacent and self.kind == NUMBER:
            return self.signed_number(start, kind == "-", operand)
        if not self.enter():
            self.skip_item()
            return tree.ErrorExpression(self.span_from(start))
        value = operand()
        self.leave()
        whole = self.span_from(start)
        if kind in ("&", "&&"):
            return tree.AddressOf(whole, value, kind == "&&")
        return self.apply_prefix(whole, span, written, value)

    def signed_number(
        self, start: int, is_negative: bool, operand: Callable[[], tree.Expression]
    ) -> tree.Expression:
        constant = self.literal(is_negative)
        constant.span = self.span_from(start)
        value = self.postfix(start, constant)
        if operand == self.prefix_operand:
            return value
        while self.kind in ARGUMENT_START:
            argument = self.atomic_expression()
            value = tree.Application(self.span_from(start), value, argument)
        return value

    def apply_prefix(
        self, whole: Span, span: Span, written: str, value: tree.Expression
    ) -> tree.Expression:
        self.check_operator(span, written)
        name = tree.Name(span, prefix_name(written), written)
        operator = tree.Identifier(span, tree.LongName(span, [name]))
        return tree.Application(whole, operator, value, tree.ApplicationForm.PREFIX)

    def bang(self) -> tree.Expression:
        """`!e`, `~~~e`, or a prefix operator of the user."""
        start = self.start()
        span = self.here()
        written = self.token_text()
        if written[0] == "~" and written.strip("~"):
            self.report(problems.InvalidPrefixOperator(span, written))
        self.advance()
        if self.kind not in self.operands:
            return self.missing_expression(written)
        if not self.enter():
            self.skip_item()
            return tree.ErrorExpression(self.span_from(start))
        value = self.atomic_expression()
        self.leave()
        return self.apply_prefix(self.span_from(start), span, written, value)

    def optional_argument(self) -> tree.Expression:
        """`?name` on the left of `=` in an argument list."""
        start = self.start()
        self.advance()
        name = self.name()
        return tree.OptionalArgument(self.span_from(start), name)

    # ------------------------------------------------------------ atoms and what follows them

    def atomic_expression(self) -> tree.Expression:
        """A literal, name or bracket with what touches it or follows by a dot."""
        start = self.start()
        kind = self.kind
        if kind == NAME:
            return self.postfix(start, self.identifier())
        construct = self.operands.get(kind)
        if construct is None:
            return self.no_operand()
        return self.postfix(start, construct())

    def identifier(self) -> tree.Expression:
        """`A.B.c`"""
        if self.token_text() in SOURCE_NAMES:
            return self.source_name()
        if self.kind == NAME and self.peek() != ".":
            name = self.take_name()
            return tree.Identifier(name.span, tree.LongName(name.span, [name]))
        long_name = self.long_operator_name()
        return tree.Identifier(long_name.span, long_name)

    def operator_value(self) -> tree.Expression:
        """`(+)` or `(|A|B|)`"""
        name = self.operator_name()
        return tree.Identifier(name.span, tree.LongName(name.span, [name]))


_Special = Callable[[OperatorGrammar, int, tree.Expression, int], tree.Expression]

_SPECIAL: Final[dict[str, _Special]] = {
    ",": OperatorGrammar.tuple_expression,
    "..": OperatorGrammar.range_expression,
    "<-": OperatorGrammar.assign,
    ":=": OperatorGrammar.reference_assign,
    "&&": OperatorGrammar.logical_and,
    "&": OperatorGrammar.logical_and,
    "||": OperatorGrammar.logical_or,
    "or": OperatorGrammar.logical_or,
    "in": OperatorGrammar.join_in,
    "::": OperatorGrammar.cons_expression,
    ":>": OperatorGrammar.cast,
    ":?>": OperatorGrammar.cast,
    ":?": OperatorGrammar.cast,
}
