"""The layouts of values for `%A`, derived from the structure of their types.

Comes in: types. Goes out: functions from a value to its layout. Promises: nesting and width are
left to the library; values of the program that say how they are shown are asked.
"""

from __future__ import annotations

from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, Field, Local, MonoType
from clef.typed_core.derivations import nulls
from clef.typed_core.derivations.display import display
from clef.typed_core.derivations.dynamic import ask
from clef.typed_core.derivations.structure import (
    invariant_text,
)
from clef.typed_core.enumerators import element_of_seq
from clef.typed_core.lowerer import Lowerer


def layout_type(lowerer: Lowerer) -> MonoType:
    return lowerer.specialiser.layout


def text_literal(lowerer: Lowerer, text: str) -> Atom:
    return lowerer.builder.literal(text, lowerer.specialiser.string)


def is_plain_struct(lowerer: Lowerer, type: MonoType) -> bool:
    """A struct that is neither a record nor a union prints as an object."""
    definition = lowerer.specialiser.shapes.definition_of(type)
    return definition is not None and definition.kind == "struct"


def layout(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    """The structure that `%A` prints, as far as it is shown."""
    specialiser = lowerer.specialiser
    result = layout_type(lowerer)
    if specialiser.shapes.is_polymorphic(type):
        inside = Block()
        null = lowerer.builder.finish(inside, _plain(lowerer, text_literal(lowerer, "null")))
        return ask(lowerer, "layout", locals, null, result, block)
    if type.form == "named" and type.symbol == well_known.NULLABLE:
        value = lowerer.builder.variable(locals[0])
        return _missing_or(
            lowerer, type, value, _plain(lowerer, text_literal(lowerer, "null")), block
        )
    known = well_known.LAYOUTS.get(type.symbol) if type.form == "named" else None
    if known is not None:
        return _known(lowerer, type, known, locals[0], block)

    def plain() -> Expression:
        inside = Block()
        return lowerer.builder.finish(inside, _structure(lowerer, type, locals[0], inside))

    shown = display(lowerer, type, lowerer.builder.variable(locals[0]), _displayed, plain)
    if shown is not None:
        return _within(lowerer, 0, _OF_AUTHORS, shown, block)
    is_counted = specialiser.shapes.of(type).kind not in ("tuple", "record")
    return _within(lowerer, int(is_counted), 1, plain(), block)


_OF_AUTHORS = 10  # what a type's author shows may go so much less deep


def _within(lowerer: Lowerer, size: int, share: int, shown: Expression, block: Block) -> Expression:
    """What is shown, or `...` where a text is too long or too deep for more."""
    builder = lowerer.builder
    result = layout_type(lowerer)
    counts: list[Atom] = [builder.int32(size), builder.int32(share)]
    enter = lowerer.call_symbol(well_known.LAYOUT_ENTER, counts, builder.int32_type)
    depth = builder.bind(block, enter)
    test = builder.primitive("lt", [depth, builder.int32(0)], builder.boolean_type)
    more = lowerer.call_symbol(well_known.LAYOUT_MORE, [builder.unit()], result)
    inside = Block()
    made = builder.bind(inside, shown)
    leave = lowerer.call_symbol(well_known.LAYOUT_LEAVE, [builder.again(depth), made], result)
    whole = builder.finish(inside, leave)
    return builder.branch(builder.bind(block, test), more, whole, result)


def _known(lowerer: Lowerer, type: MonoType, symbol: str, local: Local, block: Block) -> Expression:
    """A type whose layout is a function of the library."""
    value: list[Atom] = [lowerer.builder.variable(local)]
    shown = lowerer.call_symbol(symbol, value, layout_type(lowerer), type.arguments)
    size = int(type.symbol not in well_known.LAYOUTS_OF_PARTS)
    return _within(lowerer, size, 1, shown, block)


def _structure(lowerer: Lowerer, type: MonoType, local: Local, block: Block) -> Expression:
    """The layout of a value by what its type is made of."""
    specialiser = lowerer.specialiser
    builder = lowerer.builder
    result = layout_type(lowerer)
    shape = specialiser.shapes.of(type)
    value: Atom = builder.variable(local)
    if shape.kind == "enum":
        text = lowerer.derived("to_string", type, [value], specialiser.string)
        return _plain(lowerer, builder.bind(block, text))
    if shape.kind == "union":
        return _union(lowerer, type, local)
    if shape.kind == "tuple":
        items = _fields(lowerer, type, local, -1, shape.fields, 0, block)
        listed = _list(lowerer, items, result, block)
        symbol = well_known.LAYOUT_STRUCT_TUPLE if shape.is_value else well_known.LAYOUT_TUPLE
        return lowerer.call_symbol(symbol, [listed], result)
    if shape.kind == "record" and not is_plain_struct(lowerer, type):
        return _record(lowerer, type, local, block)
    if shape.kind == "function":
        return _plain(lowerer, text_literal(lowerer, "<fun>"))
    text = invariant_text(lowerer, type, value, block)
    return _plain(lowerer, builder.bind(block, text))


def _missing_or(
    lowerer: Lowerer, type: MonoType, value: Atom, missing: Expression, block: Block
) -> Expression:
    """The layout of what a `Nullable` holds, or what is shown when it holds nothing."""
    builder = lowerer.builder
    result = layout_type(lowerer)
    is_there = builder.project(value, type, -1, 0, builder.boolean_type)
    inside = Block()
    item = type.arguments[0]
    held = builder.bind(inside, builder.project(builder.again(value), type, -1, 1, item))
    shown = builder.finish(inside, lowerer.derived("layout", item, [held], result))
    return builder.branch(builder.bind(block, is_there), shown, missing, result)


def _displayed(lowerer: Lowerer, pieces: list[Atom], block: Block) -> Expression:
    listed = _list(lowerer, pieces, layout_type(lowerer), block)
    return lowerer.call_symbol(well_known.LAYOUT_DISPLAY, [listed], layout_type(lowerer))


def outer_layout(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    """The layout of a whole `%A` argument: null is `<null>` there, `null` inside."""
    builder = lowerer.builder
    result = layout_type(lowerer)
    int64 = lowerer.specialiser.mono.plain("System.Int64")
    start = lowerer.call_symbol(well_known.LAYOUT_START, [builder.unit()], int64)
    before = builder.bind(block, start)
    whole = builder.bind(block, _outermost(lowerer, type, locals, block))
    return lowerer.call_symbol(well_known.LAYOUT_FINISH, [before, whole], result)


def _outermost(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    specialiser = lowerer.specialiser
    builder = lowerer.builder
    result = layout_type(lowerer)
    value: Atom = builder.variable(locals[0])
    shapes = specialiser.shapes
    if type.form == "named" and type.symbol == well_known.NULLABLE:
        nothing = lowerer.call_symbol(well_known.LAYOUT_NULL, [builder.unit()], result)
        return _missing_or(lowerer, type, value, nothing, block)
    inner = lowerer.derived("layout", type, [builder.again(value)], result)
    can_be_null = shapes.is_polymorphic(type) or nulls.matter(specialiser, "layout", type)
    if not can_be_null and shapes.representation(type) != "string":
        return inner
    test = builder.primitive("is_null", [value], builder.boolean_type)
    nothing = lowerer.call_symbol(well_known.LAYOUT_NULL, [builder.unit()], result)
    return builder.branch(builder.bind(block, test), nothing, inner, result)


def _plain(lowerer: Lowerer, text: Atom) -> Expression:
    return lowerer.call_symbol(well_known.LAYOUT_TEXT, [text], layout_type(lowerer))


def _fields(
    lowerer: Lowerer,
    type: MonoType,
    local: Local,
    case: int,
    fields: list[Field],
    start: int,
    block: Block,
) -> list[Atom]:
    """The layouts of fields from `start` on; the fields of records count by themselves."""
    builder = lowerer.builder
    result = layout_type(lowerer)
    made: list[Atom] = []
    is_record = lowerer.specialiser.shapes.of(type).kind == "record"
    for index in range(start, len(fields)):
        if is_record:
            count = lowerer.call_symbol(
                well_known.LAYOUT_COUNT, [builder.unit()], builder.unit_type
            )
            builder.effect(block, count)
        item = fields[index].type
        read = builder.project(builder.variable(local), type, case, index, item)
        value = builder.bind(block, read)
        made.append(builder.bind(block, lowerer.derived("layout", item, [value], result)))
    return made


def _list(lowerer: Lowerer, items: list[Atom], element: MonoType, block: Block) -> Atom:
    """An F# list of operands."""
    builder = lowerer.builder
    type = lowerer.specialiser.table.named(well_known.LIST, element)
    made = builder.bind(block, builder.construct(type, [], 0))
    for item in reversed(items):
        made = builder.bind(block, builder.construct(type, [item, made], 1))
    return made


def _record(lowerer: Lowerer, type: MonoType, local: Local, block: Block) -> Expression:
    string = lowerer.specialiser.string
    result = layout_type(lowerer)
    fields = lowerer.specialiser.shapes.of(type).fields
    values = _fields(lowerer, type, local, -1, fields, 0, block)
    names: list[Atom] = [text_literal(lowerer, field.name) for field in fields]
    arguments = [
        _list(lowerer, names, string, block),
        _list(lowerer, values, result, block),
    ]
    return lowerer.call_symbol(well_known.LAYOUT_RECORD, arguments, result)


def _union(lowerer: Lowerer, type: MonoType, local: Local) -> Expression:
    builder = lowerer.builder
    result = layout_type(lowerer)
    branches: list[tuple[int, Expression]] = []
    for index, case in enumerate(lowerer.specialiser.shapes.of(type).cases):
        inside = Block()
        items = _fields(lowerer, type, local, index, case.fields, 0, inside)
        arguments = [text_literal(lowerer, case.name), _list(lowerer, items, result, inside)]
        made = lowerer.call_symbol(well_known.LAYOUT_CASE, arguments, result)
        branches.append((index, builder.finish(inside, made)))
    return builder.switch(builder.variable(local), "case", branches, None, result)


def exact_layout(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    """An object of exactly this class: a known collection, a sequence, an F# exception, or its
    text."""
    specialiser = lowerer.specialiser
    builder = lowerer.builder
    for candidate in [type, *specialiser.shapes.of(type).ancestors]:
        known = well_known.LAYOUTS.get(candidate.symbol)
        if known is not None and candidate.symbol != well_known.SEQ:
            return _known(lowerer, candidate, known, locals[0], block)

    def plain() -> Expression:
        inside = Block()
        return builder.finish(inside, _object_layout(lowerer, type, locals[0], inside))

    shown = display(lowerer, type, builder.variable(locals[0]), _displayed, plain)
    if shown is not None:
        return _within(lowerer, 0, _OF_AUTHORS, shown, block)
    is_counted = element_of_seq(lowerer, type) is None
    return _within(lowerer, int(is_counted), 1, plain(), block)


def _object_layout(lowerer: Lowerer, type: MonoType, local: Local, block: Block) -> Expression:
    """An F# exception, a sequence, or the text of an object."""
    specialiser = lowerer.specialiser
    builder = lowerer.builder
    result = layout_type(lowerer)
    value: Atom = builder.variable(local)
    element = element_of_seq(lowerer, type)
    if specialiser.shapes.of(type).kind == "exception":
        return _exception(lowerer, type, local, block)
    if element is not None:
        seq = specialiser.table.named(well_known.SEQ, element)
        cast = builder.bind(block, builder.primitive("cast", [value], seq, (seq,)))
        return lowerer.call_symbol(well_known.LAYOUTS[well_known.SEQ], [cast], result, (element,))
    inside, failed = Block(), Block()
    text = lowerer.derived("exact_to_string", type, [value], specialiser.string)
    operand = builder.bind(inside, text)
    shown = lowerer.call_symbol(well_known.LAYOUT_OBJECT, [operand], result)
    caught = builder.local(specialiser.exception, "error")
    error = [builder.variable(caught)]
    instead = lowerer.call_symbol(well_known.LAYOUT_FAILED_OBJECT, error, result)
    handler = builder.finish(failed, instead)
    return builder.try_with(builder.finish(inside, shown), caught, handler, result)


def _exception(lowerer: Lowerer, type: MonoType, local: Local, block: Block) -> Expression:
    """An exception of F#: its name and its own fields."""
    specialiser = lowerer.specialiser
    result = layout_type(lowerer)
    definition = specialiser.shapes.definition_of(type)
    shape = specialiser.shapes.of(type)
    start = len(shape.fields) - (len(definition.fields) if definition else 0)
    items = _fields(lowerer, type, local, -1, shape.fields, start, block)
    name = text_literal(lowerer, type.symbol.rsplit(".", 1)[-1])
    arguments: list[Atom] = [name, _list(lowerer, items, result, block)]
    return lowerer.call_symbol(well_known.LAYOUT_EXCEPTION, arguments, result)
