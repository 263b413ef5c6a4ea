"""Addresses of local values that a function or a block gives back.

Comes in: the definitions of a file. Goes out: a report for each result that refers to a local value
or a parameter, which ends with the call, or to a local value of a block, which ends with the block
(F# FS3209, FS3228). Promises: only functions and blocks that give a byref are looked at; what
refers to objects, arrays or byrefs of the caller is let through.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.diagnostics.typing.restrictions import ReturnedAddress
from clef.inference import typed_tree as typed
from clef.inference.state import Checker
from clef.inference.unification import prune
from clef.inference.uses import nodes_in
from clef.inference.well_known import is_byref


def check_returned_addresses(c: Checker) -> None:
    """Look at every function that gives an address."""
    for definition in c.file.definitions.values():
        if definition.parameters and is_byref(prune(definition.result_type)):
            names: dict[typed.Local, typed.Local] = {}
            for result in _results(c, definition.body, names):
                local = _root(c, result, names)
                if local is not None:
                    c.report(ReturnedAddress(result.span, local.name))
        if c.has_references:
            _check_inside(c, definition.body)


def _check_inside(c: Checker, root: typed.Expression) -> None:
    """Local byrefs to what ends before them, and the results of functions inside of others."""
    names: dict[typed.Local, typed.Local] = {}
    for node in nodes_in(root):
        match node:
            case typed.Let():
                for binding in node.bindings:
                    _check_block(c, binding, names)
                    _note(c, binding, names)
            case typed.Lambda() | typed.ObjectMember() if is_byref(prune(node.body.type)):
                for result in _results(c, node.body, names):
                    local = _root(c, result, names)
                    if local is not None:
                        c.report(ReturnedAddress(result.span, local.name))
            case _:
                pass


def _check_block(
    c: Checker, binding: typed.LocalBinding, names: dict[typed.Local, typed.Local]
) -> None:
    if binding.parameters or not is_byref(prune(binding.pattern.type)):
        return
    results = list(_results(c, binding.body, names))
    if len(results) == 1 and results[0] is binding.body:
        return  # no block
    inside = _bound_in(binding.body)
    for result in results:
        local = _root(c, result, names)
        if local in inside:
            c.report(ReturnedAddress(result.span, local.name))


def _bound_in(block: typed.Expression) -> set[typed.Local]:
    """The local values of a block."""
    found: set[typed.Local] = set()
    for node in nodes_in(block):
        if isinstance(node, typed.VariablePattern):
            found.add(node.local)
    return found


def _results(
    c: Checker, body: typed.Expression, names: dict[typed.Local, typed.Local]
) -> Iterator[typed.Expression]:
    """What may be the value of an expression. `names`: local byrefs, and what they refer to."""
    pending = [body]
    while pending:
        node = pending.pop()
        match node:
            case typed.Let():
                for binding in node.bindings:
                    _note(c, binding, names)
                pending.append(node.body)
            case typed.If():
                pending += [node.otherwise, node.then]
            case typed.Sequential() if node.items:
                pending.append(node.items[-1])
            case typed.Match():
                pending += [rule.body for rule in reversed(node.rules)]
            case typed.TryWith():
                pending += [*(rule.body for rule in reversed(node.rules)), node.body]
            case typed.TryFinally() | typed.Use():
                pending.append(node.body)
            case _:
                yield node


def _note(c: Checker, binding: typed.LocalBinding, names: dict[typed.Local, typed.Local]) -> None:
    pattern = binding.pattern
    if not isinstance(pattern, typed.VariablePattern) or not is_byref(prune(pattern.local.type)):
        return
    for result in _results(c, binding.body, names):
        root = _root(c, result, names)
        if root is not None:
            names[pattern.local] = root


def _root(
    c: Checker, node: typed.Expression, names: dict[typed.Local, typed.Local]
) -> typed.Local | None:
    """The local value that an address is in."""
    match node:
        case typed.AddressOf():
            return _place(c, node.place, names)
        case typed.LocalReference():
            return names.get(node.local)
        case typed.Coerce():  # a byref as an inref
            return _root(c, node.value, names)
        case typed.MethodCall() | typed.VirtualCall() | typed.Application():
            return _given_on(c, node, names)
        case _:
            return None


def _given_on(
    c: Checker,
    node: typed.MethodCall | typed.VirtualCall | typed.Application,
    names: dict[typed.Local, typed.Local],
) -> typed.Local | None:
    """A call that gives an address may give one that it was given."""
    if not is_byref(prune(node.type)):
        return None
    given = list(node.arguments)
    if isinstance(node, typed.MethodCall) and isinstance(node.object, typed.AddressOf):
        given.insert(0, node.object)  # of a method marked `[<Extension>]` that takes a byref
    for argument in given:
        if is_byref(prune(argument.type)):
            for result in _results(c, argument, names):
                root = _root(c, result, names)
                if root is not None:
                    return root
    return None


def _place(
    c: Checker, place: typed.Expression, names: dict[typed.Local, typed.Local]
) -> typed.Local | None:
    while isinstance(place, typed.FieldGet):
        owner = c.type_named(place.owner.symbol)
        if owner is None or not owner.is_struct:
            return None
        place = place.object
    match place:
        case typed.AddressOf():
            return _place(c, place.place, names)
        case typed.LocalReference():
            is_address = is_byref(prune(place.local.type))
            return names.get(place.local) if is_address else place.local
        case typed.Application(function=typed.GlobalReference(symbol=symbol)) if symbol.endswith(
            "ReadByref"
        ):
            return _root(c, place.arguments[0], names)
        case typed.MethodCall() | typed.VirtualCall() | typed.New():
            return typed.Local(0, "", place.type, place.span)
        case _:
            return None
