"""Texts put together in a place: `place <- place + text` gives the text up before it grows.

Comes in: a core program. Goes out: one that does the same. Promises: where what is written into a
field or a variable of a module is a concatenation that begins with what was read there, the place
is empty while the text grows, so that nobody else has it and its cell can be used on. That is
unseen: concatenation neither raises nor looks at places, and what else happens comes before.

    let text = place            let text = place
    let more = …                let more = …
    let longer = text + more    place <- ""
    place <- longer             let longer = text + more
                                place <- longer
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from clef.data_classes import dataclass
from clef.typed_core import core
from clef.typed_core.chains import chains
from clef.typed_core.copying import Copier
from clef.typed_core.core import Expression, Function, Local, Program, children
from clef.typed_core.nodes import nodes
from clef.typed_core.primitives import PRIMITIVES
from clef.typed_core.well_known import STRING_CONCAT, STRING_CONCAT_ONTO

_CONCATENATIONS = (STRING_CONCAT, STRING_CONCAT_ONTO)

Place = tuple[object, ...]
Store = core.SetField | core.GlobalWrite | core.Call


def grow_in_place(program: Program) -> Program:
    """The whole pass."""
    if program.functions.keys().isdisjoint(_CONCATENATIONS):
        return program
    accessors = Accessors(program)
    functions = dict(program.functions)
    for name, function in program.functions.items():
        growths = _growths(accessors, function)
        if growths:
            functions[name] = _Growing(function, growths).make()
    return dataclasses.replace(program, functions=functions)


@dataclass(slots=True)
class _Growth:
    """`concatenations`: the bindings of one text, the last one is that which is stored."""

    concatenations: list[core.Let]
    store: Store


class Accessors:
    """Functions that do no more than read or write one field of their first parameter."""

    def __init__(self, program: Program) -> None:
        self.functions = program.functions
        self.known: dict[str, Place | None] = {}

    def read(self, node: Expression) -> Place | None:
        """The place that an expression reads, as far as it can be told from others."""
        match node:
            case core.Project(owner=owner, case=-1, index=index):
                return (owner, index)
            case core.GlobalRead(symbol=symbol):
                return (symbol,)
            case core.Call(function=name, arguments=[core.Variable()]):
                return self._accessed(name)
            case _:
                return None

    def written(self, node: Expression) -> tuple[Place, core.Variable] | None:
        """The place that an expression writes, and what."""
        match node:
            case core.SetField(object=core.Variable(), value=core.Variable() as value, case=-1):
                return (node.owner, node.index), value
            case core.GlobalWrite(value=core.Variable() as value):
                return (node.symbol,), value
            case core.Call(function=name, arguments=[core.Variable(), core.Variable() as value]):
                place = self._accessed(name)
                return (place, value) if place is not None else None
            case _:
                return None

    def _accessed(self, name: str) -> Place | None:
        if name not in self.known:
            function = self.functions.get(name)
            self.known[name] = _accessed(function) if function is not None else None
        return self.known[name]


def _accessed(function: Function) -> Place | None:
    body, parameters = function.body, function.parameters
    match body, parameters:
        case core.Project(value=core.Variable(local=local), case=-1), [object]:
            return (body.owner, body.index) if local is object else None
        case core.SetField(object=core.Variable(local=local), case=-1), [object, value]:
            stored = body.value
            is_whole = isinstance(stored, core.Variable) and stored.local is value
            return (body.owner, body.index) if local is object and is_whole else None
        case _:
            return None


# Finding ------------------------------------------------------------------------------------------


def _growths(accessors: Accessors, function: Function) -> list[_Growth]:
    found: list[_Growth] = []
    if not any(_is_concatenation(node) for node in nodes(function.body)):
        return found
    uses = _uses(function.body)
    for lets, end in chains(function.body):
        found += _in_chain(accessors, lets, end, uses)
    return found


def _is_concatenation(node: Expression) -> bool:
    return isinstance(node, core.Call) and node.function in _CONCATENATIONS


def _uses(body: Expression) -> dict[Local, int]:
    counts: dict[Local, int] = {}
    stack: list[Expression] = [body]
    while stack:
        node = stack.pop()
        if isinstance(node, core.Variable):
            counts[node.local] = counts.get(node.local, 0) + 1
        stack.extend(children(node))
    return counts


def _in_chain(
    accessors: Accessors, lets: Sequence[core.Let], end: Expression, uses: dict[Local, int]
) -> list[_Growth]:
    positions = {let.local: index for index, let in enumerate(lets)}
    found: list[_Growth] = []
    for index, node in enumerate([*(let.value for let in lets), end]):
        written = accessors.written(node)
        if written is None:
            continue
        place, value = written
        group = _concatenations(lets, positions, value, uses)
        if not group:
            continue
        first = positions.get(_left(group[0]).local)
        last = positions[group[-1].local]
        if first is None or accessors.read(lets[first].value) != place:
            continue
        if _is_ready(lets, first, last, index, node):
            assert isinstance(node, Store)
            found.append(_Growth(group, node))
    return found


def _left(let: core.Let) -> core.Variable:
    assert isinstance(let.value, core.Call)
    (left, _) = let.value.arguments
    assert isinstance(left, core.Variable)
    return left


def _concatenations(
    lets: Sequence[core.Let],
    positions: dict[Local, int],
    value: core.Variable,
    uses: dict[Local, int],
) -> list[core.Let]:
    """The bindings that lead to a value, each the left side of the next; nobody else has those."""
    group: list[core.Let] = []
    while True:
        position = positions.get(value.local)
        if position is None:
            return group
        let = lets[position]
        match let.value:
            case core.Call(function=name, arguments=[core.Variable() as left, _]) if (
                name in _CONCATENATIONS and (not group or uses.get(let.local) == 1)
            ):
                group.insert(0, let)
                value = left
            case _:
                return group


def _is_ready(
    lets: Sequence[core.Let], first: int, last: int, store: int, node: Expression
) -> bool:
    """Whether the object that is written is there and was looked at before the text grows, and
    nothing happens between the last concatenation and the store.
    """
    if isinstance(node, core.GlobalWrite):
        return all(_is_quiet(let.value, frozenset()) for let in lets[last + 1 : store])
    object = object_of(node)
    later = {let.local for let in lets[last:]}
    if object in later:
        return False
    checked = {object_of(let.value) for let in lets[: first + 1]}
    return all(_is_quiet(let.value, checked) for let in lets[last + 1 : store])


def object_of(node: Expression) -> Local | None:
    """What is looked into."""
    match node:
        case core.SetField(object=core.Variable(local=local)):
            return local
        case core.Project(value=core.Variable(local=local)):
            return local
        case core.Primitive(operation="check_null", arguments=[core.Variable(local=local)]):
            return local
        case core.Call(arguments=[core.Variable(local=local), *_]):
            return local
        case _:
            return None


def _is_quiet(node: Expression, checked: frozenset[Local | None] | set[Local | None]) -> bool:
    """Whether it neither raises nor reads or writes a place."""
    match node:
        case core.Variable() | core.Literal():
            return True
        case core.Primitive(operation="check_null", arguments=[core.Variable(local=local)]):
            return local in checked
        case core.Primitive(operation=operation):
            information = PRIMITIVES.get(operation)
            return information is not None and information.is_pure and not information.may_raise
        case _:
            return False


# Making -------------------------------------------------------------------------------------------


class _Growing(Copier):
    """One function."""

    def __init__(self, function: Function, growths: Sequence[_Growth]) -> None:
        super().__init__()
        self.function = function
        self.last = {id(one.concatenations[-1]): one for one in growths}
        self.moved = {id(let) for one in growths for let in one.concatenations[:-1]}

    def make(self) -> Function:
        """The function, with the place emptied before each text grows."""
        return self.whole(self.function)

    def bindings(self, node: core.Let) -> Sequence[core.Let]:
        if id(node) in self.moved:
            return ()
        growth = self.last.get(id(node))
        if growth is None:
            return (node,)
        emptied = _emptied(growth.store)
        first = core.Let(0, node.type, None, Local(0, "", emptied.type), emptied, node)
        return (first, *growth.concatenations)


def _emptied(store: Store) -> Expression:
    """The same store, of an empty text."""
    value = store.arguments[1] if isinstance(store, core.Call) else store.value
    nothing = core.Literal(0, value.type, None, "")
    match store:
        case core.SetField():
            return core.SetField(
                0, store.type, None, store.object, store.owner, store.index, nothing
            )
        case core.GlobalWrite():
            return core.GlobalWrite(0, store.type, None, store.symbol, nothing)
        case core.Call():
            return core.Call(0, store.type, None, store.function, [store.arguments[0], nothing])
