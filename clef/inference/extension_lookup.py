"""Which extension members a use can see.

Comes in: a type, a name and the modules that are open at the use. Goes out: the extension members.
Promises: an extension is seen where its module is open; what a type's own module or
the library adds to the type belongs to the type; static methods marked `[<Extension>]` are methods
of their first parameter.
"""

from __future__ import annotations

from dataclasses import replace

from clef.inference.signatures import MemberSignature
from clef.inference.state import Checker
from clef.inference.subtyping import supertype_instance
from clef.inference.types import NamedType, Type
from clef.inference.unification import (
    begin_trial,
    end_trial,
    instantiate,
    prune,
    substitute,
    unify,
)
from clef.inference.well_known import SEQ, is_byref

ANY_TYPE = "*"  # extension methods whose first parameter is a type parameter, function or tuple


def is_open(c: Checker, member: MemberSignature) -> bool:
    """Whether an extension is visible here."""
    module = member.module
    if c.opened is None or not module or module in c.opened:
        return True
    if member.is_static_extension and member.owner in c.opened:
        return True
    if c.module == module or c.module.startswith(module + "."):
        return True
    in_library = member.span is not None and member.span.in_library
    if in_library and not member.is_static_extension:
        return True
    return not member.is_static_extension and member.owner.rpartition(".")[0] == module


def latest_first(c: Checker, members: list[MemberSignature]) -> list[MemberSignature]:
    """The extensions of a type in the order in which they came into view, the last one first."""
    if len(members) < 2:
        return members
    return sorted(members, key=lambda one: _came_into_view(c, one), reverse=True)


def _came_into_view(c: Checker, member: MemberSignature) -> tuple[int, int]:
    """Where its module was opened, or where it stands in a module around."""
    module = member.module or ""
    place = (c.opened or {}).get(module, (-1, -1))
    is_around = c.module == module or c.module.startswith(module + ".")
    if is_around and member.span is not None and member.span.path == c.path:
        place = max(place, (member.span.start, 0))
    return place


def note_extension_method(c: Checker, member: MemberSignature) -> None:
    """A static method marked `[<Extension>]` is entered under the type that it extends."""
    if not member.is_static or not member.groups or not member.groups[0]:
        return
    member.is_static_extension = True
    member.module = c.module
    subject = prune(member.groups[0][0].type)
    if isinstance(subject, NamedType) and is_byref(subject):
        subject = prune(subject.arguments[0])
    key = subject.symbol if isinstance(subject, NamedType) else ANY_TYPE
    c.own.extensions.setdefault(key, []).append(member)


def extension_method(c: Checker, member: MemberSignature, type: Type) -> MemberSignature | None:
    """The static method as a method of `type`, if its first parameter takes it."""
    first, *rest = member.groups[0]
    found = replace(
        member,
        is_static=False,
        is_extension=True,
        groups=(tuple(rest), *member.groups[1:]),
        self_type=first.type,
        owner_parameters=(),
    )
    before = begin_trial(c)
    assert member.span is not None
    mapping, _ = instantiate(c, member.type_parameters, member.span)
    fits = take_receiver(c, type, substitute(first.type, mapping))
    failed = end_trial(c, before, keep=False)
    return found if fits and not failed else None


def take_receiver(c: Checker, actual: Type, wanted: Type) -> bool:
    """Unify the receiver with the first parameter of an extension method, as a supertype if need
    be."""
    target = prune(wanted)
    if isinstance(target, NamedType) and is_byref(target) and not is_byref(prune(actual)):
        return unify(c, actual, target.arguments[0])
    if isinstance(target, NamedType):
        instance = supertype_instance(c, actual, target.symbol)
        if instance is not None:
            return unify(c, instance, target)
    return unify(c, actual, target)


def extended_types(c: Checker, type: Type, hierarchy: list[NamedType]) -> list[str]:
    """The symbols under which extensions of a type stand."""
    symbols = [one.symbol for one in hierarchy]
    if SEQ not in symbols and supertype_instance(c, type, SEQ) is not None:
        symbols.append(SEQ)
    return [*symbols, ANY_TYPE]
