"""Programs by hand through the whole machine half: values, ownership, closures, exceptions. Every
one must leave no cell alive.
"""

from __future__ import annotations

import pytest

from clef.backends import Level
from clef.typed_core import core as c
from tests.core_programs import World, Writer, add_output, run

LEVELS = (Level.O0, Level.O2)


TARGETS = ("native", "wasm32-wasi")


def world(target: str = "native") -> World:
    made = World()
    add_output(made, for_wasi=target != "native")
    return made


def check(made: World, main: object, output: str, target: str = "native") -> None:
    made.define("main", [], made.int, main)  # type: ignore[arg-type]
    for level in LEVELS:
        result = run(made, level, target)
        assert (result.output, result.code, result.error) == (output, 0, "")


def add_string(w: World) -> None:
    """`concat a b`."""

    def body(x: Writer) -> c.Expression:
        return x.seq(
            ("n", x.op("string_byte_length", w.int, "a")),
            ("m", x.op("string_byte_length", w.int, "b")),
            ("k", lambda: x.op("add", w.int, "n", "m")),
            ("t", lambda: x.op("string_allocate", w.string, "k")),
            lambda: x.op("string_copy_bytes", w.unit, "a", 0, "t", 0, "n"),
            lambda: x.op("string_copy_bytes", w.unit, "b", 0, "t", "n", "m"),
            lambda: x.op("string_seal", w.string, "t"),
        )

    w.define("concat", [("a", w.string), ("b", w.string)], w.string, body)


@pytest.mark.parametrize("target", TARGETS)
def test_tuples_and_records(target: str) -> None:
    w = world(target)
    add_string(w)
    pair = w.tuple(w.string, w.int)
    big = w.record("Big", ("a", w.string), ("b", w.string), ("c", pair))
    small = w.record("Small", ("s", w.string), ("n", w.int))

    def make(x: Writer) -> c.Expression:
        return x.seq(
            ("p", x.make(pair, "s", 7)),
            ("t", lambda: x.call("concat", "s", "s")),
            lambda: x.make(big, "s", "t", "p"),
        )

    def swap(x: Writer) -> c.Expression:
        return x.seq(
            ("a", x.field("v", 0)),
            ("b", x.field("v", 1)),
            ("p", x.field("v", 2)),
            ("n", lambda: x.field("p", 1)),
            ("r", lambda: x.make(small, "b", "n")),
            lambda: x.atom("r"),
        )

    def main(x: Writer) -> c.Expression:
        return x.seq(
            ("s", x.call("concat", x.text("ab"), x.text("cd"))),
            ("v", lambda: x.call("make", "s")),
            ("keep", lambda: x.atom("v")),
            ("r", lambda: x.call("swap", "v")),
            ("t", lambda: x.field("r", 0)),
            lambda: x.call("print", "t"),
            ("n", lambda: x.field("r", 1)),
            lambda: x.call("print_int", "n"),
            ("again", lambda: x.call("swap", "keep")),
            ("u", lambda: x.field("again", 0)),
            lambda: x.call("print", "u"),
            lambda: x.atom(0),
        )

    w.define("make", [("s", w.string)], big, make)
    w.define("swap", [("v", big)], small, swap)
    check(w, main, "abcdabcd7\nabcdabcd", target)


@pytest.mark.parametrize("target", TARGETS)
def test_closures_partial_and_over_application(target: str) -> None:
    w = world(target)
    add_string(w)
    one = w.function(w.string, w.string)
    two = w.function(w.string, w.string, w.string)

    def joined(x: Writer) -> c.Expression:
        return x.seq(("t", x.call("concat", "captured", "a")), lambda: x.call("concat", "t", "b"))

    def curried(x: Writer) -> c.Expression:
        return x.closure("inner", one, "a")

    def inner(x: Writer) -> c.Expression:
        return x.call("concat", "b", "a")

    def use(x: Writer) -> c.Expression:
        return x.seq(
            ("g", x.apply("f", x.text("1"))),
            ("h", lambda: x.atom("g")),
            ("s", lambda: x.apply("g", x.text("2"))),
            ("t", lambda: x.apply("h", x.text("3"))),
            ("u", lambda: x.apply("f", x.text("4"), x.text("5"))),
            ("st", lambda: x.call("concat", "s", "t")),
            ("all", lambda: x.call("concat", "st", "u")),
            ("line", lambda: x.call("concat", "all", x.text("\n"))),
            lambda: x.call("print", "line"),
        )

    def main(x: Writer) -> c.Expression:
        return x.seq(
            ("s", x.call("concat", x.text("<"), x.text(">"))),
            ("f", lambda: x.closure("joined", two, "s")),
            lambda: x.call("use", "f"),
            ("g", lambda: x.closure("curried", two)),
            lambda: x.call("use", "g"),
            ("h", lambda: x.closure("concat", two)),
            lambda: x.call("use", "h"),
            lambda: x.atom(0),
        )

    text = [("a", w.string), ("b", w.string)]
    w.define("joined", [("captured", w.string), *text], w.string, joined, 1)
    w.define("inner", text, w.string, inner, 1)
    w.define("curried", [("a", w.string)], one, curried)
    w.define("use", [("f", two)], w.unit, use)
    check(w, main, "<>12<>13<>45\n213154\n121345\n", target)


