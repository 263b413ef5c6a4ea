"""`clef bind`: a Clef module for a C library, from its header."""

from __future__ import annotations

import sys

import click

from clef.command_line.exit_codes import OK, PROGRAM_ERRORS, TOOL_MISSING
from clef.command_line.output import fail
from clef.command_line.writing import write_file

HEADING = "Programs"
ORDER = 7


@click.command()
@click.argument("header", type=click.Path(exists=True, dir_okay=False))
@click.option("-o", "--output", "destination", metavar="FILE", help="Where to put the module.")
@click.option("--module", metavar="NAME", default="", help="Its name; the header's by default.")
@click.option("--library", metavar="NAME", default="", help="What to link with, such as `z`.")
@click.option("-I", "folders", multiple=True, metavar="FOLDER", help="Where headers are.")
@click.option("--also", multiple=True, metavar="PATTERN", help="Further files to bind.")
@click.option("--assertions", metavar="FILE", help="Write the C file that asserts the layouts.")
def command(
    header: str,
    destination: str | None,
    module: str,
    library: str,
    folders: tuple[str, ...],
    also: tuple[str, ...],
    assertions: str | None,
) -> int:
    """Write a Clef module with the functions, structures, enumerations and constants of a C header.

    Every layout is checked with the C compiler that comes with Clef. What cannot be bound stands at
    the end of the module, with the reason. The module goes to standard output if -o names no file.

    \b
    Examples:
      clef bind /usr/include/zlib.h --library z -o zlib.clef
      clef bind /usr/include/math.h --library m --also '*/bits/mathcalls.h' -o libm.clef
      clef bind sqlite3.h --module Sqlite --library sqlite3 -o sqlite.clef
    """
    from pathlib import Path

    if not _parser_is_there():
        fail("`pycparser` is needed to read C headers", "pip install pycparser==3.0")
        return TOOL_MISSING
    from clef.binding.bind import bind
    from clef.binding.preprocess import NoHeader
    from clef.names.files import file_module_name

    path = Path(header)
    name = module or (file_module_name(destination) if destination else file_module_name(header))
    try:
        bound = bind(path, name, library or path.stem, folders, also)
    except NoHeader as error:
        fail(f"`{header}` cannot be read", "", str(error).splitlines()[0] if str(error) else "")
        return PROGRAM_ERRORS
    if destination in (None, "-"):
        sys.stdout.write(bound.module)
    else:
        assert destination is not None
        write_file(Path(destination), bound.module.encode())
    if assertions:
        write_file(Path(assertions), bound.assertions.encode())
    return OK


def _parser_is_there() -> bool:
    from importlib.util import find_spec

    return find_spec("pycparser") is not None
