"""Type-directed code: equality, comparison, hashing, printing and byrefs for concrete types.

Comes in: a kind and a closed type. Goes out: one core function. Promises: made on demand; types
whose values can be of other dynamic types ask the object itself, through a dispatcher over all
types that objects can have.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.typed_core import well_known
from clef.typed_core.analysis import Analysis
from clef.typed_core.builder import Block
from clef.typed_core.core import Expression, Local, MonoType
from clef.typed_core.derivations import (
    by_parts,
    byrefs,
    comparison,
    dynamic,
    equality,
    hashing,
    layouts,
    nulls,
    printing,
)
from clef.typed_core.local_bindings import SelfCall
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.shapes import HELD
from clef.typed_core.specialiser import Specialiser

Body = Callable[[Lowerer, MonoType, list[Local], Block], Expression]

_BODIES: dict[str, Body] = {
    "equals": equality.body("equals"),
    "equals_er": equality.body("equals_er"),
    "equals_own": equality.body("equals_own"),
    "equals_object": equality.equals_object,
    "compare": comparison.body("compare"),
    "compare_per": comparison.body("compare_per"),
    "compare_object": comparison.with_object,
    "tag": comparison.tag,
    "hash": hashing.body("hash"),
    "hash_own": hashing.body("hash_own"),
    "to_string": printing.to_string,
    "to_string_or_null": printing.to_string_or_null,
    "plain_to_string": printing.plain_to_string,
    "layout": layouts.layout,
    "outer_layout": layouts.outer_layout,
    "equal_parts": by_parts.equal,
    "order_parts": by_parts.order,
    "hash_parts": by_parts.hash,
    "type_name": printing.type_name,
    "type_object": printing.type_object_of,
    "delegate_code": printing.delegate_code,
    "byref_read": byrefs.read,
    "byref_write": byrefs.write,
    "exact_equals": equality.exact("equals"),
    "exact_equals_er": equality.exact("equals_er"),
    "exact_equals_object": equality.exact_object,
    "exact_compare": comparison.exact,
    "exact_hash": hashing.exact,
    "exact_to_string": printing.exact_to_string,
    "exact_layout": layouts.exact_layout,
    "exact_type_name": printing.exact_type_name,
}
_OF_NULL = {
    "equals": nulls.equal,
    "equals_er": nulls.equal,
    "compare": nulls.compare,
    "compare_per": nulls.compare,
    "hash": nulls.hash,
    "to_string": nulls.text,
    "layout": nulls.layout,
}
_FOR_PEOPLE = {"layout", "outer_layout", "type_name", "type_object"}
_NUMBERS = {
    *("compare", "compare_per", "compare_object", "order_parts"),
    *("hash", "hash_own", "hash_parts", "tag"),
}
_OPERANDS = {"equals", "equals_er", "equals_own", "compare", "compare_per"}


def derive(specialiser: Specialiser, kind: str, type: MonoType, name: str) -> None:
    """Make the function `name` that does `kind` for `type`."""
    lowerer = Lowerer(specialiser, {}, {}, Analysis(), name)
    builder = lowerer.builder
    parameters = _parameters(specialiser, kind, type)
    inner = [builder.local(item) for item in parameters]
    lowerer.self_call = target = SelfCall(name, builder.label("again"), inner)
    block = Block()
    if type.symbol == HELD and not kind.startswith("boxed_"):
        tail = dynamic.of_content(
            lowerer, kind, type, inner, _result(specialiser, kind, type), block
        )
    elif kind.startswith("boxed_"):
        tail = dynamic.boxed(lowerer, kind[6:], type, inner, block)
    elif kind in _OF_NULL and nulls.matter(specialiser, kind, type):
        inside = Block()
        tail = _BODIES[kind](lowerer, type, inner, inside)
        tail = _OF_NULL[kind](lowerer, inner, builder.finish(inside, tail), block)
    else:
        tail = _BODIES[kind](lowerer, type, inner, block)
    body = builder.finish(block, tail)
    result = _result(specialiser, kind, type)
    if target.used:
        outer = [builder.local(local.type) for local in inner]
        start = builder.jump(target.label, [builder.variable(local) for local in outer], result)
        body = builder.join(target.label, inner, body, start, result, is_loop=True)
        inner = outer
    specialiser.add_function(name, inner, body, builder, result=result)
    if _runs_seldom(kind):
        specialiser.result.seldom.add(name)


def _runs_seldom(kind: str) -> bool:
    """Whether a function is only for objects, or for `%A` and names of types."""
    return kind.startswith("boxed_") or _bare(kind) in _FOR_PEOPLE


def _bare(kind: str) -> str:
    return kind.removeprefix("exact_").removeprefix("boxed_")


def _parameters(specialiser: Specialiser, kind: str, type: MonoType) -> list[MonoType]:
    bare = _bare(kind)
    first = specialiser.object if kind.startswith("boxed_") else type
    if bare in _OPERANDS:
        second = specialiser.object if kind.startswith("exact_") else first
        return [first, second]
    if bare in ("equals_object", "compare_object"):
        return [first, specialiser.object]
    if bare == "byref_write":
        return [type, type.arguments[0]]
    if bare == "hash_parts":
        return [type, specialiser.mono.plain(well_known.EQUALITY_COMPARER)]
    if bare == "equal_parts":
        return [type, specialiser.object, specialiser.mono.plain(well_known.EQUALITY_COMPARER)]
    if bare == "order_parts":
        return [type, specialiser.object, specialiser.mono.plain(well_known.COMPARER)]
    return [first]


def _result(specialiser: Specialiser, kind: str, type: MonoType) -> MonoType:
    bare = _bare(kind)
    if bare in ("equals", "equals_er", "equals_own", "equals_object", "equal_parts"):
        return specialiser.boolean
    if bare in _NUMBERS:
        return specialiser.int32
    if bare in ("to_string", "to_string_or_null", "plain_to_string", "type_name"):
        return specialiser.string
    if bare == "type_object":
        return specialiser.mono.plain(well_known.TYPE)
    if bare == "delegate_code":
        return specialiser.object
    if bare == "byref_read":
        return type.arguments[0]
    if bare == "byref_write":
        return specialiser.unit
    return specialiser.layout
