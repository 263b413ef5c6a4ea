"""What a name is, in words: its declaration as the user would write it and its documentation.

Comes in: an occurrence and the analysis of its file. Goes out: text of Clef and Markdown. Promises:
types are shown as in messages; documentation is what stands in `///` lines above the declaration,
of the library too.
"""

from __future__ import annotations

import re

from clef.inference.signatures import (
    FieldSignature,
    MemberSignature,
    ParameterSignature,
    Signatures,
    TypeSignature,
    ValueSignature,
)
from clef.inference.type_text import show, written_operator
from clef.inference.types import FunctionType, TupleType, Type
from clef.language_server.analysis import ProjectAnalysis
from clef.language_server.file_analysis import FileAnalysis
from clef.language_server.occurrences import Occurrence
from clef.language_server.typed_places import member_name, plain
from clef.source import SourceFile, Span
from clef.standard_library import library_source


def declaration(file: FileAnalysis, occurrence: Occurrence) -> str | None:
    """The declaration of what a name stands for, as Clef."""
    key, signatures = occurrence.key, file.signatures
    match occurrence.kind:
        case "local":
            return _local(file, occurrence)
        case "value" | "activePattern":
            value = signatures.values.get(key.partition("|")[0] if "|" in key[1:] else key)
            value = value or signatures.values.get(key)
            return value_text(value) if value is not None else _typed_here(file, occurrence)
        case "type" | "exception":
            found = signatures.types.get(key)
            return type_text(found) if found is not None else f"type {occurrence.name}"
        case "case":
            return _case(signatures, key)
        case "field":
            return _field(signatures, key)
        case "member":
            return "\n".join(map(member_text, members_of(signatures, key))) or None
        case "module":
            return f"module {key}"
        case _:
            return None


def _local(file: FileAnalysis, occurrence: Occurrence) -> str | None:
    defined = next((o for o in file.meaning(occurrence.key) if o.is_definition), None)
    local = file.places.locals.get(defined.span.start) if defined is not None else None
    if local is not None:
        return f"{'mutable ' if local.is_mutable else ''}{occurrence.name}: {show(local.type)}"
    return _typed_here(file, occurrence)


def _typed_here(file: FileAnalysis, occurrence: Occurrence) -> str | None:
    type_ = file.places.exactly(occurrence.span.start, occurrence.span.end)
    return f"{occurrence.name}: {show(type_)}" if type_ is not None else None


def value_text(value: ValueSignature) -> str:
    """`val name: type`, as signature files have it, with the names of parameters."""
    type_ = with_parameters(value.scheme.type, value.parameter_names)
    return f"val {'mutable ' if value.is_mutable else ''}{shown_name(value.name)}: {type_}"


def with_parameters(type: Type, names: tuple[str, ...]) -> str:
    """A function's type with the names of its parameters."""
    parts: list[str] = []
    for name in names:
        if not isinstance(type, FunctionType):
            break
        parts.append(_named(type.parameter, name))
        type = type.result
    return " -> ".join([*parts, show(type)])


def _named(type: Type, name: str) -> str:
    """`name: type`; for a tuple `a: int * b: string`."""
    names = name.split(", ")
    if isinstance(type, TupleType) and len(names) == len(type.items) > 1:
        return " * ".join(map(_named, type.items, names))
    text = show(type)
    text = f"({text})" if isinstance(type, FunctionType | TupleType) else text
    return f"{name}: {text}" if name.isidentifier() else text


def shown_name(name: str) -> str:
    """A name as it is written where it is declared."""
    operator = written_operator(name)
    if name.startswith("|") or operator != name:
        return f"({operator})"
    return name if re.fullmatch(r"[\w']+", name) else f"``{name}``"


def type_text(signature: TypeSignature) -> str:
    """A type's declaration."""
    parameters = ", ".join(f"'{p.name}" for p in signature.parameters)
    head = f"type {signature.name}" + (f"<{parameters}>" if parameters else "")
    if signature.abbreviated is not None:
        return f"{head} = {show(signature.abbreviated)}"
    if signature.cases:
        lines = [f"    | {_case_text(c.name, c.fields)}" for c in signature.cases.values()]
        return "\n".join([f"{head} =", *lines])
    if signature.kind == "record":
        fields = "\n".join(f"    {_field_text(f)}" for f in signature.fields.values())
        return f"{head} =\n  {{\n{fields}\n  }}"
    if signature.enum_values:
        lines = [f"    | {name} = {number}" for name, number in signature.enum_values.items()]
        return "\n".join([f"{head} =", *lines])
    return f"{head}  // {signature.kind}" if signature.kind != "builtin" else head


def _field_text(field: FieldSignature) -> str:
    return f"{'mutable ' if field.is_mutable else ''}{field.name}: {show(field.type)}"


def _case_text(name: str, fields: list[FieldSignature]) -> str:
    if not fields:
        return name
    texts = [
        show(f.type) if re.fullmatch(r"Item\d*", f.name) else f"{f.name}: {show(f.type)}"
        for f in fields
    ]
    return f"{name} of {' * '.join(texts)}"


