"""Choosing the overload of a method, constructor or indexer.

Comes in: the candidates of a name and the written arguments. Goes out: the chosen one with its
arguments matched to parameters. Promises: with one candidate its parameter types flow into the
arguments; with several, arguments that are no lambdas are checked first, and the best candidate is
chosen as the F# specification (§14.4) orders them.
"""

from __future__ import annotations

from clef.data_classes import dataclass
from clef.diagnostics.typing import AmbiguousOverload, NoOverload
from clef.inference import typed_tree as typed
from clef.inference.arguments import Arguments, Matching, match_arguments, param_array_place
from clef.inference.candidates import (
    Instance,
    array_element,
    display,
    inside_option,
    instance_of,
    report_count,
    settable,
    signature_text,
)
from clef.inference.expected_results import propagate_result
from clef.inference.expressions.dispatch import check, infer
from clef.inference.expressions.functions import lambda_arity
from clef.inference.generalisation import free_variables
from clef.inference.members import Found
from clef.inference.overload_order import Candidate, Cost, preferred
from clef.inference.reporting import contains_error
from clef.inference.signatures import ParameterSignature
from clef.inference.state import Checker
from clef.inference.subtyping import (
    convert,
    delegate_parameters,
    delegate_signature,
    would_unify,
)
from clef.inference.traits import weak_resolution
from clef.inference.type_text import show_all
from clef.inference.types import (
    ERROR,
    FunctionType,
    NamedType,
    PendingTrait,
    TupleType,
    Type,
    TypeVariable,
)
from clef.inference.unification import begin_trial, end_trial, prune, resolve, unify
from clef.inference.well_known import BYREFS, OBJECT, UNIT, passes_as
from clef.source import Span
from clef.syntax import tree


def choose(
    c: Checker,
    group: list[Found],
    arguments: Arguments,
    explicit: list[Type] | None,
    span: Span,
    expected: Type | None,
) -> tuple[Instance, Matching, dict[tree.Expression, typed.Expression]] | None:
    """The best candidate, with the arguments that were checked on the way."""
    asked: list[tuple[Instance, list[PendingTrait]]] = []
    chosen = _choose(c, group, arguments, explicit, span, expected, asked)
    for instance, traits in asked:
        if chosen is None or instance is not chosen[0]:
            for trait in traits:
                trait.is_solved = True  # nobody needs what the others ask for
    return chosen


def _choose(
    c: Checker,
    group: list[Found],
    arguments: Arguments,
    explicit: list[Type] | None,
    span: Span,
    expected: Type | None,
    asked: list[tuple[Instance, list[PendingTrait]]],
) -> tuple[Instance, Matching, dict[tree.Expression, typed.Expression]] | None:
    """`asked`: the instances, and the member constraints that came with each."""
    fitting: list[tuple[Instance, Matching]] = []
    for found in group:
        before = len(c.pending)
        instance = instance_of(c, found, explicit, span)
        asked.append((instance, c.pending[before:]))
        parameters = instance.parameters()
        own_settable = settable(c, instance, arguments)
        for matching in _matchings(arguments, parameters, own_settable):
            fitting.append((instance, matching))
    fitting = _without_packed(fitting, arguments)
    if not fitting:
        if (
            len(group) == 1
            or len({len(f.member.groups[0]) if f.member.groups else 0 for f in group}) == 1
        ):
            report_count(c, group[0], arguments, span)
        else:
            _report_none(c, group, arguments, {}, span)
        return None
    if len(fitting) == 1:
        instance, matching = fitting[0]
        propagate_result(c, instance, matching, expected)
        return instance, matching, {}
    values: dict[tree.Expression, typed.Expression] = {}
    common = _common_types(fitting)
    for node in [*arguments.positional, *[value for _, value, _ in arguments.named]]:
        if lambda_arity(node) is None:
            known = common.get(node)
            values[node] = check(c, node, known) if known is not None else infer(c, node)
            _decide_parts(c, values[node].type)
    if any(v.type is ERROR or contains_error(v.type) for v in values.values()):
        return None
    applicable = _all_applicable(c, fitting, values)
    if len(applicable) > 1 and _infer_bodies(c, arguments, applicable, values):
        if any(contains_error(v.type) for v in values.values()):
            return None
        applicable = _all_applicable(c, fitting, values)
    if not applicable:
        _report_none(c, group, arguments, values, span)
        return None
    applicable = _giving(c, applicable, expected) or applicable
    exact = [one for one in applicable if one[2].is_exact]
    best = exact if len(exact) == 1 else preferred(c, applicable, expected)
    if len(best) > 1:
        texts = tuple(dict.fromkeys(signature_text(one[0].found) for one in best))
        c.report(AmbiguousOverload(span, display(best[0][0].found.member), texts))
        return None
    return best[0][0], best[0][1], values


