"""Attributes and the names in their arguments.

Comes in: attributes of the syntax tree. Goes out: the resolutions of their arguments, and of
attributes that are classes. Promises: the compiler knows attributes by their last name; attributes
that .NET or FSharp.Core have and that mean nothing here are accepted, whatever their arguments
name; others must be defined.
"""

from __future__ import annotations

from clef.diagnostics.names.attributes import UnknownAttribute
from clef.diagnostics.spelling import closest
from clef.names.entities import TypeResolution
from clef.names.resolver import Resolver, is_type_elsewhere
from clef.names.type_lookup import types_at
from clef.names.whereabouts import path_to_open
from clef.source import in_library
from clef.syntax import tree

_ENDING = "Attribute"
_OF_COMMANDS = frozenset({"Test", "Property", "Benchmark"})  # of `clef test` and `clef bench`


def resolve_attributes(resolver: Resolver, attributes: list[tree.Attribute]) -> None:
    """Resolve the arguments of attributes."""
    from clef.names.applications import resolve_arguments

    for attribute in attributes:
        check_attribute(resolver, attribute)
        if attribute.argument is None:
            continue
        before = len(resolver.diagnostics)
        resolve_arguments(resolver, attribute.argument)
        if len(resolver.diagnostics) > before and not _is_defined(resolver, attribute):
            del resolver.diagnostics[before:]


def check_attribute(resolver: Resolver, attribute: tree.Attribute) -> None:
    """Say that nobody defines an attribute; the library knows its own."""
    if in_library(resolver.path) or _is_defined(resolver, attribute):
        return
    assert isinstance(attribute.type, tree.NamedType)
    parts = attribute.type.name.parts
    if len(parts) == 1 and parts[0].text in _OF_COMMANDS:
        return
    texts = [part.text for part in parts]
    if any(is_type_elsewhere(resolver, names) for names in (texts, _with_ending(texts))):
        return
    known = [one.removesuffix(_ENDING) for one in resolver.scope.types if one.endswith(_ENDING)]
    suggestion = closest(parts[-1].text, known)
    written = ".".join(part.written for part in parts)
    opening = path_to_open(resolver, _with_ending(texts[:1])) or path_to_open(resolver, texts[:1])
    resolver.report(UnknownAttribute(attribute.type.span, written, suggestion, opening))


def _with_ending(texts: list[str]) -> list[str]:
    return [*texts[:-1], f"{texts[-1]}{_ENDING}"]


def _is_defined(resolver: Resolver, attribute: tree.Attribute) -> bool:
    """Whether there is a type of an attribute's name, with or without the suffix `Attribute`."""
    if not isinstance(attribute.type, tree.NamedType):
        return True
    *path, last = attribute.type.name.parts
    for name in (f"{last.text}{_ENDING}", last.text):
        if path:
            types = types_at(resolver, [*path, tree.Name(last.span, name, name)])
        else:
            known = resolver.scope.types.get(name)
            types = [known] if known else []
        if types:
            if 0 in types[0]:
                attribute.resolution = TypeResolution({0: types[0][0]}, 1)
            return True
    return False
