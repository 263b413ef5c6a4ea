"""What members and their parameters may look like.

Comes in: the members of a type as written, and their signatures. Goes out: a report for each part
that no member of its kind has (F# FS0436, FS0440, FS0557, FS0671). Promises: types that are
inferred are not asked for.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.diagnostics.typing import DuplicateMember, HidingMember, MisplacedPart
from clef.inference.members import Found, slots_of
from clef.inference.signatures import MemberSignature, ParameterSignature, TypeSignature
from clef.inference.state import Checker
from clef.inference.type_shells import Draft
from clef.inference.type_text import show
from clef.inference.types import NamedType, Type
from clef.inference.unification import prune, substitute
from clef.inference.well_known import is_byref
from clef.source import in_library
from clef.syntax import tree


def check_member_heads(c: Checker, members: Iterable[tree.Member]) -> None:
    """Look at members as they are written, also at those of interfaces."""
    for member in members:
        match member:
            case tree.InterfaceMember():
                check_member_heads(c, member.implementation.members)
            case tree.AbstractMember():
                _hidden_slot(c, member.signature)
                _named_parameters(c, member.signature)
            case tree.PropertyMember():
                _nobody(c, member, member.getter or member.setter)
                _accessors(c, member)
                _indexes(c, member)
            case tree.MethodMember(binding=binding):
                head = binding.head
                _nobody(c, member, binding)
                if isinstance(head, tree.NameHead) and head.name.text.startswith("|"):
                    part, way_out = "a recogniser", "define it by `let`"
                    c.report(MisplacedPart(head.name.span, part, "a type", way_out))
                if isinstance(head, tree.NameHead) and head.type_parameters and not head.arguments:
                    part, way_out = "type parameters", "write a method: add `()` to the name"
                    c.report(MisplacedPart(head.type_parameters.span, part, "a property", way_out))
            case _:
                pass


def _nobody(
    c: Checker, member: tree.MethodMember | tree.PropertyMember, binding: tree.Binding | None
) -> None:
    """A static member has no object to name."""
    head = binding.head if binding is not None else None
    if member.is_static and isinstance(head, tree.NameHead) and head.this is not None:
        part, way_out = "a name for the object", "take the name and the dot away"
        c.report(MisplacedPart(head.this.span, part, "a static member", way_out))


def _hidden_slot(c: Checker, signature: tree.MemberSignature) -> None:
    """Whoever may see a type may see its abstract members; the library has others."""
    if signature.access is not None and not in_library(c.path):
        word = f"`{signature.access.value}`"
        way_out = "take it away; a type that nobody else should see is `private` itself"
        c.report(MisplacedPart(signature.name.span, word, "an abstract member", way_out))


def _named_parameters(c: Checker, signature: tree.MemberSignature) -> None:
    """What has an attribute has a name, and a result has none."""
    type = signature.type
    while isinstance(type, tree.FunctionType):
        given = type.parameter
        for part in given.elements if isinstance(given, tree.TupleType) else (given,):
            if isinstance(part, tree.ParameterType) and part.attributes and part.name is None:
                word, owner = "an attribute", "front of a parameter without a name"
                c.report(MisplacedPart(part.span, word, owner, "name it: `[<A>] x: int`"))
        type = type.result
    if isinstance(type, tree.ParameterType) and type.name is not None:
        way_out = "leave the name and the colon out"
        c.report(MisplacedPart(type.name.span, "a name", "front of a result", way_out))


def _accessors(c: Checker, member: tree.PropertyMember) -> None:
    """`get` takes `()` or what the property is indexed by, `set` also the value."""
    for binding, most in ((member.getter, 1), (member.setter, 2)):
        head = binding.head if binding is not None else None
        if not isinstance(head, tree.NameHead) or 1 <= len(head.arguments) <= most:
            continue
        assert binding is not None
        part = "an accessor without arguments" if not head.arguments else "so many arguments"
        way_out = "write `get () = …` and `set value = …`, or `get (i, j) = …`"
        c.report(MisplacedPart(binding.span, part, "a property", way_out))


def _indexes(c: Checker, member: tree.PropertyMember) -> None:
    """Both accessors take an index or neither does."""
    if member.getter is None or member.setter is None:
        return
    heads = (member.getter.head, member.setter.head)
    if not all(isinstance(head, tree.NameHead) and head.arguments for head in heads):
        return
    getter, setter = (head.arguments for head in heads if isinstance(head, tree.NameHead))
    if _is_unit(getter[0]) == (len(setter) == 2):
        part, way_out = "an index in one accessor only", "let both take the index, or neither"
        c.report(MisplacedPart(member.setter.head.span, part, "a property", way_out))


def _is_unit(pattern: tree.Pattern) -> bool:
    while isinstance(pattern, tree.ParenPattern):
        pattern = pattern.pattern
    if not isinstance(pattern, tree.ConstantPattern):
        return False
    return pattern.constant.kind is tree.LiteralKind.UNIT


def check_curried(c: Checker, signature: TypeSignature) -> None:
    """What callers may leave out, or pass by reference, is in the one argument list."""
    for group in signature.members.values():
        for member in group:
            special = _special(member) if len(member.groups) > 1 else ""
            if special and member.span is not None:
                owner = "a method with several argument lists"
                way_out = "write one list with commas"
                c.report(MisplacedPart(member.span, special, owner, way_out))


def _special(member: MemberSignature) -> str:
    return next((_kind(one) for group in member.groups for one in group if _kind(one)), "")


def _kind(parameter: ParameterSignature) -> str:
    if parameter.is_optional or parameter.has_default or parameter.caller:
        return "an optional argument"
    if parameter.is_param_array:
        return "`[<ParamArray>]`"
    return "a reference" if parameter.is_out or is_byref(prune(parameter.type)) else ""


def check_implemented_once(c: Checker, draft: Draft) -> None:
    """A slot is filled by one member of a type."""
    seen: set[tuple[str, str]] = set()
    for one in draft.definition.implementations:
        filled = (one.slot, str(one.owner))
        definition = c.file.definitions.get(one.method)
        if filled in seen and definition is not None:
            name = one.slot.rpartition(".")[2]
            c.report(DuplicateMember(definition.span, name, draft.signature.name))
        seen.add(filled)


def check_hiding(c: Checker, draft: Draft) -> None:
    """A member with the name and the parameters of one that could be overridden hides it."""
    type = draft.signature.self_type()
    if in_library(c.path) or draft.signature.kind == "interface":
        return
    slots = {found.member.name: found for found in reversed(_inherited(c, type))}
    for name in slots.keys() & draft.signature.members.keys():
        for member in draft.signature.members[name]:
            found = slots[name]
            if member.span is None or _taken(member, {}) != _taken(found.member, found.mapping):
                continue
            shown = member.property or member.name
            if _is_new(member):
                c.report(HidingMember(member.span, shown, show(found.owner)))
            elif member.is_slot:
                c.report(DuplicateMember(member.span, shown, draft.signature.name))


def _inherited(c: Checker, type: NamedType) -> list[Found]:
    """What the classes above a type let others override."""
    above = [found for found in slots_of(c, type) if found.owner.symbol != type.symbol]
    owners = {found.owner.symbol: c.type_named(found.owner.symbol) for found in above}
    classes = {s for s, owner in owners.items() if owner is None or owner.kind != "interface"}
    return [found for found in above if found.owner.symbol in classes]


def _is_new(member: MemberSignature) -> bool:
    is_named = member.kind in ("method", "getter", "setter") and member.span is not None
    return is_named and not (member.is_static or member.is_override or member.is_slot)


def _taken(member: MemberSignature, mapping: dict[int, Type]) -> list[str]:
    types = (prune(one.type) for group in member.groups for one in group)
    return [show(substitute(one, mapping)) for one in types]
