"""Function values: cells, their code, and calling them (eval/apply: Marlow, Peyton Jones, JFP
2006).

Comes in: functions used as values and calls of unknown functions. Goes out: static cells, code with
the calling convention of its type, and helpers for calls whose argument count may differ from the
arity. Promises: code owns its cell; where all values of a type have the arity of the call, the call
is a single indirect one.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.memory_plan import Word
from clef.memory_plan.plan import CODE_OFFSET, POINTER, Partial, Signature
from clef.memory_plan.signatures import closure_signature
from clef.mlir.calls import (
    begin,
    call,
    entry_parameters,
    return_words,
    returns_alike,
    same_shape,
    tail_return,
)
from clef.mlir.data import new_cell
from clef.mlir.functions import (
    FunctionState,
    address,
    branch_if,
    constant,
    do,
    finish,
    load,
    load_words,
    new_block,
    null,
    offset,
    op,
    open_block,
    result_type,
    start,
    store,
    store_words,
)
from clef.mlir.module import ModuleState, callee, declare, symbol, want
from clef.mlir.ownership import closure_word, drop_reference, duplicate
from clef.typed_core.core import MonoType

_CELL_WORD = Word(POINTER, counted=True)

__all__ = ["Signature", "call_value", "code_signature", "make"]


def code_signature(module: ModuleState, type: MonoType, count: int) -> Signature:
    """How the code of a value of this type and arity is called."""
    return closure_signature(module.plan, module.layouts, type, count)


def result_after(type: MonoType, count: int) -> MonoType:
    """The type that is left after some arguments."""
    for _ in range(count):
        type = type.arguments[1]
    return type


def argument_words(module: ModuleState, type: MonoType, count: int) -> list[Word]:
    """The words of the first arguments."""
    words: list[Word] = []
    for _ in range(count):
        words += module.layout(type.arguments[0]).words
        type = type.arguments[1]
    return words


# Making -------------------------------------------------------------------------------------------


def make(
    state: FunctionState, function: str, captures: list[str], token: int | None = None
) -> list[str]:
    """A function value, of what the token holds if there is one."""
    module = state.module
    closure = module.plan.closures[function]
    code = code_symbol(module, function)
    if closure.is_static:
        return [address(state, _static_cell(module, function, closure.cell.kind, code))]
    cell = new_cell(state, closure.cell.kind, closure.cell.size, token)
    store(state, address(state, code), offset(state, cell, CODE_OFFSET), POINTER, "field.ptr")
    offsets = [place for field in closure.cell.fields for place in field]
    store_words(state, captures, cell, capture_words(module, function), offsets, "field")
    return [cell]


def capture_words(module: ModuleState, function: str) -> list[Word]:
    """The words of a function's captures."""
    definition = module.program.functions[function]
    captured = definition.parameters[: definition.capture_count]
    return [word for local in captured for word in module.layout(local.type).words]


def _static_cell(module: ModuleState, function: str, kind: int, code: str) -> str:
    type = "!llvm.struct<(i32, i32, ptr)>"
    name = symbol(function + "$value")
    text = f"""  llvm.mlir.global internal constant {name}() {{alignment = 16 : i64}} : {type} {{
    %0 = llvm.mlir.undef : {type}
    %1 = llvm.mlir.constant(-1 : i32) : i32
    %2 = llvm.mlir.constant({kind} : i32) : i32
    %3 = llvm.mlir.addressof {code} : {POINTER}
    %4 = llvm.insertvalue %1, %0[0] : {type}
    %5 = llvm.insertvalue %2, %4[1] : {type}
    %6 = llvm.insertvalue %3, %5[2] : {type}
    llvm.return %6 : {type}
  }}"""
    return declare(module, function + "$value", text)


def code_symbol(module: ModuleState, function: str) -> str:
    """The code that a value of this function points to."""
    if module.plan.closures[function].in_environment:
        return callee(module, function)
    return want(module, function + "$code", lambda state: _write_code(state, function))


