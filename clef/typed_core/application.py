"""Applications: what is called is looked up before a closure is made.

Comes in: a function expression and its curried arguments. Goes out: direct calls where the function
is known, else closure calls. Promises: the function is evaluated first, then all arguments from
left to right, then the call; too few arguments make a closure that keeps those given, too many call
the result; `(f a) b` is as `f a b` only where `f` waits for `b`; a tail call of a function to
itself is a jump; `|>` and `<|` cost nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from clef.inference import typed_tree as t
from clef.typed_core import core, well_known
from clef.typed_core.builder import Block, Builder
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.formats import format_call
from clef.typed_core.function_pointers import foreign_arguments
from clef.typed_core.in_place import (
    Operand,
    can_inline,
    can_walk,
    inline,
    operand,
    operands,
    pipes_into_walk,
    prepared,
)
from clef.typed_core.intrinsics import call_intrinsic
from clef.typed_core.known import Known, from_outside
from clef.typed_core.local_bindings import Flow, Narrow, Walked
from clef.typed_core.local_functions import jump_to_self, known_local
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.matching import bind_parameters
from clef.typed_core.places import byref_read, byref_write
from clef.typed_core.specialiser import Instance
from clef.typed_core.values import Given
from clef.typed_core.walks import widened


def lower_application(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`f a b`."""
    assert isinstance(node, t.Application)
    return apply_spine(
        lowerer, node.function, list(node.arguments), lowerer.mono(node.type), block, tail
    )


def apply_spine(
    lowerer: Lowerer,
    head: t.Expression,
    arguments: list[Operand],
    type: MonoType,
    block: Block,
    tail: bool,
) -> Expression:
    """Apply `head` to all arguments, of which some may have been computed already."""
    while isinstance(head, t.Application) and _joins(lowerer, head, arguments):
        arguments = [*head.arguments, *arguments]
        head = head.function
    match head:
        case t.GlobalReference():
            special = _in_place(lowerer, head, arguments, type, block, tail)
            if special is not None:
                return special
            known = known_global(lowerer, head)
            in_place = known.inline if known is not None else None
            if in_place is not None and len(arguments) == len(in_place.parameters):
                return inline(lowerer, in_place, arguments, block, tail)
            is_whole = known is not None and len(arguments) == len(known.parameters)
            if is_whole and can_walk(lowerer, head, arguments):
                return inline(lowerer, _instance(lowerer, head), arguments, block, tail)
        case t.LocalReference():
            known = known_local(lowerer, head)
        case t.Lambda() if len(arguments) >= len(head.parameters):
            return _beta(lowerer, head, arguments, type, block, tail)
        case _:
            known = None
    if known is not None:
        return call_known(lowerer, known, arguments, type, block, tail)
    if isinstance(head, t.MethodCall | t.VirtualCall) and head.waits:
        head = _computed(lowerer, head, block)
        arguments = [*operands(lowerer, arguments, block)]
    function = lowerer.value(head, block)
    atoms = operands(lowerer, arguments, block)
    return lowerer.builder.call_closure(function, atoms, type)


def _instance(lowerer: Lowerer, head: t.GlobalReference) -> Instance:
    arguments = lowerer.type_arguments(head.symbol, head.type_arguments)
    found = lowerer.specialiser.instance(head.symbol, arguments, head.span)
    assert found is not None
    return found


def _computed(
    lowerer: Lowerer, call: t.MethodCall | t.VirtualCall, block: Block
) -> t.MethodCall | t.VirtualCall:
    """The same call with the object and the arguments computed. A struct stays where it is: the
    member may change it."""
    target: t.Expression | None = call.object
    if target is not None and not _is_still(target):
        is_value = lowerer.specialiser.shapes.of(lowerer.mono(target.type)).is_value
        target = target if is_value else _kept(lowerer, target, block)
    arguments = [_kept(lowerer, argument, block) for argument in call.arguments]
    if isinstance(call, t.VirtualCall):
        assert target is not None
        return replace(call, object=target, arguments=arguments)
    return replace(call, object=target, arguments=arguments)


def _kept(lowerer: Lowerer, node: t.Expression, block: Block) -> t.Expression:
    """An operand in the place of an expression, with the expression's type."""
    return Given(node.type, node.span, lowerer.value(node, block))


def _joins(lowerer: Lowerer, inner: t.Application, further: Sequence[Operand]) -> bool:
    """Whether `(f a) b` may be computed as `f a b`: nobody can tell, or `f` takes more than `a`."""
    if all(_is_still(item) for item in further):
        return True
    head: t.Expression = inner
    count = 0
    while isinstance(head, t.Application):
        count += len(head.arguments)
        head = head.function
    match head:
        case t.GlobalReference():
            known = known_global(lowerer, head)
        case t.LocalReference():
            known = known_local(lowerer, head)
        case t.Lambda():
            return len(head.parameters) > count
        case _:
            return False
    return known is not None and len(known.parameters) > count


