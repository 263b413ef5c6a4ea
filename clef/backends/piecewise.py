"""Machine code for the pieces of modules, each made once.

Comes in: modules in pieces. Goes out: for each piece the place of its code or data, to be linked in
memory. Promises: a piece whose text has been compiled is not compiled again, and the code that it
gets is the one that compiling it now would give; every piece lies in a section of its own, so that
no code relies on where another piece is.
"""

from __future__ import annotations

import re

from clef.backends.object_file import Place, read_object
from clef.backends.options import CompileOptions, Level
from clef.data_classes import dataclass, field
from clef.mlir.pieces import Piece, Pieces, partial_module
from clef.toolchain.target import Target
from clef.toolchain.telemetry import SILENT, Telemetry

_OPTIONS = CompileOptions(level=Level.O0, position_independent=True)
# Tables of jumps would lie in one section, and tie the functions of one module to each other.
_NO_TABLES = '"no-jump-tables"="true"'
_LINE = re.compile(r"^(define|declare|@).*$", re.MULTILINE)
_ALIGNMENT = re.compile(r"(, align \d+)?$")


@dataclass(slots=True)
class PieceCompiler:
    """What has been compiled for a target. Where the helpers that are inlined into everything
    change, or what aliases mean, all of it is forgotten."""

    target: Target
    compiled: dict[str, Place] = field(default_factory=dict[str, Place])
    helpers: dict[str, str] = field(default_factory=dict[str, str])
    aliases: dict[str, str] = field(default_factory=dict[str, str])

    def compile(self, whole: Pieces, telemetry: Telemetry = SILENT) -> dict[str, Place]:
        """The places of all pieces, by name."""
        self._watch(whole)
        own = [piece for piece in whole.pieces.values() if _has_code(piece)]
        missing = [piece for piece in own if piece.text not in self.compiled]
        if missing:
            places = self._compile(whole, missing, telemetry)
            for piece in missing:
                self.compiled[piece.text] = places[piece.name]
        return {piece.name: self.compiled[piece.text] for piece in own}

    def _watch(self, whole: Pieces) -> None:
        helpers = {name: piece.text for name, piece in whole.pieces.items() if piece.is_helper}
        aliases = {text.partition(" = ")[0]: text for text in whole.attributes}
        for known, given in ((self.helpers, helpers), (self.aliases, aliases)):
            if any(known.get(name, text) != text for name, text in given.items()):
                self.compiled.clear()
            known.update(given)

    def _compile(
        self, whole: Pieces, missing: list[Piece], telemetry: Telemetry
    ) -> dict[str, Place]:
        from clef.backends import code_generator
        from clef.mlir.lowering import lower_to_llvm_ir

        names = [piece.name for piece in missing]
        text = partial_module(whole, dict.fromkeys(names))
        ir = _in_sections(lower_to_llvm_ir(text, self.target, telemetry).text)
        reply = code_generator.generate(ir, self.target, _OPTIONS, telemetry)
        with telemetry.stage("read object"):
            return read_object(bytes(reply["object"]))


def _has_code(piece: Piece) -> bool:
    return not piece.is_helper and not piece.is_outside


def _in_sections(ir: str) -> str:
    """Every definition in a section of its own, every symbol known to lie in the same image."""
    count = 0

    def change(match: re.Match[str]) -> str:
        nonlocal count
        line = match[0]
        if line.startswith("declare"):
            return line if " @llvm." in line else line.replace("declare ", "declare hidden ", 1)
        count += 1
        if line.startswith("define"):
            if line.startswith("define internal"):
                return line
            line = line.replace("define ", "define hidden ", 1).removesuffix(" {")
            return f'{line} {_NO_TABLES} section ".text.{count}" {{'
        head, _, rest = line.partition(" = ")
        if rest.startswith(("external", "internal")):
            return line.replace("external ", "external hidden ", 1)
        kind = ".rodata" if rest.startswith("constant ") else ".data"
        return f"{head} = hidden {_placed(rest, f'{kind}.{count}')}"

    return _LINE.sub(change, ir)


def _placed(definition: str, section: str) -> str:
    match = _ALIGNMENT.search(definition)
    assert match is not None
    return f'{definition[: match.start()]}, section "{section}"{match[0]}'