def _decide_parts(c: Checker, type: Type) -> None:
    """Decide what the type of an argument leaves open from what is known so far."""
    found: list[TypeVariable] = []
    free_variables(type, found, set())
    for variable in found:
        weak_resolution(c, variable)


def _giving(c: Checker, applicable: list[Candidate], expected: Type | None) -> list[Candidate]:
    """Those whose result is the tuple that is expected: no conversion makes one; and members that
    convert are chosen by what they give."""
    wanted = prune(expected) if expected is not None else None
    if len(applicable) < 2 or wanted is None:
        return applicable
    if not isinstance(wanted, TupleType) and not _converts(applicable[0], wanted):
        return applicable
    return [
        one
        for one in applicable
        if one[0].found.member.kind != "constructor"
        and would_unify(c, _whole_result(one[0], one[1]), wanted)
    ]


def _converts(candidate: Candidate, wanted: Type) -> bool:
    named = candidate[0].found.member.name in ("op_Explicit", "op_Implicit")
    return named and not isinstance(wanted, TypeVariable)


def _whole_result(instance: Instance, matching: Matching) -> Type:
    """The result, with what is written to the out parameters that no argument is for."""
    result = prune(instance.result())
    if matching.out_from is None:
        return result
    outs: list[Type] = []
    for parameter in instance.parameters()[matching.out_from :]:
        type = prune(instance.type_of(parameter))
        if not parameter.is_optional and isinstance(type, NamedType) and type.arguments:
            outs.append(type.arguments[0])
    items = outs if result == UNIT else [result, *outs]
    return items[0] if len(items) == 1 else TupleType(tuple(items))


def _without_packed(
    fitting: list[tuple[Instance, Matching]], arguments: Arguments
) -> list[tuple[Instance, Matching]]:
    """Several arguments become one tuple only where no candidate takes as many, and `(())` stands
    for no argument only where none takes one."""
    if len(arguments.positional) == 1:
        return [one for one in fitting if one[0].parameters()] or fitting
    if len(arguments.positional) < 2:
        return fitting
    return [one for one in fitting if not one[1].is_packed] or fitting


@dataclass(slots=True)
class _Conversions:
    """`directed`: conversions between types that do not inherit from each other; `all`: a measure
    of all conversions; `none`: all types are the same as they stand, nothing was inferred."""

    directed: int = 0
    all: int = 0
    none: bool = True

    def add(self, cost: int) -> None:
        self.all += cost
        self.directed += cost == _DIRECTED


def _all_applicable(
    c: Checker,
    fitting: list[tuple[Instance, Matching]],
    values: dict[tree.Expression, typed.Expression],
) -> list[Candidate]:
    return [
        (instance, matching, cost)
        for instance, matching in fitting
        if (cost := _applicable(c, instance, matching, values)) is not None
    ]


