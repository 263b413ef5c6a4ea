"""Recursion under a constructor becomes a loop that fills the last cell it made.

Comes in: a core program. Goes out: one that does the same. Promises: a function that ends in
`x :: f rest` (any constructor of its own result's type around one call of itself, made last) needs
no stack for that call: it makes the cell with a hole, and the rest is computed straight into the
hole. Whatever calls were tail calls before a cell was made still are. The method is that of
Bour, Clément, Scherer (Tail modulo cons, JFLA 2021).

`f` gets a second form, `f~into`, that takes the place to fill as its last argument and loops:

    f xs = … let cell = x :: <hole> in f~into rest (the hole); cell
    f~into xs hole = loop: … let cell = x :: <hole> in fill hole cell; again rest (the hole)
                           … every other result: fill hole result
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from clef.data_classes import dataclass
from clef.typed_core import core
from clef.typed_core.copying import Copier
from clef.typed_core.core import Atom, Expression, Function, Label, Local, MonoType, Program

HOLE = "$Hole"


@dataclass(frozen=True, slots=True)
class _Step:
    """A call of the function itself and the construction around it; `index`: the hole."""

    call: core.Call
    made: core.Construct
    index: int


def _step(function: Function, node: core.Let) -> _Step | None:
    """The step that a binding in tail position begins."""
    call, made = node.value, node.body
    if not isinstance(call, core.Call) or call.function != function.name or node.local.is_mutable:
        return None
    if isinstance(made, core.Let) and not made.local.is_mutable:
        last = made.body
        if not isinstance(last, core.Variable) or last.local is not made.local:
            return None
        made = made.value
    if not isinstance(made, core.Construct) or made.type is not function.result:
        return None
    uses = [
        index
        for index, atom in enumerate(made.arguments)
        if isinstance(atom, core.Variable) and atom.local is node.local
    ]
    if len(uses) != 1 or made.arguments[uses[0]].type is not function.result:
        return None
    return _Step(call, made, uses[0])


def _ends(expression: Expression) -> Iterator[core.Let]:
    """The bindings on the way to a function's results."""
    stack = [expression]
    while stack:
        node = stack.pop()
        match node:
            case core.Let():
                yield node
                stack.append(node.body)
            case core.If():
                stack += (node.then, node.otherwise)
            case core.Switch():
                stack += (branch for _, branch in node.branches)
                if node.default is not None:
                    stack.append(node.default)
            case core.Join():
                stack += (node.continuation, node.body)
            case _:
                pass


def _is_concerned(program: Program, function: Function) -> bool:
    shape = program.shapes.get(function.result)
    if shape is None or shape.is_value or shape.kind not in ("union", "record"):
        return False
    return any(_step(function, let) is not None for let in _ends(function.body))


def fill_holes(program: Program) -> Program:
    """The whole pass."""
    functions = dict(program.functions)
    shapes = dict(program.shapes)
    for function in program.functions.values():
        if not _is_concerned(program, function):
            continue
        place = program.types.named(HOLE, function.result)
        shapes[place] = core.TypeShape(place, "builtin", builtin="pointer")
        into = f"{function.name}~into"
        program.reasons.setdefault(into, function.name)
        functions[function.name] = _Start(program, function, into, place).make()
        functions[into] = _Into(program, function, into, place).make()
    return dataclasses.replace(program, functions=functions, shapes=shapes)


