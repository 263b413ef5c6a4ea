"""Making core nodes: blocks of bindings, fresh locals and node ids, one builder for each function.

Comes in: requests of the lowering and the derivations. Goes out: core expressions. Promises: node
and local ids are unique in the function; `finish` turns a block into nested `Let`s without
recursion.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.data_classes import dataclass, field
from clef.source import Span
from clef.typed_core import core
from clef.typed_core.core import Atom, Expression, Label, Local, MonoType

Binding = tuple[Local, Expression]


@dataclass(slots=True)
class Block:
    """Bindings in order; what they end in is given to `Builder.finish`."""

    bindings: list[Binding] = field(default_factory=list[Binding])


class Builder:
    """Allocates the ids of one function and spells its nodes."""

    def __init__(
        self,
        unit: MonoType,
        boolean: MonoType,
        int32: MonoType,
        seen: dict[MonoType, None],
        operations: set[str],
    ) -> None:
        self.operations = operations  # the primitives in use, program-wide
        self.seen = seen  # the types of all values, program-wide: they need shapes
        self.unit_type = unit
        self.boolean_type = boolean
        self.int32_type = int32
        self.node_count = 0
        self.local_count = 0
        self.label_count = 0
        self.span: Span | None = None

    # Ids -----------------------------------------------------------------------------------------

    def _id(self) -> int:
        self.node_count += 1
        return self.node_count - 1

    def local(self, type: MonoType, name: str = "", is_mutable: bool = False) -> Local:
        self.local_count += 1
        self.seen[type] = None
        return Local(self.local_count - 1, name, type, is_mutable)

    def label(self, name: str) -> Label:
        self.label_count += 1
        return Label(self.label_count - 1, name)

    # Atoms ---------------------------------------------------------------------------------------

    def variable(self, local: Local) -> core.Variable:
        return core.Variable(self._id(), local.type, self.span, local)

    def literal(self, value: object, type: MonoType) -> core.Literal:
        self.seen[type] = None
        return core.Literal(self._id(), type, self.span, value)

    def unit(self) -> core.Literal:
        return self.literal(None, self.unit_type)

    def int32(self, value: int) -> core.Literal:
        return self.literal(value, self.int32_type)

    def boolean(self, value: bool) -> core.Literal:
        return self.literal(value, self.boolean_type)

    def again(self, atom: Atom) -> Atom:
        """Another use of the same operand."""
        if isinstance(atom, core.Variable):
            return self.variable(atom.local)
        return self.literal(atom.value, atom.type)

    # Blocks --------------------------------------------------------------------------------------

    def bind(self, block: Block, value: Expression, name: str = "") -> Atom:
        """Name a value, so that it can be an operand. Atoms stay as they are."""
        if isinstance(value, core.Variable):
            if not value.local.is_mutable:
                return value
        elif isinstance(value, core.Literal):
            return value
        local = self.local(value.type, name)
        block.bindings.append((local, value))
        return self.variable(local)

    def bind_local(self, block: Block, local: Local, value: Expression) -> None:
        block.bindings.append((local, value))

    def effect(self, block: Block, value: Expression) -> None:
        """Keep a value only for its effects."""
        if not isinstance(value, core.Variable | core.Literal):
            block.bindings.append((self.local(value.type), value))

    def finish(self, block: Block, tail: Expression) -> Expression:
        """The block's bindings around `tail`."""
        type = tail.type
        for local, value in reversed(block.bindings):
            tail = core.Let(self._id(), type, value.span, local, value, tail)
        return tail

    # Nodes ---------------------------------------------------------------------------------------

    def call(self, function: str, arguments: Sequence[Atom], type: MonoType) -> core.Call:
        return core.Call(self._id(), type, self.span, function, list(arguments))

    def call_closure(
        self, function: Atom, arguments: Sequence[Atom], type: MonoType
    ) -> core.CallClosure:
        return core.CallClosure(self._id(), type, self.span, function, list(arguments))

    def closure(self, function: str, captures: Sequence[Atom], type: MonoType) -> core.MakeClosure:
        return core.MakeClosure(self._id(), type, self.span, function, list(captures))

    def primitive(
        self,
        operation: str,
        arguments: Sequence[Atom],
        type: MonoType,
        type_arguments: tuple[MonoType, ...] = (),
    ) -> core.Primitive:
        self.operations.add(operation)
        return core.Primitive(
            self._id(), type, self.span, operation, type_arguments, list(arguments)
        )

    def construct(
        self, type: MonoType, arguments: Sequence[Atom], case: int = -1
    ) -> core.Construct:
        return core.Construct(self._id(), type, self.span, case, list(arguments))

    def project(
        self, value: Atom, owner: MonoType, case: int, index: int, type: MonoType
    ) -> core.Project:
        return core.Project(self._id(), type, self.span, value, owner, case, index)

    def set_field(
        self, object: Atom, owner: MonoType, index: int, value: Atom, case: int = -1
    ) -> core.SetField:
        span = self.span
        return core.SetField(self._id(), self.unit_type, span, object, owner, index, value, case)

    def assign(self, local: Local, value: Atom) -> core.Assign:
        return core.Assign(self._id(), self.unit_type, self.span, local, value)

    def global_read(self, symbol: str, type: MonoType) -> core.GlobalRead:
        return core.GlobalRead(self._id(), type, self.span, symbol)

    def global_write(self, symbol: str, value: Atom) -> core.GlobalWrite:
        return core.GlobalWrite(self._id(), self.unit_type, self.span, symbol, value)

    def branch(
        self, condition: Atom, then: Expression, otherwise: Expression, type: MonoType
    ) -> core.If:
        return core.If(self._id(), type, self.span, condition, then, otherwise)

    def switch(
        self,
        scrutinee: Atom,
        on: str,
        branches: list[tuple[int, Expression]],
        default: Expression | None,
        type: MonoType,
        types: list[MonoType] | None = None,
    ) -> core.Switch:
        for tested in types or ():
            self.seen[tested] = None  # perhaps there is no value of it anywhere
        return core.Switch(
            self._id(), type, self.span, scrutinee, on, branches, default, types or []
        )

    def join(
        self,
        label: Label,
        parameters: list[Local],
        continuation: Expression,
        body: Expression,
        type: MonoType,
        is_loop: bool = False,
    ) -> core.Join:
        return core.Join(
            self._id(), type, self.span, label, parameters, continuation, body, is_loop
        )

    def jump(self, label: Label, arguments: Sequence[Atom], type: MonoType) -> core.Jump:
        return core.Jump(self._id(), type, self.span, label, list(arguments))

    def throw(self, exception: Atom, type: MonoType) -> core.Raise:
        return core.Raise(self._id(), type, self.span, exception)

    def try_with(
        self, body: Expression, local: Local, handler: Expression, type: MonoType
    ) -> core.TryWith:
        return core.TryWith(self._id(), type, self.span, body, local, handler)
