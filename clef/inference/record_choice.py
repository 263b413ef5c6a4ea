"""Which record the written fields mean.

Comes in: what each written field may belong to, as the scope sees it. Goes out: one record.
Promises: F#'s rule: a record that has all of the fields; of several, the one with as many fields as
are written, else the latest.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.inference.signatures import TypeSignature
from clef.inference.state import Checker
from clef.names.entities import FieldResolution


def record_by_fields(c: Checker, resolutions: Iterable[FieldResolution]) -> TypeSignature | None:
    """The record that these fields mean; where none has all of them, one that has the last."""
    owners = [_owners(c, resolution) for resolution in resolutions]
    if not owners:
        return None
    common = [symbol for symbol in owners[0] if all(symbol in others for others in owners[1:])]
    fitting = [owners[0][symbol] for symbol in common]
    for signature in fitting:
        if len(fitting) > 1 and _field_count(signature) == len(owners):
            return signature
    if fitting:
        return fitting[0]
    return next((s for others in reversed(owners) for s in others.values()), None)


def _owners(c: Checker, resolution: FieldResolution) -> dict[str, TypeSignature]:
    """The records that may be meant by one field, latest first."""
    found: dict[str, TypeSignature] = {}
    for candidate in resolution.candidates:
        signature = c.type_named(candidate.type_symbol)
        if signature is not None:
            found.setdefault(candidate.type_symbol, signature)
    return found


def _field_count(signature: TypeSignature) -> int:
    return sum(not field.is_static for field in signature.fields.values())
