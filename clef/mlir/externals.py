"""Calls of C functions, and functions that C calls.

Comes in: an `External` or an address, and the words of the arguments. Goes out: the call. Promises:
the C calling convention for numbers, pointers and strings (the address of the bytes, which end in
zero) and arrays (the address of the first element); an option of an address is null when it is
None; structures of several words go by value; imports of WASI keep their module's name. An
exception that would reach C ends the program.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.memory_plan import Layout, Word
from clef.memory_plan.foreign import (
    callback_types,
    flattened,
    is_nullable_pointer,
    pointed_function,
)
from clef.memory_plan.plan import ARRAY_START, POINTER
from clef.mlir import closures
from clef.mlir.c_calls import caller_name, passes_structures, structures_of
from clef.mlir.calls import call
from clef.mlir.functions import (
    FunctionState,
    address,
    constant,
    do,
    finish,
    load_words,
    null,
    offset,
    op,
    prelude,
    start,
    store_words,
    zero,
)
from clef.mlir.module import ModuleState, declare, symbol, want
from clef.typed_core.core import External, Literal, MakeClosure, MonoType, Primitive

Words = list[str]


def _c_word(module: ModuleState, type: MonoType) -> Word | None:
    """The word that C sees; nothing for unit."""
    words = module.layout(type).words
    if is_nullable_pointer(type, module.plan):
        return words[1]
    if len(words) > 1:
        raise NotImplementedError(f"a value of type {type} for a C function")
    return words[0] if words else None


def _to_c(state: FunctionState, type: MonoType, words: Words) -> str:
    layout = state.module.layout(type)
    if is_nullable_pointer(type, state.module.plan):
        return words[1]  # zero in a None
    return offset(state, words[0], ARRAY_START) if layout.kind else words[0]


def _from_c(state: FunctionState, type: MonoType, value: str) -> Words:
    if not is_nullable_pointer(type, state.module.plan):
        return [value]
    tag, kind = (word.type for word in state.module.layout(type).words)
    nothing = null(state) if kind == POINTER else zero(state, kind)
    there = op(state, f'llvm.icmp "ne" {value}, {nothing} : {kind}')
    return [op(state, f"llvm.zext {there} : i1 to {tag}"), value]


def _extended(module: ModuleState, layout: Layout, word: Word) -> str:
    """A parameter's type; C wants small integers extended."""
    if word.type == "i1":
        return "i1 {llvm.zeroext}"
    is_wide = word.type == "i32" and module.target.architecture == "riscv64"
    if is_wide or (word.type in ("i8", "i16") and layout.is_signed):
        return f"{word.type} {{llvm.signext}}"
    return f"{word.type} {{llvm.zeroext}}" if word.type in ("i8", "i16") else word.type


def _arguments(
    state: FunctionState, types: Sequence[MonoType], values: Sequence[Words]
) -> tuple[list[str], list[str], list[str]]:
    """Operands, their types, and their types with what C says about them."""
    operands: list[str] = []
    plain: list[str] = []
    extended: list[str] = []
    for type, words in zip(types, values, strict=True):
        word = _c_word(state.module, type)
        if word is not None:
            operands.append(_to_c(state, type, words))
            plain.append(word.type)
            extended.append(_extended(state.module, state.module.layout(type), word))
    return operands, plain, extended


def call_external(state: FunctionState, external: External, values: list[Words]) -> Words:
    """Call it; references to cells become addresses of their contents, structures travel through
    memory.
    """
    if passes_structures(state.module.plan, external):
        return _call_with_structures(state, external, values)
    operands, types, extended = _arguments(state, external.parameters, values)
    name = _declare(state.module, external, extended)
    return _call(state, name, operands, types, external.result)


def _call_with_structures(state: FunctionState, external: External, values: list[Words]) -> Words:
    """Call the function of C that calls it (`c_calls.py`) with addresses of the structures."""
    module = state.module
    given, *taken = structures_of(module.plan, external)
    result = module.layout(external.result)
    operands: list[str] = []
    types: list[str] = []
    if given is not None:
        operands.append(_room(state, result))
        types.append(POINTER)
    for type, words, structure in zip(external.parameters, values, taken, strict=True):
        if structure is None:
            more, _, extended = _arguments(state, [type], [words])
            operands += more
            types += extended
            continue
        layout = module.layout(type)
        operands.append(_room(state, layout))
        types.append(POINTER)
        store_words(state, words, operands[-1], layout.words, layout.memory.offsets, "")
    name = "@" + caller_name(external)
    word = _c_word(module, external.result) if given is None else None
    arrow = f" -> {word.type}" if word is not None else ""
    declare(module, name[1:], f"  llvm.func {name}({', '.join(types)}){arrow}")
    if given is None:
        return _call(state, name, operands, types, external.result)
    do(state, f"llvm.call {name}({', '.join(operands)}) : ({', '.join(types)}) -> ()")
    return load_words(state, operands[0], result.words, result.memory.offsets, "")


