"""Which carrier a type has.

Comes in: types, and the signatures of the types that a program declares. Goes out: a `Carrier`, or
the reason why there is none. Promises: measures are invisible from outside; a record or tuple is a
C structure when all its parts are numbers, truth values, characters, enumerations, pointers or such
structures; what is no more than a name for another type is that type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from clef.data_classes import dataclass, field
from clef.embedding.interface import Callback, Carrier, Enum, Field, Struct
from clef.inference import well_known
from clef.inference.signatures import TypeSignature
from clef.inference.type_text import show
from clef.inference.types import (
    AnonymousRecordType,
    FunctionType,
    Measure,
    NamedType,
    TupleType,
    Type,
)
from clef.inference.unification import substitute

C_NUMBERS: dict[str, tuple[str, int]] = {
    "System.SByte": ("int8_t", 1),
    "System.Byte": ("uint8_t", 1),
    "System.Int16": ("int16_t", 2),
    "System.UInt16": ("uint16_t", 2),
    "System.Int32": ("int32_t", 4),
    "System.UInt32": ("uint32_t", 4),
    "System.Int64": ("int64_t", 8),
    "System.UInt64": ("uint64_t", 8),
    "System.IntPtr": ("intptr_t", 8),
    "System.UIntPtr": ("uintptr_t", 8),
    "System.Single": ("float", 4),
    "System.Double": ("double", 8),
}
_SIZES = {**dict(C_NUMBERS.values()), "bool": 1, "void *": 8}
_SPANS = {"System.Span`1": "span", "System.ReadOnlySpan`1": "read_only_span"}
_POINTERS = (
    well_known.NATIVE_POINTER,
    "System.Void*",
    "Microsoft.FSharp.NativeInterop.voidptr",
    "Clef.FnPtr`1",
)
SCALARS = frozenset({"number", "bool", "char", "enum", "pointer"})
_WORD = re.compile(r"[^A-Za-z0-9_]")


class NoCarrier(Exception):
    """The reason why a type has no carrier."""


@dataclass(slots=True)
class Carriers:
    """Finds carriers; `structs`, `enums` and `callbacks` gather what the header must declare."""

    prefix: str
    types: Mapping[str, TypeSignature]
    structs: dict[Type, Struct] = field(default_factory=dict[Type, Struct])
    enums: dict[str, Enum] = field(default_factory=dict[str, Enum])
    callbacks: list[Callback] = field(default_factory=list[Callback])
    open: list[Type] = field(default_factory=list[Type])

    def of(self, type: Type) -> Carrier:
        """The carrier of a type; raises `NoCarrier`."""
        plain = without_measures(type)
        if isinstance(type, FunctionType) and plain != type:
            raise NoCarrier(
                f"`{show(type)}`: a function that is passed cannot have units of measure"
            )
        type = plain
        if isinstance(type, TupleType):
            return self._struct(type)
        if isinstance(type, NamedType):
            return self._named(type)
        if isinstance(type, FunctionType):
            return self._callback(type)
        if isinstance(type, AnonymousRecordType):
            raise NoCarrier(f"`{show(type)}` is an anonymous record")
        raise NoCarrier("it is generic")

    def _named(self, type: NamedType) -> Carrier:
        symbol = type.symbol
        if symbol in C_NUMBERS:
            return Carrier("number", type, C_NUMBERS[symbol][0])
        if symbol == "System.Boolean":
            return Carrier("bool", type, "bool")
        if symbol == "System.Char":
            return Carrier("char", type, "uint16_t")
        if symbol == well_known.UNIT.symbol:
            return Carrier("unit", type, "void")
        if symbol == "System.String":
            return Carrier("text", type, "char")
        if symbol in _POINTERS:
            return Carrier("pointer", type, "void *")
        if symbol == well_known.ARRAY:
            return self._elements("array", type)
        if symbol in _SPANS:
            return self._elements(_SPANS[symbol], type)
        if symbol == well_known.OPTION and type.arguments[0] == well_known.NATIVEINT:
            return Carrier("nullable", type, "void *")
        return self._declared(type)

    def _declared(self, type: NamedType) -> Carrier:
        signature = self.types.get(type.symbol)
        if signature is None:
            raise NoCarrier(f"C has no counterpart of `{show(type)}`")
        if signature.kind == "abbreviation" and signature.abbreviated is not None:
            return self.of(applied(signature, type, signature.abbreviated))
        if signature.kind == "enum":
            return self._enum(type, signature)
        if signature.kind == "record":
            if signature.access != "public" or signature.hidden_in:
                raise NoCarrier(f"the fields of `{show(type)}` are hidden")
            return self._struct(type)
        raise NoCarrier(f"C has no counterpart of `{show(type)}`, {_article(signature.kind)}")

    def _elements(self, kind: str, type: NamedType) -> Carrier:
        element = self.of(type.arguments[0])
        struct = element.struct
        if element.kind not in SCALARS and not (struct is not None and struct.is_blittable):
            inner = show(type.arguments[0])
            raise NoCarrier(f"`{inner}` is not laid out as in C, so there is no view of an array")
        return Carrier(kind, type, element.c_type, element, element.struct)

    def _enum(self, type: NamedType, signature: TypeSignature) -> Carrier:
        found = self.enums.get(type.symbol)
        if found is None:
            under = signature.underlying
            symbol = under.symbol if isinstance(under, NamedType) else "System.Int32"
            c_type = "uint16_t" if symbol == "System.Char" else C_NUMBERS[symbol][0]
            name = f"{self.prefix}_{_word(signature.name)}"
            found = Enum(name, c_type, tuple(signature.enum_values.items()))
            self.enums[type.symbol] = found
        return Carrier("enum", type, found.c_name)

    def size_of(self, carrier: Carrier) -> tuple[int, int]:
        """Size and alignment in C."""
        if carrier.struct is not None and carrier.kind == "struct":
            return carrier.struct.size, carrier.struct.alignment
        if carrier.kind == "char":
            return 2, 2
        if carrier.kind == "enum":
            found = next(e for e in self.enums.values() if e.c_name == carrier.c_type)
            return _SIZES[found.c_type], _SIZES[found.c_type]
        return _SIZES[carrier.c_type], _SIZES[carrier.c_type]

    def _struct(self, type: NamedType | TupleType) -> Carrier:
        found = self.structs.get(type)
        if found is None:
            if type in self.open:
                raise NoCarrier(f"`{show(type)}` contains itself")
            self.open.append(type)
            try:
                found = self._new_struct(type)
            finally:
                self.open.pop()
            self.structs[type] = found
        return Carrier("struct", type, found.c_name, struct=found)

    def _new_struct(self, type: NamedType | TupleType) -> Struct:
        fields = [Field(name, self._part(type, part)) for name, part in self._parts(type)]
        parts = [item.carrier for item in fields]
        offsets, size, alignment = self._layout(parts)
        is_value, path = isinstance(type, TupleType) and type.is_struct, ""
        name = f"{self.prefix}_" + _word(show(type).replace(" * ", "_").replace("struct ", ""))
        if isinstance(type, NamedType):
            signature = self.types[type.symbol]
            is_value, path = signature.is_struct, clef_type_path(type)
            name = f"{self.prefix}_{_word(show(type))}"
        taken = {one.c_name for one in self.structs.values()}
        while name in taken:
            name += "_"
        tupled = isinstance(type, TupleType) and type.is_struct
        inner = [one.struct for one in parts if one.struct is not None]
        same = is_value and self._flat(parts) == offsets and all(one.is_blittable for one in inner)
        return Struct(name, path, tuple(fields), tupled, tuple(offsets), size, alignment, same)

    def _parts(self, type: NamedType | TupleType) -> list[tuple[str, Type]]:
        if isinstance(type, TupleType):
            return [(f"item{number}", item) for number, item in enumerate(type.items, 1)]
        signature = self.types[type.symbol]
        ordered = sorted(signature.fields.values(), key=lambda one: one.index)
        own = [item for item in ordered if not item.is_static]
        return [(item.name, applied(signature, type, item.type)) for item in own]

    def _part(self, owner: Type, type: Type) -> Carrier:
        carrier = self.of(type)
        if carrier.kind not in SCALARS and carrier.kind != "struct":
            raise NoCarrier(f"`{show(owner)}` has a part of type `{show(type)}`")
        return carrier

    def _layout(self, parts: Sequence[Carrier]) -> tuple[list[int], int, int]:
        """Where C places the parts; size and alignment of the whole."""
        offsets: list[int] = []
        position, alignment = 0, 1
        for part in parts:
            size, step = self.size_of(part)
            position = -(-position // step) * step
            offsets.append(position)
            position += size
            alignment = max(alignment, step)
        return offsets, max(-(-position // alignment) * alignment, 1), alignment

    def _flat(self, parts: Sequence[Carrier]) -> list[int]:
        """Where Clef places the parts: all words one after the other."""
        offsets: list[int] = []
        position = 0
        for part in parts:
            first = -1
            for size in self._words(part):
                position = -(-position // size) * size
                first = position if first < 0 else first
                position += size
            offsets.append(first)
        return offsets

    def _words(self, carrier: Carrier) -> list[int]:
        if carrier.struct is None or carrier.kind != "struct":
            return [self.size_of(carrier)[0]]
        return [size for item in carrier.struct.fields for size in self._words(item.carrier)]

    def _callback(self, type: FunctionType) -> Carrier:
        parameters: list[Carrier] = []
        result: Type = type
        while isinstance(result, FunctionType):
            parameters.append(self._callable(result.parameter))
            result = result.result
        given = self._callable(result)
        listed = tuple(one for one in parameters if one.kind != "unit")
        made = Callback(len(self.callbacks), listed, given)
        self.callbacks.append(made)
        return Carrier("callback", type, callback=made)

    def _callable(self, type: Type) -> Carrier:
        carrier = self.of(type)
        if carrier.kind not in SCALARS - {"pointer"} and carrier.kind != "unit":
            raise NoCarrier(f"a function that is passed cannot take or give a `{show(type)}`")
        return carrier


def applied(signature: TypeSignature, type: NamedType, part: Type) -> Type:
    """A part of a generic type, with the arguments in place."""
    pairs = zip(signature.parameters, type.arguments, strict=False)
    mapping = {parameter.id: argument for parameter, argument in pairs}
    return substitute(part, mapping) if mapping else part


def without_measures(type: Type) -> Type:
    """The type as it is seen from outside."""
    if isinstance(type, NamedType):
        kept = [a for a in type.arguments if not isinstance(a, Measure)]
        return NamedType(type.symbol, tuple(without_measures(one) for one in kept))
    if isinstance(type, TupleType):
        return TupleType(tuple(map(without_measures, type.items)), type.is_struct)
    if isinstance(type, FunctionType):
        return FunctionType(without_measures(type.parameter), without_measures(type.result))
    return type


def clef_path(symbol: str) -> str:
    """A symbol as Clef code writes it from anywhere."""
    parts = symbol.partition("`")[0].split(".")
    return "global." + ".".join(f"``{part}``" for part in parts)


def clef_type_path(type: NamedType) -> str:
    """A record's type; inference fills in its arguments."""
    arguments = ", ".join("_" for _ in type.arguments)
    return clef_path(type.symbol) + (f"<{arguments}>" if arguments else "")


def _word(text: str) -> str:
    return _WORD.sub("_", text).strip("_")


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
