"""The comparison with other ways to make Python fast runs, and all ways compute the same.

In: `benchmarks/python`. Out: one test, of the quickest kernels. Promises: nothing is said about
times; skipped, with the reason, where NumPy is not installed.
"""

from __future__ import annotations

import pytest

pytest.importorskip("numpy", reason="NumPy is not installed")


def test_it_runs(capsys: pytest.CaptureFixture[str]) -> None:
    from benchmarks.python.__main__ import main

    main(["--rounds", "1", "--kernel", "add", "--kernel", "dot"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:2] == ["kernel", "Clef"]
    assert [line.split()[0] for line in lines[1:3]] == ["add", "dot"]