def _room(state: FunctionState, layout: Layout) -> str:
    """Memory on the stack for a structure."""
    count = constant(state, -(-layout.memory.size // 8), "i32")
    return prelude(state, f"llvm.alloca {count} x i64 : (i32) -> {POINTER}")


def call_pointer(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """call_pointer: the C function at an address."""
    types = [atom.type for atom in node.arguments[1:]]
    operands, plain, extended = _arguments(state, types, values[1:])
    (target,) = values[0]
    return _call(state, target, operands, plain, node.type, extended)


def _call(
    state: FunctionState,
    target: str,
    operands: Sequence[str],
    types: Sequence[str],
    result: MonoType,
    extended: Sequence[str] = (),
) -> Words:
    word = _c_word(state.module, result)
    arrow = word.type if word is not None else "()"
    pointer = "" if target.startswith("@") else f"{POINTER}, "
    text = (
        f"llvm.call {target}({', '.join(operands)}) : {pointer}"
        f"({', '.join(extended or types)}) -> {arrow}"
    )
    if word is None:
        do(state, text)
        return []
    return _from_c(state, result, op(state, text))


def _declare(module: ModuleState, external: External, types: Sequence[str]) -> str:
    """The declaration."""
    word = _c_word(module, external.result)
    arrow = f" -> {word.type}" if word is not None else ""
    attributes = ""
    if module.target.object_format == "wasm" and external.library:
        attributes = (
            f' attributes {{passthrough = [["wasm-import-module", "{external.library}"], '
            f'["wasm-import-name", "{external.symbol}"]]}}'
        )
    text = f"  llvm.func @{external.symbol}({', '.join(types)}){arrow}{attributes}"
    return declare(module, external.symbol, text)


# Function pointers --------------------------------------------------------------------------------


def symbol_pointer(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """symbol_pointer: the address of a C function."""
    label = node.arguments[0]
    assert isinstance(label, Literal)
    module = state.module
    external = module.program.externals[str(label.value)]
    extended: list[str] = []
    for type in external.parameters:
        word = _c_word(module, type)
        if word is not None:
            extended.append(_extended(module, module.layout(type), word))
    return [address(state, _declare(module, external, extended))]


def function_pointer(state: FunctionState, node: Primitive, values: list[Words]) -> Words:
    """function_pointer: the address of code that C can call."""
    assert state.function is not None
    made = pointed_function(state.function, node)
    name = f"{made.function}$c"
    return [address(state, want(state.module, name, lambda module: _write(module, name, made)))]


def _write(module: ModuleState, name: str, made: MakeClosure) -> None:
    """The code that C calls: it calls the function, and gives what that gives."""
    state = start(module)
    types, result = callback_types(module.program, made)
    word = _c_word(module, result)
    state.results = (word,) if word is not None else ()
    parameters: list[tuple[str, str]] = []
    given: Words = []
    for type in (part for one in types for part in flattened(one)):
        held = _c_word(module, type)
        if held is not None:
            parameters.append((f"%a{len(parameters)}", held.type))
            given += _from_c(state, type, parameters[-1][0])
    words = _call_function(state, made, given, types, result)
    if made.function in module.coeffects.may_raise:
        _end_when_pending(state)
    if word is None:
        do(state, "llvm.return")
    else:
        do(state, f"llvm.return {_to_c(state, result, words)} : {word.type}")
    finish(state, symbol(name), parameters, linkage="internal")


def _call_function(
    state: FunctionState,
    made: MakeClosure,
    given: Words,
    types: Sequence[MonoType],
    result: MonoType,
) -> Words:
    module = state.module
    (cell,) = closures.make(state, made.function, [])
    sign = closures.code_signature(module, made.type, len(types))
    words = [word for type in types for word in module.layout(type).words]
    code = closures.code_symbol(module, made.function)
    cell_word = Word(POINTER, counted=True)
    results = module.layout(result).words
    return call(state, code, sign, [cell, *given], [cell_word, *words], results)


def _end_when_pending(state: FunctionState) -> None:
    """C cannot pass on an exception: the program ends as it does with one that nobody handles."""
    from clef.mlir.exceptions import is_pending
    from clef.mlir.functions import branch_if, new_block, open_block
    from clef.mlir.outside import end_process
    from clef.mlir.start import report

    failed, fine = new_block(state), new_block(state)
    branch_if(state, is_pending(state), failed, fine, "1, 2000")
    open_block(state, failed)
    end_process(state, report(state))
    do(state, "llvm.unreachable")
    open_block(state, fine)


OPERATIONS = {
    "call_pointer": call_pointer,
    "function_pointer": function_pointer,
    "symbol_pointer": symbol_pointer,
}
