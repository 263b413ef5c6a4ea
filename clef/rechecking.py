"""Checking a project again after an edit, without looking at what the edit cannot have touched.

Comes in: a project to be checked, and the record of its last check without complaints. Goes out:
the `Compilation` with all findings, as checking everything would give them. Promises: the short way
is taken only when in each file at most one stretch of text differs, which lies inside definitions
that are not inlined, and no file's interface or types differ; it only ever says that all is well.
Whatever it cannot be sure of is checked in full.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from clef.build_cache import compiler_identity
from clef.checked_unit import CheckedUnit
from clef.checking import CheckedProgram
from clef.data_classes import dataclass
from clef.deep_stack import run_deep
from clef.pipeline import Compilation, Options, compile_project, stage_names
from clef.project.project import Project
from clef.signature_files import is_signature_file
from clef.source import SourceFile
from clef.source.difference import difference
from clef.standard_library import Library
from clef.toolchain.cache import cache_folder, content_hash, write_atomically
from clef.toolchain.target import find_target
from clef.toolchain.telemetry import SILENT, Telemetry
from clef.typed_core.again import Lowered, lower_again, lowered
from clef.typed_core.core import Program
from clef.typed_core.program import Options as CoreOptions
from clef.typed_core.specialiser import promises_no_heap
from clef.whole_program import combine

# The last stage that can find mistakes of the user.
LAST = "plan"

# Words without which a file can use nothing that the plan alone can judge.
_WORDS_OF_THE_PLAN = re.compile(
    r"\b(?:(?:Fn)?Ptr|[aA]rena|(?:Memory|NoHeap|Align|CacheLineAligned)(?:Attribute)?)\b"
)


@dataclass(frozen=True, slots=True)
class _Record:
    """The last check without complaints. `interfaces` holds what other files can see of each."""

    texts: dict[str, str]
    interfaces: dict[str, tuple[str, str]]
    entry_point: str | None
    lowered: Lowered


def check_project(
    project: Project,
    options: Options,
    telemetry: Telemetry = SILENT,
    texts: Sequence[SourceFile] | None = None,
) -> Compilation:
    """Run the stages up to the last one that can find mistakes, or show that it would find none."""
    is_plain = options.stop_after == LAST and not options.prints and not options.check_stages
    is_plain = is_plain and project.memory_model != "stack_only"
    found = find_target(options.target)
    is_plain = is_plain and (found is None or found.board is None)
    if not is_plain or "types" not in stage_names():
        return compile_project(project, options, telemetry, texts)
    typed = compile_project(project, replace(options, stop_after="types"), telemetry, texts)
    if typed.failed or "checked" not in typed.products:
        return typed
    checked = _Checked(typed)
    path = _record_path(project, options, checked.library)
    before = _read(path)
    if before is not None:
        with telemetry.stage("changes"):
            after = run_deep(lambda: _still_faultless(checked, before))
        if after is not None:
            _write(path, checked.record(after))
            return typed
    done = {name: typed.products[name] for name in ("sources", "library", "checked")}
    whole = compile_project(project, options, telemetry, texts, done)
    core = whole.products.get("core")
    if isinstance(core, Program) and not whole.diagnostics and not whole.unavailable:
        _write(path, checked.record(lowered(core)))
    whole.diagnostics[:0] = typed.diagnostics
    return whole


class _Checked:
    """The products of a compilation up to types."""

    def __init__(self, typed: Compilation) -> None:
        self.library = cast("Library", typed.products["library"])
        self.units = cast("CheckedProgram", typed.products["checked"]).units
        self.sources = cast("Sequence[SourceFile]", typed.products["sources"])
        self.program = combine(self.units, self.library, self.sources)

    def by_path(self) -> list[tuple[SourceFile, CheckedUnit]]:
        """What is compiled; signature files are not."""
        compiled = [one for one in self.sources if not is_signature_file(one.path)]
        return list(zip(compiled, self.units, strict=True))

    def record(self, facts: Lowered) -> _Record:
        interfaces = {s.path: (u.interface_hash, u.types_hash) for s, u in self.by_path()}
        texts = {source.path: source.text for source in self.sources}
        return _Record(texts, interfaces, self.program.entry_point, facts)


def _record_path(project: Project, options: Options, library: Library) -> Path:
    key = content_hash(compiler_identity(), library.key, repr(options), os.getcwd(), project.path)
    return cache_folder() / "checks" / f"{key}.record"


_KEPT_RECORDS = 50


def _read(path: Path) -> _Record | None:
    try:
        found: object = pickle.loads(path.read_bytes())
    except (OSError, ValueError, AttributeError, ImportError, EOFError, pickle.UnpicklingError):
        return None
    return found if isinstance(found, _Record) else None


def _write(path: Path, record: _Record) -> None:
    with contextlib.suppress(OSError):
        write_atomically(path, pickle.dumps(record, protocol=5))
        others = sorted(path.parent.glob("*.record"), key=lambda other: other.stat().st_mtime)
        for other in others[:-_KEPT_RECORDS]:
            other.unlink(missing_ok=True)


def _still_faultless(checked: _Checked, before: _Record) -> Lowered | None:
    """What is reached now if lowering finds nothing, `None` if that is not certain."""
    now = checked.record(before.lowered)
    if now.interfaces != before.interfaces or list(now.texts) != list(before.texts):
        return None
    if now.entry_point != before.entry_point:
        return None
    for path, text in now.texts.items():
        if is_signature_file(path) and text != before.texts[path]:
            return None
    changed: set[str] = set()
    if any(map(_WORDS_OF_THE_PLAN.search, now.texts.values())):
        return None
    if any(promises_no_heap(d) for _, unit in checked.by_path() for d in unit.definitions.values()):
        return None
    for source, unit in checked.by_path():
        old = before.texts[source.path]
        if source.text != old:
            touched = touched_definitions(unit, old, source.text)
            if touched is None:
                return None
            changed |= touched
    if not changed:
        return before.lowered
    try:
        return lower_again(checked.program, CoreOptions(), before.lowered, changed)
    except Exception:
        # A defect of the compiler shows itself again, with all it takes to report it.
        return None


def touched_definitions(unit: CheckedUnit, old: str, new: str) -> set[str] | None:
    """The definitions that hold the difference; `None` if it touches anything else."""
    found = difference(old, new)
    start, end = found.start, found.new_end
    around = {
        symbol: definition
        for symbol, definition in unit.definitions.items()
        if definition.span.start < start and end <= definition.span.end
    }
    if not around or any(d.is_inline or d.external or d.intrinsic for d in around.values()):
        return None
    return set(around)
