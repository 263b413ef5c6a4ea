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
from clef.typed_core.decision_tree import Occurrence
from clef.typed_core.dispatch import Slot
from clef.typed_core.failure import dispose
from clef.typed_core.loops import (
    current,
    dispose_enumerator,
    element_of_seq,
    get_enumerator,
    move_next,
)
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.machine import (
    CURRENT,
    DELEGATE,
    FORWARD,
    LEAVING,
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
from clef.typed_core.representations import INTEGERS
from clef.typed_core.suspensions import suspends, variables_of


def walk(machine: Machine, node: t.Expression, last: bool = False) -> None:
    """Add a statement; the machine's state afterwards is where the next one belongs.

    `last`: nothing follows it, so that `yield!` can hand over for good.
    """
    if not suspends(node):
        machine.lowerer.effect(node, machine.block)
        return
    machine.builder.span = node.span
    match node:
        case t.Yield():
            then = machine.new_state()
            machine.suspend(machine.lowerer.value(node.value, machine.block), then)
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
            _while(
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


def _while(machine: Machine, condition: Callable[[], Atom], body: Callable[[], None]) -> None:
    builder = machine.builder
    head, inside, after = (machine.new_state() for _ in range(3))
    machine.jump(head)
    machine.enter(head)
    test = condition()
    branch = builder.branch(test, machine.goto(inside), machine.goto(after), builder.int32_type)
    machine.end(branch)
    machine.enter(inside)
    body()
    machine.jump(head)
    machine.enter(after)


def _count(
    machine: Machine, first: Atom, last: Atom, step: int, body: Callable[[Atom], None]
) -> None:
    """Integers from `first` to `last`."""
    builder = machine.builder
    type = first.type
    index, limit = machine.keep(first), machine.keep(last)
    going = machine.keep(builder.boolean(True))

    def condition() -> Atom:
        order = "le" if step > 0 else "ge"
        operands = [machine.load(index), machine.load(limit)]
        inside = builder.bind(
            machine.block, builder.primitive(order, operands, builder.boolean_type)
        )
        no = builder.boolean(False)
        test = builder.branch(machine.load(going), inside, no, builder.boolean_type)
        return builder.bind(machine.block, test)

    def one() -> None:
        value = machine.load(index)
        body(value)
        here = machine.load(index)
        operands = [here, machine.load(limit)]
        more = builder.primitive("ne", operands, builder.boolean_type)
        machine.store(going, builder.bind(machine.block, more))
        operation = "add" if step > 0 else "sub"
        following = builder.primitive(
            operation, [builder.again(here), builder.literal(1, type)], type
        )
        machine.store(index, builder.bind(machine.block, following))

    _while(machine, condition, one)


def _for_to(machine: Machine, node: t.ForTo) -> None:
    lowerer = machine.lowerer
    first = lowerer.value(node.start, machine.block)
    last = lowerer.value(node.finish, machine.block)

    def body(value: Atom) -> None:
        lowerer.bind_local(node.local, value, machine.block)
        machine.hoist(node.local)
        walk(machine, node.body)

    _count(machine, first, last, -1 if node.is_down else 1, body)


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
    _each(machine, collection, node.enumeration, body)


def _each(
    machine: Machine,
    collection: t.Expression,
    enumeration: t.Enumeration | None,
    body: Callable[[Atom], None],
) -> None:
    lowerer = machine.lowerer
    shapes = lowerer.specialiser.shapes
    if isinstance(collection, t.Range) and collection.step is None:
        type = lowerer.mono(collection.start.type)
        if shapes.representation(type) in INTEGERS:
            first = lowerer.value(collection.start, machine.block)
            last = lowerer.value(collection.finish, machine.block)
            _count(machine, first, last, 1, body)
            return
    source = lowerer.value(collection, machine.block)
    if source.type.form == "named" and source.type.symbol == well_known.LIST:
        _over_list(machine, source, body)
    elif source.type.form == "named" and source.type.symbol == well_known.ARRAY:
        _over_array(machine, source, body)
    elif enumeration is not None:
        _by_protocol(machine, source, enumeration, body)
    else:
        _by_interface(machine, source, body)


def _over_list(machine: Machine, source: Atom, body: Callable[[Atom], None]) -> None:
    builder = machine.builder
    type = source.type
    rest = machine.keep(source)

    def condition() -> Atom:
        yes, no = builder.boolean(True), builder.boolean(False)
        branches: list[tuple[int, Expression]] = [(0, no), (1, yes)]
        switch = builder.switch(machine.load(rest), "case", branches, None, builder.boolean_type)
        return builder.bind(machine.block, switch)

    def one() -> None:
        cell = machine.load(rest)
        head = builder.project(cell, type, 1, 0, type.arguments[0])
        value = builder.bind(machine.block, head)
        tail = builder.project(builder.again(cell), type, 1, 1, type)
        machine.store(rest, builder.bind(machine.block, tail))
        body(value)

    _while(machine, condition, one)


def _over_array(machine: Machine, source: Atom, body: Callable[[Atom], None]) -> None:
    builder = machine.builder
    element = source.type.arguments[0]
    array = machine.keep(source)
    int32 = builder.int32_type
    length = builder.primitive("array_length", [machine.load(array)], int32, (element,))
    count = builder.bind(machine.block, length)
    last = builder.bind(machine.block, builder.primitive("sub", [count, builder.int32(1)], int32))

    def one(index: Atom) -> None:
        operands = [machine.load(array), index]
        read = builder.primitive("array_get_unchecked", operands, element, (element,))
        body(builder.bind(machine.block, read))

    _count(machine, builder.int32(0), last, 1, one)


def _by_protocol(
    machine: Machine, source: Atom, protocol: t.Enumeration, body: Callable[[Atom], None]
) -> None:
    lowerer = machine.lowerer
    lowerer.bind_local(protocol.source, source, machine.block)
    enumerator = lowerer.expression(protocol.get_enumerator, machine.block, False)
    lowerer.bind_local(protocol.enumerator, enumerator, machine.block)
    machine.hoist(protocol.enumerator)

    def loop() -> None:
        _while(
            machine,
            lambda: lowerer.value(protocol.move_next, machine.block),
            lambda: body(lowerer.value(protocol.current, machine.block)),
        )

    call = protocol.dispose
    if call is None:
        loop()
    else:
        protected(machine, loop, lambda block: dispose(lowerer, protocol.enumerator, call, block))


def _by_interface(machine: Machine, source: Atom, body: Callable[[Atom], None]) -> None:
    lowerer = machine.lowerer
    element = element_of_seq(lowerer, source.type)
    if element is None:
        span = machine.builder.span
        if span is not None:
            lowerer.unsupported("iterating this collection", "use `Seq.toList`", span)
        return
    made = get_enumerator(lowerer, source, element, machine.block)
    enumerator = machine.keep(machine.builder.bind(machine.block, made))
    _enumerate(machine, enumerator, element, body)


def _enumerate(
    machine: Machine, enumerator: int, element: MonoType, body: Callable[[Atom], None]
) -> None:
    lowerer, builder = machine.lowerer, machine.builder

    def loop() -> None:
        _while(
            machine,
            lambda: builder.bind(
                machine.block, move_next(lowerer, machine.load(enumerator), machine.block)
            ),
            lambda: body(
                builder.bind(
                    machine.block,
                    current(lowerer, machine.load(enumerator), element, machine.block),
                )
            ),
        )

    def close(block: Block) -> None:
        held = builder.bind(block, machine.read(enumerator))
        builder.effect(block, dispose_enumerator(lowerer, held, block))

    protected(machine, loop, close)


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
        machine.suspend(value, then)
        machine.enter(then)

    _each(machine, values, None, give)


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
    held = machine.load(DELEGATE)
    enumerator = builder.bind(machine.block, skip_forwarding(lowerer, held, element))
    machine.store(DELEGATE, builder.again(enumerator))
    more = builder.bind(machine.block, move_next(lowerer, enumerator, machine.block))
    going, ending = Block(), Block()
    value = builder.bind(going, current(lowerer, enumerator, element, going))
    builder.effect(going, machine.write(CURRENT, value))
    builder.effect(going, machine.write(STATE, builder.int32(head.number)))
    then = builder.finish(going, builder.int32(1))
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


def protected(
    machine: Machine, body: Callable[[], None], finalizer: Callable[[Block], None]
) -> None:
    """`body` in a region; the finalizer's state is outside of it and says where to go on."""
    landing, after = machine.new_state(), machine.new_state()
    outer = machine.region
    region = machine.open_region(landing, True)
    machine.region = region
    inside = machine.new_state()
    machine.region = outer
    machine.jump(inside)
    machine.enter(inside)
    body()
    machine.jump(landing)
    machine.enter(landing)
    finalizer(machine.block)
    _after_finalizer(machine, after)
    machine.enter(after)


def _after_finalizer(machine: Machine, after: State) -> None:
    """Go on with the exception, with leaving, or with what follows."""
    builder = machine.builder
    int32, boolean = builder.int32_type, builder.boolean_type
    exception = machine.lowerer.specialiser.exception
    pending = machine.load(PENDING)
    none = builder.bind(machine.block, builder.primitive("is_null", [pending], boolean))
    failing = Block()
    nothing = builder.primitive("null", [], exception, (exception,))
    builder.effect(failing, machine.write(PENDING, builder.bind(failing, nothing)))
    fail = builder.finish(failing, builder.throw(builder.again(pending), int32))
    calm = Block()
    leaving = builder.bind(calm, machine.read(LEAVING))
    is_leaving = builder.bind(calm, builder.primitive("ne", [leaving, builder.int32(0)], boolean))
    away = Block()
    outward = builder.finish(away, _outward(machine, away))
    onward_block = Block()
    onward = builder.finish(onward_block, machine.goto(after, onward_block))
    rest = builder.finish(calm, builder.branch(is_leaving, outward, onward, int32))
    machine.end(builder.branch(none, rest, fail, int32))


def _outward(machine: Machine, block: Block) -> Expression:
    """While the machine is disposed of: the next finalizer outside, or the end."""
    region = machine.region
    while region is not None and not region.is_finalizer:
        region = region.parent
    if region is None:
        return machine.finish(block)
    return machine.goto(machine.states[region.landing], block)


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
