"""The text of one hole of a format from its operands.

Comes in: a hole of a `printf` format or an interpolated string, and its operands. Goes out: the
string. Promises: no format is interpreted at run time; each hole costs one call of a library
formatter.
"""

from __future__ import annotations

from clef.data_classes import dataclass, field
from clef.inference import typed_tree as t
from clef.source import Span
from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, MonoType
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.representations import SIGNED, UNSIGNED, UNSIGNED_OF

_INTEGER_SPECIFIERS = frozenset("diuxXoB")
_FLOAT_SPECIFIERS = frozenset("eEfFgGM")


@dataclass(slots=True)
class Hole:
    """A piece that takes arguments: the operands it wants, in order."""

    part: t.FormatPart
    types: list[MonoType] = field(default_factory=list[MonoType])


@dataclass(slots=True)
class _Measures:
    """What stands between `%` and the specifier. `has_width`: flags or a width are there; `places`:
    the precision, where the format says it."""

    flags: Atom
    width: Atom
    precision: Atom
    has_width: bool
    places: int | None

    @property
    def is_plain(self) -> bool:
        return not self.has_width and self.places == -1


def _measures(lowerer: Lowerer, part: t.FormatPart, stars: list[Atom]) -> _Measures:
    """The measures of a part; the first operands are those of its stars, and are taken away."""
    builder = lowerer.builder

    def number(given: int | str | None) -> Atom:
        if given == "*":
            return stars.pop(0)
        return builder.int32(given if isinstance(given, int) else -1)

    flags = sum(well_known.FORMAT_FLAGS.get(flag, 0) for flag in part.flags)
    width, precision = number(part.width), number(part.precision)
    has_width = bool(part.flags) or part.width is not None
    places = -1 if part.precision is None else part.precision
    known = places if isinstance(places, int) else None
    return _Measures(builder.int32(flags), width, precision, has_width, known)


def hole_text(
    lowerer: Lowerer, hole: Hole, atoms: list[Atom], state: MonoType, block: Block, is_joined: bool
) -> Atom:
    """The string of a hole from its operands. `is_joined`: it may be null, which counts as empty
    where it is put together with others."""
    part = hole.part
    rest = list(atoms)
    measures = _measures(lowerer, part, rest)
    is_text = measures.is_plain and part.specifier == "s"
    if is_joined and is_text and atoms[-1].type is lowerer.specialiser.string:
        return atoms[-1]
    return lowerer.builder.bind(block, _text_call(lowerer, part, rest, measures, state, block))


def _text_call(
    lowerer: Lowerer,
    part: t.FormatPart,
    atoms: list[Atom],
    measures: _Measures,
    state: MonoType,
    block: Block,
) -> Expression:
    value = atoms[-1]
    specifier = part.specifier
    match specifier:
        case "s" if value.type is lowerer.specialiser.string:
            return _simple(lowerer, well_known.FORMAT_STRING, well_known.OR_EMPTY, measures, value)
        case "b":
            return _simple(lowerer, well_known.FORMAT_BOOL, well_known.BOOL_TEXT, measures, value)
        case "c":
            return _simple(lowerer, well_known.FORMAT_CHAR, well_known.CHAR_TEXT, measures, value)
        case "A":
            return _layout(lowerer, part, value, measures, block)
        case "O" | "s":
            text = _derive(lowerer, "to_string_or_null", value, block)
            if measures.is_plain and specifier == "s":
                return text
            operands = [measures.flags, measures.width, text]
            return _call(lowerer, well_known.FORMAT_OBJECT, operands)
        case "P":
            return _interpolated_hole(lowerer, part, value, block)
        case "a" | "t":
            return _by_function(lowerer, atoms, state, block)
        case _ if specifier in _INTEGER_SPECIFIERS:
            return _integer(lowerer, specifier, measures, value, block)
        case _ if specifier in _FLOAT_SPECIFIERS:
            return _float(lowerer, specifier, measures, value, block)
        case _:
            place = lowerer.builder.span or _NOWHERE
            return lowerer.unsupported(f"the format `%{specifier}`", "", place)


