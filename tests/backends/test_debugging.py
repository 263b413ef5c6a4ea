"""gdb stops at a line of the source, and knows arguments, variables and callers."""

from __future__ import annotations

from pathlib import Path

import pytest

from clef.backends import Level, find_target
from clef.link import LinkOptions
from clef.mlir import debug_information as debug
from clef.toolchain.process import run
from clef.toolchain.tool import debugger
from tests.backends.programs import build

SOURCE = """module Hello

let square (n: int64) (name: int64) =
    let x = n * n
    x + name

let main () =
    square 6L 7L
"""


def _at(line: int, column: int) -> str:
    return debug.location("hello.clef", line, column)


def _program(folder: Path) -> str:
    signature = debug.subroutine_type("#int64", ["#int64", "#int64"])

    def function(number: int, name: str, symbol: str, line: int) -> str:
        return debug.subprogram(number, "#unit", "#file", name, symbol, line, "#signature")

    def variable(name: str, line: int, argument: int = 0) -> str:
        return debug.local_variable("#square", name, "#file", line, "#int64", argument)

    aliases = {
        "file": debug.file("hello.clef", str(folder)),
        "unit": debug.compile_unit(0, "#file", "clef", False),
        "int64": debug.basic_type("int64", 64, debug.Encoding.SIGNED),
        "cell": debug.structure_type("Cell", "#file", 1, 64, ["#field"]),
        "field": debug.member("count", "#int64", 64, 0),
        "pointer": debug.pointer_type("#cell", 64),
        "signature": signature,
        "square": function(1, "Hello.square", "square", 3),
        "main": function(2, "Hello.main", "clef_start", 7),
        "n": variable("n", 3, 1),
        "name": variable("name", 3, 2),
        "x": variable("x", 4),
        "kept": debug.local_variable("#main", "kept", "#file", 8, "#pointer"),
    }
    order = [
        "file",
        "unit",
        "int64",
        "field",
        *(key for key in aliases if key not in ("file", "unit", "int64", "field")),
    ]
    head = "\n".join(debug.alias(key, aliases[key]) for key in order)
    return f"""{head}
llvm.func internal fastcc @square(%n: i64, %name: i64) -> i64 attributes {{no_inline}} {{
  {debug.value_of("#n", "%n", "i64")} {_at(3, 12)}
  {debug.value_of("#name", "%name", "i64")} {_at(3, 24)}
  %x = arith.muli %n, %n : i64 {_at(4, 13)}
  {debug.value_of("#x", "%x", "i64")} {_at(4, 9)}
  %r = arith.addi %x, %name : i64 {_at(5, 5)}
  llvm.return %r : i64 {_at(5, 5)}
}} {debug.function_location("#square", "hello.clef", 3, 5)}
llvm.func @clef_start(%stack: !llvm.ptr) -> i32 {{
  %one = arith.constant 1 : i32 {_at(8, 5)}
  %slot = llvm.alloca %one x !llvm.ptr : (i32) -> !llvm.ptr {_at(8, 5)}
  {debug.lives_at("#kept", "%slot")} {_at(8, 5)}
  %a = arith.constant 6 : i64 {_at(8, 12)}
  %b = arith.constant 7 : i64 {_at(8, 15)}
  %r = llvm.call fastcc @square(%a, %b) : (i64, i64) -> i64 {_at(8, 5)}
  %c = arith.trunci %r : i64 to i32 {_at(8, 5)}
  llvm.return %c : i32 {_at(8, 5)}
}} {debug.function_location("#main", "hello.clef", 7, 5)}
"""


def test_gdb_understands_a_program(tmp_path: Path) -> None:
    target, gdb = find_target("native"), debugger()
    if target is None or not gdb.found:
        pytest.skip("no debugger for this machine")
    (tmp_path / "hello.clef").write_text(SOURCE)
    options = LinkOptions(strip=False)
    program = build(_program(tmp_path), target, tmp_path, Level.O0, options)
    commands = ("break hello.clef:4", "run", "info args", "backtrace", "next", "info locals")
    words = [word for command in commands for word in ("-ex", command)]
    outcome = run(gdb.command("-batch", "-nx", *words, str(program)), time_limit=60)
    text = outcome.output.decode()
    if "ptrace" in text + outcome.error_text():
        pytest.skip("debugging is forbidden here")
    assert "let x = n * n" in text
    assert "n = 6\nname = 7\n" in text
    assert "square (n=6, name=7) at hello.clef:4" in text
    assert "clef_start () at hello.clef:8" in text
    assert "x = 36" in text
