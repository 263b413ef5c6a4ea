"""What a test program says about itself.

In: the text of a program whose special comments, each at the start of a line, state how it is
run and what it must do. Out: an `Expectation` and the source without those comments. Promises:
`parse(text)` never fails on text without such comments, and `render(source, expectation)` gives a
text that parses back to the same two things.

    //> text        one exact line of standard output (`//>` alone is an empty line)
    //2> text       a piece of text that standard error must contain
    //< text        one line of standard input
    //@ a "b c"     the program's arguments, quoted as in a shell
    //! exit 3      the exit code, 0 unless stated
    //! no newline  the last line of output does not end in a newline
    //# not-reference: why   the F# 4.7 compiler cannot judge this program
    //# native-only: why     what the program needs, other targets do not have
    //# clef: remark         a remark for the reader
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field

MARKS = ("//>", "//2>", "//<", "//@", "//!", "//#")
NOT_REFERENCE = "not-reference:"
NATIVE_ONLY = "native-only:"
CIRCLE = "circle:"
"""A remark: cells that hold each other are left at the end."""


@dataclass(slots=True)
class Expectation:
    """How a program is run and what it must do."""

    stdout: str = ""
    stderr_parts: list[str] = field(default_factory=list[str])
    stdin: str = ""
    arguments: list[str] = field(default_factory=list[str])
    exit_code: int = 0
    not_reference: str | None = None
    native_only: str | None = None
    remarks: list[str] = field(default_factory=list[str])
    has_output_lines: bool = False

    @property
    def leaves_cells(self) -> bool:
        """Whether heap cells are left at the end."""
        return any(remark.startswith(CIRCLE) for remark in self.remarks)


def split_mark(line: str) -> tuple[str, str] | None:
    """Give the mark and the text behind it (less one blank), or None for an ordinary line."""
    for mark in MARKS:
        if line.startswith(mark):
            rest = line[len(mark) :]
            return mark, rest[1:] if rest.startswith(" ") else rest
    return None


def parse(text: str) -> tuple[str, Expectation]:
    """Separate a program's text into its source and its expectation."""
    source: list[str] = []
    output: list[str] = []
    expectation = Expectation()
    ends_in_newline = True
    for line in text.split("\n"):
        marked = split_mark(line)
        if marked is None:
            source.append(line)
            continue
        mark, rest = marked
        if mark == "//>":
            output.append(rest)
        elif mark == "//!" and rest.strip() == "no newline":
            ends_in_newline = False
        else:
            _take(expectation, mark, rest)
    expectation.has_output_lines = bool(output)
    expectation.stdout = "\n".join(output)
    if output and ends_in_newline:
        expectation.stdout += "\n"
    return "\n".join(source).rstrip("\n") + "\n", expectation


def _take(expectation: Expectation, mark: str, rest: str) -> None:
    if mark == "//2>":
        expectation.stderr_parts.append(rest)
    elif mark == "//<":
        expectation.stdin += rest + "\n"
    elif mark == "//@":
        expectation.arguments.extend(shlex.split(rest))
    elif mark == "//!":
        expectation.exit_code = int(rest.removeprefix("exit").strip())
    elif rest.startswith(NOT_REFERENCE):
        expectation.not_reference = rest.removeprefix(NOT_REFERENCE).strip()
    elif rest.startswith(NATIVE_ONLY):
        expectation.native_only = rest.removeprefix(NATIVE_ONLY).strip()
    else:
        expectation.remarks.append(rest)


def render(source: str, expectation: Expectation) -> str:
    """Write a program's text with its expectation behind the source."""
    lines = [f"//# {remark}" for remark in expectation.remarks]
    if expectation.not_reference is not None:
        lines.append(f"//# {NOT_REFERENCE} {expectation.not_reference}")
    if expectation.native_only is not None:
        lines.append(f"//# {NATIVE_ONLY} {expectation.native_only}")
    if expectation.arguments:
        lines.append("//@ " + shlex.join(expectation.arguments))
    lines += [_marked("//<", line) for line in expectation.stdin.split("\n")[:-1]]
    if expectation.exit_code:
        lines.append(f"//! exit {expectation.exit_code}")
    lines += [_marked("//2>", part) for part in expectation.stderr_parts]
    output = expectation.stdout
    if output and not output.endswith("\n"):
        lines.append("//! no newline")
        output += "\n"
    lines += [_marked("//>", line) for line in output.split("\n")[:-1]]
    return source.rstrip("\n") + "\n\n" + "\n".join(lines) + "\n"


def _marked(mark: str, text: str) -> str:
    return f"{mark} {text}" if text else mark
