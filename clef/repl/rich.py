"""Values as HTML: tables, and what a value says of itself.

Comes in: the checked input whose value `it` is shown. Goes out: Clef expressions that make the
texts, and from these texts the forms of the value by media type. Promises: what is written into a
page is escaped; a table has at most `ROWS` rows, and says how many more there are where that is
known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from clef.data_classes import dataclass, field
from clef.inference.signatures import Signatures, TypeSignature
from clef.inference.types import AnonymousRecordType, NamedType, TupleType, Type
from clef.inference.unification import prune
from clef.inference.well_known import ARRAYS
from clef.repl.checked import Checked
from clef.repl.showing import MODULE

ROWS = 200
_CELLS, _LINES = "\x1f", "\x1e"
_COLLECTIONS = frozenset(
    [
        "Microsoft.FSharp.Collections.List`1",
        "System.Collections.Generic.IEnumerable`1",
        "System.Collections.Generic.List`1",
        "Microsoft.FSharp.Collections.Set`1",
    ]
)
OWN_FORMS = {"ToHtml": "text/html", "ToSvg": "image/svg+xml"}
"""Methods `unit -> string` by which a type says how its values look in a page."""


@dataclass(slots=True)
class Plan:
    """What to ask for, and what the answers are."""

    expressions: list[str] = field(default_factory=list[str])
    columns: list[str] = field(default_factory=list[str])
    form: str = ""


def plan_for(checked: Checked, signatures: Signatures) -> Plan:
    """How the value `it` of an input can look besides its text."""
    value = next((one for one in checked.values() if one.name == "it"), None)
    if value is None or value.arity or value.requires_explicit:
        return Plan()
    type = prune(value.scheme.type)
    own = _own_form(type, signatures)
    if own:
        text = f"(try $it.{own}() with error -> error.Message)"
        return Plan([text], form=OWN_FORMS[own])
    element = _element(type)
    if element is None:
        return Plan()
    return _table(element, signatures)


def _own_form(type: Type, signatures: Signatures) -> str:
    signature = _signature(type, signatures)
    for name in OWN_FORMS:
        for member in signature.members.get(name, ()) if signature is not None else ():
            takes_nothing = not any(member.groups)
            result = prune(member.result)
            is_text = isinstance(result, NamedType) and result.symbol == "System.String"
            if member.kind == "method" and not member.is_static and takes_nothing and is_text:
                return name
    return ""


def _signature(type: Type, signatures: Signatures) -> TypeSignature | None:
    return signatures.types.get(type.symbol) if isinstance(type, NamedType) else None


def _element(type: Type) -> Type | None:
    """The items of a collection that is shown as a table."""
    if not isinstance(type, NamedType) or len(type.arguments) != 1:
        return None
    if type.symbol not in _COLLECTIONS and ARRAYS.get(type.symbol) != 1:
        return None
    return prune(type.arguments[0])


def _table(element: Type, signatures: Signatures) -> Plan:
    if isinstance(element, TupleType):
        names = [f"Item{index + 1}" for index in range(len(element.items))]
        locals = [f"cell{index}" for index in range(len(names))]
        opening = "struct " if element.is_struct else ""
        return _plan(names, f"{opening}({', '.join(locals)})", locals)
    if isinstance(element, AnonymousRecordType):
        names = list(element.names)
        return _plan(names, "row", [f"row.{_written(name)}" for name in names])
    signature = _signature(element, signatures)
    if signature is None or signature.kind != "record" or signature.access != "public":
        return Plan()
    names = [one.name for one in signature.fields.values()]
    return _plan(names, "row", [f"row.{_written(name)}" for name in names])


def _plan(columns: list[str], pattern: str, cells: list[str]) -> Plan:
    texts = "; ".join(f"{MODULE}.cell ({one})" for one in cells)
    rows = f'fun {pattern} -> String.concat "\\u001f" [ {texts} ]'
    text = f'($it |> Seq.truncate {ROWS + 1} |> Seq.map ({rows}) |> String.concat "\\u001e")'
    return Plan([text], columns, "text/html")


def _written(name: str) -> str:
    return name if re.fullmatch(r"[^\W\d][\w']*", name) else f"``{name}``"


def forms_of(plan: Plan, texts: Sequence[str | None]) -> dict[str, str]:
    """The forms of a value by media type."""
    if not plan.form or not texts or texts[0] is None:
        return {}
    if not plan.columns:
        return {plan.form: texts[0]}
    return {plan.form: table(plan.columns, texts[0])}


def table(columns: Sequence[str], text: str) -> str:
    """An HTML table."""
    rows = [line.split(_CELLS) for line in text.split(_LINES)] if text else []
    more = len(rows) > ROWS
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
        for row in rows[:ROWS]
    )
    note = f"<p>the first {ROWS} rows</p>" if more else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"
