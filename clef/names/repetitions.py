"""Names that a definition uses once, type parameters, fields of a case, cases of an enum, or not
at all.

Comes in: a definition of a type or function. Goes out: a report for each name that stands there a
second time, and for type parameters where none are written. Promises: nothing is entered into a
scope.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.diagnostics.names import DuplicateDefinition
from clef.diagnostics.names.placement import LocalTypeParameters
from clef.names.resolver import Resolver
from clef.source import Span, in_library
from clef.syntax import tree


def report_repeated_names(resolver: Resolver, kind: str, names: Iterable[tree.Name]) -> None:
    """Report each name that an earlier one is equal to."""
    seen: dict[str, Span] = {}
    for name in names:
        if name.text in seen:
            earlier = seen[name.text]
            resolver.report(DuplicateDefinition(name.span, kind, name.written, earlier))
        seen.setdefault(name.text, name.span)


def check_type_parameters(resolver: Resolver, parameters: tree.TypeParameters | None) -> None:
    """`<'a, 'a>`"""
    if parameters is not None and len(parameters.parameters) > 1:
        names = [parameter.name for parameter in parameters.parameters]
        report_repeated_names(resolver, "type parameter", names)


def demand_inferred(resolver: Resolver, bindings: Iterable[tree.Binding]) -> None:
    """Functions inside of others and of classes have no written type parameters."""
    for binding in bindings:
        head = binding.head
        if not isinstance(head, tree.NameHead) or head.type_parameters is None:
            continue
        if not in_library(resolver.path):
            span = head.type_parameters.span
            resolver.report(LocalTypeParameters(span, head.name.written))


def check_type(resolver: Resolver, node: tree.TypeDefinition) -> None:
    """Names inside of the definition of a type."""
    check_type_parameters(resolver, node.type_parameters)
    match node.representation:
        case tree.UnionRepresentation(cases=cases):
            for case in cases:
                names = [entry.name for entry in case.fields if entry.name is not None]
                report_repeated_names(resolver, "field", names)
        case tree.EnumRepresentation(cases=values):
            report_repeated_names(resolver, "case", [value.name for value in values])
        case _:
            pass
