"""The documents and projects that an editor has open.

Comes in: texts as they change, and the paths that questions are about. Goes out: the analysis of
the project that a file belongs to. Promises: an analysis is made at most once for each state of the
texts; a file belongs to the project file in a folder above it that lists it, else it is a program
by itself; one analysis runs at a time, and none changes what a question is looking at.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from clef.data_classes import dataclass, field
from clef.diagnostics.diagnostic import Diagnostic
from clef.language_server.analysis import Analyser, ProjectAnalysis
from clef.language_server.file_analysis import FileAnalysis
from clef.project.files import read_source
from clef.project.loading import load, single_file
from clef.project.project import Project
from clef.source import SourceFile
from clef.standard_library import Library
from clef.standard_library import load as load_library
from clef.toolchain.telemetry import SILENT

SYMBOLS = frozenset({"CLEF", "FIDELITY", "COMPILED", "DEBUG"})
_SCRIPT_SYMBOLS = frozenset({"CLEF", "FIDELITY", "INTERACTIVE", "DEBUG"})
"""What `#if` knows: an editor sees the debug build."""


Answer = TypeVar("Answer")


@dataclass(slots=True)
class OpenProject:
    """A project with its last analysis; `state` tells for which texts that was made."""

    sources: tuple[str, ...]
    analyser: Analyser
    state: tuple[object, ...] = ()
    last: ProjectAnalysis | None = None
    findings: list[Diagnostic] = field(default_factory=list[Diagnostic])


@dataclass(frozen=True, slots=True)
class View:
    """What a question needs: the project, one file of it, and how to look at variants."""

    project: ProjectAnalysis
    file: FileAnalysis
    analyser: Analyser


class Workspace:
    """Open documents by path, and the projects they belong to."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._texts: dict[str, tuple[int, str]] = {}
        self._projects: dict[str, OpenProject] = {}
        self._homes: dict[str, str] = {}
        self._library: Library | None = None

    # Documents ------------------------------------------------------------------------------------

    def change(self, path: str, version: int, text: str) -> None:
        """A document was opened or edited."""
        self._texts[path] = version, text

    def close(self, path: str) -> None:
        """A document was closed: what is on disk counts again."""
        self._texts.pop(path, None)

    def forget_projects(self) -> None:
        """Project files changed on disk."""
        with self._lock:
            self._homes.clear()
            self._projects.clear()

    def opened(self) -> list[str]:
        """The paths of open documents."""
        return list(self._texts)

    def text(self, path: str) -> str | None:
        """The present text of an open document."""
        known = self._texts.get(path)
        return known[1] if known is not None else None

    # Analyses -------------------------------------------------------------------------------------

    def ask(
        self, path: str, question: Callable[[View], Answer], otherwise: Answer, wait: bool = True
    ) -> Answer:
        """Answer from the analysis for the present texts, or without `wait` from the last one if
        there is one, for answers that cannot wait. Paths of no source files get `otherwise`."""
        project = None if wait else self._known(path)
        if project is None:
            self._lock.acquire()
            try:
                project = self._project(path)
                self._refresh(project)
                project.analyser.lock.acquire()
            finally:
                self._lock.release()
        else:
            project.analyser.lock.acquire()
        try:
            view = self._view(project, path)
            return otherwise if view is None else question(view)
        finally:
            project.analyser.lock.release()

    def _known(self, path: str) -> OpenProject | None:
        """The project of a file that has been analysed."""
        project = self._projects.get(self._homes.get(path, ""))
        return project if project is not None and self._view(project, path) is not None else None

    def ask_all(self, question: Callable[[ProjectAnalysis], Answer]) -> list[Answer]:
        """Answers from the analyses of all projects with open documents."""
        answers: list[Answer] = []
        with self._lock:
            for path in self.opened():
                self._refresh(self._project(path))
            for project in self._projects.values():
                if project.last is not None:
                    with project.analyser.lock:
                        answers.append(question(project.last))
        return answers

    @staticmethod
    def _view(project: OpenProject, path: str) -> View | None:
        if project.last is None or path not in project.last.files:
            return None
        return View(project.last, project.last.files[path], project.analyser)

    def _refresh(self, project: OpenProject) -> None:
        state = tuple(self._stamp(path) for path in project.sources)
        if project.last is not None and state == project.state:
            return
        sources: list[SourceFile] = []
        for path in project.sources:
            source = self._source(path)
            if source is not None:
                sources.append(source)
        project.last = project.analyser.analyse(sources)
        project.state = state

    def _stamp(self, path: str) -> object:
        known = self._texts.get(path)
        if known is not None:
            return known[0]
        try:
            status = os.stat(path)
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size

    def _source(self, path: str) -> SourceFile | None:
        known = self._texts.get(path)
        if known is not None:
            return SourceFile(path, known[1])
        source, _ = read_source(path)
        return source

    # Projects -------------------------------------------------------------------------------------

    def _project(self, path: str) -> OpenProject:
        home = self._homes.get(path)
        if home is None or home not in self._projects:
            home = self._homes[path] = self._open(path)
        return self._projects[home]

    def _open(self, path: str) -> str:
        """Open the project that a file belongs to; the name under which it is kept."""
        for folder in Path(path).parents:
            for candidate in sorted(folder.glob("*.fidproj")):
                project = load(os.path.relpath(candidate)).project
                if project is not None and path in _absolute(project):
                    return self._keep(str(candidate), _absolute(project))
        single = load(path).project if os.path.exists(path) else None
        return self._keep(path, _absolute(single or single_file(path)))

    def _keep(self, home: str, sources: tuple[str, ...]) -> str:
        if home not in self._projects:
            is_script = any(path.endswith(".fsx") for path in sources)
            symbols = _SCRIPT_SYMBOLS if is_script else SYMBOLS
            self._projects[home] = OpenProject(sources, Analyser(self._loaded(), symbols))
        return home

    def _loaded(self) -> Library:
        if self._library is None:
            self._library = load_library(SILENT)[0]
        return self._library


def _absolute(project: Project) -> tuple[str, ...]:
    return tuple(os.path.normpath(os.path.abspath(path)) for path in project.sources)
