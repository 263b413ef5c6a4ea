"""Type definitions: from a group of `type … and …` to signatures, definitions and checked members.

Comes in: the types of one recursive group. Goes out: their signatures (for look-ups) and
definitions (for later stages).
Promises: all types of a group know each other; representations come before members, signatures
before bodies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from clef.diagnostics.typing import (
    InvalidInheritance,
    RecursiveAbbreviation,
    StoredReference,
)
from clef.inference import typed_tree as typed
from clef.inference.annotations import annotation, not_a_reference
from clef.inference.attribute_objects import make_attributes
from clef.inference.attributes import (
    has_attribute,
)
from clef.inference.class_state import ClassPlan
from clef.inference.member_signatures import unique_symbol
from clef.inference.short_lived import holds_byref
from clef.inference.signatures import (
    FieldSignature,
    TypeSignature,
)
from clef.inference.state import Checker
from clef.inference.thread_statics import first_value
from clef.inference.type_cycles import cut_cycles
from clef.inference.type_representations import take_representation
from clef.inference.type_shells import Draft, Home, Outer, enter, shell
from clef.inference.type_text import show
from clef.inference.types import (
    ERROR,
    Measure,
    NamedType,
    ParameterType,
    Type,
)
from clef.inference.unification import prune
from clef.inference.well_known import (
    COMPARABLE,
    GENERIC_COMPARABLE,
    NEVER_BASES,
    OBJECT,
)
from clef.inference.written_constraints import add_constraints
from clef.inference.written_measures import measure_of
from clef.source import Span, in_library
from clef.syntax import tree

if TYPE_CHECKING:
    from clef.inference.extensions import ExtensionPlan


def check_types(
    c: Checker,
    nodes: list[tree.TypeDefinition | tree.ExceptionDeclaration],
    homes: Mapping[tree.Node, Home] | None = None,
    before_bodies: Callable[[], None] | None = None,
) -> None:
    """One recursive group of types, with their members. In a recursive module the types may stand
    in several modules, and `before_bodies` runs when all signatures are known."""
    from clef.inference.classes import announce_members

    outer = Outer(c.type_scope, c.implicit_types, c.module, c.opened)
    homes = homes or {}
    drafts, extensions = _drafts(c, nodes, homes)
    late_checks = _declare(c, drafts)
    plans = _plan_members(c, drafts)
    for check in late_checks:
        check()
    announced = _announce_extensions(c, extensions, homes, outer)
    outer.restore(c)
    announce_members(c, plans)
    if before_bodies is not None:
        before_bodies()
    _check_bodies(c, nodes, plans, announced)
    if not in_library(c.path):
        for draft in drafts:
            enter(c, draft)
            make_attributes(c, draft.node, draft.definition, draft.attributes)
    outer.restore(c)


def _drafts(
    c: Checker,
    nodes: list[tree.TypeDefinition | tree.ExceptionDeclaration],
    homes: Mapping[tree.Node, Home],
) -> tuple[list[Draft], list[tree.TypeDefinition]]:
    """The types that are new, as names and parameters, and the extensions of others."""
    drafts: list[Draft] = []
    extensions: list[tree.TypeDefinition] = []
    for node in nodes:
        if isinstance(node, tree.TypeDefinition) and isinstance(
            node.representation, tree.ExtensionRepresentation
        ):
            extensions.append(node)
        elif node in c.type_symbols:  # else names has reported it
            c.module, c.opened = homes.get(node, (c.module, c.opened))
            drafts.append(shell(c, node))
            drafts[-1].home = (c.module, c.opened)
    return drafts, extensions


def _declare(c: Checker, drafts: list[Draft]) -> list[Callable[[], None]]:
    """What the types are made of. Gives the checks of constraints, which have to wait until it is
    known of all types which members they have.
    """
    from clef.inference.definition_rules import check_definition

    c.defer_constraints = True
    first_deferred = len(c.deferred)
    for draft in drafts:
        enter(c, draft)
        _constraints(c, draft)
    for draft in drafts:
        _open_abbreviation(c, draft)
    for draft in drafts:
        _abbreviation(c, draft)
    for draft in drafts:
        enter(c, draft)
        take_representation(c, draft)
        _heritage(c, draft)
        check_definition(c, draft)
    cut_cycles(c, [draft.signature for draft in drafts])
    c.defer_constraints = False
    for draft in drafts:
        _equality(c, draft)
    waiting = c.deferred[first_deferred:]
    del c.deferred[first_deferred:]
    return waiting


def _plan_members(c: Checker, drafts: list[Draft]) -> list[ClassPlan]:
    """The signatures of all members."""
    from clef.inference.classes import plan_members, plan_slots

    plans: list[ClassPlan] = []
    for draft in drafts:
        enter(c, draft)
        plans.append(plan_slots(c, draft))
    for plan in plans:
        enter(c, plan.draft)
        plan_members(c, plan)
    return plans


def _announce_extensions(
    c: Checker,
    extensions: list[tree.TypeDefinition],
    homes: Mapping[tree.Node, Home],
    outer: Outer,
) -> list[ExtensionPlan]:
    """The signatures of what the group adds to other types."""
    if not extensions:
        return []
    from clef.inference.extensions import announce_extension

    announced: list[ExtensionPlan] = []
    for node in extensions:
        outer.restore(c)
        c.module, c.opened = homes.get(node, (c.module, c.opened))
        made = announce_extension(c, node)
        if made is not None:
            announced.append(made)
    return announced


def _check_bodies(
    c: Checker,
    nodes: list[tree.TypeDefinition | tree.ExceptionDeclaration],
    plans: list[ClassPlan],
    announced: list[ExtensionPlan],
) -> None:
    """The bodies of all members in the order of the source; then they become generic."""
    from clef.inference.classes import generalise_members
    from clef.inference.definition_rules import check_overloads

    checks = _checks(c, plans, announced)
    for node in nodes:
        if node in checks:
            checks[node]()
    generalise_members(c, [*plans, *(one.plan for one in announced)])
    for plan in plans:
        check_overloads(c, plan.draft)
    if announced:
        from clef.inference.extensions import finish_extension

        for one in announced:
            finish_extension(c, one)


def _checks(
    c: Checker, plans: list[ClassPlan], announced: list[ExtensionPlan]
) -> dict[tree.Node, Callable[[], None]]:
    """For each definition what checks its bodies."""
    from clef.inference.classes import check_members

    def check(plan: ClassPlan) -> None:
        enter(c, plan.draft)
        check_members(c, plan.draft, plan)

    checks: dict[tree.Node, Callable[[], None]] = {
        plan.draft.node: partial(check, plan) for plan in plans
    }
    if announced:
        from clef.inference.extensions import check_extension

        def extend(one: ExtensionPlan) -> None:
            enter(c, one.draft)
            check_extension(c, one)

        checks |= {one.draft.node: partial(extend, one) for one in announced}
    return checks


# Shells -------------------------------------------------------------------------------------------


def _constraints(c: Checker, draft: Draft) -> None:
    if isinstance(draft.node, tree.TypeDefinition) and draft.node.type_parameters is not None:
        add_constraints(c, draft.node.type_parameters.constraints)


def _equality(c: Checker, draft: Draft) -> None:
    signature = draft.signature
    attributes = draft.attributes
    by_name = (
        ("ReferenceEquality", "reference", "none"),
        ("NoEquality", "none", "none"),
        ("CustomEquality", "custom", ""),
    )
    if signature.kind in ("class", "interface", "delegate", "builtin", "exception"):
        signature.equality, signature.comparison = "reference", "none"
        if signature.kind == "exception":
            signature.equality = "structural"
        if signature.kind == "builtin":
            signature.equality, signature.comparison = "structural", "structural"
    elif signature.kind == "struct":
        signature.comparison = "structural"
    for name, equality, comparison in by_name:
        if has_attribute(attributes, name):
            signature.equality = equality
            if comparison:
                signature.comparison = comparison
    comparable = (COMPARABLE, GENERIC_COMPARABLE)
    if signature.kind in ("class", "struct") and any(
        interface.symbol in comparable for interface in signature.interfaces
    ):
        signature.comparison = "custom"
    if has_attribute(attributes, "NoComparison"):
        signature.comparison = "none"
    if has_attribute(attributes, "CustomComparison"):
        signature.comparison = "custom"
    draft.definition.equality = signature.equality
    draft.definition.comparison = signature.comparison


# Abbreviations ------------------------------------------------------------------------------------


def _open_abbreviation(c: Checker, draft: Draft) -> None:
    node = draft.node
    if not isinstance(node, tree.TypeDefinition):
        return
    representation = node.representation
    if (
        isinstance(representation, tree.AbbreviationRepresentation)
        and draft.signature.kind == "abbreviation"
    ):
        c.open_abbreviations[draft.signature.symbol] = lambda: _expand(c, draft, representation)


def _abbreviation(c: Checker, draft: Draft) -> None:
    node = draft.node
    if not isinstance(node, tree.TypeDefinition):
        return
    representation = node.representation
    if not isinstance(representation, tree.AbbreviationRepresentation):
        return
    signature = draft.signature
    if signature.kind == "measure":
        signature.measure = _as_measure(measure_of(c, representation.type))
        return
    _expand(c, draft, representation)


def _as_measure(type: Type) -> Measure:
    from clef.inference.measures import factors_of

    return Measure(tuple(factors_of(type).items()))


def _expand(c: Checker, draft: Draft, representation: tree.AbbreviationRepresentation) -> None:
    signature = draft.signature
    if signature.abbreviated is not None:
        return
    if signature.symbol in c.expanding:
        c.report(RecursiveAbbreviation(draft.node.span, signature.name))
        signature.abbreviated = ERROR
        return
    c.expanding.add(signature.symbol)
    outer_scope, outer_implicit = c.type_scope, c.implicit_types
    c.type_scope, c.implicit_types = draft.scope, None
    found = annotation(c, representation.type)
    c.type_scope, c.implicit_types = outer_scope, outer_implicit
    c.expanding.discard(signature.symbol)
    if holds_byref(found) and not in_library(c.path):
        c.report(StoredReference(representation.type.span, show(found)))
    if signature.abbreviated is None:
        signature.abbreviated = found


# Heritage -----------------------------------------------------------------------------------------


def _may_inherit(c: Checker, signature: TypeSignature, parent: NamedType, span: Span) -> bool:
    """Whether a class may have this base class."""
    base = c.type_named(parent.symbol)
    if base is None or signature.kind == "builtin":
        return True
    problem = ""
    if base.kind == "interface":
        problem = "is an interface: a class implements it, `interface … with`"
    elif base.is_sealed and base.kind in ("class", "builtin"):
        problem = "is sealed: no type inherits from it"
    elif parent.symbol in NEVER_BASES and not in_library(c.path):
        problem = "is the base of structs, enums, delegates or arrays only"
    if problem:
        c.report(InvalidInheritance(span, base.name, problem))
    return not problem


def _heritage(c: Checker, draft: Draft) -> None:
    """The base class and the interfaces; `val` fields."""
    signature = draft.signature
    for member in draft.members:
        if isinstance(member, tree.InheritMember):
            parent = prune(annotation(c, member.inherit.type))
            if isinstance(parent, ParameterType):
                problem = "is a type parameter: a class inherits from a class"
                span = member.inherit.type.span
                c.report(InvalidInheritance(span, show(parent), problem))
            if not isinstance(parent, NamedType) or parent == ERROR:
                continue
            if signature.kind == "interface":
                base = c.type_named(parent.symbol)
                if base is not None and base.kind not in ("interface", "builtin"):
                    span = member.inherit.type.span
                    c.report(InvalidInheritance(span, base.name, "is not an interface"))
                    continue
                signature.interfaces.append(parent)
            elif _may_inherit(c, signature, parent, member.inherit.type.span):
                signature.base = parent
        elif isinstance(member, tree.InterfaceMember):
            interface = prune(annotation(c, member.implementation.type))
            known = (ERROR, *signature.interfaces)
            if isinstance(interface, NamedType) and interface not in known:
                signature.interfaces.append(interface)
        elif isinstance(member, tree.FieldMember):
            _field(c, draft, member.field)
    inherits = signature.kind in ("class", "builtin") and not signature.is_struct
    if inherits and signature.base is None and signature.symbol != OBJECT.symbol:
        signature.base = OBJECT
    draft.definition.base = signature.base
    draft.definition.interfaces = list(signature.interfaces)


def _field(c: Checker, draft: Draft, node: tree.FieldDefinition) -> None:
    if node.name is None:
        return
    type = annotation(c, node.type)
    not_a_reference(c, type, node.type.span, draft.signature)
    name = node.name.text
    access = (node.access or tree.Access.PUBLIC).value
    per_thread = node.is_static and has_attribute(node.attributes, "ThreadStatic")
    signature = draft.signature.fields[name] = FieldSignature(
        name,
        type,
        node.is_mutable,
        node.is_static,
        access,
        len(draft.signature.fields),
        is_per_thread=per_thread,
    )
    if not node.is_static:
        is_zeroed = has_attribute(node.attributes, "DefaultValue")
        field = typed.FieldDefinition(name, type, node.is_mutable, is_zeroed)
        draft.definition.fields.append(field)
    else:
        symbol = unique_symbol(c, f"{draft.signature.symbol}.{name}")
        body = first_value(c, signature, node.span)
        definition = typed.Definition(
            symbol, draft.signature.parameters, [], body.type, body, node.span, is_mutable=True
        )
        c.file.definitions[symbol] = definition
        c.file.initialisations.append(typed.Initialisation(symbol))
