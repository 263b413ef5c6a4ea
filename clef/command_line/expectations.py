"""What a test program says about itself, in comments at the beginning of lines.

Comes in: the text of a program. Goes out: an `Expectation`. Promises: a program without such
comments expects nothing and is no test; an unknown or malformed `//!` comment is reported as a
mistake of the test.
"""

from __future__ import annotations

import shlex

from clef.data_classes import dataclass, field


@dataclass(slots=True)
class Expectation:
    """How to run a program and what it must do. `mistakes` are comments that make no sense."""

    output: str = ""
    errors: list[str] = field(default_factory=list[str])
    input: str = ""
    arguments: list[str] = field(default_factory=list[str])
    exit_code: int = 0
    is_test: bool = False
    mistakes: list[str] = field(default_factory=list[str])


def read_expectation(text: str) -> Expectation:
    """The expectation that a program's comments state."""
    expectation = Expectation()
    lines: list[str] = []
    ends = "\n"
    for line in text.splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "//>":
            lines.append(rest)
        elif mark == "//2>":
            expectation.errors.append(rest)
        elif mark == "//<":
            expectation.input += rest + "\n"
        elif mark == "//@":
            _arguments(expectation, rest)
        elif mark == "//!":
            if rest.strip() == "no newline":
                ends = ""
            else:
                _exit_code(expectation, rest)
        else:
            continue
        expectation.is_test = True
    expectation.output = "\n".join(lines) + ends if lines else ""
    return expectation


def _arguments(expectation: Expectation, rest: str) -> None:
    try:
        expectation.arguments += shlex.split(rest)
    except ValueError as error:
        expectation.mistakes.append(f"`//@ {rest}`: {str(error).lower()}")


def _exit_code(expectation: Expectation, rest: str) -> None:
    word, _, number = rest.strip().partition(" ")
    if word == "exit" and number.strip().isdecimal():
        expectation.exit_code = int(number)
    else:
        expectation.mistakes.append(f"`//! {rest}`: neither `exit N` nor `no newline`")


def differences(expectation: Expectation, output: str, errors: str, exit_code: int) -> list[str]:
    """In which respects a run was not what was expected, one a line; nothing if it passed."""
    found = list(expectation.mistakes)
    if exit_code != expectation.exit_code:
        found.append(f"exit code {exit_code} instead of {expectation.exit_code}")
        found += [f"standard error: {line}" for line in errors.splitlines()[-5:]]
    if output != expectation.output:
        found += _first_difference(expectation.output, output)
    for part in expectation.errors:
        if part not in errors:
            found.append(f"standard error does not contain {part!r}")
    return found


def _first_difference(expected: str, actual: str) -> list[str]:
    wanted, got = _lines(expected), _lines(actual)
    for number, (left, right) in enumerate(zip(wanted, got, strict=False), 1):
        if left != right:
            head = f"line {number} of the output:"
            return [head, f"  expected {left!r}", f"  found    {right!r}"]
    if len(got) > len(wanted):
        head = f"{len(got) - len(wanted)} more lines of output than expected:"
        return [head, f"  found    {got[len(wanted)]!r}"]
    if len(got) < len(wanted):
        return [f"the output ends after line {len(got)}:", f"  expected {wanted[len(got)]!r}"]
    ends = "ends" if actual.endswith("\n") else "does not end"
    return [f"the last line of the output {ends} with a line break"]


def _lines(text: str) -> list[str]:
    """The lines without their ends; a line break at the end begins no further line."""
    lines = text.split("\n")
    return lines[:-1] if not lines[-1] else lines
