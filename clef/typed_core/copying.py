"""Copies of expressions, with other locals and fresh ids.

Comes in: an expression of one function. Goes out: the same for another function. Promises: ids are
those of the new function, counted from 0; labels and locals are new; how a call, a call of a
closure and a binding are copied is left to subclasses; chains of `Let`s do not nest Python calls.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from clef.typed_core import core
from clef.typed_core.core import Atom, Expression, Function, Label, Local, MonoType

Nested = Callable[[Expression], Expression]


class Copier:
    """The ids of the new function. `uses` counts the uses of its locals."""

    def __init__(self) -> None:
        self.node_count = 0
        self.local_count = 0
        self.locals: dict[Local, Local] = {}
        self.labels: dict[Label, Label] = {}
        self.uses: dict[Local, int] = {}

    def id(self) -> int:
        """An id for a node."""
        self.node_count += 1
        return self.node_count - 1

    def fresh(self, like: Local) -> Local:
        """A new local."""
        self.local_count += 1
        return Local(self.local_count - 1, like.name, like.type, like.is_mutable)

    def bind(self, local: Local) -> Local:
        """The new local that takes a local's place."""
        found = self.locals[local] = self.fresh(local)
        return found

    def variable(self, local: Local, like: core.Node) -> core.Variable:
        """A use of a new local."""
        self.uses[local] = self.uses.get(local, 0) + 1
        return core.Variable(self.id(), local.type, like.span, local)

    def literal(self, value: object, like: core.Node) -> core.Literal:
        """A literal of the same type as `like`."""
        return core.Literal(self.id(), like.type, like.span, value)

    def atom(self, node: Atom) -> Atom:
        """An operand."""
        if isinstance(node, core.Variable):
            return self.variable(self.locals[node.local], node)
        return self.literal(node.value, node)

    def atoms(self, nodes: list[Atom]) -> list[Atom]:
        return [self.atom(node) for node in nodes]

    def whole(self, function: Function) -> Function:
        """The copy of a function."""
        parameters = [self.bind(local) for local in function.parameters]
        body = self.expression(function.body)
        nodes, locals = self.node_count, self.local_count
        return dataclasses.replace(
            function, parameters=parameters, body=body, node_count=nodes, local_count=locals
        )

    def new_label(self, like: Label) -> Label:
        """A new label; its id is that of the old one, which has no other copy in the function."""
        return Label(like.id, like.name, like.is_rare)

    # Places for subclasses ------------------------------------------------------------------------

    def call(self, node: core.Call) -> Expression:
        """A call of a known function."""
        return core.Call(self.id(), node.type, node.span, node.function, self.atoms(node.arguments))

    def call_closure(self, node: core.CallClosure) -> Expression:
        """A call of an unknown function."""
        function, arguments = self.atom(node.function), self.atoms(node.arguments)
        return core.CallClosure(self.id(), node.type, node.span, function, arguments)

    def join_parameters(self, node: core.Join) -> list[Local]:
        """The parameters of a join point."""
        return [self.bind(local) for local in node.parameters]

    def jump_arguments(self, label: Label, nodes: list[Atom]) -> list[Atom]:
        """What a jump hands on."""
        return self.atoms(nodes)

    def bindings(self, node: core.Let) -> Sequence[core.Let]:
        """The bindings, of the old function, that take a binding's place; their bodies do not
        count.
        """
        return (node,)

    def enter(self, node: core.Let) -> None:
        """Before a binding is copied."""

    def bound(self, node: core.Let, value: Expression) -> None:
        """After a binding's value was copied."""

    def is_needed(self, local: Local, value: Expression) -> bool:
        """Whether a binding stays, after what follows it was copied."""
        return True

    # Expressions ----------------------------------------------------------------------------------

    def expression(self, node: Expression) -> Expression:
        """The copy of an expression."""
        chain: list[tuple[core.Let, Local, Expression]] = []
        while isinstance(node, core.Let):
            for let in self.bindings(node):
                self.enter(let)
                value = self.expression(let.value)
                self.bound(let, value)
                chain.append((let, self.bind(let.local), value))
            node = node.body
        result = self._end(node)
        for let, local, value in reversed(chain):
            if self.is_needed(local, value):
                result = core.Let(self.id(), let.type, let.span, local, value, result)
        return result

    def _end(self, node: Expression) -> Expression:
        match node:
            case core.Variable() | core.Literal():
                return self.atom(node)
            case core.Call():
                return self.call(node)
            case core.CallClosure():
                return self.call_closure(node)
            case core.If() | core.Switch() | core.Join() | core.TryWith():
                return self.branching(node, self.expression, node.type)
            case _:
                return self.operation(node)

    def operation(self, node: Expression) -> Expression:
        """An expression without others inside."""
        head = (self.id(), node.type, node.span)
        match node:
            case core.Assign():
                return core.Assign(*head, self.locals[node.local], self.atom(node.value))
            case core.GlobalRead():
                return core.GlobalRead(*head, node.symbol)
            case core.GlobalWrite():
                return core.GlobalWrite(*head, node.symbol, self.atom(node.value))
            case core.MakeClosure():
                return core.MakeClosure(*head, node.function, self.atoms(node.captures))
            case core.Primitive():
                arguments = self.atoms(node.arguments)
                types, proven = node.type_arguments, node.proven
                return core.Primitive(*head, node.operation, types, arguments, proven)
            case core.Construct():
                return core.Construct(*head, node.case, self.atoms(node.arguments))
            case core.Project():
                return core.Project(*head, self.atom(node.value), node.owner, node.case, node.index)
            case core.SetField():
                object, value = self.atom(node.object), self.atom(node.value)
                return core.SetField(*head, object, node.owner, node.index, value, node.case)
            case core.Jump():
                arguments = self.jump_arguments(node.label, node.arguments)
                return core.Jump(*head, self.labels[node.label], arguments)
            case core.Raise():
                return core.Raise(*head, self.atom(node.exception))
            case _:
                raise AssertionError(f"no copy of {type(node).__name__}")

    def branching(self, node: Expression, nested: Nested, type: MonoType) -> Expression:
        """A branching expression of this type; `nested` copies what it contains."""
        head = (self.id(), type, node.span)
        match node:
            case core.If():
                condition = self.atom(node.condition)
                return core.If(*head, condition, nested(node.then), nested(node.otherwise))
            case core.Switch():
                scrutinee = self.atom(node.scrutinee)
                branches = [(key, nested(branch)) for key, branch in node.branches]
                default = None if node.default is None else nested(node.default)
                types = list(node.types)
                return core.Switch(*head, scrutinee, node.on, branches, default, types)
            case core.Join():
                label = self.labels[node.label] = self.new_label(node.label)
                parameters = self.join_parameters(node)
                continuation, body = nested(node.continuation), nested(node.body)
                return core.Join(*head, label, parameters, continuation, body, node.is_loop)
            case core.TryWith():
                body = nested(node.body)
                local = self.bind(node.local)
                return core.TryWith(*head, body, local, nested(node.handler))
            case _:
                raise AssertionError(f"{node.__class__.__name__} does not branch")
