"""Custom operations of computation expressions, such as `where` and `select` of a query.

Comes in: a block whose statements are custom operations. Goes out: calls of the builder's methods
on a state. Promises: projections see the variables that the block has bound so far.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeGuard

from clef.data_classes import dataclass
from clef.inference import typed_tree as typed
from clef.inference.computation_bindings import (
    bound,
    demand_values,
    head_pattern,
    returned_value,
)
from clef.inference.computation_builders import Builder, function
from clef.inference.computation_translation import before, translate
from clef.inference.expressions.dispatch import check, handles
from clef.inference.signatures import MemberSignature
from clef.inference.state import Checker, Reason
from clef.inference.types import Type
from clef.names.entities import LocalResolution
from clef.source import Span
from clef.syntax import tree


@dataclass(slots=True)
class Loop:
    """`for (variables) in source do` at the head of a block, with patterns for what the source
    gives; `is_first` where no function has bound the variables yet. `method` is what goes on with
    them: `Bind` behind operations that say so."""

    span: Span
    variables: list[tree.Pattern]
    source: tree.Expression
    is_first: bool = True
    method: str = "For"


Prefix = list[Loop | tree.Let | tree.LetBang | tree.Sequential]
"""What stands in front of the first operation; of a sequence, its effects alone."""


def _operation_of(
    b: Builder, node: tree.Expression
) -> tuple[MemberSignature, list[tree.Expression]] | None:
    """A custom operation with its arguments. Its name stands for it whatever else has that name."""
    arguments: list[tree.Expression] = []
    here = node.operation if isinstance(node, tree.IntoClause) else node
    while isinstance(here, tree.Application):
        arguments.insert(0, here.argument)
        here = here.function
    if isinstance(here, tree.Identifier) and len(here.name.parts) == 1:
        member = b.operations.get(here.name.text)
        if member is not None:
            return member, arguments
    return None


def _join_of(b: Builder, node: tree.Expression) -> MemberSignature | None:
    return b.operations.get(node.operation.name.text) if isinstance(node, tree.JoinClause) else None


def _statements(node: tree.Expression) -> list[tree.Expression]:
    return node.expressions if isinstance(node, tree.Sequential) else [node]


def _is_clause(b: Builder, node: tree.Expression) -> bool:
    return _operation_of(b, node) is not None or _join_of(b, node) is not None


def _has_clauses(b: Builder, node: tree.Expression, is_inner: bool = False) -> bool:
    """Whether a block has custom operations on its own level."""
    if any(_is_clause(b, one) for one in _statements(node)):
        return True
    if isinstance(node, tree.ForIn) or _is_plain_bang(node):
        return _has_clauses(b, node.body, True)
    if is_inner and isinstance(node, tree.Sequential):
        return _has_clauses(b, node.expressions[-1], True)
    return is_inner and _is_plain_let(node) and _has_clauses(b, node.body, True)


def _is_plain_let(node: tree.Expression) -> TypeGuard[tree.Let]:
    return isinstance(node, tree.Let) and not node.is_use


def _is_plain_bang(node: tree.Expression) -> TypeGuard[tree.LetBang]:
    return isinstance(node, tree.LetBang) and not node.is_use


def operation_chain(b: Builder, node: tree.Expression) -> tree.Expression | None:
    """A block whose statements are custom operations on a state."""
    return _chain(b, [], node) if _has_clauses(b, node) else None


def _chain(b: Builder, prefix: Prefix, node: tree.Expression) -> tree.Expression:
    """A block behind what has been read of it."""
    here = node
    while True:
        statements = _statements(here)
        member = _join_of(b, statements[0])
        last = prefix[-1] if prefix else None
        if member and isinstance(statements[0], tree.JoinClause) and isinstance(last, Loop):
            prefix[-1] = _joined(b, member, last, statements[0])
            here = _block(statements[1:], statements[0].span)
        elif any(_is_clause(b, one) for one in statements):
            return _operations(b, prefix, statements, node.span)
        elif isinstance(here, tree.ForIn):
            prefix.append(Loop(here.span, [here.pattern], _source(b, here.source)))
            here = here.body
        elif _is_plain_bang(here) and _has_clauses(b, here.body, True):
            prefix.append(here)
            here = here.body
        elif not prefix or not _has_clauses(b, here, True):
            return _ended(b, prefix, here)
        elif _is_plain_let(here):
            demand_values(b, here)
            prefix.append(here)
            here = here.body
        elif isinstance(here, tree.Sequential):
            prefix.append(tree.Sequential(here.span, here.expressions[:-1]))
            here = here.expressions[-1]
        else:
            return _ended(b, prefix, here)


def _ended(b: Builder, prefix: Prefix, node: tree.Expression) -> tree.Expression:
    """What follows all operations, inside what stands in front of it."""
    last = prefix[-1] if prefix else None
    if isinstance(last, Loop) and last.method == "Bind" and b.defines("BindReturn"):
        returned = returned_value(node)
        if returned is not None:
            body = CopiedLambda(last.span, _pattern(last.variables, last.span), returned)
            state = b.call("BindReturn", [last.source, body], last.span, "`return`")
            return _wrapped(b, prefix[:-1], state)
    return _wrapped(b, prefix, translate(b, node))


def _source(b: Builder, node: tree.Expression) -> tree.Expression:
    is_range = isinstance(node, tree.Range)
    return tree.ComputationBlock(node.span, node) if is_range else b.source(node)


def _block(statements: list[tree.Expression], span: Span) -> tree.Expression:
    if not statements:
        return tree.Constant(span, None, tree.LiteralKind.UNIT)
    if len(statements) == 1:
        return statements[0]
    return tree.Sequential(statements[0].span, statements)


def _operations(
    b: Builder, prefix: Prefix, statements: list[tree.Expression], span: Span
) -> tree.Expression:
    """Operations one after the other. What follows and is none iterates over their result."""
    first = next(i for i, one in enumerate(statements) if _is_clause(b, one))
    space = _variables(b, prefix)
    state, method = _initial_state(b, prefix, statements, first, space, span), "For"
    for index, statement in enumerate(statements[first:], first):
        found = _operation_of(b, statement)
        if found is None:
            loop = Loop(statement.span, space, state, False, method)
            return _chain(b, [loop], _block(statements[index:], statement.span))
        member, arguments = found
        state = _apply_operation(b, member, arguments, state, space, statement.span)
        method = "Bind" if "MaintainsVariableSpaceUsingBind" in member.operation_flags else "For"
        if isinstance(statement, tree.IntoClause):
            rest = statements[index + 1 :]
            if not rest:
                return state
            loop = Loop(statement.span, [statement.pattern], state, False, method)
            return _chain(b, [loop], _block(rest, statement.span))
        if "MaintainsVariableSpace" not in member.operation_flags:
            space = [] if "MaintainsVariableSpaceUsingBind" not in member.operation_flags else space
    return state


def _variables(b: Builder, prefix: Prefix) -> list[tree.Pattern]:
    """What the block has bound so far."""
    found: list[tree.Pattern] = []
    for entry in prefix:
        if isinstance(entry, Loop):
            found.extend(_names(entry.variables))
        elif isinstance(entry, tree.Let):
            found.extend(_names(head_pattern(b, binding) for binding in entry.bindings))
        elif isinstance(entry, tree.LetBang):
            found.extend(_names(binding.pattern for binding in entry.bindings))
    return found


def _names(patterns: Iterable[tree.Pattern]) -> list[tree.Pattern]:
    """What patterns bind, of each the last name of the alphabet first: where no operation says
    otherwise, these are the items of the result."""
    from clef.inference.captures import mentioned

    return [
        tree.NamedPattern(one.span, tree.Name(one.span, one.name, one.name), LocalResolution(one))
        for pattern in patterns
        for one in sorted(mentioned([pattern]), key=lambda one: one.name, reverse=True)
    ]


def _values(variables: list[tree.Pattern], span: Span) -> tree.Expression:
    """The variables as one value."""
    values = [pattern_value(p) for p in variables]
    if not values:
        return tree.Constant(span, None, tree.LiteralKind.UNIT)
    return values[0] if len(values) == 1 else tree.Tuple(span, values)


def _goes_on_by_bind(b: Builder, clause: tree.Expression) -> bool:
    found = _operation_of(b, clause)
    return found is not None and "MaintainsVariableSpaceUsingBind" in found[0].operation_flags


def _initial_value(
    b: Builder, clause: tree.Expression, variables: list[tree.Pattern], span: Span
) -> tree.Expression:
    """`Yield` of the variables, or `Return` in front of an operation that goes on by `Bind`."""
    method = "Return" if _goes_on_by_bind(b, clause) else "Yield"
    return b.call(method, [_values(variables, span)], span, "a custom operation")


def _initial_state(
    b: Builder,
    prefix: Prefix,
    statements: list[tree.Expression],
    first: int,
    variables: list[tree.Pattern],
    span: Span,
) -> tree.Expression:
    """What stands in front of the first clause."""
    effects = statements[:first]
    if effects and not prefix and not any(isinstance(one, tree.DoBang) for one in effects):
        return translate(b, tree.Sequential(span, effects) if len(effects) > 1 else effects[0])
    last = prefix[-1] if prefix else None
    if isinstance(last, tree.LetBang) and not effects and _goes_on_by_bind(b, statements[first]):
        given = tree.Return(span, _values(variables, span))
        return _wrapped(b, prefix[:-1], translate(b, tree.LetBang(span, last.bindings, given)))
    state = _initial_value(b, statements[first], variables, span)
    for effect in reversed(effects):
        state = before(b, effect, state)
    return _wrapped(b, prefix, state)


def _wrapped(b: Builder, prefix: Prefix, state: tree.Expression) -> tree.Expression:
    """A state inside the loops and bindings in front of it."""
    for entry in reversed(prefix):
        if isinstance(entry, tree.Let):
            state = tree.Let(entry.span, entry.bindings, state, entry.is_recursive)
            continue
        if isinstance(entry, tree.LetBang):
            state = bound(b, entry, state)
            continue
        if isinstance(entry, tree.Sequential):
            for effect in reversed(entry.expressions):
                state = before(b, effect, state)
            continue
        span = entry.span
        pattern = _pattern(entry.variables, span)
        body = (
            function(pattern, state, span) if entry.is_first else CopiedLambda(span, pattern, state)
        )
        state = b.call(entry.method, [entry.source, body], span, "`for`")
    return state


def _joined(b: Builder, member: MemberSignature, entry: Loop, clause: tree.JoinClause) -> Loop:
    """A loop over pairs: of what the loop gave and what the clause adds."""
    span = clause.span
    added = clause.pattern if clause.group is None else clause.group
    arguments = [entry.source, b.source(clause.source)]
    if clause.left is not None and clause.right is not None:
        arguments.append(_projection(clause.left, entry.variables, span))
        arguments.append(CopiedLambda(span, clause.pattern, clause.right))
    whole = _names([*entry.variables, added])
    inner = CopiedLambda(span, added, _values(whole, span))
    arguments.append(_projection(inner, entry.variables, span))
    made = b.call(member.name, arguments, span, f"`{member.custom_operation}`")
    return Loop(span, whole, made)


def pattern_value(pattern: tree.Pattern) -> tree.Expression:
    """The value of a name."""
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


def _pattern(space: list[tree.Pattern], span: Span) -> tree.Pattern:
    """The variables as one pattern."""
    if not space:
        return tree.WildcardPattern(span)
    return space[0] if len(space) == 1 else tree.TuplePattern(span, space)


def _projection(
    argument: tree.Expression, space: list[tree.Pattern], span: Span
) -> tree.Expression:
    return CopiedLambda(span, _pattern(space, span), argument)


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
