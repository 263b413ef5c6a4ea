"""The state of resolving one file, and the look-up of names.

Comes in: names as written and the scope at that point. Goes out: resolutions, and diagnostics for
what is not found.
Promises: a name is looked up as the F# specification (§14.1) orders it; a module path wins over a
global value or
case of the same name when the whole path can be found, so that a case called `Map` does not hide
`Map.add`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from clef.data_classes import dataclass, field
from clef.diagnostics import Diagnostic
from clef.diagnostics.names import (
    PrivateName,
    UnknownMember,
    UnknownName,
    UnknownPattern,
    UnknownType,
    WrongTypeArity,
)
from clef.diagnostics.provision import NotProvided
from clef.diagnostics.spelling import closest
from clef.names.dotnet_names import type_elsewhere
from clef.names.entities import (
    ActivePatternEntity,
    ActivePatternResolution,
    CaseEntity,
    CaseResolution,
    ExceptionEntity,
    ExceptionResolution,
    FieldEntity,
    FieldResolution,
    LocalBinder,
    LocalResolution,
    ModuleEntity,
    OpenedTypeResolution,
    OperatorResolution,
    Resolution,
    TypeEntity,
    TypeResolution,
    UnresolvedName,
    ValueEntity,
    ValueResolution,
)
from clef.names.environment import FSHARP_ALIAS, Environment
from clef.names.scope import Item, PatternItem, Scope, is_accessible
from clef.names.whereabouts import (
    defined_below,
    member_of_type_around,
    path_to_open,
    path_with_member,
)
from clef.source import Span
from clef.syntax import tree
from clef.syntax.node import Node

Entity = ValueEntity | CaseEntity | ExceptionEntity | ActivePatternEntity | TypeEntity


@dataclass(slots=True)
class Resolver:
    """Everything that resolving one file needs. `table` holds resolutions of nodes without a slot
    (binder names, field patterns).
    """

    path: str
    environment: Environment
    scope: Scope
    fragment: ModuleEntity
    table: dict[Node, Resolution] = field(default_factory=dict[tree.Node, Resolution])
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    module_path: str = ""
    current: ModuleEntity | None = None
    next_binder: int = 0
    being_defined: list[str] = field(default_factory=list[str])  # for the `let rec` hint
    opened_elsewhere: list[str] = field(default_factory=list[str])  # of .NET, and not provided
    computation_depth: int = 0
    types_around: list[tree.TypeDefinition] = field(default_factory=list[tree.TypeDefinition])
    around: list[list[tree.Declaration]] = field(default_factory=list[list[tree.Declaration]])

    def binder(self, name: str, span: Span, is_mutable: bool = False) -> LocalBinder:
        """A new local variable."""
        self.next_binder += 1
        return LocalBinder(self.next_binder, name, span, is_mutable)

    def report(self, diagnostic: Diagnostic) -> None:
        self.diagnostics.append(diagnostic)


# Look-ups -----------------------------------------------------------------------------------------


def _check_access(resolver: Resolver, name: tree.Name, private_to: str) -> None:
    if not is_accessible(private_to, resolver.module_path):
        resolver.report(PrivateName(name.span, name.written, private_to))


def modules_named(resolver: Resolver, name: str) -> list[ModuleEntity]:
    """Modules and namespaces that an unqualified first name can mean, the nearest first."""
    found = list(resolver.scope.modules.get(name, ()))
    root = resolver.environment.root
    if name == "global":
        return [root]
    if name in root.modules:
        found.append(root.modules[name])
    if name == FSHARP_ALIAS[0] and FSHARP_ALIAS[1] in root.modules:
        alias = root.modules[FSHARP_ALIAS[1]].modules.get(name)
        if alias is not None:
            found.append(alias)
    return found


def _search_modules(
    resolver: Resolver,
    modules: Iterable[ModuleEntity],
    parts: list[tree.Name],
    index: int,
    accept: Callable[[ModuleEntity, int], Resolution | None],
) -> Resolution | None:
    """Depth first through module paths; `accept` looks inside a module for the part at `index`."""
    for module in modules:
        found = accept(module, index)
        if found is not None:
            return found
        if index + 1 < len(parts):
            inner = module.modules.get(parts[index].text)
            if inner is not None:
                found = _search_modules(resolver, [inner], parts, index + 1, accept)
                if found is not None:
                    _check_access(resolver, parts[index], inner.private_to)
                    return found
    return None


def _item_resolution(item: Item, parts: int) -> Resolution:
    if isinstance(item, LocalBinder):
        item.uses += 1
        return LocalResolution(item)
    if isinstance(item, ValueEntity):
        return ValueResolution(item, parts)
    if isinstance(item, CaseEntity):
        return CaseResolution(item, parts)
    if isinstance(item, ActivePatternEntity):
        return ActivePatternResolution(item, parts)
    return ExceptionResolution(item, parts)


def case_of_type(resolver: Resolver, types: dict[int, TypeEntity], name: str) -> CaseEntity | None:
    """The union case `name` of one of these types (abbreviations are followed)."""
    for entity in types.values():
        target: TypeEntity | None = entity
        for _ in range(20):
            if target is None or target.abbreviated is None:
                break
            target = resolver.environment.type_entity(target.abbreviated)
        for case in target.cases if target is not None else ():
            if case.name == name:
                return case
    return None


def _type_or_case(
    resolver: Resolver,
    types: dict[int, TypeEntity],
    parts: list[tree.Name],
    used: int,
    shadowed: tuple[TypeEntity, ...] = (),
) -> Resolution:
    """`Type.Case`, or the type with members to follow."""
    if used < len(parts):
        case = case_of_type(resolver, types, parts[used].text)
        if case is not None:
            return CaseResolution(case, used + 1)
    for entity in types.values():
        _check_access(resolver, parts[used - 1], entity.private_to)
        break
    return TypeResolution(types, used, shadowed)


def _expression_in_module(
    resolver: Resolver, parts: list[tree.Name]
) -> Callable[[ModuleEntity, int], Resolution | None]:
    def accept(module: ModuleEntity, index: int) -> Resolution | None:
        name = parts[index].text
        value = module.values.get(name)
        if value is not None:
            _check_access(resolver, parts[index], value.private_to)
            return ValueResolution(value, index + 1)
        case = module.named_case(name)
        types = module.types.get(name)
        # `M.Name.create` after `type Name = private Name of string`: a case that takes something
        # has no members, so the type is meant.
        is_owner = bool(types) and isinstance(case, CaseEntity) and case.field_count > 0
        is_meant = not is_owner or index + 1 == len(parts)
        if case is not None and not isinstance(case, ActivePatternEntity) and is_meant:
            return _item_resolution(case, index + 1)
        if types and not (index + 1 < len(parts) and name in module.modules):
            return _type_or_case(resolver, types, parts, index + 1)
        if types and index + 1 < len(parts):
            deeper = _search_modules(resolver, [module.modules[name]], parts, index + 1, accept)
            return deeper or _type_or_case(resolver, types, parts, index + 1)
        return None

    return accept


def look_up_expression(resolver: Resolver, name: tree.LongName) -> Resolution:
    """What a (dotted) name in an expression means; reports what is not found."""
    parts = name.parts
    first = parts[0].text
    item = resolver.scope.items.get(first)
    if isinstance(item, LocalBinder) and (len(parts) == 1 or not first[:1].isupper()):
        item.uses += 1
        return LocalResolution(item)
    if len(parts) > 1:
        modules = modules_named(resolver, first)
        found = _search_modules(resolver, modules, parts, 1, _expression_in_module(resolver, parts))
        if found is not None:
            return found
    types = resolver.scope.types.get(first)
    # In front of a dot, values win over types, and types over constructors of the same name.
    is_constructor = not isinstance(item, LocalBinder | ValueEntity)
    is_owner = bool(types) and len(parts) > 1 and is_constructor
    if item is not None and not is_owner:
        if isinstance(item, ValueEntity):
            _check_access(resolver, parts[0], item.private_to)
        return _item_resolution(item, 1)
    if types:
        return _type_or_case(resolver, types, parts, 1, resolver.scope.shadowed.get(first, ()))
    if resolver.scope.opened_types and not is_operator(parts[0]):
        return OpenedTypeResolution(list(reversed(resolver.scope.opened_types)), parts[0].written)
    if len(parts) == 1 and is_operator(parts[0]):
        return OperatorResolution(first, _operand_count(parts[0].written))
    _report_unknown(resolver, name)
    return UnresolvedName(len(parts))


def is_operator(name: tree.Name) -> bool:
    """Whether a name was written with operator characters."""
    return name.text.startswith("op_") and not name.written.startswith("op_")


def _operand_count(written: str) -> int:
    """How many operands an operator has, by its first characters."""
    if written == "?<-":
        return 3
    is_prefix = written.startswith("~") or (
        written.startswith("!") and not written.startswith("!=")
    )
    return 1 if is_prefix else 2


def _report_unknown(resolver: Resolver, name: tree.LongName) -> None:
    parts = name.parts
    first = parts[0]
    if len(parts) > 1:
        owner, depth = _deepest_module(resolver, parts)
        if owner is not None and depth < len(parts):
            missing = parts[depth]
            known = [*owner.values, *owner.cases, *owner.types, *owner.modules]
            suggestion = closest(missing.text, known)
            if _report_elsewhere(resolver, name, depth):
                return
            text = ".".join(part.written for part in parts[:depth])
            opening = path_with_member(resolver, parts[:depth], missing.text)
            resolver.report(UnknownMember(missing.span, text, missing.written, suggestion, opening))
            return
    if _report_elsewhere(resolver, name) or _report_private(resolver, first):
        return
    known = [*resolver.scope.items, *resolver.scope.types]
    if len(parts) > 1:
        known += resolver.scope.modules
    needs_rec = first.text in resolver.being_defined
    below = defined_below(resolver, first)
    opening = path_to_open(resolver, [part.text for part in parts[:2]])
    suggestion = None if needs_rec else closest(first.text, known)
    member = member_of_type_around(resolver, first)
    resolver.report(
        UnknownName(first.span, first.written, suggestion, needs_rec, below, opening, member)
    )


def _report_elsewhere(resolver: Resolver, name: tree.LongName, known: int = 0) -> bool:
    """Say so if .NET or FSharp.Core has what was not found here; the first `known` parts are."""
    found = _elsewhere(resolver, [part.text for part in name.parts], known)
    if found is not None:
        resolver.report(NotProvided(name.span, found))
    return found is not None


def _report_private(resolver: Resolver, name: tree.Name) -> bool:
    """Say so if an open module of the program has this name for itself alone."""
    owner = resolver.scope.private_to(name.text, resolver.module_path)
    if owner is None or owner in resolver.environment.auto_opened:
        return False
    resolver.report(PrivateName(name.span, name.written, owner))
    return True


def is_type_elsewhere(resolver: Resolver, parts: list[str]) -> bool:
    """Whether .NET or FSharp.Core has a type of exactly this name where it would be found."""
    return _elsewhere(resolver, parts, len(parts) - 1) is not None


def _elsewhere(resolver: Resolver, parts: list[str], known: int) -> str | None:
    opened = [module.symbol for module in reversed(resolver.scope.opened)]
    return type_elsewhere(parts, known, [*resolver.opened_elsewhere, *opened])


def _deepest_module(resolver: Resolver, parts: list[tree.Name]) -> tuple[ModuleEntity | None, int]:
    best: ModuleEntity | None = None
    depth = 0
    for module in modules_named(resolver, parts[0].text):
        here, used = module, 1
        while used < len(parts) and parts[used].text in here.modules:
            here = here.modules[parts[used].text]
            used += 1
        if used > depth:
            best, depth = here, used
    return best, depth


def look_up_pattern(resolver: Resolver, name: tree.LongName, must_exist: bool) -> Resolution | None:
    """What a name in a pattern means; None when it is a new variable."""
    parts = name.parts
    if len(parts) == 1:
        item = resolver.scope.patterns.get(parts[0].text)
        if item is not None:
            return _pattern_resolution(item, 1)
        types = resolver.scope.types.get(parts[0].text)
        if not must_exist:
            return None
        if types:  # a constructor-like use of a type is no pattern
            pass
    else:
        found = _dotted_pattern(resolver, parts)
        if found is not None:
            return found
    known = [key for key in resolver.scope.patterns if key[:1].isupper()]
    last = parts[-1]
    suggestion = closest(last.text, known)
    resolver.report(UnknownPattern(name.span, ".".join(p.written for p in parts), suggestion))
    return UnresolvedName(len(parts))


def _pattern_resolution(item: PatternItem, parts: int) -> Resolution:
    if isinstance(item, CaseEntity):
        return CaseResolution(item, parts)
    if isinstance(item, ExceptionEntity):
        return ExceptionResolution(item, parts)
    if isinstance(item, ActivePatternEntity):
        return ActivePatternResolution(item, parts)
    return ValueResolution(item, parts)


def _dotted_pattern(resolver: Resolver, parts: list[tree.Name]) -> Resolution | None:
    def accept(module: ModuleEntity, index: int) -> Resolution | None:
        name = parts[index].text
        case = module.named_case(name)
        if case is not None:
            return _pattern_resolution(case, index + 1)
        value = module.values.get(name)
        if value is not None and value.is_literal:
            return ValueResolution(value, index + 1)
        types = module.types.get(name)
        if types and index + 1 < len(parts):
            inner = module.modules.get(name)
            deeper = inner and _search_modules(resolver, [inner], parts, index + 1, accept)
            return deeper or _type_or_case(resolver, types, parts, index + 1)
        return None

    found = _search_modules(resolver, modules_named(resolver, parts[0].text), parts, 1, accept)
    if found is not None:
        return found
    first = parts[0].text
    types = resolver.scope.types.get(first)
    if types:
        return _type_or_case(resolver, types, parts, 1, resolver.scope.shadowed.get(first, ()))
    return None


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

    _search_modules(resolver, modules_named(resolver, parts[0].text), parts, 1, accept)
    return found


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


def _choose_arity(
    resolver: Resolver, name: tree.LongName, arity: int, candidates: list[dict[int, TypeEntity]]
) -> Resolution:
    parts = len(name.parts)
    for types in candidates:
        if arity in types:
            _check_access(resolver, name.parts[-1], types[arity].private_to)
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
    elif not (_report_elsewhere(resolver, name) or _report_private(resolver, name.parts[0])):
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

    _search_modules(resolver, modules_named(resolver, parts[0].text), parts, 1, accept)
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
