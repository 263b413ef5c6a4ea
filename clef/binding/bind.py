"""From a header to a Clef module whose layouts have been checked.

Comes in: the path of a header, the names of module and library. Goes out: `Bound`. Promises: the
assertions about the module hold for the C compiler that comes with Clef; a structure for which they
do not is left out, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from clef.binding.declarations import read_declarations
from clef.binding.emission import assertions, module_text
from clef.binding.model import Binding
from clef.binding.preprocess import NoHeader, preprocess
from clef.data_classes import dataclass
from clef.toolchain.cache import scratch_folder
from clef.toolchain.process import run
from clef.toolchain.tool import zig

_FAILED = re.compile(r"static assertion failed.*: (\w+)")


@dataclass(frozen=True, slots=True)
class Bound:
    """The module, the C file with its assertions, and what both were made of."""

    module: str
    assertions: str
    binding: Binding


def bind(
    header: Path, module: str, library: str, folders: Sequence[str] = (), also: Sequence[str] = ()
) -> Bound:
    """Bind a library; raises `NoHeader` when its header cannot be read."""
    source = preprocess(header, folders, also)
    refused: frozenset[str] = frozenset()
    while True:
        binding = read_declarations(source, refused)
        text = assertions(binding, str(header.resolve()))
        wrong = _wrong_layouts(text, folders)
        if not wrong - refused:
            break
        refused |= wrong
    return Bound(module_text(binding, module, library, header.name), text, binding)


def _wrong_layouts(text: str, folders: Sequence[str]) -> frozenset[str]:
    """The structures whose assertions fail."""
    with scratch_folder() as folder:
        path = folder / "layouts.c"
        path.write_text(text, encoding="utf-8")
        includes = [f"-I{one}" for one in folders]
        limit = "-ferror-limit=0"
        product = ["-c", "-o", str(folder / "layouts.o")]
        command = ["cc", "-std=gnu11", limit, *includes, *product, str(path)]
        outcome = run(zig().command(*command), time_limit=120)
        if outcome.succeeded:
            return frozenset()
        found = frozenset(_FAILED.findall(outcome.error_text()))
        if not found:
            raise NoHeader(outcome.error_text().strip())
        return found
