"""Layouts, ownership tables and the verifier."""

from __future__ import annotations

from clef.coeffects import analyse, print_coeffects
from clef.memory_plan import TargetFacts, make_plan, print_plan, verify_plan
from clef.memory_plan.plan import Plan
from clef.semantic_graph import build
from clef.typed_core import core as c
from tests.core_programs import World, Writer

FACTS = TargetFacts()


def planned(w: World) -> Plan:
    graph = build(w.program)
    plan = make_plan(w.program, graph, analyse(w.program, graph), FACTS)
    assert verify_plan(w.program, plan) == []
    return plan


def empty_main(w: World) -> None:
    w.define("main", [], w.int, lambda x: x.atom(0))


def words(plan: Plan, type: c.MonoType) -> list[str]:
    return [
        ("&" if word.counted else "") + word.type.removeprefix("!llvm.")
        for word in plan.layouts[type].words
    ]


def test_layouts() -> None:
    w = World()
    small = w.record("Small", ("a", w.string), ("b", w.int))
    big = w.record("Big", ("a", w.string), ("b", w.int), ("c", w.float))
    mutable = w.record("Mutable", ("a", w.int), mutable=True)
    strings = w.named("Strings")
    w.union("Strings", Nil=[], Cons=[w.string, strings])
    perhaps_list = w.union("PerhapsList", None_=[], Some=[strings])
    perhaps_big = w.union("PerhapsBig", None_=[], Some=[big])
    color = w.union("Color", Red=[], Green=[])
    result = w.union("Result", Ok=[w.int], Error=[w.string])
    shape = w.union("Shape", Circle=[w.float], Box=[w.float, w.float], Square=[w.float])
    mixed = w.record("Mixed", ("a", w.bool), ("b", w.string), ("c", w.bool), ("d", w.float))
    pair = w.tuple(small, w.bool)
    empty_main(w)
    plan = planned(w)
    assert words(plan, small) == ["&ptr", "i32"]
    assert words(plan, big) == ["&ptr"]
    assert words(plan, mutable) == ["&ptr"]
    assert plan.layouts[strings].null_case == 0
    assert words(plan, perhaps_list) == ["i8", "&ptr"]  # the list may be null itself
    assert (plan.layouts[perhaps_big].form, words(plan, perhaps_big)) == ("nullable", ["&ptr"])
    assert words(plan, color) == ["i8"]
    assert words(plan, result) == ["i8", "i32", "&ptr"]
    assert words(plan, shape) == ["i8", "f64", "f64"]  # the cases share words
    assert plan.layouts[shape].fields == (((1, 1),), ((1, 1), (2, 1)), ((1, 1),))
    assert plan.layouts[mixed].cells[-1].size == 32
    assert plan.layouts[mixed].cells[-1].fields == ((24,), (8,), (25,), (16,))
    assert words(plan, pair) == ["&ptr", "i32", "i1"]
    assert plan.layouts[big].cells[-1].size == 32


def test_types_that_contain_each_other_are_boxed() -> None:
    w = World()
    left, right = w.named("Left"), w.named("Right")
    w.record("Left", ("r", right))
    w.union("Right", End=[], More=[w.tuple(left, w.int)])
    empty_main(w)
    plan = planned(w)
    assert words(plan, left) == ["&ptr"]
    assert words(plan, right) == ["&ptr"]


def sum_of_list(w: World) -> c.MonoType:
    ints = w.named("Ints")
    w.union("Ints", Nil=[], Cons=[w.int, ints])

    def body(x: Writer) -> c.Expression:
        return x.switch(
            "case",
            "xs",
            {
                0: lambda: x.atom(0),
                1: lambda: x.seq(
                    ("h", x.field("xs", 0, 1)),
                    ("t", lambda: x.field("xs", 1, 1)),
                    ("s", lambda: x.call("sum", "t", type=w.int)),
                    lambda: x.op("add", w.int, "h", "s"),
                ),
            },
        )

    w.define("sum", [("xs", ints)], w.int, body)
    return ints


def test_looking_at_a_list_counts_nothing() -> None:
    w = World()
    sum_of_list(w)
    empty_main(w)
    tables = planned(w).functions["sum"]
    assert tables.borrowed_parameters == frozenset({0})
    assert not (tables.duplicate or tables.keep or tables.after or tables.before)


def test_numbers_out_of_elements_count_nothing() -> None:
    w = World()
    entry = w.record("Entry", ("next", w.int), ("key", w.string))
    entries = w.array(entry)
    w.define(
        "next",
        [("entries", entries), ("at", w.int)],
        w.int,
        lambda x: x.seq(
            ("e", x.op("array_get_unchecked", entry, "entries", "at", types=(entry,))),
            ("n", lambda: x.field("e", 0)),
            lambda: x.atom("n"),
        ),
    )
    empty_main(w)
    tables = planned(w).functions["next"]
    assert tables.borrowed_parameters == frozenset({0})
    assert not (tables.duplicate or tables.keep or tables.after or tables.before)


def test_cases_without_fields_make_no_cells() -> None:
    """A search that may end in an empty case borrows what it searches."""
    w = World()
    ints = sum_of_list(w)
    w.define(
        "rest",
        [("xs", ints)],
        w.int,
        lambda x: x.switch(
            "case",
            "xs",
            {
                0: lambda: x.atom(0),
                1: lambda: x.seq(
                    ("head", x.field("xs", 0, 1)),
                    ("none", lambda: x.make(ints, case=0)),
                    ("sum", lambda: x.call("sum", "none", type=w.int)),
                    lambda: x.atom("head"),
                ),
            },
        ),
    )
    empty_main(w)
    assert planned(w).functions["rest"].borrowed_parameters == frozenset({0})


def test_taking_a_list_apart_moves_its_fields() -> None:
    w = World()
    ints = sum_of_list(w)

    def body(x: Writer) -> c.Expression:
        return x.switch(
            "case",
            "xs",
            {
                0: lambda: x.make(ints, case=0),
                1: lambda: x.seq(
                    ("h", x.field("xs", 0, 1)),
                    ("t", lambda: x.field("xs", 1, 1)),
                    ("r", lambda: x.call("copy", "t", type=ints)),
                    lambda: x.make(ints, "h", "r", case=1),
                ),
            },
        )

    w.define("copy", [("xs", ints)], ints, body)
    empty_main(w)
    tables = planned(w).functions["copy"]
    assert len(tables.takes) == 1
    assert not (tables.duplicate or tables.keep)


def test_the_verifier_finds_mistakes() -> None:
    w = World()
    ints = sum_of_list(w)
    w.define("twice", [("xs", ints)], w.tuple(ints, ints), lambda x: twice(w, x))
    empty_main(w)
    plan = planned(w)
    tables = plan.functions["twice"]
    assert len(tables.duplicate) == 1
    tables.duplicate.clear()
    assert any("is gone" in complaint for complaint in verify_plan(w.program, plan))


def twice(w: World, x: Writer) -> c.Expression:
    return x.make(w.tuple(x.scope["xs"].type, x.scope["xs"].type), "xs", "xs")


def test_printers_are_deterministic() -> None:
    texts = []
    for _ in range(2):
        w = World()
        sum_of_list(w)
        empty_main(w)
        graph = build(w.program)
        coeffects = analyse(w.program, graph)
        texts.append(
            print_coeffects(coeffects) + print_plan(make_plan(w.program, graph, coeffects, FACTS))
        )
    assert texts[0] == texts[1]
    assert "borrowed parameters: 0" in texts[0]
