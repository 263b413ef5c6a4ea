"""Hash codes of concrete types.

Comes in: a type. Goes out: the body of a function that gives an int. Promises: equal values (by
`.Equals`) have equal hashes; the same value has the same hash in every run.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.conversions import check_structural, held_type
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.derivations.arrays import element, length
from clef.typed_core.derivations.dynamic import ask
from clef.typed_core.derivations.structure import (
    as_structural,
    call_override,
    declared_types,
    implementing,
    member_taking,
    override,
)
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.representations import BITS, SCALARS
from clef.typed_core.values import kind_for

_GOLDEN = -1640531527
_ARRAY_ITEMS = 19
"""How many elements of an array count."""
_ARRAY_WEIGHT = 631


def hash_of(
    lowerer: Lowerer, value: Atom, type: MonoType, block: Block, kind: str = "hash"
) -> Atom:
    """The hash of a part."""
    builder = lowerer.builder
    if type is lowerer.specialiser.int32:
        return value
    kind = kind_for(lowerer.specialiser.shapes, kind, type)
    return builder.bind(block, lowerer.derived(kind, type, [value], builder.int32_type))


def body(kind: str) -> Callable[[Lowerer, MonoType, list[Local], Block], Expression]:
    """kind: "hash" or "hash_own", which takes arrays by reference."""

    def make(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
        return _body(lowerer, kind, type, locals, block)

    return make


def _body(
    lowerer: Lowerer, kind: str, type: MonoType, locals: list[Local], block: Block
) -> Expression:
    """The hash of a value of this static type."""
    specialiser = lowerer.specialiser
    builder = lowerer.builder
    int32 = builder.int32_type
    shape = specialiser.shapes.of(type)
    if specialiser.shapes.is_polymorphic(type):
        return ask(lowerer, kind, locals, builder.int32(0), int32, block)
    own = _custom(lowerer, type, locals[0], block)
    if own is not None:
        return own
    value = builder.variable(locals[0])
    if held_type(type) is not type:
        return _held(lowerer, kind, type, locals[0], block)
    if shape.kind == "enum" and shape.element is not None:
        raw = builder.primitive("reinterpret", [value], shape.element, (shape.element,))
        return hash_of(lowerer, builder.bind(block, raw), shape.element, block)
    if shape.builtin == "array" and kind == "hash_own":
        return builder.primitive("reference_hash", [value], int32)
    if shape.kind == "builtin":
        return _builtin(lowerer, type, locals[0], block)
    if shape.kind == "union":
        if type.symbol == well_known.LIST:
            return _list(lowerer, type, locals[0])
        return _union(lowerer, type, locals[0])
    definition = specialiser.shapes.definition_of(type)
    if shape.kind == "function" or (definition and definition.equality == "reference"):
        return builder.primitive("reference_hash", [value], int32)
    fields = [(index, field.type) for index, field in enumerate(shape.fields)]
    if shape.kind == "tuple":
        return _tuple(lowerer, kind, type, locals[0], fields, block)
    return _combined(lowerer, type, locals[0], -1, fields, builder.int32(0), block)


def _held(lowerer: Lowerer, kind: str, type: MonoType, local: Local, block: Block) -> Expression:
    """The hash of what a `Nullable` holds, or 0."""
    builder = lowerer.builder
    value, item, int32 = builder.variable(local), held_type(type), builder.int32_type
    is_there = builder.project(value, type, -1, 0, builder.boolean_type)
    inside = Block()
    held = builder.bind(inside, builder.project(builder.again(value), type, -1, 1, item))
    code = builder.finish(inside, hash_of(lowerer, held, item, inside, kind))
    return builder.branch(builder.bind(block, is_there), code, builder.int32(0), int32)


def _custom(lowerer: Lowerer, type: MonoType, local: Local, block: Block) -> Expression | None:
    specialiser = lowerer.specialiser
    shape = specialiser.shapes.of(type)
    if shape.builtin in SCALARS or shape.builtin in ("string", "unit", "array", "object"):
        return None
    definition = specialiser.shapes.definition_of(type)
    if definition is None or (definition.equality != "custom" and shape.kind != "builtin"):
        return None
    chosen = implementing(lowerer, well_known.STRUCTURAL_EQUATABLE, type, local, block)
    if chosen is not None:
        int32 = lowerer.builder.int32_type
        return lowerer.call_symbol(well_known.STRUCTURAL_HASH, [chosen], int32)
    found = override(lowerer, well_known.GET_HASH_CODE, well_known.OBJECT, type)
    if found is None:
        found = member_taking(lowerer, type, "GetHashCode", [])
    if found is None:
        return None
    builder = lowerer.builder
    return call_override(lowerer, found, [builder.variable(local)], builder.int32_type, block)


def _mixed(lowerer: Lowerer, total: Atom, part: Atom, block: Block) -> Atom:
    """golden + (part + ((total <<< 6) + (total >>> 2)))"""
    builder = lowerer.builder
    int32 = builder.int32_type

    def apply(operation: str, left: Atom, right: Atom) -> Atom:
        return builder.bind(block, builder.primitive(operation, [left, right], int32))

    left = apply("shl", builder.again(total), builder.int32(6))
    right = apply("shr", builder.again(total), builder.int32(2))
    inner = apply("add", part, apply("add", left, right))
    return apply("add", builder.int32(_GOLDEN), inner)


def _combined(
    lowerer: Lowerer,
    type: MonoType,
    local: Local,
    case: int,
    fields: list[tuple[int, MonoType]],
    start: Atom,
    block: Block,
) -> Expression:
    """Fields from the last to the first, as F# combines them."""
    builder = lowerer.builder
    total = start
    declared = declared_types(lowerer, type, case)
    for index, field_type in reversed(fields):
        read = builder.project(builder.variable(local), type, case, index, field_type)
        value = builder.bind(block, read)
        if index < len(declared) and declared[index]:
            check_structural(lowerer, [value], block)
        part = hash_of(lowerer, builder.again(value), field_type, block)
        total = _mixed(lowerer, total, part, block)
    return total


