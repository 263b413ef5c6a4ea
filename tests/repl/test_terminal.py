"""The prompt at a pseudo-terminal: keys in, screen out."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

pexpect: Any = pytest.importorskip("pexpect", reason="no pexpect: pip install 'clef-lang[test]'")
toolkit = pytest.importorskip("prompt_toolkit", reason="pip install 'clef-lang[repl]'")

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r")


def start(tmp_path: Path, *words: str) -> Any:
    environment = {**os.environ, "TERM": "xterm", "XDG_STATE_HOME": str(tmp_path)}
    child = pexpect.spawn(
        sys.executable,
        ["-m", "clef", "repl", *words],
        env=environment,
        encoding="utf-8",
        timeout=60,
        dimensions=(40, 100),
    )
    child.expect("> ")
    return child


def test_lines_blocks_history_and_the_end(tmp_path: Path) -> None:
    child = start(tmp_path)
    child.send("let f x =\r")
    child.send("x + 1\r\r")
    child.expect(r"val f : x:int -> int")
    child.send("f 41\r")
    child.expect(r"val it : int = 42")
    child.send("\x1b[A\r")  # up: the last input again
    child.expect(r"val it : int = 42")
    child.send("1 + true\r")
    child.expect("E0317")
    child.send("#quit\r")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert "+f 41" in (tmp_path / "clef" / "history").read_text()


def test_keys_complete_and_colours_are_the_tokenizers(tmp_path: Path) -> None:
    child = start(tmp_path)
    child.send("let wonderful = 42\r")
    child.expect("val wonderful : int = 42")
    child.send("wonde\t")
    child.expect("wonderful")
    child.send("\r")
    child.expect("val it : int = 42")
    child.expect("> ")
    child.send("\x04")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_interrupts_end_the_computation_and_not_the_session(tmp_path: Path) -> None:
    child = start(tmp_path)
    child.send("let mutable n = 1\r")
    child.expect("val mutable n : int = 1")
    child.send('n <- 2; printfn "turning"; System.Console.Out.Flush(); while true do ()\r')
    child.expect("turning\r")
    child.sendintr()
    child.expect("Interrupted")
    child.send("n\r")
    child.expect("val it : int = 1")
    child.send("half an in")
    child.sendintr()
    child.send("n + 1\r")
    child.expect("val it : int = 2")
    child.send("exit 5\r")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 5


def test_the_plain_prompt(tmp_path: Path) -> None:
    child = start(tmp_path, "--plain")
    child.send("let f x =\r")
    child.expect("- ")
    child.send("  x * 2\r")
    child.expect("- ")
    child.send("\r")
    child.expect("val f : x:int -> int")
    child.send("#quit\r")
    child.expect(pexpect.EOF)


def test_pieces_and_their_colours() -> None:
    from clef.syntax.colours import coloured

    pieces = [(style, text) for style, text in coloured('let x = "a" // b') if text.strip()]
    assert pieces == [
        ("keyword", "let"),
        ("", "x"),
        ("", "="),
        ("string", '"a"'),
        ("comment", "// b"),
    ]
