"""One source through the stages, in process, as the pipeline would.

In: a text. Out: the name of the stage that the text reached. Promises: nothing that one text
declares is seen by the next; the standard library is loaded once for a process; whatever a stage
throws comes through.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import cache

from clef.checked_unit import CheckedUnit, unit_of
from clef.diagnostics.arrangement import has_errors
from clef.diagnostics.diagnostic import Diagnostic
from clef.diagnostics.look import look_of
from clef.diagnostics.report import messages
from clef.names import Environment, resolve
from clef.source import SourceFile
from clef.standard_library import AUTO_OPENED, Library, load
from clef.syntax import parse, tree
from clef.toolchain.telemetry import SILENT

SYMBOLS = frozenset({"CLEF", "FIDELITY", "COMPILED", "DEBUG"})
STAGES = ("syntax", "names", "types", "core")
PATH = "fuzzed.clef"


@cache
def library() -> Library:
    """The standard library."""
    return load(SILENT)[0]


def environment() -> Environment:
    """What a first file sees: a copy of the library's names that may be added to."""
    fresh = Environment(auto_opened=list(AUTO_OPENED))
    unit = library().unit
    fresh.add_file(unit.root)
    fresh.custom_operations |= unit.custom_operations
    return fresh


def run(text: str, until: str = STAGES[-1]) -> str:
    """Run the stages as far as the text allows; every message is written out in every format."""
    source = SourceFile(PATH, text)
    stage, found = _run(source, until)
    _report(found, source)
    return stage


def _run(source: SourceFile, until: str) -> tuple[str, Sequence[Diagnostic]]:
    parsed, found = parse(source, SYMBOLS)
    if has_errors(found) or until == "syntax":
        return "syntax", found
    if until == "names":
        return "names", [*found, *resolve(parsed, environment())[1]]
    unit = _check(parsed, found)
    if has_errors(unit.diagnostics) or until == "types":
        return "types", unit.diagnostics
    return "core", [*unit.diagnostics, *_lower(unit, source)]


def _check(parsed: tree.File, found: list[Diagnostic]) -> CheckedUnit:
    from clef.inference import check

    resolved, from_names = resolve(parsed, environment())
    typed, interface, from_types = check(resolved, library().signatures)
    everything = [*found, *from_names, *from_types]
    return unit_of(resolved.fragment, set(), typed, interface, everything)


def _lower(unit: CheckedUnit, source: SourceFile) -> list[Diagnostic]:
    from clef.typed_core import lower
    from clef.typed_core.program import Options
    from clef.whole_program import combine

    return lower(combine([unit], library(), [source]), Options())[1]


def _report(found: Sequence[Diagnostic], source: SourceFile) -> None:
    if not found:
        return
    sources = {source.path: source}
    look = look_of(io.StringIO(), "never", {})
    for style in ("human", "json"):
        text = messages(found, sources, style, look)
        assert text.strip(), f"{style}: no text for {found[0]}"


Runner = Callable[[str], str]
