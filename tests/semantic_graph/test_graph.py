"""The graph's edges, components, tail positions and reasons."""

from __future__ import annotations

import json

from clef.coeffects import analyse
from clef.semantic_graph import build, check_graph, print_dot, print_graph, print_json, reason
from clef.semantic_graph.components import strongly_connected
from clef.typed_core import core as c
from tests.core_programs import World, Writer


def program() -> World:
    w = World()
    step = w.function(w.int, w.int)
    error = w.exception("Error", ("n", w.int))

    def even(x: Writer) -> c.Expression:
        return x.seq(
            ("z", x.op("eq", w.bool, "n", 0)),
            lambda: x.cond("z", lambda: x.atom(1), lambda: x.call("odd", "n", type=w.int)),
        )

    def odd(x: Writer) -> c.Expression:
        return x.seq(("r", x.call("even", "n")), lambda: x.op("add", w.int, "r", 1))

    def fail(x: Writer) -> c.Expression:
        return x.seq(("e", x.make(error, "n")), lambda: x.throw("e", w.int))

    def safe(x: Writer) -> c.Expression:
        return x.attempt(lambda: x.call("fail", "n"), "e", error, lambda: x.atom(0))

    def main(x: Writer) -> c.Expression:
        return x.seq(
            ("f", x.closure("safe", step)),
            ("a", lambda: x.apply("f", 1)),
            lambda: x.call("even", "a"),
        )

    w.define("even", [("n", w.int)], w.int, even)
    w.define("odd", [("n", w.int)], w.int, odd)
    w.define("fail", [("n", w.int)], w.int, fail)
    w.define("safe", [("n", w.int)], w.int, safe)
    w.define("main", [], w.int, main)
    return w


def test_edges_components_and_reasons() -> None:
    w = program()
    graph = build(w.program)
    assert check_graph(w.program, graph) == []
    text = print_graph(graph)
    assert "call: function main -> function even" in text
    assert "unknown call: function main -> function safe" in text
    assert "recursive: " in text
    assert graph.component_of["even"] == graph.component_of["odd"]
    assert graph.component_of["even"] < graph.component_of["main"]
    assert len(graph.facts["even"].tail_nodes) == 1
    assert not graph.facts["odd"].tail_nodes
    chain = reason(graph, graph.number("function", "fail"))
    assert chain == ["function main", "function safe", "function fail"]
    assert json.loads(print_json(graph))["version"] == 1
    assert "n0 [label=" in print_dot(graph)


def test_raising_stops_at_handlers() -> None:
    w = program()
    tables = analyse(w.program, build(w.program))
    assert tables.may_raise == {"fail"}
    assert not tables.raising_types


def test_components_come_after_what_they_reach() -> None:
    found = strongly_connected("abcd", {"a": "b", "b": "ac", "c": "d", "d": ""})
    assert [sorted(part) for part in found] == [["d"], ["c"], ["a", "b"]]


def test_what_runs_once() -> None:
    """A function with one caller outside loops; not one that two call, that calls itself, or that
    is held by a value."""
    w = program()
    w.define("only", [("n", w.int)], w.int, lambda x: x.call("under", "n", type=w.int))
    w.define("under", [("n", w.int)], w.int, lambda x: x.atom(1))

    def start(x: Writer) -> c.Expression:
        return x.seq(
            ("a", x.call("main", type=w.int)),
            ("b", lambda: x.call("only", "a", type=w.int)),
            ("c", lambda: x.call("even", "b", type=w.int)),
            lambda: x.op("add", w.int, "b", "c"),
        )

    w.define("start", [], w.int, start)
    w.program.entry = "start"
    tables = analyse(w.program, build(w.program))
    assert tables.once == {"main", "only", "under"}
