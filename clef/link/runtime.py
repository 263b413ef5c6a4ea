"""The few parts of a program that do not come from the program: its first instructions and the
routines LLVM relies on.

Comes in: a target. Goes out: paths of objects and archives, compiled once per target by the C
compiler in the `ziglang` package and kept in the user's cache under a hash of everything that went
into them. Promises: an archive is made only when a program needs a symbol of it, and linked only as
far as it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from clef.data_classes import dataclass
from clef.diagnostics.tools import InternalError
from clef.toolchain.board import Board
from clef.toolchain.cache import (
    cache_folder,
    cached_file,
    cached_path,
    content_hash,
    scratch_folder,
)
from clef.toolchain.process import Outcome, run
from clef.toolchain.target import Target
from clef.toolchain.tool import package_version, zig

_SOURCES = Path(__file__).with_name("startup")
_C_OPTIONS = (
    "-std=c17",
    "-O2",
    "-ffreestanding",
    "-fno-builtin",
    "-fno-math-errno",
    "-fno-ident",
    "-fno-stack-protector",
    "-fomit-frame-pointer",
    "-ffp-contract=off",
    "-ffunction-sections",
    "-fdata-sections",
    "-fno-unwind-tables",
    "-fno-asynchronous-unwind-tables",
    "-fPIC",
    "-fvisibility=hidden",
    "-Wno-everything",
)


def require(outcome: Outcome, task: str) -> None:
    """Raise `InternalError` unless a program of ours, on input of ours, succeeded."""
    if not outcome.succeeded:
        evidence = {"command.txt": " ".join(outcome.command), "messages.txt": outcome.error_text()}
        raise InternalError(task, "a tool failed on our own input", evidence)


def c_command(target: Target) -> list[str]:
    """The command that compiles C for a target; `-c`, source and `-o` are to be added."""
    return zig().command("clang", "-target", target.zig_target, *_C_OPTIONS, *target.c_options)


def _tools_version() -> str:
    folder = zig().path
    return package_version(folder.parent) if folder is not None else ""


def runtime_key(target: Target, *parts: str | bytes) -> str:
    """The cache key of something made from `parts` for a target."""
    options = " ".join((target.zig_target, target.zig_cpu, *target.c_options, *_C_OPTIONS))
    return content_hash(_tools_version(), options, *parts)


@dataclass(frozen=True, slots=True)
class _Part:
    """Something to link: its name in the cache, its key, how it is made."""

    name: str
    key: str
    make: Callable[[], bytes]

    def path(self) -> Path:
        """The file, made now if need be."""
        return cached_file(self.name, self.key, self.make)

    def at_hand(self) -> bool:
        """Whether it has been made already."""
        return cached_path(self.name, self.key).exists()


def _c_part(name: str, target: Target, *options: str) -> _Part:
    """The object of one C file of ours."""
    source = _SOURCES / name

    def make() -> bytes:
        with scratch_folder() as folder:
            product = folder / "object.o"
            command = [*c_command(target), *options, "-c", str(source), "-o", str(product)]
            require(run(command), f"compiling {name}")
            return product.read_bytes()

    headers = [header.read_bytes() for header in sorted(_SOURCES.glob("*.h"))]
    key = runtime_key(target, source.read_bytes(), *headers, *options)
    return _Part(f"{source.stem}.o", key, make)


def startup_object(target: Target, with_c_library: bool = False) -> Path:
    """The object in which the program begins."""
    options = ("-DCLEF_WITH_C_LIBRARY",) if with_c_library else ()
    return _c_part(f"{target.system}.c", target, *options).path()


def bare_object(target: Target, board: Board) -> Path:
    """The object in which the program begins on a board."""
    return _c_part("bare.c", target, *board_options(board)).path()


def board_options(board: Board) -> tuple[str, ...]:
    """What the start-up code must know about a board, as options of the C compiler."""
    options = [f"-DBOARD_GUARD_SIZE={board.guard_size}u"]
    if board.ending == "semihosting":
        options.append("-DBOARD_ENDING_SEMIHOSTING")
    if board.clock_hz:
        options.append(f"-DBOARD_CLOCK_HZ={board.clock_hz}u")
    if board.console == "uart":
        numbers = (
            "data",
            "status",
            "full_mask",
            "full_value",
            "empty_mask",
            "empty_value",
            "bytes",
        )
        for name in numbers:
            options.append(f"-DBOARD_UART_{name.upper()}={getattr(board, f'uart_{name}')}u")
        writes = "".join(f"UART({place}u) = {value}u;" for place, value in board.uart_setup)
        options.append(f"-DBOARD_UART_SETUP={writes}")
    return tuple(options)


def loaded_object(target: Target) -> Path:
    """The object that runs a program inside a process that is there already."""
    return _c_part(f"{target.system}.c", target, "-DCLEF_LOADED").path()


def text_object(target: Target, text: str) -> Path:
    """The object of a piece of C that belongs to one program."""

    def make() -> bytes:
        with scratch_folder() as folder:
            source, product = folder / "calls.c", folder / "calls.o"
            source.write_text(text, encoding="utf-8")
            command = [*c_command(target), "-c", str(source), "-o", str(product)]
            require(run(command), "compiling calls of C functions")
            return product.read_bytes()

    return _Part("calls.o", runtime_key(target, text), make).path()


def system_heap_object(target: Target) -> Path:
    """The heap of programs whose addresses are checked."""
    return _c_part("system_heap.c", target, "-fno-omit-frame-pointer").path()


def mathematics_object(target: Target) -> Path:
    """Functions of numbers, from sine to remainder."""
    return _c_part("mathematics.c", target).path()


def _make_routines(target: Target) -> bytes:
    """Arithmetic on numbers that the machine has no instructions for, from the sources in the
    `ziglang` package.
    """
    tool = zig()
    assert tool.path is not None
    source = tool.path.parent / "lib" / "compiler_rt.zig"
    with scratch_folder() as folder:
        product = folder / "routines.a"
        command = tool.command(
            "build-lib",
            str(source),
            *("-target", target.zig_target, f"-mcpu={target.zig_cpu}"),
            *("-OReleaseSmall", "-fstrip", "-ffunction-sections", "-fdata-sections"),
            *(() if target.system == "bare" else ("-fPIC",)),
            *("--cache-dir", str(folder), "--global-cache-dir", str(cache_folder() / "zig")),
            f"-femit-bin={product}",
        )
        require(run(command, time_limit=600), "building number routines")
        return product.read_bytes()


def _optional_parts(target: Target) -> tuple[_Part, _Part]:
    """Mathematics (half a second to make) and rare kinds of numbers (many seconds)."""
    key = runtime_key(target, "compiler_rt")
    routines = _Part("routines.a", key, lambda: _make_routines(target))
    return _c_part("mathematics.c", target), routines


def parts_at_hand(target: Target) -> list[Path]:
    """What can be linked at once: small routines, and the other parts if they have been made."""
    names = ["memory.c", "wide.c"]
    if target.architecture == "thumb":
        names = ["memory.c", "wide_arm.c", "rounding.c"]
    always = [_c_part(name, target).path() for name in names]
    return [*always, *(part.path() for part in _optional_parts(target) if part.at_hand())]


def parts_for(target: Target, missing: Collection[str]) -> list[Path]:
    """The parts with those that define the missing symbols; parts at hand do not."""
    mathematics, routines = _optional_parts(target)
    for symbol in missing:
        known = symbol.startswith("clef_math_") or symbol in ("fmod", "fmodf")
        (mathematics if known else routines).path()
    return parts_at_hand(target)
