"""Active patterns: recognisers used in patterns.

Comes in: a pattern that names a case of a recogniser. Goes out: the recogniser applied to its
parameters, with the pattern of what it gives. Promises: all but the last argument are parameters,
unless the recogniser gives nothing to look into.
"""

from __future__ import annotations

from clef.diagnostics.patterns import PatternArguments, UnknownPatternField
from clef.diagnostics.typing import MisplacedPart
from clef.inference import typed_tree as typed
from clef.inference.constant_patterns import agree
from clef.inference.patterns import check_pattern
from clef.inference.reporting import contains_error, report_mismatch
from clef.inference.short_lived import parts_of
from clef.inference.state import Checker, Reason
from clef.inference.subtyping import convert
from clef.inference.types import (
    ERROR,
    FunctionType,
    NamedType,
    ParameterType,
    Type,
    TypeVariable,
)
from clef.inference.unification import (
    instantiate_scheme,
    prune,
    unify,
)
from clef.inference.well_known import (
    BOOL,
    OPTION,
    UNIT,
    VALUE_OPTION,
    option_of,
)
from clef.names.entities import ActivePatternEntity, ActivePatternResolution
from clef.source import Span
from clef.syntax import tree


def check_active(
    c: Checker,
    node: tree.ConstructorPattern,
    resolution: ActivePatternResolution,
    expected: Type,
    why: Reason | None,
) -> typed.Pattern:
    entity = resolution.entity
    found = _pattern_function(c, entity, node.span)
    if found is None:
        return typed.WildcardPattern(expected, node.span)
    for entry in node.fields:
        field = entry.name.parts[-1].written
        c.report(UnknownPatternField(entry.name.span, field, entity.name, None))
    function_type = found.type
    function, type, inner_node, identity = _active_parameters(c, node, entity, found)
    step = prune(type)
    if not isinstance(step, FunctionType | TypeVariable) and step != ERROR:
        given = len(node.arguments)
        c.report(PatternArguments(node.span, entity.name, _places(function_type), given))
        return typed.WildcardPattern(expected, node.span)
    if not isinstance(step, FunctionType):
        step = FunctionType(c.fresh(node.span), c.fresh(node.span))
        unify(c, type, step)
    if entity.count > 1 and len(node.arguments) > 1:
        part, way_out = "an argument", "only recognisers of one case take arguments"
        c.report(MisplacedPart(node.span, part, "a case of several", way_out))
    wanted = prune(step.parameter)
    if not (isinstance(wanted, NamedType) and _coerces(c, expected, wanted, node.span)):
        agree(c, node.span, step.parameter, expected, why)
    inner_type = _active_result(
        c, entity.count, entity.index, entity.is_partial, step.result, node.span
    )
    return typed.ActivePattern(
        expected,
        node.span,
        function,
        identity,
        entity.index,
        entity.count,
        entity.is_partial,
        _inner_pattern(c, inner_node, inner_type, node.span),
    )


def _pattern_function(
    c: Checker, entity: ActivePatternEntity, span: Span
) -> typed.Expression | None:
    """The function behind the name; None after an error."""
    if entity.value is None:
        from clef.inference.expressions.chains import local_value

        entry = c.locals.get(entity.binder)
        return local_value(c, entry, span) if entry is not None else None
    value = c.value_named(entity.value)
    if value is None:
        return None
    type, chosen = instantiate_scheme(c, value.scheme, span)
    reference = typed.GlobalReference(type, span, entity.value, chosen)
    use = c.recursive_values.get(entity.value)
    if use is not None:
        c.use_recursively(use, reference)
    return reference


def _inner_pattern(
    c: Checker, node: tree.Pattern | None, type: Type | None, span: Span
) -> typed.Pattern | None:
    """The pattern of what the function gives; without one, that is unit."""
    if type is None:
        if node is not None:
            part, way_out = "a pattern for its result", "it gives a bool: take the pattern away"
            c.report(MisplacedPart(node.span, part, "what such a recogniser gives", way_out))
        return None
    if node is not None:
        return check_pattern(c, node, type)
    why = Reason("without a pattern for its result, a recogniser gives `unit`", span)
    agree(c, span, UNIT, type, why)
    return typed.WildcardPattern(type, span)


def _places(type: Type) -> int:
    """How many arguments stand behind the name: all but the value, and what it gives."""
    count = 0
    step = prune(type)
    while isinstance(step, FunctionType):
        count += 1
        step = prune(step.result)
    return count


def _coerces(c: Checker, expected: Type, wanted: NamedType, span: Span) -> bool:
    """A recogniser of a supertype (`obj`, `exn`) takes the value as it is."""
    actual = prune(expected)
    if not isinstance(actual, NamedType) or actual.symbol == wanted.symbol:
        return False
    return convert(c, typed.Literal(actual, span, None), wanted) is not None


