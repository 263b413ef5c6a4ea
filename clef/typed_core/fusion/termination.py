"""Whether a function comes to an end.

Comes in: one function. Goes out: whether its loops and its calls of itself do; what it calls
besides is not looked at. Promises: each of them goes on with a part of what it had (the rest of a
list), or counts by ones and stops at a number that stays what it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.data_classes import dataclass
from clef.typed_core import core
from clef.typed_core.core import Atom, Expression, Function, Local

Met = frozenset[tuple[Local, object]]
"""Locals, and what they are known to differ from: locals, or the value of a literal."""


def ends(function: Function) -> bool:
    """The answer."""
    return _Reader(function).ends()


def comes_to_an_end(code: Expression) -> bool:
    """The same for code inside of a function."""
    return ends(Function("", "", [], code.type, code, None))


@dataclass(frozen=True, slots=True)
class _Again:
    """The arguments of another round, and what is known where it begins."""

    arguments: Sequence[Atom]
    met: Met


class _Reader:
    """`below`: of what a local is a part. `entered`: what a loop's parameter that only gets
    smaller started as. `sums`: locals that are another one with 1 added or taken away."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.below: dict[Local, Local] = {}
        self.entered: dict[Local, Local] = {}
        self.sums: dict[Local, tuple[str, Local]] = {}
        self.tests: dict[Local, tuple[Atom, Atom]] = {}
        self.loops: list[core.Join] = []
        self.calls: list[_Again] = []
        self.jumps: list[tuple[core.Label, bool, _Again]] = []
        self._read(function.body, frozenset(), frozenset())

    def _read(self, node: Expression, met: Met, inside: frozenset[core.Label]) -> None:
        """`inside`: the loops in which the code is."""
        while isinstance(node, core.Let):
            self._bind(node)
            self._read(node.value, met, inside)
            node = node.body
        match node:
            case core.If():
                self._read(node.then, met, inside)
                self._read(node.otherwise, met | self._differing(node.condition), inside)
            case core.Join():
                within = inside | {node.label} if node.is_loop else inside
                if node.is_loop:
                    self.loops.append(node)
                self._read(node.continuation, frozenset(), within)
                self._read(node.body, met, inside)
            case core.Jump():
                again = _Again(node.arguments, met)
                self.jumps.append((node.label, node.label in inside, again))
            case core.Call():
                if node.function == self.function.name:
                    self.calls.append(_Again(node.arguments, met))
            case core.Switch() | core.TryWith():
                for child in core.children(node):
                    self._read(child, met, inside)
            case _:
                pass

    def _bind(self, node: core.Let) -> None:
        if node.local.is_mutable:
            return
        match node.value:
            case core.Project(value=core.Variable(local=whole)) if node.value.case >= 0:
                self.below[node.local] = whole
            case core.Primitive(operation="add" | "sub" as way, arguments=[base, one]):
                if isinstance(one, core.Literal) and one.value == 1 and _is_fixed(base):
                    assert isinstance(base, core.Variable)
                    self.sums[node.local] = way, base.local
            case core.Primitive(operation="eq", arguments=[left, right]):
                if _is_fixed(left) or _is_fixed(right):
                    self.tests[node.local] = left, right
            case _:
                pass

    def _differing(self, condition: Atom) -> Met:
        tested = self.tests.get(condition.local) if isinstance(condition, core.Variable) else None
        if tested is None:
            return frozenset()
        left, right = tested
        pairs = ((left, right), (right, left))
        return frozenset(
            (one.local, other.local if isinstance(other, core.Variable) else other.value)
            for one, other in pairs
            if isinstance(one, core.Variable)
        )

    # Loops and calls ------------------------------------------------------------------------------

    def ends(self) -> bool:
        """Whether everything ends."""
        outer = self.loops[0] if self.loops else None
        calls = self._as_jumps(outer) if outer is not None else None
        for loop in self.loops:  # outer ones first
            if not self._loop_ends(loop, calls or [] if loop is outer else []):
                return False
        if calls is not None or not self.calls:
            return True
        return self._gets_less(self.function.parameters, self.calls, set())

    def _as_jumps(self, loop: core.Join) -> list[_Again] | None:
        """The function's calls of itself as rounds of a loop that is all of its body."""
        start = loop.body
        if self.function.body is not loop or not isinstance(start, core.Jump):
            return None
        parameters = self.function.parameters
        places = [
            parameters.index(local) if local in parameters else -1
            for local in map(_local, start.arguments)
        ]
        if start.label is not loop.label or -1 in places:
            return None
        return [
            _Again([call.arguments[place] for place in places], call.met) for call in self.calls
        ]

    def _loop_ends(self, loop: core.Join, calls: list[_Again]) -> bool:
        own = [(inside, again) for label, inside, again in self.jumps if label is loop.label]
        again = [one for inside, one in own if inside] + calls
        starts = [one for inside, one in own if not inside]
        if again and not self._gets_less(loop.parameters, again, _bound(loop)):
            return False
        for index, parameter in enumerate(loop.parameters):
            if len(starts) == 1 and self._is_less(parameter, index, again, True):
                start = starts[0].arguments[index]
                if _is_fixed(start):
                    assert isinstance(start, core.Variable)
                    self.entered[parameter] = start.local
        return True

    def _gets_less(
        self, parameters: Sequence[Local], again: list[_Again], bound: set[Local]
    ) -> bool:
        """Whether a parameter gets less each time, or never more, and in the rounds in which it
        stays another one does; `bound`: what may be another each time.
        """
        for index, parameter in enumerate(parameters):
            if parameter.is_mutable:
                continue
            if self._counts(parameters, index, again, bound):
                return True
            same = [one for one in again if not self._is_less(parameter, index, [one], False)]
            if not same:
                return True
            never_more = len(same) < len(again) and self._is_less(parameter, index, same, True)
            if never_more and self._gets_less(parameters, same, bound):
                return True
        return False

    def _is_less(self, parameter: Local, index: int, again: list[_Again], or_same: bool) -> bool:
        atoms = [one.arguments[index] for one in again]
        return all(
            isinstance(atom, core.Variable) and self._is_part(atom.local, parameter, or_same)
            for atom in atoms
        )

    def _is_part(self, local: Local, whole: Local, or_same: bool) -> bool:
        is_less = or_same
        while local is not whole:
            if local in self.below:
                local, is_less = self.below[local], True
            elif local in self.entered:
                local = self.entered[local]
            else:
                return False
        return is_less

    def _counts(
        self, parameters: Sequence[Local], index: int, again: list[_Again], bound: set[Local]
    ) -> bool:
        """Whether a parameter goes by ones towards what it is compared with each time: on its way
        it meets all numbers of its type."""
        parameter = parameters[index]
        ways: set[str] = set()
        for one in again:
            atom = one.arguments[index]
            way, base = self._sum(atom)
            if base is not parameter:
                return False
            ways.add(way)
        common = again[0].met.intersection(*(one.met for one in again))
        is_integer = parameter.type.symbol not in ("System.Double", "System.Single")
        return (
            is_integer
            and len(ways) == 1
            and any(
                local is parameter and self._stays(aim, parameters, again, bound)
                for local, aim in common
            )
        )

    def _sum(self, atom: Atom) -> tuple[str, Local | None]:
        local = _local(atom)
        return ("", None) if local is None else self.sums.get(local, ("", None))

    def _stays(
        self, aim: object, parameters: Sequence[Local], again: list[_Again], bound: set[Local]
    ) -> bool:
        if not isinstance(aim, Local):
            return True
        if aim.is_mutable:
            return False
        if aim in parameters:
            index = list(parameters).index(aim)
            return all(_local(one.arguments[index]) is aim for one in again)
        return bool(bound) and aim not in bound


def _is_fixed(atom: Atom) -> bool:
    return isinstance(atom, core.Variable) and not atom.local.is_mutable


def _local(atom: Atom) -> Local | None:
    return atom.local if isinstance(atom, core.Variable) else None


def _bound(loop: core.Join) -> set[Local]:
    """The locals of a loop, of which there are others each time round."""
    found = set(loop.parameters)
    stack: list[Expression] = [loop.continuation]
    while stack:
        node = stack.pop()
        match node:
            case core.Let() | core.TryWith():
                found.add(node.local)
            case core.Join():
                found.update(node.parameters)
            case _:
                pass
        stack.extend(core.children(node))
    return found
