"""The names that members declare.

Comes in: a member of a type or of an interface. Goes out: its name, as it stands in the source.
"""

from __future__ import annotations

from clef.syntax import tree


def name_of_member(member: tree.Member) -> tree.Name | None:
    """The name that a member declares; constructors and `let`s of classes have none."""
    match member:
        case tree.MethodMember(binding=tree.Binding(head=tree.NameHead(name=name))):
            return name
        case tree.PropertyMember(name=name) | tree.AutoPropertyMember(name=name):
            return name
        case tree.AbstractMember(signature=signature) | tree.SignatureMember(signature=signature):
            return signature.name
        case _:
            return None
