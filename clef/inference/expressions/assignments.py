"""Assignments: `place <- value`, `cell := value`, addresses.

Comes in: a target expression. Goes out: the store that it means. Promises: what cannot be assigned
to is reported with the
reason, and where it was defined.
"""

from __future__ import annotations

from clef.data_classes import dataclass
from clef.diagnostics.typing import (
    ChangedCopy,
    ImmutableAssignment,
    NotAPlace,
    PropertyAccess,
    ReadOnlyReference,
)
from clef.inference import typed_tree as typed
from clef.inference.calls import call_group
from clef.inference.expressions.access import check_field_access
from clef.inference.expressions.addresses import is_readonly
from clef.inference.expressions.chains import local_value
from clef.inference.expressions.dispatch import bound_once, check, failed, fit, handles, infer
from clef.inference.expressions.element_assignments import (
    call_setter,
    changed_object,
    indexed_property,
    owner_of_property,
    static_owners,
    static_setters,
    stored,
    through_call,
    write_byref,
)
from clef.inference.expressions.implied import dynamic_store, redefined
from clef.inference.expressions.indexing import counted, counts_from_end, spread
from clef.inference.expressions.suffixes import Suffix, flatten
from clef.inference.expressions.unknown_members import report_unknown_member
from clef.inference.members import Found, find_field, find_members, member_names
from clef.inference.state import Checker, Reason
from clef.inference.subtyping import is_value_type
from clef.inference.thread_statics import static_set
from clef.inference.type_text import show
from clef.inference.types import ERROR, FunctionType, NamedType, Type, TypeVariable
from clef.inference.unification import prune
from clef.inference.well_known import (
    ARRAYS,
    ASSIGN_REFERENCE,
    INT,
    REFERENCE,
    SET_ARRAY,
    SET_ARRAY_2D,
    SET_ARRAY_3D,
    SET_ARRAY_4D,
    SPANS,
    UNIT,
    is_byref,
)
from clef.names.entities import LocalResolution, TypeResolution, ValueResolution
from clef.source import Span, in_library
from clef.syntax import tree

_SETTERS = {1: SET_ARRAY, 2: SET_ARRAY_2D, 3: SET_ARRAY_3D, 4: SET_ARRAY_4D}


@handles(tree.Assign)
def _assign(c: Checker, node: tree.Assign, expected: Type, why: Reason | None) -> typed.Expression:
    if isinstance(node.target, tree.Dynamic):
        return dynamic_store(c, node, node.target, expected, why)
    return fit(c, _store(c, node), expected, why)


def _store(c: Checker, node: tree.Assign) -> typed.Expression:
    target = node.target
    while isinstance(target, tree.Paren):
        target = target.expression
    head, suffixes = flatten(target)
    if not suffixes:
        return _name(c, node, head)
    last = suffixes[-1]
    if last.kind == "name":
        return _member(c, node, target, head, suffixes)
    if last.kind == "index":
        owner = _without_last(target)
        return _element(c, node, changed_object(c, owner), last)
    if last.kind == "apply" and len(suffixes) > 1 and suffixes[-2].kind == "name":
        return indexed_property(c, node, target, head, suffixes)
    return through_call(c, node, target)


def _gives_byref(group: list[Found]) -> bool:
    return any(f.member.kind == "getter" and is_byref(prune(f.member.result)) for f in group)


def _without_last(target: tree.Expression) -> tree.Expression:
    """The chain in front of the last index."""
    assert isinstance(target, tree.DotIndex)
    return target.target


