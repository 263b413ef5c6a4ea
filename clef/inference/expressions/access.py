"""Access to members: `value.Name`, and the arguments behind it.

Comes in: a typed value and the suffixes that follow. Goes out: the access or call, and
how many suffixes it used.
Promises: fields and properties are preferred over methods; a method without arguments becomes a
function value.
"""

from __future__ import annotations

from clef.diagnostics.typing import (
    IndeterminateType,
    PrivateMember,
    PropertyAccess,
    StaticOrInstance,
)
from clef.inference import typed_tree as typed
from clef.inference.annotations import annotation
from clef.inference.arguments import read_arguments
from clef.inference.calls import call_curried, call_group
from clef.inference.candidates import report_count, written_parameters
from clef.inference.expressions.dispatch import failed
from clef.inference.expressions.promised import promise_of, promised_step
from clef.inference.expressions.suffixes import Suffix
from clef.inference.expressions.unknown_members import report_unknown_member
from clef.inference.members import (
    Found,
    extension_methods,
    find_field,
    find_members,
    hierarchy,
    member_names,
    with_those_of_objects,
)
from clef.inference.methods_as_functions import method_as_function
from clef.inference.reporting import check_visible
from clef.inference.signatures import CaseSignature, TypeSignature
from clef.inference.state import Checker
from clef.inference.subtyping import delegate_signature, mapping_of
from clef.inference.traits import weak_resolution
from clef.inference.type_text import show
from clef.inference.types import (
    ERROR,
    AnonymousRecordType,
    NamedType,
    TupleType,
    Type,
    TypeVariable,
    tuple_position,
)
from clef.inference.unification import instantiate, prune, substitute, unify
from clef.inference.well_known import (
    BOOL,
    INT,
)
from clef.inference.written_measures import measure_of
from clef.names.entities import FieldResolution
from clef.source import Span
from clef.syntax import tree

Step = tuple[typed.Expression, int]
_OF_ALL_OBJECTS = frozenset(("ToString", "GetHashCode", "Equals", "GetType"))


def member_step(
    c: Checker,
    target: typed.Expression,
    suffixes: list[Suffix],
    index: int,
    expected: Type,
    is_base: bool = False,
) -> Step:
    """`target.Name` with what follows it."""
    suffix = suffixes[index]
    name = suffix.name
    assert name is not None
    type = prune(target.type)
    if type == ERROR:
        return failed(suffix.span), index + 1
    if isinstance(type, TypeVariable):
        weak_resolution(c, type)
        type = prune(type)
    promise = promise_of(c, type, name.text, is_static=False)
    if promise is not None:
        return promised_step(c, promise, target, suffixes, index)
    if isinstance(type, TypeVariable):
        type = record_with_field(c, type, name)
    if (
        isinstance(type, TypeVariable)
        and name.text not in _OF_ALL_OBJECTS
        and not any(one.kind == "subtype" for one in type.constraints)
    ):
        c.report(IndeterminateType(target.span, name.written))
        return failed(suffix.span), index + 1
    if isinstance(type, AnonymousRecordType) and name.text in type.names:
        position = type.names.index(name.text)
        return (
            typed.AnonymousFieldGet(type.types[position], suffix.span, target, position),
            index + 1,
        )
    if isinstance(type, TupleType):
        place = tuple_position(type, name.text)
        if place is not None:
            item = type.items[place]
            return typed.AnonymousFieldGet(item, suffix.span, target, place), index + 1
    field = find_field(c, type, name.text)
    if field is not None and not field[0].is_static:
        return _field(c, target, field, name, suffix.span), index + 1
    is_open = isinstance(type, TypeVariable) and name.text in _OF_ALL_OBJECTS
    group = (
        with_those_of_objects(c, type, name.text) if is_open else find_members(c, type, name.text)
    )
    instance_members = [f for f in group if not f.member.is_static]
    if instance_members:
        return member_use(c, instance_members, target, suffixes, index, expected, is_base)
    if group:
        c.report(StaticOrInstance(name.span, name.written, True))
        return failed(suffix.span), index + 1
    special = _case_test(c, target, type, name, suffix.span)
    if special is not None:
        return special, index + 1
    interface = _interface_with(c, type, name.text)
    report_unknown_member(c, type, name, member_names(c, type), interface)
    return failed(suffix.span), index + 1


def _interface_with(c: Checker, type: Type, name: str) -> str | None:
    """The interface of a type that has a member of this name."""
    for owner in hierarchy(c, type):
        signature = c.type_named(owner.symbol)
        if signature is not None and signature.kind == "interface" and name in signature.members:
            return show(owner)
    return None