class _Form(Copier):
    """One of the two forms in the making."""

    def __init__(self, program: Program, function: Function, into: str, place: MonoType) -> None:
        super().__init__()
        self.function = function
        self.into = into
        self.place = place
        self.unit = program.types.named("Microsoft.FSharp.Core.Unit")
        self.int32 = program.types.named("System.Int32")
        self.type = function.result

    def step(self, step: _Step) -> Expression:
        """What becomes of a step."""
        raise NotImplementedError

    def result(self, node: Expression) -> Expression:
        """What becomes of any other result."""
        return self.expression(node)

    def tail(self, node: Expression) -> Expression:
        """An expression whose value is the function's."""
        chain: list[tuple[core.Let, Local, Expression]] = []
        end: Expression | None = None
        while isinstance(node, core.Let):
            step = _step(self.function, node)
            if step is not None:
                end = self.step(step)
                break
            value = self.expression(node.value)
            chain.append((node, self.bind(node.local), value))
            node = node.body
        if end is None:
            end = self._tail_end(node)
        for let, local, value in reversed(chain):
            end = core.Let(self.id(), self.type, let.span, local, value, end)
        return end

    def _tail_end(self, node: Expression) -> Expression:
        match node:
            case core.If() | core.Switch() | core.Join():
                return self.branching(node, self.tail, self.type)
            case core.Jump():
                arguments = self.jump_arguments(node.label, node.arguments)
                label = self.labels[node.label]
                return core.Jump(self.id(), self.type, node.span, label, arguments)
            case core.Raise():
                return core.Raise(self.id(), self.type, node.span, self.atom(node.exception))
            case _:
                return self.result(node)

    def make_cell(self, step: _Step) -> tuple[list[tuple[Local, Expression]], Local, Local]:
        """The cell with a hole: bindings, the cell, the place of the hole."""
        made = step.made
        bindings: list[tuple[Local, Expression]] = []

        def add(type: MonoType, value: Expression) -> Local:
            local = self.fresh(Local(0, "", type))
            bindings.append((local, value))
            return local

        owner = made.type
        nothing = add(owner, core.Primitive(self.id(), owner, made.span, "zero", (owner,), []))
        arguments: list[Atom] = [
            self.variable(nothing, made) if index == step.index else self.atom(atom)
            for index, atom in enumerate(made.arguments)
        ]
        cell = add(owner, core.Construct(self.id(), owner, made.span, made.case, arguments))
        operands: list[Atom] = [
            self.variable(cell, made),
            core.Literal(self.id(), self.int32, made.span, made.case),
            core.Literal(self.id(), self.int32, made.span, step.index),
        ]
        hole = add(
            self.place, core.Primitive(self.id(), self.place, made.span, "hole", (), operands)
        )
        return bindings, cell, hole

    def around(self, bindings: list[tuple[Local, Expression]], end: Expression) -> Expression:
        """The bindings before an expression."""
        for local, value in reversed(bindings):
            end = core.Let(self.id(), end.type, value.span, local, value, end)
        return end


class _Start(_Form):
    """The function as others call it."""

    def make(self) -> Function:
        parameters = [self.bind(local) for local in self.function.parameters]
        body = self.tail(self.function.body)
        return dataclasses.replace(
            self.function,
            parameters=parameters,
            body=body,
            node_count=self.node_count,
            local_count=self.local_count,
        )

    def step(self, step: _Step) -> Expression:
        arguments = self.atoms(step.call.arguments)
        bindings, cell, hole = self.make_cell(step)
        call = step.call
        arguments.append(self.variable(hole, call))
        rest = core.Call(self.id(), self.unit, call.span, self.into, arguments)
        bindings.append((self.fresh(Local(0, "", self.unit)), rest))
        return self.around(bindings, self.variable(cell, step.made))


class _Into(_Form):
    """The form that fills a place."""

    def make(self) -> Function:
        function = self.function
        self.type = self.unit
        outer = [self.fresh(local) for local in function.parameters]
        outer.append(self.fresh(Local(0, "", self.place)))
        self.label = Label(1 + _last_label(function.body), "into")
        parameters = [self.bind(local) for local in function.parameters]
        self.hole = self.fresh(Local(0, "", self.place))
        body = self.tail(function.body)
        entry = self._again([self.variable(local, function.body) for local in outer])
        loop = core.Join(
            self.id(),
            self.unit,
            function.span,
            self.label,
            [*parameters, self.hole],
            body,
            entry,
            True,
        )
        return dataclasses.replace(
            function,
            name=self.into,
            parameters=outer,
            result=self.unit,
            body=loop,
            capture_count=0,
            node_count=self.node_count,
            local_count=self.local_count,
        )

    def _again(self, arguments: list[Atom]) -> core.Jump:
        return core.Jump(self.id(), self.unit, self.function.span, self.label, arguments)

    def step(self, step: _Step) -> Expression:
        arguments = self.atoms(step.call.arguments)
        bindings, cell, hole = self.make_cell(step)
        bindings.append(self._fill(self.variable(cell, step.made)))
        arguments.append(self.variable(hole, step.call))
        return self.around(bindings, self._again(arguments))

    def result(self, node: Expression) -> Expression:
        value = self.expression(node)
        bindings: list[tuple[Local, Expression]] = []
        if not isinstance(value, core.Variable | core.Literal):
            local = self.fresh(Local(0, "", value.type))
            bindings.append((local, value))
            value = self.variable(local, node)
        bindings.append(self._fill(value))
        unit = core.Literal(self.id(), self.unit, node.span, None)
        return self.around(bindings, unit)

    def _fill(self, value: Atom) -> tuple[Local, Expression]:
        operands: list[Atom] = [self.variable(self.hole, value), value]
        filled = core.Primitive(self.id(), self.unit, value.span, "fill", (), operands)
        return self.fresh(Local(0, "", self.unit)), filled


def _last_label(expression: Expression) -> int:
    last = -1
    stack = [expression]
    while stack:
        node = stack.pop()
        if isinstance(node, core.Join):
            last = max(last, node.label.id)
        stack.extend(core.children(node))
    return last
