"""A scripted client of the language server.

In: requests. Out: the server's answers and the diagnostics that it sent. Promises: the server runs
as an editor would start it, in a process of its own; waiting ends after `LIMIT` seconds.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
LIMIT = 120.0


class Client:
    """One running server; use it in a `with` statement."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "clef", "language-server", "--log", str(folder / "log.txt")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=folder,
            env=environment,
        )
        self._answers: dict[int, Any] = {}
        self._errors: dict[int, Any] = {}
        self._news: queue.Queue[None] = queue.Queue()
        self._versions: dict[str, int] = {}
        self.diagnostics: dict[str, list[Any]] = {}
        self._count = 0
        threading.Thread(target=self._read, daemon=True).start()
        self.capabilities = self.ask("initialize", {"processId": None, "capabilities": {}})
        self.tell("initialized", {})

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.ask("shutdown", None)
        self.tell("exit", None)
        self._process.wait(30)

    def computed(self) -> float:
        """Seconds of processor time that the server took so far; 0 where the system does not
        say."""
        process = (~self._process.pid << 3) | 2  # Linux' number for the clock of a process
        try:
            return time.clock_gettime(process)
        except OSError:
            return 0.0

    # Messages -------------------------------------------------------------------------------------

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while True:
            length = 0
            while line := stream.readline().strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not length:
                return
            self._take(json.loads(stream.read(length)))

    def _take(self, message: Any) -> None:
        if message.get("method") == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "error" in message:
            self._errors[message["id"]] = message["error"]
        elif "id" in message and "method" not in message:
            self._answers[message["id"]] = message.get("result")
        self._news.put(None)

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def tell(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: Any) -> Any:
        """Send a request and wait for its answer; an error raises `ValueError`."""
        self._count += 1
        number = self._count
        self._send({"id": number, "method": method, "params": params})
        self._until(lambda: number in self._answers or number in self._errors)
        if number in self._errors:
            raise ValueError(self._errors[number]["message"])
        return self._answers.pop(number)

    def _until(self, holds: Any) -> None:
        deadline = time.monotonic() + LIMIT
        while not holds():
            remaining = deadline - time.monotonic()
            assert remaining > 0, "the server did not answer"
            try:
                self._news.get(timeout=min(remaining, 1.0))
            except queue.Empty:
                assert self._process.poll() is None, "the server ended"

    # Documents ------------------------------------------------------------------------------------

    def uri(self, name: str) -> str:
        """The URI of a file of the folder."""
        return (self.folder / name).resolve().as_uri()

    def open(self, name: str, text: str) -> Document:
        """Open a document with this text."""
        uri = self.uri(name)
        self._versions[uri] = 1
        item = {"uri": uri, "languageId": "clef", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": item})
        return Document(self, uri, text)

    def change(self, uri: str, text: str) -> None:
        """Replace a document's text."""
        self._versions[uri] += 1
        self.diagnostics.pop(uri, None)
        document = {"uri": uri, "version": self._versions[uri]}
        self.tell(
            "textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]}
        )

    def messages(self, uri: str) -> list[Any]:
        """The diagnostics of a document, once they are there."""
        self._until(lambda: uri in self.diagnostics)
        return self.diagnostics[uri]


class Document:
    """An open document; places are named by text with `|` (or `¦`) at the caret."""

    def __init__(self, client: Client, uri: str, text: str) -> None:
        self.client = client
        self.uri = uri
        self.text = text

    def at(self, marked: str) -> dict[str, Any]:
        """Text document and position of the caret in `marked`, which occurs once."""
        before, _, after = marked.partition("¦" if "¦" in marked else "|")
        place = self.text.index(before + after)
        assert self.text.find(before + after, place + 1) < 0, f"{marked} is not unique"
        start = self.text[: place + len(before)]
        line = start.count("\n")
        character = len(start.rpartition("\n")[2].encode("utf-16-le")) // 2
        position = {"line": line, "character": character}
        return {"textDocument": {"uri": self.uri}, "position": position}

    def ask(self, method: str, marked: str, **more: Any) -> Any:
        """A request about a place."""
        return self.client.ask(f"textDocument/{method}", {**self.at(marked), **more})

    def whole(self, method: str, **more: Any) -> Any:
        """A request about the whole document."""
        return self.client.ask(
            f"textDocument/{method}", {"textDocument": {"uri": self.uri}, **more}
        )

    def write(self, text: str) -> None:
        """Replace the text."""
        self.text = text
        self.client.change(self.uri, text)

    def messages(self) -> list[Any]:
        """The document's diagnostics."""
        return self.client.messages(self.uri)

    def actions(self, marked: str) -> dict[str, str]:
        """Code actions at a place: the text that each would make, by title."""
        position = self.at(marked)["position"]
        found = self.whole(
            "codeAction", range={"start": position, "end": position}, context={"diagnostics": []}
        )
        return {action["title"]: self.edited(action["edit"]) for action in found}

    def edited(self, edit: Any) -> str:
        """The text of this document after a workspace edit."""
        lines = [*self.text.splitlines(keepends=True), ""]
        starts = [sum(map(len, lines[:i])) for i in range(len(lines))]

        def offset(position: Any) -> int:
            line = lines[position["line"]] if position["line"] < len(lines) else ""
            units = line.encode("utf-16-le")[: position["character"] * 2].decode("utf-16-le")
            return starts[min(position["line"], len(starts) - 1)] + len(units)

        text = self.text
        changes = edit["changes"].get(self.uri, [])
        for change in sorted(changes, key=lambda c: -offset(c["range"]["start"])):
            start, end = offset(change["range"]["start"]), offset(change["range"]["end"])
            text = text[:start] + change["newText"] + text[end:]
        return text
