"""What the commands about packages do.

Comes in: a project file and what was asked for. Goes out: a changed project file and lock file, a
tree, an archive. Promises: both files are written when everything could be resolved, and not at all
otherwise; comments and order of the project file stay.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clef.command_line.exit_codes import PROGRAM_ERRORS, USAGE, Exit
from clef.command_line.output import fail
from clef.command_line.writing import write_file

if TYPE_CHECKING:
    from clef.packages.lock import Lock
    from clef.packages.resolving import Manifest, Manner

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")


def refusing(error: Exception) -> Exit:
    """Say what went wrong with packages, and end the command."""
    from clef.packages.problems import PackageError

    if isinstance(error, PackageError):
        fail(error.title, error.hint)
        return Exit(PROGRAM_ERRORS)
    raise error


def project_file(path: str) -> str:
    """The project file that is meant."""
    from clef.packages.problems import PackageError
    from clef.packages.resolving import project_file_in

    if path.endswith(".fidproj"):
        return path
    try:
        return os.path.normpath(project_file_in(path, f"`{path}`"))
    except PackageError as error:
        fail(error.title, "name the project file with `--project`")
        raise Exit(USAGE) from error


def change_dependency(project: str, name: str, value: dict[str, str] | None) -> None:
    """Set or remove (None) a dependency, resolve, and write both files."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    from clef.packages.problems import PackageError
    from clef.packages.resolving import Manner, parse_manifest

    text = _read(project)
    try:
        document: Any = tomlkit.parse(text)
    except TOMLKitError as error:
        raise PackageError(f"`{project}` cannot be read: {error}", "see `clef check`") from error
    table = document.get("dependencies")
    if value is None:
        if table is None or name not in table:
            raise PackageError(f"`{project}` has no dependency `{name}`")
        del table[name]
    else:
        if table is None:
            table = document["dependencies"] = tomlkit.table()
        entry: Any = tomlkit.inline_table()
        entry.update(value)
        table[name] = entry
    new = tomlkit.dumps(document)
    manner = Manner(renewed=frozenset([name]))
    _resolve_and_write(project, parse_manifest(new, project), manner, new)


def update(project: str, manner: Manner) -> None:
    """Resolve anew and write the lock file."""
    from clef.packages.resolving import read_manifest

    _resolve_and_write(project, read_manifest(project), manner, None)


def _resolve_and_write(
    project: str, manifest: Manifest, manner: Manner, new_text: str | None
) -> None:
    from clef.packages.lock import lock_path, read_lock, write_lock
    from clef.packages.resolving import resolve

    path = lock_path(project)
    old = read_lock(path)
    new = resolve(manifest, old, manner)
    if new_text is not None:
        write_file(Path(project), new_text.encode("utf-8"))
    if new and not manner.is_locked:
        write_file(Path(path), write_lock(new).encode("utf-8"))
    elif not new and os.path.exists(path):
        os.remove(path)
    for line in _changes(old, new):
        click.echo(line)


def _changes(old: Lock, new: Lock) -> Iterator[str]:
    for name in sorted({*old, *new}):
        if name not in new:
            yield f"    removed {name} {old[name].version}"
        elif name not in old:
            yield f"      added {name} {new[name].version}"
        elif old[name] != new[name]:
            yield f"    changed {name} {old[name].version} to {new[name].version}"


def _read(path: str) -> str:
    from clef.packages.problems import PackageError

    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise PackageError(f"`{path}` cannot be read: {error}") from error


def check_name(name: str) -> None:
    """Refuse what cannot be the name of a package."""
    if not _NAME.fullmatch(name):
        raise click.UsageError(f"`{name}` is not a name for a package")


# ------------------------------------------------------------ tree


def tree_lines(project: str) -> Iterator[str]:
    """The dependencies of a project as a tree."""
    from clef.packages.lock import lock_path, read_lock
    from clef.packages.resolving import read_manifest

    root = read_manifest(project)
    yield f"{root.name} {root.version}"
    yield from _branches(root, read_lock(lock_path(project)), "", (os.path.realpath(project),))


