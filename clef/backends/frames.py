"""How large the stack frames of functions are, as the code generator lays them out.

Comes in: LLVM IR; what LLVM says while it generates code. Goes out: IR that makes it say the sizes;
bytes by function. Promises: a function that is not listed has an empty frame or no code of its own.
"""

from __future__ import annotations

import re

_REMARK = re.compile(r"stack frame size \((\d+)\) exceeds limit \(0\) in function '(.*)'$", re.M)
_BEFORE_ATTRIBUTES = re.compile(r"( (?:local_)?unnamed_addr)?( addrspace\(\d+\))?")
_WISH = ' "warn-stack-size"="0"'


def asking_for_frames(ir: str) -> str:
    """The same module; every function that it defines asks for a remark about its frame."""
    lines = ir.split("\n")
    for index, line in enumerate(lines):
        if line.startswith("define ") and line.endswith("{"):
            end = _end_of_parameters(line)
            lines[index] = line[:end] + _WISH + line[end:]
    return "\n".join(lines)


def _end_of_parameters(line: str) -> int:
    """The offset behind a definition's list of parameters, and behind what must follow it."""
    depth, is_quoted = 0, False
    start = line.index("@")
    for offset in range(start, len(line)):
        character = line[offset]
        if character == '"':
            is_quoted = not is_quoted
        elif not is_quoted and character == "(":
            depth += 1
        elif not is_quoted and character == ")":
            depth -= 1
            if depth == 0:
                rest = _BEFORE_ATTRIBUTES.match(line, offset + 1)
                return rest.end() if rest is not None else offset + 1
    raise ValueError("a definition without parameters")


def read_frames(remarks: str) -> dict[str, int]:
    """Bytes by function."""
    return {name: int(size) for size, name in _REMARK.findall(remarks)}
