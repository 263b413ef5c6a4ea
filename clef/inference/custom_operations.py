"""Custom operations of computation expressions, such as `where` and `select` of a query.

Comes in: a block whose statements are custom operations. Goes out: calls of the builder's methods
on a state. Promises: projections see the variables that the block has bound so far.
"""

from __future__ import annotations

from clef.data_classes import dataclass
from clef.diagnostics.typing import NotSupportedYet
from clef.inference import typed_tree as typed
from clef.inference.computation_expressions import Builder, function, head_pattern, translate
from clef.inference.expressions.dispatch import check, handles
from clef.inference.signatures import MemberSignature
from clef.inference.state import Checker, Reason
from clef.inference.types import Type
from clef.names.entities import UnresolvedName
from clef.source import Span
from clef.syntax import tree


def _operation_of(
    b: Builder, node: tree.Expression
) -> tuple[MemberSignature, list[tree.Expression]] | None:
    """A custom operation with its arguments."""
    arguments: list[tree.Expression] = []
    here = node
    while isinstance(here, tree.Application):
        arguments.insert(0, here.argument)
        here = here.function
    if isinstance(here, tree.Identifier) and isinstance(here.resolution, UnresolvedName):
        member = b.operations.get(here.name.text)
        if member is not None and here.resolution.parts == 0:
            return member, arguments
    return None


def _statements(node: tree.Expression) -> list[tree.Expression]:
    return node.expressions if isinstance(node, tree.Sequential) else [node]


def _has_operation(b: Builder, node: tree.Expression) -> bool:
    return any(_operation_of(b, one) is not None for one in _statements(node))


def operation_chain(b: Builder, node: tree.Expression) -> tree.Expression | None:
    """A block whose statements are custom operations on a state."""
    prefix: list[tree.Expression] = []
    variables: list[tree.Pattern] = []
    here = node
    while True:
        if _has_operation(b, here):
            break
        if isinstance(here, tree.ForIn):
            prefix.append(here)
            variables.append(here.pattern)
            here = here.body
        elif isinstance(here, tree.Let) and not here.is_use and prefix:
            prefix.append(here)
            variables.extend(_let_patterns(b, here))
            here = here.body
        else:
            return None
    statements = _statements(here)
    first = next(i for i, one in enumerate(statements) if _operation_of(b, one) is not None)
    span = node.span
    state = _initial_state(b, prefix, variables, statements[:first], span)
    space = variables
    for statement in statements[first:]:
        found = _operation_of(b, statement)
        if found is None:
            b.c.report(
                NotSupportedYet(statement.span, "an ordinary statement after a custom operation")
            )
            continue
        member, arguments = found
        state = _apply_operation(b, member, arguments, state, space, statement.span)
        if "MaintainsVariableSpace" not in member.operation_flags:
            space = [] if "MaintainsVariableSpaceUsingBind" not in member.operation_flags else space
    return state


def _let_patterns(b: Builder, node: tree.Let) -> list[tree.Pattern]:
    return [head_pattern(b, binding) for binding in node.bindings]


def _initial_state(
    b: Builder,
    prefix: list[tree.Expression],
    variables: list[tree.Pattern],
    effects: list[tree.Expression],
    span: Span,
) -> tree.Expression:
    if effects and not prefix:
        return translate(b, tree.Sequential(span, effects) if len(effects) > 1 else effects[0])
    values = [pattern_value(p) for p in variables]
    inner: tree.Expression
    if not values:
        inner = tree.Constant(span, None, tree.LiteralKind.UNIT)
    else:
        inner = values[0] if len(values) == 1 else tree.Tuple(span, values)
    state = b.call("Yield", [inner], span, "a custom operation")
    for node in reversed(prefix):
        if isinstance(node, tree.ForIn):
            source = b.source(node.source)
            if isinstance(node.source, tree.Range):
                source = tree.ComputationBlock(node.source.span, node.source)
            state = b.call("For", [source, function(node.pattern, state, span)], span, "`for`")
        elif isinstance(node, tree.Let):
            state = tree.Let(node.span, node.bindings, state, node.is_recursive)
    return state


def pattern_value(pattern: tree.Pattern) -> tree.Expression:
    """The value that a simple pattern took apart."""
    from clef.inference.active_patterns import pattern_as_expression

    return pattern_as_expression(pattern)


def _apply_operation(
    b: Builder,
    member: MemberSignature,
    arguments: list[tree.Expression],
    state: tree.Expression,
    space: list[tree.Pattern],
    span: Span,
) -> tree.Expression:
    given: list[tree.Expression] = [state]
    for index, argument in enumerate(arguments):
        is_projection = index + 1 < len(member.projections) and member.projections[index + 1]
        if is_projection:
            given.append(_projection(argument, space, span))
        else:
            given.append(argument)
    if len(arguments) == 1 and isinstance(arguments[0], tree.Paren):
        inner = arguments[0].expression
        expected = len(member.groups[0]) if member.groups else 0
        if isinstance(inner, tree.Tuple) and expected == len(inner.elements) + 1:
            given = [state, *inner.elements]
    return b.call(member.name, given, span, f"`{member.custom_operation}`")


def _projection(
    argument: tree.Expression, space: list[tree.Pattern], span: Span
) -> tree.Expression:
    pattern: tree.Pattern
    if not space:
        pattern = tree.WildcardPattern(span)
    else:
        pattern = space[0] if len(space) == 1 else tree.TuplePattern(span, space)
    return CopiedLambda(span, pattern, argument)


@dataclass(slots=True, eq=False)
class CopiedLambda(tree.Expression):
    """`fun variables -> body`, where the variables have other functions too: each binds them
    anew."""

    pattern: tree.Pattern
    body: tree.Expression


@handles(CopiedLambda)
def _copied_lambda(
    c: Checker, node: CopiedLambda, expected: Type, why: Reason | None
) -> typed.Expression:
    from clef.inference.captures import mentioned

    saved = {
        binder: c.locals.pop(binder) for binder in mentioned([node.pattern]) if binder in c.locals
    }
    found = check(c, tree.Lambda(node.span, [node.pattern], node.body), expected, why)
    for binder, entry in saved.items():
        c.locals[binder] = entry
    return found
