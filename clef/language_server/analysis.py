"""A project as the language server knows it: every file parsed, resolved and typed.

Comes in: the sources of a project in order, some of them as they stand in the editor. Goes out: a
`FileAnalysis` for each. Promises: a file is looked at again only when its text changed or when the
interface of a file before it did; files with syntax errors are resolved and typed as far as the
parser understood them; a defect of a stage costs the answers about one file, never the server.
"""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import partial

from clef.checked_unit import CheckedUnit, unit_of
from clef.checking import Examined, examine, switches_of
from clef.data_classes import dataclass
from clef.deep_stack import run_deep
from clef.diagnostics.arrangement import has_errors
from clef.diagnostics.silencing import without_silenced
from clef.inference.signatures import Signatures
from clef.language_server.file_analysis import FileAnalysis
from clef.language_server.occurrences import Occurrence, occurrences_of
from clef.language_server.retyping import Before, glimpsed, retyped
from clef.language_server.typed_places import TypedPlaces
from clef.names import Environment
from clef.signature_files import is_signature_file
from clef.source import SourceFile
from clef.standard_library import Library, renewed
from clef.syntax import parse, tree
from clef.toolchain.cache import content_hash
from clef.whole_program import WholeProgram, combine

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class ProjectAnalysis:
    """All files of a project, by path, in order."""

    files: dict[str, FileAnalysis]

    def occurrences(self, key: str) -> list[Occurrence]:
        """Every place of the project that means the same thing."""
        return [o for file in self.files.values() for o in file.meaning(key)]

    def definition(self, key: str) -> Occurrence | None:
        """Where the thing is declared in the project."""
        return next((o for o in self.occurrences(key) if o.is_definition), None)


@dataclass(frozen=True, slots=True)
class _Kept:
    """An analysis, and what it was made for apart from the text."""

    key: str
    file: FileAnalysis


