"""Reading sources: whatever is wrong with a file is said in one message."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from clef.project import files
from clef.project.files import decode, read_source
from clef.source import Span


def codes(path: Path | str, span: Span | None = None) -> list[str]:
    source, found = read_source(str(path), span)
    assert (source is None) == any(finding.code[0] == "E" for finding in found)
    return [finding.code for finding in found]


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_plain_text(tmp_path: Path) -> None:
    source, found = read_source(str(write(tmp_path / "a.clef", "let é = 1\r\n".encode())))
    assert source is not None and source.text == "let é = 1\r\n" and not found


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks(tmp_path: Path, encoding: str) -> None:
    source, found = read_source(str(write(tmp_path / "a.fs", "let é = 1".encode(encoding))))
    assert source is not None and source.text == "let é = 1" and not found


def test_big_endian() -> None:
    assert decode(b"\xfe\xff\x00a", "a.clef") == "a"


def test_missing_with_a_near_name(tmp_path: Path) -> None:
    write(tmp_path / "hello.clef", b"")
    _, (found,) = read_source(str(tmp_path / "helo.clef"))
    assert found.code == "E0801" and "hello.clef" in str(found.hint())
    named = Span("x.fidproj", 3, 9)
    _, (listed,) = read_source(str(tmp_path / "helo.clef"), named)
    assert listed.code == "E0810" and listed.span == named


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.clef").mkdir()
    assert codes(tmp_path / "a.clef") == ["E0802"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    write(tmp_path / "a.clef", b"1").chmod(0)
    assert codes(tmp_path / "a.clef") == ["E0802"]


def test_odd_paths(tmp_path: Path) -> None:
    assert codes("a\0.clef") == ["E0802"]
    assert codes(tmp_path / ("x" * 300 + ".clef")) == ["E0802"]
    assert codes(tmp_path / "no" / "such" / "a.clef") == ["E0801"]


def test_not_utf_8(tmp_path: Path) -> None:
    _, (found,) = read_source(str(write(tmp_path / "a.clef", b'let x = 1\nlet y = "\xe9"')))
    assert found.code == "E0803"
    assert found.notes() == ["the first wrong byte is 0xE9 at byte 19, on line 2"]


def test_cut_off_utf_16(tmp_path: Path) -> None:
    assert codes(write(tmp_path / "a.clef", b"\xff\xfea\x00b")) == ["E0803"]


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LIMIT", 10)
    assert codes(write(tmp_path / "a.clef", b"x" * 11)) == ["E0804"]
    assert codes(write(tmp_path / "b.clef", b"x" * 10)) == []


def test_empty_is_a_warning(tmp_path: Path) -> None:
    assert codes(write(tmp_path / "a.clef", b"")) == ["W0805"]
    assert codes(write(tmp_path / "a.clef", b" \n\n")) == ["W0805"]
    assert codes(write(tmp_path / "a.clef", b"\xef\xbb\xbf")) == ["W0805"]


def test_other_names(tmp_path: Path) -> None:
    for name in ("a.txt", "a.fsproj", "a"):
        assert codes(write(tmp_path / name, b"1")) == ["E0812"]
