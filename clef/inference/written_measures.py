"""Units of measure as they are written: products, quotients, powers, names and variables.

Comes in: a measure in a type annotation or behind a number. Goes out: its `Measure`. Promises: an
unknown unit is reported once and counts as an error type.
"""

from __future__ import annotations

from fractions import Fraction

from clef.diagnostics.typing import MisplacedPart, NotAMeasure
from clef.inference.measures import power, product
from clef.inference.state import Checker
from clef.inference.types import (
    NO_MEASURE,
    Measure,
    ParameterType,
    Type,
    TypeVariable,
)
from clef.inference.unification import prune
from clef.names.entities import TypeResolution
from clef.syntax import tree


def measure_node(c: Checker, node: tree.TypeExpression) -> Type:
    return measure_of(c, node)


def measure_of(c: Checker, node: tree.TypeExpression) -> Type:
    """A unit of measure, from whatever form the parser gave it."""
    match node:
        case tree.MeasureOne():
            return NO_MEASURE
        case tree.MeasureProduct(factors=factors) | tree.TupleType(elements=factors):
            result: Type = NO_MEASURE
            for factor in factors:
                result = product(result, _part(c, factor))
            return result
        case tree.MeasureQuotient(numerator=numerator, denominator=denominator):
            above = _part(c, numerator) if numerator is not None else NO_MEASURE
            return product(above, _part(c, denominator), -1)
        case tree.MeasurePower(base=base, numerator=up, denominator=down):
            if (
                isinstance(base, tree.NamedType) and base.arguments
            ):  # in `kg m^2` only `m` is squared
                last = tree.NamedType(base.span, base.name, [], False, base.resolution)
                result = power(measure_of(c, last), Fraction(up, down))
                for argument in base.arguments:
                    result = product(result, measure_of(c, argument))
                return result
            return power(_part(c, base), Fraction(up, down))
        case tree.ParenType(type=inner):
            return measure_of(c, inner)
        case tree.AnonymousType():
            return c.fresh_measure(node.span)
        case tree.VariableType():
            return _measure_variable(c, node)
        case tree.NamedType():
            return _measure_name(c, node)
        case tree.ConstantType(value=tree.Constant(value=1)):
            return NO_MEASURE
        case _:
            c.report(NotAMeasure(node.span, "this", "a unit of measure"))
            return NO_MEASURE


def _part(c: Checker, node: tree.TypeExpression) -> Type:
    """A unit of a product or power, which says which one it is."""
    if isinstance(node, tree.AnonymousType):
        way_out = "name the unit, or write a variable such as `'u`"
        c.report(MisplacedPart(node.span, "`_`", "a product or power of units", way_out))
    return measure_of(c, node)


def _measure_variable(c: Checker, node: tree.VariableType) -> Type:
    name = node.name.text
    known = c.type_scope.get(name) or (c.implicit_types or {}).get(name)
    if known is not None:
        known = prune(known)
        if isinstance(known, TypeVariable) and not known.is_measure:
            known.is_measure = True
        if isinstance(known, ParameterType) and not known.parameter.is_measure:
            c.report(NotAMeasure(node.span, f"'{name}", f"declared as `[<Measure>] '{name}`"))
        return known
    variable = c.fresh_measure(node.span)
    variable.name = name
    if c.implicit_types is not None:
        c.implicit_types[name] = variable
    return variable


def _measure_name(c: Checker, node: tree.NamedType) -> Type:
    result: Type = NO_MEASURE
    resolution = node.resolution
    if isinstance(resolution, TypeResolution):
        entity = next(iter(resolution.candidates.values()))
        signature = c.type_named(entity.symbol)
        if signature is None or signature.kind == "measure":
            if signature is not None and signature.measure is not None:
                result = signature.measure
            else:
                result = Measure(((entity.symbol, Fraction(1)),))
        else:
            abbreviated = signature.abbreviated
            if isinstance(abbreviated, Measure):
                result = abbreviated
            else:
                c.report(NotAMeasure(node.span, signature.name, "a unit of measure"))
    for argument in node.arguments:  # `m s` is read as a postfix application
        result = product(result, measure_of(c, argument))
    return result
