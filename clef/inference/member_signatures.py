"""Signatures of members from their heads, before any body is checked.

Comes in: members of a type as written. Goes out: plans that hold a member's signature, its patterns
and its scope. Promises: a
fully annotated member is generic at once; others get inference variables that their body decides.
"""

from __future__ import annotations

from clef.data_classes import dataclass, field
from clef.inference.annotations import annotation
from clef.inference.attributes import (
    has_attribute,
    text_argument,
)
from clef.inference.generalisation import free_variables
from clef.inference.signatures import MemberSignature, ParameterSignature, TypeSignature
from clef.inference.state import Checker
from clef.inference.types import (
    ParameterType,
    PendingTrait,
    Type,
    TypeParameter,
    TypeVariable,
)
from clef.inference.unification import prune
from clef.inference.well_known import UNIT
from clef.inference.written_constraints import add_constraints, declare_parameters
from clef.inference.written_parameters import parameter_of, split_group
from clef.source import Span, in_library
from clef.syntax import tree


@dataclass(slots=True)
class Plan:
    """A member whose body is still to be checked."""

    signature: MemberSignature
    arguments: list[list[tree.Pattern]]  # a group's patterns, flattened
    body: tree.Expression
    this: tree.Name | None
    span: Span
    attributes: list[tree.Attribute]
    return_type: tree.TypeExpression | None = None
    type_scope: dict[str, Type] = field(default_factory=dict[str, Type])
    implicit: dict[str, Type] = field(default_factory=dict[str, Type])
    is_full: bool = False
    slot: str = ""
    slot_owner: Type | None = None
    traits: list[PendingTrait] = field(default_factory=list[PendingTrait])  # from its body
    registered: bool = True


def accessor_patterns(binding: tree.Binding) -> tuple[list[tree.Pattern], tree.Name | None]:
    """The argument patterns and `this` of a member's head."""
    head = binding.head
    if isinstance(head, tree.NameHead):
        return head.arguments, head.this
    return [], None


def unique_symbol(c: Checker, symbol: str) -> str:
    """The symbol with `|n` when it is taken in this file."""
    count = c.used_symbols.get(symbol, 0) + 1
    c.used_symbols[symbol] = count
    return symbol if count == 1 else f"{symbol}|{count}"


def plan_binding(
    c: Checker,
    owner: TypeSignature,
    binding: tree.Binding,
    name: str,
    kind: str,
    is_static: bool,
    symbol_base: str,
    class_scope: dict[str, Type],
) -> Plan:
    """A method or accessor from its binding."""
    arguments, this = accessor_patterns(binding)
    patterns = [split_group(argument) for argument in arguments]
    types = _types_of_head(c, binding, patterns, class_scope, kind == "setter")
    member = MemberSignature(
        name,
        unique_symbol(c, f"{symbol_base}.{name}"),
        kind,
        owner.symbol,
        is_static,
        types.own,
        tuple(types.groups),
        types.result,
        owner_parameters=owner.parameters,
        written_again=_written_again(binding, class_scope),
        is_inline=binding.is_inline,
        access=(binding.access or tree.Access.PUBLIC).value,
        span=binding.head.span,
        module=c.module,
    )
    member.condition = text_argument(binding.attributes, "Conditional")
    _note_operation(member, binding.attributes, patterns)
    return Plan(
        member,
        patterns,
        binding.value,
        this,
        binding.span,
        binding.attributes,
        binding.return_type,
        types.scope,
        types.implicit,
        types.is_full,
    )


@dataclass(slots=True)
class _HeadTypes:
    """The types of a member's head. `own`: its type parameters. `is_full`: nothing is left to
    inference. `scope` and `implicit`: what its type variables mean in the body.
    """

    own: tuple[TypeParameter, ...]
    groups: list[tuple[ParameterSignature, ...]]
    result: Type
    is_full: bool
    scope: dict[str, Type]
    implicit: dict[str, Type]


def _types_of_head(
    c: Checker,
    binding: tree.Binding,
    patterns: list[list[tree.Pattern]],
    class_scope: dict[str, Type],
    is_setter: bool,
) -> _HeadTypes:
    head = binding.head
    written = head.type_parameters if isinstance(head, tree.NameHead) else None
    outer_scope, outer_implicit = c.type_scope, c.implicit_types
    c.type_scope, c.implicit_types = dict(class_scope), {}
    c.level += 1
    own = declare_parameters(c, written, class_scope)
    found = [[parameter_of(c, part) for part in parts] for parts in patterns]
    groups = [tuple(parameter for parameter, _ in one) for one in found]
    result = UNIT if is_setter else _result_of_head(c, binding)
    if written is not None:
        add_constraints(c, written.constraints)
    c.level -= 1
    is_full = (
        all(known for one in found for _, known in one)
        and (is_setter or binding.return_type is not None)
        and not _leaves_open(c, groups, result)
        and (in_library(c.path) or not c.implicit_types)
    )
    if is_full:
        own = (*own, *close_implicit(c, groups, result))
    types = _HeadTypes(own, groups, result, is_full, c.type_scope, c.implicit_types)
    c.type_scope, c.implicit_types = outer_scope, outer_implicit
    return types