def _name(c: Checker, node: tree.Assign, head: tree.Expression) -> typed.Expression:
    resolution = head.resolution if isinstance(head, tree.Identifier) else None
    if isinstance(resolution, LocalResolution):
        promoted = c.promoted.get(resolution.binder.id)
        if promoted is not None:
            resolution = ValueResolution(promoted, 1)
        else:
            return _local(c, node, head, resolution)
    if isinstance(resolution, ValueResolution):
        entity = resolution.entity
        value = c.value_named(entity.symbol)
        if value is None:
            infer(c, node.value)
            return failed(node.span)
        type = value.scheme.type
        if is_byref(prune(type)):
            return write_byref(c, node, infer(c, head), type)
        if not value.is_mutable:
            return _refused(c, node, head, entity.name, entity.span, type)
        stored = check(c, node.value, type, _reason(entity.name, entity.span))
        return typed.GlobalSet(UNIT, node.span, entity.symbol, stored)
    found = infer(c, head)
    if is_byref(prune(found.type)):
        return write_byref(c, node, found, found.type)
    infer(c, node.value)
    if found.type is not ERROR:
        c.report(NotAPlace(head.span))
    return failed(node.span)


def _reason(name: str, span: Span) -> Reason:
    return Reason(f"`{name}` is defined here", span)


@dataclass(frozen=True, slots=True)
class _Fixed:
    """A value that is no place of its own."""

    name: str
    span: Span | None
    reference: str | None = None  # the type of the reference that leads to it


def _fixed_struct(c: Checker, object: typed.Expression, owner: NamedType) -> _Fixed | None:
    """The immutable value that a struct is or lies in: its fields cannot be assigned."""
    while True:
        signature = c.type_named(owner.symbol)
        if signature is None or not signature.is_struct:
            return None
        if isinstance(object, typed.FieldGet):
            owner = object.owner
            object = object.object
            continue
        if isinstance(object, typed.LocalReference):
            local = object.local
            is_this = c.cls is not None and c.cls.self_local is local
            return None if local.is_mutable or is_this else _Fixed(local.name, local.span)
        if isinstance(object, typed.GlobalReference):
            value = c.value_named(object.symbol)
            name = object.symbol.rpartition(".")[2]
            return None if value is None or value.is_mutable else _Fixed(name, None)
        if isinstance(object, typed.Application) and is_readonly(c, object):
            return _Fixed("", None, show(object.arguments[0].type))
        return None


def _is_copy(c: Checker, object: typed.Expression, owner: NamedType) -> bool:
    """Whether a struct is what a call gave, or lies in a field that never changes."""
    while True:
        signature = c.type_named(owner.symbol)
        if signature is None or not signature.is_struct:
            return False
        if not isinstance(object, typed.FieldGet):
            break
        holder = c.type_named(object.owner.symbol)
        field = holder.fields.get(object.field) if holder is not None else None
        if field is not None and not field.is_mutable:
            return True
        owner, object = object.owner, object.object
    if isinstance(object, typed.Application) and isinstance(object.function, typed.GlobalReference):
        value = c.value_named(object.function.symbol)
        return value is not None and not in_library(value.span.path)
    if isinstance(object, typed.MethodCall) and object.symbol.rpartition(".")[0] in SPANS:
        return False  # their items are places
    made = typed.MethodCall | typed.VirtualCall | typed.RecordConstruction
    return isinstance(object, made) and not is_byref(prune(object.type))


def _refused(
    c: Checker,
    node: tree.Assign,
    head: tree.Expression,
    name: str,
    definition: Span,
    type: Type,
) -> typed.Expression:
    """What is not mutable is assigned to; the contents of a reference cell may be meant."""
    known = prune(type)
    if isinstance(known, NamedType) and known.symbol == REFERENCE:
        infer(c, node.value)
        c.report(ImmutableAssignment(head.span, name, definition, is_cell=True))
    else:
        check(c, node.value, type, _reason(name, definition))
        c.report(ImmutableAssignment(head.span, name, definition))
    return failed(node.span)


def _local(
    c: Checker, node: tree.Assign, head: tree.Expression, resolution: LocalResolution
) -> typed.Expression:
    entry = c.locals.get(resolution.binder)
    if entry is None:
        infer(c, node.value)
        return failed(node.span)
    local = entry.local
    if is_byref(prune(local.type)):
        return write_byref(c, node, local_value(c, entry, head.span), local.type)
    if not local.is_mutable:
        return _refused(c, node, head, local.name, local.span, local.type)
    value = check(c, node.value, local.type, _reason(local.name, local.span))
    member = entry.member
    if member is None:
        return typed.LocalSet(UNIT, node.span, local, value)
    if member.kind == "static_field":
        return typed.StaticFieldSet(UNIT, node.span, member.owner, member.symbol, value)
    from clef.inference.class_locals import this_value

    this = this_value(c, node.span, member.name)
    return typed.FieldSet(UNIT, node.span, this, member.owner, member.name, value)


