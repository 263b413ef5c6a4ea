"""How Python sees types, and the Clef code that packs and unpacks their values.

Comes in: types. Goes out: for each a description that the Python side reads, and, for what does not
fit into a slot, Clef functions that pack it into bytes. Promises: both sides are made from the same
walk, so that they agree on every byte.
"""

from __future__ import annotations

from collections.abc import Mapping

from clef.data_classes import dataclass, field
from clef.embedding.carriers import C_NUMBERS, NoCarrier, applied, clef_path
from clef.inference import well_known
from clef.inference.signatures import TypeSignature
from clef.inference.type_text import show
from clef.inference.types import (
    AnonymousRecordType,
    FunctionType,
    Measure,
    NamedType,
    ParameterType,
    TupleType,
    Type,
    TypeVariable,
)

Description = list[object]
"""A type as JSON can hold it: its kind, and what belongs to it."""

_COLLECTIONS = "Microsoft.FSharp.Collections"
_OF_ONE = {
    well_known.LIST: ("list", "List"),
    well_known.SEQ: ("sequence", "Seq"),
    f"{_COLLECTIONS}.Set`1": ("set", "Set"),
    well_known.ARRAY: ("array", "Array"),
    well_known.OPTION: ("option", "Option"),
    well_known.VALUE_OPTION: ("option", "ValueOption"),
}
_MAP = f"{_COLLECTIONS}.Map`2"
_WORDS: dict[str, Description] = {
    "System.Boolean": ["bool"],
    "System.Char": ["char"],
    **{
        name: ["float", 8 * size]
        if c_type in ("float", "double")
        else ["int", 8 * size, c_type[0] != "u"]
        for name, (c_type, size) in C_NUMBERS.items()
    },
}
_TEXTS = {
    "System.String": ("text", "packer.Text value", "unpacker.Text()"),
    "System.Numerics.BigInteger": (
        "integer",
        "Packing.packInteger packer value",
        "Packing.unpackInteger unpacker",
    ),
    "System.Decimal": (
        "decimal",
        "Packing.packDecimal packer value",
        "Packing.unpackDecimal unpacker",
    ),
}


@dataclass(slots=True)
class Codec:
    """A type: how Python describes it, and the number of the functions that pack and unpack it."""

    number: int
    description: Description
    text: str = ""


