"""Chains: names, applications, dots, indices and type arguments, such as `a.B(x).C[i] y`.

Comes in: an expression whose spine is made of these. Goes out: the typed result. Promises: the
spine is walked in a loop; the
whole of what is written decides between a call, a method as a value, and an indexed property.
"""

from __future__ import annotations

from clef.diagnostics.typing import (
    CapturedReference,
    WrongTypeArguments,
)
from clef.inference import typed_tree as typed
from clef.inference.annotations import annotation
from clef.inference.expected_results import presume
from clef.inference.expressions.access import member_step
from clef.inference.expressions.cases import (
    case_use,
    constructor_arguments,
    constructor_function,
)
from clef.inference.expressions.chain_values import (
    Chain,
    Step,
    after_value,
    apply_step,
    check_rest,
    check_value,
    given_applications,
)
from clef.inference.expressions.dispatch import check, failed, fit, handles, infer
from clef.inference.expressions.indexing import index_step
from clef.inference.expressions.promised import type_reference
from clef.inference.expressions.suffixes import Suffix, flatten
from clef.inference.expressions.types_as_heads import opened_member, static_head
from clef.inference.reporting import check_visible
from clef.inference.state import Checker, LocalEntry, Reason
from clef.inference.types import (
    ERROR,
    FunctionType,
    MemberSignature,
    NamedType,
    Type,
)
from clef.inference.unification import (
    add_trait,
    instantiate,
    instantiate_scheme,
    prune,
    unify,
)
from clef.inference.well_known import (
    BYREF_READ,
    BYREFS,
    EXCEPTION,
    FORMATS,
    LOGICAL_AND,
    LOGICAL_OR,
    NAMEOF,
    STRING,
    TO_BYREF,
    UNIT,
    is_byref,
)
from clef.names.entities import (
    ActivePatternResolution,
    CaseResolution,
    ExceptionResolution,
    LocalResolution,
    OpenedTypeResolution,
    OperatorResolution,
    TypeResolution,
    ValueResolution,
)
from clef.source import Span
from clef.syntax import tree


@handles(tree.Identifier, tree.Application, tree.DotGet, tree.DotIndex, tree.TypeApplication)
def check_chain(
    c: Checker, node: tree.Expression, expected: Type, why: Reason | None
) -> typed.Expression:
    """Check a chain from its head to its last suffix."""
    block = _block_of(node)
    if block is not None and isinstance(node, tree.Application):
        from clef.inference.expressions.blocks import computation

        return computation(c, node.function, block, expected, why, node.span)
    head, suffixes = flatten(node)
    if isinstance(head, tree.Identifier) and head.resolution is None:
        return failed(node.span)
    if suffixes and suffixes[0].kind in ("apply", "types"):
        special = _special_application(c, head, suffixes, expected, why, node)
        if special is not None:
            return special
    chain = Chain(suffixes, expected, why, node.span)
    found, index = _head(c, chain, head)
    while index < len(suffixes):
        if found.type is ERROR:
            check_rest(c, suffixes, index)
            return failed(node.span)
        found, index = _step(c, chain, dereferenced(found, UNIT), index, "")
    if suffixes and not _is_address(found):
        found = dereferenced(found, expected)
    wanted = prune(expected)
    if isinstance(wanted, NamedType) and wanted.symbol in FORMATS:
        from clef.inference.expressions.text import named_format

        found = named_format(c, found, wanted)
    return fit(c, found, expected, why)


def _block_of(node: tree.Expression) -> tree.ComputationBlock | None:
    """The block of `builder { … }`; nothing between the braces is an empty block."""
    argument = node.argument if isinstance(node, tree.Application) else None
    if isinstance(argument, tree.ComputationBlock):
        return argument
    if isinstance(argument, tree.Record) and not (
        argument.fields or argument.source or argument.inherit
    ):
        return tree.ComputationBlock(argument.span, argument)
    return None


def _is_address(found: typed.Expression) -> bool:
    """`NativePtr.toByRef p` is the byref itself, not what it points at."""
    return (
        isinstance(found, typed.Application)
        and isinstance(found.function, typed.GlobalReference)
        and found.function.symbol == TO_BYREF
    )