@pytest.mark.parametrize("target", TARGETS)
def test_exceptions_give_up_what_is_owned(target: str) -> None:
    w = world(target)
    add_string(w)
    error = w.exception("Error", ("message", w.string))
    exn = w.klass("exn", [])
    w.program.shapes[error].ancestors.append(exn)
    array = w.array(w.string)

    def fail(x: Writer) -> c.Expression:
        return x.seq(
            ("bad", x.op("gt", w.bool, "n", 2)),
            lambda: x.cond(
                "bad",
                lambda: x.seq(
                    ("m", x.call("concat", "s", x.text("!"))),
                    ("e", lambda: x.make(error, "m")),
                    ("o", lambda: x.op("cast", exn, "e", types=(exn,))),
                    lambda: x.throw("o", w.string),
                ),
                lambda: x.atom("s"),
            ),
        )

    def protected(x: Writer) -> c.Expression:
        return x.attempt(
            lambda: x.seq(
                ("a", x.call("concat", "s", x.text("a"))),
                ("b", lambda: x.call("fail", "a", "n")),
                ("c", lambda: x.call("concat", "b", "a")),
                lambda: x.atom("c"),
            ),
            "e",
            exn,
            lambda: x.switch(
                "kind",
                "e",
                {
                    0: lambda: x.seq(
                        ("d", x.op("cast", error, "e", types=(error,))),
                        ("m", lambda: x.field("d", 0)),
                        lambda: x.call("concat", "m", "s"),
                    )
                },
                lambda: x.throw("e", w.string),
                [error],
            ),
        )

    def indexed(x: Writer) -> c.Expression:
        return x.attempt(
            lambda: x.seq(
                ("a", x.op("array_zero", array, 3, types=(w.string,))),
                ("s", lambda: x.call("concat", x.text("x"), x.text("y"))),
                lambda: x.op("array_set", w.unit, "a", 0, "s", types=(w.string,)),
                lambda: x.op("array_set", w.unit, "a", "n", "s", types=(w.string,)),
                ("r", lambda: x.op("array_get", w.string, "a", 0, types=(w.string,))),
                lambda: x.atom("r"),
            ),
            "e",
            exn,
            lambda: x.text("range"),
        )

    def main(x: Writer) -> c.Expression:
        return x.seq(
            ("s", x.call("concat", x.text("p"), x.text("q"))),
            ("t", lambda: x.call("protected", "s", 1)),
            lambda: x.call("print", "t"),
            ("u", lambda: x.call("protected", "s", 3)),
            lambda: x.call("print", "u"),
            ("v", lambda: x.call("indexed", 2)),
            lambda: x.call("print", "v"),
            ("z", lambda: x.call("indexed", 3)),
            lambda: x.call("print", "z"),
            lambda: x.atom(0),
        )

    w.define("fail", [("s", w.string), ("n", w.int)], w.string, fail)
    w.define("protected", [("s", w.string), ("n", w.int)], w.string, protected)
    w.define("indexed", [("n", w.int)], w.string, indexed)
    check(w, main, "pqapqapqa!pqxyrange", target)


