"""The process that runs what is typed at a prompt: code that may loop, overflow or die.

Comes in: commands on one pipe, each a marshalled dictionary after its length: what to write where,
and what to call. Goes out: replies of the same shape on another. Promises: before each run the
process makes a copy of itself (`fork`), which runs the code while the original waits. When the run
comes to its end, the copy takes over and the original leaves; when it is interrupted or dies, the
original goes on as if nothing had been run. Run as a script; it imports nothing of the compiler.
"""

from __future__ import annotations

import contextlib
import ctypes
import marshal
import os
import signal
import struct
import sys
from typing import Any

_SIZE = struct.Struct("<Q")
_NOWHERE_ELSE = 0x100000 | 0x4000 | 0x20 | 0x2  # FIXED_NOREPLACE, NORESERVE, ANONYMOUS, PRIVATE
_READ_WRITE, _READ_EXECUTE = 3, 5
_PAGE = 4096
_DIE_WITH_PARENT, _ADOPT = 1, 36

_system = ctypes.CDLL(None, use_errno=True)
_system.mmap.restype = ctypes.c_void_p
_system.mmap.argtypes = [
    *(ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long)
]


class _Pipe:
    """Commands from and replies to the prompt."""

    def __init__(self, commands: int, replies: int) -> None:
        self.commands = commands
        self.replies = replies

    def read(self) -> dict[str, Any] | None:
        head = self._bytes(_SIZE.size)
        if head is None:
            return None
        data = self._bytes(_SIZE.unpack(head)[0])
        return None if data is None else marshal.loads(data)

    def _bytes(self, count: int) -> bytes | None:
        parts: list[bytes] = []
        while count > 0:
            part = os.read(self.commands, min(count, 1 << 20))
            if not part:
                return None
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def write(self, reply: dict[str, Any]) -> None:
        data = marshal.dumps(reply)
        data = _SIZE.pack(len(data)) + data
        while data:
            data = data[os.write(self.replies, data) :]


def _reserve(start: int, size: int) -> bool:
    found: object = _system.mmap(start, size, _READ_WRITE, _NOWHERE_ELSE, -1, 0)
    return bool(found == start)


def _write(writes: list[tuple[int, bytes]]) -> None:
    for address, data in writes:
        ctypes.memmove(address, data, len(data))


def _write_code(writes: list[tuple[int, bytes]]) -> None:
    """Code is writable only while nothing runs."""
    if not writes:
        return
    first = min(address for address, _ in writes) // _PAGE * _PAGE
    end = -(-max(address + len(data) for address, data in writes) // _PAGE) * _PAGE
    _protect(first, end - first, _READ_WRITE)
    _write(writes)
    _protect(first, end - first, _READ_EXECUTE)


def _protect(start: int, size: int, rights: int) -> None:
    if _system.mprotect(ctypes.c_void_p(start), ctypes.c_size_t(size), rights) != 0:
        raise OSError(ctypes.get_errno(), "memory cannot be made executable")


_arguments = ctypes.create_string_buffer(b"clef")
_stack = (ctypes.c_void_p * 5)(1, ctypes.addressof(_arguments))


def _texts(address: int) -> list[str | None]:
    """The strings in the array that a variable holds."""
    array = ctypes.c_uint64.from_address(address).value
    if array == 0:
        return []
    count = ctypes.c_uint32.from_address(array + 8).value
    return [_text(ctypes.c_uint64.from_address(array + 16 + 8 * i).value) for i in range(count)]


def _text(cell: int) -> str | None:
    if cell == 0:
        return None
    size = ctypes.c_uint32.from_address(cell + 8).value
    return ctypes.string_at(cell + 16, size).decode("utf-8", "replace")


def _run(command: dict[str, Any]) -> dict[str, Any]:
    """Write the code and call it."""
    _write_code(command["code"])
    _write(command["data"])
    call = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p)(command["run"])
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    code = call(command["start"], ctypes.addressof(_stack)) & 0xFF
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pages = _resident()
    texts = _texts(command["shown"]) if command["shown"] else []
    return {"state": "done", "code": code, "texts": texts, "memory": pages}


def _resident() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * _PAGE


def _attempt(pipe: _Pipe, command: dict[str, Any]) -> bool:
    """Run in a copy of this process; true in a copy that came to the end, false in the original
    when its copy is gone.
    """
    reading, writing = os.pipe()
    sys.stdout.flush()
    copy = os.fork()
    if copy == 0:
        os.close(reading)
        pipe.write({"state": "started", "process": os.getpid()})
        pipe.write(_run(command))
        os.write(writing, b"!")
        os.close(writing)
        return True
    os.close(writing)
    finished = os.read(reading, 1)
    os.close(reading)
    if finished:
        os._exit(0)
    _, status = os.waitpid(copy, 0)
    pipe.write({"state": "gone", "code": os.waitstatus_to_exitcode(status)})
    return False


def _adopt() -> None:
    """Stay above all copies, so that none is left when the prompt ends."""
    _system.prctl(_ADOPT, 1, 0, 0, 0)
    first = os.fork()
    if first == 0:
        return
    for descriptor in range(3, 256):
        with contextlib.suppress(OSError):
            os.close(descriptor)
    while True:
        try:
            os.wait()
        except ChildProcessError:
            os._exit(0)
        except InterruptedError:
            continue


def serve(commands: int, replies: int, regions: list[tuple[int, int]]) -> None:
    """Run what comes until the prompt closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _adopt()
    pipe = _Pipe(commands, replies)
    pipe.write({"state": "ready" if all(_reserve(*region) for region in regions) else "no room"})
    while (command := pipe.read()) is not None:
        _attempt(pipe, command)
    os._exit(0)


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    serve(numbers[0], numbers[1], [(numbers[2], numbers[3])])
