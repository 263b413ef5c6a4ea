"""The C side of the boundary: the functions that a library exports.

Comes in: an `Interface`. Goes out: the text of a C file, which includes the library's header.
Promises: it needs no C library; each function puts its arguments into slots, calls Clef while it
holds the library's lock, and gives zero when Clef ended with an exception.
"""

from __future__ import annotations

from clef.embedding.header import (
    callback_type,
    field_name,
    prototype,
    result_type,
)
from clef.embedding.interface import Callback, Carrier, Function, Interface
from clef.embedding.wrappers import HELD, RELEASE


def glue_text(interface: Interface, header: str, count_cells: bool = False) -> str:
    """The whole file; `header` is the library's header."""
    prefix = interface.name
    lines = [header, '#include "boundary.h"', _own(prefix)]
    lines += [_callback(one) for one in interface.callbacks]
    lines += [_function(prefix, one) for one in interface.functions]
    if count_cells:
        lines.append(_COUNTS.format(p=prefix, held=HELD))
    return "\n".join(lines) + "\n"


def exported_symbols(interface: Interface, count_cells: bool = False) -> list[str]:
    """Everything that the library shows."""
    own = ["last_error", "last_error_type", "last_error_place", "release", "start", "failures"]
    if count_cells:
        own += ["live_cells", "held_results"]
    names = [f"{interface.name}_{one}" for one in own]
    return [*names, *(function.c_name for function in interface.functions)]


_COUNTS = """
extern int64_t clef_live_cells(void);
CLEF_EXPORT int64_t {p}_live_cells(void) {{ return clef_live_cells(); }}
CLEF_EXPORT int64_t {p}_held_results(void) {{
    clef_slot slots[2];
    return clef_enter({held}, slots) ? slots[0].i64 : -1;
}}
"""


def _own(prefix: str) -> str:
    return f"""
CLEF_EXPORT const char *{prefix}_last_error(void) {{ return clef_last_error(0); }}
CLEF_EXPORT const char *{prefix}_last_error_type(void) {{ return clef_last_error(1); }}
CLEF_EXPORT const char *{prefix}_last_error_place(void) {{ return clef_last_error(2); }}
CLEF_EXPORT bool {prefix}_start(void) {{ return clef_begin(); }}
CLEF_EXPORT const int32_t *{prefix}_failures(void) {{ return &clef_failures; }}
CLEF_EXPORT bool {prefix}_release(const void *data) {{
    clef_slot slots[2];
    if (!data) return true;
    slots[0].pointer = (void *)data;
    return clef_release({RELEASE}, slots);
}}"""


def _callback(callback: Callback) -> str:
    """What Clef calls, and what calls the caller's function."""
    parameters = [f"{one.c_type} a{index}" for index, one in enumerate(callback.parameters)]
    listed = ", ".join(["void *code", "void *context", *parameters])
    passed = ", ".join([*(f"a{index}" for index in range(len(parameters))), "context"])
    pointer = callback_type(callback, "function").replace("void *context", "void *")
    keyword = "" if callback.result.kind == "unit" else "return "
    head = f"{callback.result.c_type} clef_callback_{callback.number}({listed})"
    return f"{head} {{\n    {pointer} = code;\n    {keyword}function({passed});\n}}\n"


_MEMBERS = {
    "bool": "boolean",
    "uint16_t": "u16",
    "float": "f32",
    "double": "f64",
    "int8_t": "i8",
    "uint8_t": "u8",
    "int16_t": "i16",
    "int32_t": "i32",
    "uint32_t": "u32",
    "int64_t": "i64",
    "uint64_t": "u64",
    "intptr_t": "i64",
    "uintptr_t": "u64",
}


def _function(prefix: str, function: Function) -> str:
    body: list[str] = []
    position = 0
    for parameter in function.parameters:
        position = _put(body, parameter.carrier, parameter.name, position)
    result = result_type(prefix, function.result)
    count = max(position, function.result.slots, 2)
    call = f"clef_enter({function.index}, slots)"
    lines = [f"    clef_slot slots[{count}];", *(f"    {line}" for line in body)]
    if function.result.kind == "unit":
        lines.append(f"    {call};")
    else:
        lines.append(f"    {result} result;")
        lines.append("    __builtin_memset(&result, 0, sizeof result);")
        taken: list[str] = []
        _take(taken, function.result, "result", 0)
        lines.append(f"    if ({call}) {{ {' '.join(taken)} }}")
        lines.append("    return result;")
    head = f"CLEF_EXPORT {prototype(prefix, function)} {{"
    return "\n".join([head, *lines, "}", ""])


def _member(carrier: Carrier) -> str:
    """The member of a slot that holds a scalar."""
    if carrier.kind in ("pointer", "nullable"):
        return "pointer"
    return _MEMBERS.get(carrier.c_type, "")


def _put(lines: list[str], carrier: Carrier, name: str, position: int) -> int:
    """Put an argument into slots; gives the next free one."""
    if carrier.struct is not None and carrier.kind == "struct":
        for item in carrier.struct.fields:
            position = _put(lines, item.carrier, f"{name}.{field_name(item.name)}", position)
        return position
    if carrier.slots == 2:
        second = f"{name}_context" if carrier.callback is not None else f"{name}_length"
        member = "pointer" if carrier.callback is not None else "i64"
        lines.append(f"slots[{position}].pointer = (void *){name};")
        lines.append(f"slots[{position + 1}].{member} = {second};")
        return position + 2
    lines.append(_copied(carrier, f"slots[{position}]", name, True))
    return position + 1


def _copied(carrier: Carrier, slot: str, value: str, into_slot: bool) -> str:
    member = _member(carrier)
    if member:
        left, right = (f"{slot}.{member}", value) if into_slot else (value, f"{slot}.{member}")
        return f"{left} = {right};"
    left, right = (f"&{slot}", f"&{value}") if into_slot else (f"&{value}", f"&{slot}")
    return f"__builtin_memcpy({left}, {right}, sizeof {value});"


def _take(lines: list[str], carrier: Carrier, name: str, position: int) -> int:
    """Read a result out of slots."""
    if carrier.struct is not None and carrier.kind == "struct":
        for item in carrier.struct.fields:
            position = _take(lines, item.carrier, f"{name}.{field_name(item.name)}", position)
        return position
    if carrier.slots == 2:
        lines.append(f"{name}.data = slots[{position}].pointer;")
        lines.append(f"{name}.length = slots[{position + 1}].i64;")
        return position + 2
    lines.append(_copied(carrier, f"slots[{position}]", name, False))
    return position + 1