@pytest.mark.parametrize("target", TARGETS)
def test_mutable_locals_and_globals(target: str) -> None:
    w = world(target)
    add_string(w)
    w.variable("G", w.string)

    def grow(x: Writer) -> c.Expression:
        return x.seq(
            ("s", x.text(""), "mutable"),
            (
                "_",
                lambda: x.loop(
                    "l",
                    w.unit,
                    [("i", 0)],
                    lambda: x.seq(
                        ("more", x.op("lt", w.bool, "i", "n")),
                        lambda: x.cond(
                            "more",
                            lambda: x.seq(
                                ("t", x.call("concat", "s", x.text("z"))),
                                lambda: x.assign("s", "t"),
                                ("j", lambda: x.op("add", w.int, "i", 1)),
                                lambda: x.jump("l", w.unit, "j"),
                            ),
                            lambda: x.atom(None),
                        ),
                    ),
                ),
            ),
            lambda: x.atom("s"),
        )

    def main(x: Writer) -> c.Expression:
        return x.seq(
            ("s", x.call("grow", 5)),
            lambda: x.write("G", "s"),
            ("t", lambda: x.call("grow", 3)),
            ("old", lambda: x.read("G")),
            lambda: x.write("G", "t"),
            lambda: x.call("print", "old"),
            ("new", lambda: x.read("G")),
            lambda: x.call("print", "new"),
            lambda: x.atom(0),
        )

    w.define("grow", [("n", w.int)], w.string, grow)
    check(w, main, "zzzzzzzz", target)


@pytest.mark.parametrize("target", TARGETS)
def test_dispatch_boxes_and_type_tests(target: str) -> None:
    w = world(target)
    add_string(w)
    shape = w.interface("Shape")
    circle = w.klass("Circle", [shape], ("name", w.string))
    square = w.klass("Square", [shape], ("side", w.int))
    one = w.record("One", ("name", w.string))
    w.program.shapes[one].ancestors.append(shape)

    def circle_name(x: Writer) -> c.Expression:
        return x.field("this", 0)

    def square_name(x: Writer) -> c.Expression:
        return x.text("square")

    w.define("Circle.Name", [("this", circle)], w.string, circle_name)
    w.define("Square.Name", [("this", square)], w.string, square_name)
    w.define("One.Name", [("this", one)], w.string, lambda x: x.field("this", 0))
    w.program.dispatchers["Shape.Name"] = c.Dispatcher(
        "Shape.Name",
        [shape],
        w.string,
        [(circle, "Circle.Name"), (square, "Square.Name"), (one, "One.Name")],
    )

    def show(x: Writer) -> c.Expression:
        return x.seq(("n", x.call("Shape.Name", "s", type=w.string)), lambda: x.call("print", "n"))

    def test(x: Writer) -> c.Expression:
        return x.switch(
            "kind",
            "o",
            {
                0: lambda: x.seq(
                    ("n", x.op("unbox", w.int, "o", types=(w.int,))),
                    lambda: x.call("print_int", "n"),
                ),
                1: lambda: x.seq(
                    ("s", x.op("cast", shape, "o", types=(shape,))), lambda: x.call("show", "s")
                ),
                2: lambda: x.seq(
                    ("t", x.op("unbox", w.string, "o", types=(w.string,))),
                    lambda: x.call("print", "t"),
                ),
            },
            lambda: x.call("print", x.text("?")),
            [w.int, shape, w.string],
        )

    def main(x: Writer) -> c.Expression:
        return x.seq(
            ("c", x.make(circle)),
            ("n", lambda: x.call("concat", x.text("cir"), x.text("cle "))),
            lambda: x.set("c", 0, "n"),
            ("s", lambda: x.op("cast", shape, "c", types=(shape,))),
            lambda: x.call("show", "s"),
            ("q", lambda: x.make(square)),
            ("sq", lambda: x.op("cast", shape, "q", types=(shape,))),
            lambda: x.call("show", "sq"),
            ("m", lambda: x.call("concat", x.text(" o"), x.text("ne "))),
            ("r", lambda: x.make(one, "m")),
            ("ro", lambda: x.op("cast", shape, "r", types=(shape,))),
            ("oo", lambda: x.op("cast", w.object, "ro", types=(w.object,))),
            lambda: x.call("test", "oo"),
            ("i", lambda: x.op("box", w.object, 42, types=(w.int,))),
            lambda: x.call("test", "i"),
            ("b", lambda: x.op("box", w.object, 1.5, types=(w.float,))),
            lambda: x.call("test", "b"),
            ("t", lambda: x.op("box", w.object, x.text("text"), types=(w.string,))),
            lambda: x.call("test", "t"),
            lambda: x.atom(0),
        )

    w.define("show", [("s", shape)], w.unit, show)
    w.define("test", [("o", w.object)], w.unit, test)
    check(w, main, "circle square one 42\n?text", target)


