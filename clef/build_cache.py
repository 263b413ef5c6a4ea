"""Executables that were built before, so that running an unchanged program starts at once.

Comes in: the compiler's own identity, the sources, the options. Goes out: a key, and under it the
executable with the warnings of its build. Promises: a key changes when anything that can change the
output changes; an entry is used only if its bytes still have the hash that was recorded; entries
appear whole or not at all; the least recently used ones go when the cache outgrows its bound
(`CLEF_CACHE_LIMIT`, in megabytes). The whole folder can be deleted at any time.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import cast

import clef
from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic
from clef.pipeline import Options
from clef.project.project import Project
from clef.source import SourceFile
from clef.toolchain.cache import cache_folder, content_hash, write_atomically

LIMIT = 512 * 1024 * 1024

_OWN_FILES = (".py", ".so", ".pyd", ".clef", ".toml", ".c", ".s", ".zig", ".ld", ".bc")


@dataclass(frozen=True, slots=True)
class Entry:
    """A cached build: the path of the executable and the warnings that came with it."""

    executable: Path
    diagnostics: list[Diagnostic]


def _own_files(folder: str) -> Iterable[tuple[str, int, int]]:
    """Path, size and time of every file that the compiler consists of."""
    with os.scandir(folder) as items:
        for item in sorted(items, key=lambda entry: entry.name):
            if item.is_dir(follow_symlinks=False):
                if item.name != "__pycache__":
                    yield from _own_files(item.path)
            elif item.name.endswith(_OWN_FILES):
                status = item.stat()
                yield item.path, status.st_size, status.st_mtime_ns


def compiler_identity() -> str:
    """A name for this very compiler: its version and the state of its own files.

    Sizes and times stand for contents: they change with every edit and cost two milliseconds
    instead of forty.
    """
    folder = os.path.dirname(clef.__file__)
    listed = "\n".join(f"{path} {size} {time}" for path, size, time in _own_files(folder))
    return content_hash(clef.__version__, listed)


def build_key(project: Project, options: Options, sources: Sequence[SourceFile]) -> str:
    """The key of a build. Paths count: they stand in messages and debug information."""
    settings = repr((astuple(project), astuple(options), os.getcwd()))
    parts = [part for source in sources for part in (source.path, source.text)]
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    return content_hash(compiler_identity(), settings, *encoded)


def _folder() -> Path:
    return cache_folder() / "builds"


def find(key: str) -> Entry | None:
    """The build with this key, if it is there and intact."""
    record = _folder() / f"{key}.json"
    executable = _folder() / f"{key}.program"
    messages = _folder() / f"{key}.messages"
    try:
        expected = json.loads(record.read_bytes())
        program, pickled = executable.read_bytes(), messages.read_bytes()
        if expected != _record(program, pickled) or not os.access(executable, os.X_OK):
            return None
        os.utime(record)
    except (OSError, ValueError):
        return None
    diagnostics = _unpickled(pickled)
    return None if diagnostics is None else Entry(executable, diagnostics)


def _unpickled(content: bytes) -> list[Diagnostic] | None:
    if not content:
        return []
    import pickle

    try:
        return cast("list[Diagnostic]", pickle.loads(content))
    except (ValueError, pickle.UnpicklingError, AttributeError, ImportError, EOFError):
        return None


def _pickled(diagnostics: Sequence[Diagnostic]) -> bytes:
    if not diagnostics:
        return b""
    import pickle

    return pickle.dumps(list(diagnostics))


def _record(program: bytes, messages: bytes) -> dict[str, str | int]:
    return {
        "program": content_hash(program),
        "messages": content_hash(messages),
        "size": len(program) + len(messages),
    }


def store(key: str, program: bytes, diagnostics: Sequence[Diagnostic]) -> Entry | None:
    """Keep a build; `None` if the disk does not let us."""
    folder = _folder()
    pickled = _pickled(diagnostics)
    record = json.dumps(_record(program, pickled)).encode()
    executable = folder / f"{key}.program"
    try:
        write_atomically(executable, program, executable=True)
        write_atomically(folder / f"{key}.messages", pickled)
        # The record comes last: without it nobody looks at the other two.
        write_atomically(folder / f"{key}.json", record)
        _evict(folder, key)
    except OSError:
        return None
    return Entry(executable, list(diagnostics))


def _limit() -> int:
    chosen = os.environ.get("CLEF_CACHE_LIMIT", "")
    return int(chosen) * 1024 * 1024 if chosen.isdecimal() else LIMIT


def _evict(folder: Path, newest: str) -> None:
    """Drop the least recently used builds until the rest fits.

    Looking at thousands of files takes longer than a small build: one key in sixteen, which is
    as good as chance, does so, and the bound is held by and by.
    """
    if newest[0] != "0":
        return
    sizes: dict[str, int] = {}
    used: dict[str, float] = {}
    with os.scandir(folder) as items:
        for item in items:
            key, _, kind = item.name.partition(".")
            with contextlib.suppress(OSError):
                status = item.stat()
                sizes[key] = sizes.get(key, 0) + status.st_size
                if kind == "json":
                    used[key] = status.st_mtime
    total = sum(sizes.values())
    for key in sorted(used, key=lambda key: used[key]):
        if total <= _limit():
            return
        if key != newest:
            remove(key)
            total -= sizes[key]


def remove(key: str) -> None:
    """Forget a build; the record goes first, so that nobody finds half of it."""
    for suffix in ("json", "messages", "program"):
        with contextlib.suppress(OSError):
            os.unlink(_folder() / f"{key}.{suffix}")
