"""Patterns: resolved patterns in, typed patterns out.

Comes in: a pattern and the type of the value it looks at. Goes out: the typed pattern; its
variables are entered into the
checker's locals. Promises: the alternatives of an or-pattern bind the same locals.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clef.diagnostics.patterns import PatternArguments, UnknownPatternField, UppercaseVariable
from clef.diagnostics.spelling import closest
from clef.diagnostics.typing import DuplicateField, UnknownField
from clef.diagnostics.typing.restrictions import OptionalOutsideMember
from clef.inference import typed_tree as typed
from clef.inference.annotations import annotation
from clef.inference.constant_patterns import (
    agree,
    constant_pattern,
    enum_pattern,
    literal_pattern,
    null_pattern,
)
from clef.inference.expressions.casts import check_type_test
from clef.inference.record_choice import record_by_fields
from clef.inference.reporting import check_visible
from clef.inference.signatures import CaseSignature, TypeSignature
from clef.inference.state import Checker, LocalEntry, Reason
from clef.inference.subtyping import mapping_of
from clef.inference.type_text import show_all
from clef.inference.types import (
    ERROR,
    AnonymousRecordType,
    NamedType,
    TupleType,
    Type,
)
from clef.inference.unification import (
    instantiate,
    prune,
    substitute,
)
from clef.inference.well_known import (
    CONS,
    LIST,
    NIL,
    array_of,
    list_of,
)
from clef.names.entities import (
    ActivePatternResolution,
    CaseResolution,
    ExceptionResolution,
    FieldResolution,
    LocalBinder,
    LocalResolution,
    TypeResolution,
    ValueResolution,
)
from clef.source import Span
from clef.syntax import tree

Handler = Callable[[Checker, Any, Type, Reason | None], typed.Pattern]


def check_pattern(
    c: Checker, node: tree.Pattern, expected: Type, why: Reason | None = None
) -> typed.Pattern:
    """Check a pattern against the type of what it matches."""
    handler = _HANDLERS.get(type(node))
    if handler is None:
        return typed.WildcardPattern(expected, node.span)
    return handler(c, node, expected, why)


def bind_variable(
    c: Checker, binder: LocalBinder, type: Type, span: Span, why: Reason | None = None
) -> typed.Local:
    """The local of a binder; the second alternative of an or-pattern finds the first one's."""
    entry = c.locals.get(binder)
    if entry is not None:
        agree(c, span, type, entry.local.type, why)
        return entry.local
    local = c.local(binder.name, type, binder.span, binder.is_mutable)
    c.locals[binder] = LocalEntry(local)
    return local


def _wildcard(c: Checker, node: tree.Pattern, expected: Type, why: Reason | None) -> typed.Pattern:
    return typed.WildcardPattern(expected, node.span)


def _named(
    c: Checker, node: tree.NamedPattern, expected: Type, why: Reason | None
) -> typed.Pattern:
    resolution = node.resolution
    if isinstance(resolution, LocalResolution):
        name = node.name.text
        if c.in_rule and name[:1].isupper() and len(name) > 1:
            _warn_uppercase(c, node, expected)
        local = bind_variable(c, resolution.binder, expected, node.span, why)
        return typed.VariablePattern(expected, node.span, local)
    written = tree.LongName(node.span, [node.name])
    constructor = tree.ConstructorPattern(node.span, written, [], [], [], resolution)
    return _constructor(c, constructor, expected, why)


def _warn_uppercase(c: Checker, node: tree.NamedPattern, expected: Type) -> None:
    wanted = prune(expected)
    signature = c.type_named(wanted.symbol) if isinstance(wanted, NamedType) else None
    cases = signature.cases if signature is not None else {}
    if cases or len(node.name.text) > 2:  # as in F#, `N` and `Xs` are taken for what they are
        suggestion = closest(node.name.text, cases) if cases else None
        c.report(UppercaseVariable(node.name.span, node.name.text, suggestion))


def _constructor(
    c: Checker, node: tree.ConstructorPattern, expected: Type, why: Reason | None
) -> typed.Pattern:
    if node.expansion is not None:
        return check_pattern(c, node.expansion, expected, why)
    resolution = node.resolution
    if isinstance(resolution, CaseResolution):
        return _case(c, node, resolution, expected, why)
    if isinstance(resolution, ExceptionResolution):
        return _exception(c, node, resolution, expected, why)
    if isinstance(resolution, ActivePatternResolution):
        from clef.inference.active_patterns import check_active

        return check_active(c, node, resolution, expected, why)
    if isinstance(resolution, ValueResolution):
        return literal_pattern(c, node, resolution, expected, why)
    if isinstance(resolution, TypeResolution):
        return enum_pattern(c, node, resolution, expected, why)
    for argument in node.arguments:
        check_pattern(c, argument, ERROR)
    for entry in node.fields:
        check_pattern(c, entry.pattern, ERROR)
    return typed.WildcardPattern(expected, node.span)


