"""What a project is, once its file has been read and checked.

Comes in: nothing. Goes out: `Project`, plain data that every later stage may read. Promises: all
values are checked; sources are in the order in which they are compiled, those of dependencies
first.
"""

from __future__ import annotations

from clef.data_classes import dataclass
from clef.source import Span


@dataclass(frozen=True, slots=True)
class Project:
    """A program or library to compile.

    `path` is the project file, or the only source of a project without one (`implicit`); `folder`
    is where it lies. `sources` and all other paths are relative to the folder in which the command
    was started, or absolute. `target` is the name of a target (`x86_64-linux`), as resolved from
    whatever word the project file has. `board` is what it says of the section of that name.
    """

    name: str
    path: str
    folder: str
    sources: tuple[str, ...]
    implicit: bool = False
    version: str = "0.1.0"
    description: str = ""
    target: str = "native"
    target_span: Span | None = None
    memory_model: str = "counted"
    max_stack_size: int | None = None
    heap_size: int | None = None
    output: str = ""
    output_kind: str = "console"
    libraries: tuple[str, ...] = ()
    library_paths: tuple[str, ...] = ()
    optimization_level: str = ""
    link_time_optimization: bool = False
    dependencies: tuple[str, ...] = ()
    board: tuple[tuple[str, int | str], ...] = ()