def _member(
    c: Checker,
    node: tree.Assign,
    target: tree.Expression,
    head: tree.Expression,
    suffixes: list[Suffix],
) -> typed.Expression:
    name = suffixes[-1].name
    assert name is not None
    resolution = head.resolution if isinstance(head, tree.Identifier) else None
    if isinstance(resolution, TypeResolution) and len(suffixes) <= 2:
        static = _static(c, node, head, resolution, suffixes)
        if static is not None:
            return static
        if len(suffixes) == 1 or suffixes[0].kind == "types":
            return _no_setter(c, node, target, name)
    owner = owner_of_property(target)
    if owner is None:
        c.report(NotAPlace(target.span))
        infer(c, node.value)
        return failed(node.span)
    return store_member(c, changed_object(c, owner), name, node, target.span)


def _no_setter(
    c: Checker, node: tree.Assign, target: tree.Expression, name: tree.Name
) -> typed.Expression:
    """A type has no static member of that name, or one that is only read."""
    before = len(c.diagnostics)
    infer(c, target)
    if len(c.diagnostics) == before:
        c.report(PropertyAccess(name.span, name.text, "set"))
    infer(c, node.value)
    return failed(node.span)


def store_member(
    c: Checker, object: typed.Expression, name: tree.Name, node: tree.Assign, span: Span
) -> typed.Expression:
    """`object.name <- value`"""
    type = prune(object.type)
    if type == ERROR:
        infer(c, node.value)
        return failed(node.span)
    if isinstance(type, TypeVariable):
        from clef.inference.expressions.access import record_with_field
        from clef.inference.traits import weak_resolution

        weak_resolution(c, type)
        type = prune(type)
        if isinstance(type, TypeVariable):
            type = record_with_field(c, type, name)
    field = find_field(c, type, name.text)
    if field is not None:
        signature, owner, field_type = field
        check_field_access(c, signature.access, owner, name)
        value = check(c, node.value, field_type, Reason(f"the field `{name.text}`", name.span))
        if not signature.is_mutable:
            c.report(ImmutableAssignment(name.span, name.text, None, "field"))
            return failed(node.span)
        fixed = _fixed_struct(c, object, owner)
        if fixed is not None and fixed.reference is not None:
            c.report(ReadOnlyReference(object.span, fixed.reference))
            return failed(node.span)
        if fixed is not None:
            c.report(ImmutableAssignment(object.span, fixed.name, fixed.span))
            return failed(node.span)
        if _is_copy(c, object, owner):
            c.report(ChangedCopy(object.span, show(object.type)))
            return failed(node.span)
        return typed.FieldSet(UNIT, node.span, object, owner, name.text, value)
    group = find_members(c, type, name.text)
    is_static = isinstance(object, typed.TypeName)
    setters = [f for f in group if f.member.kind == "setter" and f.member.is_static == is_static]
    if setters:
        argument = tree.Paren(node.value.span, node.value)
        if isinstance(type, NamedType) and _is_copy(c, object, type):
            c.report(ChangedCopy(object.span, show(type)))
        return call_setter(c, node, setters, object, argument)
    if _gives_byref(group):
        return through_call(c, node, node.target)
    infer(c, node.value)
    if group:
        c.report(PropertyAccess(name.span, name.written, "set"))
    else:
        report_unknown_member(c, type, name, member_names(c, type))
    return failed(node.span)


