"""Ways to run the kernels from Python.

In: what is installed. Out: for each way a name and its functions, or the reason why it is missing.
Promises: all compile for the machine they run on, with optimisation, and check what they check by
default; C checks nothing.
"""

from __future__ import annotations

import ctypes
import importlib.util
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

HERE = Path(__file__).parent
KERNELS = ("add", "dot", "smooth", "mandelbrot", "primes")


@dataclass(frozen=True)
class Peer:
    """`functions` by kernel; `missing` says why there are none."""

    name: str
    functions: Mapping[str, Callable[..., Any]]
    missing: str = ""


def peers(work: Path) -> list[Peer]:
    """All ways, Clef first; Python itself comes last."""
    return [_clef(), _ctypes(work), _cython(work), _numba(), _python()]


def _taken(name: str, module: Any) -> Peer:
    return Peer(name, {one: getattr(module, one) for one in KERNELS})


def _clef() -> Peer:
    import clef

    return _taken("Clef", clef.load(HERE / "kernels.clef", cpu="native"))


def _python() -> Peer:
    from benchmarks.python import kernels

    return _taken("Python", kernels)


def _numba() -> Peer:
    if importlib.util.find_spec("numba") is None:
        return Peer("Numba", {}, "pip install numba")
    import numba

    from benchmarks.python import kernels

    made = {one: numba.njit(getattr(kernels, one)) for one in KERNELS}
    return Peer("Numba", made)


def _compiler() -> str | None:
    return shutil.which("gcc") or shutil.which("cc")


def _build(source: Path, product: Path, *options: str) -> None:
    compiler = _compiler()
    assert compiler is not None
    flags = ["-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC"]
    command = [compiler, *flags, *options, str(source), "-o", str(product)]
    subprocess.run(command, check=True, capture_output=True)


def _ctypes(work: Path) -> Peer:
    if _compiler() is None:
        return Peer("C, ctypes", {}, "no C compiler")
    path = work / "kernels_c.so"
    _build(HERE / "kernels.c", path)
    code = ctypes.CDLL(str(path))
    double, pointer, int32, int64 = (
        ctypes.c_double,
        ctypes.c_void_p,
        ctypes.c_int32,
        ctypes.c_int64,
    )
    code.dot.argtypes, code.dot.restype = (pointer, pointer, int64), double
    code.smooth.argtypes, code.smooth.restype = (pointer, int64, int32), None
    for name in ("add", "mandelbrot"):
        getattr(code, name).argtypes = (int32, int32)
    code.primes.argtypes = (int32,)

    def dot(xs: Any, ys: Any) -> float:
        return float(code.dot(xs.ctypes.data, ys.ctypes.data, len(xs)))

    def smooth(values: Any, rounds: int) -> None:
        code.smooth(values.ctypes.data, len(values), rounds)

    made = SimpleNamespace(add=code.add, dot=dot, smooth=smooth)
    made.mandelbrot, made.primes = code.mandelbrot, code.primes
    return _taken("C, ctypes", made)


def _cython(work: Path) -> Peer:
    include = sysconfig.get_paths()["include"]
    if importlib.util.find_spec("Cython") is None or _compiler() is None:
        return Peer("Cython", {}, "pip install cython, and a C compiler")
    if not (Path(include) / "Python.h").exists():
        return Peer("Cython", {}, "no Python.h")
    source = work / "kernels_cython.c"
    command = [sys.executable, "-m", "cython", str(HERE / "kernels.pyx"), "-o", str(source)]
    subprocess.run([*command, "--module-name", "kernels_cython"], check=True, capture_output=True)
    path = work / f"kernels_cython{sysconfig.get_config_var('EXT_SUFFIX')}"
    _build(source, path, f"-I{include}", "-w")
    spec = importlib.util.spec_from_file_location("kernels_cython", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return _taken("Cython", module)
