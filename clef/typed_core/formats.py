"""printf formats and interpolated strings to code.

Comes in: format literals in pieces. Goes out: direct concatenation when all arguments are there,
else the function that a format is at run time: it takes what to do with the text, then the
arguments. Promises: no format is interpreted at run time; each hole costs one call of a library
formatter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from clef.inference import typed_tree as t
from clef.typed_core import core, well_known
from clef.typed_core.builder import Block, Builder
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.format_holes import Hole, hole_text, or_empty
from clef.typed_core.format_texts import note_format
from clef.typed_core.lowerer import Lowerer


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
        pieces.append(hole_text(lowerer, hole, operands, state, block, is_joined))
        position += count
    text = concatenate(lowerer, pieces, block)
    if is_joined and isinstance(text, core.Variable):  # the others were empty
        return or_empty(lowerer, text)
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
