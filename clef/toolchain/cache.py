"""Folders for things that are dear to make, and writing into them safely.

Comes in: names, content hashes, bytes. Goes out: paths. Promises: a file appears whole or not at
all, also when two compilers write it at the same moment; what lies in the cache can be deleted at
any time. `CLEF_CACHE` moves the cache.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

_serial = 0


@cache
def cache_folder() -> Path:
    """The user's cache folder for Clef, made if need be."""
    chosen = os.environ.get("CLEF_CACHE")
    if chosen:
        folder = Path(chosen)
    else:
        from platformdirs import user_cache_path

        folder = user_cache_path("clef", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def content_hash(*parts: str | bytes) -> str:
    """A name for these contents: 32 hexadecimal digits; the split into parts counts."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()


def _unique_name() -> str:
    global _serial
    _serial += 1
    return f"{os.getpid()}-{_serial}"


def write_atomically(path: Path, data: bytes, *, executable: bool = False) -> None:
    """Write a file so that nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{_unique_name()}")
    partial.write_bytes(data)
    if executable:
        partial.chmod(0o755)
    os.replace(partial, path)


def cached_path(name: str, key: str) -> Path:
    """Where `cached_file` keeps the file for `key`."""
    return cache_folder() / "objects" / f"{key}-{name}"


def cached_file(name: str, key: str, make: Callable[[], bytes]) -> Path:
    """The cached file for `key`, made by `make` when it is not there.

    `name` tells a human what it is.
    """
    path = cached_path(name, key)
    if not path.exists():
        write_atomically(path, make())
    return path


@contextmanager
def scratch_folder() -> Generator[Path]:
    """A folder of our own that is gone afterwards."""
    folder = cache_folder() / "scratch" / _unique_name()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
