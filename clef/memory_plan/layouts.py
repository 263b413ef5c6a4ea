"""Layouts: which words a value of each type is made of, and what its cells look like.

Comes in: the program's type shapes and the target. Goes out: a `Layout` for every type, without
cell kinds (see kinds.py). Promises: a type that contains itself is boxed; records of more than two
words and unions of more than four are boxed unless the program asks for struct semantics; mutable
records and objects are always boxed; layouts do not depend on the order in which types are asked
for.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from clef.data_classes import dataclass, field
from clef.memory_plan.cycles import Cycles
from clef.memory_plan.packing import Part, end_of, in_order, packed
from clef.memory_plan.plan import HEADER_SIZE, POINTER, Layout, MemoryShape, TargetFacts, Word
from clef.typed_core.core import Field, MonoType, TypeShape

RECORD_WORDS = 2
UNION_WORDS = 4

_SIZES = {"i1": 1, "i8": 1, "i16": 2, "i32": 4, "f32": 4, "i64": 8, "f64": 8}
_BUILTINS = {
    "int8": ("i8", True),
    "uint8": ("i8", False),
    "int16": ("i16", True),
    "uint16": ("i16", False),
    "int32": ("i32", True),
    "uint32": ("i32", False),
    "int64": ("i64", True),
    "uint64": ("i64", False),
    "float32": ("f32", True),
    "float64": ("f64", True),
    "bool": ("i1", False),
    "char": ("i16", False),
    "byte": ("i8", False),
    "sbyte": ("i8", True),
}
TUPLES = ("tuple", "struct_tuple")


@dataclass(slots=True)
class LayoutState:
    """`recursive`: record and union types that contain themselves. `identities`: those whose values
    the program tells apart by reference. `cycles`: what can form circles. `is_open`: programs that
    follow may tell any of them apart, and make nulls of any type.
    """

    facts: TargetFacts
    shapes: dict[MonoType, TypeShape]
    layouts: dict[MonoType, Layout]
    recursive: set[MonoType] = field(default_factory=set[MonoType])
    identities: set[MonoType] = field(default_factory=set[MonoType])
    cycles: Cycles = field(default_factory=Cycles)
    is_open: bool = False


def word_size(facts: TargetFacts, word_type: str) -> int:
    """Bytes of a word in memory."""
    return facts.pointer_bytes if word_type == POINTER else _SIZES[word_type]


def _sizes(state: LayoutState, words: Sequence[Word]) -> list[Part]:
    """Every word at its natural alignment."""
    sizes = [word_size(state.facts, word.type) for word in words]
    return list(zip(sizes, sizes, strict=True))


def _has_identity(state: LayoutState, type: MonoType) -> bool:
    if type in state.recursive or type in state.identities:
        return True
    return state.is_open and not type.symbol.startswith("$")


def has_mutable(fields: Sequence[Field]) -> bool:
    """Whether any of the fields can be written."""
    return any(item.is_mutable for item in fields)


def layout_of(state: LayoutState, type: MonoType) -> Layout:
    """The layout, computed once."""
    found = state.layouts.get(type)
    if found is None:
        found = _compute(state, type)
        state.layouts[type] = found
    return found


def _compute(state: LayoutState, type: MonoType) -> Layout:
    shape = state.shapes.get(type)
    if shape is not None and shape.kind == "union":
        return _union(state, type, shape)
    if type.form == "byref" or (shape is not None and shape.kind == "byref"):
        return _single(state, type, "pointer", Word(POINTER))
    if type.form == "function":
        return _counted(state, type)
    if shape is not None and shape.kind == "function":  # a delegate holds the function
        held = [Field("function", shape.element, False)] if shape.element is not None else []
        return _counted(state, type, held)
    if type.form in TUPLES or (shape is None and type.form.endswith("anonymous")):
        if shape is not None and shape.may_be_null:
            return _counted(state, type, shape.fields)
        return _aggregate(state, type, list(type.arguments))
    if shape is None:
        raise KeyError(f"no shape for the type {type}")
    match shape.kind:
        case "builtin":
            return _builtin(state, type, shape)
        case "enum":
            assert shape.element is not None
            inner = layout_of(state, shape.element)
            result = _single(state, type, "scalar", inner.words[0])
            result.is_signed = inner.is_signed
            return result
        case "interface" | "exception":
            return _counted(state, type, shape.fields)
        case _:
            return _record(state, type, shape)


def _single(state: LayoutState, type: MonoType, form: str, word: Word) -> Layout:
    if word.counted and not word.leaf and type in state.cycles.references:
        word = Word(word.type, counted=True, traced=True)
    return Layout(type, form, (word,), in_order(_sizes(state, (word,))))


def _counted(state: LayoutState, type: MonoType, fields: Sequence[Field] = ()) -> Layout:
    layout = _single(state, type, "counted", Word(POINTER, counted=True))
    layout.field_types = (tuple(item.type for item in fields),)
    return layout


def _builtin(state: LayoutState, type: MonoType, shape: TypeShape) -> Layout:
    name = shape.builtin
    if name in ("unit", "void"):
        return Layout(type, "unit", (), MemoryShape((), 0, 1))
    if name in _BUILTINS:
        word, signed = _BUILTINS[name]
        layout = _single(state, type, "scalar", Word(word))
        layout.is_signed = signed
        return layout
    if name in ("nativeint", "unativeint"):
        layout = _single(state, type, "scalar", Word(f"i{state.facts.pointer_bytes * 8}"))
        layout.is_signed = name == "nativeint"
        return layout
    if name in ("pointer", "byref"):
        return _single(state, type, "pointer", Word(POINTER))
    layout = _counted(state, type)
    if name == "array":
        layout.element = shape.element or type.arguments[0]
    return layout


def _aggregate(
    state: LayoutState, type: MonoType, parts: list[MonoType], keeps_order: bool = False
) -> Layout:
    words: list[Word] = []
    places: list[tuple[int, int]] = []
    for part in parts:
        inner = layout_of(state, part)
        places.append((len(words), len(inner.words)))
        words.extend(inner.words)
    memory = (in_order if keeps_order else packed)(_sizes(state, words))
    return Layout(
        type, "aggregate", tuple(words), memory, (tuple(places),), field_types=(tuple(parts),)
    )


def _record(state: LayoutState, type: MonoType, shape: TypeShape) -> Layout:
    parts = [item.type for item in shape.fields]
    if shape.is_value:
        return _aligned(_aggregate(state, type, parts, keeps_order=True), shape)
    has_identity = _has_identity(state, type)
    if shape.kind == "class" or has_mutable(shape.fields) or has_identity or shape.may_be_null:
        return _counted(state, type, shape.fields)
    words = sum(len(layout_of(state, part).words) for part in parts)
    if _place(shape, words > RECORD_WORDS):
        layout = _single(state, type, "counted", _reference(state, [parts]))
        layout.field_types = (tuple(parts),)
        return layout
    return _aligned(_aggregate(state, type, parts), shape)


def _place(shape: TypeShape, is_large: bool) -> bool:
    """Whether values that may lie on the heap or not lie there: as asked for, or the large ones."""
    place = shape.placement.place if shape.placement is not None else ""
    return is_large if place not in ("stack", "heap") else place == "heap"


def _aligned(layout: Layout, shape: TypeShape) -> Layout:
    """With the alignment that `[<Align>]` asks for, where values lie in memory."""
    wanted = shape.placement.alignment if shape.placement is not None else 0
    memory = layout.memory
    if wanted > memory.alignment and wanted & (wanted - 1) == 0:
        size = -(-memory.size // wanted) * wanted
        layout.memory = MemoryShape(memory.offsets, size, wanted)
    return layout


def _reference(state: LayoutState, cases: Sequence[Sequence[MonoType]]) -> Word:
    """The word of a type whose cells have these fields and no others."""
    cells = [cell_shape(state, parts) for parts in cases if parts]
    sizes = {cell.size for cell in cells}
    if len(sizes) == 1 and not any(cell.counted for cell in cells):
        return Word(POINTER, counted=True, leaf=sizes.pop())
    return Word(POINTER, counted=True)


# Unions -------------------------------------------------------------------------------------------


def _union(state: LayoutState, type: MonoType, shape: TypeShape) -> Layout:
    cases = [tuple(item.type for item in case.fields) for case in shape.cases]
    empty = [index for index, case in enumerate(cases) if not case]
    if shape.may_be_null:  # null is none of its cases
        return _boxed_union(state, type, cases, [], Word(POINTER, counted=True))
    if len(empty) == len(cases):
        layout = _single(state, type, "enumeration", _index_of_case(cases))
        layout.fields = tuple(() for _ in cases)
        layout.field_types = tuple(cases)
        return layout
    if not shape.is_value and _has_identity(state, type):
        return _boxed_union(state, type, cases, empty, Word(POINTER, counted=True))
    is_value = shape.is_value or type.form == "byref"
    tagged = len(cases) > 1
    if _is_nullable(state, cases, empty):
        return _nullable(state, type, cases, empty[0])
    count = len(_variant_words(state, cases, tagged)[0])
    is_large = count > (UNION_WORDS if tagged else RECORD_WORDS)
    if is_value or not _place(shape, is_large):
        return _aligned(_variant(state, type, cases, tagged), shape)
    return _boxed_union(state, type, cases, empty, _reference(state, cases))


def _index_of_case(cases: Sequence[object]) -> Word:
    """The word for the index of a case."""
    return Word("i8" if len(cases) <= 1 << 7 else "i16" if len(cases) <= 1 << 15 else "i32")


def _is_nullable(state: LayoutState, cases: list[tuple[MonoType, ...]], empty: list[int]) -> bool:
    """One empty case and one whose only word is a reference that is never null."""
    if len(cases) != 2 or len(empty) != 1:
        return False
    other = cases[1 - empty[0]]
    return len(other) == 1 and _is_never_null(state, other[0])


def _is_never_null(state: LayoutState, type: MonoType) -> bool:
    layout = layout_of(state, type)
    if state.is_open or layout.form != "counted" or layout.null_case >= 0:
        return False
    shape = state.shapes[type]
    if shape.may_be_null:
        return False
    if type.form == "function":
        return True
    return shape.kind in ("record", "union") or shape.builtin == "array"


def _nullable(
    state: LayoutState, type: MonoType, cases: list[tuple[MonoType, ...]], empty: int
) -> Layout:
    (word,) = layout_of(state, cases[1 - empty][0]).words
    layout = _single(state, type, "nullable", word)
    layout.null_case = empty
    layout.fields = tuple(((0, 1),) if case else () for case in cases)
    layout.field_types = tuple(cases)
    return layout


def _variant(
    state: LayoutState, type: MonoType, cases: list[tuple[MonoType, ...]], tagged: bool
) -> Layout:
    words, places = _variant_words(state, cases, tagged)
    memory = packed(_sizes(state, words))
    return Layout(
        type, "variant", tuple(words), memory, tuple(places), tuple(cases), has_tag=tagged
    )


def _variant_words(
    state: LayoutState, cases: Sequence[Sequence[MonoType]], tagged: bool
) -> tuple[list[Word], list[tuple[tuple[int, int], ...]]]:
    """The words of an unboxed union, and for each case those of its fields: different cases share
    words of one type."""
    words = [_index_of_case(cases)] if tagged else []
    places: list[tuple[tuple[int, int], ...]] = []
    for case in cases:
        free = [False] * tagged + [True] * (len(words) - tagged)
        fields: list[tuple[int, int]] = []
        for part in case:
            wanted = layout_of(state, part).words
            first = _first_place(words, free, wanted)
            end = first + len(wanted)
            words += wanted[len(words) - first :]
            free += [True] * (len(words) - len(free))
            free[first:end] = [False] * len(wanted)
            fields.append((first, len(wanted)))
        places.append(tuple(fields))
    return words, places


def _first_place(words: Sequence[Word], free: Sequence[bool], wanted: Sequence[Word]) -> int:
    """Where these words can stand, perhaps with some of them behind all that there are."""
    for first in range(len(words)):
        there = list(zip(words[first:], free[first:], wanted, strict=False))
        if all(is_free and word == other for word, is_free, other in there):
            return first
    return len(words)


def _boxed_union(
    state: LayoutState,
    type: MonoType,
    cases: list[tuple[MonoType, ...]],
    empty: list[int],
    word: Word,
) -> Layout:
    layout = _single(state, type, "counted", word)
    layout.field_types = tuple(cases)
    if len(empty) == 1 and len(cases) > 1:
        layout.null_case = empty[0]
    return layout


# Cells --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CellShape:
    """Size, the offsets of each field's words, those of all references, and those of the references
    that may lead to cells which can be in circles."""

    size: int
    fields: tuple[tuple[int, ...], ...]
    counted: tuple[int, ...]
    traced: tuple[int, ...]


def cell_shape(
    state: LayoutState,
    parts: Sequence[MonoType],
    start: int = HEADER_SIZE,
    inherited: Sequence[int] = (),
) -> CellShape:
    """A cell with these fields. `inherited`: how many fields each base class has, whose places are
    those that they have in its own cells.
    """
    size, fields = _cell(state, parts, start, inherited)
    pairs = zip(parts, fields, strict=True)
    words = [zip(layout_of(state, part).words, places, strict=True) for part, places in pairs]
    placed = [pair for field in words for pair in field]
    return CellShape(
        size,
        fields,
        counted=tuple(at for word, at in placed if word.counted),
        traced=tuple(at for word, at in placed if word.traced),
    )


def inherited_counts(state: LayoutState, type: MonoType) -> list[int]:
    """How many fields the base classes of a class have, the outermost first."""
    shape = state.shapes.get(type)
    bases = [state.shapes.get(base) for base in shape.ancestors] if shape is not None else []
    return sorted({len(base.fields) for base in bases if base is not None and base.fields})


def _cell(
    state: LayoutState, parts: Sequence[MonoType], start: int, inherited: Sequence[int]
) -> tuple[int, tuple[tuple[int, ...], ...]]:
    """The size, and for each field the offsets of its words."""
    fields: list[tuple[int, ...]] = []
    position, alignment = start, 1
    for first, end in pairwise((0, *inherited, len(parts))):
        own = [_parts_of(state, part) for part in parts[first:end]]
        flat = [one for ones, _ in own for one in ones]
        shape = packed(flat, position)
        places = iter(shape.offsets)
        for ones, inner in own:
            starts = [next(places) for _ in ones]
            fields.append(tuple(starts) if inner is None else tuple(starts[0] + i for i in inner))
        position = end_of(flat, shape.offsets, position)
        alignment = max(alignment, shape.alignment)
    return max(-(-position // alignment) * alignment, start), tuple(fields)


def _parts_of(state: LayoutState, type: MonoType) -> tuple[list[Part], tuple[int, ...] | None]:
    """What of a field may lie apart: all its words, but a struct of the program's, to which there
    may be pointers, stays together; then also where its words are in it."""
    layout = layout_of(state, type)
    shape = state.shapes.get(type)
    sizes = _sizes(state, layout.words)
    if layout.form == "aggregate" and shape is not None and shape.is_value and sizes:
        memory = in_order(sizes)
        return [(memory.size, memory.alignment)], memory.offsets
    return sizes, None
