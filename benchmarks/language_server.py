"""How long an editor waits for the language server.

In: a generated project of 20,000 lines, typed into by a scripted client. Out: for each request the
median and the longest time from the keystroke to the answer, and how much of it the server
computed, which other processes on the machine do not change. Promises: the server runs as an editor
starts it; every measured request follows an edit of a function's body.

    python -m benchmarks.language_server [--lines N] [--rounds N]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.generate_project import Shape, generate
from tests.language_server.client import Client, Document

GOAL = 0.2
"""Seconds from a keystroke to its answer."""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.language_server")
    parser.add_argument("--lines", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=15)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = generate(Path(folder), Shape(lines=chosen.lines, files=chosen.lines // 1000))
        path = sorted(project.file.parent.glob("*.clef"))[0]
        with Client(project.file.parent) as client:
            started = time.perf_counter()
            document = client.open(path.name, path.read_text(encoding="utf-8"))
            document.messages()
            print(f"first messages {time.perf_counter() - started:.2f} s ({chosen.lines} lines)")
            for name, question in QUESTIONS.items():
                _report(name, [_timed(document, question, n) for n in range(chosen.rounds)])


def _timed(
    document: Document, question: Callable[[Document], Any], number: int
) -> tuple[float, float]:
    """Type a digit at the end of a function and ask at once: seconds, and those of computing."""
    place = document.text.rindex("total")
    line_end = document.text.index("\n", place)
    document.text = document.text[:line_end] + f" + {number % 10}" + document.text[line_end:]
    started, computed = time.perf_counter(), document.client.computed()
    document.write(document.text)
    question(document)
    return time.perf_counter() - started, document.client.computed() - computed


def _at_end(document: Document) -> dict[str, Any]:
    before = document.text[: document.text.rindex("total") + 2]
    position = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
    return {"textDocument": {"uri": document.uri}, "position": position}


QUESTIONS: dict[str, Callable[[Document], Any]] = {
    "completion": lambda d: d.client.ask("textDocument/completion", _at_end(d)),
    "hover": lambda d: d.client.ask("textDocument/hover", _at_end(d)),
    "definition": lambda d: d.client.ask("textDocument/definition", _at_end(d)),
    "colours": lambda d: d.whole("semanticTokens/full"),
    "messages": lambda d: d.messages(),
}


def _report(name: str, times: list[tuple[float, float]]) -> None:
    waited = [one[0] for one in times]
    median, longest = statistics.median(waited), max(waited)
    computed = statistics.median(one[1] for one in times)
    verdict = "ok" if median <= GOAL else f"missed (goal {GOAL:.1f} s)"
    print(
        f"{name:12} median {median * 1000:6.0f} ms, longest {longest * 1000:6.0f} ms,"
        f" computing {computed * 1000:6.0f} ms  {verdict}"
    )


if __name__ == "__main__":
    main()
