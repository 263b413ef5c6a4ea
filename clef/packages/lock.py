"""The lock file: which packages a project was built with.

Comes in: the text of a lock file, or packages. Goes out: packages by name, or text. Promises: the
same packages give the same text; a file that is not of this form is refused and never half
believed.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from typing import Final, cast

from clef.data_classes import dataclass
from clef.packages.problems import PackageError

VERSION: Final = 1
_HASH: Final = re.compile(r"sha256:[0-9a-f]{64}")
_FIELDS: Final = ("name", "version", "source", "commit", "hash")


@dataclass(frozen=True, slots=True)
class Locked:
    """One package: `source` as the project file asks for it, `commit` of git, else empty."""

    name: str
    version: str
    source: str
    commit: str
    hash: str
    dependencies: tuple[str, ...]


Lock = dict[str, Locked]


def lock_path(project_file: str) -> str:
    """The lock file of a project."""
    return project_file + ".lock"


def source_key(table: Mapping[str, object]) -> str:
    """What a dependency asks for, as one text; empty for a path."""
    if isinstance(table.get("git"), str):
        return f"git+{table['git']}" + (f"?rev={table['rev']}" if table.get("rev") else "")
    if isinstance(table.get("archive"), str):
        return f"archive+{table['archive']}"
    return ""


def write_lock(lock: Lock) -> str:
    """The text of a lock file."""
    lines = ["# Written by `clef add` and `clef update`; belongs under version control."]
    lines.append(f"version = {VERSION}")
    for name in sorted(lock):
        package = lock[name]
        lines += ["", "[[package]]"]
        for field in _FIELDS:
            value = str(getattr(package, field))
            if value:
                lines.append(f"{field} = {_quoted(value)}")
        names = ", ".join(_quoted(each) for each in sorted(package.dependencies))
        lines.append(f"dependencies = [{names}]")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in escaped) + '"'


def parse_lock(text: str, path: str) -> Lock:
    """The packages of a lock file."""
    try:
        document: dict[str, object] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _refused(path, str(error)) from error
    if document.get("version") != VERSION:
        raise _refused(path, f"its version is not {VERSION}")
    packages = document.get("package", [])
    if not isinstance(packages, list):
        raise _refused(path, "`package` is no list of tables")
    lock: Lock = {}
    for value in cast("list[object]", packages):
        package = _package(value, path)
        if package.name in lock:
            raise _refused(path, f"`{package.name}` is in it twice")
        lock[package.name] = package
    return lock


def _package(value: object, path: str) -> Locked:
    if not isinstance(value, dict):
        raise _refused(path, "a package is no table")
    table = cast("dict[str, object]", value)
    texts = [table.get(field, "") for field in _FIELDS]
    names = table.get("dependencies", [])
    if (
        not all(isinstance(text, str) for text in texts)
        or not isinstance(names, list)
        or not all(isinstance(name, str) for name in cast("list[object]", names))
    ):
        raise _refused(path, "a value has the wrong type")
    name, version, source, commit, digest = cast("list[str]", texts)
    if not name or not source or not _HASH.fullmatch(digest):
        raise _refused(path, f"the package `{name}` lacks its source or hash")
    return Locked(name, version, source, commit, digest, tuple(cast("list[str]", names)))


def _refused(path: str, reason: str) -> PackageError:
    hint = "run `clef update` after deleting it"
    return PackageError(f"the lock file `{path}` cannot be read: {reason}", hint)


def read_lock(path: str) -> Lock:
    """The packages of a lock file; none if there is no such file."""
    if not os.path.exists(path):
        return {}
    try:
        with open(path, encoding="utf-8") as file:
            return parse_lock(file.read(), path)
    except (OSError, UnicodeDecodeError) as error:
        raise _refused(path, str(error)) from error
