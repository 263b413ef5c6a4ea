"""The standard library, checked once and then loaded piece by piece.

Comes in: the Clef files named in `library/order.txt`. Goes out: a `Library`: the names and
signatures
that user files see, and definitions by symbol. Promises: what is loaded is what checking the
sources
gives: the cache's key covers them and the compiler's own files; a damaged cache is made anew.
"""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

from clef.checked_unit import CheckedUnit, NotAUnit, from_bytes, from_file, to_bytes
from clef.data_classes import dataclass
from clef.diagnostics.arrangement import has_errors
from clef.diagnostics.diagnostic import Diagnostic
from clef.inference.signatures import Signatures, TypeSignature, ValueSignature
from clef.inference.typed_tree import Definition, TypeDefinition
from clef.inference.types import NamedType, ParameterType, Type
from clef.inference.unification import substitute
from clef.names import Environment
from clef.names.entities import ModuleEntity
from clef.source import LIBRARY, SourceFile
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
    "FSharp.Compiler.Interactive.Settings",
)

# Modules that every file opens, and the module of FSharp.Core that has their values, too.
_PARTS = {
    "ConversionOperators": "ExtraTopLevelOperators",
    "SetOperators": "ExtraTopLevelOperators",
    "DictionaryOperators": "ExtraTopLevelOperators",
    "QueryOperators": "ExtraTopLevelOperators",
    "ListOperators": "Operators",
    "RangeOperators": "Operators",
    "LaterOperators": "Operators",
}


_KEPT_LIBRARIES = 12


@dataclass(slots=True)
class Library:
    """The checked library as later stages see it; `key` changes when it does."""

    key: str
    unit: CheckedUnit
    environment: Environment
    signatures: Signatures


@cache
def library_source(path: str) -> SourceFile:
    """A library file by the path that its spans have."""
    return SourceFile(path, library_file(path).read_text(encoding="utf-8"))


def library_file(path: str) -> Path:
    """Where a library file is installed, by the path that its spans have."""
    return FOLDER / path.removeprefix(LIBRARY)


def source_paths() -> list[str]:
    """The library's files in order, as their spans name them."""
    lines = (FOLDER / "order.txt").read_text(encoding="utf-8").splitlines()
    return [LIBRARY + line.strip() for line in lines if line.strip() and line[0] != "#"]


def _front_end_files() -> list[Path]:
    package = FOLDER.parent
    folders = ("source", "syntax", "names", "inference")
    listed = [file for name in folders for file in sorted((package / name).rglob("*.py"))]
    alone = ("checked_unit.py", "checking.py", "data_classes.py", *_SIGNATURES)
    return [*[package / name for name in alone], *listed]


_SIGNATURES = ("signature_files.py", "signature_types.py")


def _stamp(path: Path) -> str:
    status = path.stat()
    return f"{path}:{status.st_size}:{status.st_mtime_ns}"


def library_key() -> str:
    """Sizes and times stand for contents: they change with every edit and are quick to read."""
    listed = [library_file(path) for path in source_paths()]
    stamps = [_stamp(path) for path in (*listed, FOLDER / "order.txt", *_front_end_files())]
    return content_hash("library", sys.version, *stamps)


def load(telemetry: Telemetry) -> tuple[Library, list[Diagnostic]]:
    """The library from the cache, else checked now. Diagnostics: errors in the library itself."""
    key = library_key()
    path = cache_folder() / "library" / f"{key}.unit"
    try:
        unit = from_file(path)
        _mark_as_used(path)
        return _library(key, unit), []
    except (OSError, NotAUnit):
        pass
    with telemetry.stage("standard library (once)"):
        unit = check_all()
        data = to_bytes(unit)
    if not has_errors(unit.diagnostics):
        write_atomically(path, data)
        _tidy(path.parent)
    return _library(key, from_bytes(data)), unit.diagnostics


def _mark_as_used(path: Path) -> None:
    """The file's time is that of its last use, so that `_tidy` keeps what is in use."""
    with contextlib.suppress(OSError):
        os.utime(path)


def _tidy(folder: Path) -> None:
    """Keep the few that were used last: compilers of several versions may share the cache."""
    ages: list[tuple[float, Path]] = []
    for path in folder.glob("*.unit"):
        with contextlib.suppress(OSError):
            ages.append((path.stat().st_mtime, path))
    for _, path in sorted(ages)[:-_KEPT_LIBRARIES]:
        path.unlink(missing_ok=True)


def _library(key: str, unit: CheckedUnit) -> Library:
    environment = Environment(
        auto_opened=list(AUTO_OPENED), custom_operations=set(unit.custom_operations)
    )
    environment.add_file(unit.root)
    signatures = Signatures(unit.values, unit.types, unit.extensions)
    return Library(key, unit, environment, signatures)


def renewed(library: Library) -> Library:
    """The same library, without what files have been added to its environment since."""
    return _library(library.key, library.unit)


def _extend(definition: TypeDefinition, extension: TypeDefinition) -> None:
    """Add the interfaces that a later file of the library gives to a type."""
    pairs = zip(extension.type_parameters, definition.type_parameters, strict=True)
    mapping: dict[int, Type] = {theirs.id: ParameterType(own) for theirs, own in pairs}

    def in_own_terms(type: NamedType) -> NamedType:
        found = substitute(type, mapping)
        assert isinstance(found, NamedType)
        return found

    definition.interfaces += [in_own_terms(interface) for interface in extension.interfaces]
    definition.implementations += [
        replace(item, owner=in_own_terms(item.owner)) for item in extension.implementations
    ]


def _complete_modules(core: ModuleEntity) -> None:
    """Make values that F# keeps in one module, and the library in several files, members of it."""
    for part, whole in _PARTS.items():
        for name, value in core.modules[part].values.items():
            core.modules[whole].values.setdefault(name, value)


def check_all() -> CheckedUnit:
    """Parse, resolve and check every file of the library."""
    from clef.inference import check
    from clef.names import resolve
    from clef.syntax import parse

    environment = Environment(auto_opened=list(AUTO_OPENED))
    signatures = Signatures()
    unit = CheckedUnit(environment.root, set(), {}, {}, {}, {}, {}, [])
    values: dict[str, ValueSignature] = {}
    types: dict[str, TypeSignature] = {}
    definitions: dict[str, Definition] = {}
    type_definitions: dict[str, TypeDefinition] = {}
    for path in source_paths():
        tree, found = parse(library_source(path), frozenset({"CLEF"}))
        unit.diagnostics += found
        resolved, found = resolve(tree, environment)
        unit.diagnostics += found
        typed, interface, found = check(resolved, signatures)
        unit.diagnostics += found
        signatures = signatures.with_file(interface)
        values.update(interface.values)
        types.update(interface.types)
        definitions.update(typed.definitions)
        type_definitions.update(typed.types)
        for extension in typed.extended:
            _extend(type_definitions[extension.symbol], extension)
        unit.initialisations += typed.initialisations
    _complete_modules(environment.namespace(["Microsoft", "FSharp", "Core"]))
    unit.custom_operations = environment.custom_operations
    unit.values, unit.types = values, types
    unit.definitions, unit.type_definitions = definitions, type_definitions
    unit.extensions = dict(signatures.extensions)
    return unit
