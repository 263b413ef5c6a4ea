"""Sequence expressions: resumable functions, run by the interpreter."""

from __future__ import annotations

from clef.inference import typed_tree as t
from clef.inference.types import NamedType
from tests.typed_core.interpreter import Machine
from tests.typed_core.trees import (
    BOOL,
    EXN,
    INT,
    SEQ,
    SPAN,
    UNIT,
    Hand,
    any_of,
    bind,
    call,
    cons_pattern,
    define,
    equal,
    function,
    if_,
    integer,
    let,
    list_,
    list_of,
    literal_pattern,
    local,
    match,
    operator,
    ref,
    sequence,
    tuple_,
    tuple_pattern,
    unit,
    use,
)

SEQ_OF_INT = NamedType(SEQ, (INT,))


def give(value: t.Expression) -> t.Yield:
    return t.Yield(UNIT, SPAN, value)


def seq(*items: t.Expression) -> t.Comprehension:
    return t.Comprehension(SEQ_OF_INT, SPAN, "seq", INT, sequence(*items))


def plus(left: t.Expression, right: t.Expression) -> t.Expression:
    return operator("op_Addition", left, right)


def times(left: t.Expression, right: t.Expression) -> t.Expression:
    return operator("op_Multiply", left, right)


def collect(source: t.Expression, *before: t.Expression, stop_at: int | None = None) -> int:
    """The elements as digits of a number, first element first; after `stop_at` elements leave by an
    exception.
    """
    total, count = local("total", INT, mutable=True), local("count", INT, mutable=True)
    x = local("x", INT)
    store = t.LocalSet(UNIT, SPAN, total, plus(times(use(total), integer(10)), use(x)))
    bump = t.LocalSet(UNIT, SPAN, count, plus(use(count), integer(1)))
    steps: list[t.Expression] = [store, bump]
    if stop_at is not None:
        failing = t.Match(
            UNIT, SPAN, integer(5), [t.MatchRule(literal_pattern(1, INT), None, unit(), SPAN)]
        )
        steps.append(if_(equal(use(count), integer(stop_at)), failing, unit()))
    loop = t.ForIn(UNIT, SPAN, bind(x), source, None, sequence(*steps))
    e = local("e", EXN)
    guarded = t.TryWith(UNIT, SPAN, loop, [t.MatchRule(bind(e), None, unit(), SPAN)])
    body = let(total, integer(0), let(count, integer(0), sequence(*before, guarded, use(total))))
    hand = Hand()
    hand.add(define("main", [local("args", UNIT)], body))
    program = hand.lower()
    result = Machine(program).call(program.entry)
    assert isinstance(result, int)
    return result


def test_yields_in_order() -> None:
    assert collect(seq(give(integer(1)), give(integer(2)), give(integer(3)))) == 123


def test_nothing() -> None:
    assert collect(seq(unit())) == 0


def test_captures_locals_and_branches() -> None:
    k, y = local("k", INT), local("y", INT)
    body = let(
        y,
        plus(use(k), integer(1)),
        sequence(
            give(use(y)),
            if_(equal(use(y), integer(4)), give(integer(7)), give(integer(8))),
            give(plus(use(y), use(k))),
        ),
    )
    made = define("made", [k], seq(body))
    hand = Hand()
    hand.add(made)
    total, x = local("total", INT, mutable=True), local("x", INT)
    store = t.LocalSet(UNIT, SPAN, total, plus(times(use(total), integer(10)), use(x)))
    source = call(ref("made", function(INT, SEQ_OF_INT)), integer(3))
    loop = t.ForIn(UNIT, SPAN, bind(x), source, None, store)
    hand.add(define("main", [local("u", UNIT)], let(total, integer(0), sequence(loop, use(total)))))
    program = hand.lower()
    assert Machine(program).call(program.entry) == 477


def test_loops_and_mutable_locals() -> None:
    i, j = local("i", INT, mutable=True), local("j", INT)
    inner = t.ForTo(UNIT, SPAN, j, integer(1), use(i), False, give(use(j)))
    step = t.LocalSet(UNIT, SPAN, i, plus(use(i), integer(1)))
    loop = t.While(UNIT, SPAN, operator_less(use(i), integer(4)), sequence(inner, step))
    assert collect(seq(let(i, integer(1), loop))) == 112123


def operator_less(left: t.Expression, right: t.Expression) -> t.Expression:
    return call(ref("<", function(INT, INT, BOOL), INT), left, right)


