"""What of a program Python can call, and how.

Comes in: a checked project. Goes out: the `Interface` of the library that Python loads, the Clef
code that packs and unpacks, and a description for the Python side, which JSON can hold. Promises:
all public functions and values are there whose types have a counterpart; the others are listed with
the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clef.checked_unit import CheckedUnit
from clef.data_classes import dataclass, field
from clef.embedding.carriers import SCALARS, Carriers, NoCarrier, clef_path, without_measures
from clef.embedding.codecs import Codecs, Description, python_name
from clef.embedding.exports import hidden_modules, library_name, parameters_of, public_values
from clef.embedding.interface import Carrier, Field, Function, Interface, LeftOut
from clef.embedding.library import Checked
from clef.embedding.wrappers import FIRST
from clef.inference import well_known
from clef.inference.signatures import TypeSignature, ValueSignature
from clef.inference.typed_tree import Definition
from clef.inference.types import FunctionType, NamedType, Type
from clef.source import SourceFile

FORMAT = 1
"""The version of the description."""


@dataclass(slots=True)
class PythonInterface:
    """`packing`: the Clef code of the codecs."""

    interface: Interface
    packing: str
    description: dict[str, object]


@dataclass(slots=True)
class _Search:
    interface: Interface
    carriers: Carriers
    codecs: Codecs
    sources: dict[str, SourceFile]
    functions: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    values: list[dict[str, object]] = field(default_factory=list[dict[str, object]])


def python_interface(checked: Checked) -> PythonInterface:
    """Everything that Python can use."""
    project = checked.project
    prefix = library_name(project.name)
    user_types = checked.types()
    types: dict[str, TypeSignature] = {**_library_types(checked), **user_types}
    sources = {one.path: one for one in checked.sources}
    search = _Search(Interface(prefix), Carriers(prefix, user_types), Codecs(types), sources)
    units = checked.program.units
    for value, definition in public_values(units):
        _add(search, value, definition, is_value=False)
    for value, definition in _module_values(units):
        _add(search, value, definition, is_value=True)
    search.interface.callbacks = search.carriers.callbacks
    search.interface.enums = list(search.carriers.enums.values())
    search.interface.structs = list(search.carriers.structs.values())
    description: dict[str, object] = {
        "format": FORMAT,
        "name": project.name,
        "prefix": prefix,
        "version": project.version,
        "root": _root(search),
        "classes": search.codecs.classes,
        "named": search.codecs.named,
        "functions": search.functions,
        "values": search.values,
        "left_out": [[one.name, one.reason] for one in search.interface.left_out],
    }
    return PythonInterface(search.interface, search.codecs.text(), description)


def _library_types(checked: Checked) -> dict[str, TypeSignature]:
    """The unions of the library that Python can take apart."""
    known = checked.library.signatures.types
    wanted = [f"{well_known.CORE}.Result`2"]
    wanted += [f"{well_known.CORE}.Choice`{count}" for count in range(2, 8)]
    return {name: known[name] for name in wanted if name in known}


def _module_values(
    units: Iterable[CheckedUnit],
) -> Iterator[tuple[ValueSignature, Definition]]:
    """Public values of modules that are no functions."""
    for unit in units:
        hidden = hidden_modules(unit)
        for symbol, value in unit.values.items():
            definition = unit.definitions.get(symbol)
            if definition is None or isinstance(value.scheme.type, FunctionType):
                continue
            if value.access == "public" and symbol.rpartition(".")[0] not in hidden:
                yield value, definition


def _root(search: _Search) -> str:
    """The module whose contents stand in the Python module itself: the only one at the top, or the
    one with the project's name."""
    symbols = [str(one["symbol"]) for one in [*search.functions, *search.values]]
    owners = [symbol.rpartition(".")[0].split(".") for symbol in symbols]
    if not owners:
        return ""
    common = owners[0]
    for owner in owners:
        while owner[: len(common)] != common:
            common = common[:-1]
    if common:
        return ".".join(common)
    named = search.interface.name.lower()
    return next((owner[0] for owner in owners if owner[0].lower() == named), "")


def _add(search: _Search, value: ValueSignature, definition: Definition, is_value: bool) -> None:
    try:
        if any(not parameter.is_measure for parameter in value.scheme.parameters):
            raise NoCarrier("it is generic")
        _describe(search, value, definition, is_value)
    except NoCarrier as reason:
        search.interface.left_out.append(LeftOut(value.symbol, str(reason)))