def _is_still(item: Operand) -> bool:
    """Whether it makes no difference when this is computed."""
    match item:
        case t.LocalReference():
            return not item.local.is_mutable
        case t.Literal() | t.Lambda() | core.Variable() | core.Literal() | Flow() | Narrow():
            return True
        case _:
            return False


def _in_place(
    lowerer: Lowerer,
    head: t.GlobalReference,
    arguments: list[Operand],
    type: MonoType,
    block: Block,
    tail: bool,
) -> Expression | None:
    """Functions that are applied without a call."""
    count = len(arguments)
    if head.symbol == well_known.PIPE_RIGHT and count >= 2:
        piped, function = arguments[0], arguments[1]
        if isinstance(piped, t.Expression) and isinstance(function, t.Expression):
            piped, function = widened(piped, function)
        walks = pipes_into_walk(lowerer, piped, function, count - 2)
        value = (prepared if walks else operand)(lowerer, piped, block)
        return _apply_operand(lowerer, function, [value, *arguments[2:]], type, block, tail)
    if head.symbol == well_known.PIPE_LEFT and count >= 2:
        return _apply_operand(lowerer, arguments[0], arguments[1:], type, block, tail)
    if head.symbol in (well_known.PIPE_RIGHT_2, well_known.PIPE_RIGHT_3) and count >= 2:
        first = arguments[0]
        if isinstance(first, t.Tuple):
            atoms = lowerer.values(first.items, block)
            rest = [*atoms, *arguments[2:]]
            return _apply_operand(lowerer, arguments[1], rest, type, block, tail)
    if head.symbol in (well_known.READ_BYREF, well_known.WRITE_BYREF):
        return _byref(lowerer, head.symbol, operands(lowerer, arguments, block))
    if head.symbol in (well_known.PRESENT, well_known.IS_MADE):
        return _about_sequence(lowerer, head.symbol, arguments, block)
    printer = well_known.PRINTERS.get(head.symbol)
    if printer is not None and count >= 1:
        literal = arguments[0]
        if isinstance(literal, t.FormatLiteral):
            given: list[t.Expression | Atom] = []
            given += (one for one in arguments[1:] if not isinstance(one, Walked))
            return format_call(lowerer, printer, literal, given, type, block)
    return None


def _about_sequence(
    lowerer: Lowerer, symbol: str, arguments: list[Operand], block: Block
) -> Expression | None:
    """What is asked about a sequence that may not have been made: such a one is not null."""
    item = arguments[-1]
    binding = lowerer.environment.get(item.local) if isinstance(item, t.LocalReference) else None
    if symbol == well_known.IS_MADE:
        return lowerer.builder.boolean(not isinstance(binding, Walked))
    if not isinstance(binding, Walked) or len(arguments) != 2:
        return None
    if isinstance(binding, Flow):
        return lowerer.builder.unit()
    given: list[Operand] = [arguments[0], lowerer.builder.again(binding.atom)]
    present = lowerer.specialiser.instance(symbol, (binding.atom.type,))
    assert present is not None
    return inline(lowerer, present, given, block, False)


def _byref(lowerer: Lowerer, symbol: str, atoms: list[Atom]) -> Expression | None:
    """Reading and writing through a byref."""
    if symbol == well_known.READ_BYREF and len(atoms) == 1:
        return byref_read(lowerer, atoms[0])
    return byref_write(lowerer, atoms[0], atoms[1]) if len(atoms) == 2 else None


def _apply_operand(
    lowerer: Lowerer,
    function: Operand,
    arguments: list[Operand],
    type: MonoType,
    block: Block,
    tail: bool,
) -> Expression:
    if isinstance(function, core.Variable | core.Literal):
        atoms = operands(lowerer, arguments, block)
        return lowerer.builder.call_closure(function, atoms, type)
    assert not isinstance(function, Walked)
    return apply_spine(lowerer, function, arguments, type, block, tail)


