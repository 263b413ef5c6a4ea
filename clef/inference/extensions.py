"""Extension members: `type T with member …`.

Comes in: an extension. Goes out: definitions in the module that declares it, and entries in the
file's extensions. Promises: all types of its group know its members; an extension member is an
ordinary function; interfaces that the library adds to its own types are noted with the type.
"""

from __future__ import annotations

from dataclasses import replace

from clef.data_classes import dataclass
from clef.diagnostics.objects import NotAnExtension
from clef.diagnostics.typing import MisplacedPart
from clef.inference import typed_tree as typed
from clef.inference.annotations import annotation
from clef.inference.attributes import has_attribute
from clef.inference.class_state import ClassPlan
from clef.inference.classes import property_plans
from clef.inference.definition_rules import check_forms
from clef.inference.extension_lookup import note_extension_method
from clef.inference.implementations import plan_interface
from clef.inference.member_bodies import check_plans
from clef.inference.member_signatures import Plan, plan_binding
from clef.inference.signatures import MemberSignature, TypeSignature
from clef.inference.state import Checker, ClassContext
from clef.inference.type_shells import Draft
from clef.inference.types import NamedType, ParameterType, Type
from clef.inference.unification import prune, substitute
from clef.inference.written_constraints import add_constraints, declare_parameters
from clef.names.entities import TypeResolution
from clef.source import in_library
from clef.syntax import tree


@dataclass(slots=True)
class ExtensionPlan:
    """An extension whose members are in view, and whose bodies are still to be checked."""

    draft: Draft
    target: NamedType
    plan: ClassPlan
    owner: TypeSignature  # whose members see each other's hidden parts


def announce_extension(c: Checker, node: tree.TypeDefinition) -> ExtensionPlan | None:
    """The signatures of all members of one extension, known from here on."""
    resolution = node.resolution
    if not isinstance(resolution, TypeResolution):
        return None
    entity = next(iter(resolution.candidates.values()))
    signature = c.type_named(entity.symbol)
    if signature is None:
        return None
    scope: dict[str, Type] = {}
    c.type_scope, c.implicit_types = scope, None
    declared = declare_parameters(c, node.type_parameters)
    if node.type_parameters is not None:
        add_constraints(c, node.type_parameters.constraints)
    target = NamedType(signature.symbol, tuple(ParameterType(p) for p in declared))
    is_array = signature.name.startswith("[")  # what F# calls arrays in backticks
    if signature.kind == "abbreviation" and not is_array and not in_library(c.path):
        part, way_out = "an extension", "extend the type that it stands for"
        c.report(MisplacedPart(node.name.span, part, "front of an abbreviation", way_out))
    if signature.kind == "abbreviation":
        from clef.inference.annotations import instance

        expanded = prune(instance(c, signature, target.arguments, node))
        if not isinstance(expanded, NamedType):
            return None
        target = expanded
    view = TypeSignature(target.symbol, signature.name, signature.kind, declared, signature.span)
    definition = typed.TypeDefinition(target.symbol, signature.kind, declared, node.span)
    draft = Draft(node, view, scope, definition, node.members, node.attributes)
    draft.home = (c.module, c.opened)
    return _announce(c, draft, target)


def _announce(c: Checker, draft: Draft, target: NamedType) -> ExtensionPlan:
    real = c.type_named(target.symbol)
    base = f"{c.module}.{draft.signature.name}" if c.module else draft.signature.name
    if target.symbol.rpartition(".")[0] == c.module:  # members of the type itself
        base = target.symbol
    plan = ClassPlan(draft)
    plan.table = c.table
    _reserve(c, target.symbol, real)
    draft.members = [one for one in draft.members if not _is_refused(c, one)]
    for member in draft.members:
        if isinstance(member, tree.MethodMember):
            made = _method(c, draft, member, base)
            if made is not None:
                plan.plans.append(made)
        elif isinstance(member, tree.PropertyMember):
            plan.plans.extend(property_plans(c, draft, member, base))
        elif isinstance(member, tree.InterfaceMember):
            plan.interfaces.append(member)
    for one in plan.plans:
        one.signature.is_extension = True
        one.signature.owner = target.symbol
        one.signature.module = c.module
        c.own.extensions.setdefault(target.symbol, []).append(one.signature)
        if not one.is_full:
            c.member_uses[one.signature.symbol] = []
    return ExtensionPlan(draft, target, plan, real if real is not None else draft.signature)


