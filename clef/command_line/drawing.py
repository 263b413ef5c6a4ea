"""Text that draws values of a type, for the arguments of properties.

Comes in: types and the signatures of the program's own types. Goes out: Clef expressions that draw
a value from `Clef.Choices`, and the functions that they use. Promises: where values nest deep only
cases are drawn that do not contain their own type, so that drawing ends; a type that cannot be
drawn is named as the user writes it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from clef.inference.signatures import FieldSignature, TypeSignature
from clef.inference.subtyping import mapping_of
from clef.inference.type_text import show
from clef.inference.types import NamedType, ParameterType, TupleType, Type
from clef.inference.unification import substitute
from clef.inference.well_known import ARRAYS, LIST, OPTION, SEQ, VALUE_OPTION
from clef.syntax.tokens import KEYWORDS

_SIMPLE = {
    "Microsoft.FSharp.Core.Unit": "unit",
    "System.Boolean": "bool",
    "System.SByte": "sbyte",
    "System.Byte": "byte",
    "System.Int16": "int16",
    "System.UInt16": "uint16",
    "System.Int32": "int",
    "System.UInt32": "uint32",
    "System.Int64": "int64",
    "System.UInt64": "uint64",
    "System.IntPtr": "nativeint",
    "System.UIntPtr": "unativeint",
    "System.Single": "float32",
    "System.Double": "float",
    "System.Decimal": "decimal",
    "System.Char": "char",
    "System.String": "string",
    "System.Numerics.BigInteger": "bigint",
}
_OF_OTHERS = {
    LIST: "list",
    OPTION: "option",
    VALUE_OPTION: "valueOption",
    SEQ: "seq",
    "Microsoft.FSharp.Core.Result`2": "result",
    "Microsoft.FSharp.Collections.Set`1": "set",
    "Microsoft.FSharp.Collections.Map`2": "map",
    "System.Collections.Generic.List`1": "resizeArray",
}
TESTING = "Clef.Testing"
_PART = re.compile(r"``.+?``|[^.]+")


class CannotDraw(Exception):
    """A type whose values cannot be drawn; the text names it."""


def quoted(path: str, name: str) -> str:
    """A name behind its module, as an expression can name it; parts that were quoted stay."""
    modules = [_name(one) for one in _PART.findall(path)]
    return ".".join([*modules, _name(name)])


def _name(part: str) -> str:
    if part.startswith("``"):
        return part
    is_plain = re.fullmatch(r"[^\W\d][\w']*", part) and part not in KEYWORDS
    return part if is_plain else f"``{part}``"


class Drawing:
    """Collects the functions that draw values of the program's types."""

    def __init__(self, types: Mapping[str, TypeSignature]) -> None:
        self._types = types
        self._names: dict[Type, str] = {}
        self._functions: list[str] = []

    def functions(self) -> str:
        """The functions, as one group."""
        if not self._functions:
            return ""
        return "let rec " + "\nand ".join(self._functions) + "\n"

    def of(self, type_: Type) -> str:
        """An expression for a function from `Clef.Choices`; raises `CannotDraw`."""
        if isinstance(type_, TupleType):
            parts = ", ".join(f"{self.of(item)} c" for item in type_.items)
            inner = f"struct ({parts})" if type_.is_struct else f"({parts})"
            return f"(fun (c: Clef.Choices) -> {inner})"
        if isinstance(type_, ParameterType):
            return f"{TESTING}.int"  # any type will do
        if not isinstance(type_, NamedType):
            raise CannotDraw(show(type_))
        simple = _SIMPLE.get(type_.symbol)
        if simple is not None:
            return f"{TESTING}.{simple}"
        container = _OF_OTHERS.get(type_.symbol)
        if container is None and ARRAYS.get(type_.symbol) == 1:
            container = "array"
        if container is not None:
            return f"({TESTING}.{container} {' '.join(map(self.of, type_.arguments))})"
        return self._own(type_)

    def _own(self, type_: NamedType) -> str:
        known = self._names.get(type_)
        if known is not None:
            return known
        signature = self._types.get(type_.symbol)
        if signature is None:
            raise CannotDraw(show(type_))
        if isinstance(signature.abbreviated, NamedType | TupleType):
            return self.of(substitute(signature.abbreviated, mapping_of(signature, type_)))
        name = self._names[type_] = f"draw{len(self._names) + 1}"
        self._functions.append(f"{name} (c: Clef.Choices) = {self._body(type_, signature)}")
        return name

    def _body(self, type_: NamedType, signature: TypeSignature) -> str:
        path = signature.symbol.rpartition(".")[0]
        if signature.cases:
            return self._union(type_, signature)
        if signature.kind == "record":
            mapping = mapping_of(signature, type_)
            fields = "; ".join(
                f"{quoted(path, f.name)} = {self.of(substitute(f.type, mapping))} c"
                for f in signature.fields.values()
            )
            return f"{{ {fields} }}"
        if signature.enum_values:
            owner = quoted(path, signature.name)
            names = [quoted(owner, value) for value in signature.enum_values]
            return _choice(names, len(names))
        raise CannotDraw(show(type_))

    def _is_case(self, path: str, name: str) -> bool:
        return any(
            name in other.cases
            for symbol, other in self._types.items()
            if symbol.rpartition(".")[0] == path
        )

    def _union(self, type_: NamedType, signature: TypeSignature) -> str:
        mapping = mapping_of(signature, type_)
        path, name = signature.symbol.rpartition(".")[0], signature.name.partition("`")[0]
        # Behind its module, a name that is a type and a case is the case.
        owner = path if self._is_case(path, name) else quoted(path, name)
        ordered = sorted(
            signature.cases.values(), key=lambda case: _mentions(case.fields, signature.symbol)
        )
        flat = sum(not _mentions(case.fields, signature.symbol) for case in ordered)
        texts: list[str] = []
        for case in ordered:
            drawn = [f"c.Nested {self.of(substitute(f.type, mapping))}" for f in case.fields]
            arguments = f"({', '.join(drawn)})" if drawn else ""
            texts.append(quoted(owner, case.name) + arguments)
        return _choice(texts, flat)


def _choice(texts: list[str], flat: int) -> str:
    """One of the texts; of the first `flat` where values nest deep."""
    if len(texts) == 1:
        return texts[0]
    arms = " ".join(f"| {index} -> {text}" for index, text in enumerate(texts[:-1]))
    bound = f"(if c.IsDeep then {max(flat, 1)} else {len(texts)})"
    return f"(match c.Below {bound} with {arms} | _ -> {texts[-1]})"


def _mentions(fields: list[FieldSignature], symbol: str) -> bool:
    return any(_contains(field.type, symbol) for field in fields)


def _contains(type_: Type, symbol: str) -> bool:
    if isinstance(type_, NamedType):
        return type_.symbol == symbol or any(_contains(a, symbol) for a in type_.arguments)
    return isinstance(type_, TupleType) and any(_contains(item, symbol) for item in type_.items)
