"""Texts and layouts of concrete types: `ToString`, `string`, `%O`, `%A`.

Comes in: a type. Goes out: functions from a value to a string or to the library's Layout. Promises:
what F# prints: overrides first, records and unions by structure, enums by name, None and null as F#
shows them in that place.
"""

from __future__ import annotations

from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.derivations.dynamic import ask
from clef.typed_core.derivations.layouts import is_plain_struct, layout_type, text_literal
from clef.typed_core.derivations.structure import (
    call_override,
    hides,
    invariant_text,
    member_taking,
    override,
)
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.names_of_types import full_name, type_text

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
        return ask(lowerer, "to_string", locals, text_literal(lowerer, ""), string, block)
    value = builder.variable(locals[0])
    if shape.builtin == "string":
        return _never_null(lowerer, value)
    if shape.builtin == "unit":
        return text_literal(lowerer, "")
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
    is_data = shape.kind in ("record", "union", "tuple") and not is_plain_struct(lowerer, type)
    if is_data and not hides(lowerer, type, "ToString"):
        return _by_structure(lowerer, type, locals[0], block)
    return text_literal(lowerer, type_text(type, specialiser.shapes))


def _class_name(lowerer: Lowerer, type: MonoType, local: Local) -> Expression:
    """What a type of FSharp.Core without a `ToString` shows: its class, which cases have too."""
    shapes = lowerer.specialiser.shapes
    name = type_text(type, shapes)
    if not type.symbol.startswith(well_known.CHOICE):
        return text_literal(lowerer, name)
    bare, _, arguments = name.partition("[")
    branches: list[tuple[int, Expression]] = [
        (index, text_literal(lowerer, f"{bare}+{case.name}[{arguments}"))
        for index, case in enumerate(shapes.of(type).cases)
    ]
    variable = lowerer.builder.variable(local)
    return lowerer.builder.switch(variable, "case", branches, None, lowerer.specialiser.string)


def _by_structure(lowerer: Lowerer, type: MonoType, local: Local, block: Block) -> Expression:
    """Records and unions print as `%+A`; tuples as their items in parentheses."""
    builder = lowerer.builder
    string = lowerer.specialiser.string
    if lowerer.specialiser.shapes.of(type).kind == "tuple":
        return _tuple_text(lowerer, type, local, block)
    value: Atom = builder.variable(local)
    whole = lowerer.derived("outer_layout", type, [value], layout_type(lowerer))
    layout = builder.bind(block, whole)
    plus, absent = builder.int32(well_known.FORMAT_FLAGS["+"]), builder.int32(-1)
    arguments = [plus, absent, builder.int32(-1), layout]
    return lowerer.call_symbol(well_known.FORMAT_LAYOUT, arguments, string)


def _tuple_text(lowerer: Lowerer, type: MonoType, local: Local, block: Block) -> Expression:
    from clef.typed_core.formats import concatenate

    builder = lowerer.builder
    pieces: list[Atom] = [text_literal(lowerer, "(")]
    for index, item in enumerate(type.arguments):
        read = builder.project(builder.variable(local), type, -1, index, item)
        value = builder.bind(block, read)
        string = lowerer.specialiser.string
        if index:
            pieces.append(text_literal(lowerer, ", "))
        pieces.append(builder.bind(block, lowerer.derived("to_string", item, [value], string)))
    pieces.append(text_literal(lowerer, ")"))
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
    pieces = [
        text_literal(lowerer, "Some("),
        builder.bind(inside, full),
        text_literal(lowerer, ")"),
    ]
    some = builder.finish(inside, concatenate(lowerer, pieces, inside))
    branches: list[tuple[int, Expression]] = [(0, text_literal(lowerer, "")), (1, some)]
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
        branches.setdefault(number, text_literal(lowerer, name))
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
    builder.bind_local(block, text, text_literal(lowerer, ""))

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
            inside, builder.primitive("string_equal", [old, text_literal(lowerer, "")], boolean)
        )
        joined_block = Block()
        pair = [text_literal(lowerer, f"{name}, "), builder.again(old)]
        joined = lowerer.call_symbol(well_known.STRING_CONCAT, pair, string)
        longer = builder.finish(joined_block, joined)
        chosen = builder.bind(
            inside, builder.branch(empty, text_literal(lowerer, name), longer, string)
        )
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
    if type.form == "named" and type.symbol == well_known.NULLABLE:
        is_there = builder.project(builder.again(value), type, -1, 0, builder.boolean_type)
        return builder.branch(builder.bind(block, is_there), text, nothing, string)
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
    return text_literal(lowerer, type_text(type, lowerer.specialiser.shapes))


def plain_to_string(
    lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block
) -> Expression:
    """What `obj.ToString()` itself says: the name of the object's own type."""
    string = lowerer.specialiser.string
    return ask(lowerer, "plain_to_string", locals, text_literal(lowerer, ""), string, block)


def type_name(lowerer: Lowerer, type: MonoType, locals: list[Local], block: Block) -> Expression:
    """The name of an object's own type."""
    specialiser = lowerer.specialiser
    return ask(
        lowerer, "type_name", locals, text_literal(lowerer, "null"), specialiser.string, block
    )


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
    return text_literal(lowerer, full_name(type, lowerer.specialiser.shapes))


# Layouts ----------------------------------------------------------------------------------------
