"""Definitions whose bodies are lowered in the place of their calls, and sequences that flow into
them.

Comes in: instances and operands, which may not have been computed yet. Goes out: the body's code.
Promises: operands are computed in order, as for a call. A lambda for a parameter stays known, so
that it needs no closure. A sequence expression that is only walked through (walks.py) is not made:
what comes before it is computed where the sequence would be made, its own code stands in the loop
that walks through it. Nobody can tell, because a sequence computes nothing before that, and each
element when it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from clef.data_classes import dataclass
from clef.inference import typed_tree as t
from clef.typed_core import core, well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression
from clef.typed_core.decisions import Occurrence
from clef.typed_core.local_bindings import Flow, LocalFunction, Narrow, Walked
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.matching import bind_pattern, is_irrefutable
from clef.typed_core.specialiser import Instance
from clef.typed_core.walks import bare, ending, opened, single, spine

Operand = t.Expression | Atom | Walked
_Made = Atom | LocalFunction | Walked
_DEEPEST = 24  # how deeply definitions are opened inside each other


def operand(lowerer: Lowerer, item: Operand, block: Block) -> Atom:
    """The value of an operand."""
    if isinstance(item, core.Variable | core.Literal):
        return item
    assert not isinstance(item, Walked)
    return lowerer.value(item, block)


def operands(lowerer: Lowerer, items: Sequence[Operand], block: Block) -> list[Atom]:
    return [operand(lowerer, item, block) for item in items]


# Inline definitions -----------------------------------------------------------------------------


def can_inline(lowerer: Lowerer, instance: Instance) -> bool:
    """Whether calls of an `inline` definition are lowered in place."""
    definition = instance.definition
    is_derived = not lowerer.handlers  # a function of the core's own, which lowers no source
    return (
        definition.is_inline
        and not is_derived
        and definition.intrinsic is None
        and definition.external is None
        and not instance.name.endswith(("$struct", "$changing"))
        and _may_open(lowerer, {definition.symbol})
        and all(is_irrefutable(lowerer, pattern) for pattern in instance.code.parameters)
    )


def _may_open(lowerer: Lowerer, symbols: set[str] | frozenset[str]) -> bool:
    is_deep = len(lowerer.inlining) + len(symbols) > _DEEPEST
    return not is_deep and symbols.isdisjoint(lowerer.inlining)


def inline(
    lowerer: Lowerer, instance: Instance, arguments: list[Operand], block: Block, tail: bool
) -> Expression:
    """The body in the place of the call."""
    patterns = instance.code.parameters
    symbol = instance.definition.symbol
    made: list[_Made] = []
    for index, argument in enumerate(arguments):
        if walks_at_once(lowerer, symbol, index, argument):
            made.append(prepared(lowerer, argument, block))
        else:
            made.append(_argument(lowerer, patterns[index], argument, block))
    outer = (lowerer.types, lowerer.analysis)
    _enter(lowerer, instance, made, block)
    result = lowerer.expression(instance.code.body, block, tail)
    lowerer.inlining.pop()
    lowerer.types, lowerer.analysis = outer
    return result


def _argument(
    lowerer: Lowerer, pattern: t.Pattern, argument: Operand, block: Block
) -> Atom | LocalFunction:
    if isinstance(pattern, t.VariablePattern):
        if isinstance(argument, t.Lambda):
            return known_lambda(lowerer, pattern, argument)
        known = _known(lowerer, argument)
        if known is not None:
            return known
    return operand(lowerer, argument, block)


def _enter(lowerer: Lowerer, instance: Instance, made: Sequence[_Made], block: Block) -> None:
    """Go inside of a definition with these arguments."""
    lowerer.types = instance.environment
    lowerer.analysis = lowerer.specialiser.analysis(instance.definition)
    lowerer.inlining.append(instance.definition.symbol)
    for pattern, item in zip(instance.code.parameters, made, strict=True):
        if isinstance(item, LocalFunction | Walked):
            assert isinstance(pattern, t.VariablePattern)
            lowerer.environment[pattern.local] = item
        else:
            place = Occurrence("atom", item.type, atom=item)
            bind_pattern(lowerer, pattern, place, block)


def known_lambda(lowerer: Lowerer, pattern: t.VariablePattern, function: t.Lambda) -> LocalFunction:
    """A lambda as a local function."""
    binding = t.LocalBinding(pattern, (), [], function, function.span)
    made = local_function(lowerer, binding, pattern.local.name)
    captures = lowerer.captures(lowerer.analysis.free[id(function)])
    made.captures, made.scope = captures.locals, captures.scope
    return made


def local_function(lowerer: Lowerer, binding: t.LocalBinding, name: str) -> LocalFunction:
    """A binding's parameters and body, with directly nested lambdas counted as parameters."""
    patterns, body = list(binding.parameters), binding.body
    while isinstance(body, t.Lambda):
        patterns += body.parameters
        body = body.body
    prefix = f"{lowerer.name}/{name}"
    return LocalFunction(binding, patterns, body, lowerer.types, lowerer.analysis, prefix)


