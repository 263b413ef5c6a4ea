"""Indices and slices: `a.[i]`, `a[i, j]`, `s.[1..3]`.

Comes in: a typed value and the written indices. Goes out: the access as a call. Promises: arrays
and strings are known; other types need an `Item` or a `GetSlice`.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.diagnostics.typing import (
    IndeterminateType,
    NotIndexable,
    NotSupportedYet,
)
from clef.inference import typed_tree as typed
from clef.inference.calls import call_group
from clef.inference.candidates import Instance, instance_of
from clef.inference.computation_builders import CheckedNode
from clef.inference.expressions.access import index_argument
from clef.inference.expressions.dispatch import bound_once, check, failed, fit, infer
from clef.inference.expressions.suffixes import Suffix
from clef.inference.members import find_members, starting_types
from clef.inference.state import Checker, Reason
from clef.inference.subtyping import would_unify
from clef.inference.traits import weak_resolution
from clef.inference.type_text import show
from clef.inference.types import (
    ERROR,
    FunctionType,
    NamedType,
    Type,
    TypeVariable,
)
from clef.inference.unification import prune
from clef.inference.well_known import (
    ARRAY_SLICE,
    ARRAY_SLICE_2D,
    ARRAY_SLICE_2D_FIRST,
    ARRAY_SLICE_2D_SECOND,
    ARRAYS,
    CHAR,
    FROM_END,
    GET_ARRAY,
    GET_ARRAY_2D,
    GET_ARRAY_3D,
    GET_ARRAY_4D,
    GET_STRING,
    INT,
    LIST,
    NONE,
    SOME,
    STRING,
    STRING_SLICE,
    array_of,
    option_of,
)
from clef.source import Span
from clef.syntax import tree
from clef.syntax.list_items import can_yield

_GETTERS = {1: GET_ARRAY, 2: GET_ARRAY_2D, 3: GET_ARRAY_3D, 4: GET_ARRAY_4D}


def index_step(
    c: Checker,
    target: typed.Expression,
    suffixes: list[Suffix],
    index: int,
    is_base: bool = False,
) -> tuple[typed.Expression, int]:
    """`target.[i]`, `target[i]`, slices; `f[x]` when the target is a function."""
    suffix = suffixes[index]
    type = prune(target.type)
    if isinstance(type, TypeVariable):
        weak_resolution(c, type)
        type = prune(type)
    if isinstance(type, FunctionType) and not suffix.is_dotted and not _is_slice(suffix):
        value = check(c, _list_of(suffix), type.parameter)
        return typed.Application(type.result, suffix.span, target, [value]), index + 1
    if isinstance(type, TypeVariable) and not starting_types(type):
        c.report(IndeterminateType(target.span, "[…]"))
        return failed(suffix.span), index + 1
    indices = spread(suffix.indices)
    binding: typed.LocalBinding | None = None
    if counts_from_end(indices):
        binding, target = bound_once(c, target, target.span)
        indices = counted(c, indices, target)
    if any(isinstance(i, tree.Range) for i in indices):
        found = slice_of(c, target, type, indices, suffix.span)
    else:
        found = element_of(c, target, type, indices, suffix.span, is_base)
    if binding is not None:
        found = typed.Let(found.type, suffix.span, [binding], False, found)
    return found, index + 1


def _is_slice(suffix: Suffix) -> bool:
    """Whether an end is left out or counted from the end, as in no list."""
    return any(
        isinstance(i, tree.FromEnd)
        or (isinstance(i, tree.Range) and (i.start is None or i.end is None))
        for i in suffix.indices
    )


def _list_of(suffix: Suffix) -> tree.Expression:
    """The list that `f[…]` gives to a function: what is written in the brackets is one item."""
    indices = suffix.indices
    span = indices[0].span.to(indices[-1].span)
    item = indices[0] if len(indices) == 1 else tree.Tuple(span, indices)
    if can_yield(item):
        return tree.ListComprehension(suffix.span, item)
    return tree.ListLiteral(suffix.span, [item])


def spread(indices: list[tree.Expression]) -> list[tree.Expression]:
    """`a.[i, j]` may come as one tuple; a struct tuple is one index."""
    only = indices[0] if len(indices) == 1 else None
    return only.elements if isinstance(only, tree.Tuple) and not only.is_struct else indices


def element_of(
    c: Checker,
    target: typed.Expression,
    type: Type,
    indices: list[tree.Expression],
    span: Span,
    is_base: bool = False,
) -> typed.Expression:
    """One element of an array, a string, or what has an `Item`."""
    why = Reason("an index is an int", span)
    if isinstance(type, NamedType):
        rank = ARRAYS.get(type.symbol)
        if rank is not None and rank in _GETTERS:
            return _array_element(c, target, type, indices, rank, span)
        if type == STRING and len(indices) == 1:
            position = check(c, indices[0], INT, why)
            return library_call(c, GET_STRING, (), CHAR, [target, position], span)
    getters = [f for f in find_members(c, type, "Item") if f.member.kind in ("getter", "method")]
    if not getters:
        if type != ERROR:
            c.report(NotIndexable(target.span, show(type)))
        return failed(span)
    argument = index_argument(indices, span)
    return call_group(c, getters, target, argument, None, span, None, is_base)


def _array_element(
    c: Checker,
    target: typed.Expression,
    type: NamedType,
    indices: list[tree.Expression],
    rank: int,
    span: Span,
) -> typed.Expression:
    from clef.diagnostics.typing import WrongArgumentCount

    if len(indices) != rank:
        c.report(WrongArgumentCount(span, show(type), rank, len(indices)))
        return failed(span)
    why = Reason("an index is an int", span)
    positions = [check(c, one, INT, why) for one in indices]
    element = type.arguments[0]
    return library_call(c, _GETTERS[rank], (element,), element, [target, *positions], span)


def library_call(
    c: Checker,
    symbol: str,
    types: tuple[Type, ...],
    result: Type,
    arguments: list[typed.Expression],
    span: Span,
) -> typed.Expression:
    """A call of a library function that syntax stands for."""
    type = result
    for argument in reversed(arguments):
        type = FunctionType(argument.type, type)
    function = typed.GlobalReference(type, span, symbol, types)
    return typed.Application(result, span, function, arguments)


def counts_from_end(indices: Iterable[tree.Expression]) -> bool:
    """Whether an index or a bound of a range is written `^i`."""
    return any(
        isinstance(part, tree.FromEnd)
        for one in indices
        for part in ((one.start, one.end) if isinstance(one, tree.Range) else (one,))
    )


def counted(
    c: Checker, indices: Iterable[tree.Expression], target: typed.Expression
) -> list[tree.Expression]:
    """The indices from the start: `^i` asks the target, which is used more than once, how far that
    is from its first item (F# RFC FS-1076)."""

    def at(axis: int, node: tree.Expression | None) -> tree.Expression | None:
        if not isinstance(node, tree.FromEnd):
            return node
        return CheckedNode(node.span, _from_start(c, target, axis, node))

    found: list[tree.Expression] = []
    for axis, one in enumerate(indices):
        if isinstance(one, tree.Range):
            start, end = at(axis, one.start), at(axis, one.end)
            found.append(tree.Range(one.span, start, one.step, end))
        else:
            found.append(at(axis, one) or one)
    return found


def _from_start(
    c: Checker, target: typed.Expression, axis: int, node: tree.FromEnd
) -> typed.Expression:
    """`target.GetReverseIndex(axis, i)`; of arrays, lists and strings `length - 1 - i`."""
    span = node.span
    type = prune(target.type)
    place = tree.Constant(span, axis, tree.LiteralKind.INT32)
    symbol = type.symbol if isinstance(type, NamedType) else ""
    if symbol not in ARRAYS and type != STRING and symbol != LIST:
        return infer(c, _asked(span, target, "GetReverseIndex", [place, node.index]))
    index = check(c, node.index, INT, Reason("an index is an int", span))
    has_axes = ARRAYS.get(symbol, 1) > 1
    length = _asked(span, target, "GetLength", [place]) if has_axes else None
    long = infer(c, length or _member(span, target, "Length"))
    return library_call(c, FROM_END, (), INT, [long, index], span)


def _member(span: Span, target: typed.Expression, name: str) -> tree.Expression:
    return tree.DotGet(
        span, CheckedNode(span, target), tree.LongName(span, [tree.Name(span, name, name)])
    )


def _asked(
    span: Span, target: typed.Expression, name: str, arguments: list[tree.Expression]
) -> tree.Expression:
    whole = arguments[0] if len(arguments) == 1 else tree.Tuple(span, arguments)
    form = tree.ApplicationForm.ADJACENT
    return tree.Application(span, _member(span, target, name), tree.Paren(span, whole), form)


def slice_bound(
    c: Checker, node: tree.Expression | None, wanted: Type, span: Span
) -> typed.Expression:
    """A bound of a slice as an option."""
    if node is None:
        return typed.UnionConstruction(option_of(wanted), span, NONE, [])
    value = check(c, node, wanted, Reason("the bounds of a slice are ints", span))
    type = option_of(wanted if value.type is ERROR else value.type)
    return typed.UnionConstruction(type, node.span, SOME, [value])


def slice_bounds(
    c: Checker,
    target: typed.Expression,
    indices: list[tree.Expression],
    span: Span,
    are_ints: bool = True,
) -> tuple[tuple[bool, ...], list[typed.Expression]]:
    """Which axes are ranges; two optional bounds for each range, and the index of each other. A
    type's own `GetSlice` says what its bounds are."""

    def wanted() -> Type:
        return INT if are_ints else c.fresh(span)

    bounds: list[typed.Expression] = []
    ranges: list[bool] = []
    for one in indices:
        if isinstance(one, tree.Range):
            ranges.append(True)
            for bound in (one.start, one.end):
                bounds.append(slice_bound(c, bound, wanted(), span))
        else:
            ranges.append(False)
            bounds.append(check(c, one, wanted()))
    return tuple(ranges), bounds


def slice_of(
    c: Checker,
    target: typed.Expression,
    type: Type,
    indices: list[tree.Expression],
    span: Span,
) -> typed.Expression:
    """`a.[i..j]`, `m.[i..j, k]`."""
    is_known = isinstance(type, NamedType) and (type == STRING or type.symbol in ARRAYS)
    ranges, bounds = slice_bounds(c, target, indices, span, is_known)
    if isinstance(type, NamedType):
        if type == STRING and len(bounds) == 2:
            return library_call(c, STRING_SLICE, (), STRING, [target, *bounds], span)
        rank = ARRAYS.get(type.symbol)
        if rank is not None:
            return _array_slice(c, target, type, ranges, bounds, rank, span)
    return slice_member(c, "GetSlice", target, bounds, span)


def slice_member(
    c: Checker,
    name: str,
    target: typed.Expression,
    values: list[typed.Expression],
    span: Span,
) -> typed.Expression:
    """A call of `GetSlice` or `SetSlice`, of the overload that takes so many values."""
    from clef.inference.call_building import build_call

    type = prune(target.type)
    group = [
        instance_of(c, found, None, span)
        for found in find_members(c, type, name)
        if found.member.groups and len(found.member.groups[0]) == len(values)
    ]
    if not group:
        if type != ERROR:
            c.report(NotIndexable(target.span, show(type)))
        return failed(span)
    called = next((one for one in group if _takes(c, one, values)), group[0])
    arguments = [
        fit(c, value, called.type_of(parameter), None)
        for parameter, value in zip(called.parameters(), values, strict=True)
    ]
    return build_call(c, called, target, arguments, span)


def _takes(c: Checker, called: Instance, values: list[typed.Expression]) -> bool:
    """Whether an overload takes values of these types."""
    return all(
        would_unify(c, value.type, called.type_of(parameter))
        for parameter, value in zip(called.parameters(), values, strict=True)
    )


def _array_slice(
    c: Checker,
    target: typed.Expression,
    type: NamedType,
    ranges: tuple[bool, ...],
    bounds: list[typed.Expression],
    rank: int,
    span: Span,
) -> typed.Expression:
    element = type.arguments[0]
    flat = array_of(element)
    known: dict[tuple[bool, ...], tuple[str, Type]] = {
        (True,): (ARRAY_SLICE, flat),
        (True, True): (ARRAY_SLICE_2D, type),
        (False, True): (ARRAY_SLICE_2D_FIRST, flat),
        (True, False): (ARRAY_SLICE_2D_SECOND, flat),
    }
    if rank in (3, 4) and len(ranges) == rank:
        from clef.inference.expressions.block_slices import block_slice

        return block_slice(c, target, type, ranges, bounds, span)
    found = known.get(ranges)
    if found is None or len(ranges) != rank:
        c.report(NotSupportedYet(span, "this slice", "take the elements with a comprehension"))
        return failed(span)
    symbol, result = found
    return library_call(c, symbol, (element,), result, [target, *bounds], span)
