"""Running one test program through the compiler, in this process.

In: the path of a `.clef` file and a `Way`: a target, a level, whether cells are counted. Out: what
the program printed and how it ended. Promises: compile errors come back as a `Result` with exit
code 1 and the messages, one a line, on standard error; nothing is taken from the cache of
executables; several ways for one program share the stages that do not depend on the way, and all
programs of a process what they load of the standard library; a program cannot write or run without
bound.
"""

from __future__ import annotations

import resource
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from clef.diagnostics.arrangement import has_errors
from clef.diagnostics.lines import short
from clef.pipeline import Compilation, Options, compile_project
from clef.project.loading import load, read_sources
from clef.standard_library import Library, renewed
from clef.standard_library import load as load_library
from clef.toolchain.execute import command_for
from clef.toolchain.target import find_target, native_name
from clef.toolchain.telemetry import SILENT
from tests.program_expectations import Expectation, parse

TIME_LIMIT = 60.0
OUTPUT_LIMIT = 64 << 20
LEAK_CODE = 99
SHARED = ("sources", "library", "checked", "core", "direct", "proven", "graph")
"""Products that are the same for every way of one program, as long as `#if` does not tell them
apart."""


@dataclass(frozen=True, slots=True)
class Way:
    """How to build a program. `count_cells`: it ends with exit code 99 if heap cells are left.
    `sanitize`: the sanitizer that watches it.
    """

    target: str = ""
    release: bool = False
    count_cells: bool = False
    sanitize: str = ""

    @property
    def name(self) -> str:
        """A short name, as in `aarch64-linux` or `native release`."""
        return (self.target or "native") + (" release" if self.release else "")


@dataclass(slots=True)
class Result:
    """What a program did."""

    stdout: str
    stderr: str
    exit_code: int


def run_program(path: Path, way: Way = Way()) -> Result:
    """Compile and run the program at `path` with the arguments and input that it asks for."""
    _, expectation = parse(path.read_text(encoding="utf-8"))
    return run_with(path, expectation.arguments, expectation.stdin, way)


def run_with(path: Path, arguments: list[str], stdin: str, way: Way = Way()) -> Result:
    """Compile and run the program or project at `path`."""
    compilation = compiled(path, way)
    if compilation is None or compilation.failed or compilation.unavailable:
        return Result("", messages(compilation), 1)
    with tempfile.TemporaryDirectory(prefix="clef-test-") as folder:
        executable = Path(folder) / "program"
        store(compilation, executable)
        return execute(executable, way.target, arguments, stdin)


def store(compilation: Compilation, executable: Path) -> None:
    """Write the program that was compiled."""
    program = compilation.products["executable"]
    assert isinstance(program, bytes), f"the executable is a {type(program).__name__}"
    executable.write_bytes(program)
    executable.chmod(0o755)


def compiled(path: Path, way: Way = Way()) -> Compilation | None:
    """The compilation of the program or project at `path`; None if there is no such project."""
    front = _front_end(path, path.stat().st_mtime_ns, way.release)
    if front is None or front.failed or front.unavailable:
        return front
    options = Options(
        way.target or native_name(),
        way.release,
        count_cells=way.count_cells,
        sanitize=way.sanitize,
    )
    done = {name: front.products[name] for name in SHARED}
    return compile_project(front.project, options, done=done)


@lru_cache(4)
def _front_end(path: Path, _changed: int, release: bool) -> Compilation | None:
    loaded = load(str(path))
    if loaded.project is None:
        return None
    sources, _ = read_sources(loaded)
    options = Options(native_name(), release, stop_after="graph")
    done = {"library": renewed(_library())}
    return compile_project(loaded.project, options, texts=sources, done=done)


@cache
def _library() -> Library:
    """The standard library, whose pieces are loaded when one of the programs needs them."""
    return load_library(SILENT)[0]


def messages(compilation: Compilation | None) -> str:
    """What the compiler said, one message a line."""
    if compilation is None:
        return "there is no such project"
    found = compilation.diagnostics
    return "".join(short(diagnostic, compilation.texts()) for diagnostic in found) or (
        f"no stage {compilation.unavailable}" if not has_errors(found) else ""
    )


def execute(
    executable: Path, target: str = "", arguments: Sequence[str] = (), stdin: str = ""
) -> Result:
    """Run a program of this target to its end."""
    found = find_target(target or native_name())
    assert found is not None, f"no target {target}"
    command = command_for(executable, found, arguments)
    assert isinstance(command, list), command
    return run_limited(command, stdin)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_LIMIT, OUTPUT_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run_limited(command: Sequence[str], stdin: str = "") -> Result:
    """Run a command; its output goes to files, whose size has a limit."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            done = subprocess.run(
                command,
                input=stdin.encode(),
                stdout=out,
                stderr=err,
                timeout=TIME_LIMIT,
                preexec_fn=_limit,
            )
            code = done.returncode
        except subprocess.TimeoutExpired:
            code = 124
        texts: list[str] = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode("utf-8", errors="replace"))
    return Result(texts[0], texts[1], code if code >= 0 else 128 - code)


def difference(expectation: Expectation, result: Result) -> str | None:
    """Say how `result` differs from `expectation`; None when it does not."""
    if result.exit_code == LEAK_CODE != expectation.exit_code:
        return f"heap cells are alive at the end\n{result.stderr[-500:]}"
    if result.exit_code != expectation.exit_code:
        return (
            f"exit code {result.exit_code}, expected {expectation.exit_code}\n"
            f"{result.stdout[-1500:]}\n{result.stderr[-3000:]}"
        )
    if result.stdout != expectation.stdout:
        return _first_difference(expectation.stdout, result.stdout)
    for part in expectation.stderr_parts:
        if part not in result.stderr:
            return f"standard error lacks {part!r}:\n{result.stderr[-3000:]}"
    return None


def _first_difference(expected: str, actual: str) -> str:
    wanted, got = expected.split("\n"), actual.split("\n")
    for number, (left, right) in enumerate(zip(wanted, got, strict=False), 1):
        if left != right:
            return f"output line {number}:\n  expected {left!r}\n  got      {right!r}"
    return f"{len(got) - 1} lines of output, expected {len(wanted) - 1}"
