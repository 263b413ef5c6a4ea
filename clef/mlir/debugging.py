"""What debuggers learn of the program: its functions with their lines, parameters and named locals.

Comes in: functions and locals as they are emitted. Goes out: debug attributes at the head of the
module, the function's fused location, and operations that say where a variable is. Promises: only
code whose source is at hand is described; values of several words are left out; without
`EmitOptions.debug` nothing is emitted.
"""

from __future__ import annotations

from pathlib import PurePath

from clef.memory_plan import Layout
from clef.mlir import debug_information as debug
from clef.mlir.functions import FunctionState, do
from clef.mlir.module import ModuleState
from clef.source import Span
from clef.typed_core.core import Function, Local, MonoType

PRODUCER = "clef"
_BITS = {"i1": 8, "i8": 8, "i16": 16, "i32": 32, "i64": 64, "f32": 32, "f64": 64}


def _attribute(module: ModuleState, name: str, text: str) -> str:
    """The alias of an attribute, written once."""
    module.debug_attributes.setdefault(name, debug.alias(name, text))
    return "#" + name


def _file(module: ModuleState, path: str) -> str:
    number = module.debug_files.setdefault(path, len(module.debug_files))
    whole = PurePath(path)
    folder = str(whole.parent) or "."
    return _attribute(module, f"file{number}", debug.file(whole.name, folder))


def _unit(module: ModuleState, file: str) -> str:
    return _attribute(module, "unit", debug.compile_unit(0, file, PRODUCER, False))


def describe_function(state: FunctionState, function: Function) -> str:
    """Make the function's subprogram; gives the location to put behind its body, empty without a
    source.
    """
    module, span = state.module, function.span
    if not module.options.debug or span is None or span.path not in module.options.sources:
        return ""
    file = _file(module, span.path)
    unit = _unit(module, file)
    kinds = [_type(module, local.type) for local in function.parameters]
    signature = debug.subroutine_type(
        _type(module, function.result), [kind for kind in kinds if kind is not None]
    )
    number = len(module.debug_subprograms) + 1
    module.debug_subprograms.append(function.name)
    shape = _attribute(module, f"signature{number}", signature)
    line, column = module.options.sources[span.path].position(span.start)
    text = debug.subprogram(number, unit, file, function.display_name, function.name, line, shape)
    state.scope = _attribute(module, f"function{number}", text)
    state.scope_path = span.path
    state.scope_line = line
    state.location = state.base_location = f" {debug.location(span.path, line, column)}"
    return " " + debug.function_location(state.scope, span.path, line, column)


def place(state: FunctionState, span: Span | None) -> None:
    """From here on operations belong to this piece of source."""
    if span is None or not state.scope or span.path != state.scope_path:
        return
    line, column = state.module.options.sources[span.path].position(span.start)
    state.scope_line = line
    state.location = f" {debug.location(span.path, line, column)}"


def describe_parameters(state: FunctionState, function: Function) -> None:
    """Say where the parameters are."""
    for number, local in enumerate(function.parameters, 1):
        describe_local(state, local, number)


def describe_local(state: FunctionState, local: Local, argument: int = 0) -> None:
    """Say where a local is."""
    if not state.scope or not local.name or local.id not in state.values:
        return
    layout = state.module.layout(local.type)
    kind = _type(state.module, local.type)
    values = state.values[local.id]
    if kind is None or len(values) != 1:
        return
    module = state.module
    name = f"variable{len(module.debug_variables)}"
    module.debug_variables.append(local.name)
    file = _file(module, state.scope_path)
    text = debug.local_variable(state.scope, local.name, file, state.scope_line, kind, argument)
    variable = _attribute(module, name, text)
    if local.is_mutable:
        do(state, debug.lives_at(variable, values[0]))
    else:
        do(state, debug.value_of(variable, values[0], layout.words[0].type))


# Types --------------------------------------------------------------------------------------------


def _type(module: ModuleState, type: MonoType) -> str | None:
    """The debugger's name of a type of one word."""
    layout = module.layout(type)
    if len(layout.words) != 1:
        return None
    shape = module.program.shapes.get(type)
    name = shape.display_name if shape is not None and shape.display_name else str(type)
    word = layout.words[0].type
    if word in _BITS:
        text = debug.basic_type(name, _BITS[word], _encoding(layout, word))
        return _attribute(module, f"type{type.id}", text)
    bits = module.plan.facts.pointer_bytes * 8
    unit = next(iter(module.debug_files), "")
    cell = debug.structure_type(name, _file(module, unit), 1, 64, [])
    target = _attribute(module, f"cell{type.id}", cell)
    return _attribute(module, f"type{type.id}", debug.pointer_type(target, bits))


def _encoding(layout: Layout, word: str) -> debug.Encoding:
    if word in ("f32", "f64"):
        return debug.Encoding.FLOAT
    if word == "i1":
        return debug.Encoding.BOOLEAN
    return debug.Encoding.SIGNED if layout.is_signed else debug.Encoding.UNSIGNED
