"""Constants of the program: records, union cases and tuples that lie in its data.

Comes in: a type and a constant. Goes out: its words, which are numbers or addresses of static
cells. Promises: equal constants are one cell; the cells are immortal and never written to, so that
they can lie in read-only memory.
"""

from __future__ import annotations

import re

from clef.data_classes import dataclass
from clef.memory_plan import Layout
from clef.memory_plan.plan import POINTER, Cell
from clef.mlir.functions import float_bits, signed
from clef.mlir.literals import IMMORTAL, bytes_cell, empty_case, string_cell
from clef.mlir.module import ModuleState, data_name, declare, symbol
from clef.typed_core.core import Constant, MonoType

ALIGNMENT = 16


@dataclass(frozen=True, slots=True)
class StaticWord:
    """A word that is known before the program runs: the address of a symbol, if there is one, else
    a number of a machine type; null for pointers."""

    type: str
    number: int | float = 0
    symbol: str = ""


def static_words(module: ModuleState, type: MonoType, value: object) -> list[StaticWord]:
    """The words of what a literal can hold."""
    layout = module.layout(type)
    match value:
        case Constant():
            return _constant(module, layout, value)
        case bool() | int() | float() if layout.words and layout.words[0].type != POINTER:
            return [StaticWord(layout.words[0].type, value)]
        case str() if layout.form == "counted":
            return [StaticWord(POINTER, symbol=string_cell(module, value, layout))]
        case str():
            return [StaticWord(layout.words[0].type, ord(value))]
        case bytes():
            return [StaticWord(POINTER, symbol=bytes_cell(module, value, layout))]
        case None | False | 0:
            return [StaticWord(word.type) for word in layout.words]
        case _:
            raise NotImplementedError(f"a literal {value!r} of type {type}")


def _constant(module: ModuleState, layout: Layout, value: Constant) -> list[StaticWord]:
    parts = [static_words(module, type, held) for type, held in value.fields]
    flat = [word for part in parts for word in part]
    match layout.form:
        case "unit":
            return []
        case "aggregate":
            return flat or [StaticWord(word.type) for word in layout.words]
        case "enumeration":
            return [StaticWord(layout.words[0].type, value.case)]
        case "nullable":
            return flat or [StaticWord(POINTER)]
        case "variant":
            return _variant(layout, value.case, parts)
        case _:
            return [_boxed(module, layout, value.case, parts)]


def _variant(layout: Layout, case: int, parts: list[list[StaticWord]]) -> list[StaticWord]:
    words = [StaticWord(word.type) for word in layout.words]
    if layout.has_tag:
        words[0] = StaticWord(layout.words[0].type, case)
    for (first, _), part in zip(layout.fields[case], parts, strict=True):
        words[first : first + len(part)] = part
    return words


def _boxed(
    module: ModuleState, layout: Layout, case: int, parts: list[list[StaticWord]]
) -> StaticWord:
    if layout.null_case >= 0 and case == layout.null_case:
        return StaticWord(POINTER)
    known = case if case in layout.cells else -1
    cell = layout.cells[known]
    if case >= 0 and known >= 0 and not layout.field_types[known]:
        return StaticWord(POINTER, symbol=empty_case(module, cell.kind))
    return StaticWord(POINTER, symbol=_cell(module, cell, parts))


# Cells --------------------------------------------------------------------------------------------


def _cell(module: ModuleState, cell: Cell, parts: list[list[StaticWord]]) -> str:
    """The symbol of a cell in the program's data."""
    words = {
        offset: word
        for offsets, part in zip(cell.fields, parts, strict=True)
        for offset, word in zip(offsets, part, strict=True)
    }
    head = StaticWord("i64", cell.kind << 32 | IMMORTAL & 0xFFFFFFFF)
    placed = sorted(({0: head} | words).items())
    key = ("cell", (cell.size, *((place, _text(word)) for place, word in placed)))
    found = module.literals.get(key)
    if found is None:
        name = data_name(module, "clef_constant", repr(key).encode("utf-8", "surrogatepass"))
        declare(module, name, _global(module, name, cell.size, placed))
        found = module.literals[key] = symbol(name)
    return found


def _text(word: StaticWord) -> str:
    """The operation that gives a word."""
    if word.symbol:
        return f"llvm.mlir.addressof {word.symbol} : {POINTER}"
    if word.type == POINTER:
        return f"llvm.mlir.zero : {POINTER}"
    held = _held(word)
    if held in ("f32", "f64"):
        number = float_bits(float(word.number), held)
    else:
        number = str(signed(int(word.number), int(held[1:])))
    return f"llvm.mlir.constant({number} : {held}) : {held}"


def _held(word: StaticWord) -> str:
    """The type as which a word lies in memory."""
    return "i8" if word.type == "i1" else word.type


def _global(module: ModuleState, name: str, size: int, placed: list[tuple[int, StaticWord]]) -> str:
    """The text of a global: the words at their places, gaps between them as bytes."""
    members: list[str] = []
    values: list[tuple[int, StaticWord]] = []
    end = 0
    for place, word in placed:
        if place > end:
            members.append(f"array<{place - end} x i8>")
        values.append((len(members), word))
        members.append(_held(word).removeprefix("!llvm."))
        end = place + _size(module, word)
    if size > end:
        members.append(f"array<{size - end} x i8>")
    shape = _alias(module, members)
    lines = [f"    %0 = llvm.mlir.zero : {shape}"]
    whole = "%0"
    for index, word in values:
        lines.append(f"    %w{index} = {_text(word)}")
        lines.append(f"    %s{index} = llvm.insertvalue %w{index}, {whole}[{index}] : {shape}")
        whole = f"%s{index}"
    aligned = f"{{alignment = {ALIGNMENT} : i64}}"
    head = f"  llvm.mlir.global internal constant {symbol(name)}() {aligned} : {shape} {{"
    return "\n".join([head, *lines, f"    llvm.return {whole} : {shape}", "  }"])


def _alias(module: ModuleState, members: list[str]) -> str:
    """The type of a cell with these members, under a short name."""
    name = "cell_" + "_".join(re.sub(r"\W+", "", member) for member in members)
    module.attributes.setdefault(name, f"!{name} = !llvm.struct<packed ({', '.join(members)})>")
    return f"!{name}"


def _size(module: ModuleState, word: StaticWord) -> int:
    if word.type == POINTER:
        return module.plan.facts.pointer_bytes
    return int(_held(word)[1:]) // 8
