"""What a program takes: processor time and the peak of its memory.

In: a command line. Out: seconds and bytes. Promises: the figures are the program's own. Linux
counts the memory of the process that starts another into the peak of that, so a small process
stands in between.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_BETWEEN = """
import json, os, subprocess, sys
process = subprocess.Popen(sys.argv[2:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
output = process.stdout.read()
_, status, used = os.wait4(process.pid, 0)
found = {
    "code": os.waitstatus_to_exitcode(status),
    "seconds": used.ru_utime + used.ru_stime,
    "bytes": used.ru_maxrss * 1024,
    "output": output.decode("utf-8", "replace"),
}
with open(sys.argv[1], "w") as file:
    json.dump(found, file)
"""


def usage(
    words: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> tuple[float, int]:
    """Processor seconds and peak bytes of a command that must end well; notes go to `folder`."""
    note = folder / "usage.json"
    between = [sys.executable, "-I", "-S", "-c", _BETWEEN, str(note), *words]
    subprocess.run(between, env=environment, check=True, timeout=250)
    found = json.loads(note.read_text())
    assert found["code"] == 0, found["output"]
    return found["seconds"], found["bytes"]
