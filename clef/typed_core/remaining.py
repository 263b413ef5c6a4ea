"""Which functions a program still needs after a pass.

Comes in: a program, and its functions as a pass left them. Goes out: those without what the entry
reached before and does not reach any more. Promises: what dispatchers name stays, and so does what
was never reached from the entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from clef.typed_core import core
from clef.typed_core.core import Function, Program
from clef.typed_core.nodes import nodes

_NAMING = (core.Call, core.MakeClosure)


def still_needed(
    program: Program,
    functions: dict[str, Function],
    known: Mapping[int, list[str]] = MappingProxyType({}),
) -> dict[str, Function]:
    """The functions without those that nobody needs any more. `known`: the functions that some of
    them name, by identity."""
    names = _Named(program, dict(known))
    before = names.reached(program.functions, [program.entry])
    others = [name for name in program.functions if name not in before]
    after = names.reached(functions, [program.entry, *others, *program.dispatchers])
    return {name: function for name, function in functions.items() if name in after}


class _Named:
    """What functions name; most are the same before and after a pass, and are read once."""

    def __init__(self, program: Program, known: dict[int, list[str]]) -> None:
        self.program = program
        self.known = known

    def reached(self, functions: dict[str, Function], roots: list[str]) -> set[str]:
        found = set(roots)
        work = list(roots)
        while work:
            for name in self._targets(functions, work.pop()):
                if name not in found:
                    found.add(name)
                    work.append(name)
        return found

    def _targets(self, functions: dict[str, Function], name: str) -> list[str]:
        if name in self.program.dispatchers:
            return [target for _, target in self.program.dispatchers[name].targets]
        if name not in functions:
            return []
        function = functions[name]
        if id(function) not in self.known:
            self.known[id(function)] = [
                node.function for node in nodes(function.body) if isinstance(node, _NAMING)
            ]
        return self.known[id(function)]
