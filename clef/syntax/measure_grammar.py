"""The grammar of units of measure.

Comes in: a cursor before a measure. Goes out: type nodes. Promises: products side by side bind more
tightly than `*` and `/`; exponents are whole numbers or fractions.
"""

# `kind` changes with every `advance`, which the type checker cannot see when it narrows.
# pyright: reportUnnecessaryComparison=false, reportUnnecessaryContains=false

from __future__ import annotations

from typing import Final

from clef.syntax import tree
from clef.syntax.cursor import Cursor
from clef.syntax.tokens import CONCATENATE, MULTIPLY, NAME, NUMBER, STRING, TYPE_VARIABLE

TYPE_START: Final = frozenset(
    (
        NAME,
        TYPE_VARIABLE,
        NUMBER,
        STRING,
        "_",
        "(",
        "#",
        "^",
        "struct",
        "{|",
        "global",
        "const",
        "true",
        "false",
        "null",
    )
)


class MeasureGrammar(Cursor):
    """Measures."""

    def at_power(self) -> bool:
        """Whether `^` is a power of a measure: a number, a minus or a parenthesis follows."""
        if self.kind == CONCATENATE:
            return self.token_text() == "^-" and self.peek() == NUMBER
        return self.peek() in (NUMBER, "-", "(")

    def power(self, start: int, base: tree.TypeExpression) -> tree.TypeExpression:
        """`^2`, `^-2`, `^(1/2)` after a measure."""
        sign = -1 if self.kind == CONCATENATE else 1
        self.advance()
        if self.accept("("):
            sign = -1 if self.accept("-") else sign
            numerator = self.exponent()
            denominator = 1
            if self.kind == MULTIPLY and self.token_text() == "/":
                self.advance()
                if self.token_text().strip("0") == "":
                    self.unexpected("a denominator other than 0")
                denominator = self.exponent()
            self.expect(")", ") after the exponent")
            return tree.MeasurePower(
                self.span_from(start), base, sign * numerator, max(denominator, 1)
            )
        sign = -1 if self.accept("-") else sign
        numerator = self.exponent()
        return tree.MeasurePower(self.span_from(start), base, sign * numerator)

    def exponent(self) -> int:
        text = self.token_text()
        if self.kind == NUMBER and text.isdecimal() and len(text) < 6:
            self.advance()
            return int(text)
        self.unexpected("a whole number as exponent")
        return 1

    def literal_measure(self) -> tree.TypeExpression:
        """`<m/s^2>` after a number."""
        self.open_angle()
        measure = self.measure()
        self.close_angle()
        return measure

    def measure(self) -> tree.TypeExpression:
        """Products and quotients, to the left."""
        start = self.start()
        result: tree.TypeExpression | None = None
        if not self.at_quotient():
            result = self.measure_product()
        while True:
            if self.at_quotient():
                self.advance()
                denominator = self.measure_product()
                result = tree.MeasureQuotient(self.span_from(start), result, denominator)
            elif result is not None and self.accept("*"):
                factors = [result, self.measure_product()]
                result = tree.MeasureProduct(self.span_from(start), factors)
            else:
                break
        return result or tree.ErrorType(self.span_from(start))

    def at_quotient(self) -> bool:
        return self.kind == MULTIPLY and self.token_text() == "/"

    def measure_product(self) -> tree.TypeExpression:
        """Factors side by side; they bind more tightly than `*` and `/`."""
        start = self.start()
        factors = [self.measure_factor()]
        while self.kind in TYPE_START:
            factors.append(self.measure_factor())
        if len(factors) == 1:
            return factors[0]
        return tree.MeasureProduct(self.span_from(start), factors)

    def measure_factor(self) -> tree.TypeExpression:
        start = self.start()
        base: tree.TypeExpression
        if self.kind == "(":
            self.advance()
            inner = self.measure()
            self.expect(")", ") after the measure")
            base = tree.ParenType(self.span_from(start), inner)
        elif self.kind == NAME:
            base = tree.NamedType(self.span_from(start), self.long_name(), [])
            base.span = self.span_from(start)
        else:
            base = self.atomic_type()
        if self.kind in ("^", CONCATENATE) and self.at_power():
            base = self.power(start, base)
        return base