_NOWHERE = Span("", 0, 0)


def _call(lowerer: Lowerer, symbol: str, operands: list[Atom]) -> Expression:
    return lowerer.call_symbol(symbol, operands, lowerer.specialiser.string)


def or_empty(lowerer: Lowerer, text: Atom) -> Expression:
    """A text, or the empty one in the place of null."""
    return _call(lowerer, well_known.OR_EMPTY, [text])


def _simple(
    lowerer: Lowerer, filling: str, plain: str, measures: _Measures, value: Atom
) -> Expression:
    """What fills up to a width, or the function that need not know any."""
    if measures.is_plain:
        return _call(lowerer, plain, [value])
    return _call(lowerer, filling, [measures.flags, measures.width, value])


def _layout(
    lowerer: Lowerer, part: t.FormatPart, value: Atom, measures: _Measures, block: Block
) -> Expression:
    """%A, whose precision limits how many items are shown."""
    builder = lowerer.builder
    precision = measures.precision
    if part.precision is not None:
        limit = lowerer.call_symbol(well_known.LAYOUT_LIMIT, [precision], builder.unit_type)
        builder.effect(block, limit)
    layout = _derive(lowerer, "outer_layout", value, block)
    operands = [measures.flags, measures.width, precision, layout]
    return _call(lowerer, well_known.FORMAT_LAYOUT, operands)


def _derive(lowerer: Lowerer, kind: str, value: Atom, block: Block) -> Atom:
    type = value.type
    specialiser = lowerer.specialiser
    layout = specialiser.layout
    result = layout if kind.endswith("layout") else specialiser.string
    return lowerer.builder.bind(block, lowerer.derived(kind, type, [value], result))


def _character(lowerer: Lowerer, specifier: str) -> Atom:
    char = lowerer.specialiser.mono.plain(well_known.CHAR)
    return lowerer.builder.literal(ord(specifier), char)


def _integer(
    lowerer: Lowerer, specifier: str, measures: _Measures, value: Atom, block: Block
) -> Expression:
    """Integers are widened; a negative one keeps its own width in %x and relatives."""
    builder = lowerer.builder
    specialiser = lowerer.specialiser
    mono = specialiser.mono
    shapes = specialiser.shapes
    type = value.type
    if shapes.of(type).kind == "enum":
        element = shapes.of(type).element or specialiser.int32
        raw = builder.primitive("reinterpret", [value], element, (element,))
        value, type = builder.bind(block, raw), element

    def convert(atom: Atom, symbol: str) -> Atom:
        target = mono.plain(symbol)
        return builder.bind(block, builder.primitive("convert", [atom], target, (target,)))

    before = [measures.flags, measures.width]
    representation = shapes.representation(type)
    if representation in SIGNED and specifier in "di":
        wide = convert(value, well_known.INT64)
        if measures.is_plain:
            return _call(lowerer, well_known.INTEGER_TEXT, [wide])
        return _call(lowerer, well_known.FORMAT_SIGNED, [*before, measures.precision, wide])
    if representation in SIGNED:
        value = convert(value, UNSIGNED_OF[type.symbol])
    elif representation not in UNSIGNED:
        from clef.typed_core.derivations.structure import invariant_text

        text = builder.bind(block, invariant_text(lowerer, type, value, block))
        return _call(lowerer, well_known.FORMAT_STRING, [*before, text])
    wide = convert(value, well_known.UINT64)
    if measures.is_plain:
        return _plain_unsigned(lowerer, specifier, wide)
    operands = [_character(lowerer, specifier), *before, measures.precision, wide]
    return _call(lowerer, well_known.FORMAT_UNSIGNED, operands)


_BITS_OF_DIGIT = {"x": 4, "X": 4, "o": 3, "B": 1}


def _plain_unsigned(lowerer: Lowerer, specifier: str, value: Atom) -> Expression:
    builder = lowerer.builder
    bits = _BITS_OF_DIGIT.get(specifier)
    if bits is None:
        return _call(lowerer, well_known.UNSIGNED_TEXT, [value])
    is_upper = builder.boolean(specifier == "X")
    return _call(lowerer, well_known.DIGITS_TEXT, [builder.int32(bits), is_upper, value])


