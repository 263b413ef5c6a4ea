"""Access to members: `value.Name`, `Type.Name`, constructors, indices and slices.

Comes in: a typed value or a type, and the suffixes that follow. Goes out: the access or call, and
how many suffixes it used.
Promises: fields and properties are preferred over methods; a method without arguments becomes a
function value.
"""

from __future__ import annotations

from clef.diagnostics.names import UnknownName
from clef.diagnostics.objects import DisposableWithoutNew
from clef.diagnostics.typing import (
    AbstractInstance,
    IndeterminateType,
    MisplacedPart,
    NoConstructor,
    NotSupportedYet,
    PrivateMember,
    PropertyAccess,
    StaticOrInstance,
)
from clef.inference import typed_tree as typed
from clef.inference.annotations import annotation, apply_type, instance, measure_of
from clef.inference.arguments import read_arguments
from clef.inference.calls import call_curried, call_group, preset_struct
from clef.inference.candidates import report_count, written_parameters
from clef.inference.early_uses import presume_own
from clef.inference.expressions.cases import case_use
from clef.inference.expressions.dispatch import check, failed, infer
from clef.inference.expressions.promised import promise_of, promised_step
from clef.inference.expressions.suffixes import Suffix
from clef.inference.expressions.unknown_members import report_unknown_member
from clef.inference.members import (
    Found,
    constructors,
    find_field,
    find_members,
    hierarchy,
    member_names,
)
from clef.inference.methods_as_functions import method_as_function
from clef.inference.reporting import check_visible
from clef.inference.signatures import CaseSignature, TypeSignature
from clef.inference.state import Checker
from clef.inference.subtyping import as_instance, mapping_of, presume_whole
from clef.inference.traits import weak_resolution
from clef.inference.type_text import show
from clef.inference.types import (
    ERROR,
    AnonymousRecordType,
    NamedType,
    ParameterType,
    TupleType,
    Type,
    TypeVariable,
    tuple_position,
)
from clef.inference.unification import instantiate, prune, substitute, unify
from clef.inference.well_known import (
    BOOL,
    DISPOSABLE,
    INT,
    OBJECT,
)
from clef.names.entities import FieldResolution, OpenedTypeResolution, TypeResolution
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
    group = list(find_members(c, OBJECT if is_open else type, name.text))
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


# Types as heads -----------------------------------------------------------------------------------


def static_head(
    c: Checker,
    suffixes: list[Suffix],
    resolution: TypeResolution,
    head: tree.Identifier,
    expected: Type,
) -> Step:
    """`Type.Member`, `Type(args)`, `Type<int>(args)`."""
    index = 0
    written: list[tree.TypeExpression] = []
    if suffixes and suffixes[0].kind == "types":
        written = suffixes[0].types
        index = 1
    signature = _candidate(c, resolution, len(written), index == 1, suffixes)
    if signature is not None and resolution.shadowed:
        signature = _with_what_follows(c, signature, resolution, suffixes[index:])
    if signature is None:
        c.report(NotSupportedYet(head.span, f"the type `{head.name.text}` in an expression"))
        return failed(head.span), len(suffixes)
    if written:
        type = apply_type(c, signature, head, written)
    else:
        arguments: tuple[Type, ...] = tuple(
            c.fresh_measure(head.span) if p.is_measure else c.fresh(head.span)
            for p in signature.parameters
        )
        type = instance(c, signature, arguments, head)
    owner = prune(type)
    following = suffixes[index] if index < len(suffixes) else None
    if not isinstance(owner, NamedType) or owner == ERROR:
        if following is None or following.kind != "apply":
            return failed(head.span), len(suffixes)
        span = head.span.to(following.span)
        return construct_structural(c, owner, following.argument, span), index + 1
    definition = c.type_named(owner.symbol) or signature
    if following is not None and following.kind == "name":
        return static_member(c, definition, owner, suffixes, index, expected)
    if following is not None and following.kind == "apply":
        last = index + 1 == len(suffixes)
        span = head.span.to(following.span)
        found = construct(
            c, definition, owner, following.argument, span, expected if last else None
        )
        if as_instance(c, owner, DISPOSABLE.symbol) is not None:
            c.report(DisposableWithoutNew(span, show(owner)))
        return found, index + 1
    presume_own(c, owner)
    group = constructors(c, definition, owner)
    if not group and definition.kind == "builtin":
        group = [f for f in find_members(c, owner, "Construct") if f.member.is_static]
    if not group or definition.is_abstract:
        c.report(NoConstructor(head.span, show(owner)))
        return failed(head.span), len(suffixes)
    return method_as_function(c, group, None, None, head.span, expected), index


