"""Texts and layouts of concrete types: `ToString`, `string`, `%O`, `%A`.

Comes in: a type. Goes out: functions from a value to a string or to the library's Layout. Promises:
what F# prints: overrides first, records and unions by structure, enums by name, None and null as F#
shows them in that place.
"""

from __future__ import annotations

from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, Field, Local, MonoType
from clef.typed_core.derivations import nulls
from clef.typed_core.derivations.display import display
from clef.typed_core.derivations.dynamic import ask
from clef.typed_core.derivations.structure import (
    call_override,
    invariant_text,
    member_taking,
    override,
)
from clef.typed_core.enumerators import element_of_seq
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.names_of_types import full_name, type_text


def _layout_type(lowerer: Lowerer) -> MonoType:
    return lowerer.specialiser.layout


def _text(lowerer: Lowerer, text: str) -> Atom:
    return lowerer.builder.literal(text, lowerer.specialiser.string)


# Strings ----------------------------------------------------------------------------------------


def own_to_string(lowerer: Lowerer, type: MonoType) -> str | None:
    """The type's `ToString()`, inherited ones included."""
    found = override(lowerer, well_known.TO_STRING, well_known.OBJECT, type)
    return found or member_taking(lowerer, type, "ToString", [])


def to_string(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    """`string x`: null and None give the empty string."""
    specialiser = lowerer.specialiser
    builder = lowerer.builder
    string = specialiser.string
    shape = specialiser.shapes.of(type)
    if specialiser.shapes.is_polymorphic(type):
        return ask(lowerer, "to_string", locals, _text(lowerer, ""), string, block)
    value = builder.variable(locals[0])
    if shape.builtin == "string":
        return _never_null(lowerer, value)
    if shape.builtin == "unit":
        return _text(lowerer, "")
    if shape.kind == "enum":
        return _enum(lowerer, type, locals[0], block)
    if type.symbol == well_known.OPTION:
        return _option(lowerer, type, locals[0])
    null_case = specialiser.shapes.null_case(type)
    if null_case is not None:
        inside = Block()
        text = builder.finish(inside, _of_object(lowerer, type, locals, inside))
        branches: list[tuple[int, Expression]] = [(null_case, builder.literal("", string))]
        return builder.switch(value, "case", branches, text, string)
    return _of_object(lowerer, type, locals, block)


def _of_object(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    """The text of something that is not null."""
    specialiser, builder = lowerer.specialiser, lowerer.builder
    shape, string = specialiser.shapes.of(type), specialiser.string
    value = builder.variable(locals[0])
    found = own_to_string(lowerer, type)
    if found is not None:
        return call_override(lowerer, found, [value], string, block)
    if type.symbol in well_known.TEXTLESS:
        return _class_name(lowerer, type, locals[0])
    if shape.kind in ("record", "union", "tuple") and not _is_plain_struct(lowerer, type):
        return _by_structure(lowerer, type, locals[0], block)
    return _text(lowerer, type_text(type, specialiser.shapes))


def _class_name(lowerer: Lowerer, type: MonoType, local: Local) -> Expression:
    """What a type of FSharp.Core without a `ToString` shows: its class, which cases have too."""
    shapes = lowerer.specialiser.shapes
    name = type_text(type, shapes)
    if not type.symbol.startswith(well_known.CHOICE):
        return _text(lowerer, name)
    bare, _, arguments = name.partition("[")
    branches: list[tuple[int, Expression]] = [
        (index, _text(lowerer, f"{bare}+{case.name}[{arguments}"))
        for index, case in enumerate(shapes.of(type).cases)
    ]
    variable = lowerer.builder.variable(local)
    return lowerer.builder.switch(variable, "case", branches, None, lowerer.specialiser.string)


def _is_plain_struct(lowerer: Lowerer, type: MonoType) -> bool:
    """A struct that is neither a record nor a union prints as an object."""
    definition = lowerer.specialiser.shapes.definition_of(type)
    return definition is not None and definition.kind == "struct"


def _by_structure(lowerer: Lowerer, type: MonoType, local: Local, block: Block) -> Expression:
    """Records and unions print as `%+A`; tuples as their items in parentheses."""
    builder = lowerer.builder
    string = lowerer.specialiser.string
    if lowerer.specialiser.shapes.of(type).kind == "tuple":
        return _tuple_text(lowerer, type, local, block)
    value: Atom = builder.variable(local)
    whole = lowerer.derived("outer_layout", type, [value], _layout_type(lowerer))
    layout = builder.bind(block, whole)
    plus, absent = builder.int32(well_known.FORMAT_FLAGS["+"]), builder.int32(-1)
    arguments = [plus, absent, builder.int32(-1), layout]
    return lowerer.call_symbol(well_known.FORMAT_LAYOUT, arguments, string)


def _tuple_text(lowerer: Lowerer, type: MonoType, local: Local, block: Block) -> Expression:
    from clef.typed_core.formats import concatenate

    builder = lowerer.builder
    pieces: list[Atom] = [_text(lowerer, "(")]
    for index, item in enumerate(type.arguments):
        read = builder.project(builder.variable(local), type, -1, index, item)
        value = builder.bind(block, read)
        string = lowerer.specialiser.string
        if index:
            pieces.append(_text(lowerer, ", "))
        pieces.append(builder.bind(block, lowerer.derived("to_string", item, [value], string)))
    pieces.append(_text(lowerer, ")"))
    return concatenate(lowerer, pieces, block)


def _option(lowerer: Lowerer, type: MonoType, local: Local) -> Expression:
    """`Some(1)`; None is empty."""
    from clef.typed_core.formats import concatenate

    builder = lowerer.builder
    string = lowerer.specialiser.string
    item = type.arguments[0]
    inside = Block()
    value = builder.bind(inside, builder.project(builder.variable(local), type, 1, 0, item))
    is_plain = member_taking(lowerer, item, "InvariantText", []) is None
    shown = (
        lowerer.derived("to_string_or_null", item, [value], string)
        if is_plain
        else invariant_text(lowerer, item, value, inside)
    )
    text = builder.bind(inside, shown)
    full = lowerer.call_symbol(well_known.FORMAT_ELEMENT, [text], string)
    pieces = [_text(lowerer, "Some("), builder.bind(inside, full), _text(lowerer, ")")]
    some = builder.finish(inside, concatenate(lowerer, pieces, inside))
    branches: list[tuple[int, Expression]] = [(0, _text(lowerer, "")), (1, some)]
    return builder.switch(builder.variable(local), "case", branches, None, string)


def _enum(lowerer: Lowerer, type: MonoType, local: Local, block: Block) -> Expression:
    """The name, or the number of a value without one; flags by their names."""
    specialiser = lowerer.specialiser
    builder = lowerer.builder
    definition = specialiser.shapes.definition_of(type)
    element = specialiser.shapes.of(type).element or specialiser.int32
    values = definition.enum_values if definition else []
    branches: dict[int, Expression] = {}
    for name, number in values:
        branches.setdefault(number, _text(lowerer, name))
    inside = Block()
    raw = builder.primitive("reinterpret", [builder.variable(local)], element, (element,))
    operand = builder.bind(inside, raw)
    number_text = lowerer.derived("to_string", element, [operand], specialiser.string)
    is_flags = definition is not None and any(
        attribute.name.rsplit(".", 1)[-1] in ("Flags", "FlagsAttribute")
        for attribute in definition.attributes
    )
    if is_flags:
        number_text = _flag_names(lowerer, values, operand, number_text, inside)
    default = builder.finish(inside, number_text)
    return builder.switch(
        builder.variable(local),
        "integer",
        sorted(branches.items(), key=lambda item: item[0]),
        default,
        specialiser.string,
    )


def _flag_names(
    lowerer: Lowerer,
    values: list[tuple[str, int]],
    number: Atom,
    otherwise: Expression,
    block: Block,
) -> Expression:
    """`A, B` when the flags make up the number exactly: names from the largest value down, printed
    upwards."""
    builder = lowerer.builder
    string, boolean = lowerer.specialiser.string, builder.boolean_type
    type = number.type
    rest = builder.local(type, "", is_mutable=True)
    text = builder.local(string, "", is_mutable=True)
    builder.bind_local(block, rest, builder.again(number))
    builder.bind_local(block, text, _text(lowerer, ""))

    def now(local: Local, inside: Block) -> Atom:
        return builder.bind(inside, builder.variable(local))

    for name, value in sorted(values, key=lambda item: -item[1]):
        if value == 0:
            continue
        masked = [now(rest, block), builder.literal(value, type)]
        common = builder.bind(block, builder.primitive("and", masked, type))
        operands = [common, builder.literal(value, type)]
        has = builder.bind(block, builder.primitive("eq", operands, boolean))
        inside = Block()
        less = [now(rest, inside), builder.literal(value, type)]
        left = builder.bind(inside, builder.primitive("sub", less, type))
        builder.effect(inside, builder.assign(rest, left))
        old = now(text, inside)
        empty = builder.bind(
            inside, builder.primitive("string_equal", [old, _text(lowerer, "")], boolean)
        )
        joined_block = Block()
        pair = [_text(lowerer, f"{name}, "), builder.again(old)]
        joined = lowerer.call_symbol(well_known.STRING_CONCAT, pair, string)
        longer = builder.finish(joined_block, joined)
        chosen = builder.bind(inside, builder.branch(empty, _text(lowerer, name), longer, string))
        builder.effect(inside, builder.assign(text, chosen))
        taken = builder.finish(inside, builder.unit())
        builder.effect(block, builder.branch(has, taken, builder.unit(), builder.unit_type))
    zero = [now(rest, block), builder.literal(0, type)]
    complete = builder.bind(block, builder.primitive("eq", zero, boolean))
    names = now(text, block)
    nonzero = builder.primitive("ne", [builder.again(number), builder.literal(0, type)], boolean)
    deep = Block()
    condition = builder.bind(deep, nonzero)
    fallback = builder.finish(deep, builder.branch(condition, names, otherwise, string))
    return builder.branch(complete, fallback, _again(lowerer, number), string)


def _again(lowerer: Lowerer, number: Atom) -> Expression:
    operand = lowerer.builder.again(number)
    return lowerer.derived("to_string", number.type, [operand], lowerer.specialiser.string)


def _never_null(lowerer: Lowerer, text: Atom) -> Expression:
    """What a `ToString` of the program gives; null is printed as nothing."""
    return lowerer.call_symbol(well_known.OR_EMPTY, [text], lowerer.specialiser.string)


def to_string_or_null(
    lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block
) -> Expression:
    """The text for `%O`: null stays null."""
    specialiser = lowerer.specialiser
    builder = lowerer.builder
    string = specialiser.string
    shape = specialiser.shapes.of(type)
    nothing = _null_text(lowerer)
    value: Atom = builder.variable(locals[0])
    if specialiser.shapes.is_polymorphic(type):
        inside = Block()
        asked = builder.bind(inside, ask(lowerer, "to_string", locals, nothing, string, inside))
        text = builder.finish(inside, _never_null(lowerer, asked))
        test = builder.primitive("is_null", [value], builder.boolean_type)
        return builder.branch(builder.bind(block, test), _null_text(lowerer), text, string)
    if shape.builtin == "string":
        return value
    if shape.builtin == "unit":
        return nothing
    text = lowerer.derived("to_string", type, [value], string)
    null_case = specialiser.shapes.null_case(type)
    if null_case is not None:
        return builder.switch(builder.again(value), "case", [(null_case, nothing)], text, string)
    return text


def _null_text(lowerer: Lowerer) -> Expression:
    string = lowerer.specialiser.string
    return lowerer.builder.primitive("null", [], string, (string,))


def exact_to_string(
    lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block
) -> Expression:
    """An object of exactly this class."""
    found = own_to_string(lowerer, type)
    if found is not None:
        value = lowerer.builder.variable(locals[0])
        return call_override(lowerer, found, [value], lowerer.specialiser.string, block)
    return _text(lowerer, type_text(type, lowerer.specialiser.shapes))


def plain_to_string(
    lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block
) -> Expression:
    """What `obj.ToString()` itself says: the name of the object's own type."""
    string = lowerer.specialiser.string
    return ask(lowerer, "plain_to_string", locals, _text(lowerer, ""), string, block)


def type_name(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    """The name of an object's own type."""
    specialiser = lowerer.specialiser
    return ask(lowerer, "type_name", locals, _text(lowerer, "null"), specialiser.string, block)


def type_object_of(
    lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block
) -> Expression:
    """`x.GetType()`: null has none."""
    result = lowerer.specialiser.mono.plain(well_known.TYPE)
    failing = Block()
    unit: list[Atom] = [lowerer.builder.unit()]
    raised = lowerer.raise_symbol(well_known.NULL_REFERENCE, unit, result, failing)
    when_null = lowerer.builder.finish(failing, raised)
    return ask(lowerer, "type_object", locals, when_null, result, block)


def delegate_code(
    lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block
) -> Expression:
    """What can be done with delegates of an object's own type; null for all other objects."""
    object = lowerer.specialiser.object
    nothing = lowerer.builder.primitive("null", [], object, (object,))
    return ask(lowerer, "delegate_code", locals, nothing, object, block)


def exact_type_name(
    lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block
) -> Expression:
    return _text(lowerer, full_name(type, lowerer.specialiser.shapes))


# Layouts ----------------------------------------------------------------------------------------


def layout(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    """The structure that `%A` prints, as far as it is shown."""
    specialiser = lowerer.specialiser
    result = _layout_type(lowerer)
    if specialiser.shapes.is_polymorphic(type):
        inside = Block()
        null = lowerer.builder.finish(inside, _plain(lowerer, _text(lowerer, "null")))
        return ask(lowerer, "layout", locals, null, result, block)
    if type.form == "named" and type.symbol == well_known.NULLABLE:
        value = lowerer.builder.variable(locals[0])
        return _missing_or(lowerer, type, value, _plain(lowerer, _text(lowerer, "null")), block)
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
    result = _layout_type(lowerer)
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
    shown = lowerer.call_symbol(symbol, value, _layout_type(lowerer), type.arguments)
    size = int(type.symbol not in well_known.LAYOUTS_OF_PARTS)
    return _within(lowerer, size, 1, shown, block)


def _structure(lowerer: Lowerer, type: MonoType, local: Local, block: Block) -> Expression:
    """The layout of a value by what its type is made of."""
    specialiser = lowerer.specialiser
    builder = lowerer.builder
    result = _layout_type(lowerer)
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
    if shape.kind == "record" and not _is_plain_struct(lowerer, type):
        return _record(lowerer, type, local, block)
    if shape.kind == "function":
        return _plain(lowerer, _text(lowerer, "<fun>"))
    text = invariant_text(lowerer, type, value, block)
    return _plain(lowerer, builder.bind(block, text))


def _missing_or(
    lowerer: Lowerer, type: MonoType, value: Atom, missing: Expression, block: Block
) -> Expression:
    """The layout of what a `Nullable` holds, or what is shown when it holds nothing."""
    builder = lowerer.builder
    result = _layout_type(lowerer)
    is_there = builder.project(value, type, -1, 0, builder.boolean_type)
    inside = Block()
    item = type.arguments[0]
    held = builder.bind(inside, builder.project(builder.again(value), type, -1, 1, item))
    shown = builder.finish(inside, lowerer.derived("layout", item, [held], result))
    return builder.branch(builder.bind(block, is_there), shown, missing, result)


def _displayed(lowerer: Lowerer, pieces: list[Atom], block: Block) -> Expression:
    listed = _list(lowerer, pieces, _layout_type(lowerer), block)
    return lowerer.call_symbol(well_known.LAYOUT_DISPLAY, [listed], _layout_type(lowerer))


def outer_layout(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    """The layout of a whole `%A` argument: null is `<null>` there, `null` inside."""
    builder = lowerer.builder
    result = _layout_type(lowerer)
    int64 = lowerer.specialiser.mono.plain("System.Int64")
    start = lowerer.call_symbol(well_known.LAYOUT_START, [builder.unit()], int64)
    before = builder.bind(block, start)
    whole = builder.bind(block, _outermost(lowerer, type, locals, block))
    return lowerer.call_symbol(well_known.LAYOUT_FINISH, [before, whole], result)


def _outermost(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    specialiser = lowerer.specialiser
    builder = lowerer.builder
    result = _layout_type(lowerer)
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
    return lowerer.call_symbol(well_known.LAYOUT_TEXT, [text], _layout_type(lowerer))


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
    result = _layout_type(lowerer)
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
    result = _layout_type(lowerer)
    fields = lowerer.specialiser.shapes.of(type).fields
    values = _fields(lowerer, type, local, -1, fields, 0, block)
    names: list[Atom] = [_text(lowerer, field.name) for field in fields]
    arguments = [
        _list(lowerer, names, string, block),
        _list(lowerer, values, result, block),
    ]
    return lowerer.call_symbol(well_known.LAYOUT_RECORD, arguments, result)


def _union(lowerer: Lowerer, type: MonoType, local: Local) -> Expression:
    builder = lowerer.builder
    result = _layout_type(lowerer)
    branches: list[tuple[int, Expression]] = []
    for index, case in enumerate(lowerer.specialiser.shapes.of(type).cases):
        inside = Block()
        items = _fields(lowerer, type, local, index, case.fields, 0, inside)
        arguments = [_text(lowerer, case.name), _list(lowerer, items, result, inside)]
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
    result = _layout_type(lowerer)
    value: Atom = builder.variable(local)
    element = element_of_seq(lowerer, type)
    if specialiser.shapes.of(type).kind == "exception":
        return _exception(lowerer, type, local, block)
    if element is not None:
        seq = specialiser.table.named(well_known.SEQ, element)
        cast = builder.bind(block, builder.primitive("cast", [value], seq, (seq,)))
        return lowerer.call_symbol(well_known.LAYOUTS[well_known.SEQ], [cast], result, (element,))
    text = lowerer.derived("exact_to_string", type, [value], specialiser.string)
    operand = builder.bind(block, text)
    return lowerer.call_symbol(well_known.LAYOUT_OBJECT, [operand], result)


def _exception(lowerer: Lowerer, type: MonoType, local: Local, block: Block) -> Expression:
    """An exception of F#: its name and its own fields."""
    specialiser = lowerer.specialiser
    result = _layout_type(lowerer)
    definition = specialiser.shapes.definition_of(type)
    shape = specialiser.shapes.of(type)
    start = len(shape.fields) - (len(definition.fields) if definition else 0)
    items = _fields(lowerer, type, local, -1, shape.fields, start, block)
    name = _text(lowerer, type.symbol.rsplit(".", 1)[-1])
    arguments: list[Atom] = [name, _list(lowerer, items, result, block)]
    return lowerer.call_symbol(well_known.LAYOUT_EXCEPTION, arguments, result)
