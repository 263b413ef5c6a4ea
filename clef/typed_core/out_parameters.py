"""Variables whose address only lives for a call become results of that call.

Comes in: a core program. Goes out: one that does the same. Promises: of

    let mutable value = 0 in if table.TryGetValue(key, &value) then value …

there is no cell left that holds `value`: `TryGetValue` is made anew as a function of the value
before, which gives its result and the value afterwards. This is done where the function only reads
and writes through the address, and nobody else has the cell. An exception leaves the value as it
was, so calls from which one is caught while the variable lives stay as they are.
"""

from __future__ import annotations

import dataclasses

from clef.data_classes import dataclass, field
from clef.typed_core import core, well_known
from clef.typed_core.copying import Copier
from clef.typed_core.core import (
    Atom,
    Expression,
    Field,
    Function,
    Let,
    Local,
    MonoType,
    Program,
    TypeShape,
)
from clef.typed_core.nodes import nodes
from clef.typed_core.remaining import still_needed
from clef.typed_core.shapes import CELL

_READ, _WRITE = "$byref_read<", "$byref_write<"


def return_values(program: Program) -> Program:
    """The whole pass."""
    outs = _Outs(program)
    functions = dict(program.functions)
    for name, function in program.functions.items():
        found = _cells(outs, function)
        if found:
            functions[name] = _Caller(outs, found).whole(function)
    if not outs.made:
        return program
    functions |= outs.made
    return dataclasses.replace(program, functions=still_needed(program, functions))


# Functions that get addresses ---------------------------------------------------------------------


@dataclass(slots=True)
class _Outs:
    """`made`: the functions that give the value back, by name."""

    program: Program
    made: dict[str, Function] = field(default_factory=dict[str, Function])
    known: dict[tuple[str, int], bool] = field(default_factory=dict[tuple[str, int], bool])

    def can_return(self, name: str, index: int) -> bool:
        """Whether a function only reads and writes through this parameter."""
        key = (name, index)
        if key not in self.known:
            function = self.program.functions.get(name)
            is_fixed = name in self.program.without_heap or name in self.program.placements
            self.known[key] = function is not None and not is_fixed and _only_used(function, index)
        return self.known[key]

    def pair(self, function: Function, content: MonoType) -> MonoType:
        """What the new function gives."""
        if function.result.symbol == well_known.UNIT:
            return content
        parts = (function.result, content)
        type = self.program.types.make("struct_tuple", "", parts)
        if type not in self.program.shapes:
            fields = [Field(f"Item{index + 1}", part) for index, part in enumerate(parts)]
            shape = TypeShape(type, "tuple", fields=fields, is_value=True)
            self.program.shapes[type] = shape
        return type

    def returning(self, name: str, index: int) -> Function:
        """The function that gives the value back."""
        made = f"{name}~out{index}"
        if made not in self.made:
            function = self.program.functions[name]
            content = function.parameters[index].type.arguments[0]
            pair = self.pair(function, content)
            self.made[made] = _Returning(function, index, pair).made(made)
            self.program.reasons.setdefault(made, name)
        return self.made[made]


def _only_used(function: Function, index: int) -> bool:
    """Whether all uses of a parameter read or write through it, and no call ends the function."""
    parameter = function.parameters[index]
    through = 0
    for node in nodes(function.body):
        if isinstance(node, core.Call) and node.function.startswith((_READ, _WRITE)):
            through += _mentions(node.arguments[0], parameter)
    return through == _uses(function.body, parameter) and not _ends_in_call(function.body)


def _mentions(atom: Expression, local: Local) -> bool:
    return isinstance(atom, core.Variable) and atom.local is local


def _uses(body: Expression, local: Local) -> int:
    count = 0
    stack = [body]
    while stack:
        node = stack.pop()
        count += _mentions(node, local)
        stack.extend(core.children(node))
    return count


