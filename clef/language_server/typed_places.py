"""What stands where in a typed file.

Comes in: typed definitions. Goes out: the innermost typed node at an offset, its type, and the
member that a name in the text stands for. Promises: nodes that the compiler made up (with the span
of what they were made from) lose against those that were written.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from clef.data_classes import dataclass
from clef.inference import typed_tree as typed
from clef.inference.types import Type
from clef.inference.uses import nodes_in
from clef.source import Span


@dataclass(frozen=True, slots=True)
class MemberUse:
    """A member or field that some code uses. `owner` is set for fields."""

    span: Span
    name: str
    symbol: str
    owner: str = ""


class TypedPlaces:
    """The typed nodes of a file, by place."""

    def __init__(self, definitions: Iterable[typed.Definition]) -> None:
        self._typed: list[tuple[int, int, Type, object]] = []
        self.members: dict[str, list[MemberUse]] = {}
        self.locals: dict[int, typed.Local] = {}
        for definition in definitions:
            for node in nodes_in([definition.body, definition.parameters]):
                self._add(node)
        self._arrange()

    def _add(self, node: object) -> None:
        if isinstance(node, typed.Expression | typed.Pattern):
            self._typed.append((node.span.start, node.span.end, node.type, node))
        if isinstance(node, typed.VariablePattern | typed.ForTo | typed.Use):
            self.locals[node.local.span.start] = node.local
        use = _member_use(node)
        if use is not None:
            self.members.setdefault(use.name, []).append(use)

    # After an edit -------------------------------------------------------------------------------

    def leave_out(self, start: int, end: int) -> None:
        """Forget what lies in a stretch of text."""

        def lies_in(first: int, last: int) -> bool:
            return start <= first and last <= end

        self._typed = [entry for entry in self._typed if not lies_in(entry[0], entry[1])]
        self._starts = [entry[0] for entry in self._typed]
        for name, uses in self.members.items():
            self.members[name] = [u for u in uses if not lies_in(u.span.start, u.span.end)]
        self.locals = {at: local for at, local in self.locals.items() if not lies_in(at, at)}

    def move(self, end: int, shift: int) -> None:
        """What lies behind `end` moves. The spans of members and locals are moved by their
        owner."""
        self._typed = [
            (first + shift, last + shift, type_, node)
            if first >= end
            else (first, last, type_, node)
            for first, last, type_, node in self._typed
        ]
        self.locals = {at + shift if at >= end else at: one for at, one in self.locals.items()}

    def add(self, others: TypedPlaces) -> None:
        """Put in what stands somewhere else."""
        self._typed += others._typed
        for name, uses in others.members.items():
            self.members.setdefault(name, []).extend(uses)
        self.locals |= others.locals
        self._arrange()

    def _arrange(self) -> None:
        self._typed.sort(key=_by_place)
        self._starts = [entry[0] for entry in self._typed]

    # Questions -----------------------------------------------------------------------------------

    def at(self, offset: int) -> tuple[Span | None, Type | None]:
        """The smallest node around an offset and its type."""
        best = self._smallest(offset, offset)
        return (None, None) if best is None else (Span("", best[0], best[1]), best[2])

    def exactly(self, start: int, end: int) -> Type | None:
        """The type of the expression or pattern that is exactly this stretch of text."""
        index = bisect_right(self._starts, start) - 1
        while index >= 0 and self._starts[index] == start:
            if self._typed[index][1] == end:
                return self._typed[index][2]
            index -= 1
        return None

    def ending(self, end: int) -> Type | None:
        """The type of the largest expression that ends here."""
        found = [e for e in self._typed if e[1] == end and isinstance(e[3], typed.Expression)]
        return min(found, key=lambda entry: entry[0])[2] if found else None

    def before(self, text: str, end: int) -> Type | None:
        """The type of what ends here in the text; closing parentheses belong to nobody."""
        found = self.ending(end)
        while found is None and end > 0 and text[end - 1] in ") ":
            end -= 1
            found = self.ending(end)
        return found

    def _smallest(self, start: int, end: int) -> tuple[int, int, Type, object] | None:
        last = bisect_right(self._starts, start)
        fitting = [entry for entry in self._typed[:last] if entry[1] >= end]
        return min(fitting, key=lambda entry: entry[1] - entry[0], default=None)

    def types_around(self, span: Span) -> list[Type]:
        """The types of the nodes around a stretch of text, the smallest first."""
        last = bisect_right(self._starts, span.start)
        around = [entry for entry in self._typed[:last] if entry[1] >= span.end]
        return [entry[2] for entry in sorted(around, key=lambda entry: entry[1] - entry[0])]

    def member(self, name: str, span: Span) -> MemberUse | None:
        """The member that a written name stands for."""
        uses = self.members.get(name, ())
        around = [u for u in uses if u.span.start <= span.start and span.end <= u.span.end]
        return min(around, key=lambda u: u.span.end - u.span.start, default=None)


def _by_place(entry: tuple[int, int, Type, object]) -> tuple[int, int]:
    return entry[0], -entry[1]


def member_name(symbol: str) -> str:
    """The name of a member as it is written, from its symbol."""
    last = symbol.rpartition(".")[2] or symbol
    if not last.startswith("|"):
        last = last.partition("|")[0]  # overloads are numbered
    for prefix in ("get_", "set_"):
        if last.startswith(prefix):
            return last.removeprefix(prefix)
    return last


def plain(symbol: str) -> str:
    """One symbol for a property's getter and setter."""
    owner, dot, last = symbol.rpartition(".")
    for prefix in ("get_", "set_"):
        last = last.removeprefix(prefix)
    return f"{owner}{dot}{last}"


def _member_use(node: object) -> MemberUse | None:
    match node:
        case typed.MethodCall(symbol=symbol, span=span):
            return MemberUse(span, member_name(symbol), plain(symbol))
        case typed.VirtualCall(slot=slot, span=span):
            return MemberUse(span, member_name(slot), plain(slot))
        case (
            typed.StaticFieldGet(symbol=symbol, span=span)
            | typed.StaticFieldSet(symbol=symbol, span=span)
        ):
            return MemberUse(span, member_name(symbol), plain(symbol))
        case (
            typed.FieldGet(owner=owner, field=field, span=span)
            | typed.FieldSet(owner=owner, field=field, span=span)
        ):
            return MemberUse(span, field, f"{owner.symbol}.{field}", owner.symbol)
        case _:
            return None
