"""Computation expressions: `builder { … }` as calls of the builder's methods.

Comes in: a block and its builder. Goes out: the typed calls. Promises: the builder is computed
once; the block as a whole is delayed and run if the builder has these methods.
"""

from __future__ import annotations

from clef.inference import computation_bindings, computation_control
from clef.inference import typed_tree as typed
from clef.inference.comprehensions import has_yield
from clef.inference.computation_builders import Builder
from clef.inference.computation_translation import translate
from clef.inference.expressions.dispatch import check, failed, fit, infer
from clef.inference.signatures import MemberSignature
from clef.inference.state import Checker, Reason
from clef.inference.traits import weak_resolution
from clef.inference.types import ERROR, FunctionType, Type, TypeVariable
from clef.inference.unification import prune
from clef.source import Span
from clef.syntax import tree

_ = computation_bindings, computation_control  # they fill the table of translations


def computation_expression(
    c: Checker,
    head: tree.Expression,
    block: tree.ComputationBlock,
    expected: Type,
    why: Reason | None,
    span: Span,
) -> typed.Expression:
    """A whole block."""
    value = infer(c, head)
    type = prune(value.type)
    if isinstance(type, TypeVariable):
        weak_resolution(c, type)
        type = prune(type)
    if type == ERROR:
        return failed(span)
    if isinstance(type, FunctionType):
        if is_empty(block):
            return fit(c, _applied_to_nothing(c, value, type, block, span), expected, why)
        from clef.inference.comprehensions import comprehension

        inner = comprehension(c, "seq", block.body, type.parameter, None, block.span)
        return fit(c, typed.Application(type.result, span, value, [inner]), expected, why)
    binding: typed.LocalBinding | None = None
    reference = value
    if not isinstance(value, typed.LocalReference | typed.GlobalReference):
        local = c.local("builder", value.type, head.span)
        pattern = typed.VariablePattern(value.type, head.span, local)
        binding = typed.LocalBinding(pattern, (), [], value, head.span)
        reference = typed.LocalReference(value.type, head.span, local)
    builder = Builder(c, reference, type)
    builder.operations = _operations(c, type)
    needed = ("Yield", "Combine", "Delay")
    builder.is_implicit = all(map(builder.defines, needed)) and not has_yield(block.body)
    body = translate(builder, nothing(block.span) if is_empty(block) else block.body)
    if builder.defines("Delay"):
        body = builder.delay(body, span, "a block")
    if builder.defines("Run"):
        body = builder.call("Run", [body], span, "a block")
    found = check(c, body, expected, why)
    if binding is not None:
        found = typed.Let(found.type, span, [binding], False, found)
    return found


def is_empty(block: tree.ComputationBlock) -> bool:
    """Whether nothing stands between the braces: `builder { }` (F# 9)."""
    return isinstance(block.body, tree.Record)


def nothing(span: Span) -> tree.Expression:
    """`()`, which an empty block does."""
    return tree.Constant(span, None, tree.LiteralKind.UNIT)


def _applied_to_nothing(
    c: Checker,
    value: typed.Expression,
    type: FunctionType,
    block: tree.ComputationBlock,
    span: Span,
) -> typed.Expression:
    """A function takes no empty block: `{ }` is a record without fields."""
    argument = check(c, block.body, type.parameter, None)
    return typed.Application(type.result, span, value, [argument])


def _operations(c: Checker, type: Type) -> dict[str, MemberSignature]:
    """Custom operations by their names."""
    from clef.inference.members import hierarchy

    found: dict[str, MemberSignature] = {}
    for owner in hierarchy(c, type):
        signature = c.type_named(owner.symbol)
        if signature is None:
            continue
        for group in signature.members.values():
            for member in group:
                if member.custom_operation:
                    found.setdefault(member.custom_operation, member)
        for member in c.extensions_of(owner.symbol):
            if member.custom_operation:
                found.setdefault(member.custom_operation, member)
    return found
