"""Choosing the overload of a method, constructor or indexer.

Comes in: the candidates of a name and the written arguments. Goes out: the chosen one with its
arguments matched to parameters. Promises: with one candidate its parameter types flow into the
arguments; with several, arguments that are no lambdas are checked first, and the best candidate is
chosen as the F# specification (§14.4) orders them.
"""

from __future__ import annotations

from clef.diagnostics.typing import AmbiguousOverload, NoOverload
from clef.inference import typed_tree as typed
from clef.inference.arguments import Arguments, Matching, match_arguments, param_array_place
from clef.inference.call_arguments import may_be_open
from clef.inference.candidates import (
    Instance,
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
from clef.inference.overload_costs import applicability, invoked
from clef.inference.overload_order import Candidate, preferred
from clef.inference.reporting import contains_error
from clef.inference.signatures import ParameterSignature
from clef.inference.state import Checker
from clef.inference.subtyping import (
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
from clef.inference.unification import prune, unify
from clef.inference.well_known import OBJECT, UNIT, is_span
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
        _report_unfitting(c, group, arguments, span)
        return None
    if len(fitting) == 1:
        instance, matching = fitting[0]
        propagate_result(c, instance, matching, expected)
        return instance, matching, {}
    fitting, values = _values(c, fitting, arguments)
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
    instance, matching, _ = best[0]
    if expected is not None and not isinstance(prune(expected), TypeVariable):
        propagate_result(c, instance, matching, expected)  # for functions that are checked later
    return instance, matching, values


def _report_unfitting(c: Checker, group: list[Found], arguments: Arguments, span: Span) -> None:
    """No candidate takes so many arguments: say how many, where all agree."""
    if len({len(f.member.groups[0]) if f.member.groups else 0 for f in group}) == 1:
        report_count(c, group[0], arguments, span)
    else:
        _report_none(c, group, arguments, {}, span)


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


def _values(
    c: Checker, fitting: list[tuple[Instance, Matching]], arguments: Arguments
) -> tuple[list[tuple[Instance, Matching]], dict[tree.Expression, typed.Expression]]:
    """What the arguments that are no lambdas are, and the candidates that are still possible."""
    values: dict[tree.Expression, typed.Expression] = {}
    common = _common_types(fitting)
    for node in [*arguments.positional, *[value for _, value, _ in arguments.named]]:
        if lambda_arity(node) is not None:
            continue
        known = common.get(node)
        if known == OBJECT and may_be_open(node):  # what has an open type keeps it
            known = None
        values[node] = check(c, node, known) if known is not None else infer(c, node)
        _decide_parts(c, values[node].type)
        if node not in common and isinstance(prune(values[node].type), TypeVariable):
            fitting = _without_spans(fitting, node)
            presumed = _common_types(fitting).get(node)
            if presumed is not None and presumed != OBJECT:
                unify(c, values[node].type, presumed)
    return fitting, values


def _without_spans(
    fitting: list[tuple[Instance, Matching]], argument: tree.Expression
) -> list[tuple[Instance, Matching]]:
    """What may be anything is no span, where something else is taken: `Int32.TryParse s` was
    written for texts before .NET had spans."""

    def takes_span(one: tuple[Instance, Matching]) -> bool:
        instance, matching = one
        wanted = zip(instance.parameters(), matching.slots, strict=False)
        return any(node is argument and is_span(instance.type_of(p)) for p, node in wanted)

    return [one for one in fitting if not takes_span(one)] or fitting


def _all_applicable(
    c: Checker,
    fitting: list[tuple[Instance, Matching]],
    values: dict[tree.Expression, typed.Expression],
) -> list[Candidate]:
    return [
        (instance, matching, cost)
        for instance, matching in fitting
        if (cost := applicability(c, instance, matching, values)) is not None
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
    return invoked(c, type)


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
