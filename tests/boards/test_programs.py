"""Programs of the suite print the same on a board: a few that touch what a board has of its own."""

from __future__ import annotations

import pytest

from tests.boards.machine import NEEDS_EMULATOR
from tests.not_yet import PROGRAMS, problem_of
from tests.program_runner import Way

pytestmark = NEEDS_EMULATOR
CHOSEN = [
    ("cortex-m3", "floats/math_members"),
    ("cortex-m3", "concurrency/idioms"),
    ("cortex-m3", "integers/sized_types"),
    ("cortex-m3", "recursion_and_tail_calls/state_machines"),
    ("cortex-m3", "recursion_and_tail_calls/words_of_all_widths"),
    ("cortex-m4f", "floats/math_members"),
    ("cortex-m4f", "strings/string_builder"),
]
"""Floats in software and in hardware, 64 bits, tail calls that do not fit the registers, timers."""


@pytest.mark.parametrize(("target", "name"), CHOSEN)
def test_program(target: str, name: str) -> None:
    problem = problem_of(PROGRAMS / f"{name}.clef", Way(target))
    assert problem is None, problem