def test_yield_all_and_matches() -> None:
    xs, a = local("xs", list_of(INT)), local("a", INT)
    chosen = match(
        use(xs),
        (cons_pattern(bind(a), any_of(list_of(INT))), give(plus(use(a), integer(5)))),
        (any_of(list_of(INT)), give(integer(0))),
    )
    nested = seq(give(integer(3)), give(integer(4)))
    body = let(
        xs,
        list_(integer(1), integer(2)),
        sequence(t.YieldAll(UNIT, SPAN, use(xs)), t.YieldAll(UNIT, SPAN, nested), chosen),
    )
    assert collect(seq(body)) == 12346


def test_for_in_with_patterns() -> None:
    x = local("x", INT)
    items = list_(
        tuple_(integer(1), integer(0)),
        tuple_(integer(2), integer(1)),
        tuple_(integer(3), integer(0)),
    )
    pattern = tuple_pattern(bind(x), literal_pattern(0, INT))
    assert collect(seq(t.ForIn(UNIT, SPAN, pattern, items, None, give(use(x))))) == 13


def finally_program(stop_at: int | None) -> int:
    """A finalizer that adds 100000 to what was gathered when it runs."""
    done = local("done", INT, mutable=True)
    finalizer = t.LocalSet(UNIT, SPAN, done, plus(use(done), integer(100000)))
    body = t.TryFinally(UNIT, SPAN, sequence(give(integer(1)), give(integer(2))), finalizer)
    total, count, x = local("total", INT, True), local("count", INT, True), local("x", INT)
    store = t.LocalSet(UNIT, SPAN, total, plus(times(use(total), integer(10)), use(x)))
    bump = t.LocalSet(UNIT, SPAN, count, plus(use(count), integer(1)))
    failing = t.Match(
        UNIT, SPAN, integer(5), [t.MatchRule(literal_pattern(1, INT), None, unit(), SPAN)]
    )
    stop = if_(equal(use(count), integer(stop_at or -1)), failing, unit())
    source = seq(body, give(integer(3)))
    loop = t.ForIn(UNIT, SPAN, bind(x), source, None, sequence(store, bump, stop))
    guarded = t.TryWith(UNIT, SPAN, loop, [t.MatchRule(any_of(EXN), None, unit(), SPAN)])
    whole = sequence(guarded, plus(use(total), use(done)))
    nested = let(done, integer(0), let(total, integer(0), let(count, integer(0), whole)))
    hand = Hand()
    hand.add(define("main", [local("u", UNIT)], nested))
    program = hand.lower()
    result = Machine(program).call(program.entry)
    assert isinstance(result, int)
    return result


def test_finalizers_run_once_however_the_loop_ends() -> None:
    assert finally_program(None) == 100123
    assert finally_program(1) == 100001
    assert finally_program(2) == 100012
    assert finally_program(3) == 100123


def test_exceptions_inside_handlers_of_a_sequence() -> None:
    failing = t.Match(
        UNIT, SPAN, integer(5), [t.MatchRule(literal_pattern(1, INT), None, unit(), SPAN)]
    )
    body = t.TryWith(
        UNIT,
        SPAN,
        sequence(give(integer(1)), failing, give(integer(2))),
        [t.MatchRule(any_of(EXN), None, sequence(give(integer(8)), give(integer(9))), SPAN)],
    )
    assert collect(seq(body, give(integer(4)))) == 1894


def test_leaving_early() -> None:
    endless = t.While(UNIT, SPAN, t.Literal(BOOL, SPAN, True), give(integer(6)))
    assert collect(seq(endless), stop_at=3) == 666


def test_recursive_sequences_hand_over() -> None:
    """Thousands of nested `yield!`s need no stack and stay linear."""
    n, x = local("n", INT), local("x", INT)
    again = call(ref("from", function(INT, SEQ_OF_INT)), plus(use(n), integer(1)))
    more = if_(equal(use(n), integer(3000)), unit(), t.YieldAll(UNIT, SPAN, again))
    numbers = define("from", [n], seq(give(use(n)), more))
    total = local("total", INT, mutable=True)
    store = t.LocalSet(UNIT, SPAN, total, plus(use(total), use(x)))
    source = call(ref("from", function(INT, SEQ_OF_INT)), integer(1))
    loop = t.ForIn(UNIT, SPAN, bind(x), source, None, store)
    hand = Hand()
    main = let(total, integer(0), sequence(loop, use(total)))
    hand.add(numbers, define("main", [local("u", UNIT)], main))
    program = hand.lower()
    assert Machine(program).call(program.entry) == 3000 * 3001 // 2
