"""`[<TailCall>]`: uses of a recursive function by itself that are no tail calls.

Comes in: the definitions of a file. Goes out: a warning for each such use (F# 8, FS3569). Promises:
only marked functions are looked at; nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clef.diagnostics.typing.restrictions import NotATailCall
from clef.inference import typed_tree as typed
from clef.inference.state import Checker
from clef.inference.uses import below
from clef.inference.well_known import OPERATORS

_PIPE = f"{OPERATORS}.op_PipeRight"
_BRANCHES = typed.If | typed.Let | typed.Sequential | typed.Match | typed.Application


def check_tail_calls(c: Checker) -> None:
    """Look at every function that promises to call itself only last."""
    for definition in c.file.definitions.values():
        if any(attribute.name == "TailCall" for attribute in definition.attributes):
            name = definition.symbol.rpartition(".")[2]
            for span in _elsewhere(definition.body, definition.symbol, True):
                c.report(NotATailCall(span, name))


def _elsewhere(node: Any, symbol: str, is_last: bool) -> Iterator[Any]:
    """The places of uses that are no tail calls; `is_last`: the node's value is the result."""
    is_call = isinstance(node, typed.MethodCall)
    is_use = is_call or isinstance(node, typed.GlobalReference)
    if is_use and node.symbol == symbol and not (is_call and is_last):
        yield node.span
    if isinstance(node, _BRANCHES):
        for part, stays in _parts(node, symbol):
            yield from _elsewhere(part, symbol, is_last and stays)
        return
    for part in below(node):
        yield from _elsewhere(part, symbol, False)


def _parts(node: typed.Expression, symbol: str) -> Iterator[tuple[Any, bool]]:
    """What is below a node, and whether its value is that of the node."""
    match node:
        case typed.If():
            yield from ((node.condition, False), (node.then, True), (node.otherwise, True))
        case typed.Let():
            yield from ((binding.body, False) for binding in node.bindings)
            yield node.body, True
        case typed.Sequential(items=items):
            yield from ((item, item is items[-1]) for item in items)
        case typed.Match():
            yield node.scrutinee, False
            yield from ((rule.guard, False) for rule in node.rules)
            yield from ((rule.body, True) for rule in node.rules)
        case typed.Application():
            yield from _application(node, symbol)
        case _:
            yield from ((part, False) for part in below(node))


def _application(node: typed.Application, symbol: str) -> Iterator[tuple[Any, bool]]:
    """A call of the function itself, also by `|>`, is one when it is last: what is left are its
    arguments."""
    function, arguments = node.function, node.arguments
    if isinstance(function, typed.GlobalReference) and function.symbol == _PIPE:
        *arguments, function = arguments
        if isinstance(function, typed.Application):
            arguments = [*arguments, *function.arguments]
            function = function.function
    is_itself = isinstance(function, typed.GlobalReference) and function.symbol == symbol
    yield (
        (typed.MethodCall(node.type, node.span, symbol, (), None, []), True)
        if is_itself
        else (
            function,
            False,
        )
    )
    yield from ((argument, False) for argument in arguments)
