"""Members that are declared without a body: abstract ones, those of interfaces and of signatures.

Comes in: their declarations. Goes out: signatures. Promises: a property with two accessors has two
of them; types that are left open are closed.
"""

from __future__ import annotations

from clef.diagnostics.typing import MisplacedPart
from clef.inference.annotations import annotation
from clef.inference.attributes import (
    has_attribute,
)
from clef.inference.member_signatures import close_implicit, unique_symbol
from clef.inference.signatures import MemberSignature, ParameterSignature, TypeSignature
from clef.inference.state import Checker
from clef.inference.types import (
    Type,
    TypeParameter,
)
from clef.inference.well_known import UNIT
from clef.inference.written_constraints import add_constraints, declare_parameters
from clef.inference.written_parameters import described_parameter
from clef.syntax import tree


def flatten_parameter(c: Checker, node: tree.TypeExpression) -> tuple[ParameterSignature, ...]:
    """The parameters of one arrow of an abstract member's type."""
    parts = node.elements if isinstance(node, tree.TupleType) and not node.is_struct else [node]
    found: list[ParameterSignature] = []
    for part in parts:
        name = ""
        has_mark = False
        attributes: list[tree.Attribute] = []
        inner = part
        if isinstance(inner, tree.ParameterType):
            name = inner.name.text if inner.name is not None else ""
            has_mark = inner.is_optional
            attributes = inner.attributes
            inner = inner.type
        type = annotation(c, inner)
        found.append(described_parameter(c, name, type, attributes, has_mark))
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
    access = (node.access or tree.Access.PUBLIC).value
    if has_attribute(node.attributes, "Protected"):
        access = "protected"

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
            access=access,
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
