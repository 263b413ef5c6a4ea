"""Processes, cache, tools and timings."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from clef.backends import find_target, native_name, target_names
from clef.diagnostics.tools import ToolMissing
from clef.toolchain import cache
from clef.toolchain.doctor import examine
from clef.toolchain.execute import command_for
from clef.toolchain.process import run
from clef.toolchain.target import with_cpu
from clef.toolchain.telemetry import SILENT, Recording
from clef.toolchain.tool import all_tools, emulator, version, zig
from tests.backends.programs import TARGETS, target_named


def test_outcomes_of_processes() -> None:
    python = sys.executable
    good = run([python, "-c", "print(input())"], input_bytes=b"word\n")
    assert good.succeeded and good.output == b"word\n"
    bad = run([python, "-c", "import sys; sys.stderr.write('no'); sys.exit(3)"])
    assert (bad.exit_code, bad.error_text(), bad.succeeded) == (3, "no", False)
    slow = run([python, "-c", "import time; time.sleep(60)"], time_limit=0.3)
    assert slow.timed_out and not slow.succeeded
    absent = run(["/nowhere/at/all"])
    assert absent.exit_code is None and not absent.succeeded
    changed = run([python, "-c", "import os; print(os.environ['A'])"], environment={"A": "b"})
    assert changed.output == b"b\n"


def test_cached_files_are_made_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLEF_CACHE", str(tmp_path / "cache"))
    cache.cache_folder.cache_clear()
    try:
        made: list[int] = []

        def make() -> bytes:
            made.append(1)
            return b"contents"

        key = cache.content_hash("a", b"b")
        for _ in range(2):
            assert cache.cached_file("thing", key, make).read_bytes() == b"contents"
        assert made == [1]
        assert cache.content_hash("ab") != cache.content_hash("a", "b")
        with cache.scratch_folder() as folder:
            (folder / "file").write_bytes(b"")
        assert not folder.exists()
        left = [path.name for path in (tmp_path / "cache").rglob("*") if path.is_file()]
        assert left == [f"{key}-thing"]
    finally:
        cache.cache_folder.cache_clear()


def test_targets() -> None:
    assert set(TARGETS) <= set(target_names())
    for name in target_names():
        target = target_named(name)
        assert target.name == name and target.triple.count("-") >= 2
        assert target.pointer_bits in (32, 64)
    assert find_target("pdp11") is None
    assert find_target("_linux") is None
    native = find_target("native")
    assert native is None or native.name == native_name()
    assert with_cpu(target_named("x86_64-linux"), "native").cpu == "native"


def test_the_doctor_names_remedies() -> None:
    findings = {finding.name: finding for finding in examine()}
    assert findings["zig"].present and findings["zig"].state == "0.17.1"
    assert findings["llvmlite"].state == "0.50.0"
    assert "cache" in findings and "machine" in findings
    for finding in findings.values():
        assert finding.present == (not finding.remedy) or finding.name == "machine"


def test_tools_are_found_without_running_them() -> None:
    assert zig().found and version(zig()) == "0.17.1"
    assert {"torch_mlir", "llvmlite", "zig", "gdb"} <= {tool.name for tool in all_tools()}
    assert not emulator("qemu-nonesuch").found


def test_a_missing_emulator_is_a_diagnostic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clef.toolchain.tool._program", lambda name: None)
    foreign = next(name for name in TARGETS if name != native_name() and "linux" in name)
    missing = command_for(Path("program"), target_named(foreign))
    assert isinstance(missing, ToolMissing)
    assert missing.hint() == "sudo apt-get install qemu-user"


def test_recordings_nest() -> None:
    recording = Recording()
    with recording.stage("outer"), recording.stage("inner"):
        pass
    assert [(t.name, t.depth) for t in recording.ordered()] == [("outer", 0), ("inner", 1)]
    with SILENT.stage("nothing"):
        pass
