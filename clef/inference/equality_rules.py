"""Attributes that say how a type is compared, and what the type has to define for them.

Comes in: a definition whose parts are known. Goes out: a report for attributes that do not go
together, and for those that say other than what the type defines (F# FS0344, FS0376 to FS0387,
FS0647, FS0934, FS1177, FS1180). Promises: each type is reported once.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.diagnostics.typing import MisplacedPart
from clef.inference.attributes import has_attribute
from clef.inference.constraints import may_satisfy
from clef.inference.state import Checker
from clef.inference.type_shells import Draft
from clef.inference.type_text import show
from clef.inference.types import Type
from clef.inference.well_known import COMPARABLE, GENERIC_COMPARABLE
from clef.source import in_library
from clef.syntax import tree

_NAMES = (
    "NoEquality",
    "ReferenceEquality",
    "StructuralEquality",
    "CustomEquality",
    "NoComparison",
    "StructuralComparison",
    "CustomComparison",
)
_EQUATABLE = ("System.IEquatable`1", "System.Collections.IStructuralEquatable")
_COMPARABLE = (COMPARABLE, "System.Collections.IStructuralComparable")
_DATA = ("record", "union", "struct")


def check_equality(c: Checker, draft: Draft) -> None:
    """Report the first rule that a type does not keep."""
    if in_library(c.path) or not isinstance(draft.node, tree.TypeDefinition):
        return
    if not draft.attributes and not draft.members:
        return
    given = {name for name in _NAMES if has_attribute(draft.attributes, name)}
    found = _null(draft) or _alone(draft, given) or _defined(draft, given)
    found = found or _components(c, draft, given)
    if found is not None:
        part, owner, way_out = found
        c.report(MisplacedPart(draft.node.name.span, part, owner, way_out))


_Finding = tuple[str, str, str] | None


def _null(draft: Draft) -> _Finding:
    """Only classes and interfaces have null."""
    signature = draft.signature
    is_plain = signature.kind in ("class", "interface") and not signature.is_struct
    if not has_attribute(draft.attributes, "AllowNullLiteral") or is_plain:
        return None
    return "`[<AllowNullLiteral>]`", "a type that is no class or interface", "use `option`"


def _alone(draft: Draft, given: set[str]) -> _Finding:
    """Which attributes go together, and with which types."""
    signature = draft.signature
    if not given:
        return None
    if signature.kind in ("class", "interface", "delegate"):
        wrong = sorted(given - {"NoEquality", "NoComparison"})
        return (f"`[<{wrong[0]}>]`", "a class", "override `Equals` by itself") if wrong else None
    if "ReferenceEquality" in given and signature.is_struct:
        return "`[<ReferenceEquality>]`", "a struct", "structs have no identity: take it away"
    needed = {
        "NoEquality": ("NoComparison",),
        "StructuralComparison": ("StructuralEquality",),
        "StructuralEquality": ("NoComparison", "StructuralComparison", "CustomComparison"),
        "CustomEquality": ("NoComparison", "CustomComparison"),
        "CustomComparison": ("CustomEquality", "StructuralEquality"),
    }
    for name, others in needed.items():
        if name in given and not given.intersection(others):
            way_out = f"write `[<{name}; {others[0]}>]`"
            return f"`[<{name}>]`", f"a type without `[<{others[0]}>]`", way_out
    equalities = sorted(name for name in given if name.endswith("Equality"))
    if len(equalities) > 1:
        return f"`[<{equalities[0]}>]`", f"a type with `[<{equalities[1]}>]`", "keep one of them"
    return None


def _defined(draft: Draft, given: set[str]) -> _Finding:
    """What attributes promise is there, and nothing else."""
    names = {interface.symbol for interface in draft.signature.interfaces}
    overrides = set(_overrides(draft.members))
    has_equality = "Equals" in overrides or bool(names.intersection(_EQUATABLE))
    has_comparison = bool(names.intersection(_COMPARABLE))
    if "CustomEquality" in given and not has_equality:
        way_out = "write `override this.Equals other = …`"
        return "`[<CustomEquality>]`", "a type without an equality of its own", way_out
    if "CustomComparison" in given and not has_comparison:
        way_out = "implement `System.IComparable`"
        return "`[<CustomComparison>]`", "a type without a comparison of its own", way_out
    if "ReferenceEquality" in given and has_equality:
        way_out = "write `[<CustomEquality; NoComparison>]`"
        return "`[<ReferenceEquality>]`", "a type with an equality of its own", way_out
    if draft.signature.kind not in _DATA:
        return None
    has_own = bool(overrides & {"Equals", "GetHashCode"}) or bool(names.intersection(_EQUATABLE))
    if has_own and not given & {"CustomEquality", "NoEquality"}:
        way_out = "write `[<CustomEquality; NoComparison>]` in front of it"
        return "an equality of its own", "a type without `[<CustomEquality>]`", way_out
    if names & {COMPARABLE, GENERIC_COMPARABLE} and not given & {
        "CustomComparison",
        "NoComparison",
    }:
        way_out = "write `[<CustomComparison; CustomEquality>]` in front of it"
        return "`IComparable`", "a type without `[<CustomComparison>]`", way_out
    return None


def _overrides(members: list[tree.Member]) -> Iterator[str]:
    for member in members:
        if isinstance(member, tree.MethodMember) and member.dispatch is tree.Dispatch.OVERRIDE:
            head = member.binding.head
            if isinstance(head, tree.NameHead):
                yield head.name.text


def _components(c: Checker, draft: Draft, given: set[str]) -> _Finding:
    """What is structural is so in all its parts."""
    for kind in ("equality", "comparison"):
        attribute = f"Structural{kind.capitalize()}"
        if attribute not in given:
            continue
        for type in _parts(draft):
            if not may_satisfy(c, type, kind):
                owner = f"a type with a part `{show(type)}`, which has no {kind}"
                return f"`[<{attribute}>]`", owner, f"write `[<No{kind.capitalize()}>]`"
    return None


def _parts(draft: Draft) -> Iterator[Type]:
    signature = draft.signature
    yield from (field.type for field in signature.fields.values())
    for case in signature.cases.values():
        yield from (field.type for field in case.fields)