def _special_application(
    c: Checker,
    head: tree.Expression,
    suffixes: list[Suffix],
    expected: Type,
    why: Reason | None,
    node: tree.Expression,
) -> typed.Expression | None:
    """`nameof x`, `nameof<'T>`, and `(&&) a b`, which computes `b` only if it must."""
    argument = suffixes[0].argument
    types = suffixes[0].types
    if isinstance(head, tree.Identifier) and isinstance(head.resolution, ValueResolution):
        symbol = head.resolution.entity.symbol
        if symbol == NAMEOF and len(suffixes) == 1 and argument is not None:
            name = _name_of(argument)
            return fit(c, typed.Literal(STRING, node.span, name), expected, why)
        if symbol == NAMEOF and len(suffixes) == 1 and len(types) == 1:
            written = types[0]
            name = written.name.text if isinstance(written, tree.VariableType) else ""
            if name:
                name = name.lstrip("'^")
                return fit(c, typed.Literal(STRING, node.span, name), expected, why)
        if symbol in (LOGICAL_AND, LOGICAL_OR) and [s.kind for s in suffixes] == ["apply"] * 2:
            left, right = (suffix.argument for suffix in suffixes)
            if left is not None and right is not None:
                operator = tree.LogicalAnd if symbol == LOGICAL_AND else tree.LogicalOr
                return check(c, operator(node.span, left, right), expected, why)
    return None


def _name_of(node: tree.Expression) -> str:
    while isinstance(node, tree.Paren):
        node = node.expression
    if isinstance(node, tree.TypeApplication):
        node = node.function
    if isinstance(node, tree.Identifier | tree.DotGet):
        return node.name.parts[-1].written.strip("`")
    if isinstance(node, tree.Typed):
        return _name_of(node.expression)
    return ""


# Heads --------------------------------------------------------------------------------------------


def _head(c: Checker, chain: Chain, head: tree.Expression) -> Step:
    if isinstance(head, tree.Base):
        from clef.inference.expressions.objects import base_member

        return base_member(c, head, chain.suffixes, chain.expected)
    if isinstance(head, tree.TypeReference):
        return type_reference(c, head, chain.suffixes, chain.expected)
    if not isinstance(head, tree.Identifier):
        return infer(c, head), 0
    resolution = head.resolution
    if isinstance(resolution, LocalResolution):
        return _local(c, chain, head, resolution)
    if isinstance(resolution, ValueResolution):
        return check_value(c, chain, head, resolution)
    if isinstance(resolution, CaseResolution):
        return _case(c, chain, head, resolution)
    if isinstance(resolution, ExceptionResolution):
        return _exception(c, chain, head, resolution)
    if isinstance(resolution, TypeResolution):
        return static_head(c, chain.suffixes, resolution, head, chain.expected)
    if isinstance(resolution, ActivePatternResolution):
        return _recogniser_case(c, chain, head, resolution)
    if isinstance(resolution, OpenedTypeResolution):
        return opened_member(c, chain.suffixes, resolution, head, chain.expected)
    if isinstance(resolution, OperatorResolution):
        return _member_operator(c, resolution, head.span), 0
    check_rest(c, chain.suffixes, 0)
    return failed(head.span), len(chain.suffixes)


def _member_operator(c: Checker, resolution: OperatorResolution, span: Span) -> typed.Expression:
    """An operator that only a type has: a function that asks its operands for the member."""
    types = tuple(c.fresh(span) for _ in range(resolution.operands))
    result: Type = c.fresh(span)
    member = MemberSignature(resolution.name, True, types, result)
    add_trait(c, member, types, span)
    locals = [c.local("operand", type, span) for type in types]
    operands: list[typed.Expression] = [
        typed.LocalReference(local.type, span, local) for local in locals
    ]
    call = typed.TraitCall(result, span, types, member, operands)
    patterns: list[typed.Pattern] = [
        typed.VariablePattern(local.type, span, local) for local in locals
    ]
    whole = result
    for type in reversed(types):
        whole = FunctionType(type, whole)
    return typed.Lambda(whole, span, patterns, call)


def _recogniser_case(
    c: Checker, chain: Chain, head: tree.Identifier, resolution: ActivePatternResolution
) -> Step:
    """A case of a total recogniser inside its own body: a case of `Choice`."""
    entity = resolution.entity
    applied = given_applications(chain.suffixes, 0) > 0
    span = head.span
    if entity.count == 1:
        if not applied:
            return typed.Literal(UNIT, span, None), 0
        node = chain.suffixes[0].argument
        assert node is not None
        return infer(c, node), 1
    symbol = f"Microsoft.FSharp.Core.Choice`{entity.count}"
    types = tuple(c.fresh(span) for _ in range(entity.count))
    case = f"{symbol}.Choice{entity.index + 1}Of{entity.count}"
    inner = types[entity.index]
    type = NamedType(symbol, types)
    if not applied:
        unify(c, inner, UNIT)
        nothing = typed.Literal(UNIT, span, None)
        return typed.UnionConstruction(type, span, case, [nothing]), 0
    node = chain.suffixes[0].argument
    assert node is not None
    if len(chain.suffixes) == 1:
        presume(c, type, chain.expected)
    value = check(c, node, inner)
    return typed.UnionConstruction(type, span.to(node.span), case, [value]), 1


