"""How a member is checked that fills a slot of a class or interface.

Comes in: the slot and the member's binding. Goes out: the member's plan. Promises: the member's
type parameters stand for those of the slot, whatever they are called; its parameters and result
have the slot's types.
"""

from __future__ import annotations

from collections.abc import Mapping

from clef.inference.annotations import annotation
from clef.inference.member_signatures import Plan, accessor_patterns
from clef.inference.members import Found
from clef.inference.signatures import MemberSignature, ParameterSignature, TypeSignature
from clef.inference.state import Checker
from clef.inference.types import Constraint, ParameterType, Type, TypeParameter
from clef.inference.unification import substitute
from clef.inference.written_constraints import declare_parameters
from clef.inference.written_parameters import split_group
from clef.syntax import tree


def slot_plan(
    c: Checker,
    owner: TypeSignature,
    binding: tree.Binding,
    found: Found,
    symbol: str,
    scope: dict[str, Type],
) -> Plan:
    """A plan whose parameter and result types are the slot's."""
    slot = found.member
    arguments, this = accessor_patterns(binding)
    inner_scope = dict(scope)
    own, mapping = _own_parameters(c, binding.head, found, inner_scope)
    groups = _groups_of(slot, mapping)
    patterns = _patterns(arguments, groups)
    member = MemberSignature(
        slot.name,
        symbol,
        slot.kind,
        owner.symbol,
        slot.is_static,
        own,
        groups,
        substitute(slot.result, mapping),
        owner_parameters=owner.parameters,
        is_override=True,
        span=binding.head.span,
        property=slot.property,
        module=c.module,
    )
    plan = Plan(
        member,
        patterns,
        binding.value,
        this,
        binding.span,
        binding.attributes,
        type_scope=inner_scope,
        is_full=True,
        slot=slot.symbol,
        slot_owner=found.owner,
    )
    if binding.return_type is not None:
        _agree_result(c, binding.return_type, member, inner_scope)
    return plan


def _own_parameters(
    c: Checker, head: tree.NameHead | tree.PatternHead, found: Found, scope: dict[str, Type]
) -> tuple[tuple[TypeParameter, ...], dict[int, Type]]:
    """The member's type parameters, named as written, and what the slot's and its owner's are."""
    written = head.type_parameters if isinstance(head, tree.NameHead) else None
    outer, c.type_scope = c.type_scope, scope
    declared = declare_parameters(c, written)
    c.type_scope = outer
    mapping = dict(found.mapping)
    own: list[TypeParameter] = []
    for index, parameter in enumerate(found.member.type_parameters):
        fresh = (
            declared[index]
            if index < len(declared)
            else c.parameter(parameter.name, parameter.is_measure)
        )
        mapping[parameter.id] = ParameterType(fresh)
        own.append(fresh)
    for fresh, parameter in zip(own, found.member.type_parameters, strict=True):
        asked = [_constraint_of(one, mapping) for one in parameter.constraints]
        fresh.constraints = [*fresh.constraints, *asked]
    return tuple(own), mapping


def _groups_of(
    slot: MemberSignature, mapping: dict[int, Type]
) -> tuple[tuple[ParameterSignature, ...], ...]:
    """The slot's parameters, of the member's types."""
    return tuple(
        tuple(
            ParameterSignature(
                p.name,
                substitute(p.type, mapping),
                p.is_optional,
                p.is_param_array,
                p.is_out,
                caller=p.caller,
            )
            for p in group
        )
        for group in slot.groups
    )


def _constraint_of(one: Constraint, mapping: Mapping[int, Type]) -> Constraint:
    """A slot's constraint with the type arguments of the interface or class."""
    type = substitute(one.type, mapping) if one.type is not None else None
    supports = tuple(substitute(support, mapping) for support in one.supports)
    return Constraint(one.kind, type, one.member, supports)


def _agree_result(
    c: Checker, node: tree.TypeExpression, member: MemberSignature, scope: dict[str, Type]
) -> None:
    from clef.inference.reporting import report_mismatch
    from clef.inference.unification import unify

    outer, c.type_scope = c.type_scope, scope
    outer_implicit, c.implicit_types = c.implicit_types, {}
    written = annotation(c, node)
    c.type_scope, c.implicit_types = outer, outer_implicit
    if not unify(c, written, member.result):
        report_mismatch(c, node.span, written, member.result, None)


def _patterns(
    arguments: list[tree.Pattern], groups: tuple[tuple[ParameterSignature, ...], ...]
) -> list[list[tree.Pattern]]:
    """The written patterns by the slot's groups."""
    if len(arguments) > len(groups) and len(groups) == 1:  # a setter written curried
        return [[p for argument in arguments for p in split_group(argument)]]
    found: list[list[tree.Pattern]] = []
    for argument, group in zip(arguments, groups, strict=False):
        parts = split_group(argument)
        if len(group) == 1 and len(parts) != 1:
            parts = [argument]
        found.append(parts)
    return found