def _float(
    lowerer: Lowerer, specifier: str, measures: _Measures, value: Atom, block: Block
) -> Expression:
    kind = value.type.symbol
    is_binary = kind in (well_known.FLOAT, well_known.FLOAT32)
    if is_binary and specifier in "fFeE" and not measures.has_width and measures.places is not None:
        return _bare_float(lowerer, specifier, measures.places, value, block)
    symbol = {
        well_known.FLOAT: well_known.FORMAT_FLOAT,
        well_known.FLOAT32: well_known.FORMAT_FLOAT32,
    }.get(kind, well_known.FORMAT_DECIMAL)
    before = [_character(lowerer, specifier), measures.flags, measures.width]
    return _call(lowerer, symbol, [*before, measures.precision, value])


_USUAL_PLACES = 6
_EXPONENT_DIGITS = 3


def _bare_float(
    lowerer: Lowerer, specifier: str, places: int, value: Atom, block: Block
) -> Expression:
    """Digits after the point as many as the format says, and no width."""
    builder = lowerer.builder
    float64 = lowerer.specialiser.mono.plain(well_known.FLOAT)
    if value.type is not float64:
        wide = builder.primitive("convert", [value], float64, (float64,))
        value = builder.bind(block, wide)
    shown = builder.int32(_USUAL_PLACES if places < 0 else places)
    if specifier in "fF":
        return _call(lowerer, well_known.FIXED_POINT_TEXT, [value, shown])
    letter, digits = _character(lowerer, specifier), builder.int32(_EXPONENT_DIGITS)
    return _call(lowerer, well_known.SCIENTIFIC_TEXT, [value, shown, letter, digits])


def _by_function(lowerer: Lowerer, atoms: list[Atom], state: MonoType, block: Block) -> Expression:
    """%a and %t: a function of the user's gives the text, or writes it to a writer."""
    builder = lowerer.builder
    specialiser = lowerer.specialiser
    string = specialiser.string
    function, rest = atoms[-1 - (len(atoms) > 1)], atoms[-1:] if len(atoms) > 1 else []
    if state is specialiser.unit:
        return builder.call_closure(function, [builder.unit(), *rest], string)
    writer = specialiser.mono.function(state, specialiser.unit)
    if rest:
        parameters = [function.type, rest[0].type]
        name = specialiser.wrapper(
            f"$write<{state}, {rest[0].type}>",
            parameters,
            [state],
            lambda b, _, locals: b.call_closure(
                b.variable(locals[0]),
                [b.variable(locals[2]), b.variable(locals[1])],
                specialiser.unit,
            ),
        )
        function = builder.bind(block, builder.closure(name, [function, *rest], writer))
    is_builder = state.symbol == well_known.STRING_BUILDER
    capture = well_known.CAPTURE_BUILDER if is_builder else well_known.CAPTURE_WRITER
    return lowerer.call_symbol(capture, [function], string)


def _interpolated_hole(
    lowerer: Lowerer, part: t.FormatPart, value: Atom, block: Block
) -> Expression:
    """`{x}`, `{x,10}`, `{x:N2}`."""
    builder = lowerer.builder
    string = lowerer.specialiser.string
    if part.format is not None:
        arguments = [value, builder.literal(part.format, string)]
        is_number = value.type.symbol in well_known.FORMATTED_NUMBERS
        symbol = well_known.FORMAT_HOLE if is_number else well_known.FORMAT_ANY_HOLE
        text = lowerer.call_symbol(symbol, arguments, string, (value.type,))
    elif value.type is string:
        text = or_empty(lowerer, value)
    else:
        text = lowerer.derived("to_string", value.type, [value], string)
    if part.alignment is None:
        return text
    padded = [builder.int32(part.alignment), builder.bind(block, text)]
    return lowerer.call_symbol(well_known.PAD_HOLE, padded, string)