def _beta(
    lowerer: Lowerer,
    function: t.Lambda,
    arguments: list[Operand],
    type: MonoType,
    block: Block,
    tail: bool,
) -> Expression:
    """A lambda applied on the spot: its parameters are bound."""
    count = len(function.parameters)
    atoms = operands(lowerer, arguments, block)
    locals: list[Local] = []
    for atom in atoms[:count]:
        if isinstance(atom, core.Variable):
            locals.append(atom.local)
        else:
            local = lowerer.builder.local(atom.type)
            block.bindings.append((local, atom))
            locals.append(local)
    exact = len(atoms) == count
    result = bind_parameters(
        lowerer, function.parameters, locals, function.body, block, tail and exact
    )
    if exact:
        return result
    value = lowerer.builder.bind(block, result)
    return lowerer.builder.call_closure(value, atoms[count:], type)


# Known functions --------------------------------------------------------------------------------


def known_global(lowerer: Lowerer, head: t.GlobalReference) -> Known | None:
    """A module-level function; None for a value that happens to be a function."""
    arguments = lowerer.type_arguments(head.symbol, head.type_arguments)
    instance = lowerer.specialiser.instance(head.symbol, arguments, head.span)
    if instance is None or not instance.parameters:
        return None
    known = known_instance(lowerer, instance)
    return from_outside(lowerer, known, instance, head) if lowerer.grows else known


def known_instance(lowerer: Lowerer, instance: Instance) -> Known:
    """An instantiated definition that has parameters (or is called as a function without)."""

    def call(atoms: list[Atom], block: Block, tail: bool) -> Expression:
        return call_instance(lowerer, instance, atoms, block, tail)

    def function() -> str:
        return lowerer.specialiser.request(instance)

    in_place = instance if can_inline(lowerer, instance) else None
    return Known(instance.parameters, instance.result, function, lambda _: [], call, in_place)


def call_instance(
    lowerer: Lowerer, instance: Instance, atoms: list[Atom], block: Block, tail: bool
) -> Expression:
    """A call with exactly the arguments of the definition."""
    definition = instance.definition
    if definition.intrinsic is not None:
        return call_intrinsic(lowerer, instance, atoms, block)
    if definition.external is not None:
        return _call_external(lowerer, instance, definition.external, atoms, block)
    jump = jump_to_self(lowerer, instance.name, atoms, instance.result, tail)
    if jump is not None:
        return jump
    if can_inline(lowerer, instance):
        return inline(lowerer, instance, list(atoms), block, tail)
    name = lowerer.specialiser.request(instance)
    return lowerer.builder.call(name, atoms, instance.result)


def _call_external(
    lowerer: Lowerer,
    instance: Instance,
    external: tuple[str, str],
    atoms: list[Atom],
    block: Block,
) -> Expression:
    """C takes the members of a tuple one by one, and nothing for `()`."""
    program = lowerer.specialiser.result
    unit = lowerer.specialiser.unit
    given = [
        part for atom in atoms for part in foreign_arguments(lowerer.builder, unit, atom, block)
    ]
    name = f"extern {instance.name}"
    if name not in program.externals:
        program.externals[name] = core.External(
            name, external[0], external[1], [atom.type for atom in given], instance.result
        )
        program.reasons.setdefault(name, lowerer.name)
    return lowerer.builder.call(name, given, instance.result)


# Calls of known functions -----------------------------------------------------------------------


def call_known(
    lowerer: Lowerer,
    known: Known,
    arguments: list[Operand],
    type: MonoType,
    block: Block,
    tail: bool,
) -> Expression:
    """Exact, partial or over-application of a known function; all arguments are computed first."""
    atoms = operands(lowerer, arguments, block)
    arity = len(known.parameters)
    if len(atoms) == arity:
        return known.call(atoms, block, tail)
    if len(atoms) < arity:
        return partial(lowerer, known, atoms, type, block)
    function = lowerer.builder.bind(block, known.call(atoms[:arity], block, False))
    return lowerer.builder.call_closure(function, atoms[arity:], type)


def partial(
    lowerer: Lowerer, known: Known, atoms: list[Atom], type: MonoType, block: Block
) -> Expression:
    """A closure that keeps the arguments given so far."""
    captures = known.captures(block)
    kept = [*captures, *atoms]
    name = known.function()
    if not atoms:
        return lowerer.builder.closure(name, kept, type)
    captured = [atom.type for atom in kept]
    captured[len(captures) :] = known.parameters[: len(atoms)]

    def body(builder: Builder, block: Block, locals: list[Local]) -> Expression:
        every: list[Atom] = [builder.variable(local) for local in locals]
        return builder.call(name, every, known.result)

    wrapper = lowerer.specialiser.wrapper(
        f"{name}@{len(atoms)}", captured, known.parameters[len(atoms) :], body
    )
    return lowerer.builder.closure(wrapper, kept, type)


def reference(lowerer: Lowerer, known: Known, type: MonoType, block: Block) -> Expression:
    """A known function as a value."""
    return partial(lowerer, known, [], type, block)