def _write_code(module: ModuleState, function: str) -> None:
    """Code that takes the captures out of the cell and calls the function itself."""
    definition = module.program.functions[function]
    closure = module.plan.closures[function]
    state = start(module)
    parameters = definition.parameters[definition.capture_count :]
    words = [word for local in parameters for word in module.layout(local.type).words]
    sign = _bound_signature(module, [_CELL_WORD, *words], definition.result)
    begin(state, sign, module.layout(definition.result).words)
    listed, values = entry_parameters(state, sign, [_CELL_WORD, *words])
    captured = capture_words(module, function)
    offsets = [place for field in closure.cell.fields for place in field]
    taken = load_words(state, values[0], captured, offsets, "field")
    if not closure.is_static:
        duplicate(state, taken, captured)
        drop_reference(state, values[0], closure_word(module, closure.cell))
    target = module.plan.functions[function].signature
    _forward(state, callee(module, function), target, [*taken, *values[1:]], [*captured, *words])
    finish(state, symbol(function + "$code"), listed)


def _bound_signature(module: ModuleState, words: Sequence[Word], result: MonoType) -> Signature:
    from clef.memory_plan.signatures import signature

    return signature(module.plan, words, module.layout(result).words, True)


def _forward(
    state: FunctionState,
    target: str,
    sign: Signature,
    values: list[str],
    words: Sequence[Word],
    is_indirect: bool = False,
) -> None:
    """Call as the last thing and return what it gives; without growing the stack when results
    travel the same way.
    """
    assert state.sign is not None
    if returns_alike(sign, state.sign):
        tail = "musttail" if same_shape(state.sign, sign) else "tail"
        given = call(state, target, sign, values, words, (), tail, is_indirect)
        tail_return(state, given)
        return
    given = call(state, target, sign, values, words, state.all_results, "", is_indirect)
    return_words(state, given)


# Calling ------------------------------------------------------------------------------------------


def call_value(
    state: FunctionState, type: MonoType, count: int, function: str, values: list[str], tail: str
) -> list[str]:
    """Call a function value with `count` arguments."""
    module = state.module
    sign = code_signature(module, type, count)
    words = [*module.layout(type).words, *argument_words(module, type, count)]
    results = module.layout(result_after(type, count)).words
    everything = [function, *values]
    if module.plan.arities.get(type, {count}) == {count}:
        code = load(state, offset(state, function, CODE_OFFSET), POINTER, "field.ptr")
        return call(state, code, sign, everything, words, results, tail, is_indirect=True)
    name = want(
        module, f"clef_apply_{type.id}_{count}", lambda state: _write_apply(state, type, count)
    )
    return call(state, name, sign, everything, words, results, tail)


def _write_apply(module: ModuleState, type: MonoType, count: int) -> None:
    """A call whose argument count need not be the arity."""
    state = start(module)
    sign = code_signature(module, type, count)
    words = [*module.layout(type).words, *argument_words(module, type, count)]
    begin(state, sign, module.layout(result_after(type, count)).words)
    listed, values = entry_parameters(state, sign, words)
    kind = load(state, offset(state, values[0], 4), "i32", "kind")
    arities = sorted(module.plan.arities[type])
    for position, arity in enumerate(arities):
        if position + 1 < len(arities):
            inside = _has_arity(state, kind, arity)
            here, onward = new_block(state), new_block(state)
            branch_if(state, inside, here, onward)
            open_block(state, here)
            _apply_arity(state, type, count, arity, values, words)
            open_block(state, onward)
        else:
            _apply_arity(state, type, count, arity, values, words)
    finish(state, symbol(f"clef_apply_{type.id}_{count}"), listed)


def _has_arity(state: FunctionState, kind: str, arity: int) -> str:
    first, end = state.module.plan.arity_ranges.get(arity, (0, 0))
    shifted = op(state, f"llvm.sub {kind}, {constant(state, first, 'i32')} : i32")
    return op(state, f'llvm.icmp "ult" {shifted}, {constant(state, end - first, "i32")} : i32')