def opened_member(
    c: Checker,
    suffixes: list[Suffix],
    resolution: OpenedTypeResolution,
    head: tree.Identifier,
    expected: Type,
) -> Step:
    """A static member of a type that `open type` opened, by its name alone."""
    name = head.name.parts[0]
    for entity in resolution.types:
        signature = c.type_named(entity.symbol)
        if signature is None:
            continue
        arguments: tuple[Type, ...] = tuple(c.fresh(head.span) for _ in signature.parameters)
        owner = prune(instance(c, signature, arguments, head))
        if not isinstance(owner, NamedType):
            continue
        definition = c.type_named(owner.symbol) or signature
        field = definition.fields.get(name.text)
        if (
            name.text in definition.enum_values
            or (field is not None and field.is_static)
            or any(one.member.is_static for one in find_members(c, owner, name.text))
        ):
            first = Suffix("name", name.span, name=name)
            found, used = static_member(c, definition, owner, [first, *suffixes], 0, expected)
            return found, used - 1
    c.report(UnknownName(name.span, name.written, None, False))
    return failed(head.span), len(suffixes)


def _candidate(
    c: Checker,
    resolution: TypeResolution,
    count: int,
    explicit: bool,
    suffixes: list[Suffix],
) -> TypeSignature | None:
    candidates = resolution.candidates
    if explicit:
        entity = candidates.get(count)
        if entity is None and len(candidates) == 1:
            entity = next(iter(candidates.values()))
        return c.type_named(entity.symbol) if entity is not None else None
    found: list[TypeSignature] = []
    for arity in sorted(candidates):
        signature = c.type_named(candidates[arity].symbol)
        if signature is not None:
            found.append(signature)
    if len(found) > 1 and suffixes and suffixes[0].kind == "name" and suffixes[0].name is not None:
        name = suffixes[0].name.text
        having = [s for s in found if _has(c, s, name)]
        found = having or found
    elif len(found) > 1:
        # Types without constructors, such as the regions of pointers, are not what is meant.
        found = [s for s in found if s.kind != "class" or ".ctor" in s.members] or found
    return found[0] if found else None


def _with_what_follows(
    c: Checker, nearest: TypeSignature, resolution: TypeResolution, suffixes: list[Suffix]
) -> TypeSignature:
    """The latest type of the name that has the member, or the constructor, that is used."""
    arity = len(nearest.parameters)
    found = [nearest]
    for entity in resolution.shadowed:
        signature = c.type_named(entity.symbol) if entity.arity == arity else None
        if signature is not None:
            found.append(signature)
    if suffixes and suffixes[0].name is not None:
        name = suffixes[0].name.text
        return next((one for one in found if _answers(c, one, name)), nearest)
    return next((one for one in found if one.kind not in _NOT_CONSTRUCTED), nearest)


_NOT_CONSTRUCTED = frozenset(("record", "union", "enum", "interface", "measure"))
"""Kinds of types that have no constructor to call."""


def _answers(c: Checker, signature: TypeSignature, name: str) -> bool:
    """Whether `Type.name` means something, be it inherited."""
    field = signature.fields.get(name)
    if _has(c, signature, name) or (field is not None and field.is_static):
        return True
    arguments = tuple(ParameterType(one) for one in signature.parameters)
    return bool(find_members(c, NamedType(signature.symbol, arguments), name))


def _has(c: Checker, signature: TypeSignature, name: str) -> bool:
    if name in signature.members or name in signature.cases or name in signature.enum_values:
        return True
    return any(name in (one.name, one.property) for one in c.extensions_of(signature.symbol))


def construct_structural(
    c: Checker, type: Type, argument: tree.Expression | None, span: Span
) -> typed.Expression:
    """`Tuple<int, string>(1, "a")`: of types without a name, tuples are made of their parts."""
    if isinstance(type, TupleType) and argument is not None:
        return check(c, argument, type)
    if argument is not None:
        infer(c, argument)
    if type != ERROR:
        c.report(NoConstructor(span, show(type)))
    return failed(span)


