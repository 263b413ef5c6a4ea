"""Pointers into the stack (`Ptr<_, Stack, _>`) do not outlive the function that reserved it.

Comes in: a program. Goes out: a diagnostic for every place where one could get away. Promises: what
is not reported is only read, written, computed with, kept in locals and given to functions; a
function gives back only such stack pointers as it was given.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.diagnostics.memory import StackPointerEscapes
from clef.source import Span
from clef.typed_core.core import (
    Assign,
    Atom,
    CallClosure,
    Construct,
    Expression,
    Function,
    GlobalWrite,
    If,
    Join,
    Jump,
    Let,
    MakeClosure,
    MonoType,
    Primitive,
    Program,
    SetField,
    Switch,
    TryWith,
    Variable,
    children,
)
from clef.typed_core.well_known import STACK_REGION, TYPED_POINTER

_NOWHERE = Span("", 0, 0)
_HARMLESS = ("pointer_", "volatile_", "memory_", "ignore")
"""How primitives begin that only use a pointer."""


def is_stack_pointer(type: MonoType) -> bool:
    """`Ptr<_, Stack, _>`."""
    return type.symbol == TYPED_POINTER and type.arguments[1].symbol == STACK_REGION


def check_stack_pointers(program: Program) -> list[StackPointerEscapes]:
    """All findings, in the order of the functions."""
    if not any(is_stack_pointer(type) for type in program.types.types.values()):
        return []
    found: dict[tuple[Span, str], StackPointerEscapes] = {}
    for function in program.functions.values():
        for one in _Reader(function).findings():
            found.setdefault((one.span, one.way), one)
    return list(found.values())


class _Reader:
    """One function. `origins`: where the memory of a local's pointer is reserved, if the function
    does that itself."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.nodes = list(_nodes(function.body))
        self.origins: dict[int, Span] = {}

    def findings(self) -> Iterator[StackPointerEscapes]:
        while self.spread():
            pass
        for node in self.nodes:
            way = _way_out(node)
            if way is not None:
                yield self.escape(node.span, way, self.origin_of_operands(node))
        if is_stack_pointer(self.function.result):
            for leaf in _results(self.function.body):
                origin = self.origin(leaf)
                if origin is not None:
                    yield self.escape(leaf.span, "is returned", origin)

    def escape(self, span: Span | None, way: str, origin: Span | None) -> StackPointerEscapes:
        place = span or origin or self.function.span or _NOWHERE
        return StackPointerEscapes(place, way, None if origin == _NOWHERE else origin)

    def spread(self) -> bool:
        """One round of following pointers into locals; whether anything was new."""
        before = len(self.origins)
        joins = {id(n.label): n.parameters for n in self.nodes if isinstance(n, Join)}
        for node in self.nodes:
            match node:
                case Let() if is_stack_pointer(node.local.type):
                    for leaf in _results(node.value):
                        self.note(node.local.id, self.origin(leaf))
                case Assign() if is_stack_pointer(node.local.type):
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
        if not is_stack_pointer(node.type):
            return None
        if isinstance(node, Variable):
            return self.origins.get(node.local.id)
        if isinstance(node, Primitive) and node.operation == "stack_allocate":
            return node.span or _NOWHERE
        return self.origin_of_operands(node)

    def origin_of_operands(self, node: Expression) -> Span | None:
        for child in children(node):
            if isinstance(child, Variable) and is_stack_pointer(child.type):
                found = self.origins.get(child.local.id)
                if found is not None:
                    return found
        return None


def _nodes(body: Expression) -> Iterator[Expression]:
    stack: list[Expression] = [body]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))


def _results(expression: Expression) -> Iterator[Expression]:
    """The nodes whose value an expression has."""
    stack: list[Expression] = [expression]
    while stack:
        node = stack.pop()
        match node:
            case Let():
                stack.append(node.body)
            case If():
                stack += (node.then, node.otherwise)
            case Switch():
                stack.extend(branch for _, branch in node.branches)
                if node.default is not None:
                    stack.append(node.default)
            case Join():
                stack += (node.continuation, node.body)
            case TryWith():
                stack += (node.body, node.handler)
            case _:
                yield node


def _way_out(node: Expression) -> str | None:
    """How a node lets one of its operands get away, if it does."""
    match node:
        case Construct() if _has_pointer(node.arguments):
            return "is stored in a value"
        case SetField() if _has_pointer([node.value]):
            return "is stored in a field"
        case GlobalWrite() if _has_pointer([node.value]):
            return "is kept in a module's value"
        case MakeClosure() if _has_pointer(node.captures):
            return "is captured by a function value"
        case CallClosure() if node.type.form == "function" and _has_pointer(node.arguments):
            return "is kept for a later call"
        case Primitive() if _has_pointer(node.arguments):
            return None if node.operation.startswith(_HARMLESS) else "is stored in a value"
        case _:
            return None


def _has_pointer(atoms: list[Atom]) -> bool:
    return any(is_stack_pointer(atom.type) for atom in atoms)
