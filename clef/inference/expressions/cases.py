"""Union cases and exceptions as constructors: `Some 1`, `Circle(radius = 2.0)`, `List.map Some`.

Comes in: a case of a known type and the suffixes behind its name. Goes out: the value, or the case
as a function. Promises: fields come by position, by name, or from one tuple.
"""

from __future__ import annotations

from clef.diagnostics.spelling import closest
from clef.diagnostics.typing import UnknownArgument, WrongArgumentCount
from clef.inference import typed_tree as typed
from clef.inference.call_arguments import as_part
from clef.inference.expected_results import presume
from clef.inference.expressions.dispatch import failed, fit, infer
from clef.inference.expressions.suffixes import Suffix
from clef.inference.signatures import CaseSignature, TypeSignature
from clef.inference.state import Checker, Reason
from clef.inference.subtyping import mapping_of
from clef.inference.types import ERROR, FunctionType, NamedType, TupleType, Type
from clef.inference.unification import prune, substitute
from clef.source import Span
from clef.syntax import tree


def case_use(
    c: Checker,
    signature: TypeSignature,
    type: NamedType,
    case: CaseSignature,
    place: Span,
    suffixes: list[Suffix],
    index: int,
    expected: Type,
) -> tuple[typed.Expression, int]:
    """A case of `type` with the argument at `index`, or as a function."""
    mapping = mapping_of(signature, type)
    types = [substitute(f.type, mapping) for f in case.fields]
    names = [f.name for f in case.fields]
    applied = index < len(suffixes) and suffixes[index].kind == "apply"
    if not types and not applied:
        return typed.UnionConstruction(type, place, case.symbol, []), index
    if not applied:
        return constructor_function(c, types, type, place, case.symbol, False), index
    if index + 1 == len(suffixes):
        presume(c, type, expected)
    node = suffixes[index].argument
    assert node is not None
    span = place.to(node.span)
    values = constructor_arguments(c, case.name, names, types, node, span)
    if values is None:
        return failed(span), len(suffixes)
    return typed.UnionConstruction(type, span, case.symbol, values), index + 1


def constructor_function(
    c: Checker, types: list[Type], result: Type, span: Span, symbol: str, is_exception: bool
) -> typed.Expression:
    """A case used as a function: `List.map Some`."""
    locals_ = [c.local("x", t, span) for t in types]
    patterns: list[typed.Pattern] = [typed.VariablePattern(v.type, span, v) for v in locals_]
    values: list[typed.Expression] = [typed.LocalReference(v.type, span, v) for v in locals_]
    pattern = patterns[0]
    if len(types) > 1:
        pattern = typed.TuplePattern(TupleType(tuple(types)), span, patterns)
    body: typed.Expression
    if is_exception:
        body = typed.ExceptionConstruction(result, span, symbol, values)
    else:
        body = typed.UnionConstruction(result, span, symbol, values)
    return typed.Lambda(FunctionType(pattern.type, result), span, [pattern], body)


def constructor_arguments(
    c: Checker,
    name: str,
    names: list[str],
    types: list[Type],
    node: tree.Expression,
    span: Span,
) -> list[typed.Expression] | None:
    """The fields of a case from its one argument, by position or name."""
    from clef.inference.arguments import read_arguments

    count = len(types)
    if count == 0:
        c.report(WrongArgumentCount(span, name, 0, 1))
        infer(c, node)
        return None
    inner = node.expression if isinstance(node, tree.Paren) else node
    if count == 1 and not (
        isinstance(inner, tree.Application) and read_arguments(node, set(names)).named
    ):
        why = Reason(f"`{name}` holds this type", span)
        return [as_part(c, node, types[0], why)]
    arguments = read_arguments(node, set(names))
    slots: list[tree.Expression | None] = [None] * count
    if len(arguments.positional) + len(arguments.named) != count:
        if len(arguments.positional) == 1 and not arguments.named:
            return _from_tuple(c, name, types, arguments.positional[0], span)
        c.report(WrongArgumentCount(span, name, count, len(arguments.positional)))
        for one in arguments.positional:
            infer(c, one)
        return None
    for index, one in enumerate(arguments.positional):
        slots[index] = one
    for field_name, value, _ in arguments.named:
        if field_name.text not in names:
            suggestion = closest(field_name.text, names)
            c.report(UnknownArgument(field_name.span, field_name.text, name, suggestion))
            return None
        slots[names.index(field_name.text)] = value
    values: list[typed.Expression] = []
    for index, slot in enumerate(slots):
        if slot is None:
            c.report(WrongArgumentCount(span, name, count, len(arguments.positional)))
            return None
        why = Reason(f"field {index + 1} of `{name}`", span)
        values.append(as_part(c, slot, types[index], why))
    return values


def _from_tuple(
    c: Checker, name: str, types: list[Type], node: tree.Expression, span: Span
) -> list[typed.Expression] | None:
    """`Case pair`: a tuple value fills the fields."""
    value = infer(c, node)
    actual = prune(value.type)
    if not isinstance(actual, TupleType) or len(actual.items) != len(types):
        if actual != ERROR:
            c.report(WrongArgumentCount(span, name, len(types), 1))
        return None
    value = fit(c, value, TupleType(tuple(types)), None)
    if isinstance(value, typed.Tuple):
        return value.items
    return [typed.AnonymousFieldGet(t, node.span, value, index) for index, t in enumerate(types)]
