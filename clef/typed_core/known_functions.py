"""Functions that are given known functions are made anew for them, so that they call them directly.

Comes in: a core program. Goes out: one that does the same. Promises: `List.map f` with a known `f`
is a loop that calls `f` by name, the caller's `f` is not allocated unless something keeps it; what
`f` has captured travels as arguments. Loops hand on only what changes. Functions that nobody needs
any more are left out. The program that came in is not touched.

Only parameters that are only called (function_parameters.py) count. Function values that are made
out of others (`f >> g`) are followed to a depth, so that a function that wraps its parameter at
every call is not made anew without end.
"""

from __future__ import annotations

import dataclasses

from clef.data_classes import dataclass
from clef.typed_core import core
from clef.typed_core.copying import Copier
from clef.typed_core.core import Atom, Expression, Function, Local, Program
from clef.typed_core.folding import Folder, absent_interfaces
from clef.typed_core.function_parameters import (
    Findings,
    find_demands,
    read_function,
)
from clef.typed_core.remaining import still_needed

DEPTH = 3
"""How deep function values are followed that are made out of others."""
LARGEST = 1500
"""Nodes of a function that is still made anew."""
GROWTH = 2
"""How many times as large as before the program may become, besides a constant."""
SMALL_PROGRAM = 20_000

Key = tuple[str, tuple["Key | None", ...]]
"""A function, and which functions it has captured; `None` for what is only known at run time."""


@dataclass(frozen=True, slots=True)
class Known:
    """A function value in the function that is being made: its captures are locals there."""

    function: str
    captures: tuple[Local | core.Literal | Known, ...]

    @property
    def key(self) -> Key:
        return self.function, tuple(
            part.key if isinstance(part, Known) else None for part in self.captures
        )

    def leaves(self) -> list[Local | core.Literal]:
        """All captures that are only known at run time."""
        found: list[Local | core.Literal] = []
        for part in self.captures:
            found += part.leaves() if isinstance(part, Known) else [part]
        return found

    def depth(self) -> int:
        return 1 + max((p.depth() for p in self.captures if isinstance(p, Known)), default=0)