def local_value(c: Checker, entry: LocalEntry, span: Span) -> typed.Expression:
    """A use of a local name, which may live in the object of the class."""
    local = entry.local
    member = entry.member
    if member is not None:
        from clef.inference.class_locals import class_local_value

        return class_local_value(c, entry, member, span)
    if entry.exists is not None:
        from clef.inference.initialisation import checked_this

        return checked_this(entry, span)
    if c.depths.get(local.id, c.functions) != c.functions and is_byref(prune(local.type)):
        c.report(CapturedReference(span, local.name))
    if entry.scheme is not None:
        type, chosen = instantiate_scheme(c, entry.scheme, span)
        return typed.LocalReference(type, span, local, chosen)
    reference = typed.LocalReference(local.type, span, local)
    if entry.recursive is not None:
        c.use_recursively(entry.recursive, reference)
    return reference


def _local(c: Checker, chain: Chain, head: tree.Identifier, resolution: LocalResolution) -> Step:
    promoted = c.promoted.get(resolution.binder.id)
    if promoted is not None:
        return check_value(c, chain, head, ValueResolution(promoted, 1))
    entry = c.locals.get(resolution.binder)
    if entry is None:
        check_rest(c, chain.suffixes, 0)
        return failed(head.span), len(chain.suffixes)
    if entry.member is not None and entry.member.kind in ("method", "static_method"):
        from clef.inference.class_locals import class_method_call

        count = given_applications(chain.suffixes, 0)
        if count >= entry.argument_count > 0:
            nodes = [s.argument for s in chain.suffixes[: entry.argument_count]]
            return class_method_call(c, entry, nodes, head.span), entry.argument_count
    value = local_value(c, entry, head.span)
    value = dereferenced(value, chain.expected if not chain.suffixes else UNIT)
    return after_value(c, chain, value, head.name.parts[0].written)


def dereferenced(value: typed.Expression, expected: Type) -> typed.Expression:
    """A byref local is read where its address is not what is asked for."""
    type = prune(value.type)
    if not isinstance(type, NamedType) or type.symbol not in BYREFS:
        return value
    if is_byref(prune(expected)):
        return value
    element = type.arguments[0]
    function = typed.GlobalReference(
        FunctionType(type, element), value.span, BYREF_READ, (element,)
    )
    return typed.Application(element, value.span, function, [value])


def _explicit_types(c: Checker, suffixes: list[Suffix], index: int) -> list[Type] | None:
    if index < len(suffixes) and suffixes[index].kind == "types":
        return [annotation(c, t) for t in suffixes[index].types]
    return None


def _case(c: Checker, chain: Chain, head: tree.Identifier, resolution: CaseResolution) -> Step:
    entity = resolution.entity
    signature = c.type_named(entity.type_symbol)
    case = signature.cases.get(entity.name) if signature is not None else None
    if signature is None or case is None:
        check_rest(c, chain.suffixes, 0)
        return failed(head.span), len(chain.suffixes)
    check_visible(c, signature, entity.name, head.span)
    index = 0
    explicit = _explicit_types(c, chain.suffixes, 0)
    if explicit is not None:
        index = 1
    if explicit is not None and len(explicit) == len(signature.parameters):
        arguments: tuple[Type, ...] = tuple(explicit)
    else:
        _, arguments = instantiate(c, signature.parameters, head.span)
    type = NamedType(signature.symbol, arguments)
    return case_use(c, signature, type, case, head.span, chain.suffixes, index, chain.expected)


def _exception(
    c: Checker, chain: Chain, head: tree.Identifier, resolution: ExceptionResolution
) -> Step:
    entity = resolution.entity
    signature = c.type_named(entity.symbol)
    fields = list(signature.fields.values()) if signature is not None else []
    types = [f.type for f in fields]
    names = [f.name for f in fields]
    if not chain.suffixes or chain.suffixes[0].kind != "apply":
        if not types:
            return typed.ExceptionConstruction(EXCEPTION, head.span, entity.symbol, []), 0
        return constructor_function(c, types, EXCEPTION, head.span, entity.symbol, True), 0
    node = chain.suffixes[0].argument
    assert node is not None
    span = head.span.to(node.span)
    values = constructor_arguments(c, entity.name, names, types, node, span)
    if values is None:
        return failed(span), len(chain.suffixes)
    return typed.ExceptionConstruction(EXCEPTION, span, entity.symbol, values), 1


# Steps --------------------------------------------------------------------------------------------


def _step(c: Checker, chain: Chain, found: typed.Expression, index: int, name: str) -> Step:
    suffix = chain.suffixes[index]
    if suffix.kind == "apply":
        return apply_step(c, chain, found, index, name)
    if suffix.kind == "name":
        return member_step(c, found, chain.suffixes, index, chain.expected)
    if suffix.kind == "index":
        return index_step(c, found, chain.suffixes, index)
    c.report(WrongTypeArguments(suffix.span, "this expression", 0, len(suffix.types)))
    return failed(chain.span), len(chain.suffixes)
