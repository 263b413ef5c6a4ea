"""From what the user named (a file, a folder, nothing) to a checked `Project`.

Comes in: a path. Goes out: `Loaded`: the project, all findings, and the texts of the project files
for the renderers. Promises: no exception for any content; a project with errors is never handed
out.
"""

from __future__ import annotations

import os
from dataclasses import replace

from clef.data_classes import dataclass, field
from clef.diagnostics.diagnostic import Diagnostic
from clef.project.files import SOURCE_SUFFIXES, nearest_file, read_source
from clef.project.project import Project
from clef.source import SourceFile, Span


@dataclass(slots=True)
class Loaded:
    """What loading found. `files` are the project files that were read, `spans` tell where sources
    are listed.
    """

    project: Project | None = None
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    files: dict[str, SourceFile] = field(default_factory=dict[str, SourceFile])
    spans: dict[str, Span] = field(default_factory=dict[str, Span])


def _not_found(path: str) -> Diagnostic:
    from clef.diagnostics.project import FileNotFound

    return FileNotFound(Span(path, 0, 0), nearest_file(path))


def find_project(folder: str) -> str | Diagnostic:
    """The only project file of a folder; one of .NET where there is no other."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return _not_found(folder)
    projects = [name for name in names if name.endswith(".fidproj")]
    projects = projects or [name for name in names if name.endswith(".fsproj")]
    if len(projects) == 1:
        return os.path.normpath(os.path.join(folder, projects[0]))
    from clef.diagnostics.project import NoProject, SeveralProjects

    if projects:
        return SeveralProjects(Span(folder, 0, 0), folder, tuple(projects))
    programs = [name for name in names if name.endswith(SOURCE_SUFFIXES)]
    return NoProject(Span(folder, 0, 0), folder, tuple(programs[:3]))


def load(path: str | None) -> Loaded:
    """The project that a path means: a project file, a folder with one, or a single source file."""
    named = path or "."
    if os.path.isdir(named):
        found = find_project(named)
        if not isinstance(found, str):
            return Loaded(diagnostics=[found])
        named = found
    if named.endswith(".fidproj"):
        from clef.project.project_file import load_file

        return load_file(named, ())
    if named.endswith(".fsproj") and os.path.isfile(named):
        from clef.project.dotnet_project import load_dotnet_project

        return load_dotnet_project(named)
    if not os.path.exists(named):
        return Loaded(diagnostics=[_not_found(named)])
    if not named.endswith(SOURCE_SUFFIXES):
        from clef.diagnostics.project import NotASource

        return Loaded(diagnostics=[NotASource(Span(named, 0, 0), named)])
    from clef.project.scripts import read_script

    script = read_script(named)
    project = replace(single_file(named), sources=tuple(script.sources))
    whole = None if script.diagnostics else project
    return Loaded(whole, script.diagnostics, script.files, script.spans)


def single_file(path: str) -> Project:
    """The implicit project of one source file."""
    from clef.toolchain.target import native_name

    name = os.path.splitext(os.path.basename(path))[0]
    return Project(
        name=name,
        path=path,
        folder=os.path.dirname(path),
        sources=(path,),
        implicit=True,
        target=native_name(),
        output=name,
    )


def read_sources(loaded: Loaded) -> tuple[list[SourceFile], list[Diagnostic]]:
    """The texts of all sources, in order."""
    sources: list[SourceFile] = []
    diagnostics: list[Diagnostic] = []
    for path in loaded.project.sources if loaded.project else ():
        source, found = read_source(path, loaded.spans.get(path))
        diagnostics += found
        if source is not None:
            sources.append(source)
    return sources, diagnostics
