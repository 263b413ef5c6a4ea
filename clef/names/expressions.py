"""Names in expressions.

Comes in: expressions of the syntax tree. Goes out: their resolutions. Promises: every variable is
visible exactly where the F# specification says. `EXPRESSIONS` is the table of all kinds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clef.names.applications import (
    resolve_anonymous_record,
    resolve_application,
    resolve_new,
    resolve_object_expression,
    resolve_record,
    resolve_trait_call,
)
from clef.names.bindings import resolve_let
from clef.names.entities import (
    FieldResolution,
    LocalBinder,
    UnresolvedName,
    ValueEntity,
)
from clef.names.expression_lookup import look_up_expression
from clef.names.patterns import parts_of, resolve_type
from clef.names.resolver import Resolver, modules_named
from clef.names.walk import Handler, bind, bind_name, resolve_expression
from clef.syntax import tree


def _identifier(resolver: Resolver, node: tree.Identifier) -> None:
    parts = node.name.parts
    first = parts[0].text
    may_be_operation = resolver.computation_depth and len(parts) == 1
    if may_be_operation and _is_free_operation(resolver, first):
        node.resolution = UnresolvedName(0)  # inference asks the builder
        return
    node.resolution = found = look_up_expression(resolver, node.name)
    if len(parts) > found.parts:
        note_fields(resolver, parts[found.parts :])


def note_fields(resolver: Resolver, names: list[tree.Name]) -> None:
    """`value.Name` where only the name can tell which record is meant: inference asks the table."""
    for name in names:
        candidates = resolver.scope.fields.get(name.text)
        if candidates:
            resolver.table[name] = FieldResolution(list(candidates), 1)


def _dot_get(resolver: Resolver, node: tree.DotGet) -> None:
    resolve_expression(resolver, node.target)
    note_fields(resolver, node.name.parts)


def _is_free_operation(resolver: Resolver, name: str) -> bool:
    known = resolver.environment.custom_operations
    return name in known and name not in resolver.scope.items


def _constant(resolver: Resolver, node: tree.Constant) -> None:
    resolve_type(resolver, node.measure)
    is_user = node.kind is tree.LiteralKind.USER
    is_big = node.kind is tree.LiteralKind.BIGINT
    if is_big and not modules_named(resolver, "NumericLiteralI"):
        return
    if (is_user or is_big) and isinstance(node.value, int):
        module = f"NumericLiteral{node.suffix or 'I'}"
        _imply(resolver, node, [module, _literal_function(node.value)])


def _literal_function(value: int) -> str:
    """The function of a module such as NumericLiteralZ that makes a literal."""
    if value in (0, 1):
        return "FromOne" if value else "FromZero"
    if -(2**31) <= value < 2**31:
        return "FromInt32"
    return "FromInt64" if -(2**63) <= value < 2**63 else "FromString"


def _imply(resolver: Resolver, node: tree.Node, path: list[str], written: str = "") -> None:
    """Look up a function that syntax stands for."""
    parts = [tree.Name(node.span, name, written or name) for name in path]
    resolver.table[node] = look_up_expression(resolver, tree.LongName(node.span, parts))


def _dynamic(resolver: Resolver, node: tree.Dynamic) -> None:
    resolve_expression(resolver, node.target)
    resolve_expression(resolver, node.argument)
    _imply(resolver, node, ["op_Dynamic"], "?")


def _assign(resolver: Resolver, node: tree.Assign) -> None:
    if isinstance(node.target, tree.Dynamic):
        resolve_expression(resolver, node.target.target)
        resolve_expression(resolver, node.target.argument)
        _imply(resolver, node, ["op_DynamicAssignment"], "?<-")
    else:
        resolve_expression(resolver, node.target)
    resolve_expression(resolver, node.value)


_OPERATORS = "Microsoft.FSharp.Core.Operators."


def _operation(operator: str, written: str, *names: str) -> Callable[[Resolver, Any], None]:
    """Syntax of its own that means the operator of this name where the program defines one."""
    walk = _parts(*names)

    def visit(resolver: Resolver, node: Any) -> None:
        walk(resolver, node)
        item = resolver.scope.items.get(operator)
        symbol = item.symbol if isinstance(item, ValueEntity) else ""
        if isinstance(item, LocalBinder) or (symbol and symbol != f"{_OPERATORS}{operator}"):
            _imply(resolver, node, [operator], written)

    return visit


def _address(resolver: Resolver, node: tree.AddressOf) -> None:
    names = ("op_IntegerAddressOf", "&&") if node.is_native else ("op_AddressOf", "&")
    _operation(*names, "expression")(resolver, node)


def resolve_clauses(resolver: Resolver, clauses: list[tree.Clause]) -> None:
    """Rules of a match, function or try."""
    for clause in clauses:
        mark = resolver.scope.enter()
        bind(resolver, clause.pattern)
        resolve_expression(resolver, clause.guard)
        resolve_expression(resolver, clause.body)
        resolver.scope.leave(mark)


def _lambda(resolver: Resolver, node: tree.Lambda) -> None:
    mark = resolver.scope.enter()
    bind(resolver, *node.patterns)
    resolve_expression(resolver, node.body)
    resolver.scope.leave(mark)


def _function(resolver: Resolver, node: tree.Function) -> None:
    resolve_clauses(resolver, node.clauses)


def _match(resolver: Resolver, node: tree.Match) -> None:
    resolve_expression(resolver, node.subject)
    resolve_clauses(resolver, node.clauses)


def _try_with(resolver: Resolver, node: tree.TryWith) -> None:
    resolve_expression(resolver, node.body)
    resolve_clauses(resolver, node.clauses)


def _for_to(resolver: Resolver, node: tree.ForTo) -> None:
    resolve_expression(resolver, node.start)
    resolve_expression(resolver, node.end)
    mark = resolver.scope.enter()
    bind_name(resolver, node.name)
    resolve_expression(resolver, node.body)
    resolver.scope.leave(mark)


def _for_in(resolver: Resolver, node: tree.ForIn) -> None:
    resolve_expression(resolver, node.source)
    mark = resolver.scope.enter()
    bind(resolver, node.pattern)
    resolve_expression(resolver, node.body)
    resolver.scope.leave(mark)


def _computation(resolver: Resolver, node: tree.ComputationBlock) -> None:
    resolver.computation_depth += 1
    resolve_expression(resolver, node.body)
    resolver.computation_depth -= 1


def _interpolated(resolver: Resolver, node: tree.InterpolatedString) -> None:
    for part in node.parts:
        if isinstance(part, tree.InterpolatedHole):
            resolve_expression(resolver, part.expression)


def _sequential(resolver: Resolver, node: tree.Sequential) -> None:
    if resolver.computation_depth:
        from clef.names.query_clauses import resolve_statements

        resolve_statements(resolver, node.expressions, resolve_expression)
        return
    for item in node.expressions:
        resolve_expression(resolver, item)


def _parts(*names: str) -> Callable[[Resolver, Any], None]:
    """Walk these fields: expressions, lists of them, or types."""

    def visit(resolver: Resolver, node: Any) -> None:
        for name in names:
            for part in parts_of(node, name):
                if isinstance(part, tree.TypeExpression):
                    resolve_type(resolver, part)
                else:
                    assert part is None or isinstance(part, tree.Expression)
                    resolve_expression(resolver, part)

    return visit


EXPRESSIONS: dict[type, Handler] = {
    tree.Identifier: _identifier,
    tree.Constant: _constant,
    tree.Application: resolve_application,
    tree.TypeApplication: _parts("function", "arguments"),
    tree.LogicalAnd: _operation("op_BooleanAnd", "&&", "left", "right"),
    tree.LogicalOr: _operation("op_BooleanOr", "||", "left", "right"),
    tree.Assign: _assign,
    tree.ReferenceAssign: _operation("op_ColonEquals", ":=", "target", "value"),
    tree.Cons: _parts("head", "tail"),
    tree.Range: _parts("start", "step", "end"),
    tree.FromEnd: _parts("index"),
    tree.Upcast: _parts("expression", "type"),
    tree.Downcast: _parts("expression", "type"),
    tree.TypeTest: _parts("expression", "type"),
    tree.Typed: _parts("expression", "type"),
    tree.DotGet: _dot_get,
    tree.DotIndex: _parts("target", "indices"),
    tree.Dynamic: _dynamic,
    tree.Tuple: _parts("elements"),
    tree.ListLiteral: _parts("elements"),
    tree.ArrayLiteral: _parts("elements"),
    tree.ListComprehension: _parts("body"),
    tree.ArrayComprehension: _parts("body"),
    tree.ComputationBlock: _computation,
    tree.Record: resolve_record,
    tree.AnonymousRecord: resolve_anonymous_record,
    tree.ObjectExpression: resolve_object_expression,
    tree.New: resolve_new,
    tree.Lambda: _lambda,
    tree.AccessorLambda: _parts("body"),
    tree.Function: _function,
    tree.Match: _match,
    tree.If: _parts("condition", "consequence", "alternative"),
    tree.Let: resolve_let,
    tree.LetBang: resolve_let,
    tree.Sequential: _sequential,
    tree.While: _parts("condition", "body"),
    tree.ForTo: _for_to,
    tree.ForIn: _for_in,
    tree.TryWith: _try_with,
    tree.TryFinally: _parts("body", "finalizer"),
    tree.Yield: _parts("expression"),
    tree.YieldBang: _parts("expression"),
    tree.Return: _parts("expression"),
    tree.ReturnBang: _parts("expression"),
    tree.DoBang: _parts("expression"),
    tree.Do: _parts("expression"),
    tree.Lazy: _parts("expression"),
    tree.Assert: _parts("expression"),
    tree.Fixed: _parts("expression"),
    tree.AddressOf: _address,
    tree.TraitCall: resolve_trait_call,
    tree.TypeReference: _parts("type"),
    tree.Quote: _parts("body"),
    tree.InterpolatedString: _interpolated,
    tree.Paren: _parts("expression"),
    tree.ConstructorThen: _parts("construct", "effect"),
    tree.ErrorExpression: _parts("expression"),
}
