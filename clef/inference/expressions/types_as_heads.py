"""Types at the head of an expression: `Type.Member`, constructors, members of opened types.

Comes in: a type and the suffixes that follow. Goes out: the access or call, and how many suffixes
it used. Promises: a constructor is called with all arguments that it takes; what a type does not
have is reported with what it has.
"""

from __future__ import annotations

from clef.diagnostics.names import UnknownName
from clef.diagnostics.objects import DisposableWithoutNew
from clef.diagnostics.typing import (
    AbstractInstance,
    MisplacedPart,
    NoConstructor,
    NotSupportedYet,
    StaticOrInstance,
    UnsatisfiedConstraint,
)
from clef.inference import typed_tree as typed
from clef.inference.annotations import apply_type, instance, open_abbreviation
from clef.inference.calls import call_group, preset_struct
from clef.inference.early_uses import presume_own
from clef.inference.expressions.access import Step, check_field_access, member_use
from clef.inference.expressions.cases import case_use
from clef.inference.expressions.dispatch import check, failed, infer
from clef.inference.expressions.suffixes import Suffix
from clef.inference.expressions.unknown_members import report_unknown_member
from clef.inference.members import (
    Found,
    constructors,
    find_members,
)
from clef.inference.methods_as_functions import method_as_function
from clef.inference.signatures import TypeSignature
from clef.inference.state import Checker
from clef.inference.subtyping import as_instance, mapping_of, presume_whole
from clef.inference.thread_statics import static_get
from clef.inference.type_text import show
from clef.inference.types import (
    ERROR,
    NamedType,
    ParameterType,
    TupleType,
    Type,
)
from clef.inference.unification import prune, substitute
from clef.inference.well_known import (
    DISPOSABLE,
)
from clef.names.entities import OpenedTypeResolution, TypeEntity, TypeResolution
from clef.source import Span, in_library
from clef.syntax import tree

_NOT_CONSTRUCTED = frozenset(("record", "union", "enum", "interface", "measure"))
"""Kinds of types that have no constructor to call."""


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
        fitting = [one for one in resolution.shadowed if index == 0 or one.arity == len(written)]
        signature = _with_what_follows(c, signature, fitting, suffixes[index:])
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
            or any(_is_own(one, owner) for one in find_members(c, owner, name.text))
        ):
            first = Suffix("name", name.span, name=name)
            found, used = static_member(c, definition, owner, [first, *suffixes], 0, expected)
            return found, used - 1
    c.report(UnknownName(name.span, name.written, None, False))
    return failed(head.span), len(suffixes)


def _is_own(found: Found, owner: NamedType) -> bool:
    """Whether a member is static and not inherited."""
    return found.member.is_static and found.owner.symbol == owner.symbol


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
        having = [s for s in found if _has(c, _meant(c, s), name)]
        found = having or found
    elif len(found) > 1:
        # Types without constructors, such as the regions of pointers, are not what is meant.
        found = [s for s in found if s.kind != "class" or ".ctor" in s.members] or found
    return found[0] if found else None


def _with_what_follows(
    c: Checker, nearest: TypeSignature, shadowed: list[TypeEntity], suffixes: list[Suffix]
) -> TypeSignature:
    """The latest type of the name that has the member, or the constructor, that is used."""
    found = [nearest]
    for entity in shadowed:
        signature = c.type_named(entity.symbol)
        if signature is not None:
            found.append(signature)
    if suffixes and suffixes[0].name is not None:
        name = suffixes[0].name.text
        return next((one for one in found if _answers(c, _meant(c, one), name)), nearest)
    return next((one for one in found if _meant(c, one).kind not in _NOT_CONSTRUCTED), nearest)


def _meant(c: Checker, signature: TypeSignature) -> TypeSignature:
    """The definition of the type that an abbreviation stands for; others are what they are."""
    if signature.kind != "abbreviation":
        return signature
    open_abbreviation(c, signature)
    target = prune(signature.abbreviated) if signature.abbreviated is not None else None
    named = c.type_named(target.symbol) if isinstance(target, NamedType) else None
    return named or signature


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
        _demand_zero(c, owner, span)
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


def _demand_zero(c: Checker, owner: NamedType, span: Span) -> None:
    """A struct is made without arguments where all of it can be zero."""
    from clef.inference.zero_values import part_without_zero

    part = None if in_library(c.path) else part_without_zero(c, owner)
    if part is not None:
        needs = "cannot be made without arguments"
        why = f"because it holds `{show(part)}`, which is never null"
        c.report(UnsatisfiedConstraint(span, show(owner), needs, why))


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
        return static_get(c, field, type, owner, symbol, suffix.span), index + 1
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
