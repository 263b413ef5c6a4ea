"""Null references: looking into one raises NullReferenceException and never touches memory.

Comes in: the program in core. Goes out: the same program with a `check_null` before each operation
that reads or writes through a reference of a type that may be null, and without the tests for null
of types that are never null. Promises: which types may be null is found for the whole program:
those for which a null is made somewhere, and those that such a reference is cast to; a program
without nulls pays nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from clef.data_classes import dataclass
from clef.typed_core import core, well_known
from clef.typed_core.core import (
    Atom,
    Expression,
    Function,
    Local,
    MonoType,
    Program,
    TypeShape,
    children,
)
from clef.typed_core.made_objects import Makers

_FIRST = frozenset(
    [
        *("array_length", "array_get", "array_set", "array_get_unchecked", "array_set_unchecked"),
        *(
            "array_address",
            "array_clone",
            "array_own",
            "array_grow",
            "array_beside",
            "array_forget",
            "kind_of",
            "string_address",
        ),
        *("string_byte_length", "string_utf16_length", "string_is_ascii"),
    ]
)
"""Operations that look into their first operand; `array_copy` and `array_move` also look into
their third. Bytes of a string are only looked at behind its length."""
_MAKING = frozenset(["array_zero", "array_clone", "array_own"])
_ZERO_IS_A_CASE = frozenset([well_known.OPTION, well_known.POINTER])
_TESTING = frozenset([core.Primitive, core.If])
_LOOKING = frozenset(
    [core.Primitive, core.Project, core.SetField, core.CallClosure, core.Switch, core.Raise]
)


@dataclass(slots=True)
class Nulls:
    """The reference types for which a null may exist. Of `hidden` ones there are zeros in arrays of
    the library and in objects that are being made: nobody looks into them without a test."""

    seen: set[MonoType]
    hidden: set[MonoType]


def check_nulls(program: Program, unit: MonoType, nulls: Nulls) -> None:
    """Insert the checks, leave out tests that always fail, and mark the types."""
    for type in nulls.seen:
        program.shapes[type].may_be_null = True
    makers = Makers(program)
    for function in program.functions.values():
        _Inserter(program, function, nulls, unit, makers).run()


# Which types may be null --------------------------------------------------------------------------


class NullSearch:
    """Which types may be null; functions that were looked at are not looked at again."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._sources = _Sources(program)
        self._done: set[str] = set()

    def find(self) -> Nulls:
        """The answer for what the program has now; every type has its shape."""
        sources = self._sources
        for name, function in self._program.functions.items():
            if name not in self._done:
                self._done.add(name)
                _visit(sources, function)
        found = _spread(self._program, sources.seen, sources.casts)
        all_ = _spread(self._program, [*sources.seen, *sources.hidden], sources.casts)
        return Nulls(found, all_ - found)


def _visit(sources: _Sources, function: Function) -> None:
    stack: list[core.Node] = [function.body]
    while stack:
        node = stack.pop()
        kind = node.__class__
        if kind is core.Variable:  # a third of all nodes
            continue
        note = _NOTES.get(kind)
        if note is not None:
            note(sources, node)
        stack.extend(children(node))


class _Sources:
    """Where nulls come from, and what they are cast to."""

    def __init__(self, program: Program) -> None:
        self.shapes = program.shapes
        self.seen: list[MonoType] = []
        self.hidden: list[MonoType] = []
        self.casts: dict[MonoType, set[MonoType]] = {}

    def literal(self, node: core.Literal) -> None:
        if node.value is None:
            self.seen.append(node.type)  # a unit is no reference

    def construct(self, node: core.Construct) -> None:
        shape = self.shapes.get(node.type) if not node.arguments else None
        for one in shape.fields if shape is not None else ():
            (self.seen if one.is_zeroed else self.hidden).append(one.type)

    def primitive(self, node: core.Primitive) -> None:
        match node.operation:
            case "null" | "zero":
                self.seen.append(node.type)
            case "zero_is_seen":
                self.seen.append(node.arguments[0].type.arguments[0])
            case "vacant":
                self.hidden.append(node.type)
            case "array_zero" | "array_grow":
                self.hidden.append(node.type.arguments[0])
            case "array_forget":
                self.hidden.append(node.arguments[0].type.arguments[0])
            case "cast" | "unbox" | "box" if node.arguments:
                self.casts.setdefault(node.arguments[0].type, set()).add(node.type)
            case _:
                pass


