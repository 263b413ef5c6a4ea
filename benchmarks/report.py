"""The figures as tables and as JSON.

In: comparisons and budgets. Out: text for the terminal, Markdown for the documentation, JSON.
Promises: a ratio is what Clef takes divided by what the peer takes, so less than 1 is better for
Clef; a cell is empty where a program has no source in that language.
"""

from __future__ import annotations

import math
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.budgets import Budget
from benchmarks.comparison import Comparison, Variant


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that is compared."""

    key: str
    title: str
    unit: str
    absolute: Callable[[Variant], float]
    form: str


def figures(clock: str) -> list[Figure]:
    """Time by the chosen clock (`processor` or `seconds`), memory, size, time to compile."""
    time = "processor time" if clock == "processor" else "time by the wall clock"
    return [
        Figure(clock, time.capitalize(), "s", lambda v: getattr(v, clock), ".3f"),
        Figure("memory", "Peak memory", "MB", lambda v: v.memory / 1e6, ".1f"),
        Figure("size", "Size of the executable", "kB", lambda v: v.size / 1e3, ".1f"),
        Figure("compile_seconds", "Time to compile", "s", lambda v: v.compile_seconds, ".2f"),
    ]


INSTRUCTIONS = Figure(
    "instructions", "Instructions", "million", lambda v: v.instructions / 1e6, ".1f"
)

Row = list[str]


def table(comparisons: Sequence[Comparison], figure: Figure, peers: Sequence[str]) -> list[Row]:
    """The heading, a row for each program, and the geometric means."""
    shown = [name for name in peers if any(c.ratio(name, figure.key) for c in comparisons)]
    rows = [["program", f"Clef {figure.unit}", *(f"/ {name}" for name in shown)]]
    for comparison in comparisons:
        if not comparison.clef.measured:
            continue
        ratios = [_ratio(comparison.ratio(name, figure.key)) for name in shown]
        absolute = format(figure.absolute(comparison.clef), figure.form)
        rows.append([comparison.program.name, absolute, *ratios])
    means = [_ratio(mean(comparisons, name, figure.key)) for name in shown]
    return [*rows, ["geometric mean", "", *means]]


def mean(comparisons: Sequence[Comparison], name: str, key: str) -> float | None:
    """The geometric mean of the ratios to one peer."""
    ratios = [ratio for c in comparisons if (ratio := c.ratio(name, key))]
    return math.exp(sum(map(math.log, ratios)) / len(ratios)) if ratios else None


def pauses(comparisons: Sequence[Comparison]) -> list[Row]:
    """The longest pauses, for programs that measure them."""
    rows = [["program", "language", "longest ms", "peak MB"]]
    for comparison in comparisons:
        for variant in comparison.variants:
            if variant.measured and variant.pause is not None:
                longest, memory = f"{variant.pause * 1e3:.1f}", f"{variant.memory / 1e6:.0f}"
                rows.append([comparison.program.name, variant.peer.name, longest, memory])
    return rows if len(rows) > 1 else []


def budget_rows(budgets: Sequence[Budget]) -> list[Row]:
    """Name, value, limit, whether it is met."""
    rows = [["budget", "value", "limit", ""]] if budgets else []
    for budget in budgets:
        sign = "at least" if budget.at_least else "at most"
        value = f"{budget.value:,.4g} {budget.unit}"
        if budget.problem:
            value = budget.problem.split("\n")[0][:80]
        limit = f"{sign} {budget.limit:,g}"
        rows.append([budget.name, value, limit, "ok" if budget.met else "missed"])
    return rows


def as_text(rows: Sequence[Row]) -> str:
    """A table with aligned columns; all but the first are set to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))] if rows else []
    lines: list[str] = []
    for row in rows:
        cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        cells[0] = row[0].ljust(widths[0])
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def as_markdown(rows: Sequence[Row]) -> str:
    """A table in Markdown."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    rule = "|---|" + "---:|" * (len(rows[0]) - 1)
    return "\n".join([lines[0], rule, *lines[1:]])


def as_json(comparisons: Sequence[Comparison], budgets: Sequence[Budget]) -> dict[str, object]:
    """Everything that was measured."""
    return {
        "version": 2,
        "machine": platform.machine(),
        "python": platform.python_version(),
        "programs": [_comparison_as_json(comparison) for comparison in comparisons],
        "budgets": [budget.as_json() for budget in budgets],
    }


def _comparison_as_json(comparison: Comparison) -> dict[str, object]:
    return {
        "name": comparison.program.name,
        "section": comparison.program.section,
        "languages": {v.peer.name: _variant_as_json(v) for v in comparison.variants},
        "processor_ratios": {name: comparison.ratio(name) for name in comparison.others},
    }


def _variant_as_json(variant: Variant) -> dict[str, object]:
    if not variant.measured:
        return {"problem": variant.problem}
    return {
        "seconds": variant.seconds,
        "processor": variant.processor,
        "memory": variant.memory,
        "size": variant.size,
        "compile_seconds": variant.compile_seconds,
        "instructions": variant.instructions,
        "pause": variant.pause,
    }


def _ratio(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"
