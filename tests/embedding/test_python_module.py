"""Clef modules in Python.

In: `geometry.clef`, loaded once. Out: tests of values of every shape both ways, of what is refused,
of exceptions, callbacks, threads, memory, the import hook, code in texts. Promises: the library
counts its cells, and a million calls leave none behind.
"""

from __future__ import annotations

import array
import decimal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import clef

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def geometry() -> Any:
    return clef.load(HERE / "geometry.clef", count_cells=True, arrays="memoryview")


def test_records_and_unions(geometry: Any) -> None:
    point = geometry.Point(1.0, 2)
    assert geometry.move(1.5, point) == geometry.Point(2.5, 2.0)
    assert repr(geometry.Point(1.0, 2.0)) == "Point(X=1.0, Y=2.0)"
    circle = geometry.Shape.Circle(center=point, radius=2.0)
    assert geometry.area(circle) == pytest.approx(12.566370614359172)
    assert geometry.area(geometry.Shape.Polygon([point, point])) == 2.0
    assert geometry.area(geometry.Shape.Empty) == 0.0
    assert isinstance(circle, geometry.Shape) and repr(geometry.Shape.Empty) == "Shape.Empty"
    match circle:
        case geometry.Shape.Circle(center, radius):
            assert (center, radius) == (point, 2.0)
        case _:
            pytest.fail("no match")
    assert geometry.divide(7, 2) == geometry.Result.Ok(3)
    assert geometry.divide(7, 0) == geometry.Result.Error("zero")


def test_recursive_types(geometry: Any) -> None:
    tree = geometry.Tree.Leaf
    for item in (5, 3, 8, 1):
        tree = geometry.insert(item, tree)
    assert geometry.toList(tree) == [1, 3, 5, 8]
    assert geometry.insert(2, geometry.Tree.Leaf).Item1 is geometry.Tree.Leaf


def test_collections_and_texts(geometry: Any) -> None:
    assert geometry.words("a b  c") == ["a", "b", "", "c"]
    assert geometry.counts("hällo") == {"h": 1, "ä": 1, "l": 2, "o": 1}
    assert geometry.uniq((1, 2, 1)) == {1, 2}
    assert geometry.sumSeq(range(10)) == 45
    assert geometry.pairs({"a": [1, 2], "": []}) == {"a": [1, 2], "": []}
    rows: list[list[tuple[int, str | None]]] = [[(1, "x"), (2, None)], []]
    assert geometry.nested(rows) == rows
    assert geometry.echo("a\0b 😀 \n") == "a\0b 😀 \n"
    assert geometry.echo("") == ""
    assert geometry.echoTuple(1, "b", (True, "é")) == ((True, "é"), ("b", 1))


def test_scalars(geometry: Any) -> None:
    assert geometry.parse("12") == 12 and geometry.parse("x") is None
    assert geometry.echoOption(None) is None and geometry.echoOption(2) == 2.0
    assert geometry.next(geometry.Color.Red) is geometry.Color.Green
    assert geometry.big(-(10**30)) == 10**60
    assert geometry.money(decimal.Decimal("1.50")) == decimal.Decimal("3.00")
    assert geometry.length(2) == 4.0 and geometry.lengths([1.5, 2]) == 3.5
    assert geometry.shout(b"abc") == b"bcd" and geometry.shout(bytearray()) == b""
    assert geometry.nothing() is None
    assert geometry.add(-1, 2**40) == 2**40 - 1
    assert geometry.version == "1.2" and geometry.Inner.twice(4) == 8
    assert geometry.pair(3) == (3, "3")


