"""The static part of generic types: each instantiation has its own.

Comes in: a type, its static fields and effects in the order of the source. Goes out: their
definitions. Promises: fields whose first values nobody can notice are made where the type stands;
if there are others, the whole static part of an instantiation runs once, when it is first used: in
front of every constructor and static member.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clef.inference import typed_tree as typed
from clef.inference.expressions.control import unit
from clef.inference.state import Checker
from clef.inference.types import FunctionType
from clef.inference.well_known import EXCEPTION, FAIL_TYPE_INIT, INT, STRING, UNIT

if TYPE_CHECKING:
    from clef.inference.type_shells import Draft


def define_start(c: Checker, draft: Draft, first: int) -> None:
    """How a generic type starts, whose static parts are the start-up actions from `first` on."""
    signature = draft.signature
    if all(p.is_measure for p in signature.parameters):
        return
    actions = [one for one in c.file.initialisations[first:] if _belongs(c, one, draft)]
    draft.starts_itself = not all(
        not one.is_do and _is_quiet(c.file.definitions[one.symbol].body) for one in actions
    )
    if draft.starts_itself:
        c.file.initialisations[first:] = [
            one for one in c.file.initialisations[first:] if one not in actions
        ]
        _define(c, draft, actions)


def _belongs(c: Checker, action: typed.Initialisation, draft: Draft) -> bool:
    definition = c.file.definitions[action.symbol]
    is_own = action.symbol.startswith(f"{draft.signature.symbol}.")
    return is_own and definition.type_parameters == draft.signature.parameters


def started(draft: Draft, body: typed.Expression) -> typed.Expression:
    """The body of a constructor or static member, behind the start of its type."""
    if not draft.starts_itself:
        return body
    span, arguments = body.span, draft.signature.self_type().arguments
    start = FunctionType(UNIT, UNIT)
    function = typed.GlobalReference(start, span, _start_symbol(draft), arguments)
    call = typed.Application(UNIT, span, function, [unit(span)])
    return typed.Sequential(body.type, span, [call, body])


def _define(c: Checker, draft: Draft, actions: list[typed.Initialisation]) -> None:
    """The function that runs the static part once, and the field that says how far it has come."""
    signature, span = draft.signature, draft.node.span
    owner, level = signature.self_type(), f"{signature.symbol}.level@"

    def come_to(place: int) -> typed.Expression:
        return typed.StaticFieldSet(UNIT, span, owner, level, typed.Literal(INT, span, place))

    c.file.definitions[level] = typed.Definition(
        level, signature.parameters, [], INT, typed.Literal(INT, span, 0), span, is_mutable=True
    )
    c.file.initialisations.append(typed.Initialisation(level))
    steps = [come_to(1)]
    for place, one in enumerate(actions, 2):
        definition = c.file.definitions[one.symbol]
        value, at = definition.body, definition.span
        if one.is_do:
            del c.file.definitions[one.symbol]
            steps.append(value)
            continue
        definition.body = unit(at)
        definition.is_mutable, definition.starts_at = True, (level, place)
        steps.append(typed.StaticFieldSet(UNIT, at, owner, one.symbol, value))
        steps.append(come_to(place))
    run = typed.Sequential(UNIT, span, [*steps, unit(span)])
    guarded = typed.TryWith(UNIT, span, run, [_failing(c, draft, come_to(0))])
    rules = [
        typed.MatchRule(typed.LiteralPattern(INT, span, 0), None, guarded, span),
        typed.MatchRule(typed.WildcardPattern(INT, span), None, unit(span), span),
    ]
    here = typed.StaticFieldGet(INT, span, owner, level)
    symbol = _start_symbol(draft)
    nothing: list[typed.Pattern] = [typed.WildcardPattern(UNIT, span)]
    c.file.definitions[symbol] = typed.Definition(
        symbol, signature.parameters, nothing, UNIT, typed.Match(UNIT, span, here, rules), span
    )


def _failing(c: Checker, draft: Draft, undone: typed.Expression) -> typed.MatchRule:
    """What failed is what TypeInitializationException tells."""
    signature, span = draft.signature, draft.node.span
    name = typed.Literal(STRING, span, f"{signature.name}`{len(signature.parameters)}")
    error = c.local("error", EXCEPTION, span)
    type = FunctionType(STRING, FunctionType(EXCEPTION, UNIT))
    fail = typed.GlobalReference(type, span, FAIL_TYPE_INIT, ())
    given: list[typed.Expression] = [name, typed.LocalReference(EXCEPTION, span, error)]
    body = typed.Sequential(UNIT, span, [undone, typed.Application(UNIT, span, fail, given)])
    return typed.MatchRule(typed.VariablePattern(EXCEPTION, span, error), None, body, span)


def _start_symbol(draft: Draft) -> str:
    return f"{draft.signature.symbol}.start@"


def _is_quiet(node: typed.Expression) -> bool:
    """Whether nobody can notice when a value is computed."""
    match node:
        case typed.Literal() | typed.Lambda() | typed.FormatLiteral():
            return True
        case typed.Tuple(items=items) | typed.ArrayLiteral(items=items):
            return all(_is_quiet(one) for one in items)
        case typed.UnionConstruction(arguments=arguments):
            return all(_is_quiet(one) for one in arguments)
        case typed.RecordConstruction(fields=fields):
            return all(_is_quiet(one) for _, one in fields)
        case typed.New(constructor=constructor, arguments=arguments):
            return constructor.startswith("System.") and all(_is_quiet(one) for one in arguments)
        case typed.Coerce(value=value):
            return _is_quiet(value)
        case _:
            return False
