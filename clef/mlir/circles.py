"""Circles of cells: found by trial deletion (Bacon, Rajan, ECOOP 2001, synchronous) and given back.

Comes in: the plan's kinds, of which some have `traced` places. Goes out: `clef_counted_down` (a
count went down and not to zero), `clef_made` (a cell was made) and `clef_collect` (look at
everything). Promises: a program without such kinds has nothing of this. Work is done only where a
cell that can be in a circle is made, when all counts are right, and in bounded portions: what takes
more steps than a portion has is undone, kept among the old suspects, and tried again with twice the
steps when as many have been done for others. What counting alone gives back is given back at once;
only the block of a suspected cell (never of an array) stays until the next portion.

The count's bit 30 says that a cell is among the suspects; a count of just that bit says that the
cell is dead. While a portion runs, bits 30 and 31 of the kind are the colour: grey (looked at, the
references from grey cells are taken off the count), black (reached from outside).
"""

from __future__ import annotations

from collections.abc import Callable

from clef.memory_plan.plan import POINTER, Kind, Plan
from clef.mlir import circle_portions, circle_suspects, trial_deletion
from clef.mlir.functions import (
    FunctionState,
    branch,
    constant,
    do,
    finish,
    load,
    new_block,
    offset,
    op,
    open_block,
    start,
    switch,
)
from clef.mlir.heap import free, system_numbers, write_heap
from clef.mlir.module import ModuleState, want

SUSPECT = 1 << 30
KIND_MASK = (1 << 18) - 1
ALLOWANCE = 4096
"""How many cells are made between portions, at least."""
MOST_ALLOWANCE = 65536
STEPS = 8192
"""Steps of a portion: a cell is one, an array one and its length."""
STEPS_EACH = 1024
"""Steps for a single young suspect."""


def has_circles(plan: Plan) -> bool:
    """Whether the program has cells that can be in a circle."""
    return any(kind.traced for kind in plan.kinds.values())


def counted_down(module: ModuleState) -> str:
    """The function for a cell whose count (its second argument) went down to `SUSPECT` or less."""
    want(module, "clef_circles", _write)
    return "@clef_counted_down"


def made(state: FunctionState, kind: int, size: str = "") -> None:
    """A cell of this kind, or an array of `size` bytes, is going to be made."""
    module = state.module
    if not module.plan.kinds[kind].traced:
        return
    want(module, "clef_circles", _write)
    weight = constant(state, 1, "i32")
    if size:
        shift = constant(state, 5, module.word)
        blocks = op(state, f"llvm.lshr {size}, {shift} : {module.word}")
        if module.word != "i32":
            most = constant(state, 1 << 20, module.word)
            word = module.word
            blocks = op(state, f"llvm.intr.umin({blocks}, {most}) : ({word}, {word}) -> {word}")
            blocks = op(state, f"llvm.trunc {blocks} : {word} to i32")
        weight = op(state, f"llvm.add {blocks}, {weight} : i32")
    do(state, f"llvm.call fastcc @clef_made({weight}) : (i32) -> ()")


def collect(state: FunctionState) -> None:
    """Give back all circles, however long it takes."""
    if has_circles(state.module.plan):
        want(state.module, "clef_circles", _write)
        do(state, "llvm.call fastcc @clef_collect() : () -> ()")


