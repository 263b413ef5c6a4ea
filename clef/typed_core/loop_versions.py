"""Counting loops over arrays get a second version without checks of indices.

Comes in: a core program. Goes out: one that does the same. Promises: the version without checks is
entered only when the smallest and the largest index of each array fit, computed in 64 bits before
the loop; in all other cases the loop is the one that was there, so that exceptions come in the
round and at the place where they came before. The counter of the new version is an int64: its
addresses are sums that do not wrap, which lets LLVM turn the loop into vector instructions.

    if xs is not null, first + offset >= 0, last + offset < xs.Length … for every access
    then loop without checks
    else the loop
"""

from __future__ import annotations

import dataclasses

from clef.data_classes import dataclass
from clef.typed_core import core, well_known
from clef.typed_core.copying import Copier, Nested
from clef.typed_core.core import (
    Atom,
    Expression,
    Function,
    Label,
    Local,
    MonoType,
    Program,
    TypeShape,
    children,
)
from clef.typed_core.counted_loops import Access, CountedLoop, read_loop

_UNCHECKED = {"array_get": "array_get_unchecked", "array_set": "array_set_unchecked"}
Key = tuple[tuple[bool, object], ...]


def version_loops(program: Program) -> Program:
    """The whole pass."""
    functions = dict(program.functions)
    for name, function in program.functions.items():
        loops = _loops(program, function)
        if loops:
            functions[name] = _Versions(program, function, loops).make()
    shapes = dict(program.shapes)
    for symbol, builtin in ((well_known.INT64, "int64"), (well_known.BOOLEAN, "bool")):
        type = program.types.named(symbol)
        shapes.setdefault(type, TypeShape(type, "builtin", builtin=builtin))
    return dataclasses.replace(program, functions=functions, shapes=shapes)


def versioned_accesses(program: Program, function: Function) -> set[int]:
    """The accesses of a function that have a version without a check, by node."""
    found = _loops(program, function).values()
    return {access.node.id for loop in found for access in loop.accesses}


def _loops(program: Program, function: Function) -> dict[int, CountedLoop]:
    joins: list[core.Join] = []
    bound: dict[Local, Expression] = {}
    stack: list[Expression] = [function.body]
    while stack:
        node = stack.pop()
        if isinstance(node, core.Join) and node.is_loop:
            joins.append(node)
        elif isinstance(node, core.Let):
            bound[node.local] = node.value
        stack.extend(children(node))
    loops = ((join, read_loop(program, join, bound)) for join in joins)
    return {id(join): loop for join, loop in loops if loop is not None}


@dataclass(slots=True)
class _Fast:
    """The version without checks that is being made. `offsets`: by the terms of an access."""

    loop: CountedLoop
    wide: Local
    last: Local
    one: Local
    offsets: dict[Key, Local]
    accesses: dict[int, Access]


