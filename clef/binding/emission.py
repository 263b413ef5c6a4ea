"""The Clef module, and the C file that asserts its layouts.

Comes in: a `Binding`. Goes out: texts. Promises: the same binding gives the same texts; names that
Clef has for itself are quoted.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.binding.constants import Constant
from clef.binding.model import Binding, Enumeration, Function, Structure

_WORDS = """
abstract and as assert atomic base begin break checked class component const constraint constructor
continue default delegate do done downcast downto elif else end event exception extern external
false finally fixed for fun function global if in include inherit inline interface internal lazy let
match member mixin module mutable namespace new null of open or override parallel private process
protected public pure rec return sealed sig static struct tailcall then to trait true try type
upcast use val virtual void when while with yield
"""
_KEYWORDS = frozenset(_WORDS.split())


def quoted(name: str) -> str:
    """A name as Clef code writes it."""
    return f"``{name}``" if name in _KEYWORDS else name


def module_text(binding: Binding, module: str, library: str, header: str) -> str:
    """The Clef module."""
    lines = [
        f"/// The C library `{library}`, from `{header}`: written by `clef bind`.",
        f"module {module}",
        "",
        "open Microsoft.FSharp.NativeInterop",
        "",
    ]
    lines += [line for one in binding.enumerations for line in _enumeration(one)]
    lines += [line for one in sorted(binding.handles) for line in _handle(one)]
    lines += [line for one in binding.structures for line in _structure(one)]
    for name, value in binding.constants.items():
        lines += _constant(name, value)
    if binding.constants:
        lines.append("")
    lines += [line for one in binding.functions for line in _function(one, library)]
    if binding.left_out:
        lines.append("// Not bound:")
        lines += [f"//   {name}: {' '.join(reason.split())}" for name, reason in binding.left_out]
    return "\n".join(lines).rstrip() + "\n"


def _enumeration(one: Enumeration) -> Iterable[str]:
    yield f"type {quoted(one.name)} ="
    for name, value in one.values:
        yield f"    | {quoted(name)} = {value}"
    yield ""


def _handle(name: str) -> Iterable[str]:
    yield f"/// The address of a `{name}`, which only the library can look into."
    yield "[<Struct>]"
    yield f"type {name}Handle = {{ Address: nativeint }}"
    yield ""


def _structure(one: Structure) -> Iterable[str]:
    yield "[<Struct>]"
    if not one.is_union:
        fields = [f"mutable {quoted(item.name)}: {item.type.text}" for item in one.members]
        yield f"type {quoted(one.name)} ="
        yield from (f"    {'{ ' if not index else '  '}{item}" for index, item in enumerate(fields))
        yield "    }"
        yield ""
        return
    word = {1: "byte", 2: "uint16", 4: "uint32", 8: "uint64"}[one.alignment]
    count = one.size // one.alignment
    words = "; ".join(f"mutable word{index}: {word}" for index in range(count))
    yield f"type {quoted(one.name)} = {{ {words} }}"
    yield ""
    yield "[<RequireQualifiedAccess>]"
    yield f"module {one.name}Members ="
    for item in one.members:
        yield f"    /// The member `{item.name}` of the union at an address."
        given, result = f"nativeptr<{quoted(one.name)}>", f"nativeptr<{item.type.text}>"
        yield f"    let {quoted(item.name)} (address: {given}) : {result} ="
        yield "        NativePtr.ofNativeInt (NativePtr.toNativeInt address)"
    yield ""


def _constant(name: str, value: Constant) -> Iterable[str]:
    yield "[<Literal>]"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        text = f'"{escaped}"'
    elif isinstance(value, float):
        text = repr(value)
    elif -(1 << 31) <= value < 1 << 31:
        text = str(value)
    elif value < 1 << 63:
        text = f"{value}L"
    else:
        text = f"{value}UL"
    yield f"let {quoted(name)} = {text}"


def _function(one: Function, library: str) -> Iterable[str]:
    parameters = " ".join(f"({quoted(item.name)}: {item.type.text})" for item in one.parameters)
    yield f'[<FidelityExtern("{library}", "{one.name}")>]'
    yield f"let {quoted(one.name)} {parameters or '()'} : {one.result} = NativeDefault.zeroed ()"
    yield ""


def assertions(binding: Binding, header: str) -> str:
    """A C file that does not compile unless every layout is as the module has it."""
    lines = ["#include <stddef.h>", f'#include "{header}"']
    for one in binding.structures:
        lines.append(_assertion(f"sizeof({one.c_name}) == {one.size}", one.name))
        lines.append(_assertion(f"_Alignof({one.c_name}) == {one.alignment}", one.name))
        for item in one.members:
            place = f"offsetof({one.c_name}, {item.place or item.name})"
            lines.append(_assertion(f"{place} == {item.offset}", one.name))
    for enum in binding.enumerations:
        lines.append(_assertion(f"sizeof({enum.c_name}) == 4", enum.name))
        lines += [_assertion(f"{name} == {value}", name) for name, value in enum.values]
    return "\n".join(lines) + "\n"


def _assertion(condition: str, what: str) -> str:
    return f'_Static_assert({condition}, "{what}");'