def record_with_field(c: Checker, type: TypeVariable, name: tree.Name) -> Type:
    """`value.Name` of a value whose type is open: the latest record in scope that has the field."""
    resolution = c.table.get(name)
    if not isinstance(resolution, FieldResolution):
        return type
    for candidate in resolution.candidates:
        signature = c.type_named(candidate.type_symbol)
        if signature is not None:
            _, arguments = instantiate(c, signature.parameters, name.span)
            unify(c, type, NamedType(signature.symbol, arguments))
            return prune(type)
    return type


def _field(
    c: Checker,
    target: typed.Expression,
    field: tuple[object, NamedType, Type],
    name: tree.Name,
    span: Span,
) -> typed.Expression:
    from clef.inference.signatures import FieldSignature

    signature, owner, type = field
    assert isinstance(signature, FieldSignature)
    check_field_access(c, signature.access, owner, name)
    if isinstance(prune(target.type), NamedType) and prune(target.type) != owner:
        target = typed.Coerce(owner, target.span, target)
    return typed.FieldGet(type, span, target, owner, name.text)


def check_field_access(c: Checker, access: str, owner: NamedType, name: tree.Name) -> None:
    """A private field is used inside its type only, one of a hidden record in its module."""
    signature = c.type_named(owner.symbol)
    if signature is not None and signature.hidden_in and signature.kind == "record":
        check_visible(c, signature, name.written, name.span)
        return
    if access == "private" and (c.cls is None or c.cls.signature.symbol != owner.symbol):
        signature = c.type_named(owner.symbol)
        if signature is not None and signature.kind in ("record", "union"):
            check_visible(c, signature, name.written, name.span)
        else:
            c.report(PrivateMember(name.span, name.written, show(owner)))


def _case_test(
    c: Checker, target: typed.Expression, type: Type, name: tree.Name, span: Span
) -> typed.Expression | None:
    """`value.IsCase` and `value.Tag` of unions."""
    if not isinstance(type, NamedType):
        return None
    signature = c.type_named(type.symbol)
    if signature is None or not signature.cases:
        return None
    if name.text.startswith("Is") and signature.has_case_tests:
        case = signature.cases.get(name.text[2:])
        if case is not None:
            arguments = _whatever(signature, type, case, span)
            yes = typed.MatchRule(
                typed.CasePattern(type, span, case.symbol, arguments),
                None,
                typed.Literal(BOOL, span, True),
                span,
            )
            no = typed.MatchRule(
                typed.WildcardPattern(type, span), None, typed.Literal(BOOL, span, False), span
            )
            return typed.Match(BOOL, span, target, [yes, no])
    if name.text == "Tag":
        rules = [
            typed.MatchRule(
                typed.CasePattern(
                    type,
                    span,
                    case.symbol,
                    _whatever(signature, type, case, span),
                ),
                None,
                typed.Literal(INT, span, position),
                span,
            )
            for position, case in enumerate(signature.cases.values())
        ]
        return typed.Match(INT, span, target, rules)
    return None


def _whatever(
    signature: TypeSignature, type: NamedType, case: CaseSignature, span: Span
) -> list[typed.Pattern]:
    """A pattern for each field of a case, which takes anything."""
    mapping = mapping_of(signature, type)
    return [typed.WildcardPattern(substitute(f.type, mapping), span) for f in case.fields]


