"""The text behind a printf format, `format.Value`, and formats made of text.

Comes in: the intrinsic `format_text` with a format, and every literal that became a value; the
intrinsic `format_of_text` with a text. Goes out: a function that tells the literals of the format's
type apart by their identity (they hold nothing, so each is one object); a call of the library's
function for as many values as the printer takes. Promises: formats hold no text; a program that
does not ask pays nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.inference import typed_tree as t
from clef.inference.well_known import MOST_FORMAT_VALUES
from clef.typed_core import well_known
from clef.typed_core.analysis import Analysis
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, MonoType
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.specialiser import Instance, Specialiser


def note_format(
    lowerer: Lowerer, type: MonoType, function: str, parts: Sequence[t.FormatPart]
) -> None:
    """A literal is a value from here on: the closure of `function`, which captures nothing."""
    text = "".join(map(_written, parts))
    lowerer.specialiser.formats.setdefault(type, []).append((function, text))


def _written(part: t.FormatPart) -> str:
    if not part.specifier:
        return part.text.replace("%", "%%")
    width = "" if part.width is None else str(part.width)
    precision = "" if part.precision is None else f".{part.precision}"
    return f"%{part.flags}{width}{precision}{part.specifier}"


def format_text(
    lowerer: Lowerer, instance: Instance, atoms: list[Atom], block: Block
) -> Expression:
    """The call of `format_text`."""
    specialiser = lowerer.specialiser
    type = atoms[0].type
    name = f"text of format {type}"
    if name not in specialiser.questions:
        specialiser.questions.add(name)
        specialiser.result.reasons.setdefault(name, specialiser.current)
        failure = specialiser.instance(well_known.FORMAT_WITHOUT_TEXT, ())
        if failure is not None:
            specialiser.request(failure)
        specialiser.at_end.append(lambda: _finish(specialiser, name, type))
    return lowerer.builder.call(name, atoms[:1], specialiser.string)


def _finish(specialiser: Specialiser, name: str, type: MonoType) -> None:
    """Compare the format with each literal of its type."""
    lowerer = Lowerer(specialiser, {}, {}, Analysis(), name)
    builder, string = lowerer.builder, specialiser.string
    given = builder.local(type)
    unit: list[Atom] = [builder.unit()]
    inside = Block()
    failed = lowerer.raise_symbol(well_known.FORMAT_WITHOUT_TEXT, unit, string, inside)
    body = builder.finish(inside, failed)
    for function, text in specialiser.formats.get(type, ()):
        block = Block()
        literal = builder.bind(block, builder.closure(function, [], type))
        operands: list[Atom] = [builder.variable(given), literal]
        test = builder.primitive("reference_equal", operands, builder.boolean_type)
        is_it = builder.bind(block, test)
        chosen = builder.branch(is_it, builder.literal(text, string), body, string)
        body = builder.finish(block, chosen)
    specialiser.add_function(name, [given], body, builder, result=string)


def format_of_text(
    lowerer: Lowerer, instance: Instance, atoms: list[Atom], block: Block
) -> Expression:
    """The call of `format_of_text`, whose printer's type is known now."""
    printer, state, residue, result = instance.arguments
    values: list[MonoType] = []
    rest = printer
    while rest.form == "function" and rest is not result:
        parameter, rest = rest.arguments
        values.append(parameter)
    if rest is not result or len(values) > MOST_FORMAT_VALUES:
        what = f"a format made of text for `{lowerer.specialiser.display(printer)}`"
        instead = "end the printer in the format's result, after six values at most"
        span = lowerer.builder.span or instance.definition.span
        return lowerer.unsupported(what, instead, span)
    symbol = f"{well_known.FORMATS_OF_TEXT}.of{len(values)}"
    types = [*values, result, state, residue]
    return lowerer.call_symbol(symbol, atoms, instance.result, types)