# Sequences that are only walked through -----------------------------------------------------------


@dataclass(slots=True)
class Ending(t.Expression):
    """In the place of the sequence expression that a body ends in."""

    sequence: t.Expression
    found: list[Atom | Walked]


def lower_ending(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """See `Ending`."""
    assert isinstance(node, Ending)
    node.found.append(prepared(lowerer, node.sequence, block))
    return lowerer.builder.unit()


def is_flow(lowerer: Lowerer, item: Operand) -> bool:
    """Whether a sequence need not be made to be walked through."""
    if isinstance(item, core.Variable | core.Literal | Walked):
        return isinstance(item, Flow)
    node = bare(item)
    match node:
        case t.LocalReference():
            return isinstance(lowerer.environment.get(node.local), Flow)
        case t.Comprehension():
            return single(node) is not None and not lowerer.grows
        case t.Application():
            functions = _given_by(lowerer, node)
            if functions is None:
                local = _opened_lambda(lowerer, node)
                functions = None if local is None else _ends_in_flow(lowerer, local)
            return functions is not None and not lowerer.grows and _may_open(lowerer, functions)
        case _:
            return False


def _given_by(lowerer: Lowerer, node: t.Expression) -> frozenset[str] | None:
    """The functions that give a sequence expression one after the other."""
    walks = lowerer.specialiser.walks
    head = walks.giver(node)
    return None if head is None else walks.gives(head.symbol)


def _opened_lambda(lowerer: Lowerer, node: t.Expression) -> LocalFunction | None:
    """The lambda that is called, where it has all arguments."""
    head, arguments = spine(node)
    function = _known(lowerer, head)
    if function is None or len(arguments) != len(function.parameters):
        return None
    is_lambda = isinstance(function.binding.body, t.Lambda) and not function.binding.parameters
    names = all(isinstance(one, t.VariablePattern) for one in function.parameters)
    return function if is_lambda and names else None


def _ends_in_flow(lowerer: Lowerer, function: LocalFunction) -> frozenset[str] | None:
    last = ending(function.body)
    further = frozenset[str]() if single(last) is not None else _given_by(lowerer, last)
    return None if further is None else further | {function.prefix}


def is_collection(lowerer: Lowerer, item: Operand) -> bool:
    """Whether it is a list, array or text, seen as a sequence: walked through without an
    enumerator."""
    if isinstance(item, core.Variable | core.Literal | Walked) or lowerer.grows:
        return isinstance(item, Narrow)
    node = bare(item)
    if isinstance(node, t.LocalReference):
        binding = lowerer.environment.get(node.local)
        if isinstance(binding, Walked):
            return isinstance(binding, Narrow)
    if node is item:
        return False
    outside = lowerer.mono(item.type)
    if outside.symbol != well_known.SEQ:
        return False
    inside = lowerer.mono(node.type)
    if inside.symbol in (well_known.LIST, well_known.ARRAY):
        return inside.arguments == outside.arguments
    return inside.symbol == well_known.STRING


def walks_at_once(lowerer: Lowerer, symbol: str, index: int, item: Operand) -> bool:
    """Whether a function that is lowered in place walks through this operand, before it returns,
    and the operand need not be made a sequence for it."""
    return _walks(lowerer, symbol, index, item, is_late=False)


_MAY_WALK = frozenset((t.LocalReference, t.Comprehension, t.Application, t.Coerce, Flow, Narrow))
"""What may be a sequence that is only walked through, or a list seen as one."""


def _walks(lowerer: Lowerer, symbol: str, index: int, item: Operand, is_late: bool) -> bool:
    if item.__class__ not in _MAY_WALK:
        return False
    flows = is_flow(lowerer, item)
    if not flows and not is_collection(lowerer, item):
        return False
    walk = lowerer.specialiser.walks.of(symbol, index)
    if walk is None or (walk.is_late and not is_late) or (walk.asks and not flows):
        return False
    return _may_open(lowerer, walk.functions | {symbol})


def prepared(lowerer: Lowerer, item: Operand, block: Block) -> Atom | Walked:
    """What comes before a sequence is walked through; else the value."""
    if isinstance(item, core.Variable | core.Literal | Walked):
        return item
    node = bare(item)
    if isinstance(node, t.LocalReference):
        binding = lowerer.environment.get(node.local)
        if isinstance(binding, Walked):
            return binding
    if is_flow(lowerer, node):
        made = single(node)
        if made is not None:
            return Flow(made.body, lowerer.scope())
        function = _opened_lambda(lowerer, node)
        if function is not None:
            return _prepared_lambda(lowerer, function, node, block)
        return _prepared_call(lowerer, node, block)
    if is_collection(lowerer, item):
        return Narrow(lowerer.value(node, block))
    return lowerer.value(item, block)


def _prepared_call(lowerer: Lowerer, node: t.Expression, block: Block) -> Atom | Walked:
    """The call of a function that ends in a sequence expression: all that it does before."""
    head, arguments, order = opened(node)
    assert isinstance(head, t.GlobalReference)
    types = lowerer.type_arguments(head.symbol, head.type_arguments)
    instance = lowerer.specialiser.instance(head.symbol, types, head.span)
    assert instance is not None
    made: dict[int, _Made] = {}
    for index in order:
        argument = arguments[index]
        if _walks(lowerer, head.symbol, index, argument, is_late=True):
            made[index] = prepared(lowerer, argument, block)
        else:
            pattern = instance.code.parameters[index]
            made[index] = _argument(lowerer, pattern, argument, block)
    outer = lowerer.scope()
    lowerer.environment = dict(outer.environment)
    lowerer.inlining = list(outer.inlining)
    _enter(lowerer, instance, [made[index] for index in range(len(arguments))], block)
    flow = _before_ending(lowerer, instance.code.body, block)
    lowerer.enter_scope(outer)
    return flow


def _prepared_lambda(
    lowerer: Lowerer, function: LocalFunction, node: t.Expression, block: Block
) -> Atom | Walked:
    """The same for a lambda."""
    _, arguments, order = opened(node)
    atoms = {index: lowerer.value(arguments[index], block) for index in order}
    outer = lowerer.scope()
    captured = {local: outer.environment[local] for local in function.captures}
    lowerer.environment = {**outer.environment, **function.scope, **captured}
    lowerer.inlining = [*outer.inlining, function.prefix]
    lowerer.types, lowerer.analysis = function.environment, function.analysis
    for index, pattern in enumerate(function.parameters):
        place = Occurrence("atom", atoms[index].type, atom=atoms[index])
        bind_pattern(lowerer, pattern, place, block)
    flow = _before_ending(lowerer, function.body, block)
    lowerer.enter_scope(outer)
    return flow


def _before_ending(lowerer: Lowerer, body: t.Expression, block: Block) -> Atom | Walked:
    """All that a body does before the sequence that it ends in."""
    found: list[Atom | Walked] = []
    lowerer.effect(_ending_in(body, found), block)
    (flow,) = found
    return flow


def _known(lowerer: Lowerer, argument: Operand) -> LocalFunction | None:
    """The function that a local stands for."""
    if not isinstance(argument, t.LocalReference) or argument.type_arguments:
        return None
    binding = lowerer.environment.get(argument.local)
    is_plain = isinstance(binding, LocalFunction) and not binding.binding.type_parameters
    return binding if is_plain and isinstance(binding, LocalFunction) else None


def _ending_in(body: t.Expression, found: list[Atom | Walked]) -> t.Expression:
    """A body that tells what it ends in, instead of making it; see `walks.ending`."""
    match body:
        case t.Let() if all(isinstance(b.pattern, t.VariablePattern) for b in body.bindings):
            return replace(body, body=_ending_in(body.body, found))
        case t.Coerce():
            return _ending_in(body.value, found)
        case t.Sequential(items=[*before, last]):
            return replace(body, items=[*before, _ending_in(last, found)])
        case _:
            return Ending(body.type, body.span, body, found)


def can_walk(lowerer: Lowerer, head: t.GlobalReference, arguments: Sequence[Operand]) -> bool:
    """Whether a call is lowered in place, so that a sequence need not be made for it."""
    return any(
        walks_at_once(lowerer, head.symbol, index, argument)
        for index, argument in enumerate(arguments)
    )


def pipes_into_walk(lowerer: Lowerer, value: Operand, function: Operand, further: int) -> bool:
    """Whether `value |> function`, with so many arguments more, is such a call."""
    if isinstance(function, core.Variable | core.Literal | Walked):
        return False
    head, given = (
        (function.function, function.arguments)
        if isinstance(function, t.Application)
        else (function, [])
    )
    if not isinstance(head, t.GlobalReference):
        return False
    code = lowerer.specialiser.walks.find(head.symbol)
    if code is None or len(code[0]) != len(given) + 1 + further:
        return False
    return walks_at_once(lowerer, head.symbol, len(given), value)
