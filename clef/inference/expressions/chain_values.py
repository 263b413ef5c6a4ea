"""Values at the head of a chain, and what they are applied to.

Comes in: a name that means a value. Goes out: its typed expression at the types that are written or
found. Promises: arguments are checked from left to right.
"""

from __future__ import annotations

from clef.data_classes import dataclass
from clef.diagnostics.typing import (
    MisplacedPart,
    NotAFunction,
    ReraiseOutsideHandler,
    TooManyArguments,
    WrongTypeArguments,
)
from clef.inference import typed_tree as typed
from clef.inference.annotations import annotation
from clef.inference.call_arguments import function_argument
from clef.inference.expected_results import presume
from clef.inference.expressions.dispatch import failed, infer
from clef.inference.expressions.indexing import index_step
from clef.inference.expressions.suffixes import Suffix
from clef.inference.state import Checker, Reason
from clef.inference.type_text import show, written_operator
from clef.inference.types import (
    ERROR,
    FunctionType,
    Type,
    TypeVariable,
)
from clef.inference.unification import (
    constrain,
    instantiate_scheme,
    prune,
    substitute,
    unify,
)
from clef.inference.well_known import (
    DEFAULTOF,
    NAMEOF,
    RERAISES,
    SEQ_FUNCTION,
    SIZEOF,
    TYPEDEFOF,
    TYPEOF,
)
from clef.inference.written_measures import measure_of
from clef.names.entities import (
    ValueResolution,
)
from clef.source import Span, in_library
from clef.syntax import tree

Step = tuple[typed.Expression, int]


@dataclass(slots=True)
class Chain:
    """A chain being walked."""

    suffixes: list[Suffix]
    expected: Type
    why: Reason | None
    span: Span


def check_rest(c: Checker, suffixes: list[Suffix], index: int) -> None:
    """After an error, still look at the arguments that follow."""
    from clef.inference.expressions.functions import lambda_arity

    for suffix in suffixes[index:]:
        node = suffix.argument if suffix.kind == "apply" else None
        if node is not None and lambda_arity(node) is None:
            infer(c, node)


def given_applications(suffixes: list[Suffix], start: int) -> int:
    """How many curried arguments follow directly."""
    count = 0
    while start + count < len(suffixes) and suffixes[start + count].kind == "apply":
        count += 1
    return count


def check_value(
    c: Checker, chain: Chain, head: tree.Identifier, resolution: ValueResolution
) -> Step:
    symbol = resolution.entity.symbol
    span = head.span
    value = c.value_named(symbol)
    if value is None:
        check_rest(c, chain.suffixes, 0)
        return failed(span), len(chain.suffixes)
    if value.is_literal and not chain.suffixes:
        return typed.Literal(value.scheme.type, span, value.literal), 0
    name = written_operator(resolution.entity.name)
    if chain.suffixes and chain.suffixes[0].kind == "types":
        return _with_types(c, chain, head, symbol, name)
    type, chosen = instantiate_scheme(c, value.scheme, span)
    reference = typed.GlobalReference(type, span, symbol, chosen)
    if symbol == NAMEOF and not in_library(c.path):
        c.report(MisplacedPart(span, "`nameof`", "an expression by itself", "write `nameof name`"))
    if symbol in RERAISES and (not c.handlers or c.handlers[-1] != c.functions):
        c.report(ReraiseOutsideHandler(span))
    use = c.recursive_values.get(symbol)
    if use is not None and not use.is_generalised:
        c.use_recursively(use, reference)
    if symbol == SEQ_FUNCTION and len(chain.suffixes) == 1:
        pass
    return after_value(c, chain, reference, name)


def _with_types(c: Checker, chain: Chain, head: tree.Identifier, symbol: str, name: str) -> Step:
    value = c.value_named(symbol)
    assert value is not None
    span = head.span
    parameters = list(value.scheme.parameters)
    written = chain.suffixes[0].types
    if len(written) == len(parameters):
        types = [
            measure_of(c, node) if parameter.is_measure else annotation(c, node)
            for parameter, node in zip(parameters, written, strict=True)
        ]
    else:
        types = [annotation(c, node) for node in written]
    if symbol in (TYPEOF, TYPEDEFOF) and len(types) == 1:
        from clef.inference.well_known import TYPE

        kind = "type" if symbol == TYPEOF else "definition"
        return typed.TypeName(TYPE, span, kind, types[0]), 1
    if symbol == SIZEOF and len(types) == 1:
        from clef.inference.well_known import INT

        return typed.TypeName(INT, span, "sizeof", types[0]), 1
    if symbol in DEFAULTOF and len(types) == 1:
        return typed.TypeName(types[0], span, "default", types[0]), 1
    if len(parameters) != len(types):
        c.report(WrongTypeArguments(span, name, len(parameters), len(types)))
        return failed(span), 1
    chosen = types
    mapping = {p.id: t for p, t in zip(parameters, chosen, strict=True)}
    constrain(c, value.scheme.parameters, mapping, span)
    reference = typed.GlobalReference(
        substitute(value.scheme.type, mapping), span, symbol, tuple(chosen)
    )
    return _after(c, chain, reference, 1, name)


