"""Boards: what surrounds a processor that no operating system looks after.

Comes in: the table `[board]` of a target's file, and that of a project. Goes out: `Board`.
Promises: plain immutable data; a number that does not fit, or a word that is none of those
possible, is an error of whoever wrote the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace

from clef.data_classes import dataclass
from clef.toolchain.sizes import parse_size

CONSOLES = ("semihosting", "uart")
ENDINGS = ("semihosting", "halt")
SIZES = ("flash_size", "ram_size", "stack_size", "handler_stack_size", "guard_size")


@dataclass(frozen=True, slots=True)
class Board:
    """Memory as two regions; the stack lies at the bottom of the RAM, above a guard that nobody may
    touch: a power of two of at least 32 bytes, or nothing.

    `clock_hz` drives the timer of the processor; 0 when there is none, and then no time either. The
    UART is a register for data, and one for the state of which `mask` bits have `value` when it is
    full (no room to send) or empty (nothing received); `uart_setup` are addresses and what is
    written there at the start. `uart_bytes` is how wide its registers are.
    """

    flash_origin: int = 0
    flash_size: int = 0
    ram_origin: int = 0
    ram_size: int = 0
    stack_size: int = 16384
    handler_stack_size: int = 1024
    guard_size: int = 0
    clock_hz: int = 0
    console: str = "semihosting"
    ending: str = "semihosting"
    uart_data: int = 0
    uart_status: int = 0
    uart_full_mask: int = 0
    uart_full_value: int = 0
    uart_empty_mask: int = 0
    uart_empty_value: int = 0
    uart_bytes: int = 4
    uart_setup: tuple[tuple[int, int], ...] = ()


def board_of(values: Mapping[str, object]) -> Board:
    """The board that a target's table describes."""
    return changed(Board(), values)


def changed(board: Board, values: Mapping[str, object]) -> Board:
    """The board with other values for some keys, which are checked already in a project."""
    known = {field.name for field in fields(Board)}
    read = {key: _value(key, value) for key, value in values.items()}
    unknown = sorted(set(read) - known)
    if unknown:
        raise ValueError(f"a board has no `{unknown[0]}`")
    return replace(board, **read)  # type: ignore[arg-type]


def _value(key: str, value: object) -> object:
    if key in SIZES:
        size = parse_size(value)
        if size is None:
            raise ValueError(f"`{key}` is no size: {value!r}")
        return size
    if key == "uart_setup" and isinstance(value, list):
        return tuple(tuple(map(int, pair)) for pair in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    possible = {"console": CONSOLES, "ending": ENDINGS}.get(key)
    if possible is not None and value not in possible:
        raise ValueError(f"`{key}` is none of {', '.join(possible)}")
    return value
