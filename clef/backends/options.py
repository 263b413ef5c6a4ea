"""What is wanted of the back end, and what it made.

Comes in: the user's choices. Goes out: `CompileOptions` and `Artifacts`. Promises: plain immutable
data.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from clef.data_classes import dataclass, field


class Level(Enum):
    """How hard to optimise.

    `O0` tidies and translates at once, five to ten times faster than the others. `SIZE` is the
    second level with size before speed.
    """

    O0 = "0"
    O1 = "1"
    O2 = "2"
    O3 = "3"
    SIZE = "s"

    @property
    def speed(self) -> int:
        """LLVM's number for the level."""
        return 2 if self is Level.SIZE else int(self.value)


class Emit(Enum):
    """What to produce on the way."""

    MLIR = "mlir"
    LLVM = "llvm"
    OPTIMISED_LLVM = "optimised-llvm"
    ASSEMBLY = "assembly"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class CompileOptions:
    """`position_independent` is for code that is loaded at an unknown address: the JIT and shared
    libraries. `frame_sizes`: say how large the stack frames are. `check_addresses`: have the
    address sanitizer watch the object. With `may_halve` a large program becomes two objects, which
    are made side by side.
    """

    level: Level = Level.O2
    emit: frozenset[Emit] = frozenset({Emit.OBJECT})
    position_independent: bool = False
    frame_sizes: bool = False
    check_addresses: bool = False
    may_halve: bool = False


@dataclass(frozen=True, slots=True)
class Artifacts:
    """What was asked for; the rest is empty. `further_objects` belong to the program as well.
    `frames`: bytes by function.
    """

    object_code: bytes = b""
    further_objects: tuple[bytes, ...] = ()
    mlir: str = ""
    llvm: str = ""
    optimised_llvm: str = ""
    assembly: str = ""
    frames: Mapping[str, int] = field(default_factory=dict[str, int])
