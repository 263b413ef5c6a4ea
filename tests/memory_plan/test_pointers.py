"""`Ptr`: what its access forbids, what a pointer into the stack may not do, and what accesses of
devices become in LLVM's language."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from clef.backends import Artifacts
from clef.pipeline import Options
from clef.toolchain.target import native_name
from tests.memory_plan.findings import compiled, found

ESCAPES = {
    "returned": (
        "let f () : Ptr<int, Stack, ReadWrite> = Ptr.stackalloc 1",
        "Ptr.read (f ())",
    ),
    "returned through a local": (
        "let f () =\n    let mutable p = Ptr.stackalloc<int> 2\n    p <- Ptr.add p 1\n    p",
        "Ptr.read (f ())",
    ),
    "returned through a call": (
        "let same (p: Ptr<int, Stack, 'A>) = p\nlet f () = same (Ptr.stackalloc<int> 1)",
        "Ptr.read (f ())",
    ),
    "returned through a loop": (
        "let f n =\n    let rec go i (p: Ptr<int, Stack, ReadWrite>) =\n"
        "        if i = n then p else go (i + 1) (Ptr.add p 1)\n    go 0 (Ptr.stackalloc 9)",
        "Ptr.read (f 3)",
    ),
    "stored": ("let f () = Some (Ptr.stackalloc<int> 1)", "Ptr.read (f ()).Value"),
    "element": ("let f () = [| Ptr.stackalloc<int> 1 |]", "Ptr.read (f ()).[0]"),
    "captured": (
        "let f () =\n    let p = Ptr.stackalloc<int> 1\n    fun () -> Ptr.read p",
        "f () ()",
    ),
    "partial": (
        "let g (p: Ptr<int, Stack, ReadWrite>) x = Ptr.read p + x\nlet f () = g (Ptr.stackalloc 1)",
        "f () 1",
    ),
    "module": ("let f = Ptr.stackalloc<int> 1", "Ptr.read f"),
    "mutable field": (
        "type Box() =\n"
        "    member val P : Ptr<int, Stack, ReadWrite> = Ptr.ofNativeInt 0n with get, set\n"
        "let f (b: Box) = b.P <- Ptr.stackalloc 1",
        "f (Box())",
    ),
}
HARMLESS = {
    "given": (
        "let g (p: Ptr<int, Stack, ReadWrite>) = Ptr.add p 1\n"
        "let f () =\n    let p = g (Ptr.stackalloc 2)\n    Ptr.write p 3\n    Ptr.read p",
        "f ()",
    ),
    "other regions": (
        "let f () : Ptr<int, Sram, ReadWrite> option = Some (Ptr.ofNativeInt 16n)",
        "(f ()).IsSome",
    ),
}


def program(case: tuple[str, str]) -> str:
    return f'{case[0]}\nprintfn "%A" ({case[1]})\n'


@pytest.mark.parametrize("name", ESCAPES)
def test_a_stack_pointer_stays(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = {one.code for one in found(program(ESCAPES[name]), tmp_path, monkeypatch)}
    assert codes == {"E0604"}


@pytest.mark.parametrize("name", HARMLESS)
def test_use_is_allowed(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(program(HARMLESS[name]), tmp_path, monkeypatch) == []


@pytest.mark.parametrize(
    ("access", "use", "code"),
    [
        ("ReadOnly", "Ptr.write p 1", "E0603"),
        ("ReadOnly", "Ptr.fill p 1 2", "E0603"),
        ("WriteOnly", 'printfn "%d" (Ptr.read p)', "E0603"),
        ("WriteOnly", "Ptr.modify id p", "E0603"),
        ("ReadOnly", "Ptr.copy p p 1", "E0603"),
    ],
)
def test_access(
    access: str, use: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"let p : Ptr<int, Sram, {access}> = Ptr.ofNativeInt 16n\n{use}\n"
    assert {one.code for one in found(text, tmp_path, monkeypatch)} == {code}


def test_pointers_to_references_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = 'let f () = Ptr.stackalloc<struct (int * string)> 1\nprintfn "%b" (Ptr.isNull (f ()))\n'
    assert [one.code for one in found(text, tmp_path, monkeypatch)] == ["E0305"]


DEVICE = """let port : Ptr<uint32, REGION, ReadWrite> = Ptr.ofNativeInt 0x40000000n
let blink () =
    Ptr.write port 1u
    Ptr.write port 0u
    Ptr.read port + Ptr.read port
printfn "%d" (blink ())
"""


def llvm(region: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The function `blink` in LLVM's language, optimised."""
    options = Options(
        target=native_name(), release=True, emit="llvm", prints=(("code", ""),), stop_after="code"
    )
    text = DEVICE.replace("REGION", region)
    artifacts = cast(
        "Artifacts", compiled(text, folder, monkeypatch, options).products["artifacts"]
    )
    return artifacts.optimised_llvm or ""


def test_device_accesses_all_happen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = llvm("Peripheral", tmp_path, monkeypatch)
    assert text.count("store volatile i32") == 2 and text.count("load volatile i32") == 2
    assert "volatile" not in llvm("Sram", tmp_path, monkeypatch)
