"""Random functions made of statements: places that change, loops, aliases, closures.

In: a generator. Out: the lines of a function that shows every place at its end. Promises: loops
spend fuel, collections stay short, and a local variable that can change is used only where F#
allows it, outside of closures and sequences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.random_programs.generator import Generator
from tests.random_programs.types import BOOL, INT, STRING, Type, draw_type, shower

Statement = Callable[["Block"], None]
STATEMENTS: list[Statement] = []
NESTED: list[Statement] = []
KEYS = (INT, STRING, Type("*", (INT, STRING)))


def statement(shape: Statement) -> Statement:
    """Register a kind of statement."""
    STATEMENTS.append(shape)
    return shape


def nested(shape: Statement) -> Statement:
    """Register a kind of statement with statements inside, for where there is depth left."""
    NESTED.append(shape)
    return shape


@dataclass(frozen=True, slots=True)
class Place:
    """What can change: `sort` is a type's name, `closure` the number of closures around it."""

    name: str
    sort: str
    item: Type
    key: Type = INT
    closure: int = 0

    def shown(self) -> str:
        """An expression for its content as text."""
        item = shower(self.item)
        if self.sort == "mutable":
            return f"{item} {self.name}"
        if self.sort == "twins":
            return f"showArray (showTwin {item}) {self.name}"
        if self.sort == "entries":
            return f"showEntries {shower(self.key)} {item} {self.name}"
        return f"show{SHOWN[self.sort]} {item} {self.name}"


SHOWN = {
    "array": "Array",
    "ref": "Ref",
    "list": "Items",
    "queue": "Items",
    "stack": "Items",
    "unique": "Items",
    "slot": "Slot",
    "cupboard": "Cupboard",
    "twin": "Twin",
    "twins": "Array showTwin'",
}


@dataclass(slots=True)
class Block:
    """Lines that are being written, with the places in reach."""

    g: Generator
    lines: list[str] = field(default_factory=list[str])
    places: list[Place] = field(default_factory=list[Place])
    indent: int = 2
    closure: int = 0
    depth: int = 3

    def line(self, text: str) -> None:
        """One more line."""
        self.lines.append("    " * self.indent + text)

    @contextmanager
    def inner(
        self, closure: bool = False, *bound: tuple[str, Type], ending: str = "()"
    ) -> Iterator[None]:
        """A block inside of this one, which sees `bound` besides."""
        reach, known = len(self.places), len(self.g.scope)
        self.g.scope.extend(bound)
        self.indent += 1
        self.closure += closure
        self.depth -= 1
        try:
            yield
            if ending:
                self.line(ending)
        finally:
            self.depth += 1
            self.closure -= closure
            self.indent -= 1
            del self.places[reach:]
            del self.g.scope[known:]

    @contextmanager
    def inner_scope(self, *bound: tuple[str, Type]) -> Iterator[None]:
        """More variables in reach, without a block of its own."""
        with self.g.under(*bound):
            known = len(self.g.scope)
            yield
            del self.g.scope[known:]

    def statements(self, most: int = 3) -> None:
        """A few statements."""
        for _ in range(self.g.number(1, most)):
            shapes = STATEMENTS if self.depth <= 0 else [*STATEMENTS, *NESTED]
            self.g.chance.one_of(shapes)(self)

    def add(self, place: Place) -> None:
        """A place that is in reach from here on; expressions see arrays and references."""
        self.places.append(place)
        if place.sort in ("array", "ref"):
            self.g.scope.append((place.name, Type(place.sort, (place.item,))))

    def some(self, *sorts: str) -> Place:
        """A place of one of these sorts; a new one where none is in reach."""
        found = [
            one
            for one in self.places
            if one.sort in sorts and (one.sort not in LOCAL or one.closure == self.closure)
        ]
        if found and not self.g.chance.likely(15):
            return self.g.chance.one_of(found)
        return self.declared(self.g.pick(*sorts))

    def declared(self, sort: str, item: Type | None = None) -> Place:
        """A new place with its first value."""
        g = self.g
        wanted = item or draw_type(g.chance, g.world, 1, comparable=True)
        if sort == "unique" and item is None:
            wanted = g.chance.one_of(KEYS)
        place = Place(g.fresh(), sort, wanted, g.chance.one_of(KEYS), self.closure)
        mutable = "mutable " if sort in LOCAL else ""
        self.line(f"let {mutable}{place.name} = {self.first(place)}")
        self.add(place)
        return place

    def first(self, place: Place) -> str:
        """What a new place holds."""
        one = self.value(place.item)
        match place.sort:
            case "mutable":
                return f"({one}: {place.item})"
            case "ref":
                return f"ref ({one}: {place.item})"
            case "cupboard":
                return f"Cupboard<{place.item}>({one})"
            case "entries":
                return f"Dictionary<{place.key}, {place.item}>()"
            case "slot":
                return self.slot(place.item)
            case "twin":
                return self.twin(place.item)
            case "twins":
                return f"Array.init {self.g.number(1, 3)} (fun _ -> {self.twin(place.item)})"
            case sort:
                items = "; ".join(self.value(place.item) for _ in range(self.g.number(0, 3)))
                if sort == "array":
                    return f"([| {one}; {items} |]: array<{place.item}>)"
                return f"{COLLECTIONS[sort]}<{place.item}>([{items}])"

    def slot(self, item: Type) -> str:
        """A record with fields that change."""
        fields = f"Held = {self.value(item)}; Past = []; Tag = {self.g.number(0, 9)}"
        return f"({{ {fields} }}: Slot<{item}>)"

    def twin(self, item: Type) -> str:
        """A structure with two fields."""
        return f"({{ First = {self.value(item)}; Second = {self.value(item)} }}: Twin<{item}>)"

    def value(self, kind: Type, depth: int = 1) -> str:
        """An expression."""
        return self.g.expression(kind, depth)

    def index(self, place: Place) -> str:
        """An index of an array; one in six may be out of range."""
        if self.g.chance.likely(16):
            return self.g.pick("1", "(-1)", self.value(INT))
        return f"(abs ({self.value(INT)} % 1000) % {place.name}.Length)"


