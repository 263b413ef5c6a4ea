"""The other languages: how their programs are built and started.

In: what is installed. Out: `PEERS`, by name. Promises: each says which file of a program's folder
is its source, what it needs, and the command that installs that; compilers optimise for the same
processor, the architecture's baseline, and keep their language's checks.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import c_compiler
from tests.reference import reference

NUMBA = Path.home() / ".cache/clef-benchmarks/numba"


@dataclass(frozen=True, slots=True)
class Peer:
    """A language; `build` and `start` give commands for a source and an executable."""

    name: str
    source: str
    present: Callable[[], bool]
    install: str
    build: Callable[[Path, Path], list[str]] | None
    start: Callable[[Path, Path], list[str]]
    environment: tuple[tuple[str, str], ...] = ()
    suffix: str = ""


def clef_command(*words: str) -> list[str]:
    """The command that starts the compiler."""
    return [sys.executable, "-m", "clef", *words]


def _executable(source: Path, target: Path) -> list[str]:
    return [str(target)]


def _has(*tools: str) -> Callable[[], bool]:
    return lambda: all(shutil.which(tool) for tool in tools)


def _has_c() -> bool:
    return bool(shutil.which(c_compiler()[0]) and importlib.util.find_spec("ziglang"))


def _build_clef(source: Path, target: Path) -> list[str]:
    return clef_command("build", "--release", "--quiet", str(source), "-o", str(target))


def _build_c(source: Path, target: Path) -> list[str]:
    return [*c_compiler(), "-O3", "-s", str(source), "-o", str(target), "-lm"]


def _build_rust(source: Path, target: Path) -> list[str]:
    options = ["--edition=2021", "-Copt-level=3", "-Ccodegen-units=1", "-Cstrip=symbols"]
    return ["rustc", *options, str(source), "-o", str(target)]


def _build_ocaml(source: Path, target: Path) -> list[str]:
    return ["ocamlopt", "-O3", "-inline", "200", "unix.cmxa", str(source), "-o", str(target)]


def _build_go(source: Path, target: Path) -> list[str]:
    return ["go", "build", "-ldflags=-s -w", "-o", str(target), str(source)]


def _build_haskell(source: Path, target: Path) -> list[str]:
    folder = str(target.parent / f"{target.name}-objects")
    return ["ghc", "-v0", "-O2", "-outputdir", folder, str(source), "-o", str(target)]


def _start_fsharp(source: Path, target: Path) -> list[str]:
    return [str(reference.DOTNET), "exec", str(target)]


def _start_node(source: Path, target: Path) -> list[str]:
    # The flag is in kilobytes; the system's limit is larger (see launcher.c).
    return ["node", "--stack-size=800000", str(source)]


def _start_pypy(source: Path, target: Path) -> list[str]:
    return ["pypy3", str(source)]


def _start_numba(source: Path, target: Path) -> list[str]:
    return [str(NUMBA / "bin/python"), str(source)]


CLEF = Peer("Clef", "main.clef", lambda: True, "", _build_clef, _executable)
PEERS = {
    peer.name: peer
    for peer in (
        Peer("C", "main.c", _has_c, "pip install ziglang", _build_c, _executable),
        Peer(
            "Rust",
            "main.rs",
            _has("rustc"),
            "apt-get install rustc",
            _build_rust,
            _executable,
        ),
        Peer(
            "OCaml",
            "main.ml",
            _has("ocamlopt"),
            "apt-get install ocaml-nox",
            _build_ocaml,
            _executable,
        ),
        Peer("Haskell", "main.hs", _has("ghc"), "apt-get install ghc", _build_haskell, _executable),
        Peer(
            "Go",
            "main.go",
            _has("go"),
            "apt-get install golang-go",
            _build_go,
            _executable,
            (("GO111MODULE", "off"),),
        ),
        Peer(
            "F#",
            "main.fs",
            reference.is_installed,
            "python3 -c 'from tests.reference.reference import set_up; set_up()'",
            reference.compile_command,
            _start_fsharp,
            tuple(sorted(reference.SETTINGS.items())),
            ".dll",
        ),
        Peer("Node", "main.js", _has("node"), "apt-get install nodejs", None, _start_node),
        Peer("PyPy", "main.py", _has("pypy3"), "apt-get install pypy3", None, _start_pypy),
        Peer(
            "Numba",
            "main_numba.py",
            lambda: (NUMBA / "bin/python").exists(),
            f"python3 -m venv {NUMBA} && {NUMBA}/bin/pip install numba",
            None,
            _start_numba,
            (("NUMBA_CACHE_DIR", str(NUMBA / "compiled")),),
        ),
    )
}


def installation() -> str:
    """The commands that install what is missing; nothing is run."""
    lines = [f"{p.install}    # {p.name}" for p in PEERS.values() if not p.present()]
    return "\n".join(lines) or "All peers are installed."


def environment(peer: Peer) -> dict[str, str]:
    """What has to be set for the peer's commands."""
    return {name: os.environ.get(name, value) for name, value in peer.environment}
