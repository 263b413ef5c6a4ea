"""What is known about one file.

Comes in: what the stages made of the file. Goes out: a `FileAnalysis`, which every question of an
editor starts from.
"""

from __future__ import annotations

from clef.checking import Examined
from clef.data_classes import dataclass, field
from clef.diagnostics.diagnostic import Diagnostic
from clef.inference.signatures import Signatures
from clef.language_server.occurrences import Occurrence
from clef.language_server.typed_places import TypedPlaces
from clef.names import Environment
from clef.source import SourceFile, Span
from clef.syntax import tree


@dataclass(slots=True)
class FileAnalysis:
    """What is known about one file. `examined` is None where a stage could not look at it.

    `diagnostics` are all findings, `syntax` those of the parser alone. For edits inside one
    function: `spans` are all places that the analysis speaks of, once they are needed, and
    `revision` counts such edits since the whole file was looked at."""

    source: SourceFile
    tree: tree.File
    examined: Examined | None
    signatures: Signatures
    environment: Environment
    diagnostics: list[Diagnostic]
    interface_hash: str
    places: TypedPlaces
    occurrences: list[Occurrence] = field(default_factory=list[Occurrence])
    syntax: list[Diagnostic] = field(default_factory=list[Diagnostic])
    spans: dict[int, Span] | None = None
    revision: int = 0
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


def _length(occurrence: Occurrence) -> int:
    return occurrence.span.end - occurrence.span.start
