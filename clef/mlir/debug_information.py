"""The text of MLIR's debug attributes.

Comes in: names, lines, types. Goes out: attribute text for aliases at the head of a module and for
`loc(...)`. Promises: what is printed here reaches gdb: break points by `file.clef:line`, arguments,
local variables and back traces.

A module with debug information looks like this (aliases first, one `distinct[n]` number per unit
and subprogram):

    #file = #llvm.di_file<"hello.clef" in "/home/me">
    #unit = #llvm.di_compile_unit<id = distinct[0]<>, sourceLanguage = DW_LANG_C, file = #file, ...>
    #int64 = #llvm.di_basic_type<tag = DW_TAG_base_type, name = "int64", sizeInBits = 64, ...>
    #signature = #llvm.di_subroutine_type<types = #int64, #int64>          // result first
    #square = #llvm.di_subprogram<id = distinct[1]<>, compileUnit = #unit, scope = #file, ...>
    #n = #llvm.di_local_variable<scope = #square, name = "n", file = #file, line = 3, ...>
    llvm.func internal fastcc @Hello.square(%n: i64) -> i64 {
      llvm.intr.dbg.value #n = %n : i64 loc("hello.clef":3:12)
      %x = llvm.mul %n, %n : i64 loc("hello.clef":4:13)
      llvm.return %x : i64 loc("hello.clef":4:5)
    } loc(fused<#square>["hello.clef":3:5])

Rules that LLVM enforces: the function's own location is the fused one; in a function with a
subprogram every call needs a location; a variable's scope is the subprogram of the function it
stands in. A value that lives in memory is declared once with `llvm.intr.dbg.declare #variable =
%address : !llvm.ptr`; any other with `dbg.value` at each new value.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Encoding(Enum):
    """How a debugger shows the bits of a basic type."""

    SIGNED = "DW_ATE_signed"
    UNSIGNED = "DW_ATE_unsigned"
    FLOAT = "DW_ATE_float"
    BOOLEAN = "DW_ATE_boolean"
    CHARACTER = "DW_ATE_UTF"


def quoted(text: str) -> str:
    """A string literal of MLIR."""
    plain = text.isascii() and text.isprintable() and '"' not in text and "\\" not in text
    if plain:
        return f'"{text}"'
    return '"' + "".join(_escaped(byte) for byte in text.encode("utf-8", "surrogatepass")) + '"'


def _escaped(byte: int) -> str:
    return chr(byte) if 32 <= byte < 127 and byte not in (34, 92) else f"\\{byte:02X}"


def alias(name: str, attribute: str) -> str:
    """The line that names an attribute `#name`."""
    return f"#{name} = {attribute}"


def location(path: str, line: int, column: int) -> str:
    """The location of an operation, to be put behind it."""
    return f"loc({quoted(path)}:{line}:{column})"


def function_location(subprogram: str, path: str, line: int, column: int) -> str:
    """The location of a function with debug information, to be put behind its body; `subprogram` is
    `#alias`.
    """
    return f"loc(fused<{subprogram}>[{quoted(path)}:{line}:{column}])"


def file(name: str, folder: str) -> str:
    """A source file.

    `folder` is where the debugger starts looking; `.` keeps builds reproducible across machines.
    """
    return f"#llvm.di_file<{quoted(name)} in {quoted(folder)}>"


def compile_unit(number: int, file: str, producer: str, optimised: bool) -> str:
    """The whole program.

    There is no DWARF language for ours; with C's the debugger's expressions work.
    """
    return (
        f"#llvm.di_compile_unit<id = distinct[{number}]<>, sourceLanguage = DW_LANG_C, "
        f"file = {file}, producer = {quoted(producer)}, "
        f"isOptimized = {str(optimised).lower()}, emissionKind = Full>"
    )


def basic_type(name: str, bits: int, encoding: Encoding) -> str:
    """A number, boolean or character."""
    return (
        f"#llvm.di_basic_type<tag = DW_TAG_base_type, name = {quoted(name)}, "
        f"sizeInBits = {bits}, encoding = {encoding.value}>"
    )


def pointer_type(target: str, bits: int) -> str:
    """A pointer to `target`; an opaque structure as target ends recursion."""
    return (
        f"#llvm.di_derived_type<tag = DW_TAG_pointer_type, baseType = {target}, "
        f"sizeInBits = {bits}>"
    )


def member(name: str, kind: str, bits: int, offset_bits: int) -> str:
    """One field of a structure."""
    return (
        f"#llvm.di_derived_type<tag = DW_TAG_member, name = {quoted(name)}, baseType = {kind}, "
        f"sizeInBits = {bits}, offsetInBits = {offset_bits}>"
    )


def structure_type(name: str, file: str, line: int, bits: int, members: Iterable[str]) -> str:
    """A record, a union case, a tuple or a cell; without members it is opaque."""
    elements = ", ".join(members)
    return (
        f"#llvm.di_composite_type<tag = DW_TAG_structure_type, name = {quoted(name)}, "
        f"file = {file}, line = {line}, sizeInBits = {bits}"
        + (f", elements = {elements}>" if elements else ">")
    )


def subroutine_type(result: str | None, parameters: Iterable[str]) -> str:
    """A function's type; `None` as result is unit."""
    types = ", ".join([result or "#llvm.di_null_type", *parameters])
    return f"#llvm.di_subroutine_type<types = {types}>"


def subprogram(
    number: int, unit: str, file: str, name: str, symbol: str, line: int, signature: str
) -> str:
    """A function: `name` is what the debugger shows, `symbol` the name in the object."""
    return (
        f"#llvm.di_subprogram<id = distinct[{number}]<>, compileUnit = {unit}, scope = {file}, "
        f"name = {quoted(name)}, linkageName = {quoted(symbol)}, file = {file}, line = {line}, "
        f"scopeLine = {line}, subprogramFlags = Definition, type = {signature}>"
    )


def local_variable(
    scope: str, name: str, file: str, line: int, kind: str, argument: int = 0
) -> str:
    """A variable; parameters count from 1, `argument` 0 is a local one."""
    number = f"arg = {argument}, " if argument else ""
    return (
        f"#llvm.di_local_variable<scope = {scope}, name = {quoted(name)}, file = {file}, "
        f"line = {line}, {number}type = {kind}>"
    )


def value_of(variable: str, value: str, kind: str) -> str:
    """From here on the variable has this SSA value."""
    return f"llvm.intr.dbg.value {variable} = {value} : {kind}"


def lives_at(variable: str, address: str) -> str:
    """The variable lives in memory at this address."""
    return f"llvm.intr.dbg.declare {variable} = {address} : !llvm.ptr"