class _Versions(Copier):
    """One function."""

    def __init__(self, program: Program, function: Function, loops: dict[int, CountedLoop]) -> None:
        super().__init__()
        self.program = program
        self.function = function
        self.loops = loops
        self.int32 = program.types.named(well_known.INT32)
        self.int64 = program.types.named(well_known.INT64)
        self.bool = program.types.named(well_known.BOOLEAN)
        self.fast: _Fast | None = None
        self.labels_made = 0

    def make(self) -> Function:
        """The function with its loops twice."""
        return self.whole(self.function)

    # Pieces --------------------------------------------------------------------------------------

    def local(self, type: MonoType) -> Local:
        """A new local without a name."""
        return self.fresh(Local(0, "", type))

    def use(self, local: Local) -> core.Variable:
        return core.Variable(self.id(), local.type, None, local)

    def wide_literal(self, value: int) -> core.Literal:
        return core.Literal(self.id(), self.int64, None, value)

    def primitive(
        self, operation: str, arguments: list[Atom], type: MonoType, *types: MonoType
    ) -> core.Primitive:
        return core.Primitive(self.id(), type, None, operation, types, arguments)

    def widened(self, atom: Atom) -> Expression:
        """An int32 of the old function as an int64 of the new one."""
        if isinstance(atom, core.Literal) and isinstance(atom.value, int):
            return self.wide_literal(atom.value)
        return self.primitive("convert", [self.atom(atom)], self.int64, self.int64)

    # The two versions --------------------------------------------------------------------------

    def branching(self, node: Expression, nested: Nested, type: MonoType) -> Expression:
        loop = self.loops.get(id(node))
        if loop is None or self.fast is not None:
            return super().branching(node, nested, type)
        self.labels_made += 1
        checked = Label(1_000_000 + self.labels_made, "checked")
        slow = super().branching(node, nested, type)
        self.labels[loop.join.label].is_rare = True
        fast = _Guard(self, loop, checked, type).make()
        return core.Join(self.id(), type, node.span, checked, [], slow, fast)

    def fast_loop(self, fast: _Fast, first: Local, type: MonoType) -> Expression:
        """The loop without checks."""
        loop = fast.loop
        old = loop.join
        assert isinstance(old.body, core.Jump)
        label = self.labels[old.label] = Label(old.label.id, old.label.name)
        start = self.atoms(old.body.arguments)
        start[loop.position] = self.use(first)
        parameters = [self.bind(local) for local in old.parameters]
        counter = parameters[loop.position]
        parameters[loop.position] = fast.wide
        self.fast = fast
        body = self.expression(old.continuation)
        self.fast = None
        narrow = self.primitive("convert", [self.use(fast.wide)], self.int32, self.int32)
        body = core.Let(self.id(), type, None, counter, narrow, body)
        jump = core.Jump(self.id(), type, old.body.span, label, start)
        return core.Join(self.id(), type, old.span, label, parameters, body, jump, True)

    def operation(self, node: Expression) -> Expression:
        fast = self.fast
        if fast is None:
            return super().operation(node)
        if node is fast.loop.test.value:
            operation = "eq" if fast.loop.is_bottom else "le"
            operands: list[Atom] = [self.use(fast.wide), self.use(fast.last)]
            return core.Primitive(self.id(), node.type, node.span, operation, (), operands)
        if node is fast.loop.jump:
            return self.next_round(fast)
        access = fast.accesses.get(id(node))
        if access is not None:
            return self.unchecked(fast, access)
        if isinstance(node, core.Primitive) and node.operation == "check_null":
            (object,) = node.arguments
            if isinstance(object, core.Variable) and object.local in {
                one.array for one in fast.accesses.values()
            }:
                return core.Literal(self.id(), node.type, node.span, None)
        return super().operation(node)

    def next_round(self, fast: _Fast) -> Expression:
        """The jump back, with the counter one more."""
        jump = fast.loop.jump
        more = self.local(self.int64)
        added = self.primitive("add", [self.use(fast.wide), self.use(fast.one)], self.int64)
        arguments = self.atoms(jump.arguments)
        arguments[fast.loop.position] = self.use(more)
        label = self.labels[jump.label]
        again = core.Jump(self.id(), jump.type, jump.span, label, arguments)
        return core.Let(self.id(), jump.type, None, more, added, again)

    def unchecked(self, fast: _Fast, access: Access) -> Expression:
        """The access at the sum of offset and counter."""
        node = access.node
        array, _, *value = self.atoms(node.arguments)
        offset = fast.offsets.get(_key(access))
        index = fast.wide if offset is None else self.local(self.int64)
        operands = [array, self.use(index), *value]
        name = _UNCHECKED[node.operation]
        made = core.Primitive(self.id(), node.type, node.span, name, node.type_arguments, operands)
        if offset is None:
            return made
        sum = self.primitive("add", [self.use(offset), self.use(fast.wide)], self.int64)
        return core.Let(self.id(), node.type, None, index, sum, made)


def _key(access: Access) -> Key:
    """The same for accesses with the same offset."""
    return tuple(
        (plus, atom.local if isinstance(atom, core.Variable) else atom.value)
        for plus, atom in access.terms
    )


