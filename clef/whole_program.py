"""The typed program behind one look-up by symbol: user files and the library.

Comes in: the checked files of a project and the library. Goes out: what specialisation asks for
(`TypedProgram`). Promises: a user's definition is found before the library's; nothing is loaded
unless it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clef.checked_unit import CheckedUnit
from clef.data_classes import dataclass
from clef.inference.typed_tree import Definition, Initialisation, TypeDefinition
from clef.source import SourceFile
from clef.standard_library import Library, library_source


@dataclass(slots=True)
class WholeProgram:
    """Implements `clef.typed_core.program.TypedProgram`."""

    library: CheckedUnit
    units: Sequence[CheckedUnit]
    sources: Mapping[str, SourceFile]
    definition_units: dict[str, CheckedUnit]
    type_units: dict[str, CheckedUnit]

    def definition(self, symbol: str) -> Definition | None:
        """The value, function, member, constructor or accessor of that name."""
        unit = self.definition_units.get(symbol, self.library)
        return unit.definitions.get(symbol)

    def type_definition(self, symbol: str) -> TypeDefinition | None:
        """The type of that name."""
        unit = self.type_units.get(symbol, self.library)
        return unit.type_definitions.get(symbol)

    @property
    def library_initialisations(self) -> Sequence[Initialisation]:
        """The library's start-up actions in order."""
        return self.library.initialisations

    @property
    def initialisations(self) -> Sequence[Initialisation]:
        """The user's start-up actions, all files in order."""
        return [action for unit in self.units for action in unit.initialisations]

    @property
    def entry_point(self) -> str | None:
        """The `[<EntryPoint>]` function."""
        return next((unit.entry_point for unit in reversed(self.units) if unit.entry_point), None)

    def position(self, path: str, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of a character offset in a user's or library file."""
        source = self.sources.get(path)
        return (source or library_source(path)).position(offset)


def combine(
    units: Sequence[CheckedUnit], library: Library, sources: Sequence[SourceFile]
) -> WholeProgram:
    """One program of checked files in their order."""
    return WholeProgram(
        library.unit,
        units,
        {source.path: source for source in sources},
        {symbol: unit for unit in units for symbol in unit.definitions},
        {symbol: unit for unit in units for symbol in unit.type_definitions},
    )
