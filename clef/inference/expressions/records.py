"""Records: construction, copy-and-update, anonymous records.

Comes in: field names with their values. Goes out: typed records with field indices. Promises: the
expected type decides which
record is meant, then the latest in scope that has these fields and no others, then the latest that
has them all, then the latest that has the first.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.diagnostics.spelling import closest
from clef.diagnostics.typing import (
    DuplicateField,
    EmptyRecord,
    MisplacedPart,
    MissingFields,
    UnknownField,
)
from clef.inference import typed_tree as typed
from clef.inference.call_arguments import as_part
from clef.inference.expressions.dispatch import check, failed, fit, handles, infer
from clef.inference.record_choice import record_by_fields
from clef.inference.reporting import check_visible
from clef.inference.signatures import TypeSignature
from clef.inference.state import Checker, Reason
from clef.inference.subtyping import mapping_of, presume_whole
from clef.inference.type_text import show
from clef.inference.types import ERROR, AnonymousRecordType, NamedType, Type, TypeVariable
from clef.inference.unification import instantiate, prune, substitute
from clef.names.entities import FieldResolution
from clef.source import Span
from clef.syntax import tree


def _expected_record(c: Checker, expected: Type) -> TypeSignature | None:
    wanted = prune(expected)
    if isinstance(wanted, NamedType):
        signature = c.type_named(wanted.symbol)
        if signature is not None and signature.kind == "record":
            return signature
    return None


def _by_fields(c: Checker, node: tree.Record) -> TypeSignature | None:
    """The record that the written fields mean; a field that no record in scope has is reported."""
    known: list[FieldResolution] = []
    for entry in node.fields:
        resolution = entry.resolution
        if not isinstance(resolution, FieldResolution):
            continue
        if not resolution.candidates:
            name = entry.name.parts[-1].written
            fields = [f for type in c.own.types.values() for f in type.fields]
            c.report(UnknownField(entry.name.span, name, "", closest(name, fields)))
            return None
        known.append(resolution)
    return record_by_fields(c, known)


@handles(tree.Record)
def _record(c: Checker, node: tree.Record, expected: Type, why: Reason | None) -> typed.Expression:
    if node.inherit is not None or (c.constructing and node.source is None):
        from clef.inference.secondary_constructors import record_constructor

        found = record_constructor(c, node)
        if found is not None:
            return found
    if node.source is not None:
        return _copy(c, node, expected, why)
    signature = _expected_record(c, expected)
    if signature is not None:
        names = {e.name.parts[0].text for e in node.fields}
        if not names & set(signature.fields) and not any(
            len(e.name.parts) > 1 for e in node.fields
        ):
            other = _by_fields(c, node)
            signature = other if other is not None else signature
    else:
        signature = _by_fields(c, node)
    if signature is None:
        if not node.fields:
            c.report(EmptyRecord(node.span))
        for entry in node.fields:
            infer(c, entry.value)
        return failed(node.span)
    check_visible(c, signature, signature.name, node.span)
    type = _instance(c, signature, expected, node.span)
    presume_whole(c, type, expected)
    mapping = mapping_of(signature, type)
    fields: list[tuple[int, typed.Expression]] = []
    seen: set[str] = set()
    for entry in node.fields:
        name = entry.name.parts[-1]
        value = _field(c, signature, mapping, name, entry.value, seen)
        if value is not None:
            fields.append(value)
    left_out = [f for n, f in signature.fields.items() if n not in seen and not f.is_static]
    missing = tuple(f.name for f in left_out if not f.has_default)
    if missing:
        c.report(MissingFields(node.span, signature.name, missing))
        return failed(node.span)
    for field in left_out:
        wanted = substitute(field.type, mapping)
        fields.append((field.index, typed.TypeName(wanted, node.span, "default", wanted)))
    return fit(c, typed.RecordConstruction(type, node.span, fields), expected, why)


def _instance(c: Checker, signature: TypeSignature, expected: Type, span: Span) -> NamedType:
    wanted = prune(expected)
    if isinstance(wanted, NamedType) and wanted.symbol == signature.symbol:
        return wanted
    _, arguments = instantiate(c, signature.parameters, span)
    return NamedType(signature.symbol, arguments)


def _field(
    c: Checker,
    signature: TypeSignature,
    mapping: dict[int, Type],
    name: tree.Name,
    node: tree.Expression,
    seen: set[str],
) -> tuple[int, typed.Expression] | None:
    found = signature.fields.get(name.text)
    if found is None:
        suggestion = closest(name.text, signature.fields)
        c.report(UnknownField(name.span, name.written, signature.name, suggestion))
        infer(c, node)
        return None
    if name.text in seen:
        c.report(DuplicateField(name.span, name.written))
    seen.add(name.text)
    why = Reason(f"the field `{name.text}` of `{signature.name}`", name.span)
    return found.index, as_part(c, node, substitute(found.type, mapping), why)


def _copy(c: Checker, node: tree.Record, expected: Type, why: Reason | None) -> typed.Expression:
    assert node.source is not None
    wanted = _expected_record(c, expected)
    source = check(c, node.source, expected, why) if wanted is not None else infer(c, node.source)
    type = prune(source.type)
    if isinstance(type, AnonymousRecordType):
        part, owner = "a copy of an anonymous record", "the braces of a record"
        c.report(MisplacedPart(node.span, part, owner, "write `{| … with … |}`"))
        return failed(node.span)
    signature = c.type_named(type.symbol) if isinstance(type, NamedType) else None
    if signature is None or signature.kind != "record":
        if type == ERROR:
            for entry in node.fields:
                infer(c, entry.value)
            return failed(node.span)
        signature = _by_fields(c, node)
        if signature is None:
            return failed(node.span)
        instance_ = _instance(c, signature, expected, node.span)
        source = fit(c, source, instance_, Reason("a copy has the type of its source", node.span))
        type = instance_
    assert isinstance(type, NamedType)
    check_visible(c, signature, signature.name, node.span)
    source, shared = _shared(c, source, node.fields, node.span)
    fields = _copied_fields(c, node, signature, type, source)
    return fit(c, shared(typed.RecordCopy(type, node.span, source, fields)), expected, why)


def _shared(
    c: Checker, source: typed.Expression, entries: list[tree.RecordField], span: Span
) -> tuple[typed.Expression, Callable[[typed.Expression], typed.Expression]]:
    """The source of a copy, for several uses when inner records are copied too: evaluated once."""
    if all(len(entry.name.parts) == 1 for entry in entries):
        return source, lambda copy: copy
    local = c.local("source", source.type, span)
    pattern = typed.VariablePattern(source.type, span, local)
    binding = typed.LocalBinding(pattern, (), [], source, span)
    reference = typed.LocalReference(source.type, span, local)
    return reference, lambda copy: typed.Let(copy.type, span, [binding], False, copy)


def _copied_fields(
    c: Checker,
    node: tree.Record,
    signature: TypeSignature,
    type: NamedType,
    source: typed.Expression,
) -> list[tuple[int, typed.Expression]]:
    mapping = mapping_of(signature, type)
    fields: list[tuple[int, typed.Expression]] = []
    seen: set[str] = set()
    nested: dict[str, list[tree.RecordField]] = {}
    for entry in node.fields:
        parts = list(entry.name.parts)
        first = _outer_field(entry, signature)
        if first < len(parts) - 1:
            nested.setdefault(parts[first].text, []).append(_shorter(entry, first + 1))
            continue
        value = _field(c, signature, mapping, parts[-1], entry.value, seen)
        if value is not None:
            fields.append(value)
    for name, entries in nested.items():
        found = signature.fields[name]
        inner_type = substitute(found.type, mapping)
        inner = typed.FieldGet(inner_type, node.span, source, type, name)
        fields.append((found.index, _nested(c, entries, inner, node.span)))
    return fields


def _outer_field(entry: tree.RecordField, signature: TypeSignature) -> int:
    """Which part of a name is the field of the record; modules and the type may stand before it."""
    parts = entry.name.parts
    resolution = entry.resolution
    if isinstance(resolution, FieldResolution) and resolution.candidates:
        place = resolution.parts - 1
        if parts[place].text in signature.fields:
            return place
    places = (place for place, part in enumerate(parts) if part.text in signature.fields)
    return next(places, len(parts) - 1)


def _shorter(entry: tree.RecordField, count: int) -> tree.RecordField:
    name = tree.LongName(entry.name.span, entry.name.parts[count:])
    return tree.RecordField(entry.span, name, entry.value, None)


def _nested(
    c: Checker, entries: list[tree.RecordField], source: typed.Expression, span: Span
) -> typed.Expression:
    """`{ r with A.B = v }` copies the inner record too."""
    type = prune(source.type)
    if isinstance(type, AnonymousRecordType):
        return _copy_anonymous(c, entries, source, type, span, type, None)
    signature = c.type_named(type.symbol) if isinstance(type, NamedType) else None
    if signature is None or signature.kind != "record" or not isinstance(type, NamedType):
        for entry in entries:
            c.report(UnknownField(entry.name.span, entry.name.parts[0].written, show(type)))
        return failed(span)
    node = tree.Record(span, entries)
    return typed.RecordCopy(type, span, source, _copied_fields(c, node, signature, type, source))


# Anonymous records --------------------------------------------------------------------------------


@handles(tree.AnonymousRecord)
def _anonymous(
    c: Checker, node: tree.AnonymousRecord, expected: Type, why: Reason | None
) -> typed.Expression:
    if node.source is not None:
        source = infer(c, node.source)
        return _extend(c, node, source, expected, why)
    wanted = prune(expected)
    known: dict[str, Type] = {}
    if isinstance(wanted, AnonymousRecordType):
        known = dict(zip(wanted.names, wanted.types, strict=True))
    written = sorted({entry.name.parts[-1].text for entry in node.fields})
    by_name = {name: known.get(name) or c.fresh(node.span) for name in written}
    types = tuple(by_name.values())
    type = AnonymousRecordType(tuple(written), types, _is_struct(node, wanted))
    if isinstance(wanted, TypeVariable):
        presume_whole(c, type, wanted)
    values: list[tuple[str, typed.Expression]] = []
    for entry in node.fields:
        name = entry.name.parts[-1].text
        if any(n == name for n, _ in values):
            c.report(DuplicateField(entry.name.span, name))
            continue
        values.append((name, check(c, entry.value, by_name[name])))
    fields = [(written.index(name), value) for name, value in values]
    result = typed.AnonymousRecordConstruction(type, node.span, None, fields)
    return fit(c, result, expected, why)


def _is_struct(node: tree.AnonymousRecord, wanted: Type) -> bool:
    """Said, or known from what is expected."""
    return node.is_struct or (isinstance(wanted, AnonymousRecordType) and wanted.is_struct)


def _extend(
    c: Checker,
    node: tree.AnonymousRecord,
    source: typed.Expression,
    expected: Type,
    why: Reason | None,
) -> typed.Expression:
    """`{| source with New = … |}`"""
    type = prune(source.type)
    is_struct = _is_struct(node, prune(expected))
    if isinstance(type, AnonymousRecordType):
        return _copy_anonymous(c, node.fields, source, type, node.span, expected, why, is_struct)
    signature = c.type_named(type.symbol) if isinstance(type, NamedType) else None
    if isinstance(type, NamedType) and signature is not None and signature.kind == "record":
        mapping = mapping_of(signature, type)
        names = tuple(sorted(signature.fields))
        as_anonymous = AnonymousRecordType(
            names, tuple(substitute(signature.fields[n].type, mapping) for n in names)
        )
        local = c.local("source", type, node.span)
        reference = typed.LocalReference(type, node.span, local)
        fields: list[tuple[int, typed.Expression]] = [
            (i, typed.FieldGet(as_anonymous.types[i], node.span, reference, type, n))
            for i, n in enumerate(names)
        ]
        made: typed.Expression = typed.AnonymousRecordConstruction(
            as_anonymous, node.span, None, fields
        )
        binding = typed.LocalBinding(
            typed.VariablePattern(type, node.span, local), (), [], source, node.span
        )
        made = typed.Let(as_anonymous, node.span, [binding], False, made)
        span = node.span
        return _copy_anonymous(c, node.fields, made, as_anonymous, span, expected, why, is_struct)
    for entry in node.fields:
        infer(c, entry.value)
    if type != ERROR:
        part, owner = f"a value of type `{show(type)}`", "front of `with`"
        way_out = "copy a record or an anonymous record"
        c.report(MisplacedPart(source.span, part, owner, way_out))
    return failed(node.span)


def _copy_anonymous(
    c: Checker,
    entries: list[tree.RecordField],
    source: typed.Expression,
    type: AnonymousRecordType,
    span: Span,
    expected: Type,
    why: Reason | None,
    is_struct: bool | None = None,
) -> typed.Expression:
    """The record with some fields changed; with `is_struct` given, also with more fields."""
    may_extend = is_struct is not None
    known = dict(zip(type.names, type.types, strict=True))
    values: list[tuple[str, typed.Expression]] = []
    nested: dict[str, list[tree.RecordField]] = {}
    source, shared = _shared(c, source, entries, span)
    for entry in entries:
        name = entry.name.parts[-1].text
        if len(entry.name.parts) > 1:
            nested.setdefault(entry.name.parts[0].text, []).append(_shorter(entry, 1))
            continue
        if any(name == other for other, _ in values):
            c.report(DuplicateField(entry.name.span, name))
        if name in known and not may_extend:
            values.append((name, check(c, entry.value, known[name])))
            continue
        if name not in known and not may_extend:
            c.report(UnknownField(entry.name.span, name, show(type)))
        value = infer(c, entry.value)
        known[name] = value.type
        values.append((name, value))
    for name, inner_entries in nested.items():
        if name not in known:
            c.report(UnknownField(span, name, show(type)))
            continue
        index = type.names.index(name)
        inner = typed.AnonymousFieldGet(known[name], span, source, index)
        values.append((name, _nested(c, inner_entries, inner, span)))
    names = tuple(sorted(known))
    if is_struct is None:
        is_struct = type.is_struct
    result = AnonymousRecordType(names, tuple(known[n] for n in names), is_struct)
    fields = [(names.index(name), value) for name, value in values]
    made = typed.AnonymousRecordConstruction(result, span, source, fields)
    return fit(c, shared(made), expected, why)