def member_use(
    c: Checker,
    group: list[Found],
    target: typed.Expression | None,
    suffixes: list[Suffix],
    index: int,
    expected: Type,
    is_base: bool = False,
) -> Step:
    """Read a property, call a method, or take a method as a function."""
    span = suffixes[index].span
    following = suffixes[index + 1] if index + 1 < len(suffixes) else None
    explicit: list[Type] | None = None
    used = index + 1
    if following is not None and following.kind == "types":
        explicit = _written_arguments(c, group, following.types)
        used += 1
        following = suffixes[used] if used < len(suffixes) else None
    methods = [f for f in group if f.member.kind == "method"]
    if not methods and following is not None and following.kind == "apply":
        methods = _accessors(group, suffixes[index].name, following.argument)
        if methods and methods[0].member.kind == "getter" and not methods[0].member.groups:
            whole = span.to(following.span)
            return call_group(c, methods, target, None, None, whole, None, is_base), used + 1
    getters = [f for f in group if f.member.kind == "getter"]
    if getters and not methods and following is not None and following.kind == "apply":
        methods = _instead_of_property(c, getters, target, suffixes[index].name)
    if getters and not methods:
        return _read_property(c, getters, target, suffixes, used, expected, is_base)
    if not methods:
        c.report(PropertyAccess(span, group[0].member.property, "read"))
        return failed(span), used
    if following is not None and following.kind == "apply":
        count = len(methods[0].member.groups)
        nodes = _argument_groups(suffixes, used, count)
        if len(methods) == 1 and count > 1 and len(nodes) == count:
            whole = span.to(suffixes[used + count - 1].span)
            last = used + count == len(suffixes)
            wanted = expected if last else None
            call = call_curried(c, methods[0], target, nodes, explicit, whole, wanted, is_base)
            if isinstance(call, typed.MethodCall | typed.VirtualCall):
                call.waits = not last and suffixes[used + count].kind == "apply"
            return call, used + count
        last = used + 1 == len(suffixes)
        whole = span.to(following.span)
        found = call_group(
            c,
            methods,
            target,
            following.argument,
            explicit,
            whole,
            expected if last else None,
            is_base,
        )
        return found, used + 1
    return method_as_function(c, methods, target, explicit, span, expected), used


def _written_arguments(
    c: Checker, group: list[Found], written: list[tree.TypeExpression]
) -> list[Type]:
    """The type arguments of a method; measures where a candidate takes a measure."""
    taken = [written_parameters(f.member) for f in group]
    measures = {
        place
        for parameters in taken
        if len(parameters) == len(written)
        for place, parameter in enumerate(parameters)
        if parameter.is_measure
    }
    return [
        measure_of(c, node) if place in measures else annotation(c, node)
        for place, node in enumerate(written)
    ]


def _instead_of_property(
    c: Checker, getters: list[Found], target: typed.Expression | None, name: tree.Name | None
) -> list[Found]:
    """The methods of extensions that a call means where the property cannot be called: it takes no
    index and gives no function."""
    found = getters[0]
    result = prune(substitute(found.member.result, found.mapping))
    if name is None or found.member.groups or not isinstance(result, NamedType):
        return []
    if found.member.is_extension or delegate_signature(c, result) is not None:
        return []
    type = found.owner if target is None else target.type
    methods = extension_methods(c, type, name.text)
    return [one for one in methods if one.member.is_static == found.member.is_static]


def _accessors(
    group: list[Found], name: tree.Name | None, argument: tree.Expression | None
) -> list[Found]:
    """The accessors of properties that a call means: `value.get_Name()`, `value.set_Name x`."""
    found = [f for f in group if name is not None and f.member.name == name.text]
    is_plain = bool(found) and found[0].member.kind == "getter" and not found[0].member.groups
    takes_nothing = isinstance(argument, tree.Constant) and argument.kind is tree.LiteralKind.UNIT
    return found if not is_plain or takes_nothing else []


def _argument_groups(suffixes: list[Suffix], start: int, count: int) -> list[tree.Expression]:
    """The arguments of a curried member, as far as they are written."""
    nodes: list[tree.Expression] = []
    for suffix in suffixes[start : start + count]:
        if suffix.kind != "apply" or suffix.argument is None:
            break
        nodes.append(suffix.argument)
    return nodes


def _read_property(
    c: Checker,
    getters: list[Found],
    target: typed.Expression | None,
    suffixes: list[Suffix],
    used: int,
    expected: Type,
    is_base: bool,
) -> Step:
    span = suffixes[used - 1].span
    plain = [f for f in getters if not f.member.groups or not f.member.groups[0]]
    is_own = not getters[0].member.is_extension and getters[0] not in plain
    if plain and not (is_own and plain[0].member.is_extension):
        found = call_group(c, plain[:1], target, None, None, span, None, is_base)
        return found, used
    following = suffixes[used] if used < len(suffixes) else None
    if following is not None and following.kind == "apply":
        found = call_group(
            c, getters, target, following.argument, None, span.to(following.span), None, is_base
        )
        return found, used + 1
    if following is not None and following.kind == "index":
        argument = index_argument(following.indices, following.span)
        found = call_group(c, getters, target, argument, None, following.span, None, is_base)
        return found, used + 1
    report_count(c, getters[0], read_arguments(None, set()), span)
    return failed(span), used


def index_argument(indices: list[tree.Expression], span: Span) -> tree.Expression:
    if len(indices) == 1:
        return tree.Paren(span, indices[0])
    return tree.Paren(span, tree.Tuple(span, indices))
