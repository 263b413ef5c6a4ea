"""What C functions may be given.

Comes in: a program and its plan. Goes out: a diagnostic for every call that passes or expects a
value of several words. Promises: emission finds one word or none for every value of a C function.
"""

from __future__ import annotations

from clef.diagnostics.memory import ForeignValue
from clef.memory_plan.plan import Plan
from clef.source import Span
from clef.typed_core.core import Call, Expression, External, MonoType, Program, children

_NOWHERE = Span("", 0, 0)


def check_foreign_calls(program: Program, plan: Plan) -> list[ForeignValue]:
    """All findings, in the order of the functions."""
    refused = {
        name: type
        for name, external in program.externals.items()
        if (type := _refused(plan, external)) is not None
    }
    found: list[ForeignValue] = []
    for function in program.functions.values() if refused else ():
        stack: list[Expression] = [function.body]
        while stack:
            node = stack.pop()
            stack.extend(children(node))
            if isinstance(node, Call) and node.function in refused:
                type = refused[node.function]
                shape = program.shapes.get(type)
                name = shape.display_name if shape and shape.display_name else str(type)
                external = program.externals[node.function]
                found.append(ForeignValue(node.span or _NOWHERE, external.symbol, name))
    return found


def _refused(plan: Plan, external: External) -> MonoType | None:
    """The first type that does not fit into one word."""
    for type in (*external.parameters, external.result):
        layout = plan.layouts.get(type)
        if layout is not None and len(layout.words) > 1:
            return type
    return None
