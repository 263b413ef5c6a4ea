"""Names in patterns and types.

Comes in: patterns and type expressions of the syntax tree. Goes out: their resolutions, and the
variables that a pattern binds.
Promises: the alternatives of an or-pattern share their binders; a pattern's variables become
visible only when the
caller adds them to the scope.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from clef.diagnostics.names import DuplicateVariable, OrPatternVariables
from clef.names.attributes import check_attribute
from clef.names.entities import (
    ActivePatternResolution,
    LocalBinder,
    LocalResolution,
    UnresolvedName,
)
from clef.names.pattern_lookup import look_up_pattern
from clef.names.resolver import Resolver
from clef.names.type_lookup import look_up_field, look_up_type
from clef.syntax import tree
from clef.syntax.node import Node

Bound = dict[str, LocalBinder]
ExpressionResolver = Callable[[Resolver, tree.Expression], None]


# Types --------------------------------------------------------------------------------------------


def resolve_type(resolver: Resolver, node: tree.TypeExpression | None) -> None:
    """Resolve every named type inside a type expression."""
    if node is None:
        return
    handler = _TYPES.get(type(node))
    if handler is not None:
        handler(resolver, node)


def _named(resolver: Resolver, node: tree.NamedType) -> None:
    node.resolution = look_up_type(resolver, node.name, len(node.arguments))
    for argument in node.arguments:
        resolve_type(resolver, argument)


def _nested(resolver: Resolver, node: tree.NestedType) -> None:
    resolve_type(resolver, node.outer)
    node.resolution = UnresolvedName(len(node.name.parts))


def resolve_constraints(resolver: Resolver, constraints: list[tree.Constraint]) -> None:
    """The types inside `when` constraints."""
    for constraint in constraints:
        for part in (*constraint.subjects, *constraint.arguments):
            resolve_type(resolver, part)
        if constraint.member is not None:
            resolve_type(resolver, constraint.member.type)


def resolve_type_parameters(resolver: Resolver, parameters: tree.TypeParameters | None) -> None:
    """Constraints written with type parameters."""
    if parameters is not None:
        resolve_constraints(resolver, parameters.constraints)


def _constrained(resolver: Resolver, node: tree.ConstrainedType) -> None:
    resolve_type(resolver, node.type)
    resolve_constraints(resolver, node.constraints)


def parts_of(node: Node, name: str) -> Sequence[Node | None]:
    """What a field holds: its items when it is a list."""
    inner: object = getattr(node, name)
    if isinstance(inner, list):
        return cast("list[Node]", inner)
    return (cast("Node | None", inner),)


def _visit_types(*names: str) -> Callable[[Resolver, Any], None]:
    def visit(resolver: Resolver, node: Any) -> None:
        for name in names:
            for part in parts_of(node, name):
                assert part is None or isinstance(part, tree.TypeExpression)
                resolve_type(resolver, part)

    return visit


def _anonymous_record(resolver: Resolver, node: tree.AnonymousRecordType) -> None:
    for entry in node.fields:
        resolve_type(resolver, entry.type)


_TYPES: dict[type, Callable[[Resolver, Any], None]] = {
    tree.NamedType: _named,
    tree.NestedType: _nested,
    tree.FunctionType: _visit_types("parameter", "result"),
    tree.TupleType: _visit_types("elements"),
    tree.ArrayType: _visit_types("element"),
    tree.FlexibleType: _visit_types("type"),
    tree.NullableType: _visit_types("type"),
    tree.ParenType: _visit_types("type"),
    tree.ParameterType: _visit_types("type"),
    tree.IntersectionType: _visit_types("types"),
    tree.MeasureProduct: _visit_types("factors"),
    tree.MeasureQuotient: _visit_types("numerator", "denominator"),
    tree.MeasurePower: _visit_types("base"),
    tree.ConstrainedType: _constrained,
    tree.AnonymousRecordType: _anonymous_record,
}


# Patterns -----------------------------------------------------------------------------------------


class PatternWalk:
    """One pattern (or the patterns of one lambda): `bound` collects its variables."""

    __slots__ = ("bound", "expression", "reported", "resolver", "shared")

    def __init__(self, resolver: Resolver, expression: ExpressionResolver) -> None:
        self.resolver = resolver
        self.expression = expression
        self.bound: Bound = {}
        self.shared: Bound = {}  # variables of the first alternative while a later one is walked
        self.reported: set[str] = set()

    def variable(self, name: tree.Name) -> LocalBinder:
        """Bind a variable, or take the one of the first alternative."""
        text = name.text
        known = self.bound.get(text)
        if known is not None:
            if text not in self.reported:
                self.reported.add(text)
                self.resolver.report(DuplicateVariable(name.span, name.written, known.span))
            return known
        binder = self.shared.get(text) or self.resolver.binder(text, name.span)
        self.bound[text] = binder
        if text.startswith("|"):  # parameters behind it may use its cases
            show_active_pattern(self.resolver, text, binder)
        return binder

    def walk(self, node: tree.Pattern) -> None:
        """Resolve one pattern."""
        handler = _PATTERNS.get(type(node))
        if handler is not None:
            handler(self, node)


def show_active_pattern(resolver: Resolver, name: str, binder: LocalBinder) -> None:
    """The cases of a recogniser that is a local or a parameter."""
    from clef.names.declare import active_pattern_cases

    for case in active_pattern_cases(name, None, binder.span, binder, binder.parameters):
        resolver.scope.add_pattern(case.name, case)


def _named_pattern(walk: PatternWalk, node: tree.NamedPattern) -> None:
    found = None
    if node.name.text[:1].isupper():  # what begins otherwise is a variable, also if it is a literal
        name = tree.LongName(node.span, [node.name])
        found = look_up_pattern(walk.resolver, name, must_exist=False)
    if found is None:
        found = LocalResolution(walk.variable(node.name))
        found.binder.access = found.binder.access or node.access
    node.resolution = found


def _constructor_pattern(walk: PatternWalk, node: tree.ConstructorPattern) -> None:
    if _is_nameof(walk.resolver, node):
        resolve_pattern_as_expression(walk, node.arguments[0])
        node.expansion = _name_constant(node)
        return
    found = look_up_pattern(walk.resolver, node.name, must_exist=True)
    node.resolution = found
    arguments = node.arguments
    if isinstance(found, ActivePatternResolution):
        count = found.entity.leading(len(arguments))
        for parameter in arguments[:count]:
            resolve_pattern_as_expression(walk, parameter)
        arguments = arguments[count:]
    for argument in arguments:
        walk.walk(argument)
    for entry in node.fields:
        walk.walk(entry.pattern)
    for written in node.type_arguments:
        resolve_type(walk.resolver, written)


def _is_nameof(resolver: Resolver, node: tree.ConstructorPattern) -> bool:
    """Whether a pattern is `nameof x`: no case of this name hides the operator."""
    name = node.name.text
    return name == "nameof" and len(node.arguments) == 1 and name not in resolver.scope.patterns


def _name_constant(node: tree.ConstructorPattern) -> tree.Pattern:
    """The constant pattern that `nameof x` stands for."""
    inner = node.arguments[0]
    while isinstance(inner, tree.ParenPattern):
        inner = inner.pattern
    name = ""
    if isinstance(inner, tree.NamedPattern):
        name = inner.name.text
    elif isinstance(inner, tree.ConstructorPattern):
        name = inner.name.parts[-1].text
    constant = tree.Constant(node.span, name, tree.LiteralKind.STRING)
    return tree.ConstantPattern(node.span, constant)


def resolve_pattern_as_expression(walk: PatternWalk, node: tree.Pattern) -> None:
    """A parameter of an active pattern is an expression written as a pattern."""
    match node:
        case tree.NamedPattern():
            identifier = tree.Identifier(node.span, tree.LongName(node.span, [node.name]))
            walk.expression(walk.resolver, identifier)
            node.resolution = identifier.resolution
        case tree.ConstructorPattern():
            identifier = tree.Identifier(node.span, node.name)
            walk.expression(walk.resolver, identifier)
            node.resolution = identifier.resolution
            for argument in node.arguments:
                resolve_pattern_as_expression(walk, argument)
        case tree.ParenPattern():
            resolve_pattern_as_expression(walk, node.pattern)
        case tree.TypedPattern():
            resolve_pattern_as_expression(walk, node.pattern)
            resolve_type(walk.resolver, node.type)
        case tree.TuplePattern() | tree.ListPattern() | tree.ArrayPattern():
            for element in node.elements:
                resolve_pattern_as_expression(walk, element)
        case tree.ConsPattern():
            resolve_pattern_as_expression(walk, node.head)
            resolve_pattern_as_expression(walk, node.tail)
        case tree.RecordPattern():
            for entry in node.fields:
                walk.resolver.table[entry] = look_up_field(walk.resolver, entry.name)
                resolve_pattern_as_expression(walk, entry.pattern)
        case _:
            pass


def _constant_pattern(walk: PatternWalk, node: tree.ConstantPattern) -> None:
    resolve_type(walk.resolver, node.constant.measure)


def _as_pattern(walk: PatternWalk, node: tree.AsPattern) -> None:
    walk.walk(node.pattern)
    walk.walk(node.alias)


def _or_pattern(walk: PatternWalk, node: tree.OrPattern) -> None:
    outer, outer_shared = walk.bound, walk.shared
    walk.bound = {}
    walk.walk(node.alternatives[0])
    first = walk.bound
    for alternative in node.alternatives[1:]:
        walk.bound, walk.shared = {}, {**outer_shared, **first}
        walk.walk(alternative)
        differing = sorted(set(first) ^ set(walk.bound))
        if differing:
            walk.resolver.report(OrPatternVariables(alternative.span, tuple(differing)))
            first = {**walk.bound, **first}
    walk.bound, walk.shared = outer, outer_shared
    for name, binder in first.items():
        if name in outer:
            walk.resolver.report(DuplicateVariable(node.span, name, outer[name].span))
        outer[name] = binder


def _record_pattern(walk: PatternWalk, node: tree.RecordPattern) -> None:
    for entry in node.fields:
        walk.resolver.table[entry] = look_up_field(walk.resolver, entry.name)
        walk.walk(entry.pattern)


def _type_test(walk: PatternWalk, node: tree.TypeTestPattern) -> None:
    resolve_type(walk.resolver, node.type)


def _typed(walk: PatternWalk, node: tree.TypedPattern) -> None:
    walk.walk(node.pattern)
    resolve_type(walk.resolver, node.type)


def _optional(walk: PatternWalk, node: tree.OptionalPattern) -> None:
    walk.resolver.table[node.name] = LocalResolution(walk.variable(node.name))


def _attributed(walk: PatternWalk, node: tree.AttributedPattern) -> None:
    for attribute in node.attributes:
        check_attribute(walk.resolver, attribute)
    walk.walk(node.pattern)


def _inner(*names: str) -> Callable[[PatternWalk, Any], None]:
    def visit(walk: PatternWalk, node: Any) -> None:
        for name in names:
            for part in parts_of(node, name):
                assert isinstance(part, tree.Pattern)
                walk.walk(part)

    return visit


_PATTERNS: dict[type, Callable[[PatternWalk, Any], None]] = {
    tree.NamedPattern: _named_pattern,
    tree.ConstructorPattern: _constructor_pattern,
    tree.ConstantPattern: _constant_pattern,
    tree.AsPattern: _as_pattern,
    tree.OrPattern: _or_pattern,
    tree.AndPattern: _inner("patterns"),
    tree.TuplePattern: _inner("elements"),
    tree.ParenPattern: _inner("pattern"),
    tree.ListPattern: _inner("elements"),
    tree.ArrayPattern: _inner("elements"),
    tree.RecordPattern: _record_pattern,
    tree.TypeTestPattern: _type_test,
    tree.TypedPattern: _typed,
    tree.ConsPattern: _inner("head", "tail"),
    tree.OptionalPattern: _optional,
    tree.AttributedPattern: _attributed,
}


def resolve_patterns(
    resolver: Resolver, nodes: list[tree.Pattern], expression: ExpressionResolver
) -> Bound:
    """Resolve the patterns of one binding site together; gives the variables they bind."""
    walk = PatternWalk(resolver, expression)
    for node in nodes:
        walk.walk(node)
    return walk.bound
