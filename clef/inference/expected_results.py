"""What the expected result of a call says about its arguments.

Comes in: the result type of a callee and the type that its place expects. Goes out: unified parts
of types. Promises: only what must hold whatever conversions follow is taken over.
"""

from __future__ import annotations

from clef.inference.arguments import Matching
from clef.inference.candidates import Instance
from clef.inference.state import Checker
from clef.inference.subtyping import is_sealed, supertype_instance
from clef.inference.types import FunctionType, NamedType, Type, TypeVariable
from clef.inference.unification import begin_trial, end_trial, prune, unify
from clef.inference.well_known import UNIT, is_byref


def propagate_result(
    c: Checker, instance: Instance, matching: Matching, expected: Type | None
) -> None:
    """What is expected of the result may decide type arguments before the arguments are checked."""
    if expected is None or matching.out_from is not None:
        return
    if len(instance.found.member.groups) > 1:
        return
    result = (
        instance.found.owner
        if instance.found.member.kind == "constructor"
        else prune(instance.result())
    )
    presume(c, result, expected)


def presume(c: Checker, result: Type, expected: Type) -> None:
    """Let an expected type flow into a result whose arguments are not checked yet, if they
    agree; an open one becomes the result, so that arguments that use what is being defined know its
    type."""
    wanted = prune(expected)
    result = prune(result)
    if isinstance(wanted, TypeVariable):
        is_known = isinstance(result, NamedType) and not is_byref(result)  # which is read at once
        if is_known or isinstance(result, TypeVariable):
            _agree(c, wanted, result)
        return
    if isinstance(result, TypeVariable):
        from clef.inference.subtyping import is_sealed

        if is_sealed(c, wanted) and wanted != UNIT:
            unify(c, result, wanted)
        return
    if isinstance(result, NamedType) and (
        not isinstance(wanted, NamedType) or wanted.symbol != result.symbol or not wanted.arguments
    ):
        return
    if type(result) is not type(wanted):
        return
    if isinstance(result, FunctionType) and isinstance(wanted, FunctionType):
        _presume_function(c, result, wanted)
        return
    _agree(c, result, wanted)


def _agree(c: Checker, left: Type, right: Type) -> None:
    """Make two types one, if they can be."""
    before = begin_trial(c)
    agreed = unify(c, left, right)
    end_trial(c, before, keep=agreed and not c.failures)


def _presume_function(c: Checker, result: FunctionType, wanted: FunctionType) -> None:
    """Parameter by parameter: a function over `seq` may stand where one over a list is expected."""
    have, want = prune(result.parameter), prune(wanted.parameter)
    if isinstance(have, NamedType) and not _is_named(want, have.symbol):
        found = supertype_instance(c, want, have.symbol)
        if found is not None:
            presume(c, have, found)
        elif isinstance(want, TypeVariable) and is_sealed(c, have):
            unify(c, have, want)
    elif isinstance(have, TypeVariable) or isinstance(want, TypeVariable):
        unify(c, have, want)
    else:
        presume(c, have, want)
    following = prune(result.result)
    if isinstance(following, (FunctionType, NamedType, TypeVariable)):
        presume(c, following, wanted.result)


def _is_named(type: Type, symbol: str) -> bool:
    return isinstance(type, NamedType) and type.symbol == symbol
