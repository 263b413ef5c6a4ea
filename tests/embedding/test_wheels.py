"""Wheels of Clef modules, and stubs.

In: a project. Out: tests of the wheel's bytes, of installing it into a new environment, and of what
type checkers make of the stub. Promises: the environment has neither Clef nor NumPy.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.embedding.compilers import clef, environment

HERE = Path(__file__).parent
PROJECT = """
[package]
name = "shapes"
version = "1.2.3"
description = "Areas of shapes"

[build]
sources = ["geometry.clef"]
"""
USE = """
import shapes
assert shapes.area(shapes.Shape.Circle(shapes.Point(0.0, 0.0), 1.0)) > 3.14
assert shapes.words("a b") == ["a", "b"]
assert type(shapes.squares(3)) is memoryview and list(shapes.squares(3)) == [0, 1, 4]
try:
    shapes.quotient(1, 0)
except ZeroDivisionError as error:
    assert isinstance(error, shapes.ClefException)
    print(error)
import sys
assert "clef" not in sys.modules and "numpy" not in sys.modules
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    (folder / "geometry.clef").write_text((HERE / "geometry.clef").read_text())
    (folder / "shapes.fidproj").write_text(PROJECT)
    clef("build", "--kind", "python", "-o", "dist", folder=folder)
    (found,) = (folder / "dist").iterdir()
    return found


def test_name_and_contents(wheel: Path) -> None:
    from clef.toolchain.target import native_name

    machine = native_name().partition("-")[0]
    if machine == "x86_64":
        tag = f"py3-none-manylinux_2_17_{machine}.musllinux_1_1_{machine}"
        assert wheel.name == f"shapes-1.2.3-{tag}.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        record = archive.read("shapes-1.2.3.dist-info/RECORD").decode().splitlines()
        assert "Summary: Areas of shapes" in archive.read(names[-3]).decode()
    assert sorted(line.partition(",")[0] for line in record) == sorted(names)
    assert "shapes/__init__.pyi" in names and "shapes/py.typed" in names


def test_the_same_project_gives_the_same_bytes(wheel: Path) -> None:
    clef("build", "--kind", "python", "-o", "again", folder=wheel.parent.parent)
    assert (wheel.parent.parent / "again" / wheel.name).read_bytes() == wheel.read_bytes()


def test_it_works_where_there_is_no_clef(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "new", with_pip=True, symlinks=True)
    python = str(tmp_path / "new" / "bin" / "python")
    bare = {name: value for name, value in environment().items() if name != "PYTHONPATH"}
    install = [python, "-m", "pip", "install", "-q", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(install, check=True, env=bare, timeout=200)
    done = subprocess.run(
        [python, "-c", USE], env=bare, cwd=tmp_path, capture_output=True, text=True, timeout=100
    )
    assert (done.returncode, done.stdout) == (0, "Attempted to divide by zero.\n"), done.stderr


CHECKED = """
import geometry
from geometry import Point, Shape

area: float = geometry.area(Shape.Circle(Point(1.0, 2.0), 3.0))
words: list[str] = geometry.words("a b")
maybe: int | None = geometry.parse("1")
both: tuple[tuple[bool, str], tuple[str, int]] = geometry.echoTuple(1, "", (True, "x"))
geometry.area(Shape.Empty)
"""


@pytest.mark.skipif(importlib.util.find_spec("mypy") is None, reason="mypy is not installed")
def test_the_stub_says_what_is_accepted(tmp_path: Path) -> None:
    clef("stubs", str(HERE / "geometry.clef"), "-o", "geometry.pyi", folder=tmp_path)
    (tmp_path / "good.py").write_text(CHECKED)
    (tmp_path / "bad.py").write_text("import geometry\ngeometry.quotient('a', 1)\n")
    command = [sys.executable, "-m", "mypy", "--no-incremental", "--config-file", "", "good.py"]
    good = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=250)
    assert good.returncode == 0, good.stdout
    command[-1] = "bad.py"
    bad = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=250)
    assert 'Argument 1 to "quotient" has incompatible type "str"' in bad.stdout
