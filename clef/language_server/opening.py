"""Names that an `open` would bring.

Comes in: an analysed file and the beginning of a name, or a whole one. Goes out: the names with the
module that has them, and the line where its `open` belongs.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.language_server.file_analysis import FileAnalysis
from clef.language_server.scopes import Visible, contents
from clef.names.entities import ModuleEntity
from clef.syntax import tree

_HIDDEN = ("Clef.Runtime", "Microsoft.FSharp.Core.Printing")
_MOST = 60


def openable(
    file: FileAnalysis, beginning: str, whole: bool = False
) -> Iterator[tuple[Visible, str]]:
    """Types and values whose name begins so (`whole`: is this), in modules that can be opened."""
    found = 0
    for module in _all(file.environment.root):
        if module.symbol.startswith(_HIDDEN) or module.requires_qualified:
            continue
        for visible in contents(module, 2):
            lowered = visible.name if whole else visible.name.lower()
            fits = lowered == beginning if whole else lowered.startswith(beginning)
            if fits and visible.kind in ("type", "value", "case", "module"):
                yield visible, module.symbol
                found += 1
                if found >= _MOST:
                    return


def _all(module: ModuleEntity) -> Iterator[ModuleEntity]:
    for inner in module.modules.values():
        if inner.access == "public":
            yield inner
            if inner.is_namespace:
                yield from _all(inner)


def place_for_open(file: FileAnalysis) -> int:
    """The line (from 0) for a new `open`: below the last one at the top, else below the head."""
    line = 0
    declarations = list(file.tree.declarations)
    if declarations and isinstance(
        declarations[0], tree.ModuleDeclaration | tree.NamespaceDeclaration
    ):
        head = declarations[0]
        name = head.name
        line = file.source.position(name.span.end if name is not None else head.span.start)[0]
        declarations = list(head.declarations)
    for declaration in declarations:
        if not isinstance(declaration, tree.OpenDeclaration):
            break
        line = file.source.position(declaration.span.end)[0]
    return line