def _union(lowerer: Lowerer, type: MonoType, local: Local) -> Expression:
    builder = lowerer.builder
    branches: list[tuple[int, Expression]] = []
    for index, case in enumerate(lowerer.specialiser.shapes.of(type).cases):
        inside = Block()
        fields = [(at, field.type) for at, field in enumerate(case.fields)]
        start = builder.int32(index)
        total = _combined(lowerer, type, local, index, fields, start, inside)
        branches.append((index, builder.finish(inside, total)))
    return builder.switch(builder.variable(local), "case", branches, None, builder.int32_type)


def _tuple(
    lowerer: Lowerer,
    kind: str,
    type: MonoType,
    local: Local,
    fields: list[tuple[int, MonoType]],
    block: Block,
) -> Expression:
    """The parts' codes as .NET's tuples combine them."""
    builder = lowerer.builder
    parts: list[Atom] = []
    for index, field_type in fields:
        read = builder.project(builder.variable(local), type, -1, index, field_type)
        parts.append(hash_of(lowerer, builder.bind(block, read), field_type, block, kind))
    return _of_parts(lowerer, parts, block)


def _of_parts(lowerer: Lowerer, parts: list[Atom], block: Block) -> Atom:
    """Four by four. Behind the seventh begins a tuple inside the tuple: one of less than eight
    parts is combined with as many of the last parts before it as make eight together.
    """
    if len(parts) > 7:
        rest = _of_parts(lowerer, parts[7:], block)
        if len(parts) >= 15:
            return rest
        return _of_eight(lowerer, [*parts[len(parts) - 8 : 7], rest], block)
    return _of_eight(lowerer, parts, block)


def _of_eight(lowerer: Lowerer, parts: list[Atom], block: Block) -> Atom:
    if len(parts) >= 4:
        left = _paired(lowerer, parts[0], parts[1], block)
        four = _paired(lowerer, left, _paired(lowerer, parts[2], parts[3], block), block)
        rest = parts[4:]
        return _paired(lowerer, four, _of_eight(lowerer, rest, block), block) if rest else four
    total = parts[0] if parts else lowerer.builder.int32(0)
    for part in parts[1:]:
        total = _paired(lowerer, total, part, block)
    return total


def _paired(lowerer: Lowerer, first: Atom, second: Atom, block: Block) -> Atom:
    """((first <<< 5) + first) ^^^ second"""
    builder = lowerer.builder
    int32 = builder.int32_type
    shifted = builder.primitive("shl", [builder.again(first), builder.int32(5)], int32)
    operands = [builder.bind(block, shifted), builder.again(first)]
    summed = builder.bind(block, builder.primitive("add", operands, int32))
    return builder.bind(block, builder.primitive("xor", [summed, second], int32))


def _list(lowerer: Lowerer, type: MonoType, local: Local) -> Expression:
    """The code of a union's case of head and tail; the library keeps its stack small."""
    items = [lowerer.builder.variable(local)]
    int32 = lowerer.builder.int32_type
    return lowerer.call_symbol(well_known.LIST_HASH, items, int32, type.arguments)


