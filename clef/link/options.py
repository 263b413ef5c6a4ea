"""How to link.

Comes in: the user's choices. Goes out: `LinkOptions`. Promises: plain immutable data.
"""

from __future__ import annotations

from clef.data_classes import dataclass
from clef.toolchain.board import Board


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """`strip` drops names and debug information.

    `libraries` are C libraries by name (`sqlite3`), searched in `library_paths`. Without libraries
    the program is static and has no C library at all; with them, or with `dynamic`, it uses the
    system's C library, or, with `static`, one of its own (musl, built at first use in a minute).
    `further_objects` and `c_text`, a piece of C, belong to the program. `check_addresses`: the
    object needs the address sanitizer's run time.
    Without an operating system, `board` stands in for that of the target, and the stack has
    `stack_size` bytes in place of the board's.
    """

    strip: bool = True
    dynamic: bool = False
    static: bool = False
    libraries: tuple[str, ...] = ()
    library_paths: tuple[str, ...] = ()
    check_addresses: bool = False
    c_text: str = ""
    further_objects: tuple[bytes, ...] = ()
    board: Board | None = None
    stack_size: int | None = None

    @property
    def with_c_library(self) -> bool:
        """Whether the program is linked with a C library."""
        return self.dynamic or self.check_addresses or bool(self.libraries)
