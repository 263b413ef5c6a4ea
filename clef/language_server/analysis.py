"""A project as the language server knows it: every file parsed, resolved and typed.

Comes in: the sources of a project in order, some of them as they stand in the editor. Goes out: a
`FileAnalysis` for each. Promises: a file is looked at again only when its text changed or when the
interface of a file before it did; files with syntax errors are resolved and typed as far as the
parser understood them; a defect of a stage costs the answers about one file, never the server.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from clef.checked_unit import CheckedUnit, unit_of
from clef.checking import Examined, examine, switches_of
from clef.data_classes import dataclass, field
from clef.deep_stack import run_deep
from clef.diagnostics.arrangement import has_errors
from clef.diagnostics.diagnostic import Diagnostic
from clef.diagnostics.silencing import without_silenced
from clef.inference.signatures import Signatures
from clef.language_server.occurrences import Occurrence, occurrences_of
from clef.language_server.typed_places import TypedPlaces
from clef.names import Environment
from clef.signature_files import is_signature_file
from clef.source import SourceFile
from clef.standard_library import Library, renewed
from clef.syntax import parse, tree
from clef.toolchain.cache import content_hash

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class FileAnalysis:
    """What is known about one file. `examined` is None where a stage could not look at it."""

    source: SourceFile
    tree: tree.File
    examined: Examined | None
    signatures: Signatures
    environment: Environment
    diagnostics: list[Diagnostic]
    interface_hash: str
    places: TypedPlaces
    occurrences: list[Occurrence] = field(default_factory=list[Occurrence])
    _by_key: dict[str, list[Occurrence]] | None = None

    def meaning(self, key: str) -> list[Occurrence]:
        """The places of this file that mean one thing."""
        if self._by_key is None:
            self._by_key = {}
            for occurrence in self.occurrences:
                self._by_key.setdefault(occurrence.key, []).append(occurrence)
        return self._by_key.get(key, [])

    def occurrence_at(self, offset: int) -> Occurrence | None:
        """The name at an offset, or right before it."""
        touching = [o for o in self.occurrences if o.span.start <= offset <= o.span.end]
        return min(touching, key=lambda o: (o.span.end == offset, _length(o)), default=None)


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


def _length(occurrence: Occurrence) -> int:
    return occurrence.span.end - occurrence.span.start


class Analyser:
    """Keeps the last analysis of a project, to start the next one from."""

    def __init__(self, library: Library, symbols: frozenset[str]) -> None:
        self._library = library
        self._symbols = symbols
        self._kept: dict[str, tuple[str, FileAnalysis]] = {}

    def analyse(self, sources: Sequence[SourceFile]) -> ProjectAnalysis:
        """Look at all files in order; `sources` carry the editor's texts."""
        return run_deep(lambda: self._analyse(sources))

    def peek(self, project: ProjectAnalysis, path: str, text: str) -> FileAnalysis:
        """One file as it would be with another text; nothing of it is kept."""
        return run_deep(lambda: self._peek(project, path, text))

    def look(
        self, source: SourceFile, environment: Environment, signatures: Signatures
    ) -> FileAnalysis:
        """A file by itself, after what the environment and the signatures hold."""
        return run_deep(lambda: self._look(source, environment, signatures, True))

    def _peek(self, project: ProjectAnalysis, path: str, text: str) -> FileAnalysis:
        library = renewed(self._library)
        signatures = library.signatures
        for other, file in project.files.items():
            if other == path:
                break
            if file.examined is not None:
                library.environment.add_file(file.examined.resolved.fragment)
                signatures = signatures.with_file(file.examined.interface)
        return self._look(SourceFile(path, text), library.environment, signatures, False)

    def _analyse(self, sources: Sequence[SourceFile]) -> ProjectAnalysis:
        library = renewed(self._library)
        signatures, chain = library.signatures, library.key
        files: dict[str, FileAnalysis] = {}
        for source in sources:
            if is_signature_file(source.path):
                continue
            is_last = source is sources[-1]
            key = content_hash(chain, source.path, str(is_last), _bytes(source))
            file = self._file(key, source, library.environment, signatures, is_last)
            files[source.path] = file
            if file.examined is not None:
                signatures = signatures.with_file(file.examined.interface)
            chain = content_hash(chain, file.interface_hash)
        self._kept = {path: kept for path, kept in self._kept.items() if path in files}
        return ProjectAnalysis(files)

    def _file(
        self,
        key: str,
        source: SourceFile,
        environment: Environment,
        signatures: Signatures,
        is_last: bool,
    ) -> FileAnalysis:
        kept_key, kept = self._kept.get(source.path, ("", None))
        if kept is not None and kept_key == key:
            if kept.examined is not None:
                environment.add_file(kept.examined.resolved.fragment)
            return kept
        file = self._look(source, environment, signatures, is_last)
        self._kept[source.path] = key, file
        return file

    def _look(
        self,
        source: SourceFile,
        environment: Environment,
        signatures: Signatures,
        is_last: bool,
    ) -> FileAnalysis:
        parsed, diagnostics = parse(source, self._symbols)
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
        )

    def _examined(
        self,
        parsed: tree.File,
        environment: Environment,
        signatures: Signatures,
        is_last: bool,
    ) -> Examined | None:
        try:
            return examine(parsed, environment, signatures, self._symbols, is_last)
        except Exception:
            # A broken tree can lead a stage astray; the file's syntax is still known.
            _log.exception("could not look at %s", parsed.span.path)
            return None


def _bytes(source: SourceFile) -> bytes:
    return source.text.encode("utf-8", "surrogatepass")


def _interface(examined: Examined, operations: set[str]) -> str:
    """What later files can see of a file, as a hash."""
    unit: CheckedUnit = unit_of(
        examined.resolved.fragment, operations, examined.typed, examined.interface, []
    )
    return unit.interface_hash
