"""The external programs and native packages that Clef knows, and how to find them.

Comes in: a tool's name. Goes out: `Tool`, with its path and, on request, its version. Promises:
looking for a tool runs nothing; what is not there is said together with the one command that brings
it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from clef.data_classes import dataclass
from clef.toolchain.process import run


@dataclass(frozen=True, slots=True)
class Tool:
    """A program or package.

    `path` is `None` when it is missing; `remedy` is the command that installs it.
    """

    name: str
    purpose: str
    remedy: str
    required: bool
    path: Path | None
    version_option: str = ""

    @property
    def found(self) -> bool:
        """Whether it is there."""
        return self.path is not None

    def command(self, *arguments: str) -> list[str]:
        """A command line; the tool must have been found."""
        assert self.path is not None
        return [str(self.path), *arguments]


def package_folder(name: str) -> Path | None:
    """The folder of an installed Python package, found without importing it."""
    for entry in sys.path:
        folder = Path(entry) / name
        if entry and folder.is_dir():
            return folder
    return None


@cache
def _program(name: str) -> Path | None:
    """A program on the search path."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        path = Path(folder) / name
        if folder and path.is_file() and os.access(path, os.X_OK):
            return path
    return None


@cache
def zig() -> Tool:
    """Linker, C compiler and C libraries in one program, from the `ziglang` package."""
    folder = package_folder("ziglang")
    path = folder / ("zig.exe" if sys.platform == "win32" else "zig") if folder else None
    return Tool(
        "zig",
        "link programs",
        "pip install ziglang==0.17.1",
        True,
        path if path is not None and path.exists() else None,
        "version",
    )


_EMULATORS = {
    "qemu-x86_64": "run programs for x86_64-linux",
    "qemu-aarch64": "run programs for aarch64-linux",
    "qemu-riscv64": "run programs for riscv64-linux",
    "qemu-system-arm": "run programs for boards with a Cortex-M",
}


_MACHINES = {"qemu-system-arm": "qemu-system-arm"}
"""The packages of emulators of whole machines."""


def emulator(name: str) -> Tool:
    """A program that runs other machines' executables."""
    if name == "wasmtime":
        return _package(
            "wasmtime", "run programs for wasm32-wasi", "pip install wasmtime==50.0.1", False
        )
    purpose = _EMULATORS.get(name, "run programs for another machine")
    remedy = f"sudo apt-get install {_MACHINES.get(name, 'qemu-user')}"
    return Tool(name, purpose, remedy, False, _program(name), "--version")


def emulator_command(words: Sequence[str], program: Path, arguments: Sequence[str]) -> list[str]:
    """The command line that runs a program on an emulator that was found: its name and options in
    `words`.
    """
    name, *options = words
    if name in _MACHINES:
        machine = emulator(name).command(*options, *_machine_options(program))
        return with_arguments(machine, arguments)
    if name == "wasmtime":
        script = Path(__file__).with_name("wasi.py")
        search_path = os.pathsep.join(sys.path)
        return [sys.executable, "-I", str(script), search_path, str(program), *arguments]
    return emulator(name).command(*options, str(program), *arguments)


_HOST = "-semihosting-config"


def _machine_options(program: Path) -> list[str]:
    """How a whole machine is emulated that runs a program and ends with it: without a screen, its
    first serial line and the streams of the debugger's interface at ours.
    """
    streams = ("-display", "none", "-monitor", "none", "-serial", "stdio")
    words = [*streams, _HOST, "enable=on,target=native", "-kernel", str(program)]
    return with_arguments(words, [program.name])


def with_arguments(command: Sequence[str], arguments: Sequence[str]) -> list[str]:
    """A command line that runs a program, with more arguments for the program. Emulators of whole
    machines take them as one option, in which a comma is written twice.
    """
    words = list(command)
    if _HOST not in words:
        return [*words, *arguments]
    at = words.index(_HOST) + 1
    words[at] += "".join(f",arg={word.replace(',', ',,')}" for word in arguments)
    return words


def debugger() -> Tool:
    """A debugger that reads the debug information we write."""
    return Tool(
        "gdb", "debug programs", "sudo apt-get install gdb", False, _program("gdb"), "--version"
    )


@cache
def address_sanitizer() -> Tool:
    """The run time of the address sanitizer, as the system's C compiler has it."""
    return Tool(
        "libasan",
        "run programs built with `--sanitize address`",
        "sudo apt-get install gcc",
        False,
        _library_of_compiler("libasan.so"),
    )


def _library_of_compiler(name: str) -> Path | None:
    """A library in the folders of the system's C compiler, which says where."""
    compiler = _program("cc") or _program("gcc")
    if compiler is None:
        return None
    answer = run([str(compiler), f"-print-file-name={name}"], time_limit=20)
    path = Path(answer.output.decode().strip())
    return path.resolve() if path.is_absolute() and path.exists() else None


def _package(name: str, purpose: str, remedy: str, required: bool) -> Tool:
    return Tool(name, purpose, remedy, required, package_folder(name))


def all_tools() -> tuple[Tool, ...]:
    """Everything the compiler may want, what is required first."""
    return (
        _package("torch_mlir", "lower programs", "pip install torch-mlir==20261001", True),
        _package("llvmlite", "generate machine code", "pip install llvmlite==0.50.0", True),
        zig(),
        *(emulator(name) for name in (*_EMULATORS, "wasmtime")),
        debugger(),
    )


def version(tool: Tool) -> str:
    """The version a tool says it has; empty when it is missing or does not say."""
    if tool.path is None:
        return ""
    if not tool.version_option:
        return package_version(tool.path)
    lines = run(tool.command(tool.version_option), time_limit=20).output.decode().splitlines()
    return lines[0].strip() if lines else ""


def package_version(folder: Path) -> str:
    """The version in the name of the metadata folder beside the package."""
    for metadata in folder.parent.glob(f"{folder.name}-*.dist-info"):
        return metadata.name.removeprefix(f"{folder.name}-").removesuffix(".dist-info")
    return ""
