"""The standard library, checked once and then loaded piece by piece.

Comes in: the Clef files named in `library/order.txt`. Goes out: a `Library`: the names and signatures
that user files see, and definitions by symbol. Promises: what is loaded is what checking the sources
gives: the cache's key covers them and the compiler's own files; a definition is unpickled only when a
program reaches it; a damaged cache is made anew.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar, cast

from clef.diagnostics.arrangement import has_errors
from clef.diagnostics.diagnostic import Diagnostic
from clef.inference.signatures import MemberSignature, Signatures, TypeSignature, ValueSignature
from clef.inference.typed_tree import Definition, Initialisation, TypeDefinition
from clef.names import Environment
from clef.names.entities import ModuleEntity
from clef.source import SourceFile
from clef.toolchain.cache import cache_folder, content_hash, write_atomically
from clef.toolchain.telemetry import Telemetry

FOLDER = Path(__file__).parent / "library"

# What every file sees without an `open`, as in F# (specification §12.1), and Clef's own modules.
AUTO_OPENED = (
    "Microsoft",
    "Microsoft.FSharp",
    "Microsoft.FSharp.Core",
    "Microsoft.FSharp.Core.LanguagePrimitives",
    "Microsoft.FSharp.Core.Operators",
    "Microsoft.FSharp.Text",
    "Microsoft.FSharp.Control",
    "Microsoft.FSharp.Collections",
    "Clef",
)

Entry = TypeVar("Entry")


class LazyTable(Mapping[str, Entry], Generic[Entry]):
    """Pickled entries by symbol; each is loaded at its first look-up and then kept."""

    __slots__ = ("_data", "_index", "_loaded")

    def __init__(self, data: bytes, index: dict[str, tuple[int, int]]) -> None:
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
class _Head:
    """The part of the cache that is always loaded."""

    root: ModuleEntity
    custom_operations: set[str]
    extensions: dict[str, list[MemberSignature]]
    initialisations: list[Initialisation]
    indices: dict[str, dict[str, tuple[int, int]]]


@dataclass(slots=True)
class Library:
    """The checked library as later stages see it."""

    environment: Environment
    signatures: Signatures
    definitions: Mapping[str, Definition]
    types: Mapping[str, TypeDefinition]
    initialisations: list[Initialisation] = field(default_factory=list[Initialisation])


@cache
def library_source(path: str) -> SourceFile:
    """A library file by the path that its spans have (`library/…`)."""
    return SourceFile(path, (FOLDER.parent / path).read_text(encoding="utf-8"))


def source_paths() -> list[str]:
    """The library's files in order, as their spans name them."""
    lines = (FOLDER / "order.txt").read_text(encoding="utf-8").splitlines()
    return [f"library/{line.strip()}" for line in lines if line.strip() and line[0] != "#"]


def _front_end_files() -> list[Path]:
    package = FOLDER.parent
    folders = ("source", "syntax", "names", "inference")
    return [file for name in folders for file in sorted((package / name).rglob("*.py"))]


def _stamp(path: Path) -> str:
    status = path.stat()
    return f"{path}:{status.st_size}:{status.st_mtime_ns}"


def _key() -> str:
    """Sizes and times stand for contents: they change with every edit and are quick to read."""
    listed = [FOLDER.parent / path for path in source_paths()]
    stamps = [_stamp(path) for path in (*listed, FOLDER / "order.txt", *_front_end_files())]
    return content_hash("library", sys.version, *stamps)


def load(telemetry: Telemetry) -> tuple[Library, list[Diagnostic]]:
    """The library from the cache, else checked now. Diagnostics: errors in the library itself."""
    path = cache_folder() / "library" / f"{_key()}.pickle"
    try:
        data = path.read_bytes()
        return _from_bytes(data), []
    except (OSError, pickle.UnpicklingError, AttributeError, EOFError, ValueError, KeyError):
        pass
    with telemetry.stage("standard library (once)"):
        data, diagnostics = _check_all()
    if not has_errors(diagnostics):
        for old in path.parent.glob("*.pickle"):
            old.unlink(missing_ok=True)
        write_atomically(path, data)
    return _from_bytes(data), diagnostics


def _environment(root: ModuleEntity | None, operations: set[str]) -> Environment:
    environment = Environment(auto_opened=list(AUTO_OPENED), custom_operations=operations)
    if root is not None:
        environment.add_file(root)
    return environment


def _from_bytes(data: bytes) -> Library:
    size = int.from_bytes(data[:8], "little")
    head = pickle.loads(data[8 : 8 + size])
    if not isinstance(head, _Head):
        raise pickle.UnpicklingError("not a library")
    body = data[8 + size :]
    values = LazyTable[ValueSignature](body, head.indices["values"])
    types = LazyTable[TypeSignature](body, head.indices["types"])
    return Library(
        _environment(head.root, head.custom_operations),
        Signatures(values, types, head.extensions),
        LazyTable[Definition](body, head.indices["definitions"]),
        LazyTable[TypeDefinition](body, head.indices["type_definitions"]),
        head.initialisations,
    )


@dataclass(slots=True)
class _Tables:
    """Everything that checking the library gives, before it is pickled."""

    values: dict[str, ValueSignature] = field(default_factory=dict[str, ValueSignature])
    types: dict[str, TypeSignature] = field(default_factory=dict[str, TypeSignature])
    definitions: dict[str, Definition] = field(default_factory=dict[str, Definition])
    type_definitions: dict[str, TypeDefinition] = field(default_factory=dict[str, TypeDefinition])
    initialisations: list[Initialisation] = field(default_factory=list[Initialisation])


def _check_all() -> tuple[bytes, list[Diagnostic]]:
    """Parse, resolve and check every file of the library."""
    from clef.inference import check
    from clef.names import resolve
    from clef.syntax import parse

    environment = _environment(None, set())
    signatures = Signatures()
    tables = _Tables()
    diagnostics: list[Diagnostic] = []
    for path in source_paths():
        tree, found = parse(library_source(path), frozenset({"CLEF"}))
        diagnostics += found
        resolved, found = resolve(tree, environment)
        diagnostics += found
        typed, interface, found = check(resolved, signatures)
        diagnostics += found
        signatures = signatures.with_file(interface)
        tables.values.update(interface.values)
        tables.types.update(interface.types)
        tables.definitions.update(typed.definitions)
        tables.type_definitions.update(typed.types)
        tables.initialisations += typed.initialisations
    return _to_bytes(environment, signatures, tables), diagnostics


def _to_bytes(environment: Environment, signatures: Signatures, tables: _Tables) -> bytes:
    body = bytearray()
    indices: dict[str, dict[str, tuple[int, int]]] = {}
    groups: list[tuple[str, Mapping[str, object]]] = [
        ("values", tables.values),
        ("types", tables.types),
        ("definitions", tables.definitions),
        ("type_definitions", tables.type_definitions),
    ]
    for name, table in groups:
        index = indices[name] = {}
        for symbol, entry in table.items():
            start = len(body)
            body += pickle.dumps(entry, protocol=5)
            index[symbol] = (start, len(body))
    head = _Head(
        environment.root,
        environment.custom_operations,
        dict(signatures.extensions),
        tables.initialisations,
        indices,
    )
    encoded = pickle.dumps(head, protocol=5)
    return len(encoded).to_bytes(8, "little") + encoded + bytes(body)
