"""Calls of known functions, and returning.

Comes in: words of arguments and a signature. Goes out: call operations and the words of the result. Promises: words beyond the registers go
through `clef_argument_n` and `clef_result_n`, written last before the call or return and read first after it.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.memory_plan import Word
from clef.memory_plan.plan import POINTER, Signature
from clef.mlir.functions import (
    FunctionState,
    address,
    do,
    load,
    op,
    result_type,
    store,
)
from clef.mlir.module import declare

_FLOATS = ("f32", "f64")


def _area(state: FunctionState, name: str, words: Sequence[Word]) -> list[str]:
    """Addresses for words that do not fit registers: eight bytes each."""
    places: list[str] = []
    for index, _ in enumerate(words):
        full = f"clef_{name}_{index}"
        text = f"  llvm.mlir.global internal @{full}(0 : i64) : i64"
        places.append(address(state, declare(state.module, full, text)))
    return places


def split(
    values: Sequence[str], words: Sequence[Word], inside: Sequence[Word], outside: Sequence[Word]
) -> tuple[list[str], list[str]]:
    """Values for registers and values for the area."""
    if not outside:
        return list(values), []
    registers = register_indices(words, inside, outside)
    kept = [values[index] for index in registers]
    rest = [value for index, value in enumerate(values) if index not in set(registers)]
    return kept, rest


def register_indices(
    words: Sequence[Word], inside: Sequence[Word], outside: Sequence[Word]
) -> list[int]:
    """Which words are in registers. Words of one class (whole, float) keep their order, so counting per class finds them."""
    left = [0, 0]
    for word in inside:
        left[word.type in _FLOATS] += 1
    chosen: list[int] = []
    for index, word in enumerate(words):
        group = word.type in _FLOATS
        if left[group] and len(chosen) < len(inside):
            left[group] -= 1
            chosen.append(index)
    return chosen


def merge(
    kept: Sequence[str],
    rest: Sequence[str],
    words: Sequence[Word],
    shape: tuple[Sequence[Word], Sequence[Word]],
) -> list[str]:
    """The inverse of `split`."""
    if not shape[1]:
        return list(kept)
    registers = set(register_indices(words, *shape))
    first, second = iter(kept), iter(rest)
    return [next(first) if index in registers else next(second) for index in range(len(words))]


def call(
    state: FunctionState,
    target: str,
    sign: Signature,
    values: Sequence[str],
    words: Sequence[Word],
    results: Sequence[Word],
    tail: str = "",
    is_indirect: bool = False,
) -> list[str]:
    """Call `target` (a symbol, or a code pointer). `tail`: "", "tail" or "musttail"; then the caller must return at once."""
    kept, rest = split(values, words, sign.parameters, sign.spilled)
    for value, word, place in zip(
        rest, sign.spilled, _area(state, "argument", sign.spilled), strict=True
    ):
        store(state, value, place, word.type)
    result = result_type(sign.results)
    types = ", ".join(word.type for word in sign.parameters)
    indirect = f"{POINTER}, " if is_indirect else ""
    how = f"{tail} " if tail else ""
    text = (
        f"llvm.call fastcc {how}{target}({', '.join(kept)}) : {indirect}({types}) -> "
        f"{result or '()'}"
    )
    if not result:
        do(state, text)
        kept_results: list[str] = []
    else:
        value = op(state, text)
        if tail:
            return [value]
        kept_results = unpack(state, value, sign.results)
    if tail:
        return []
    return merge(
        kept_results, _read_area(state, sign), results, (sign.results, sign.spilled_results)
    )


def _read_area(state: FunctionState, sign: Signature) -> list[str]:
    places = _area(state, "result", sign.spilled_results)
    return [
        load(state, place, word.type)
        for place, word in zip(places, sign.spilled_results, strict=True)
    ]


def unpack(state: FunctionState, value: str, words: Sequence[Word]) -> list[str]:
    """The words of a call's result."""
    if len(words) == 1:
        return [value]
    type = result_type(words)
    return [
        op(state, f"llvm.extractvalue {value}[{index}] : {type}") for index in range(len(words))
    ]


def return_words(state: FunctionState, values: Sequence[str]) -> None:
    """Return from the function; ends the block."""
    words = state.results
    if state.spilled_results:
        all_words = state.all_results
        kept, rest = split(values, all_words, words, state.spilled_results)
        places = _area(state, "result", state.spilled_results)
        for value, word, place in zip(rest, state.spilled_results, places, strict=True):
            store(state, value, place, word.type)
        values = kept
    if not words:
        do(state, "llvm.return")
    elif len(words) == 1:
        do(state, f"llvm.return {values[0]} : {words[0].type}")
    else:
        do(state, f"llvm.return {pack(state, values, words)} : {result_type(words)}")


def pack(state: FunctionState, values: Sequence[str], words: Sequence[Word]) -> str:
    """One structure of several words."""
    type = result_type(words)
    value = op(state, f"llvm.mlir.undef : {type}")
    for index, word in enumerate(values):
        value = op(state, f"llvm.insertvalue {word}, {value}[{index}] : {type}")
    return value


def tail_return(state: FunctionState, values: Sequence[str], sign: Signature) -> None:
    """Return what a tail call gave, as it is; ends the block."""
    result = result_type(sign.results)
    do(state, f"llvm.return {values[0]} : {result}" if result else "llvm.return")


def entry_parameters(
    state: FunctionState, sign: Signature, words: Sequence[Word]
) -> tuple[list[tuple[str, str]], list[str]]:
    """The parameters of a function with this signature, and all its words, those of the area read at once."""
    parameters = [(f"%a{index}", word.type) for index, word in enumerate(sign.parameters)]
    places = _area(state, "argument", sign.spilled)
    rest = [load(state, place, word.type) for place, word in zip(places, sign.spilled, strict=True)]
    names = [name for name, _ in parameters]
    return parameters, merge(names, rest, words, (sign.parameters, sign.spilled))


def same_shape(one: Signature, other: Signature) -> bool:
    """Whether two signatures look alike to LLVM."""
    return [word.type for word in one.parameters] == [word.type for word in other.parameters] and [
        word.type for word in one.results
    ] == [word.type for word in other.results]
