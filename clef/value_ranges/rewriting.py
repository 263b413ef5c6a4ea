"""Programs without the checks that cannot fail.

Comes in: a core program. Goes out: one that does the same, where primitives say which of their
checks are proven, and branches that are never taken are gone. Promises: the program that came in is
not touched; functions in which nothing is proven are the same objects. With `verify` nothing is
taken away: what is said never to be reached ends the program.
"""

from __future__ import annotations

import dataclasses

from clef.typed_core import core, well_known
from clef.typed_core.copying import Copier, Nested
from clef.typed_core.core import Expression, Function, Local, MonoType, Program
from clef.value_ranges.analysis import Ranges
from clef.value_ranges.state import Found


def drop_proven(program: Program, ranges: Ranges, verify: bool = False) -> Program:
    """The program without what these ranges show to be needless."""
    functions = dict(program.functions)
    for name, found in ranges.items():
        function = functions[name]
        is_decided = any(then != otherwise for then, otherwise in found.branches.values())
        if is_decided or any(verdict.proven for verdict in found.verdicts.values()):
            functions[name] = _Rewriter(program, function, found, verify).make()
    return dataclasses.replace(program, functions=functions)


class _Rewriter(Copier):
    """One function."""

    def __init__(self, program: Program, function: Function, found: Found, verify: bool) -> None:
        super().__init__()
        self.function = function
        self.found = found
        self.verify = verify
        self.jumped: set[core.Label] = set()
        self.unit = program.types.named(well_known.UNIT)

    def make(self) -> Function:
        return self.whole(self.function)

    def operation(self, node: Expression) -> Expression:
        made = super().operation(node)
        if isinstance(node, core.Primitive):
            verdict = self.found.verdicts.get(node.id)
            if verdict is not None:
                assert isinstance(made, core.Primitive)
                made.proven = verdict.proven
        elif isinstance(node, core.Jump):
            self.jumped.add(node.label)
        return made

    def branching(self, node: Expression, nested: Nested, type: MonoType) -> Expression:
        if isinstance(node, core.If):
            then, otherwise = self.found.branches.get(node.id, (True, True))
            if then != otherwise:
                if not self.verify:
                    return nested(node.then if then else node.otherwise)
                return self._asserting(node, nested, type, then)
        if isinstance(node, core.Join) and not node.is_loop:
            return self._join(node, nested, type)
        return super().branching(node, nested, type)

    def _asserting(
        self, node: core.If, nested: Nested, type: MonoType, is_true: bool
    ) -> Expression:
        """The same, with the end of the program where the other branch starts."""
        condition = self.atom(node.condition)
        then, otherwise = nested(node.then), nested(node.otherwise)
        wrong = otherwise if is_true else then
        failed = core.Primitive(self.id(), self.unit, None, "never_reached", (), [])
        local = self.fresh(Local(0, "", self.unit))
        ended = core.Let(self.id(), type, None, local, failed, wrong)
        if is_true:
            return core.If(self.id(), type, node.span, condition, then, ended)
        return core.If(self.id(), type, node.span, condition, ended, otherwise)

    def _join(self, node: core.Join, nested: Nested, type: MonoType) -> Expression:
        """A join point that nothing jumps to any more is left out."""
        label = self.labels[node.label] = core.Label(node.label.id, node.label.name)
        body = nested(node.body)
        if node.label not in self.jumped:
            return body
        parameters = self.join_parameters(node)
        continuation = nested(node.continuation)
        return core.Join(
            self.id(), type, node.span, label, parameters, continuation, body, node.is_loop
        )