@pytest.mark.parametrize("target", TARGETS)
def test_trees_die_without_recursion(target: str) -> None:
    w = world(target)
    tree = w.named("Tree")
    w.union("Tree", Leaf=[], Node=[tree, w.int, tree])

    def deep(x: Writer) -> c.Expression:
        return x.seq(
            ("leaf", x.make(tree, case=0)),
            lambda: x.loop(
                "l",
                tree,
                [("i", "n"), ("t", "leaf")],
                lambda: x.seq(
                    ("done", x.op("eq", w.bool, "i", 0)),
                    lambda: x.cond(
                        "done",
                        lambda: x.atom("t"),
                        lambda: x.seq(
                            ("j", x.op("sub", w.int, "i", 1)),
                            ("e", lambda: x.make(tree, case=0)),
                            ("u", lambda: x.make(tree, "t", "i", "e", case=1)),
                            lambda: x.jump("l", tree, "j", "u"),
                        ),
                    ),
                ),
            ),
        )

    def total(x: Writer) -> c.Expression:
        return x.switch(
            "case",
            "t",
            {
                0: lambda: x.atom(0),
                1: lambda: x.seq(
                    ("l", x.field("t", 0, 1)),
                    ("n", lambda: x.field("t", 1, 1)),
                    ("r", lambda: x.field("t", 2, 1)),
                    ("a", lambda: x.call("total", "l", type=w.int)),
                    ("b", lambda: x.call("total", "r", type=w.int)),
                    ("ab", lambda: x.op("add", w.int, "a", "b")),
                    lambda: x.op("add", w.int, "ab", "n"),
                ),
            },
        )

    def main(x: Writer) -> c.Expression:
        return x.seq(
            ("t", x.call("deep", 1000)),
            ("shared", lambda: x.atom("t")),
            ("s", lambda: x.call("total", "t")),
            lambda: x.call("print_int", "s"),
            ("u", lambda: x.call("total", "shared")),
            lambda: x.call("print_int", "u"),
            ("big", lambda: x.call("deep", 1000000)),
            lambda: x.op("ignore", w.unit, "big"),
            lambda: x.atom(0),
        )

    w.define("deep", [("n", w.int)], tree, deep)
    w.define("total", [("t", tree)], w.int, total)
    check(w, main, "500500\n500500\n", target)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("words", [1, 9])
@pytest.mark.parametrize("wide", [False, True])
def test_deep_tail_calls(words: int, wide: bool, target: str) -> None:
    """A million calls through closures and mutual recursion, with few and many arguments, with
    narrow and wide results.
    """
    w = world(target)
    result = w.tuple(w.int64, w.int64, w.string, w.float) if wide else w.int
    extra = [(f"a{i}", w.int64) for i in range(words)] + [("d", w.float), ("s", w.string)]
    types = [type for _, type in extra]
    step = w.function(w.int, *types, result)

    def again(name: str) -> object:
        def body(x: Writer) -> c.Expression:
            rest = [key for key, _ in extra]
            end = (lambda: x.make(result, "a0", "a0", "s", "d")) if wide else (lambda: x.atom("n"))
            return x.seq(
                ("done", x.op("eq", w.bool, "n", 0)),
                lambda: x.cond(
                    "done",
                    end,
                    lambda: x.seq(
                        ("m", x.op("sub", w.int, "n", 1)),
                        lambda: x.call(name, "m", *rest, type=result),
                    ),
                ),
            )

        return body

    def through(x: Writer) -> c.Expression:
        rest = [key for key, _ in extra]
        return x.seq(
            ("f", x.closure("odd", step)),
            ("g", lambda: x.closure("wrapped", step, "f", "n", "s")),
            lambda: x.apply("g", "n", *rest),
        )

    def wrapped(x: Writer) -> c.Expression:
        return x.apply("f", "n", *(key for key, _ in extra))

    def main(x: Writer) -> c.Expression:
        arguments = [x.atom(5, w.int64) for _ in range(words)]
        return x.seq(
            ("t", x.op("string_allocate", w.string, 3)),
            ("s", lambda: x.op("string_seal", w.string, "t")),
            ("r", lambda: x.call("even", 3000000, *arguments, 1.5, "s")),
            ("n", lambda: x.field("r", 1) if wide else x.atom("r")),
            ("k", lambda: x.op("convert", w.int, "n", types=(w.int,))),
            lambda: x.call("print_int", "k"),
            lambda: x.atom(0),
        )

    parameters = [("n", w.int), *extra]
    w.define("even", parameters, result, again("odd"))  # type: ignore[arg-type]
    w.define("odd", parameters, result, again("through"))  # type: ignore[arg-type]
    captures = [("f", step), ("k", w.int), ("t", w.string)]
    w.define("wrapped", [*captures, *parameters], result, wrapped, 3)
    w.define("through", parameters, result, through)
    check(w, main, "5\n" if wide else "0\n", target)
