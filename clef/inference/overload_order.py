"""Which of several applicable overloads is the best (F# specification §14.4).

Comes in: candidates, each with what speaks against it. Goes out: those that no other beats.
Promises: candidates that nothing tells apart come out together.
"""

from __future__ import annotations

from clef.data_classes import dataclass
from clef.inference.arguments import Matching
from clef.inference.candidates import Instance, array_element
from clef.inference.state import Checker
from clef.inference.types import FunctionType, NamedType, Type, TypeVariable
from clef.inference.unification import begin_trial, end_trial, prune, unify


@dataclass(frozen=True, slots=True)
class Cost:
    """What speaks against a candidate. `early` decides before the parameter types do, `late` after
    them (F# specification §14.4, with the conversions of F# 6 in front)."""

    early: tuple[int, ...]
    late: tuple[int, ...]
    is_exact: bool
    """Whether all arguments have the types of their parameters: the only such candidate wins."""


Candidate = tuple[Instance, Matching, "Cost"]


def preferred(
    c: Checker,
    applicable: list[Candidate],
    expected: Type | None,
) -> list[Candidate]:
    lowest = min(one[2].early for one in applicable)
    best = [one for one in applicable if one[2].early == lowest]
    if len(best) > 1:
        best = _by_types(c, best, expected)
    if len(best) > 1 and len({one[0].found.member.symbol for one in best}) == 1:
        best = best[:1]
    if len(best) > 1:
        owners = {one[0].found.owner.symbol for one in best}
        if len(owners) > 1:  # the nearest type wins
            first = best[0][0].found.owner.symbol
            best = [one for one in best if one[0].found.owner.symbol == first]
    return best


def _by_types(c: Checker, best: list[Candidate], expected: Type | None) -> list[Candidate]:
    """Those whose parameter types are the most special; then those that the late costs favour."""
    undominated = [
        one
        for one in best
        if not any(
            _more_special(c, other, one) and not _more_special(c, one, other)
            for other in best
            if other is not one
        )
    ]
    best = undominated or best
    lowest = min(one[2].late for one in best)
    best = [one for one in best if one[2].late == lowest]
    if len(best) > 1 and expected is not None:
        wanted = prune(expected)
        if not isinstance(wanted, TypeVariable):
            by_result = [one for one in best if _result_fits(c, one[0], wanted)]
            best = by_result or best
    if len(best) > 1:
        special = [
            one
            for one in best
            if all(_more_concrete(c, one, other) for other in best if other is not one)
        ]
        best = special[:1] or best
    return best


def _result_fits(c: Checker, instance: Instance, wanted: Type) -> bool:
    if instance.found.member.kind == "constructor":
        return True
    before = begin_trial(c)
    fits = unify(c, instance.result(), wanted)
    return not end_trial(c, before, keep=False) and fits


def _type_pairs(one: Candidate, other: Candidate) -> list[tuple[Type, Type]] | None:
    """The parameter types side by side, if there are as many; of two arrays that arguments are
    packed into, those of the items."""
    mine, theirs = one[0].parameters(), other[0].parameters()
    if len(mine) != len(theirs):
        return None
    pairs = [
        (prune(one[0].type_of(a)), prune(other[0].type_of(b)))
        for a, b in zip(mine, theirs, strict=True)
    ]
    if one[1].param_array is not None and other[1].param_array is not None:
        left, right = pairs[-1]
        pairs[-1] = prune(array_element(left)), prune(array_element(right))
    return pairs


def _more_special(c: Checker, one: Candidate, other: Candidate) -> bool:
    """Every parameter type is feasibly one of the other candidate's; a type parameter is feasibly
    anything."""
    from clef.inference.subtyping import feasible

    pairs = _type_pairs(one, other)
    if pairs is None:
        return len(one[0].parameters()) < len(other[0].parameters())
    for left, right in pairs:
        if isinstance(left, TypeVariable) or isinstance(right, TypeVariable):
            continue
        if not feasible(c, left, right) and not _prefers(c, left, right):
            return False
    return True


def _more_concrete(c: Checker, one: Candidate, other: Candidate) -> bool:
    """At least as special, and no type parameter where the other one says more."""
    pairs = _type_pairs(one, other)
    if pairs is None:
        return _more_special(c, one, other)
    for left, right in pairs:
        if isinstance(left, TypeVariable) and not isinstance(right, TypeVariable):
            return False
        if not _is_instance(left, right):
            return False
    return _more_special(c, one, other)


def _is_instance(left: Type, right: Type) -> bool:
    """Whether types of one name are as special: `Func<Task<'T>>` is an instance of `Func<'T>`."""
    left, right = prune(left), prune(right)
    if isinstance(right, TypeVariable):
        return True
    if isinstance(left, TypeVariable):
        return False
    if not isinstance(left, NamedType) or not isinstance(right, NamedType):
        return True
    if left.symbol != right.symbol:
        return True
    return all(map(_is_instance, left.arguments, right.arguments))


_FUNC = "System.Func`"
_PREFERENCE = ("System.Int32", "System.Int64", "System.Double")


def _prefers(c: Checker, left: Type, right: Type) -> bool:
    """Whether a type that inherits nothing from another is taken before it: `int` before `int64`,
    functions before delegates, `Func` before any other delegate."""
    from clef.inference.subtyping import delegate_signature

    a = left.symbol if isinstance(left, NamedType) else ""
    b = right.symbol if isinstance(right, NamedType) else ""
    if a in _PREFERENCE and b in _PREFERENCE:
        return _PREFERENCE.index(a) <= _PREFERENCE.index(b)
    if a.startswith(_FUNC) and not b.startswith(_FUNC):
        return delegate_signature(c, right) is not None
    return isinstance(left, FunctionType)
