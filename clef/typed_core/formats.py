"""printf formats and interpolated strings to code.

Comes in: format literals in pieces. Goes out: direct concatenation when all arguments are there,
else the function that a format is at run time: it takes what to do with the text, then the
arguments. Promises: no format is interpreted at run time; each hole costs one call of a library
formatter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from clef.data_classes import dataclass, field
from clef.inference import typed_tree as t
from clef.source import Span
from clef.typed_core import core, well_known
from clef.typed_core.builder import Block, Builder
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.format_texts import note_format
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.representations import SIGNED, UNSIGNED, UNSIGNED_OF

_INTEGER_SPECIFIERS = frozenset("diuxXoB")
_FLOAT_SPECIFIERS = frozenset("eEfFgGM")


@dataclass(slots=True)
class Hole:
    """A piece that takes arguments: the operands it wants, in order."""

    part: t.FormatPart
    types: list[MonoType] = field(default_factory=list[MonoType])


def _holes(lowerer: Lowerer, parts: Sequence[t.FormatPart]) -> list[Hole]:
    """The arguments of a format, with `*` widths and the extra ones of %a and %t."""
    specialiser = lowerer.specialiser
    holes: list[Hole] = []
    for part in parts:
        if not part.specifier:
            continue
        hole = Hole(part)
        if part.width == "*":
            hole.types.append(specialiser.int32)
        if part.precision == "*":
            hole.types.append(specialiser.int32)
        type = lowerer.mono(part.type) if part.type is not None else specialiser.object
        hole.types.append(type)
        holes.append(hole)
    return holes


def _argument_types(
    lowerer: Lowerer, hole: Hole, state: MonoType, residue: MonoType
) -> list[MonoType]:
    """The types of the curried arguments that a hole stands for."""
    mono = lowerer.specialiser.mono
    *stars, value = hole.types
    if hole.part.specifier == "a":
        return [*stars, mono.curried([state, value], residue), value]
    if hole.part.specifier == "t":
        return [*stars, mono.function(state, residue)]
    return [*stars, value]


def _format_parameters(
    lowerer: Lowerer, literal: t.FormatLiteral
) -> tuple[MonoType, MonoType, MonoType]:
    """State, residue and result of a format's type."""
    arguments = getattr(literal.type, "arguments", ())
    _, state, residue, result = (lowerer.mono(item) for item in arguments[:4])
    return state, residue, result


# Text of one hole -------------------------------------------------------------------------------


def _flags(part: t.FormatPart) -> int:
    return sum(well_known.FORMAT_FLAGS.get(flag, 0) for flag in part.flags)


def _hole_text(
    lowerer: Lowerer, hole: Hole, atoms: list[Atom], state: MonoType, block: Block, is_joined: bool
) -> Atom:
    """The string of a hole from its operands. `is_joined`: it may be null, which counts as empty
    where it is put together with others."""
    builder = lowerer.builder
    part = hole.part
    rest = list(atoms)
    is_plain = not part.flags and part.width is None and part.precision is None
    is_text = is_plain and part.specifier == "s"
    if is_joined and is_text and atoms[-1].type is lowerer.specialiser.string:
        return atoms[-1]

    def number(given: int | str | None) -> Atom:
        if given == "*":
            return rest.pop(0)
        return builder.int32(given if isinstance(given, int) else -1)

    width = number(part.width)
    precision = number(part.precision)
    call = _text_call(lowerer, part, rest, width, precision, state, block)
    return builder.bind(block, call)


