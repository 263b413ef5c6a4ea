"""Which members may be used where.

Comes in: a member and what is being checked. Goes out: whether it is hidden there. Promises:
private members of a type are open to its own members, those of extensions to their module, and
what is internal in the library to the library.
"""

from __future__ import annotations

from clef.inference.signatures import MemberSignature
from clef.inference.state import Checker
from clef.source import in_library


def is_hidden(c: Checker, member: MemberSignature) -> bool:
    """Whether a member is private to a type that is not being checked, or internal to the
    library."""
    if member.access == "internal":
        return in_library(member.span.path if member.span else "") and not in_library(c.path)
    if member.access != "private":
        return False
    if c.cls is not None and c.cls.signature.symbol == member.owner:
        return False
    return not (member.module and (c.module == member.module)) or not member.is_extension
