"""One `let` binding: its parameters, annotations and body, for local and module-level definitions
alike.

Comes in: a binding. Goes out: its parameters, body and type, before it is generalised. Promises:
what is written is checked in the order in which it stands.
"""

from __future__ import annotations

from clef.data_classes import dataclass, field
from clef.inference import typed_tree as typed
from clef.inference.annotations import annotation
from clef.inference.expressions.dispatch import check
from clef.inference.generalisation import is_value
from clef.inference.pattern_bindings import pattern_locals
from clef.inference.patterns import check_pattern
from clef.inference.reporting import report_mismatch
from clef.inference.rigid_parameters import hold, release
from clef.inference.state import Checker, Reason, RecursiveUse
from clef.inference.types import (
    FunctionType,
    TupleType,
    Type,
    TypeParameter,
)
from clef.inference.unification import prune, unify
from clef.inference.written_constraints import add_constraints, declare_parameters
from clef.syntax import tree


@dataclass(slots=True)
class Inferred:
    """A checked binding before and after generalisation."""

    binding: tree.Binding
    type: Type
    parameters: list[typed.Pattern] = field(default_factory=list[typed.Pattern])
    body: typed.Expression | None = None
    pattern: typed.Pattern | None = None  # for bindings of patterns
    declared: tuple[TypeParameter, ...] = ()
    type_parameters: tuple[TypeParameter, ...] = ()
    use: RecursiveUse | None = None
    scope: dict[str, Type] | None = None


def head_name(binding: tree.Binding) -> tree.Name | None:
    """The name that a binding defines, if it is not a pattern."""
    return binding.head.name if isinstance(binding.head, tree.NameHead) else None


def curried(parameters: list[Type], result: Type) -> Type:
    """`p1 -> p2 -> result`."""
    for parameter in reversed(parameters):
        result = FunctionType(parameter, result)
    return result


def function_parts(
    c: Checker,
    arguments: list[tree.Pattern],
    return_type: tree.TypeExpression | None,
    value: tree.Expression,
    known: Type | None,
    name: str = "",
) -> tuple[list[typed.Pattern], typed.Expression, Type]:
    """Parameters, body and type of a function; `known` is what earlier uses decided."""
    parameters: list[typed.Pattern] = []
    types: list[Type] = []
    rest: Type | None = known
    c.functions += bool(arguments)
    for argument in arguments:
        step = prune(rest) if rest is not None else None
        if isinstance(step, FunctionType):
            type, rest = step.parameter, step.result
        else:
            type = c.fresh(argument.span)
            if step is not None:
                following = c.fresh(argument.span)
                unify(c, step, FunctionType(type, following))
                rest = following
        parameters.append(check_pattern(c, argument, type))
        types.append(type)
    why: Reason | None = None
    if return_type is not None:
        result = annotation(c, return_type)
        why = Reason("because of the annotation here", return_type.span)
        if rest is not None:
            unify(c, rest, result)
    else:
        result = rest if rest is not None else c.fresh(value.span)
    block = c.block
    if arguments:
        c.block = None
    is_merged = bool(arguments) and isinstance(value, tree.Lambda)  # one function of all of them
    c.functions -= is_merged
    body = check(c, value, result, why)
    c.functions += is_merged
    c.block = block
    c.functions -= bool(arguments)
    for parameter in parameters:
        demand_irrefutable(c, parameter)
    return parameters, body, curried(types, result)


def demand_irrefutable(c: Checker, pattern: typed.Pattern) -> None:
    """Warn later, when types are known, if a parameter's pattern can fail."""
    if not isinstance(pattern, (typed.VariablePattern, typed.WildcardPattern)):
        from clef.inference.exhaustiveness import check_irrefutable

        c.deferred.append(lambda: check_irrefutable(c, pattern))


def enter_type_parameters(
    c: Checker, written: tree.TypeParameters | None
) -> tuple[TypeParameter, ...]:
    """Explicit type parameters of a binding; the caller restores `c.type_scope`."""
    if written is None:
        return ()
    c.type_scope = dict(c.type_scope)
    declared = declare_parameters(c, written)
    add_constraints(c, written.constraints)
    return declared


