"""Types read as measures.

Comes in: a type as the parser left it, at a place where names knows that a measure is meant
(`float<kg m / s^2>`). Goes out: the same as measure nodes. Promises: what cannot be a measure comes
back unchanged, to be reported by the caller.
"""

from __future__ import annotations

from clef.syntax import tree


def as_measure(written: tree.TypeExpression) -> tree.TypeExpression:
    """`m * s` (a tuple) and `m s` (a postfix application) become products, inside quotients and
    powers too."""
    if isinstance(written, tree.TupleType) and not written.is_struct:
        return tree.MeasureProduct(written.span, [as_measure(part) for part in written.elements])
    if isinstance(written, tree.NamedType) and written.is_postfix:
        factors = [as_measure(part) for part in written.arguments]
        last = tree.NamedType(written.name.span, written.name, [])
        return tree.MeasureProduct(written.span, [*factors, last])
    if isinstance(written, tree.MeasureQuotient):
        numerator = as_measure(written.numerator) if written.numerator is not None else None
        return tree.MeasureQuotient(written.span, numerator, as_measure(written.denominator))
    if isinstance(written, tree.MeasurePower):
        return _power(written)
    if isinstance(written, tree.ParenType):
        return tree.ParenType(written.span, as_measure(written.type))
    return written


def _power(written: tree.MeasurePower) -> tree.TypeExpression:
    """In `kg m^2` the power belongs to `m` alone."""
    base = as_measure(written.base)
    if isinstance(base, tree.MeasureProduct) and not isinstance(written.base, tree.ParenType):
        last = base.factors[-1]
        power = tree.MeasurePower(
            last.span.to(written.span), last, written.numerator, written.denominator
        )
        return tree.MeasureProduct(written.span, [*base.factors[:-1], power])
    return tree.MeasurePower(written.span, base, written.numerator, written.denominator)