def _ends_in_call(node: Expression) -> bool:
    """Whether something else may run in the place of the function's end."""
    stack = [node]
    while stack:
        end = stack.pop()
        while isinstance(end, Let):
            end = end.body
        match end:
            case core.Call():
                if not end.function.startswith((_READ, _WRITE)):
                    return True
            case core.CallClosure():
                return True
            case core.If():
                stack += (end.then, end.otherwise)
            case core.Switch():
                stack += [branch for _, branch in end.branches]
                stack += [] if end.default is None else [end.default]
            case core.Join():
                stack += (end.continuation, end.body)
            case _:
                pass
    return False


class _Returning(Copier):
    """The function without the address."""

    def __init__(self, function: Function, index: int, pair: MonoType) -> None:
        super().__init__()
        self.function = function
        self.index = index
        self.pair = pair
        self.address = function.parameters[index]
        content = self.address.type.arguments[0]
        self.place = Local(0, self.address.name, content, is_mutable=True)

    def made(self, name: str) -> Function:
        """All of it."""
        function, pair = self.function, self.pair
        start = Local(0, self.address.name, self.place.type)
        parameters = list(function.parameters)
        parameters[self.index] = start
        body = dataclasses.replace(function, parameters=parameters, body=self._body(start))
        whole = self.whole(body)
        return dataclasses.replace(whole, name=name, result=pair, capture_count=0)

    def _body(self, start: Local) -> Expression:
        """The old body, with the place before it and the pair behind it."""
        function, pair, span = self.function, self.pair, self.function.span
        result, last = Local(0, "", function.result), Local(0, "", self.place.type)
        end: Expression = _variable(last)
        if pair is not last.type:
            end = core.Construct(0, pair, span, -1, [_variable(result), _variable(last)])
        end = Let(0, pair, span, last, _variable(self.place), end)
        end = Let(0, pair, span, result, function.body, end)
        return Let(0, pair, span, self.place, _variable(start), end)

    def call(self, node: core.Call) -> Expression:
        if node.function.startswith((_READ, _WRITE)) and _mentions(node.arguments[0], self.address):
            return _through(self, node, self.place)
        return super().call(node)


def _variable(local: Local) -> core.Variable:
    return core.Variable(0, local.type, None, local)


def _through(copier: Copier, node: core.Call, place: Local) -> Expression:
    """What reading or writing through an address does to the place itself."""
    if node.function.startswith(_READ):
        return copier.variable(copier.locals[place], node)
    value = copier.atom(node.arguments[1])
    return core.Assign(copier.id(), node.type, node.span, copier.locals[place], value)


# Functions that give addresses --------------------------------------------------------------------


def _cells(outs: _Outs, function: Function) -> dict[Local, Local]:
    """The cells that can be variables, by themselves and by the addresses made of them."""
    cells: dict[Local, int] = {}
    addresses: dict[Local, Local] = {}
    all_nodes = nodes(function.body)
    for node in all_nodes:
        if isinstance(node, Let) and isinstance(node.value, core.Construct):
            symbol, arguments = node.value.type.symbol, node.value.arguments
            if symbol == CELL and not node.local.is_mutable:
                cells[node.local] = 0
            elif symbol == well_known.POINTER and node.value.case == 0:
                (cell,) = arguments
                if isinstance(cell, core.Variable) and not node.local.is_mutable:
                    addresses[node.local] = cell.local
    if not addresses:
        return {}
    uses: dict[Local, int] = {**cells, **dict.fromkeys(addresses, 0)}
    for node in all_nodes:
        for local in _allowed(outs, node, addresses):
            if local in uses:
                uses[local] += 1
    good = {local for local, count in uses.items() if count == _uses(function.body, local)}
    good -= _caught(all_nodes, addresses)
    bad = {cell for address, cell in addresses.items() if address not in good}
    kept = {cell for cell in cells if cell in good and cell not in bad}
    found = {address: cell for address, cell in addresses.items() if cell in kept}
    return {**found, **{cell: cell for cell in found.values()}}


