"""Drawing expressions and patterns of a wanted type.

In: decisions, the declared types, the functions in reach. Out: F# text on one line. Promises: what
is drawn has the wanted type in its scope, and its depth bounds its size. The shapes that it chooses
among register themselves here: `control` for those of any type, `making` for those of one type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.random_programs.chance import Chance
from tests.random_programs.types import Type, World, draw_type

Control = Callable[["Generator", Type, int], str]
Making = Callable[["Generator", Type, int], str]
CONTROLS: list[Control] = []
MAKINGS: dict[str, list[Making]] = {}
LEAVES: dict[str, Making] = {}


def control(shape: Control) -> Control:
    """Register a shape that can have any type."""
    CONTROLS.append(shape)
    return shape


def making(*names: str) -> Callable[[Making], Making]:
    """Register a shape for the types of these names."""

    def register(shape: Making) -> Making:
        for name in names:
            MAKINGS.setdefault(name, []).append(shape)
        return shape

    return register


def leaf(*names: str) -> Callable[[Making], Making]:
    """Register the smallest shape for the types of these names."""

    def register(shape: Making) -> Making:
        for name in names:
            LEAVES[name] = shape
        return shape

    return register


@dataclass(slots=True)
class Function:
    """A function of the program, as later ones may call it."""

    name: str
    parameters: tuple[Type, ...]
    result: Type
    tupled: bool = False

    def call(self, arguments: Sequence[str]) -> str:
        """An application to all arguments."""
        if self.tupled:
            return f"{self.name} ({', '.join(arguments)})"
        return " ".join([self.name, *arguments])


@dataclass(slots=True)
class Generator:
    """Draws expressions; `scope` holds the variables in reach."""

    chance: Chance
    world: World = field(default_factory=World)
    scope: list[tuple[str, Type]] = field(default_factory=list[tuple[str, Type]])
    functions: list[Function] = field(default_factory=list[Function])
    names: int = 0

    def fresh(self) -> str:
        """A name not used before."""
        self.names += 1
        return f"v{self.names}"

    def type(self, depth: int = 2, comparable: bool = False) -> Type:
        """Some type; one that is in scope now and then."""
        if not comparable and self.scope and self.chance.likely(25):
            return self.chance.one_of(self.scope)[1]
        return draw_type(self.chance, self.world, depth, comparable)

    def number(self, low: int, high: int) -> int:
        """A number, both ends included; `low` is the simplest."""
        return low + self.chance.below(high - low + 1)

    def pick(self, *choices: str) -> str:
        """One of the texts; the first is the simplest."""
        return self.chance.one_of(choices)

    @contextmanager
    def under(self, *bound: tuple[str, Type]) -> Iterator[None]:
        """Bring variables into reach."""
        self.scope.extend(bound)
        try:
            yield
        finally:
            del self.scope[len(self.scope) - len(bound) :]

    def expression(self, kind: Type, depth: int) -> str:
        """An expression of this type, in parentheses unless atomic."""
        known = [name for name, type_ in self.scope if type_ == kind]
        if known and self.chance.likely(30 if depth > 0 else 85):
            return self.chance.one_of(known)
        if depth <= 0:
            return LEAVES.get(kind.name, _declared)(self, kind, depth)
        if self.chance.likely(40):
            return f"({self.chance.one_of(CONTROLS)(self, kind, depth - 1)})"
        calls = [f for f in self.functions if f.result == kind]
        if calls and self.chance.likely(25):
            called = self.chance.one_of(calls)
            return f"({called.call([self.expression(p, depth - 2) for p in called.parameters])})"
        shapes = MAKINGS.get(kind.name, [])
        if not shapes or self.chance.likely(20):
            return LEAVES.get(kind.name, _declared)(self, kind, depth - 1)
        return f"({self.chance.one_of(shapes)(self, kind, depth - 1)})"

    def object(self, kind: Type, depth: int) -> str:
        """An expression with its type, so that members can be looked up in it."""
        return f"({self.expression(kind, depth)}: {kind})"

    def small(self, kind: Type) -> str:
        """A variable or a leaf."""
        return self.expression(kind, 0)


def _declared(g: Generator, kind: Type, depth: int) -> str:
    """A value of a declared type."""
    declared = g.world.declared[kind.name]
    cases = list(declared.cases)
    case = g.chance.one_of(cases[:1] if depth < -1 else cases)
    fields = declared.cases[case]
    values = [g.expression(type_, depth - 1) for _, type_ in fields]
    if declared.is_record:
        inner = "; ".join(f"{label} = {v}" for (label, _), v in zip(fields, values, strict=True))
        return f"{{ {inner} }}"
    return f"({case}({', '.join(values)}))" if fields else case
