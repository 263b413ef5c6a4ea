"""What functions do besides giving a result.

Comes in: the functions of a program. Goes out: `Effects`, a set of flags. Promises: a function
without flags ends, without an exception, and it cannot be told when it ran; one that only `READS`
gives the same for as long as nothing is written. What is not known has all flags. Cells that nobody
else can see may be written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Flag

from clef.typed_core import core
from clef.typed_core.core import Expression, Function, Local, Program
from clef.typed_core.fusion.termination import ends
from clef.typed_core.primitives import PRIMITIVES


class Effects(Flag):
    """`STOPS`: it may raise an exception, or not end. `READS`, `WRITES`: what others can change or
    see, or the world outside."""

    NONE = 0
    READS = 1
    STOPS = 2
    WRITES = 4


ALL = Effects.READS | Effects.STOPS | Effects.WRITES

_HARMLESS = frozenset(
    ("box", "cast", "ignore", "hold", "zero_is_seen", "string_seal", "array_beside")
)
"""Not pure, but only because cells are made or kept."""
_COPIES = ("array_clone", "array_own", "array_grow")
_READING = frozenset(("unbox", "array_get_unchecked", "byref_read", *_COPIES))
_READING_OR_RAISING = frozenset(("array_get",))
_RAISING = frozenset(("check_null", "receiver", "array_zero"))
_MAKING = frozenset(("string_allocate", "string_static", "array_zero", *_COPIES))
_COPYING = ("array_copy", "array_move")
_FILLING = {
    **dict.fromkeys(("string_set_byte", "array_set_unchecked", "array_forget"), 0),
    **dict.fromkeys(("string_copy_bytes", *_COPYING), 2),
}
"""Which operand they write to."""


def can_swap(first: Effects, second: Effects) -> bool:
    """Whether the second may as well come before the first, or among its parts."""
    if not first or not second:
        return True
    if Effects.WRITES in first or Effects.WRITES in second:
        return False
    return not (Effects.STOPS in first and Effects.STOPS in second)


def _nothing(_: str) -> bool:
    return False


class EffectTable:
    """`known`: functions that have been looked at, `ALL` for those that are being looked at."""

    def __init__(self, program: Program, find: Callable[[str], Function | None]) -> None:
        self.program = program
        self.find = find
        self.known: dict[str, Effects] = {}

    def of_function(self, name: str) -> Effects:
        """What calling a function does."""
        found = self.known.get(name)
        if found is None:
            self.known[name] = ALL
            function = self.find(name)
            found = ALL if function is None else self._of(function)
            self.known[name] = found
        return found

    def _of(self, function: Function) -> Effects:
        stops = Effects.NONE if ends(function) else Effects.STOPS
        own = function.parameters[:1] if _is_constructor(function.name) else ()
        return stops | self.of_code(function.body, lambda name: name == function.name, own)

    def of_code(
        self,
        body: Expression,
        is_left_out: Callable[[str], bool] = _nothing,
        made: Iterable[Local] = (),
    ) -> Effects:
        """What running this code does; calls of some functions are counted elsewhere. Loops are
        taken to end when they are inside of a function that does. `made`: what nobody else has."""
        found = Effects.NONE
        own: set[Local] = set(made)
        pairs: set[Local] = set()
        stack: list[Expression] = [body]
        while stack and found != ALL:
            node = stack.pop()
            if isinstance(node, core.Let) and not node.local.is_mutable:
                _note_making(node, own, pairs)
            if isinstance(node, core.Variable | core.Literal):
                continue
            if not (isinstance(node, core.Call) and is_left_out(node.function)):
                found |= self._of_node(node, own)
            stack.extend(reversed(core.children(node)))
        return found

    def _of_node(self, node: Expression, own: set[Local]) -> Effects:
        match node:
            case core.Call():
                return self.of_function(node.function)
            case core.CallClosure():
                return ALL
            case core.Raise():
                return Effects.STOPS
            case core.GlobalRead():
                is_mutable = self.program.globals[node.symbol].is_mutable
                return Effects.READS if is_mutable else Effects.NONE
            case core.GlobalWrite():
                return Effects.WRITES
            case core.SetField():
                return Effects.NONE if _is_own(node.object, own) else Effects.WRITES
            case core.Project():
                return Effects.READS if self._can_change(node) else Effects.NONE
            case core.Primitive():
                return _of_primitive(node, own)
            case _:
                return Effects.NONE

    def _can_change(self, node: core.Project) -> bool:
        shape = self.program.shapes[node.owner]
        fields = shape.cases[node.case].fields if node.case >= 0 else shape.fields
        return node.index >= len(fields) or fields[node.index].is_mutable or shape.kind == "class"


def _is_constructor(name: str) -> bool:
    """Whether the first parameter is an object that is being made."""
    return name.split("<")[0].split("|")[0].endswith("..ctor")


def _note_making(node: core.Let, own: set[Local], pairs: set[Local]) -> None:
    if _is_making(node.value, own, pairs):
        (pairs if _is_pair(node.value) else own).add(node.local)


def _is_making(node: Expression, own: set[Local], pairs: set[Local]) -> bool:
    """Whether it gives something that nobody else has. `pairs`: those of `array_beside`."""
    match node:
        case core.Primitive(operation="cast"):
            return _is_own(node.arguments[0], own)
        case core.Primitive():
            return node.operation in _MAKING or _is_pair(node)
        case core.Project(index=1):
            return _is_own(node.value, pairs)
        case _:
            return isinstance(node, core.Construct)


def _is_pair(node: Expression) -> bool:
    return isinstance(node, core.Primitive) and node.operation == "array_beside"


def _is_own(atom: Expression, own: set[Local]) -> bool:
    return isinstance(atom, core.Variable) and atom.local in own


def _of_primitive(node: core.Primitive, own: set[Local]) -> Effects:
    operation = node.operation
    target = _FILLING.get(operation)
    if target is not None and _is_own(node.arguments[target], own):
        return Effects.READS if operation in _COPYING else Effects.NONE
    if operation in _HARMLESS:
        return Effects.NONE
    if operation in _READING:
        return Effects.READS
    if operation in _READING_OR_RAISING:
        return Effects.READS | Effects.STOPS
    if operation in _RAISING:
        return Effects.STOPS
    if operation == "string_allocate":
        return Effects.NONE
    information = PRIMITIVES.get(operation)
    if information is None or not information.is_pure:
        return ALL
    if information.may_raise and not _is_safe_division(node):
        return Effects.STOPS
    return Effects.NONE


def _is_safe_division(node: core.Primitive) -> bool:
    """Division by a number that is written there, and neither 0 nor -1; or of floats."""
    if node.operation not in ("div", "rem"):
        return False
    divisor = node.arguments[1]
    if divisor.type.symbol in ("System.Double", "System.Single"):
        return True
    return isinstance(divisor, core.Literal) and divisor.value not in (0, -1)
