"""What crosses the boundary between Clef and those who call it.

Comes in: nothing; plain data. Goes out: `Interface`: the functions of a library, the types they are
called with, and what could not be exported and why. Promises: a carrier says completely how a value
travels: in which slots of eight bytes, and as which C type.
"""

from __future__ import annotations

from clef.data_classes import dataclass, field
from clef.inference.types import Type
from clef.source import Span

_WORDS = """
alignas alignof asm auto bool break case catch char class const continue default delete do double
else enum explicit export extern false float for friend goto if inline int long mutable namespace
new operator private protected public register return short signed sizeof static struct switch
template this throw true try typedef typename union unsigned using virtual void volatile while
"""
C_KEYWORDS = frozenset(_WORDS.split())
"""Names that C or C++ has for itself."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """How values of a type travel.

    kind: "unit" (not at all), "number", "bool", "char", "enum", "pointer", "nullable" (one slot
    each), "text" (address and length), "array", "span", "read_only_span" (address and length;
    `element` says what of), "struct" (its fields one after the other), "callback" (function and
    context), "packed" (bytes that only Python packs and unpacks). `c_type`: the C type of the
    value, or of the elements. `codec`: the number of the functions that pack it.
    """

    kind: str
    type: Type
    c_type: str = ""
    element: Carrier | None = None
    struct: Struct | None = None
    callback: Callback | None = None
    codec: int = -1

    @property
    def slots(self) -> int:
        """How many slots a value takes."""
        if self.kind == "unit":
            return 0
        if self.struct is not None and self.kind == "struct":
            return sum(item.carrier.slots for item in self.struct.fields)
        pairs = ("text", "array", "span", "read_only_span", "callback", "packed")
        return 2 if self.kind in pairs else 1


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a structure, or a parameter."""

    name: str
    carrier: Carrier


@dataclass(frozen=True, slots=True, eq=False)
class Struct:
    """A record or tuple that C sees as a structure. `path`: how Clef names the record; empty for
    tuples. `offsets`, `size` and `alignment` as in an array; `is_blittable`: Clef lays it out in
    the same way."""

    c_name: str
    path: str
    fields: tuple[Field, ...]
    is_struct_tuple: bool
    offsets: tuple[int, ...]
    size: int
    alignment: int
    is_blittable: bool


@dataclass(frozen=True, slots=True, eq=False)
class Callback:
    """A function that the caller brings: number, parameters, result."""

    number: int
    parameters: tuple[Carrier, ...]
    result: Carrier


@dataclass(frozen=True, slots=True, eq=False)
class Enum:
    """An enumeration, by its C name."""

    c_name: str
    c_type: str
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Function:
    """One exported function. `path`: how Clef names it; `groups`: how many parameters each curried
    argument takes, 0 for a unit. `name`: its last name."""

    index: int
    symbol: str
    path: str
    c_name: str
    parameters: tuple[Field, ...]
    groups: tuple[int, ...]
    result: Carrier
    span: Span
    name: str = ""
    documentation: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A public function that cannot be exported, and the reason."""

    name: str
    reason: str


@dataclass(slots=True)
class Interface:
    """Everything that a library offers. `name` is the prefix of its own functions."""

    name: str
    functions: list[Function] = field(default_factory=list[Function])
    structs: list[Struct] = field(default_factory=list[Struct])
    enums: list[Enum] = field(default_factory=list[Enum])
    callbacks: list[Callback] = field(default_factory=list[Callback])
    left_out: list[LeftOut] = field(default_factory=list[LeftOut])
