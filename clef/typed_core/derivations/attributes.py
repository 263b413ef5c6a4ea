"""The attributes of one type, its members, cases and enum values: `GetCustomAttributes`.

Comes in: a `Subject`. Goes out: the names of what has attributes, and calls of the functions that
inference wrote for them (`TypeDefinition.attribute_makers`). Promises: types of the library have
none.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, Local
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.specialiser import Subject
from clef.typed_core.values import texts


def _makers(lowerer: Lowerer, subject: Subject) -> dict[str, str]:
    if subject.case >= 0:
        return {}
    definition = lowerer.specialiser.shapes.definition_of(subject.type)
    return definition.attribute_makers if definition is not None else {}


def places(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """What has attributes: "" is the type itself, `case:Name` a case."""
    found = _makers(lowerer, subject)
    if not found:
        return None
    return texts(lowerer, found, block)


def objects(
    lowerer: Lowerer, subject: Subject, locals: Sequence[Local], block: Block
) -> Expression | None:
    """The attributes of one of these places, given by its index; made anew each time."""
    builder = lowerer.builder
    specialiser = lowerer.specialiser
    result = specialiser.table.named(well_known.ARRAY, specialiser.object)
    branches: list[tuple[int, Expression]] = []
    for index, symbol in enumerate(_makers(lowerer, subject).values()):
        unit: list[Atom] = [builder.unit()]
        branches.append((index, lowerer.call_symbol(symbol, unit, result)))
    if not branches:
        return None
    default = builder.primitive("zero", [], result, (result,))
    return builder.switch(builder.variable(locals[0]), "integer", branches, default, result)
