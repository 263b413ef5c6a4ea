"""Making objects: `T(x)`, `new T(x)` and constructors as values.

Comes in: calls of constructors. Goes out: core code. Promises: arguments are evaluated before the
object is made.
"""

from __future__ import annotations

from clef.inference import typed_tree as t
from clef.inference.types import NamedType
from clef.typed_core import well_known
from clef.typed_core.application import (
    call_instance,
    known_instance,
    partial,
)
from clef.typed_core.builder import Block
from clef.typed_core.conversions import box
from clef.typed_core.core import Atom, Expression, MonoType
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.places import byref_read
from clef.typed_core.specialiser import Instance


def call_member(
    lowerer: Lowerer,
    instance: Instance,
    atoms: list[Atom],
    type: MonoType,
    block: Block,
    tail: bool,
) -> Expression:
    """Call with the arguments fitted to the definition: unit filled in or left out, objects seen as
    base classes."""
    every = instance.parameters
    merged = len(instance.code.parameters) - len(instance.definition.parameters)
    parameters = every[: len(every) - merged]
    unit = lowerer.specialiser.unit
    if len(atoms) == len(parameters) - 1 and parameters[-1] is unit:
        atoms = [*atoms, lowerer.builder.unit()]
    elif len(atoms) == len(parameters) + 1 and atoms[-1].type is unit:
        atoms = atoms[:-1]
    count = min(len(atoms), len(every))
    fitted = [
        fit(lowerer, atom, parameter, block)
        for atom, parameter in zip(atoms[:count], every[:count], strict=True)
    ]
    if count < len(every):
        return partial(lowerer, known_instance(lowerer, instance), fitted, type, block)
    if len(atoms) == count:
        return call_instance(lowerer, instance, fitted, block, tail)
    function = lowerer.builder.bind(block, call_instance(lowerer, instance, fitted, block, False))
    return lowerer.builder.call_closure(function, atoms[count:], type)


def fit(lowerer: Lowerer, atom: Atom, parameter: MonoType, block: Block) -> Atom:
    """An argument as the callee's parameter type."""
    if lowerer.grows:
        atom = lowerer.converted(atom, parameter, block)
    if atom.type is parameter:
        return atom
    builder = lowerer.builder
    if parameter.symbol == well_known.POINTER:
        cell_type = lowerer.specialiser.shapes.cell(parameter.arguments[0])
        cell = builder.bind(block, builder.construct(cell_type, [atom]))
        return builder.bind(block, builder.construct(parameter, [cell], 0))
    if atom.type.symbol == well_known.POINTER:
        return builder.bind(block, byref_read(lowerer, atom))
    shapes = lowerer.specialiser.shapes
    if shapes.is_polymorphic(parameter):
        return builder.bind(block, box(lowerer, atom, atom.type, parameter, block))
    return atom


def lower_new(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`T(args)`."""
    assert isinstance(node, t.New)
    specialiser = lowerer.specialiser
    builder = lowerer.builder
    type = lowerer.mono(node.type)
    if type is specialiser.object:
        return _new_object(lowerer, node, block)
    shape = specialiser.shapes.of(type)
    if shape.kind == "function":
        function = lowerer.value(node.arguments[0], block)
        return builder.primitive("cast", [function], type, (type,))
    atoms = lowerer.values(node.arguments, block)
    constructor = node.constructor or plain_constructor(lowerer, type)
    if constructor is None:  # a struct that has no constructor of its own
        return builder.primitive("zero", [], type, (type,))
    instance = specialiser.instance(constructor, type.arguments, node.span)
    if instance is None:
        return builder.primitive("zero", [], type, (type,))
    return construct(lowerer, instance, type, atoms, block)


def construct(
    lowerer: Lowerer, instance: Instance, type: MonoType, atoms: list[Atom], block: Block
) -> Expression:
    """A new object of a type, made by this constructor."""
    specialiser = lowerer.specialiser
    builder = lowerer.builder
    shape = specialiser.shapes.of(type)
    if shape.kind not in ("class", "exception"):
        return call_member(lowerer, struct_constructor(instance), atoms, type, block, False)
    specialiser.make_live(type)
    object = builder.bind(block, builder.construct(type, []))
    call = call_member(
        lowerer, instance, [builder.again(object), *atoms], specialiser.unit, block, False
    )
    builder.effect(block, call)
    return builder.again(object)


def _new_object(lowerer: Lowerer, node: t.New, block: Block) -> Expression:
    """`obj()`: a cell that is nothing but itself."""
    plain = NamedType(well_known.PLAIN_OBJECT)
    made = t.New(plain, node.span, f"{well_known.PLAIN_OBJECT}..ctor", [])
    object = lowerer.specialiser.object
    atom = lowerer.builder.bind(block, lower_new(lowerer, made, block, False))
    return box(lowerer, atom, atom.type, object, block)


def plain_constructor(lowerer: Lowerer, type: MonoType) -> str | None:
    """The constructor without arguments of what a type parameter stands for."""
    for definition in lowerer.specialiser.overloads(f"{type.symbol}..ctor"):
        if len(definition.parameters) == 1:  # only the object itself
            return definition.symbol
    return None


def struct_constructor(instance: Instance) -> Instance:
    """A struct's constructor gives the struct instead of filling a place."""
    return Instance(
        f"{instance.name}$struct",
        instance.definition,
        instance.code,
        instance.environment,
        instance.arguments,
        instance.parameters[1:],
        instance.parameters[0],
        False,
    )
