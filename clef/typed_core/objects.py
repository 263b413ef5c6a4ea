"""Objects: construction, members, static fields.

Comes in: calls of members and constructors. Goes out: direct calls and calls of dispatchers.
Promises: a virtual call on a value whose type is known exactly is direct and boxes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.inference import typed_tree as t
from clef.source import Span
from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.conversions import box, check_owner, check_receiver
from clef.typed_core.core import Atom, Expression, MonoType
from clef.typed_core.dispatch import OBJECT_SLOTS, Slot
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.new_objects import call_member, fit
from clef.typed_core.places import byref_read
from clef.typed_core.specialiser import Instance
from clef.typed_core.struct_changes import changes_object, changing
from clef.typed_core.struct_members import call_changing
from clef.typed_core.values import kind_for, same

_OBJECT_KINDS = {
    well_known.TO_STRING: "to_string",
    well_known.EQUALS: "equals_object",
    well_known.GET_HASH_CODE: "hash_own",
}


# Known members ----------------------------------------------------------------------------------


def lower_method_call(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """A call of a member whose code is known."""
    assert isinstance(node, t.MethodCall)
    type = lowerer.mono(node.type)
    if node.object is not None and node.symbol.endswith(".Invoke"):
        invoked = _delegate_call(lowerer, node.object, node.arguments, type, block)
        if invoked is not None:
            return invoked
    symbol, arguments = node.symbol, lowerer.type_arguments(node.symbol, node.type_arguments)
    changing = _changing(lowerer, node, arguments)
    if changing is not None:
        return call_changing(lowerer, changing, node, type, block)
    unboxed = _as_they_are(lowerer, node)
    if unboxed:
        return same(lowerer, lowerer.values(unboxed, block), type, block)
    operands = [] if node.object is None else [node.object]
    atoms = lowerer.values([*operands, *node.arguments], block)
    if lowerer.specialiser.definition(symbol) is None and atoms:
        symbol, arguments = _of_slot(lowerer, symbol, arguments, atoms[0].type)
        if symbol in OBJECT_SLOTS:
            return _of_object(lowerer, symbol, atoms, type, block)
    instance = lowerer.specialiser.instance(symbol, arguments, node.span)
    if instance is None:
        return lowerer.builder.primitive("zero", [], type, (type,))
    if not lowerer.grows:
        return call_member(lowerer, instance, atoms, type, block, tail)
    inside = lowerer.specialiser.member_result(instance, len(atoms))
    if inside is None or inside is type:
        return call_member(lowerer, instance, atoms, type, block, tail)
    made = call_member(lowerer, instance, atoms, inside, block, False)
    return lowerer.converted(lowerer.builder.bind(block, made), type, block)


def _as_they_are(lowerer: Lowerer, node: t.MethodCall) -> list[t.Expression]:
    """The operands if two values of one type are compared by reference: what is put into an object
    for the call would be two cells, and a `Type` would not be known for one."""
    definition = lowerer.specialiser.definition(node.symbol)
    if definition is None or definition.intrinsic != "reference_equal":
        return []
    inner = [one.value for one in node.arguments if isinstance(one, t.Coerce)]
    types = {lowerer.mono(one.type) for one in inner}
    if len(inner) != 2 or len(types) != 1:
        return []
    found = types.pop()
    shape = lowerer.specialiser.shapes.of(found)
    is_cell = shape.kind in ("record", "union", "tuple") and not shape.is_value
    return inner if is_cell or found.symbol == well_known.TYPE else []


def _changing(
    lowerer: Lowerer, node: t.MethodCall, arguments: tuple[MonoType, ...]
) -> Instance | None:
    """What is called when the member changes the struct it is called on."""
    specialiser = lowerer.specialiser
    definition = specialiser.definition(node.symbol)
    if node.object is None or definition is None or not changes_object(specialiser, definition):
        return None
    instance = specialiser.instance(node.symbol, arguments, node.span)
    return None if instance is None else changing(specialiser, instance)


def _of_slot(
    lowerer: Lowerer, symbol: str, arguments: tuple[MonoType, ...], type: MonoType
) -> tuple[str, tuple[MonoType, ...]]:
    """`base.Member` names the slot: what the base class says about it is called."""
    dispatch = lowerer.specialiser.dispatch
    owner_symbol = symbol.rsplit(".", 1)[0]
    root = lowerer.specialiser.object
    for owner in [type, *lowerer.specialiser.shapes.of(type).ancestors, root]:
        if owner.form == "named" and owner.symbol == owner_symbol:
            own = arguments[len(owner.arguments) :]
            found = dispatch.method_of(Slot(symbol, owner, own), type)
            if found is not None and found[1] is not root:
                return found[0], (*found[1].arguments, *own)
    return symbol, arguments


def _of_object(
    lowerer: Lowerer, symbol: str, atoms: list[Atom], type: MonoType, block: Block
) -> Expression:
    """`base.Member` where the base class is `obj`: the type's name, or the object's identity."""
    object = lowerer.specialiser.object
    operands = [fit(lowerer, atom, object, block) for atom in atoms]
    if symbol == well_known.TO_STRING:
        return lowerer.derived("plain_to_string", object, operands[:1], type)
    if symbol == well_known.EQUALS:
        return lowerer.builder.primitive("reference_equal", operands, type)
    return lowerer.builder.primitive("reference_hash", operands[:1], type)


_NOWHERE = Span("", 0, 0)


def _delegate_call(
    lowerer: Lowerer,
    object: t.Expression,
    arguments: Sequence[t.Expression],
    type: MonoType,
    block: Block,
) -> Expression | None:
    owner = lowerer.mono(object.type)
    shape = lowerer.specialiser.shapes.of(owner)
    if shape.kind != "function":
        return None
    function = _as_function(lowerer, lowerer.value(object, block), owner, block)
    atoms = lowerer.values(arguments, block) or [lowerer.builder.unit()]
    return lowerer.builder.call_closure(function, atoms, type)


def _as_function(lowerer: Lowerer, delegate: Atom, owner: MonoType, block: Block) -> Atom:
    """The function that a delegate is."""
    element = lowerer.specialiser.shapes.of(owner).element
    if element is None:
        return delegate
    cast = lowerer.builder.primitive("cast", [delegate], element, (element,))
    return lowerer.builder.bind(block, cast)


# Virtual calls ----------------------------------------------------------------------------------


def lower_virtual_call(
    lowerer: Lowerer, node: t.Expression, block: Block, tail: bool
) -> Expression:
    """A call through an abstract slot."""
    assert isinstance(node, t.VirtualCall)
    type = lowerer.mono(node.type)
    object = node.object
    if isinstance(object, t.TypeName) and object.kind == "static":
        return _static_slot(lowerer, node, object, type, block)
    if node.slot.endswith(".Invoke"):
        invoked = _delegate_call(lowerer, object, node.arguments, type, block)
        if invoked is not None:
            return invoked
    if isinstance(object, t.Coerce) and not lowerer.specialiser.shapes.is_polymorphic(
        lowerer.mono(object.value.type)
    ):
        object = object.value
    if lowerer.grows:
        check_owner(lowerer, node)
    slot = Slot(node.slot, lowerer.mono(node.owner), lowerer.monos(node.method_type_arguments))
    changed = _changed_by(lowerer, slot, node.object)
    if changed is not None:
        return call_changing(lowerer, changed, node, type, block)
    receiver = lowerer.value(object, block)
    atoms = lowerer.values(node.arguments, block)
    return call_slot(lowerer, slot, receiver, atoms, type, block)


def _changed_by(lowerer: Lowerer, slot: Slot, object: t.Expression) -> Instance | None:
    """What a slot does to the struct in the place that it is called on; one that was made an object
    by `:>` is a copy."""
    owner = lowerer.mono(object.type)
    if owner.symbol == well_known.POINTER:
        owner = owner.arguments[0]
    shapes = lowerer.specialiser.shapes
    if (
        isinstance(object, t.Coerce)
        or shapes.is_polymorphic(owner)
        or not shapes.of(owner).is_value
    ):
        return None
    dispatch = lowerer.specialiser.dispatch
    target = dispatch.target(slot, owner)
    return dispatch.changing.get(target) if target is not None else None


def _static_slot(
    lowerer: Lowerer, node: t.VirtualCall, subject: t.TypeName, type: MonoType, block: Block
) -> Expression:
    """`'T.Member`: what the type that stands for 'T says."""
    owner = lowerer.mono(subject.subject)
    atoms = lowerer.values(node.arguments, block)
    slot = Slot(node.slot, lowerer.mono(node.owner), lowerer.monos(node.method_type_arguments))
    found = static_target(lowerer, slot, owner, atoms, type)
    if found is not None:
        return found
    if node.slot.startswith(well_known.NUMERIC_INTERFACES):
        from clef.typed_core.traits import call_trait

        name = node.slot.rpartition(".")[2]
        found = call_trait(lowerer, name, [owner], atoms, type, block, tail=False)
        if found is not None:
            return found
    shown = lowerer.specialiser.display(owner)
    return lowerer.unsupported(f"calling `{node.slot}` of `{shown}`", "", node)


