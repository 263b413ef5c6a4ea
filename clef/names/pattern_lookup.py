"""The look-up of names in patterns.

Comes in: a name in a pattern and the scope at that point. Goes out: the case, exception, active
pattern or literal that it stands for. Promises: a single name that is none of them is a variable.
"""

from __future__ import annotations

from clef.diagnostics.names import UnknownPattern
from clef.diagnostics.spelling import closest
from clef.names.entities import (
    ActivePatternEntity,
    ActivePatternResolution,
    CaseEntity,
    CaseResolution,
    ExceptionEntity,
    ExceptionResolution,
    ModuleEntity,
    Resolution,
    UnresolvedName,
    ValueResolution,
)
from clef.names.resolver import (
    Resolver,
    modules_named,
    search_modules,
    type_or_case,
)
from clef.names.scope import PatternItem
from clef.syntax import tree


def look_up_pattern(resolver: Resolver, name: tree.LongName, must_exist: bool) -> Resolution | None:
    """What a name in a pattern means; None when it is a new variable."""
    parts = name.parts
    if len(parts) == 1:
        item = resolver.scope.patterns.get(parts[0].text)
        if item is not None:
            return _pattern_resolution(item, 1)
        if not must_exist:
            return None
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
            deeper = inner and search_modules(resolver, [inner], parts, index + 1, accept)
            return deeper or type_or_case(resolver, types, parts, index + 1)
        return None

    found = search_modules(resolver, modules_named(resolver, parts[0].text), parts, 1, accept)
    if found is not None:
        return found
    first = parts[0].text
    types = resolver.scope.types.get(first)
    if types:
        return type_or_case(resolver, types, parts, 1, resolver.scope.shadowed.get(first, ()))
    return None
