"""Names in the arguments of attributes.

Comes in: attributes of the syntax tree. Goes out: the resolutions of their arguments. Promises: an
attribute's own name is left to the compiler, which knows attributes by their last name; attributes
that the library does not define belong to other tools, and whatever their arguments name is no
mistake.
"""

from __future__ import annotations

from clef.names.entities import UnresolvedName
from clef.names.resolver import Resolver, look_up_type
from clef.syntax import tree


def resolve_attributes(resolver: Resolver, attributes: list[tree.Attribute]) -> None:
    """Resolve the arguments of attributes."""
    from clef.names.expressions import resolve_arguments

    for attribute in attributes:
        if attribute.argument is None:
            continue
        before = len(resolver.diagnostics)
        resolve_arguments(resolver, attribute.argument)
        if len(resolver.diagnostics) > before and not _is_defined(resolver, attribute):
            del resolver.diagnostics[before:]


def _is_defined(resolver: Resolver, attribute: tree.Attribute) -> bool:
    """Whether there is a type of an attribute's name, with or without the suffix `Attribute`."""
    if not isinstance(attribute.type, tree.NamedType):
        return True
    written = attribute.type.name
    return any(_is_type(resolver, written, suffix) for suffix in ("", "Attribute"))


def _is_type(resolver: Resolver, written: tree.LongName, suffix: str) -> bool:
    last = written.parts[-1]
    name = tree.Name(last.span, last.text + suffix, last.written + suffix)
    before = len(resolver.diagnostics)
    found = look_up_type(resolver, tree.LongName(written.span, [*written.parts[:-1], name]), 0)
    del resolver.diagnostics[before:]
    return not isinstance(found, UnresolvedName)