def _written_again(
    binding: tree.Binding, class_scope: dict[str, Type]
) -> tuple[tuple[int, TypeParameter], ...]:
    """The type parameters of its type that a member writes again, with their places."""
    written = binding.head.type_parameters if isinstance(binding.head, tree.NameHead) else None
    known = [class_scope.get(node.name.text) for node in written.parameters] if written else []
    return tuple(
        (place, type.parameter)
        for place, type in enumerate(known)
        if isinstance(type, ParameterType)
    )


def _result_of_head(c: Checker, binding: tree.Binding) -> Type:
    written = binding.return_type
    return c.fresh(binding.span) if written is None else annotation(c, written)


def _note_operation(
    member: MemberSignature, attributes: list[tree.Attribute], patterns: list[list[tree.Pattern]]
) -> None:
    """What `[<CustomOperation>]` says; an operation without a name has its method's."""
    if not has_attribute(attributes, "CustomOperation"):
        return
    member.custom_operation = text_argument(attributes, "CustomOperation") or member.name
    member.operation_flags = operation_flags(attributes)
    member.projections = tuple(
        any(has_attribute(p.attributes, "ProjectionParameter") for p in _attributed(part))
        for group in patterns
        for part in group
    )


def _attributed(pattern: tree.Pattern) -> list[tree.AttributedPattern]:
    found: list[tree.AttributedPattern] = []
    while isinstance(pattern, tree.ParenPattern | tree.AttributedPattern | tree.TypedPattern):
        if isinstance(pattern, tree.AttributedPattern):
            found.append(pattern)
        pattern = pattern.pattern
    return found


def operation_flags(attributes: list[tree.Attribute]) -> tuple[str, ...]:
    """`MaintainsVariableSpace = true` and its relatives."""
    from clef.inference.attributes import find_attribute

    node = find_attribute(attributes, "CustomOperation")
    flags: list[str] = []
    argument = node.argument if node is not None else None
    while isinstance(argument, tree.Paren):
        argument = argument.expression
    parts = argument.elements if isinstance(argument, tree.Tuple) else []
    for part in parts:
        if isinstance(part, tree.Application) and isinstance(part.function, tree.Application):
            left = part.function.argument
            value = part.argument
            if (
                isinstance(left, tree.Identifier)
                and isinstance(value, tree.Constant)
                and value.value is True
            ):
                flags.append(left.name.text)
    return tuple(flags)


def _leaves_open(c: Checker, groups: list[tuple[ParameterSignature, ...]], result: Type) -> bool:
    """Whether a part of the head is left to inference: `State<_, int>`, also `#seq<int>` as the
    result, which may be the type of a parameter."""
    found: list[TypeVariable] = []
    seen: set[int] = set()
    free_variables(result, found, seen)
    given_back = len(found)
    for type in (one.type for group in groups for one in group):
        free_variables(type, found, seen)
    return any(
        one.name is None
        and not one.is_measure
        and (place < given_back or not one.constraints)
        and one.level > c.level
        for place, one in enumerate(found)
    )


def close_implicit(
    c: Checker, groups: list[tuple[ParameterSignature, ...]], result: Type
) -> tuple[TypeParameter, ...]:
    """The implicit type variables of a fully annotated head become parameters at once."""
    variables: list[TypeVariable] = []
    seen: set[int] = set()
    for group in groups:
        for parameter in group:
            free_variables(parameter.type, variables, seen, c.expanded)
    free_variables(result, variables, seen, c.expanded)
    for variable in variables:  # grows: what only a constraint mentions is a parameter too
        for constraint in variable.constraints:
            if constraint.type is not None:
                free_variables(constraint.type, variables, seen)
    found: list[TypeParameter] = []
    used = {v.name for v in variables if v.name}
    number = 0
    for variable in variables:
        if variable.level <= c.level or prune(variable) is not variable:
            continue
        name = variable.name
        while not name:
            candidate = "abcdefghijklmnopqrst"[number % 20] + ("" if number < 20 else str(number))
            number += 1
            name = candidate if candidate not in used else None
        own = c.parameter(name, variable.is_measure)
        own.is_static = variable.is_static
        own.is_open = True
        own.constraints = list(variable.constraints)
        variable.link = ParameterType(own)
        found.append(own)
    return tuple(found)


# Abstract members ---------------------------------------------------------------------------------


def register(owner: TypeSignature, member: MemberSignature) -> None:
    """Make a member known to look-ups, an accessor also by its property's name."""
    owner.members.setdefault(member.name, []).append(member)
    if member.property and member.property != member.name:
        owner.members.setdefault(member.property, []).append(member)
