"""Checking the files of a project one by one, and not again while nothing that they see has
changed.

Comes in: the sources in order and the library. Goes out: a `CheckedUnit` for each, and diagnostics.
Promises: a unit is taken from the cache only when its text, the options and the interfaces of all
files before it are the same; units with errors are not kept; the result is that of checking
everything.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from clef.checked_unit import (
    CheckedUnit,
    NotAUnit,
    broken_unit,
    from_bytes,
    to_bytes,
    unit_of,
)
from clef.data_classes import dataclass, field
from clef.diagnostics.arrangement import has_errors
from clef.diagnostics.diagnostic import Diagnostic
from clef.diagnostics.silencing import Switch, switch_of, without_silenced
from clef.diagnostics.typing.restrictions import LessAccessible
from clef.inference.signatures import FileSignatures, Signatures
from clef.inference.typed_tree import TypedFile
from clef.names import Environment, ResolvedFile
from clef.signature_files import belongs_to, conceal, is_signature_file
from clef.signature_types import PROBE, differences, uses
from clef.source import SourceFile
from clef.standard_library import Library
from clef.syntax.tree import File
from clef.toolchain.cache import cache_folder, content_hash, write_atomically
from clef.toolchain.telemetry import SILENT, Telemetry

_KEPT_UNITS = 4000


@dataclass(slots=True)
class CheckedProgram:
    """All files of a project, checked. `reused` counts those that came from the cache.

    After a file with syntax errors the others are only parsed: what such a file defines is unknown.
    """

    units: list[CheckedUnit] = field(default_factory=list[CheckedUnit])
    reused: int = 0
    has_syntax_errors: bool = False


@dataclass(slots=True)
class _Walk:
    """Where checking stands: what the next file sees. `chain` names all interfaces so far."""

    library: Library
    symbols: frozenset[str]
    telemetry: Telemetry
    signatures: Signatures
    chain: str
    keep: bool
    has_written: bool = False
    signature_file: tuple[str, File] | None = None


def check_files(
    sources: Sequence[SourceFile],
    library: Library,
    symbols: frozenset[str],
    telemetry: Telemetry,
    keep: bool = True,
) -> tuple[CheckedProgram, list[Diagnostic]]:
    """Parse, resolve and type every file, in order; without `keep` nothing is taken from the cache
    or put into it.
    """
    chain = content_hash(library.key, *sorted(symbols))
    walk = _Walk(library, symbols, telemetry, library.signatures, chain, keep)
    program = CheckedProgram()
    diagnostics: list[Diagnostic] = []
    for source in sources:
        if program.has_syntax_errors:
            diagnostics += _parse(walk, source)[1]
            continue
        if is_signature_file(source.path):
            found = _take_signature(walk, source)
            program.has_syntax_errors = has_errors(found)
            diagnostics += found
            continue
        unit, is_reused = _check_file(walk, source, source is sources[-1])
        program.has_syntax_errors = unit.has_syntax_errors
        program.units.append(unit)
        program.reused += is_reused
        diagnostics += unit.diagnostics
        walk.chain = content_hash(walk.chain, unit.interface_hash)
        walk.signature_file = None
    if walk.has_written:
        _tidy()
    return program, diagnostics


def _take_signature(walk: _Walk, source: SourceFile) -> list[Diagnostic]:
    """A signature file is kept for the source file that follows it."""
    parsed, diagnostics = _parse(walk, source)
    walk.signature_file = (source.path, parsed)
    text = source.text.encode("utf-8", "surrogatepass")
    walk.chain = content_hash(walk.chain, source.path, text)
    return diagnostics


def _folder() -> Path:
    return cache_folder() / "units"


def _check_file(walk: _Walk, source: SourceFile, is_last: bool) -> tuple[CheckedUnit, bool]:
    if not walk.keep:
        return _check_now(walk, source, is_last), False
    text = source.text.encode("utf-8", "surrogatepass")
    path = _folder() / f"{content_hash(walk.chain, source.path, str(is_last), text)}.unit"
    try:
        unit = from_bytes(path.read_bytes())
    except (OSError, NotAUnit):
        unit = _check_now(walk, source, is_last)
        if not has_errors(unit.diagnostics) and _speaks_of_itself(unit, source.path):
            write_atomically(path, to_bytes(unit))
            walk.has_written = True
        return unit, False
    environment = walk.library.environment
    environment.add_file(unit.root)
    environment.custom_operations |= unit.custom_operations
    interface = unit.interface(source.path)
    walk.signatures = walk.signatures.with_file(interface)
    return unit, True


def _speaks_of_itself(unit: CheckedUnit, path: str) -> bool:
    """Whether no message points into another file, whose lines may move."""
    return all(label.span.path == path for found in unit.diagnostics for label in found.labels())


def _parse(walk: _Walk, source: SourceFile) -> tuple[File, list[Diagnostic]]:
    from clef.syntax import parse

    with walk.telemetry.stage("tree"):
        return parse(source, walk.symbols)


def _check_now(walk: _Walk, source: SourceFile, is_last: bool) -> CheckedUnit:
    environment = walk.library.environment
    before = set(environment.custom_operations)
    tree, diagnostics = _parse(walk, source)
    if has_errors(diagnostics):
        return broken_unit(diagnostics)
    examined = examine(tree, environment, walk.signatures, walk.symbols, is_last, walk.telemetry)
    interface = examined.interface
    diagnostics = without_silenced([*diagnostics, *examined.diagnostics], switches_of(tree, source))
    if walk.signature_file is not None and belongs_to(walk.signature_file[0], source.path):
        signature = walk.signature_file[1]
        # What a signature leaves out shows nothing to other files.
        diagnostics = [one for one in diagnostics if not isinstance(one, LessAccessible)]
        differing: list[Diagnostic] = []
        if not has_errors(diagnostics):
            differing = _differences(walk, signature, interface)
        missing = conceal(signature, examined.resolved.fragment, interface, source.path)
        diagnostics += missing or differing  # what is missing is of no type
    walk.signatures = walk.signatures.with_file(interface)
    operations = environment.custom_operations - before
    return unit_of(examined.resolved.fragment, operations, examined.typed, interface, diagnostics)


def _differences(walk: _Walk, signature: File, interface: FileSignatures) -> list[Diagnostic]:
    """Where a signature file gives what it names other types; the environment stays as it is."""
    environment = walk.library.environment
    signatures = walk.signatures.with_file(interface)
    examined = examine(uses(signature), environment, signatures, walk.symbols, False)
    del environment.root.modules[PROBE]
    return differences(signature, examined.diagnostics, examined.interface, interface)


@dataclass(slots=True)
class Examined:
    """What names and inference make of one parsed file."""

    resolved: ResolvedFile
    typed: TypedFile
    interface: FileSignatures
    diagnostics: list[Diagnostic]


def examine(
    tree: File,
    environment: Environment,
    signatures: Signatures,
    symbols: frozenset[str],
    is_last: bool,
    telemetry: Telemetry = SILENT,
) -> Examined:
    """Resolve and type one parsed file; `environment` then holds what it declares."""
    from clef.inference import check
    from clef.names import resolve

    with telemetry.stage("names"):
        resolved, diagnostics = resolve(tree, environment, is_last)
    with telemetry.stage("types"):
        typed, interface, found = check(resolved, signatures, symbols)
    return Examined(resolved, typed, interface, [*diagnostics, *found])


def switches_of(tree: File, source: SourceFile) -> list[Switch]:
    """The `#nowarn` lines of a file."""
    texts = [(trivia.start, source.text[trivia.start : trivia.end]) for trivia in tree.trivia]
    switches = [switch_of(*one) for one in texts if one[1].startswith("#")]
    return [switch for switch in switches if switch is not None]


def _tidy() -> None:
    """Drop the oldest units when there are many."""
    folder = _folder()
    names = os.listdir(folder) if folder.exists() else []
    if len(names) > _KEPT_UNITS:
        units = sorted(folder.glob("*.unit"), key=_age)
        for path in units[: len(units) - _KEPT_UNITS // 2]:
            path.unlink(missing_ok=True)


def _age(path: Path) -> float:
    """When a file was written; one that another process dropped is the oldest."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
