"""What checking one file, or the whole library, gave: to be kept on disk and loaded piece by piece.

Comes in: the products of names and inference. Goes out: bytes, and from bytes a `CheckedUnit` whose
entries are unpickled one by one when they are looked up. Promises: reading back gives what was
written; bytes that are not a unit raise `NotAUnit`; `interface_hash` is the same for units that
later files cannot tell apart, wherever their definitions stand in the text.
"""

from __future__ import annotations

import mmap
import pickle
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Generic, TypeVar, cast

from clef.data_classes import dataclass, field
from clef.diagnostics.diagnostic import Diagnostic
from clef.inference.signatures import (
    FileSignatures,
    MemberSignature,
    Notice,
    TypeSignature,
    ValueSignature,
)
from clef.inference.typed_tree import Definition, Initialisation, TypeDefinition, TypedFile
from clef.inference.types import (
    AnonymousRecordType,
    FunctionType,
    Measure,
    NamedType,
    ParameterType,
    TupleType,
    TypeParameter,
)
from clef.names.deferred import DeferredModule, defer_contents
from clef.names.entities import ModuleEntity
from clef.source import Span
from clef.toolchain.cache import content_hash

Entry = TypeVar("Entry")
Index = dict[str, tuple[int, int]]


class NotAUnit(Exception):
    """The bytes are damaged or were written by another version."""


class LazyTable(Mapping[str, Entry], Generic[Entry]):
    """Pickled entries by symbol; each is loaded at its first look-up and then kept."""

    __slots__ = ("_data", "_index", "_loaded")

    def __init__(self, data: memoryview, index: Index) -> None:
        self._data = data
        self._index = index
        self._loaded: dict[str, Entry] = {}

    def __getitem__(self, symbol: str) -> Entry:
        found = self._loaded.get(symbol)
        if found is None:
            start, end = self._index[symbol]
            found = cast("Entry", pickle.loads(self._data[start:end]))
            self._loaded[symbol] = found
        return found

    def __contains__(self, symbol: object) -> bool:
        return symbol in self._index

    def __iter__(self) -> Iterator[str]:
        return iter(self._index)

    def __len__(self) -> int:
        return len(self._index)


@dataclass(slots=True)
class CheckedUnit:
    """One or more checked files. `root` holds the names that they add to the environment."""

    root: ModuleEntity
    custom_operations: set[str]
    values: Mapping[str, ValueSignature]
    types: Mapping[str, TypeSignature]
    extensions: dict[str, list[MemberSignature]]
    definitions: Mapping[str, Definition]
    type_definitions: Mapping[str, TypeDefinition]
    initialisations: list[Initialisation]
    entry_point: str | None = None
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    interface_hash: str = ""
    types_hash: str = ""  # of what the types are made of, which others cannot see
    has_syntax_errors: bool = False
    has_nullable: bool = False  # whether it writes `t | null`
    notices: dict[str, Notice] = field(default_factory=dict[str, Notice])

    def interface(self, path: str) -> FileSignatures:
        """What later files see of this one, which is the file at `path`."""
        return FileSignatures(
            path, self.values, self.types, self.extensions, self.has_nullable, self.notices
        )


@dataclass(slots=True)
class _Head:
    """The part that is always loaded: a unit whose tables are only indices."""

    unit: CheckedUnit
    indices: dict[str, Index]
    modules: list[DeferredModule]


_TABLES = ("values", "types", "definitions", "type_definitions")


def broken_unit(diagnostics: list[Diagnostic]) -> CheckedUnit:
    """The unit of a file that could not be parsed: it defines nothing."""
    root = ModuleEntity("", "", is_namespace=True)
    unit = CheckedUnit(root, set(), {}, {}, {}, {}, {}, [], None, diagnostics)
    unit.has_syntax_errors = True
    return unit


def unit_of(
    root: ModuleEntity,
    operations: set[str],
    typed: TypedFile,
    interface: FileSignatures,
    diagnostics: list[Diagnostic],
) -> CheckedUnit:
    """The unit of one file."""
    unit = CheckedUnit(
        root,
        operations,
        interface.values,
        interface.types,
        interface.extensions,
        typed.definitions,
        typed.types,
        typed.initialisations,
        typed.entry_point,
        diagnostics,
    )
    unit.has_nullable = interface.has_nullable
    unit.notices = interface.notices
    unit.interface_hash = described(root, sorted(operations), interface)
    unit.types_hash = described(typed.types, typed.extended)
    return unit


_TYPES = frozenset(
    {NamedType, FunctionType, TupleType, AnonymousRecordType, ParameterType, Measure}
)