_NOTES: dict[type, Callable[[_Sources, Any], None]] = {
    core.Literal: _Sources.literal,
    core.Construct: _Sources.construct,
    core.Primitive: _Sources.primitive,
}


def _spread(
    program: Program, waiting: list[MonoType], casts: dict[MonoType, set[MonoType]]
) -> set[MonoType]:
    """These types, what their zeros are made of, and what they are cast to."""
    waiting = list(waiting)
    found: set[MonoType] = set()
    while waiting:
        type = waiting.pop()
        shape = program.shapes.get(type)
        if type in found or shape is None:
            continue
        found.add(type)
        waiting.extend(casts.get(type, ()))
        if shape.kind in ("record", "tuple") or shape.is_value:  # it may be kept in its place
            fields = [*shape.fields, *[one for case in shape.cases for one in case.fields]]
            waiting.extend(one.type for one in fields)
    return {type for type in found if _is_reference(program.shapes[type])}


def _is_reference(shape: TypeShape) -> bool:
    if shape.kind == "builtin":
        return shape.builtin in ("string", "array", "object", "bigint")
    if shape.type.symbol in _ZERO_IS_A_CASE:
        return False
    kinds = ("record", "union", "class", "interface", "exception", "function", "tuple")
    return shape.kind in kinds and not shape.is_value


# Inserting ----------------------------------------------------------------------------------------


class _Inserter:
    """The checks of one function."""

    def __init__(
        self,
        program: Program,
        function: Function,
        nulls: Nulls,
        unit: MonoType,
        makers: Makers,
    ) -> None:
        self.program = program
        self.makers = makers
        self.function = function
        self.nulls = nulls
        self.unit = unit
        self.never: set[Local] = set()  # results of tests that always fail
        self.solid: set[Local] = set()  # never null, wherever they are there
        self.tested: dict[Local, Local] = {}  # what a test for null asks about

    def run(self) -> None:
        waiting: list[_Position] = [(self.function.body, self.function, "body", frozenset())]
        while waiting:
            node, owner, place, known = waiting.pop()
            value = node.value if isinstance(node, core.Let) else node
            if value.__class__ in _TESTING:
                node = self._without_test(node, owner, place)
                value = node.value if isinstance(node, core.Let) else node
            for atom in self._looked_into(value):
                if atom.local in known or atom.local in self.solid:
                    continue
                node = self._checked(atom, node)
                _put(owner, place, node)
                owner, place = node, "body"
                node = node.body
                if not atom.local.is_mutable:
                    known |= {atom.local}
            if isinstance(node, core.Let) and self._is_solid(node):
                self.solid.add(node.local)
            if isinstance(value, core.TryWith):
                self.solid.add(value.local)
            inner = _INNER.get(node.__class__)
            if isinstance(node, core.If):
                waiting += self._ways(node, known)
            elif inner is not None:
                inner(node, waiting, known)

    def _ways(self, node: core.If, known: _Known) -> list[_Position]:
        """The branches of a condition; behind a test for null, what was tested is there."""
        condition = node.condition
        tested = None
        if isinstance(condition, core.Variable):
            tested = self.tested.get(condition.local)
        there = known if tested is None else known | {tested}
        return [(node.then, node, "then", known), (node.otherwise, node, "otherwise", there)]

    def _is_solid(self, node: core.Let) -> bool:
        """Whether what is bound cannot be null, whatever its type."""
        value = node.value
        if node.local.is_mutable:
            return False
        if isinstance(value, core.Primitive) and value.operation in _MAKING:
            return True
        return self.makers.is_object(value, self.solid)

    def _without_test(self, node: Expression, owner: object, place: str | int) -> Expression:
        """Tests of what is never null are false, and what hangs on them is left out."""
        if isinstance(node, core.Let):
            value = node.value
            if isinstance(value, core.Primitive) and value.operation == "receiver":
                if value.arguments[0].type in self.nulls.seen:
                    value.operation = "check_null"
                else:
                    node.value = core.Literal(value.id, value.type, value.span, None)
            if isinstance(value, core.Primitive) and value.operation == "is_null":
                self._note_test(node.local, value.arguments[0])
                if self._is_never_null(value.arguments[0].type):
                    self.never.add(node.local)
                    node.value = core.Literal(value.id, value.type, value.span, False)
            elif isinstance(value, core.If) and self._fails(value):
                node.value = value.otherwise
        while isinstance(node, core.If) and self._fails(node):
            node = node.otherwise
            _put(owner, place, node)
        return node

    def _note_test(self, result: Local, about: Atom) -> None:
        if result.is_mutable or not isinstance(about, core.Variable):
            return
        if not about.local.is_mutable:
            self.tested[result] = about.local

    def _fails(self, node: core.If) -> bool:
        return isinstance(node.condition, core.Variable) and node.condition.local in self.never

    def _is_never_null(self, type: MonoType) -> bool:
        shape = self.program.shapes.get(type)
        if shape is None or type in self.nulls.seen or type in self.nulls.hidden:
            return False
        return _is_reference(shape)

    def _looked_into(self, node: Expression) -> Sequence[core.Variable]:
        """The references that a node reads or writes through."""
        if node.__class__ not in _LOOKING or not self.nulls.seen:
            return ()
        atoms: Sequence[Atom] = ()
        match node:
            case core.Primitive(operation=operation, arguments=arguments):
                if operation in _FIRST:
                    atoms = arguments[:1]
                elif operation in ("array_copy", "array_move"):
                    atoms = [arguments[0], arguments[2]]
                elif operation == "cast" and node.type.form == "function":
                    atoms = arguments  # a delegate gives the function that it holds
            case core.Project(value=value, case=case) if case < 0:
                atoms = [value]
            case core.SetField(object=object):
                atoms = [object]
            case core.Raise(exception=exception):
                atoms = [exception]  # raising null raises another exception
            case core.CallClosure(function=function):
                atoms = [function]
            case core.Switch(scrutinee=scrutinee, on="case"):
                atoms = [scrutinee]
            case _:
                pass
        return [a for a in atoms if isinstance(a, core.Variable) and a.type in self.nulls.seen]

    def _checked(self, atom: core.Variable, node: Expression) -> core.Let:
        span = node.value.span if isinstance(node, core.Let) else node.span
        use = core.Variable(self._id(), atom.type, span, atom.local)
        check = core.Primitive(self._id(), self.unit, span, "check_null", (), [use])
        local = Local(self.function.local_count, "", self.unit)
        self.function.local_count += 1
        return core.Let(self._id(), node.type, node.span, local, check, node)

    def _id(self) -> int:
        self.function.node_count += 1
        return self.function.node_count - 1


