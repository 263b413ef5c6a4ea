"""The cache keeps what it promises to keep, and no more."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from clef import build_cache
from clef.pipeline import Options
from clef.project.loading import single_file
from clef.source import SourceFile, Span
from tests.diagnostics.findings import Remark

PROJECT = single_file("a.clef")
SOURCES = [SourceFile("a.clef", "let x = 1")]


def key() -> str:
    return build_cache.build_key(PROJECT, Options(), SOURCES)


def test_what_is_stored_is_found(folder: Path) -> None:
    warning = Remark(Span("a.clef", 0, 1), what="hm")
    assert build_cache.find(key()) is None
    build_cache.store(key(), b"program", [warning])
    entry = build_cache.find(key())
    assert entry is not None
    assert entry.executable.read_bytes() == b"program" and os.access(entry.executable, os.X_OK)
    assert entry.diagnostics == [warning]


def test_everything_that_matters_changes_the_key(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {
        key(),
        build_cache.build_key(PROJECT, Options(release=True), SOURCES),
        build_cache.build_key(replace(PROJECT, libraries=("m",)), Options(), SOURCES),
        build_cache.build_key(PROJECT, Options(), [SourceFile("a.clef", "let x = 2")]),
        build_cache.build_key(PROJECT, Options(), [SourceFile("b.clef", "let x = 1")]),
        build_cache.build_key(PROJECT, Options(), [*SOURCES, SourceFile("c.clef", "")]),
    }
    monkeypatch.setattr(build_cache, "compiler_identity", lambda: "another compiler")
    assert len(keys | {key()}) == 7


def test_lone_surrogates_do_not_matter(folder: Path) -> None:
    build_cache.build_key(PROJECT, Options(), [SourceFile("a.clef", "\ud800")])


@pytest.mark.parametrize("suffix", ["program", "messages", "json"])
def test_damage_is_noticed(folder: Path, suffix: str) -> None:
    entry = build_cache.store(key(), b"program", [])
    assert entry is not None
    damaged = entry.executable.with_suffix("." + suffix)
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"x")
    assert build_cache.find(key()) is None
    damaged.unlink()
    assert build_cache.find(key()) is None


def test_the_least_recently_used_go_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_cache, "LIMIT", 4500)
    for age, name in enumerate(("old", "used", "young")):
        entry = build_cache.store(name, b"x" * 1000, [])
        assert entry is not None
        os.utime(entry.executable.with_suffix(".json"), (1000 + age, 1000 + age))
    assert build_cache.find("old") is not None
    # One key in sixteen tidies up.
    assert build_cache.store("1-new", b"x" * 1000, []) is not None
    assert all(build_cache.find(name) for name in ("young", "old", "1-new"))
    assert build_cache.store("0-new", b"x" * 500, []) is not None
    assert build_cache.find("used") is None
    assert all(build_cache.find(name) for name in ("old", "young", "0-new"))


def test_a_cache_that_cannot_be_written_is_no_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(build_cache, "write_atomically", refuse)
    assert build_cache.store("key", b"x", []) is None


def test_the_identity_changes_with_the_compilers_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "clef"
    package.mkdir()
    (package / "a.py").write_text("1")
    monkeypatch.setattr(build_cache.clef, "__file__", str(package / "__init__.py"))
    before = build_cache.compiler_identity()
    assert build_cache.compiler_identity() == before
    (package / "a.py").write_text("22")
    assert build_cache.compiler_identity() != before
