"""Representations: what a record, union, enum, delegate or exception consists of.

Comes in: a type definition on its way. Goes out: the fields, cases and values in its signature and
its definition. Promises: nameless fields get the names that F# gives them.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from clef.diagnostics.typing import DuplicateField, MisplacedPart, NotAConstant, NotSupportedYet
from clef.inference import typed_tree as typed
from clef.inference.abstract_slots import flatten_parameter
from clef.inference.annotations import annotation, not_a_reference
from clef.inference.attributes import has_attribute
from clef.inference.constants import NOT_CONSTANT, fold
from clef.inference.reporting import report_mismatch
from clef.inference.signatures import (
    CaseSignature,
    FieldSignature,
    MemberSignature,
    TypeSignature,
)
from clef.inference.state import Checker, Reason
from clef.inference.types import FunctionType, TupleType, Type
from clef.inference.well_known import BOOL, EXCEPTION, INT, STRING, UNIT
from clef.source import in_library
from clef.syntax import tree

if TYPE_CHECKING:
    from clef.inference.type_shells import Draft


def take_representation(c: Checker, draft: Draft) -> None:
    """What the type consists of, into its signature and its definition."""
    node = draft.node
    if isinstance(node, tree.ExceptionDeclaration):
        _exception(c, draft, node)
        return
    access = getattr(node.representation, "access", None)
    draft.signature.representation_access = (access or tree.Access.PUBLIC).value
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
        not_a_reference(c, type, entry.type.span, draft.signature)
        draft.signature.fields[entry.name.text] = FieldSignature(
            entry.name.text,
            type,
            entry.is_mutable,
            access=(access or tree.Access.PUBLIC).value,
            index=index,
            has_default=has_attribute(entry.attributes, "DefaultValue"),
        )
        # Reflection writes the fields of `[<CLIMutable>]` records.
        is_mutable = entry.is_mutable or has_attribute(draft.attributes, "CLIMutable")
        draft.definition.fields.append(typed.FieldDefinition(entry.name.text, type, is_mutable))


def _union(c: Checker, draft: Draft, cases: list[tree.UnionCase]) -> None:
    _check_cases(c, draft, cases)
    for index, case in enumerate(cases):
        symbol = f"{draft.signature.symbol}.{case.name.text}"
        fields = case_fields(c, case, draft.signature)
        draft.signature.cases[case.name.text] = CaseSignature(case.name.text, symbol, fields, index)
        draft.definition.cases.append(
            typed.CaseDefinition(
                case.name.text, symbol, [typed.FieldDefinition(f.name, f.type) for f in fields]
            )
        )


def _check_cases(c: Checker, draft: Draft, cases: list[tree.UnionCase]) -> None:
    """Names of cases begin with a capital letter, unless they are always qualified; the fields of a
    struct have different names in all cases."""
    if in_library(c.path):
        return
    for case in cases:
        first = case.name.text[:1]
        if (first.islower() or first == "_") and not has_attribute(
            draft.attributes, "RequireQualifiedAccess"
        ):
            way_out = "begin it with a capital letter, or write `[<RequireQualifiedAccess>]`"
            part, owner = "a small letter", "front of the name of a case"
            c.report(MisplacedPart(case.name.span, part, owner, way_out))
    if draft.signature.is_struct and len(cases) > 1:
        seen: set[str] = set()
        for case in cases:
            for one in case_fields(c, case, draft.signature):
                if one.name in seen:
                    part, way_out = f"another field `{one.name}`", "name the fields: `A of a: int`"
                    c.report(MisplacedPart(case.span, part, "a union that is a struct", way_out))
                seen.add(one.name)


def case_fields(
    c: Checker, case: tree.UnionCase, holder: TypeSignature | None = None
) -> list[FieldSignature]:
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
        if any(one.name == name for one in fields):
            c.report(DuplicateField(type.span, name))
        found = annotation(c, type)
        not_a_reference(c, found, type.span, holder)
        fields.append(FieldSignature(name, found, index=index))
    return fields


def _enum(c: Checker, draft: Draft, cases: list[tree.EnumCase]) -> None:
    draft.signature.underlying = INT
    first: tree.EnumCase | None = None
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

            type = literal_type(c, written)
            if type in (BOOL, STRING):
                c.report(NotAConstant(written.span, "the value of an enum case"))
            if first is None:
                first = case
                draft.signature.underlying = type
            elif type != draft.signature.underlying:
                name = first.name.text
                why = Reason(f"the value of `{name}` decides the type", first.value.span)
                report_mismatch(c, written.span, type, draft.signature.underlying, why)
        draft.signature.enum_values[case.name.text] = value
        draft.definition.enum_values.append((case.name.text, value))
    draft.definition.underlying = draft.signature.underlying


def _delegate(c: Checker, draft: Draft, written: tree.TypeExpression) -> None:
    signature = draft.signature
    node = written
    while isinstance(node, tree.ParenType):
        node = node.type
    if not isinstance(node, tree.FunctionType):
        way_out = "write `delegate of int -> int`"
        c.report(MisplacedPart(written.span, "this type", "a delegate", way_out))
        return
    if isinstance(node.result, tree.FunctionType):
        way_out = "write `delegate of int * int -> int`, or brackets around the result"
        c.report(MisplacedPart(node.result.span, "a second arrow", "a delegate", way_out))
    parameters = flatten_parameter(c, node.parameter)
    result = annotation(c, node.result)
    types = tuple(p.type for p in parameters)
    whole: Type = UNIT if not types else types[0] if len(types) == 1 else TupleType(types)
    signature.underlying = FunctionType(whole, result)
    draft.definition.underlying = functools.reduce(
        lambda rest, type: FunctionType(type, rest), reversed(types or (UNIT,)), result
    )
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
    if node.case.name.text[:1].islower():
        part, owner = "a small letter", "front of the name of an exception"
        c.report(MisplacedPart(node.case.name.span, part, owner, "begin it with a capital letter"))
    signature.base = draft.definition.base = EXCEPTION
    fields = case_fields(c, node.case)
    for index, one in enumerate(fields):
        if node.case.fields and node.case.fields[index].name is None:
            one.name = f"Data{index}"
        signature.fields[one.name] = one
        draft.definition.fields.append(typed.FieldDefinition(one.name, one.type))
