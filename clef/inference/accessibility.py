"""Which members may be used where.

Comes in: a member and what is being checked. Goes out: whether it is hidden there. Promises:
private members of a type are open to its own members, protected ones to those of types that
inherit from it too, those of extensions to their module, and what is internal in the library to the
library.
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
    if member.access == "protected":
        return not _inherits(c, member.owner)
    if member.access != "private":
        return False
    if c.cls is not None and c.cls.signature.symbol == member.owner:
        return False
    return not (member.module and (c.module == member.module)) or not member.is_extension


def _inherits(c: Checker, owner: str) -> bool:
    """Whether what is being checked belongs to a type or one that inherits from it."""
    signature = c.cls.signature if c.cls is not None else None
    while signature is not None and signature.symbol != owner:
        base = signature.base
        signature = c.type_named(base.symbol) if base is not None else None
    return signature is not None
