"""The types of one declaration, after an edit inside it.

Comes in: a `let` at module level whose names were resolved again, and what is known of its file.
Goes out: its definition, its signature and what there is to report. Promises: the result is what
checking the whole file would give for this declaration as long as its signature is the one that the
rest of the file was checked with; the caller compares. Nothing of the earlier result is changed.
"""

from __future__ import annotations

from clef.diagnostics.diagnostic import Diagnostic
from clef.inference import typed_tree as typed
from clef.inference.attributes import has_attribute
from clef.inference.files import check_declaration
from clef.inference.finishing import finish_file
from clef.inference.notice_uses import report_notices
from clef.inference.signatures import FileSignatures, Signatures, TypeSignature, ValueSignature
from clef.inference.state import Checker
from clef.names import ResolvedFile
from clef.syntax import tree


def check_again(
    resolved: ResolvedFile,
    target: tree.LetDeclaration,
    signatures: Signatures,
    symbols: frozenset[str],
    first_id: int,
) -> tuple[typed.TypedFile, FileSignatures, list[Diagnostic]]:
    """Check `target`. `signatures` hold what it may see of its own file as well; variables and type
    parameters are numbered from `first_id`."""
    values: dict[str, ValueSignature] = {}
    types: dict[str, TypeSignature] = {}
    own = FileSignatures(resolved.path, values, types)
    file = typed.TypedFile(resolved.path, {}, {}, [])
    c = Checker(resolved.path, signatures, own, values, types, file)
    c.symbols = symbols
    c.next_id = first_id
    c.table = resolved.table
    c.promoted = resolved.promoted
    c.type_symbols = resolved.types
    c.module = resolved.module_symbol
    c.namespace = c.module.rpartition(".")[0]
    _enter(c, resolved, target)
    check_declaration(c, resolved, target)
    finish_file(c)
    report_notices(c, [target])
    return c.file, own, c.diagnostics


def _enter(c: Checker, resolved: ResolvedFile, target: tree.LetDeclaration) -> None:
    """Go into the namespace and the modules around the declaration."""
    inside: list[tree.Declaration] = resolved.tree.declarations
    while True:
        around = next((node for node in inside if _holds(node, target)), None)
        match around:
            case tree.ModuleDeclaration():
                entity = resolved.modules.get(around)
                c.module = entity.symbol if entity is not None else c.module
                promise = has_attribute(around.attributes, "NoHeap")
                c.promises_no_heap = c.promises_no_heap or promise
                inside = around.declarations
            case tree.NamespaceDeclaration(name=name):
                c.module = c.namespace = name.text if name is not None else ""
                inside = around.declarations
            case _:
                return


def _holds(node: tree.Declaration, target: tree.LetDeclaration) -> bool:
    # The spans around it are those from before the edit, and its end may lie behind them.
    return node.span.start <= target.span.start < node.span.end
