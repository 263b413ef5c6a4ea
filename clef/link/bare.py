"""Images for machines without an operating system.

Comes in: the program's object, a target with its board. Goes out: an ELF file with everything at
its place in flash and RAM, or a diagnostic when there is not enough of either. Promises: nothing
that is not reached from the first instruction is in it; the same input gives the same bytes.

From the bottom of the RAM upwards lie: a guard, closed where the processor can close memory; the
stack, which meets the guard or the end of memory and no data when it runs over; the stack of
handlers; data; what is left is the heap.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from clef.diagnostics import Diagnostic
from clef.diagnostics.boards import ImageTooLarge
from clef.diagnostics.tools import NOWHERE
from clef.link.options import LinkOptions
from clef.link.runtime import bare_object
from clef.toolchain.board import Board
from clef.toolchain.target import Target
from clef.toolchain.tool import zig

_SCRIPT = """ENTRY(clef_reset)
MEMORY {{
  flash (rx) : ORIGIN = {flash_origin:#x}, LENGTH = {flash_size}
  ram (rwx) : ORIGIN = {data_origin:#x}, LENGTH = {data_size}
}}
clef_stack_bottom = {stack_bottom:#x};
clef_stack_top = {stack_top:#x};
clef_handler_stack_top = {data_origin:#x};
SECTIONS {{
  .text : {{
    clef_vector_table = .;
    KEEP(*(.vectors))
    *(.text .text.* .rodata .rodata.*)
    . = ALIGN(4);
  }} > flash
  .data : ALIGN(16) {{
    clef_data_start = .;
    *(.data .data.* .sdata .sdata.* .got .got.*)
    . = ALIGN(4);
    clef_data_end = .;
  }} > ram AT > flash
  clef_data_load = LOADADDR(.data);
  .bss (NOLOAD) : ALIGN(16) {{
    clef_bss_start = .;
    *(.bss .bss.* .sbss .sbss.* COMMON)
    . = ALIGN(16);
    clef_bss_end = .;
  }} > ram
  clef_heap_start = .;
  clef_heap_end = ORIGIN(ram) + LENGTH(ram);
  /DISCARD/ : {{ *(.ARM.exidx* .ARM.extab* .eh_frame .comment .note*) }}
}}
"""
_TOO_LARGE = re.compile(
    r"section '[^']*' will not fit in region '(\w+)': overflowed by (\d+) bytes"
)


def linker_script(board: Board, stack_size: int | None) -> str:
    """Where everything lies on a board."""
    below = _below_data(board, stack_size)
    return _SCRIPT.format(
        flash_origin=board.flash_origin,
        flash_size=board.flash_size,
        stack_bottom=board.ram_origin + board.guard_size,
        stack_top=board.ram_origin + below - _aligned(board.handler_stack_size),
        data_origin=board.ram_origin + below,
        data_size=max(board.ram_size - below, 0),
    )


def _below_data(board: Board, stack_size: int | None) -> int:
    """Bytes at the bottom of the RAM: the guard and both stacks."""
    stack = _aligned(stack_size or board.stack_size)
    return board.guard_size + stack + _aligned(board.handler_stack_size)


def _aligned(size: int) -> int:
    return -(-size // 16) * 16


def command(
    program: Path, output: Path, target: Target, parts: Sequence[Path], options: LinkOptions
) -> list[str]:
    """The linker's command line; the script is written beside the program."""
    board = options.board or target.board
    assert board is not None, "a machine without an operating system has a board"
    script = program.with_suffix(".ld")
    script.write_text(linker_script(board, options.stack_size), "utf-8")
    return zig().command(
        "ld.lld",
        *("-m", target.emulation),
        "-static",
        "--gc-sections",
        "--build-id=none",
        *("-z", "max-page-size=16"),
        *("-T", str(script)),
        *(["-s"] if options.strip else []),
        *("-o", str(output)),
        str(bare_object(target, board)),
        str(program),
        "--start-lib",
        *map(str, parts),
        "--end-lib",
    )


def without_room(target: Target, options: LinkOptions) -> list[Diagnostic]:
    """A finding when the stack alone takes all of the RAM."""
    board = options.board or target.board
    assert board is not None
    below = _below_data(board, options.stack_size)
    return [ImageTooLarge(NOWHERE, "ram", board.ram_size, below)] if below > board.ram_size else []


def too_large(text: str, target: Target, options: LinkOptions) -> list[Diagnostic]:
    """What the linker says about memory, once for each region."""
    board = options.board or target.board
    assert board is not None
    sizes = {"flash": board.flash_size, "ram": board.ram_size}
    missing: dict[str, int] = {}
    for region, excess in _TOO_LARGE.findall(text):
        missing[region] = max(missing.get(region, 0), int(excess))
    return [
        ImageTooLarge(NOWHERE, region, sizes[region], sizes[region] + excess)
        for region, excess in missing.items()
    ]
