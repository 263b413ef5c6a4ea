"""Getting packages from where they are: git repositories and archives.

Comes in: what a dependency asks for. Goes out: its files. Promises: no program but git is started,
without hooks and without transports that run commands; what comes in is no larger than the limits;
nothing is asked of the user.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from clef.packages.archive import MOST_PACKED_BYTES, unpack
from clef.packages.problems import PackageError
from clef.toolchain.cache import scratch_folder
from clef.toolchain.process import Outcome, run

_TIME_LIMIT: Final = 300.0
_SAFE_GIT: Final = (
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "protocol.ext.allow=never",
)
_GIT_ENVIRONMENT: Final = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "https:ssh:git:http:file",
    "GIT_LFS_SKIP_SMUDGE": "1",
}
_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_LOOPBACK: Final = frozenset(("localhost", "127.0.0.1", "::1"))


def _git(words: list[str], what: str, folder: Path | None = None) -> Outcome:
    outcome = run(
        ["git", *_SAFE_GIT, *words],
        time_limit=_TIME_LIMIT,
        environment=_GIT_ENVIRONMENT,
        folder=folder,
    )
    if outcome.exit_code is None and not outcome.timed_out:
        raise PackageError("`git` was not found", "install it, or use an archive")
    if not outcome.succeeded:
        lines = outcome.error_text().strip().splitlines()
        reason = "it took too long" if outcome.timed_out else (lines[-1] if lines else "no reason")
        raise PackageError(f"{what} cannot be fetched: {reason}")
    return outcome


def fetch_git(url: str, revision: str) -> tuple[dict[str, bytes], str]:
    """The files of a revision (a branch, tag or commit; the default branch if empty), and its
    commit."""
    what = f"`{url}`"
    if url.startswith("-") or "::" in url or revision.startswith("-"):
        raise PackageError(f"{what} is not the address of a git repository")
    with scratch_folder() as scratch:
        repository = scratch / "repository"
        _git(["clone", "--quiet", "--bare", "--", url, str(repository)], what)
        wanted = revision or "HEAD"
        words = ["rev-parse", "--verify", "--quiet", "--end-of-options", wanted + "^{commit}"]
        try:
            found = _git(words, what, repository)
        except PackageError as error:
            raise PackageError(f"{what} has no revision `{wanted}`") from error
        commit = found.output.decode("ascii", "replace").strip()
        if not _COMMIT.fullmatch(commit):
            raise PackageError(f"{what} has no revision `{wanted}`")
        archive = _git(["archive", "--format=tar", commit], what, repository)
    return unpack(archive.output, f"{what} at {commit[:10]}"), commit


def is_address(archive: str) -> bool:
    """Whether an archive is named by a URL and not by a path."""
    return "://" in archive


def fetch_archive(archive: str, folder: str) -> dict[str, bytes]:
    """The files of an archive at a URL or at a path relative to a folder."""
    what = f"`{archive}`"
    if is_address(archive):
        return unpack(_download(archive, what), what)
    path = os.path.join(folder, archive)
    try:
        if os.path.getsize(path) > MOST_PACKED_BYTES:
            raise PackageError(f"{what} is refused: it has more than {MOST_PACKED_BYTES >> 20} MB")
        with open(path, "rb") as file:
            return unpack(file.read(), what)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PackageError(f"{what} cannot be read: {reason.lower()}") from error


def _download(url: str, what: str) -> bytes:
    """The bytes at an address; what is not encrypted is only taken from this machine."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise PackageError(f"{what} is refused: only `https` addresses are fetched")
    import urllib.error
    import urllib.request

    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            final: str = answer.geturl()
            if urlsplit(final).scheme != parts.scheme:
                raise PackageError(f"{what} is refused: it leads to `{final}`")
            data: bytes = answer.read(MOST_PACKED_BYTES + 1)
    except (urllib.error.URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise PackageError(f"{what} cannot be fetched: {reason}") from error
    if len(data) > MOST_PACKED_BYTES:
        raise PackageError(f"{what} is refused: it has more than {MOST_PACKED_BYTES >> 20} MB")
    return data
