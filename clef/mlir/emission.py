"""From the plan to MLIR text ("Alex").

Comes in: a program, its plan, coeffects, a target. Goes out: the text of one MLIR module. Promises:
obeys the plan and decides nothing about memory; helper functions appear when something calls them;
the same input gives the same text.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.coeffects import Coeffects
from clef.memory_plan import Plan, Word, layout_state
from clef.memory_plan.kinds import cell_kinds
from clef.memory_plan.plan import ENVIRONMENT, POINTER
from clef.memory_plan.signatures import signature
from clef.mlir.calls import (
    begin,
    call,
    entry_parameters,
    return_words,
    returns_alike,
    same_shape,
    tail_return,
)
from clef.mlir.closures import want_values
from clef.mlir.control import RETURN, run
from clef.mlir.data import unbox
from clef.mlir.debugging import describe_function, describe_parameters
from clef.mlir.exceptions import NULL_REFERENCE, failure_value, pending
from clef.mlir.functions import (
    FunctionState,
    address,
    branch_if,
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
    switch,
)
from clef.mlir.library_start import write_library
from clef.mlir.module import EmitOptions, ModuleState, callee, module_text, symbol
from clef.mlir.ownership import closure_word, drop_locals, drop_reference, duplicate
from clef.mlir.start import write_start
from clef.toolchain.target import Target
from clef.typed_core.core import Dispatcher, Function, MonoType, Program

LARGEST_ENTRY = 10_000
"""Nodes of all that runs once, up to which it may become one function."""


def emit(
    program: Program,
    plan: Plan,
    coeffects: Coeffects,
    target: Target,
    options: EmitOptions | None = None,
) -> str:
    """The text of the module of a whole program."""
    return module_text(emit_module(program, plan, coeffects, target, options))


def emit_module(
    program: Program,
    plan: Plan,
    coeffects: Coeffects,
    target: Target,
    options: EmitOptions | None = None,
) -> ModuleState:
    """The module of a whole program, in pieces."""
    layouts = layout_state(program, plan)
    module = ModuleState(program, plan, coeffects, layouts, target, options or EmitOptions())
    module.kept_apart = _kept_apart(program, coeffects)
    (write_library if module.options.is_library else write_start)(module)
    if plan.is_open:
        want_values(module)
    written = 0
    while written < len(module.reached) + len(module.wanted):
        written = _write_missing(module)
    return module


def _kept_apart(program: Program, coeffects: Coeffects) -> set[str]:
    """Functions that LLVM would make one with their only caller, where that would become so large
    that optimising it takes long: they run once, and nothing is won.
    """
    size = sum(program.functions[name].node_count for name in coeffects.once)
    return coeffects.once if size > LARGEST_ENTRY else set()


def _write_missing(module: ModuleState) -> int:
    """Write what is called and not there yet; gives how many functions there are."""
    for name in list(module.reached):
        if name not in module.written:
            module.written.add(name)
            function = module.program.functions.get(name)
            if function is not None:
                _write_function(module, function)
            else:
                _write_dispatcher(module, module.program.dispatchers[name])
    for name, write in list(module.wanted.items()):
        if name not in module.written:
            module.written.add(name)
            write(module)
    return len(module.written)


def _begin(
    module: ModuleState, function: Function, words: Sequence[Word]
) -> tuple[FunctionState, list[tuple[str, str]], list[str], str]:
    tables = module.plan.functions[function.name]
    state = start(module)
    state.function, state.tables = function, tables
    place = describe_function(state, function)
    results = module.layout(function.result).words
    sign = tables.signature
    if tables.in_environment:
        sign = signature(module.plan, words, results, True)
    begin(state, sign, results)
    parameters, values = entry_parameters(state, sign, words)
    return state, parameters, values, place


def _write_function(module: ModuleState, function: Function) -> None:
    tables = module.plan.functions[function.name]
    captured = function.capture_count if tables.in_environment else 0
    visible = function.parameters[captured:]
    words = [word for local in visible for word in module.layout(local.type).words]
    if tables.in_environment:
        words = [closure_word(module, module.plan.closures[function.name].cell), *words]
    state, parameters, values, place = _begin(module, function, words)
    position = 0
    if tables.in_environment:
        _open_environment(state, function, values[0])
        position = 1
    for local in visible:
        count = len(module.layout(local.type).words)
        state.values[local.id] = values[position : position + count]
        position += count
    describe_parameters(state, function)
    state.is_seldom = _runs_seldom(module, function.name)
    drop_locals(state, tables.entry)
    run(state, function.body, RETURN)
    # What is inlined into code without a source is lost to debuggers.
    program = module.program
    apart = (module.kept_apart, program.apart, program.seldom)
    stays = bool(place) or any(function.name in names for names in apart)
    attributes = "no_inline" if stays else ""
    finish(state, symbol(function.name), parameters, attributes=attributes, location=place)


def _runs_seldom(module: ModuleState, name: str) -> bool:
    """Whether the code of a function outside of its loops runs once or hardly ever."""
    program = module.program
    return name == program.entry or name in module.coeffects.few or name in program.seldom


def _open_environment(state: FunctionState, function: Function, cell: str) -> None:
    """The captures are read out of the closure's cell, which keeps them."""
    state.values[ENVIRONMENT] = [cell]
    fields = state.module.plan.closures[function.name].cell.fields
    for local, offsets in zip(function.parameters[: function.capture_count], fields, strict=True):
        words = state.module.layout(local.type).words
        state.values[local.id] = load_words(state, cell, words, offsets, "field")


