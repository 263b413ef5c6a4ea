"""The session as the language server sees a project: for completion and for documentation.

Comes in: the names of a session and the text at the prompt. Goes out: what the language server's
questions need. Promises: nothing is run, and the session is the same afterwards.
"""

from __future__ import annotations

from dataclasses import replace

from clef.data_classes import dataclass
from clef.language_server.analysis import Analyser, ProjectAnalysis
from clef.language_server.file_analysis import FileAnalysis
from clef.language_server.typed_places import TypedPlaces
from clef.repl.checked import Names
from clef.repl.inputs import SYMBOLS
from clef.source import SourceFile

PATH = "Prompt.fsx"


@dataclass(slots=True)
class Suggestion:
    """A name that could be written; it takes the place of the last `length` characters."""

    text: str
    length: int
    detail: str = ""


class SessionAnalyser(Analyser):
    """An analyser whose every file comes after all inputs of a session."""

    def __init__(self, names: Names) -> None:
        super().__init__(names.library, SYMBOLS)
        self._names = names

    def analysed(self, text: str) -> tuple[ProjectAnalysis, FileAnalysis]:
        """A project of the inputs and of a text after them."""
        file = self._text(self._names.preamble() + text)
        outside = FileAnalysis(
            file.source, file.tree, None, file.signatures, file.environment, [], "", TypedPlaces([])
        )
        files = {
            one.source.path: replace(outside, source=one.source) for one in self._names.accepted
        }
        return ProjectAnalysis({**files, PATH: file}), file

    def peek(self, project: ProjectAnalysis, path: str, text: str) -> FileAnalysis:
        """See `Analyser.peek`."""
        return self._text(text)

    def _text(self, text: str) -> FileAnalysis:
        environment = self._names.fresh_environment()
        return self.look(SourceFile(PATH, text), environment, self._names.signatures)


def suggestions(names: Names, text: str, caret: int) -> list[Suggestion]:
    """What could be written at a place of the text, best first; nothing without the language
    server's packages.
    """
    try:
        from clef.language_server.completion import completions
    except ImportError:
        return []
    analyser = SessionAnalyser(names)
    project, file = analyser.analysed(text)
    offset = len(file.source.text) - len(text) + caret
    found = completions(analyser, project, file, file.source, offset)
    start = caret
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] in "_'"):
        start -= 1
    ordered = sorted(found, key=lambda item: item.sort_text or item.label)
    length = caret - start
    shown = [item for item in ordered if not item.additional_text_edits]
    return [
        Suggestion(item.insert_text or item.label, length, item.detail or "")
        for item in shown
        if not item.label.startswith(("Input_", "ClefSession", "Clef_shows"))
    ]
