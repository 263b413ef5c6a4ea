"""The types of random programs and how their values are shown.

In: nothing. Out: types as data with their F# text, drawn at random, and the text of a function
that shows a value. Promises: what is shown never depends on `%A`, so that no layout rule hides a
difference or makes one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.random_programs.chance import Chance


@dataclass(frozen=True, slots=True)
class Type:
    """A type constructor and its arguments; `*` is a tuple and `->` a function."""

    name: str
    arguments: tuple[Type, ...] = ()

    def __str__(self) -> str:
        if self.name in ("*", "->"):
            return "(" + f" {self.name} ".join(map(str, self.arguments)) + ")"
        if self.name == "struct *":
            return "(struct (" + " * ".join(map(str, self.arguments)) + "))"
        inner = ", ".join(map(str, self.arguments))
        return f"{self.name}<{inner}>" if inner else self.name


@dataclass(slots=True)
class Declared:
    """A record (`cases` has one entry, named like the type) or a union that a program declares."""

    type: Type
    cases: dict[str, list[tuple[str, Type]]]
    is_record: bool
    is_struct: bool

    def text(self) -> str:
        """The declaration without `type`."""
        before = "[<Struct>] " if self.is_struct else ""
        if self.is_record:
            (fields,) = self.cases.values()
            body = "{ " + "; ".join(f"{name}: {kind}" for name, kind in fields) + " }"
        else:
            body = " ".join(self._case(name, fields) for name, fields in self.cases.items())
        return f"{before}{self.type.name} = {body}"

    def _case(self, name: str, fields: list[tuple[str, Type]]) -> str:
        if not fields:
            return f"| {name}"
        return f"| {name} of " + " * ".join(f"{label}: {kind}" for label, kind in fields)


@dataclass(slots=True)
class World:
    """The declared types of one program."""

    declared: dict[str, Declared] = field(default_factory=dict[str, Declared])


INT, INT64, BYTE = Type("int"), Type("int64"), Type("byte")
FLOAT, BOOL, CHAR, STRING = Type("float"), Type("bool"), Type("char"), Type("string")
UNIT = Type("unit")
SMALL = (
    INT,
    STRING,
    BOOL,
    INT64,
    BYTE,
    FLOAT,
    CHAR,
    Type("uint32"),
    Type("int16"),
    Type("decimal"),
)
SIGNED = ("int", "int64", "int16", "decimal", "float")
WHOLE = ("int", "int64", "byte", "uint32", "int16")
COUNTER, OPERATION = Type("Counter"), Type("Operation")
VECTOR, SHAPE = Type("Vector"), Type("Shape")


def list_of(item: Type) -> Type:
    """`list<item>`."""
    return Type("list", (item,))


def option_of(item: Type) -> Type:
    """`option<item>`."""
    return Type("option", (item,))


def function(source: Type, target: Type) -> Type:
    """`source -> target`."""
    return Type("->", (source, target))


def tuple_of(*items: Type) -> Type:
    """A tuple of the items."""
    return Type("*", items)


CONTAINERS = ("list", "option", "array", "*", "list", "Result", "Tree", "ref", "struct *", "Sorted")
SORTED = (
    Type("Set", (INT,)),
    Type("Map", (INT, STRING)),
    Type("Set", (STRING,)),
    Type("Map", (STRING, list_of(INT))),
    Type("Set", (tuple_of(INT, STRING),)),
    Type("Map", (tuple_of(BOOL, CHAR), FLOAT)),
)
"""Few types of maps and sets: each brings much code along."""


def draw_type(chance: Chance, world: World, depth: int = 2, comparable: bool = False) -> Type:
    """Some type; `comparable`: one whose values F# compares, and that contains no array."""
    what = chance.below(10)
    if depth <= 0 or what < 4:
        return chance.one_of(SMALL)
    if what == 4 and chance.likely(40):
        return chance.one_of((VECTOR, SHAPE))
    if what < 6 and world.declared:
        return chance.one_of([d.type for d in world.declared.values()])
    if not comparable and what == 9:
        return _opaque(chance, world, depth)
    return _container(chance, world, depth, comparable)


def _opaque(chance: Chance, world: World, depth: int) -> Type:
    which = chance.below(6)
    if which == 0:
        return COUNTER
    if which == 1:
        return OPERATION
    if which == 2:
        return Type("Lazy", (draw_type(chance, world, depth - 1),))
    return function(draw_type(chance, world, depth - 1), draw_type(chance, world, depth - 1))


def _container(chance: Chance, world: World, depth: int, comparable: bool) -> Type:
    name = chance.one_of(CONTAINERS)
    if comparable and name in ("array", "ref"):
        name = "list"
    if name in ("*", "struct *"):
        count = 2 + chance.below(2)
        return Type(
            name, tuple(draw_type(chance, world, depth - 1, comparable) for _ in range(count))
        )
    if name == "Sorted":
        return chance.one_of(SORTED)
    count = 2 if name == "Result" else 1
    return Type(name, tuple(draw_type(chance, world, depth - 1, comparable) for _ in range(count)))


def has_equality(kind: Type) -> bool:
    """Whether `=` is defined on values of this type."""
    if kind.name in ("->", "Counter", "Operation", "Lazy"):
        return False
    return all(map(has_equality, kind.arguments))


def shower(kind: Type) -> str:
    """The text of a function from `kind` to string."""
    if kind.name in ("*", "struct *"):
        names = [f"x{i}" for i in range(len(kind.arguments))]
        parts = [f"{shower(item)} {name}" for item, name in zip(kind.arguments, names, strict=True)]
        opened = ("struct (" if kind.name == "struct *" else "(") + ", ".join(names) + ")"
        return f'(fun {opened} -> "(" + ' + ' + ", " + '.join(parts) + ' + ")")'
    if kind.name == "->":
        return '(fun _ -> "function")'
    if not kind.arguments:
        return f"show{kind.name.capitalize()}"
    return f"(show{kind.name.capitalize()} {' '.join(map(shower, kind.arguments))})"


def show_function(declared: Declared) -> str:
    """The definition of a declared type's function without `let rec`."""
    name = f"show{declared.type.name.capitalize()}"
    arms: list[str] = []
    for case, fields in declared.cases.items():
        parts = [f"{shower(kind)} {label}" for label, kind in fields]
        shown = ' + " " + '.join([f'"{case}"', *parts])
        arms.append(f"| {_pattern(declared, case, fields)} -> {shown}")
    return f"{name} (x: {declared.type}) : string = match x with " + " ".join(arms)


def _pattern(declared: Declared, case: str, fields: Sequence[tuple[str, Type]]) -> str:
    if declared.is_record:
        return "{ " + "; ".join(f"{label} = {label}" for label, _ in fields) + " }"
    return f"{case}({', '.join(label for label, _ in fields)})" if fields else case
