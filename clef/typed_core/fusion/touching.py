"""What code reads and what it writes, by kind of place and type.

Comes in: the functions of a program. Goes out: whether code that only reads can be mixed with code
that writes. Promises: two places of different kinds, or whose contents are of different types, are
not the same place; code of which that is not known touches everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from clef.data_classes import dataclass, field
from clef.typed_core import core
from clef.typed_core.changes import Change, changes_of, element_of
from clef.typed_core.core import Expression, MonoType, Program
from clef.typed_core.fusion.computing import computed
from clef.typed_core.fusion.flags import ALL, Effects
from clef.typed_core.nodes import nodes
from clef.typed_core.primitives import PRIMITIVES

Place = tuple[str, str]
"""A kind ("array", "field", "global") and the type of what is there."""


_READING = frozenset(
    (
        *("array_get", "array_get_unchecked", "array_clone", "array_own", "array_grow"),
        *("array_copy", "array_move"),
    )
)
"""They read items of the array that is their first operand."""
_NEITHER = frozenset(
    (
        *("array_zero", "array_beside", "box", "hold", "ignore", "zero_is_seen", "check_null"),
        *("receiver", "string_allocate", "string_static", "string_set_byte", "string_copy_bytes"),
        *("string_seal", "string_seal_as", "string_grow", "live_cells", "exit_process"),
    )
)
_STREAMS = ("writeAll", "writeText", "writeByte", "flush", "isTerminal")
_OUTSIDE = frozenset(f"Clef.Runtime.Streams.{name}" for name in _STREAMS)
"""They do something outside of the program only."""


@dataclass(slots=True)
class _Found:
    """What code does by itself, and which functions it calls. `is_known`: that is all."""

    reads: set[Place] = field(default_factory=set[Place])
    writes: set[Place] = field(default_factory=set[Place])
    calls: set[str] = field(default_factory=set[str])
    is_known: bool = True


class Touching:
    """`known`: what functions do by themselves."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.known: dict[str, _Found] = {}

    def are_apart(
        self,
        readers: Iterable[str],
        items: Iterable[MonoType],
        writer: Expression,
        is_left_out: Callable[[str], bool],
    ) -> bool:
        """Whether code writes nothing that some functions read, nor items of arrays of these
        types; it is left out where it calls those functions."""
        code = self._of_code(writer)
        code.calls = {name for name in code.calls if not is_left_out(name)}
        written = self._all([code])
        read = self._all([_Found(calls=set(readers))])
        if not written.is_known or not read.is_known:
            return False
        read.reads.update(("array", self._type(item)) for item in items)
        return written.writes.isdisjoint(read.reads)

    def _all(self, work: list[_Found]) -> _Found:
        """The same with everything that is called."""
        total = _Found()
        seen: set[str] = set()
        while work and total.is_known:
            one = work.pop()
            total.reads |= one.reads
            total.writes |= one.writes
            total.is_known = one.is_known
            for name in one.calls - seen:
                seen.add(name)
                work.append(self._of_function(name))
        return total

    def _of_function(self, name: str) -> _Found:
        found = self.known.get(name)
        if found is None:
            found = self.known[name] = self._read(name)
        return found

    def _read(self, name: str) -> _Found:
        if name in _OUTSIDE:
            return _Found()
        dispatcher = self.program.dispatchers.get(name)
        if dispatcher is not None:
            return _Found(calls={target for _, target in dispatcher.targets})
        function = self.program.functions.get(name)
        if function is None:
            return _Found(is_known=False)
        is_hidden = not computed(function, ALL) & (Effects.READS | Effects.WRITES)
        return _Found() if is_hidden else self._of_code(function.body)

    def _of_code(self, code: Expression) -> _Found:
        found = _Found()
        for node in nodes(code):
            self._add(found, node)
        return found

    def _add(self, found: _Found, node: Expression) -> None:
        match node:
            case core.Call():
                found.calls.add(node.function)
            case core.GlobalRead():
                found.reads.add(("global", node.symbol))
            case core.Project():
                found.reads.add(("field", self._type(node.type)))
            case core.Primitive():
                self._add_primitive(found, node)
            case _:
                self._add_changes(found, changes_of(self.program, node))

    def _add_primitive(self, found: _Found, node: core.Primitive) -> None:
        operation = node.operation
        if operation in _NEITHER:
            return
        changes = list(changes_of(self.program, node))
        self._add_changes(found, changes)
        if operation in _READING:
            item = element_of(self.program, node.arguments[0].type)
            found.reads.add(("array", self._type(item)))
        elif not changes:
            information = PRIMITIVES.get(operation)
            found.is_known &= information is not None and information.is_pure

    def _add_changes(self, found: _Found, changes: Iterable[Change]) -> None:
        for kind, name, type in changes:
            match kind:
                case "global":
                    found.writes.add(("global", str(name)))
                case "field" | "element" if type is not None:
                    place = "field" if kind == "field" else "array"
                    found.writes.add((place, self._type(type)))
                case "first":
                    pass  # there is a change of the field as well
                case _:
                    found.is_known = False

    def _type(self, type: MonoType) -> str:
        """Numbers and structs are told apart; an array of objects may be one of texts."""
        shape = self.program.shapes.get(type)
        if shape is None:
            return "reference"
        is_number = shape.kind == "builtin" and shape.builtin not in ("string", "object", "array")
        return str(type) if is_number or shape.is_value else "reference"
