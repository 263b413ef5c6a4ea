"""Lowering of trees written by hand, run by the interpreter of core programs."""

from __future__ import annotations

from clef.inference import typed_tree as t
from clef.inference.types import NamedType, ParameterType, TypeParameter
from clef.typed_core import core
from clef.typed_core.printer import print_function
from tests.typed_core.interpreter import Machine
from tests.typed_core.trees import (
    BOOL,
    INT,
    SPAN,
    STRING,
    UNIT,
    Hand,
    any_of,
    bind,
    boolean,
    call,
    cons,
    cons_pattern,
    define,
    equal,
    function,
    if_,
    integer,
    lam,
    let,
    let_function,
    list_,
    list_of,
    literal_pattern,
    local,
    match,
    nil,
    nil_pattern,
    operator,
    ref,
    sequence,
    text,
    tuple_,
    tuple_pattern,
    unit,
    use,
)


def run(hand: Hand) -> object:
    program = hand.lower()
    return Machine(program).call(program.entry)


def main(body: t.Expression, *definitions: t.Definition) -> Hand:
    hand = Hand()
    hand.add(*definitions, define("main", [local("args", UNIT)], body))
    return hand


def test_arithmetic_and_calls() -> None:
    x, y = local("x", INT), local("y", INT)
    add = define("add", [x, y], operator("op_Addition", use(x), use(y)))
    two = call(ref("add", function(INT, INT, INT)), integer(1), integer(2))
    assert run(main(operator("op_Multiply", two, integer(7)), add)) == 21


def test_self_tail_call_is_a_loop() -> None:
    n, total = local("n", INT), local("total", INT)
    again = call(
        ref("sum", function(INT, INT, INT)),
        operator("op_Subtraction", use(n), integer(1)),
        operator("op_Addition", use(total), use(n)),
    )
    body = if_(equal(use(n), integer(0)), use(total), again)
    hand = main(
        call(ref("sum", function(INT, INT, INT)), integer(1000), integer(0)),
        define("sum", [n, total], body),
    )
    program = hand.lower()
    assert isinstance(program.functions["sum"].body, core.Join)
    assert Machine(program).call(program.entry) == 500500


def test_partial_application_and_closures() -> None:
    x, y, z = local("x", INT), local("y", INT), local("z", INT)
    add = define("add", [x, y], operator("op_Addition", use(x), use(y)))
    f = local("f", function(INT, INT))
    partial = call(ref("add", function(INT, INT, INT)), integer(40))
    body = let(
        f,
        partial,
        call(lam([z], operator("op_Addition", use(z), call(use(f), use(z)))), integer(1)),
    )
    assert run(main(body, add)) == 42


def test_local_recursive_function_captures() -> None:
    step, n = local("step", INT), local("n", INT)
    loop = local("loop", function(INT, INT))
    recursive = operator(
        "op_Addition",
        use(step),
        call(use(loop), operator("op_Subtraction", use(n), integer(1))),
    )
    inner = let_function(
        loop,
        [n],
        if_(equal(use(n), integer(0)), integer(0), recursive),
        call(use(loop), integer(5)),
        recursive=True,
    )
    hand = main(let(step, integer(3), inner))
    assert run(hand) == 15
    captured = local("captured", INT)
    outer = define("outer", [captured], let(step, use(captured), inner))
    assert run(main(call(ref("outer", function(INT, INT)), integer(4)), outer)) == 20


def test_escaping_recursive_function_has_no_cycle() -> None:
    n, k = local("n", INT), local("k", INT)
    f = local("f", function(INT, INT))
    apply = define(
        "apply",
        [local("g", function(INT, INT)), local("x", INT)],
        unit(),
        result=INT,
    )
    g, x = local("g", function(INT, INT)), local("x", INT)
    apply = define("apply", [g, x], call(use(g), use(x)))
    again = call(
        ref("apply", function(function(INT, INT), INT, INT)),
        use(f),
        operator("op_Subtraction", use(n), integer(1)),
    )
    body = if_(equal(use(n), integer(0)), use(k), again)
    escaping = let_function(
        f,
        [n],
        body,
        call(ref("apply", function(function(INT, INT), INT, INT)), use(f), integer(3)),
        True,
    )
    start = define("start", [k], escaping)
    assert run(main(call(ref("start", function(INT, INT)), integer(9)), apply, start)) == 9


def test_list_match_and_shared_bodies() -> None:
    xs = local("xs", list_of(INT))
    a, rest = local("a", INT), local("rest", list_of(INT))
    total = define(
        "total",
        [xs],
        match(
            use(xs),
            (nil_pattern(INT), integer(0)),
            (
                cons_pattern(bind(a), bind(rest)),
                operator(
                    "op_Addition",
                    use(a),
                    call(ref("total", function(list_of(INT), INT)), use(rest)),
                ),
            ),
        ),
    )
    numbers = list_(integer(1), integer(2), integer(3))
    assert run(main(call(ref("total", function(list_of(INT), INT)), numbers), total)) == 6


def test_or_patterns_share_the_body() -> None:
    n, m = local("n", INT), local("m", INT)
    one_or_two = t.OrPattern(INT, SPAN, literal_pattern(1, INT), literal_pattern(2, INT))
    body = match(
        tuple_(use(n), use(m)),
        (
            tuple_pattern(one_or_two, bind(m2 := local("m2", INT))),
            operator("op_Addition", use(m2), integer(10)),
        ),
        (
            tuple_pattern(bind(k := local("k", INT)), literal_pattern(5, INT)),
            equal(use(k), integer(7)),
            integer(99),
        ),
        (any_of(tuple_(use(n), use(m)).type), integer(-1)),
    )
    pick = define("pick", [n, m], body)

    def at(first: int, second: int) -> object:
        return run(
            main(call(ref("pick", function(INT, INT, INT)), integer(first), integer(second)), pick)
        )

    assert [at(1, 5), at(2, 0), at(7, 5), at(8, 5), at(7, 6)] == [15, 10, 99, -1, -1]
    printed = print_function(
        main(call(ref("pick", function(INT, INT, INT)), integer(1), integer(1)), pick)
        .lower()
        .functions["pick"]
    )
    assert "join rule1" in printed
    assert "new int * int" not in printed


