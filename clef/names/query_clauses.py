"""Clauses of computation blocks that name something: `join y in ys on (a = b)`, `groupBy e into g`.

Comes in: the statements of a block. Goes out: the same with these clauses taken apart, and their
variables visible in the statements that follow. Promises: ordinary statements stay as they are; a
clause that cannot be taken apart is left for inference to refuse.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.names.entities import UnresolvedName
from clef.names.patterns import resolve_patterns
from clef.names.resolver import Resolver
from clef.syntax import tree

Visit = Callable[[Resolver, tree.Expression | None], None]


def resolve_statements(resolver: Resolver, statements: list[tree.Expression], visit: Visit) -> None:
    """Resolve statements one after the other."""
    mark = resolver.scope.enter()
    for index in range(len(statements)):
        resolve_statement(resolver, statements, index, visit)
    resolver.scope.leave(mark)


def resolve_statement(
    resolver: Resolver, statements: list[tree.Expression], index: int, visit: Visit
) -> None:
    """Resolve one statement; what it names stays visible for the caller."""
    statement = statements[index]
    if isinstance(statement, tree.JoinIn):
        statements[index] = _join(resolver, statement, visit)
    else:
        statements[index] = _into(resolver, statement, visit)


def _spine(node: tree.Expression) -> list[tree.Expression]:
    """The function of an application, and its arguments."""
    parts: list[tree.Expression] = []
    while isinstance(node, tree.Application):
        parts.insert(0, node.argument)
        node = node.function
    return [node, *parts]


def _word(node: tree.Expression) -> str | None:
    if isinstance(node, tree.Identifier) and len(node.name.parts) == 1:
        return node.name.parts[0].text
    return None


def _is_operation(resolver: Resolver, node: tree.Expression) -> bool:
    return _word(node) in resolver.environment.custom_operations


def _pattern_of(node: tree.Expression) -> tree.Pattern | None:
    """An expression that is written where a pattern is meant."""
    match node:
        case tree.Identifier() if len(node.name.parts) == 1:
            name = node.name.parts[0]
            if name.text == "_":
                return tree.WildcardPattern(node.span)
            return tree.NamedPattern(node.span, name)
        case tree.Paren(expression=inner):
            return _pattern_of(inner)
        case tree.Tuple(elements=elements):
            parts = [_pattern_of(element) for element in elements]
            if any(part is None for part in parts):
                return None
            return tree.TuplePattern(node.span, [part for part in parts if part is not None])
        case _:
            return None


def _bind(resolver: Resolver, pattern: tree.Pattern, visit: Visit) -> None:
    for name, binder in resolve_patterns(resolver, [pattern], visit).items():
        resolver.scope.add_item(name, binder)


def _into(resolver: Resolver, node: tree.Expression, visit: Visit) -> tree.Expression:
    """`groupBy e into g`"""
    if isinstance(node, tree.Application):
        parts = _spine(node)
        if len(parts) > 2 and _word(parts[-2]) == "into" and _is_operation(resolver, parts[0]):
            pattern = _pattern_of(parts[-1])
            inner = node.function
            if pattern is not None and isinstance(inner, tree.Application):
                operation = inner.function
                visit(resolver, operation)
                _bind(resolver, pattern, visit)
                return tree.IntoClause(node.span, operation, pattern)
    visit(resolver, node)
    return node


def _join(resolver: Resolver, node: tree.JoinIn, visit: Visit) -> tree.Expression:
    """`join y in ys on (a = b) into g`"""
    head = _spine(node.operation)
    operation = head[0]
    pattern = _pattern_of(head[1]) if len(head) == 2 else None
    if not isinstance(operation, tree.Identifier) or pattern is None:
        return node
    operation.resolution = UnresolvedName(0)  # inference asks the builder
    source, condition, group = _parts(node.source)
    visit(resolver, source)
    left, right = _sides(condition)
    if condition is not None and left is None:
        return node
    visit(resolver, left)
    mark = resolver.scope.enter()
    _bind(resolver, pattern, visit)
    visit(resolver, right)
    if group is not None:
        resolver.scope.leave(mark)
        _bind(resolver, group, visit)
    return tree.JoinClause(node.span, operation, pattern, source, left, right, group)


def _parts(
    node: tree.Expression,
) -> tuple[tree.Expression, tree.Expression | None, tree.Pattern | None]:
    """Source, condition and name of the group in `ys on (a = b) into g`."""
    group: tree.Pattern | None = None
    condition: tree.Expression | None = None
    parts = _spine(node)
    if len(parts) > 3 and _word(parts[-2]) == "into":
        group = _pattern_of(parts[-1])
        node = _without_last_two(node)
        parts = parts[:-2]
    if len(parts) > 2 and _word(parts[-2]) == "on":
        condition = parts[-1]
        node = _without_last_two(node)
    return node, condition, group


def _without_last_two(node: tree.Expression) -> tree.Expression:
    assert isinstance(node, tree.Application)
    assert isinstance(node.function, tree.Application)
    return node.function.function


def _sides(
    condition: tree.Expression | None,
) -> tuple[tree.Expression | None, tree.Expression | None]:
    """What an equation compares: `a = b`, or with question marks where a side may be null."""
    while isinstance(condition, tree.Paren):
        condition = condition.expression
    if condition is None:
        return None, None
    parts = _spine(condition)
    if len(parts) == 3 and _word(parts[0]) == "op_Equality":
        return parts[1], parts[2]
    return None, None
