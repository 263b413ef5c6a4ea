"""What functions do with the sequences that they are given: whether these are only walked through.

Comes in: typed definitions. Goes out: for a parameter a `Walk`; for a definition whether it gives a
sequence expression once it has done what comes before it. Promises: a sequence with a walk is
nowhere but in the place of one loop's collection, and compared with null; the functions that it is
handed on to do the same with it. Nothing is known of such functions by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any

from clef.data_classes import dataclass
from clef.inference import typed_tree as t
from clef.typed_core import well_known
from clef.typed_core.merged_yields import merged
from clef.typed_core.suspensions import parts_of, suspends

LARGEST = 250
"""Nodes of a function that is looked into."""
_HERE, _LATER, _CLOSED = 0, 1, 2
"""Where code stands: it runs when the function is called; when somebody walks through the sequence
that the function gives; in a function inside."""

Code = tuple[list[t.Pattern], t.Expression]
Find = Callable[[str], Code | None]
"""Gives parameters and body of a function that may be lowered in the place of its calls."""


@dataclass(frozen=True, slots=True)
class Walk:
    """`is_late`: while somebody walks through the sequence that the function gives. `functions`:
    those that the sequence is handed on to. `asks`: whether it is asked what it is made of.
    `is_whole`: whether it is walked through to its end."""

    is_late: bool
    functions: frozenset[str]
    asks: bool
    is_whole: bool = True


def bare(node: t.Expression) -> t.Expression:
    """An expression without upcasts around it."""
    while isinstance(node, t.Coerce):
        node = node.value
    return node


def spine(node: t.Expression) -> tuple[t.Expression, list[t.Expression]]:
    """What is applied, and to what; pipes count as applications."""
    head, arguments, _ = opened(node)
    return head, arguments


def opened(node: t.Expression) -> tuple[t.Expression, list[t.Expression], list[int]]:
    """The same, and in which order the arguments are computed: what is piped comes first."""
    piped: list[t.Expression] = []
    arguments: list[t.Expression] = []
    while isinstance(node, t.Application):
        arguments = [*node.arguments, *arguments]
        node = node.function
        if isinstance(node, t.GlobalReference) and len(arguments) >= 2:
            first, second, rest = arguments[0], arguments[1], arguments[2:]
            if node.symbol == well_known.PIPE_RIGHT:
                first, node = widened(first, second)
                piped.append(first)
                arguments = [first, *rest]
            elif node.symbol == well_known.PIPE_LEFT:
                node, arguments = first, [second, *rest]
    early = [_place(arguments, one) for one in piped]
    return node, arguments, [*early, *(i for i in range(len(arguments)) if i not in early)]


def widened(argument: t.Expression, function: t.Expression) -> tuple[t.Expression, t.Expression]:
    """An argument and the function for it, where the function was made to take a narrower type:

    let function = Seq.map mapping in fun list -> function (list :> seq<_>)
    """
    match function:
        case t.Let(
            bindings=[t.LocalBinding(pattern=t.VariablePattern(local=made), parameters=[]) as one],
            is_recursive=False,
            body=t.Lambda(
                parameters=[t.VariablePattern(local=taken)],
                body=t.Application(
                    function=t.LocalReference(local=called),
                    arguments=[t.Coerce(value=t.LocalReference(local=given)) as wide],
                ),
            ),
        ) if called is made and given is taken and not one.type_parameters:
            return replace(wide, value=argument), one.body
        case _:
            return argument, function


def _place(arguments: list[t.Expression], argument: t.Expression) -> int:
    return next(index for index, one in enumerate(arguments) if one is argument)


def ending(node: t.Expression) -> t.Expression:
    """What a body gives at its end, after effects and bindings that cannot fail."""
    while True:
        match node:
            case t.Let() if all(isinstance(b.pattern, t.VariablePattern) for b in node.bindings):
                node = node.body
            case t.Coerce():
                node = node.value
            case t.Sequential(items=[*_, last]):
                node = last
            case _:
                return node


def is_single(node: t.Expression) -> bool:
    """Whether it is a sequence expression that gives its elements in one place, and that handles
    no exceptions there: whoever takes the elements can stand in that place."""
    if not isinstance(node, t.Comprehension) or node.kind != "seq":
        return False
    count = 0
    stack = [node.body]
    while stack:
        part = stack.pop()
        if isinstance(part, t.Yield | t.YieldAll):
            count += 1
        elif suspends(part):
            if isinstance(part, t.TryWith):
                return False
            stack += parts_of(part)
    return count == 1


def single(node: t.Expression) -> t.Comprehension | None:
    """The same sequence expression as one that `is_single`, if there is one."""
    if not isinstance(node, t.Comprehension) or node.kind != "seq":
        return None
    if is_single(node):
        return node
    found = replace(node, body=merged(node.body, node.element))
    return found if is_single(found) else None


class Walks:
    """`known`: parameters that have been looked at. `asked`: those that are being looked at."""

    def __init__(self, find: Find) -> None:
        self.find = find
        self.known: dict[tuple[str, int], Walk | None] = {}
        self.asked: set[str] = set()
        self.givers: dict[str, frozenset[str] | None] = {}

    def of(self, symbol: str, index: int) -> Walk | None:
        """What a function does with a parameter."""
        key = (symbol, index)
        if key not in self.known:
            if symbol in self.asked:
                return None
            self.asked.add(symbol)
            self.known[key] = self._read(symbol, index)
            self.asked.discard(symbol)
        return self.known[key]

    def _read(self, symbol: str, index: int) -> Walk | None:
        code = self.find(symbol)
        if code is None:
            return None
        parameters, body = code
        pattern = parameters[index]
        if not isinstance(pattern, t.VariablePattern) or pattern.local.is_mutable:
            return None
        return _Reader(self, pattern.local, body).walk()

    def gives(self, symbol: str) -> frozenset[str] | None:
        """Whether a function ends in a sequence expression that is `is_single`: the functions that
        are called for it one after the other, this one first."""
        if symbol not in self.givers:
            self.givers[symbol] = None  # while it is looked at
            self.givers[symbol] = self._ends_so(symbol)
        return self.givers[symbol]

    def _ends_so(self, symbol: str) -> frozenset[str] | None:
        code = self.find(symbol)
        if code is None or _size(code[1]) > LARGEST:
            return None
        last = ending(code[1])
        if single(last) is not None:
            return frozenset((symbol,))
        head = self.giver(last)
        further = None if head is None else self.gives(head.symbol)
        return None if further is None else further | {symbol}

    def giver(self, node: t.Expression) -> t.GlobalReference | None:
        """The function that gives a sequence expression, where it has all arguments."""
        head, arguments = spine(node)
        if not isinstance(head, t.GlobalReference) or not arguments:
            return None
        if self.gives(head.symbol) is None:
            return None
        code = self.find(head.symbol)
        return head if code and len(code[0]) == len(arguments) else None


def _size(node: Any) -> int:
    """The number of nodes, as far as it matters."""
    count = 0
    stack = [node]
    while stack and count <= LARGEST:
        one = stack.pop()
        if isinstance(one, t.Expression | t.LocalBinding | t.MatchRule | t.ObjectMember):
            count += 1
            stack.extend(getattr(one, field.name) for field in fields(one))
        elif isinstance(one, list | tuple):
            stack.extend(one)  # pyright: ignore[reportUnknownArgumentType]
    return count


class _Reader:
    """One parameter of one function."""

    def __init__(self, walks: Walks, local: t.Local, body: t.Expression) -> None:
        self.walks = walks
        self.local = local
        self.body = body
        self.last = ending(body)
        self.size = 0
        self.is_kept = False
        self.places: list[int] = []
        self.functions: set[str] = set()
        self.asks = False
        self.is_whole = True

    def walk(self) -> Walk | None:
        """What becomes of it."""
        self._visit(self.body, _HERE)
        if self.is_kept or self.size > LARGEST or len(self.places) != 1:
            return None
        is_late = self.places[0] == _LATER
        return Walk(is_late, frozenset(self.functions), self.asks, self.is_whole)

    def _is_it(self, node: t.Expression) -> bool:
        node = bare(node)
        return isinstance(node, t.LocalReference) and node.local is self.local

    def _visit(self, node: Any, place: int) -> None:
        self.size += 1
        if self.size > LARGEST or self.is_kept:
            return
        match node:
            case t.LocalReference():
                self.is_kept = self.is_kept or node.local is self.local
            case t.ForIn():
                self._collection(node.collection, place)
                self._each((node.pattern, node.enumeration, node.body), place)
            case t.YieldAll():
                self._collection(node.values, place)
            case t.Application():
                self._application(node, place)
            case t.If() if self._asks(node.condition):
                self.asks = True
                self._visit(node.otherwise, place)
            case t.Comprehension(kind="seq"):
                is_result = node is self.last and place == _HERE and single(node) is not None
                self._visit(node.body, _LATER if is_result else _CLOSED)
            case t.Lambda() | t.ObjectExpression():
                self._fields(node, _CLOSED)
            case t.LocalBinding():
                self._fields(node, _CLOSED if node.parameters else place)
            case _:
                self._fields(node, place)

    def _fields(self, node: Any, place: int) -> None:
        if isinstance(node, t.Expression | t.LocalBinding | t.MatchRule | t.ObjectMember):
            self._each([getattr(node, one.name) for one in fields(node)], place)
        elif isinstance(node, list | tuple):
            self._each(node, place)  # pyright: ignore[reportUnknownArgumentType]

    def _each(self, nodes: Sequence[Any], place: int) -> None:
        for node in nodes:
            if isinstance(node, t.Expression | t.LocalBinding | t.MatchRule | t.ObjectMember):
                self._visit(node, place)
            elif isinstance(node, list | tuple | t.Pattern | t.Enumeration):
                self._inside(node, place)

    def _inside(self, node: Any, place: int) -> None:
        if isinstance(node, list | tuple):
            self._each(node, place)  # pyright: ignore[reportUnknownArgumentType]
        else:
            self._each([getattr(node, one.name) for one in fields(node)], place)

    def _asks(self, node: t.Expression) -> bool:
        head, arguments = spine(node)
        is_question = isinstance(head, t.GlobalReference) and head.symbol == well_known.IS_MADE
        return is_question and self._is_it(arguments[0])

    def _collection(self, node: t.Expression, place: int) -> None:
        head, arguments = spine(node)
        if isinstance(head, t.GlobalReference) and head.symbol == well_known.DURING:
            condition, node = arguments
            self._visit(condition, place)
            self.is_whole = False
        node = bare(node)
        if self._is_it(node):
            self._walked(place)
        elif not self._handed_on(node, place, is_collection=True):
            self._visit(node, place)

    def _walked(self, place: int) -> None:
        self.places.append(place)
        self.is_kept = self.is_kept or place == _CLOSED

    def _application(self, node: t.Application, place: int) -> None:
        head, arguments = spine(node)
        is_check = isinstance(head, t.GlobalReference) and head.symbol == well_known.PRESENT
        if is_check and len(arguments) == 2 and self._is_it(arguments[1]) and place != _CLOSED:
            return
        if not self._handed_on(node, place, is_collection=False):
            self._fields(node, place)

    def _handed_on(self, node: t.Expression, place: int, is_collection: bool) -> bool:
        """Whether it is a call of a function that walks through the sequence."""
        head, arguments = spine(node)
        indices = [index for index, one in enumerate(arguments) if self._is_it(one)]
        if not isinstance(head, t.GlobalReference) or len(indices) != 1 or place == _CLOSED:
            return False
        code = self.walks.find(head.symbol)
        if code is None or len(code[0]) != len(arguments):
            return False
        walk = self.walks.of(head.symbol, indices[0])
        if walk is None:
            return False
        if walk.is_late and not is_collection:
            if node is not self.last or place != _HERE:
                return False
            place = _LATER
        self._walked(place)
        self.functions |= {head.symbol, *walk.functions}
        self.asks = self.asks or walk.asks
        self.is_whole = self.is_whole and walk.is_whole
        self._each([one for one in arguments if not self._is_it(one)], place)
        return True
