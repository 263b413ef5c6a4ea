"""Findings about machines without an operating system (E11xx).

Comes in: sizes, names, places. Goes out: diagnostics. Promises: see `diagnostic`.
"""

from __future__ import annotations

from typing import ClassVar

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic, Label


@dataclass(frozen=True, slots=True)
class ImageTooLarge(Diagnostic):
    """The program does not fit the memory of its board.

    Code and constants lie in flash; the stack, variables and a heap of a fixed size lie in RAM, and
    so does a copy of the variables' first values. `clef size` shows what takes the room.

    Situation:
        clef build --target lm3s6965 large.clef

    Instead:
        clef build --release --target lm3s6965 large.clef
    """

    code: ClassVar[str] = "E1101"

    region: str
    size: int
    needed: int

    def title(self) -> str:
        """See `Diagnostic.title`."""
        shown = {"flash": "flash", "ram": "RAM"}[self.region]
        return f"the program needs {self.needed} bytes of {shown}, and the board has {self.size}"

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        if self.region == "ram":
            return "give the stack or the heap less: `max_stack_size`, `heap_size`"
        return "build with `--release`, or see what takes the room with `clef size`"


@dataclass(frozen=True, slots=True)
class NotProvided(Diagnostic):
    """This asks an operating system for something, and the target is a machine without one.

    Files, the environment, random bytes and foreign processes do not exist there. Text comes and
    goes over the console of the board, the heap is what the program leaves of its RAM, and a timer
    gives `Stopwatch` and waiting where the board says how fast it runs; the time of day is known
    only where a debugger or an emulator tells it.

    Example:
        --- example.fidproj
        [package]
        name = "small"

        [compilation]
        target = "lm3s6965"

        [build]
        sources = ["main.clef"]
        --- main.clef
        let text = System.IO.File.ReadAllText "settings.txt"
        printfn "%s" text

    Instead:
        --- example.fidproj
        [package]
        name = "small"

        [compilation]
        target = "lm3s6965"

        [build]
        sources = ["main.clef"]
        --- main.clef
        let text = "speed = 9600"
        printfn "%s" text
    """

    code: ClassVar[str] = "E1102"

    target: str
    name: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        what = f"`{self.name}`" if self.name else "this"
        return f"{what} needs an operating system, and `{self.target}` has none"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "an operating system would be asked here")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return (
            "do it another way on this target, or build for one with an operating system; "
            "`clef targets` lists them"
        )


@dataclass(frozen=True, slots=True)
class NoBoard(Diagnostic):
    """The project describes a board, but its target has an operating system, which decides by
    itself where programs lie.

    Example:
        --- example.fidproj
        [package]
        name = "small"

        [board]
        ram_size = "32K"

        [build]
        sources = ["main.clef"]
        --- main.clef
        printfn "hello"

    Instead:
        --- example.fidproj
        [package]
        name = "small"

        [compilation]
        target = "cortex-m3"

        [board]
        ram_size = "64K"
        stack_size = "16K"

        [build]
        sources = ["main.clef"]
        --- main.clef
        printfn "hello"
    """

    code: ClassVar[str] = "E1103"

    target: str

    def title(self) -> str:
        """See `Diagnostic.title`."""
        return f"`[board]` is for machines without an operating system, and `{self.target}` has one"

    def labels(self) -> list[Label]:
        """See `Diagnostic.labels`."""
        return [Label(self.span, "a board")]

    def hint(self) -> str | None:
        """See `Diagnostic.hint`."""
        return "choose a target such as `cortex-m3`, or leave the section out"
