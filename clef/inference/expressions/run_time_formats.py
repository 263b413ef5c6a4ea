"""`StringFormat<int -> string>(text)`: formats made, and not written where one is expected.

Comes in: the type of a format and what its constructor is given. Goes out: a format. Promises: text
that is written in the program is read here, as everywhere; other text is read by the library when
the values are there, in a call that says by the printer's type how many there are. Where a caller
decides on the printer's type, specialisation chooses that call.
"""

from __future__ import annotations

from clef.diagnostics.typing import NotSupportedYet
from clef.inference import typed_tree as typed
from clef.inference.expressions.dispatch import check, failed
from clef.inference.expressions.indexing import library_call
from clef.inference.expressions.text import named_format
from clef.inference.reporting import report_mismatch
from clef.inference.state import Checker, Reason
from clef.inference.types import FunctionType, NamedType, ParameterType, Type, TypeVariable
from clef.inference.unification import prune, unify
from clef.inference.well_known import MOST_FORMAT_VALUES, RUN_TIME_FORMATS, STRING
from clef.source import Span
from clef.syntax import tree


def made_format(
    c: Checker, owner: NamedType, argument: tree.Expression, span: Span
) -> typed.Expression:
    """What the constructor of a format gives."""
    inner = argument.expression if isinstance(argument, tree.Paren) else argument
    is_string = isinstance(inner, tree.Constant) and inner.kind is tree.LiteralKind.STRING
    if is_string or isinstance(inner, tree.InterpolatedString):
        return check(c, inner, owner)
    text = check(c, inner, STRING, Reason("a format is made of a string", span))
    if isinstance(text, typed.Literal):
        return named_format(c, text, owner)
    return _read_later(c, owner, text, span)


def _read_later(
    c: Checker, owner: NamedType, text: typed.Expression, span: Span
) -> typed.Expression:
    printer, state, residue, result = owner.arguments[:4]
    values: list[Type] = []
    rest = prune(printer)
    while isinstance(rest, FunctionType) and rest != prune(result):
        values.append(rest.parameter)
        rest = prune(rest.result)
    if isinstance(rest, (TypeVariable, ParameterType)) and rest != prune(result):
        symbol = f"{RUN_TIME_FORMATS}.ofText"
        types = (printer, state, residue, result)
        return library_call(c, symbol, types, owner, [text], span)
    if not unify(c, rest, result):
        report_mismatch(c, span, rest, result, Reason("a format's printer ends in its result"))
        return failed(span)
    if len(values) > MOST_FORMAT_VALUES:
        what = f"a format for {len(values)} values whose text is not written in the program"
        c.report(NotSupportedYet(span, what, "put the text together from several formats"))
        return failed(span)
    symbol = f"{RUN_TIME_FORMATS}.of{len(values)}"
    return library_call(c, symbol, (*values, result, state, residue), owner, [text], span)
