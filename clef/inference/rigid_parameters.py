"""Written type parameters stay within their definition.

Comes in: the parameters that a binding or a member of an object expression declares. Goes out: a
report for each that became the type of something outside, so that the definition is not generic in
it (F# FS0670). Promises: unification only notes what escapes, and only of those declared here.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.diagnostics.typing.generality import EscapingParameter
from clef.inference.state import Checker
from clef.inference.types import TypeParameter
from clef.source import Span


def hold(c: Checker, parameters: Iterable[TypeParameter]) -> None:
    """From here on nothing below the current level may become one of these."""
    for parameter in parameters:
        c.rigid[parameter.id] = c.level


def release(c: Checker, parameters: Iterable[TypeParameter], span: Span) -> None:
    """The definition is checked; report what escaped."""
    for parameter in parameters:
        level = c.rigid.pop(parameter.id, 0)
        if level and parameter.id in c.escaped:
            c.escaped.discard(parameter.id)
            c.report(EscapingParameter(span, parameter.name))
