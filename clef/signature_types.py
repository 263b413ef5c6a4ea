"""Whether what a signature file names has the types that it says.

Comes in: the tree of a `.fsi` file. Goes out: a module that uses each value and member at the type
that the signature gives it, which is checked as any other, and what its messages mean for the
signature. Promises: types are compared by inference alone; what the signature says less of, such as
inline definitions with member constraints, is not compared.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.diagnostics import Diagnostic
from clef.diagnostics.names.signature_files import TypeDiffers
from clef.inference.attributes import has_attribute
from clef.inference.signatures import FileSignatures, ValueSignature
from clef.source import Span
from clef.syntax import tree

PROBE = "signature file"
"""The module with the uses; no program can name it."""


def uses(signature: tree.File) -> tree.File:
    """The module that uses what the signature names."""
    inner: list[tree.Declaration] = []
    for one in signature.declarations:
        if isinstance(one, tree.ModuleDeclaration | tree.NamespaceDeclaration) and one.name:
            inner += _module(one.name.parts, one.declarations, one.span)
    name = tree.LongName(signature.span, [_name(PROBE, signature.span)])
    probe = tree.ModuleDeclaration(signature.span, [], None, None, name, False, inner, True)
    return tree.File(signature.span, [probe], [])


def differences(
    signature: tree.File,
    messages: list[Diagnostic],
    used: FileSignatures,
    defined: FileSignatures,
) -> list[Diagnostic]:
    """What the messages about the uses say about the signature, and which values it makes less
    generic than they are defined."""
    found: dict[Span, Diagnostic] = {}
    named = list(_named(signature.declarations))
    for symbol, value in _values(signature.declarations, ""):
        use = next(
            (one for key, one in used.values.items() if key.endswith(_use_name(value.span))), None
        )
        own = defined.values.get(symbol)
        if use is not None and own is not None and _count(use) < _count(own):
            found[value.span] = TypeDiffers(value.span, value.name.written)
    for message in messages:
        if not message.code.startswith(("E03", "W0351")):
            continue
        for label in message.labels():
            for span, name in named:
                if span.start <= label.span.start and label.span.end <= span.end:
                    found.setdefault(span, TypeDiffers(span, name))
    return list(found.values())


def _named(declarations: list[tree.Declaration]) -> Iterator[tuple[Span, str]]:
    """The signatures of values and members, with their names."""
    for one in declarations:
        match one:
            case tree.ModuleDeclaration() | tree.NamespaceDeclaration():
                yield from _named(one.declarations)
            case tree.ValueSignature():
                yield one.span, one.name.written
            case tree.TypesDeclaration():
                for definition in one.types:
                    yield from _parts(definition.representation)
                    if isinstance(definition.representation, tree.AbbreviationRepresentation):
                        yield definition.name.span, definition.name.text
                    for member in definition.members:
                        if isinstance(member, tree.SignatureMember):
                            yield member.span, member.signature.name.written
            case _:
                pass


def _parts(shape: tree.Representation | None) -> Iterator[tuple[Span, str]]:
    """The fields of a record, the cases of a union."""
    if isinstance(shape, tree.RecordRepresentation):
        yield from ((one.span, one.name.written) for one in shape.fields if one.name is not None)
    elif isinstance(shape, tree.UnionRepresentation):
        yield from ((one.span, one.name.written) for one in shape.cases)


def _values(
    declarations: list[tree.Declaration], path: str
) -> Iterator[tuple[str, tree.ValueSignature]]:
    """The values with the symbols of their definitions."""
    for one in declarations:
        if isinstance(one, tree.ModuleDeclaration | tree.NamespaceDeclaration) and one.name:
            yield from _values(one.declarations, f"{path}{one.name.text}.")
        elif isinstance(one, tree.ValueSignature):
            yield f"{path}{one.name.text}", one


def _count(value: ValueSignature) -> int:
    return len(value.scheme.parameters)


def _use_name(span: Span) -> str:
    return f"use at {span.start}"


def _name(text: str, span: Span) -> tree.Name:
    return tree.Name(span, text, text)


def _module(
    path: list[tree.Name], declarations: list[tree.Declaration], span: Span
) -> list[tree.Declaration]:
    found: list[tree.Declaration] = [tree.OpenDeclaration(span, tree.LongName(span, path))]
    for one in declarations:
        match one:
            case tree.OpenDeclaration() | tree.OpenTypeDeclaration():
                found.append(one)
            case tree.ValueSignature() if not one.is_inline and "|" not in one.name.text:
                value = tree.Identifier(
                    one.name.span, tree.LongName(one.name.span, [*path, one.name])
                )
                found.append(_use(one.span, [], one.type_parameters, one.type, value))
            case tree.TypesDeclaration():
                for definition in one.types:
                    found += _members(definition)
            case tree.ModuleDeclaration():
                parts = [*path, *one.name.parts]
                inner = _module(parts, one.declarations, one.span)
                found.append(
                    tree.ModuleDeclaration(one.span, [], None, None, one.name, False, inner)
                )
            case _:
                pass
    return found


def _members(definition: tree.TypeDefinition) -> Iterator[tree.Declaration]:
    """Uses of the members of a type that is not generic."""
    if definition.type_parameters is not None:
        return
    shape = definition.representation
    if isinstance(shape, tree.RecordRepresentation):
        for field in shape.fields:
            if field.name is not None:
                yield _part(definition.name, field.name, field.type, field.span)
    elif isinstance(shape, tree.UnionRepresentation):
        for case in shape.cases:
            if case.fields:
                yield _case(definition.name, case)
    elif isinstance(shape, tree.AbbreviationRepresentation) and not has_attribute(
        definition.attributes, "Measure"
    ):
        yield _abbreviation(definition, shape.type)
    for member in definition.members:
        if not isinstance(member, tree.SignatureMember):
            continue
        signature, span = member.signature, member.span
        writes_only = signature.has_setter and not signature.has_getter
        is_generic = signature.type_parameters is not None and not signature.is_static
        if (
            signature.is_inline
            or writes_only
            or is_generic
            or _has_options(signature.type)
            or signature.name.text in ("new", ".ctor")
        ):
            continue
        if signature.name.text.startswith("op_") or "|" in signature.name.text:
            continue
        yield _member(definition.name, signature, span)


def _has_options(type: tree.TypeExpression) -> bool:
    """Whether a member takes arguments that may be left out: it has no one type as a function."""
    while isinstance(type, tree.FunctionType):
        taken = type.parameter
        items = taken.elements if isinstance(taken, tree.TupleType) else [taken]
        if any(isinstance(one, tree.ParameterType) and one.is_optional for one in items):
            return True
        type = type.result
    return False


def _part(
    owner: tree.LongName, name: tree.Name, type: tree.TypeExpression, span: Span
) -> tree.Declaration:
    """`(object: owner)`, and then `object.name`."""
    subject = _name("object", span)
    pattern = tree.TypedPattern(
        span, tree.NamedPattern(span, subject), tree.NamedType(span, owner, [])
    )
    value = tree.Identifier(name.span, tree.LongName(name.span, [subject, name]))
    return _use(span, [tree.ParenPattern(span, pattern)], None, type, value)


def _abbreviation(definition: tree.TypeDefinition, type: tree.TypeExpression) -> tree.Declaration:
    """`(object: owner)`, and then `object` itself at the type that it stands for."""
    span = definition.name.span
    subject = _name("object", span)
    pattern = tree.TypedPattern(
        span, tree.NamedPattern(span, subject), tree.NamedType(span, definition.name, [])
    )
    value = tree.Identifier(span, tree.LongName(span, [subject]))
    return _use(span, [tree.ParenPattern(span, pattern)], None, type, value)


def _case(owner: tree.LongName, case: tree.UnionCase) -> tree.Declaration:
    span = case.span
    types = [field.type for field in case.fields]
    taken = types[0] if len(types) == 1 else tree.TupleType(span, types)
    type = tree.FunctionType(span, taken, tree.NamedType(span, owner, []))
    value = tree.Identifier(span, tree.LongName(span, [*owner.parts, case.name]))
    return _use(span, [], None, type, value)


def _member(owner: tree.LongName, signature: tree.MemberSignature, span: Span) -> tree.Declaration:
    if not signature.is_static:
        return _part(owner, signature.name, signature.type, span)
    parts = [*owner.parts, signature.name]
    value = tree.Identifier(signature.name.span, tree.LongName(signature.name.span, parts))
    return _use(span, [], signature.type_parameters, signature.type, value)


def _use(
    span: Span,
    arguments: list[tree.Pattern],
    parameters: tree.TypeParameters | None,
    type: tree.TypeExpression,
    value: tree.Expression,
) -> tree.Declaration:
    """`let use arguments : List<type> = let items = [ value ] in items`: nothing converts inside
    of a list."""
    items = _name("items", value.span)
    head = tree.NameHead(span, items, None, [])
    literal = tree.ListLiteral(value.span, [value])
    inner = tree.Binding(span, [], None, None, False, False, head, [], None, literal)
    again = tree.Identifier(value.span, tree.LongName(value.span, [items]))
    body = tree.Let(span, [inner], again, False, False)
    whole = tree.NamedType(span, tree.LongName(span, [_name(part, span) for part in _LIST]), [type])
    head = tree.NameHead(span, _name(_use_name(span), span), parameters, arguments)
    binding = tree.Binding(span, [], None, None, False, False, head, [], whole, body)
    return tree.LetDeclaration(span, [binding], False)


_LIST = ("Microsoft", "FSharp", "Collections", "List")
