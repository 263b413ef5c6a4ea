"""What a program on a board can count on: console, exit code, memory, time, messages."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.boards.machine import EMULATOR, NEEDS_EMULATOR, clef, project, run

pytestmark = NEEDS_EMULATOR
OVERFLOW = """let rec deep n = if n = 0 then 0 else 1 + deep (n - 1) * 2 % 7
printfn "start"
printfn "%d" (deep 100000000)
"""
MEMORY = """let mutable xs = []
printfn "start"
for i in 1 .. 100000000 do
    xs <- i :: xs
printfn "%d" xs.Length
"""
TIME = """let watch = System.Diagnostics.Stopwatch.StartNew()
System.Threading.Thread.Sleep 30
let passed = watch.ElapsedMilliseconds
printfn "%b" (passed >= 30L && passed < 1000L)
let first = Sys.clock_monotonic ()
let mutable turns = 0
while Sys.clock_monotonic () - first < 5000000L do
    turns <- turns + 1
printfn "%b" (turns > 1)
"""
ECHO = """let rec loop count =
    match System.Console.ReadLine() with
    | null -> count
    | line ->
        printfn "<%s>" line
        loop (count + 1)
exit (loop 0)
"""


@pytest.mark.parametrize("target", ["cortex-m3", "cortex-m4f", "lm3s6965"])
def test_a_stack_that_runs_over_is_told(tmp_path: Path, target: str) -> None:
    code, out, err = run(tmp_path, OVERFLOW, target)
    assert code == 134 and out.startswith("start\n"), err
    assert "Stack overflow." in out + err


def test_the_end_of_the_memory_is_told(tmp_path: Path) -> None:
    code, out, _ = run(tmp_path, MEMORY, "lm3s6965")
    assert (code, out) == (134, "start\nOut of memory.\n")


def test_a_pool_and_its_end(tmp_path: Path) -> None:
    folder = project(
        tmp_path, MEMORY, compilation='memory_model = "static_pools"\nheap_size = "4K"'
    )
    done = clef(folder, "run")
    message = "start\nOut of memory: the pool of 4096 bytes is used up.\n"
    assert (done.returncode, done.stdout) == (134, message), done.stderr


def test_an_exception_that_nobody_handles(tmp_path: Path) -> None:
    code, out, err = run(tmp_path, 'printfn "start"\nfailwith "boom"\n', "cortex-m3")
    assert (code, out) == (134, "start\n")
    assert "Unhandled exception. System.Exception: boom\n   at main.clef:2\n" in err


@pytest.mark.parametrize("target", ["cortex-m3", "lm3s6965"])
def test_time(tmp_path: Path, target: str) -> None:
    code, out, err = run(tmp_path, TIME, target)
    assert (code, out) == (0, "true\ntrue\n"), err


@pytest.mark.parametrize(("target", "end"), [("cortex-m3", ""), ("lm3s6965", "\x04")])
def test_input_until_its_end(tmp_path: Path, target: str, end: str) -> None:
    code, out, err = run(tmp_path, ECHO, target, stdin=f"one\ntwo\n{end}")
    assert (code, out) == (2, "<one>\n<two>\n"), err


def test_arguments_come_from_the_emulator(tmp_path: Path) -> None:
    (tmp_path / "main.clef").write_text(
        '[<EntryPoint>]\nlet main words =\n    printfn "%A" words\n    words.Length\n', "utf-8"
    )
    done = clef(tmp_path, "run", "--target", "cortex-m3", "main.clef", "--", "a,b", "c")
    assert (done.returncode, done.stdout) == (2, '[|"a,b"; "c"|]\n'), done.stderr


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        (
            "Ptr.write (Ptr.ofNativeInt 0x60000000n : Ptr<int, Peripheral, ReadWrite>) 1",
            "0x60000000",
        ),
        (
            "exit (Ptr.read (Ptr.ofNativeInt 0x60000000n : Ptr<int, Peripheral, ReadOnly>))",
            "answers",
        ),
    ],
)
def test_an_address_where_nothing_is(tmp_path: Path, program: str, shown: str) -> None:
    place = "let place : Ptr<int, Peripheral, ReadWrite> = Ptr.ofNativeInt 0x60000000n\n"
    code, _, err = run(tmp_path, f"{place}{program}\n", "cortex-m3")
    assert code == 134 and shown in err


STM32 = """flash_origin = 0x0800_0000
flash_size = "128K"
ram_origin = 0x2000_0000
ram_size = "8K"
stack_size = "2K"
guard_size = 256
console = "uart"
uart_data = 0x4001_3804
uart_status = 0x4001_3800
uart_full_mask = 0x80
uart_full_value = 0
uart_empty_mask = 0x20
uart_empty_value = 0
"""


def test_a_board_that_the_project_describes(tmp_path: Path) -> None:
    program = """let control: Ptr<uint32, Peripheral, ReadWrite> = Ptr.ofNativeInt 0x4001380Cn
Ptr.write control 0x200Cu
let names = [ "a"; "bb"; "ccc" ]
List.iter Console.writeln names
exit (List.sumBy String.length names)
"""
    done = clef(project(tmp_path, program, "cortex-m3", board=STM32), "build", "--release")
    assert done.returncode == 0, done.stderr
    words = ["-machine", "stm32vldiscovery", "-display", "none", "-monitor", "none"]
    words += ["-serial", "stdio", "-semihosting-config", "enable=on,target=native"]
    command = [EMULATOR, *words, "-kernel", str(tmp_path / "build" / "small.elf")]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stdout) == (6, "a\nbb\nccc\n"), ran.stderr


def test_the_template_runs_and_is_tested(tmp_path: Path) -> None:
    assert clef(tmp_path, "new", "blinky", "--template", "embedded").returncode == 0
    folder = tmp_path / "blinky"
    done = clef(folder, "run")
    shown = "off\non\non\non\noff\non\noff\noff\n"
    assert (done.returncode, done.stdout) == (0, shown), done.stderr
