"""The interface of a checked program.

Comes in: the checked files of a project. Goes out: its `Interface`, and a diagnostic for each
`[<Export>]` that cannot be kept. Promises: when a program has functions marked `[<Export>]`, those
are its interface; when it has none, all its public functions are, as far as C has their types.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from clef.checked_unit import CheckedUnit
from clef.data_classes import dataclass, field
from clef.diagnostics.diagnostic import Diagnostic
from clef.diagnostics.exports import CannotExport, ExportedTwice
from clef.embedding.carriers import Carriers, NoCarrier, clef_path
from clef.embedding.interface import C_KEYWORDS, Carrier, Field, Function, Interface, LeftOut
from clef.embedding.wrappers import FIRST
from clef.inference.signatures import TypeSignature, ValueSignature
from clef.inference.typed_tree import Definition, Pattern, TuplePattern, VariablePattern
from clef.inference.types import FunctionType, TupleType, Type
from clef.inference.well_known import UNIT
from clef.names.entities import ModuleEntity

_C_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
OWN_NAMES = ("last_error", "last_error_type", "last_error_place", "release", "failures", "start")


class HasCarriers(Protocol):
    """Whoever knows the carrier of a type."""

    def of(self, type: Type) -> Carrier:
        """The carrier; raises `NoCarrier`."""
        ...


@dataclass(slots=True)
class _Search:
    interface: Interface
    carriers: Carriers
    names: dict[str, str] = field(default_factory=dict[str, str])
    found: list[Diagnostic] = field(default_factory=list[Diagnostic])


def library_name(name: str) -> str:
    """What the names of a library's own functions begin with."""
    cleaned = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return cleaned if cleaned[:1].isalpha() or cleaned[:1] == "_" else f"_{cleaned}"


def interface_of(
    name: str, units: Sequence[CheckedUnit], types: Mapping[str, TypeSignature]
) -> tuple[Interface, list[Diagnostic]]:
    """Everything that can be called from outside."""
    prefix = library_name(name)
    search = _Search(Interface(prefix), Carriers(prefix, types))
    search.names.update({f"{prefix}_{own}": "the library's own" for own in OWN_NAMES})
    public = list(public_values(units))
    marked = [(value, definition) for value, definition in public if exported_name(definition)]
    for value, definition in marked or public:
        _add(search, value, definition)
    interface = search.interface
    interface.structs = list(search.carriers.structs.values())
    interface.enums = list(search.carriers.enums.values())
    interface.callbacks = search.carriers.callbacks
    return interface, search.found


def public_values(units: Iterable[CheckedUnit]) -> Iterator[tuple[ValueSignature, Definition]]:
    """All public functions of modules, in the order of the source."""
    for unit in units:
        hidden = hidden_modules(unit)
        for symbol, value in unit.values.items():
            definition = unit.definitions.get(symbol)
            if definition is None or not isinstance(value.scheme.type, FunctionType):
                continue
            owner = symbol.rpartition(".")[0]
            is_hidden = value.access != "public" or owner in hidden
            if exported_name(definition) or (not is_hidden and not definition.is_entry_point):
                yield value, definition


def hidden_modules(unit: CheckedUnit) -> set[str]:
    """The private modules of a file, with what is inside of them."""
    return set(_hidden_modules(unit.root, False))


def _hidden_modules(module: ModuleEntity, is_hidden: bool) -> Iterator[str]:
    for inner in module.modules.values():
        below = is_hidden or bool(inner.private_to)
        if below:
            yield inner.symbol
        yield from _hidden_modules(inner, below)


def exported_name(definition: Definition) -> str:
    """The name that `[<Export("name")>]` gives; empty without one."""
    for attribute in definition.attributes:
        if attribute.name.rpartition(".")[2] in ("Export", "ExportAttribute"):
            given = attribute.arguments[0] if attribute.arguments else ""
            return str(given) or value_name(definition.symbol)
    return ""


