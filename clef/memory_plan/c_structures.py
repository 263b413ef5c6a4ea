"""Records, structs and tuples as C structures, which C functions take and give by value.

Comes in: a type and the plan. Goes out: `CStructure`, or None where C would lay it out in another
way. Promises: a member of the C structure lies where the word of the value lies in memory; nothing
of it is a reference.
"""

from __future__ import annotations

from clef.data_classes import dataclass
from clef.memory_plan.layouts import word_size
from clef.memory_plan.plan import Layout, Plan, TargetFacts
from clef.typed_core.core import MonoType


@dataclass(frozen=True, slots=True)
class CScalar:
    """A number or an address: the machine word and whether it is a signed integer."""

    word: str
    is_signed: bool = False


@dataclass(frozen=True, slots=True)
class CStructure:
    """Members in order, structures inside as such: calling conventions look at them."""

    members: tuple[CScalar | CStructure, ...]


def c_structure(plan: Plan, type: MonoType) -> CStructure | None:
    """The structure that a value of several words is to C."""
    layout = plan.layouts.get(type)
    if layout is None or len(layout.words) < 2 or layout.is_counted:
        return None
    structure = _structure(plan, layout)
    if structure is None:
        return None
    offsets: list[int] = []
    end = _place(plan.facts, structure, 0, offsets)
    memory = layout.memory
    is_same = tuple(offsets) == memory.offsets and end == memory.size
    return structure if is_same else None


def c_scalar(layout: Layout) -> CScalar:
    """What a value of one word is to C."""
    return CScalar(layout.words[0].type, layout.is_signed)


def _structure(plan: Plan, layout: Layout) -> CStructure | None:
    if layout.form != "aggregate":
        return None
    members: list[CScalar | CStructure] = []
    for type in layout.field_types[0]:
        inner = plan.layouts.get(type)
        if inner is None:
            return None
        member = _structure(plan, inner) if inner.form == "aggregate" else _scalar(inner)
        if member is None:
            return None
        members.append(member)
    return CStructure(tuple(members))


def _scalar(layout: Layout) -> CScalar | None:
    return c_scalar(layout) if len(layout.words) == 1 else None


def _place(
    facts: TargetFacts, member: CScalar | CStructure, position: int, offsets: list[int]
) -> int:
    """Where C puts the scalars of a member that comes at `position`, and where it ends."""
    alignment = _alignment(facts, member)
    position = -(-position // alignment) * alignment
    if isinstance(member, CScalar):
        offsets.append(position)
        return position + alignment
    for inner in member.members:
        position = _place(facts, inner, position, offsets)
    return -(-position // alignment) * alignment


def _alignment(facts: TargetFacts, member: CScalar | CStructure) -> int:
    if isinstance(member, CScalar):
        return word_size(facts, member.word)
    return max(_alignment(facts, inner) for inner in member.members)