def _infer_bodies(
    c: Checker,
    arguments: Arguments,
    applicable: list[Candidate],
    values: dict[tree.Expression, typed.Expression],
) -> bool:
    """Check the written functions on which the candidates disagree, as in `Task.Run(fun () -> …)`
    or `f (fun (x: string) -> …)`: their patterns and bodies tell."""
    found = False
    for node in arguments.positional:
        if node in values:
            continue
        arity = lambda_arity(node) or 1
        functions = [
            _function_at(c, instance, matching, node) for instance, matching, _ in applicable
        ]
        shapes = [_split(one, arity) for one in functions if one is not None]
        if len(shapes) < len(functions) or any(len(one) <= arity for one in shapes):
            continue
        domains = [_common_domain(c, node, list(place)) for place in zip(*shapes, strict=True)]
        results = {_hashable(one[-1]) for one in shapes}
        agree = len(results) == 1 and ERROR not in results
        known = [domain for domain in domains[:-1] if domain is not None]
        if len(known) < arity or (agree and not any(isinstance(d, TypeVariable) for d in known)):
            continue
        wanted: Type = c.fresh(node.span)
        for domain in reversed(known):
            wanted = FunctionType(domain, wanted)
        values[node] = check(c, node, wanted)
        found = True
    return found


def _split(function: FunctionType, arity: int) -> list[Type]:
    """What a function takes, and last what it gives."""
    parts: list[Type] = []
    rest: Type = function
    while isinstance(rest, FunctionType) and len(parts) < arity:
        parts.append(prune(rest.parameter))
        rest = prune(rest.result)
    return [*parts, rest]


def _common_domain(c: Checker, node: tree.Expression, domains: list[Type]) -> Type | None:
    """What the candidates agree that a written function takes, else what it says itself; None where
    the types are still open and the function does not say them."""
    first = domains[0]
    if all(_is_same(first, other) for other in domains):
        return first
    if all(_is_same(one, one) for one in domains) or _says_types(node):
        return c.fresh(node.span)
    return None


def _says_types(node: tree.Expression) -> bool:
    """Whether the parameters of a written function are annotated."""
    while isinstance(node, tree.Paren):
        node = node.expression
    if not isinstance(node, tree.Lambda):
        return False
    patterns = list(node.patterns)
    while patterns and isinstance(patterns[0], tree.ParenPattern):
        patterns[0] = patterns[0].pattern
    return len(patterns) == 1 and isinstance(patterns[0], tree.TypedPattern)


def _is_same(left: Type, right: Type) -> bool:
    """Whether two types are the same and hold nothing undecided."""
    left, right = prune(left), prune(right)
    if isinstance(left, TupleType) and isinstance(right, TupleType):
        has_shape = len(left.items) == len(right.items) and left.is_struct == right.is_struct
        return has_shape and all(map(_is_same, left.items, right.items))
    if not isinstance(left, NamedType) or not isinstance(right, NamedType):
        return False
    return left.symbol == right.symbol and all(map(_is_same, left.arguments, right.arguments))


def _function_at(
    c: Checker, instance: Instance, matching: Matching, node: tree.Expression
) -> FunctionType | None:
    """The function type that a candidate has for an argument, also that of a delegate."""
    parameters = instance.parameters()
    if node not in matching.slots[: len(parameters)]:
        return None
    type = prune(instance.type_of(parameters[matching.slots.index(node)]))
    if isinstance(type, FunctionType):
        return type
    return _invoked(c, type)


def _invoked(c: Checker, type: Type) -> FunctionType | None:
    """The curried function that a delegate is made of."""
    from clef.inference.delegates import curried_invoke

    if delegate_signature(c, type) is None:
        return None
    found = curried_invoke(c, type)
    return found if isinstance(found, FunctionType) else None


def _matchings(
    arguments: Arguments, parameters: tuple[ParameterSignature, ...], settable: set[str]
) -> list[Matching]:
    """One or two ways to match: a ParamArray may be given as an array or element by element."""
    found: list[Matching] = []
    place = param_array_place(parameters)
    if place is not None:
        one = parameters[place]
        single = ParameterSignature(one.name, one.type)
        plain = (*parameters[:place], single, *parameters[place + 1 :])
        direct = match_arguments(arguments, plain, settable)
        if direct is not None and not direct.is_packed and not direct.is_spread:
            found.append(direct)
    first = match_arguments(arguments, parameters, settable)
    if first is not None:
        found.append(first)
    return found


