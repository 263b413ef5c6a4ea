"""Did-you-mean: the known names nearest to a mistyped one.

Comes in: a name and the names that exist. Goes out: the nearest of them, best first, or nothing.
Promises: never suggests a name that is too far away to be a slip of the fingers; the same input
gives the same answer whatever the order of the candidates.
"""

from __future__ import annotations

from collections.abc import Iterable


def distance(left: str, right: str, cutoff: int) -> int:
    """Edits (insert, delete, replace, swap neighbours) between two words, or `cutoff + 1` if there
    are more.

    Optimal string alignment (Damerau 1964, in the form of Wagner and Fischer 1974), with early
    exit.
    """
    if abs(len(left) - len(right)) > cutoff:
        return cutoff + 1
    before: list[int] = []
    previous = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        current = [i]
        for j, b in enumerate(right, 1):
            cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and b == left[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > cutoff:
            return cutoff + 1
        before, previous = previous, current
    return min(previous[-1], cutoff + 1)


def closest_few(name: str, candidates: Iterable[str], count: int = 3) -> list[str]:
    """The best few candidates: within a third of the name's length, words that differ only in case
    first; of two that are as near, the one that begins alike, with a letter of the same case.
    """
    cutoff = max(1, len(name) // 3)
    folded = name.casefold()
    ranked: list[tuple[int, bool, int, bool, str]] = []
    for candidate in set(candidates):
        if candidate == name or abs(len(candidate) - len(name)) > cutoff:
            continue
        edits = distance(folded, candidate.casefold(), cutoff)
        # A one-letter name is never a slip of another one-letter name.
        if edits <= cutoff and edits < max(len(name), len(candidate)):
            other = candidate.casefold()
            is_part = folded.startswith(other) or other.startswith(folded)
            longer = abs(len(candidate) - len(name))
            is_other_case = candidate[:1].isupper() != name[:1].isupper()
            ranked.append((edits, not is_part, longer, is_other_case, candidate))
    ranked.sort()
    return [candidate for *_, candidate in ranked[:count]]


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """The best candidate, or `None` if nothing is near."""
    few = closest_few(name, candidates, 1)
    return few[0] if few else None
