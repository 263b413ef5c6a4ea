"""Control flow: from nested expressions to blocks.

Comes in: expressions and where their value goes. Goes out: blocks. Promises: every path ends in a
return, a branch or an unreachable; a guaranteed tail call is directly followed by its return.
"""

from __future__ import annotations

from clef.memory_plan import Layout
from clef.memory_plan.kinds import cell_kinds
from clef.memory_plan.plan import POINTER
from clef.mlir.calls import return_words
from clef.mlir.coverage import mark
from clef.mlir.debugging import describe_local
from clef.mlir.debugging import place as place_at
from clef.mlir.exceptions import take_pending
from clef.mlir.functions import (
    FunctionState,
    branch,
    branch_if,
    constant,
    load,
    new_block,
    null,
    offset,
    op,
    open_block,
    slot,
    store,
    switch,
)
from clef.mlir.operations import emit_simple
from clef.mlir.ownership import drop, drop_locals
from clef.mlir.values import use
from clef.typed_core.core import Expression, If, Join, Let, Local, Switch, TryWith, Variable

RETURN = ""
_COMPOUND = (If, Switch, Join, TryWith, Let)


def run(state: FunctionState, expression: Expression, destination: str) -> None:
    """Evaluate; the value goes to the block `destination`, or is returned. Ends the block."""
    _start(state, expression)
    while isinstance(expression, Let):
        if not _bind_value(state, expression):
            return
        expression = expression.body
        _start(state, expression)
    match expression:
        case If():
            _run_if(state, expression, destination)
        case Switch():
            _run_switch(state, expression, destination)
        case Join():
            _run_join(state, expression, destination)
        case TryWith():
            _run_try(state, expression, destination)
        case _:
            words = emit_simple(state, expression)
            if words is not None:
                _deliver(state, expression, words, destination)


def _start(state: FunctionState, expression: Expression) -> None:
    assert state.tables is not None
    if expression.span is not None:
        place_at(state, expression.span)
        if state.module.options.marks is not None:
            mark(state, expression.span)
    dropped = state.tables.before.get(expression.id)
    if dropped:
        drop_locals(state, dropped)


def _deliver(state: FunctionState, node: Expression, values: list[str], destination: str) -> None:
    if destination == RETURN:
        return_words(state, values)
    else:
        branch(state, destination, values, state.module.layout(node.type).words)


def _bind_value(state: FunctionState, let: Let) -> bool:
    """Evaluate a Let's value and bind it; false when evaluation never comes back."""
    assert state.tables is not None
    match let.value:  # what `finally` raises again
        case TryWith(local=caught, handler=Variable(local=given)) if given is caught:
            state.caught.add(let.local.id)
        case _:
            pass
    value = let.value
    if isinstance(value, Variable) and let.local.id in state.tables.borrowed:
        state.values[let.local.id] = state.values[value.local.id]
        return True
    words = _value(state, value)
    if words is None:
        return False
    if let.id in state.tables.unused:
        drop(state, words, state.module.layout(let.local.type).words)
    bind(state, let.local, words)
    return True


def _value(state: FunctionState, value: Expression) -> list[str] | None:
    if not isinstance(value, _COMPOUND):
        _start(state, value)
        return emit_simple(state, value)
    outer = state.location
    after = new_block(state)
    run(state, value, after)
    state.location = outer
    if after not in state.used:
        return None
    return open_block(state, after, state.module.layout(value.type).words)


def bind(state: FunctionState, local: Local, values: list[str]) -> None:
    """Give a local its value; a mutable one gets stack slots."""
    if not local.is_mutable:
        state.values[local.id] = values
        describe_local(state, local)
        return
    words = state.module.layout(local.type).words
    slots = [slot(state, word.type) for word in words]
    for value, word, place in zip(values, words, slots, strict=True):
        store(state, value, place, word.type)
    state.values[local.id] = slots
    describe_local(state, local)


# Branches -----------------------------------------------------------------------------------------


def _run_if(state: FunctionState, node: If, destination: str) -> None:
    (condition,) = use(state, node.condition)
    known = _known(state, condition)
    if known is not None:
        run(state, node.then if known else node.otherwise, destination)
        return
    for text, taken in (("true", node.then), ("false", node.otherwise)):
        if condition == state.constants.get((text, "i1")):
            # What another machine would do is left out, with all that it calls.
            run(state, taken, destination)
            return
    yes, no = new_block(state), new_block(state)
    branch_if(state, condition, yes, no)
    outer = state.location
    open_block(state, yes)
    run(state, node.then, destination)
    state.location = outer
    open_block(state, no)
    run(state, node.otherwise, destination)


def _known(state: FunctionState, condition: str) -> bool | None:
    """The value of a condition that is the same in every run, such as what the target is."""
    for text in ("true", "false"):
        if state.constants.get((text, "i1")) == condition:
            return text == "true"
    return None


