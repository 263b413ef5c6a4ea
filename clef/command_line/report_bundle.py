"""What a user can send us when the compiler itself has failed.

Comes in: the exception, the arguments, the sources at hand. Goes out: a folder with all of it, and
one calm message. Promises: writing the bundle never fails loudly; nothing but the program's own
sources and facts about the installation goes into it (no environment variables, no user name beyond
what paths contain).
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

import clef
from clef.command_line.output import fail
from clef.source import SourceFile

PACKAGES = ("torch-mlir", "llvmlite", "ziglang", "click")


def _versions() -> str:
    from importlib.metadata import PackageNotFoundError, version

    lines: list[str] = []
    for name in PACKAGES:
        try:
            lines.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            lines.append(f"{name} not installed")
    return "\n".join(lines)


def _facts(error: BaseException, arguments: Sequence[str], stage: str) -> str:
    return (
        f"clef {clef.__version__}\n"
        f"stage: {stage or 'unknown'}\n"
        f"error: {type(error).__name__}: {error}\n"
        f"arguments: {list(arguments)!r}\n"
        f"python: {sys.version}\n"
        f"platform: {platform.platform()} {platform.machine()}\n"
        f"{_versions()}\n"
    )


def _new_folder() -> Path:
    name = time.strftime("report-%Y%m%d-%H%M%S-") + str(os.getpid())
    try:
        from clef.toolchain.cache import cache_folder

        folder = cache_folder() / "reports" / name
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="clef-report-"))
    return folder


def _write_sources(folder: Path, sources: Sequence[SourceFile]) -> None:
    for index, source in enumerate(sources):
        name = f"{index:03}-{os.path.basename(source.path) or 'source.clef'}"
        inner = folder / "sources"
        inner.mkdir(exist_ok=True)
        (inner / name).write_text(source.text, "utf-8", "surrogatepass", newline="")


def write_bundle(
    error: BaseException, arguments: Sequence[str], stage: str, sources: Sequence[SourceFile]
) -> Path | None:
    """The folder with the report, or `None` if it could not be written."""
    evidence = getattr(error, "evidence", None)
    try:
        folder = _new_folder()
        (folder / "report.txt").write_text(_facts(error, arguments, stage), "utf-8")
        trace = "".join(traceback.format_exception(error))
        (folder / "traceback.txt").write_text(trace, "utf-8", "backslashreplace")
        _write_sources(folder, sources)
        for name, text in evidence.items() if isinstance(evidence, dict) else ():  # pyright: ignore[reportUnknownVariableType]
            safe = os.path.basename(str(name)) or "evidence"  # pyright: ignore[reportUnknownArgumentType]
            (folder / safe).write_text(str(text), "utf-8", "backslashreplace")  # pyright: ignore[reportUnknownArgumentType]
    except OSError:
        return None
    return folder


def report_failure(
    error: BaseException,
    arguments: Sequence[str],
    stage: str = "",
    sources: Sequence[SourceFile] = (),
) -> None:
    """Writes the bundle and says so. The traceback is shown only when `CLEF_LOG=debug`."""
    if os.environ.get("CLEF_LOG") == "debug":
        traceback.print_exception(error)
    folder = write_bundle(error, arguments, stage, sources)
    first = (str(error).strip().split("\n") or [""])[0][:200]
    place = f" in the stage `{stage}`" if stage else ""
    fail(f"the compiler failed{place}: {type(error).__name__}: {first}")
    sys.stderr.write("   This is a mistake of the compiler, not of your program.\n")
    if folder is not None:
        sys.stderr.write(
            f"   A report was written to {folder}\n"
            "   It holds the program's sources; please attach what you may share to an issue.\n"
        )
