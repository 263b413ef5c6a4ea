"""Arrays: copies of literals and of counted elements, overlapping moves, elements borrowed for a
moment.
"""

from __future__ import annotations

from clef.backends import Level
from clef.typed_core import core as c
from tests.core_programs import World, Writer, add_output, run


def program() -> World:
    w = World()
    add_output(w)
    bytes_ = w.array(w.byte)
    strings = w.array(w.string)
    rows = w.array(strings)

    def fresh(x: Writer) -> c.Expression:
        return x.op("array_clone", bytes_, x.atom(b"abc", bytes_), types=(w.byte,))

    def text(x: Writer, first: str) -> c.Expression:
        return x.seq(
            ("t", x.op("string_allocate", w.string, 1)),
            ("b", x.op("convert", w.byte, ord(first), types=(w.byte,))),
            lambda: x.op("string_set_byte", w.unit, "t", 0, "b"),
            lambda: x.op("string_seal", w.string, "t"),
        )

    def row(x: Writer) -> c.Expression:
        steps: list[object] = [("a", x.op("array_zero", strings, 3, types=(w.string,)))]
        for index, letter in enumerate("xyz"):
            steps.append((f"s{index}", lambda letter=letter: text(x, letter)))
            steps.append(
                lambda index=index: x.op(
                    "array_set", w.unit, "a", index, f"s{index}", types=(w.string,)
                )
            )
        # the overlapping move: x y z becomes x x y
        steps.append(lambda: x.op("array_copy", w.unit, "a", 0, "a", 1, 2, types=(w.string,)))
        steps.append(lambda: x.atom("a"))
        return x.seq(*steps)

    def show(x: Writer) -> c.Expression:
        return x.seq(
            ("r", x.op("array_get", strings, "rows", 0, types=(strings,))),
            ("s", lambda: x.op("array_get", w.string, "r", "i", types=(w.string,))),
            lambda: x.call("print", "s"),
            lambda: x.atom(None),
        )

    def main(x: Writer) -> c.Expression:
        return x.seq(
            ("p", x.call("fresh")),
            ("z", lambda: x.op("convert", w.byte, 122, types=(w.byte,))),
            lambda: x.op("array_set", w.unit, "p", 0, "z", types=(w.byte,)),
            ("q", lambda: x.call("fresh")),
            ("n", lambda: x.op("array_get", w.byte, "q", 0, types=(w.byte,))),
            ("m", lambda: x.op("convert", w.int, "n", types=(w.int,))),
            lambda: x.call("print_int", "m"),
            ("a", lambda: x.call("row")),
            ("copy", lambda: x.op("array_clone", strings, "a", types=(w.string,))),
            ("rows", lambda: x.op("array_zero", rows, 1, types=(strings,))),
            lambda: x.op("array_set", w.unit, "rows", 0, "copy", types=(strings,)),
            lambda: x.call("show", "rows", 0),
            lambda: x.call("show", "rows", 1),
            lambda: x.call("show", "rows", 2),
            ("last", lambda: x.op("array_get", w.string, "a", 1, types=(w.string,))),
            lambda: x.call("print", "last"),
            lambda: x.atom(0),
        )

    w.define("fresh", [], bytes_, fresh)
    w.define("row", [], strings, row)
    w.define("show", [("rows", rows), ("i", w.int)], w.unit, show)
    w.define("main", [], w.int, main)
    return w


def test_arrays() -> None:
    for level in (Level.O0, Level.O2):
        result = run(program(), level)
        assert (result.output, result.code, result.error) == ("97\nxxyx", 0, "")