def check_extension(c: Checker, announced: ExtensionPlan) -> None:
    """The bodies of the members of one extension."""
    outer = c.cls
    draft, target, plan = announced.draft, announced.target, announced.plan
    c.cls = ClassContext(announced.owner)
    for node in plan.interfaces:
        interface = prune(annotation(c, node.implementation.type))
        if isinstance(interface, NamedType):
            _add_interface(c, draft, target.symbol, interface)
            draft.definition.interfaces.append(interface)
    for node in plan.interfaces:
        plan_interface(c, plan, node)
    check_plans(c, draft, plan.plans, target)
    c.cls = outer


def finish_extension(c: Checker, announced: ExtensionPlan) -> None:
    """What is known of an extension once its members are generic."""
    forms: dict[str, list[MemberSignature]] = {}
    for one in announced.plan.plans:
        if one.signature.is_extension:
            forms.setdefault(one.signature.name, []).append(one.signature)
    check_forms(c, announced.draft.signature.name, forms)
    for one in announced.plan.plans:
        if has_attribute(one.attributes, "Extension"):
            note_extension_method(c, replace(one.signature, is_extension=False))
    if announced.plan.interfaces:
        c.file.extended.append(announced.draft.definition)


def _is_refused(c: Checker, member: tree.Member) -> bool:
    """Report what no extension can add; the library adds interfaces to its own types."""
    what = ""
    if isinstance(member, tree.ConstructorMember):
        what = "a constructor"
    elif isinstance(member, tree.InterfaceMember):
        in_library = c.namespace.startswith(("System", "Microsoft.FSharp", "Clef"))
        what = "" if in_library else "an interface"
    elif isinstance(member, tree.MethodMember | tree.PropertyMember):
        what = "" if member.dispatch is tree.Dispatch.PLAIN else "an override"
    elif isinstance(member, tree.AbstractMember):
        what = "an abstract member"
    elif isinstance(member, tree.InheritMember):
        what = "a base class"
    elif isinstance(
        member, tree.LetMember | tree.AutoPropertyMember | tree.DoMember | tree.FieldMember
    ):
        what = "a field"
    if what:
        c.report(NotAnExtension(member.span, what))
    return bool(what)


def _reserve(c: Checker, symbol: str, real: TypeSignature | None) -> None:
    """Overloads that an extension adds are numbered after those that other files gave the type."""
    known = list(c.signatures.extensions.get(symbol, []))
    if real is not None:
        known += [member for members in real.members.values() for member in members]
    overridden = (
        [f"{symbol}.{slot.rsplit('.', 1)[-1]}" for slot in real.implemented] if real else []
    )
    for taken in [*(member.symbol for member in known), *overridden]:
        plain, _, number = taken.rpartition("|")  # names in backticks may have a `|` as well
        plain, count = (plain, int(number)) if number.isdigit() else (taken, 1)
        c.used_symbols[plain] = max(c.used_symbols.get(plain, 0), count)


def _add_interface(c: Checker, draft: Draft, symbol: str, interface: NamedType) -> None:
    """Later files see the type with the interface: the file's own table overrides the earlier
    one."""
    known = c.type_named(symbol)
    if known is None:
        return
    mapping: dict[int, Type] = {
        mine.id: ParameterType(theirs)
        for mine, theirs in zip(draft.signature.parameters, known.parameters, strict=False)
    }
    added = substitute(interface, mapping)
    assert isinstance(added, NamedType)
    if added not in known.interfaces:
        c.own_types[symbol] = replace(known, interfaces=[*known.interfaces, added])


def _method(c: Checker, draft: Draft, member: tree.MethodMember, symbol_base: str) -> Plan | None:
    head = member.binding.head
    if not isinstance(head, tree.NameHead):
        return None
    name = head.name.text
    is_property = not head.arguments and head.type_parameters is None
    made = plan_binding(
        c,
        draft.signature,
        member.binding,
        f"get_{name}" if is_property else name,
        "getter" if is_property else "method",
        member.is_static,
        symbol_base,
        draft.scope,
    )
    if is_property:
        made.signature.property = name
    return made
