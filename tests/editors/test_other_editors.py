"""Neovim and Emacs with the settings of `docs/editors.md`.

Promises: the settings that users copy start the server, and what the editor then shows of messages,
types, definitions, names and layout is right, also behind characters outside the basic plane. Where
an editor is not installed its test is skipped with that reason.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
TEXT = """\
let doubled x = x * 2
let text = "😀" + "wrong" - 1

let quadrupled y = doubled (doubled   y)
printfn "%d" (quadrupled 2)
"""
FORMATTED = TEXT.replace('" - 1', '"').replace("doubled   y", "doubled y")
LIMIT = 200


def _settings(language: str, mark: str) -> str:
    """The one block of the documentation in this language that says this."""
    text = (ROOT / "docs/editors.md").read_text(encoding="utf-8")
    blocks = [one for one in re.findall(rf"```{language}\n(.*?)```", text, re.S) if mark in one]
    assert len(blocks) == 1
    return str(blocks[0])


def _answers(folder: Path, words: list[str]) -> dict[str, Any]:
    """What the script says after driving the editor."""
    command = folder / "bin/clef"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m clef "$@"\n')
    command.chmod(0o755)
    (folder / "Program.clef").write_text(TEXT)
    environment = {
        **os.environ,
        "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "XDG_STATE_HOME": str(folder),
        "ANSWERS": str(folder / "answers.json"),
    }
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, timeout=LIMIT
    )
    path = folder / "answers.json"
    assert path.exists(), done.stdout + done.stderr
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert "failed" not in found, (found, done.stderr)
    return found


def test_neovim(tmp_path: Path) -> None:
    """A program with a mistake is mended, asked about, renamed in and laid out."""
    neovim = shutil.which("nvim")
    if neovim is None:
        pytest.skip("Neovim is not installed")
    (tmp_path / "init.lua").write_text(_settings("lua", "Neovim 0.7 or later"))
    script = f"luafile {ROOT / 'tests/editors/drive.lua'}"
    options = ["--headless", "--noplugin", "-n", "-u", "init.lua"]
    found = _answers(tmp_path, [neovim, *options, "Program.clef", "-c", script])
    assert found["filetype"] == "clef"
    assert [row for row, _, _ in found["first"]] == [1]
    assert found["mended"] == 'let text = "😀" + "wrong"'
    assert "val quadrupled: y: int -> int" in found["hover"]
    assert found["definition"] == {"line": 0, "character": 4}
    assert found["completion"]
    assert found["renamed"][0] == "let twofold x = x * 2"
    assert found["formatted"] == FORMATTED.replace("doubled", "twofold").splitlines()


def test_emacs(tmp_path: Path) -> None:
    """The same with Eglot."""
    emacs = shutil.which("emacs")
    if emacs is None:
        pytest.skip("Emacs is not installed")
    has_eglot = [emacs, "--batch", "--eval", "(require 'eglot)"]
    if subprocess.run(has_eglot, capture_output=True, timeout=60).returncode != 0:
        pytest.skip("Emacs has no Eglot")
    (tmp_path / "init.el").write_text(_settings("elisp", "eglot-server-programs"))
    script = str(ROOT / "tests/editors/drive.el")
    found = _answers(tmp_path, [emacs, "--batch", "-l", "init.el", "-l", script])
    assert found["mode"] == "clef-mode"
    assert len(found["first"]) == 1 and "`-` is not defined" in found["first"][0]
    assert "val quadrupled: y: int -> int" in found["hover"]
    assert found["definition"] == 1
    assert found["renamed"].startswith("let twofold x = x * 2")
    assert found["formatted"] == FORMATTED.replace("doubled", "twofold")
