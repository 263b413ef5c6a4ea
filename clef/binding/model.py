"""What a header declares, in Clef's terms.

Comes in: nothing; plain data. Goes out: `Binding`. Promises: a type is the text of a Clef type with
its size and alignment in C.
"""

from __future__ import annotations

from clef.binding.constants import Constant
from clef.data_classes import dataclass, field


class NotBound(Exception):
    """The reason why something cannot be bound."""


@dataclass(frozen=True, slots=True)
class ClefType:
    """`words`: the sizes of the machine words that a value is made of, in order.
    `holds_union`: their kinds are not known, so that a value cannot travel in registers.
    """

    text: str
    size: int
    alignment: int
    words: tuple[int, ...]
    holds_union: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A field or parameter. `place`: how C writes the field, where that is not its name."""

    name: str
    type: ClefType
    offset: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class Structure:
    """A structure, or a union (`is_union`), whose members all begin at 0."""

    name: str
    c_name: str
    members: tuple[Member, ...]
    size: int
    alignment: int
    is_union: bool = False


@dataclass(frozen=True, slots=True)
class Enumeration:
    """An enumeration with a name."""

    name: str
    c_name: str
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the library."""

    name: str
    parameters: tuple[Member, ...]
    result: str


@dataclass(slots=True)
class Binding:
    """Everything, in the order of the header. `handles`: types that are known by name alone."""

    structures: list[Structure] = field(default_factory=list[Structure])
    enumerations: list[Enumeration] = field(default_factory=list[Enumeration])
    handles: list[str] = field(default_factory=list[str])
    constants: dict[str, Constant] = field(default_factory=dict[str, Constant])
    functions: list[Function] = field(default_factory=list[Function])
    left_out: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
