"""`clef format` on files, folders and standard input."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from clef.command_line.main import run

CAPTURE = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_a_folder_is_formatted() -> None:
    one, two = write("src/a.clef", "let x=1\n"), write("src/deep/b.fsx", "let y=2\n")
    other = write("src/c.txt", "let z=3\n")
    assert run(["format"]) == 0
    assert one.read_text() == "let x = 1\n"
    assert two.read_text() == "let y = 2\n"
    assert other.read_text() == "let z=3\n"


def test_check_lists_and_writes_nothing(capsys: CAPTURE) -> None:
    path = write("a.clef", "let x=1\n")
    write("b.clef", "let x = 1\n")
    assert run(["format", "--check", "."]) == 1
    assert capsys.readouterr().out.split() == ["./a.clef"]
    assert path.read_text() == "let x=1\n"
    assert run(["format", "a.clef"]) == 0
    assert run(["format", "--check"]) == 0


def test_a_file_with_mistakes_is_left_alone(capsys: CAPTURE) -> None:
    broken = write("a.clef", "let x = (\nlet  y=1\n")
    good = write("b.clef", "let  y=1\n")
    assert run(["format"]) == 1
    assert "E0" in capsys.readouterr().err
    assert broken.read_text() == "let x = (\nlet  y=1\n"
    assert good.read_text() == "let y = 1\n"


def test_settings_of_editorconfig(capsys: CAPTURE) -> None:
    write(".editorconfig", "root = true\n[*.clef]\nindent_size = 2\nfsharp_nonsense = 1\n")
    write("lib/.editorconfig", "[*.clef]\nindent_size = 8\n")
    text = "module A =\n    let x = 1\n"
    near, far = write("lib/a.clef", text), write("a.clef", text)
    assert run(["format"]) == 0
    assert far.read_text() == "module A =\n  let x = 1\n"
    assert near.read_text() == "module A =\n        let x = 1\n"
    assert "fsharp_nonsense" in capsys.readouterr().err


def test_ignored_files_are_left_alone_unless_named() -> None:
    write(".fantomasignore", "# generated\ngenerated/\n!generated/kept.clef\n*.g.clef\n")
    ignored, named = write("generated/a.clef", "let x=1\n"), write("src/b.g.clef", "let x=1\n")
    assert run(["format"]) == 0
    assert ignored.read_text() == named.read_text() == "let x=1\n"
    assert run(["format", "src/b.g.clef"]) == 0
    assert named.read_text() == "let x = 1\n"


def test_standard_input(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    class Input:
        buffer = io.BytesIO("let größe=1\r\n".encode())

    monkeypatch.setattr(sys, "stdin", Input)
    assert run(["format", "--stdin"]) == 0
    assert capfdbinary.readouterr().out == "let größe = 1\r\n".encode()


def test_mistakes_of_the_command_line(capsys: CAPTURE) -> None:
    assert run(["format", "nowhere"]) == 2
    assert "there is no file or folder `nowhere`" in capsys.readouterr().err
    assert run(["format", "--stdin", "--check"]) == 2


def test_a_mark_and_line_ends_stay() -> None:
    path = Path("a.clef")
    path.write_bytes("\ufefflet x=1\r\nlet y=2\r\n".encode())
    assert run(["format", "a.clef"]) == 0
    assert path.read_bytes() == "\ufefflet x = 1\r\nlet y = 2\r\n".encode()
    path.write_text("let größe=1\n", "utf-16")
    assert run(["format", "a.clef"]) == 0
    assert path.read_text("utf-16") == "let größe = 1\n"