def _text_call(
    lowerer: Lowerer,
    part: t.FormatPart,
    atoms: list[Atom],
    width: Atom,
    precision: Atom,
    state: MonoType,
    block: Block,
) -> Expression:
    builder = lowerer.builder
    string = lowerer.specialiser.string
    flags = builder.int32(_flags(part))
    value = atoms[-1]
    specifier = part.specifier
    plain = not part.flags and part.width is None and part.precision is None

    def call(symbol: str, *arguments: Atom) -> Expression:
        return lowerer.call_symbol(symbol, list(arguments), string)

    match specifier:
        case "s" if value.type is string:
            return call(well_known.FORMAT_STRING, flags, width, value)
        case "b":
            return call(well_known.FORMAT_BOOL, flags, width, value)
        case "c":
            return call(well_known.FORMAT_CHAR, flags, width, value)
        case "A":
            if part.precision is not None:
                limit = lowerer.call_symbol(well_known.LAYOUT_LIMIT, [precision], builder.unit_type)
                builder.effect(block, limit)
            layout = _derive(lowerer, "outer_layout", value, block)
            return call(well_known.FORMAT_LAYOUT, flags, width, precision, layout)
        case "O" | "s":
            text = _derive(lowerer, "to_string_or_null", value, block)
            return (
                text
                if plain and specifier == "s"
                else call(well_known.FORMAT_OBJECT, flags, width, text)
            )
        case "P":
            return _interpolated_hole(lowerer, part, value, block)
        case "a" | "t":
            return _by_function(lowerer, atoms, state, block)
        case _ if specifier in _INTEGER_SPECIFIERS:
            return _integer(lowerer, specifier, flags, width, precision, value, block)
        case _ if specifier in _FLOAT_SPECIFIERS:
            return _float(lowerer, specifier, flags, width, precision, value, block)
        case _:
            return lowerer.unsupported(f"the format `%{specifier}`", "", builder.span or _NOWHERE)


_NOWHERE = Span("", 0, 0)


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
    lowerer: Lowerer,
    specifier: str,
    flags: Atom,
    width: Atom,
    precision: Atom,
    value: Atom,
    block: Block,
) -> Expression:
    """Integers are widened; a negative one keeps its own width in %x and relatives."""
    builder = lowerer.builder
    specialiser = lowerer.specialiser
    mono = specialiser.mono
    string = specialiser.string
    shapes = specialiser.shapes
    type = value.type
    if shapes.of(type).kind == "enum":
        element = shapes.of(type).element or specialiser.int32
        raw = builder.primitive("reinterpret", [value], element, (element,))
        value, type = builder.bind(block, raw), element

    def convert(atom: Atom, target: MonoType) -> Atom:
        return builder.bind(block, builder.primitive("convert", [atom], target, (target,)))

    representation = shapes.representation(type)
    if representation in SIGNED and specifier in "di":
        wide = convert(value, mono.plain(well_known.INT64))
        return lowerer.call_symbol(
            well_known.FORMAT_SIGNED, [flags, width, precision, wide], string
        )
    if representation in SIGNED:
        value = convert(value, mono.plain(UNSIGNED_OF[type.symbol]))
    elif representation not in UNSIGNED:
        from clef.typed_core.derivations.structure import invariant_text

        text = builder.bind(block, invariant_text(lowerer, type, value, block))
        return lowerer.call_symbol(well_known.FORMAT_STRING, [flags, width, text], string)
    wide = convert(value, mono.plain(well_known.UINT64))
    arguments = [_character(lowerer, specifier), flags, width, precision, wide]
    return lowerer.call_symbol(well_known.FORMAT_UNSIGNED, arguments, string)


def _float(
    lowerer: Lowerer,
    specifier: str,
    flags: Atom,
    width: Atom,
    precision: Atom,
    value: Atom,
    block: Block,
) -> Expression:
    symbol = {
        well_known.FLOAT: well_known.FORMAT_FLOAT,
        well_known.FLOAT32: well_known.FORMAT_FLOAT32,
    }.get(value.type.symbol, well_known.FORMAT_DECIMAL)
    arguments = [_character(lowerer, specifier), flags, width, precision, value]
    return lowerer.call_symbol(symbol, arguments, lowerer.specialiser.string)


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
        flags, width = builder.int32(0), builder.int32(-1)
        text = lowerer.call_symbol(well_known.FORMAT_STRING, [flags, width, value], string)
    else:
        text = lowerer.derived("to_string", value.type, [value], string)
    if part.alignment is None:
        return text
    padded = [builder.int32(part.alignment), builder.bind(block, text)]
    return lowerer.call_symbol(well_known.PAD_HOLE, padded, string)


