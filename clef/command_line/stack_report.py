"""How deep the stack can get, for people and for tools.

Comes in: depths of entry points and the sources. Goes out: text, or JSON. Promises: steps are in
the order of the calls.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from clef.backends.stack_depth import Depth, Step
from clef.source import SourceFile

Sources = Mapping[str, SourceFile]


def as_text(depths: Sequence[Depth], sources: Sources) -> str:
    """A paragraph for each entry point, a line for each step."""
    return "\n".join(_paragraph(depth, sources) for depth in depths)


def _paragraph(depth: Depth, sources: Sources) -> str:
    if depth.size is None:
        lines = [f"{depth.entry}: no bound: {depth.reason}"]
    else:
        lines = [f"{depth.entry}: {depth.size:,} bytes at most"]
    lines += [f"  {step.size:>8,}  {step.name}{_place(step, sources)}" for step in depth.steps]
    if depth.foreign:
        lines.append(f"  on top comes what C functions take: {', '.join(depth.foreign)}")
    return "\n".join(lines) + "\n"


def _position(step: Step, sources: Sources) -> tuple[str, int, int] | None:
    source = sources.get(step.span.path) if step.span is not None else None
    if source is None or step.span is None:
        return None
    return (step.span.path, *source.position(step.span.start))


def _place(step: Step, sources: Sources) -> str:
    found = _position(step, sources)
    return f"  {found[0]}:{found[1]}:{found[2]}" if found else ""


def as_json(depths: Sequence[Depth], sources: Sources) -> str:
    """The same as data; `bytes` is null without a bound."""
    data = [
        {
            "entry": depth.entry,
            "bytes": depth.size,
            "reason": depth.reason or None,
            "foreign": depth.foreign,
            "steps": [_step(step, sources) for step in depth.steps],
        }
        for depth in depths
    ]
    return json.dumps(data, indent=2) + "\n"


def _step(step: Step, sources: Sources) -> dict[str, object]:
    found = _position(step, sources) or (None, None, None)
    file, line, column = found
    return {
        "function": step.name,
        "bytes": step.size,
        "file": file,
        "line": line,
        "column": column,
    }