LOCAL = ("mutable", "twin")
COLLECTIONS = {
    "list": "List",
    "queue": "Queue",
    "stack": "Collections.Generic.Stack",
    "unique": "HashSet",
}
SORTS = (
    "mutable",
    "array",
    "list",
    "entries",
    "ref",
    "slot",
    "cupboard",
    "twin",
    "twins",
    "queue",
    "stack",
    "unique",
)


def procedure(g: Generator, name: str) -> tuple[list[str], list[Type]]:
    """A function that changes places and returns what they hold as text, and its parameters."""
    parameters = [g.type(1, comparable=True) for _ in range(g.number(1, 2))]
    named = [(f"p{i}", kind) for i, kind in enumerate(parameters)]
    head = ") (".join(f"{one}: {kind}" for one, kind in named)
    block = Block(g, [f"    let {name} ({head}) : string ="])
    with g.under(*named):
        known = len(g.scope)
        block.line("let acts = List<unit -> unit>()")
        for _ in range(g.number(1, 4)):
            block.declared(g.pick(*SORTS))
        block.line('let mutable problem = ""')
        block.line("try")
        with block.inner():
            block.statements(7)
        block.line("with e -> problem <- e.GetType().Name")
        shown = ' + " " + '.join(["problem", *[place.shown() for place in block.places]])
        block.line(shown)
        del g.scope[known:]
    return block.lines, parameters


def condition(b: Block) -> str:
    """A test, often of a place."""
    mutable = [p for p in b.places if p.sort == "mutable" and p.closure == b.closure]
    if mutable and b.g.chance.likely(60):
        place = b.g.chance.one_of(mutable)
        return f"{place.name} {b.g.pick('=', '<>', '<', '>=')} {b.value(place.item)}"
    return b.g.expression(BOOL, 1)
