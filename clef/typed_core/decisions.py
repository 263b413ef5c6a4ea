"""What decision trees are made of: occurrences, rows of patterns, tests and leaves.

Comes in: nothing; these are the shapes. Goes out: the classes. Promises: an occurrence is a way
from the matched value to a part of it, and its parts are made once.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.data_classes import dataclass, field
from clef.inference import typed_tree as t
from clef.inference.types import Type
from clef.typed_core.core import Atom, MonoType


@dataclass(slots=True, eq=False)
class Occurrence:
    """A part of the matched value; made once for each path, so that identity is equality.

    kind: "atom", "tuple" (not allocated: `parts`), "field" (case, index), "item" (array), "cast"
    (to `type`), "convert" (to `type`: one of both is uniform in parts), "length", "call"
    (result of an active pattern's function).
    """

    kind: str
    type: MonoType
    parent: Occurrence | None = None
    atom: Atom | None = None
    parts: list[Occurrence] = field(default_factory=list["Occurrence"])
    case: int = -1
    index: int = 0
    function: t.Expression | None = None
    children: dict[tuple[object, ...], Occurrence] = field(
        default_factory=dict[tuple[object, ...], "Occurrence"]
    )

    def child(self, key: tuple[object, ...], make: Callable[[], Occurrence]) -> Occurrence:
        found = self.children.get(key)
        if found is None:
            found = self.children[key] = make()
        return found

    def field(self, case: int, index: int, type: MonoType) -> Occurrence:
        if self.kind == "tuple":
            return self.parts[index]
        return self.child(
            ("field", case, index),
            lambda: Occurrence("field", type, self, case=case, index=index),
        )

    def item(self, index: int, type: MonoType) -> Occurrence:
        return self.child(("item", index), lambda: Occurrence("item", type, self, index=index))

    def length(self, type: MonoType) -> Occurrence:
        return self.child(("length",), lambda: Occurrence("length", type, self))

    def cast(self, type: MonoType) -> Occurrence:
        if type is self.type:
            return self
        return self.child(("cast", type), lambda: Occurrence("cast", type, self))

    def converted(self, type: MonoType) -> Occurrence:
        return self.child(("convert", type), lambda: Occurrence("convert", type, self))

    def call(self, key: object, function: t.Expression, type: MonoType) -> Occurrence:
        return self.child(("call", key), lambda: Occurrence("call", type, self, function=function))


Test = tuple[Occurrence, t.Pattern]


@dataclass(slots=True)
class Row:
    """What is left to test for a rule, and what its variables are bound to so far."""

    tests: list[Test]
    bindings: list[tuple[t.Local, Occurrence]]
    rule: int
    number: int | None = None


@dataclass(slots=True, eq=False)
class Leaf:
    """Rule `rule` applies; with a guard that fails, `otherwise` goes on."""

    rule: int
    bindings: list[tuple[t.Local, Occurrence]]
    otherwise: Tree | None = None


@dataclass(slots=True, eq=False)
class Fail:
    """Nothing matches."""


@dataclass(slots=True, eq=False)
class Choose:
    """Switch on a union case or an integer; keys are case indices or values. `default` is None when
    all cases are there."""

    on: str  # case, integer
    occurrence: Occurrence
    branches: list[tuple[int, Tree]]
    default: Tree | None


@dataclass(slots=True, eq=False)
class Check:
    """A yes-no test. kind: "equal" (to `value`), "true", "type" (`type`), "null", "some" (an
    option-like result: case 1)."""

    kind: str
    occurrence: Occurrence
    yes: Tree
    no: Tree
    value: object = None
    type: MonoType | None = None


@dataclass(slots=True, eq=False)
class Evaluate:
    """An active pattern that always fits is applied here, also if nothing looks at its result."""

    occurrence: Occurrence
    then: Tree


Tree = Leaf | Fail | Choose | Check | Evaluate


class Knowledge:
    """What compiling needs to know of types; given by the lowering."""

    def __init__(
        self,
        mono: Callable[[Type], MonoType],
        case_index: Callable[[MonoType, str], int],
        case_types: Callable[[MonoType, int], list[MonoType]],
        case_count: Callable[[MonoType], int],
        field_types: Callable[[MonoType], list[MonoType]],
        is_integral: Callable[[MonoType], bool],
        is_boolean: Callable[[MonoType], bool],
        choice_case: Callable[[MonoType, int], list[MonoType]],
        named: Callable[[str], MonoType],
        int32: MonoType,
        has_guard: Callable[[int], bool],
        own_fields: Callable[[MonoType, int], int],
        is_uniform: Callable[[MonoType, MonoType], bool] | None = None,
    ) -> None:
        self.mono = mono
        self.case_index = case_index
        self.case_types = case_types
        self.case_count = case_count
        self.field_types = field_types
        self.is_integral = is_integral
        self.is_boolean = is_boolean
        self.choice_case = choice_case
        self.named = named
        self.int32 = int32
        self.has_guard = has_guard
        self.own_fields = own_fields
        self.is_uniform = is_uniform
        self.numbers: dict[object, int] = {}
        """A number for each row, by what is left of it."""
        self.made: dict[tuple[int, ...], Tree] = {}
        """The trees so far, by what was left to test."""
        self.rows_of: dict[Tree, list[Row]] = {}

    def fitted(self, place: Occurrence, pattern: t.Pattern) -> Test:
        """A pattern where its value is, which may be a uniform one."""
        if self.is_uniform is not None and not isinstance(pattern, t.WildcardPattern):
            type = self.mono(pattern.type)
            if type is not place.type and self.is_uniform(place.type, type):
                return place.converted(type), pattern
        return place, pattern
