"""Images for boards: their size, what does not fit, what a board does not provide. Nothing runs."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from clef.link.bare import linker_script
from clef.toolchain.board import Board, board_of, changed
from clef.toolchain.target import find_target
from tests.boards.machine import clef, project

HELLO = 'printfn "Hello, world!"\n'
BLINK = """let light : Ptr<uint32, Peripheral, ReadWrite> = Ptr.ofNativeInt 0x40025004n
let mutable rounds = 0
while rounds < 10 do
    Ptr.write light (if rounds % 2 = 0 then 1u else 0u)
    rounds <- rounds + 1
"""
HELLO_SIZE, BLINK_SIZE = 3_000, 1_400
"""Bytes of flash on the LM3S6965, with the start-up code."""


def in_flash(image: bytes) -> int:
    """Bytes that an image puts into flash: what its segments have in the file."""
    count = struct.unpack_from("<H", image, 44)[0]
    start = struct.unpack_from("<I", image, 28)[0]
    kinds = [struct.unpack_from("<IIIIIIII", image, start + 32 * at) for at in range(count)]
    return sum(segment[4] for segment in kinds if segment[0] == 1)


def built(folder: Path, *words: str) -> bytes:
    done = clef(folder, "build", *words)
    assert done.returncode == 0, done.stderr
    return next((folder / "build").glob("*.elf")).read_bytes()


@pytest.mark.parametrize(
    ("program", "compilation", "bound"),
    [(HELLO, "", HELLO_SIZE), (BLINK, 'memory_model = "stack_only"', BLINK_SIZE)],
)
def test_sizes(tmp_path: Path, program: str, compilation: str, bound: int) -> None:
    image = built(project(tmp_path, program, compilation=compilation), "--release")
    assert in_flash(image) <= bound, f"{in_flash(image)} bytes"


def test_no_heap_means_none(tmp_path: Path) -> None:
    folder = project(tmp_path, BLINK, compilation='memory_model = "stack_only"')
    done = clef(folder, "size", "--release", "--most", "200")
    assert "clef_start" in done.stdout and "clef_reset" in done.stdout
    assert "clef_allocate" not in done.stdout and "clef_board_memory" not in done.stdout


def test_memory_of_another_board(tmp_path: Path) -> None:
    board = 'flash_origin = 0x0800_0000\nram_size = "20K"\nstack_size = "2K"'
    image = built(project(tmp_path, HELLO, board=board), "--release")
    assert struct.unpack_from("<I", image, 24)[0] & ~0xFFFF == 0x08000000


@pytest.mark.parametrize(
    ("board", "message"),
    [
        ('flash_size = "1K"', "bytes of flash, and the board has 1024"),
        ("ram_size = 17_700", "bytes of RAM, and the board has 17700"),
        ('ram_size = "8K"', "bytes of RAM, and the board has 8192"),
    ],
)
def test_what_does_not_fit(tmp_path: Path, board: str, message: str) -> None:
    done = clef(project(tmp_path, HELLO, board=board), "build", "--release")
    assert done.returncode == 1
    assert "E1101" in done.stderr and message in done.stderr


def test_what_only_an_operating_system_has(tmp_path: Path) -> None:
    program = """open System
let load () = IO.File.ReadAllText "a.txt"
printfn "%s" (load ())
printfn "%A" (Environment.GetEnvironmentVariable "HOME")
printfn "%O" DateTime.Now
printfn "%O %d" (Guid.NewGuid()) (Random().Next 5)
printfn "%d" (Random(3).Next 5)
"""
    done = clef(project(tmp_path, program), "check", "--message-format", "short")
    found = [line for line in done.stderr.splitlines() if "E1102" in line]
    assert [line.split(": ")[0].removeprefix("main.clef:") for line in found] == [
        "2:15",
        "4:15",
        "5:14",
        "6:18",
        "6:35",
    ]
    assert "`File.ReadAllText` needs an operating system, and `lm3s6965` has none" in done.stderr


def test_size_reads_images(tmp_path: Path) -> None:
    done = clef(project(tmp_path, HELLO), "size", "--release")
    assert done.returncode == 0, done.stderr
    assert "memory and start" in done.stdout


def test_contents_of_the_flash(tmp_path: Path) -> None:
    project(tmp_path, HELLO, board="flash_origin = 0x0800_FFF0")
    image = built(tmp_path, "--release")
    for name in ("a.bin", "a.hex"):
        assert clef(tmp_path, "build", "--release", "-o", name).returncode == 0
    content = (tmp_path / "a.bin").read_bytes()
    assert 0 <= len(content) - in_flash(image) < 16, "only what alignment leaves"
    assert content[4:8] == image[24:28]
    found, upper = bytearray(), 0
    for line in (tmp_path / "a.hex").read_text().splitlines():
        row = bytes.fromhex(line[1:])
        assert sum(row) & 0xFF == 0 and len(row) == row[0] + 5
        if row[3] == 4:
            upper = int.from_bytes(row[4:6], "big")
        elif row[3] == 0:
            at = (upper << 16) + int.from_bytes(row[1:3], "big") - 0x0800FFF0
            assert at == len(found)
            found += row[4:-1]
    assert bytes(found) == content


def test_a_target_inherits_its_board() -> None:
    base, own = find_target("cortex-m3"), find_target("lm3s6965")
    assert base is not None and own is not None and base.board and own.board
    assert own.board.clock_hz == 12_500_000 and own.board.flash_origin == base.board.flash_origin
    assert own.board.console == "uart" and base.board.console == "semihosting"


def test_boards_are_checked() -> None:
    assert board_of({"ram_size": "64K"}).ram_size == 65536
    for wrong in ({"ram": 1}, {"ram_size": "many"}, {"console": "screen"}):
        with pytest.raises(ValueError):
            board_of(wrong)
    assert changed(Board(ram_size=1024), {"stack_size": 100}).stack_size == 100


def test_the_stack_lies_below_the_data() -> None:
    board = Board(ram_origin=0x20000000, ram_size=65536, stack_size=1000, guard_size=256)
    script = linker_script(board, None)
    assert "clef_stack_bottom = 0x20000100;" in script
    assert "clef_stack_top = 0x200004f0;" in script
    assert "clef_handler_stack_top = 0x200008f0;" in script
