"""The extension for Visual Studio Code.

Promises: every file that the manifest names exists and is JSON where it should be; the grammar's
own test runs where Node.js and its packages can be had, else it is skipped with the reason.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent.parent / "editors/vscode"


def test_manifest_names_what_is_there() -> None:
    """Grammar, snippets, configuration and client."""
    manifest = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))
    contributes = manifest["contributes"]
    named = [contributes[key][0]["path"] for key in ("grammars", "snippets")]
    named.append(contributes["languages"][0]["configuration"])
    for path in named:
        json.loads((FOLDER / path).read_text(encoding="utf-8"))
    client = (FOLDER / manifest["main"]).read_text(encoding="utf-8")
    for command in contributes["commands"]:
        assert f'"{command["command"]}"' in client
    for setting in contributes["configuration"]["properties"]:
        assert f'"{setting.removeprefix("clef.")}"' in client


def test_grammar(tmp_path: Path) -> None:
    """Scopes of pieces of programs, by the editor's own engine."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("Node.js is not installed")
    for part in ("test", "syntaxes"):
        shutil.copytree(FOLDER / part, tmp_path / part)
    needed = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    wanted = [f"{name}@{needed[name]}" for name in ("vscode-textmate", "vscode-oniguruma")]
    install = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", *wanted]
    done = subprocess.run(install, cwd=tmp_path, capture_output=True, text=True, timeout=200)
    if done.returncode != 0:
        pytest.skip(f"the packages cannot be had: {done.stderr[-200:]}")
    done = subprocess.run(
        [node, "test/grammar.js"], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