class _Pass:
    """`made`: names of the functions that were made, by what for. `work`: those without a body."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.findings = {name: read_function(f) for name, f in program.functions.items()}
        self.demands = find_demands(program, self.findings)
        self.absent = absent_interfaces(program)
        self.functions = dict(program.functions)
        self.made: dict[tuple[str, tuple[tuple[int, Key], ...]], str] = {}
        self.work: list[tuple[str, Function, dict[int, Key]]] = []
        size = sum(function.node_count for function in program.functions.values())
        self.partials: dict[tuple[str, int], str] = {}
        self.budget = SMALL_PROGRAM + (GROWTH - 1) * size

    def arity(self, name: str) -> int:
        function = self.program.functions[name]
        return len(function.parameters) - function.capture_count

    def takes(self, function: str, index: int, value: Known) -> bool:
        """Whether a function may be made anew for this value of a parameter."""
        return (function, index) in self.demands

    def can_afford(self, function: str) -> bool:
        size = self.program.functions[function].node_count
        return size <= LARGEST and size <= self.budget

    def specialised(self, name: str, parts: dict[int, Key]) -> str:
        """The function for known values of these parameters."""
        key = (name, tuple(sorted(parts.items())))
        found = self.made.get(key)
        if found is None:
            original = self.program.functions[name]
            self.budget -= original.node_count
            number = len(self.made) + 1
            found = self.made[key] = f"{name}~known{number}"
            self.program.reasons.setdefault(found, name)
            self.work.append((found, original, parts))
        return found

    def partial(
        self, target: str, given: list[Atom], rest: list[Local], node: core.CallClosure
    ) -> str:
        """A function whose closures call `target`, and keep what is `given`."""
        key = (target, len(given))
        found = self.partials.get(key)
        if found is None:
            found = self.partials[key] = f"{target}~first{len(given)}"
            self.program.reasons.setdefault(found, target)
            maker = Copier()
            kept = [maker.fresh(Local(0, "", atom.type)) for atom in given]
            parameters = [*kept, *(maker.fresh(local) for local in rest)]
            arguments: list[Atom] = [maker.variable(local, node) for local in parameters]
            result = node.type
            for _ in rest:
                result = result.arguments[1]
            body = core.Call(maker.id(), result, node.span, target, arguments)
            self.functions[found] = Function(
                found,
                found,
                parameters,
                result,
                body,
                node.span,
                capture_count=len(given),
                node_count=maker.node_count,
                local_count=maker.local_count,
            )
        return found


class _Body(Folder):
    """One function in the making. `known`: locals of the original that are known functions;
    `unmade`: those among them that have no value in the new one.
    """

    def __init__(self, state: _Pass, found: Findings) -> None:
        super().__init__(state.absent)
        self.state = state
        self.found = found
        self.known: dict[Local, Known] = {}
        self.unmade: set[Local] = set()

    # Parameters -----------------------------------------------------------------------------------

    def receive(self, key: Key, like: Local) -> tuple[Known, list[Local]]:
        """A known function as a parameter: one local for each thing that it has captured."""
        function = self.state.program.functions[key[0]]
        captures: list[Local | core.Literal | Known] = []
        locals: list[Local] = []
        for part, parameter in zip(key[1], function.parameters, strict=False):
            if part is not None:
                inner, more = self.receive(part, like)
                captures.append(inner)
                locals += more
            else:
                local = self.fresh(Local(0, parameter.name, parameter.type))
                captures.append(local)
                locals.append(local)
        return Known(key[0], tuple(captures)), locals

    # Bindings and loops ---------------------------------------------------------------------------

    def enter(self, node: core.Let) -> None:
        super().enter(node)
        value = node.value
        if isinstance(value, core.MakeClosure) and not node.local.is_mutable:
            captures: list[Local | core.Literal | Known] = []
            for index, atom in enumerate(value.captures):
                part = self._part(value.function, index, atom)
                if part is None:
                    return
                captures.append(part)
            self.known[node.local] = Known(value.function, tuple(captures))

    def _part(self, function: str, index: int, atom: Atom) -> Local | core.Literal | Known | None:
        if isinstance(atom, core.Literal):
            return atom
        inner = self.known.get(atom.local)
        if inner is not None and inner.depth() < DEPTH and self.state.takes(function, index, inner):
            return inner
        return None if atom.local.is_mutable else self.locals[atom.local]

    def is_needed(self, local: Local, value: Expression) -> bool:
        if not isinstance(value, core.MakeClosure):
            return super().is_needed(local, value)
        if local.is_mutable or self.uses.get(local):
            return True
        for atom in value.captures:
            if isinstance(atom, core.Variable):
                self.uses[atom.local] -= 1
        return False

    def operation(self, node: Expression) -> Expression:
        if isinstance(node, core.Primitive) and node.operation == "check_null":
            atom = node.arguments[0]
            if isinstance(atom, core.Variable) and atom.local in self.known:
                return core.Literal(self.id(), node.type, node.span, None)
        return super().operation(node)

    def join_parameters(self, node: core.Join) -> list[Local]:
        constant = self.found.constant.get(node.label, {})
        parameters: list[Local] = []
        for index, local in enumerate(node.parameters):
            if index in constant:
                self._same(local, constant[index])
            else:
                parameters.append(self.bind(local))
        return parameters

    def _same(self, local: Local, source: Local) -> None:
        """A local that is always another one."""
        if source in self.known:
            self.known[local] = self.known[source]
        if source in self.unmade:
            self.unmade.add(local)
        else:
            self.locals[local] = self.locals[source]

    def jump_arguments(self, label: core.Label, nodes: list[Atom]) -> list[Atom]:
        constant = self.found.constant.get(label, {})
        return [self.atom(node) for index, node in enumerate(nodes) if index not in constant]

    # Calls ----------------------------------------------------------------------------------------

    def call(self, node: core.Call) -> Expression:
        target, given = self._call(node, node.function, list(node.arguments))
        return core.Call(self.id(), node.type, node.span, target, given)

    def call_closure(self, node: core.CallClosure) -> Expression:
        atom = node.function
        value = self.known.get(atom.local) if isinstance(atom, core.Variable) else None
        if value is None:
            return super().call_closure(node)
        arity = self.state.arity(value.function)
        now, later = node.arguments[:arity], node.arguments[arity:]
        target, given = self._call(node, value.function, [*value.captures, *now])
        if len(now) < arity:
            rest = self.state.program.functions[value.function].parameters[-arity:][len(now) :]
            target = self.state.partial(target, given, rest, node)
            return core.MakeClosure(self.id(), node.type, node.span, target, given)
        if not later:
            return core.Call(self.id(), node.type, node.span, target, given)
        result = self.state.program.functions[value.function].result
        call = core.Call(self.id(), result, node.span, target, given)
        local = self.fresh(Local(0, "", result))
        function = self.variable(local, node)
        end = core.CallClosure(self.id(), node.type, node.span, function, self.atoms(later))
        return core.Let(self.id(), node.type, node.span, local, call, end)

    def _call(
        self,
        node: core.Call | core.CallClosure,
        function: str,
        arguments: list[Atom] | list[Local | core.Literal | Known | Atom],
    ) -> tuple[str, list[Atom]]:
        """What is known of the arguments chooses the function."""
        parts: dict[int, Key] = {}
        given: list[Atom] = []
        for index, argument in enumerate(arguments):
            value = self._value(function, index, argument)
            if value is not None:
                parts[index] = value.key
                given += [self._leaf(leaf, node) for leaf in value.leaves()]
            elif isinstance(argument, Local):
                given.append(self.variable(argument, node))
            else:
                assert not isinstance(argument, Known)
                given.append(self.atom(argument))
        return self.state.specialised(function, parts) if parts else function, given

    def _value(
        self, function: str, index: int, argument: Local | core.Literal | Known | core.Variable
    ) -> Known | None:
        """The known function that an argument is, if the function is to be made anew for it."""
        if isinstance(argument, Known):
            return argument
        if not isinstance(argument, core.Variable):
            return None
        value = self.known.get(argument.local)
        if value is None or function not in self.state.program.functions:
            return None
        if argument.local in self.unmade:
            return value
        if self.state.takes(function, index, value) and self.state.can_afford(function):
            return value
        return None

    def _leaf(self, leaf: Local | core.Literal, node: core.Node) -> Atom:
        if isinstance(leaf, Local):
            return self.variable(leaf, node)
        return self.literal(leaf.value, leaf)


def call_directly(program: Program) -> Program:
    """The whole pass."""
    state = _Pass(program)
    for name, function in program.functions.items():
        if _is_concerned(state, state.findings[name]):
            state.functions[name] = _copy(state, function, name, {})
    while state.work:
        name, function, parts = state.work.pop()
        state.functions[name] = _copy(state, function, name, parts)
    if not (state.made or state.absent):
        return dataclasses.replace(program, functions=state.functions)
    return dataclasses.replace(program, functions=still_needed(program, state.functions))


def _is_concerned(state: _Pass, found: Findings) -> bool:
    """Whether a function calls or passes on functions that it knows, or has loops to shorten."""
    for local in found.closures:
        if local in found.called:
            return True
        if any(to in state.demands for to in found.passed.get(local, ())):
            return True
    return bool(found.constant) or not found.tested.isdisjoint(state.absent)


def _copy(state: _Pass, function: Function, name: str, parts: dict[int, Key]) -> Function:
    """The function with known values of some parameters."""
    body = _Body(state, state.findings[function.name])
    parameters: list[Local] = []
    for index, local in enumerate(function.parameters):
        if index in parts:
            value, more = body.receive(parts[index], local)
            body.known[local] = value
            body.unmade.add(local)
            parameters += more
        else:
            parameters.append(body.bind(local))
    code = body.expression(function.body)
    return dataclasses.replace(
        function,
        name=name,
        parameters=parameters,
        body=code,
        capture_count=0 if parts else function.capture_count,
        node_count=body.node_count,
        local_count=body.local_count,
    )
