"""Building the text of one function: values, blocks, constants, memory access.

Comes in: operations as text. Goes out: a function in the module. Promises: constants and stack
slots are made once, at the start; blocks that are seldom entered come last; every operation ends
with the current location.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

from clef.data_classes import dataclass, field
from clef.memory_plan import FunctionPlan, Word
from clef.memory_plan.plan import POINTER, Signature
from clef.mlir.module import ModuleState, tag
from clef.typed_core.core import Function


@dataclass(slots=True)
class FunctionState:
    """`values`: words of each local; of a mutable local, the addresses of its slots. `results`:
    words as LLVM returns them; `all_results`: those of the result. `handler`: where exceptional
    paths go, if not out of the function. `labels`: blocks of join points. `used`: blocks that
    something branches to. `is_rare`: in a loop that is seldom entered. `is_seldom`: what stands
    here runs once or hardly ever. `tokens`: where the blocks are that wait for being used again.
    `caught`: the locals that hold exceptions in handlers.
    """

    module: ModuleState
    results: tuple[Word, ...] = ()
    all_results: tuple[Word, ...] = ()
    sign: Signature | None = None
    function: Function | None = None
    tables: FunctionPlan | None = None
    prelude: list[str] = field(default_factory=list[str])
    lines: list[str] = field(default_factory=list[str])
    hot: list[str] = field(default_factory=list[str])
    cold: list[str] = field(default_factory=list[str])
    count: int = 0
    block_count: int = 0
    location: str = ""
    base_location: str = ""
    scope: str = ""
    scope_path: str = ""
    scope_line: int = 0
    values: dict[int, list[str]] = field(default_factory=dict[int, list[str]])
    constants: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    labels: dict[int, str] = field(default_factory=dict[int, str])
    used: set[str] = field(default_factory=set[str])
    tokens: dict[int, str] = field(default_factory=dict[int, str])
    handler: str = ""
    caught: set[int] = field(default_factory=set[int])
    is_rare: bool = False
    is_seldom: bool = False
    exits: dict[tuple[object, ...], str] = field(default_factory=dict[tuple[object, ...], str])


def start(module: ModuleState) -> FunctionState:
    """A function without a body yet."""
    state = FunctionState(module)
    state.lines = state.hot
    return state


def op(state: FunctionState, text: str) -> str:
    """Add an operation with one result; gives its name."""
    name = f"%{state.count}"
    state.count += 1
    state.lines.append(f"    {name} = {text}{state.location}")
    return name


def do(state: FunctionState, text: str) -> None:
    """Add an operation without a result."""
    state.lines.append(f"    {text}{state.location}")


def prelude(state: FunctionState, text: str) -> str:
    """Add an operation at the start of the function."""
    name = f"%{state.count}"
    state.count += 1
    state.prelude.append(f"    {name} = {text}")
    return name


def new_block(state: FunctionState) -> str:
    """A name for a block."""
    state.block_count += 1
    return f"^b{state.block_count}"


def open_block(state: FunctionState, name: str, words: Sequence[Word] = ()) -> list[str]:
    """Start a block; gives the names of its arguments."""
    names: list[str] = []
    for _ in words:
        names.append(f"%{state.count}")
        state.count += 1
    arguments = ", ".join(f"{value}: {word.type}" for value, word in zip(names, words, strict=True))
    state.lines.append(f"  {name}({arguments}):" if arguments else f"  {name}:")
    return names


def branch(state: FunctionState, name: str, values: Sequence[str], words: Sequence[Word]) -> None:
    """Go to a block."""
    state.used.add(name)
    if values:
        types = ", ".join(word.type for word in words)
        do(state, f"llvm.br {name}({', '.join(values)} : {types})")
    else:
        do(state, f"llvm.br {name}")


def branch_if(state: FunctionState, condition: str, yes: str, no: str, weights: str = "") -> None:
    """Go to one of two blocks; `weights`: how often each, such as `2000, 1`."""
    state.used.update((yes, no))
    if weights and state.module.options.hints:
        do(state, f"llvm.cond_br {condition} weights([{weights}]), {yes}, {no}")
    else:
        do(state, f"llvm.cond_br {condition}, {yes}, {no}")


def switch(
    state: FunctionState, value: str, type: str, cases: Iterable[tuple[int, str]], default: str
) -> None:
    """Go to the block of the case."""
    listed = list(cases)
    state.used.update(block for _, block in listed)
    state.used.add(default)
    texts = ", ".join([f"{key}: {block}" for key, block in listed])
    do(state, f"llvm.switch {value} : {type}, {default} [{texts}]")


# Constants ----------------------------------------------------------------------------------------


def constant(state: FunctionState, value: int | float, type: str) -> str:
    """A number; floats are written as bits, so that nothing is rounded."""
    if type in ("f32", "f64"):
        text = float_bits(float(value), type)
    elif type == "i1":
        text = "true" if value else "false"
    else:
        text = str(signed(int(value), int(type[1:])))
    key = (text, type)
    found = state.constants.get(key)
    if found is None:
        typed = text if type == "i1" else f"{text} : {type}"
        found = state.constants[key] = prelude(state, f"llvm.mlir.constant({typed}) : {type}")
    return found


def signed(value: int, bits: int) -> int:
    """The number that these bits stand for."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def all_of(state: FunctionState, flags: Sequence[str]) -> str:
    """Whether all of these hold."""
    if not flags:
        return constant(state, 1, "i1")
    result, *rest = flags
    for flag in rest:
        result = op(state, f"llvm.and {result}, {flag} : i1")
    return result


