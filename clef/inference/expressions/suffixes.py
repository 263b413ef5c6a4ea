"""The spine of a chain as a head and a list of suffixes.

Comes in: nested applications, dots, indices and type applications. Goes out: what stands at the far
left, and what follows it,
in source order. Promises: walks in a loop, so that long chains need no deep stack.
"""

from __future__ import annotations

from clef.data_classes import dataclass, field
from clef.names.entities import LocalResolution, Resolution
from clef.source import Span
from clef.syntax import tree


@dataclass(slots=True)
class Suffix:
    """One step: kind is apply, name, types or index."""

    kind: str
    span: Span
    argument: tree.Expression | None = None
    name: tree.Name | None = None
    types: list[tree.TypeExpression] = field(default_factory=list[tree.TypeExpression])
    indices: list[tree.Expression] = field(default_factory=list[tree.Expression])
    is_dotted: bool = True
    is_adjacent: bool = False


def parts_of(resolution: object) -> int:
    """How many parts of a dotted name a resolution covers."""
    if isinstance(resolution, LocalResolution) or resolution is None:
        return 1
    return resolution.parts if isinstance(resolution, Resolution) else 1


def flatten(node: tree.Expression) -> tuple[tree.Expression, list[Suffix]]:
    """The head and the suffixes of a chain."""
    reversed_: list[Suffix] = []
    here = node
    while True:
        if isinstance(here, tree.Application):
            is_adjacent = here.form is tree.ApplicationForm.ADJACENT
            reversed_.append(
                Suffix("apply", here.span, argument=here.argument, is_adjacent=is_adjacent)
            )
            here = here.function
        elif isinstance(here, tree.DotGet):
            for name in reversed(here.name.parts):
                reversed_.append(Suffix("name", here.target.span.to(name.span), name=name))
            here = here.target
        elif isinstance(here, tree.DotIndex):
            reversed_.append(
                Suffix("index", here.span, indices=here.indices, is_dotted=here.is_dotted)
            )
            here = here.target
        elif isinstance(here, tree.TypeApplication):
            reversed_.append(Suffix("types", here.span, types=here.arguments))
            here = here.function
        elif isinstance(here, tree.Paren) and isinstance(here.expression, tree.Identifier):
            here = here.expression
        else:
            break
    if isinstance(here, tree.Identifier):
        used = max(parts_of(here.resolution), 1)
        for name in reversed(here.name.parts[used:]):
            reversed_.append(Suffix("name", here.span.to(name.span), name=name))
    reversed_.reverse()
    return here, reversed_
