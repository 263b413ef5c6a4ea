"""Where messages go.

Comes in: findings, and what the user chose. Goes out: text on standard error, or on standard output
for the formats that programs read. Promises: one closing line per run; nothing but errors when
quiet; a closed pipe is not an error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

import clef
from clef.command_line.settings import Settings
from clef.data_classes import dataclass

if TYPE_CHECKING:
    from clef.diagnostics.diagnostic import Diagnostic
    from clef.diagnostics.look import Look
    from clef.diagnostics.sources import Sources

_FOR_PROGRAMS = ("json", "sarif", "github")


@dataclass(slots=True)
class Output:
    """The messages of one command. A command that runs a program leaves standard output to it."""

    settings: Settings
    leave_stdout: bool = False

    @property
    def look(self) -> Look:
        """How messages look on the stream they go to."""
        from clef.diagnostics.look import look_of

        return look_of(self.stream(), self.settings.color, os.environ)

    def stream(self) -> TextIO:
        """Standard error, except for what other programs read."""
        if self.settings.message_format in _FOR_PROGRAMS and not self.leave_stdout:
            return sys.stdout
        return sys.stderr

    @property
    def for_people(self) -> bool:
        """Whether remarks beside the messages are welcome."""
        return self.settings.message_format in ("human", "short") and self.settings.verbosity >= 0

    def write(self, text: str) -> None:
        """Text as it is; what the encoding cannot carry is escaped."""
        stream = self.stream()
        encoding = getattr(stream, "encoding", None) or "utf-8"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()

    def remark(self, verb: str, text: str) -> None:
        """A line about progress, for people only."""
        if self.for_people:
            self.write(self.look.paint(f"{verb:>11}", "hint") + f" {text}\n")

    def report(self, diagnostics: Sequence[Diagnostic], sources: Sources) -> None:
        """All messages of a run."""
        if not diagnostics and self.settings.message_format != "sarif":
            return
        from clef.diagnostics.diagnostic import Severity
        from clef.diagnostics.report import messages

        shown = diagnostics
        if self.settings.verbosity < 0:
            shown = [d for d in diagnostics if d.severity is Severity.ERROR]
        style = self.settings.message_format
        text = messages(shown, sources, style, self.look, self.settings.limit, clef.__version__)
        if text:
            self.write(text)

    def close(self, diagnostics: Sequence[Diagnostic], files: int, seconds: float) -> None:
        """The closing line of a run."""
        style = self.settings.message_format
        if self.settings.verbosity < 0 and style not in _FOR_PROGRAMS:
            return
        from clef.diagnostics.report import closing

        text = closing(diagnostics, files, style, self.look, seconds)
        if text and style == "human" and diagnostics:
            text = "\n" + text
        self.write(text)


def fail(title: str, hint: str = "", more: str = "", color: str = "auto") -> None:
    """An error that has no place in any file, such as a wrong option."""
    from clef.diagnostics.look import look_of

    look = look_of(sys.stderr, color, os.environ)
    lines = [look.paint("error", "error") + look.paint(f": {title}", "title")]
    if hint:
        lines.append(f"   {look.paint('hint:', 'hint')} {hint}")
    if more:
        lines.append(look.paint(f"   more: {more}", "faint"))
    encoding = sys.stderr.encoding or "utf-8"
    text = "\n".join(lines) + "\n"
    sys.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding))
