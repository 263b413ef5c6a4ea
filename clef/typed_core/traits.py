"""Member constraint calls at concrete types.

Comes in: `TraitCall`s, the calls that inline functions make on their type parameters. Goes out:
primitives for machine numbers, calls of members otherwise. Promises: what no type provides is
reported with the type and the member.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.diagnostics.lowering import NoSuchMember
from clef.inference import typed_tree as t
from clef.inference.types import CONSTRUCTOR
from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, Literal, MonoType
from clef.typed_core.dispatch import Slot
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.new_objects import call_member, construct
from clef.typed_core.objects import call_slot, static_target
from clef.typed_core.places import project_field
from clef.typed_core.representations import BINARY_OPERATORS, NUMBERS, UNARY_OPERATORS
from clef.typed_core.trait_overloads import find_constructor, find_member
from clef.typed_core.units import unit_of
from clef.typed_core.values import GivenTrait, compare_operator, equal

_CONVERTIBLE = NUMBERS | {"char"}


def lower_trait_call(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """A call of a member that a type parameter is constrained to have."""
    assert isinstance(node, t.TraitCall)
    result = lowerer.mono(node.type)
    supports = list(dict.fromkeys(lowerer.monos(node.supports)))
    atoms = lowerer.values(node.arguments, block)
    member = node.member
    units = [unit_of(argument.type, lowerer.types) for argument in node.arguments]
    made = call_trait(
        lowerer, member.name, supports, atoms, result, block, tail, member.is_static, units
    )
    if made is not None:
        return made
    shown = lowerer.specialiser.display(supports[0] if supports else result)
    lowerer.specialiser.report(NoSuchMember(node.span, node.member.name, shown))
    return lowerer.builder.primitive("zero", [], result, (result,))


def lower_given_trait(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """A trait call that the core itself makes."""
    assert isinstance(node, GivenTrait)
    supports = list(dict.fromkeys(atom.type for atom in node.atoms))
    made = call_trait(lowerer, node.name, supports, node.atoms, node.result, block, tail)
    if made is not None:
        return made
    shown = lowerer.specialiser.display(supports[0])
    lowerer.specialiser.report(NoSuchMember(lowerer.builder.span or node.span, node.name, shown))
    return lowerer.builder.primitive("zero", [], node.result, (node.result,))


def call_trait(
    lowerer: Lowerer,
    name: str,
    supports: list[MonoType],
    atoms: list[Atom],
    result: MonoType,
    block: Block,
    tail: bool,
    is_static: bool = True,
    units: Sequence[str | None] = (),
) -> Expression | None:
    """The code of a trait call, or None when nothing provides it. `units`: those of the operands,
    as far as they are known."""
    if name == CONSTRUCTOR:
        return _construct(lowerer, atoms, result, block)
    machine = _machine(lowerer, name, atoms, result, block)
    if machine is not None:
        return machine
    if name in ("op_Explicit", "op_Implicit") and len(atoms) == 1:
        if atoms[0].type is result:
            return atoms[0]
        if result not in supports:
            supports = [*supports, result]
    for type in supports:
        taken = [atom.type for atom in atoms]
        instance = find_member(lowerer, type, name, taken, result, is_static, units)
        if instance is not None:
            return call_member(lowerer, instance, atoms, result, block, tail)
    return _structural(lowerer, name, supports, atoms, result, block)


# Machine numbers --------------------------------------------------------------------------------


_MIXED = frozenset(("op_LeftShift", "op_RightShift", "DivideByInt"))
"""Machine operations whose second operand may be of another type."""


def _machine(
    lowerer: Lowerer, name: str, atoms: list[Atom], result: MonoType, block: Block
) -> Expression | None:
    shapes = lowerer.specialiser.shapes
    builder = lowerer.builder
    if not atoms:
        representation = shapes.representation(result)
        if representation in _CONVERTIBLE and name in ("get_Zero", "get_One"):
            number = 0 if name == "get_Zero" else 1
            is_float = representation.startswith("float")
            return builder.literal(float(number) if is_float else number, result)
        return None
    if name in ("op_Explicit", "op_Implicit"):
        return _convert(lowerer, atoms[0], result, block)
    source = atoms[0].type
    if shapes.of(source).kind == "enum" and name.startswith("op_"):
        return _on_enum(lowerer, name, atoms, result, block)
    representation = shapes.representation(source)
    if len(atoms) == 2:
        if atoms[1].type is not source and name not in _MIXED:
            return None  # `2 * vector` is the vector's operator
        binary = BINARY_OPERATORS.get(name)
        if binary is not None and representation in binary[1]:
            return builder.primitive(binary[0], atoms, result)
        if name == "op_Addition" and representation == "string":
            is_prefix = _is_ascii_literal(atoms[0])
            joined = well_known.STRING_PREFIXED if is_prefix else well_known.STRING_CONCAT
            return lowerer.call_symbol(joined, atoms, result)
        if name == "op_Modulus" and representation in NUMBERS:
            operation = "fmod" if representation.startswith("float") else "rem"
            return builder.primitive(operation, atoms, result)
        if name == "DivideByInt" and representation.startswith("float"):
            divisor = builder.primitive("convert", [atoms[1]], source, (source,))
            return builder.primitive("div", [atoms[0], builder.bind(block, divisor)], result)
    elif len(atoms) == 1:
        unary = UNARY_OPERATORS.get(name)
        if unary is not None and representation in unary[1]:
            return builder.primitive(unary[0], atoms, result)
        if name == "op_UnaryPlus" and representation in NUMBERS:
            return atoms[0]
    return None


def _is_ascii_literal(atom: Atom) -> bool:
    return isinstance(atom, Literal) and isinstance(atom.value, str) and atom.value.isascii()


def _on_enum(
    lowerer: Lowerer, name: str, atoms: list[Atom], result: MonoType, block: Block
) -> Expression | None:
    """Bit operations of flags."""
    builder = lowerer.builder
    element = lowerer.specialiser.shapes.of(atoms[0].type).element
    assert element is not None
    raw: list[Atom] = [
        builder.bind(block, builder.primitive("reinterpret", [atom], element, (element,)))
        for atom in atoms
    ]
    done = _machine(lowerer, name, raw, element, block)
    if done is None:
        return None
    return builder.primitive("reinterpret", [builder.bind(block, done)], result, (result,))


def _convert(lowerer: Lowerer, atom: Atom, result: MonoType, block: Block) -> Expression | None:
    shapes = lowerer.specialiser.shapes
    builder = lowerer.builder
    if atom.type is result:
        return atom
    source_shape, target_shape = shapes.of(atom.type), shapes.of(result)
    if source_shape.kind == "enum" and source_shape.element is not None:
        element = source_shape.element
        raw = builder.primitive("reinterpret", [atom], element, (element,))
        return _convert(lowerer, builder.bind(block, raw), result, block)
    if target_shape.kind == "enum" and target_shape.element is not None:
        element = target_shape.element
        inner = _convert(lowerer, atom, element, block)
        if inner is None:
            return None
        bound = builder.bind(block, inner)
        return builder.primitive("reinterpret", [bound], result, (result,))
    source = shapes.representation(atom.type)
    target = shapes.representation(result)
    if source in _CONVERTIBLE and target in _CONVERTIBLE:
        return builder.primitive("convert", [atom], result, (result,))
    if source == "string":
        parser = well_known.PARSERS.get(result.symbol)
        if parser is not None:
            return lowerer.call_symbol(parser, [atom], result)
    return None


# Members ----------------------------------------------------------------------------------------


def _construct(
    lowerer: Lowerer, atoms: list[Atom], type: MonoType, block: Block
) -> Expression | None:
    """`(^T: (new: a * b -> ^T) …)`: the constructor of a type that takes these arguments."""
    instance = find_constructor(lowerer, type, [atom.type for atom in atoms])
    return construct(lowerer, instance, type, atoms, block) if instance is not None else None


_ORDER = {
    "op_LessThan": "lt",
    "op_LessThanOrEqual": "le",
    "op_GreaterThan": "gt",
    "op_GreaterThanOrEqual": "ge",
}
_EQUALITY = frozenset(("op_Equality", "op_Inequality"))


def _relation(lowerer: Lowerer, name: str, atoms: list[Atom], block: Block) -> Expression:
    """A comparison operator of a type that does not define it by itself."""
    left, right = atoms
    if name in _ORDER:
        return compare_operator(lowerer, _ORDER[name], left, right, left.type, block)
    same = equal(lowerer, "equals", left, right, left.type, block)
    if name == "op_Equality":
        return same
    builder = lowerer.builder
    return builder.primitive("not", [builder.bind(block, same)], builder.boolean_type)


def _static_slot(
    lowerer: Lowerer, name: str, supports: list[MonoType], atoms: list[Atom], result: MonoType
) -> Expression | None:
    """A static member that an interface of one of the types asks for."""
    shapes = lowerer.specialiser.shapes
    for support in supports:
        for owner in shapes.of(support).ancestors:
            definition = shapes.definition_of(owner)
            slot = f"{owner.symbol}.{name}"
            if definition is not None and slot in definition.slots:
                found = static_target(lowerer, Slot(slot, owner, ()), support, atoms, result)
                if found is not None:
                    return found
    return None


def _structural(
    lowerer: Lowerer,
    name: str,
    supports: list[MonoType],
    atoms: list[Atom],
    result: MonoType,
    block: Block,
) -> Expression | None:
    """Fields of records as properties; abstract members of interfaces and classes."""
    found = _static_slot(lowerer, name, supports, atoms, result)
    if found is not None or not atoms:
        return found
    type = atoms[0].type
    shapes = lowerer.specialiser.shapes
    if len(atoms) == 2 and (name in _ORDER or name in _EQUALITY):
        return _relation(lowerer, name, atoms, block)
    if name == "get_Length" and shapes.representation(type) == "array":
        return lowerer.builder.primitive("array_length", atoms, result, type.arguments)
    if name == "get_Length" and shapes.representation(type) == "string":
        return lowerer.call_symbol(well_known.STRING_LENGTH, atoms, result)
    if name.startswith("get_") and len(atoms) == 1:
        for field in shapes.of(type).fields:
            if field.name == name[4:]:
                return project_field(lowerer, atoms[0], type, field.name, None, block)
        for index, case in enumerate(shapes.of(type).cases):
            if name == f"get_Is{case.name}":
                builder = lowerer.builder
                tag = builder.bind(block, lowerer.derived("tag", type, atoms, builder.int32_type))
                return builder.primitive("eq", [tag, builder.int32(index)], builder.boolean_type)
    if name.startswith("set_") and len(atoms) == 2:
        for index, field in enumerate(shapes.of(type).fields):
            if field.name == name[4:]:
                return lowerer.builder.set_field(atoms[0], type, index, atoms[1])
    for owner in [type, *shapes.of(type).ancestors]:
        definition = shapes.definition_of(owner)
        slot = f"{owner.symbol}.{name}"
        if definition is not None and slot in definition.slots:
            return call_slot(lowerer, Slot(slot, owner, ()), atoms[0], atoms[1:], result, block)
    if name in ("ToString", "GetHashCode"):
        kind = "to_string" if name == "ToString" else "hash"
        return lowerer.derived(kind, type, [atoms[0]], result)
    return None