def static_target(
    lowerer: Lowerer, slot: Slot, owner: MonoType, atoms: list[Atom], type: MonoType
) -> Expression | None:
    """The call of the member with which a type fills a static slot."""
    specialiser = lowerer.specialiser
    found = specialiser.dispatch.method_of(slot, owner)
    symbol, arguments = (slot.symbol, (*slot.owner.arguments, *slot.arguments))
    if found is not None:
        symbol, arguments = found[0], (*found[1].arguments, *slot.arguments)
    elif specialiser.definition(symbol) is None:
        return None
    instance = specialiser.instance(symbol, arguments)
    if instance is None:
        return None
    unit = specialiser.unit
    if len(atoms) == len(instance.parameters) - 1 and instance.parameters[-1] is unit:
        atoms = [*atoms, lowerer.builder.unit()]
    if len(atoms) != len(instance.parameters):
        return None
    return lowerer.builder.call(specialiser.request(instance), atoms, type)


def call_slot(
    lowerer: Lowerer,
    slot: Slot,
    receiver: Atom,
    atoms: list[Atom],
    type: MonoType,
    block: Block,
) -> Expression:
    """Call a slot on an operand, directly when its type leaves no choice."""
    specialiser = lowerer.specialiser
    builder = lowerer.builder
    if receiver.type.symbol == well_known.POINTER:
        receiver = builder.bind(block, byref_read(lowerer, receiver))
    if slot.symbol in OBJECT_SLOTS and slot.owner is specialiser.object:
        return _object_slot(lowerer, slot.symbol, receiver, atoms, type, block)
    if specialiser.shapes.of(receiver.type).kind == "function" and slot.symbol.endswith(".Invoke"):
        function = _as_function(lowerer, receiver, receiver.type, block)
        return builder.call_closure(function, atoms or [builder.unit()], type)
    if not specialiser.shapes.is_polymorphic(receiver.type):
        target = specialiser.dispatch.target(slot, receiver.type)
        if target is not None:
            return builder.call(target, [receiver, *atoms], type)
        return lowerer.unsupported(
            f"calling `{slot.symbol}` on `{specialiser.display(receiver.type)}`",
            "",
            builder.span or _NOWHERE,
        )
    if receiver.type is not slot.owner:
        receiver = builder.bind(block, box(lowerer, receiver, receiver.type, slot.owner, block))
    name = specialiser.dispatch.virtual(slot, [atom.type for atom in atoms], type)
    return builder.call(name, [receiver, *atoms], type)


def _object_slot(
    lowerer: Lowerer, slot: str, receiver: Atom, atoms: list[Atom], type: MonoType, block: Block
) -> Expression:
    kind = _OBJECT_KINDS[slot]
    atoms = [fit(lowerer, atom, lowerer.specialiser.object, block) for atom in atoms]
    if kind != "equals_object":
        atoms = []
    check_receiver(lowerer, receiver, block)
    receiver = lowerer.builder.again(receiver)
    kind = kind_for(lowerer.specialiser.shapes, kind, receiver.type)
    return lowerer.derived(kind, receiver.type, [receiver, *atoms], type)


# Construction -----------------------------------------------------------------------------------
