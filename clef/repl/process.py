"""The runner's process as the prompt sees it.

Comes in: updates of the image and what to call. Goes out: how each run ended. Promises: the runner
is started when it is first needed; whatever happens in it is a `Run`, never an exception; a run
that is interrupted leaves the state that was there before it.
"""

from __future__ import annotations

import contextlib
import fcntl
import marshal
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

from clef.data_classes import dataclass, field
from clef.link.growing_image import BASE, CODE_SIZE, DATA_SIZE, Update

if TYPE_CHECKING:
    import subprocess


@dataclass(slots=True)
class Run:
    """`ended`: "done" with the exit code 0, "failed" by an exception, "exited" with a code,
    "interrupted", "died" of a signal or an overflow, "lost" when the process is not there any more.
    """

    ended: str
    code: int = 0
    texts: list[str | None] = field(default_factory=list["str | None"])
    memory: int = 0


OVERFLOW_CODE = 134


class Runner:
    """Starts, feeds and interrupts the process. `output` and `errors` are descriptors that the
    code writes to instead of ours.
    """

    def __init__(self, output: int | None = None, errors: int | None = None) -> None:
        self._streams = (output, errors)
        self._process: subprocess.Popen[bytes] | None = None
        self._commands = -1
        self._replies = -1
        self._running = 0
        self._interrupted = False

    def run(self, update: Update, shown: int) -> Run:
        """Write an update and call the program's start."""
        self._interrupted = False
        if self._process is None and not self._start():
            return Run("lost")
        command = {
            "code": update.code,
            "data": update.data,
            "run": update.addresses["clef_run_loaded"],
            "start": update.addresses["clef_start"],
            "shown": shown,
        }
        try:
            self._send(command)
            started = self._reply()
            if started is None or started["state"] != "started":
                return self._lost()
            self._running = int(started["process"])
            reply = self._reply()
        except BrokenPipeError:
            return self._lost()
        finally:
            self._running = 0
        return self._lost() if reply is None else self._run_of(reply)

    def _run_of(self, reply: dict[str, Any]) -> Run:
        code = int(reply["code"])
        if reply["state"] == "done":
            ended = "done" if code == 0 else "failed"
            return Run(ended, code, list(reply["texts"]), int(reply["memory"]))
        if self._interrupted or code == -signal.SIGINT:
            return Run("interrupted", code)
        died = code < 0 or code == OVERFLOW_CODE
        return Run("died" if died else "exited", code)

    def interrupt(self) -> None:
        """End what runs now."""
        self._interrupted = True
        if self._running:
            with contextlib.suppress(OSError):
                os.kill(self._running, signal.SIGKILL)

    def stop(self) -> None:
        """End the process and all that it holds."""
        self.interrupt()
        for descriptor in (self._commands, self._replies):
            if descriptor >= 0:
                os.close(descriptor)
        self._commands = self._replies = -1
        if self._process is not None:
            with contextlib.suppress(Exception):
                self._process.wait(2)
        self._process = None

    def _lost(self) -> Run:
        self.stop()
        return Run("lost")

    def _start(self) -> bool:
        from clef.toolchain.process import start_beside

        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        script = os.path.join(os.path.dirname(__file__), "runner.py")
        words = [theirs_in, theirs_out, BASE, CODE_SIZE + DATA_SIZE]
        command = [sys.executable, "-I", "-S", script, *map(str, words)]
        process = start_beside(command, (theirs_in, theirs_out), *self._streams)
        os.close(theirs_in)
        os.close(theirs_out)
        for descriptor in (ours_in, ours_out):
            fcntl.fcntl(descriptor, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
        self._process, self._commands, self._replies = process, ours_out, ours_in
        reply = self._reply()
        return reply is not None and reply["state"] == "ready"

    def _send(self, command: dict[str, Any]) -> None:
        data = marshal.dumps(command)
        data = len(data).to_bytes(8, "little") + data
        while data:
            data = data[os.write(self._commands, data) :]

    def _reply(self) -> dict[str, Any] | None:
        head = self._read(8)
        data = self._read(int.from_bytes(head, "little")) if head else None
        return marshal.loads(data) if data else None

    def _read(self, count: int) -> bytes | None:
        """So many bytes; Ctrl-C meanwhile ends the run, not the prompt."""
        parts: list[bytes] = []
        while count > 0:
            try:
                part = os.read(self._replies, count)
            except KeyboardInterrupt:
                self.interrupt()
                continue
            if not part:
                return None
            parts.append(part)
            count -= len(part)
        return b"".join(parts)
