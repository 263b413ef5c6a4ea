"""Members that were looked for in vain.

Comes in: the type, the name, the names that would do. Goes out: a diagnostic. Promises: what .NET
has under this name is told apart from what nobody has.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.diagnostics.provision import NotProvided
from clef.diagnostics.spelling import closest
from clef.diagnostics.typing import UnknownMember
from clef.inference.members import hierarchy
from clef.inference.state import Checker
from clef.inference.type_text import show
from clef.inference.types import Type
from clef.names.dotnet_names import member_elsewhere
from clef.syntax import tree


def report_unknown_member(
    c: Checker, type: Type, name: tree.Name, known: Iterable[str], interface: str | None = None
) -> None:
    """Say that a type has no such member; `interface` has it, and the type implements that."""
    if interface is None:
        for owner in hierarchy(c, type):
            elsewhere = member_elsewhere(owner.symbol, name.text)
            if elsewhere is not None:
                c.report(NotProvided(name.span, elsewhere))
                return
    suggestion = closest(name.text, known)
    c.report(UnknownMember(name.span, show(type), name.written, suggestion, interface))
