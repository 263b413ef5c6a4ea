"""Lowering again what an edit touched, only to see whether it is still faultless.

Comes in: what lowering the program before the edit had reached (`Lowered`), the program after it,
and the symbols of the definitions whose code changed; nothing else may have changed but their
bodies. Goes out: what is reached now, or nothing if something was found or cannot be told from so
little. Promises: no complaint that lowering the whole program would make is missed; what was
lowered before and has not changed is not looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from clef.data_classes import dataclass
from clef.typed_core.core import MonoType, Program, TypeTable
from clef.typed_core.derivations import derive
from clef.typed_core.dispatch import Dispatch
from clef.typed_core.functions import lower_instance
from clef.typed_core.growth import Growth
from clef.typed_core.machine_failures import request_failures
from clef.typed_core.program import Options, TypedProgram
from clef.typed_core.shapes import HELD
from clef.typed_core.specialiser import Growing, Specialiser
from clef.typed_core.suspensions import forget


@dataclass(frozen=True, slots=True)
class Lowered:
    """What a program without complaints had: instances by name, dynamic types that objects can
    have, foreign functions.
    """

    instances: Mapping[str, tuple[str, tuple[MonoType, ...]]]
    live: tuple[MonoType, ...]
    externals: frozenset[str]


def lowered(program: Program) -> Lowered:
    """The facts about a program that has just been lowered."""
    live = tuple(program.live)
    return Lowered(dict(program.instances), live, frozenset(program.externals))


def lower_again(
    program: TypedProgram, options: Options, before: Lowered, changed: Collection[str]
) -> Lowered | None:
    """Lower the changed definitions, at all types they were used at, and what is new behind
    them.
    """
    if any(type.symbol == HELD for type in before.live):
        return None  # which types grow is known only for the whole program
    try:
        return _lower_again(program, options, before, changed)
    except Growing:
        return None


def _lower_again(
    program: TypedProgram, options: Options, before: Lowered, changed: Collection[str]
) -> Lowered | None:
    specialiser = Specialiser(program, options, lower_instance, derive, Dispatch, Growth())
    rebuild = _Rebuild(specialiser.table)
    for type in before.live:
        specialiser.make_live(rebuild.type(type))
    old = {name for name, (symbol, _) in before.instances.items() if symbol not in changed}
    specialiser.assume_lowered(old)
    for symbol, arguments in before.instances.values():
        if symbol in changed:
            instance = specialiser.instance(symbol, [rebuild.type(a) for a in arguments])
            if instance is None:
                return None
            ask = specialiser.global_value if instance.is_value else specialiser.request
            ask(instance)
    specialiser.drain()
    request_failures(specialiser)
    specialiser.shape_everything()
    forget()
    after = lowered(specialiser.result)
    is_told = len(after.live) == len(before.live) and after.externals <= before.externals
    if specialiser.diagnostics or specialiser.shapes.missing or not is_told:
        return None
    return Lowered({**before.instances, **after.instances}, before.live, before.externals)


class _Rebuild:
    """Types of an earlier compilation in the terms of this one."""

    def __init__(self, table: TypeTable) -> None:
        self.table = table
        self.known: dict[int, MonoType] = {}

    def type(self, old: MonoType) -> MonoType:
        found = self.known.get(old.id)
        if found is None:
            arguments = tuple(self.type(argument) for argument in old.arguments)
            found = self.known[old.id] = self.table.make(old.form, old.symbol, arguments)
        return found