_Known = frozenset[Local]
_Position = tuple[Any, Any, "str | int", _Known]
"""An expression that is no operand, what it is part of, and which part: a field, or the number of a
branch; and what has been looked into before."""


def _put(owner: Any, place: str | int, value: Expression) -> None:
    if isinstance(place, str):
        setattr(owner, place, value)
    else:
        owner.branches[place] = (owner.branches[place][0], value)


def _in_let(node: core.Let, waiting: list[_Position], known: _Known) -> None:
    waiting.append((node.body, node, "body", known))
    value = node.value
    if value.__class__ is core.Let:
        waiting.append((value, node, "value", known))
        return
    inner = _INNER.get(value.__class__)
    if inner is not None:  # its own operand was looked at with the binding
        inner(value, waiting, known)


def _in_if(node: core.If, waiting: list[_Position], known: _Known) -> None:
    waiting += ((node.then, node, "then", known), (node.otherwise, node, "otherwise", known))


def _in_switch(node: core.Switch, waiting: list[_Position], known: _Known) -> None:
    waiting += [(branch, node, place, known) for place, (_, branch) in enumerate(node.branches)]
    if node.default is not None:
        waiting.append((node.default, node, "default", known))


def _in_join(node: core.Join, waiting: list[_Position], known: _Known) -> None:
    waiting += ((node.continuation, node, "continuation", known), (node.body, node, "body", known))


def _in_try(node: core.TryWith, waiting: list[_Position], known: _Known) -> None:
    waiting += ((node.body, node, "body", known), (node.handler, node, "handler", known))


_INNER: dict[type, Callable[[Any, list[_Position], _Known], None]] = {
    core.Let: _in_let,
    core.If: _in_if,
    core.Switch: _in_switch,
    core.Join: _in_join,
    core.TryWith: _in_try,
}