def _describe(
    search: _Search, value: ValueSignature, definition: Definition, is_value: bool
) -> None:
    parameters: list[Field] = []
    groups: list[int] = []
    result: Type = value.scheme.type
    travels = _Travel(search)
    if not is_value:
        parameters, groups, result = parameters_of(travels, value, definition)
    carrier = travels.result(result)
    functions = search.interface.functions
    index = len(functions)
    name = f"{search.interface.name}_py{index}"
    renamed = [Field(f"a{number}", one.carrier) for number, one in enumerate(parameters)]
    functions.append(
        Function(
            index + FIRST,
            value.symbol,
            clef_path(value.symbol),
            name,
            tuple(renamed),
            tuple(groups),
            carrier,
            value.span,
            value.name,
        )
    )
    entry: dict[str, object] = {
        "name": python_name(value.name),
        "symbol": value.symbol,
        "c_name": name,
        "parameters": [
            [python_name(one.name), description]
            for one, description in zip(parameters, travels.descriptions, strict=False)
        ],
        "result": travels.descriptions[-1],
        "documentation": _documentation(search, value),
    }
    (search.values if is_value else search.functions).append(entry)


def _documentation(search: _Search, value: ValueSignature) -> str:
    """The `///` lines above a definition."""
    source = search.sources.get(value.span.path)
    if source is None:
        return ""
    lines = source.text[: value.span.start].split("\n")[:-1]
    found: list[str] = []
    while lines and lines[-1].strip().startswith(("///", "[<")):
        line = lines.pop().strip()
        if line.startswith("///"):
            found.insert(0, line.removeprefix("///").strip())
    return "\n".join(found)


@dataclass(slots=True)
class _Travel:
    """Finds carriers as `parameters_of` asks for them, and keeps what Python is told of each."""

    search: _Search
    descriptions: list[Description] = field(default_factory=list[Description])

    def of(self, type: Type) -> Carrier:
        """The carrier of a parameter."""
        carrier, description = self._direct(type, is_result=False) or self._packed(type)
        self.descriptions.append(description)
        return carrier

    def result(self, type: Type) -> Carrier:
        """The carrier of a result."""
        carrier, description = self._direct(type, is_result=True) or self._packed(type)
        self.descriptions.append(description)
        return carrier

    def _packed(self, type: Type) -> tuple[Carrier, Description]:
        codec = self.search.codecs.of(type)
        carrier = Carrier("packed", type, "uint8_t", codec=codec.number)
        return carrier, ["packed", codec.description]

    def _direct(self, type: Type, is_result: bool) -> tuple[Carrier, Description] | None:
        """Types that travel in slots."""
        if isinstance(type, FunctionType):
            return self._callback(type, is_result)
        if not isinstance(type, NamedType):
            return None
        plain = without_measures(type)
        if plain == well_known.array_of(well_known.BYTE):
            return None
        try:
            carrier = self.search.carriers.of(plain)
        except NoCarrier:
            return None
        return self._kind(carrier, type, is_result)

    def _kind(
        self, carrier: Carrier, type: NamedType, is_result: bool
    ) -> tuple[Carrier, Description] | None:
        kind = carrier.kind
        if kind == "pointer":
            return carrier, ["int", 64, False]
        if kind in SCALARS:
            return carrier, self.search.codecs.of(without_measures(type)).description
        if kind in ("text", "unit"):
            return carrier, [kind]
        if carrier.element is not None and kind in ("array", "span", "read_only_span"):
            if kind != "array" and is_result:
                raise NoCarrier("it gives a span, which may end before its reader; give an array")
            return self._elements(carrier)
        return None

    def _elements(self, carrier: Carrier) -> tuple[Carrier, Description] | None:
        element = carrier.element
        assert element is not None
        if element.struct is not None:
            if carrier.kind == "array":
                return None
            return carrier, [carrier.kind, _structure(element)]
        if element.kind not in ("number", "bool"):
            return None
        return carrier, [
            "numbers" if carrier.kind == "array" else carrier.kind,
            self.search.codecs.of(element.type).description,
        ]

    def _callback(self, type: FunctionType, is_result: bool) -> tuple[Carrier, Description] | None:
        if is_result:
            raise NoCarrier("it gives a function")
        carrier = self.search.carriers.of(without_measures(type))
        assert carrier.callback is not None
        codecs = self.search.codecs
        parameters = [codecs.of(one.type).description for one in carrier.callback.parameters]
        return carrier, [
            "callback",
            parameters,
            codecs.of(carrier.callback.result.type).description,
        ]


def _structure(carrier: Carrier) -> Description:
    """A structure in memory: size, and name, offset and kind of each field."""
    struct = carrier.struct
    assert struct is not None
    fields: list[object] = []
    for item, offset in zip(struct.fields, struct.offsets, strict=True):
        inner = item.carrier
        told = _structure(inner) if inner.struct is not None else [inner.kind, inner.c_type]
        fields.append([item.name, offset, told])
    return ["struct", struct.size, fields]
