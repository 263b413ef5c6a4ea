"""String literals used as formats, and interpolated strings.

Comes in: strings. Goes out: strings, `PrintfFormat` literals or interpolated strings, as the place
asks. Promises: every hole is
checked against its specifier.
"""

from __future__ import annotations

from clef.diagnostics.typing import FormatError
from clef.inference import typed_tree as typed
from clef.inference.expressions.data import check_constant
from clef.inference.expressions.dispatch import check, failed, fit, handles, infer
from clef.inference.formats import format_name, parse_format
from clef.inference.state import Checker, Reason
from clef.inference.types import ERROR, FunctionType, NamedType, TupleType, Type
from clef.inference.unification import prune, unify
from clef.inference.well_known import (
    FORMATS,
    FORMATTABLE,
    FORMATTABLE_CREATE,
    FORMATTABLE_STRING,
    OBJECT,
    STRING,
    UNIT,
    array_of,
)
from clef.source import Span
from clef.syntax import tree


@handles(tree.Constant)
def _constant(
    c: Checker, node: tree.Constant, expected: Type, why: Reason | None
) -> typed.Expression:
    if node.kind is tree.LiteralKind.STRING:
        wanted = prune(expected)
        if isinstance(wanted, NamedType) and wanted.symbol in FORMATS:
            assert isinstance(node.value, str)
            return _format(c, node.value, node.span, wanted)
        if wanted == STRING:
            return typed.Literal(STRING, node.span, node.value)
    return check_constant(c, node, expected, why)


def named_format(c: Checker, found: typed.Expression, wanted: NamedType) -> typed.Expression:
    """A constant of type string is a format where one is expected."""
    if isinstance(found, typed.Literal) and isinstance(found.value, str):
        return _format(c, found.value, found.span, wanted)
    return found


def _format(c: Checker, text: str, span: Span, wanted: NamedType) -> typed.Expression:
    """A format: the printer's type is a function of the arguments."""
    printer, state, residue, result = wanted.arguments[:4]
    before = len(c.diagnostics)
    parts, types = parse_format(c, text, span, state, residue)
    if len(c.diagnostics) > before:
        unify(c, printer, ERROR)
    type: Type = result
    for one in reversed(types):
        type = FunctionType(one, type)
    if not unify(c, printer, type):
        from clef.inference.reporting import report_mismatch

        report_mismatch(c, span, type, printer, Reason("the format decides the arguments"))
    if len(wanted.arguments) > 4:
        whole: Type = UNIT
        if types:
            whole = types[0] if len(types) == 1 else TupleType(tuple(types))
        unify(c, wanted.arguments[4], whole)
    return typed.FormatLiteral(wanted, span, parts)


@handles(tree.InterpolatedString)
def _interpolated(
    c: Checker, node: tree.InterpolatedString, expected: Type, why: Reason | None
) -> typed.Expression:
    parts: list[typed.FormatPart] = []
    pending = ""
    for part in node.parts:
        if isinstance(part, tree.InterpolatedText):
            pending += _unescaped(c, part)
            continue
        if pending:
            parts.append(typed.FormatPart(pending))
            pending = ""
        parts.append(_hole(c, part))
    if pending:
        parts.append(typed.FormatPart(pending))
    wanted = prune(expected)
    if isinstance(wanted, NamedType):
        if wanted == FORMATTABLE_STRING:
            return _formattable(c, parts, node.span)
        if wanted == FORMATTABLE:
            return typed.Coerce(FORMATTABLE, node.span, _formattable(c, parts, node.span))
        if wanted.symbol in FORMATS:
            unify(c, wanted.arguments[0], wanted.arguments[3])
            if len(wanted.arguments) > 4:
                unify(c, wanted.arguments[4], UNIT)
            return typed.FormatLiteral(wanted, node.span, parts)
    return fit(c, typed.InterpolatedString(STRING, node.span, parts), expected, why)


def _formattable(c: Checker, parts: list[typed.FormatPart], span: Span) -> typed.Expression:
    """A `FormattableString`: the format with numbered holes, and the values in an array."""
    text = ""
    values: list[typed.Expression] = []
    for part in parts:
        if not part.specifier:
            text += part.text.replace("{", "{{").replace("}", "}}")
            continue
        if part.specifier != "P" or part.argument is None:
            c.report(FormatError(span, "the holes of a FormattableString have no `%` in front"))
            return failed(span)
        alignment = "" if part.alignment is None else f",{part.alignment}"
        form = "" if part.format is None else f":{part.format}"
        text += f"{{{len(values)}{alignment}{form}}}"
        values.append(typed.Coerce(OBJECT, part.argument.span, part.argument))
    objects = array_of(OBJECT)
    type = FunctionType(STRING, FunctionType(objects, FORMATTABLE_STRING))
    function = typed.GlobalReference(type, span, FORMATTABLE_CREATE)
    arguments: list[typed.Expression] = [
        typed.Literal(STRING, span, text),
        typed.ArrayLiteral(objects, span, values),
    ]
    return typed.Application(FORMATTABLE_STRING, span, function, arguments)


def _unescaped(c: Checker, part: tree.InterpolatedText) -> str:
    """`%%` is a percent sign; another `%` in front of text is a mistake."""
    text = part.text.replace("%%", "\0")
    if "%" in text:
        c.report(FormatError(part.span, "a `%` in an interpolated string needs a hole or `%%`"))
    return text.replace("\0", "%")


def _hole(c: Checker, part: tree.InterpolatedHole) -> typed.FormatPart:
    if part.percent is None:
        inner = part.expression
        alignment = part.alignment
        if isinstance(inner, tree.Tuple) and alignment is None and len(inner.elements) == 2:
            width = inner.elements[1]
            if isinstance(width, tree.Constant) and isinstance(width.value, int):
                inner, alignment = inner.elements[0], width.value
        value = infer(c, inner)
        return typed.FormatPart(
            "", "P", type=value.type, argument=value, alignment=alignment, format=part.format
        )
    parts, types = parse_format(c, part.percent, part.span, c.fresh(part.span), STRING)
    found = parts[0]
    if not types:
        return typed.FormatPart("")
    why = Reason(f"`%{found.specifier}` takes {format_name(found.specifier)}", part.span)
    found.argument = check(c, part.expression, types[-1], why)
    return found
