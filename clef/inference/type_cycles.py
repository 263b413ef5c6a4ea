"""Types that contain or inherit from themselves without end.

Comes in: the signatures of one recursive group, after their representations and base types are
known. Goes out: one message for each ring of types. Promises: afterwards no walk along base
classes, base interfaces or the fields of structs goes round in a circle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from clef.diagnostics.typing import InvalidInheritance, RecursiveAbbreviation
from clef.inference.signatures import TypeSignature
from clef.inference.state import Checker
from clef.inference.subtyping import mapping_of
from clef.inference.types import AnonymousRecordType, NamedType, TupleType
from clef.inference.unification import prune, substitute
from clef.inference.well_known import OBJECT

_DEEPEST = 100
"""Structs within structs; beyond that an instantiation grows without end."""


def cut_cycles(c: Checker, signatures: Sequence[TypeSignature]) -> None:
    """Report rings and open them."""
    by_symbol = {signature.symbol: signature for signature in signatures}
    order = {symbol: place for place, symbol in enumerate(by_symbol)}

    def parents(signature: TypeSignature) -> list[TypeSignature]:
        named = [signature.base, *signature.interfaces]
        return [by_symbol[t.symbol] for t in named if t is not None and t.symbol in by_symbol]

    for ring in _rings(signatures, parents):
        first = min(ring, key=lambda one: order[one.symbol])
        c.report(InvalidInheritance(first.span, first.name, "inherits from itself"))
        members = {one.symbol for one in ring}
        for signature in ring:
            if signature.base is not None and signature.base.symbol in members:
                signature.base = OBJECT
            signature.interfaces = [t for t in signature.interfaces if t.symbol not in members]
    for signature in signatures:
        if signature.is_struct and _holds_itself(c, signature):
            c.report(RecursiveAbbreviation(signature.span, signature.name))
            signature.is_struct = False


def _rings(
    signatures: Iterable[TypeSignature], following: Callable[[TypeSignature], list[TypeSignature]]
) -> list[list[TypeSignature]]:
    """Each ring once, as the path on which it was found."""
    rings: list[list[TypeSignature]] = []
    done: set[str] = set()
    for start in signatures:
        path: list[TypeSignature] = []
        place: dict[str, int] = {}
        waiting = [iter([start])]
        while waiting:
            step = next(waiting[-1], None)
            if step is None:
                waiting.pop()
                if path:
                    left = path.pop()
                    del place[left.symbol]
                    done.add(left.symbol)
            elif step.symbol in place:
                rings.append(path[place[step.symbol] :])
            elif step.symbol not in done:
                place[step.symbol] = len(path)
                path.append(step)
                waiting.append(iter(following(step)))
    return rings


def _holds_itself(c: Checker, signature: TypeSignature) -> bool:
    """Whether a struct has a field that holds a value of the struct itself, at whatever types."""
    whole = signature.self_type()
    waiting = [(whole, 0)]
    seen: set[NamedType] = set()
    while waiting:
        type, depth = waiting.pop()
        for part in _parts(c, type):
            if part.symbol == whole.symbol or depth > _DEEPEST:
                return True
            if part not in seen:
                seen.add(part)
                waiting.append((part, depth + 1))
    return False


def _parts(c: Checker, type: NamedType) -> list[NamedType]:
    """The structs that a struct of this type holds directly."""
    signature = c.type_named(type.symbol)
    if signature is None or not signature.is_struct:
        return []
    mapping = mapping_of(signature, type)
    fields = [one.type for one in signature.fields.values() if not one.is_static]
    fields += [one.type for case in signature.cases.values() for one in case.fields]
    found: list[NamedType] = []
    waiting = [prune(substitute(one, mapping)) for one in fields]
    while waiting:
        here = waiting.pop()
        if isinstance(here, NamedType):
            found.append(here)
        elif isinstance(here, TupleType) and here.is_struct:
            waiting.extend(map(prune, here.items))
        elif isinstance(here, AnonymousRecordType) and here.is_struct:
            waiting.extend(map(prune, here.types))
    return found
