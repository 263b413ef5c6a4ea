"""Clef modules for C libraries.

In: a header with everything, and those of zlib, sqlite3 and the C library's mathematics. Out: tests
of what is bound, of what is refused and why, of layouts, and of programs that call the libraries.
Promises: a library that is not installed, and a missing parser, are reasons to skip.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.binding.programs import BY_VALUE, BY_VALUE_OUTPUT, PROGRAMS, SHAPES, SHAPES_OUTPUT
from tests.embedding.compilers import clef, output, own_compiler, system_compiler

pytest.importorskip("pycparser", reason="pycparser is not installed")
HERE = Path(__file__).parent
PLACES = [Path("/usr/include"), Path("/usr/local/include")]


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shapes")
    for name in ("shapes.h", "shapes.c"):
        shutil.copy(HERE / name, folder)
    words = ["shapes.h", "-o", "shapes.clef", "--assertions", "layouts.c"]
    clef("bind", *words, folder=folder)
    return folder


def test_what_is_refused_is_told(shapes: Path) -> None:
    text = (shapes / "shapes.clef").read_text()
    left_out = dict(re.findall(r"^//   (.*?): (.*)$", text, re.M))
    assert left_out == {
        "struct flags": "`a` is a bit-field",
        "struct tight": "it is packed or aligned in a way of its own",
        "struct padded": "`second` does not lie where Clef would put it",
        "struct big": "`numbers` is an array inside of it",
        "shapes_print": "it takes any number of arguments",
        "shapes_long": "`long double` has no counterpart",
        "shapes_count": "it is a variable",
        "shapes_inline": "it has its code in the header",
        "SHAPES_CAST": "the macro `((void *)0)` is no constant",
        "SHAPES_MAX": "it is a macro with parameters",
    }


def test_what_is_bound(shapes: Path) -> None:
    text = (shapes / "shapes.clef").read_text()
    for part in (
        "let shapes_distance (p: nativeptr<point>) (q: nativeptr<point>) : float =",
        "let shapes_make (x: float) (y: float) : point =",
        "let shapes_find (numbers: nativeptr<int>) (count: uint64) (wanted: int) : nativeint opt",
        "let shapes_apply (f: FnPtr<(float * nativeint) -> float>) (x: float) (context: nativeint)",
        "let shapes_open (name: string) : worldHandle =",
        "let shapes_type (``type``: int) (small: sbyte) (letter: byte) : bool =",
        "let shapes_tight (t: tightHandle) : int =",
        "    | COLOR_BLUE = 6",
        "let SHAPES_BIG = 4886718345L",
    ):
        assert part in text, part


def test_the_assertions_hold(shapes: Path) -> None:
    text = (shapes / "layouts.c").read_text()
    assert "_Static_assert(offsetof(box, codes[2]) == 20" in text
    output([*own_compiler(), "-c", "layouts.c", "-o", "layouts.o"], shapes)


def test_calling_the_library(shapes: Path) -> None:
    compiler = system_compiler() or own_compiler()
    output([*compiler, "-shared", "-fPIC", "shapes.c", "-o", "libshapes.so", "-lm"], shapes)
    (shapes / "main.clef").write_text("module Main\n" + SHAPES)
    (shapes / "use.fidproj").write_text(
        '[package]\nname = "use"\n[build]\nsources = ["shapes.clef", "main.clef"]\n'
        '[link]\nlibrary_paths = ["."]\n'
    )
    clef("build", "-q", "-o", "use", folder=shapes)
    program = ["env", f"LD_LIBRARY_PATH={shapes}", str(shapes / "use")]
    assert output(program, shapes) == SHAPES_OUTPUT


@pytest.mark.parametrize("release", [False, True], ids=["debug", "release"])
def test_structures_by_value(tmp_path: Path, release: bool) -> None:
    for name in ("by_value.h", "by_value.c"):
        shutil.copy(HERE / name, tmp_path)
    clef("bind", "by_value.h", "-o", "by_value.clef", folder=tmp_path)
    text = (tmp_path / "by_value.clef").read_text()
    assert "by_union: it passes the union `tagged` by value" in text
    compiler = system_compiler() or own_compiler()
    output([*compiler, "-O1", "-shared", "-fPIC", "by_value.c", "-o", "libby_value.so"], tmp_path)
    (tmp_path / "main.clef").write_text("module Main\n" + BY_VALUE)
    (tmp_path / "use.fidproj").write_text(
        '[package]\nname = "use"\n[build]\nsources = ["by_value.clef", "main.clef"]\n'
        '[link]\nlibrary_paths = ["."]\n'
    )
    level = ["--release"] if release else []
    clef("build", "-q", *level, "-o", "use", folder=tmp_path)
    program = ["env", f"LD_LIBRARY_PATH={tmp_path}", str(tmp_path / "use")]
    assert output(program, tmp_path) == BY_VALUE_OUTPUT


@pytest.mark.parametrize("name", PROGRAMS)
def test_real_libraries(name: str, tmp_path: Path) -> None:
    header, options, program, expected = PROGRAMS[name]
    found = next((one / header for one in PLACES if (one / header).exists()), None)
    if found is None:
        pytest.skip(f"{header} is not installed")
    clef("bind", str(found), *options, "-o", f"{name}.clef", folder=tmp_path)
    (tmp_path / "main.clef").write_text("module Main\n" + program)
    (tmp_path / "use.fidproj").write_text(
        f'[package]\nname = "use"\n[build]\nsources = ["{name}.clef", "main.clef"]\n'
    )
    clef("build", "-q", "-o", "use", folder=tmp_path)
    assert output([str(tmp_path / "use")], tmp_path) == expected


def test_a_header_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "bad.h").write_text("int f(;\n")
    with pytest.raises(AssertionError, match=r"`bad\.h` cannot be read"):
        clef("bind", "bad.h", folder=tmp_path)


def test_constant_expressions() -> None:
    from clef.binding.constants import constant_value

    known = {"A": 3}
    values = {
        "1": 1,
        "(1 << A)": 8,
        "0x1FUL": 31,
        "017": 15,
        "'a'": 97,
        r"'\n'": 10,
        "-(A + 2) * 3": -15,
        "~0": -1,
        '"a" "b"': "ab",
        "1.5f": 1.5,
        "(1.5)": 1.5,
        "B": None,
        "sizeof(int)": None,
        "1 / 0": None,
        "1 << 100": None,
        "__import__('os')": None,
        "": None,
    }
    for text, value in values.items():
        assert constant_value(text, known) == value, text
