"""What becomes of a list: whether it is only taken apart, from the front, once.

Comes in: the functions of a program. Goes out: for a parameter, or for a local and the code behind
it, a `Use`. Promises: a list with a use is nowhere but in the hands of a `match` at a time: its
first item is read, its rest goes to a loop or function that does the same with it. On no way is
anything looked at twice. `whole`: on every way that ends without an exception, all of the list is
looked at.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.data_classes import dataclass, field
from clef.typed_core import core
from clef.typed_core.core import Expression, Function, Label, Local


@dataclass(frozen=True, slots=True)
class Use:
    """A list that is taken apart."""

    whole: bool


class Consumption:
    """`known`: parameters that have been looked at; `asked`: those that are being looked at, the
    last one just now."""

    def __init__(self, find: Callable[[str], Function | None]) -> None:
        self.find = find
        self.known: dict[tuple[str, int], Use | None] = {}
        self.asked: list[tuple[str, int]] = []

    def of_parameter(self, name: str, index: int) -> Use | None:
        """What a function does with a parameter. A function's calls of itself are taken to do what
        it does; functions that call each other are not followed."""
        key = (name, index)
        if key in self.known:
            return self.known[key]
        function = self.find(name)
        if function is None:  # a virtual call, or one of a C function
            return None
        if key in self.asked:
            return Use(True) if key == self.asked[-1] else None
        self.asked.append(key)
        parameter = function.parameters[index]
        found = None if parameter.is_mutable else self.of_local(function.body, parameter)
        self.asked.pop()
        self.known[key] = found
        return found

    def of_local(self, body: Expression, local: Local) -> Use | None:
        """What the code in which a local can be seen does with it."""
        return _Reader(self, body, local).use()


@dataclass(slots=True)
class _Nodes:
    """What the code has that lists go through."""

    uses: dict[Local, int] = field(default_factory=dict[Local, int])
    rests: list[tuple[Local, Local]] = field(default_factory=list[tuple[Local, Local]])
    loops: list[core.Join] = field(default_factory=list[core.Join])
    joins: dict[Label, core.Join] = field(default_factory=dict[Label, core.Join])
    jumps: list[core.Jump] = field(default_factory=list[core.Jump])
    calls: list[core.Call] = field(default_factory=list[core.Call])
    looks: list[core.Switch] = field(default_factory=list[core.Switch])
    parts: list[core.Project] = field(default_factory=list[core.Project])


def _read(body: Expression) -> _Nodes:
    found = _Nodes()
    stack: list[Expression] = [body]
    while stack:
        node = stack.pop()
        match node:
            case core.Variable():
                found.uses[node.local] = found.uses.get(node.local, 0) + 1
            case core.Let(value=core.Project(value=core.Variable(local=local)) as part):
                if part.case == 1 and part.index == 1 and not node.local.is_mutable:
                    found.rests.append((local, node.local))
            case core.Join():
                found.joins[node.label] = node
                if node.is_loop:
                    found.loops.append(node)
            case core.Jump():
                found.jumps.append(node)
            case core.Call():
                found.calls.append(node)
            case core.Switch(on="case"):
                found.looks.append(node)
            case core.Project():
                found.parts.append(node)
            case _:
                pass
        if isinstance(node, core.Let) and isinstance(node.value, core.Project):
            found.parts.append(node.value)
            stack += (node.body, node.value.value)
        else:
            stack.extend(core.children(node))
    return found


def entries(loop: core.Join) -> list[core.Jump]:
    """The jumps that enter a loop."""
    found: list[core.Jump] = []
    stack: list[Expression] = [loop.body]
    while stack:
        node = stack.pop()
        if isinstance(node, core.Jump) and node.label is loop.label:
            found.append(node)
        stack.extend(core.children(node))
    return found


def _local(atom: Expression) -> Local | None:
    return atom.local if isinstance(atom, core.Variable) else None


class _Reader:
    """`lists`: the list and its rests. `fed`: the parameters of loops that are among them."""

    def __init__(self, known: Consumption, body: Expression, local: Local) -> None:
        self.known = known
        self.body = body
        self.local = local
        self.nodes = _read(body)
        self.lists = {local}
        self.fed: dict[Label, set[int]] = {}
        self.whole = True

    def use(self) -> Use | None:
        """What becomes of the list."""
        self._follow()
        if not self._is_only_taken_apart():
            return None
        if not self._is_linear(self.body, {self.local}):
            return None
        for loop in self.nodes.loops:
            for index in self.fed.get(loop.label, ()):
                if not self._is_linear(loop.continuation, {loop.parameters[index]}):
                    return None
        read = dict.fromkeys(self.lists, 0)
        for look in self.nodes.looks:
            local = _local(look.scrutinee)
            if local is not None and local in self.lists:
                way = _way_with_item(look)
                read[local] += _part_count(way, local)
                if not self._is_linear(way, {to for of, to in self.nodes.rests if of is local}):
                    return None
        if any(_part_count(self.body, local) != count for local, count in read.items()):
            return None
        return Use(self.whole)

    def _follow(self) -> None:
        before = 0
        while before != len(self.lists):
            before = len(self.lists)
            self.lists.update(rest for list, rest in self.nodes.rests if list in self.lists)
            for loop in self.nodes.loops:
                starts = entries(loop)
                if len(starts) != 1:
                    continue
                for index, atom in enumerate(starts[0].arguments):
                    parameter = loop.parameters[index]
                    if _local(atom) in self.lists and not parameter.is_mutable:
                        self.lists.add(parameter)
                        self.fed.setdefault(loop.label, set()).add(index)

    def _is_only_taken_apart(self) -> bool:
        allowed: dict[Local, int] = {}

        def allow(local: Local | None) -> None:
            if local is not None and local in self.lists:
                allowed[local] = allowed.get(local, 0) + 1

        rests = {rest for list, rest in self.nodes.rests if list in self.lists}
        bound = sum(1 for list, _ in self.nodes.rests if list in self.lists)
        read = 0
        for part in self.nodes.parts:
            local = _local(part.value)
            if local in self.lists and part.case == 1:
                read += part.index == 1
                allow(local)
        for look in self.nodes.looks:
            allow(_local(look.scrutinee))
        for jump in self.nodes.jumps:
            for index in self.fed.get(jump.label, ()):
                if _local(jump.arguments[index]) not in self.lists:
                    return False
                allow(_local(jump.arguments[index]))
        for call in self.nodes.calls:
            if not self._passes(call, allow):
                return False
        is_bound = read == bound and len(rests) == bound  # a rest has a name
        return is_bound and all(
            allowed.get(local, 0) == self.nodes.uses.get(local, 0) for local in self.lists
        )

    def _passes(self, call: core.Call, allow: Callable[[Local | None], None]) -> bool:
        for index, atom in enumerate(call.arguments):
            local = _local(atom)
            if local is not None and local in self.lists:
                use = self.known.of_parameter(call.function, index)
                if use is None:
                    return False
                self.whole = self.whole and use.whole
                allow(local)
        return True

    def _is_linear(self, body: Expression, lists: set[Local]) -> bool:
        least, most = self._count(body, lists)
        self.whole = self.whole and least >= 1
        return most <= 1

    def _count(self, node: Expression, lists: set[Local]) -> tuple[int, int]:
        """How often, at least and at most, something is done with one of these lists."""
        least = most = 0
        while isinstance(node, core.Let):
            low, high = self._count(node.value, lists)
            least, most = least + low, most + high
            node = node.body
        low, high = self._count_end(node, lists)
        return least + low, most + high

    def _count_end(self, node: Expression, lists: set[Local]) -> tuple[int, int]:
        match node:
            case core.Call():
                count = sum(_local(atom) in lists for atom in node.arguments)
                return count, count
            case core.If():
                return _either([self._count(node.then, lists), self._count(node.otherwise, lists)])
            case core.Switch():
                ways = [branch for _, branch in node.branches]
                ways += [] if node.default is None else [node.default]
                low, high = _either([self._count(way, lists) for way in ways])
                here = _local(node.scrutinee) in lists
                return low + here, high + here
            case core.Join():
                if node.is_loop and self._count(node.continuation, lists)[1]:
                    return 0, 2  # once each time round
                return self._count(node.body, lists)
            case core.Jump():
                return self._count_jump(node, lists)
            case core.TryWith():
                _, body = self._count(node.body, lists)
                _, handler = self._count(node.handler, lists)
                return 0, body + handler
            case _:
                return 0, 0

    def _count_jump(self, node: core.Jump, lists: set[Local]) -> tuple[int, int]:
        count = sum(_local(atom) in lists for atom in node.arguments)
        join = self.nodes.joins.get(node.label)
        if join is None or join.is_loop:
            return count, count
        low, high = self._count(join.continuation, lists)
        return count + low, count + high


def _either(ways: list[tuple[int, int]]) -> tuple[int, int]:
    return min(low for low, _ in ways), max(high for _, high in ways)


def _way_with_item(look: core.Switch) -> Expression:
    ways = [branch for key, branch in look.branches if key == 1]
    way = ways[0] if ways else look.default
    assert way is not None
    return way


def _part_count(node: Expression, list: Local) -> int:
    """How often parts of a list are read."""
    count = 0
    stack = [node]
    while stack:
        node = stack.pop()
        if isinstance(node, core.Project) and _local(node.value) is list:
            count += 1
        stack.extend(core.children(node))
    return count