def _static(
    c: Checker,
    node: tree.Assign,
    head: tree.Expression,
    resolution: TypeResolution,
    suffixes: list[Suffix],
) -> typed.Expression | None:
    name = suffixes[-1].name
    assert name is not None
    for signature, owner in static_owners(c, head, resolution, suffixes):
        field = signature.fields.get(name.text)
        if field is not None and field.is_static:
            value = check(c, node.value, field.type)
            if not field.is_mutable:
                c.report(ImmutableAssignment(name.span, name.text, None, "field"))
            symbol = f"{signature.symbol}.{name.text}"
            return static_set(c, field, owner, symbol, value, node.span)
        setters = static_setters(c, owner, name)
        if setters:
            argument = tree.Paren(node.value.span, node.value)
            return call_group(c, setters, None, argument, None, node.span, None)
        if _gives_byref(find_members(c, owner, name.text)):
            return through_call(c, node, node.target)
    return None


def _element(
    c: Checker, node: tree.Assign, object: typed.Expression, suffix: Suffix
) -> typed.Expression:
    type = prune(object.type)
    indices = spread(suffix.indices)
    if type == ERROR:
        infer(c, node.value)
        return failed(node.span)
    if not counts_from_end(indices):
        return _element_at(c, node, object, suffix, indices)
    is_copied = isinstance(type, NamedType) and is_value_type(c, type)
    binding, once = (None, object) if is_copied else bound_once(c, object, node.span)
    found = _element_at(c, node, once, suffix, counted(c, indices, once))
    return found if binding is None else typed.Let(UNIT, node.span, [binding], False, found)


def _element_at(
    c: Checker,
    node: tree.Assign,
    object: typed.Expression,
    suffix: Suffix,
    indices: list[tree.Expression],
) -> typed.Expression:
    type = prune(object.type)
    if isinstance(type, NamedType):
        rank = ARRAYS.get(type.symbol)
        if rank is not None and rank in _SETTERS and len(indices) == rank:
            return _array_element(c, node, object, type, indices, rank)
    if any(isinstance(index, tree.Range) for index in indices):
        from clef.inference.expressions.indexing import slice_bounds, slice_member

        _, bounds = slice_bounds(c, object, indices, node.span, are_ints=False)
        values = [*bounds, infer(c, node.value)]
        return slice_member(c, "SetSlice", object, values, node.span)
    group = find_members(c, type, "Item")
    setters = [f for f in group if f.member.kind == "setter"]
    if not setters and _gives_byref(group):
        return through_call(c, node, node.target)
    if not setters:
        from clef.diagnostics.typing import NotIndexable

        infer(c, node.value)
        c.report(NotIndexable(object.span, show(type), is_written=True))
        return failed(node.span)
    argument = tree.Paren(suffix.span, tree.Tuple(suffix.span, [*indices, stored(node)]))
    return call_setter(c, node, setters, object, argument)


def _array_element(
    c: Checker,
    node: tree.Assign,
    object: typed.Expression,
    type: NamedType,
    indices: list[tree.Expression],
    rank: int,
) -> typed.Expression:
    from clef.inference.expressions.block_slices import store_slice
    from clef.inference.expressions.indexing import library_call

    element = type.arguments[0]
    if any(isinstance(i, tree.Range) for i in indices):
        return store_slice(c, node, object, type, indices)
    why = Reason("an index is an int", node.target.span)
    positions = [check(c, one, INT, why) for one in indices]
    value = check(c, node.value, element, Reason("the array holds this type", object.span))
    return library_call(c, _SETTERS[rank], (element,), UNIT, [object, *positions, value], node.span)


@handles(tree.ReferenceAssign)
def _reference(
    c: Checker, node: tree.ReferenceAssign, expected: Type, why: Reason | None
) -> typed.Expression:
    from clef.inference.well_known import REFERENCE

    own = redefined(c, node, [node.target, node.value], expected, why)
    if own is not None:
        return own
    element = c.fresh(node.span)
    cell = NamedType(REFERENCE, (element,))
    target = check(c, node.target, cell, Reason("`:=` stores into a `ref` cell", node.span))
    value = check(c, node.value, element)
    type = FunctionType(cell, FunctionType(element, UNIT))
    function = typed.GlobalReference(type, node.span, ASSIGN_REFERENCE, (element,))
    return fit(c, typed.Application(UNIT, node.span, function, [target, value]), expected, why)
