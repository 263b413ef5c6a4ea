"""The order in which the values of a `let rec` group are computed.

Comes in: bindings that may speak of each other. Goes out: the bindings, those first that others
need at once. Promises: what stands inside a function, an object or a sequence is needed later and
orders nothing; values that need each other at once keep their order.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from clef.inference import typed_tree as typed

Item = TypeVar("Item")


def needed_at_once(node: object) -> Iterator[typed.LocalReference | typed.GlobalReference]:
    """The names that are read while an expression is evaluated."""
    stack: list[Any] = [node]
    while stack:
        here = stack.pop()
        match here:
            case typed.Lambda() | typed.ObjectExpression():
                continue
            case typed.Comprehension(kind="seq"):
                continue
            case typed.LocalBinding() if here.parameters:
                continue
            case typed.LocalReference() | typed.GlobalReference():
                yield here
            case list() | tuple():
                stack.extend(here)  # pyright: ignore[reportUnknownArgumentType]
            case typed.Expression() | typed.LocalBinding() | typed.MatchRule():
                if is_dataclass(here):
                    stack.extend(getattr(here, one.name) for one in fields(here))
            case _:
                pass


def in_order_of_need(
    items: Sequence[Item], name: Callable[[Item], Hashable], body: Callable[[Item], object]
) -> list[Item]:
    """The items, each after those it needs at once."""
    by_name = {name(item): item for item in items}
    done: dict[Hashable, Item] = {}
    active: set[Hashable] = set()

    def visit(key: Hashable) -> None:
        if key in done or key in active:
            return
        active.add(key)
        for reference in needed_at_once(body(by_name[key])):
            used: Hashable = (
                reference.local if isinstance(reference, typed.LocalReference) else reference.symbol
            )
            if used in by_name:
                visit(used)
        active.discard(key)
        done[key] = by_name[key]

    for key in by_name:
        visit(key)
    return list(done.values())
