"""From the dependencies of a project to a lock.

Comes in: a project file, the packages that are locked, and how to go about it. Goes out: a new
lock; the packages lie in the store. Promises: what is locked stays unless it is to be updated; the
order of the file decides, so that the same files give the same lock; two sources for one name are
an error that names who asks for which; a package reads nothing outside of itself.
"""

from __future__ import annotations

import os
import tomllib
from typing import Final, cast

from clef.data_classes import dataclass, field
from clef.packages.fetching import fetch_archive, fetch_git, is_address
from clef.packages.lock import Lock, Locked, source_key
from clef.packages.problems import PackageError
from clef.packages.store import install, place_of, verified

_DEEPEST: Final = 60


@dataclass(frozen=True, slots=True)
class Manner:
    """`is_locked`: the lock must fit as it is. `is_offline`: nothing is fetched over a network.
    `renewed`: the packages to look for anew, all of them with `renews_all`."""

    is_locked: bool = False
    is_offline: bool = False
    renewed: frozenset[str] = frozenset()
    renews_all: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a project file says about packages."""

    path: str
    name: str
    version: str
    dependencies: dict[str, object]
    sources: tuple[str, ...]

    @property
    def folder(self) -> str:
        """Where the project file lies."""
        return os.path.dirname(self.path)


def read_manifest(path: str) -> Manifest:
    """Read a project file; only what matters here is looked at."""
    try:
        with open(path, encoding="utf-8") as file:
            return parse_manifest(file.read(), path)
    except (OSError, UnicodeDecodeError) as error:
        raise PackageError(f"`{path}` cannot be read: {error}") from error


def parse_manifest(text: str, path: str) -> Manifest:
    """The same for its text."""
    try:
        document: dict[str, object] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PackageError(f"`{path}` cannot be read: {error}", "see `clef check`") from error
    package, build = _table(document, "package"), _table(document, "build")
    sources = build.get("sources", [])
    listed = cast("list[object]", sources) if isinstance(sources, list) else []
    return Manifest(
        path,
        str(package.get("name", "")),
        str(package.get("version", "0.1.0")),
        _table(document, "dependencies"),
        tuple(str(source) for source in listed),
    )


def _table(document: dict[str, object], key: str) -> dict[str, object]:
    value = document.get(key)
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def project_file_in(folder: str, what: str) -> str:
    """The only project file of a folder."""
    try:
        found = sorted(name for name in os.listdir(folder) if name.endswith(".fidproj"))
    except OSError as error:
        raise PackageError(f"{what} is no folder of a project") from error
    if len(found) != 1:
        number = "no project file" if not found else f"{len(found)} project files"
        raise PackageError(f"{what} has {number}")
    return os.path.join(folder, found[0])


@dataclass(slots=True)
class _Run:
    old: Lock
    manner: Manner
    chosen: Lock = field(default_factory=dict[str, Locked])
    asked_by: dict[str, str] = field(default_factory=dict[str, str])
    visited: set[str] = field(default_factory=set[str])


def resolve(root: Manifest, old: Lock, manner: Manner) -> Lock:
    """The packages that a project needs, directly or not; all of them are in the store then."""
    run = _Run(old, manner)
    _visit(run, root, "", 0)
    if manner.is_locked and run.chosen != old:
        raise PackageError("the lock file does not fit the project file", "run `clef update`")
    return run.chosen


def _visit(run: _Run, manifest: Manifest, root: str, depth: int) -> tuple[str, ...]:
    """The packages that a project asks for; `root` is the folder of the package around it, which
    it may not leave, or empty."""
    if depth > _DEEPEST:
        raise PackageError("the dependencies nest too deeply")
    names: list[str] = []
    for name, value in manifest.dependencies.items():
        if not isinstance(value, dict):
            continue  # a version, or a part of the standard library; loading reports it
        table = cast("dict[str, object]", value)
        source = source_key(table)
        if source:
            names.append(name)
            _take(run, name, source, table, manifest, root, depth)
        elif isinstance(table.get("path"), str):
            names.extend(_follow(run, str(table["path"]), manifest, root, depth))
    return tuple(dict.fromkeys(names))


def _follow(run: _Run, path: str, manifest: Manifest, root: str, depth: int) -> tuple[str, ...]:
    """The packages that the project at a path asks for."""
    target = os.path.normpath(os.path.join(manifest.folder, path))
    if root and not is_inside(target, root):
        raise PackageError(f"the package `{manifest.name}` asks for `{path}` outside of itself")
    file = target if target.endswith(".fidproj") else project_file_in(target, f"`{path}`")
    key = os.path.realpath(file)
    if key in run.visited:
        return ()
    run.visited.add(key)
    return _visit(run, read_manifest(file), root, depth + 1)


def is_inside(path: str, folder: str) -> bool:
    """Whether a path lies in a folder, links followed."""
    real, whole = os.path.realpath(path), os.path.realpath(folder)
    return real == whole or real.startswith(whole + os.sep)


def _take(
    run: _Run,
    name: str,
    source: str,
    table: dict[str, object],
    manifest: Manifest,
    root: str,
    depth: int,
) -> None:
    """One package, unless it has been taken."""
    if name in run.chosen:
        if run.chosen[name].source != source:
            raise PackageError(
                f"two sources for `{name}`: `{run.chosen[name].source}` for "
                f"`{run.asked_by[name]}`, `{source}` for `{manifest.name}`",
                "make both projects ask for the same",
            )
        return
    digest, commit = _fetched(run, name, source, table, manifest, root)
    folder = str(place_of(digest))
    package = read_manifest(project_file_in(folder, f"the package `{name}`"))
    _check_package(package, name, folder)
    run.asked_by[name] = manifest.name
    run.chosen[name] = Locked(name, package.version, source, commit, digest, ())
    below = _visit(run, package, folder, depth + 1)
    run.chosen[name] = Locked(name, package.version, source, commit, digest, below)


def _check_package(package: Manifest, name: str, folder: str) -> None:
    if package.name != name:
        hint = f"ask for it by the name `{package.name}`"
        raise PackageError(f"the package asked for as `{name}` calls itself `{package.name}`", hint)
    for source in package.sources:
        if os.path.isabs(source) or not is_inside(os.path.join(folder, source), folder):
            raise PackageError(f"the package `{name}` lists `{source}` outside of itself")


def _fetched(
    run: _Run,
    name: str,
    source: str,
    table: dict[str, object],
    manifest: Manifest,
    root: str,
) -> tuple[str, str]:
    """The hash and commit of a package that is in the store now."""
    locked = run.old.get(name)
    manner = run.manner
    keeps = locked is not None and locked.source == source
    if keeps and not manner.renews_all and name not in manner.renewed:
        assert locked is not None
        if verified(locked.hash):
            return locked.hash, locked.commit
        digest, _ = _fetch(name, table, manifest, root, manner, locked.commit)
        if digest != locked.hash:
            raise PackageError(
                f"the content of `{name}` is not what the lock file says",
                f"`clef update {name}` takes the new content, if you trust it",
            )
        return digest, locked.commit
    if manner.is_locked:
        raise PackageError(f"the lock file has no `{name}` from `{source}`", "run `clef update`")
    return _fetch(name, table, manifest, root, manner, "")


def _fetch(
    name: str,
    table: dict[str, object],
    manifest: Manifest,
    root: str,
    manner: Manner,
    commit: str,
) -> tuple[str, str]:
    archive = str(table.get("archive", ""))
    if manner.is_offline and (not archive or is_address(archive)):
        raise PackageError(f"`{name}` is not in the store, and nothing is fetched offline")
    if not archive:
        files, commit = fetch_git(str(table["git"]), commit or str(table.get("rev", "")))
        return install(files), commit
    if root and not is_address(archive):
        raise PackageError(f"the package `{manifest.name}` asks for an archive by its path")
    return install(fetch_archive(archive, manifest.folder)), ""
