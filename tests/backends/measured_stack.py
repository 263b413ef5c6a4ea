"""How much of its stack a program used.

In: an executable for Linux. Out: the bytes between the top of its stack and the lowest one that is
not zero when it ends. Programs move to a stack of their own, which the system gives them zeroed:
what is still zero was not written, or with zeros. The program is traced (`ptrace`) and stopped
before it is gone.
"""

from __future__ import annotations

import ctypes
import os
import re
import signal
from pathlib import Path

_TRACE_ME, _CONTINUE, _SET_OPTIONS = 0, 7, 0x4200
_STOP_AT_EXIT = 0x40
_STACK = 1 << 28
_LOOKED_AT = 1 << 20
_ptrace = ctypes.CDLL(None, use_errno=True).ptrace
_ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def stack_used(executable: Path) -> int:
    """Bytes; what the program prints is thrown away."""
    child = os.fork()
    if child == 0:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(nowhere, standard)
        _ptrace(_TRACE_ME, 0, None, None)
        os.execv(executable, [str(executable)])
    os.waitpid(child, 0)
    _ptrace(_SET_OPTIONS, child, None, _STOP_AT_EXIT)
    _run(child)
    content = _top_of_stack(child)
    _ptrace(_CONTINUE, child, None, None)
    os.waitpid(child, 0)
    used = len(content.lstrip(b"\0"))
    assert used < len(content), "the program used more of its stack than was looked at"
    return used


def _run(child: int) -> None:
    """Go on until the program is about to end."""
    _ptrace(_CONTINUE, child, None, None)
    while True:
        _, status = os.waitpid(child, 0)
        assert os.WIFSTOPPED(status), "the program is gone"
        if status >> 16:
            return
        given = os.WSTOPSIG(status)
        _ptrace(_CONTINUE, child, None, 0 if given == signal.SIGTRAP else given)


def _top_of_stack(child: int) -> bytes:
    text = Path(f"/proc/{child}/maps").read_text(encoding="ascii")
    for low, high in re.findall(r"^([0-9a-f]+)-([0-9a-f]+) rw-p .* 0 *$", text, re.M):
        start, end = int(low, 16), int(high, 16)
        if _STACK // 2 < end - start <= _STACK:
            with open(f"/proc/{child}/mem", "rb", buffering=0) as memory:
                memory.seek(end - _LOOKED_AT)
                return memory.read(_LOOKED_AT)
    raise AssertionError("the program has no stack of its own:\n" + text)
