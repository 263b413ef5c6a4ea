"""Our side of the code generator's process.

Comes in: LLVM IR, a target, options. Goes out: objects, assembly, optimised IR. Promises: whatever
LLVM does, aborting and hanging included, the compiler lives on and the failure becomes an
`InternalError` with the IR as evidence. One worker serves the whole process, and a second one where
two things are compiled side by side; `start` may be called early so that it loads LLVM while the
front end works.
"""

from __future__ import annotations

import atexit
import contextlib
import marshal
import os
import select
import sys
import threading
from collections.abc import Generator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from clef.backends.options import CompileOptions, Emit, Level
from clef.data_classes import dataclass, field
from clef.diagnostics.tools import InternalError
from clef.toolchain.process import start_worker
from clef.toolchain.target import Target
from clef.toolchain.telemetry import SILENT, Telemetry

if TYPE_CHECKING:
    import subprocess

_WORKER = Path(__file__).with_name("worker.py")
_KINDS = {Emit.OPTIMISED_LLVM: "llvm", Emit.ASSEMBLY: "assembly", Emit.OBJECT: "object"}
TIME_LIMIT = 900.0
"""Seconds after which a request counts as hanging."""


@contextlib.contextmanager
def _time_limit(process: subprocess.Popen[bytes]) -> Generator[None]:
    """Kill the process if it has not begun to answer in time.

    Where pipes can be waited for, that costs nothing; elsewhere a thread watches.
    """
    if os.name == "posix" and process.stdout is not None:
        if not select.select([process.stdout], [], [], TIME_LIMIT)[0]:
            process.kill()
        yield
        return
    timer = threading.Timer(TIME_LIMIT, process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@dataclass(slots=True)
class _Worker:
    process: subprocess.Popen[bytes]
    complaints: IO[bytes]

    def ask(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """One reply, or `None` when the worker died or was killed for hanging."""
        process = self.process
        assert process.stdin is not None and process.stdout is not None
        try:
            data = marshal.dumps(request)
            process.stdin.write(len(data).to_bytes(8, "little") + data)
            process.stdin.flush()
            with _time_limit(process):
                size = process.stdout.read(8)
            if len(size) < 8:
                return None
            reply: dict[str, Any] = marshal.loads(
                process.stdout.read(int.from_bytes(size, "little"))
            )
            return reply
        except (OSError, EOFError, ValueError):
            return None

    def said(self) -> int:
        """How much the worker has written to its standard error."""
        return os.fstat(self.complaints.fileno()).st_size

    def last_words(self, start: int = 0) -> str:
        """What the worker wrote to its standard error, from an offset on."""
        self.complaints.seek(start)
        return self.complaints.read().decode("utf-8", "backslashreplace").strip()

    def close(self) -> None:
        """End the worker; it has nothing to put in order, so that killing it is quickest."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.kill()
        self.process.wait()
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        self.process.stdout.close()
        self.complaints.close()


@dataclass(slots=True)
class _State:
    worker: _Worker | None = None
    owner: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


_states = (_State(), _State())


def start(which: int = 0) -> None:
    """Start the worker, or the second one, if it is not running. Returns at once."""
    state = _states[which]
    with state.lock:
        _worker(state)


def stop() -> None:
    """Let the workers end; the next request starts another."""
    for state in _states:
        with state.lock:
            worker, state.worker = state.worker, None
            if worker is not None and state.owner == os.getpid():
                worker.close()


def _complaints_file() -> IO[bytes]:
    """A nameless file for the worker's standard error."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("clef-worker"), "w+b")
    import tempfile

    return tempfile.TemporaryFile()


def _worker(state: _State) -> _Worker:
    """The running worker; the lock must be held.

    A forked child does not share its parent's worker.
    """
    if state.worker is None or state.owner != os.getpid():
        complaints = _complaints_file()
        search_path = [entry for entry in sys.path if entry]
        command = [sys.executable, "-I", "-S", str(_WORKER), *search_path]
        state.worker = _Worker(start_worker(command, complaints), complaints)
        state.owner = os.getpid()
        atexit.register(stop)
    return state.worker


def _request(ir: str, target: Target, options: CompileOptions) -> dict[str, Any]:
    return {
        "ir": ir,
        "triple": target.triple,
        "cpu": target.cpu,
        "features": target.features,
        "abi": target.abi,
        "relocation": "pic" if options.position_independent else "static",
        "code_model": target.code_model,
        "level": options.level.speed,
        "small": options.level is Level.SIZE,
        "emit": [_KINDS[kind] for kind in options.emit if kind in _KINDS],
    }


def _evidence(request: dict[str, Any], words: str) -> dict[str, str]:
    settings = {key: str(value) for key, value in request.items() if key != "ir"}
    lines = "\n".join(f"{key} = {value}" for key, value in settings.items())
    return {"program.ll": str(request["ir"]), "request.txt": lines, "llvm-messages.txt": words}


def generate(
    ir: str,
    target: Target,
    options: CompileOptions,
    telemetry: Telemetry = SILENT,
    which: int = 0,
) -> dict[str, Any]:
    """Optimise and emit; the reply has `object`, `assembly` and `llvm` as far as the options want
    them. `which` of the workers does it.
    """
    from clef.backends.frames import asking_for_frames, read_frames

    request = _request(asking_for_frames(ir) if options.frame_sizes else ir, target, options)
    state = _states[which]
    with state.lock, telemetry.stage("llvm"):
        worker = _worker(state)
        said = worker.said()
        reply = worker.ask(request)
        if reply is None:
            state.worker = None
            worker.process.kill()
            code = worker.process.wait()
            words = worker.last_words()
            reason = words.splitlines()[0] if words else "without a word"
            message = f"LLVM ended with code {code}: {reason}"
            raise InternalError("code generation", message, _evidence(request, words))
    if not reply["ok"]:
        message = str(reply["message"])
        raise InternalError("code generation", message.strip(), _evidence(request, message))
    if options.frame_sizes:
        reply["frames"] = read_frames(worker.last_words(said))
    return reply
