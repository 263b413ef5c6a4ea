"""Copies in which what is known beforehand is left out.

Comes in: expressions of a program whose live types are known. Goes out: copies without the branches
that cannot be taken. Promises: a reference of an interface of which there are no objects is null
(`Dictionary` without a comparer of the user's own asks nobody whether it has one).
"""

from __future__ import annotations

from clef.typed_core import core
from clef.typed_core.copying import Copier, Nested
from clef.typed_core.core import Atom, Expression, Local, MonoType, Program


def absent_interfaces(program: Program) -> set[MonoType]:
    """The interfaces of which no object can be made."""
    present: set[MonoType] = set(program.live)
    for type in program.live:
        present.update(program.shapes[type].ancestors)
    return {
        type
        for type, shape in program.shapes.items()
        if shape.kind == "interface" and type not in present
    }


class Folder(Copier):
    """A copier that knows the values of some locals."""

    def __init__(self, absent: set[MonoType]) -> None:
        super().__init__()
        self.absent = absent
        self.constants: dict[Local, bool] = {}

    def atom(self, node: Atom) -> Atom:
        if isinstance(node, core.Variable) and node.local in self.constants:
            return core.Literal(self.id(), node.type, node.span, self.constants[node.local])
        return super().atom(node)

    def enter(self, node: core.Let) -> None:
        if isinstance(node.value, core.Primitive) and not node.local.is_mutable:
            known = self._truth(node.value)
            if known is not None:
                self.constants[node.local] = known

    def _truth(self, node: core.Primitive) -> bool | None:
        atom = node.arguments[0] if node.arguments else None
        if node.operation == "is_null" and atom is not None and atom.type in self.absent:
            return True
        if node.operation == "not" and isinstance(atom, core.Variable):
            known = self.constants.get(atom.local)
            return None if known is None else not known
        return None

    def is_needed(self, local: Local, value: Expression) -> bool:
        if not isinstance(value, core.Primitive) or value.operation not in ("is_null", "not"):
            return super().is_needed(local, value)
        return local.is_mutable or bool(self.uses.get(local))

    def branching(self, node: Expression, nested: Nested, type: MonoType) -> Expression:
        if isinstance(node, core.If) and isinstance(node.condition, core.Variable):
            known = self.constants.get(node.condition.local)
            if known is not None:
                return nested(node.then if known else node.otherwise)
        return super().branching(node, nested, type)
