"""Calls of known functions, and returning.

Comes in: words of arguments and a signature. Goes out: call operations and the words of the result.
Promises: words beyond the registers go through `clef_argument_n` and `clef_result_n`, written last
before the call or return and read first after it. In a uniform signature every word travels as one
of three types, and unused parameters are zero.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.memory_plan import Word
from clef.memory_plan.plan import (
    POINTER,
    UNIFORM_PARAMETERS,
    UNIFORM_RESULT,
    Signature,
    uniform_type,
)
from clef.memory_plan.signatures import register_class
from clef.mlir.functions import (
    FunctionState,
    address,
    do,
    load,
    op,
    result_type,
    store,
    zero,
)
from clef.mlir.module import declare


def begin(state: FunctionState, sign: Signature, results: Sequence[Word]) -> None:
    """Give a function its signature; `results` are all words of its result."""
    state.sign, state.all_results = sign, tuple(results)
    state.results = (Word(UNIFORM_RESULT),) if sign.is_uniform else sign.results


def _area(state: FunctionState, name: str, words: Sequence[Word]) -> list[str]:
    """Addresses for words that do not fit registers: eight bytes each."""
    places: list[str] = []
    for index, _ in enumerate(words):
        full = f"clef_{name}_{index}"
        text = f"  llvm.mlir.global internal @{full}(0 : i64) : i64"
        places.append(address(state, declare(state.module, full, text)))
    return places


def _register_indices(words: Sequence[Word], inside: Sequence[Word], is_uniform: bool) -> list[int]:
    """Which words are in registers. Words of one class keep their order, so counting per class
    finds them.
    """
    left: dict[str, int] = {}
    for word in inside:
        group = register_class(word, is_uniform)
        left[group] = left.get(group, 0) + 1
    chosen: list[int] = []
    for index, word in enumerate(words):
        group = register_class(word, is_uniform)
        if left.get(group):
            left[group] -= 1
            chosen.append(index)
    return chosen


def _split(
    values: Sequence[str], words: Sequence[Word], inside: Sequence[Word], is_uniform: bool
) -> tuple[list[str], list[str]]:
    """Values for registers and values for the area."""
    registers = _register_indices(words, inside, is_uniform)
    chosen = set(registers)
    rest = [value for index, value in enumerate(values) if index not in chosen]
    return [values[index] for index in registers], rest


def _merge(
    kept: Sequence[str],
    rest: Sequence[str],
    words: Sequence[Word],
    inside: Sequence[Word],
    is_uniform: bool,
) -> list[str]:
    """The inverse of `_split`."""
    registers = set(_register_indices(words, inside, is_uniform))
    first, second = iter(kept), iter(rest)
    return [next(first) if index in registers else next(second) for index in range(len(words))]


# Words of uniform signatures ----------------------------------------------------------------------


def _widen(state: FunctionState, value: str, word: Word, target: str) -> str:
    """A word as the type it travels as."""
    match word.type:
        case kind if kind == target:
            return value
        case "!llvm.ptr":
            return op(state, f"llvm.ptrtoint {value} : {POINTER} to {target}")
        case "f64":
            return op(state, f"llvm.bitcast {value} : f64 to i64")
        case "f32":
            bits = op(state, f"llvm.bitcast {value} : f32 to i32")
            return _widen(state, bits, Word("i32"), target)
        case kind:
            return op(state, f"llvm.zext {value} : {kind} to {target}")


def _narrow(state: FunctionState, value: str, word: Word, source: str) -> str:
    """The inverse of `_widen`."""
    match word.type:
        case kind if kind == source:
            return value
        case "!llvm.ptr":
            return op(state, f"llvm.inttoptr {value} : {source} to {POINTER}")
        case "f64":
            return op(state, f"llvm.bitcast {value} : i64 to f64")
        case "f32":
            bits = _narrow(state, value, Word("i32"), source)
            return op(state, f"llvm.bitcast {bits} : i32 to f32")
        case kind:
            return op(state, f"llvm.trunc {value} : {source} to {kind}")


def _uniform_places(words: Sequence[Word]) -> list[int]:
    """The parameter that each word is in."""
    free = {
        type: [at for at, held in enumerate(UNIFORM_PARAMETERS) if held == type]
        for type in set(UNIFORM_PARAMETERS)
    }
    return [free[uniform_type(word)].pop(0) for word in words]


def _lower_arguments(
    state: FunctionState, sign: Signature, kept: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Values and types of the call's operands."""
    if not sign.is_uniform:
        return list(kept), [word.type for word in sign.parameters]
    operands = [""] * len(UNIFORM_PARAMETERS)
    for value, word, at in zip(
        kept, sign.parameters, _uniform_places(sign.parameters), strict=True
    ):
        operands[at] = _widen(state, value, word, UNIFORM_PARAMETERS[at])
    filled = [
        value or zero(state, type) for value, type in zip(operands, UNIFORM_PARAMETERS, strict=True)
    ]
    return filled, list(UNIFORM_PARAMETERS)


