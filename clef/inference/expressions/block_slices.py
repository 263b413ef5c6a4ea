"""Slices of arrays by several axes, read and written: `m.[i, *] <- row`, `block.[0, 1.., *]`.

Comes in: a typed array, the bounds of each axis, what is stored. Goes out: calls of the library.
Promises: an axis with an index in place of a range is not part of what the slice gives or takes;
operands are computed once, from left to right.
"""

from __future__ import annotations

from clef.data_classes import dataclass
from clef.inference import typed_tree as typed
from clef.inference.expressions.dispatch import check, failed
from clef.inference.expressions.indexing import library_call, slice_bounds
from clef.inference.state import Checker
from clef.inference.types import NamedType
from clef.inference.well_known import INT, SLICING, SOME, UNIT, array_of, array_symbol, option_of
from clef.source import Span
from clef.syntax import tree

_SHAPES = {1: "Vector", 2: "Plane", 3: "Cube"}


def block_slice(
    c: Checker,
    target: typed.Expression,
    type: NamedType,
    ranges: tuple[bool, ...],
    bounds: list[typed.Expression],
    span: Span,
) -> typed.Expression:
    """A slice of three or four axes: the block, seen with the axes that are ranges."""
    rank, element = len(ranges), type.arguments[0]
    made = _Kept(c, [])
    source = made.keep(target)
    limits = _limits(c, made, source, type, ranges, bounds, span)
    symbol = f"{SLICING}.GetArraySlice{rank}D"
    block = library_call(c, symbol, (element,), type, [source, *limits], span)
    axes = _axes(ranges, span)
    if len(axes) < rank:
        shape = _SHAPES[len(axes)]
        result = NamedType(array_symbol(len(axes)), (element,))
        symbol = f"{SLICING}.SliceTo{shape}{rank}D"
        operands = [block, *(axes if len(axes) > 1 else [])]
        block = library_call(c, symbol, (element,), result, operands, span)
    return made.around(block)


@dataclass(slots=True)
class _Kept:
    """Operands that are computed once, in order."""

    c: Checker
    bindings: list[typed.LocalBinding]

    def keep(self, value: typed.Expression) -> typed.Expression:
        local = self.c.local("part", value.type, value.span)
        pattern = typed.VariablePattern(value.type, value.span, local)
        self.bindings.append(typed.LocalBinding(pattern, (), [], value, value.span))
        return typed.LocalReference(value.type, value.span, local)

    def around(self, body: typed.Expression) -> typed.Expression:
        for binding in reversed(self.bindings):
            body = typed.Let(body.type, body.span, [binding], False, body)
        return body


def _axes(ranges: tuple[bool, ...], span: Span) -> list[typed.Expression]:
    """The numbers of the axes that are ranges."""
    return [typed.Literal(INT, span, axis) for axis, is_range in enumerate(ranges) if is_range]


def _limits(
    c: Checker,
    made: _Kept,
    source: typed.Expression,
    type: NamedType,
    ranges: tuple[bool, ...],
    bounds: list[typed.Expression],
    span: Span,
) -> list[typed.Expression]:
    """Two bounds for each axis; an index is a range with one place, which has to be there."""
    rank, element = len(ranges), type.arguments[0]
    given = iter(bounds)
    limits: list[typed.Expression] = []
    for axis, is_range in enumerate(ranges):
        if is_range:
            limits += [made.keep(next(given)), made.keep(next(given))]
            continue
        place: typed.Expression = typed.Literal(INT, span, axis)
        check = f"{SLICING}.FixedIndex{rank}D"
        index = library_call(c, check, (element,), INT, [source, place, next(given)], span)
        kept = made.keep(index)
        limits += [typed.UnionConstruction(option_of(INT), span, SOME, [kept])] * 2
    return limits


# Writing ------------------------------------------------------------------------------------------

_SETTERS: dict[tuple[bool, ...], tuple[str, bool]] = {
    (True,): ("SetArraySlice", True),
    (True, True): ("SetArraySlice2D", False),
    (False, True): ("SetArraySlice2DFixed1", True),
    (True, False): ("SetArraySlice2DFixed2", True),
}
"""For vectors and planes: the function by which axes are ranges, and whether it takes a vector."""


def store_slice(
    c: Checker,
    node: tree.Assign,
    object: typed.Expression,
    type: NamedType,
    indices: list[tree.Expression],
) -> typed.Expression:
    """`a.[i..j] <- b`, `m.[i, *] <- row`, `block.[0, *, 1..] <- plane`."""
    ranges, bounds = slice_bounds(c, object, indices, node.span)
    element = type.arguments[0]
    found = _SETTERS.get(ranges)
    if found is None:
        return _store_block(c, node, object, type, ranges, bounds)
    name, is_flat = found
    value = check(c, node.value, array_of(element) if is_flat else type)
    symbol = f"{SLICING}.{name}"
    return library_call(c, symbol, (element,), UNIT, [object, *bounds, value], node.span)


def _store_block(
    c: Checker,
    node: tree.Assign,
    object: typed.Expression,
    type: NamedType,
    ranges: tuple[bool, ...],
    bounds: list[typed.Expression],
) -> typed.Expression:
    """Into an array of three or four axes: what is stored is seen as a block of all its axes."""
    span = node.span
    rank, element = len(ranges), type.arguments[0]
    made = _Kept(c, [])
    target = made.keep(object)
    limits = _limits(c, made, target, type, ranges, bounds, span)
    axes = _axes(ranges, span)
    if not axes:
        return failed(span)
    value = check(c, node.value, NamedType(array_symbol(len(axes)), (element,)))
    if len(axes) < rank:
        symbol = f"{SLICING}.{_SHAPES[len(axes)]}ToBlock{rank}D"
        value = library_call(c, symbol, (element,), type, [made.keep(value), *axes], span)
    symbol = f"{SLICING}.SetArraySlice{rank}D"
    call = library_call(c, symbol, (element,), UNIT, [target, *limits, value], span)
    return made.around(call)
