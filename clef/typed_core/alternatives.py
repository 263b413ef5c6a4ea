"""Code that was lowered in two ways: which of the two stays.

Comes in: a core program with branches on the primitive `alternative`, and what was noted for each.
Goes out: the program with one of the two ways in the place of each. Promises: a pipeline over
lists and arrays runs item by item only if nobody can tell. Item by item, the stages and what
takes their items apart are mixed; so of any two of them one must do nothing that can be seen and
end without an exception, or both only read; and what is cut short may only read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from clef.data_classes import dataclass, field
from clef.typed_core import core
from clef.typed_core.copying import Copier, Nested
from clef.typed_core.core import Expression, Function, Local, MonoType, Program
from clef.typed_core.fusion.effects import Effects, EffectTable, can_swap
from clef.typed_core.nodes import nodes
from clef.typed_core.remaining import still_needed
from clef.typed_core.strict_stages import EARLY

OPERATION = "alternative"


@dataclass(frozen=True, slots=True)
class Stage:
    """What computes items: the core functions that it calls. `reads`: it goes through an array."""

    functions: tuple[str, ...]
    reads: bool = False


@dataclass(frozen=True, slots=True)
class Alternative:
    """A pipeline that could run item by item. `fused`: that code. `consumers`: functions of the
    user's that get the items at the end. `is_whole`: no item is left out. `scratch`: functions that
    were only made to be looked at."""

    stages: tuple[Stage, ...]
    fused: Expression
    consumers: tuple[str, ...]
    is_whole: bool
    scratch: tuple[str, ...]


@dataclass(slots=True)
class Alternatives:
    """Those of a program, by number."""

    made: dict[int, Alternative] = field(default_factory=dict[int, Alternative])
    count: int = 0

    def reserve(self) -> int:
        """A number for one that is being made."""
        self.count += 1
        return self.count - 1


def choose(program: Program, alternatives: Alternatives) -> dict[str, Function]:
    """The program's functions without alternatives."""
    if not alternatives.made:
        return program.functions
    table = EffectTable(program, program.functions.get)
    answers = {number: _can_mix(table, one) for number, one in alternatives.made.items()}
    scratch = {name for one in alternatives.made.values() for name in one.scratch}
    functions = {
        name: _Chooser(answers).whole(function) if _has_alternative(function) else function
        for name, function in program.functions.items()
        if name not in scratch
    }
    return still_needed(program, functions)


def _can_mix(table: EffectTable, one: Alternative) -> bool:
    effects = [_of_stage(table, stage) for stage in one.stages]
    total = Effects.NONE
    for effect in effects:
        if not can_swap(total, effect):
            return False
        total |= effect
    if not total:
        return True
    left_out = {name for stage in one.stages for name in stage.functions} - {*one.consumers}
    consumer = table.of_code(
        one.fused, lambda name: name in left_out or name.split("<")[0] in EARLY
    )
    return can_swap(total, consumer) and (one.is_whole or total == Effects.READS)


def _of_stage(table: EffectTable, stage: Stage) -> Effects:
    found = Effects.READS if stage.reads else Effects.NONE
    for name in stage.functions:
        found |= table.of_function(name)
    return found


def _has_alternative(function: Function) -> bool:
    return any(
        isinstance(node, core.Primitive) and node.operation == OPERATION
        for node in nodes(function.body)
    )


class _Chooser(Copier):
    """The copy of a function with one way for each alternative."""

    def __init__(self, answers: Mapping[int, bool]) -> None:
        super().__init__()
        self.answers = answers
        self.chosen: dict[Local, bool] = {}

    def bindings(self, node: core.Let) -> Sequence[core.Let]:
        value = node.value
        match value:
            case core.Primitive(operation="alternative", arguments=[core.Literal(value=index)]):
                assert isinstance(index, int)
                self.chosen[node.local] = self.answers[index]
                return ()
            case core.If() if self._way(value) is not None:
                return self._spliced(node)
            case _:
                return (node,)

    def _way(self, node: Expression) -> Expression | None:
        if isinstance(node, core.If) and isinstance(node.condition, core.Variable):
            answer = self.chosen.get(node.condition.local)
            if answer is not None:
                return node.then if answer else node.otherwise
        return None

    def _spliced(self, node: core.Let) -> list[core.Let]:
        """The bindings of the way that is taken, and one of what they end in."""
        found: list[core.Let] = []
        code = node.value
        while True:
            way = self._way(code)
            if way is not None:
                code = way
            elif isinstance(code, core.Let):
                inner = self.bindings(code)
                found += [replace(one, type=node.type) for one in inner]
                code = code.body
            else:
                break
        found.append(core.Let(0, node.type, node.span, node.local, code, node.body))
        return found

    def branching(self, node: Expression, nested: Nested, type: MonoType) -> Expression:
        way = self._way(node)
        return super().branching(node, nested, type) if way is None else nested(way)
