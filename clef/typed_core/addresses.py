"""Addresses of places: `&x`, `&a.[i]`, `&r.F`, and references as pairs of functions.

Comes in: a place in the typed tree. Goes out: a byref, or an address for pointers. Promises: a
reference to what may move reads and writes through functions.
"""

from __future__ import annotations

from clef.inference import typed_tree as t
from clef.typed_core import well_known
from clef.typed_core.builder import Block, Builder
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.local_bindings import CellBinding, FieldBinding
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.places import ELEMENT_READS, as_class, element_at


def lower_address(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`&place`."""
    assert isinstance(node, t.AddressOf)
    builder = lowerer.builder
    type = lowerer.mono(node.type)
    place = element_at(lowerer, node.place, block)
    if type.symbol == well_known.NATIVE_POINTER:
        return _raw_address(lowerer, place, type, block)
    if type.symbol != well_known.POINTER:
        type = lowerer.specialiser.table.named(well_known.POINTER, lowerer.mono(place.type))
    if isinstance(place, t.LocalReference):
        binding = lowerer.environment.get(place.local)
        if isinstance(binding, CellBinding):
            return builder.construct(type, [builder.variable(binding.local)], 0)
        if isinstance(binding, FieldBinding) and binding.is_cell and not binding.is_late:
            cell = builder.bind(block, lowerer.read_field(binding))
            return builder.construct(type, [cell], 0)
        if isinstance(binding, Local) and binding.type.symbol == well_known.POINTER:
            return builder.variable(binding)
    match place:
        case t.Application(function=t.GlobalReference(symbol=symbol)) if symbol in ELEMENT_READS:
            return builder.construct(type, lowerer.values(place.arguments, block), 1)
        case t.Application(function=t.GlobalReference(symbol=well_known.READ_BYREF)):
            return lowerer.value(place.arguments[0], block)
        case _:
            return _accessors(lowerer, place, type, block)


def _raw_address(lowerer: Lowerer, place: t.Expression, type: MonoType, block: Block) -> Expression:
    """`&&place`: where a local, an element or a field of an object is in memory."""
    builder, shapes = lowerer.builder, lowerer.specialiser.shapes
    if isinstance(place, t.LocalReference):
        binding = lowerer.environment.get(place.local)
        if isinstance(binding, CellBinding):
            return _field_address(lowerer, builder.variable(binding.local), 0, type)
        if isinstance(binding, FieldBinding) and binding.is_cell and not binding.is_late:
            cell = builder.bind(block, lowerer.read_field(binding))
            return _field_address(lowerer, cell, 0, type)
    match place:
        case t.Application(function=t.GlobalReference(symbol=symbol)) if symbol in ELEMENT_READS:
            return builder.primitive("array_address", lowerer.values(place.arguments, block), type)
        case t.FieldGet(case=None):
            owner = lowerer.mono(place.owner)
            index = shapes.field_index(owner, place.field)
            if not shapes.of(owner).is_value and shapes.of(owner).fields[index].is_mutable:
                object = as_class(lowerer, lowerer.value(place.object, block), owner, block)
                return _field_address(lowerer, object, index, type)
        case _:
            pass
    return lowerer.unsupported(
        "the raw address of this place",
        "take the address of a mutable local, an element or a mutable field of an object",
        place,
    )


def _field_address(lowerer: Lowerer, object: Atom, index: int, type: MonoType) -> Expression:
    builder = lowerer.builder
    operands = [object, builder.int32(-1), builder.int32(index)]
    return builder.primitive("field_address", operands, type)


def _accessors(lowerer: Lowerer, place: t.Expression, type: MonoType, block: Block) -> Expression:
    """A byref to a field or an immutable value: a pair of closures over the object."""
    builder = lowerer.builder
    content = type.arguments[0]
    shapes = lowerer.specialiser.shapes
    if isinstance(place, t.FieldGet):
        owner = lowerer.mono(place.owner)
        index = shapes.field_index(owner, place.field)
        name = f"{owner}.{place.field}"
        if not shapes.of(owner).is_value:
            object = as_class(lowerer, lowerer.value(place.object, block), owner, block)
            return _field_pair(lowerer, name, object, owner, index, type, block)
        if shapes.of(owner).fields[index].is_mutable:
            whole = t.AddressOf(place.object.type, place.span, place.object)
            pointer = builder.bind(block, lower_address(lowerer, whole, block, False))
            return _part_pair(lowerer, name, pointer, owner, index, type, block)
    if isinstance(place, t.GlobalReference) and _is_mutable(lowerer, place):
        return _global_pair(lowerer, place, (), type, block)
    if isinstance(place, t.StaticFieldGet) and _is_mutable(lowerer, place):
        return _global_pair(lowerer, place, lowerer.mono(place.owner).arguments, type, block)
    # A copy: the callee may write to it, nobody sees that.
    cell_type = shapes.cell(content)
    cell = builder.bind(block, builder.construct(cell_type, [lowerer.value(place, block)]))
    return builder.construct(type, [cell], 0)


def _is_mutable(lowerer: Lowerer, place: t.GlobalReference | t.StaticFieldGet) -> bool:
    definition = lowerer.specialiser.definition(place.symbol)
    return definition is not None and definition.is_mutable


def _global_pair(
    lowerer: Lowerer,
    place: t.GlobalReference | t.StaticFieldGet,
    arguments: tuple[MonoType, ...],
    type: MonoType,
    block: Block,
) -> Expression:
    """A byref to a mutable value of a module or type: functions that read and write it."""
    specialiser, builder = lowerer.specialiser, lowerer.builder
    content, unit = type.arguments[0], specialiser.unit
    instance = specialiser.instance(place.symbol, arguments, place.span)
    if instance is None:
        return builder.unit()
    symbol = specialiser.global_value(instance).symbol
    getter = specialiser.wrapper(
        f"address of {symbol} get", [], [unit], lambda b, _, locals: b.global_read(symbol, content)
    )
    setter = specialiser.wrapper(
        f"address of {symbol} set",
        [],
        [content],
        lambda b, _, locals: b.global_write(symbol, b.variable(locals[0])),
    )
    mono = specialiser.mono
    get = builder.closure(getter, [], mono.function(unit, content))
    put = builder.closure(setter, [], mono.function(content, unit))
    return builder.construct(type, [builder.bind(block, get), builder.bind(block, put)], 2)


def _part_pair(
    lowerer: Lowerer,
    name: str,
    pointer: Atom,
    owner: MonoType,
    index: int,
    type: MonoType,
    block: Block,
) -> Expression:
    """A byref to a field of a struct that another byref points to."""
    specialiser = lowerer.specialiser
    builder = lowerer.builder
    content, unit = type.arguments[0], specialiser.unit
    whole = pointer.type
    read, write = (
        specialiser.derived("byref_read", whole),
        specialiser.derived("byref_write", whole),
    )

    def get_part(b: Builder, inside: Block, locals: list[Local]) -> Expression:
        value = b.bind(inside, b.call(read, [b.variable(locals[0])], owner))
        return b.project(value, owner, -1, index, content)

    def set_part(b: Builder, inside: Block, locals: list[Local]) -> Expression:
        value = b.bind(inside, b.call(read, [b.variable(locals[0])], owner))
        items: list[Atom] = []
        for at, field in enumerate(specialiser.shapes.of(owner).fields):
            if at == index:
                items.append(b.variable(locals[1]))
            else:
                part = b.project(b.again(value), owner, -1, at, field.type)
                items.append(b.bind(inside, part))
        made = b.bind(inside, b.construct(owner, items))
        return b.call(write, [b.variable(locals[0]), made], unit)

    getter = specialiser.wrapper(f"address of part {name} get", [whole], [unit], get_part)
    setter = specialiser.wrapper(f"address of part {name} set", [whole], [content], set_part)
    mono = specialiser.mono
    get = builder.closure(getter, [pointer], mono.function(unit, content))
    put = builder.closure(setter, [builder.again(pointer)], mono.function(content, unit))
    return builder.construct(type, [builder.bind(block, get), builder.bind(block, put)], 2)


def _field_pair(
    lowerer: Lowerer,
    name: str,
    object: Atom,
    owner: MonoType,
    index: int,
    type: MonoType,
    block: Block,
) -> Expression:
    specialiser = lowerer.specialiser
    builder = lowerer.builder
    content, unit = type.arguments[0], specialiser.unit
    getter = specialiser.wrapper(
        f"address of {name} get",
        [owner],
        [unit],
        lambda b, _, locals: b.project(b.variable(locals[0]), owner, -1, index, content),
    )
    setter = specialiser.wrapper(
        f"address of {name} set",
        [owner],
        [content],
        lambda b, _, locals: b.set_field(
            b.variable(locals[0]), owner, index, b.variable(locals[1])
        ),
    )
    mono = specialiser.mono
    get = builder.closure(getter, [object], mono.function(unit, content))
    put = builder.closure(setter, [builder.again(object)], mono.function(content, unit))
    return builder.construct(type, [builder.bind(block, get), builder.bind(block, put)], 2)


def byref_of_pointer(lowerer: Lowerer, pointer: Atom, type: MonoType, block: Block) -> Expression:
    """A byref to what a raw pointer points at."""
    specialiser, builder = lowerer.specialiser, lowerer.builder
    content, unit, raw = type.arguments[0], specialiser.unit, pointer.type

    def get_it(b: Builder, _: Block, locals: list[Local]) -> Expression:
        return b.primitive("pointer_read", [b.variable(locals[0])], content, (content,))

    def set_it(b: Builder, _: Block, locals: list[Local]) -> Expression:
        operands: list[Atom] = [b.variable(local) for local in locals]
        return b.primitive("pointer_write", operands, unit, (content,))

    name = f"contents of {raw}"
    getter = specialiser.wrapper(f"{name} get", [raw], [unit], get_it)
    setter = specialiser.wrapper(f"{name} set", [raw], [content], set_it)
    mono = specialiser.mono
    get = builder.closure(getter, [pointer], mono.function(unit, content))
    put = builder.closure(setter, [builder.again(pointer)], mono.function(content, unit))
    return builder.construct(type, [builder.bind(block, get), builder.bind(block, put)], 2)
