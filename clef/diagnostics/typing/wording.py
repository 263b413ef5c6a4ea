"""Pieces of sentences that several messages about types have in common.

Comes in: names and numbers. Goes out: words.
"""

from __future__ import annotations

from clef.diagnostics.diagnostic import Label
from clef.source import Span


def did_you_mean(suggestion: str | None) -> str | None:
    """The hint that names something spelled alike."""
    return f"did you mean `{suggestion}`?" if suggestion else None


def with_reason(span: Span, text: str, reason: str, reason_span: Span | None) -> list[Label]:
    """The marked place, and where what it contradicts comes from."""
    labels = [Label(span, text)]
    if reason and reason_span is not None and reason_span != span:
        labels.append(Label(reason_span, reason, primary=False))
    return labels


def count(number: int, noun: str) -> str:
    """`2 arguments`, `no argument`."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def given(number: int) -> str:
    """How many were given, as a clause."""
    return (
        "none is given" if number == 0 else "1 is given" if number == 1 else f"{number} are given"
    )


def called(name: str) -> str:
    """A function by name, if it has one."""
    return f"`{name}`" if name else "this expression"


def listed(names: tuple[str, ...]) -> str:
    """Names in a sentence."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return ", ".join(quoted[:-1]) + " and " + quoted[-1]