def _write(module: ModuleState) -> None:
    from clef.mlir.ownership import want_cold_drop
    from clef.mlir.release import write_release

    want(module, "clef_allocate", write_heap)
    want(module, "clef_release", write_release)
    want_cold_drop(module)
    wide = module.word == "i64"
    can_unmap = module.target.system == "linux" and module.plan.pool_bytes is None
    values = {
        "{W}": module.word,
        "{SHIFT}": "3" if wide else "2",
        "{LOW}": "llvm.trunc" if wide else "llvm.bitcast",
        "{WIDE}": "llvm.zext" if wide else "llvm.bitcast",
        "{UNMAP}": circle_suspects.UNMAP if can_unmap else "",
        "{MUNMAP}": str(system_numbers(module)[1]),
        "{MASK}": str(KIND_MASK),
        "{SUSPECT}": str(SUSPECT),
        "{UNMARKED}": str(SUSPECT - 1),
        "{GREY}": str(1 << 30),
        "{BLACK}": str(-(1 << 31)),
        "{BOTH}": str(-(1 << 30)),
        "{ALLOWANCE}": str(ALLOWANCE),
        "{MOST_ALLOWANCE}": str(MOST_ALLOWANCE),
        "{STEPS}": str(STEPS),
        "{STEPS_EACH}": str(STEPS_EACH),
    }
    module.globals.append(_filled(circle_suspects.STATE, values))
    forms = "".join(f"\\0{_form(kind)}" for kind in module.plan.kinds.values())
    module.globals.append(f'  llvm.mlir.global internal constant @clef_forms("{forms}")')
    for text in (
        circle_suspects.LISTS,
        circle_suspects.SUSPECT,
        trial_deletion.TOUCH,
        trial_deletion.MARK,
        trial_deletion.PASS,
        circle_portions.PORTION,
        circle_portions.COLLECT,
    ):
        module.functions.append(_filled(text, values))
    _write_by_kind(module, "clef_trace", _trace_kind, [("%mode", "i32")])
    _write_by_kind(module, "clef_let_go", _let_go_kind, [])
    _write_by_kind(module, "clef_free_cell", _free_kind, [])


def _filled(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(name, value)
    return text


def _form(kind: Kind) -> int:
    if not kind.traced:
        return 0
    return 2 if kind.form == "array" else 1


# By kind ------------------------------------------------------------------------------------------


def _write_by_kind(
    module: ModuleState,
    name: str,
    write: Callable[[FunctionState, Kind], None],
    more: list[tuple[str, str]],
) -> None:
    """A function that does something with a cell of any kind that can be in a circle."""
    state = start(module)
    kind = load(state, offset(state, "%cell", 4), "i32")
    plain = op(state, f"llvm.and {kind}, {constant(state, KIND_MASK, 'i32')} : i32")
    groups: dict[tuple[object, ...], list[Kind]] = {}
    for one in module.plan.kinds.values():
        if one.traced:
            groups.setdefault((one.form, one.size, one.counted, one.traced), []).append(one)
    blocks = [(kinds, new_block(state)) for kinds in groups.values()]
    done = new_block(state)
    cases = [(one.number, block) for kinds, block in blocks for one in kinds]
    switch(state, plain, "i32", cases, done)
    for kinds, block in blocks:
        open_block(state, block)
        write(state, kinds[0])
        branch(state, done, (), ())
    open_block(state, done)
    do(state, "llvm.return")
    parameters = [("%cell", POINTER), *more]
    attributes = 'passthrough = ["noinline", "nounwind"]'
    finish(state, f"@{name}", parameters, attributes=attributes)


def _trace_kind(state: FunctionState, kind: Kind) -> None:
    def touch(state: FunctionState, child: str, place: int) -> None:
        do(state, f"llvm.call fastcc @clef_touch({child}, %mode) : ({POINTER}, i32) -> ()")

    _each_child(state, kind, kind.traced, touch)


def _let_go_kind(state: FunctionState, kind: Kind) -> None:
    def let_go(state: FunctionState, child: str, place: int) -> None:
        name = "clef_let_go_traced" if place in kind.traced else "clef_drop_cold"
        do(state, f"llvm.call fastcc @{name}({child}) : ({POINTER}) -> ()")

    _each_child(state, kind, kind.counted, let_go)


def _each_child(
    state: FunctionState,
    kind: Kind,
    places: tuple[int, ...],
    act: Callable[[FunctionState, str, int], None],
) -> None:
    from clef.mlir.release import each_element

    def fields(base: str) -> None:
        for place in places:
            act(state, load(state, offset(state, base, place), POINTER), place)

    if kind.form == "array":
        length = load(state, offset(state, "%cell", 8), "i32")
        each_element(state, "%cell", length, kind.size, fields)
    else:
        fields("%cell")


def _free_kind(state: FunctionState, kind: Kind) -> None:
    from clef.mlir.release import block_size

    if kind.form == "array":
        length = load(state, offset(state, "%cell", 8), "i32")
        free(state, "%cell", block_size(state, length, kind.size, False))
    else:
        free(state, "%cell", constant(state, kind.size, state.module.word))
