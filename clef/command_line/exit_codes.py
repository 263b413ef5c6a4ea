"""What the command's exit codes mean. A program that `clef run` started ends with its own code."""

from __future__ import annotations

OK = 0
PROGRAM_ERRORS = 1
USAGE = 2
TOOL_MISSING = 3
COMPILER_BUG = 70
INTERRUPTED = 130


class Exit(Exception):
    """Ends the command with a code; everything worth saying has been said."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code