def _case(signatures: Signatures, key: str) -> str | None:
    owner, _, name = key.rpartition(".")
    signature = signatures.types.get(owner)
    case = signature.cases.get(name) if signature is not None else None
    if signature is None or case is None:
        return None
    return f"| {_case_text(case.name, case.fields)}  // {signature.name}"


def _field(signatures: Signatures, key: str) -> str | None:
    owner, _, name = key.rpartition(".")
    signature = signatures.types.get(owner)
    field = signature.fields.get(name) if signature is not None else None
    if signature is None or field is None:
        return None
    return f"{signature.name}.{_field_text(field)}"


def members_of(signatures: Signatures, key: str) -> list[MemberSignature]:
    """The members with this key: an accessor for a property, one method of an overloaded name."""
    owner = key.rpartition(".")[0]
    signature = signatures.types.get(owner)
    candidates = [*signatures.extensions.get(owner, ())]
    if signature is not None:
        name = member_name(key)
        candidates = [*signature.members.get(name, ()), *candidates]
        if signature.enum_values.get(name) is not None:
            return []
    return [m for m in candidates if plain(m.symbol) == key][:1]


def member_text(member: MemberSignature) -> str:
    """`member Name: type` or `static member Name: parameters -> type`."""
    if member.kind == "constructor":
        owner = member.owner.rpartition(".")[2].partition("`")[0]
        return f"new {owner}({parameters_text(member.groups[0] if member.groups else ())})"
    word = "static member" if member.is_static else "abstract" if member.is_abstract else "member"
    name = member.property or shown_name(member.name)
    groups = member.groups
    if member.kind == "setter":
        groups = tuple(group[:-1] for group in groups[-1:]) if len(groups[-1:][0]) > 1 else ()
        value = member.groups[-1][-1].type
        return f"{word} {name}: {_arrows(groups, value)} with set"
    return f"{word} {name}: {_arrows(groups, member.result)}"


def _arrows(groups: tuple[tuple[ParameterSignature, ...], ...], result: Type) -> str:
    texts = [f"({parameters_text(group)})" if group else "unit" for group in groups]
    return " -> ".join([*texts, show(result)])


def parameters_text(group: tuple[ParameterSignature, ...]) -> str:
    """Parameters as in a declaration."""
    return ", ".join(map(parameter_text, group))


def parameter_text(parameter: ParameterSignature) -> str:
    """One parameter: `name: type`, `?name: type`, `[<ParamArray>] name: type`."""
    before = "?" if parameter.is_optional else ""
    array = "[<ParamArray>] " if parameter.is_param_array else ""
    return f"{array}{before}{parameter.name or '_'}: {show(parameter.type)}"


# Documentation ------------------------------------------------------------------------------------


def declared_at(
    file: FileAnalysis, project: ProjectAnalysis, occurrence: Occurrence
) -> Span | None:
    """Where a thing is declared, in the project or in the library."""
    found = project.definition(occurrence.key)
    if found is not None:
        return found.span
    return _span_of(file.signatures, occurrence)


def _span_of(signatures: Signatures, occurrence: Occurrence) -> Span | None:
    key = occurrence.key
    value = signatures.values.get(key)
    if occurrence.kind == "value" and value is not None:
        return value.span
    found = signatures.types.get(key)
    if found is not None:
        return found.span
    members = members_of(signatures, key)
    if members and members[0].span is not None:
        return members[0].span
    owner = signatures.types.get(key.rpartition(".")[0])
    return owner.span if owner is not None and occurrence.kind in ("case", "field") else None


def documentation(source: SourceFile, offset: int) -> str:
    """The `///` lines above the declaration at an offset, as Markdown."""
    return _markdown(comment_above(source, offset))


def comment_above(source: SourceFile, offset: int) -> str:
    """The same as they are written, without the marks."""
    line = source.position(offset)[0] - 1
    found: list[str] = []
    while line >= 1:
        text = source.line_text(line).strip()
        if text.startswith("///"):
            found.append(text[3:].removeprefix(" "))
        elif not (text.startswith("[<") and text.endswith(">]")) or found:
            break
        line -= 1
    return "\n".join(reversed(found))


def _markdown(text: str) -> str:
    """XML documentation loses its tags; the names in references stay."""
    text = re.sub(r'<(?:see|paramref|typeparamref)\s+\w+="(?:\w:)?([^"]+)"\s*/>', r"`\1`", text)
    text = re.sub(r'<param name="([^"]+)">', r"\n- `\1`: ", text)
    text = re.sub(r"<returns>", "\nReturns: ", text)
    text = re.sub(r"</?c>", "`", text)
    return re.sub(r"</?\w[^>]*>", "", text).strip()


def documentation_of(project: ProjectAnalysis, span: Span | None) -> str:
    """The documentation of what is declared at a span."""
    if span is None:
        return ""
    if span.in_library:
        return documentation(library_source(span.path), span.start)
    file = project.files.get(span.path)
    return documentation(file.source, span.start) if file is not None else ""
