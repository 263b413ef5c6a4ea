"""Archives of packages: written the same every time, read with suspicion.

Comes in: files by relative path, or the bytes of an archive. Goes out: the bytes of a `.tar.gz`, or
files. Promises: the same files give the same bytes; nothing is read that is not a plain file with a
plain relative name, and never more than the limits; no name can lead out of the folder that it is
unpacked to, on any system.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import zlib
from collections.abc import Mapping
from typing import Final

from clef.packages.problems import PackageError

MOST_BYTES: Final = 256 * 1024 * 1024
MOST_PACKED_BYTES: Final = 64 * 1024 * 1024
MOST_FILES: Final = 20_000
_LONGEST_NAME: Final = 240
_CHUNK: Final = 1024 * 1024
_FORBIDDEN: Final = frozenset('\\:*?"<>|')


def pack(files: Mapping[str, bytes], prefix: str) -> bytes:
    """A `.tar.gz` with the files in a folder called `prefix`; no times, no owners."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in sorted(files):
            entry = tarfile.TarInfo(f"{prefix}/{name}")
            entry.size = len(files[name])
            entry.mode = 0o644
            archive.addfile(entry, io.BytesIO(files[name]))
    return gzip.compress(buffer.getvalue(), 9, mtime=0)


def content_hash(files: Mapping[str, bytes]) -> str:
    """`sha256:…` of names and contents in order."""
    digest = hashlib.sha256()
    for name in sorted(files):
        head = name.encode("utf-8")
        digest.update(b"%d:%s:%d:" % (len(head), head, len(files[name])))
        digest.update(files[name])
    return "sha256:" + digest.hexdigest()


def _inflated(data: bytes, what: str) -> bytes:
    """What gzip hides, up to the limit."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    inflater = zlib.decompressobj(31)
    result = bytearray()
    rest = data
    try:
        while rest and not inflater.eof:
            result += inflater.decompress(rest, _CHUNK)
            rest = inflater.unconsumed_tail
            if len(result) > MOST_BYTES:
                limit = MOST_BYTES // 1024 // 1024
                raise PackageError(f"{what} is refused: it unpacks to more than {limit} MB")
    except zlib.error as error:
        raise PackageError(f"{what} is damaged: {error}") from error
    if not inflater.eof:
        raise PackageError(f"{what} is damaged: it ends too early")
    return bytes(result)


def checked_name(name: str, what: str) -> str:
    """A relative name with `/` that means the same file everywhere, or an error."""
    reason = ""
    parts = name.removeprefix("./").split("/")
    if name.startswith("/"):
        reason = "is absolute"
    elif ".." in parts:
        reason = "leads out of the package"
    elif any(part in ("", ".") or part.endswith((".", " ")) for part in parts):
        reason = "is not a plain relative name"
    elif any(character in _FORBIDDEN or ord(character) < 32 for character in name):
        reason = "has characters that file names cannot have everywhere"
    elif len(name) > _LONGEST_NAME:
        reason = "is too long"
    elif parts[0] == ".git":
        reason = "belongs to git"
    if reason:
        raise PackageError(f"{what} is refused: the name `{name[:80]}` in it {reason}")
    return "/".join(parts)


def _kind(entry: tarfile.TarInfo) -> str:
    if entry.issym() or entry.islnk():
        return "a link"
    if entry.isdev():
        return "a device"
    return "no plain file"


def unpack(data: bytes, what: str) -> dict[str, bytes]:
    """The files of an archive; one folder around all of them is taken away."""
    if len(data) > MOST_PACKED_BYTES:
        raise PackageError(f"{what} is refused: it has more than {MOST_PACKED_BYTES >> 20} MB")
    files: dict[str, bytes] = {}
    total = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(_inflated(data, what)), mode="r:") as archive:
            for count, entry in enumerate(archive):
                if count > MOST_FILES:
                    raise PackageError(f"{what} is refused: it has more than {MOST_FILES} files")
                if entry.isdir():
                    continue
                if not entry.isreg() or entry.issparse():
                    name = entry.name[:80]
                    raise PackageError(f"{what} is refused: `{name}` in it is {_kind(entry)}")
                name = checked_name(entry.name, what)
                total += entry.size
                if total > MOST_BYTES:
                    raise PackageError(f"{what} is refused: it unpacks to too much")
                source = archive.extractfile(entry)
                content = source.read() if source is not None else b""
                if len(content) != entry.size:
                    raise PackageError(f"{what} is damaged: it ends too early")
                if name in files:
                    raise PackageError(f"{what} is refused: `{name}` is in it twice")
                files[name] = content
    except (tarfile.TarError, EOFError, ValueError, OSError, OverflowError) as error:
        raise PackageError(f"{what} is not a `.tar.gz` archive: {error}") from error
    if not files:
        raise PackageError(f"{what} has no files")
    files = _without_folder(files)
    _check_together(files, what)
    return files


def _without_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    folders = {name.split("/", 1)[0] for name in files if "/" in name}
    if len(folders) != 1 or any("/" not in name for name in files):
        return files
    return {name.split("/", 1)[1]: content for name, content in files.items()}


def _check_together(files: Mapping[str, bytes], what: str) -> None:
    """No name may mean the file of another on a system that folds letters, nor be its folder."""
    seen: dict[str, str] = {}
    for name in files:
        folded = name.casefold()
        if folded in seen:
            both = f"`{seen[folded]}` and `{name}`"
            raise PackageError(f"{what} is refused: {both} would be one file on some systems")
        seen[folded] = name
    for name in files:
        parts = name.casefold().split("/")
        for length in range(1, len(parts)):
            if "/".join(parts[:length]) in seen:
                raise PackageError(f"{what} is refused: `{name}` lies below a file")