REFUSED: list[tuple[Callable[[Any], object], type[Exception], str]] = [
    (lambda g: g.quotient(1.0, 1), TypeError, r"quotient\(\): argument 'a' must be int, not float"),
    (lambda g: g.quotient(True, 1), TypeError, "must be int, not bool"),
    (lambda g: g.quotient(1, 2**31), OverflowError, "'b' must be between -2147483648 and"),
    (lambda g: g.move("1", None), TypeError, "'dx' must be float, not str"),
    (lambda g: g.move(1.0, (1, 2)), TypeError, "'p' must be Point, not tuple"),
    (lambda g: g.area(g.Shape), TypeError, "'shape' must be Shape, not type"),
    (lambda g: g.echo(b"x"), TypeError, "'text' must be str, not bytes"),
    (lambda g: g.uniq("12"), TypeError, "must be a list or another sequence, not str"),
    (lambda g: g.uniq([1, "2"]), TypeError, "must be int, not str"),
    (lambda g: g.nested([[(1,)]]), ValueError, "must be a tuple of 2, not of 1"),
    (lambda g: g.total([1.0]), TypeError, "needs a buffer of float64.*not list"),
    (lambda g: g.apply(3, 1.0), TypeError, "'f' must be a function, not int"),
    (lambda g: g.echoTuple(1, "", (True, "ab")), ValueError, "a single character"),
    (lambda g: g.quotient(1), TypeError, "missing 1 required positional argument: 'b'"),
    (lambda g: g.Shape(), TypeError, "Shape has cases"),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_is_refused(geometry: Any, number: int) -> None:
    call, kind, message = REFUSED[number]
    with pytest.raises(kind, match=message):
        call(geometry)


def test_what_is_left_out_is_not_there(geometry: Any) -> None:
    for name in ("generic", "secret", "echoRecord"):
        assert not hasattr(geometry, name)


def test_exceptions(geometry: Any) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        geometry.quotient(1, 0)
    assert isinstance(caught.value, clef.ClefException)
    assert caught.value.type_name == "System.DivideByZeroException"
    assert caught.value.place.rpartition("/")[2] == "geometry.clef:54"
    assert any("geometry.clef:54" in note for note in caught.value.__notes__)
    assert geometry.quotient(4, 2) == 2


def test_callbacks(geometry: Any) -> None:
    assert geometry.apply(lambda x: x * 3, 2.0) == 18.0
    seen: list[int] = []
    geometry.run(seen.append, 3)
    assert seen == [1, 2, 3]
    calls: list[int] = []

    def fails(number: int) -> None:
        calls.append(number)
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        geometry.run(fails, 5)
    assert calls == [1]
    assert geometry.apply(lambda x: geometry.length(x), 1.0) == 4.0


def test_memory_of_array(geometry: Any) -> None:
    values = array.array("d", [1, 2, 3])
    assert geometry.total(values) == 6.0
    geometry.scale(values, 2.0)
    assert list(values) == [2, 4, 6]
    values.append(8)  # nothing holds the buffer any more
    assert geometry.total(memoryview(values)[1:]) == 18.0
    assert geometry.total(array.array("d")) == 0.0


def test_returned_arrays_are_the_arrays_themselves(geometry: Any) -> None:
    view = geometry.share()
    assert view.format == "d" and list(view) == [1, 2, 3]
    view[0] = 9.0
    assert geometry.first() == 9.0
    again = geometry.share()
    assert list(again) == [9, 2, 3]
    del view
    assert geometry.first() == 9.0 and again[0] == 9.0
    again[0] = 1.0
    assert list(geometry.squares(3)) == [0, 1, 4] and len(geometry.squares(0)) == 0
    assert list(geometry.reversed([1, 2.5])) == [2.5, 1]
    with pytest.raises(TypeError, match="must be float, not str"):
        geometry.reversed([1.0, "2"])


def live_cells(module: Any) -> int:
    code = module.__clef__.code
    name = "geometry_live_cells"
    import ctypes

    getattr(code, name).restype = ctypes.c_int64
    return int(getattr(code, name)())


def test_a_million_calls_leave_nothing(geometry: Any) -> None:
    def all_kinds(rounds: int) -> None:
        tree, circle = geometry.Tree.Leaf, geometry.Shape.Circle(geometry.Point(1.0, 1.0), 1.0)
        for number in range(rounds):
            geometry.quotient(number, 3)
        for _ in range(rounds // 20):
            geometry.echo("text")
            geometry.squares(4)
        for _ in range(rounds // 200):
            geometry.insert(1, tree)
            geometry.area(circle)
            geometry.counts("aab")
            with pytest.raises(ZeroDivisionError):
                geometry.quotient(1, 0)

    all_kinds(400)
    before = live_cells(geometry)
    all_kinds(1_000_000)
    assert live_cells(geometry) == before


def test_threads(geometry: Any) -> None:
    start, rounds = geometry.count(), 3000
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for step in range(rounds):
                geometry.count()
                assert geometry.echo(f"{number} {step}") == f"{number} {step}"
                if step % 50 == 0:
                    with pytest.raises(ZeroDivisionError):
                        geometry.quotient(number, 0)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors
    assert geometry.count() == start + 4 * rounds + 1


def test_compile_errors_show_the_messages(tmp_path: Path) -> None:
    path = tmp_path / "broken.clef"
    path.write_text('let x : int = "a"\n')
    with pytest.raises(clef.CompileError) as caught:
        clef.load(path)
    assert "error[E0301]" in str(caught.value) and 'let x : int = "a"' in str(caught.value)
    assert [one.code for one in caught.value.diagnostics] == ["E0301"]
    with pytest.raises(clef.CompileError, match="E0801"):
        clef.load(tmp_path / "missing.clef")


def test_the_import_hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "clef_hook_test.clef").write_text("let twice (x: int) = 2 * x\n")
    package = tmp_path / "clef_hook_project"
    package.mkdir()
    (package / "clef_hook_project.fidproj").write_text(
        '[package]\nname = "clef_hook_project"\n[build]\nsources = ["a.clef", "b.clef"]\n'
    )
    (package / "a.clef").write_text("module A\nlet one () = 1\n")
    (package / "b.clef").write_text("module B\nlet two () = A.one () + 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    clef.install_import_hook()
    import clef_hook_project  # type: ignore[import-not-found]
    import clef_hook_test  # type: ignore[import-not-found]

    assert clef_hook_test.twice(21) == 42
    assert clef_hook_test.__file__ == str(tmp_path / "clef_hook_test.clef")
    assert (clef_hook_project.A.one(), clef_hook_project.B.two()) == (1, 2)
    with pytest.raises(ModuleNotFoundError):
        import clef_hook_nothing  # type: ignore[import-not-found]  # noqa: F401


def test_code_in_texts() -> None:
    module = clef.compile_text('let greet (name: string) = "Hello, " + name')
    assert module.greet("Ada") == "Hello, Ada"

    @clef.function("let hypotenuse (a: float) (b: float) = sqrt (a * a + b * b)")
    def hypotenuse(a: float, b: float) -> float:
        """The longest side."""
        raise NotImplementedError

    assert hypotenuse(3, b=4) == 5.0
    assert hypotenuse.__doc__ == "The longest side."
    with pytest.raises(NameError, match="other"):

        @clef.function("let one = 1")
        def other() -> int:
            raise NotImplementedError


def test_start_up_runs_when_a_module_is_loaded(capfd: pytest.CaptureFixture[str]) -> None:
    module = clef.compile_text('printfn "started"\nlet first () = 1')
    assert capfd.readouterr().out == "started\n"
    assert module.first() == 1
    with pytest.raises(clef.ClefException, match="no limit"):
        clef.compile_text('let limit : int = failwith "no limit"\nlet first () = limit')


def test_unload_and_change(tmp_path: Path) -> None:
    path = tmp_path / "changing.clef"
    path.write_text("let value () = 1\n")
    first = clef.load(path)
    path.write_text("let value () = 2\n")
    second = clef.load(path)
    assert (first.value(), second.value()) == (1, 2)
