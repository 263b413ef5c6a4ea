"""Recursive values of a module.

Comes in: the start-up actions of a `let rec` group or a recursive module. Goes out: the same with
the stores that complete records among them. Promises: what may be asked for before it is computed
is lazy, as in F#: asking computes it, and asking while that goes on raises
InvalidOperationException.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping

from clef.diagnostics.objects import CheckedWhenUsed
from clef.inference import typed_tree as typed
from clef.inference.expressions.control import unit
from clef.inference.recursive_objects import Value, is_quiet, key_of, steps_of
from clef.inference.state import Checker
from clef.inference.types import FunctionType, NamedType, Type
from clef.inference.uses import replace_uses, uses_in
from clef.inference.well_known import LAZY, LAZY_CREATE, LAZY_VALUE, UNIT
from clef.source import Span


def arrange_globals(
    c: Checker, symbols: Iterable[str], first: int, hidden: Callable[[str], str]
) -> None:
    """The start-up actions of a recursive group, from `first` on: its values with the stores among
    them. Values that may be asked for too early become lazy."""
    definitions = c.file.definitions
    actions = {one.symbol: one for one in c.file.initialisations[first:]}
    kept: dict[Hashable, list[typed.Initialisation]] = {}
    values = [_global_value(c, symbol, kept, hidden) for symbol in actions]
    made: list[typed.Initialisation] = []
    for step in steps_of(c, values):
        if isinstance(step, Value):
            assert isinstance(step.key, str)
            made += [*kept.get(step.key, ()), actions[step.key]]
        else:
            span = step.effect.span
            effect = typed.Sequential(UNIT, span, [step.effect, unit(span)])
            made.append(_action(c, hidden("store"), effect, True))
    is_as_written = len(made) == len(actions) and not _keeps_order(definitions, [*actions], made)
    if is_as_written:
        made = list(actions.values())
    group = [one.symbol for one in made if one.symbol in actions]
    early = _early(definitions, group, is_as_written)
    lazy = [one for one in group if one in early and _may_wait(definitions, actions[one])]
    delayed = [_delay(c, symbol) for symbol in lazy]
    order = {one.symbol: index for index, one in enumerate(made)}
    everything = [*symbols, *order, *(one.symbol for one in delayed)]
    bodies = [one for one in dict.fromkeys(everything) if one not in lazy]
    for symbol, action in zip(lazy, delayed, strict=True):
        place = order[symbol]  # what is only computed afterwards finds the value there
        asking = [definitions[one] for one in bodies if order.get(one, place) <= place]
        _ask_lazily(c, symbol, action.symbol, asking)
    c.file.initialisations[first:] = [*delayed, *made]


def _keeps_order(
    definitions: Mapping[str, typed.Definition],
    written: list[str],
    made: list[typed.Initialisation],
) -> bool:
    """Whether what may have effects comes in the order of the source."""
    loud = [one for one in written if not is_quiet(definitions[one].body)]
    return [one.symbol for one in made if one.symbol in set(loud)] == loud


def _action(
    c: Checker, symbol: str, body: typed.Expression, is_do: bool = False
) -> typed.Initialisation:
    c.file.definitions[symbol] = typed.Definition(symbol, (), [], body.type, body, body.span)
    return typed.Initialisation(symbol, is_do)


def _global_value(
    c: Checker,
    symbol: str,
    kept: dict[Hashable, list[typed.Initialisation]],
    hidden: Callable[[str], str],
) -> Value:
    definition = c.file.definitions[symbol]

    def reference(span: Span) -> typed.Expression:
        return typed.GlobalReference(definition.result_type, span, symbol, ())

    def keep(part: typed.Expression) -> typed.Expression:
        made = _action(c, hidden("part"), part)
        kept.setdefault(symbol, []).append(made)
        return typed.GlobalReference(part.type, part.span, made.symbol, ())

    name = symbol.rpartition(".")[2]
    return Value(symbol, name, definition.body, False, reference, keep)


def _may_wait(definitions: Mapping[str, typed.Definition], action: typed.Initialisation) -> bool:
    return not action.is_do and not definitions[action.symbol].is_mutable


def _early(
    definitions: Mapping[str, typed.Definition], group: list[str], is_as_written: bool
) -> set[str]:
    """The values that are mentioned by what runs before they are there. In the order of need values
    that call nothing read only what is there."""
    found: set[str] = set()
    uses: dict[str, list[str]] = {}
    place = {symbol: index for index, symbol in enumerate(group)}
    for index, symbol in enumerate(group):
        if not is_as_written and is_quiet(definitions[symbol].body):
            continue
        pending, seen = [symbol], {symbol}
        while pending:
            here = pending.pop()
            if here not in uses:
                keys = map(key_of, uses_in(definitions[here].body))
                uses[here] = [key for key in keys if isinstance(key, str) and key in definitions]
            found.update(key for key in uses[here] if place.get(key, -1) >= index)
            further = set(uses[here]) - seen
            seen |= further
            pending += further
    return found


def _delay(c: Checker, symbol: str) -> typed.Initialisation:
    """Compute a value when it is first asked for; at its turn at the latest."""
    definition = c.file.definitions[symbol]
    body, span = definition.body, definition.body.span
    type = NamedType(LAZY, (body.type,))
    nothing = typed.LiteralPattern(UNIT, span, None)
    delay = typed.Lambda(FunctionType(UNIT, body.type), span, [nothing], body)
    function = typed.GlobalReference(
        FunctionType(delay.type, type), span, LAZY_CREATE, (body.type,)
    )
    made = _action(c, f"{symbol}@lazy", typed.Application(type, span, function, [delay]))
    definition.body = _forced(typed.GlobalReference(type, span, made.symbol, ()), body.type)
    return made


def _forced(value: typed.Expression, type: Type) -> typed.Expression:
    return typed.MethodCall(type, value.span, LAZY_VALUE, (type,), value, [])


def _ask_lazily(c: Checker, symbol: str, lazy: str, definitions: list[typed.Definition]) -> None:
    """Uses inside of the group ask for the lazy value."""
    type = c.file.definitions[lazy].result_type

    def asked(use: typed.GlobalReference) -> typed.Expression:
        if use.symbol != symbol:
            return use
        c.report(CheckedWhenUsed(use.span, symbol.rpartition(".")[2]))
        return _forced(typed.GlobalReference(type, use.span, lazy, ()), use.type)

    for definition in definitions:
        definition.body = replace_uses(definition.body, asked)