# Union cases --------------------------------------------------------------------------------------


def case_at(
    c: Checker, type_symbol: str, name: str, expected: Type, span: Span
) -> tuple[TypeSignature, CaseSignature, NamedType] | None:
    """A union case with its union at fresh arguments, or at the expected ones."""
    signature = c.type_named(type_symbol)
    case = signature.cases.get(name) if signature is not None else None
    if signature is None or case is None:
        return None
    wanted = prune(expected)
    if isinstance(wanted, NamedType) and wanted.symbol == type_symbol:
        return signature, case, wanted
    _, arguments = instantiate(c, signature.parameters, span)
    return signature, case, NamedType(type_symbol, arguments)


def _case(
    c: Checker,
    node: tree.ConstructorPattern,
    resolution: CaseResolution,
    expected: Type,
    why: Reason | None,
) -> typed.Pattern:
    entity = resolution.entity
    found = case_at(c, entity.type_symbol, entity.name, expected, node.span)
    if found is None:
        return typed.WildcardPattern(expected, node.span)
    signature, case, type = found
    check_visible(c, signature, entity.name, node.span)
    agree(c, node.span, type, expected, why)
    mapping = mapping_of(signature, type)
    types = [substitute(f.type, mapping) for f in case.fields]
    names = [f.name for f in case.fields]
    arguments = _arguments(c, node, entity.name, names, types)
    return typed.CasePattern(type, node.span, case.symbol, arguments)


def _arguments(
    c: Checker,
    node: tree.ConstructorPattern,
    name: str,
    names: list[str],
    types: list[Type],
) -> list[typed.Pattern]:
    """One pattern for each field, from positions or names."""
    if node.fields:
        return _named_arguments(c, node, name, names, types)
    if not node.arguments:
        if types:
            c.report(PatternArguments(node.span, name, len(types), 0))
        return [typed.WildcardPattern(t, node.span) for t in types]
    written = _flatten(node.arguments, len(types))
    if len(written) == 1 and isinstance(written[0], tree.WildcardPattern):
        return [typed.WildcardPattern(t, node.span) for t in types]
    if len(written) != len(types) or len(node.arguments) > 1:
        c.report(PatternArguments(node.span, name, len(types), len(written)))
        for one in written:
            check_pattern(c, one, ERROR)
        return [typed.WildcardPattern(t, node.span) for t in types]
    return [check_pattern(c, one, t) for one, t in zip(written, types, strict=True)]


def _flatten(arguments: list[tree.Pattern], count: int) -> list[tree.Pattern]:
    """`Case (a, b)` has two parts; `Case (a, b)` of a case with one tuple field has one."""
    if len(arguments) != 1:
        return arguments
    only = arguments[0]
    inner = only.pattern if isinstance(only, tree.ParenPattern) else only
    if isinstance(inner, tree.TuplePattern) and not inner.is_struct and count != 1:
        return inner.elements
    if (
        count == 0
        and isinstance(inner, tree.ConstantPattern)
        and inner.constant.kind is tree.LiteralKind.UNIT
    ):
        return []
    return [inner] if isinstance(inner, tree.WildcardPattern) else [only]


def _named_arguments(
    c: Checker,
    node: tree.ConstructorPattern,
    name: str,
    names: list[str],
    types: list[Type],
) -> list[typed.Pattern]:
    patterns: list[typed.Pattern] = [typed.WildcardPattern(t, node.span) for t in types]
    seen: set[str] = set()
    for entry in node.fields:
        field = entry.name.parts[-1].text
        if field in seen:
            c.report(DuplicateField(entry.name.span, field))
        seen.add(field)
        if field not in names:
            c.report(UnknownPatternField(entry.name.span, field, name, closest(field, names)))
            check_pattern(c, entry.pattern, ERROR)
            continue
        index = names.index(field)
        patterns[index] = check_pattern(c, entry.pattern, types[index])
    return patterns


def _exception(
    c: Checker,
    node: tree.ConstructorPattern,
    resolution: ExceptionResolution,
    expected: Type,
    why: Reason | None,
) -> typed.Pattern:
    from clef.inference.well_known import EXCEPTION

    entity = resolution.entity
    agree(c, node.span, EXCEPTION, expected, why)
    signature = c.type_named(entity.symbol)
    fields = list(signature.fields.values()) if signature is not None else []
    arguments = _arguments(c, node, entity.name, [f.name for f in fields], [f.type for f in fields])
    return typed.ExceptionPattern(expected, node.span, entity.symbol, arguments)


