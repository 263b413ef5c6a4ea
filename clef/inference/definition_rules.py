"""What the definition of a type may contain.

Comes in: a definition whose kind is known. Goes out: a report for each part that types of its kind
cannot have. Promises: values of an object need a primary constructor, fields are set by somebody,
and abbreviations have no members of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from clef.diagnostics.typing import DuplicateMember, MemberWithoutObject, MisplacedPart
from clef.diagnostics.typing.definitions import BoundAndMember
from clef.inference.annotations import annotation
from clef.inference.attributes import has_attribute
from clef.inference.equality_rules import check_equality
from clef.inference.kind_rules import check_kind
from clef.inference.member_rules import (
    check_curried,
    check_hiding,
    check_implemented_once,
    check_member_heads,
)
from clef.inference.name_rules import check_clashes
from clef.inference.signatures import MemberSignature, TypeSignature
from clef.inference.state import Checker
from clef.inference.subtyping import is_sealed, would_unify
from clef.inference.type_shells import Draft
from clef.inference.type_text import show
from clef.inference.types import (
    ERROR,
    FunctionType,
    NamedType,
    TupleType,
    Type,
    TypeVariable,
)
from clef.inference.unification import is_measure, prune, substitute
from clef.inference.well_known import BYREF, is_byref
from clef.source import Span, in_library
from clef.syntax import tree

_ARTICLES = {
    "record": "a record",
    "union": "a union",
    "enum": "an enum",
    "delegate": "a delegate",
    "abbreviation": "a type abbreviation",
    "interface": "an interface",
    "struct": "a struct",
}


def check_definition(c: Checker, draft: Draft) -> None:
    """Report what does not belong into a type of this kind."""
    node = draft.node
    if not isinstance(node, tree.TypeDefinition):
        return
    kind = draft.signature.kind
    if kind in ("interface", "struct", "record", "union") and draft.signature.is_abstract:
        way_out = "only classes are abstract; take the attribute away"
        _report(c, node.name.span, "`[<AbstractClass>]`", kind, way_out)
    match kind:
        case "abbreviation":
            for member in draft.members[:1]:
                way_out = "define a record, union or class, or extend the type: `type T with …`"
                _report(c, member.span, "a member", kind, way_out)
        case "record" | "union":
            _data_parts(c, draft, kind)
        case "enum" | "delegate":
            for member in draft.members[:1]:
                _report(c, member.span, "a member", kind, "write a function")
        case "class" | "struct":
            _object_parts(c, draft, node)
        case _:
            pass
    if draft.signature.is_byref_like and not draft.signature.is_struct:
        _report(c, node.name.span, "`[<IsByRefLike>]`", kind, "write `[<Struct>]` as well")
    check_kind(c, draft, node)
    _objects(c, draft.members)
    _setters(c, draft.members)
    check_member_heads(c, draft.members)
    _interfaces(c, draft)


def _setters(c: Checker, members: Iterable[tree.Member]) -> None:
    """What a `member val` holds can be read."""
    for member in members:
        if not isinstance(member, tree.AutoPropertyMember):
            continue
        if member.has_setter and not member.has_getter:
            part, way_out = "`with set` alone", "write `with get, set`"
            c.report(MisplacedPart(member.span, part, "`member val`", way_out))


def _objects(c: Checker, members: Iterable[tree.Member]) -> None:
    """Members that are not static have a name for their object."""
    for member in members:
        bindings: list[tree.Binding | None] = []
        match member:
            case tree.MethodMember(binding=method, is_static=False):
                bindings = [method]
            case tree.PropertyMember(getter=getter, setter=setter, is_static=False):
                bindings = [getter or setter]
            case tree.InterfaceMember(implementation=implementation):
                _objects(c, implementation.members)
            case _:
                pass
        for binding in bindings:
            head = binding.head if binding is not None else None
            if isinstance(head, tree.NameHead) and head.this is None:
                c.report(MemberWithoutObject(head.name.span, head.name.written))


def _report(c: Checker, span: Span, part: str, kind: str, way_out: str) -> None:
    c.report(MisplacedPart(span, part, _ARTICLES.get(kind, f"a {kind}"), way_out))


def _data_parts(c: Checker, draft: Draft, kind: str) -> None:
    """Records and unions are made of what they list."""
    for member in draft.members:
        match member:
            case tree.ConstructorMember():
                _report(c, member.span, "a constructor", kind, "write `static member create …`")
            case tree.InheritMember():
                _report(c, member.span, "`inherit`", kind, "only classes and interfaces inherit")
            case tree.LetMember(is_static=False):
                _report(c, member.span, "a `let`", kind, "write `static let`, or a member")
            case tree.FieldMember(field=field) if not field.is_static:
                _report(c, member.span, "a `val`", kind, "let it be one of its fields")
            case tree.AutoPropertyMember(is_static=False):
                _report(c, member.span, "`member val`", kind, "write `member`")
            case _:
                pass


def _object_parts(c: Checker, draft: Draft, node: tree.TypeDefinition) -> None:
    """Classes and structs: what the primary constructor computes, and what it cannot set."""
    primary = node.constructor
    for again in [one for one in draft.members if isinstance(one, tree.InheritMember)][1:]:
        _report(c, again.span, "a second `inherit`", "class", "a class has one base class")
    if primary is not None and primary.self_name is not None and draft.signature.is_struct:
        way_out = "members name their object by themselves: `member this.M() = …`"
        _report(c, primary.self_name.span, "`as …`", "struct", way_out)
    if primary is not None and draft.signature.is_struct and _takes_nothing(primary.pattern):
        part = "a primary constructor without arguments"
        way_out = "every struct can be made without arguments: take the brackets away"
        _report(c, primary.span, part, "struct", way_out)
    if primary is not None:
        _order(c, node.members)
    for member in draft.members:
        if isinstance(member, tree.InheritMember) and draft.signature.is_struct:
            _report(c, member.span, "`inherit`", "struct", "only classes and interfaces inherit")
        elif isinstance(member, tree.FieldMember):
            _field(c, member.field, node.constructor is not None)
        elif draft.signature.is_struct and primary is not None and _computed(member):
            way_out = "write members, or `val` fields and `new`"
            _report(c, member.span, _computed(member), "struct", way_out)
        elif node.constructor is None:
            part = _computed(member)
            if part:
                owner = "a type without a primary constructor"
                way_out = f"write `type {draft.signature.name}() =`"
                c.report(MisplacedPart(member.span, part, owner, way_out))


def _order(c: Checker, members: Sequence[tree.Member]) -> None:
    """What the primary constructor does stands before the members: `inherit`, `let` and `do`."""
    way_out = "move it in front of the first member"
    computed = has_members = False
    for member in members:
        match member:
            case tree.InheritMember() if computed or has_members:
                way = "move it to the beginning of the type"
                c.report(MisplacedPart(member.span, "`inherit` behind other parts", "a type", way))
            case tree.LetMember() | tree.DoMember() if has_members:
                part = "`let` or `do` behind a member"
                c.report(MisplacedPart(member.span, part, "a type", way_out))
            case tree.LetMember() | tree.DoMember():
                computed = True
            case tree.InheritMember() | tree.FieldMember():
                pass
            case _:
                has_members = True


def _local_names(c: Checker, draft: Draft) -> None:
    """What a class binds by `let` is not named as one of its members."""
    if in_library(c.path):
        return
    named = {
        member.property or member.name
        for group in draft.signature.members.values()
        for member in group
    }
    for member in draft.members:
        for binding in member.bindings if isinstance(member, tree.LetMember) else ():
            head = binding.head
            if isinstance(head, tree.NameHead) and head.name.text in named:
                found = BoundAndMember(head.name.span, head.name.written, draft.signature.name)
                c.report(found)


def _takes_nothing(pattern: tree.Pattern) -> bool:
    while isinstance(pattern, tree.ParenPattern):
        pattern = pattern.pattern
    if not isinstance(pattern, tree.ConstantPattern):
        return False
    return pattern.constant.kind is tree.LiteralKind.UNIT


def _computed(member: tree.Member) -> str:
    """What the primary constructor would have to compute for each object."""
    match member:
        case tree.LetMember(is_static=False):
            return "a `let`"
        case tree.DoMember(is_static=False):
            return "a `do`"
        case tree.AutoPropertyMember(is_static=False):
            return "a `member val`"
        case _:
            return ""


def _field(c: Checker, field: tree.FieldDefinition, is_constructed: bool) -> None:
    is_zeroed = has_attribute(field.attributes, "DefaultValue")
    is_set = is_zeroed and field.is_mutable
    if is_set and not (field.is_static and field.access is not tree.Access.PRIVATE):
        return
    if field.is_static:
        part, owner = "this `static val`", "a type"
        way_out = "write `[<DefaultValue>] static val mutable private …`, or `static let mutable`"
    elif is_constructed:
        part, owner = "a `val` that nothing sets", "a type with a primary constructor"
        way_out = "write `let`, or `[<DefaultValue>] val mutable …`"
    else:
        return
    c.report(MisplacedPart(field.span, part, owner, way_out))


def check_overloads(c: Checker, draft: Draft) -> None:
    """Overloads differ in what they take; members are not named as fields and cases."""
    check_clashes(c, draft)
    _local_names(c, draft)
    check_curried(c, draft.signature)
    check_equality(c, draft)
    check_implemented_once(c, draft)
    check_hiding(c, draft)
    _check_properties(c, draft.signature)
    check_forms(c, draft.signature.name, draft.signature.members)


def check_forms(c: Checker, owner: str, members: Mapping[str, Sequence[MemberSignature]]) -> None:
    """Methods of one name differ in what they take."""
    for name, group in members.items():
        _check_curried(c, group)
        seen: list[tuple[object, ...]] = []
        for member in group:
            if member.kind not in ("method", "constructor") or member.is_override:
                continue
            if member.span is None or (member.kind == "constructor" and in_library(c.path)):
                continue
            _optional_last(c, member)
            types = [_erased(p.type) for parameters in member.groups for p in parameters]
            if name in ("op_Implicit", "op_Explicit"):  # which are chosen by what they give
                types.append(_erased(member.result))
            if any(isinstance(one, TypeVariable) for one in types):
                continue
            taken = (*_in_order(member, types), _passes_functions(c, member))
            if taken in seen and len(member.groups) == 1:
                shown = "new" if name == ".ctor" else name
                c.report(DuplicateMember(member.span, shown, owner))
            seen.append(taken)


def _passes_functions(c: Checker, member: MemberSignature) -> int:
    """How many functions that an inline member takes go on to a constraint on one of its types. A
    function over what has subtypes stands there for one over any of these (F# specification
    §14.4.3), which is one more type parameter of the member."""
    functions = [
        domain
        for one in member.type_parameters
        for constraint in one.constraints
        if constraint.member is not None
        for parameter in constraint.member.parameters
        if isinstance(given := prune(parameter), FunctionType)
        and isinstance(domain := prune(given.parameter), NamedType)
        and not is_sealed(c, domain)
    ]
    return len(functions)


def _check_curried(c: Checker, group: Sequence[MemberSignature]) -> None:
    """A method with curried arguments is alone with its name."""
    methods = [one for one in group if one.kind == "method" and not one.is_override]
    for member in methods:
        if len(member.groups) < 2 or member.span is None:
            continue
        if len({one.symbol for one in methods}) > 1:
            part, owner = "curried arguments", "a method of several forms"
            way_out = "write `member x.M(a, b)`"
            c.report(MisplacedPart(member.span, part, owner, way_out))


def _in_order(member: MemberSignature, types: list[Type]) -> tuple[object, ...]:
    """What a method takes, with its own type parameters by their places."""
    places: dict[int, Type] = {
        parameter.id: NamedType(f"{place}")
        for place, parameter in enumerate(member.type_parameters)
    }
    shown = tuple(substitute(one, places) for one in types)
    return (member.is_static, len(member.type_parameters), *shown)


def _check_properties(c: Checker, signature: TypeSignature) -> None:
    """A property is not named as a method, and is of the type or of its objects."""
    if in_library(c.path):
        return
    members = [member for group in signature.members.values() for member in group]
    _slots_once(c, signature, members)
    own = [
        member
        for member in members
        if member.span is not None and not (member.is_override or member.is_slot)
    ]
    methods = {one.name for one in own if one.kind == "method"}
    of_objects = {one.name for one in own if one.kind == "getter" and not one.is_static}
    for member in own:
        if member.kind != "getter":
            continue
        clashes = bool({member.property, member.name} & methods)
        if clashes or (member.is_static and member.name in of_objects):
            assert member.span is not None
            c.report(DuplicateMember(member.span, member.property, signature.name))
    _indexed_or_not(c, signature, [one for one in own if one.kind in ("getter", "setter")])
    _virtual_or_not(c, signature, members)


def _indexed_or_not(
    c: Checker, signature: TypeSignature, accessors: Sequence[MemberSignature]
) -> None:
    """Of properties with one name all have an index, or none has (F# FS0436)."""
    first: dict[str, bool] = {}
    for member in accessors:
        taken = sum(map(len, member.groups)) - (member.kind == "setter")
        if first.setdefault(member.property, taken > 0) != (taken > 0):
            assert member.span is not None
            c.report(DuplicateMember(member.span, member.property, signature.name))


def _virtual_or_not(
    c: Checker, signature: TypeSignature, members: Sequence[MemberSignature]
) -> None:
    """Both accessors of a property can be overridden, or neither (F# FS0435)."""
    getters: dict[str, bool] = {}
    setters: dict[str, bool] = {}
    for member in members:
        if member.kind in ("getter", "setter") and member.span is not None:
            known = getters if member.kind == "getter" else setters
            is_virtual = member.is_slot or member.is_override
            known[member.property] = known.get(member.property, False) or is_virtual
    for member in members:
        name = member.property
        if member.kind == "setter" and name in getters and getters[name] != setters.get(name):
            part, owner = "an accessor that can be overridden", "a property whose other cannot"
            way_out = "declare both by `abstract`, or neither"
            c.report(MisplacedPart(member.span or signature.span, part, owner, way_out))
            return


def _slots_once(c: Checker, signature: TypeSignature, members: Sequence[MemberSignature]) -> None:
    """An abstract property without an index is declared once."""
    first: dict[str, str] = {}
    for member in members:
        if not member.is_slot or member.kind != "getter" or any(member.groups):
            continue
        if first.setdefault(member.name, member.symbol) != member.symbol:
            assert member.span is not None
            c.report(DuplicateMember(member.span, member.property, signature.name))


def _erased(type: Type) -> Type:
    """A type without units of measure and kinds of references, which do not tell members apart."""
    found = prune(type)
    if is_byref(found):
        return NamedType(BYREF, tuple(map(_erased, found.arguments)))
    if isinstance(found, NamedType):
        kept = [_erased(one) for one in found.arguments if not is_measure(prune(one))]
        return NamedType(found.symbol, tuple(kept))
    if isinstance(found, FunctionType):
        return FunctionType(_erased(found.parameter), _erased(found.result))
    if isinstance(found, TupleType):
        return TupleType(tuple(map(_erased, found.items)), found.is_struct)
    return found


def _optional_last(c: Checker, member: MemberSignature) -> None:
    """What may be left out stands behind what may not."""
    for parameters in member.groups:
        is_optional = False
        for parameter in parameters:
            if is_optional and not parameter.is_optional and not parameter.is_param_array:
                part, owner = "an optional argument", "front of one that is not"
                way_out = "let the optional arguments be the last"
                assert member.span is not None
                c.report(MisplacedPart(member.span, part, owner, way_out))
                return
            is_optional = is_optional or (parameter.is_optional and not parameter.has_default)


def _interfaces(c: Checker, draft: Draft) -> None:
    """An interface is implemented once, whatever the type parameters stand for (F# FS3360)."""
    seen: list[Type] = []
    open_at: dict[int, Type] = {
        one.id: c.fresh_measure(draft.signature.span)
        if one.is_measure
        else c.fresh(draft.signature.span)
        for one in draft.signature.parameters
    }
    for member in draft.members:
        if not isinstance(member, tree.InterfaceMember) or not member.implementation.members:
            continue
        type = prune(annotation(c, member.implementation.type))
        if type == ERROR:
            continue
        shown = show(type)
        type = substitute(type, open_at)
        if any(would_unify(c, type, other) for other in seen):
            c.report(DuplicateMember(member.span, shown, draft.signature.name))
        seen.append(type)
