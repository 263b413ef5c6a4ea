"""Runs compiled code inside our own process.

Comes in: position-independent object code for the machine we run on. Goes out: a loaded module
whose functions can be called, or the exit code of a whole program. Promises: nothing of the code
generator is loaded into this process; the object is linked to a shared library (some milliseconds),
which the system's loader, debuggers and profilers know how to handle. Code that exits or dies takes
this process with it, with the words and the code of an executable: whoever wants a wall builds one.
"""

from __future__ import annotations

import contextlib
import ctypes
import signal
import sys
import threading
from collections.abc import Callable, Generator, Sequence
from typing import Any, Protocol

from clef.data_classes import dataclass
from clef.diagnostics import Diagnostic
from clef.link.executable import link_shared
from clef.link.options import LinkOptions
from clef.toolchain.cache import scratch_folder
from clef.toolchain.target import Target
from clef.toolchain.telemetry import SILENT, Telemetry


class LoadedCode(Protocol):
    """Code in this process, however it got there."""

    def address(self, symbol: str) -> int:
        """The address of a symbol."""
        ...

    def function(self, symbol: str, result: Any, *parameters: Any) -> Callable[..., Any]:
        """A function with the C calling convention; `result` and `parameters` are ctypes types,
        `None` is unit.
        """
        ...


@dataclass(frozen=True, slots=True)
class LoadedModule:
    """Code in this process.

    It stays loaded until the process ends: pointers into it may be anywhere.
    """

    library: ctypes.CDLL

    def address(self, symbol: str) -> int:
        """The address of an exported function or variable."""
        pointer = ctypes.cast(self.library[symbol], ctypes.c_void_p).value
        assert pointer is not None
        return pointer

    def function(self, symbol: str, result: Any, *parameters: Any) -> Callable[..., Any]:
        """See `LoadedCode.function`."""
        function = self.library[symbol]
        function.restype = result
        function.argtypes = parameters
        return function


def load_object(
    object_code: bytes, target: Target, telemetry: Telemetry = SILENT
) -> LoadedModule | list[Diagnostic]:
    """Load an object, compiled with `position_independent`, into this process."""
    with scratch_folder() as folder:
        path = folder / "module.so"
        findings = link_shared(object_code, target, path, LinkOptions(strip=False), telemetry)
        if findings:
            return findings
        # The loader keeps the file's contents; the name may go.
        return LoadedModule(ctypes.CDLL(str(path)))


def _initial_stack(texts: Sequence[ctypes.Array[ctypes.c_char]]) -> Any:
    """What the kernel would lay on a new program's stack, without environment and facts.

    It holds addresses of `texts`, which must outlive it.
    """
    words: list[int | None] = [len(texts), *(ctypes.addressof(text) for text in texts)]
    return (ctypes.c_void_p * (len(words) + 4))(*words)


def run_program(module: LoadedCode, arguments: Sequence[str]) -> int:
    """Run a whole program as its executable would run: on a large stack of its own whose overflow
    is told with the same words; `arguments[0]` is the program's name.

    Gives the exit code.
    """
    run = module.function("clef_run_loaded", ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p)
    texts = [ctypes.create_string_buffer(argument.encode()) for argument in arguments]
    sys.stdout.flush()
    with _interrupt_ends_process():
        code: int = run(module.address("clef_start"), _initial_stack(texts))
    return code & 0xFF


@contextlib.contextmanager
def _interrupt_ends_process() -> Generator[None]:
    """Ctrl-C ends the program: Python would first hear of it when the program is over.

    Only the main thread may set this; a program on another one cannot be interrupted.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