# Virtual calls ------------------------------------------------------------------------------------


def _write_dispatcher(module: ModuleState, dispatcher: Dispatcher) -> None:
    """A switch on the object's kind; each target is called as the last thing."""
    state = start(module)
    sign = module.plan.dispatcher_signatures[dispatcher.name]
    results = module.layout(dispatcher.result).words
    begin(state, sign, results)
    words = [word for type in dispatcher.parameters for word in module.layout(type).words]
    parameters, values = entry_parameters(state, sign, words)
    value = values[0]
    missing, cells, impossible = (new_block(state) for _ in range(3))
    is_null = op(state, f'llvm.icmp "eq" {value}, {null(state)} : {POINTER}')
    branch_if(state, is_null, missing, cells, "1, 2000")
    open_block(state, missing)
    _give_up_arguments(state, dispatcher, values)
    _raise_null(state)
    open_block(state, cells)
    only = _only_target(module, dispatcher)
    if only is not None:
        _call_target(state, *only, values, words)
        finish(state, symbol(dispatcher.name), parameters)
        return
    kind = load(state, offset(state, value, 4), "i32", "kind")
    blocks: dict[tuple[MonoType, str], str] = {}
    cases: dict[int, str] = {}
    for type, target in dispatcher.targets:
        block = blocks.setdefault((type, target), new_block(state))
        for number in cell_kinds(module.layout(type)):
            cases.setdefault(number, block)
    switch(state, kind, "i32", sorted(cases.items()), impossible)
    for (type, target), block in blocks.items():
        if block in state.used:
            open_block(state, block)
            _call_target(state, type, target, values, words)
    open_block(state, impossible)
    do(state, '"llvm.intr.trap"() : () -> ()')
    do(state, "llvm.unreachable")
    finish(state, symbol(dispatcher.name), parameters)


def _only_target(module: ModuleState, dispatcher: Dispatcher) -> tuple[MonoType, str] | None:
    """The one function that all objects lead to, if there is one and it takes all alike."""
    names = {target for _, target in dispatcher.targets}
    if len(names) != 1:
        return None
    boxed = [type for type, _ in dispatcher.targets if module.layout(type).box is not None]
    if boxed and len(dispatcher.targets) > 1:
        return None
    return dispatcher.targets[0]


def _give_up_arguments(state: FunctionState, dispatcher: Dispatcher, values: list[str]) -> None:
    """Give up what the targets would have got."""
    from clef.mlir.ownership import drop

    borrowed = state.module.plan.dispatchers_borrow.get(dispatcher.name, frozenset())
    position = 1
    for index, type in enumerate(dispatcher.parameters[1:], 1):
        words = state.module.layout(type).words
        if index not in borrowed:
            drop(state, values[position : position + len(words)], words, is_cold=True)
        position += len(words)


def _raise_null(state: FunctionState) -> None:
    exception = failure_value(state, NULL_REFERENCE)
    store(state, exception, address(state, pending(state.module)), POINTER)
    result = result_type(state.results)
    if not result:
        do(state, "llvm.return")
        return
    nothing = op(state, f"llvm.mlir.zero : {result}")
    do(state, f"llvm.return {nothing} : {result}")


def _call_target(
    state: FunctionState, type: MonoType, target: str, values: list[str], words: Sequence[Word]
) -> None:
    module = state.module
    layout = module.layout(type)
    given = [values[0]]
    first: Sequence[Word] = words[:1]
    # Some targets take the object as it is, and unbox it themselves.
    takes_value = module.program.functions[target].parameters[0].type is type
    if layout.box is not None and takes_value:
        given = unbox(state, layout, given)
        first = layout.words
        duplicate(state, given, first)
        drop_reference(state, values[0], words[0])
    sign = module.plan.functions[target].signature
    everything, shape = [*given, *values[1:]], [*first, *words[1:]]
    assert state.sign is not None
    if returns_alike(sign, state.sign):
        tail = "musttail" if same_shape(state.sign, sign) else "tail"
        returned = call(state, callee(module, target), sign, everything, shape, (), tail)
        tail_return(state, returned)
        return
    returned = call(state, callee(module, target), sign, everything, shape, state.all_results)
    return_words(state, returned)
