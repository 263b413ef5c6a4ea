"""Which functions are made without lists in between, and for which streams.

Comes in: a core program. Goes out: one that does the same. Promises: functions in which no list is
made that could wait are not touched; each function is made anew once for each stream and parameter,
for as long as the program does not grow too much; functions that nobody needs are left out.
"""

from __future__ import annotations

import dataclasses

from clef.typed_core import core
from clef.typed_core.core import Expression, Function, Program
from clef.typed_core.fusion.consumption import Consumption
from clef.typed_core.fusion.effects import EffectTable, Summary
from clef.typed_core.fusion.fuser import DEEPEST, Fuser
from clef.typed_core.fusion.streams import Stream, is_list, prepared, read_stream
from clef.typed_core.remaining import still_needed

LARGEST = 1500
"""Nodes of a function that is made anew for pending lists."""
BUDGET = 20_000
"""Nodes of all of them, in a program that is not larger itself."""


def fuse_lists(program: Program) -> Program:
    """The whole pass."""
    state = Fusion(program)
    is_changed = False
    for name, function in program.functions.items():
        if name not in state.fixed and state.is_concerned(function):
            fuser = Fuser(state)
            changed = fuser.whole(function)
            if fuser.is_changed:
                state.functions[name] = changed
                is_changed = True
    if not is_changed:
        return program
    return dataclasses.replace(program, functions=still_needed(program, state.functions))


class Fusion:
    """`made`: the functions that were made anew, by function, parameter and stream. `fixed`: those
    of which something is promised."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.functions = dict(program.functions)
        self.fixed = {*program.without_heap, *program.placements}
        self.made: dict[tuple[str, int, str], str] = {}
        self.streams: dict[str, Stream | None] = {}
        self.budget = max(BUDGET, sum(one.node_count for one in program.functions.values()))
        self.consumption = Consumption(self.find)
        self.effects = EffectTable(program, self.find)

    def find(self, name: str) -> Function | None:
        """The function of that name as it was read, or as it was made."""
        return self.program.functions.get(name) or self.functions.get(name)

    def stream(self, name: str) -> Stream | None:
        """The function as a stream."""
        if name not in self.streams:
            function = None if name in self.fixed else self.find(name)
            self.streams[name] = None if function is None else read_stream(function, self.find)
        return self.streams[name]

    def is_concerned(self, function: Function) -> bool:
        """Whether it calls a function for a list and has it at hand."""
        stack: list[Expression] = [function.body]
        while stack:
            node = stack.pop()
            if isinstance(node, core.Let):
                value = node.value
                if self.is_made_by_stream(value):
                    return True
                stack += (node.body, value)
            elif not isinstance(node, core.Call | core.Primitive):
                stack.extend(core.children(node))
        return False

    def is_made_by_stream(self, node: Expression) -> bool:
        """Whether it is a call that makes a list which may wait."""
        return isinstance(node, core.Call) and is_list(node.type) and self.may_wait(node.function)

    def may_wait(self, name: str, depth: int = DEEPEST) -> bool:
        """Whether a function is a stream or prepares one."""
        if self.stream(name) is not None:
            return True
        function = None if name in self.fixed or not depth else self.find(name)
        last = None if function is None else prepared(function)
        return last is not None and self.may_wait(last.function, depth - 1)

    def specialised(self, name: str, index: int, stream: str) -> str | None:
        """The function with the arguments of a stream in place of a list."""
        key = (name, index, stream)
        if key in self.made:
            return self.made[key]
        function, source = self.find(name), self.find(stream)
        # One function's locals cannot be those of two copies at once.
        if function is None or source is None or source is function or name in self.fixed:
            return None
        size = function.node_count + source.node_count
        if size > LARGEST or size > self.budget:
            return None
        if self.consumption.of_parameter(name, index) is None:
            return None
        self.budget -= size
        made = self.made[key] = f"{name}~of{len(self.made) + 1}"
        self.program.reasons.setdefault(made, name)
        effects = self.effects.of_function(name) | self.effects.of_function(stream)
        self.effects.known[made] = Summary(effects)
        self.streams[made] = None  # while it is made
        self.functions[made] = Fuser(self).specialised(function, index, source, made)
        del self.streams[made]
        return made
