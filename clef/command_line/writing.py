"""Files that the user asked for.

Comes in: a path from the command line and what belongs there. Goes out: the file. Promises: it is
there whole or not at all; a path that cannot be written is the command line's mistake.
"""

from __future__ import annotations

from pathlib import Path

import click


def write_file(path: Path, content: bytes, executable: bool = False) -> None:
    """Write the file and the folders above it; raises `click.UsageError` where that is refused."""
    from clef.toolchain.cache import write_atomically

    try:
        write_atomically(path, content, executable=executable)
    except OSError as error:
        raise click.UsageError(
            f"cannot write `{path}`: {(error.strerror or str(error)).lower()}"
        ) from error
