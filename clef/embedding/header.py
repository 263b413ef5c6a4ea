"""The C header of a library.

Comes in: an `Interface`. Goes out: the header's text. Promises: it is C11 and C++11, stands alone,
and asserts the layout of every structure that it declares; the same input gives the same text.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.embedding.interface import (
    C_KEYWORDS,
    Callback,
    Carrier,
    Enum,
    Field,
    Function,
    Interface,
    Struct,
)

_OWN = """
/* Every function may be called from any thread; calls that come at the same moment wait for each
   other. The first one runs the library's start-up actions. A function that fails returns zero, and
   {p}_last_error tells why. */

/* The message of the exception with which this thread's latest call ended; NULL when it ended well.
   The text is this thread's until its next call. */
const char *{p}_last_error(void);
/* Its type, such as "System.DivideByZeroException", and where it was raised: "main.clef:12". */
const char *{p}_last_error_type(void);
const char *{p}_last_error_place(void);

/* Gives back what a function returned as `data` of a text or an array; NULL is fine. False when it
   is not the caller's. */
bool {p}_release(const void *data);

/* Runs the start-up actions now, if they have not run yet. False when they fail; every later call
   then fails as well. */
bool {p}_start(void);
"""


def header_text(interface: Interface, version: str = "") -> str:
    """The whole header."""
    prefix = interface.name
    guard = f"{prefix.upper()}_H"
    shown = f" {version}" if version else ""
    lines = [
        f"/* {prefix}{shown}: written by `clef build`; texts are UTF-8. */",
        f"#ifndef {guard}",
        f"#define {guard}",
        "",
        "#include <stdbool.h>",
        "#include <stddef.h>",
        "#include <stdint.h>",
        "",
        "#if defined(__cplusplus)",
        f"#define {guard}_ASSERT static_assert",
        'extern "C" {',
        "#else",
        f"#define {guard}_ASSERT _Static_assert",
        "#endif",
        _OWN.format(p=prefix),
    ]
    for enum in interface.enums:
        lines.append(_enum(enum))
    for struct in interface.structs:
        lines.append(_struct(struct, f"{guard}_ASSERT"))
    lines += _results(interface)
    for function in interface.functions:
        lines.append(f"/* {_safe(function.symbol)} */\n{prototype(prefix, function)};\n")
    for item in interface.left_out:
        lines.append(f"/* not exported: {_safe(item.name)}: {_safe(item.reason)} */")
    lines += ["", f"#undef {guard}_ASSERT", "#if defined(__cplusplus)", "}", "#endif", "#endif", ""]
    return "\n".join(lines)


def _safe(text: str) -> str:
    return text.replace("*/", "* /")


def _enum(enum: Enum) -> str:
    lines = [f"typedef {enum.c_type} {enum.c_name};"]
    lines += [
        f"#define {enum.c_name}_{name} (({enum.c_name}){value})" for name, value in enum.values
    ]
    return "\n".join(lines) + "\n"


def _struct(struct: Struct, check: str) -> str:
    lines = ["typedef struct {"]
    lines += [f"    {item.carrier.c_type} {field_name(item.name)};" for item in struct.fields]
    lines.append(f"}} {struct.c_name};")
    message = f'"layout of {struct.c_name}"'
    lines.append(f"{check}(sizeof({struct.c_name}) == {struct.size}, {message});")
    for item, offset in zip(struct.fields, struct.offsets, strict=True):
        place = f"offsetof({struct.c_name}, {field_name(item.name)})"
        lines.append(f"{check}({place} == {offset}, {message});")
    return "\n".join(lines) + "\n"


def field_name(name: str) -> str:
    """A field's name in C."""
    cleaned = "".join(
        one if one.isascii() and (one.isalnum() or one == "_") else "_" for one in name
    )
    if cleaned[:1].isdigit():
        cleaned = f"_{cleaned}"
    return f"{cleaned}_" if cleaned in C_KEYWORDS else cleaned


def result_type(prefix: str, carrier: Carrier) -> str:
    """The C type that a function returns."""
    if carrier.kind == "text":
        return f"{prefix}_text"
    if carrier.kind in ("array", "packed"):
        return f"{prefix}_array_{carrier.c_type.removesuffix('_t').replace(' *', '_pointer')}"
    return carrier.c_type


def _results(interface: Interface) -> Iterable[str]:
    """The types of returned texts and arrays."""
    done: set[str] = set()
    for function in interface.functions:
        carrier = function.result
        name = result_type(interface.name, carrier)
        if carrier.kind not in ("text", "array", "packed") or name in done:
            continue
        done.add(name)
        const = "const " if carrier.kind == "text" else ""
        what = "a text that ends in a zero, and its length in bytes" if const else "elements"
        yield (
            f"/* {what}; to be given back with {interface.name}_release(data) */\n"
            f"typedef struct {{ {const}{carrier.c_type} *data; int64_t length; }} {name};\n"
        )


def callback_type(callback: Callback, name: str) -> str:
    """The declaration of a pointer to the caller's function."""
    parameters = [*(one.c_type for one in callback.parameters), "void *context"]
    return f"{callback.result.c_type} (*{name})({', '.join(parameters)})"


def c_parameters(parameters: Iterable[Field]) -> str:
    """The parameter list of an exported function."""
    listed: list[str] = []
    for item in parameters:
        carrier, name = item.carrier, item.name
        if carrier.callback is not None:
            listed += [callback_type(carrier.callback, name), f"void *{name}_context"]
        elif carrier.slots == 2 and carrier.kind != "struct":
            const = "" if carrier.kind == "span" else "const "
            listed += [f"{const}{carrier.c_type} *{name}", f"int64_t {name}_length"]
        elif carrier.kind in ("pointer", "nullable"):
            listed.append(f"void *{name}")
        else:
            listed.append(f"{carrier.c_type} {name}")
    return ", ".join(listed) or "void"


def prototype(prefix: str, function: Function) -> str:
    """Result, name and parameters, as C declares them."""
    result = result_type(prefix, function.result)
    space = "" if result.endswith("*") else " "
    return f"{result}{space}{function.c_name}({c_parameters(function.parameters)})"
