"""Functions of a body: calls of them, and their code.

Comes in: local functions at the types at which they are used. Goes out: core functions that take
what they capture first. Promises: a local function that calls itself last is a loop.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.inference import typed_tree as t
from clef.source import Span
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.known import Known
from clef.typed_core.local_bindings import Captures, LocalFunction, LocalInstance, SelfCall
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.matching import bind_parameters


def jump_to_self(
    lowerer: Lowerer, name: str, atoms: list[Atom], type: MonoType, tail: bool
) -> Expression | None:
    target = lowerer.self_call
    if not tail or target is None or target.name != name:
        return None
    target.used = True
    return lowerer.builder.jump(target.label, atoms[target.skip :], type)


def known_local(lowerer: Lowerer, head: t.LocalReference) -> Known | None:
    """A local function."""
    binding = lowerer.environment.get(head.local)
    if not isinstance(binding, LocalFunction) or not binding.parameters:
        return None
    return known_local_instance(lowerer, binding, lowerer.monos(head.type_arguments))


def known_local_instance(
    lowerer: Lowerer, function: LocalFunction, arguments: tuple[MonoType, ...]
) -> Known:
    instance = local_instance(lowerer, function, arguments)

    def captures(block: Block) -> list[Atom]:
        return lowerer.capture_atoms(function.captures, block)

    def call(atoms: list[Atom], block: Block, tail: bool) -> Expression:
        every = [*captures(block), *atoms]
        jump = jump_to_self(lowerer, instance.name, every, instance.result, tail)
        return jump or lowerer.builder.call(instance.name, every, instance.result)

    return Known(instance.parameters, instance.result, lambda: instance.name, captures, call)


def local_instance(
    lowerer: Lowerer, function: LocalFunction, arguments: tuple[MonoType, ...]
) -> LocalInstance:
    """A local function at these types; lowered when it is first asked for."""
    found = function.instances.get(arguments)
    if found is not None:
        return found
    mono = lowerer.specialiser.mono
    bound = mono.bind(function.binding.type_parameters, arguments)
    environment = {**function.environment, **bound}
    suffix = f"<{', '.join(map(str, arguments))}>" if arguments else ""
    found = LocalInstance(
        lowerer.specialiser.unique(function.prefix + suffix),
        function,
        environment,
        [mono.of(pattern.type, environment) for pattern in function.parameters],
        mono.of(function.body.type, environment),
    )
    function.instances[arguments] = found
    made = found
    lowerer.specialiser.result.reasons.setdefault(found.name, lowerer.name)
    lowerer.specialiser.later(lambda: lower_local_instance(lowerer, made))
    return found


def lower_local_instance(outer: Lowerer, instance: LocalInstance) -> None:
    """The lifted function: captures first, then the parameters."""
    function = instance.function
    specialiser = outer.specialiser
    specialiser.current = instance.name
    lowerer = Lowerer(
        specialiser, outer.handlers, instance.environment, function.analysis, instance.name
    )
    captures = lowerer.enter(Captures(function.captures, function.scope))
    span = function.binding.span
    parameters, body = lower_body(lowerer, captures, function.parameters, function.body, span)
    specialiser.add_function(
        instance.name,
        parameters,
        body,
        lowerer.builder,
        function.binding.span,
        capture_count=len(captures),
        result=instance.result,
    )


def lower_body(
    lowerer: Lowerer,
    captures: list[Local],
    patterns: Sequence[t.Pattern],
    body: t.Expression,
    span: Span | None,
) -> tuple[list[Local], Expression]:
    """Parameters and body of a function; a loop when it calls itself in tail position."""
    builder = lowerer.builder
    builder.span = span
    inner = [builder.local(lowerer.mono(pattern.type)) for pattern in patterns]
    target = SelfCall(lowerer.name, builder.label("again"), inner, len(captures))
    lowerer.self_call = target
    block = Block()
    tail = bind_parameters(lowerer, patterns, inner, body, block, tail=True)
    result = builder.finish(block, tail)
    if not target.used:
        return [*captures, *inner], result
    outer = [builder.local(local.type, local.name) for local in inner]
    type = lowerer.mono(body.type)
    start = builder.jump(target.label, [builder.variable(local) for local in outer], type)
    loop = builder.join(target.label, inner, result, start, type, is_loop=True)
    return [*captures, *outer], loop
