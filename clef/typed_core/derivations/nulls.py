"""Null operands of derived equality, comparison, hashing and text.

Comes in: the derived code for operands that are there. Goes out: the same behind tests for null.
Promises: null equals null alone, comes before everything, has the hash 0 and no text; the tests
vanish for types that are never null.
"""

from __future__ import annotations

from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.specialiser import Specialiser


def matter(specialiser: Specialiser, kind: str, type: MonoType) -> bool:
    """Whether a type is one of references that are compared by what is in them; functions and
    delegates are only shown."""
    shape = specialiser.shapes.of(type)
    if shape.kind == "function":
        return kind == "layout"
    if shape.kind == "builtin":
        return shape.builtin == "array"
    if type.symbol == well_known.OPTION:
        return False
    return shape.kind in ("record", "tuple", "union") and not shape.is_value


def _is_null(lowerer: Lowerer, local: Local, block: Block) -> Atom:
    builder = lowerer.builder
    test = builder.primitive("is_null", [builder.variable(local)], builder.boolean_type)
    return builder.bind(block, test)


def equal(lowerer: Lowerer, locals: list[Local], there: Expression, block: Block) -> Expression:
    """Both null, or both there and equal."""
    builder = lowerer.builder
    boolean = builder.boolean_type
    left, right = locals
    alone, both = Block(), Block()
    right_null = builder.finish(alone, _is_null(lowerer, right, alone))
    missing = _is_null(lowerer, right, both)
    rest = builder.finish(both, builder.branch(missing, builder.boolean(False), there, boolean))
    return builder.branch(_is_null(lowerer, left, block), right_null, rest, boolean)


def compare(lowerer: Lowerer, locals: list[Local], there: Expression, block: Block) -> Expression:
    """Null comes first."""
    builder = lowerer.builder
    int32 = builder.int32_type
    left, right = locals
    alone, both = Block(), Block()
    order = builder.branch(
        _is_null(lowerer, right, alone), builder.int32(0), builder.int32(-1), int32
    )
    missing = _is_null(lowerer, right, both)
    rest = builder.finish(both, builder.branch(missing, builder.int32(1), there, int32))
    left_null = builder.finish(alone, order)
    return builder.branch(_is_null(lowerer, left, block), left_null, rest, int32)


def text(lowerer: Lowerer, locals: list[Local], there: Expression, block: Block) -> Expression:
    """The text of null is empty."""
    builder = lowerer.builder
    string = lowerer.specialiser.string
    missing = _is_null(lowerer, locals[0], block)
    return builder.branch(missing, builder.literal("", string), there, string)


def layout(lowerer: Lowerer, locals: list[Local], there: Expression, block: Block) -> Expression:
    """Null inside of what `%A` prints."""
    missing = _is_null(lowerer, locals[0], block)
    text = lowerer.builder.literal("null", lowerer.specialiser.string)
    alone = lowerer.call_symbol(well_known.LAYOUT_TEXT, [text], lowerer.specialiser.layout)
    return lowerer.builder.branch(missing, alone, there, lowerer.specialiser.layout)


def hash(lowerer: Lowerer, locals: list[Local], there: Expression, block: Block) -> Expression:
    """Null has the hash 0."""
    builder = lowerer.builder
    missing = _is_null(lowerer, locals[0], block)
    return builder.branch(missing, builder.int32(0), there, builder.int32_type)
