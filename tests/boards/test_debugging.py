"""A debugger stops an image at a line and shows what is there."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.boards.machine import EMULATOR, NEEDS_EMULATOR, clef

DEBUGGER = "gdb-multiarch"
PROGRAM = """let rec factorial n =
    if n <= 1 then 1
    else n * factorial (n - 1)

printfn "%d" (factorial 3)
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        assert isinstance(port, int)
        return port


@NEEDS_EMULATOR
@pytest.mark.skipif(shutil.which(DEBUGGER) is None, reason=f"{DEBUGGER} is not installed")
def test_break_and_backtrace(tmp_path: Path) -> None:
    (tmp_path / "main.clef").write_text(PROGRAM, "utf-8")
    done = clef(tmp_path, "build", "--target", "lm3s6965", "-o", "main.elf", "main.clef")
    assert done.returncode == 0, done.stderr
    port = _free_port()
    machine = ["-machine", "lm3s6965evb", "-display", "none", "-monitor", "none", "-serial", "null"]
    waiting = ["-S", "-gdb", f"tcp:127.0.0.1:{port}", "-kernel", str(tmp_path / "main.elf")]
    with subprocess.Popen([EMULATOR, *machine, *waiting], stderr=subprocess.DEVNULL) as board:
        try:
            time.sleep(1)
            asked = [f"target remote 127.0.0.1:{port}", "break main.clef:2 if n == 1", "continue"]
            words = [word for one in [*asked, "bt"] for word in ("-ex", one)]
            command = [DEBUGGER, "-q", "-batch", str(tmp_path / "main.elf"), *words]
            shown = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
        finally:
            board.kill()
    assert "main.clef:2" in shown and "(n=3) at" in shown, shown
