"""References that something would hold: lists, tuples, generic functions, variables of modules.

Comes in: the definitions of a file that takes addresses, all types decided. Goes out: a report for
each expression whose type has a `byref` inside, each generic function that is used at one, each
partial application that is given one (F# FS0412, FS0421, FS0431). Promises: files without `&place`
are not walked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clef.diagnostics.typing.restrictions import StoredReference
from clef.inference import typed_tree as typed
from clef.inference.state import Checker
from clef.inference.type_text import show
from clef.inference.types import (
    AnonymousRecordType,
    FunctionType,
    NamedType,
    TupleType,
    Type,
)
from clef.inference.unification import prune, resolve
from clef.inference.uses import below
from clef.inference.well_known import is_byref
from clef.source import Span


def check_kept_references(c: Checker) -> None:
    """Look at all code of a file in which an address is taken."""
    if not c.takes_addresses:
        return
    for definition in c.file.definitions.values():
        result = prune(definition.result_type)
        if is_byref(result) and not definition.parameters and _is_variable(c, definition):
            c.report(StoredReference(definition.span, show(resolve(result))))
            continue
        for span, type in _kept(definition.body):
            c.report(StoredReference(span, show(resolve(type))))


def _is_variable(c: Checker, definition: typed.Definition) -> bool:
    """Whether it is evaluated once; a property is evaluated at each use."""
    return c.value_named(definition.symbol) is not None


def _kept(root: typed.Expression) -> Iterator[tuple[Span, Type]]:
    """The outermost expressions that hold a reference."""
    pending: list[Any] = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, typed.Expression):
            held = _held(node.type) or _used_at(node)
            if held is not None:
                yield node.span, held
                continue
            if isinstance(node, typed.Application):
                given = _given_early(node)
                if given is not None:
                    yield given.span, prune(given.type)
                    continue
                pending += _parts(node)
                continue
        pending += below(node)


def _parts(node: typed.Application) -> Iterator[typed.Expression]:
    """Function and arguments of a whole call; those of one argument list are no tuple."""
    function: typed.Expression = node
    while isinstance(function, typed.Application):
        for argument in function.arguments:
            if isinstance(argument, typed.Tuple):
                yield from argument.items
            else:
                yield argument
        function = function.function
    yield function


def _held(type: Type) -> Type | None:
    """A reference inside a type that would have to hold it."""
    type = prune(type)
    match type:
        case NamedType(arguments=arguments):
            parts = arguments if not is_byref(type) else ()
        case TupleType(items=items):
            parts = tuple(items)
        case AnonymousRecordType(types=types):
            parts = types
        case _:
            return None
    for part in parts:
        part = prune(part)
        found = part if is_byref(part) else _held(part)
        if found is not None:
            return found
    return None


def _used_at(node: typed.Expression) -> Type | None:
    """The reference at which a generic function is used."""
    if isinstance(node, typed.GlobalReference | typed.MethodCall | typed.New):
        for argument in getattr(node, "type_arguments", ()):
            if is_byref(prune(argument)):
                return prune(argument)
    return None


def _given_early(node: typed.Application) -> typed.Expression | None:
    """An address given to a function that waits for more arguments."""
    if not isinstance(prune(node.type), FunctionType):
        return None
    return next((one for one in node.arguments if is_byref(prune(one.type))), None)