def _active_parameters(
    c: Checker,
    node: tree.ConstructorPattern,
    entity: ActivePatternEntity,
    function: typed.Expression,
) -> tuple[typed.Expression, Type, tree.Pattern | None, str]:
    """Apply the recogniser to the parameters of the pattern; the rest is the inner pattern."""
    from clef.inference.expressions.dispatch import check

    type = function.type
    written = node.arguments
    if isinstance(function, typed.GlobalReference):
        identity = function.symbol
    else:
        assert entity.binder is not None
        identity = f"{entity.binder.name} {entity.binder.id}"
    if not written:
        return function, type, None, identity
    count = entity.leading(len(written))
    parameters = written[:count]
    inner: tree.Pattern | None = written[count] if count < len(written) else None
    if not parameters and entity.is_partial and _takes_parameters(type):
        # `Positive 3` of a partial recogniser that gives a bool or unit option
        parameters, inner = written, None
    if parameters:
        values: list[typed.Expression] = []
        for parameter in parameters:
            step = prune(type)
            if not isinstance(step, FunctionType | TypeVariable):
                break
            if not isinstance(step, FunctionType):
                a: Type = c.fresh(node.span)
                b: Type = c.fresh(node.span)
                unify(c, type, FunctionType(a, b))
                step = FunctionType(a, b)
            values.append(check(c, pattern_as_expression(parameter), step.parameter))
            type = step.result
        function = typed.Application(type, node.span, function, values)
        c.generated += 1
        identity = f"{identity} {c.generated}"
    return function, type, inner, identity


def _takes_parameters(type: Type) -> bool:
    step = prune(type)
    if not isinstance(step, FunctionType):
        return False
    return isinstance(prune(step.result), FunctionType)


def pattern_as_expression(node: tree.Pattern) -> tree.Expression:
    """The parameter of an active pattern, which was read as a pattern."""
    match node:
        case tree.ConstantPattern(constant=constant):
            return constant
        case tree.NamedPattern(name=name, resolution=resolution):
            return tree.Identifier(node.span, tree.LongName(name.span, [name]), resolution)
        case tree.ConstructorPattern(name=long, arguments=arguments, resolution=resolution):
            result: tree.Expression = tree.Identifier(node.span, long, resolution)
            for argument in arguments:
                inner = pattern_as_expression(argument)
                result = tree.Application(node.span, result, inner)
            return result
        case tree.ParenPattern(pattern=inner_pattern):
            return tree.Paren(node.span, pattern_as_expression(inner_pattern))
        case tree.TypedPattern(pattern=inner_pattern, type=type):
            return tree.Typed(node.span, pattern_as_expression(inner_pattern), type)
        case tree.TuplePattern(elements=elements):
            return tree.Tuple(node.span, [pattern_as_expression(e) for e in elements])
        case tree.ListPattern(elements=elements):
            return tree.ListLiteral(node.span, [pattern_as_expression(e) for e in elements])
        case tree.ArrayPattern(elements=elements):
            return tree.ArrayLiteral(node.span, [pattern_as_expression(e) for e in elements])
        case tree.ConsPattern(head=head, tail=tail):
            return tree.Cons(node.span, pattern_as_expression(head), pattern_as_expression(tail))
        case tree.NullPattern():
            return tree.NullLiteral(node.span)
        case _:
            return tree.ErrorExpression(node.span)


def demand_result(c: Checker, name: tree.Name, type: Type, span: Span) -> None:
    """What a recogniser gives, by its name: a choice between its cases, or whether it fits."""
    from clef.names.declare import active_pattern_cases

    cases = active_pattern_cases(name.text, None, name.span)
    result = prune(type)
    while isinstance(result, FunctionType):
        result = prune(result.result)
    if not cases or contains_error(result):
        return
    if cases[0].is_partial:
        if isinstance(result, NamedType) and result.symbol in _MAY_FAIL:
            return
        wanted: Type = option_of(c.fresh(span))
    elif len(cases) == 1:
        return
    else:
        wanted = _choice(tuple(c.fresh(span) for _ in cases))
        whole = type
        c.deferred.append(lambda: _demand_decided(c, name, whole))
    if not unify(c, result, wanted):
        why = Reason("a recogniser of this name gives that", name.span)
        report_mismatch(c, span, result, wanted, why)


def _demand_decided(c: Checker, name: tree.Name, type: Type) -> None:
    """What the cases hold is known from what the recogniser takes (F# FS1210)."""
    taken: set[Type] = set()
    result = prune(type)
    while isinstance(result, FunctionType):
        taken.update(map(prune, parts_of(result.parameter)))
        result = prune(result.result)
    open_parts = [one for one in parts_of(result) if isinstance(one, ParameterType | TypeVariable)]
    if any(one not in taken for one in open_parts):
        part = "a case whose type nothing says"
        way_out = "annotate the result, such as `: Choice<int, string>`"
        c.report(MisplacedPart(name.span, part, "a recogniser of several cases", way_out))


_MAY_FAIL = (BOOL.symbol, OPTION, VALUE_OPTION)


def _choice(cases: tuple[Type, ...]) -> Type:
    return NamedType(f"Microsoft.FSharp.Core.Choice`{len(cases)}", cases)


def _active_result(
    c: Checker, count: int, index: int, is_partial: bool, result: Type, span: Span
) -> Type | None:
    """The type that the inner pattern sees; None for a recogniser that gives a bool."""
    found = prune(result)
    if is_partial:
        if found == BOOL:
            return None
        if isinstance(found, NamedType) and found.symbol in (OPTION, VALUE_OPTION):
            return found.arguments[0]
        element = c.fresh(span)
        agree(c, span, result, option_of(element), None)
        return element
    if count == 1:
        return result
    cases = tuple(c.fresh(span) for _ in range(count))
    agree(c, span, result, _choice(cases), None)
    return cases[index]
