"""What `clef doctor` shows.

Comes in: the machine we run on. Goes out: one `Finding` per tool. Promises: facts only, with one
command for what is missing; printing them is the command line's business.
"""

from __future__ import annotations

from clef.data_classes import dataclass
from clef.toolchain.cache import cache_folder
from clef.toolchain.target import find_target, native_name
from clef.toolchain.tool import all_tools, version


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `remedy` is empty when nothing is to be done."""

    name: str
    purpose: str
    state: str
    present: bool
    required: bool
    remedy: str


def examine() -> list[Finding]:
    """Look for every tool and ask those present for their version (some tenths of a second)."""
    findings = [
        Finding(
            tool.name,
            tool.purpose,
            (version(tool) or "present") if tool.found else "missing",
            tool.found,
            tool.required,
            "" if tool.found else tool.remedy,
        )
        for tool in all_tools()
    ]
    return [*findings, _machine(), _cache()]


def _machine() -> Finding:
    known = find_target("native") is not None
    state = native_name() if known else f"{native_name()} (no target of that name)"
    remedy = "" if known else "build with --target for another machine"
    return Finding("machine", "run programs directly", state, known, False, remedy)


def _cache() -> Finding:
    folder = cache_folder()
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    state = f"{folder} ({size / 1e6:.1f} MB)"
    return Finding("cache", "keep what is dear to make", state, True, False, "")
