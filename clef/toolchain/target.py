"""Machines to compile for, read from one TOML file each.

Comes in: a target's name. Goes out: `Target`, everything the later stages want to know about the
machine. Promises: a field missing in a file comes from the file that it `inherits`; a field missing
in all of them is an error of the package and found by the tests. `native` is the machine we run on.
"""

from __future__ import annotations

import platform
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

from clef.data_classes import dataclass
from clef.toolchain.board import Board, board_of

_FOLDER = Path(__file__).parent.parent / "backends" / "targets"


@dataclass(frozen=True, slots=True)
class Target:
    """A machine with its operating system.

    `family` selects pass lists, `cpu` and `features` are LLVM's words (features comma-separated
    with signs), `abi` LLVM's ABI name where there is a choice. `emulation` is the linker's name of
    the machine, `zig_target` and `zig_cpu` name it for parts written in C, compiled with
    `c_options`, `libc_target` for builds with a C library (empty when there is none). `emulator` is
    the command that runs an executable on a foreign machine (empty: it may run on this kind of
    machine only). Releases are `optimise_for` "speed" or "size". A `board` has what surrounds the
    processor where there is no operating system.
    """

    name: str
    triple: str
    architecture: str
    system: str
    family: str
    object_format: str
    cpu: str
    features: str
    abi: str
    pointer_bits: int
    data_layout: str
    code_model: str
    emulation: str
    zig_target: str
    zig_cpu: str
    libc_target: str
    executable_suffix: str
    c_options: tuple[str, ...]
    emulator: tuple[str, ...]
    optimise_for: str
    board: Board | None = None

    @property
    def words(self) -> frozenset[str]:
        """What library code can ask about the target."""
        words = {self.system, self.architecture, self.name, f"{self.pointer_bits}-bit"}
        if self.system == "linux":
            words.add("stacks")  # there can be more than one
        if self.board is not None:
            words.add(f"console {self.board.console}")
            words.update({"clock"} if self.board.clock_hz else ())
        return frozenset(words)

    @property
    def is_native(self) -> bool:
        """Whether this machine runs the target's executables itself."""
        return self.name == native_name()


def with_cpu(target: Target, cpu: str) -> Target:
    """The same target for one processor (LLVM's name, or `native`); code may then not run on
    others.
    """
    return replace(target, cpu=cpu, features="" if cpu == "native" else target.features)


def target_names() -> tuple[str, ...]:
    """Every name that `find_target` knows, apart from `native`."""
    return tuple(
        sorted(path.stem for path in _FOLDER.glob("*.toml") if not path.stem.startswith("_"))
    )


def native_name() -> str:
    """The name of the target that is the machine we run on (it may be unsupported)."""
    machine = platform.machine().lower()
    architecture = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    return f"{architecture}-{platform.system().lower()}"


@cache
def find_target(name: str) -> Target | None:
    """The target of this name (`native` for our own machine), or `None` when there is none."""
    if name == "native":
        name = native_name()
    path = _FOLDER / f"{name}.toml"
    if name.startswith("_") or not path.exists():
        return None
    values = _read(path)
    values["name"] = name
    for key in ("emulator", "c_options"):
        values[key] = tuple(_strings(values.get(key)))
    board = values.get("board")
    values["board"] = board_of(board) if isinstance(board, dict) else None  # pyright: ignore[reportUnknownArgumentType]
    known = [field.name for field in fields(Target)]
    return Target(**{key: values[key] for key in known})  # type: ignore[arg-type]


def _read(path: Path) -> dict[str, object]:
    """The fields of a file, laid over those of the file it inherits; so are those of a table."""
    import tomllib

    values: dict[str, object] = dict(tomllib.loads(path.read_text("utf-8")))
    parent = values.pop("inherits", None)
    if not isinstance(parent, str):
        return values
    inherited = _read(_FOLDER / f"{parent}.toml")
    for key, table in inherited.items():
        own = values.get(key)
        if isinstance(table, dict) and isinstance(own, dict):
            values[key] = table | own
    return inherited | values


def _strings(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
