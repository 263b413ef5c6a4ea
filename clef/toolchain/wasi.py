"""Runs a WASI command in this process; started as a script, with the module search path as first
argument.

Comes in: a module's path and its arguments. Goes out: its output on our standard streams and its
exit code. Promises: a trap is reported in one line on standard error and ends in exit code 134;
calls may go as deep as on the other targets.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from importlib import import_module
from typing import Any

STACK_SIZE = 256 << 20
"""Bytes for calls."""


def _engine(wasmtime: Any) -> Any:
    """An engine with a large stack.

    Its limit is that of asynchronous calls, which has no Python property.
    """
    settings = wasmtime.Config()
    library: Any = import_module("wasmtime._ffi").dll
    try:
        limit = library.wasmtime_config_async_stack_size_set
    except AttributeError:
        return wasmtime.Engine(settings)
    limit.argtypes, limit.restype = [ctypes.c_void_p, ctypes.c_uint64], None
    limit(ctypes.cast(settings.ptr(), ctypes.c_void_p), STACK_SIZE + (1 << 20))
    settings.max_wasm_stack = STACK_SIZE
    return wasmtime.Engine(settings)


def _settings(wasmtime: Any, arguments: list[str]) -> Any:
    """Arguments, environment, standard streams and the present folder, for the module to use."""
    wasi = wasmtime.WasiConfig()
    wasi.argv = arguments
    wasi.env = list(os.environ.items())
    wasi.inherit_stdin()
    wasi.inherit_stdout()
    wasi.inherit_stderr()
    wasi.preopen_dir(".", ".")
    return wasi


def _trap_line(wasmtime: Any, trap: Any) -> str:
    """A trap in one line.

    The stack in memory lies at its very beginning: below it are addresses just under 2^32.
    """
    message = str(trap.message)
    below_memory = "memory fault at wasm address 0xfff" in message
    if below_memory or trap.trap_code == wasmtime.TrapCode.STACK_OVERFLOW:
        return "Stack overflow."
    return message.strip().splitlines()[-1].strip()


class _Exit(Exception):
    """The program ended itself with a code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def _end(code: int) -> None:
    raise _Exit(code & 0xFF)


def _allow_all_codes(wasmtime: Any, linker: Any) -> None:
    """The engine's own `proc_exit` refuses the codes from 126 on, which other systems have."""
    linker.allow_shadowing = True
    signature = wasmtime.FuncType([wasmtime.ValType.i32()], [])
    linker.define_func("wasi_snapshot_preview1", "proc_exit", signature, _end)


def run_module(wasmtime: Any, arguments: list[str]) -> int:
    """Run the module `arguments[0]` with these arguments; gives its exit code."""
    engine = _engine(wasmtime)
    store = wasmtime.Store(engine)
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    _allow_all_codes(wasmtime, linker)
    store.set_wasi(_settings(wasmtime, arguments))
    try:
        instance = linker.instantiate(store, wasmtime.Module.from_file(engine, arguments[0]))
        start = instance.exports(store)["_start"]
        start(store)
    except _Exit as end:
        return end.code
    except wasmtime.Trap as trap:
        sys.stderr.write(_trap_line(wasmtime, trap) + "\n")
        return 134
    return 0


def main(arguments: list[str]) -> int:
    """Run a module in a thread whose stack is large enough for the engine's limit."""
    import wasmtime

    codes: list[int] = []
    threading.stack_size(STACK_SIZE + (16 << 20))
    thread = threading.Thread(target=lambda: codes.append(run_module(wasmtime, arguments)))
    thread.start()
    thread.join()
    return codes[0] if codes else 134


if __name__ == "__main__":
    sys.path.extend(sys.argv[1].split(os.pathsep))
    sys.exit(main(sys.argv[2:]))
