"""What F# and .NET say a type is made of: cases, fields, the class of a case, the base class.

Comes in: closed types. Goes out: names and fields. Promises: types of the library that F# has as
unions and records are such, whatever else the library makes of unions and records is not.
"""

from __future__ import annotations

from clef.typed_core import well_known
from clef.typed_core.core import Field, MonoType
from clef.typed_core.names_of_types import array_rank
from clef.typed_core.shapes import Shapes

_OF_CORE = (
    well_known.LIST,
    well_known.OPTION,
    well_known.VALUE_OPTION,
    f"{well_known.CORE}.Result`2",
    f"{well_known.CORE}.Ref`1",
    *(f"{well_known.CHOICE}{count}" for count in range(2, 8)),
)
_CASES: dict[str, list[tuple[str, list[str]]]] = {
    well_known.LIST: [("Empty", []), ("Cons", ["Head", "Tail"])],
    well_known.OPTION: [("None", []), ("Some", ["Value"])],
}
"""Where F# has other names than the library."""
_TAGGED = 4  # unions with as many cases keep a number for the case


def form(shapes: Shapes, type: MonoType) -> str:
    """union, record, tuple, function, exception, or nothing of these."""
    match type.form:
        case "function":
            return "function"
        case "tuple" | "struct_tuple":
            return "tuple"
        case "anonymous" | "struct_anonymous":
            return "record"
        case _:
            pass
    definition = shapes.definition_of(type)
    if definition is None or definition.kind not in ("union", "record", "exception"):
        return ""
    if definition.span.in_library and type.symbol not in _OF_CORE:
        return ""
    return definition.kind


def parts_of(shapes: Shapes, type: MonoType) -> list[tuple[int, list[Field]]]:
    """The cases of a union with their fields; case -1 of a record, tuple or exception."""
    shape = shapes.of(type)
    match form(shapes, type):
        case "union":
            return [(index, case.fields) for index, case in enumerate(shape.cases)]
        case "record" | "tuple":
            return [(-1, shape.fields)]
        case "exception":
            definition = shapes.definition_of(type)
            count = len(definition.fields) if definition is not None else 0
            return [(-1, shape.fields[len(shape.fields) - count :])]
        case _:
            return []


def case_names(shapes: Shapes, type: MonoType) -> list[tuple[str, list[str]]]:
    """Names of cases and of their fields, as F# has them; a record is a case without a name."""
    if type.symbol in _CASES and type.form == "named":
        return _CASES[type.symbol]
    cases = shapes.of(type).cases
    return [
        (cases[index].name if index >= 0 else "", [field.name for field in fields])
        for index, fields in parts_of(shapes, type)
    ]


def case_class(shapes: Shapes, type: MonoType, index: int) -> str:
    """The name of the class that F# makes for a case inside of the union's; "" if it has none."""
    cases = shapes.of(type).cases
    is_flat = shapes.of(type).is_value or type.symbol == well_known.LIST or len(cases) == 1
    if is_flat or form(shapes, type) != "union" or shapes.null_case(type) is not None:
        return ""
    if not any(case.fields for case in cases):
        return ""
    if cases[index].fields:
        return cases[index].name
    return "" if len(cases) >= _TAGGED else f"_{cases[index].name}"


def base_of(shapes: Shapes, type: MonoType) -> str | MonoType:
    """The base class, or its symbol; "" if there is none."""
    shape = shapes.of(type)
    definition = shapes.definition_of(type)
    if shape.builtin == "object" or shape.kind == "interface":
        return ""
    if array_rank(type, shapes):
        return well_known.ARRAYS_OF_ANY
    if shape.kind == "enum":
        return well_known.ENUM
    if shape.is_value or (shapes.is_scalar(type) and shape.builtin != "unit"):
        return well_known.VALUE_TYPE
    if definition is not None and definition.kind == "delegate":
        return well_known.MULTICAST_DELEGATE
    for ancestor in shape.ancestors:
        if shapes.of(ancestor).kind in ("class", "exception"):
            return ancestor
    return well_known.EXCEPTION if form(shapes, type) == "exception" else well_known.OBJECT
