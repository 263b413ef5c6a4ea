"""The ranges of a whole program.

Comes in: a core program. Goes out: for each function its verdicts and the branches that can be
taken. Promises: functions are read after those that they call, so that what these give is known;
then those of which all calls are known are read again, callers first, with what the calls have in
common. Nothing is assumed that an earlier reading has not shown.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.data_classes import dataclass
from clef.typed_core import core
from clef.typed_core.core import Expression, Function, Program
from clef.value_ranges.facts import Facts
from clef.value_ranges.reader import Reader, TooMuch
from clef.value_ranges.state import CallSite, Found, State, TypeRanges
from clef.value_ranges.summaries import Start, Summary, enter, start_of, summarise

_LARGEST = 8000
"""Nodes of a function that is still read."""

Ranges = dict[str, Found]


def find_ranges(program: Program) -> Ranges:
    """What is found in each function that could be read."""
    return _Analysis(program).run()


@dataclass(slots=True)
class _Body:
    """What a function calls, and the functions that it makes values of."""

    calls: list[str]
    values: list[str]


class _Analysis:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.types = TypeRanges(program)
        self.summaries: dict[str, Summary] = {}
        self.results: Ranges = {}
        self.bodies = {name: _look(function) for name, function in program.functions.items()}

    def run(self) -> Ranges:
        order = self.callees_first()
        for name in order:
            self.read(self.program.functions[name], None)
        closed = self.closed()
        callers = self.callers()
        wanted = self.with_remaining(callers)
        for name in reversed(order):
            sites = self.call_sites(name, callers.get(name, ())) if name in wanted else []
            if name in closed and sites:
                start = start_of(self.program.functions[name], sites)
                if start.intervals or start.lengths or start.solid:
                    self.read(self.program.functions[name], start)
        return self.results

    def read(self, function: Function, start: Start | None) -> None:
        if function.node_count > _LARGEST:
            return
        reader = Reader(self.program, function, self.types, self.summaries)
        state = State(Facts(), {})
        enter(reader, state, start)
        root = state.facts
        try:
            ends = reader.run(function.body, state)
            if start is None:
                self.summaries[function.name] = summarise(reader, ends, root)
        except TooMuch:
            return
        self.results[function.name] = reader.found

    # Calls --------------------------------------------------------------------------------------

    def callees_first(self) -> list[str]:
        """Every function, those that it calls before it as far as they do not call each other."""
        order: list[str] = []
        seen: set[str] = set()
        for root in self.program.functions:
            stack: list[tuple[str, bool]] = [(root, False)]
            while stack:
                name, is_done = stack.pop()
                if is_done:
                    order.append(name)
                elif name not in seen and name in self.bodies:
                    seen.add(name)
                    stack.append((name, True))
                    stack.extend((called, False) for called in self.bodies[name].calls)
        return order

    def closed(self) -> set[str]:
        """Functions that only calls by name get to."""
        program = self.program
        open = {program.entry, *program.start_up}
        for body in self.bodies.values():
            open.update(body.values)
        for dispatcher in program.dispatchers.values():
            open.update(target for _, target in dispatcher.targets)
        return set(program.functions) - open

    def with_remaining(self, callers: dict[str, list[str]]) -> set[str]:
        """The functions in which checks remain, and those that call them."""
        work = [
            name
            for name, found in self.results.items()
            if any(verdict.remaining for verdict in found.verdicts.values())
        ]
        wanted = set(work)
        while work:
            for caller in callers.get(work.pop(), ()):
                if caller not in wanted:
                    wanted.add(caller)
                    work.append(caller)
        return wanted

    def callers(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, body in self.bodies.items():
            for called in body.calls:
                found.setdefault(called, []).append(name)
        return found

    def call_sites(self, name: str, callers: Iterable[str]) -> list[CallSite]:
        """The calls of a function, none if not every function that calls it was read."""
        found: list[CallSite] = []
        for caller in callers:
            result = self.results.get(caller)
            if result is None:
                return []
            found += [site for site in result.calls.values() if site.function == name]
        return found


def _look(function: Function) -> _Body:
    calls: dict[str, None] = {}
    values: dict[str, None] = {}
    stack: list[Expression] = [function.body]
    while stack:
        node = stack.pop()
        kind = node.__class__
        if kind is core.Variable or kind is core.Literal:
            continue
        if isinstance(node, core.Call):
            calls[node.function] = None
        elif isinstance(node, core.MakeClosure):
            values[node.function] = None
        stack.extend(core.children(node))
    return _Body(list(calls), list(values))
