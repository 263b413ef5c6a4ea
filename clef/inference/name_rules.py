"""Names that a type has already: its fields and cases, and what F# generates for them.

Comes in: a definition whose members are known. Goes out: a report for each member that is named as
one of these (F# FS0023), or that takes what a generated method of its name takes (FS0438).
Promises: names are compared only with those that the type has itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.diagnostics.typing import DuplicateMember, MisplacedPart
from clef.diagnostics.typing.definitions import ClashingMember
from clef.inference.signatures import MemberSignature, TypeSignature
from clef.inference.state import Checker
from clef.inference.type_shells import Draft
from clef.inference.unification import prune
from clef.inference.well_known import EXCEPTION, OBJECT
from clef.source import in_library

_KINDS = ("record", "union", "exception", "struct")
_GENERATED = ("Equals", "GetHashCode", "CompareTo")


def check_clashes(c: Checker, draft: Draft) -> None:
    """Look at all members that the type defines itself."""
    signature = draft.signature
    if signature.kind not in _KINDS or in_library(c.path):
        return
    taken = _taken(signature)
    seen: set[str] = set()
    if "Tags" in signature.cases:
        owner, way_out = "a union, which generates this name", "give the case another name"
        c.report(MisplacedPart(signature.span, "a case `Tags`", owner, way_out))
    for member in _own_members(signature):
        name = member.property or member.name
        is_indexer = member.kind != "method" and any(member.groups)
        if name in taken and name not in seen and not is_indexer:
            assert member.span is not None
            seen.add(name)
            c.report(ClashingMember(member.span, name, signature.name, taken[name]))
        elif _is_generated(signature, member):
            assert member.span is not None
            c.report(DuplicateMember(member.span, name, signature.name))


def _own_members(signature: TypeSignature) -> Iterator[MemberSignature]:
    for group in signature.members.values():
        for member in group:
            if member.span is not None and not member.is_override and not member.is_slot:
                yield member


def _taken(signature: TypeSignature) -> dict[str, str]:
    """Each name, with what it belongs to."""
    if signature.kind != "union":
        names = signature.fields if signature.kind != "struct" else ()
        return dict.fromkeys(names, "field")
    cases = list(signature.cases.values())
    taken = dict.fromkeys(signature.cases, "case")
    generated = ["Tag", "Tags", *(f"New{case.name}" for case in cases)]
    generated += [f"Is{case.name}" for case in cases if signature.has_case_tests]
    if len(cases) == 1:  # its fields are those of the union
        generated += [field.name for field in cases[0].fields]
    for name in generated:
        taken.setdefault(name, "property of every such union")
    return taken


def _is_generated(signature: TypeSignature, member: MemberSignature) -> bool:
    """Whether structural equality or comparison gives the type a method that takes the same."""
    if member.kind != "method" or member.is_static or member.name not in _GENERATED:
        return False
    rule = signature.comparison if member.name == "CompareTo" else signature.equality
    if rule != "structural" or len(member.groups) != 1 or member.type_parameters:
        return False
    types = [prune(parameter.type) for parameter in member.groups[0]]
    if member.name == "GetHashCode":
        return not types
    own = [OBJECT, signature.self_type(), *([EXCEPTION] if signature.kind == "exception" else [])]
    return len(types) == 1 and types[0] in own
