"""What this stage asks of its surroundings.

Comes in: nothing; these are protocols and options. Goes out: `TypedProgram`, through which
specialisation loads definitions and types one by one, and `Options`. Promises: nothing is loaded
that the program does not reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from clef.data_classes import dataclass
from clef.inference.typed_tree import Definition, Initialisation, TypeDefinition
from clef.typed_core.core import TypeTable


class TypedProgram(Protocol):
    """User files and the cached library behind one lookup by symbol."""

    def definition(self, symbol: str) -> Definition | None:
        """The value, function, member, constructor or accessor of that name."""
        ...

    def type_definition(self, symbol: str) -> TypeDefinition | None:
        """The type of that name."""
        ...

    @property
    def library_initialisations(self) -> Sequence[Initialisation]:
        """The library's start-up actions in order; only the reached ones will run."""
        ...

    @property
    def initialisations(self) -> Sequence[Initialisation]:
        """The user's start-up actions, all files in order."""
        ...

    @property
    def entry_point(self) -> str | None:
        """The `[<EntryPoint>]` function."""
        ...

    def position(self, path: str, offset: int) -> tuple[int, int]:
        """Line and column (from 1) of a character in a source file: MatchFailureException tells
        them."""
        ...


@dataclass(slots=True)
class Options:
    """`instantiation_limit`: how deeply one generic definition may instantiate itself with ever
    larger types; `largest_type`: how many parts a type that it is instantiated with may have.
    `boundary`: the function `int -> nativeint -> int` of a library's file through which everything
    of it is called; a program has none. `finished`: start-up actions that have been run by an
    earlier program in the same process, which had its types from `types`."""

    instantiation_limit: int = 60
    largest_type: int = 20_000
    pointer_bytes: int = 8
    boundary: str = ""
    finished: frozenset[str] = frozenset()
    types: TypeTable | None = None
