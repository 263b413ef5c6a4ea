"""Archives: the same bytes every time; hostile ones are refused with a reason."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clef.packages import archive
from clef.packages.archive import content_hash, pack, unpack
from clef.packages.problems import PackageError
from clef.packages.store import install, place_of, verified


def hostile(*entries: tuple[tarfile.TarInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as out:
        for entry, content in entries:
            entry.size = len(content)
            out.addfile(entry, io.BytesIO(content))
    return gzip.compress(buffer.getvalue(), mtime=0)  # the same for all test workers


def plain(name: str, content: bytes = b"x") -> tuple[tarfile.TarInfo, bytes]:
    return tarfile.TarInfo(name), content


def special(name: str, kind: bytes, target: str = "") -> tuple[tarfile.TarInfo, bytes]:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry, b""


NAMES = st.from_regex(r"[a-z]{1,8}(/[a-z]{1,8}){0,2}\.clef", fullmatch=True)


@given(st.dictionaries(NAMES, st.binary(max_size=200), min_size=1))
def test_packing_and_unpacking(files: dict[str, bytes]) -> None:
    data = pack(files, "whole-1.0")
    assert pack(dict(reversed(files.items())), "whole-1.0") == data
    unpacked = unpack(data, "it")
    assert content_hash(unpacked) == content_hash(files)
    assert unpacked == files


def test_hashes_tell_names_from_contents() -> None:
    assert content_hash({"a": b"bc"}) != content_hash({"ab": b"c"})
    assert content_hash({"a": b"1", "b": b""}) != content_hash({"a": b"", "b": b"1"})


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (hostile(plain("../evil")), "leads out of the package"),
        (hostile(plain("a/../../evil")), "leads out of the package"),
        (hostile(plain("/etc/passwd")), "is absolute"),
        (hostile(plain("a\\..\\evil")), "characters"),
        (hostile(plain("C:evil")), "characters"),
        (hostile(plain("a/\x1b[31m")), "characters"),
        (hostile(plain("a/b. ")), "not a plain relative name"),
        (hostile(plain("a//b")), "not a plain relative name"),
        (hostile(plain("x" * 300)), "is too long"),
        (hostile(plain(".git/config"), plain("a")), "belongs to git"),
        (hostile(plain("p/a"), special("p/b", tarfile.SYMTYPE, "/etc/passwd")), "a link"),
        (hostile(plain("p/a"), special("p/b", tarfile.LNKTYPE, "p/a")), "a link"),
        (hostile(plain("p/a"), special("p/b", tarfile.CHRTYPE)), "a device"),
        (hostile(plain("p/a"), special("p/b", tarfile.FIFOTYPE)), "a device"),
        (hostile(plain("p/a"), plain("p/a")), "twice"),
        (hostile(plain("p/a"), plain("p/A")), "one file on some systems"),
        (hostile(plain("p/a"), plain("p/a/b")), "below a file"),
        (hostile(), "no files"),
        (b"PK\x03\x04 no tar", "not a `.tar.gz` archive"),
        (b"\x1f\x8b damaged", "damaged"),
        (hostile(plain("p/a"))[:40], "damaged"),
    ],
)
def test_hostile_archives_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(PackageError, match=reason):
        unpack(data, "the archive")


def test_a_bomb_is_refused_before_it_has_grown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 10_000_000)
    bomb = gzip.compress(b"\0" * 400_000_000)
    with pytest.raises(PackageError, match="unpacks to more than"):
        unpack(bomb, "the bomb")


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_FILES", 20)
    with pytest.raises(PackageError, match="more than 20 files"):
        unpack(hostile(*(plain(f"f{number}") for number in range(30))), "it")


def test_a_sparse_file_is_refused() -> None:
    """A header that promises much content for few bytes."""
    header = bytearray(tarfile.TarInfo("p/a").tobuf(tarfile.GNU_FORMAT))
    header[156:157] = tarfile.GNUTYPE_SPARSE
    header[386:398] = b"00000000000\0"
    header[398:410] = b"00000001000\0"
    header[483:495] = b"77777777777\0"
    header[124:136] = b"00000001000\0"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header[:512])
    data = gzip.compress(bytes(header[:512]) + b"x" * 512 + b"\0" * 1024)
    with pytest.raises(PackageError, match=r"no plain file|not a"):
        unpack(data, "it")


@given(st.binary(max_size=2000))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    for each in (data, b"\x1f\x8b\x08" + data, gzip.compress(data)):
        try:
            unpack(each, "it")
        except PackageError:
            continue


def test_the_store_keeps_by_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from clef.toolchain.cache import cache_folder

    monkeypatch.setenv("CLEF_CACHE", str(tmp_path))
    cache_folder.cache_clear()
    try:
        digest = install({"a/b.clef": b"let x = 1"})
        assert install({"a/b.clef": b"let x = 1"}) == digest
        assert verified(digest)
        (place_of(digest) / "a" / "b.clef").write_bytes(b"let x = 2")
        assert not verified(digest)
        assert not place_of(digest).exists()
        assert not verified(digest)
    finally:
        cache_folder.cache_clear()
