"""The dependencies that a project file names.

Comes in: a checked project file and the chain of dependencies that led to it. Goes out: the project
files to read next, and diagnostics. Promises: a circle is reported once, with every step of it; the
parts of the standard library are known by name and never read from a path.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic
from clef.packages.lock import source_key
from clef.project.project import Project
from clef.project.schema import Document, describe
from clef.source import Span

if TYPE_CHECKING:
    from clef.diagnostics.project import DependencyCycle

# Names under which the standard library, or a part of it, is asked for.
BUILT_IN = frozenset(
    {
        "alloy",
        "clef",
        "fidelity.alloy",
        "fidelity.platform",
        "fidelity.std",
        "fsharp.core",
        "platform",
    }
)

_KEYS = ("path", "version", "git", "rev", "archive")


@dataclass(frozen=True, slots=True)
class Dependency:
    """A project that another one needs: its project file, the name it is known by, and where it is
    named.
    """

    name: str
    path: str
    owner: str
    span: Span


def _identity(path: str) -> str:
    return os.path.realpath(path)


def _project_file(base: str) -> tuple[str, str]:
    """The project file that a dependency's path means, and, if there is none, the reason."""
    if base.endswith(".fidproj"):
        return (base, "") if os.path.isfile(base) else ("", "there is no such file")
    try:
        projects = sorted(name for name in os.listdir(base) if name.endswith(".fidproj"))
    except OSError:
        return "", "there is no such folder"
    if len(projects) == 1:
        return os.path.normpath(os.path.join(base, projects[0])), ""
    number = "no project file" if not projects else f"{len(projects)} project files"
    return "", f"there are {number} in this folder" if projects else f"there is {number} in it"


def _path_of(document: Document, name: str, value: object) -> str | Diagnostic:
    from clef.diagnostics.project import DependencyByVersion, UnknownKey, WrongType
    from clef.diagnostics.spelling import closest

    key = document.key_span("dependencies", name)
    if isinstance(value, str):
        return DependencyByVersion(key, name)
    span = document.value_span("dependencies", name)
    if not isinstance(value, dict):
        expected = "a table with a path"
        return WrongType(span, name, expected, describe(value), f'{name} = {{ path = "…" }}')
    table = cast("dict[str, object]", value)
    for inner in table:
        if inner not in _KEYS:
            place = document.key_span("dependencies", name, inner)
            near = closest(inner, _KEYS)
            document.diagnostics.append(
                UnknownKey(place, inner, f"dependencies.{name}", near, _KEYS)
            )
    path = table.get("path")
    if path is None:
        return DependencyByVersion(key, name)
    if not isinstance(path, str):
        place = document.value_span("dependencies", name, "path")
        return WrongType(place, "path", "a text", describe(path))
    return path


def _package(
    document: Document, name: str, table: dict[str, object], root: str
) -> str | Diagnostic:
    """The project file of a package in the store, as the lock file of the root says."""
    from clef.packages.lock import lock_path, read_lock
    from clef.packages.problems import PackageError
    from clef.packages.store import is_stored, place_of

    span = document.key_span("dependencies", name)
    reason = "the lock file has no such package"
    try:
        locked = read_lock(lock_path(root)).get(name)
    except PackageError as error:
        locked, reason = None, str(error)
    if locked is None or locked.source != source_key(table):
        from clef.diagnostics.project import PackageNotLocked

        return PackageNotLocked(span, name, reason)
    if not is_stored(locked.hash):
        from clef.diagnostics.project import PackageNotFetched

        return PackageNotFetched(span, name)
    file, reason = _project_file(str(place_of(locked.hash)))
    if file:
        return file
    from clef.diagnostics.project import DependencyMissing

    return DependencyMissing(span, name, locked.source, reason)


def dependencies_of(
    document: Document, project: Project, above: tuple[Dependency, ...]
) -> tuple[list[Dependency], list[Diagnostic]]:
    """The dependencies to read, in the order of the file."""
    found: list[Dependency] = []
    diagnostics: list[Diagnostic] = []
    for name, value in document.table("dependencies").items():
        if name.lower() in BUILT_IN:
            continue
        inner = document.inner_table("dependencies", name)
        if source_key(inner):
            root = above[0].owner if above else project.path
            package = _package(document, name, inner, root)
            if isinstance(package, str):
                place = document.key_span("dependencies", name)
                found.append(Dependency(project.name, package, project.path, place))
            else:
                diagnostics.append(package)
            continue
        path = _path_of(document, name, value)
        if not isinstance(path, str):
            diagnostics.append(path)
            continue
        file, reason = _project_file(os.path.join(project.folder, path))
        span = document.value_span("dependencies", name, "path")
        if not file:
            from clef.diagnostics.project import DependencyMissing

            diagnostics.append(DependencyMissing(span, name, path, reason))
            continue
        dependency = Dependency(project.name, file, project.path, span)
        cycle = _cycle(dependency, above)
        if cycle is None:
            found.append(dependency)
        else:
            diagnostics.append(cycle)
    return found, diagnostics


def _cycle(dependency: Dependency, above: tuple[Dependency, ...]) -> DependencyCycle | None:
    """The circle that this dependency closes: it leads back to a project on the way here."""
    wanted = _identity(dependency.path)
    chain = (*above, dependency)
    for index, step in enumerate(chain):
        if _identity(step.owner) == wanted:
            from clef.diagnostics.project import DependencyCycle

            circle = chain[index:]
            names = tuple(one.name for one in circle)
            return DependencyCycle(dependency.span, names, tuple(one.span for one in circle[:-1]))
    return None
