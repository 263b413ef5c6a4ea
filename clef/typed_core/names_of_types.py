"""What `typeof<'T>` says about a type: names as .NET gives them.

Comes in: closed types. Goes out: `Name`, `FullName` and `ToString()` texts. Promises: nothing at
run time; all are constants.
"""

from __future__ import annotations

import re

from clef.inference.typed_tree import TypeDefinition
from clef.typed_core.core import MonoType
from clef.typed_core.shapes import Shapes


def plain_names(type: MonoType, shapes: Shapes) -> tuple[str, str]:
    """Name and full name without arguments."""
    match type.form:
        case "function":
            return "FSharpFunc`2", "Microsoft.FSharp.Core.FSharpFunc`2"
        case "tuple":
            name = f"Tuple`{len(type.arguments)}"
            return name, f"System.{name}"
        case "struct_tuple":
            name = f"ValueTuple`{len(type.arguments)}"
            return name, f"System.{name}"
        case "anonymous" | "struct_anonymous":
            name = f"<>f__AnonymousType`{len(type.arguments)}"
            return name, name
        case _:
            definition = shapes.definition_of(type)
            own = definition.full_name if definition is not None else ""
            full = _DOTNET.get(type.symbol, own or type.symbol)
            if definition is not None and any(one.is_measure for one in definition.type_parameters):
                full = _without_measures(full, definition)
            return re.split(r"[.+]", full)[-1], full


def _without_measures(name: str, definition: TypeDefinition) -> str:
    """.NET counts the type parameters that are left."""
    count = sum(not one.is_measure for one in definition.type_parameters)
    bare = name.rpartition("`")[0]
    return f"{bare}`{count}" if count else bare


_DOTNET = {
    "Microsoft.FSharp.Collections.List`1": "Microsoft.FSharp.Collections.FSharpList`1",
    "Microsoft.FSharp.Collections.Map`2": "Microsoft.FSharp.Collections.FSharpMap`2",
    "Microsoft.FSharp.Collections.Set`1": "Microsoft.FSharp.Collections.FSharpSet`1",
    "Microsoft.FSharp.Core.Option`1": "Microsoft.FSharp.Core.FSharpOption`1",
    "Microsoft.FSharp.Core.ValueOption`1": "Microsoft.FSharp.Core.FSharpValueOption`1",
    "Microsoft.FSharp.Core.Ref`1": "Microsoft.FSharp.Core.FSharpRef`1",
    "Microsoft.FSharp.Core.Result`2": "Microsoft.FSharp.Core.FSharpResult`2",
    **{
        f"Microsoft.FSharp.Core.Choice`{count}": f"Microsoft.FSharp.Core.FSharpChoice`{count}"
        for count in range(2, 8)
    },
}


_MATRICES = {"System.Array2`1": 2, "System.Array3`1": 3, "System.Array4`1": 4}


def array_rank(type: MonoType, shapes: Shapes) -> int:
    """How many indices an array takes; 0 for other types. Matrices are classes of the library."""
    if shapes.representation(type) == "array":
        return shapes.of(type).rank
    return _MATRICES.get(type.symbol, 0)


def _array_suffix(type: MonoType, shapes: Shapes) -> str:
    rank = array_rank(type, shapes)
    return f"[{',' * (rank - 1)}]" if rank else ""


def short_name(type: MonoType, shapes: Shapes) -> str:
    """`typeof<T>.Name`."""
    suffix = _array_suffix(type, shapes)
    if suffix:
        return short_name(type.arguments[0], shapes) + suffix
    return plain_names(type, shapes)[0]


def full_name(type: MonoType, shapes: Shapes) -> str:
    """`typeof<T>.FullName`, without assembly names."""
    suffix = _array_suffix(type, shapes)
    if suffix:
        return full_name(type.arguments[0], shapes) + suffix
    name = plain_names(type, shapes)[1]
    if not type.arguments:
        return name
    return f"{name}[{','.join(f'[{full_name(item, shapes)}]' for item in type.arguments)}]"


def case_type_names(type: MonoType, name: str, shapes: Shapes) -> tuple[str, str, str]:
    """The three texts of the class of a union's case, which is nested in that of the union."""
    full, text = full_name(type, shapes), type_text(type, shapes)
    made = [f"{bare}+{name}{rest}" for bare, rest in map(_without_arguments, (full, text))]
    return name, made[0], made[1]


def _without_arguments(name: str) -> tuple[str, str]:
    bare, bracket, rest = name.partition("[")
    return bare, bracket + rest


def type_text(type: MonoType, shapes: Shapes) -> str:
    """`typeof<T>.ToString()`."""
    suffix = _array_suffix(type, shapes)
    if suffix:
        return type_text(type.arguments[0], shapes) + suffix
    name = plain_names(type, shapes)[1]
    if not type.arguments:
        return name
    return f"{name}[{','.join(type_text(item, shapes) for item in type.arguments)}]"