def value_name(symbol: str) -> str:
    """The last part of a symbol."""
    return symbol.rpartition(".")[2]


def _add(search: _Search, value: ValueSignature, definition: Definition) -> None:
    explicit = exported_name(definition)
    c_name = explicit or _implicit_name(search.interface.name, value.symbol)
    try:
        function = _function(search, value, definition, c_name)
    except NoCarrier as reason:
        if explicit:
            search.found.append(CannotExport(value.span, value.name, str(reason)))
        else:
            search.interface.left_out.append(LeftOut(value.symbol, str(reason)))
        return
    other = search.names.get(c_name)
    if other is not None:
        search.found.append(ExportedTwice(value.span, c_name, other))
        return
    search.names[c_name] = f"`{value.name}`"
    search.interface.functions.append(function)


def _implicit_name(prefix: str, symbol: str) -> str:
    words = [re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", part).lower() for part in symbol.split(".")]
    words[-1] = value_name(symbol)
    if words[0] != prefix.lower():
        words.insert(0, prefix)
    return "_".join(words)


def _function(
    search: _Search, value: ValueSignature, definition: Definition, c_name: str
) -> Function:
    if value.scheme.parameters and any(not p.is_measure for p in value.scheme.parameters):
        raise NoCarrier("it is generic")
    if not _C_NAME.match(c_name) or c_name in C_KEYWORDS:
        raise NoCarrier(f'`{c_name}` is no name in C; `[<Export("name")>]` gives it another')
    interface = search.interface
    parameters, groups, result = parameters_of(search.carriers, value, definition)
    return Function(
        len(interface.functions) + FIRST,
        value.symbol,
        clef_path(value.symbol),
        c_name,
        tuple(parameters),
        tuple(groups),
        result_of(search.carriers, result),
        value.span,
        value.name,
    )


def parameters_of(
    carriers: HasCarriers, value: ValueSignature, definition: Definition
) -> tuple[list[Field], list[int], Type]:
    """The parameters, tuples taken apart; how many each argument takes; the type of the result."""
    parameters: list[Field] = []
    groups: list[int] = []
    rest: Type = value.scheme.type
    for index in range(max(value.arity, 1)):
        assert isinstance(rest, FunctionType)
        at = definition.parameters[index] if index < len(definition.parameters) else None
        types, names = _group(rest.parameter, at, index)
        for type, name in zip(types, names, strict=True):
            parameters.append(Field(_free(name, parameters), carriers.of(type)))
        groups.append(len(types))
        rest = rest.result
    return parameters, groups, rest


def _group(type: Type, pattern: Pattern | None, index: int) -> tuple[list[Type], list[str]]:
    """The parameters that one curried argument stands for."""
    if type == UNIT:
        return [], []
    if isinstance(type, TupleType) and not type.is_struct:
        inner = pattern.items if isinstance(pattern, TuplePattern) else [None] * len(type.items)
        numbers = range(1, len(type.items) + 1)
        return list(type.items), [
            _name(one, f"argument{index + 1}_{number}")
            for one, number in zip(inner, numbers, strict=True)
        ]
    return [type], [_name(pattern, f"argument{index + 1}")]


def _name(pattern: Pattern | None, otherwise: str) -> str:
    if isinstance(pattern, VariablePattern) and _C_NAME.match(pattern.local.name):
        return pattern.local.name
    return otherwise


def _free(name: str, taken: Sequence[Field]) -> str:
    """A name that no earlier parameter has, and that means nothing to C."""
    names = {one.name for one in taken}
    while name in C_KEYWORDS or name in names:
        name += "_"
    return name


def result_of(carriers: Carriers, type: Type) -> Carrier:
    """The carrier of a result."""
    carrier = carriers.of(type)
    if carrier.kind in ("span", "read_only_span"):
        raise NoCarrier("it gives a span, which may end before its reader; give an array")
    if carrier.kind == "callback":
        raise NoCarrier("it gives a function")
    return carrier