def after_value(c: Checker, chain: Chain, value: typed.Expression, name: str) -> Step:
    return _after(c, chain, value, 0, name)


def _after(c: Checker, chain: Chain, value: typed.Expression, index: int, name: str) -> Step:
    """Apply a function to the arguments that follow it directly."""
    if index < len(chain.suffixes) and chain.suffixes[index].kind == "apply":
        return apply_step(c, chain, value, index, name)
    return value, index


def apply_step(c: Checker, chain: Chain, function: typed.Expression, index: int, name: str) -> Step:
    """Apply a function value to all arguments that follow."""
    suffixes = chain.suffixes
    count = given_applications(suffixes, index)
    type = prune(function.type)
    known: list[Type] = []
    while len(known) < count and isinstance(type, FunctionType):
        known.append(type.parameter)
        type = prune(type.result)
    if len(known) == count and index + count == len(suffixes):
        presume(c, type, chain.expected)
    arguments: list[typed.Expression] = []
    broken = False
    while len(arguments) < count:
        position = len(arguments)
        suffix = suffixes[index + position]
        if position >= len(known):
            type = prune(type)
            if broken or not isinstance(type, FunctionType | TypeVariable):
                break
            known.append(_next_parameter(c, type, suffix.span))
            type = prune(type)
            if not isinstance(type, FunctionType):  # it cannot become one, which has been said
                break
            type = type.result
        assert suffix.argument is not None
        why = _argument_reason(name, position, function.span)
        value = function_argument(c, suffix.argument, known[position], why)
        broken = broken or value.type is ERROR
        arguments.append(value)
    taken = arguments
    if not taken:
        return _not_applicable(c, chain, function, index, name)
    end = index + len(taken)
    if broken and isinstance(prune(type), TypeVariable):
        unify(c, type, ERROR)
    if broken and len(taken) < count:
        check_rest(c, suffixes, end)
        return failed(chain.span), len(suffixes)
    span = function.span.to(suffixes[end - 1].span)
    found: typed.Expression = typed.Application(type, span, function, arguments)
    if len(taken) < count and not isinstance(prune(type), FunctionType | TypeVariable):
        if prune(type) != ERROR:
            c.report(TooManyArguments(function.span, name, len(taken), count, show(function.type)))
        check_rest(c, suffixes, end)
        return failed(span), len(suffixes)
    return found, end


def _next_parameter(c: Checker, type: Type, span: Span) -> Type:
    """The parameter of a function whose type is open or known."""
    if isinstance(type, FunctionType):
        return type.parameter
    parameter = c.fresh(span)
    unify(c, type, FunctionType(parameter, c.fresh(span)))
    return parameter


def _argument_reason(name: str, position: int, span: Span) -> Reason:
    if name:
        return Reason(f"this is what `{name}` takes as argument {position + 1}", span)
    return Reason(f"argument {position + 1}", span)


def _not_applicable(
    c: Checker, chain: Chain, function: typed.Expression, index: int, name: str
) -> Step:
    type = prune(function.type)
    suffix = chain.suffixes[index]
    if type != ERROR:
        is_list = isinstance(suffix.argument, tree.ListLiteral)
        if isinstance(suffix.argument, tree.ListLiteral) and _touches(function, suffix.argument):
            indexed = Suffix("index", suffix.span, indices=list(suffix.argument.elements))
            chain.suffixes[index] = indexed
            return index_step(c, function, chain.suffixes, index)
        argument = suffix.argument
        is_property = isinstance(argument, tree.Constant) and argument.value is None
        negative = _negative(argument)
        c.report(NotAFunction(function.span, show(type), name, negative, is_property, is_list))
    check_rest(c, chain.suffixes, index)
    return failed(chain.span), len(chain.suffixes)


def _touches(function: typed.Expression, argument: tree.Expression) -> bool:
    return function.span.end == argument.span.start


def _negative(argument: tree.Expression | None) -> Span | None:
    """Where an argument is a number with a minus before it: often a subtraction was meant."""
    if isinstance(argument, tree.Constant) and not isinstance(argument.value, str | bytes | bool):
        return argument.span if argument.value is not None and argument.value < 0 else None
    return None
