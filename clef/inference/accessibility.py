"""Which members may be used where.

Comes in: a member and what is being checked. Goes out: whether it is hidden there. Promises:
private members of a type are open to its own members, those of extensions to their module.
"""

from __future__ import annotations

from clef.inference.signatures import MemberSignature
from clef.inference.state import Checker


def is_hidden(c: Checker, member: MemberSignature) -> bool:
    """Whether a member is private to a type that is not being checked."""
    if member.access != "private":
        return False
    if c.cls is not None and c.cls.signature.symbol == member.owner:
        return False
    return not (member.module and (c.module == member.module)) or not member.is_extension
