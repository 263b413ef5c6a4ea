"""Calls of intrinsics: machine primitives, and the core intrinsics that depend on concrete types.

Comes in: an instantiated `[<Intrinsic("…")>]` definition and its operands. Goes out: a `Primitive`,
or derived code. Promises: every name is known either to primitives.py or to well_known.py; anything
else is reported.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.typed_core import core, well_known
from clef.typed_core.addresses import byref_of_pointer
from clef.typed_core.builder import Block
from clef.typed_core.conversions import box, check_structural, type_test, unbox
from clef.typed_core.core import Atom, Expression, MonoType
from clef.typed_core.format_texts import format_of_text, format_text
from clef.typed_core.function_pointers import (
    function_pointer,
    invoke_pointer,
    symbol_pointer,
)
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.names_of_types import full_name, short_name, type_text
from clef.typed_core.places import byref_read, byref_write
from clef.typed_core.primitives import PRIMITIVES
from clef.typed_core.representations import INTEGERS, SCALARS
from clef.typed_core.specialiser import Instance
from clef.typed_core.type_information import size_of, type_size
from clef.typed_core.values import (
    array_of,
    compare_operator,
    equal,
    given_trait,
    kind_for,
    same,
    texts,
)


def call_intrinsic(
    lowerer: Lowerer, instance: Instance, atoms: list[Atom], block: Block
) -> Expression:
    """The code of one call."""
    name = instance.definition.intrinsic or ""
    if name.startswith("described_"):
        from clef.typed_core.derivations.described import QUESTIONS
        from clef.typed_core.descriptions import ask

        return ask(lowerer, instance, atoms, QUESTIONS[name])
    if name.startswith("constructed_"):
        from clef.typed_core.constructed_types import constructed

        return constructed(lowerer, instance, atoms)
    special = _CORE.get(name)
    if special is not None:
        return special(lowerer, instance, atoms, block)
    info = PRIMITIVES.get(name)
    if info is None:
        return lowerer.unsupported(f"the intrinsic `{name}`", "", instance.definition.span)
    if len(atoms) != len(info.ownership):
        atoms = [atom for atom in atoms if atom.type is not lowerer.specialiser.unit]
    if name in _CHECKED and not _is_machine(lowerer, name, atoms[0]):
        call = given_trait(_CHECKED[name], atoms, instance.result)
        return lowerer.expression(call, block, False)
    if name == "convert_checked":
        return lowerer.builder.primitive(name, atoms, instance.result, (instance.result,))
    return lowerer.builder.primitive(name, atoms, instance.result, instance.arguments)


_CHECKED = {
    "add_checked": "op_Addition",
    "sub_checked": "op_Subtraction",
    "mul_checked": "op_Multiply",
    "convert_checked": "op_Explicit",
}
"""What checked operations are for operands that are no machine integers."""


def _is_machine(lowerer: Lowerer, name: str, atom: Atom) -> bool:
    representation = lowerer.specialiser.shapes.representation(atom.type)
    converted = name == "convert_checked" and representation in ("char", "float32", "float64")
    characters = name == "add_checked" and representation == "char"
    return representation in INTEGERS or converted or characters


_Special = Callable[[Lowerer, Instance, list[Atom], Block], Expression]


def _equals(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    atoms = _structural(lowerer, atoms, block)
    return equal(lowerer, "equals", atoms[0], atoms[1], i.parameters[0], block)


def _structural(lowerer: Lowerer, atoms: list[Atom], block: Block) -> list[Atom]:
    if not lowerer.is_generic:
        check_structural(lowerer, atoms, block)
    return [lowerer.builder.again(atom) for atom in atoms]


def _on_structure(kind: str) -> _Special:
    def make(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
        atoms = _structural(lowerer, atoms, block)
        return lowerer.derived(kind, i.parameters[0], atoms, i.result)

    return make


def _equals_er(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    return equal(lowerer, "equals_er", atoms[0], atoms[1], i.parameters[0], block)


def _is_array(lowerer: Lowerer, type: MonoType) -> bool:
    return lowerer.specialiser.shapes.of(type).builtin == "array"


def _default_equals(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    type = i.parameters[0]
    if type is lowerer.specialiser.object:
        return lowerer.derived("equals_object", type, atoms, i.result)
    return equal(lowerer, "equals_own", atoms[0], atoms[1], type, block)


def _default_hash(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    kind = kind_for(lowerer.specialiser.shapes, "hash_own", i.parameters[0])
    return lowerer.derived(kind, i.parameters[0], atoms, i.result)


def _derived(kind: str) -> _Special:
    def make(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
        return lowerer.derived(kind, i.parameters[0], atoms, i.result)

    return make


def _invariant_text(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    from clef.typed_core.derivations.structure import invariant_text

    return invariant_text(lowerer, i.parameters[0], atoms[0], block)


def _compare(operator: str) -> _Special:
    def make(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
        return compare_operator(lowerer, operator, atoms[0], atoms[1], i.parameters[0], block)

    return make


def _raise(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    return lowerer.builder.throw(atoms[0], i.result)


def _reraise(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    if not lowerer.handled:
        return lowerer.unsupported(
            "`reraise` outside a `with` handler",
            "raise the exception by its name",
            i.definition.span,
        )
    return lowerer.builder.throw(lowerer.builder.variable(lowerer.handled[-1]), i.result)


def _text(make: Callable[[Lowerer, Instance], str]) -> _Special:
    def constant(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
        return lowerer.builder.literal(make(lowerer, i), lowerer.specialiser.string)

    return constant


def _size(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    return size_of(lowerer, i.arguments[0])


def _type_size(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    return type_size(lowerer, i.arguments[0])


def _placed(operation: str) -> _Special:
    """Through a `Ptr`: what it points at decides what a read or write is."""

    def make(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
        is_device = atoms[0].type.arguments[1].symbol == well_known.PERIPHERAL
        name = f"volatile_{operation}" if is_device else f"pointer_{operation}"
        return lowerer.builder.primitive(name, atoms, i.result, i.arguments[:1])

    return make


def _box(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    return box(lowerer, atoms[0], i.parameters[0], i.result, block)


def _unbox(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    return unbox(lowerer, atoms[0], i.result, block)


def _type_test(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    return type_test(lowerer, atoms[0], i.arguments[0])


def _dynamic(kind: str) -> _Special:
    def make(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
        return lowerer.derived(kind, lowerer.specialiser.object, atoms, i.result)

    return make


def _type_equals(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    return lowerer.builder.boolean(i.arguments[0] is i.arguments[1])


def _type_is_array(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    return lowerer.builder.boolean(_is_array(lowerer, i.arguments[0]))


def _is_reference(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    shapes = lowerer.specialiser.shapes
    type = i.arguments[0]
    shape = shapes.of(type)
    is_value = shape.is_value or shapes.is_scalar(type) or shape.builtin == "unit"
    return lowerer.builder.boolean(not is_value)


def _is_null(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    """Null as .NET has it: None and unit are null."""
    builder = lowerer.builder
    shape = lowerer.specialiser.shapes.of(i.parameters[0])
    null_case = lowerer.specialiser.shapes.null_case(i.parameters[0])
    if null_case is not None:
        yes, no = builder.boolean(True), builder.boolean(False)
        return builder.switch(atoms[0], "case", [(null_case, yes)], no, builder.boolean_type)
    if shape.builtin == "unit":
        return builder.boolean(True)
    return builder.primitive("is_null", atoms, builder.boolean_type, i.arguments)


def _identity(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    return lowerer.builder.int32(i.arguments[0].id)


def _same_scalar(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    first, second = i.arguments
    is_scalar = lowerer.specialiser.shapes.representation(first) in SCALARS
    return lowerer.builder.boolean(first is second and is_scalar)


def _zero(name: str) -> _Special:
    def make(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
        return lowerer.builder.primitive(name, [], i.result, (i.result,))

    return make


def _enum_table(lowerer: Lowerer, type: core.MonoType) -> list[tuple[str, int]]:
    """Names and values in the order of the values, taken as numbers without sign."""
    definition = lowerer.specialiser.shapes.definition_of(type)
    values = definition.enum_values if definition else []
    return sorted(values, key=lambda item: item[1] & 0xFFFFFFFFFFFFFFFF)


def _enum_names(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    values = _enum_table(lowerer, i.arguments[0])
    return texts(lowerer, [name for name, _ in values], block)


def _enum_values(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    type = i.arguments[0]
    values = _enum_table(lowerer, type)
    items: list[Atom] = [lowerer.builder.literal(value, type) for _, value in values]
    return array_of(lowerer, items, i.result.arguments[0], block)


def _format_apply(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    return lowerer.builder.call_closure(atoms[0], atoms[1:], i.result)


def _format_make(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    """A format is the function from its continuation to its printer."""
    return atoms[0]


def _byref_read(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    return byref_read(lowerer, atoms[0])


def _byref_write(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    return byref_write(lowerer, atoms[0], atoms[1])


def _byref_of(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    return byref_of_pointer(lowerer, atoms[0], i.result, block)


def _same(lowerer: Lowerer, i: Instance, atoms: list[Atom], block: Block) -> Expression:
    return same(lowerer, atoms, i.result, block)


_CORE: dict[str, _Special] = {
    "reference_equal": _same,
    "derive_equals": _equals,
    "derive_equals_er": _equals_er,
    "derive_default_equals": _default_equals,
    "derive_default_hash": _default_hash,
    "derive_compare": _on_structure("compare"),
    "derive_less": _compare("lt"),
    "derive_less_equal": _compare("le"),
    "derive_greater": _compare("gt"),
    "derive_greater_equal": _compare("ge"),
    "derive_hash": _on_structure("hash"),
    "derive_to_string": _derived("to_string"),
    "derive_text": _invariant_text,
    "derive_layout": _derived("layout"),
    "type_name": _text(lambda lo, i: short_name(i.arguments[0], lo.specialiser.shapes)),
    "type_full_name": _text(lambda lo, i: full_name(i.arguments[0], lo.specialiser.shapes)),
    "type_text": _text(lambda lo, i: type_text(i.arguments[0], lo.specialiser.shapes)),
    "type_identity": _identity,
    "type_same_scalar": _same_scalar,
    "type_size": _type_size,
    "element_size": _size,
    "type_equals": _type_equals,
    "type_is_reference": _is_reference,
    "type_is_array": _type_is_array,
    "is_null": _is_null,
    "raise": _raise,
    "reraise": _reraise,
    "box": _box,
    "unbox": _unbox,
    "type_test": _type_test,
    "dynamic_to_string": _dynamic("to_string"),
    "dynamic_equals": _dynamic("equals_own"),
    "dynamic_hash": _dynamic("hash_own"),
    "dynamic_compare": _dynamic("compare"),
    "dynamic_layout": _dynamic("layout"),
    "dynamic_type": _dynamic("type_object"),
    "dynamic_delegate_code": _dynamic("delegate_code"),
    "dynamic_type_name": _dynamic("type_name"),
    "enum_names": _enum_names,
    "enum_values": _enum_values,
    "format_apply": _format_apply,
    "format_make": _format_make,
    "format_of_text": format_of_text,
    "format_text": format_text,
    "zero": _zero("zero"),
    "vacant": _zero("vacant"),
    "placed_read": _placed("read"),
    "placed_write": _placed("write"),
    "function_pointer": function_pointer,
    "invoke_pointer": invoke_pointer,
    "symbol_pointer": symbol_pointer,
    "byref_read": _byref_read,
    "byref_write": _byref_write,
    "pointer_to_byref": _byref_of,
}
