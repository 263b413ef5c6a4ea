"""Types whose values the program can tell from their copies, because it compares references.

Comes in: code that compares references, and code that makes objects of values. Goes out: the types
that are compared by reference, directly or as objects. Promises: values of other records, unions
and tuples may be copied or shared freely; nobody can notice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from clef.typed_core.core import Expression, MonoType, Primitive, Program

COMPARING = frozenset({"reference_equal", "reference_hash"})
CONVERTING = frozenset({"box", "cast"})
Code = Iterable[Sequence[Expression]]
"""The nodes of some functions."""


def types_told_apart(
    program: Program, comparing: Code, converting: Callable[[], Code]
) -> set[MonoType]:
    """The types; empty for nearly every program. `converting` is asked only where objects are
    compared."""
    # Derived code has no place in the source; it compares by reference only to be quick.
    found = {
        node.arguments[0].type
        for code in comparing
        for node in code
        if isinstance(node, Primitive)
        and node.operation in COMPARING
        and node.span is not None
        and node.arguments
    }
    if any(_is_object(program, type) for type in found):
        found.update(
            node.arguments[0].type
            for code in converting()
            for node in code
            if isinstance(node, Primitive) and node.operation in CONVERTING and node.arguments
        )
    return found


def _is_object(program: Program, type: MonoType) -> bool:
    shape = program.shapes.get(type)
    return shape is not None and (shape.kind == "interface" or shape.builtin == "object")
