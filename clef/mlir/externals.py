"""Calls of C functions.

Comes in: an `External` and the words of the arguments. Goes out: the call. Promises: the C calling
convention for numbers, pointers and strings (the address of the bytes, which end in zero) and
arrays (the address of the first element); imports of WASI keep their module's name.
"""

from __future__ import annotations

from clef.memory_plan.plan import ARRAY_START
from clef.mlir.functions import FunctionState, do, offset, op
from clef.mlir.module import declare
from clef.typed_core.core import External, MonoType

Words = list[str]


def _c_type(state: FunctionState, type: MonoType) -> str | None:
    """The word that C sees; nothing for unit."""
    words = state.module.layout(type).words
    if len(words) == 0:
        return None
    if len(words) > 1:
        raise NotImplementedError(f"a value of type {type} for a C function")
    return words[0].type


def call_external(state: FunctionState, external: External, values: list[Words]) -> Words:
    """Call it; references to cells become addresses of their contents."""
    types: list[str] = []
    operands: Words = []
    for type, words in zip(external.parameters, values, strict=True):
        c_type = _c_type(state, type)
        if c_type is None:
            continue
        layout = state.module.layout(type)
        types.append(c_type)
        operands.append(offset(state, words[0], ARRAY_START) if layout.kind else words[0])
    result = _c_type(state, external.result)
    name = _declare(state, external, types, result)
    text = f"llvm.call {name}({', '.join(operands)}) : ({', '.join(types)}) -> {result or '()'}"
    if result is None:
        do(state, text)
        return []
    return [op(state, text)]


def _declare(state: FunctionState, external: External, types: list[str], result: str | None) -> str:
    """The declaration; small integers are extended as C does."""
    arrow = ""
    if result is not None:
        arrow = f" -> {result}"
    attributes = ""
    if state.module.target.object_format == "wasm" and external.library:
        attributes = (
            f' attributes {{passthrough = [["wasm-import-module", "{external.library}"], '
            f'["wasm-import-name", "{external.symbol}"]]}}'
        )
    text = f"  llvm.func @{external.symbol}({', '.join(types)}){arrow}{attributes}"
    return declare(state.module, external.symbol, text)
