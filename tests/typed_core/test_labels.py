"""Labels of functions that became part of others: no two in a function are alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from clef.pipeline import Options, compile_project
from clef.project.loading import load, read_sources
from clef.toolchain.target import native_name
from tests.program_runner import messages

PROGRAMS = Path(__file__).parent.parent / "programs"


@pytest.mark.parametrize(
    "name", ["members/properties_and_methods", "generics_and_inline/generic_algorithms"]
)
def test_stages_of_a_release(name: str) -> None:
    loaded = load(str(PROGRAMS / f"{name}.clef"))
    assert loaded.project is not None
    options = Options(native_name(), True, stop_after="plan", check_stages=True)
    compilation = compile_project(loaded.project, options, texts=read_sources(loaded)[0])
    assert not compilation.failed, messages(compilation)
