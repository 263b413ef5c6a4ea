"""Why a check remains, in the user's words.

Comes in: a node and what is known where it stands. Goes out: a sentence. Promises: it names only
what the user wrote: locals, parameters, and what they were computed by.
"""

from __future__ import annotations

from clef.typed_core.core import Atom, Literal, Primitive, Variable
from clef.value_ranges.facts import Facts, Operand

_WORDS = {"add_checked": "sum", "sub_checked": "difference", "mul_checked": "product"}


def named(node: Atom, otherwise: str) -> str:
    """An operand as the user calls it."""
    if isinstance(node, Literal):
        return str(node.value)
    return f"`{node.local.name}`" if node.local.name else otherwise


def _array(node: Primitive) -> str:
    atom = node.arguments[0]
    name = atom.local.name if isinstance(atom, Variable) else ""
    return f"the length of `{name}`" if name else "the array's length"


def index(facts: Facts, node: Primitive, index: Operand, length: Operand) -> str:
    """An index that may be outside."""
    what = named(node.arguments[1], "the index")
    may_be_negative = facts.interval(index)[0] < 0
    may_be_large = facts.bound(index, length) >= 0
    if may_be_negative and may_be_large:
        return f"nothing says that {what} is 0 or more and less than {_array(node)}"
    if may_be_negative:
        return f"{what} may be negative"
    return f"{what} may be {_array(node)} or more"


def unknown(node: Primitive) -> str:
    """An operand of which nothing is known."""
    return "nothing is known of the index" if len(node.arguments) > 1 else "the size is not known"


def zero(node: Primitive, divisor: Operand) -> str:
    return f"{named(node.arguments[1], 'the divisor')} may be 0"


def least(node: Primitive, dividend: Operand) -> str:
    one, other = named(node.arguments[0], "the dividend"), named(node.arguments[1], "the divisor")
    return f"{one} may be the least number while {other} is -1"


def overflow(facts: Facts, node: Primitive, one: Operand, other: Operand) -> str:
    names = [
        name
        for atom, name in zip(node.arguments, ("one operand", "the other"), strict=True)
        for name in [named(atom, name)]
    ]
    return f"the {_WORDS[node.operation]} of {names[0]} and {names[1]} may not fit the type"


def conversion(facts: Facts, node: Primitive, one: Operand) -> str:
    low, high = facts.interval(one)
    return f"{named(node.arguments[0], 'the number')} lies between {low} and {high}"


def number(node: Primitive) -> str:
    return "the number is not an integer"


def null(node: Primitive) -> str:
    return f"{named(node.arguments[0], 'the reference')} may be null"


def size(node: Primitive, count: Operand) -> str:
    return f"{named(node.arguments[0], 'the size')} may be negative"
