"""Which locals name cells that their function, or a function that it calls, has made.

Comes in: a program. Goes out: the locals of a function whose cells nothing had before. Promises:
what is not known is not fresh.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.typed_core.changes import is_constructor
from clef.typed_core.core import (
    Call,
    Construct,
    Expression,
    Function,
    If,
    Join,
    Let,
    Literal,
    Primitive,
    Program,
    Project,
    Switch,
    TryWith,
    Variable,
    children,
)

_MAKING = frozenset(["array_zero", "array_clone", "array_own", "array_grow"])
_STATIC = frozenset(["string_static", "null", "zero", "vacant"])


class Fresh:
    """Remembers what it has found."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._makers: dict[str, bool] = {}

    def locals(self, function: Function) -> set[int]:
        """The ids of such locals; a constructor's object is one."""
        found: set[int] = set()
        pairs: set[int] = set()
        if is_constructor(function.name) and function.parameters:
            found.add(function.parameters[0].id)
        for node in nodes(function.body):
            if not isinstance(node, Let) or node.local.is_mutable:
                continue
            if isinstance(node.value, Primitive) and node.value.operation == "array_beside":
                pairs.add(node.local.id)
            elif _is_room(node.value, pairs) or self._all_fresh(node.value, found):
                found.add(node.local.id)
        return found

    def _all_fresh(self, value: Expression, locals: set[int]) -> bool:
        return all(self._is_fresh(leaf, locals) for leaf in results(value))

    def is_static(self, function: Function, value: Expression) -> bool:
        """Whether a value refers to nothing, or to what lies in the program."""
        if not isinstance(value, Variable):
            return isinstance(value, Literal)
        return any(
            isinstance(node, Let)
            and node.local is value.local
            and isinstance(node.value, Primitive)
            and node.value.operation in _STATIC
            for node in nodes(function.body)
        )

    def _is_fresh(self, node: Expression, locals: set[int]) -> bool:
        match node:
            case Construct():
                return True
            case Primitive(operation="cast"):
                return self._is_fresh(node.arguments[0], locals)
            case Primitive():
                return node.operation in _MAKING
            case Variable():
                return node.local.id in locals
            case Call():
                return self._makes(node.function)
            case _:
                return False

    def _makes(self, name: str) -> bool:
        """Whether a function gives nothing but fresh cells."""
        known = self._makers.get(name)
        function = self._program.functions.get(name)
        if known is not None or function is None:
            return bool(known)
        self._makers[name] = False  # as long as it is not known
        locals = self.locals(function)
        found = all(self._is_fresh(leaf, locals) for leaf in results(function.body))
        self._makers[name] = found
        return found


def _is_room(node: Expression, pairs: set[int]) -> bool:
    """Whether it is the second array of `array_beside`, always a new one where there are arenas."""
    if not isinstance(node, Project) or node.index != 1 or not isinstance(node.value, Variable):
        return False
    return node.value.local.id in pairs


def nodes(body: Expression) -> Iterator[Expression]:
    """A function's nodes, outer ones first."""
    stack: list[Expression] = [body]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))


def results(expression: Expression) -> Iterator[Expression]:
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
