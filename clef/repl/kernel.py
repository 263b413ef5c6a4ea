"""The kernel for Jupyter: a notebook as one session.

Comes in: requests of a notebook. Goes out: what cells print while they run, values as text, HTML or
SVG, messages with the source around them. Promises: a cell is an input like any other; an interrupt
ends the cell that runs and keeps the session; a restart begins anew.
"""

from __future__ import annotations

import os
import re
import select
import threading
from typing import Any

from ipykernel.kernelbase import Kernel

import clef
from clef.diagnostics.look import Look, look_of
from clef.repl.analysis import SessionAnalyser, suggestions
from clef.repl.conversation import Conversation, Reply
from clef.repl.engine import Engine
from clef.repl.inputs import is_complete
from clef.repl.process import Runner

_CHUNK = 1 << 16
_NOTHING = "val it : unit = ()"


class _Stream:
    """One pipe that cells write to."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.reading, self.writing = os.pipe()
        os.set_blocking(self.reading, False)

    def take(self) -> str:
        """What has been written by now."""
        parts: list[bytes] = []
        while True:
            try:
                part = os.read(self.reading, _CHUNK)
            except BlockingIOError:
                break
            if not part:
                break
            parts.append(part)
        return b"".join(parts).decode("utf-8", "replace")


def _colours() -> Look:
    import sys

    return look_of(sys.stderr, "always", {})


class ClefKernel(Kernel):
    """See `ipykernel.kernelbase.Kernel`."""

    implementation = "clef"
    implementation_version = clef.__version__
    language_info: dict[str, Any] = {  # noqa: RUF012 (as in the base class)
        "name": "fsharp",
        "mimetype": "text/x-fsharp",
        "file_extension": ".fsx",
        "pygments_lexer": "fsharp",
        "codemirror_mode": "mllike",
        "version": clef.__version__,
    }
    banner = f"Clef {clef.__version__}"

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)  # type: ignore[no-untyped-call]
        self._streams = [_Stream("stdout"), _Stream("stderr")]
        runner = Runner(*(stream.writing for stream in self._streams))
        self._conversation = Conversation(Engine(runner), _colours())
        self._conversation.wants_forms = True

    # Running -------------------------------------------------------------------------------------

    async def do_execute(
        self,
        code: str,
        silent: bool,
        store_history: bool = True,
        user_expressions: Any = None,
        allow_stdin: bool = False,
        *,
        cell_meta: Any = None,
        cell_id: Any = None,
    ) -> dict[str, Any]:
        """Run a cell."""
        reply = self._respond(code, silent)
        if reply.ends is not None:
            self._conversation.engine.restart()
            self._write("stderr", f"exit {reply.ends}: the session begins anew\n", silent)
        if reply.is_mistake:
            return self._failed(reply, silent)
        self._show(reply, silent)
        return {
            "status": "ok",
            "execution_count": self.execution_count,
            "payload": [],
            "user_expressions": {},
        }

    def _respond(self, code: str, silent: bool) -> Reply:
        """Evaluate beside us, and pass on what is printed meanwhile."""
        replies: list[Reply] = []
        work = threading.Thread(
            target=lambda: replies.append(self._conversation.respond(code)), daemon=True
        )
        work.start()
        while work.is_alive():
            try:
                self._pass_on(silent, 0.02)
            except KeyboardInterrupt:
                self._conversation.engine.interrupt()
        self._pass_on(silent, 0.0)
        return replies[0] if replies else Reply(errors="the engine failed\n", is_mistake=True)

    def _pass_on(self, silent: bool, seconds: float) -> None:
        readable, _, _ = select.select([one.reading for one in self._streams], [], [], seconds)
        for stream in self._streams:
            if stream.reading in readable:
                self._write(stream.name, stream.take(), silent)

    def _write(self, name: str, text: str, silent: bool) -> None:
        if text and not silent:
            self._send("stream", {"name": name, "text": text})

    def _send(self, kind: str, content: dict[str, Any]) -> None:
        send: Any = self.send_response  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        send(self.iopub_socket, kind, content)

    def _show(self, reply: Reply, silent: bool) -> None:
        self._write("stderr", reply.errors, silent)
        outcome = reply.outcome
        if silent or outcome is None or outcome.it is None:
            if outcome is None or not outcome.lines or outcome.lines[-1] != _NOTHING:
                self._write("stdout", reply.output, silent)
            return
        content = {
            "execution_count": self.execution_count,
            "data": {"text/plain": outcome.it, **reply.forms},
            "metadata": {},
        }
        self._send("execute_result", content)

    def _failed(self, reply: Reply, silent: bool) -> dict[str, Any]:
        outcome = reply.outcome
        status = outcome.status if outcome is not None else "errors"
        plain = re.sub(r"\x1b\[[0-9;]*m", "", reply.errors).strip()
        content = {
            "ename": {"errors": "Mistakes", "failed": "Exception"}.get(status, status.title()),
            "evalue": plain.split("\n")[0],
            "traceback": reply.errors.rstrip("\n").split("\n"),
        }
        if not silent:
            self._send("error", content)
        return {"status": "error", "execution_count": self.execution_count, **content}

    # Questions -----------------------------------------------------------------------------------

    async def do_complete(self, code: str, cursor_pos: int) -> dict[str, Any]:
        """What could be written at the caret."""
        found = suggestions(self._conversation.engine.names, code, cursor_pos)
        length = found[0].length if found else 0
        return {
            "status": "ok",
            "matches": [one.text for one in found],
            "cursor_start": cursor_pos - length,
            "cursor_end": cursor_pos,
            "metadata": {},
        }

    async def do_inspect(
        self, code: str, cursor_pos: int, detail_level: int = 0, omit_sections: Any = ()
    ) -> dict[str, Any]:
        """The declaration and the documentation of the name at the caret."""
        from clef.language_server.describe import declaration, declared_at, documentation_of

        project, file = SessionAnalyser(self._conversation.engine.names).analysed(code)
        offset = len(file.source.text) - len(code) + cursor_pos
        occurrence = file.occurrence_at(offset)
        text = declaration(file, occurrence) if occurrence is not None else None
        if occurrence is None or text is None:
            return {"status": "ok", "found": False, "data": {}, "metadata": {}}
        words = documentation_of(project, declared_at(file, project, occurrence))
        data = {
            "text/plain": "\n\n".join(part for part in (text, words) if part),
            "text/markdown": f"```fsharp\n{text}\n```\n\n{words}",
        }
        return {"status": "ok", "found": True, "data": data, "metadata": {}}

    async def do_is_complete(self, code: str) -> dict[str, Any]:
        """Whether Enter runs the cell."""
        if is_complete(code):
            return {"status": "complete"}
        return {"status": "incomplete", "indent": "    " if code.rstrip().endswith("=") else ""}

    async def do_shutdown(self, restart: bool) -> dict[str, Any]:
        """The end."""
        self._conversation.engine.stop()
        return {"status": "ok", "restart": restart}


def run(words: list[str]) -> None:
    """Serve one notebook; `words` name the file with the connection."""
    from ipykernel.kernelapp import IPKernelApp

    application: Any = IPKernelApp.instance(kernel_class=ClefKernel)
    application.initialize(words)
    application.start()
