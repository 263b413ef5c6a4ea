"""What a program says when nothing catches its exception.

In: small programs. Out: their standard error and exit code. Promises: the message and
`file:line` of the place that raised, in debug builds and in optimised ones.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program_runner import Way, run_program

CASES = {
    "failwith": (
        'let f x =\n    if x > 1 then failwith "too much"\n    x\n\nprintfn "%d" (f 5)\n',
        2,
        "too much",
    ),
    "raise": (
        "exception Odd of int\n\nlet f x =\n    raise (Odd x)\n\nf 5 |> ignore\n",
        4,
        "Odd",
    ),
    "division": (
        'let f x = 10 / x\n\nlet g y =\n    f (y - y)\n\nprintfn "%d" (g 3)\n',
        1,
        "divide",
    ),
    "array": ('let a = [| 1; 2 |]\n\nlet f n =\n    a.[n]\n\nprintfn "%d" (f 7)\n', 4, "outside"),
    "match": ('let f x =\n    match x with\n    | 1 -> 2\n\nprintfn "%d" (f 3)\n', 2, "match"),
}


@pytest.mark.parametrize("way", [Way(), Way(release=True)], ids=lambda way: way.name)
@pytest.mark.parametrize("name", CASES)
def test_uncaught(name: str, way: Way, tmp_path: Path) -> None:
    """The message and the place are on standard error, and the exit code is not zero."""
    source, line, words = CASES[name]
    path = tmp_path / "failing.clef"
    path.write_text(source, encoding="utf-8")
    result = run_program(path, way)
    assert result.exit_code not in (0, 1, 139), result
    assert words in result.stderr.lower() or words in result.stderr, result.stderr
    assert f"failing.clef:{line}" in result.stderr, result.stderr