def _run_switch(state: FunctionState, node: Switch, destination: str) -> None:
    branches = list(node.branches)
    default = node.default
    if default is None:
        default = branches.pop()[1]
    blocks = [(key, new_block(state)) for key, _ in branches]
    otherwise = new_block(state)
    values = use(state, node.scrutinee)
    layout = state.module.layout(node.scrutinee.type)
    if node.on == "kind":
        _switch_kind(state, node, values, layout, blocks, otherwise)
    elif node.on == "case":
        _switch_case(state, node, values, layout, blocks, otherwise)
    else:
        _switch_number(state, values[0], layout, blocks, otherwise)
    outer = state.location
    for (_, branch_body), (_, block) in zip(branches, blocks, strict=True):
        if block in state.used:
            state.location = outer
            open_block(state, block)
            run(state, branch_body, destination)
    if otherwise in state.used:
        state.location = outer
        open_block(state, otherwise)
        run(state, default, destination)


def _switch_number(
    state: FunctionState,
    value: str,
    layout: Layout,
    blocks: list[tuple[int, str]],
    otherwise: str,
) -> None:
    type = layout.words[0].type
    if type == "i1":
        chosen = dict(blocks)
        branch_if(state, value, chosen.get(1, otherwise), chosen.get(0, otherwise))
        return
    bits = int(type[1:])
    half = 1 << (bits - 1)
    cases = [((key + half) % (1 << bits) - half, block) for key, block in blocks]
    switch(state, value, type, cases, otherwise)


def _switch_case(
    state: FunctionState,
    node: Switch,
    values: list[str],
    layout: Layout,
    blocks: list[tuple[int, str]],
    otherwise: str,
) -> None:
    if layout.form == "enumeration" or (layout.form == "variant" and layout.has_tag):
        switch(state, values[0], layout.words[0].type, blocks, otherwise)
        return
    chosen = dict(blocks)
    if layout.form == "variant":
        branch(state, chosen.get(0, otherwise), (), ())
        return
    value = values[0]
    others = [(key, block) for key, block in blocks if key != layout.null_case]
    if layout.null_case >= 0:
        is_null = op(state, f'llvm.icmp "eq" {value}, {null(state)} : {POINTER}')
        cells = new_block(state)
        branch_if(state, is_null, chosen.get(layout.null_case, otherwise), cells)
        open_block(state, cells)
        if layout.form == "nullable" or len(layout.field_types) == 2:
            branch(state, others[0][1] if others else otherwise, (), ())
            return
    kind = load(state, offset(state, value, 4), "i32", "kind")
    cases = [(layout.cells[key].kind, block) for key, block in others]
    switch(state, kind, "i32", cases, otherwise)


def _switch_kind(
    state: FunctionState,
    node: Switch,
    values: list[str],
    layout: Layout,
    blocks: list[tuple[int, str]],
    otherwise: str,
) -> None:
    """Which type an object has; null has none."""
    plan = state.module.plan
    cases: dict[int, str] = {}
    for key, block in blocks:
        wanted = node.types[key]
        for type in plan.subtypes.get(wanted, (wanted,)):
            for kind in plan.kinds_of.get(type, ()) or cell_kinds(state.module.layout(type)):
                cases.setdefault(kind, block)
    value = values[0]
    is_null = op(state, f'llvm.icmp "eq" {value}, {null(state)} : {POINTER}')
    cells = new_block(state)
    branch_if(state, is_null, otherwise, cells)
    open_block(state, cells)
    kind_value = load(state, offset(state, value, 4), "i32", "kind")
    switch(state, kind_value, "i32", sorted(cases.items()), otherwise)


# Join points and handlers -------------------------------------------------------------------------


def _run_join(state: FunctionState, node: Join, destination: str) -> None:
    block = new_block(state)
    outer = state.labels.get(node.label.id)
    state.labels[node.label.id] = block
    place = state.location
    run(state, node.body, destination)
    if block in state.used:
        state.location = place
        words = [state.module.layout(local.type).words for local in node.parameters]
        names = open_block(state, block, [word for part in words for word in part])
        position = 0
        for local, part in zip(node.parameters, words, strict=True):
            bind(state, local, names[position : position + len(part)])
            position += len(part)
        around = state.is_rare, state.is_seldom
        state.is_rare |= node.label.is_rare
        state.is_seldom &= not node.is_loop
        run(state, node.continuation, destination)
        state.is_rare, state.is_seldom = around
    if outer is not None:
        state.labels[node.label.id] = outer


def _run_try(state: FunctionState, node: TryWith, destination: str) -> None:
    handler = new_block(state)
    outer, state.handler = state.handler, handler
    place = state.location
    run(state, node.body, destination)
    state.handler = outer
    if handler in state.used:
        state.location = place
        open_block(state, handler)
        bind(state, node.local, [take_pending(state)])
        state.caught.add(node.local.id)
        run(state, node.handler, destination)


def truth(state: FunctionState, value: bool) -> str:
    """A boolean constant."""
    return constant(state, int(value), "i1")
