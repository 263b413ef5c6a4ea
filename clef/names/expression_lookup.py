"""The look-up of names in expressions.

Comes in: a dotted name and the scope at that point. Goes out: its resolution, and a diagnostic if
nothing has the name. Promises: a module path wins over a global value or case of the same name when
the whole path can be found, so that a case called `Map` does not hide `Map.add`.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.diagnostics.names import (
    UnknownMember,
    UnknownName,
)
from clef.diagnostics.spelling import closest
from clef.names.entities import (
    ActivePatternEntity,
    ActivePatternResolution,
    CaseEntity,
    CaseResolution,
    ExceptionResolution,
    LocalBinder,
    LocalResolution,
    ModuleEntity,
    OpenedTypeResolution,
    OperatorResolution,
    Resolution,
    UnresolvedName,
    ValueEntity,
    ValueResolution,
)
from clef.names.resolver import (
    Resolver,
    check_access,
    modules_named,
    report_elsewhere,
    report_private,
    search_modules,
    type_or_case,
)
from clef.names.scope import Item
from clef.names.whereabouts import (
    defined_below,
    member_of_type_around,
    path_to_open,
    path_with_member,
)
from clef.syntax import tree


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


def _expression_in_module(
    resolver: Resolver, parts: list[tree.Name]
) -> Callable[[ModuleEntity, int], Resolution | None]:
    def accept(module: ModuleEntity, index: int) -> Resolution | None:
        name = parts[index].text
        value = module.values.get(name)
        if value is not None:
            check_access(resolver, parts[index], value.private_to)
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
            return type_or_case(resolver, types, parts, index + 1)
        if types and index + 1 < len(parts):
            deeper = search_modules(resolver, [module.modules[name]], parts, index + 1, accept)
            return deeper or type_or_case(resolver, types, parts, index + 1)
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
        found = search_modules(resolver, modules, parts, 1, _expression_in_module(resolver, parts))
        if found is not None:
            return found
    types = resolver.scope.types.get(first)
    # In front of a dot, values win over types, and types over constructors of the same name.
    is_constructor = not isinstance(item, LocalBinder | ValueEntity)
    is_owner = bool(types) and len(parts) > 1 and is_constructor
    if item is not None and not is_owner:
        if isinstance(item, ValueEntity):
            check_access(resolver, parts[0], item.private_to)
        return _item_resolution(item, 1)
    if types:
        return type_or_case(resolver, types, parts, 1, resolver.scope.shadowed.get(first, ()))
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
            if report_elsewhere(resolver, name, depth):
                return
            text = ".".join(part.written for part in parts[:depth])
            opening = path_with_member(resolver, parts[:depth], missing.text)
            resolver.report(UnknownMember(missing.span, text, missing.written, suggestion, opening))
            return
    if report_elsewhere(resolver, name) or report_private(resolver, first):
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
