"""Code that was lowered in two ways: which of the two stays.

Comes in: a core program with branches on the primitive `alternative`, and what was noted for each.
Goes out: the program with one of the two ways in the place of each. Promises: a pipeline over
lists and arrays runs item by item only if nobody can tell. Item by item, the stages and what
takes their items apart are mixed; so of any two of them one must do nothing that can be seen and
end without an exception, or both only read; and what is cut short may only read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace

from clef.data_classes import dataclass, field
from clef.typed_core import core
from clef.typed_core.copying import Copier, Nested
from clef.typed_core.core import Expression, Function, Local, MonoType, Program
from clef.typed_core.fusion.effects import EffectTable
from clef.typed_core.fusion.flags import Effects, can_swap
from clef.typed_core.fusion.termination import comes_to_an_end
from clef.typed_core.fusion.touching import Touching
from clef.typed_core.nodes import nodes
from clef.typed_core.remaining import still_needed
from clef.typed_core.strict_stages import EARLY

OPERATION = "alternative"


@dataclass(frozen=True, slots=True)
class Stage:
    """What computes items: the core functions that it calls, and the types of the items of the
    arrays that it goes through. `stops`: it may raise besides."""

    functions: tuple[str, ...]
    arrays: tuple[MonoType, ...] = ()
    stops: bool = False


@dataclass(frozen=True, slots=True)
class Alternative:
    """A pipeline that could run item by item. `consumer`: code that takes the items, in which the
    functions in `counted` are those of the stages. `is_whole`: no item is left out. `scratch`:
    functions that were only made to be looked at. `is_loop`: the consumer is a loop of the user's.
    """

    stages: tuple[Stage, ...]
    consumer: Expression
    counted: Set[str]
    is_whole: bool
    scratch: tuple[str, ...]
    is_loop: bool = False


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
    code = {name: _Contents(function) for name, function in program.functions.items()}
    question = _Question(program, {number for one in code.values() for number in one.handled()})
    answers = {number: question.can_mix(number, one) for number, one in alternatives.made.items()}
    scratch = {name for one in alternatives.made.values() for name in one.scratch}
    functions = {
        name: _Chooser(answers).whole(function) if code[name].has_ways else function
        for name, function in program.functions.items()
        if name not in scratch
    }
    known = {id(function): code[name].named for name, function in program.functions.items()}
    return still_needed(program, functions, known)


_NAMING = (core.Call, core.MakeClosure)


class _Contents:
    """What a function holds: the functions that it names, its handlers, and whether there are
    alternatives in it."""

    __slots__ = ("has_ways", "named", "tries")

    def __init__(self, function: Function) -> None:
        self.named: list[str] = []
        self.tries: list[Expression] = []
        self.has_ways = False
        for node in nodes(function.body):
            if isinstance(node, core.Let):  # nearly half of them
                continue
            if isinstance(node, core.Primitive):
                if node.operation == OPERATION:
                    self.has_ways = True
            elif isinstance(node, _NAMING):
                self.named.append(node.function)
            elif isinstance(node, core.TryWith):
                self.tries.append(node.body)

    def handled(self) -> set[int]:
        """The alternatives inside of a `try`."""
        return {number for body in self.tries for node in nodes(body) for number in _asked(node)}


class _Question:
    """Whether nobody can tell. `handled`: the alternatives inside of a `try`."""

    def __init__(self, program: Program, handled: Set[int]) -> None:
        self.table = EffectTable(program, program.functions.get)
        self.touching = Touching(program)
        self.handled = handled

    def can_mix(self, number: int, one: Alternative) -> bool:
        total = Effects.NONE
        for stage in one.stages:
            effect = self._of_stage(stage)
            if not can_swap(total, effect):
                return False
            total |= effect
        if not total:
            return True
        consumer = self.table.of_code(one.consumer, _left_out(one))
        if one.is_loop and self._stops(number, one.consumer):
            consumer |= Effects.STOPS
        if total == Effects.READS:
            return can_swap(total, consumer) or self._are_apart(one)
        return can_swap(total, consumer) and one.is_whole

    def _of_stage(self, stage: Stage) -> Effects:
        found = Effects.READS if stage.arrays else Effects.NONE
        if stage.stops:
            found |= Effects.STOPS
        for name in stage.functions:
            found |= self.table.of_function(name)
        return found

    def _stops(self, number: int, loop: Expression) -> bool:
        """Whether a loop may not end, or leaves a trace when an exception ends it."""
        return not comes_to_an_end(loop) or (number in self.handled and _is_kept(loop))

    def _are_apart(self, one: Alternative) -> bool:
        readers = [name for stage in one.stages for name in stage.functions]
        items = [item for stage in one.stages for item in stage.arrays]
        return self.touching.are_apart(readers, items, one.consumer, _left_out(one))


def _left_out(one: Alternative) -> Callable[[str], bool]:
    return lambda name: name in one.counted or name.split("<")[0] in EARLY


def _is_kept(code: Expression) -> bool:
    """Whether code writes over locals from around it: whoever catches an exception sees that."""
    inside = nodes(code)
    own = {node.local for node in inside if isinstance(node, core.Let)}
    return any(isinstance(node, core.Assign) and node.local not in own for node in inside)


def _asked(node: Expression) -> tuple[int, ...]:
    """The number of the alternative that is asked for, if this does."""
    if not isinstance(node, core.Primitive) or node.operation != OPERATION:
        return ()
    (index,) = node.arguments
    assert isinstance(index, core.Literal)
    assert isinstance(index.value, int)
    return (index.value,)


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
