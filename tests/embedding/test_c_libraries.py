"""C programs that link with Clef libraries.

In: a library with a function of every kind, and a C program that calls them all. Out: tests of
shared and static libraries, of both compilers, of the exported names, of start-up that fails, of
memory. Promises: the C program asserts; the header asserts every layout.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.embedding.compilers import clef, environment, output, own_compiler, system_compiler

HERE = Path(__file__).parent
FLAGS = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter"]
EXPECTED = """\
say hi
System.Text.DecoderFallbackException
geo.clef:23
System.Exception|bad egg|geo.clef:33
ok
"""
SYSTEM = system_compiler()
needs_system = pytest.mark.skipif(SYSTEM is None, reason="there is no C compiler on this system")


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both libraries and the header; cells are counted."""
    folder = tmp_path_factory.mktemp("libraries")
    for name in ("geo.clef", "geo_test.c"):
        shutil.copy(HERE / name, folder)
    build(folder, "geo.clef", "shared", "static")
    return folder


def build(folder: Path, source: str, *kinds: str) -> None:
    """Build libraries that count their cells."""
    from clef.embedding.library import Wanted, build_library
    from clef.pipeline import Options
    from clef.project.loading import load, read_sources
    from clef.source import SourceFile

    loaded = load(str(folder / source))
    assert loaded.project is not None
    sources = [SourceFile(source, one.text) for one in read_sources(loaded)[0]]
    for kind in kinds:
        name = f"lib{loaded.project.name}.{'so' if kind == 'shared' else 'a'}"
        options = Options(release=True, count_cells=True)
        made = build_library(loaded.project, options, sources, Wanted(kind, name))
        assert not made.diagnostics, [one.title() for one in made.diagnostics]
        (folder / name).write_bytes(made.content)
        (folder / f"{made.interface.name}.h").write_text(made.header)


def program(folder: Path, compiler: list[str], *inputs: str) -> str:
    """Compile the C program with a library."""
    output([*compiler, *FLAGS, "geo_test.c", *inputs, "-lpthread", "-lm", "-o", "program"], folder)
    return str(folder / "program")


@needs_system
@pytest.mark.parametrize("inputs", [["-L.", "-lgeo", "-Wl,-rpath,."], ["libgeo.a"]])
def test_every_kind_of_function(libraries: Path, inputs: list[str]) -> None:
    assert SYSTEM is not None
    assert output([program(libraries, SYSTEM, *inputs)], libraries) == EXPECTED


def test_with_our_own_compiler(libraries: Path) -> None:
    path = program(libraries, own_compiler(), "libgeo.a")
    assert output([path], libraries) == EXPECTED


@needs_system
@pytest.mark.skipif(shutil.which("valgrind") is None, reason="there is no valgrind")
def test_valgrind_has_no_complaint(libraries: Path) -> None:
    assert SYSTEM is not None
    path = program(libraries, SYSTEM, "-DROUNDS=20", "libgeo.a")
    command = ["valgrind", "-q", "--error-exitcode=9", "--leak-check=full", path]
    assert output(command, libraries) == EXPECTED


@needs_system
def test_the_header_is_also_cpp(libraries: Path) -> None:
    assert SYSTEM is not None
    (libraries / "all.cpp").write_text('#include "geo.h"\nint main() { return geo_next() != 1; }\n')
    compiler = shutil.which("g++")
    if compiler is None:
        pytest.skip("there is no C++ compiler")
    output([compiler, "-Wall", "-Werror", "all.cpp", "libgeo.a", "-o", "cpp"], libraries)
    output([str(libraries / "cpp")], libraries)


def test_nothing_else_can_be_seen(libraries: Path) -> None:
    from clef.link.localize import defined_symbols

    data = (libraries / "libgeo.a").read_bytes()
    start = data.index(b"\x7fELF")
    names = defined_symbols(data[start:])
    assert names and all(name.startswith("geo_") for name in names), sorted(names)


def test_the_same_source_gives_the_same_bytes(libraries: Path) -> None:
    before = [(libraries / name).read_bytes() for name in ("libgeo.so", "libgeo.a", "geo.h")]
    build(libraries, "geo.clef", "shared", "static")
    after = [(libraries / name).read_bytes() for name in ("libgeo.so", "libgeo.a", "geo.h")]
    assert before == after


START = """
#include "broken.h"
#include <stdio.h>
int main(void) {
    printf("%d %d\\n", broken_start(), broken_twice(2));
    printf("%s\\n", broken_last_error_type());
    return 0;
}
"""


def test_start_up_that_fails(tmp_path: Path) -> None:
    text = 'module Broken\nlet limit : int = failwith "no limit"\nlet twice (x: int) = x * limit\n'
    (tmp_path / "broken.clef").write_text(text)
    (tmp_path / "main.c").write_text(START)
    build(tmp_path, "broken.clef", "static")
    compiler = SYSTEM or own_compiler()
    output([*compiler, "main.c", "libbroken.a", "-o", "program"], tmp_path)
    told = output([str(tmp_path / "program")], tmp_path)
    assert told == "0 0\nSystem.TypeInitializationException\n"


@needs_system
def test_two_libraries_in_one_program(tmp_path: Path) -> None:
    for name in ("one", "two"):
        body = f"module {name.title()}\nlet mutable count = {len(name)}\n"
        body += "let next () = count <- count + 1; count\n"
        (tmp_path / f"{name}.clef").write_text(body)
        build(tmp_path, f"{name}.clef", "static")
    (tmp_path / "main.c").write_text(
        '#include "one.h"\n#include "two.h"\n#include <stdio.h>\n'
        'int main(void) { one_next(); printf("%d %d\\n", one_next(), two_next()); }\n'
    )
    assert SYSTEM is not None
    output([*SYSTEM, "main.c", "libone.a", "libtwo.a", "-o", "program"], tmp_path)
    assert output([str(tmp_path / "program")], tmp_path) == "5 4\n"


def test_what_cannot_be_exported_is_said(tmp_path: Path) -> None:
    source = '[<Export("total")>]\nlet total (xs: int list) : int = List.sum xs\n'
    (tmp_path / "main.clef").write_text(source)
    command = ["-m", "clef", "build", "--kind", "shared", "--message-format", "short", "main.clef"]
    import sys

    done = subprocess.run(
        [sys.executable, *command], cwd=tmp_path, env=environment(), capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "main.clef:2:5: E1001: `total` cannot be exported" in done.stderr + done.stdout


def test_a_library_project(tmp_path: Path) -> None:
    (tmp_path / "main.clef").write_text("module Shop\nlet price (x: int) = x * 3\n")
    project = (
        '[package]\nname = "shop"\n[build]\nsources = ["main.clef"]\noutput_kind = "library"\n'
    )
    (tmp_path / "shop.fidproj").write_text(project)
    clef("build", "--header", folder=tmp_path)
    import ctypes

    library = ctypes.CDLL(str(tmp_path / "build" / "libshop.so"))
    assert library.shop_price(14) == 42
    assert "int32_t shop_price(int32_t x);" in (tmp_path / "build" / "shop.h").read_text()
