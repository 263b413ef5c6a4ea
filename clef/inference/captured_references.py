"""References that functions inside of others would take with them.

Comes in: the definitions of a file that has references, finished. Goes out: a report for each use
of a reference or span in a function, object expression or comprehension that is not the one it
belongs to (F# FS0406). Promises: a name that is bound inside belongs there.
"""

from __future__ import annotations

from clef.data_classes import dataclass, field
from clef.diagnostics.typing.restrictions import CapturedReference
from clef.inference import typed_tree as typed
from clef.inference.short_lived import is_short_lived
from clef.inference.state import Checker
from clef.inference.types import NamedType
from clef.inference.uses import below


def check_captured_references(c: Checker) -> None:
    """Look at code in which there may be references: also members of structs have one, `this`."""
    for definition in c.file.definitions.values():
        this = _struct(c, definition)
        if not c.has_references and this is None:
            continue
        found = _Depths()
        body = definition.body
        if isinstance(body, typed.Lambda):  # one function of all parameters
            found.walk([*definition.parameters, body.parameters, body.body])
        else:
            found.walk([*definition.parameters, body])
        for use, depth in found.uses:
            if depth == found.bound.get(use.local, depth):
                continue
            if use.local is this or is_short_lived(c, use.type):
                c.report(CapturedReference(use.span, use.local.name))


def _struct(c: Checker, definition: typed.Definition) -> typed.Local | None:
    """The object of a member of a struct."""
    if definition.is_static or not definition.parameters:
        return None
    this = definition.parameters[0]
    if not isinstance(this, typed.VariablePattern) or not isinstance(this.type, NamedType):
        return None
    owner = c.type_named(this.type.symbol)
    return this.local if owner is not None and owner.is_struct else None


@dataclass(slots=True)
class _Depths:
    """How many functions are around each name where it is bound, and where it is used."""

    bound: dict[typed.Local, int] = field(default_factory=dict[typed.Local, int])
    uses: list[tuple[typed.LocalReference, int]] = field(
        default_factory=list[tuple[typed.LocalReference, int]]
    )

    def walk(self, roots: list[object]) -> None:
        """Everything below; one function of several argument groups is one function."""
        pending: list[tuple[object, int]] = [(root, 0) for root in roots]
        while pending:
            node, depth = pending.pop()
            match node:
                case typed.LocalReference():
                    self.uses.append((node, depth))
                case typed.Local():
                    self.bound[node] = depth
                case typed.LocalBinding() if node.parameters:
                    pending += [(node.pattern, depth), (node.parameters, depth + 1)]
                    pending.append((node.body, depth + 1))
                case typed.Lambda() | typed.Comprehension() | typed.ObjectMember():
                    pending += [(one, depth + 1) for one in below(node)]
                case _:
                    pending += [(one, depth) for one in below(node)]