def infer_binding(c: Checker, binding: tree.Binding, known: Inferred | None = None) -> Inferred:
    """Check one binding at the current level; nothing is generalised yet."""
    head = binding.head
    outer_scope = c.type_scope
    outer_inline = c.in_inline
    c.in_inline = binding.is_inline
    outer_caller = c.caller
    if outer_caller is None and not is_doing(binding):
        c.caller = head.name.text if isinstance(head, tree.NameHead) else ""
    if isinstance(head, tree.NameHead):
        if known is not None and known.scope is not None:
            c.type_scope = known.scope
            declared = known.declared
        else:
            declared = enter_type_parameters(c, head.type_parameters)
        hold(c, declared)
        expected = known.type if known is not None else None
        parameters, body, type = function_parts(
            c, head.arguments, binding.return_type, binding.value, expected, head.name.text
        )
        if known is not None and known.type is not type:
            unify(c, known.type, type)
        if head.name.text.startswith("|") and head.name.text.endswith("|"):
            from clef.inference.active_patterns import demand_result

            demand_result(c, head.name, type, body.span)
        if not parameters and isinstance(body, typed.Lambda) and not binding.is_mutable:
            parameters, body = body.parameters, body.body
        release(c, declared, head.name.span)
        result = Inferred(binding, type, parameters, body, None, declared)
    else:
        result = _infer_pattern(c, binding, head)
    c.type_scope = outer_scope
    c.in_inline = outer_inline
    c.caller = outer_caller
    return result


def is_doing(binding: tree.Binding) -> bool:
    """`let () = …`, and `do` in a class."""
    return isinstance(binding.head, tree.PatternHead) and is_unit(binding.head.pattern)


def _infer_pattern(c: Checker, binding: tree.Binding, head: tree.PatternHead) -> Inferred:
    type: Type = c.fresh(head.span)
    why: Reason | None = None
    if binding.return_type is not None:
        type = annotation(c, binding.return_type)
        why = Reason("because of the annotation here", binding.return_type.span)
    written = _pattern_annotation(head.pattern)
    if written is not None:
        unify(c, type, annotation(c, written))
        why = Reason("because of the annotation here", written.span)
    elif binding.return_type is None:
        type = _tuple_shape(c, head.pattern) or type
    body = check(c, binding.value, type, why)
    if why is None:
        _demand_reference_tuples(c, head.pattern, type)
    pattern = check_pattern(
        c, head.pattern, type, Reason("because of the value here", binding.value.span)
    )
    demand_irrefutable(c, pattern)
    return Inferred(binding, type, [], body, pattern)


def _tuple_shape(c: Checker, pattern: tree.Pattern) -> TupleType | None:
    """`let a, b = e` expects a pair of `e`, which may choose between overloads."""
    while isinstance(pattern, tree.ParenPattern):
        pattern = pattern.pattern
    if not isinstance(pattern, tree.TuplePattern):
        return None
    items = [_tuple_shape(c, one) or c.fresh(one.span) for one in pattern.elements]
    return TupleType(tuple(items), pattern.is_struct)


def _demand_reference_tuples(c: Checker, pattern: tree.Pattern, type: Type) -> None:
    """`let (a, b) = e` takes no struct tuple: F# looks at the pattern before it knows `e`."""
    while isinstance(pattern, tree.ParenPattern):
        pattern = pattern.pattern
    found = prune(type)
    if not isinstance(pattern, tree.TuplePattern) or not isinstance(found, TupleType):
        return
    if found.is_struct and not pattern.is_struct:
        written = TupleType(tuple(c.fresh(one.span) for one in pattern.elements))
        report_mismatch(c, pattern.span, written, found, None, in_pattern=True)
        return
    for inner, item in zip(pattern.elements, found.items, strict=False):
        _demand_reference_tuples(c, inner, item)


def _pattern_annotation(pattern: tree.Pattern) -> tree.TypeExpression | None:
    while isinstance(pattern, tree.ParenPattern):
        pattern = pattern.pattern
    return pattern.type if isinstance(pattern, tree.TypedPattern) else None


def can_generalise(c: Checker, found: Inferred) -> bool:
    """Functions and values; what a call computes has one type, and what no name stands for."""
    if found.binding.is_mutable or found.body is None:
        return False
    if found.pattern is not None and not pattern_locals(found.pattern):
        return False
    return bool(found.parameters) or is_value(c, found.body)


# Groups -------------------------------------------------------------------------------------------


# Local bindings -----------------------------------------------------------------------------------


def is_unit(pattern: tree.Pattern) -> bool:
    while isinstance(pattern, tree.ParenPattern):
        pattern = pattern.pattern
    return isinstance(pattern, tree.ConstantPattern)
