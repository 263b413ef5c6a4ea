"""Function pointers: `FnPtr.ofFunction`, `FnPtr.invoke` and `FnPtr.fromSymbol`.

Comes in: calls of these intrinsics. Goes out: primitives whose operands are what C sees. Promises:
`function_pointer` has an operand that is bound to a `MakeClosure` without captures in the same
block; `call_pointer` has the address first and then one operand for each argument of C.
"""

from __future__ import annotations

from clef.diagnostics.memory import NotForC
from clef.typed_core import core
from clef.typed_core.builder import Block, Builder
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.specialiser import NOWHERE, Instance


def foreign_arguments(builder: Builder, unit: MonoType, atom: Atom, block: Block) -> list[Atom]:
    """C takes the members of a tuple one by one, and nothing for `()`."""
    type = atom.type
    if type is unit:
        return []
    if type.form != "tuple":
        return [atom]
    return [
        builder.bind(block, builder.project(builder.again(atom), type, -1, index, part))
        for index, part in enumerate(type.arguments)
    ]


def function_pointer(
    lowerer: Lowerer, instance: Instance, atoms: list[Atom], block: Block
) -> Expression:
    """`FnPtr.ofFunction f`."""
    (atom,) = atoms
    made = next(
        (
            v
            for local, v in block.bindings
            if isinstance(atom, core.Variable) and local is atom.local
        ),
        None,
    )
    span = lowerer.builder.span or NOWHERE
    if not isinstance(made, core.MakeClosure):
        lowerer.specialiser.report(NotForC(span, "it is not known when the program is compiled"))
        return lowerer.builder.primitive("zero", [], instance.result, (instance.result,))
    if made.captures:
        names = [f"`{one.local.name}`" for one in made.captures if isinstance(one, core.Variable)]
        lowerer.specialiser.report(NotForC(span, f"it remembers {', '.join(names)}"))
    return lowerer.builder.primitive("function_pointer", atoms, instance.result)


def invoke_pointer(
    lowerer: Lowerer, instance: Instance, atoms: list[Atom], block: Block
) -> Expression:
    """`FnPtr.invoke pointer argument`; with further arguments, a function that waits for them."""
    specialiser = lowerer.specialiser
    pointer, argument = atoms
    further: list[MonoType] = []
    result = instance.result
    while result.form == "function":
        further.append(result.arguments[0])
        result = result.arguments[1]
    if not further:
        return _call(lowerer.builder, specialiser.unit, atoms, result, block)

    def body(builder: Builder, inside: Block, locals: list[Local]) -> Expression:
        given: list[Atom] = [builder.variable(local) for local in locals]
        return _call(builder, specialiser.unit, given, result, inside)

    captured = [pointer.type, argument.type]
    name = specialiser.wrapper(f"invoke {pointer.type}", captured, further, body)
    return lowerer.builder.closure(name, atoms, instance.result)


def _call(
    builder: Builder, unit: MonoType, atoms: list[Atom], result: MonoType, block: Block
) -> Expression:
    pointer, *arguments = atoms
    given = [one for atom in arguments for one in foreign_arguments(builder, unit, atom, block)]
    return builder.primitive("call_pointer", [pointer, *given], result)


def symbol_pointer(
    lowerer: Lowerer, instance: Instance, atoms: list[Atom], block: Block
) -> Expression:
    """`FnPtr.fromSymbol "name"`."""
    (atom,) = atoms
    builder, program = lowerer.builder, lowerer.specialiser.result
    if not isinstance(atom, core.Literal) or not isinstance(atom.value, str) or not atom.value:
        span = builder.span or NOWHERE
        lowerer.specialiser.report(NotForC(span, "its name is not a literal"))
        return builder.primitive("zero", [], instance.result, (instance.result,))
    unit = lowerer.specialiser.unit
    parameters, result = foreign_signature(instance.result.arguments[0], unit)
    name = f"extern {atom.value} of {instance.result}"
    if name not in program.externals:
        program.externals[name] = core.External(name, "", atom.value, parameters, result)
        program.reasons.setdefault(name, lowerer.name)
    label = builder.literal(name, lowerer.specialiser.string)
    return builder.primitive("symbol_pointer", [label], instance.result)


def foreign_signature(type: MonoType, unit: MonoType) -> tuple[list[MonoType], MonoType]:
    """What a C function takes and gives whose type is written as a function type."""
    parameters: list[MonoType] = []
    while type.form == "function":
        parameter, type = type.arguments
        if parameter.form == "tuple":
            parameters += parameter.arguments
        elif parameter is not unit:
            parameters.append(parameter)
    return parameters, type
