"""What it costs to call one of several overloads with the arguments that are given.

Comes in: an overload, the arguments with what is known of their types. Goes out: whether it can be
called, and how far its parameters are from the arguments. Promises: nothing is decided here; trials
are taken back.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.data_classes import dataclass
from clef.inference import typed_tree as typed
from clef.inference.arguments import Matching, param_array_place
from clef.inference.candidates import (
    Instance,
    array_element,
    inside_option,
)
from clef.inference.expressions.functions import lambda_arity
from clef.inference.overload_order import Cost
from clef.inference.state import Checker
from clef.inference.subtyping import (
    bounded_as,
    convert,
    convert_argument,
    delegate_parameters,
    delegate_signature,
)
from clef.inference.types import (
    FunctionType,
    NamedType,
    TupleType,
    Type,
    TypeVariable,
)
from clef.inference.unification import begin_trial, end_trial, prune, resolve, unify
from clef.inference.well_known import BYREFS, OBJECT, UNIT, passes_as
from clef.syntax import tree


@dataclass(slots=True)
class _Conversions:
    """`directed`: conversions between types that do not inherit from each other; `all`: a measure
    of all conversions; `none`: all types are the same as they stand, nothing was inferred."""

    directed: int = 0
    all: int = 0
    none: bool = True

    def add(self, cost: int) -> None:
        self.all += cost
        self.directed += max(0, cost - _INHERITED)


def invoked(c: Checker, type: Type) -> FunctionType | None:
    """The curried function that a delegate is made of."""
    from clef.inference.delegates import curried_invoke

    if delegate_signature(c, type) is None:
        return None
    found = curried_invoke(c, type)
    return found if isinstance(found, FunctionType) else None


def applicability(
    c: Checker,
    instance: Instance,
    matching: Matching,
    values: dict[tree.Expression, typed.Expression],
) -> Cost | None:
    """The cost of a candidate for these arguments; None if they do not fit."""
    before = begin_trial(c)
    conversions = _Conversions()
    fits = all(
        _add_cost(c, conversions, node, values.get(node), wanted)
        for node, wanted in _pairs(instance, matching)
    )
    if fits and (matching.is_packed or matching.is_spread):
        fits = _packed_fits(c, instance, matching, values)
    narrowed = _narrows_written(c)
    failed = end_trial(c, before, keep=False)
    if not fits or failed:
        return None
    return _cost(instance, matching, conversions, narrowed)


def _pairs(instance: Instance, matching: Matching) -> Iterator[tuple[tree.Expression, Type]]:
    """The arguments with the types of their parameters, those of a parameter array at the end."""
    parameters = instance.parameters()
    for index, node in enumerate(matching.slots):
        if node is None or index >= len(parameters):
            continue
        wanted = instance.type_of(parameters[index])
        if parameters[index].is_optional and not matching.optional_given[index]:
            wanted = inside_option(wanted)
        yield node, wanted
    if matching.param_array is not None:
        place = param_array_place(parameters)
        assert place is not None
        element = array_element(instance.type_of(parameters[place]))
        for node in matching.param_array:
            yield node, element


def _add_cost(
    c: Checker,
    conversions: _Conversions,
    node: tree.Expression,
    value: typed.Expression | None,
    wanted: Type,
) -> bool:
    """Add what an argument costs; false if it does not fit."""
    conversions.none &= _stands(c, value, wanted)
    cost = _argument_cost(c, node, value, wanted)
    if cost is None:
        return False
    conversions.add(cost)
    return True


def _cost(
    instance: Instance, matching: Matching, conversions: _Conversions, narrowed: bool
) -> Cost:
    member = instance.found.member
    has_array = matching.param_array is not None
    left_out = sum(1 for slot in matching.slots if slot is None) - has_array
    return Cost(
        (
            int(narrowed),
            conversions.directed,
            int(matching.is_packed),
            int(has_array),
            int(matching.out_from is not None),
            left_out,
            int(matching.is_spread),
        ),
        (int(member.is_extension), int(bool(member.type_parameters)), conversions.all),
        conversions.none and not matching.is_packed and not matching.is_spread,
    )


def _stands(c: Checker, value: typed.Expression | None, wanted: Type) -> bool:
    """Whether an argument has the type of its parameter, without any inference; a function that of
    the delegate that is made of it."""
    if value is None:
        return False
    found = resolve(value.type)
    wanted = prune(wanted)
    if isinstance(found, FunctionType) and isinstance(wanted, NamedType):
        wanted = invoked(c, wanted) or wanted
    return found == resolve(wanted)


def _narrows_written(c: Checker) -> bool:
    """Whether this trial gave a type variable that the user wrote, such as `'T`, a type; a
    candidate that leaves it as general as it was written is better."""
    return any(
        undo.variable.name is not None
        and undo.link is None
        and not isinstance(prune(undo.variable), TypeVariable)
        for undo in c.trail or ()
    )


def _packed_fits(
    c: Checker,
    instance: Instance,
    matching: Matching,
    values: dict[tree.Expression, typed.Expression],
) -> bool:
    parameters = instance.parameters()
    types = [value.type for value in values.values()]
    if matching.is_packed:
        whole: Type = UNIT if not types else TupleType(tuple(types)) if len(types) > 1 else types[0]
        return unify(c, instance.type_of(parameters[0]), whole)
    if len(types) != 1:
        return False
    wanted = TupleType(tuple(instance.type_of(p) for p in parameters))
    return unify(c, wanted, types[0])


_INHERITED = 3


_DIRECTED = 4


_TWICE_DIRECTED = 5  # a number that is widened for a `Nullable`


def _argument_cost(
    c: Checker, node: tree.Expression, value: typed.Expression | None, wanted: Type
) -> int | None:
    """0: exact, more: by conversion, None: impossible."""
    target = prune(wanted)
    if value is None:
        return _lambda_cost(c, node, target)
    actual = prune(value.type)
    if isinstance(target, NamedType) and target.symbol in BYREFS:
        if not isinstance(actual, NamedType) or not passes_as(actual.symbol, target.symbol):
            return None
        is_same = actual.symbol == target.symbol
        return int(not is_same) if unify(c, actual.arguments[0], target.arguments[0]) else None
    if not isinstance(actual, TypeVariable) and isinstance(target, NamedType):
        if isinstance(actual, NamedType) and actual.symbol == target.symbol:
            return 0 if unify(c, actual, target) else None
        if isinstance(actual, FunctionType) and delegate_signature(c, target) is not None:
            return 2 if _function_fits(c, actual, target) else None
        converted = convert(c, value, target)
        if converted is not None:
            return _INHERITED if isinstance(converted, typed.Coerce) else _DIRECTED
        return None if convert_argument(c, value, target) is None else _TWICE_DIRECTED
    if isinstance(target, TypeVariable) and isinstance(actual, TypeVariable):
        return 0
    if bounded_as(c, actual, target):
        return _INHERITED
    if isinstance(actual, TypeVariable) and target == OBJECT:
        return 0  # its type stays open
    return 0 if unify(c, actual, target) else None


def _function_fits(c: Checker, actual: FunctionType, target: NamedType) -> bool:
    """Whether a function takes as many arguments as the delegate, and what this takes."""
    from clef.inference.delegates import curried_invoke

    count = 0
    rest: Type = actual
    while isinstance(rest, FunctionType):
        count += 1
        rest = prune(rest.result)
    fits = count == len(delegate_parameters(c, target)[0]) or not isinstance(rest, TypeVariable)
    return fits and unify(c, actual, curried_invoke(c, target))


def _takes_unit(node: tree.Expression) -> bool:
    """`fun () -> …`"""
    while isinstance(node, tree.Paren):
        node = node.expression
    if not isinstance(node, tree.Lambda) or len(node.patterns) != 1:
        return False
    pattern = node.patterns[0]
    while isinstance(pattern, tree.ParenPattern):
        pattern = pattern.pattern
    return (
        isinstance(pattern, tree.ConstantPattern) and pattern.constant.kind is tree.LiteralKind.UNIT
    )


def _lambda_cost(c: Checker, node: tree.Expression, target: Type) -> int | None:
    arity = lambda_arity(node) or 1
    invoke = delegate_signature(c, target)
    if invoke is not None:
        parameters, _ = delegate_parameters(c, target)
        if prune(parameters[0]) != UNIT and _takes_unit(node):
            return None
        count = len(parameters)
        if count == arity:
            return 1
        return 2 if arity == 1 else None  # a function that gives a function, or takes a tuple
    if isinstance(target, TypeVariable):
        return 1
    if target == OBJECT:
        return 3
    if isinstance(target, FunctionType) and _takes_unit(node):
        taken = prune(target.parameter)
        if not isinstance(taken, TypeVariable) and taken != UNIT:
            return None
    depth = 0
    step: Type = target
    while isinstance(step, FunctionType):
        depth += 1
        step = prune(step.result)
    if depth == 0:
        return None
    if depth >= arity or isinstance(step, TypeVariable):
        return 0
    return None
