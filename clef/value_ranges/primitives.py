"""What primitives give, and which of their checks cannot fail.

Comes in: a primitive node and the state before it. Goes out: its value; the state after it, which
knows that the checks have passed; a verdict for each check. Promises: a check is proven only if it
cannot fail in any run that gets there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clef.typed_core.core import Literal, Primitive
from clef.value_ranges import reasons
from clef.value_ranges.arithmetic import Made, binary, converted, is_below, unary
from clef.value_ranges.conditions import NEGATED, Comparison, IsNull, Negation, Truth
from clef.value_ranges.facts import Value
from clef.value_ranges.state import Abstract, State, Verdict

if TYPE_CHECKING:
    from clef.value_ranges.reader import Reader

LENGTHS = {
    "array_length": "array_length",
    "string_utf16_length": "string_utf16_length",
    "string_byte_length": "string_byte_length",
    "string_plain_length": "string_plain_length",
}
_BINARY = frozenset({"add", "sub", "mul", "and", "or", "xor", "shl", "shr"})
_CHECKED = frozenset({"add_checked", "sub_checked", "mul_checked"})
_UNARY = frozenset({"neg", "not_bits", "popcount", "clz", "ctz"})
_ACCESSES = frozenset({"array_get", "array_set", "array_address"})
LONGEST = (1 << 31) - 1
_SMALL = 4096
"""Arrays of so many elements always fit the addresses of a 32-bit machine."""


class PrimitiveReader:
    """Reads the primitives of one function."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def read(self, node: Primitive, state: State, name: str) -> Abstract:
        """The value of a primitive; the state goes on to what is true after it."""
        operation = node.operation
        if operation in NEGATED:
            return self._comparison(node, state)
        if operation in _BINARY or operation in _CHECKED or operation in ("div", "rem"):
            return self._arithmetic(node, state, name)
        if operation in _UNARY:
            one = self.reader.number(node.arguments[0], state)
            result = self._made(node, state, name)
            return (
                None
                if result is None
                else (result.value if one is None else unary(result, operation, one))
            )
        if operation in ("convert", "convert_checked", "reinterpret"):
            return self._convert(node, state, name)
        if operation in LENGTHS:
            return self._length(node, state)
        if operation in _ACCESSES:
            return self._access(node, state, name)
        return self._other(node, state, name)

    def _made(self, node: Primitive, state: State, name: str) -> Made | None:
        value = self.reader.value(node.id, node.type, name)
        return Made(state.facts, value) if value.is_number else None

    def _unknown(self, node: Primitive, name: str = "") -> Abstract:
        if self.reader.ranges.name(node.type) == "bool":
            return None
        return self.reader.value(node.id, node.type, name)

    def note(self, node: Primitive, proven: list[str], remaining: list[tuple[str, str]]) -> None:
        """Write down a verdict."""
        self.reader.found.verdicts[node.id] = Verdict(tuple(proven), tuple(remaining))

    # Numbers --------------------------------------------------------------------------------------

    def _comparison(self, node: Primitive, state: State) -> Abstract:
        one, other = (self.reader.number(atom, state) for atom in node.arguments)
        if one is None or other is None:
            return self._of_booleans(node, state)
        self.reader.marks.update(end for end in (one, other) if isinstance(end, int))
        return Comparison(node.operation, one, other)

    def _of_booleans(self, node: Primitive, state: State) -> Abstract:
        """`condition = true` and the like."""
        one, other = (self.reader.atom(atom, state) for atom in node.arguments)
        if isinstance(one, Truth):
            one, other = other, one
        if not isinstance(other, Truth) or isinstance(one, Value | int):
            return None
        if node.operation not in ("eq", "ne"):
            return None
        return one if other.value == (node.operation == "eq") else Negation(one)

    def _arithmetic(self, node: Primitive, state: State, name: str) -> Abstract:
        one, other = (self.reader.number(atom, state) for atom in node.arguments)
        made = self._made(node, state, name)
        if made is None:
            return self._unknown(node, name)
        if one is None or other is None:
            return made.value
        if node.operation in ("div", "rem"):
            self._divisor(node, state, one, other)
            if state.facts.is_contradictory:
                return made.value
        key = (node.operation, one, other, made.value.low, made.value.high)
        known = state.facts.result(key)
        if known is not None:
            result, made.is_exact = known
        else:
            result = binary(made, node.operation, one, other)
        if node.operation in _CHECKED:
            if made.is_exact:
                self.note(node, ["overflow"], [])
            else:
                why = reasons.overflow(state.facts, node, one, other)
                self.note(node, [], [("overflow", why)])
                result = self._passed(made, node.operation, one, other)
        elif node.operation in ("add", "sub", "mul") and made.is_exact:
            self.note(node, ["exact"], [])
        state.facts.results[key] = result, made.is_exact
        return result

    def _passed(
        self, made: Made, operation: str, one: Value | int, other: Value | int
    ) -> Value | int:
        """The result of a checked operation that did not overflow."""
        facts = made.facts
        (low, high), (low2, high2) = facts.interval(one), facts.interval(other)
        if operation == "add_checked":
            for result, start, least, most in (
                (made.value, one, low2, high2),
                (made.value, other, low, high),
            ):
                facts.order(result, start, most)
                facts.order(start, result, -least)
        elif operation == "sub_checked":
            facts.order(made.value, one, -low2)
            facts.order(one, made.value, high2)
        elif low >= 0 and low2 >= 0:
            facts.refine(made.value, 0, made.value.high)
        return made.value

    def _divisor(self, node: Primitive, state: State, one: Value | int, other: Value | int) -> None:
        facts = state.facts
        divisor = node.arguments[1]
        if isinstance(divisor, Literal) and divisor.value not in (0, -1):
            return  # there is no check
        proven: list[str] = []
        remaining: list[tuple[str, str]] = []
        if facts.is_never(other, 0):
            proven.append("zero")
        else:
            remaining.append(("zero", reasons.zero(node, other)))
        least, _ = self.reader.ranges.of(node.type)
        if least <= -(1 << 31):  # narrow types divide as 32 bits
            if facts.is_never(other, -1) or facts.is_never(one, least):
                proven.append("overflow")
            else:
                remaining.append(("overflow", reasons.least(node, one)))
        self.note(node, proven, remaining)
        facts.differ(other, 0)

    def _convert(self, node: Primitive, state: State, name: str) -> Abstract:
        one = self.reader.number(node.arguments[0], state)
        made = self._made(node, state, name)
        if made is None:
            return self._unknown(node, name)
        if one is None:
            if node.operation == "convert_checked":
                self.note(node, [], [("overflow", reasons.number(node))])
            return made.value
        result = converted(made, one)
        if node.operation == "convert_checked":
            if made.is_exact:
                self.note(node, ["overflow"], [])
            else:
                self.note(node, [], [("overflow", reasons.conversion(state.facts, node, one))])
                state.facts.refine(one, made.value.low, made.value.high)
                return one
        return result

    # Arrays, strings, references ------------------------------------------------------------------

    def _length(self, node: Primitive, state: State) -> Abstract:
        reference = self.reader.reference(node.arguments[0], state)
        if reference is None:
            made = self._made(node, state, "")
            return None if made is None else made.known(0, LONGEST)
        found = self.reader.part(reference, (node.operation,), 0, LONGEST)
        if node.operation == "string_byte_length":
            # A character takes at least as many bytes as UTF-16 units.
            units = self.reader.part(reference, ("string_utf16_length",), 0, LONGEST)
            assert isinstance(units, Value | int) and isinstance(found, Value | int)
            state.facts.order(units, found, 0)
        elif node.operation == "string_plain_length":
            units = self.reader.part(reference, ("string_utf16_length",), 0, LONGEST)
            assert isinstance(units, Value | int) and isinstance(found, Value | int)
            state.facts.order(found, units, 0)
        return found

    def _access(self, node: Primitive, state: State, name: str) -> Abstract:
        array = self.reader.reference(node.arguments[0], state)
        index = self.reader.number(node.arguments[1], state)
        facts = state.facts
        length = None if array is None else self.reader.part(array, ("array_length",), 0, LONGEST)
        if isinstance(length, Value | int) and index is not None:
            low, _ = facts.interval(index)
            if low >= 0 and is_below(facts, index, length):
                self.note(node, ["index"], [])
            else:
                self.note(node, [], [("index", reasons.index(facts, node, index, length))])
            facts.order(0, index, 0)
            facts.order(index, length, -1)
        else:
            self.note(node, [], [("index", reasons.unknown(node))])
        return None if node.operation == "array_set" else self._unknown(node, name)

    def _other(self, node: Primitive, state: State, name: str) -> Abstract:
        reader = self.reader
        match node.operation:
            case "not":
                one = reader.atom(node.arguments[0], state)
                return None if isinstance(one, Value | int) else Negation(one)
            case "is_null":
                found = reader.reference(node.arguments[0], state)
                return None if found is None else IsNull(found)
            case "check_null" | "receiver":
                found = reader.reference(node.arguments[0], state)
                if found is not None and state.facts.is_solid(found):
                    self.note(node, ["null"], [])
                else:
                    self.note(node, [], [("null", reasons.null(node))])
                if found is not None:
                    state.facts.solid.add(found)
                return None
            case "array_zero":
                return self._array(node, state, name)
            case "array_clone" | "array_own":
                return self._clone(node, state, name)
            case "share" | "cast":
                given = reader.atom(node.arguments[0], state)
                if node.operation == "share" and given is not None:
                    return given
                return self._unknown(node, name)
            case _:
                return self._unknown(node, name)

    def _array(self, node: Primitive, state: State, name: str) -> Abstract:
        """array_zero: when it has succeeded, the size was not negative."""
        count = self.reader.number(node.arguments[0], state)
        found = self.reader.value(node.id, node.type, name)
        state.facts.solid.add(found)
        if count is None:
            self.note(node, [], [("size", reasons.unknown(node))])
            return found
        low, high = state.facts.interval(count)
        proven = ["memory"] if high <= _SMALL else []
        if low >= 0:
            self.note(node, ["size", *proven], [])
        else:
            self.note(node, proven, [("size", reasons.size(node, count))])
        state.facts.order(0, count, 0)
        self.reader.parts[found] = {("array_length",): count}
        return found

    def _clone(self, node: Primitive, state: State, name: str) -> Abstract:
        source = self.reader.reference(node.arguments[0], state)
        found = self.reader.value(node.id, node.type, name)
        state.facts.solid.add(found)
        if source is not None:
            length = self.reader.part(source, ("array_length",), 0, LONGEST)
            self.reader.parts[found] = {("array_length",): length}
        return found