def float_bits(value: float, type: str) -> str:
    """The bits of a float as MLIR writes them."""
    if type == "f64":
        return f"0x{struct.unpack('<Q', struct.pack('<d', value))[0]:016X}"
    try:
        packed = struct.pack("<f", value)
    except OverflowError:
        packed = struct.pack("<f", float("inf") if value > 0 else float("-inf"))
    return f"0x{struct.unpack('<I', packed)[0]:08X}"


def null(state: FunctionState) -> str:
    """The null reference."""
    return zero(state, POINTER)


def zero(state: FunctionState, type: str) -> str:
    """Zero of any word type."""
    if type != POINTER:
        return constant(state, 0, type)
    key = ("null", type)
    found = state.constants.get(key)
    if found is None:
        found = state.constants[key] = prelude(state, f"llvm.mlir.zero : {type}")
    return found


def address(state: FunctionState, name: str) -> str:
    """The address of a global thing (its symbol)."""
    key = (name, "address")
    found = state.constants.get(key)
    if found is None:
        found = prelude(state, f"llvm.mlir.addressof {name} : {POINTER}")
        state.constants[key] = found
    return found


# Memory -------------------------------------------------------------------------------------------


def offset(state: FunctionState, pointer: str, bytes: int) -> str:
    """An address some bytes further on."""
    if bytes == 0:
        return pointer
    return op(
        state, f"llvm.getelementptr inbounds {pointer}[{bytes}] : ({POINTER}) -> {POINTER}, i8"
    )


def load(state: FunctionState, pointer: str, type: str, memory_class: str = "") -> str:
    """Read a word. Booleans are a byte in memory."""
    attribute = " " + tag(state.module, memory_class) if memory_class else ""
    if type != "i1":
        return op(state, f"llvm.load {pointer}{attribute} : {POINTER} -> {type}")
    byte = op(state, f"llvm.load {pointer}{attribute} : {POINTER} -> i8")
    return op(state, f"llvm.trunc {byte} : i8 to i1")


def store(
    state: FunctionState, value: str, pointer: str, type: str, memory_class: str = ""
) -> None:
    """Write a word."""
    attribute = " " + tag(state.module, memory_class) if memory_class else ""
    if type == "i1":
        value = op(state, f"llvm.zext {value} : i1 to i8")
        type = "i8"
    do(state, f"llvm.store {value}, {pointer}{attribute} : {type}, {POINTER}")


def load_volatile(state: FunctionState, pointer: str, type: str) -> str:
    """Read a word of a device: exactly once, in the order of the program."""
    stored = "i8" if type == "i1" else type
    value = op(state, f"llvm.load volatile {pointer} : {POINTER} -> {stored}")
    return op(state, f"llvm.trunc {value} : i8 to i1") if type == "i1" else value


def store_volatile(state: FunctionState, value: str, pointer: str, type: str) -> None:
    """Write a word of a device: exactly once, in the order of the program."""
    stored = type
    if type == "i1":
        value, stored = op(state, f"llvm.zext {value} : i1 to i8"), "i8"
    do(state, f"llvm.store volatile {value}, {pointer} : {stored}, {POINTER}")


def memory_class(group: str, type: str) -> str:
    """The class of a word of this type in a group of places."""
    return f"{group}.{'i8' if type == 'i1' else type.rpartition('.')[2]}"


def load_words(
    state: FunctionState, base: str, words: Sequence[Word], offsets: Sequence[int], group: str
) -> list[str]:
    """Read words at offsets from an address."""
    return [
        load(
            state,
            offset(state, base, place),
            word.type,
            memory_class(group, word.type) if group else "",
        )
        for word, place in zip(words, offsets, strict=True)
    ]


def store_words(
    state: FunctionState,
    values: Sequence[str],
    base: str,
    words: Sequence[Word],
    offsets: Sequence[int],
    group: str,
) -> None:
    """Write words at offsets from an address."""
    for value, word, place in zip(values, words, offsets, strict=True):
        tagged = memory_class(group, word.type) if group else ""
        store(state, value, offset(state, base, place), word.type, tagged)


def slot(state: FunctionState, type: str) -> str:
    """A stack slot for a word."""
    one = constant(state, 1, "i32")
    held = "i8" if type == "i1" else type
    return prelude(state, f"llvm.alloca {one} x {held} : (i32) -> {POINTER}")


# The whole function -------------------------------------------------------------------------------


def result_type(words: Sequence[Word]) -> str:
    """The type of a function's result: nothing, a word, or a structure of words."""
    if not words:
        return ""
    if len(words) == 1:
        return words[0].type
    inner = ", ".join("ptr" if word.type == POINTER else word.type for word in words)
    return f"!llvm.struct<({inner})>"


def finish(
    state: FunctionState,
    name: str,
    parameters: Sequence[tuple[str, str]],
    linkage: str = "internal fastcc",
    attributes: str = "",
    location: str = "",
) -> None:
    """Add the function to the module."""
    listed = ", ".join(f"{value}: {type}" for value, type in parameters)
    result = result_type(state.results)
    arrow = f" -> {result}" if result else ""
    extra = f" attributes {{{attributes}}}" if attributes else ""
    text = [f"  llvm.func {linkage} {name}({listed}){arrow}{extra} {{".replace("  (", " (")]
    text += [line + state.base_location for line in state.prelude]
    text += state.hot
    text += state.cold
    text.append("  }" + location)
    state.module.functions.append("\n".join(text))
