"""The outline of a file, and finding declarations in a whole project.

Comes in: analysed files. Goes out: document symbols as a tree and workspace symbols as a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol.types import DocumentSymbol, Location, SymbolKind, WorkspaceSymbol

from clef.inference.type_text import written_operator
from clef.language_server.analysis import ProjectAnalysis
from clef.language_server.file_analysis import FileAnalysis
from clef.language_server.positions import to_range
from clef.language_server.uris import to_uri
from clef.source import SourceFile
from clef.syntax import tree
from clef.syntax.member_names import name_of_member
from clef.syntax.traversal import walk


def document_symbols(file: FileAnalysis) -> list[DocumentSymbol]:
    """The declarations of a file."""
    return list(_symbols(file.source, file.tree.declarations))


def _symbols(source: SourceFile, nodes: Sequence[tree.Node]) -> Iterator[DocumentSymbol]:
    for node in nodes:
        yield from _symbol(source, node)


def _symbol(source: SourceFile, node: tree.Node) -> Iterator[DocumentSymbol]:
    match node:
        case tree.ModuleDeclaration(name=name, declarations=inner):
            children = list(_symbols(source, inner))
            yield _made(source, node, name.text, name, SymbolKind.Module, children)
        case tree.NamespaceDeclaration(name=path, declarations=inner):
            children = list(_symbols(source, inner))
            text = path.text if path is not None else "global"
            yield _made(source, node, text, path or node, SymbolKind.Namespace, children)
        case tree.LetDeclaration(bindings=bindings):
            for binding in bindings:
                yield from _binding(source, binding)
        case tree.TypesDeclaration(types=types):
            for one in types:
                yield _type(source, one)
        case tree.ExceptionDeclaration(case=case):
            yield _made(source, node, case.name.text, case.name, SymbolKind.Struct, [])
        case _:
            pass


def _binding(source: SourceFile, binding: tree.Binding) -> Iterator[DocumentSymbol]:
    head = binding.head
    if isinstance(head, tree.NameHead):
        is_function = bool(head.arguments) or isinstance(binding.value, tree.Lambda | tree.Function)
        kind = SymbolKind.Function if is_function else SymbolKind.Variable
        yield _made(source, binding, written_operator(head.name.text), head.name, kind, [])
        return
    for node in walk(head.pattern):
        if isinstance(node, tree.NamedPattern):
            yield _made(source, binding, node.name.text, node.name, SymbolKind.Variable, [])


def _type(source: SourceFile, node: tree.TypeDefinition) -> DocumentSymbol:
    children: list[DocumentSymbol] = []
    kind = SymbolKind.Class
    match node.representation:
        case tree.RecordRepresentation(fields=fields):
            kind = SymbolKind.Struct
            for field in fields:
                if field.name is not None:
                    name = field.name
                    children.append(_made(source, field, name.text, name, SymbolKind.Field, []))
        case tree.UnionRepresentation(cases=cases) | tree.EnumRepresentation(cases=cases):
            kind = SymbolKind.Enum
            for case in cases:
                name = case.name
                children.append(_made(source, case, name.text, name, SymbolKind.EnumMember, []))
        case tree.ClassRepresentation(kind=tree.ClassKind.INTERFACE):
            kind = SymbolKind.Interface
        case _:
            pass
    for member in node.members:
        children += _member(source, member)
    return _made(source, node, node.name.parts[-1].text, node.name, kind, children)


def _member(source: SourceFile, member: tree.Member) -> Iterator[DocumentSymbol]:
    if isinstance(member, tree.InterfaceMember):
        for inner in member.implementation.members:
            yield from _member(source, inner)
        return
    if isinstance(member, tree.ConstructorMember):
        yield _made(source, member, "new", member.pattern, SymbolKind.Constructor, [])
        return
    name = name_of_member(member)
    if name is not None:
        is_method = isinstance(member, tree.MethodMember)
        kind = SymbolKind.Method if is_method else SymbolKind.Property
        yield _made(source, member, written_operator(name.text), name, kind, [])


def _made(
    source: SourceFile,
    node: tree.Node,
    name: str,
    place: tree.Node,
    kind: SymbolKind,
    children: list[DocumentSymbol],
) -> DocumentSymbol:
    whole = node.span.to(place.span)
    return DocumentSymbol(
        name or "_",
        kind,
        to_range(source, whole),
        to_range(source, place.span),
        children=children or None,
    )


def workspace_symbols(project: ProjectAnalysis, query: str) -> list[WorkspaceSymbol]:
    """All declarations whose name contains the letters of the query in order."""
    found: list[WorkspaceSymbol] = []
    for path, file in project.files.items():
        for symbol in document_symbols(file):
            found += _flat(to_uri(path), symbol, query.lower(), "")
    return found


def _flat(uri: str, symbol: DocumentSymbol, query: str, container: str) -> list[WorkspaceSymbol]:
    here: list[WorkspaceSymbol] = []
    letters = iter(symbol.name.lower())
    if all(letter in letters for letter in query):
        location = Location(uri, symbol.selection_range)
        here.append(
            WorkspaceSymbol(location, symbol.name, symbol.kind, container_name=container or None)
        )
    for child in symbol.children or ():
        here += _flat(uri, child, query, symbol.name)
    return here