def _apply_arity(
    state: FunctionState,
    type: MonoType,
    count: int,
    arity: int,
    values: list[str],
    words: Sequence[Word],
) -> None:
    module = state.module
    if arity > count:
        return_words(state, [_make_partial(state, type, count, arity, values, words)])
        return
    code = load(state, offset(state, values[0], CODE_OFFSET), POINTER, "field.ptr")
    sign = code_signature(module, type, arity)
    if arity == count:
        _forward(state, code, sign, values, words, is_indirect=True)
        return
    used = 1 + len(argument_words(module, type, arity))
    middle = result_after(type, arity)
    given = call(
        state,
        code,
        sign,
        values[:used],
        words[:used],
        module.layout(middle).words,
        is_indirect=True,
    )
    if (type, count) in module.plan.raising_closure_calls:
        _leave_when_pending(state, values[used:], words[used:])
    rest = call_words(state, middle, count - arity, given[0], values[used:])
    return_words(state, rest)


def call_words(
    state: FunctionState, type: MonoType, count: int, function: str, values: list[str]
) -> list[str]:
    """Call the function value that a first call gave."""
    return call_value(state, type, count, function, values, "")


def _leave_when_pending(state: FunctionState, values: Sequence[str], words: Sequence[Word]) -> None:
    """After a raising call inside a helper: give the other arguments up and return."""
    from clef.mlir.exceptions import USUAL, pending
    from clef.mlir.ownership import drop

    slot = address(state, pending(state.module))
    value = load(state, slot, POINTER)
    fine = op(state, f'llvm.icmp "eq" {value}, {null(state)} : {POINTER}')
    onward, away = new_block(state), new_block(state)
    branch_if(state, fine, onward, away, USUAL)
    open_block(state, away)
    drop(state, values, words, is_cold=True)
    result = result_type(state.results)
    if result:
        do(state, f"llvm.return {op(state, f'llvm.mlir.zero : {result}')} : {result}")
    else:
        do(state, "llvm.return")
    open_block(state, onward)


def want_values(module: ModuleState) -> None:
    """The code of every function value that there can be."""
    for function in module.plan.closures:
        code_symbol(module, function)
    for type, count, arity in module.plan.partials:
        partial_symbol(module, type, count, arity)


# Partial application ------------------------------------------------------------------------------


def _make_partial(
    state: FunctionState,
    type: MonoType,
    count: int,
    arity: int,
    values: list[str],
    words: Sequence[Word],
) -> str:
    """A cell that holds the function value and its first arguments."""
    module = state.module
    partial = module.plan.partials[type, count, arity]
    code = partial_symbol(module, type, count, arity)
    cell = new_cell(state, partial.cell.kind, partial.cell.size)
    store(state, address(state, code), offset(state, cell, CODE_OFFSET), POINTER, "field.ptr")
    offsets = [place for field in partial.cell.fields for place in field]
    store_words(state, values, cell, words, offsets, "field")
    return cell


def partial_symbol(module: ModuleState, type: MonoType, count: int, arity: int) -> str:
    """The code of partial applications of one form."""
    partial = module.plan.partials[type, count, arity]
    name = f"clef_partial_{type.id}_{count}_{arity}"
    return want(module, name, lambda module: _write_partial(module, name, partial))


def _write_partial(module: ModuleState, name: str, partial: Partial) -> None:
    """The code of a partial application: all arguments go to the code of the function inside."""
    state = start(module)
    type = partial.type
    middle = result_after(type, partial.count)
    rest = partial.arity - partial.count
    rest_words = argument_words(module, middle, rest)
    sign = code_signature(module, middle, rest)
    begin(state, sign, module.layout(result_after(middle, rest)).words)
    listed, values = entry_parameters(state, sign, [_CELL_WORD, *rest_words])
    held = [*module.layout(type).words, *argument_words(module, type, partial.count)]
    offsets = [place for field in partial.cell.fields for place in field]
    taken = load_words(state, values[0], held, offsets, "field")
    duplicate(state, taken, held)
    drop_reference(state, values[0], closure_word(module, partial.cell))
    code = load(state, offset(state, taken[0], CODE_OFFSET), POINTER, "field.ptr")
    target = code_signature(module, type, partial.arity)
    everything = [*taken, *values[1:]]
    _forward(state, code, target, everything, [*held, *rest_words], is_indirect=True)
    finish(state, symbol(name), listed)
