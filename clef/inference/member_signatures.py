"""Signatures of members from their heads, before any body is checked.

Comes in: members of a type as written. Goes out: plans that hold a member's signature, its patterns
and its scope. Promises: a
fully annotated member is generic at once; others get inference variables that their body decides.
"""

from __future__ import annotations

from clef.data_classes import dataclass, field
from clef.diagnostics.typing import MisplacedPart
from clef.inference.annotations import add_constraints, annotation, declare_parameters
from clef.inference.attributes import (
    caller_information,
    default_value,
    has_attribute,
    text_argument,
)
from clef.inference.generalisation import free_variables
from clef.inference.signatures import MemberSignature, ParameterSignature, TypeSignature
from clef.inference.state import Checker
from clef.inference.types import (
    NamedType,
    ParameterType,
    PendingTrait,
    Type,
    TypeParameter,
    TypeVariable,
)
from clef.inference.unification import prune
from clef.inference.well_known import UNIT, VALUE_OPTION, option_of
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


def strip_pattern(pattern: tree.Pattern) -> tree.Pattern:
    """Without parentheses and attributes."""
    while isinstance(pattern, tree.ParenPattern | tree.AttributedPattern):
        pattern = pattern.pattern
    return pattern


def split_group(pattern: tree.Pattern) -> list[tree.Pattern]:
    """One curried argument of a member as its parameters. `((a, b))` is one, a pair."""
    inner = pattern.pattern if isinstance(pattern, tree.ParenPattern) else pattern
    if _is_tuple_in_parentheses(inner):
        return [inner]
    while isinstance(inner, tree.ParenPattern):
        inner = inner.pattern
    if isinstance(inner, tree.TuplePattern) and not inner.is_struct:
        return inner.elements
    if isinstance(inner, tree.ConstantPattern) and inner.constant.kind is tree.LiteralKind.UNIT:
        return []
    return [inner]


def _is_tuple_in_parentheses(pattern: tree.Pattern) -> bool:
    inner = pattern
    while isinstance(inner, tree.ParenPattern):
        inner = inner.pattern
    return inner is not pattern and isinstance(inner, tree.TuplePattern)


def parameter_of(c: Checker, pattern: tree.Pattern) -> tuple[ParameterSignature, bool]:
    """A parameter's signature, and whether its type is written."""
    attributes: list[tree.Attribute] = []
    while isinstance(pattern, tree.ParenPattern | tree.AttributedPattern):
        if isinstance(pattern, tree.AttributedPattern):
            attributes += pattern.attributes
        pattern = pattern.pattern
    written: tree.TypeExpression | None = None
    if isinstance(pattern, tree.TypedPattern):
        written = pattern.type
        pattern = pattern.pattern
        while isinstance(pattern, tree.ParenPattern | tree.AttributedPattern):
            if isinstance(pattern, tree.AttributedPattern):
                attributes += pattern.attributes
            pattern = pattern.pattern
    type: Type = annotation(c, written) if written is not None else c.fresh(pattern.span)
    name = ""
    is_optional = False
    if isinstance(pattern, tree.OptionalPattern):
        is_value = has_attribute(attributes, "Struct")
        type = NamedType(VALUE_OPTION, (type,)) if is_value else option_of(type)
        name, is_optional = pattern.name.text, True
    elif isinstance(pattern, tree.NamedPattern):
        name = pattern.name.text
    if has_attribute(attributes, "OptionalArgument"):
        is_optional = True
    if isinstance(pattern, tree.ConstantPattern) and pattern.constant.kind is tree.LiteralKind.UNIT:
        type = UNIT
    has_default, default = default_value(c, attributes)
    caller = caller_information(c, attributes, type, is_optional, has_default)
    return (
        ParameterSignature(
            name,
            type,
            is_optional,
            has_attribute(attributes, "ParamArray"),
            has_attribute(attributes, "Out"),
            default,
            has_default,
            caller,
        ),
        written is not None,
    )


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


