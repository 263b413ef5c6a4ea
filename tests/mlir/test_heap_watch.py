"""What `--sanitize heap` finds in programs whose memory plan was broken, and what it says of good
ones; what `--heap-statistics` says.

In: programs, of which a copy of the plan is damaged. Out: what they wrote to standard error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from clef.backends import CompileOptions, Level, compile_module
from clef.link import link_executable
from clef.memory_plan.plan import FunctionPlan
from clef.mlir.planned import Planned, emit_planned
from clef.toolchain.target import find_target
from clef.typed_core.core import Expression, Function, Let
from tests.command_line.cli import Cli
from tests.program_runner import Result, compiled, execute

PROGRAM = """\
[<NoCompilerInlining>]
let pair (x: string list) = [ x; x ]

[<NoCompilerInlining>]
let work n =
    let items = Array.create 8 n
    let words = [ string n; "b" ]
    let both = pair words
    items.[0] <- 5
    List.length both + List.length words + items.[0]

[<EntryPoint>]
let main _ =
    printfn "%d" (work 3)
    0
"""
Damage = Callable[[Function, FunctionPlan], None]


def _let(function: Function, name: str) -> Let:
    node: Expression = function.body
    while isinstance(node, Let):
        if node.local.name == name:
            return node
        node = node.body
    raise AssertionError(f"no local {name}")


def _run(folder: Path, damage: Damage | None) -> Result:
    path = folder / "program.clef"
    path.write_text(PROGRAM, encoding="utf-8")
    compilation = compiled(path)
    assert compilation is not None and not compilation.failed
    planned = cast("Planned", compilation.products["plan"])
    target = find_target("native")
    assert target is not None
    if damage is not None:
        (name,) = [one for one in planned.program.functions if one.endswith(".work")]
        damage(planned.program.functions[name], planned.plan.functions[name])
    sources = list(compilation.texts().values())
    text = emit_planned(planned, sources, check_heap=True)
    artifacts = compile_module(text, target, CompileOptions(level=Level.O1))
    assert link_executable(artifacts.object_code, target, folder / "program") == []
    return execute(folder / "program")


def _give_up_early(name: str) -> Damage:
    """The local is given up as soon as it is there, and again at its end."""

    def damage(function: Function, plan: FunctionPlan) -> None:
        let = _let(function, name)
        plan.locals[let.local.id] = let.local
        inner = let.body.value if isinstance(let.body, Let) else let.body
        plan.before.setdefault(inner.id, []).append(let.local.id)

    return damage


def _keep(name: str) -> Damage:
    """The local is never given up."""

    def damage(function: Function, plan: FunctionPlan) -> None:
        identity = _let(function, name).local.id
        for table in (plan.before, plan.between, plan.after):
            for dropped in table.values():
                while identity in dropped:
                    dropped.remove(identity)

    return damage


def test_a_good_program(tmp_path: Path) -> None:
    assert _run(tmp_path, None) == Result("9\n", "", 0)


def test_a_cell_that_is_used_after_it_was_given_back(tmp_path: Path) -> None:
    result = _run(tmp_path, _give_up_early("words"))
    assert result.exit_code == 99
    assert "heap: a cell is " in result.stderr and " given back" in result.stderr
    assert re.search(r"it was made by .*program\.clef:7 \(.*work.*\)", result.stderr)


def test_a_cell_that_is_written_after_it_was_given_back(tmp_path: Path) -> None:
    def damage(function: Function, plan: FunctionPlan) -> None:
        _keep("items")(function, plan)
        _give_up_early("items")(function, plan)

    result = _run(tmp_path, damage)
    assert result.exit_code == 99
    assert "heap: a cell was written to after it was given back" in result.stderr
    assert re.search(r"it was made by .*program\.clef:6 ", result.stderr)


def test_cells_that_are_given_back_twice(tmp_path: Path) -> None:
    result = _run(tmp_path, _give_up_early("items"))
    assert result.exit_code == 99
    assert "heap: a cell is given back twice" in result.stderr
    assert re.search(r"it was made by .*program\.clef:6 ", result.stderr)


def test_cells_that_are_left(tmp_path: Path) -> None:
    result = _run(tmp_path, _keep("items"))
    assert result.exit_code == 99
    assert re.search(
        r"heap: 1 cells of together 48 bytes are left, made by .*program\.clef:6 \(.*work.*\)",
        result.stderr,
    )


@pytest.mark.parametrize("words", [(), ("--release",)])
def test_the_options(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "program.clef").write_text(PROGRAM, encoding="utf-8")
    watch = ("--sanitize", "heap", "--heap-statistics")
    done = Cli(tmp_path)("run", "program.clef", *watch, *words)
    assert done.code == 0 and done.said.startswith("9\n")
    found = re.search(
        r"heap: (\d+) cells made, of (\d+) bytes; at the end (\d+) cells of (\d+) bytes; at most "
        r"(\d+) cells of (\d+) bytes at once; from the system (\d+) chunks of (\d+) bytes",
        done.said,
    )
    assert found is not None
    made, made_bytes, left, left_bytes, most, most_bytes, chunks, _ = map(int, found.groups())
    assert (left, left_bytes) == (0, 0)
    assert 0 < most <= made and most_bytes <= made_bytes and chunks >= 1


def test_only_where_there_is_a_kernel(tmp_path: Path) -> None:
    (tmp_path / "program.clef").write_text(PROGRAM, encoding="utf-8")
    done = Cli(tmp_path)("build", "program.clef", "--sanitize", "heap", "--target", "wasm32-wasi")
    assert done.code == 2 and "`--sanitize` is for Linux targets" in done.said
