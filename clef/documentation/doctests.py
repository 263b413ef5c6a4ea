"""The examples in comments, run as tests.

Comes in: documented modules and the sources of their project. Goes out: a `Checked` for each
example. Promises: an example runs in a session that has the whole project, its own module open; it
passes when it compiles, raises nothing, and gives what it shows: `//> text` is a line of output,
and what follows a line that begins with `> ` is the prompt's answer to it.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence

from clef.data_classes import dataclass, field
from clef.diagnostics.look import Look
from clef.documentation.items import Item, Module
from clef.documentation.markup import Example, examples_of
from clef.repl.conversation import Conversation
from clef.repl.engine import Engine
from clef.repl.process import Runner
from clef.source import SourceFile


@dataclass(slots=True)
class Tested:
    """One example; `problems` is empty when it passed."""

    name: str
    place: str
    problems: list[str] = field(default_factory=list[str])


class _Session:
    """A session whose output can be read."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (it is closed with the session)
        self._read = 0
        number = self._file.fileno()
        self.conversation = Conversation(Engine(Runner(number, number)), Look(), "short")

    def output(self) -> str:
        """What has been printed since the last time."""
        size = os.fstat(self._file.fileno()).st_size
        data = os.pread(self._file.fileno(), size - self._read, self._read)
        self._read = size
        return data.decode("utf-8", "replace")

    def close(self) -> None:
        self.conversation.engine.stop()
        self._file.close()


def run_examples(
    modules: Sequence[Module], sources: Mapping[str, SourceFile], part: str = ""
) -> Iterator[Tested]:
    """All examples whose item has `part` in its name."""
    wanted = [one for one in _examples(modules, sources) if part in one[1].name]
    if not wanted:
        return
    session = _Session()
    try:
        problem = _load(session, sources)
        for module, tested, example in wanted:
            tested.problems = [problem] if problem else _run(session, module, example)
            yield tested
    finally:
        session.close()


def _examples(
    modules: Sequence[Module], sources: Mapping[str, SourceFile]
) -> Iterator[tuple[Module, Tested, Example]]:
    for module in modules:
        yield from _of(module, module.name, module.comment, module, sources)
        for item in module.items:
            for one in (item, *item.inner):
                name = one.symbol if one is item else f"{item.symbol}.{one.name}"
                yield from _of(module, name, one.comment, one, sources)


def _of(
    module: Module,
    name: str,
    comment: str,
    owner: Item | Module,
    sources: Mapping[str, SourceFile],
) -> Iterator[tuple[Module, Tested, Example]]:
    span = owner.span
    source = sources.get(span.path) if span is not None else None
    line = source.position(span.start)[0] if source is not None and span is not None else 0
    for number, example in enumerate(examples_of(comment), 1):
        if example.is_run:
            place = f"{source.path}:{line}" if source is not None else ""
            yield module, Tested(f"{name} example {number}", place), example


def _load(session: _Session, sources: Mapping[str, SourceFile]) -> str:
    """Make the project known to the session."""
    for source in sources.values():
        outcome = session.conversation.engine.evaluate(source.text, source.path)
        if outcome.status != "done":
            return f"`{source.path}` cannot be loaded: {outcome.status}"
    session.output()
    return ""


def _run(session: _Session, module: Module, example: Example) -> list[str]:
    opened = session.conversation.respond(f"open {module.name}")
    if opened.is_mistake and "RequireQualifiedAccess" not in opened.errors:
        return opened.errors.splitlines()[:5]
    if re.search(r"^> ", example.text, re.M):
        return _talk(session, example.text)
    return _program(session, example.text)


def _program(session: _Session, text: str) -> list[str]:
    """A block of code with its output in comments."""
    expected = re.findall(r"^[ \t]*//> ?(.*)$", text, re.M)
    reply = session.conversation.respond(text)
    output = session.output()
    if reply.is_mistake:
        return [*reply.errors.splitlines()[:5], *output.splitlines()[:3]]
    shown = output.splitlines()
    if expected and shown != expected:
        return [f"it should print {expected}, and prints {shown}"]
    return []


def _talk(session: _Session, text: str) -> list[str]:
    """Inputs behind `> `, each with the prompt's answer."""
    for asked, expected in _steps(text):
        reply = session.conversation.respond(asked)
        shown = (session.output() + reply.output).strip()
        if reply.is_mistake and not expected:
            return reply.errors.splitlines()[:5]
        if expected and shown != expected and not reply.is_mistake:
            return [f"`{asked.strip()}` should give `{expected}`, and gives `{shown}`"]
        if reply.is_mistake and expected not in reply.errors + shown:
            return reply.errors.splitlines()[:5]
    return []


def _steps(text: str) -> list[tuple[str, str]]:
    steps: list[tuple[list[str], list[str]]] = []
    for line in text.splitlines():
        if line.startswith("> "):
            steps.append(([line[2:]], []))
        elif line.startswith("- ") and steps and not steps[-1][1]:
            steps[-1][0].append(line[2:])
        elif steps:
            steps[-1][1].append(line)
    return [("\n".join(asked) + "\n", "\n".join(told).strip()) for asked, told in steps]
