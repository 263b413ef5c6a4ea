"""Members that were looked for in vain.

Comes in: the type, the name, the names that would do. Goes out: a diagnostic. Promises: what .NET
has under this name is told apart from what nobody has.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.diagnostics.provision import NotProvided
from clef.diagnostics.spelling import closest
from clef.diagnostics.typing import UnknownMember
from clef.inference.members import hierarchy, module_of_extension
from clef.inference.state import Checker
from clef.inference.type_text import show
from clef.inference.types import Type
from clef.inference.well_known import SEQ
from clef.names.dotnet_names import member_elsewhere, members_by_path
from clef.syntax import tree


def report_unknown_member(
    c: Checker, type: Type, name: tree.Name, known: Iterable[str], interface: str | None = None
) -> None:
    """Say that a type has no such member; `interface` has it, and the type implements that."""
    opening = module_of_extension(c, type, name.text)
    if interface is None and opening is None:
        for owner in hierarchy(c, type):
            elsewhere = member_elsewhere(owner.symbol, name.text)
            if elsewhere is not None and not _is_function(owner.symbol, name.text):
                c.report(NotProvided(name.span, elsewhere))
                return
    suggestion = closest(name.text, known)
    function = _function_for(c, type, name.text)
    if suggestion is not None and suggestion.casefold() == name.text.casefold():
        function = None
    c.report(
        UnknownMember(name.span, show(type), name.written, suggestion, interface, opening, function)
    )


_MODULES = {
    "System.Array`1": ("Microsoft.FSharp.Collections.Array", "Array"),
    "System.String": ("Microsoft.FSharp.Core.String", "String"),
    SEQ: ("Microsoft.FSharp.Collections.Seq", "Seq"),
}


def _is_function(owner: str, name: str) -> bool:
    """Types and modules of one name, such as `List`, share an entry of .NET's names; functions
    begin with a small letter and members do not.
    """
    return owner.startswith("Microsoft.FSharp.") and name[:1].islower()


def _function_for(c: Checker, type: Type, name: str) -> str | None:
    """The function of the type's module, where one has this name: `List.map` for `xs.map`."""
    for owner in hierarchy(c, type):
        path = owner.symbol.partition("`")[0]
        path, written = _MODULES.get(owner.symbol, (path, path.rpartition(".")[2]))
        if name[:1].islower() and name in members_by_path().get(path, ()):
            return f"{written}.{name}"
    return None