# Literals and enum values -------------------------------------------------------------------------


# Active patterns ----------------------------------------------------------------------------------


# Structures ---------------------------------------------------------------------------------------


def _tuple(
    c: Checker, node: tree.TuplePattern, expected: Type, why: Reason | None
) -> typed.Pattern:
    wanted = prune(expected)
    count = len(node.elements)
    if not (
        isinstance(wanted, TupleType)
        and len(wanted.items) == count
        and (wanted.is_struct or not node.is_struct)
    ):
        fresh = TupleType(tuple(c.fresh(e.span) for e in node.elements), node.is_struct)
        if not agree(c, node.span, fresh, wanted, why):
            fresh = TupleType(tuple(ERROR for _ in node.elements), node.is_struct)
        wanted = fresh
    items = [check_pattern(c, e, t) for e, t in zip(node.elements, wanted.items, strict=True)]
    return typed.TuplePattern(wanted, node.span, items)


def _paren(
    c: Checker, node: tree.ParenPattern, expected: Type, why: Reason | None
) -> typed.Pattern:
    return check_pattern(c, node.pattern, expected, why)


def _as(c: Checker, node: tree.AsPattern, expected: Type, why: Reason | None) -> typed.Pattern:
    left = check_pattern(c, node.pattern, expected, why)
    inner: tree.Pattern = node.pattern
    while isinstance(inner, tree.ParenPattern):
        inner = inner.pattern
    if isinstance(left, typed.TypeTestPattern) and isinstance(inner, tree.TypeTestPattern):
        right = check_pattern(c, node.alias, left.tested)
        return typed.TypeTestPattern(expected, node.span, left.tested, right)
    right = check_pattern(c, node.alias, expected)
    return typed.AsPattern(expected, node.span, left, right)


def _or(c: Checker, node: tree.OrPattern, expected: Type, why: Reason | None) -> typed.Pattern:
    result = check_pattern(c, node.alternatives[0], expected, why)
    for alternative in node.alternatives[1:]:
        right = check_pattern(c, alternative, expected, why)
        result = typed.OrPattern(expected, node.span, result, right)
    return result


def _and(c: Checker, node: tree.AndPattern, expected: Type, why: Reason | None) -> typed.Pattern:
    items = [check_pattern(c, one, expected, why) for one in node.patterns]
    return typed.AndPattern(expected, node.span, items)


def _list(c: Checker, node: tree.ListPattern, expected: Type, why: Reason | None) -> typed.Pattern:
    element = _element(c, expected, LIST, node.span)
    type = list_of(element)
    if not agree(c, node.span, type, expected, why):
        element = ERROR
    items = [check_pattern(c, one, element) for one in node.elements]
    result: typed.Pattern = typed.CasePattern(type, node.span, NIL, [])
    for item in reversed(items):
        result = typed.CasePattern(type, node.span, CONS, [item, result])
    return result


def _array(
    c: Checker, node: tree.ArrayPattern, expected: Type, why: Reason | None
) -> typed.Pattern:
    element = _element(c, expected, "System.Array`1", node.span)
    type = array_of(element)
    if not agree(c, node.span, type, expected, why):
        element = ERROR
    items = [check_pattern(c, one, element) for one in node.elements]
    return typed.ArrayPattern(type, node.span, items)


def _element(c: Checker, expected: Type, symbol: str, span: Span) -> Type:
    wanted = prune(expected)
    if isinstance(wanted, NamedType) and wanted.symbol == symbol:
        return wanted.arguments[0]
    return c.fresh(span)


def _cons(c: Checker, node: tree.ConsPattern, expected: Type, why: Reason | None) -> typed.Pattern:
    element = _element(c, expected, LIST, node.span)
    type = list_of(element)
    if not agree(c, node.span, type, expected, why):
        element = ERROR
    head = check_pattern(c, node.head, element)
    tail = check_pattern(c, node.tail, type if element is not ERROR else ERROR)
    return typed.CasePattern(type, node.span, CONS, [head, tail])


def _type_test(
    c: Checker, node: tree.TypeTestPattern, expected: Type, why: Reason | None
) -> typed.Pattern:
    tested = annotation(c, node.type)
    check_type_test(c, expected, tested, node.span, node.span)
    return typed.TypeTestPattern(expected, node.span, tested, None)


def _typed(
    c: Checker, node: tree.TypedPattern, expected: Type, why: Reason | None
) -> typed.Pattern:
    written = annotation(c, node.type)
    agree(c, node.type.span, written, expected, why)
    return check_pattern(
        c, node.pattern, written, Reason("because of the annotation here", node.type.span)
    )


def _attributed(
    c: Checker, node: tree.AttributedPattern, expected: Type, why: Reason | None
) -> typed.Pattern:
    return check_pattern(c, node.pattern, expected, why)