# Whole texts ------------------------------------------------------------------------------------


def concatenate(lowerer: Lowerer, pieces: list[Atom], block: Block) -> Expression:
    """One string of all pieces; neighbouring literals are joined at compile time."""
    builder = lowerer.builder
    string = lowerer.specialiser.string
    merged: list[Atom] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if isinstance(piece, core.Literal) and isinstance(last, core.Literal):
            merged[-1] = builder.literal(f"{last.value}{piece.value}", string)
        elif not (isinstance(piece, core.Literal) and piece.value == ""):
            merged.append(piece)
    if not merged:
        return builder.literal("", string)
    if len(merged) == 1:
        return merged[0]
    if len(merged) == 2:
        return lowerer.call_symbol(well_known.STRING_CONCAT, merged, string)
    first = merged.pop(0) if isinstance(merged[0], core.Variable) else None
    array = lowerer.specialiser.table.named(well_known.ARRAY, string)
    made = builder.primitive("array_zero", [builder.int32(len(merged))], array, (string,))
    pieces_array = builder.bind(block, made)
    for index, piece in enumerate(merged):
        operands = [builder.again(pieces_array), builder.int32(index), piece]
        builder.effect(
            block,
            builder.primitive("array_set_unchecked", operands, builder.unit_type, (string,)),
        )
    rest = builder.again(pieces_array)
    if first is not None:
        return lowerer.call_symbol(well_known.STRING_CONCAT_ONTO, [first, rest], string)
    return lowerer.call_symbol(well_known.STRING_CONCAT_ALL, [rest], string)


def _text_of(
    lowerer: Lowerer,
    parts: Sequence[t.FormatPart],
    atoms: list[Atom],
    state: MonoType,
    residue: MonoType,
    block: Block,
) -> Expression:
    """The finished text from all arguments."""
    holes = iter(_holes(lowerer, parts))
    pieces: list[Atom] = []
    position = 0
    is_joined = sum(bool(part.specifier or part.text) for part in parts) > 1
    for part in parts:
        if not part.specifier:
            pieces.append(lowerer.builder.literal(part.text, lowerer.specialiser.string))
            continue
        hole = next(holes)
        count = len(_argument_types(lowerer, hole, state, residue))
        operands = atoms[position : position + count]
        pieces.append(_hole_text(lowerer, hole, operands, state, block, is_joined))
        position += count
    text = concatenate(lowerer, pieces, block)
    if is_joined and isinstance(text, core.Variable):  # the others were empty
        given: list[Atom] = [lowerer.builder.int32(0), lowerer.builder.int32(-1), text]
        return lowerer.call_symbol(well_known.FORMAT_STRING, given, lowerer.specialiser.string)
    return text


def lower_interpolated(
    lowerer: Lowerer, node: t.Expression, block: Block, tail: bool
) -> Expression:
    """`$"…"`."""
    assert isinstance(node, t.InterpolatedString)
    return _filled_text(lowerer, node.parts, block)


def _is_filled(parts: Sequence[t.FormatPart]) -> bool:
    """Whether the holes have their arguments: an interpolated string used as a format."""
    return any(part.argument is not None for part in parts)


def _filled_text(lowerer: Lowerer, parts: Sequence[t.FormatPart], block: Block) -> Expression:
    """The text of an interpolated string."""
    atoms: list[Atom] = []
    for part in parts:
        if part.specifier and part.argument is not None:
            atoms.append(lowerer.value(part.argument, block))
            if part.type is None:
                part.type = part.argument.type
    unit = lowerer.specialiser.unit
    return _text_of(lowerer, parts, atoms, unit, lowerer.specialiser.string, block)


