"""The store of packages: a folder for each content, called by its hash.

Comes in: files. Goes out: folders. Promises: a folder appears whole or not at all; what lies in it
is what its name says when `verified` says so; it can be deleted at any time and fetched again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from clef.packages.archive import content_hash
from clef.packages.problems import PackageError
from clef.toolchain.cache import cache_folder, scratch_folder


def place_of(digest: str) -> Path:
    """Where the files with a hash lie, if they do."""
    return cache_folder() / "packages" / digest.removeprefix("sha256:")


def is_stored(digest: str) -> bool:
    """Whether the files are there."""
    return place_of(digest).is_dir()


def files_below(folder: Path) -> dict[str, bytes]:
    """All files of a folder by their relative names."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            raise PackageError(f"`{path}` is a link; packages have none")
        if path.is_file():
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def install(files: Mapping[str, bytes]) -> str:
    """Keep files; gives their hash."""
    digest = content_hash(files)
    place = place_of(digest)
    if place.is_dir():
        return digest
    place.parent.mkdir(parents=True, exist_ok=True)
    with scratch_folder() as scratch:
        whole = scratch / "package"
        for name, content in files.items():
            path = whole / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        try:
            os.rename(whole, place)
        except OSError:
            if not place.is_dir():  # not because another process was quicker
                raise
    return digest


def verified(digest: str) -> bool:
    """Whether the files are there and are what they were; a folder that is not is removed."""
    place = place_of(digest)
    if not place.is_dir():
        return False
    if content_hash(files_below(place)) == digest:
        return True
    shutil.rmtree(place, ignore_errors=True)
    return False