def test_string_patterns() -> None:
    s = local("s", STRING)
    body = match(
        use(s),
        (literal_pattern("a", STRING), integer(1)),
        (literal_pattern("b", STRING), integer(2)),
        (any_of(STRING), integer(3)),
    )
    code = define("code", [s], body)
    results = [
        run(main(call(ref("code", function(STRING, INT)), text(value)), code)) for value in "abc"
    ]
    assert results == [1, 2, 3]


def test_mutable_locals_and_loops() -> None:
    total = local("total", INT, mutable=True)
    i = local("i", INT)
    loop = t.ForTo(
        UNIT,
        SPAN,
        i,
        integer(1),
        integer(10),
        False,
        t.LocalSet(UNIT, SPAN, total, operator("op_Addition", use(total), use(i))),
    )
    assert run(main(let(total, integer(0), sequence(loop, use(total))))) == 55


def test_captured_mutable_becomes_a_cell() -> None:
    total = local("total", INT, mutable=True)
    bump = local("bump", function(UNIT, UNIT))
    u = local("u", UNIT)
    increase = t.LocalSet(UNIT, SPAN, total, operator("op_Addition", use(total), integer(2)))
    body = let(
        total,
        integer(1),
        let(
            bump,
            lam([u], increase),
            sequence(call(use(bump), unit()), call(use(bump), unit()), use(total)),
        ),
    )
    assert run(main(body)) == 5


def test_for_in_over_lists_and_patterns() -> None:
    total = local("total", INT, mutable=True)
    x = local("x", INT)
    pair = tuple_(integer(1), boolean(True))
    items = list_(pair, tuple_(integer(2), boolean(False)), tuple_(integer(4), boolean(True)))
    pattern = tuple_pattern(bind(x), literal_pattern(True, BOOL))
    add = t.LocalSet(UNIT, SPAN, total, operator("op_Addition", use(total), use(x)))
    loop = t.ForIn(UNIT, SPAN, pattern, items, None, add)
    assert run(main(let(total, integer(0), sequence(loop, use(total))))) == 5


def test_structural_equality_and_comparison() -> None:
    left = tuple_(integer(1), list_(text("a"), text("b")))
    right = tuple_(integer(1), list_(text("a"), text("b")))
    assert run(main(if_(equal(left, right), integer(1), integer(0)))) == 1
    other = tuple_(integer(1), list_(text("a")))
    assert run(main(if_(equal(left, other), integer(1), integer(0)))) == 0

    def order(a: t.Expression, b: t.Expression) -> object:
        return run(main(call(ref("compare", function(a.type, a.type, INT), a.type), a, b)))

    assert order(list_(integer(1), integer(2)), list_(integer(1), integer(3))) == -1
    assert order(list_(integer(1)), list_(integer(1), integer(3))) == -1
    assert order(tuple_(integer(2), integer(0)), tuple_(integer(1), integer(9))) == 1


def test_exceptions_and_finally() -> None:
    failing = t.Match(
        INT, SPAN, integer(5), [t.MatchRule(literal_pattern(1, INT), None, integer(1), SPAN)]
    )
    e = local("e", NamedType("System.Exception"))
    guarded = t.TryWith(INT, SPAN, failing, [t.MatchRule(bind(e), None, integer(77), SPAN)])
    assert run(main(guarded)) == 77
    done = local("done", INT, mutable=True)
    finalizer = t.LocalSet(UNIT, SPAN, done, integer(3))
    protected = t.TryFinally(INT, SPAN, integer(4), finalizer)
    body = let(done, integer(0), operator("op_Addition", protected, use(done)))
    assert run(main(body)) == 7
    assert run(main(failing)) == 134


def test_generic_functions_are_specialised() -> None:
    item = TypeParameter(1, "a", "test.clef")
    of_item = ParameterType(item)
    x = local("x", of_item)
    twice = define("twice", [x], tuple_(use(x), use(x)), [item])
    pair = call(ref("twice", function(INT, tuple_(integer(1), integer(1)).type), INT), integer(2))
    first = t.AnonymousFieldGet(INT, SPAN, pair, 0)
    word = call(ref("twice", function(STRING, tuple_(text(""), text("")).type), STRING), text("q"))
    body = sequence(word, first)
    program = main(body, twice).lower()
    assert {"twice<System.Int32>", "twice<System.String>"} <= set(program.functions)
    assert Machine(program).call(program.entry) == 2


def test_thousands_of_bindings() -> None:
    import sys
    import threading

    def work() -> None:
        x = local("x0", INT)
        names = [local(f"x{i}", INT) for i in range(5000)]
        body: t.Expression = use(names[-1])
        for before, after in zip(reversed(names[:-1]), reversed(names[1:]), strict=True):
            body = let(after, operator("op_Addition", use(before), integer(1)), body)
        hand = main(let(names[0], integer(0), body))
        results.append(run(hand))
        assert x.name == "x0"

    results: list[object] = []
    sys.setrecursionlimit(100000)
    threading.stack_size(512 * 1024 * 1024)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert results == [4999]


def test_list_comprehension_of_a_range() -> None:
    assert nil(INT) and cons