def format_call(
    lowerer: Lowerer,
    printer: tuple[str, str],
    literal: t.FormatLiteral,
    arguments: Sequence[t.Expression | Atom],
    type: MonoType,
    block: Block,
) -> Expression | None:
    """`printfn "…" a b` with all arguments: no closures."""
    text = _applied_text(lowerer, literal, arguments, block)
    if text is None:
        return None
    builder = lowerer.builder
    action, symbol = printer
    if action == "text":
        return text
    operand = builder.bind(block, text)
    if action == "raise":
        return lowerer.raise_symbol(symbol, [operand], type, block)
    return lowerer.call_symbol(symbol, [operand], lowerer.specialiser.unit)


def _applied_text(
    lowerer: Lowerer,
    literal: t.FormatLiteral,
    arguments: Sequence[t.Expression | Atom],
    block: Block,
) -> Expression | None:
    """The text of a format with exactly its arguments, else nothing."""
    if _is_filled(literal.parts):
        return None if arguments else _filled_text(lowerer, literal.parts, block)
    state, residue, _ = _format_parameters(lowerer, literal)
    count = sum(
        len(_argument_types(lowerer, hole, state, residue))
        for hole in _holes(lowerer, literal.parts)
    )
    if count != len(arguments):
        return None
    atoms = [
        item if isinstance(item, core.Variable | core.Literal) else lowerer.value(item, block)
        for item in arguments
    ]
    return _text_of(lowerer, literal.parts, atoms, state, residue, block)


# Formats as values ------------------------------------------------------------------------------


def lower_format(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """A format as a value: `fun continuation -> fun a b … -> continuation text`."""
    assert isinstance(node, t.FormatLiteral)
    if _is_filled(node.parts):
        return _filled_format(lowerer, node, block)
    specialiser = lowerer.specialiser
    state, residue, result = _format_parameters(lowerer, node)
    string = specialiser.string
    types: list[MonoType] = []
    for hole in _holes(lowerer, node.parts):
        types += _argument_types(lowerer, hole, state, residue)
    continuation = specialiser.mono.function(string, result)
    name = specialiser.unique(f"{lowerer.name}/format")
    inner = lowerer.inner(lowerer.types, name)
    builder = inner.builder
    builder.span = node.span
    whole = Block()
    after = builder.local(continuation)
    locals = [builder.local(type) for type in types]
    atoms: list[Atom] = [builder.variable(local) for local in locals]
    text = builder.bind(whole, _text_of(inner, node.parts, atoms, state, residue, whole))
    tail_call = builder.call_closure(builder.variable(after), [text], result)
    body = builder.finish(whole, tail_call)
    specialiser.add_function(
        name, [after, *locals], body, builder, node.span, capture_count=min(1, len(types))
    )
    type = lowerer.mono(node.type)
    if not types:
        note_format(lowerer, type, name, node.parts)
        return lowerer.builder.closure(name, [], type)
    printer = specialiser.mono.curried(types, result)
    outer = specialiser.wrapper(
        f"{name} of continuation", [], [continuation], _keeping(name, printer)
    )
    note_format(lowerer, type, outer, node.parts)
    return lowerer.builder.closure(outer, [], type)


def _filled_format(lowerer: Lowerer, node: t.FormatLiteral, block: Block) -> Expression:
    """An interpolated string as a format: its text is made now, and given to the continuation."""
    specialiser = lowerer.specialiser
    _, _, result = _format_parameters(lowerer, node)
    text = lowerer.builder.bind(block, _filled_text(lowerer, node.parts, block))
    continuation = specialiser.mono.function(specialiser.string, result)

    def body(builder: Builder, whole: Block, locals: list[Local]) -> Expression:
        given, after = (builder.variable(local) for local in locals)
        return builder.call_closure(after, [given], result)

    name = specialiser.unique(f"{lowerer.name}/format")
    wrapper = specialiser.wrapper(name, [specialiser.string], [continuation], body)
    return lowerer.builder.closure(wrapper, [text], lowerer.mono(node.type))


def _keeping(name: str, type: MonoType) -> Callable[[Builder, Block, list[Local]], Expression]:
    def body(builder: Builder, block: Block, locals: list[Local]) -> Expression:
        return builder.closure(name, [builder.variable(locals[0])], type)

    return body