def _branches(manifest: Manifest, lock: Lock, indent: str, above: tuple[str, ...]) -> Iterator[str]:
    from clef.packages.resolving import read_manifest

    tables = [(name, each) for name, each in manifest.dependencies.items()]
    for number, (name, value) in enumerate(tables):
        is_last = number == len(tables) - 1
        label, file = _branch(name, value, manifest, lock)
        yield f"{indent}{'└── ' if is_last else '├── '}{label}"
        if file and os.path.exists(file):
            real = os.path.realpath(file)
            if real not in above:
                deeper = indent + ("    " if is_last else "│   ")
                yield from _branches(read_manifest(file), lock, deeper, (*above, real))


def _branch(name: str, value: object, manifest: Manifest, lock: Lock) -> tuple[str, str]:
    """What to show of a dependency, and its project file if that is at hand."""
    from clef.packages.lock import source_key
    from clef.packages.problems import PackageError
    from clef.packages.resolving import project_file_in
    from clef.packages.store import place_of

    if not isinstance(value, dict):
        return f"{name} (built in)", ""
    table: dict[str, object] = {str(key): each for key, each in value.items()}  # pyright: ignore
    source = source_key(table)
    label, folder = name, ""
    if source:
        locked = lock.get(name)
        if locked is None or locked.source != source:
            return f"{name} ({source}; not locked)", ""
        commit = f" at {locked.commit[:10]}" if locked.commit else ""
        label, folder = f"{name} {locked.version} ({source}{commit})", str(place_of(locked.hash))
    else:
        path = str(table.get("path", ""))
        label, folder = f"{name} (path {path})", os.path.join(manifest.folder, path)
    if folder.endswith(".fidproj"):
        return label, folder
    try:
        return label, project_file_in(folder, name)
    except PackageError:
        return f"{label} (not at hand)", ""


# ------------------------------------------------------------ package


def package(project: str, output: str | None) -> str:
    """Write the archive of a project; gives its path."""
    from clef.diagnostics.report import counted
    from clef.packages.archive import content_hash, pack, unpack
    from clef.packages.resolving import read_manifest

    root = read_manifest(project)
    check_name(root.name)
    files: dict[str, bytes] = {}
    _collect(root, os.path.dirname(project) or ".", files)
    label = f"{root.name}-{root.version}"
    path = output or f"{label}.tar.gz"
    data = pack(files, label)
    assert content_hash(unpack(data, label)) == content_hash(files)
    write_file(Path(path), data)
    click.echo(f"   packaged {path}: {counted(len(files), 'file')}, {len(data):,} bytes")
    click.echo(f"       hash {content_hash(files)}")
    return path


def _collect(manifest: Manifest, top: str, files: dict[str, bytes]) -> None:
    """The files of a project and of those that it names by paths inside of its folder."""
    from clef.packages.archive import checked_name
    from clef.packages.problems import PackageError
    from clef.packages.resolving import is_inside, project_file_in, read_manifest

    folder = manifest.folder or "."
    names = [manifest.path, *(os.path.join(folder, source) for source in manifest.sources)]
    if folder == top:
        known = ("readme", "license", "licence", "changelog")
        names += [
            os.path.join(top, name)
            for name in sorted(os.listdir(top))
            if name.lower().startswith(known) and os.path.isfile(os.path.join(top, name))
        ]
    for path in names:
        if not is_inside(path, top):
            raise PackageError(f"`{path}` lies outside of the project's folder")
        name = checked_name(os.path.relpath(path, top).replace(os.sep, "/"), "the package")
        try:
            files[name] = Path(path).read_bytes()
        except OSError as error:
            raise PackageError(f"`{path}` cannot be read: {error.strerror}") from error
    for value in manifest.dependencies.values():
        if not isinstance(value, dict) or not isinstance(value.get("path"), str):  # pyright: ignore
            continue
        target = os.path.normpath(os.path.join(folder, str(value["path"])))  # pyright: ignore
        if not is_inside(target, top):
            hint = "package it by itself, and ask for its archive or repository"
            raise PackageError(f"the dependency at `{target}` lies outside of the project", hint)
        file = target if target.endswith(".fidproj") else project_file_in(target, f"`{target}`")
        if os.path.relpath(file, top).replace(os.sep, "/") not in files:
            _collect(read_manifest(file), top, files)
