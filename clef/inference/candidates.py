"""Overloads as they are looked at: their types for one call, and how messages show them.

Comes in: members found by name, written type arguments. Goes out: an `Instance` for each, with
fresh type variables. Promises: nothing is chosen and nothing is unified with the arguments here.
"""

from __future__ import annotations

from clef.data_classes import dataclass
from clef.diagnostics.spelling import closest
from clef.diagnostics.typing import MisplacedPart, UnknownArgument, WrongArgumentCount
from clef.inference.arguments import Arguments, parameter_names
from clef.inference.early_uses import early_use
from clef.inference.extension_lookup import is_open, take_receiver
from clef.inference.members import Found
from clef.inference.reporting import report_mismatch
from clef.inference.signatures import MemberSignature, ParameterSignature
from clef.inference.state import Checker, EarlyUse
from clef.inference.type_text import short_name, show
from clef.inference.types import ERROR, NamedType, ParameterType, Type, TypeParameter
from clef.inference.unification import instantiate, prune, substitute, unify
from clef.inference.well_known import ARRAY, OPTION, VALUE_OPTION
from clef.source import Span
from clef.syntax import tree


@dataclass(slots=True)
class Instance:
    """A candidate with its own type parameters chosen."""

    found: Found
    mapping: dict[int, Type]
    own_arguments: tuple[Type, ...]
    early: EarlyUse | None = None  # of a member whose type is not known yet

    def parameters(self, group: int = 0) -> tuple[ParameterSignature, ...]:
        groups = self.found.member.groups
        return groups[group] if group < len(groups) else ()

    def type_of(self, parameter: ParameterSignature) -> Type:
        return substitute(parameter.type, self.mapping)

    def result(self) -> Type:
        return substitute(self.found.member.result, self.mapping)


def instance_of(c: Checker, found: Found, explicit: list[Type] | None, span: Span) -> Instance:
    """Choose the method's own type parameters: as written, or fresh."""
    found, early = early_use(c, found, span)
    own = found.member.type_parameters
    mapping = dict(found.mapping)
    if explicit is not None and len(explicit) == count_of_written(found.member):
        arguments = tuple(_own_of_written(c, found, explicit, span))
        mapping.update(zip((parameter.id for parameter in own), arguments, strict=True))
    else:
        mapping, arguments = instantiate(c, own, span, mapping)
    if early is not None:
        early.mapping = mapping
    if found.receiver is not None and found.member.self_type is not None:
        take_receiver(c, found.receiver, substitute(found.member.self_type, mapping))
    return Instance(found, mapping, arguments, early)


def count_of_written(member: MemberSignature) -> int:
    """How many type arguments a call of the member may write."""
    return len(member.type_parameters) + len(member.written_again)


def written_parameters(member: MemberSignature) -> list[TypeParameter]:
    """What the type arguments stand for that a call of the member may write."""
    again, own = dict(member.written_again), iter(member.type_parameters)
    return [again.get(place) or next(own) for place in range(count_of_written(member))]


def _own_of_written(c: Checker, found: Found, explicit: list[Type], span: Span) -> list[Type]:
    """Written type arguments without those for the type's own parameters, which must be equal."""
    again = dict(found.member.written_again)
    for place, parameter in again.items():
        known = found.mapping.get(parameter.id, ParameterType(parameter))
        if not unify(c, explicit[place], known):
            report_mismatch(c, span, explicit[place], known, None)
    return [type for place, type in enumerate(explicit) if place not in again]


def display(member: MemberSignature) -> str:
    """A member's name in messages."""
    if member.kind == "constructor":
        return short_name(member.owner)
    return member.property or member.name


def signature_text(found: Found) -> str:
    """A candidate as text: `Substring(startIndex: int, length: int) -> string`."""
    member = found.member
    parts: list[str] = []
    for group in member.groups:
        inner = ", ".join(
            f"{'?' if p.is_optional else ''}{p.name or '_'}: "
            f"{show(substitute(_plain(p), found.mapping))}"
            for p in group
        )
        parts.append(f"({inner})")
    result = found.owner if member.kind == "constructor" else member.result
    return f"{display(member)}{''.join(parts)} -> {show(substitute(result, found.mapping))}"


def _plain(parameter: ParameterSignature) -> Type:
    if parameter.is_optional and isinstance(parameter.type, NamedType) and parameter.type.arguments:
        return parameter.type.arguments[0]
    return parameter.type


def settable_names(c: Checker, group: list[Found], argument: tree.Expression | None) -> set[str]:
    if argument is None:
        return set()
    names: set[str] = set()
    for found in group:
        result = substitute(found.member.result, found.mapping)
        if found.member.kind == "constructor":
            result = found.owner
        if isinstance(prune(result), NamedType):
            names |= settable_properties(c, result)
    return names


def settable_properties(c: Checker, type: Type) -> set[str]:
    """The properties and fields of a type that can be set in a call."""
    from clef.inference.members import hierarchy

    names: set[str] = set()
    for owner in hierarchy(c, type):
        names |= {
            m.property
            for m in c.extensions_of(owner.symbol)
            if m.kind == "setter" and m.property and is_open(c, m)
        }
        signature = c.type_named(owner.symbol)
        if signature is None:
            continue
        for group in signature.members.values():
            names |= {m.property for m in group if m.kind == "setter" and m.property}
        if signature.kind in ("class", "struct"):
            names |= {f.name for f in signature.fields.values() if f.is_mutable}
    return names


def settable(c: Checker, instance: Instance, arguments: Arguments) -> set[str]:
    if not arguments.named:
        return set()
    return settable_names(c, [instance.found], tree.ErrorExpression(Span(c.path, 0, 0)))


def report_count(c: Checker, found: Found, arguments: Arguments, span: Span) -> None:
    names = parameter_names([found])
    for name, _, _ in arguments.named:
        if name.text not in names:
            member = display(found.member)
            c.report(UnknownArgument(name.span, name.text, member, closest(name.text, names)))
            return
    texts = [name.text for name, _, _ in arguments.named]
    for index, (name, _, _) in enumerate(arguments.named):
        if name.text in texts[:index]:
            part, owner = f"`{name.text}`", "one call twice"
            c.report(MisplacedPart(name.span, part, owner, "take one of the two away"))
            return
    parameters = found.member.groups[0] if found.member.groups else ()
    given = len(arguments.positional) + len(arguments.named)
    c.report(
        WrongArgumentCount(
            span, display(found.member), len(parameters), given, signature_text(found)
        )
    )


def inside_option(type: Type) -> Type:
    found = prune(type)
    if isinstance(found, NamedType) and found.symbol in (OPTION, VALUE_OPTION):
        return found.arguments[0]
    return found


def array_element(type: Type) -> Type:
    found = prune(type)
    if isinstance(found, NamedType) and found.symbol == ARRAY:
        return found.arguments[0]
    return ERROR