class _Guard:
    """What is computed and asked before the loop without checks."""

    def __init__(
        self, versions: _Versions, loop: CountedLoop, checked: Label, type: MonoType
    ) -> None:
        self.versions = versions
        self.loop = loop
        self.checked = checked
        self.type = type
        self.steps: list[tuple[Local, Expression, bool | None]] = []

    def make(self) -> Expression:
        """Ask, and go one way or the other."""
        versions, loop = self.versions, self.loop
        for array in self.arrays():
            if versions.program.shapes[array.type].may_be_null:
                operand = versions.use(versions.locals[array])
                self.ask(versions.primitive("is_null", [operand], versions.bool), False)
        for let in loop.fixed:
            value = versions.expression(let.value)
            if isinstance(value, core.Primitive):
                value.proven = ()  # it was proven for where the loop is entered
            self.steps.append((versions.bind(let.local), value, None))
        first, last = self.bind(versions.widened(loop.start)), self.last()
        operands: list[Atom] = [versions.use(first), versions.use(last)]
        self.ask(versions.primitive("le", operands, versions.bool), True)
        # A counter that is tested at the start of a round must not wrap behind its last value.
        most: list[Atom] = [versions.use(last), versions.wide_literal((1 << 31) - 1)]
        if not loop.is_bottom:
            self.ask(versions.primitive("lt", most, versions.bool), True)
        offsets = self.ask_accesses(first, last)
        one = self.bind(versions.wide_literal(1))
        accesses = {id(access.node): access for access in loop.accesses}
        fast = _Fast(loop, versions.local(versions.int64), last, one, offsets, accesses)
        return self.around(versions.fast_loop(fast, first, self.type))

    def arrays(self) -> list[Local]:
        """What must not be null."""
        found = dict.fromkeys(access.array for access in self.loop.accesses)
        for let in self.loop.fixed:
            assert isinstance(let.value, core.Primitive)
            (first, *_) = let.value.arguments
            if let.value.operation == "array_length" and isinstance(first, core.Variable):
                found[first.local] = None
        return list(found)

    def bind(self, value: Expression) -> Local:
        local = self.versions.local(value.type)
        self.steps.append((local, value, None))
        return local

    def ask(self, condition: Expression, wanted: bool) -> None:
        local = self.versions.local(self.versions.bool)
        self.steps.append((local, condition, wanted))

    def last(self) -> Local:
        """The last value of the counter."""
        versions = self.versions
        limit = self.bind(versions.widened(self.loop.limit))
        if self.loop.includes:
            return limit
        one: list[Atom] = [versions.use(limit), versions.wide_literal(1)]
        return self.bind(versions.primitive("sub", one, versions.int64))

    def ask_accesses(self, first: Local, last: Local) -> dict[Key, Local]:
        """Whether all indices fit; gives the offsets that are not zero."""
        versions = self.versions
        offsets: dict[Key, Local] = {}
        lengths: dict[Local, Local] = {}
        asked: set[tuple[Local, Key]] = set()
        for access in self.loop.accesses:
            key = _key(access)
            if (access.array, key) in asked:
                continue
            if key and key not in offsets:
                offsets[key] = self.offset(access)
            if "index" in access.node.proven:
                continue
            asked.add((access.array, key))
            if access.array not in lengths:
                lengths[access.array] = self.length(access.array)
            low, high = self.moved(first, offsets.get(key)), self.moved(last, offsets.get(key))
            least: list[Atom] = [versions.use(low), versions.wide_literal(0)]
            self.ask(versions.primitive("ge", least, versions.bool), True)
            most: list[Atom] = [versions.use(high), versions.use(lengths[access.array])]
            self.ask(versions.primitive("lt", most, versions.bool), True)
        return offsets

    def moved(self, place: Local, offset: Local | None) -> Local:
        if offset is None:
            return place
        operands: list[Atom] = [self.versions.use(place), self.versions.use(offset)]
        return self.bind(self.versions.primitive("add", operands, self.versions.int64))

    def offset(self, access: Access) -> Local:
        """The sum of the terms, which does not wrap in 64 bits."""
        versions = self.versions
        sum: Local | None = None
        for plus, atom in access.terms:
            term = self.bind(versions.widened(atom))
            start: Atom = versions.wide_literal(0) if sum is None else versions.use(sum)
            operation = "add" if plus else "sub"
            added = versions.primitive(operation, [start, versions.use(term)], versions.int64)
            sum = self.bind(added)
        assert sum is not None
        return sum

    def length(self, array: Local) -> Local:
        versions = self.versions
        operand: list[Atom] = [versions.use(versions.locals[array])]
        narrow = self.bind(versions.primitive("array_length", operand, versions.int32))
        wide = versions.primitive("convert", [versions.use(narrow)], versions.int64, versions.int64)
        return self.bind(wide)

    def around(self, fast: Expression) -> Expression:
        """The steps in order, then the loop."""
        versions, result = self.versions, fast
        for local, value, wanted in reversed(self.steps):
            if wanted is not None:
                away = core.Jump(versions.id(), self.type, None, self.checked, [])
                then, otherwise = (result, away) if wanted else (away, result)
                condition = versions.use(local)
                result = core.If(versions.id(), self.type, None, condition, then, otherwise)
            result = core.Let(versions.id(), self.type, None, local, value, result)
        return result