class Analyser:
    """Keeps the last analysis of a project, to start the next one from."""

    def __init__(self, library: Library, symbols: frozenset[str]) -> None:
        self._library = library
        self._symbols = symbols
        self._kept: dict[str, _Kept] = {}
        self.lock = threading.RLock()
        """Held by those who ask an analysis, because the next one may take parts of it over."""

    def analyse(self, sources: Sequence[SourceFile]) -> ProjectAnalysis:
        """Look at all files in order; `sources` carry the editor's texts."""
        return run_deep(lambda: self._analyse(sources))

    def program(self, project: ProjectAnalysis) -> WholeProgram:
        """The typed definitions of a project and of the library, by symbol."""
        examined = [file.examined for file in project.files.values() if file.examined is not None]
        units = [
            CheckedUnit(
                one.resolved.fragment,
                set(),
                one.interface.values,
                one.interface.types,
                one.interface.extensions,
                one.typed.definitions,
                one.typed.types,
                one.typed.initialisations,
            )
            for one in examined
        ]
        return combine(units, self._library, [])

    def peek(self, project: ProjectAnalysis, path: str, text: str) -> FileAnalysis:
        """One file as it would be with another text; nothing of it is kept."""
        return run_deep(lambda: self._peek(project, path, text))

    def look(
        self, source: SourceFile, environment: Environment, signatures: Signatures
    ) -> FileAnalysis:
        """A file by itself, after what the environment and the signatures hold."""
        return run_deep(lambda: self._look(source, environment, signatures, True))

    def _peek(self, project: ProjectAnalysis, path: str, text: str) -> FileAnalysis:
        earlier = list(itertools.takewhile(lambda f: f.source.path != path, project.files.values()))
        signatures = self._library.signatures
        for file in earlier:
            if file.examined is not None:
                signatures = signatures.with_file(file.examined.interface)
        source = SourceFile(path, text)
        before = Before(partial(self._environment, earlier), signatures, self._symbols, False)
        with _logged(path):
            part = glimpsed(project.files[path], source, before)
            if part is not None:
                return part
        return self._look(source, before.environment(), signatures, False)

    def _analyse(self, sources: Sequence[SourceFile]) -> ProjectAnalysis:
        library = renewed(self._library)
        signatures, chain = library.signatures, library.key
        files: dict[str, FileAnalysis] = {}
        for source in sources:
            if is_signature_file(source.path):
                continue
            is_last = source is sources[-1]
            before = Before(
                partial(self._environment, list(files.values())), signatures, self._symbols, is_last
            )
            key = content_hash(chain, source.path, str(is_last))
            file = self._file(key, source, library.environment, before)
            files[source.path] = file
            if file.examined is not None:
                signatures = signatures.with_file(file.examined.interface)
            chain = content_hash(chain, file.interface_hash)
        self._kept = {path: kept for path, kept in self._kept.items() if path in files}
        return ProjectAnalysis(files)

    def _file(
        self, key: str, source: SourceFile, environment: Environment, before: Before
    ) -> FileAnalysis:
        """The analysis of a file; `key` names all that it sees."""
        kept = self._kept.get(source.path)
        file: FileAnalysis | None = None
        if kept is not None and kept.key == key:
            file = kept.file if kept.file.source.text == source.text else None
            file = file or self._retyped(kept.file, source, before)
        if file is not None and file.examined is not None:
            environment.add_file(file.examined.resolved.fragment)
        if file is None:
            file = self._look(source, environment, before.signatures, before.is_last)
        self._kept[source.path] = _Kept(key, file)
        return file

    def _retyped(
        self, file: FileAnalysis, source: SourceFile, before: Before
    ) -> FileAnalysis | None:
        with _logged(source.path):
            return retyped(file, source, before, self.lock)
        return None

    def _environment(self, earlier: Sequence[FileAnalysis]) -> Environment:
        """What the files before another one declare."""
        environment = renewed(self._library).environment
        for file in earlier:
            if file.examined is not None:
                environment.add_file(file.examined.resolved.fragment)
        return environment

    def _look(
        self,
        source: SourceFile,
        environment: Environment,
        signatures: Signatures,
        is_last: bool,
    ) -> FileAnalysis:
        parsed, syntax = parse(source, self._symbols)
        diagnostics = syntax
        before = set(environment.custom_operations)
        examined = self._examined(parsed, environment, signatures, is_last)
        places = TypedPlaces([])
        occurrences: list[Occurrence] = []
        interface_hash = ""
        if examined is not None:
            if not has_errors(diagnostics):
                diagnostics = [*diagnostics, *examined.diagnostics]
            operations = environment.custom_operations - before
            interface_hash = _interface(examined, operations)
            places = TypedPlaces(examined.typed.definitions.values())
            occurrences = occurrences_of(examined.resolved, places, examined.interface.types)
        diagnostics = without_silenced(diagnostics, switches_of(parsed, source))
        return FileAnalysis(
            source,
            parsed,
            examined,
            signatures if examined is None else signatures.with_file(examined.interface),
            environment,
            diagnostics,
            interface_hash,
            places,
            occurrences,
            syntax,
        )

    def _examined(
        self,
        parsed: tree.File,
        environment: Environment,
        signatures: Signatures,
        is_last: bool,
    ) -> Examined | None:
        with _logged(parsed.span.path):
            return examine(parsed, environment, signatures, self._symbols, is_last)
        return None


@contextmanager
def _logged(path: str) -> Generator[None]:
    """A broken tree can lead a stage astray, which must not cost the other answers."""
    try:
        yield
    except Exception:
        _log.exception("could not look at %s", path)


def _interface(examined: Examined, operations: set[str]) -> str:
    """What later files can see of a file, as a hash."""
    unit: CheckedUnit = unit_of(
        examined.resolved.fragment, operations, examined.typed, examined.interface, []
    )
    return unit.interface_hash