def flatten_parameter(c: Checker, node: tree.TypeExpression) -> tuple[ParameterSignature, ...]:
    """The parameters of one arrow of an abstract member's type."""
    parts = node.elements if isinstance(node, tree.TupleType) and not node.is_struct else [node]
    found: list[ParameterSignature] = []
    for part in parts:
        name = ""
        is_optional = False
        attributes: list[tree.Attribute] = []
        inner = part
        if isinstance(inner, tree.ParameterType):
            name = inner.name.text if inner.name is not None else ""
            is_optional = inner.is_optional
            attributes = inner.attributes
            inner = inner.type
        type = annotation(c, inner)
        if is_optional:
            type = option_of(type)
        has_default, default = default_value(c, attributes)
        caller = caller_information(c, attributes, type, is_optional, has_default)
        found.append(
            ParameterSignature(
                name,
                type,
                is_optional,
                has_attribute(attributes, "ParamArray"),
                has_attribute(attributes, "Out"),
                default,
                has_default,
                caller,
            )
        )
    if len(found) == 1 and found[0].type == UNIT:
        return ()
    return tuple(found)


def abstract_members(
    c: Checker, owner: TypeSignature, node: tree.MemberSignature, class_scope: dict[str, Type]
) -> list[MemberSignature]:
    """The slots that an `abstract` declaration makes."""
    outer_scope, outer_implicit = c.type_scope, c.implicit_types
    c.type_scope = dict(class_scope)
    written = node.type
    constraints: list[tree.Constraint] = []
    if isinstance(written, tree.ConstrainedType):
        constraints = written.constraints
        written = written.type
    c.implicit_types = {} if _may_be_generic(c, node, written) else None
    c.level += 1
    declared = declare_parameters(c, node.type_parameters, class_scope)
    groups: list[tuple[ParameterSignature, ...]] = []
    while isinstance(written, tree.FunctionType):
        groups.append(flatten_parameter(c, written.parameter))
        written = written.result
    result = annotation(c, written)
    if node.type_parameters is not None:
        add_constraints(c, node.type_parameters.constraints)
    add_constraints(c, constraints)
    c.level -= 1
    own = (*declared, *close_implicit(c, groups, result))
    c.type_scope, c.implicit_types = outer_scope, outer_implicit
    return _slots(c, owner, node, own, tuple(groups), result)


def _may_be_generic(c: Checker, node: tree.MemberSignature, type: tree.TypeExpression) -> bool:
    """Whether type variables that nobody declares belong to the slot: those of methods that declare
    none. Properties have no type parameters."""
    is_method = isinstance(type, tree.FunctionType) and not (node.has_getter or node.has_setter)
    if node.type_parameters is not None and not is_method:
        part, way_out = "type parameters", "write a method: `abstract M<'T> : unit -> 'T`"
        c.report(MisplacedPart(node.name.span, part, "a property", way_out))
    return is_method and node.type_parameters is None


def _slots(
    c: Checker,
    owner: TypeSignature,
    node: tree.MemberSignature,
    own: tuple[TypeParameter, ...],
    groups: tuple[tuple[ParameterSignature, ...], ...],
    result: Type,
) -> list[MemberSignature]:
    name = node.name.text
    is_property = not groups or node.has_getter or node.has_setter

    def slot(
        full_name: str,
        kind: str,
        parts: tuple[tuple[ParameterSignature, ...], ...],
        gives: Type,
    ) -> MemberSignature:
        return MemberSignature(
            full_name,
            unique_symbol(c, f"{owner.symbol}.{full_name}"),
            kind,
            owner.symbol,
            node.is_static,
            own,
            parts,
            gives,
            owner_parameters=owner.parameters,
            is_slot=True,
            is_abstract=True,
            access=(node.access or tree.Access.PUBLIC).value,
            span=node.span,
            property=name if is_property else "",
            module=c.module,
        )

    if not is_property:
        return [slot(name, "method", groups, result)]
    found: list[MemberSignature] = []
    indices = groups[0] if groups else ()
    if node.has_getter or not node.has_setter:
        found.append(slot("get_" + name, "getter", (indices,) if indices else (), result))
    if node.has_setter:
        value = ParameterSignature("value", result)
        found.append(slot("set_" + name, "setter", ((*indices, value),), UNIT))
    return found


def register(owner: TypeSignature, member: MemberSignature) -> None:
    """Make a member known to look-ups, an accessor also by its property's name."""
    owner.members.setdefault(member.name, []).append(member)
    if member.property and member.property != member.name:
        owner.members.setdefault(member.property, []).append(member)