def _array(lowerer: Lowerer, type: MonoType, local: Local, block: Block) -> Expression:
    """The first elements, from the last of them to the first: `(total <<< 1) + part + 631 * i`."""
    builder = lowerer.builder
    int32, boolean = builder.int32_type, builder.boolean_type

    def apply(operation: str, left: Atom, right: Atom, at: Block) -> Atom:
        return builder.bind(at, builder.primitive(operation, [left, right], int32))

    label = builder.label("elements")
    index, total = builder.local(int32), builder.local(int32)
    count = length(lowerer, local, block)
    most = builder.int32(_ARRAY_ITEMS)
    is_long = builder.bind(block, builder.primitive("gt", [builder.again(count), most], boolean))
    first = builder.branch(is_long, builder.int32(_ARRAY_ITEMS), count, int32)
    seen = builder.bind(block, first)
    test = Block()
    more = builder.primitive("gt", [builder.variable(index), builder.int32(0)], boolean)
    going = builder.bind(test, more)
    inside = Block()
    place = builder.local(int32)
    before = apply("sub", builder.variable(index), builder.int32(1), inside)
    builder.bind_local(inside, place, before)
    part = hash_of(lowerer, element(lowerer, local, place, inside), type.arguments[0], inside)
    doubled = apply("shl", builder.variable(total), builder.int32(1), inside)
    weight = apply("mul", builder.variable(place), builder.int32(_ARRAY_WEIGHT), inside)
    mixed = apply("add", apply("add", doubled, part, inside), weight, inside)
    onward = builder.jump(label, [builder.variable(place), mixed], int32)
    work = builder.finish(inside, onward)
    step = builder.finish(test, builder.branch(going, work, builder.variable(total), int32))
    start = builder.jump(label, [seen, builder.int32(0)], int32)
    return builder.join(label, [index, total], step, start, int32, is_loop=True)


def _builtin(lowerer: Lowerer, type: MonoType, local: Local, block: Block) -> Expression:
    builder = lowerer.builder
    int32 = builder.int32_type
    value = builder.variable(local)
    name = lowerer.specialiser.shapes.of(type).builtin
    match name:
        case "int32":
            return value
        case "unit":
            return builder.int32(0)
        case "string":
            return lowerer.call_symbol(well_known.STRING_HASH, [value], int32)
        case "float64":
            return lowerer.call_symbol(well_known.FLOAT_HASH, [value], int32)
        case "float32":
            return lowerer.call_symbol(well_known.FLOAT32_HASH, [value], int32)
        case "array":
            return _array(lowerer, type, local, block)
        case _ if name in BITS:
            return _integer(lowerer, value, type, BITS[name], block)
        case _:
            return builder.int32(1)


def _integer(lowerer: Lowerer, value: Atom, type: MonoType, bits: int, block: Block) -> Expression:
    """Small numbers are their own hash; wide ones fold their halves."""
    builder = lowerer.builder
    int32 = builder.int32_type
    if type is lowerer.specialiser.boolean:
        return builder.branch(value, builder.int32(1), builder.int32(0), int32)
    low = builder.primitive("convert", [value], int32, (int32,))
    if type.symbol == well_known.CHAR:
        code = builder.bind(block, low)
        shift = builder.primitive("shl", [builder.again(code), builder.int32(16)], int32)
        return builder.primitive("or", [builder.bind(block, shift), code], int32)
    if bits < 64:
        return low
    folded = builder.bind(block, low)
    shift = builder.primitive("shr", [builder.again(value), builder.int32(32)], type)
    high = builder.primitive("convert", [builder.bind(block, shift)], int32, (int32,))
    return builder.primitive("xor", [folded, builder.bind(block, high)], int32)


def exact(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    """An object of exactly this class: its override, else by identity; exceptions may be equal to
    others of their class."""
    builder = lowerer.builder
    found = override(lowerer, well_known.GET_HASH_CODE, well_known.OBJECT, type)
    value = builder.variable(locals[0])
    if found is not None:
        return call_override(lowerer, found, [value], builder.int32_type, block)
    shape = lowerer.specialiser.shapes.of(type)
    if shape.kind == "exception":
        definition = lowerer.specialiser.shapes.definition_of(type)
        first = len(shape.fields) - (len(definition.fields) if definition else 0)
        fields = [(index, field.type) for index, field in enumerate(shape.fields)][first:]
        return _combined(lowerer, type, locals[0], -1, fields, builder.int32(0), block)
    interface = well_known.STRUCTURAL_EQUATABLE
    structural = as_structural(lowerer, interface, type, locals[0], block)
    if structural is not None:
        return lowerer.call_symbol(well_known.STRUCTURAL_HASH, [structural], builder.int32_type)
    return builder.primitive("reference_hash", [value], builder.int32_type)
