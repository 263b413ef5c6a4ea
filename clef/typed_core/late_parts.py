"""Parts of a value are read in the branches that need them, where another branch needs the whole.

Comes in: a core program. Goes out: one that does the same. Promises: of

    let left = tree.0 in … if smaller then Node(…, left, …) else tree

`left` is read in the first branch only, so that the plan finds there that the tree comes apart and
its cell can be used again. What is looked at before the branch as well is read twice. Only
references are read later, out of fields that never change, and only where some branch needs the
value itself. Functions without such a place are not touched.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from clef.typed_core import core
from clef.typed_core.copying import Copier
from clef.typed_core.core import Expression, Function, Let, Local, Program


def read_parts_late(program: Program) -> Program:
    """The whole pass."""
    functions = dict(program.functions)
    for name, function in program.functions.items():
        if _is_concerned(program, function):
            functions[name] = _Later(program).whole(function)
    return dataclasses.replace(program, functions=functions)


def _is_concerned(program: Program, function: Function) -> bool:
    stack: list[Expression] = [function.body]
    while stack:
        node = stack.pop()
        chain: list[Let] = []
        while isinstance(node, Let):
            chain.append(node)
            if not isinstance(node.value, _SIMPLE):
                stack.append(node.value)
            node = node.body
        if late(program, chain, node):
            return True
        if not isinstance(node, _SIMPLE):
            stack.extend(core.children(node))
    return False


_SIMPLE = (
    core.Variable,
    core.Literal,
    core.Project,
    core.Call,
    core.Primitive,
    core.Construct,
    core.CallClosure,
    core.MakeClosure,
    core.Jump,
)


def late(program: Program, chain: Sequence[Let], end: Expression) -> set[Local]:
    """The locals of a chain of bindings that are better bound in the branches behind it."""
    if not isinstance(end, core.If | core.Switch):
        return set()
    parts = {let.local: source for let in chain if (source := _source(program, let)) is not None}
    if not parts:
        return set()
    used = set[Local]().union(*(used_in(branch) for branch in branches_of(end)))
    return {local for local, source in parts.items() if source in used and local in used}


def branches_of(node: core.If | core.Switch) -> list[Expression]:
    """The expressions of which one is evaluated."""
    if isinstance(node, core.If):
        return [node.then, node.otherwise]
    branches = [branch for _, branch in node.branches]
    return branches if node.default is None else [*branches, node.default]


def _source(program: Program, let: Let) -> Local | None:
    """The value that a binding reads a field of, if the field never changes."""
    value = let.value
    if let.local.is_mutable or not isinstance(value, core.Project):
        return None
    if not isinstance(value.value, core.Variable) or value.value.local.is_mutable:
        return None
    shape = program.shapes.get(value.owner)
    if shape is None or shape.is_value or shape.kind not in ("record", "union"):
        return None
    fields = shape.fields if shape.kind == "record" else shape.cases[max(value.case, 0)].fields
    is_fixed = value.index < len(fields) and not fields[value.index].is_mutable
    return value.value.local if is_fixed and _may_refer(program, let.local.type) else None


def _may_refer(program: Program, type: core.MonoType) -> bool:
    shape = program.shapes.get(type)
    if shape is None or shape.kind != "builtin":
        return shape is None or shape.kind not in ("enum", "byref")
    return shape.builtin in ("string", "object", "array", "decimal", "bigint")


def used_in(expression: Expression) -> set[Local]:
    """The locals that an expression uses."""
    found: set[Local] = set()
    stack: list[Expression] = [expression]
    while stack:
        node = stack.pop()
        if isinstance(node, core.Variable):
            found.add(node.local)
        else:
            stack.extend(core.children(node))
    return found


class _Later(Copier):
    """One function in the making."""

    def __init__(self, program: Program) -> None:
        super().__init__()
        self.program = program

    def expression(self, node: Expression) -> Expression:
        chain: list[Let] = []
        end = node
        while isinstance(end, Let):
            chain.append(end)
            end = end.body
        moved = late(self.program, chain, end) if chain else set[Local]()
        if not moved:
            return super().expression(node)
        assert isinstance(end, core.If | core.Switch)
        scrutinee = end.condition if isinstance(end, core.If) else end.scrutinee
        looked_at = used_in(scrutinee).union(*(used_in(let.value) for let in chain))
        rest = self._before_branches(end, [let for let in chain if let.local in moved])
        for let in reversed(chain):
            if let.local not in moved or let.local in looked_at:
                rest = Let(let.id, let.type, let.span, let.local, let.value, rest)
        return super().expression(rest)

    def _before_branches(self, end: Expression, moved: list[Let]) -> Expression:
        """The branches, each with the bindings that it uses before it; ids come later."""

        def with_parts(branch: Expression) -> Expression:
            used = used_in(branch)
            for let in reversed(moved):
                if let.local in used:
                    branch = Let(let.id, branch.type, let.span, let.local, let.value, branch)
            return branch

        if isinstance(end, core.If):
            then, otherwise = with_parts(end.then), with_parts(end.otherwise)
            return dataclasses.replace(end, then=then, otherwise=otherwise)
        assert isinstance(end, core.Switch)
        branches = [(key, with_parts(branch)) for key, branch in end.branches]
        default = None if end.default is None else with_parts(end.default)
        return dataclasses.replace(end, branches=branches, default=default)
