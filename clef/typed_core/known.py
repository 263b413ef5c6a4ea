"""Functions whose code is known where they are applied.

Comes in: an instance, or what stands for one. Goes out: how to call it and how to make a closure of
it. Promises: a function that was specialised for uniform types (uniform.py) is called with what
its user has.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.data_classes import dataclass
from clef.inference import typed_tree as t
from clef.typed_core.builder import Block, Builder
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.specialiser import Instance
from clef.typed_core.uniform import Conversion, written


@dataclass(slots=True)
class Known:
    """A function whose code is known: its arity, how to call it, how to make a closure of it."""

    parameters: list[MonoType]
    result: MonoType
    function: Callable[[], str]  # asks for the core function and gives its name
    captures: Callable[[Block], list[Atom]]
    call: Callable[[list[Atom], Block, bool], Expression]
    inline: Instance | None = None  # an `inline` definition, to be lowered in place


def from_outside(
    lowerer: Lowerer, known: Known, instance: Instance, head: t.GlobalReference
) -> Known:
    """A function some of whose types are uniform, for who has others."""
    mono = lowerer.specialiser.mono
    arguments = lowerer.monos(head.type_arguments)
    outside = written(instance.definition.type_parameters, arguments)
    parameters = [mono.of(item.type, outside) for item in instance.code.parameters]
    result = mono.of(lowerer.specialiser.result_type(instance.definition), outside)
    if parameters == known.parameters and result is known.result:
        return known
    specialiser = lowerer.specialiser

    def call(atoms: list[Atom], block: Block, tail: bool) -> Expression:
        convert = Conversion(specialiser, lowerer.builder)
        inside = [
            convert.atom(atom, wanted, block)
            for atom, wanted in zip(atoms, known.parameters, strict=True)
        ]
        if result is known.result:
            return known.call(inside, block, tail)
        made = lowerer.builder.bind(block, known.call(inside, block, False))
        return convert.expression(made, result, block)

    def function() -> str:
        inner = known.function()

        def body(builder: Builder, block: Block, locals: list[Local]) -> Expression:
            convert = Conversion(specialiser, builder)
            atoms = [
                convert.atom(builder.variable(local), wanted, block)
                for local, wanted in zip(locals, known.parameters, strict=True)
            ]
            made = builder.bind(block, builder.call(inner, atoms, known.result))
            return convert.expression(made, result, block)

        shown = ", ".join(map(str, [*parameters, result]))
        return specialiser.wrapper(f"{inner} from outside: {shown}", [], parameters, body)

    return Known(parameters, result, function, lambda _: [], call)