class _Description:
    """A text of everything in some values but source positions, in time that grows with their size.

    What comes again is a number: types and type parameters by what they are, because how often they
    are shared, and how many parameters came before, depends on the insides of definitions; others
    by identity, because they may form rings. The values must outlive the description.
    """

    __slots__ = ("_met", "_numbers", "_seen", "out")

    def __init__(self) -> None:
        self.out: list[str] = []
        self._seen: dict[int, int] = {}
        self._numbers: dict[str | TypeParameter, int] = {}
        self._met: dict[int, int] = {}  # numbers of types by identity

    def add(self, value: object) -> None:
        cls = value.__class__
        if cls is str or cls is int or cls is bool or value is None:
            self.out.append(repr(value))
        elif cls is list or cls is tuple:
            self.out.append("(")
            for entry in cast("list[object]", value):
                self.add(entry)
            self.out.append(")")
        elif cls is dict:
            self.out.append("{")
            for key, entry in cast("dict[object, object]", value).items():
                self.add(key)
                self.add(entry)
            self.out.append("}")
        elif cls in _TYPES or cls is TypeParameter:
            self.out.append(self._type(value))
        elif cls is not Span:
            self._node(value, cls)

    def _node(self, value: object, cls: type) -> None:
        names = _described_fields(cls)
        if names is None:
            self.out.append(repr(value))
        elif id(value) in self._seen:
            self.out.append(f"#{self._seen[id(value)]}")
        else:
            self._seen[id(value)] = len(self._seen)
            self.out.append(cls.__name__)
            for name in names:
                self.add(getattr(value, name))

    def _type(self, value: object) -> str:
        """The number of a type or parameter, which is described when it is new."""
        number = self._met.get(id(value))
        if number is None:
            number = self._parameter(value) if isinstance(value, TypeParameter) else self._of(value)
            self._met[id(value)] = number
        return f"@{number}"

    def _parameter(self, parameter: TypeParameter) -> int:
        number = self._numbers.get(parameter)
        if number is None:
            number = self._numbers[parameter] = len(self._numbers)
            self.out.append(f"{number}=TypeParameter")
            for name in _described_fields(TypeParameter) or ():
                self.add(getattr(parameter, name))
        return number

    def _of(self, type: object) -> int:
        cls = type.__class__
        parts = [self._part(getattr(type, name)) for name in _described_fields(cls) or ()]
        text = f"{cls.__name__} {' '.join(parts)}"
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = len(self._numbers)
            self.out.append(f"{number}={text}")
        return number

    def _part(self, value: object) -> str:
        cls = value.__class__
        if cls in _TYPES or cls is TypeParameter:
            return self._type(value)
        if cls is tuple:
            return f"({' '.join([self._part(one) for one in cast('tuple[object, ...]', value)])})"
        return repr(value)


def described(*values: object) -> str:
    """The hash of a description of everything in some values but source positions."""
    description = _Description()
    for value in values:
        description.add(value)
    return content_hash("\n".join(description.out).encode("utf-8", "surrogatepass"))


_DESCRIBED: dict[type, tuple[str, ...] | None] = {}


def _described_fields(cls: type) -> tuple[str, ...] | None:
    """The fields of a data class that count."""
    if cls not in _DESCRIBED:
        left_out = "id" if cls is TypeParameter else ""
        names = [field.name for field in fields(cls)] if is_dataclass(cls) else None
        _DESCRIBED[cls] = None if names is None else tuple(n for n in names if n != left_out)
    return _DESCRIBED[cls]


def to_bytes(unit: CheckedUnit) -> bytes:
    """The unit as it lies on disk: a pickled head, then every entry pickled by itself."""
    body = bytearray()

    def put(data: bytes) -> tuple[int, int]:
        start = len(body)
        body.extend(data)
        return start, len(body)

    indices: dict[str, Index] = {}
    for name in _TABLES:
        entries = cast("Mapping[str, object]", getattr(unit, name))
        indices[name] = {s: put(pickle.dumps(entry, protocol=5)) for s, entry in entries.items()}
    modules: list[DeferredModule] = []
    bare = CheckedUnit(
        defer_contents(unit.root, put, modules),
        unit.custom_operations,
        {},
        {},
        unit.extensions,
        {},
        {},
        unit.initialisations,
        unit.entry_point,
        unit.diagnostics,
        unit.interface_hash,
        types_hash=unit.types_hash,
        has_nullable=unit.has_nullable,
        notices=unit.notices,
    )
    encoded = pickle.dumps(_Head(bare, indices, modules), protocol=5)
    return len(encoded).to_bytes(8, "little") + encoded + bytes(body)


_DAMAGED = (pickle.UnpicklingError, AttributeError, EOFError, ValueError, KeyError, TypeError)


def from_bytes(data: bytes | mmap.mmap) -> CheckedUnit:
    """A unit whose tables load their entries on demand."""
    view = memoryview(data)
    size = int.from_bytes(view[:8], "little")
    try:
        head = pickle.loads(view[8 : 8 + size])
    except (*_DAMAGED, ImportError, IndexError) as error:
        raise NotAUnit from error
    if not isinstance(head, _Head):
        raise NotAUnit
    body = view[8 + size :]
    for name in _TABLES:
        table: LazyTable[object] = LazyTable(body, head.indices[name])
        setattr(head.unit, name, table)
    for module in head.modules:
        module.data = body
    return head.unit


def from_file(path: Path) -> CheckedUnit:
    """The unit in a file that nobody writes to; only what is looked up is read from the disk."""
    with path.open("rb") as file:
        try:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError as error:
            raise NotAUnit from error
    return from_bytes(data)