@dataclass(slots=True)
class Codecs:
    """All types that a module is called with. `classes`: the Python classes of records, unions and
    enumerations, by name; `named`: the fields of each instance of a class that Python packs."""

    types: Mapping[str, TypeSignature]
    codecs: dict[Type, Codec] = field(default_factory=dict[Type, Codec])
    classes: dict[str, dict[str, object]] = field(default_factory=dict[str, dict[str, object]])
    owners: dict[str, str] = field(default_factory=dict[str, str])
    named: dict[str, object] = field(default_factory=dict[str, object])

    def of(self, type: Type) -> Codec:
        """The codec of a type; raises `NoCarrier`."""
        found = self.codecs.get(type)
        if found is None:
            found = self.codecs[type] = Codec(len(self.codecs), [])
            try:
                self._fill(found, type)
            except NoCarrier:
                del self.codecs[type]
                raise
        return found

    def text(self) -> str:
        """The Clef functions of all codecs."""
        texts = [one.text for one in self.codecs.values()]
        return "".join(
            f"{'let rec' if index == 0 else 'and'} {text}" for index, text in enumerate(texts)
        )

    def _fill(self, codec: Codec, type: Type) -> None:
        if isinstance(type, TupleType):
            self._tuple(codec, type)
        elif isinstance(type, NamedType):
            self._named(codec, type)
        elif isinstance(type, FunctionType):
            raise NoCarrier(f"a function, `{show(type)}`, inside of another type")
        elif isinstance(type, AnonymousRecordType):
            raise NoCarrier(f"`{show(type)}` is an anonymous record")
        else:
            raise NoCarrier("it is generic")

    def _named(self, codec: Codec, type: NamedType) -> None:
        symbol = type.symbol
        if symbol in _WORDS:
            codec.description[:] = _WORDS[symbol]
            self._write(codec, type, "packer.Word value", "unpacker.Word()")
        elif symbol in _TEXTS:
            kind, pack, unpack = _TEXTS[symbol]
            codec.description[:] = [kind]
            self._write(codec, type, pack, unpack)
        elif symbol == well_known.UNIT.symbol:
            codec.description[:] = ["unit"]
            self._write(codec, type, "packer.Word 0L", "unpacker.Word<int64>() |> ignore")
        elif symbol == well_known.ARRAY and type.arguments[0] == well_known.BYTE:
            codec.description[:] = ["bytes"]
            self._write(codec, type, "packer.Bytes value", "unpacker.Bytes()")
        elif symbol in _OF_ONE:
            self._of_one(codec, type, *_OF_ONE[symbol])
        elif symbol == _MAP:
            pair = self.of(TupleType(type.arguments))
            key, value = (self.of(one).description for one in type.arguments)
            codec.description[:] = ["map", key, value]
            self._through(codec, type, "Map", pair)
        else:
            self._declared(codec, type)

    def _of_one(self, codec: Codec, type: NamedType, kind: str, name: str) -> None:
        inner = self.of(type.arguments[0])
        if kind == "option" and inner.description[:1] in (["option"], ["unit"]):
            raise NoCarrier(f"`{show(type)}`: Python has one `None`")
        codec.description[:] = [kind, inner.description]
        self._through(codec, type, name, inner)

    def _through(self, codec: Codec, type: Type, name: str, inner: Codec) -> None:
        pack = f"Packing.pack{name} pack{inner.number} packer value"
        self._write(codec, type, pack, f"Packing.unpack{name} unpack{inner.number} unpacker")

    def _write(self, codec: Codec, type: Type, pack: str, unpack: str) -> None:
        number, text = codec.number, type_text(type)
        codec.text = (
            f"private pack{number} (packer: Packer) (value: {text}) : unit =\n    {pack}\n"
            f"and private unpack{number} (unpacker: Unpacker) : {text} =\n    {unpack}\n"
        )

    def _tuple(self, codec: Codec, type: TupleType) -> None:
        inner = [self.of(item) for item in type.items]
        codec.description[:] = ["tuple", [one.description for one in inner]]
        keyword = "struct " if type.is_struct else ""
        names = ", ".join(f"a{index}" for index in range(len(inner)))
        pack = [f"let {keyword}({names}) = value", *_pack_all(inner)]
        unpack = [*_unpack_all(inner), f"{keyword}({names})"]
        self._write(codec, type, "\n    ".join(pack), "\n    ".join(unpack))

    # What the program and the library declare

    def _declared(self, codec: Codec, type: NamedType) -> None:
        signature = self.types.get(type.symbol)
        if signature is None:
            raise NoCarrier(f"Python has no counterpart of `{show(type)}`")
        if signature.access != "public" or signature.hidden_in:
            raise NoCarrier(f"the parts of `{show(type)}` are hidden")
        match signature.kind:
            case "abbreviation" if signature.abbreviated is not None:
                inner = self.of(applied(signature, type, signature.abbreviated))
                codec.description[:] = inner.description
                pack = f"pack{inner.number} packer value"
                self._write(codec, type, pack, f"unpack{inner.number} unpacker")
            case "enum":
                self._enum(codec, type, signature)
            case "record":
                self._record(codec, type, signature)
            case "union":
                self._union(codec, type, signature)
            case kind:
                raise NoCarrier(f"Python has no counterpart of `{show(type)}` ({kind})")

    def class_name(self, signature: TypeSignature) -> str:
        """The name of a type's class in Python; types of one name get numbers."""
        name, number = signature.name, 2
        while self.owners.setdefault(name, signature.symbol) != signature.symbol:
            name = f"{signature.name}{number}"
            number += 1
        return name

    def _enum(self, codec: Codec, type: NamedType, signature: TypeSignature) -> None:
        name = self.class_name(signature)
        under = signature.underlying
        symbol = under.symbol if isinstance(under, NamedType) else "System.Int32"
        self.classes[name] = {"kind": "enum", "values": dict(signature.enum_values)}
        codec.description[:] = ["enum", name, _WORDS[symbol]]
        self._write(codec, type, "packer.Word value", "unpacker.Word()")

    def _record(self, codec: Codec, type: NamedType, signature: TypeSignature) -> None:
        ordered = sorted(signature.fields.values(), key=lambda one: one.index)
        fields = [one for one in ordered if not one.is_static]
        name = self.class_name(signature)
        self.classes[name] = {"kind": "record", "fields": [python_name(one.name) for one in fields]}
        codec.description[:] = ["record", name, f"{codec.number}"]
        inner = [self.of(applied(signature, type, one.type)) for one in fields]
        self.named[f"{codec.number}"] = [one.description for one in inner]
        pack = [f"let a{index} = value.``{one.name}``" for index, one in enumerate(fields)]
        made = "; ".join(f"``{one.name}`` = a{index}" for index, one in enumerate(fields))
        unpack = [*_unpack_all(inner), f"{{ {made} }}"]
        body = "\n    ".join([*pack, *_pack_all(inner)])
        self._write(codec, type, body, "\n    ".join(unpack))

    def _union(self, codec: Codec, type: NamedType, signature: TypeSignature) -> None:
        name = self.class_name(signature)
        cases = list(signature.cases.values())
        listed = [[one.name, [python_name(f.name) for f in one.fields]] for one in cases]
        self.classes[name] = {"kind": "union", "cases": listed}
        codec.description[:] = ["union", name, f"{codec.number}"]
        path = clef_path(type.symbol)
        pack, unpack = ["match value with"], ["match unpacker.Word<int64>() with"]
        described: list[object] = []
        for index, case in enumerate(cases):
            inner = [self.of(applied(signature, type, one.type)) for one in case.fields]
            described.append([one.description for one in inner])
            names = ", ".join(f"a{number}" for number in range(len(inner)))
            made = f"{path}.``{case.name}``" + (f" ({names})" if inner else "")
            pack += [f"| {made} ->", f"    packer.Word {index}L", *_indented(_pack_all(inner))]
            unpack += [f"| {index}L ->", *_indented([*_unpack_all(inner), made])]
        unpack.append('| _ -> raise (System.InvalidOperationException("There is no such case."))')
        self.named[f"{codec.number}"] = described
        self._write(codec, type, "\n    ".join(pack), "\n    ".join(unpack))


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _pack_all(inner: list[Codec]) -> list[str]:
    lines = [f"pack{one.number} packer a{index}" for index, one in enumerate(inner)]
    return lines or ["()"]


