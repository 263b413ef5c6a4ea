"""Which functions a program still needs after a pass.

Comes in: a program, and its functions as a pass left them. Goes out: those without what the entry
reached before and does not reach any more. Promises: what dispatchers name stays, and so does what
was never reached from the entry.
"""

from __future__ import annotations

from clef.typed_core import core
from clef.typed_core.core import Expression, Function, Program


def still_needed(program: Program, functions: dict[str, Function]) -> dict[str, Function]:
    """The functions without those that nobody needs any more."""
    before = _reached(program, program.functions, [program.entry])
    others = [name for name in program.functions if name not in before]
    after = _reached(program, functions, [program.entry, *others, *program.dispatchers])
    return {name: function for name, function in functions.items() if name in after}


def _reached(program: Program, functions: dict[str, Function], roots: list[str]) -> set[str]:
    found = set(roots)
    work = list(roots)
    while work:
        for name in _targets(program, functions, work.pop()):
            if name not in found:
                found.add(name)
                work.append(name)
    return found


def _targets(program: Program, functions: dict[str, Function], name: str) -> list[str]:
    if name in program.dispatchers:
        return [target for _, target in program.dispatchers[name].targets]
    if name not in functions:
        return []
    targets: list[str] = []
    stack: list[Expression] = [functions[name].body]
    while stack:
        node = stack.pop()
        if isinstance(node, core.Call | core.MakeClosure):
            targets.append(node.function)
        elif not isinstance(node, core.Variable | core.Literal):
            stack.extend(core.children(node))
    return targets
