"""What is known of a class while its members are checked.

Comes in: a draft of a type. Goes out: the plans of its members. Promises: plain data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from clef.data_classes import dataclass, field
from clef.inference.member_signatures import Plan
from clef.inference.signatures import MemberSignature
from clef.inference.types import Type
from clef.names.entities import LocalBinder, Resolution
from clef.syntax import tree
from clef.syntax.node import Node

if TYPE_CHECKING:
    from clef.inference.type_shells import Draft


@dataclass(slots=True)
class Secondary:
    """`new (p) = …`"""

    node: tree.ConstructorMember
    plan: Plan


@dataclass(slots=True)
class ClassPlan:
    """The members of one type."""

    draft: Draft
    plans: list[Plan] = field(default_factory=list[Plan])
    interfaces: list[tree.InterfaceMember] = field(default_factory=list[tree.InterfaceMember])
    secondary: list[Secondary] = field(default_factory=list[Secondary])
    primary: MemberSignature | None = None
    auto_properties: dict[tree.AutoPropertyMember, tuple[str, Type]] = field(
        default_factory=dict[tree.AutoPropertyMember, tuple[str, Type]]
    )
    accessors: list[tuple[MemberSignature, str, Type]] = field(
        default_factory=list[tuple[MemberSignature, str, Type]]
    )
    used: set[LocalBinder] = field(default_factory=set[LocalBinder])
    implemented: set[str] = field(default_factory=set[str])
    table: Mapping[Node, Resolution] = field(default_factory=dict[Node, Resolution])
