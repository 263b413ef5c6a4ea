"""Single nodes: operands, the operation, and the ownership work around it.

Comes in: a node without nested expressions. Goes out: its words, or nothing when control does not
come back. Promises: the order is operands, `between` drops, the operation, counting up of what is
kept, taking apart, `after` drops.
"""

from __future__ import annotations

from clef.memory_plan import Word
from clef.mlir import arrays, closures, data, externals, primitives
from clef.mlir.calls import call, returns_alike, same_shape, tail_return
from clef.mlir.debugging import place as place_at
from clef.mlir.exceptions import check_pending, raise_value
from clef.mlir.functions import FunctionState, branch, store
from clef.mlir.heap_watch import note_place
from clef.mlir.module import callee
from clef.mlir.ownership import drop_locals, duplicate, local_words, take_apart
from clef.mlir.start import report_site
from clef.mlir.tokens import reused
from clef.mlir.values import use
from clef.typed_core import well_known
from clef.typed_core.core import (
    Assign,
    Atom,
    Call,
    CallClosure,
    Construct,
    Expression,
    GlobalRead,
    GlobalWrite,
    Jump,
    Literal,
    MakeClosure,
    Primitive,
    Project,
    Raise,
    SetField,
    Variable,
)

Words = list[str]


def emit_simple(state: FunctionState, node: Expression) -> Words | None:
    """Emit a node; `None` when control does not come back."""
    assert state.tables is not None
    if node.span is not None:
        place_at(state, node.span)
        note_place(state, node.span)
    result = _emit(state, node)
    if result is None:
        return None
    tables = state.tables
    if node.id in tables.keep:
        duplicate(state, result, state.module.layout(node.type).words)
    take = tables.takes.get(node.id)
    if take is not None:
        for _, local in take.moved:
            state.values.setdefault(local.id, result)
        take_apart(state, take, tables.gives.get(node.id))
    dropped = tables.after.get(node.id)
    if dropped:
        drop_locals(state, dropped)
    return result


def _operands(state: FunctionState, node: Expression, atoms: list[Atom]) -> list[Words]:
    values = [use(state, atom) for atom in atoms]
    assert state.tables is not None
    dropped = state.tables.between.get(node.id)
    if dropped:
        drop_locals(state, dropped)
    return values


def _flat(values: list[Words]) -> Words:
    return [word for words in values for word in words]


def _emit(state: FunctionState, node: Expression) -> Words | None:
    match node:
        case Variable() | Literal():
            return _operands(state, node, [node])[0]
        case Call():
            return _emit_call(state, node)
        case CallClosure():
            return _emit_closure_call(state, node)
        case MakeClosure():
            values = _flat(_operands(state, node, node.captures))
            return closures.make(state, node.function, values, reused(state, node))
        case Construct():
            return data.construct(state, node, _operands(state, node, node.arguments))
        case Project():
            (value,) = _operands(state, node, [node.value])
            return data.project(state, node, value)
        case SetField():
            target, value = _operands(state, node, [node.object, node.value])
            return data.set_field(state, node, target, value)
        case Primitive():
            return _emit_primitive(state, node)
        case _:
            return _emit_other(state, node)


def _emit_other(state: FunctionState, node: Expression) -> Words | None:
    match node:
        case Assign():
            (value,) = _operands(state, node, [node.value])
            slots = state.values[node.local.id]
            shape = state.module.layout(node.local.type).words
            for item, word, place in zip(value, shape, slots, strict=True):
                store(state, item, place, word.type)
            return []
        case GlobalRead():
            return data.read_global(state, node)
        case GlobalWrite():
            (value,) = _operands(state, node, [node.value])
            return data.write_global(state, node, value)
        case Jump():
            values = _operands(state, node, node.arguments)
            words: list[Word] = []
            for atom in node.arguments:
                words += state.module.layout(atom.type).words
            branch(state, state.labels[node.label.id], _flat(values), words)
            return None
        case Raise():
            ((exception,),) = _operands(state, node, [node.exception])
            raise_value(state, exception, node)
            return None
        case _:
            raise NotImplementedError(type(node).__name__)


def _emit_call(state: FunctionState, node: Call) -> Words | None:
    module = state.module
    values = _operands(state, node, node.arguments)
    if node.function in module.program.externals:
        return externals.call_external(state, module.program.externals[node.function], values)
    sign = module.plan.dispatcher_signatures.get(node.function)
    if sign is None:
        sign = module.plan.functions[node.function].signature
    words = [word for atom in node.arguments for word in module.layout(atom.type).words]
    assert state.tables is not None
    tail = _tail_kind(state, node, sign)
    results = module.layout(node.type).words
    given = call(state, callee(module, node.function), sign, _flat(values), words, results, tail)
    if tail:
        tail_return(state, given)
        return None
    if node.id in state.tables.raising:
        check_pending(state, node)
    if node.function == well_known.UNHANDLED:
        report_site(state)
    return given


def _tail_kind(state: FunctionState, node: Call | CallClosure, sign: closures.Signature) -> str:
    """ "musttail" where LLVM accepts it, else "tail" for a guaranteed call, else nothing."""
    assert state.tables is not None
    if node.id not in state.tables.tail_calls or state.sign is None:
        return ""
    if same_shape(state.sign, sign):
        return "musttail"
    return "tail" if returns_alike(state.sign, sign) else ""


def _emit_closure_call(state: FunctionState, node: CallClosure) -> Words | None:
    (function,), *values = _operands(state, node, [node.function, *node.arguments])
    type, count = node.function.type, len(node.arguments)
    sign = closures.code_signature(state.module, type, count)
    tail = _tail_kind(state, node, sign)
    given = closures.call_value(state, type, count, function, _flat(values), tail)
    if tail:
        tail_return(state, given)
        return None
    assert state.tables is not None
    if node.id in state.tables.raising:
        check_pending(state, node)
    return given


def _emit_primitive(state: FunctionState, node: Primitive) -> Words | None:
    values = _operands(state, node, node.arguments)
    if node.operation in arrays.OPERATIONS:
        return arrays.OPERATIONS[node.operation](state, node, values)
    if node.operation in externals.OPERATIONS:
        return externals.OPERATIONS[node.operation](state, node, values)
    return primitives.emit(state, node, values)


__all__ = ["emit_simple", "local_words"]
