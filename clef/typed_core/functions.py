"""From an instance to core functions.

Comes in: a definition at concrete types. Goes out: its function, or the initialiser of a
module-level value. Promises: intrinsics and foreign functions that are used as values get a
function around them; a struct's constructor gives the struct.
"""

from __future__ import annotations

from clef.inference import typed_tree as t
from clef.typed_core.application import call_instance
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom
from clef.typed_core.handlers import HANDLERS
from clef.typed_core.local_functions import lower_body
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.matching import bind_parameters
from clef.typed_core.shapes import display
from clef.typed_core.specialiser import Instance, Specialiser
from clef.typed_core.struct_changes import CHANGING_SUFFIX
from clef.typed_core.struct_members import bind_changing, lower_changing

STRUCT_SUFFIX = "$struct"


def initialiser_name(symbol: str) -> str:
    return f"{symbol}$initialise"


def is_initialiser(name: str) -> bool:
    """Whether a function gives a module's value what it begins with."""
    return name.endswith("$initialise")


def lower_instance(specialiser: Specialiser, instance: Instance) -> None:
    """Make the core function of an instance."""
    definition = instance.definition
    analysis = specialiser.analysis(definition)
    lowerer = Lowerer(specialiser, HANDLERS, instance.environment, analysis, instance.name)
    if definition.intrinsic is not None or definition.external is not None:
        _around(lowerer, instance)
    elif instance.name in specialiser.result.globals:
        _initialiser(lowerer, instance)
    elif instance.name.endswith(STRUCT_SUFFIX):
        _struct_constructor(lowerer, instance)
    elif instance.name.endswith(CHANGING_SUFFIX):
        _changing(lowerer, instance)
    else:
        _function(lowerer, instance)


def _function(lowerer: Lowerer, instance: Instance) -> None:
    definition, code = instance.definition, instance.code
    parameters, body = lower_body(lowerer, [], code.parameters, code.body, definition.span)
    lowerer.specialiser.add_function(
        instance.name,
        parameters,
        body,
        lowerer.builder,
        definition.span,
        _shown(instance),
        is_inline=definition.is_inline,
        result=instance.result,
    )


def _shown(instance: Instance) -> str:
    symbol = instance.definition.symbol
    if not instance.arguments:
        return symbol
    return f"{symbol}<{', '.join(display(item) for item in instance.arguments)}>"


def _around(lowerer: Lowerer, instance: Instance) -> None:
    builder = lowerer.builder
    builder.span = instance.definition.span
    locals = [builder.local(type) for type in instance.parameters]
    atoms: list[Atom] = [builder.variable(local) for local in locals]
    block = Block()
    tail = call_instance(lowerer, instance, atoms, block, False)
    lowerer.specialiser.add_function(
        instance.name,
        locals,
        builder.finish(block, tail),
        builder,
        instance.definition.span,
        _shown(instance),
        result=instance.result,
    )


def _initialiser(lowerer: Lowerer, instance: Instance) -> None:
    builder = lowerer.builder
    block = Block()
    lowerer.name = instance.name
    value = lowerer.value(instance.code.body, block)
    write = builder.global_write(instance.name, value)
    lowerer.specialiser.add_function(
        initialiser_name(instance.name),
        [],
        builder.finish(block, write),
        builder,
        instance.definition.span,
        f"initialiser of {instance.definition.symbol}",
        result=lowerer.specialiser.unit,
    )


def _changing(lowerer: Lowerer, instance: Instance) -> None:
    lowerer.builder.span = instance.definition.span
    parameters, body = lower_changing(lowerer, instance)
    lowerer.specialiser.add_function(
        instance.name,
        parameters,
        body,
        lowerer.builder,
        instance.definition.span,
        _shown(instance),
        result=instance.result,
    )


def _struct_constructor(lowerer: Lowerer, instance: Instance) -> None:
    """`this` is a mutable local that starts as zero; fields are written into it, and it is the
    result."""
    builder = lowerer.builder
    self_pattern, *patterns = instance.code.parameters
    type = instance.result
    locals = [builder.local(item) for item in instance.parameters]
    block = Block()
    assert isinstance(self_pattern, t.VariablePattern)
    zero = builder.primitive("zero", [], type, (type,))
    bind_changing(lowerer, self_pattern, type, zero, block)
    result = bind_parameters(lowerer, patterns, locals, instance.code.body, block, False)
    builder.effect(block, result)
    made = builder.finish(block, lowerer.read(self_pattern.local, block))
    lowerer.specialiser.add_function(
        instance.name,
        locals,
        made,
        builder,
        instance.definition.span,
        _shown(instance),
        result=type,
    )
