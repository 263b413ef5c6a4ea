"""Marks of what has been run, in a file that several programs may share.

Comes in: the places of a program's sources. Goes out: a byte for each character of these sources, set
when an expression that begins there is evaluated. Promises: the marks of a program that dies are in
the file; where the file cannot be opened, the program runs as it would without marks.
"""

# ruff: noqa: E501 (lines of MLIR text)

from __future__ import annotations

from clef.memory_plan.plan import POINTER
from clef.mlir.functions import FunctionState, address, constant, do, load, op
from clef.mlir.heap import system_call_symbol
from clef.mlir.module import ModuleState, declare
from clef.source import Span
from clef.toolchain.marks import Marks

_NUMBERS = {"x86_64": (257, 9), "": (56, 222)}  # openat, mmap

_OPEN = """  llvm.func internal fastcc @clef_open_marks() attributes {{passthrough = ["noinline", "nounwind"]}} {{
    %openat = llvm.mlir.constant({OPENAT} : i64) : i64
    %here = llvm.mlir.constant(-100 : i64) : i64
    %name = llvm.mlir.addressof @clef_marks_file : !llvm.ptr
    %at = llvm.ptrtoint %name : !llvm.ptr to i64
    %both = llvm.mlir.constant(2 : i64) : i64
    %zero = llvm.mlir.constant(0 : i64) : i64
    %file = llvm.call @clef_syscall(%openat, %here, %at, %both, %zero, %zero, %zero) : (i64, i64, i64, i64, i64, i64, i64) -> i64
    %failed = llvm.icmp "slt" %file, %zero : i64
    llvm.cond_br %failed, ^done, ^map
  ^map:
    %mmap = llvm.mlir.constant({MMAP} : i64) : i64
    %size = llvm.mlir.constant({SIZE} : i64) : i64
    %access = llvm.mlir.constant(3 : i64) : i64
    %shared = llvm.mlir.constant(1 : i64) : i64
    %start = llvm.call @clef_syscall(%mmap, %zero, %size, %access, %shared, %file, %zero) : (i64, i64, i64, i64, i64, i64, i64) -> i64
    %bad = llvm.icmp "slt" %start, %zero : i64
    llvm.cond_br %bad, ^done, ^good
  ^good:
    %place = llvm.mlir.addressof @clef_marks : !llvm.ptr
    %marks = llvm.inttoptr %start : i64 to !llvm.ptr
    llvm.store %marks, %place : !llvm.ptr, !llvm.ptr
    llvm.br ^done
  ^done:
    llvm.return
  }}"""


def _marks(module: ModuleState, marks: Marks) -> str:
    """The variable that holds where the marks are: at first, in the program itself."""
    spare = f"!llvm.array<{max(marks.size, 1)} x i8>"
    declare(
        module,
        "clef_marks_spare",
        f"""  llvm.mlir.global internal @clef_marks_spare() : {spare} {{
    %0 = llvm.mlir.zero : {spare}
    llvm.return %0 : {spare}
  }}""",
    )
    return declare(
        module,
        "clef_marks",
        """  llvm.mlir.global internal @clef_marks() : !llvm.ptr {
    %0 = llvm.mlir.addressof @clef_marks_spare : !llvm.ptr
    llvm.return %0 : !llvm.ptr
  }""",
    )


def open_marks(state: FunctionState) -> None:
    """At the start of the program: bring in the file."""
    module = state.module
    marks = module.options.marks
    if marks is None:
        return
    _marks(module, marks)
    openat, mmap = _NUMBERS.get(module.target.architecture, _NUMBERS[""])
    name = "".join(f"\\{byte:02X}" for byte in marks.file.encode()) + "\\00"
    declare(
        module,
        "clef_marks_file",
        f'  llvm.mlir.global internal constant @clef_marks_file("{name}")',
    )
    system_call_symbol(module)
    module.functions.append(_OPEN.format(OPENAT=openat, MMAP=mmap, SIZE=marks.size))
    do(state, "llvm.call fastcc @clef_open_marks() : () -> ()")


def mark(state: FunctionState, span: Span) -> None:
    """An expression that begins here is going to be evaluated."""
    marks = state.module.options.marks
    base = marks.base(span.path) if marks is not None else None
    if marks is None or base is None:
        return
    start = load(state, address(state, _marks(state.module, marks)), POINTER)
    index = constant(state, base + span.start, "i64")
    place = op(state, f"llvm.getelementptr {start}[{index}] : ({POINTER}, i64) -> {POINTER}, i8")
    do(state, f"llvm.store {constant(state, 1, 'i8')}, {place} : i8, {POINTER}")
