"""Small functions that make more than they take apart become part of a caller that has some left.

Comes in: a core program. Goes out: one that does the same. Promises: of

    let balance left item right = … Node(left, item, right)
    let rec add item tree =
        match tree with … Node(left, other, right) -> balance (add item left) other right

`add` ends in the body of `balance`, so that the plan sees in one function what comes apart and what
is made of it. Only functions that do not call themselves, not even through others, are put into
others, and what they call stays a call; functions of which something is promised or placed stay
what they are.
"""

from __future__ import annotations

import dataclasses

from clef.typed_core import core
from clef.typed_core.copying import Copier
from clef.typed_core.core import Expression, Function, MonoType, Program

LARGEST = 160
"""Nodes of a function that is put into its callers."""
LARGEST_OF_FEW = 400
"""The same for a function that is called in `FEW` places."""
FEW = 2
LARGEST_CALLER = 1200
"""Nodes of a caller that still grows."""


def put_makers_into_callers(program: Program) -> Program:
    """The whole pass."""
    return _Pass(program).run()


class _Pass:
    """`done`: the functions as they will be. `makes`: the types of which a function makes more
    cells on some way than it looks into; `parts`: those of which it reads fields. `places`: in how
    many places functions are called.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.done: dict[str, Function] = {}
        self.recursive: dict[str, bool] = {}
        self.makes: dict[str, set[MonoType]] = {}
        self.parts: dict[str, set[MonoType]] = {}
        self.calls: dict[str, list[str]] = {}
        self.places: dict[str, int] = {}
        self.fixed = {
            *program.without_heap,
            *program.apart,
            *program.placements,
            *program.start_up,
            program.entry,
        }
        self.bound: set[str] = set()
        for name, function in program.functions.items():
            self._read(name, function)

    def _read(self, name: str, function: Function) -> None:
        made, parts, calls = set[MonoType](), set[MonoType](), list[str]()
        stack: list[Expression] = [function.body]
        while stack:
            node = stack.pop()
            match node:
                case core.Construct():
                    if node.arguments and self._may_have_cell(node.type):
                        made.add(node.type)
                case core.Project():
                    parts.add(node.owner)
                case core.Call() | core.MakeClosure():
                    calls.append(node.function)
                    self.places[node.function] = self.places.get(node.function, 0) + 1
                case core.TryWith():
                    self.bound.add(name)
                case core.Primitive():
                    if node.operation.startswith(("heap_", "stack_")):
                        self.bound.add(name)
                case _:
                    pass
            stack.extend(core.children(node))
        makes = {type for type in made if _balance(function.body, type, frozenset()) > 0}
        self.makes[name], self.parts[name], self.calls[name] = makes, parts, calls

    def _may_have_cell(self, type: MonoType) -> bool:
        shape = self.program.shapes.get(type)
        return shape is not None and shape.kind in ("record", "union") and not shape.is_value

    def run(self) -> Program:
        functions = {name: self.function(name) for name in self.program.functions}
        return dataclasses.replace(self.program, functions=functions)

    def function(self, name: str) -> Function:
        """The function with what belongs into it."""
        found = self.done.get(name)
        if found is None:
            found = self.program.functions[name]
            if name not in self.fixed and found.node_count <= LARGEST_CALLER:
                wanted = {call for call in self.calls[name] if self._belongs(call, name)}
                if wanted:
                    bodies = {call: self.function(call) for call in wanted}
                    small = {n: f for n, f in bodies.items() if f.node_count <= self._limit(n)}
                    found = _Caller(small).whole(found) if small else found
            self.done[name] = found
        return found

    def _belongs(self, name: str, caller: str) -> bool:
        function = self.program.functions.get(name)
        if function is None or name in self.fixed or name in self.bound:
            return False
        if function.node_count > self._limit(name) or self.makes[name].isdisjoint(
            self.parts[caller]
        ):
            return False
        return not self._is_recursive(name)

    def _limit(self, name: str) -> int:
        return LARGEST_OF_FEW if self.places[name] <= FEW else LARGEST

    def _is_recursive(self, name: str) -> bool:
        known = self.recursive.get(name)
        if known is not None:
            return known
        seen: set[str] = set()
        work = list(self.calls[name])
        while work and name not in seen:
            one = work.pop()
            if one in seen:
                continue
            seen.add(one)
            dispatcher = self.program.dispatchers.get(one)
            if dispatcher is not None:
                work += (target for _, target in dispatcher.targets)
            work += self.calls.get(one, ())
        self.recursive[name] = name in seen
        return name in seen


def _balance(node: Expression, type: MonoType, opened: frozenset[core.Local]) -> int:
    """How many more cells of a type are made than looked into, on the way where that is most."""
    total = 0
    while True:
        here = node.value if isinstance(node, core.Let) else node
        match here:
            case core.Construct():
                total += here.type is type and bool(here.arguments)
            case core.Project(value=core.Variable(local=local)):
                if here.owner is type and local not in opened:
                    opened |= {local}
                    total -= 1
            case core.If():
                total += max(_balance(one, type, opened) for one in (here.then, here.otherwise))
            case core.Switch():
                ways = [branch for _, branch in here.branches]
                ways += [] if here.default is None else [here.default]
                total += max(_balance(way, type, opened) for way in ways)
            case core.Join():
                inside = _balance(here.body, type, opened)
                total += max(inside, inside + _balance(here.continuation, type, opened))
            case core.Let():
                total += _balance(here, type, opened)
            case _:
                pass
        if not isinstance(node, core.Let):
            return total
        node = node.body


class _Caller(Copier):
    """A caller in the making."""

    def __init__(self, bodies: dict[str, Function]) -> None:
        super().__init__()
        self.bodies = bodies
        self.is_inside = False
        self.label_count = 0

    def new_label(self, like: core.Label) -> core.Label:
        self.label_count += 1  # the bodies number theirs alike
        return core.Label(self.label_count - 1, like.name, like.is_rare)

    def call(self, node: core.Call) -> Expression:
        target = self.bodies.get(node.function)
        if target is None or self.is_inside:
            return super().call(node)
        given = self.atoms(node.arguments)
        named: list[tuple[core.Local, core.Atom]] = []
        for parameter, atom in zip(target.parameters, given, strict=True):
            if isinstance(atom, core.Variable) and not (
                parameter.is_mutable or atom.local.is_mutable
            ):
                self.locals[parameter] = atom.local
            else:
                named.append((self.bind(parameter), atom))
        self.is_inside = True
        body = self.expression(target.body)
        self.is_inside = False
        for local, atom in reversed(named):
            body = core.Let(self.id(), body.type, node.span, local, atom, body)
        return body
