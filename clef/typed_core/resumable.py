"""Resumable functions: bodies with suspension points become machines that go on where they stopped.

Comes in: a body of statements with `yield`s (the suspension points). Goes out: states of a
`Machine`. Promises: code without suspension points is lowered as everywhere else; locals of code
with them live in fields; finalizers run once, when control leaves their region in whatever way.
`seq { }` is the first user (sequences.py); others give another meaning to a suspended value.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.inference import typed_tree as t
from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.closures import bind_functions, is_function
from clef.typed_core.core import Atom, Expression, MonoType
from clef.typed_core.decisions import Occurrence
from clef.typed_core.dispatch import Slot
from clef.typed_core.enumerators import (
    current,
    dispose_enumerator,
    get_enumerator,
    move_next,
)
from clef.typed_core.failure import dispose
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.machine import (
    CURRENT,
    DELEGATE,
    FORWARD,
    PENDING,
    STATE,
    Machine,
    State,
    forwarding_interface,
)
from clef.typed_core.matching import (
    Rule,
    bind_pattern,
    is_irrefutable,
    match_failure,
    match_rules,
    place_of,
)
from clef.typed_core.objects import call_slot
from clef.typed_core.resumable_loops import count_through, for_each, repeat_while
from clef.typed_core.resumable_regions import protected
from clef.typed_core.suspensions import marker, suspends, variables_of


def walk(machine: Machine, node: t.Expression, last: bool = False) -> None:
    """Add a statement; the machine's state afterwards is where the next one belongs.

    `last`: nothing follows it, so that `yield!` can hand over for good.
    """
    mark = marker(node)
    if mark is not None:
        _marked(machine, mark)
        return
    if not suspends(node):
        machine.lowerer.effect(node, machine.block)
        return
    machine.builder.span = node.span
    match node:
        case t.Yield():
            then = machine.new_state()
            machine.suspend(lambda: machine.lowerer.value(node.value, machine.block), then)
            machine.enter(then)
        case t.YieldAll():
            _yield_all(machine, node.values, last)
        case t.Sequential():
            for item in node.items[:-1]:
                walk(machine, item)
            walk(machine, node.items[-1], last)
        case t.Let():
            _let(machine, node, last)
        case t.If():
            _if(machine, node, last)
        case t.Match():
            _match(machine, node, last)
        case t.While():
            repeat_while(
                machine,
                lambda: machine.lowerer.value(node.condition, machine.block),
                lambda: walk(machine, node.body),
            )
        case t.ForTo():
            _for_to(machine, node)
        case t.ForIn():
            _for_in(machine, node)
        case t.Use():
            _use(machine, node)
        case t.TryFinally():
            protected(
                machine,
                lambda: walk(machine, node.body),
                lambda block: machine.lowerer.effect(node.finalizer, block),
            )
        case t.TryWith():
            _try_with(machine, node)
        case _:
            machine.lowerer.unsupported(
                f"a suspension inside `{type(node).__name__}`",
                "bind the value with `let` first",
                node,
            )


def _marked(machine: Machine, mark: t.Application) -> None:
    """What is said about the enumerator itself."""
    assert isinstance(mark.function, t.GlobalReference)
    if mark.function.symbol == well_known.OPENED:
        machine.open()
    elif mark.function.symbol == well_known.ENDED:
        machine.rest()
    else:
        (kept,) = mark.arguments
        machine.opens_next = True
        machine.keeps_next = isinstance(kept, t.Literal) and kept.value is True


# Bindings and branches --------------------------------------------------------------------------


def _let(machine: Machine, node: t.Let, last: bool) -> None:
    body: t.Expression = node
    lowerer = machine.lowerer
    while isinstance(body, t.Let) and suspends(body):
        if body.is_recursive or all(is_function(binding) for binding in body.bindings):
            bind_functions(lowerer, body.bindings, body.is_recursive)
        else:
            for index, binding in enumerate(body.bindings):
                if is_irrefutable(lowerer, binding.pattern):
                    _bind(machine, binding)
                    continue
                rest = t.Let(body.type, body.span, body.bindings[index + 1 :], False, body.body)
                rule = t.MatchRule(binding.pattern, None, rest, binding.span)
                _match(machine, t.Match(body.type, binding.span, binding.body, [rule]), last)
                return
        body = body.body
    walk(machine, body, last)


def _bind(machine: Machine, binding: t.LocalBinding) -> None:
    lowerer = machine.lowerer
    pattern = binding.pattern
    if isinstance(pattern, t.VariablePattern):
        value = lowerer.expression(binding.body, machine.block, False)
        lowerer.bind_local(pattern.local, value, machine.block)
        machine.hoist(pattern.local)
        return
    place = place_of(lowerer, binding.body, machine.block)
    bind_pattern(lowerer, pattern, place, machine.block)
    for local in variables_of(pattern):
        machine.hoist(local)


def _if(machine: Machine, node: t.If, last: bool) -> None:
    condition = machine.lowerer.value(node.condition, machine.block)
    then, otherwise, after = (machine.new_state() for _ in range(3))
    builder = machine.builder
    machine.end(
        builder.branch(condition, machine.goto(then), machine.goto(otherwise), builder.int32_type)
    )
    for state, branch in ((then, node.then), (otherwise, node.otherwise)):
        machine.enter(state)
        walk(machine, branch, last)
        machine.jump(after)
    machine.enter(after)


def _match(machine: Machine, node: t.Match, last: bool) -> None:
    lowerer = machine.lowerer
    place = place_of(lowerer, node.scrutinee, machine.block)
    fail = match_failure(lowerer, node, machine.builder.int32_type)
    _branches(machine, place, node.rules, fail, last)


def _branches(
    machine: Machine,
    place: Occurrence,
    rules: list[t.MatchRule],
    fail: Callable[[Block], Expression],
    last: bool = False,
) -> None:
    """Each rule's body is a state; the pattern's variables go into fields on the way there."""
    lowerer = machine.lowerer
    after = machine.new_state()
    targets = [machine.new_state() for _ in rules]
    origin = machine.state

    def leave(rule: t.MatchRule, target: State) -> Callable[[Block], Expression]:
        def body(block: Block) -> Expression:
            held = origin.block
            origin.block = block
            for local in variables_of(rule.pattern):
                machine.hoist(local)
            origin.block = held
            return machine.goto(target, block)

        return body

    made = [
        Rule(rule.pattern, rule.guard, leave(rule, target))
        for rule, target in zip(rules, targets, strict=True)
    ]
    int32 = machine.builder.int32_type
    machine.end(match_rules(lowerer, place, made, fail, int32, machine.block))
    for rule, target in zip(rules, targets, strict=True):
        machine.enter(target)
        walk(machine, rule.body, last)
        machine.jump(after)
    machine.enter(after)


# Loops ------------------------------------------------------------------------------------------


def _for_to(machine: Machine, node: t.ForTo) -> None:
    lowerer = machine.lowerer
    first = lowerer.value(node.start, machine.block)
    last = lowerer.value(node.finish, machine.block)

    def body(value: Atom) -> None:
        lowerer.bind_local(node.local, value, machine.block)
        machine.hoist(node.local)
        walk(machine, node.body)

    count_through(machine, first, last, -1 if node.is_down else 1, body)


def _for_in(machine: Machine, node: t.ForIn) -> None:
    lowerer = machine.lowerer

    def body(value: Atom) -> None:
        place = Occurrence("atom", value.type, atom=value)
        if is_irrefutable(lowerer, node.pattern):
            bind_pattern(lowerer, node.pattern, place, machine.block)
            for local in variables_of(node.pattern):
                machine.hoist(local)
            walk(machine, node.body)
            return
        nothing = t.Sequential(node.type, node.span, [])
        anything = t.WildcardPattern(node.pattern.type, node.span)
        rules = [
            t.MatchRule(node.pattern, None, node.body, node.span),
            t.MatchRule(anything, None, nothing, node.span),
        ]
        _branches(machine, place, rules, lambda _: machine.builder.int32(0))

    collection = node.collection
    if node.enumeration is None:
        while isinstance(collection, t.Coerce):
            collection = collection.value
    for_each(machine, collection, node.enumeration, body)


def _yield_all(machine: Machine, values: t.Expression, last: bool) -> None:
    """All elements of another collection, one suspension each."""
    while isinstance(values, t.Coerce):
        values = values.value
    type = machine.lowerer.mono(values.type)
    if last and machine.region is None and type.symbol == well_known.SEQ:
        _hand_over(machine, values, type.arguments[0])
        return

    def give(value: Atom) -> None:
        then = machine.new_state()
        machine.suspend(lambda: value, then)
        machine.enter(then)

    for_each(machine, values, None, give)


def _hand_over(machine: Machine, values: t.Expression, element: MonoType) -> None:
    """From now on another sequence gives the elements. One that has itself handed over is skipped,
    so that a recursive sequence needs no more stack and time the longer it gets.
    """
    lowerer, builder = machine.lowerer, machine.builder
    source = lowerer.value(values, machine.block)
    made = get_enumerator(lowerer, source, element, machine.block)
    machine.store(DELEGATE, builder.bind(machine.block, made))
    head = machine.new_state()
    machine.jump(head)
    machine.enter(head)
    machine.store(STATE, builder.int32(head.number))
    held = machine.load(DELEGATE)
    enumerator = builder.bind(machine.block, skip_forwarding(lowerer, held, element))
    machine.store(DELEGATE, builder.again(enumerator))
    more = builder.bind(machine.block, move_next(lowerer, enumerator, machine.block))
    going, ending = Block(), Block()
    value = builder.bind(going, current(lowerer, enumerator, element, going))
    builder.effect(going, machine.write(CURRENT, value))
    then = builder.finish(going, builder.int32(1))
    none = builder.primitive("zero", [], enumerator.type, (enumerator.type,))
    builder.effect(ending, machine.write(DELEGATE, builder.bind(ending, none)))
    builder.effect(ending, dispose_enumerator(lowerer, enumerator, ending))
    otherwise = builder.finish(ending, machine.finish(ending))
    machine.end(builder.branch(more, then, otherwise, builder.int32_type))
    machine.enter(machine.new_state())


def skip_forwarding(lowerer: Lowerer, enumerator: Atom, element: MonoType) -> Expression:
    """The enumerator that this one has handed over to, or itself."""
    builder = lowerer.builder
    specialiser = lowerer.specialiser
    forwarding = forwarding_interface(specialiser, element)
    type = enumerator.type
    block = Block()
    cast = builder.primitive("cast", [builder.again(enumerator)], forwarding, (forwarding,))
    receiver = builder.bind(block, cast)
    slot = Slot(FORWARD, forwarding, ())
    target = builder.bind(block, call_slot(lowerer, slot, receiver, [], type, block))
    test = builder.primitive("is_null", [builder.again(target)], builder.boolean_type)
    none = builder.bind(block, test)
    chosen = builder.branch(none, builder.again(enumerator), builder.again(target), type)
    inside = builder.finish(block, chosen)
    other = builder.again(enumerator)
    branches: list[tuple[int, Expression]] = [(0, inside)]
    return builder.switch(builder.again(enumerator), "kind", branches, other, type, [forwarding])


# Regions ----------------------------------------------------------------------------------------


def _try_with(machine: Machine, node: t.TryWith) -> None:
    lowerer, builder = machine.lowerer, machine.builder
    landing, after = machine.new_state(), machine.new_state()
    outer = machine.region
    region = machine.open_region(landing, False)
    machine.region = region
    inside = machine.new_state()
    machine.region = outer
    machine.jump(inside)
    machine.enter(inside)
    walk(machine, node.body)
    machine.jump(after)
    machine.enter(landing)
    machine.settle(outer, machine.block)
    exception = lowerer.specialiser.exception
    caught = machine.load(PENDING)
    nothing = builder.primitive("null", [], exception, (exception,))
    machine.store(PENDING, builder.bind(machine.block, nothing))

    def again(_: Block) -> Expression:
        return builder.throw(builder.again(caught), builder.int32_type)

    place = Occurrence("atom", exception, atom=caught)
    _branches(machine, place, node.rules, again)
    machine.jump(after)
    machine.enter(after)


def _use(machine: Machine, node: t.Use) -> None:
    lowerer = machine.lowerer
    value = lowerer.expression(node.value, machine.block, False)
    lowerer.bind_local(node.local, value, machine.block)
    machine.hoist(node.local)
    protected(
        machine,
        lambda: walk(machine, node.body),
        lambda block: dispose(lowerer, node.local, node.dispose, block),
    )
