"""The look-up of types and of fields of records.

Comes in: a dotted name and the scope at that point. Goes out: its resolution, and a diagnostic if
there is none. Promises: types are told apart by how many arguments they take.
"""

from __future__ import annotations

from clef.diagnostics.names import UnknownType, WrongTypeArity
from clef.diagnostics.spelling import closest
from clef.names.entities import (
    FieldEntity,
    FieldResolution,
    ModuleEntity,
    Resolution,
    TypeEntity,
    TypeResolution,
    UnresolvedName,
)
from clef.names.resolver import (
    Resolver,
    check_access,
    modules_named,
    report_elsewhere,
    report_private,
    search_modules,
)
from clef.names.whereabouts import defined_below, path_to_open
from clef.syntax import tree

_MEASURED = frozenset(
    "System." + name
    for name in [
        "Double",
        "Single",
        "Decimal",
        "Int32",
        "Int64",
        "Int16",
        "SByte",
        "UInt32",
        "UInt64",
        "UInt16",
        "Byte",
        "IntPtr",
        "UIntPtr",
    ]
)


def look_up_type(resolver: Resolver, name: tree.LongName, arity: int) -> Resolution:
    """A type in a type expression; `arity` is the number of arguments written (measures count)."""
    parts = name.parts
    if len(parts) == 1:
        types = resolver.scope.types.get(parts[0].text)
        candidates = [types] if types else []
    else:
        candidates = types_at(resolver, parts)
    return _choose_arity(resolver, name, arity, candidates)


def types_at(resolver: Resolver, parts: list[tree.Name]) -> list[dict[int, TypeEntity]]:
    """The types of a qualified name, by arity."""
    found: list[dict[int, TypeEntity]] = []

    def accept(module: ModuleEntity, index: int) -> Resolution | None:
        types = module.types.get(parts[index].text)
        if types and index + 1 == len(parts):
            found.append(types)
        return None

    search_modules(resolver, modules_named(resolver, parts[0].text), parts, 1, accept)
    return found


def _choose_arity(
    resolver: Resolver, name: tree.LongName, arity: int, candidates: list[dict[int, TypeEntity]]
) -> Resolution:
    parts = len(name.parts)
    for types in candidates:
        if arity in types:
            check_access(resolver, name.parts[-1], types[arity].private_to)
            return TypeResolution({arity: types[arity]}, parts)
    for types in candidates:  # `float<m>`
        plain = types.get(0)
        if plain is not None and plain.kind == "measure":  # `kg m` reads like a postfix application
            return TypeResolution({0: plain}, parts)
        if arity == 1 and plain is not None and _may_have_measure(resolver, plain):
            return TypeResolution({0: plain}, parts)
    written = ".".join(part.written for part in name.parts)
    if candidates:
        possible = tuple(sorted({count for types in candidates for count in types}))
        resolver.report(WrongTypeArity(name.span, written, arity, possible))
    elif not (report_elsewhere(resolver, name) or report_private(resolver, name.parts[0])):
        suggestion = closest(name.parts[-1].text, resolver.scope.types)
        below = defined_below(resolver, name.parts[0])
        opening = path_to_open(resolver, [part.text for part in name.parts[:2]])
        resolver.report(UnknownType(name.span, written, suggestion, below, opening))
    return UnresolvedName(parts)


def _may_have_measure(resolver: Resolver, entity: TypeEntity) -> bool:
    for _ in range(20):
        if entity.symbol in _MEASURED:
            return True
        following = resolver.environment.type_entity(entity.abbreviated or "")
        if following is None:
            return False
        entity = following
    return False


def look_up_field(resolver: Resolver, name: tree.LongName) -> Resolution:
    """A record field name; unqualified ones give all candidates (inference chooses, and reports
    what is missing).
    """
    parts = name.parts
    if len(parts) == 1:
        return FieldResolution(list(resolver.scope.fields.get(parts[0].text, ())), 1)
    owners: list[FieldEntity] = []
    last = parts[-1].text
    prefix = tree.LongName(name.span, parts[:-1])
    for module in modules_named(resolver, parts[0].text):
        here: ModuleEntity | None = module
        for part in prefix.parts[1:]:
            here = here.modules.get(part.text) if here is not None else None
        if here is not None:
            owners.extend(reversed(here.fields.get(last, ())))
    owners.extend(_fields_of_types(resolver, parts, last))
    return FieldResolution(owners, len(parts))


def _fields_of_types(resolver: Resolver, parts: list[tree.Name], last: str) -> list[FieldEntity]:
    found: list[FieldEntity] = []
    groups: list[dict[int, TypeEntity]] = []
    if len(parts) == 2 and parts[0].text in resolver.scope.types:
        groups.append(resolver.scope.types[parts[0].text])

    def accept(module: ModuleEntity, index: int) -> Resolution | None:
        types = module.types.get(parts[index].text)
        if types and index + 2 == len(parts):
            groups.append(types)
        return None

    search_modules(resolver, modules_named(resolver, parts[0].text), parts, 1, accept)
    for types in groups:
        for entity in types.values():
            meant = _abbreviated(resolver, entity)
            found.extend(entry for entry in meant.fields if entry.name == last)
    return found


def _abbreviated(resolver: Resolver, entity: TypeEntity) -> TypeEntity:
    """What an abbreviation stands for; other types stand for themselves."""
    for _ in range(20):
        following = resolver.environment.type_entity(entity.abbreviated or "")
        if following is None:
            break
        entity = following
    return entity
