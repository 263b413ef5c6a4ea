"""What code may change that other code reads: fields, elements, globals.

Comes in: a core program. Goes out: for each function, and for any piece of code, the set of
*changes* that running it may make. Promises: what is in no set does not change; calls are followed;
a call of an unknown function, of C, or a write through a raw pointer may change everything. That
constructors fill their own object is no change for those who call a function that makes one.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.typed_core import core
from clef.typed_core.core import Expression, Function, MonoType, Program
from clef.typed_core.nodes import nodes

Change = tuple[str, int | str, MonoType | None]
"""`("field", index, type of the value)`, `("element", "", type)`, `("global", symbol, type)`,
`("any", "", type)`: any place that holds this type. `("first", index, type)`: a field that is only
set where its object is made; changes of code have it where that code sets one, those of calls do
not."""

EVERYTHING: Change = ("everything", "", None)

_ELEMENTS = {
    **dict.fromkeys(("array_set", "array_set_unchecked", "array_forget"), 0),
    **dict.fromkeys(("array_copy", "array_move"), 2),
}
"""Primitives that write elements, and which operand the array is."""
_TEXT = {"string_set_byte": 0, "string_copy_bytes": 2}
"""Primitives that write bytes of a text under construction, and which operand that is."""
_RAW = frozenset(
    (
        *("pointer_write", "volatile_write", "memory_copy", "memory_fill", "system_call"),
        *("call_pointer", "stack_new", "stack_switch"),
    )
)


class ChangeTable:
    """The changes of all functions, what they call included. `later`: fields of objects that are
    set by others than the object's constructor, though they cannot be assigned."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.later = set[tuple[MonoType, int]]()
        self.known: dict[str, set[Change]] = {name: {EVERYTHING} for name in program.externals}
        callers: dict[str, list[str]] = {}
        for name, function in program.functions.items():
            changes = self._directly(function.body, first_parameter(function))
            self.known[name] = {change for change in changes if change[0] != "first"}
            for called in set(called_in(function.body)):
                callers.setdefault(called, []).append(name)
        for name, dispatcher in program.dispatchers.items():
            self.known[name] = set()
            for _, target in dispatcher.targets:
                callers.setdefault(target, []).append(name)
        self._spread(callers)

    def _spread(self, callers: dict[str, list[str]]) -> None:
        work = [name for name, changes in self.known.items() if changes]
        while work:
            name = work.pop()
            changes = self.known[name]
            for caller in callers.get(name, ()):
                known = self.known[caller]
                if not (EVERYTHING in known or changes <= known):
                    self.known[caller] = {EVERYTHING} if EVERYTHING in changes else known | changes
                    work.append(caller)

    def of_function(self, name: str) -> set[Change]:
        """What calling a function may change."""
        return self.known.get(name, {EVERYTHING})

    def of_code(self, body: Expression) -> set[Change]:
        """What running this code may change, calls included."""
        found = self._directly(body)
        for called in set(called_in(body)):
            found |= self.of_function(called)
        return found

    def _directly(self, body: Expression, filled: core.Local | None = None) -> set[Change]:
        found = set[Change]()
        for node in nodes(body):
            if isinstance(node, core.SetField) and self._is_fixed(node):
                if filled is not None and _is_part_of(node, filled):
                    continue
                self.later.add((node.owner, node.index))
            found.update(changes_of(self.program, node))
        return found

    def _is_fixed(self, node: core.SetField) -> bool:
        """Whether it sets a field of an object that cannot be assigned."""
        fields = self.program.shapes[node.owner].fields
        return node.index < len(fields) and not fields[node.index].is_mutable


def _is_part_of(node: core.SetField, filled: core.Local) -> bool:
    return isinstance(node.object, core.Variable) and node.object.local is filled


def changes_of(program: Program, node: Expression) -> Iterable[Change]:
    """What a node itself changes; calls of known functions are left out."""
    match node:
        case core.SetField():
            if program.shapes[node.owner].is_value:
                return (EVERYTHING,)  # a part of whatever holds the struct
            kinds = ("field", "first")
            return [(kind, node.index, node.value.type) for kind in kinds]
        case core.GlobalWrite():
            return (("global", node.symbol, node.value.type),)
        case core.CallClosure():
            return (EVERYTHING,)
        case core.Primitive():
            return _changes_of_primitive(program, node)
        case _:
            return ()


def _changes_of_primitive(program: Program, node: core.Primitive) -> Iterable[Change]:
    operation = node.operation
    if operation in _RAW:
        return (EVERYTHING,)
    array = written_array(node)
    if array is not None:
        return (("element", "", element_of(program, array.type)),)
    if operation in _TEXT:
        return (("element", "", node.arguments[_TEXT[operation]].type),)
    if operation in ("byref_write", "rebox", "fill"):
        return (("any", "", node.arguments[-1].type),)
    return ()


def first_parameter(function: Function) -> core.Local | None:
    """The object that a constructor fills; nothing for other functions."""
    return function.parameters[0] if is_constructor(function.name) else None


def is_constructor(name: str) -> bool:
    """Whether a function fills the object that is its first argument."""
    _, dot, rest = name.partition("..ctor")
    return bool(dot) and "/" not in rest


def written_array(node: core.Primitive) -> core.Atom | None:
    """The array whose elements a primitive writes."""
    place = _ELEMENTS.get(node.operation)
    return None if place is None else node.arguments[place]


def element_of(program: Program, array: MonoType) -> MonoType:
    """The type of an array's elements; the number of an enumeration, for the two can share one."""
    element = program.shapes[array].element or array.arguments[0]
    shape = program.shapes.get(element)
    if shape is not None and shape.kind == "enum" and shape.element is not None:
        return shape.element
    return element


def called_in(body: Expression) -> Iterable[str]:
    """The functions that code calls by name, each as often as it does."""
    return (node.function for node in nodes(body) if isinstance(node, core.Call))
