"""The table of stages and its driver."""

from __future__ import annotations

import sys

import pytest

from clef import pipeline
from clef.deep_stack import run_deep
from clef.pipeline import EMITS, STAGES, Options, StageFailure, compile_project, stage_names
from clef.printing import print_node
from clef.project.loading import single_file
from clef.source import SourceFile
from clef.toolchain.telemetry import Recording
from tests.command_line.stand_ins import shell
from tests.diagnostics.findings import Finding

__all__ = ["shell"]

PROJECT = single_file("a.clef")


def texts(text: str) -> list[SourceFile]:
    return [SourceFile("a.clef", text)]


def test_what_a_stage_takes_is_there() -> None:
    there = {"project", "texts", "options", "telemetry"}
    for stage in STAGES:
        assert set(stage.takes) <= there, stage.name
        there.add(stage.gives)
        assert stage.summary and callable(pipeline.function_at(stage.function))
        for path in filter(None, (stage.printer, stage.checker)):
            assert callable(pipeline.function_at(path))


def test_names_are_unique_and_emits_lead_to_stages() -> None:
    assert len(set(stage_names())) == len(STAGES)
    assert {stage for stage, _ in EMITS.values()} <= set(stage_names())
    for _, printer in EMITS.values():
        assert not printer or callable(pipeline.function_at(printer))


def test_stages_run_in_order_and_are_timed(shell: list[str]) -> None:
    recording = Recording()
    done = compile_project(PROJECT, Options(), recording, texts("exit 0"))
    assert done.finished == ["read", "script", "plan", "link"]
    assert [timing.name for timing in recording.ordered()] == done.finished
    assert done.products["executable"] == b"#!/bin/sh\nexit 0"


def test_errors_stop_the_stages_that_need_a_sound_program(shell: list[str]) -> None:
    done = compile_project(PROJECT, Options(), texts=texts("ERROR"))
    assert done.failed and done.finished == ["read", "script"]


def test_stop_after(shell: list[str]) -> None:
    done = compile_project(PROJECT, Options(stop_after="script"), texts=texts(""))
    assert done.finished[-1] == "script"


def test_an_exception_names_its_stage(shell: list[str]) -> None:
    with pytest.raises(StageFailure) as caught:
        compile_project(PROJECT, Options(), texts=texts("BUG"))
    assert caught.value.stage == "script"
    assert isinstance(caught.value.cause, KeyError)
    assert list(caught.value.compilation.texts()) == ["a.clef"]


def test_deep_recursion_is_fine() -> None:
    def depth(number: int) -> int:
        return 0 if number == 0 else 1 + depth(number - 1)

    before = sys.getrecursionlimit()
    assert run_deep(lambda: depth(100_000)) == 100_000
    assert sys.getrecursionlimit() == before


def test_exceptions_come_through() -> None:
    def fail() -> None:
        raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        run_deep(fail)


def test_nested_calls_use_the_same_stack() -> None:
    assert run_deep(lambda: run_deep(lambda: 3)) == 3


def test_any_tree_can_be_printed() -> None:
    source = SourceFile("a.clef", "let x = 1")
    tree = {"a": [Finding(source.span(0, 1), what="w"), 3], "b": (), "c": {"x": None}}
    text = print_node(tree)
    assert "Finding what='w'" in text and "0x" not in text
    circle: list[object] = []
    circle.append(circle)
    assert "…" in print_node(circle)