# Calling ------------------------------------------------------------------------------------------


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
    """Call `target` (a symbol, or a code pointer). `tail`: "", "tail" or "musttail"; then the
    caller must return at once.
    """
    kept, rest = _split(values, words, sign.parameters, sign.is_uniform)
    operands, types = _lower_arguments(state, sign, kept)
    places = _area(state, "argument", sign.spilled)
    for value, word, place in zip(rest, sign.spilled, places, strict=True):
        store(state, value, place, word.type)
    result = UNIFORM_RESULT if sign.is_uniform else result_type(sign.results)
    indirect = f"{POINTER}, " if is_indirect else ""
    how = f"{tail} " if tail else ""
    text = (
        f"llvm.call fastcc {how}{target}({', '.join(operands)}) : {indirect}"
        f"({', '.join(types)}) -> {result or '()'}"
    )
    given: list[str] = []
    if result:
        given = [op(state, text)]
    else:
        do(state, text)
    return given if tail else _read_results(state, sign, given, results)


def _read_results(
    state: FunctionState, sign: Signature, given: list[str], results: Sequence[Word]
) -> list[str]:
    if sign.is_uniform:
        kept = [_narrow(state, given[0], word, UNIFORM_RESULT) for word in sign.results]
    elif len(sign.results) > 1:
        type = result_type(sign.results)
        kept = [
            op(state, f"llvm.extractvalue {given[0]}[{index}] : {type}")
            for index in range(len(sign.results))
        ]
    else:
        kept = given
    places = _area(state, "result", sign.spilled_results)
    rest = [
        load(state, place, word.type)
        for place, word in zip(places, sign.spilled_results, strict=True)
    ]
    return _merge(kept, rest, results, sign.results, sign.is_uniform)


def return_words(state: FunctionState, values: Sequence[str]) -> None:
    """Return from the function; ends the block."""
    sign = state.sign
    assert sign is not None
    kept, rest = _split(values, state.all_results, sign.results, sign.is_uniform)
    places = _area(state, "result", sign.spilled_results)
    for value, word, place in zip(rest, sign.spilled_results, places, strict=True):
        store(state, value, place, word.type)
    if sign.is_uniform:
        widened = [
            _widen(state, value, word, UNIFORM_RESULT)
            for value, word in zip(kept, sign.results, strict=True)
        ]
        kept = widened or [zero(state, UNIFORM_RESULT)]
    if not kept:
        do(state, "llvm.return")
    elif len(kept) == 1:
        do(state, f"llvm.return {kept[0]} : {state.results[0].type}")
    else:
        do(state, f"llvm.return {_pack(state, kept)} : {result_type(state.results)}")


def _pack(state: FunctionState, values: Sequence[str]) -> str:
    """One structure of several words."""
    type = result_type(state.results)
    value = op(state, f"llvm.mlir.undef : {type}")
    for index, word in enumerate(values):
        value = op(state, f"llvm.insertvalue {word}, {value}[{index}] : {type}")
    return value


def tail_return(state: FunctionState, values: Sequence[str]) -> None:
    """Return what a tail call gave, as it is; ends the block."""
    result = result_type(state.results)
    do(state, f"llvm.return {values[0]} : {result}" if result else "llvm.return")


def entry_parameters(
    state: FunctionState, sign: Signature, words: Sequence[Word]
) -> tuple[list[tuple[str, str]], list[str]]:
    """The parameters of a function with this signature, and all its words, those of the area read
    at once.
    """
    if sign.is_uniform:
        parameters = [(f"%a{index}", type) for index, type in enumerate(UNIFORM_PARAMETERS)]
        names = [
            _narrow(state, parameters[at][0], word, UNIFORM_PARAMETERS[at])
            for word, at in zip(sign.parameters, _uniform_places(sign.parameters), strict=True)
        ]
    else:
        parameters = [(f"%a{index}", word.type) for index, word in enumerate(sign.parameters)]
        names = [name for name, _ in parameters]
    places = _area(state, "argument", sign.spilled)
    rest = [load(state, place, word.type) for place, word in zip(places, sign.spilled, strict=True)]
    return parameters, _merge(names, rest, words, sign.parameters, sign.is_uniform)


def same_shape(one: Signature, other: Signature) -> bool:
    """Whether two signatures look alike to LLVM, and tail calls between them can be guaranteed."""
    if not (one.is_bound and other.is_bound):
        return False
    if one.is_uniform or other.is_uniform:
        return one.is_uniform == other.is_uniform
    return [word.type for word in one.parameters] == [word.type for word in other.parameters] and [
        word.type for word in one.results
    ] == [word.type for word in other.results]


def returns_alike(one: Signature, other: Signature) -> bool:
    """Whether the result of a call with one signature can be returned as it is by a function with
    the other.
    """
    alike = [word.type for word in one.results] == [word.type for word in other.results]
    spilled = [word.type for word in one.spilled_results] == [
        word.type for word in other.spilled_results
    ]
    return alike and spilled and one.is_uniform == other.is_uniform