def construct(
    c: Checker,
    signature: TypeSignature,
    owner: NamedType,
    argument: tree.Expression | None,
    span: Span,
    expected: Type | None,
    is_base: bool = False,
) -> typed.Expression:
    """`T(args)` or `new T(args)`."""
    if signature.kind == "delegate":
        from clef.inference.delegates import delegate_from_argument
        from clef.inference.expected_results import presume

        if expected is not None:
            presume(c, owner, expected)
        return delegate_from_argument(c, argument, owner, span)
    if signature.builtin == "format" and argument is not None:
        from clef.inference.expressions.run_time_formats import made_format

        if expected is not None:
            presume_whole(c, owner, expected)
        return made_format(c, owner, argument, span)
    # A constructor of the class itself may call another one: `new () = T(0)`.
    is_own = c.constructing is not None and c.constructing.symbol == owner.symbol
    if signature.kind == "interface" or (signature.is_abstract and not is_own):
        c.report(AbstractInstance(span, show(owner)))
        return failed(span)
    presume_own(c, owner)
    group = constructors(c, signature, owner, is_base=is_base)
    nothing = isinstance(argument, tree.Constant) and argument.kind is tree.LiteralKind.UNIT
    takes_nothing = any(not f.member.groups[0] for f in group if f.member.groups)
    is_value = signature.is_struct and signature.kind not in ("record", "union")
    if nothing and not takes_nothing and (is_value or signature.kind == "builtin"):
        return typed.TypeName(owner, span, "default", owner)
    if signature.is_struct and not takes_nothing:
        preset = preset_struct(c, owner, group, argument, span)
        if preset is not None:
            return preset
    if not group and signature.kind == "builtin":
        # A builtin type such as string is made by static functions of this name.
        group = [f for f in find_members(c, owner, "Construct") if f.member.is_static]
    if not group:
        c.report(NoConstructor(span, show(owner)))
        return failed(span)
    if expected is not None:
        presume_whole(c, owner, expected)
    return call_group(c, group, None, argument, None, span, expected)


def static_member(
    c: Checker,
    signature: TypeSignature,
    owner: NamedType,
    suffixes: list[Suffix],
    index: int,
    expected: Type,
) -> Step:
    """`Type.Name` with what follows it."""
    suffix = suffixes[index]
    name = suffix.name
    assert name is not None
    if name.text in signature.enum_values:
        return typed.Literal(owner, suffix.span, signature.enum_values[name.text]), index + 1
    field = signature.fields.get(name.text)
    if field is not None and field.is_static:
        check_field_access(c, field.access, owner, name)

        type = substitute(field.type, mapping_of(signature, owner))
        symbol = f"{signature.symbol}.{name.text}"
        return typed.StaticFieldGet(type, suffix.span, owner, symbol), index + 1
    group = find_members(c, owner, name.text)
    statics = [f for f in group if f.member.is_static]
    if statics and statics[0].member.is_abstract:
        part, way_out = f"`{name.written}`", "call it on a type parameter: `'T.…`"
        owner_text = "a call on the interface itself, which does not implement it"
        c.report(MisplacedPart(suffix.span, part, owner_text, way_out))
        return failed(suffix.span), len(suffixes)
    if statics:
        return member_use(c, statics, None, suffixes, index, expected)
    if group:
        c.report(StaticOrInstance(name.span, name.written, False))
        return failed(suffix.span), len(suffixes)
    case = signature.cases.get(name.text)
    if case is not None:
        return case_use(c, signature, owner, case, suffix.span, suffixes, index + 1, expected)
    known = _module_values(c, signature)
    known += [*signature.members, *signature.enum_values, *signature.cases]
    known = [one for one in known if not one.startswith((".", "get_", "set_"))]
    report_unknown_member(c, owner, name, known)
    return failed(suffix.span), len(suffixes)


def _module_values(c: Checker, signature: TypeSignature) -> list[str]:
    """The functions of the module that goes with a type, such as `List`."""
    plain = signature.symbol.partition("`")[0]
    prefixes = (f"{plain}.", f"{plain}Module.")
    return [
        symbol.rpartition(".")[2]
        for table in (c.own.values, c.signatures.values)
        for symbol in table
        if symbol.startswith(prefixes)
    ]


# Indices and slices -------------------------------------------------------------------------------
