"""A large module as two, to be compiled side by side.

Comes in: the text of a module as emission writes it. Goes out: the texts of two modules that are
linked into one program. Promises: what stood in the module stands in one of them, and in both what
is inlined everywhere; what one needs of the other is visible to it and to nobody else; the same
text gives the same halves.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.mlir.pieces import (
    BETWEEN_ITEMS,
    declared,
    is_helper,
    is_outside,
    name_of,
    references,
)

_START = "module {\n"
_END = "\n}\n"


def halves_of(module: str) -> tuple[str, str]:
    """The two modules."""
    head, _, rest = module.partition(_START)
    items = {name_of(text): text for text in BETWEEN_ITEMS.split(rest.removesuffix(_END))}
    shared = {name for name, text in items.items() if is_helper(text) or is_outside(text)}
    own = [name for name in items if name not in shared]
    middle = _middle([len(items[name]) for name in own])
    parts = own[:middle], own[middle:]
    needed = tuple(_needed(part, items, shared) for part in parts)
    first, second = (
        _module(head, items, part, needs, others)
        for part, needs, others in zip(parts, needed, reversed(needed), strict=True)
    )
    return first, second


def _middle(sizes: list[int]) -> int:
    """How many items make half of the text."""
    total, before = sum(sizes), 0
    for index, size in enumerate(sizes):
        if 2 * before >= total:
            return index
        before += size
    return len(sizes)


def _needed(part: list[str], items: dict[str, str], shared: set[str]) -> dict[str, None]:
    """What a half names, and what the helpers name that are inlined into it."""
    found = references("\n".join([items[name] for name in part]))
    work = list(found)
    while work:
        name = work.pop()
        if name in shared:
            new = [one for one in references(items[name]) if one not in found]
            found.update(dict.fromkeys(new))
            work += new
    return found


def _module(
    head: str,
    items: dict[str, str],
    part: Iterable[str],
    needs: dict[str, None],
    others: dict[str, None],
) -> str:
    inside = set(part)
    lines: list[str] = []
    for name, text in items.items():
        if name in inside:
            lines.append(text.replace(" internal ", " hidden ", 1) if name in others else text)
        elif name in needs:
            lines.append(text if is_helper(text) else _elsewhere(text))
    return f"{head}{_START}" + "\n".join(lines) + _END


def _elsewhere(text: str) -> str:
    """The declaration of what the other half has, or nobody."""
    if is_outside(text):
        return text
    declaration = declared(text)
    if " external " in declaration:
        return declaration.replace(" external ", " external hidden ", 1)
    return declaration.replace("llvm.func ", "llvm.func hidden ", 1)