def _allowed(outs: _Outs, node: Expression, addresses: dict[Local, Local]) -> list[Local]:
    """The cells and addresses that a node uses as they may be."""
    match node:
        case Let(value=core.Construct() as made) if node.local in addresses:
            return _locals(made.arguments)
        case core.Project(case=-1, index=0):
            return _locals([node.value])
        case core.SetField(index=0):
            return _locals([node.object])
        case core.Call():
            at = [i for i, one in enumerate(node.arguments) if _is_address(one, addresses)]
            if len(at) != 1:
                return []
            if at == [0] and node.function.startswith((_READ, _WRITE)):
                return _locals(node.arguments[:1])
            if outs.can_return(node.function, at[0]):
                return _locals([node.arguments[at[0]]])
            return []
        case _:
            return []


def _is_address(atom: Atom, addresses: dict[Local, Local]) -> bool:
    return isinstance(atom, core.Variable) and atom.local in addresses


def _locals(atoms: list[Atom]) -> list[Local]:
    return [atom.local for atom in atoms if isinstance(atom, core.Variable)]


def _caught(all_nodes: list[Expression], addresses: dict[Local, Local]) -> set[Local]:
    """Addresses that are given to calls whose exceptions are caught while their cell lives."""
    found: set[Local] = set()
    for one in all_nodes:
        if not isinstance(one, core.TryWith):
            continue
        inside = nodes(one.body)
        bound = {node.local for node in inside if isinstance(node, Let)}
        for node in inside:
            if isinstance(node, core.Call):
                given = [local for local in _locals(node.arguments) if local in addresses]
                found.update(local for local in given if addresses[local] not in bound)
    return found


class _Caller(Copier):
    """A function with variables in the place of cells. `cells`: see `_cells`."""

    def __init__(self, outs: _Outs, cells: dict[Local, Local]) -> None:
        super().__init__()
        self.outs = outs
        self.cells = cells
        self.places = {
            cell: Local(0, cell.name, cell.type.arguments[0], is_mutable=True)
            for cell in cells.values()
        }

    def _place(self, atom: Expression) -> Local | None:
        if not isinstance(atom, core.Variable) or atom.local not in self.cells:
            return None
        return self.places[self.cells[atom.local]]

    def bindings(self, node: Let) -> list[Let]:
        if node.local not in self.cells:
            return [node]
        if self.cells[node.local] is not node.local:
            return []
        assert isinstance(node.value, core.Construct)
        (start,) = node.value.arguments
        return [dataclasses.replace(node, local=self.places[node.local], value=start)]

    def operation(self, node: Expression) -> Expression:
        match node:
            case core.Project() if (place := self._place(node.value)) is not None:
                return self.variable(self.locals[place], node)
            case core.SetField() if (place := self._place(node.object)) is not None:
                value = self.atom(node.value)
                return core.Assign(self.id(), node.type, node.span, self.locals[place], value)
            case _:
                return super().operation(node)

    def call(self, node: core.Call) -> Expression:
        found = [(at, p) for at, a in enumerate(node.arguments) if (p := self._place(a))]
        if not found:
            return super().call(node)
        ((index, place),) = found
        if node.function.startswith((_READ, _WRITE)):
            return _through(self, node, place)
        return self.expression(self._with_result(node, index, place))

    def _with_result(self, node: core.Call, index: int, place: Local) -> Expression:
        """The call of the new function, in the old function's locals."""
        made = self.outs.returning(node.function, index)
        before, both = Local(0, "", place.type), Local(0, "", made.result)
        arguments = list(node.arguments)
        arguments[index] = _variable(before)
        call = core.Call(0, made.result, node.span, made.name, arguments)
        after = Local(0, "", place.type)
        done = Local(0, "", self._unit())
        assign = core.Assign(0, done.type, node.span, place, _variable(after))
        if made.result is place.type:
            end: Expression = core.Literal(0, node.type, node.span, None)
            last: Expression = _variable(both)
        else:
            end = core.Project(0, node.type, node.span, _variable(both), made.result, -1, 0)
            last = core.Project(0, place.type, node.span, _variable(both), made.result, -1, 1)
        end = Let(0, node.type, node.span, done, assign, end)
        end = Let(0, node.type, node.span, after, last, end)
        end = Let(0, node.type, node.span, both, call, end)
        return Let(0, node.type, node.span, before, _variable(place), end)

    def _unit(self) -> MonoType:
        return self.outs.program.types.named(well_known.UNIT)
