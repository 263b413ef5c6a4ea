"""The command as a process: start time, exit codes, signals, pipes, scripts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def clef(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **changes}
    return subprocess.run(
        [sys.executable, "-m", "clef", *words],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
    )


def seconds(*words: str) -> float:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    best = 1e9
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([sys.executable, *words], env=environment, capture_output=True)
        best = min(best, time.perf_counter() - start)
    return best


def test_help_is_quick() -> None:
    """Less than 100 ms on a quiet machine; here in proportion to what click alone takes."""
    alone = seconds("-c", "import click")
    assert seconds("-m", "clef", "--help") < max(0.1, 2.5 * alone)


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; from clef.command_line.main import run; run(['--help']);"
        "bad = {'llvmlite', 'torch_mlir', 'numpy', 'rich', 'clef.pipeline', 'tomllib', 'asyncio'};"
        "sys.exit(' '.join(bad & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr


def test_no_words_at_all() -> None:
    done = clef()
    assert done.returncode == 2 and "Usage: clef" in done.stdout


def test_codes_reach_the_shell(folder: Path) -> None:
    assert clef("--version").returncode == 0
    assert clef("frobnicate").returncode == 2
    assert clef("check", "gone.clef").returncode == 2
    Path("a.clef").write_bytes(b"\xff\xfe\xfd")
    assert clef("check", "a.clef").returncode == 1


def test_two_bad_things_at_once_are_both_reported(folder: Path) -> None:
    Path("a.fidproj").write_text("[package]\nname = 1\n[build]\nsources = 2\n")
    done = clef("check", "--message-format", "short")
    assert done.returncode == 2
    assert done.stderr.count("E0807") == 2


def test_an_output_that_knows_only_ascii(folder: Path) -> None:
    Path("ä.fidproj").write_text("[package\n# ü", "utf-8")
    done = clef("check", "ä.fidproj", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 2
    assert done.stderr.isascii() and "-->" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no such pipe")
def test_a_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m clef explain | head -n 1"
    done = subprocess.run(
        command,
        shell=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert "Traceback" not in done.stderr and "Error" not in done.stderr


SCRIPT = """
import signal, sys, threading, os
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it
sys.path.insert(0, {root!r})
from tests.command_line import stand_ins
from clef import pipeline
from clef.command_line.main import main
import time
def slow(sources):
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    time.sleep(20)
stand_ins.to_script = slow
pipeline.STAGES = stand_ins.STAGES
sys.argv = ["clef", "check", "a.clef"]
main()
"""


def test_ctrl_c_is_130(folder: Path) -> None:
    Path("a.clef").write_text("x")
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(root=str(ROOT))], capture_output=True, text=True
    )
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr
    assert time.perf_counter() - start < 10


RUN = """
import sys
sys.path.insert(0, {root!r})
from tests.command_line import stand_ins
from clef import pipeline
from clef.command_line.main import main
pipeline.STAGES = stand_ins.STAGES
sys.argv = ["clef", *{words!r}]
main()
"""


def run_script(*words: str) -> subprocess.CompletedProcess[str]:
    script = RUN.format(root=str(ROOT), words=words)
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, input="typed\n"
    )


def test_the_programs_code_output_and_input_are_its_own(folder: Path) -> None:
    Path("a.clef").write_text('read line; echo "$line $1"; exit 7')
    done = run_script("a.clef", "--help")
    assert (done.returncode, done.stdout) == (7, "typed --help\n")


def test_a_programs_signal_is_its_own(folder: Path) -> None:
    Path("a.clef").write_text("kill -ABRT $$")
    assert run_script("run", "a.clef").returncode == -6


def test_a_script_without_a_known_ending_is_refused_calmly(folder: Path) -> None:
    Path("script").write_text("#!/usr/bin/env clef\nexit 0")
    assert "E0812" in clef("./script").stderr
