"""Attributes as objects, for reflection.

Comes in: the attributes of a type, its members, cases and enum values. Goes out: a function for
each of them that makes the objects, in `TypeDefinition.attribute_makers`. Promises: nothing runs
before reflection asks; attributes of FSharp.Core are left out, and so are those of the library
whose constructors do not take what is written.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.inference import typed_tree as typed
from clef.inference.attribute_rules import is_attribute
from clef.inference.expressions.types_as_heads import construct
from clef.inference.member_signatures import unique_symbol
from clef.inference.state import Checker
from clef.inference.types import NamedType
from clef.inference.well_known import CORE, OBJECT, UNIT, array_of
from clef.names.entities import TypeResolution
from clef.source import Span, in_library
from clef.syntax import tree

_TARGETS = (None, "type", "property")


def make_attributes(
    c: Checker,
    node: tree.TypeDefinition | tree.ExceptionDeclaration,
    definition: typed.TypeDefinition,
    attributes: list[tree.Attribute],
) -> None:
    """The functions for one type; a case is called `case:Name`."""
    _make(c, definition, "", attributes)
    if isinstance(node, tree.TypeDefinition):
        for name, written in _parts(node):
            _make(c, definition, name, written)


def _parts(node: tree.TypeDefinition) -> Iterator[tuple[str, list[tree.Attribute]]]:
    match node.representation:
        case tree.RecordRepresentation(fields=fields):
            for field in fields:
                yield field.name.text if field.name is not None else "", field.attributes
        case tree.UnionRepresentation(cases=cases):
            for case in cases:
                yield f"case:{case.name.text}", case.attributes
        case tree.EnumRepresentation(cases=values):
            for value in values:
                yield value.name.text, value.attributes
        case _:
            pass
    for member in node.members:
        match member:
            case tree.AutoPropertyMember(name=name, attributes=attributes):
                yield name.text, attributes
            case tree.MethodMember(binding=binding) if isinstance(binding.head, tree.NameHead):
                yield binding.head.name.text, binding.attributes
            case tree.PropertyMember(name=name, getter=getter, setter=setter):
                accessor = getter or setter
                yield name.text, accessor.attributes if accessor is not None else []
            case tree.AbstractMember(signature=signature):
                yield signature.name.text, signature.attributes
            case _:
                pass


def _make(
    c: Checker, definition: typed.TypeDefinition, name: str, attributes: list[tree.Attribute]
) -> None:
    made = [one for one in (_object(c, node) for node in attributes) if one is not None]
    if not made:
        return
    span = attributes[0].span
    symbol = unique_symbol(c, f"{definition.symbol}.attributes@{name}")
    type = array_of(OBJECT)
    body = typed.ArrayLiteral(type, span, made)
    parameters: list[typed.Pattern] = [typed.WildcardPattern(UNIT, span)]
    c.file.definitions[symbol] = typed.Definition(symbol, (), parameters, type, body, span)
    definition.attribute_makers[name] = symbol


def _object(c: Checker, node: tree.Attribute) -> typed.Expression | None:
    """What makes one attribute's object."""
    resolution = node.resolution
    if node.target not in _TARGETS or not isinstance(resolution, TypeResolution):
        return None
    symbol = next(iter(resolution.candidates.values())).symbol
    signature = c.type_named(symbol)
    is_ours = symbol.startswith(f"{CORE}.")
    if signature is None or signature.is_abstract or is_ours or not is_attribute(c, signature):
        return None
    before = len(c.diagnostics)
    owner = NamedType(symbol)
    argument = node.argument or _nothing(node.span)
    made = construct(c, signature, owner, argument, node.span, None)
    if len(c.diagnostics) > before and in_library(signature.span.path):
        del c.diagnostics[before:]
        return None
    return typed.Coerce(OBJECT, node.span, made)


def _nothing(span: Span) -> tree.Expression:
    return tree.Constant(span, None, tree.LiteralKind.UNIT)
