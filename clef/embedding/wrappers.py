"""The Clef side of the boundary: a file that is compiled along with a library.

Comes in: an `Interface`. Goes out: its text, with one function `enter: int -> nativeint -> int`
that takes the number of an exported function and the address of its slots. Promises: the types of
arguments and results are left to inference, so that the text names nothing but the functions, and
records where it makes them.
"""

from __future__ import annotations

from clef.embedding.interface import Callback, Carrier, Function, Interface

MODULE = "ClefLibraryBoundary"
ENTER = f"{MODULE}.enter"
CALLBACK_LIBRARY = "clef boundary"
RELEASE, HELD = 0, 1
FIRST = 2  # the number of the first exported function

_READERS = {
    "text": "Boundary.text",
    "array": "Boundary.array",
    "span": "Boundary.span",
    "read_only_span": "Boundary.readOnlySpan",
}
_NUMBERS = {
    "int8_t": "sbyte",
    "uint8_t": "byte",
    "int16_t": "int16",
    "uint16_t": "uint16",
    "int32_t": "int",
    "uint32_t": "uint32",
    "int64_t": "int64",
    "uint64_t": "uint64",
    "intptr_t": "nativeint",
    "uintptr_t": "unativeint",
    "float": "float32",
    "double": "float",
}


def boundary_text(interface: Interface, more: str = "") -> str:
    """The whole file; `more` is put before the wrappers."""
    lines = [f"module {MODULE}", "open Clef.Runtime", more]
    lines += [_external(callback) for callback in interface.callbacks]
    lines += [wrapper(function) for function in interface.functions]
    lines += ["let enter (index: int) (slots: nativeint) : int =", "    match index with"]
    for function in interface.functions:
        lines.append(f"    | {function.index} -> call{function.index} slots; 0")
    lines += [
        f"    | {RELEASE} -> if Boundary.release (Boundary.argument slots 0) then 0 else 3",
        f"    | {HELD} -> Boundary.give<int64> slots 0 (int64 (Boundary.heldCount ())); 0",
        "    | _ -> 3",
    ]
    return "\n".join(lines) + "\n"


def wrapper(function: Function) -> str:
    """The function that reads the slots, calls, and writes the result."""
    position = 0
    read: list[str] = []
    for parameter in function.parameters:
        read.append(argument(parameter.carrier, position))
        position += parameter.carrier.slots
    arguments: list[str] = []
    for count in function.groups:
        taken, read = read[:count], read[count:]
        arguments.append(f"({', '.join(taken)})")
    call = f"{function.path} {' '.join(arguments)}".rstrip()
    head = f"let private call{function.index} (slots: nativeint) : unit ="
    if function.result.kind == "unit":
        return f"{head}\n    {call}"
    given, _ = give(function.result, "result", 0, "    ")
    return f"{head}\n    let result = {call}\n{given}"


def argument(carrier: Carrier, position: int) -> str:
    """The expression that makes a value of what lies in the slots from `position` on."""
    if carrier.struct is not None and carrier.kind == "struct":
        return _structure(carrier, position)
    if carrier.callback is not None:
        return _closure(carrier.callback, position)
    if carrier.kind == "nullable":
        given = f"Boundary.argument<nativeint> slots {position}"
        return f"(match {given} with 0n -> None | address -> Some address)"
    if carrier.kind == "packed":
        return f"unpack{carrier.codec} (Packing.unpacker slots {position})"
    return f"{_READERS.get(carrier.kind, 'Boundary.argument')} slots {position}"


def _structure(carrier: Carrier, position: int) -> str:
    struct = carrier.struct
    assert struct is not None
    parts: list[str] = []
    for item in struct.fields:
        part = argument(item.carrier, position)
        position += item.carrier.slots
        parts.append(f"``{item.name}`` = {part}" if struct.path else part)
    if struct.path:
        return f"({{ {'; '.join(parts)} }} : {struct.path})"
    return f"({'struct ' if struct.is_struct_tuple else ''}({', '.join(parts)}))"


def _closure(callback: Callback, position: int) -> str:
    names = " ".join(f"a{index}" for index in range(len(callback.parameters)))
    code = f"let code : nativeint = Boundary.argument slots {position}"
    context = f"let context : nativeint = Boundary.argument slots {position + 1}"
    call = f"callback{callback.number} code context {names}".rstrip()
    return f"({code} in {context} in fun {names or '()'} -> {call})"


def give(carrier: Carrier, value: str, position: int, margin: str) -> tuple[str, int]:
    """Statements that put a value into slots from `position` on; and the next position."""
    if carrier.kind == "nullable":
        number = f"(match {value} with Some address -> address | None -> 0n)"
        return f"{margin}Boundary.give<nativeint> slots {position} {number}", position + 1
    if carrier.kind == "packed":
        pack = f"pack{carrier.codec} packer {value}"
        steps = ("let packer = Packer()", pack, f"Packing.give slots {position} packer")
        return "\n".join(margin + step for step in steps), position + 2
    if carrier.struct is None or carrier.kind != "struct":
        writer = {"text": "Boundary.giveText", "array": "Boundary.giveArray"}
        verb = writer.get(carrier.kind, "Boundary.give")
        return f"{margin}{verb} slots {position} {value}", position + carrier.slots
    struct = carrier.struct
    lines: list[str] = []
    names = [f"{value}_{index}" for index in range(len(struct.fields))]
    if not struct.path:
        keyword = "struct " if struct.is_struct_tuple else ""
        lines.append(f"{margin}let {keyword}({', '.join(names)}) = {value}")
    for item, name in zip(struct.fields, names, strict=True):
        if struct.path:
            lines.append(f"{margin}let {name} = {value}.``{item.name}``")
        text, position = give(item.carrier, name, position, margin)
        lines.append(text)
    return "\n".join(lines), position


def _external(callback: Callback) -> str:
    """The C function that calls the caller's function."""
    name = f"clef_callback_{callback.number}"
    parameters = "".join(
        f" (a{index}: {clef_type(one)})" for index, one in enumerate(callback.parameters)
    )
    attribute = f'[<FidelityExtern("{CALLBACK_LIBRARY}", "{name}")>]'
    head = f"let private callback{callback.number} (code: nativeint) (context: nativeint)"
    result = clef_type(callback.result)
    return f"{attribute}\n{head}{parameters} : {result} = NativeDefault.zeroed ()"


def clef_type(carrier: Carrier) -> str:
    """How Clef writes the type of one slot."""
    match carrier.kind:
        case "unit":
            return "unit"
        case "bool":
            return "bool"
        case "char":
            return "char"
        case "enum":
            from clef.embedding.carriers import clef_path
            from clef.inference.types import NamedType

            assert isinstance(carrier.type, NamedType)
            return clef_path(carrier.type.symbol)
        case _:
            return _NUMBERS[carrier.c_type]
