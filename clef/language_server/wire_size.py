"""How many bytes a value has in the BARE encoding (IETF draft draft-devault-bare).

Comes in: a type and the signatures of the types that it is made of. Goes out: the smallest and the
largest size, or why values of the type cannot be sent. Promises: records and tuples are BARE's
structs, unions its tagged unions, sets and arrays its lists; enumerations, options, lists, maps and
strings are what is called so there; numbers have the size that their type has; a type for which
BARE has nothing is refused and never given another one's size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from clef.data_classes import dataclass
from clef.inference.signatures import FieldSignature, Signatures, TypeSignature
from clef.inference.type_text import show
from clef.inference.types import (
    AnonymousRecordType,
    FunctionType,
    NamedType,
    ParameterType,
    TupleType,
    Type,
)
from clef.inference.unification import substitute
from clef.inference.well_known import ARRAY, COLLECTIONS, CORE, LIST, OPTION, VALUE_OPTION

_NUMBERS = {
    "System.SByte": 1,
    "System.Byte": 1,
    "System.Int16": 2,
    "System.UInt16": 2,
    "System.Int32": 4,
    "System.UInt32": 4,
    "System.Int64": 8,
    "System.UInt64": 8,
    "System.Single": 4,
    "System.Double": 8,
    "System.Boolean": 1,
}
_KEYS = frozenset(_NUMBERS) - {"System.Single", "System.Double"} | {"System.String"}
_STRING = "System.String"
_UNIT = f"{CORE}.Unit"
_SEQUENCES = frozenset({LIST, ARRAY, f"{COLLECTIONS}.Set`1", "System.Collections.Generic.List`1"})
_MAP = f"{COLLECTIONS}.Map`2"
_REASONS = {
    "System.Char": "BARE has no characters; a string can hold one",
    "System.Decimal": "BARE has no decimal numbers; a string or an int64 can hold one",
    "System.Numerics.BigInteger": "BARE has no integers without limit; a string can hold one",
    "System.IntPtr": "its size differs between machines",
    "System.UIntPtr": "its size differs between machines",
    "System.Object": "it can be of any type",
}
_LONGEST_NUMBER = 10  # bytes of a variable-length integer of 64 bits


class CannotBeSent(Exception):
    """Why values of a type have no encoding: a sentence about a part of it."""


@dataclass(frozen=True, slots=True)
class Size:
    """Bytes; `most` is None where there is no limit."""

    least: int
    most: int | None

    def __add__(self, other: Size) -> Size:
        has_limit = self.most is not None and other.most is not None
        most = (self.most or 0) + (other.most or 0) if has_limit else None
        return Size(self.least + other.least, most)

    def text(self) -> str:
        """As users read it."""
        if self.most is None:
            return f"{counted(self.least)} or more"
        if self.least == self.most:
            return counted(self.least)
        return f"{self.least} to {counted(self.most)}"


def counted(number: int) -> str:
    """`1 byte`, `2 bytes`."""
    return f"{number} byte{'' if number == 1 else 's'}"


_NOTHING = Size(0, 0)
_DEEPEST = 200
_ENDLESS = 1 << 60
"""The least size of a value that would have to hold itself."""


def wire_size(signatures: Signatures, type: Type) -> Size:
    """The size of values of a type; `CannotBeSent` where there is none."""
    found = _Reader(signatures).of(type)
    if found.least >= _ENDLESS:
        raise CannotBeSent(f"`{show(type)}` always holds another one of itself")
    return found


class _Reader:
    """Follows a type; `inside` are the types that are being looked at."""

    def __init__(self, signatures: Signatures) -> None:
        self.signatures = signatures
        self.inside: set[Type] = set()

    def of(self, type: Type) -> Size:
        match type:
            case NamedType():
                return self.named(type)
            case TupleType(items=items):
                return self.all(items)
            case AnonymousRecordType(types=types):
                return self.all(types)
            case FunctionType():
                raise CannotBeSent(f"`{show(type)}` is a function")
            case ParameterType():
                raise CannotBeSent(f"it depends on `{show(type)}`")
            case _:
                raise CannotBeSent(f"`{show(type)}` is not known")

    def all(self, types: Iterable[Type]) -> Size:
        return sum(map(self.of, types), _NOTHING)

    def named(self, type: NamedType) -> Size:
        symbol = type.symbol
        if symbol in _NUMBERS:
            return Size(_NUMBERS[symbol], _NUMBERS[symbol])
        if symbol == _STRING:
            return Size(1, None)
        if symbol == _UNIT:
            return _NOTHING
        if symbol in _REASONS:
            raise CannotBeSent(f"`{show(type)}`: {_REASONS[symbol]}")
        if symbol in (OPTION, VALUE_OPTION):
            inner = self.of(type.arguments[0])
            return Size(1, None if inner.most is None else 1 + inner.most)
        if symbol in _SEQUENCES:
            return self.repeated(self.of(type.arguments[0]))
        if symbol == _MAP:
            self.demand_key(type.arguments[0])
            return self.repeated(self.all(type.arguments))
        return self.defined(type)

    def repeated(self, element: Size) -> Size:
        """A number and as many elements."""
        return Size(1, _LONGEST_NUMBER if element.most == 0 else None)

    def demand_key(self, type: Type) -> None:
        symbol = type.symbol if isinstance(type, NamedType) else ""
        signature = self.signatures.types.get(symbol)
        if symbol not in _KEYS and (signature is None or signature.kind != "enum"):
            raise CannotBeSent(f"`{show(type)}` cannot be the key of a map in BARE")

    def defined(self, type: NamedType) -> Size:
        signature = self.signatures.types.get(type.symbol)
        if signature is None:
            raise CannotBeSent(f"`{show(type)}` is not known")
        if type in self.inside:
            return Size(_ENDLESS, None)
        if len(self.inside) > _DEEPEST:
            raise CannotBeSent(f"`{show(type)}` holds ever larger types")
        self.inside.add(type)
        try:
            return self.made_of(type, signature)
        finally:
            self.inside.discard(type)

    def made_of(self, type: NamedType, signature: TypeSignature) -> Size:
        pairs = zip(signature.parameters, type.arguments, strict=True)
        mapping: dict[int, Type] = {parameter.id: argument for parameter, argument in pairs}
        if signature.kind == "record" or (signature.kind == "struct" and signature.fields):
            return self.fields(signature.fields.values(), mapping)
        if signature.kind == "union":
            cases = signature.cases.values()
            sizes = [_number(case.index) + self.fields(case.fields, mapping) for case in cases]
            return _either(sizes)
        if signature.kind == "enum":
            if any(value < 0 for value in signature.enum_values.values()):
                raise CannotBeSent(
                    f"`{show(type)}` has negative values, which BARE's enumerations have not"
                )
            return _either([_number(value) for value in signature.enum_values.values()])
        if signature.kind == "abbreviation" and signature.abbreviated is not None:
            return self.of(substitute(signature.abbreviated, mapping))
        raise CannotBeSent(f"`{show(type)}` is {_an(signature.kind)} and no data")

    def fields(self, fields: Iterable[FieldSignature], mapping: Mapping[int, Type]) -> Size:
        own = (field for field in fields if not field.is_static)
        return self.all(substitute(field.type, mapping) for field in own)


def _number(value: int) -> Size:
    """A variable-length integer: seven bits in each byte."""
    size = max(1, -(-value.bit_length() // 7))
    return Size(size, size)


def _either(sizes: list[Size]) -> Size:
    if not sizes:
        return _NOTHING
    limits = [one.most for one in sizes if one.most is not None]
    most = max(limits) if len(limits) == len(sizes) else None
    return Size(min(one.least for one in sizes), most)


def _an(kind: str) -> str:
    return f"{'an' if kind[:1] in 'aeiou' else 'a'} {kind}"
