"""What random programs print, against the interpreter; and every cell is given back."""

from __future__ import annotations

import pytest

from clef.backends import Level
from tests.core_interpreter import Machine, run_function
from tests.core_programs import World, add_output, compile_to_text, run
from tests.mlir.random_programs import generate


def expected(world: World) -> str | None:
    machine = Machine(world.program)

    def put(values: list[object]) -> object:
        machine.output.append(str(values[0] or ""))
        return None

    def concat(values: list[object]) -> object:
        return str(values[0]) + str(values[1])

    machine.known = {"print": put, "concat": concat}
    try:
        run_function(machine, "main", [])
    except TimeoutError:
        return None
    return "".join(machine.output)


def make(seed: int) -> World:
    world = World()
    add_output(world)
    generate(world, seed)
    return world


@pytest.mark.parametrize("seed", range(60))
def test_ownership_of_random_programs(seed: int) -> None:
    """The plan's verifier finds nothing."""
    compile_to_text(make(seed))


@pytest.mark.parametrize("seed", range(8))
def test_random_programs_run(seed: int) -> None:
    world = make(seed)
    output = expected(world)
    if output is None:
        return
    result = run(world, Level.O1)
    assert (result.output, result.code, result.error) == (output, 0, "")
