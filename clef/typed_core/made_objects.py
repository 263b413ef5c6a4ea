"""Functions that give an object whenever they give something.

Comes in: the program in core, and the name of a function. Goes out: whether each of its results is
an object that was made, by itself or by such a function. Promises: a result that may be null is
never taken for an object; what is not understood is not.
"""

from __future__ import annotations

from clef.typed_core import core
from clef.typed_core.core import Expression, Local, MonoType, Program


class Makers:
    """Answers for one program; each function is looked at once."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._answers: dict[str, bool] = {}

    def makes(self, name: str) -> bool:
        """Whether the function gives an object on each way on which it does not raise."""
        known = self._answers.get(name)
        if known is None:
            self._answers[name] = False  # for those that call each other
            function = self._program.functions.get(name)
            known = function is not None and self._ends(function.body, set())
            self._answers[name] = known
        return known

    def is_object(self, value: Expression, solid: set[Local]) -> bool:
        """Whether a value is an object, where the locals in `solid` are."""
        match value:
            case core.Construct() | core.MakeClosure():
                return True
            case core.Variable(local=local):
                return local in solid
            case core.Call(function=name):
                return self.makes(name)
            case core.Primitive(operation="cast", arguments=[core.Variable(local=local)]):
                return local in solid and self._is_class(local.type) and self._is_class(value.type)
            case _:
                return False

    def _is_class(self, type: MonoType) -> bool:
        """Whether all values of a type but null are objects: casts between such types keep them."""
        shape = self._program.shapes.get(type)
        return shape is not None and shape.kind in ("class", "exception") and not shape.is_value

    def _ends(self, node: Expression, solid: set[Local]) -> bool:
        """Whether all results of an expression are objects."""
        while isinstance(node, core.Let):
            if not node.local.is_mutable and self.is_object(node.value, solid):
                solid.add(node.local)
            node = node.body
        match node:
            case core.If(then=then, otherwise=otherwise):
                return self._ends(then, solid) and self._ends(otherwise, solid)
            case core.Switch(branches=branches, default=default):
                ends = [branch for _, branch in branches]
                if default is not None:
                    ends.append(default)
                return all(self._ends(one, solid) for one in ends)
            case core.Raise():
                return True
            case _:
                return self.is_object(node, solid)
