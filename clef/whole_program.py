"""The typed program behind one look-up by symbol: user files and the library.

Comes in: the typed files of a project and the library. Goes out: what specialisation asks for (`TypedProgram`). Promises: a user's
definition is found before the library's; nothing of the library is loaded unless it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from clef.inference.typed_tree import Definition, Initialisation, TypeDefinition, TypedFile
from clef.source import SourceFile
from clef.standard_library import Library, library_source


@dataclass(slots=True)
class WholeProgram:
    """Implements `clef.typed_core.program.TypedProgram`."""

    library: Library
    sources: Mapping[str, SourceFile]
    definitions: dict[str, Definition] = field(default_factory=dict[str, Definition])
    types: dict[str, TypeDefinition] = field(default_factory=dict[str, TypeDefinition])
    start: list[Initialisation] = field(default_factory=list[Initialisation])
    entry: str | None = None

    def definition(self, symbol: str) -> Definition | None:
        """The value, function, member, constructor or accessor of that name."""
        return self.definitions.get(symbol) or self.library.definitions.get(symbol)

    def type_definition(self, symbol: str) -> TypeDefinition | None:
        """The type of that name."""
        return self.types.get(symbol) or self.library.types.get(symbol)

    @property
    def library_initialisations(self) -> Sequence[Initialisation]:
        """The library's start-up actions in order."""
        return self.library.initialisations

    @property
    def initialisations(self) -> Sequence[Initialisation]:
        """The user's start-up actions, all files in order."""
        return self.start

    @property
    def entry_point(self) -> str | None:
        """The `[<EntryPoint>]` function."""
        return self.entry

    def position(self, path: str, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of a character offset in a user's or library file."""
        source = self.sources.get(path)
        return (source or library_source(path)).position(offset)


def combine(
    files: Sequence[TypedFile], library: Library, sources: Sequence[SourceFile]
) -> WholeProgram:
    """One program of typed files in their order."""
    program = WholeProgram(library, {source.path: source for source in sources})
    for file in files:
        program.definitions.update(file.definitions)
        program.types.update(file.types)
        program.start += file.initialisations
        program.entry = file.entry_point or program.entry
    return program
