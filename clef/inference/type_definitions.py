"""Type definitions: from a group of `type … and …` to signatures, definitions and checked members.

Comes in: the types of one recursive group. Goes out: their signatures (for look-ups) and
definitions (for later stages).
Promises: all types of a group know each other; representations come before members, signatures
before bodies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from clef.data_classes import dataclass, field
from clef.diagnostics.typing import (
    InvalidInheritance,
    NotAConstant,
    NotSupportedYet,
    RecursiveAbbreviation,
)
from clef.inference import typed_tree as typed
from clef.inference.annotations import add_constraints, annotation, declare_parameters, measure_of
from clef.inference.attributes import has_attribute, text_argument, typed_attributes
from clef.inference.class_state import ClassPlan
from clef.inference.constants import NOT_CONSTANT, fold
from clef.inference.member_signatures import flatten_parameter, unique_symbol
from clef.inference.signatures import (
    CaseSignature,
    FieldSignature,
    MemberSignature,
    TypeSignature,
)
from clef.inference.state import Checker
from clef.inference.type_cycles import cut_cycles
from clef.inference.types import (
    ERROR,
    FunctionType,
    Measure,
    NamedType,
    TupleType,
    Type,
    TypeParameter,
)
from clef.inference.unification import prune
from clef.inference.well_known import (
    ATTRIBUTE,
    COMPARABLE,
    EXCEPTION,
    GENERIC_COMPARABLE,
    INT,
    OBJECT,
    UNIT,
)
from clef.names.declare import type_kind
from clef.source import Span
from clef.syntax import tree

Home = tuple[str, frozenset[str] | None]
"""The module of a declaration, and the modules that are open there."""


@dataclass(slots=True)
class Draft:
    """A type definition on its way."""

    node: tree.TypeDefinition | tree.ExceptionDeclaration
    signature: TypeSignature
    scope: dict[str, Type]
    definition: typed.TypeDefinition
    members: list[tree.Member]
    attributes: list[tree.Attribute]
    extra: list[typed.Definition] = field(default_factory=list[typed.Definition])
    home: Home = ("", None)


def check_types(
    c: Checker,
    nodes: list[tree.TypeDefinition | tree.ExceptionDeclaration],
    homes: Mapping[tree.Node, Home] | None = None,
    before_bodies: Callable[[], None] | None = None,
) -> None:
    """One recursive group of types, with their members. In a recursive module the types may stand
    in several modules, and `before_bodies` runs when all signatures are known."""
    from clef.inference.classes import (
        announce_members,
        check_members,
        generalise_members,
        plan_members,
    )
    from clef.inference.extensions import check_extension

    outer = _Outer(c.type_scope, c.implicit_types, c.module, c.opened)
    drafts: list[Draft] = []
    extensions: list[tree.TypeDefinition] = []
    homes = homes or {}
    for node in nodes:
        if isinstance(node, tree.TypeDefinition) and isinstance(
            node.representation, tree.ExtensionRepresentation
        ):
            extensions.append(node)
        elif node in c.type_symbols:  # else names has reported it
            c.module, c.opened = homes.get(node, (c.module, c.opened))
            drafts.append(_shell(c, node))
            drafts[-1].home = (c.module, c.opened)
    c.defer_constraints = True
    first_deferred = len(c.deferred)
    for draft in drafts:
        _enter(c, draft)
        _constraints(c, draft)
    for draft in drafts:
        _open_abbreviation(c, draft)
    for draft in drafts:
        _abbreviation(c, draft)
    for draft in drafts:
        _enter(c, draft)
        _representation(c, draft)
        _heritage(c, draft)
    cut_cycles(c, [draft.signature for draft in drafts])
    c.defer_constraints = False
    for draft in drafts:
        _equality(c, draft)
    waiting = c.deferred[first_deferred:]
    del c.deferred[first_deferred:]
    plans: list[ClassPlan] = []
    for draft in drafts:
        _enter(c, draft)
        plans.append(plan_members(c, draft))
    for check in waiting:
        check()
    if before_bodies is not None:
        outer.restore(c)
        before_bodies()
    announce_members(c, plans)
    for draft, plan in zip(drafts, plans, strict=True):
        _enter(c, draft)
        check_members(c, draft, plan)
    generalise_members(c, plans)
    for node in extensions:
        outer.restore(c)
        c.module, c.opened = homes.get(node, (c.module, c.opened))
        check_extension(c, node)
    outer.restore(c)


@dataclass(slots=True)
class _Outer:
    """What surrounds the group."""

    scope: dict[str, Type]
    implicit: dict[str, Type] | None
    module: str
    opened: frozenset[str] | None

    def restore(self, c: Checker) -> None:
        c.type_scope, c.implicit_types = self.scope, self.implicit
        c.module, c.opened = self.module, self.opened


def _enter(c: Checker, draft: Draft) -> None:
    c.type_scope, c.implicit_types = draft.scope, None
    c.module, c.opened = draft.home


# Shells -------------------------------------------------------------------------------------------


def _shell(c: Checker, node: tree.TypeDefinition | tree.ExceptionDeclaration) -> Draft:
    symbol = c.type_symbols[node]
    scope: dict[str, Type] = {}
    if isinstance(node, tree.ExceptionDeclaration):
        name = node.case.name
        signature = TypeSignature(symbol, name.text, "exception", (), name.span)
        signature.is_sealed = True
        attributes: list[tree.Attribute] = node.case.attributes
        kind = "exception"
        parameters: tuple[TypeParameter, ...] = ()
    else:
        name = node.name.parts[-1]
        outer, c.type_scope = c.type_scope, scope
        parameters = declare_parameters(c, node.type_parameters)
        c.type_scope = outer
        kind = type_kind(node)
        attributes = node.attributes
        signature = TypeSignature(symbol, name.text, kind, parameters, name.span)
        signature.access = (node.access or tree.Access.PUBLIC).value
    _flags(signature, attributes, kind)
    if kind == "measure":
        from fractions import Fraction

        signature.measure = Measure(((symbol, Fraction(1)),))
    c.own_types[symbol] = signature
    definition = typed.TypeDefinition(symbol, kind, parameters, node.span)
    definition.attributes = typed_attributes(c, attributes)
    definition.full_name = _full_name(c, symbol)
    definition.is_struct = signature.is_struct
    definition.builtin = signature.builtin = text_argument(attributes, "Builtin")
    c.file.types[symbol] = definition
    return Draft(node, signature, scope, definition, node.members, attributes)


def _full_name(c: Checker, symbol: str) -> str:
    """Modules are classes to .NET, so types in them are nested types."""
    prefix = f"{c.namespace}." if c.namespace else ""
    if not symbol.startswith(prefix):
        return symbol
    return prefix + symbol[len(prefix) :].replace(".", "+")


def _flags(signature: TypeSignature, attributes: list[tree.Attribute], kind: str) -> None:
    signature.is_struct = kind in ("struct", "enum") or has_attribute(attributes, "Struct")
    signature.is_sealed = kind not in ("class", "interface") or has_attribute(attributes, "Sealed")
    signature.is_abstract = has_attribute(attributes, "AbstractClass")
    signature.allows_null = has_attribute(attributes, "AllowNullLiteral")
    if kind == "builtin":
        name = text_argument(attributes, "Builtin") or ""
        signature.is_struct = name not in ("object", "string", "array", "unit")
        signature.is_sealed = name != "object"


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
    if signature.abbreviated is None:
        signature.abbreviated = found


# Representations ----------------------------------------------------------------------------------


def _representation(c: Checker, draft: Draft) -> None:
    node = draft.node
    if isinstance(node, tree.ExceptionDeclaration):
        _exception(c, draft, node)
        return
    access = getattr(node.representation, "access", None)
    if access is tree.Access.PRIVATE:
        draft.signature.hidden_in = c.module
    match node.representation:
        case tree.RecordRepresentation(fields=fields, access=access):
            _record(c, draft, fields, access)
        case tree.UnionRepresentation(cases=cases):
            _union(c, draft, cases)
        case tree.EnumRepresentation(cases=cases):
            _enum(c, draft, cases)
        case tree.DelegateRepresentation(signature=written):
            _delegate(c, draft, written)
        case _:
            pass


def _record(
    c: Checker, draft: Draft, fields: list[tree.FieldDefinition], access: tree.Access | None
) -> None:
    for index, entry in enumerate(fields):
        if entry.name is None:
            continue
        type = annotation(c, entry.type)
        draft.signature.fields[entry.name.text] = FieldSignature(
            entry.name.text,
            type,
            entry.is_mutable,
            access=(access or tree.Access.PUBLIC).value,
            index=index,
        )
        draft.definition.fields.append(
            typed.FieldDefinition(entry.name.text, type, entry.is_mutable)
        )


def _union(c: Checker, draft: Draft, cases: list[tree.UnionCase]) -> None:
    for index, case in enumerate(cases):
        symbol = f"{draft.signature.symbol}.{case.name.text}"
        fields = case_fields(c, case)
        draft.signature.cases[case.name.text] = CaseSignature(case.name.text, symbol, fields, index)
        draft.definition.cases.append(
            typed.CaseDefinition(
                case.name.text, symbol, [typed.FieldDefinition(f.name, f.type) for f in fields]
            )
        )


def case_fields(c: Checker, case: tree.UnionCase) -> list[FieldSignature]:
    """The fields of a union case or exception; nameless ones are Item, Item1, Item2 …"""
    written = [(f.name.text if f.name is not None else "", f.type) for f in case.fields]
    signature = case.signature
    while isinstance(signature, tree.FunctionType):
        parameter = signature.parameter
        parts = parameter.elements if isinstance(parameter, tree.TupleType) else [parameter]
        written += [("", part) for part in parts]
        signature = signature.result
    count = len(written)
    fields: list[FieldSignature] = []
    for index, (name, type) in enumerate(written):
        if not name:
            name = "Item" if count == 1 else f"Item{index + 1}"
        fields.append(FieldSignature(name, annotation(c, type), index=index))
    return fields


def _enum(c: Checker, draft: Draft, cases: list[tree.EnumCase]) -> None:
    draft.signature.underlying = INT
    for case in cases:
        value = fold(c, case.value)
        if value is NOT_CONSTANT or not isinstance(value, int):
            c.report(NotAConstant(case.value.span, "the value of an enum case"))
            value = 0
        written = case.value
        while isinstance(written, tree.Paren):
            written = written.expression
        if isinstance(written, tree.Constant):
            from clef.inference.expressions.data import literal_type

            draft.signature.underlying = literal_type(c, written)
        draft.signature.enum_values[case.name.text] = value
        draft.definition.enum_values.append((case.name.text, value))
    draft.definition.underlying = draft.signature.underlying


def _delegate(c: Checker, draft: Draft, written: tree.TypeExpression) -> None:
    signature = draft.signature
    node = written
    while isinstance(node, tree.ParenType):
        node = node.type
    if not isinstance(node, tree.FunctionType):
        return
    parameters = flatten_parameter(c, node.parameter)
    result = annotation(c, node.result)
    types = tuple(p.type for p in parameters)
    whole: Type = UNIT if not types else types[0] if len(types) == 1 else TupleType(types)
    signature.underlying = FunctionType(whole, result)
    draft.definition.underlying = signature.underlying
    member = MemberSignature(
        "Invoke",
        f"{signature.symbol}.Invoke",
        "method",
        signature.symbol,
        False,
        (),
        (parameters,),
        result,
        owner_parameters=signature.parameters,
        is_slot=True,
        is_abstract=True,
    )
    signature.members["Invoke"] = [member]
    draft.definition.slots.append(member.symbol)


def _exception(c: Checker, draft: Draft, node: tree.ExceptionDeclaration) -> None:
    if node.abbreviation is not None:
        what = "an abbreviation of an exception that is a class"
        c.report(NotSupportedYet(node.span, what, "write `type` in place of `exception`"))
    signature = draft.signature
    signature.base = draft.definition.base = EXCEPTION
    fields = case_fields(c, node.case)
    for index, one in enumerate(fields):
        if node.case.fields and node.case.fields[index].name is None:
            one.name = f"Data{index}"
        signature.fields[one.name] = one
        draft.definition.fields.append(typed.FieldDefinition(one.name, one.type))


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
    if problem:
        c.report(InvalidInheritance(span, base.name, problem))
    return not problem


def _heritage(c: Checker, draft: Draft) -> None:
    """The base class and the interfaces; `val` fields."""
    signature = draft.signature
    for member in draft.members:
        if isinstance(member, tree.InheritMember):
            parent = prune(annotation(c, member.inherit.type))
            if not isinstance(parent, NamedType) or parent == ERROR:
                continue
            if signature.kind == "interface":
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
    if signature.base is not None and signature.base.symbol == ATTRIBUTE:
        signature.is_attribute = True
    draft.definition.base = signature.base
    draft.definition.interfaces = list(signature.interfaces)


def _field(c: Checker, draft: Draft, node: tree.FieldDefinition) -> None:
    if node.name is None:
        return
    type = annotation(c, node.type)
    name = node.name.text
    access = (node.access or tree.Access.PUBLIC).value
    draft.signature.fields[name] = FieldSignature(
        name, type, node.is_mutable, node.is_static, access, len(draft.signature.fields)
    )
    if not node.is_static:
        is_zeroed = has_attribute(node.attributes, "DefaultValue")
        field = typed.FieldDefinition(name, type, node.is_mutable, is_zeroed)
        draft.definition.fields.append(field)
    else:
        symbol = unique_symbol(c, f"{draft.signature.symbol}.{name}")
        body = typed.TypeName(type, node.span, "default", type)
        definition = typed.Definition(
            symbol, draft.signature.parameters, [], type, body, node.span, is_mutable=True
        )
        c.file.definitions[symbol] = definition
        c.file.initialisations.append(typed.Initialisation(symbol))
