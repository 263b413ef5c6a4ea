"""Checking small programs against the standard library."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from clef.deep_stack import run_deep
from clef.diagnostics import Diagnostic
from clef.inference import FileSignatures, check
from clef.inference.type_text import show
from clef.inference.typed_tree import TypedFile
from clef.names import resolve
from clef.source import SourceFile
from clef.standard_library import Library, load
from clef.syntax import parse
from clef.toolchain.telemetry import Silent


@dataclass(slots=True)
class Checked:
    """What checking a program gave."""

    typed: TypedFile
    signatures: FileSignatures
    diagnostics: list[Diagnostic]

    @property
    def codes(self) -> list[str]:
        """The codes of all diagnostics, in order."""
        return [diagnostic.code for diagnostic in self.diagnostics]

    def type_of(self, name: str) -> str:
        """The type of a module-level value, as text."""
        return show(self.signatures.values[f"Test.{name}"].scheme.type)


Check = Callable[[str], Checked]


@pytest.fixture(scope="session")
def library() -> Library:
    """The standard library, from the cache when it is there."""
    found, _ = run_deep(lambda: load(Silent()))
    return found


@pytest.fixture(scope="session")
def environment(library: Library) -> bytes:
    """The library's names; checking adds to them, so each program gets a copy."""
    return pickle.dumps(library.environment)


@pytest.fixture
def infer(library: Library, environment: bytes) -> Check:
    """Check a program as the file `test.clef`."""

    def run(text: str) -> Checked:
        tree, diagnostics = parse(SourceFile("test.clef", text), frozenset())
        resolved, found = resolve(tree, pickle.loads(environment))
        diagnostics = [*diagnostics, *found]
        typed, signatures, found = check(resolved, library.signatures)
        return Checked(typed, signatures, [*diagnostics, *found])

    return lambda text: run_deep(lambda: run(text))
