"""Which checks of a program were removed, which remain, and why.

Comes in: a program before `drop_proven`, and the paths of the files that are asked about. Goes out:
for each function its checks, as an optimised build treats them. Promises: every check of the user's
code is there once for each function that was made of it, in the order of the source; what is
lowered in place of a call of the library's counts there, all else of the library by itself; what a
release removes is what this says, because both read the same ranges.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from clef.data_classes import dataclass, field
from clef.deep_stack import run_deep
from clef.source import Span, in_library
from clef.typed_core import core
from clef.typed_core.checks import remaining_checks
from clef.typed_core.core import Function, Program
from clef.typed_core.loop_versions import versioned_accesses
from clef.value_ranges.analysis import find_ranges
from clef.value_ranges.rewriting import drop_proven
from clef.value_ranges.state import Found, Verdict

KINDS = {
    "index": "index",
    "zero": "division by zero",
    "overflow": "overflow",
    "size": "negative size",
    "null": "null",
}
"""The checks as users call them, by their names in the core."""
STATES = ("proven", "versioned", "remaining")


@dataclass(frozen=True, slots=True)
class Check:
    """A check at a place. `state`: "proven" (there is no code for it), "versioned" (asked once
    before a loop), or "remaining"; then `reason` says what is not known.
    """

    span: Span
    kind: str
    state: str
    reason: str = ""


@dataclass(slots=True)
class FunctionChecks:
    """The checks of one function of the compiled program."""

    name: str
    span: Span
    checks: list[Check] = field(default_factory=list[Check])

    def count(self, state: str) -> int:
        """How many checks are in this state."""
        return sum(check.state == state for check in self.checks)


def checks_report(program: Program, paths: Collection[str], part: str = "") -> list[FunctionChecks]:
    """The functions of these files whose name contains `part` and that have checks."""
    return run_deep(lambda: _report(program, lambda path: path in paths, part))


def checks_with_library(
    program: Program, paths: Collection[str], part: str = ""
) -> tuple[list[FunctionChecks], list[FunctionChecks]]:
    """The functions of these files whose name contains `part`, and those of the library that the
    program uses, unless a part is asked for."""
    if part:
        return checks_report(program, paths, part), []
    every = run_deep(lambda: _report(program, lambda path: path in paths or in_library(path), ""))
    own = [one for one in every if one.span.path in paths]
    return own, [one for one in every if one.span.path not in paths]


def _report(program: Program, asked: Callable[[str], bool], part: str) -> list[FunctionChecks]:
    ranges = find_ranges(program)
    versioned = _versioned(drop_proven(program, ranges), asked)
    found: list[FunctionChecks] = []
    for name, function in program.functions.items():
        span = function.span
        if span is None or not asked(span.path) or part not in function.display_name:
            continue
        found_here = ranges.get(name) or _unread(program, function)
        checks = _checks(function, found_here, versioned.get(name, set()))
        if checks:
            found.append(FunctionChecks(function.display_name, span, checks))
    return sorted(found, key=lambda one: (one.span.path, one.span.start, one.name))


def _unread(program: Program, function: Function) -> Found:
    """Of a function that was too large to be read, every check remains."""
    found = Found()
    for node in _primitives(function):
        checks = [name for name in remaining_checks(program, node) if name in KINDS]
        if checks:
            why = "the function is too large to be looked into"
            found.verdicts[node.id] = Verdict((), tuple((name, why) for name in checks))
    return found


def _versioned(program: Program, asked: Callable[[str], bool]) -> dict[str, set[Span]]:
    """The places of accesses in loops that are made twice."""
    found: dict[str, set[Span]] = {}
    for name, function in program.functions.items():
        if function.span is None or not asked(function.span.path):
            continue
        nodes = versioned_accesses(program, function)
        if nodes:
            spans = {one.id: one.span for one in _primitives(function)}
            found[name] = {span for id, span in spans.items() if id in nodes and span is not None}
    return found


def _checks(function: Function, found: Found, versioned: set[Span]) -> list[Check]:
    """One check for each place and kind: the worst of those there."""
    worst: dict[tuple[Span, str], Check] = {}
    assert function.span is not None
    for node in _primitives(function):
        verdict = found.verdicts.get(node.id)
        if verdict is None or node.span is None or node.span.path != function.span.path:
            continue
        states = [(name, "proven", "") for name in verdict.proven if name in KINDS]
        for name, reason in verdict.remaining:
            is_asked = name == "index" and node.span in versioned
            states.append((name, "versioned" if is_asked else "remaining", reason))
        for name, state, reason in states:
            check = Check(node.span, KINDS[name], state, reason)
            known = worst.setdefault((node.span, name), check)
            if STATES.index(state) > STATES.index(known.state):
                worst[node.span, name] = check
    return sorted(worst.values(), key=lambda one: (one.span.start, one.span.end, one.kind))


def _primitives(function: Function) -> Iterator[core.Primitive]:
    stack: list[core.Expression] = [function.body]
    while stack:
        node = stack.pop()
        if isinstance(node, core.Primitive):
            yield node
        stack.extend(core.children(node))


def totals(reports: Collection[FunctionChecks]) -> dict[str, int]:
    """How many checks are in each state, in all."""
    return {state: sum(report.count(state) for report in reports) for state in STATES}