def _optional(
    c: Checker, node: tree.OptionalPattern, expected: Type, why: Reason | None
) -> typed.Pattern:
    """`?x` is for parameters of members and constructors: they bind it themselves."""
    c.report(OptionalOutsideMember(node.span, node.name.text))
    return optional_parameter(c, node, ERROR)


def optional_parameter(c: Checker, node: tree.OptionalPattern, expected: Type) -> typed.Pattern:
    """`?x: T` is bound as an option; the member's signature has made `expected` one."""
    resolution = c.table.get(node.name)
    if isinstance(resolution, LocalResolution):
        local = bind_variable(c, resolution.binder, expected, node.span)
        return typed.VariablePattern(expected, node.span, local)
    return typed.WildcardPattern(expected, node.span)


# Records ------------------------------------------------------------------------------------------


def _record(
    c: Checker, node: tree.RecordPattern, expected: Type, why: Reason | None
) -> typed.Pattern:
    wanted = prune(expected)
    if isinstance(wanted, AnonymousRecordType):
        return _anonymous(c, node, wanted)
    symbol = wanted.symbol if isinstance(wanted, NamedType) else ""
    if symbol == "?":
        symbol = ""
    signature = c.type_named(symbol) if symbol else None
    if signature is None or signature.kind != "record":
        signature = _record_by_fields(c, node)
    if signature is None:
        for entry in node.fields:
            check_pattern(c, entry.pattern, ERROR)
        return typed.WildcardPattern(expected, node.span)
    if isinstance(wanted, NamedType) and wanted.symbol == signature.symbol:
        type = wanted
    else:
        _, arguments = instantiate(c, signature.parameters, node.span)
        type = NamedType(signature.symbol, arguments)
        agree(c, node.span, type, expected, why)
    mapping = mapping_of(signature, type)
    fields: list[tuple[int, typed.Pattern]] = []
    for entry in node.fields:
        name = entry.name.parts[-1]
        found = signature.fields.get(name.text)
        if found is None:
            suggestion = closest(name.text, signature.fields)
            c.report(UnknownPatternField(name.span, name.text, signature.name, suggestion))
            check_pattern(c, entry.pattern, ERROR)
            continue
        if any(index == found.index for index, _ in fields):
            c.report(DuplicateField(name.span, name.written))
        inner = check_pattern(c, entry.pattern, substitute(found.type, mapping))
        fields.append((found.index, inner))
    return typed.RecordPattern(type, node.span, fields)


def _record_by_fields(c: Checker, node: tree.RecordPattern) -> TypeSignature | None:
    known: list[FieldResolution] = []
    for entry in node.fields:
        resolution = c.table.get(entry)
        if isinstance(resolution, FieldResolution) and resolution.candidates:
            known.append(resolution)
    if not known and node.fields:
        name = node.fields[0].name
        c.report(UnknownField(name.span, name.text))
        return None
    return record_by_fields(c, known)


def _anonymous(c: Checker, node: tree.RecordPattern, wanted: AnonymousRecordType) -> typed.Pattern:
    fields: list[tuple[int, typed.Pattern]] = []
    for entry in node.fields:
        name = entry.name.parts[-1].text
        if name not in wanted.names:
            c.report(UnknownPatternField(entry.name.span, name, show_all(wanted)[0], None))
            check_pattern(c, entry.pattern, ERROR)
            continue
        index = wanted.names.index(name)
        fields.append((index, check_pattern(c, entry.pattern, wanted.types[index])))
    return typed.RecordPattern(wanted, node.span, fields)


_HANDLERS: dict[type, Handler] = {
    tree.WildcardPattern: _wildcard,
    tree.NamedPattern: _named,
    tree.ConstructorPattern: _constructor,
    tree.AsPattern: _as,
    tree.OrPattern: _or,
    tree.AndPattern: _and,
    tree.TuplePattern: _tuple,
    tree.ParenPattern: _paren,
    tree.RecordPattern: _record,
    tree.ListPattern: _list,
    tree.ArrayPattern: _array,
    tree.ConstantPattern: constant_pattern,
    tree.NullPattern: null_pattern,
    tree.TypeTestPattern: _type_test,
    tree.TypedPattern: _typed,
    tree.ConsPattern: _cons,
    tree.OptionalPattern: _optional,
    tree.AttributedPattern: _attributed,
}


def simple_name(pattern: typed.Pattern) -> str:
    """The name of a variable pattern, for named arguments; empty for others."""
    if isinstance(pattern, typed.VariablePattern):
        return pattern.local.name
    if isinstance(pattern, typed.AsPattern):
        return simple_name(pattern.right)
    return ""