def _unpack_all(inner: list[Codec]) -> list[str]:
    return [f"let a{index} = unpack{one.number} unpacker" for index, one in enumerate(inner)]


def python_name(name: str) -> str:
    """A name that Python can use for an attribute or a parameter."""
    from keyword import iskeyword

    cleaned = "".join(one if one.isalnum() or one == "_" else "_" for one in name)
    if not cleaned or cleaned[0].isdigit():
        cleaned = f"_{cleaned}"
    return f"{cleaned}_" if iskeyword(cleaned) else cleaned


def type_text(type: Type) -> str:
    """A type as Clef code writes it from anywhere; units of measure are left to inference."""
    if isinstance(type, TupleType):
        inner = " * ".join(type_text(item) for item in type.items)
        return f"struct ({inner})" if type.is_struct else f"({inner})"
    if isinstance(type, FunctionType):
        return f"({type_text(type.parameter)} -> {type_text(type.result)})"
    if isinstance(type, NamedType):
        if any(isinstance(one, Measure) for one in type.arguments):
            return "_"
        if type.symbol == well_known.ARRAY:
            return f"{type_text(type.arguments[0])}[]"
        arguments = ", ".join(type_text(one) for one in type.arguments)
        return clef_path(type.symbol) + (f"<{arguments}>" if arguments else "")
    assert isinstance(type, ParameterType | TypeVariable | Measure | AnonymousRecordType)
    return "_"
