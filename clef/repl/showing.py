"""What an input has defined, as the prompt prints it: `val x : int = 5`.

Comes in: a checked input and, when it has been run, the texts of its values. Goes out: Clef code
that makes these texts, and lines to print. Promises: the form is that of F#'s own prompt; a value
whose text cannot be made is shown by its type.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from clef.data_classes import dataclass
from clef.inference.signatures import TypeSignature, ValueSignature
from clef.inference.type_text import show, show_scheme, written_operator
from clef.inference.types import FunctionType, NamedType, TupleType, Type
from clef.inference.unification import prune
from clef.language_server.describe import member_text
from clef.repl.checked import Checked

MODULE = "ClefSession"
SHOWN = f"{MODULE}.shown#0"
"""The variable that holds the texts of the values of the last input."""
PRELUDE = f"""module {MODULE}
let mutable shown : string[] = [||]
let text (value: 'a) : string =
    try sprintf "%A" value
    with error -> "<" + error.Message + ">"
let cell (value: 'a) : string =
    match box value with
    | :? string as words -> words
    | _ -> text value
"""
_WIDTH = 80


@dataclass(slots=True)
class ShownValue:
    """A value, and what Clef expression gives its text; none for functions."""

    value: ValueSignature
    expression: str


def shown_values(checked: Checked) -> list[ShownValue]:
    """The values of an input in order, each name once."""
    found: list[ShownValue] = []
    for value in checked.values():
        if value.name.startswith("|") or "@" in value.name:
            found.append(ShownValue(value, ""))
            continue
        is_data = value.arity == 0 and not isinstance(prune(value.scheme.type), FunctionType)
        is_data = is_data and not value.requires_explicit
        path = f"{checked.module}.{_written(value.name)}"
        found.append(ShownValue(value, f"{MODULE}.text ({path})" if is_data else ""))
    return found


def _written(name: str) -> str:
    return name if re.fullmatch(r"[^\W\d][\w']*", name) else f"``{name}``"


def showing_code(expressions: Sequence[str]) -> str:
    """The program that makes the texts."""
    items = "\n".join(f"        {one}" for one in expressions)
    return f"do\n    {MODULE}.shown <- [|\n{items}\n    |]\n"


# Lines to print -----------------------------------------------------------------------------------


def value_lines(shown: ShownValue, text: str | None) -> str:
    """`val name : type = text`."""
    value = shown.value
    mutable = "mutable " if value.is_mutable else ""
    inline = "inline " if value.is_inline else ""
    head = f"val {mutable}{inline}{_head_name(value.name)} : {type_of_value(value)}"
    if text is None:
        return head
    text = text.rstrip("\n")
    if "\n" not in text and len(head) + 3 + len(text) <= _WIDTH:
        return f"{head} = {text}"
    return f"{head} =\n  " + text.replace("\n", "\n  ")


def _head_name(name: str) -> str:
    operator = written_operator(name)
    if name.startswith("|") or operator != name:
        return f"( {operator} )"
    return _written(name)


def type_of_value(value: ValueSignature) -> str:
    """A value's type, with the names of a function's parameters."""
    type = value.scheme.type
    constraints = _constraints(value)
    if value.arity == 0:
        text = show(type)
        is_function = isinstance(prune(type), FunctionType)
        return f"({text})" if is_function and not constraints else text + constraints
    parts: list[str] = []
    for name in value.parameter_names[: value.arity]:
        if not isinstance(type, FunctionType):
            break
        parts.append(_parameter(type.parameter, name))
        type = type.result
    return " -> ".join([*parts, show(type)]) + constraints


def _constraints(value: ValueSignature) -> str:
    whole, plain = show_scheme(value.scheme), show(value.scheme.type)
    return whole[len(plain) :] if whole.startswith(plain) else ""


def _parameter(type: Type, name: str) -> str:
    names = name.split(", ")
    if isinstance(type, TupleType) and len(names) == len(type.items) > 1:
        return " * ".join(map(_parameter, type.items, names))
    text = show(type)
    text = f"({text})" if isinstance(type, FunctionType | TupleType) else text
    return f"{name}:{text}" if name.isidentifier() else text


def type_lines(signature: TypeSignature) -> str:
    """A type's definition."""
    parameters = ",".join(f"'{one.name}" for one in signature.parameters)
    head = f"type {signature.name}" + (f"<{parameters}>" if parameters else "")
    if signature.kind == "exception":
        types = [one.type for one in signature.fields.values()]
        return f"exception {_case(signature.name, types)}"
    if signature.kind == "measure":
        return f"[<Measure>]\n{head}"
    if signature.abbreviated is not None:
        return f"{head} = {show(signature.abbreviated)}"
    if signature.cases:
        cases = [_case(one.name, [f.type for f in one.fields]) for one in signature.cases.values()]
        return "\n  | ".join([f"{head} =", *cases])
    if signature.kind == "record":
        fields = [
            f"{'mutable ' if one.is_mutable else ''}{one.name}: {show(one.type)}"
            for one in signature.fields.values()
        ]
        return f"{head} =\n  {{ " + "\n    ".join(fields) + " }"
    if signature.enum_values:
        cases = [f"{name} = {number}" for name, number in signature.enum_values.items()]
        return "\n  | ".join([f"{head} =", *cases])
    return _with_members(head, signature)


def _with_members(head: str, signature: TypeSignature) -> str:
    """A class or an interface: what can be called."""
    lines = [f"  interface {show(one)}" for one in signature.interfaces]
    seen: set[str] = set()
    for name, members in signature.members.items():
        for member in members:
            if member.symbol in seen or member.access != "public" or "@" in name:
                continue
            seen.add(member.symbol)
            lines.append(f"  {member_text(member)}")
    return "\n".join([f"{head} =", *lines]) if lines else head


def module_lines(checked: Checked) -> list[tuple[int, str]]:
    """The modules inside of an input, with their values."""
    found: dict[str, list[ValueSignature]] = {}
    for key, value in checked.interface.values.items():
        owner = key.rpartition(".")[0]
        if owner.startswith(checked.module + "."):
            found.setdefault(owner, []).append(value)
    texts: list[tuple[int, str]] = []
    for owner, values in found.items():
        lines = [f"  {value_lines(ShownValue(one, ''), None)}" for one in values]
        head = f"module {owner.removeprefix(checked.module + '.')} ="
        texts.append((min(one.span.start for one in values), "\n".join([head, *lines])))
    return texts


def _case(name: str, fields: list[Type]) -> str:
    return f"{name} of {' * '.join(map(show, fields))}" if fields else name


def is_unit(type: Type) -> bool:
    """Whether a type is `unit`."""
    found = prune(type)
    return isinstance(found, NamedType) and found.symbol == "Microsoft.FSharp.Core.Unit"
