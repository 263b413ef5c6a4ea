"""References that something would hold: lists, tuples, generic functions, variables of modules.

Comes in: the definitions and types of a file that has references, finished. Goes out: a report for
each expression whose type has a `byref` or a span inside, each generic function that is used at
one, each partial application that is given one, each field that would hold one (F# FS0412, FS0418,
FS0421, FS0431, FS0437). Promises: one report for each place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clef.diagnostics.typing.restrictions import StoredReference
from clef.inference import typed_tree as typed
from clef.inference.short_lived import is_short_lived
from clef.inference.state import Checker
from clef.inference.type_text import show
from clef.inference.types import (
    AnonymousRecordType,
    FunctionType,
    NamedType,
    TupleType,
    Type,
)
from clef.inference.uses import below
from clef.inference.well_known import BYREF_READ, BYREF_WRITE, is_byref
from clef.source import Span


def check_kept_references(c: Checker) -> None:
    """Look at all code of a file that has references, and at what its types hold."""
    variables = {one.symbol for one in c.file.initialisations if not one.is_do}
    for definition in c.file.definitions.values():
        result = definition.result_type
        if definition.symbol in variables and is_short_lived(c, result):
            c.report(StoredReference(definition.span, show(result)))
            continue
        for parameter in _single(definition.parameters):
            held = _held(c, parameter.type) or _taken(c, parameter.type)
            if held is not None:
                c.report(StoredReference(parameter.span, show(held)))
        for span, type in _kept(c, definition.body):
            c.report(StoredReference(span, show(type)))
    for owner in c.file.types.values():
        _check_fields(c, owner)


def _single(parameters: list[typed.Pattern]) -> Iterator[typed.Pattern]:
    """Each parameter by itself; those of one argument list are no tuple."""
    for parameter in parameters:
        if isinstance(parameter, typed.TuplePattern):
            yield from parameter.items
        else:
            yield parameter


def _taken(c: Checker, type: Type) -> Type | None:
    """What a parameter that is a function takes or gives."""
    while isinstance(type, FunctionType):
        for part in (type.parameter, type.result):
            held = part if is_short_lived(c, part) else _held(c, part)
            if held is not None:
                return held
        type = type.result
    return None


def _check_fields(c: Checker, definition: typed.TypeDefinition) -> None:
    """What constructor parameters, `let` and `member val` became; written types are checked where
    they stand.
    """
    signature = c.type_named(definition.symbol)
    if signature is None or signature.is_byref_like:
        return
    whole = definition.span
    told = (d.span.start for d in c.diagnostics if d.code == StoredReference.code)
    if any(whole.start <= start < whole.end for start in told):
        return
    for field in definition.fields:
        if is_short_lived(c, field.type):
            c.report(StoredReference(signature.span, show(field.type)))


def _kept(c: Checker, root: typed.Expression) -> Iterator[tuple[Span, Type]]:
    """The outermost expressions that hold a reference."""
    pending: list[Any] = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, typed.Expression):
            held = _held(c, node.type) or _used_at(c, node)
            if held is not None:
                yield node.span, held
                continue
            if isinstance(node, typed.Let):
                yield from _functions(c, node)
            if isinstance(node, typed.Application):
                given = _given_early(c, node)
                if given is not None:
                    yield given.span, given.type
                    continue
                pending += _parts(node)
                continue
        pending += below(node)


def _functions(c: Checker, node: typed.Let) -> Iterator[tuple[Span, Type]]:
    """Functions inside of others that take references; a delegate's own function may."""
    for binding in node.bindings:
        taken = _taken(c, binding.pattern.type)
        if taken is not None and binding.pattern.span != node.span:
            yield binding.pattern.span, taken


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


def _held(c: Checker, type: Type) -> Type | None:
    """A reference inside a type that would have to hold it."""
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
        found = part if is_short_lived(c, part) else _held(c, part)
        if found is not None:
            return found
    return None


def _used_at(c: Checker, node: typed.Expression) -> Type | None:
    """The reference at which a generic function is used, or what is put into an object."""
    match node:
        case typed.GlobalReference(symbol=symbol) if symbol in (BYREF_READ, BYREF_WRITE):
            return next(filter(is_byref, node.type_arguments), None)
        case typed.GlobalReference() | typed.MethodCall() | typed.New() | typed.LocalReference():
            arguments: tuple[Type, ...] = getattr(node, "type_arguments", ())
        case typed.Coerce() if not is_byref(node.type):  # a `byref` may be an `inref`
            arguments = (node.value.type,)
        case typed.TypeName(kind="type" | "definition"):
            arguments = (node.subject,)
        case _:
            return None
    return next((one for one in arguments if is_short_lived(c, one)), None)


def _given_early(c: Checker, node: typed.Application) -> typed.Expression | None:
    """A reference given to a function that waits for more arguments; a delegate may give one."""
    if not isinstance(node.type, FunctionType) or _is_invoked(node):
        return None
    return next((one for one in node.arguments if is_short_lived(c, one.type)), None)


def _is_invoked(node: typed.Application) -> bool:
    """The call of the function inside of a delegate, which stands where the delegate is made."""
    function = node.function
    return isinstance(function, typed.LocalReference) and function.local.span == node.span
