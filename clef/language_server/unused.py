"""What a file does not need: opened modules and variables that nothing uses.

Comes in: an analysed file. Goes out: the places. Promises: nothing is called unused that an
extension member, an operator or a computation expression might use; names that begin with `_` are
meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.inference.signatures import MemberSignature
from clef.language_server.file_analysis import FileAnalysis
from clef.language_server.occurrences import Occurrence
from clef.language_server.typed_places import plain
from clef.names.entities import ModuleEntity
from clef.source import Span
from clef.syntax import tree
from clef.syntax.traversal import walk


def unused_opens(file: FileAnalysis) -> Iterator[tree.OpenDeclaration]:
    """`open` lines whose module gives the file nothing."""
    if file.examined is None:
        return
    opens = [node for node in walk(file.tree) if isinstance(node, tree.OpenDeclaration)]
    lines = [node.span for node in opens]
    homes = {_home(o) for o in file.occurrences if not any(_inside(o.span, line) for line in lines)}
    for node in opens:
        symbol = node.name.text
        module = file.environment.find_module(symbol.split("."))
        if module is None:
            continue
        brought = _brought(module)
        if not (homes & brought or _has_extensions(file, brought)):
            yield node


def _brought(module: ModuleEntity) -> set[str]:
    """The module and those in it that open along with it."""
    inner = [_brought(one) for one in module.modules.values() if one.auto_open]
    return {module.symbol}.union(*inner)


def _home(occurrence: Occurrence) -> str:
    """The module that has to be open for a name to be written without it."""
    owner = occurrence.key.rpartition(".")[0]
    if occurrence.kind in ("case", "field"):
        return owner.rpartition(".")[0]
    if occurrence.kind == "activePattern":
        return occurrence.key.partition("|")[0].rpartition(".")[0]
    return owner if occurrence.kind in ("type", "value", "module", "exception") else ""


def _inside(span: Span, outer: Span) -> bool:
    return outer.start <= span.start and span.end <= outer.end


def _has_extensions(file: FileAnalysis, modules: set[str]) -> bool:
    """Whether a method is used that opening the modules brings to types of other modules. What
    the library adds to its own types is there without an `open`."""
    used = {o.key for o in file.occurrences if o.kind == "member"}
    members = (m for group in file.signatures.extensions.values() for m in group)
    return any(m.module in modules and plain(m.symbol) in used and _needs_open(m) for m in members)


def _needs_open(member: MemberSignature) -> bool:
    span = member.span
    return member.is_static_extension or span is None or not span.in_library


def unused_locals(file: FileAnalysis) -> Iterator[Occurrence]:
    """Variables of `let` and of patterns inside functions that nothing reads."""
    if file.examined is None or file.diagnostics:
        return
    used = {o.key for o in file.occurrences if not o.is_definition}
    unread = [
        one
        for one in file.occurrences
        if one.kind == "local" and one.is_definition and one.key not in used
        if not one.name.startswith("_")
    ]
    parameters = _parameters(file) if unread else set[int]()
    yield from (one for one in unread if one.span.start not in parameters)


def _parameters(file: FileAnalysis) -> set[int]:
    """Names that a declaration needs though its body may not: parameters and `this`."""
    found: set[int] = set()
    for node in walk(file.tree):
        heads: list[tree.Node] = []
        match node:
            case tree.NameHead(arguments=arguments, this=this):
                heads = [*arguments, *([this] if this is not None else [])]
            case tree.PrimaryConstructor() | tree.ConstructorMember():
                heads = [node.pattern, *([node.self_name] if node.self_name else [])]
            case tree.ObjectExpression(self_name=this) if this is not None:
                heads = [this]
            case _:
                continue
        for head in heads:
            found |= {inner.span.start for inner in walk(head)}
    return found
