"""The walk through expressions, whatever their kind, and the variables that they bring.

Comes in: expressions and patterns. Goes out: resolutions. Promises: each kind of expression is
resolved by the handler that `clef.names.expressions` installs for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from clef.names.entities import LocalBinder, LocalResolution
from clef.names.patterns import Bound, resolve_patterns, show_active_pattern
from clef.names.resolver import Resolver
from clef.syntax import tree

Handler = Callable[[Resolver, Any], None]
_HANDLERS: dict[type, Handler] = {}


def install(handlers: Mapping[type, Handler]) -> None:
    """Set the handler of each kind of expression."""
    _HANDLERS.update(handlers)


def resolve_expression(resolver: Resolver, node: tree.Expression | None) -> None:
    """Resolve an expression and everything in it."""
    if node is None:
        return
    handler = _HANDLERS.get(type(node))
    if handler is not None:
        handler(resolver, node)


def add_bound(resolver: Resolver, bound: Bound) -> None:
    """Make a pattern's variables visible."""
    for name, binder in bound.items():
        resolver.scope.add_item(name, binder)
    add_local_active_patterns(resolver, bound)


def bind(resolver: Resolver, *patterns: tree.Pattern) -> Bound:
    """Resolve patterns and make their variables visible."""
    bound = resolve_patterns(resolver, list(patterns), resolve_expression)
    add_bound(resolver, bound)
    return bound


def bind_name(resolver: Resolver, name: tree.Name, is_mutable: bool = False) -> LocalBinder:
    """A variable that stands outside patterns: loop variables, `this`, `as self`."""
    known = resolver.table.get(name)
    if isinstance(known, LocalResolution):  # getter and setter share the `this` of their property
        binder = known.binder
    else:
        binder = resolver.binder(name.text, name.span, is_mutable)
    resolver.table[name] = LocalResolution(binder)
    resolver.scope.add_item(name.text, binder)
    return binder


def add_local_active_patterns(resolver: Resolver, bound: Bound) -> None:
    """`let (|Even|Odd|) n = …` inside a function, and `(|P|_|)` as a parameter."""
    for name, binder in bound.items():
        if name.startswith("|"):
            show_active_pattern(resolver, name, binder)
