"""What C can neither be given nor call is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.memory_plan.findings import found

REFUSED = {
    "capture": (
        "let f (k: int) = FnPtr.ofFunction (fun (x: int) -> x + k)\n"
        'printfn "%d" (FnPtr.invoke (f 1) 2)',
        "E0605",
    ),
    "unknown function": (
        "let f (g: int -> int) = FnPtr.ofFunction g\n"
        'printfn "%d" (FnPtr.invoke (f abs) 2 + FnPtr.invoke (f id) 2)',
        "E0605",
    ),
    "string argument": (
        'printfn "%b" (FnPtr.isNull (FnPtr.ofFunction (fun (s: string) -> s.Length)))',
        "E0605",
    ),
    "list result": (
        'printfn "%b" (FnPtr.isNull (FnPtr.ofFunction (fun (x: int) -> [ x ])))',
        "E0605",
    ),
    "name that is computed": (
        "let f (n: string) : FnPtr<int -> int> = FnPtr.fromSymbol n\n"
        'printfn "%b" (FnPtr.isNull (f "a"))',
        "E0605",
    ),
    "struct argument": (
        "let f (p: FnPtr<struct (int * int) -> int>) = FnPtr.invoke p (struct (1, 2))\n"
        'printfn "%d" (f (FnPtr.ofNativeInt 0n))',
        "E0601",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program, code = REFUSED[name]
    assert {one.code for one in found(program + "\n", tmp_path, monkeypatch)} == {code}