def _common_types(
    fitting: list[tuple[Instance, Matching]],
) -> dict[tree.Expression, Type]:
    """Where all candidates agree on a parameter's type, it guides its argument."""
    types: dict[tree.Expression, set[Type]] = {}
    for instance, matching in fitting:
        parameters = instance.parameters()
        for index, node in enumerate(matching.slots):
            if node is not None and index < len(parameters):
                type = instance.type_of(parameters[index])
                if parameters[index].is_optional and not matching.optional_given[index]:
                    type = inside_option(type)
                types.setdefault(node, set()).add(_hashable(type))
        for node in matching.param_array or ():
            types.setdefault(node, set()).add(ERROR)
    return {
        node: next(iter(found))
        for node, found in types.items()
        if len(found) == 1 and isinstance(next(iter(found)), NamedType) and ERROR not in found
    }


def _hashable(type: Type) -> Type:
    return type if isinstance(type, NamedType) and not type.arguments else ERROR


def _applicable(
    c: Checker,
    instance: Instance,
    matching: Matching,
    values: dict[tree.Expression, typed.Expression],
) -> Cost | None:
    """The cost of a candidate for these arguments; None if they do not fit."""
    before = begin_trial(c)
    conversions = _Conversions()
    fits = True
    parameters = instance.parameters()
    for index, node in enumerate(matching.slots):
        if node is None or index >= len(parameters):
            continue
        wanted = instance.type_of(parameters[index])
        if parameters[index].is_optional and not matching.optional_given[index]:
            wanted = inside_option(wanted)
        conversions.none &= _stands(c, values.get(node), wanted)
        cost = _argument_cost(c, node, values.get(node), wanted)
        if cost is None:
            fits = False
            break
        conversions.add(cost)
    if fits and matching.param_array is not None:
        place = param_array_place(parameters)
        assert place is not None
        element = array_element(instance.type_of(parameters[place]))
        for node in matching.param_array:
            conversions.none &= _stands(c, values.get(node), element)
            cost = _argument_cost(c, node, values.get(node), element)
            if cost is None:
                fits = False
                break
            conversions.add(cost)
    if fits and (matching.is_packed or matching.is_spread):
        fits = _packed_fits(c, instance, matching, values)
    narrowed = _narrows_written(c)
    failed_ = end_trial(c, before, keep=False)
    if not fits or failed_:
        return None
    member = instance.found.member
    left_out = sum(1 for slot in matching.slots if slot is None) - (
        1 if matching.param_array is not None else 0
    )
    return Cost(
        (
            1 if narrowed else 0,
            conversions.directed,
            1 if matching.is_packed else 0,
            1 if matching.param_array is not None else 0,
            1 if matching.out_from is not None else 0,
            left_out,
            1 if matching.is_spread else 0,
        ),
        (
            1 if member.is_extension else 0,
            1 if member.type_parameters else 0,
            conversions.all,
        ),
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
        wanted = _invoked(c, wanted) or wanted
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
        return None
    if isinstance(target, TypeVariable) and isinstance(actual, TypeVariable):
        return 0
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


def _report_none(
    c: Checker,
    group: list[Found],
    arguments: Arguments,
    values: dict[tree.Expression, typed.Expression],
    span: Span,
) -> None:
    types: list[Type] = []
    for node in arguments.positional:
        value = values.get(node)
        if value is None and lambda_arity(node) is None:
            value = infer(c, node)
            values[node] = value
        if value is None:
            types.append(FunctionType(c.fresh(span), c.fresh(span)))
        else:
            types.append(value.type)
    if any(contains_error(t) for t in types):
        return
    texts = show_all(*types)
    names = tuple(dict.fromkeys(signature_text(found) for found in group))[:6]
    c.report(NoOverload(span, display(group[0].member), f"({', '.join(texts)})", names))
