"""What C functions may be given and may give, and what they may be.

Comes in: a program and its plan. Goes out: a diagnostic for every call that passes or expects a
value that C has no name for, and for every function that C is to call with one. Promises: emission
finds one word or none for every value of a C function, or a structure by value.
"""

from __future__ import annotations

from clef.diagnostics.diagnostic import Diagnostic
from clef.diagnostics.memory import ForeignValue, NotForC
from clef.memory_plan.c_structures import c_structure
from clef.memory_plan.plan import Layout, Plan
from clef.source import Span
from clef.typed_core.core import (
    Call,
    Expression,
    Function,
    Let,
    MakeClosure,
    MonoType,
    Primitive,
    Program,
    Variable,
    children,
)
from clef.typed_core.well_known import OPTION, VALUE_OPTION

_NOWHERE = Span("", 0, 0)
_POINTERS = ("System.IntPtr", "System.UIntPtr")


def is_nullable_pointer(type: MonoType, plan: Plan) -> bool:
    """An option of an address, which is null to C when it is None."""
    if type.symbol not in (OPTION, VALUE_OPTION):
        return False
    (inner,) = type.arguments
    layout = plan.layouts.get(inner)
    return inner.symbol in _POINTERS or (layout is not None and layout.form == "pointer")


def check_foreign_calls(program: Program, plan: Plan) -> list[Diagnostic]:
    """All findings, in the order of the functions."""
    refused = {
        name: type
        for name, external in program.externals.items()
        if (type := _without_c(plan, (*external.parameters, external.result))) is not None
    }
    wanted = set(refused)
    found: list[Diagnostic] = []
    if not wanted and not any(type.symbol == "Clef.FnPtr`1" for type in plan.layouts):
        return []
    for function in program.functions.values():
        for node in _nodes(function.body):
            match node:
                case Call() if node.function in wanted:
                    symbol = program.externals[node.function].symbol
                    found.append(_value(program, node, symbol, refused[node.function]))
                case Primitive(operation="call_pointer"):
                    types = (*(one.type for one in node.arguments[1:]), node.type)
                    type = _refused(plan, types)
                    if type is not None:
                        found.append(_value(program, node, "at the pointer", type))
                case Primitive(operation="function_pointer"):
                    found += _callback(program, plan, function, node)
                case _:
                    pass
    return found


def _nodes(body: Expression) -> list[Expression]:
    found: list[Expression] = [body]
    for node in found:
        found.extend(children(node))
    return found


def _value(program: Program, node: Expression, symbol: str, type: MonoType) -> ForeignValue:
    return ForeignValue(node.span or _NOWHERE, symbol, _shown(program, type))


def _shown(program: Program, type: MonoType) -> str:
    shape = program.shapes.get(type)
    return shape.display_name if shape and shape.display_name else str(type)


def _without_c(plan: Plan, types: tuple[MonoType, ...]) -> MonoType | None:
    """The first type that is neither one word nor a structure to C."""
    return _refused(plan, tuple(one for one in types if c_structure(plan, one) is None))


def _refused(plan: Plan, types: tuple[MonoType, ...]) -> MonoType | None:
    """The first type that does not fit into one word."""
    for type in types:
        layout = plan.layouts.get(type)
        if layout is not None and len(layout.words) > 1 and not is_nullable_pointer(type, plan):
            return type
    return None


def pointed_function(function: Function, node: Primitive) -> MakeClosure:
    """The function value that `FnPtr.ofFunction` was given."""
    (atom,) = node.arguments
    for one in _nodes(function.body):
        if isinstance(one, Let) and isinstance(atom, Variable) and one.local is atom.local:
            assert isinstance(one.value, MakeClosure)
            return one.value
    raise AssertionError("a function pointer is made of a known function")


def callback_types(program: Program, made: MakeClosure) -> tuple[list[MonoType], MonoType]:
    """What a function takes and gives that C is to call: all that it takes at once."""
    target = program.functions[made.function]
    return [local.type for local in target.parameters[target.capture_count :]], target.result


def _callback(
    program: Program, plan: Plan, function: Function, node: Primitive
) -> list[Diagnostic]:
    parameters, result = callback_types(program, pointed_function(function, node))
    inner = [part for type in parameters for part in flattened(type)]
    for type in (*inner, result):
        layout = plan.layouts.get(type)
        if layout is not None and not _is_plain(plan, type, layout):
            reason = f"C has no `{_shown(program, type)}`"
            return [NotForC(node.span or _NOWHERE, reason)]
    return []


def flattened(type: MonoType) -> tuple[MonoType, ...]:
    """The members of a tuple are arguments of their own."""
    return type.arguments if type.form == "tuple" else (type,)


def _is_plain(plan: Plan, type: MonoType, layout: Layout) -> bool:
    if is_nullable_pointer(type, plan):
        return True
    return len(layout.words) <= 1 and not layout.is_counted
