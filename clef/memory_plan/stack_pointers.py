"""Pointers into the stack and into arenas do not outlive the function that reserved the memory.

Comes in: a program. Goes out: a diagnostic for every place where one could get away. Promises: what
is not reported is only read, written, computed with, kept in locals (those into arenas also in
structs) and given to functions; a function gives back only such pointers as it was given, or as
point into an arena that it was given.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.diagnostics.memory import StackPointerEscapes
from clef.memory_plan.fresh_values import nodes, results
from clef.source import Span
from clef.typed_core.core import (
    Assign,
    Atom,
    Call,
    CallClosure,
    Construct,
    Expression,
    Function,
    GlobalWrite,
    Join,
    Jump,
    Let,
    MakeClosure,
    MonoType,
    Primitive,
    Program,
    SetField,
    Variable,
    children,
)
from clef.typed_core.well_known import ARENA_REGION, STACK_REGION, TYPED_POINTER

_NOWHERE = Span("", 0, 0)
_HARMLESS = ("pointer_", "volatile_", "memory_", "ignore")
"""How primitives begin that only use a pointer."""


_CREATE = "Clef.ArenaModule.create"


class _Confined:
    """Which types are pointers into the stack or an arena, or structs with some of the latter."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.known: dict[MonoType, bool] = {}

    def holds(self, type: MonoType) -> bool:
        """Whether a value of the type must not get away."""
        found = self.known.get(type)
        if found is None:
            self.known[type] = False  # what contains itself is no struct
            found = self.known[type] = self.region(type) != "" or self._has_parts(type)
        return found

    def region(self, type: MonoType) -> str:
        """That of a pointer which is confined."""
        if type.symbol != TYPED_POINTER:
            return ""
        region = type.arguments[1].symbol
        return region if region in (STACK_REGION, ARENA_REGION) else ""

    def _has_parts(self, type: MonoType) -> bool:
        shape = self.program.shapes.get(type)
        if shape is None or not shape.is_value:
            return False
        fields = [*shape.fields, *(one for case in shape.cases for one in case.fields)]
        return any(self.holds(one.type) for one in fields)


def check_stack_pointers(program: Program) -> list[StackPointerEscapes]:
    """All findings, in the order of the functions."""
    confined = _Confined(program)
    if not any(confined.region(type) for type in program.types.types.values()):
        return []
    found: dict[tuple[Span, str], StackPointerEscapes] = {}
    for function in program.functions.values():
        for one in _Reader(function, confined).findings():
            found.setdefault((one.span, one.way), one)
    return list(found.values())


class _Reader:
    """One function. `origins`: where the memory of a local's pointer is reserved, if the function
    does that itself."""

    def __init__(self, function: Function, confined: _Confined) -> None:
        self.function = function
        self.confined = confined
        self.nodes = list(nodes(function.body))
        self.origins: dict[int, Span] = {}

    def findings(self) -> Iterator[StackPointerEscapes]:
        while self.spread():
            pass
        for node in self.nodes:
            way = self.way_out(node)
            if way is not None:
                yield self.escape(node, way, self.origin_of_operands(node))
        if self.confined.holds(self.function.result):
            for leaf in results(self.function.body):
                origin = self.origin(leaf)
                if origin is not None:
                    yield self.escape(leaf, "is returned", origin)

    def escape(self, node: Expression, way: str, origin: Span | None) -> StackPointerEscapes:
        place = node.span or origin or self.function.span or _NOWHERE
        region = "the stack" if self.is_stack(node) else "an arena"
        return StackPointerEscapes(place, region, way, None if origin == _NOWHERE else origin)

    def is_stack(self, node: Expression) -> bool:
        return any(
            self.confined.region(one.type) == STACK_REGION for one in (node, *children(node))
        )

    def spread(self) -> bool:
        """One round of following pointers into locals; whether anything was new."""
        before = len(self.origins)
        joins = {id(n.label): n.parameters for n in self.nodes if isinstance(n, Join)}
        for node in self.nodes:
            match node:
                case Let():
                    for leaf in results(node.value):
                        self.note(node.local.id, self.origin(leaf))
                case Assign():
                    self.note(node.local.id, self.origin(node.value))
                case Jump():
                    for local, atom in zip(joins[id(node.label)], node.arguments, strict=True):
                        self.note(local.id, self.origin(atom))
                case _:
                    pass
        return len(self.origins) > before

    def note(self, local: int, origin: Span | None) -> None:
        if origin is not None:
            self.origins.setdefault(local, origin)

    def origin(self, node: Expression) -> Span | None:
        """Where the function itself reserves the memory that a value points at."""
        if isinstance(node, Variable):
            return self.origins.get(node.local.id)
        if isinstance(node, Call) and node.function.startswith(_CREATE):
            return node.span or _NOWHERE
        if not self.confined.holds(node.type):
            return None
        if isinstance(node, Primitive) and node.operation == "stack_allocate":
            return node.span or _NOWHERE
        return self.origin_of_operands(node)

    def origin_of_operands(self, node: Expression) -> Span | None:
        for child in children(node):
            if isinstance(child, Variable):
                found = self.origins.get(child.local.id)
                if found is not None:
                    return found
        return None

    def way_out(self, node: Expression) -> str | None:
        """How a node lets one of its operands get away, if it does."""
        match node:
            case Construct() if self.has_pointer(node.arguments):
                return None if self._is_struct(node) else "is stored in a value"
            case SetField() if self.has_pointer([node.value]):
                return "is stored in a field"
            case GlobalWrite() if self.has_pointer([node.value]):
                return "is kept in a module's value"
            case MakeClosure() if self.has_pointer(node.captures):
                return "is captured by a function value"
            case CallClosure() if node.type.form == "function" and self.has_pointer(node.arguments):
                return "is kept for a later call"
            case Primitive() if self.has_pointer(node.arguments):
                return None if node.operation.startswith(_HARMLESS) else "is stored in a value"
            case _:
                return None

    def _is_struct(self, node: Construct) -> bool:
        is_stack = any(self.confined.region(a.type) == STACK_REGION for a in node.arguments)
        return not is_stack and self.confined.holds(node.type)

    def has_pointer(self, atoms: list[Atom]) -> bool:
        return any(self.confined.holds(atom.type) for atom in atoms)
