"""Other ways to write what is right already: types, parentheses, interpolated strings.

Comes in: an analysed file and an offset. Goes out: titles with edits. Promises: the program means
the same afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from clef.inference.type_text import show
from clef.inference.unification import prune
from clef.language_server.file_analysis import FileAnalysis
from clef.language_server.scopes import path_to
from clef.source import Span
from clef.syntax import tree
from clef.syntax.traversal import walk

Edits = list[tuple[Span, str]]
Proposal = tuple[str, Edits]

_SPECIFIER = re.compile(r"%%|%[-+0 #]*\d*(?:\.\d+)?[a-zA-Z]|%")
_PRINTERS = {
    "sprintf": "",
    "failwithf": "failwith ",
    **{name: f"{name} " for name in ("printf", "printfn", "eprintf", "eprintfn")},
}
"""What stands before an interpolated string in place of a function that takes a format."""


def rewritings(file: FileAnalysis, offset: int) -> Iterator[Proposal]:
    """Everything that can be written in another way at a place."""
    yield from _type_annotation(file, offset)
    yield from _parentheses(file, offset)
    yield from _interpolation(file, offset)
    yield from _reference(file, offset)
    yield from _documentation(file, offset)
    yield from _private(file, offset)


def _type_annotation(file: FileAnalysis, offset: int) -> Iterator[Proposal]:
    occurrence = file.occurrence_at(offset)
    if occurrence is None or not occurrence.is_definition or occurrence.kind != "local":
        return
    local = file.places.locals.get(occurrence.span.start)
    after = file.source.text[occurrence.span.end :]
    if local is not None and not re.match(r"\s*:", after):
        type_ = show(prune(local.type))
        yield f"Add the type `{type_}`", _annotated(file, occurrence.span, type_)


def _annotated(file: FileAnalysis, span: Span, type_: str) -> Edits:
    """`x` becomes `(x: int)`, or `x: int` where it stands alone behind `let` or in parentheses."""
    before = file.source.text[: span.start].rstrip()
    after = file.source.text[span.end :].lstrip()
    alone = re.search(r"(\blet|\bmutable|\buse|\()$", before) is not None and after[:1] in "=),"
    if alone:
        return [(_at(file, span.end), f": {type_}")]
    return [(_at(file, span.start), "("), (_at(file, span.end), f": {type_})")]


def _parentheses(file: FileAnalysis, offset: int) -> Iterator[Proposal]:
    innermost = path_to(file.tree, offset)[-1]
    if not isinstance(innermost, tree.Paren):
        return
    if isinstance(innermost.expression, tree.Identifier | tree.Constant):
        text = _written(file, innermost.expression)
        yield "Remove the parentheses", [(innermost.span, text)]


def _reference(file: FileAnalysis, offset: int) -> Iterator[Proposal]:
    """`!cell` as `cell.Value`."""
    for node in reversed(path_to(file.tree, offset)):
        if not isinstance(node, tree.Application) or not isinstance(node.function, tree.Identifier):
            continue
        operator, argument = node.function, node.argument
        if operator.name.text == "op_Dereference" and isinstance(argument, tree.Identifier):
            text = f"{_written(file, argument)}.Value"
            yield (
                f"Write `{text}`",
                [(Span(file.source.path, operator.span.start, argument.span.end), text)],
            )
        return


def _declaration_at(file: FileAnalysis, offset: int) -> tuple[tree.LetDeclaration, str] | None:
    """The `let` of a module whose name stands here."""
    for node in path_to(file.tree, offset):
        if isinstance(node, tree.LetDeclaration) and len(node.bindings) == 1:
            head = node.bindings[0].head
            if (
                isinstance(head, tree.NameHead)
                and head.name.span.start <= offset <= head.name.span.end
            ):
                return node, head.name.written
    return None


def _documentation(file: FileAnalysis, offset: int) -> Iterator[Proposal]:
    """A comment that says what is documented and what is not yet said."""
    found = _declaration_at(file, offset)
    if found is None or found[0].bindings[0].documentation is not None:
        return
    binding = found[0].bindings[0]
    start = found[0].span.start
    line = file.source.text.rfind("\n", 0, start) + 1
    indent = file.source.text[line:start]
    head = binding.head
    names = [p.name.written for p in _parameters(head) if p.name.written.isidentifier()]
    lines = ["<summary></summary>", *(f'<param name="{name}"></param>' for name in names)]
    text = "".join(f"{indent}/// {one}\n" for one in [*lines, "<returns></returns>"])
    if not indent.strip():
        yield "Document with XML", [(_at(file, line), text)]


def _parameters(head: tree.NameHead | tree.PatternHead) -> Iterator[tree.NamedPattern]:
    if isinstance(head, tree.NameHead):
        for argument in head.arguments:
            yield from (one for one in walk(argument) if isinstance(one, tree.NamedPattern))


def _private(file: FileAnalysis, offset: int) -> Iterator[Proposal]:
    """For what nothing outside its module uses that is not for the caller to know."""
    found = _declaration_at(file, offset)
    if found is None or found[0].bindings[0].access is not None:
        return
    head = found[0].bindings[0].head
    yield f"Make `{found[1]}` private", [(_at(file, head.span.start), "private ")]


# Interpolated strings -----------------------------------------------------------------------------


def _interpolation(file: FileAnalysis, offset: int) -> Iterator[Proposal]:
    """`sprintf "%s is %d" name age` as `$"{name} is {age}"`."""
    calls = [n for n in path_to(file.tree, offset) if isinstance(n, tree.Application)]
    for node in calls:
        head, arguments = _call(node)
        if not isinstance(head, tree.Identifier) or head.span.end < offset:
            continue
        name = head.name.parts[-1].text
        text = _interpolated(file, arguments)
        if text is not None and name in _PRINTERS and len(head.name.parts) == 1:
            title = "Write as an interpolated string"
            yield title, [(node.span, f"{_PRINTERS[name]}{text}")]
        return


def _call(node: tree.Expression) -> tuple[tree.Expression, list[tree.Expression]]:
    arguments: list[tree.Expression] = []
    while isinstance(node, tree.Application) and node.form is tree.ApplicationForm.PLAIN:
        arguments.append(node.argument)
        node = node.function
    return node, arguments[::-1]


def _interpolated(file: FileAnalysis, arguments: list[tree.Expression]) -> str | None:
    if len(arguments) < 2 or not isinstance(arguments[0], tree.Constant):
        return None
    text = _written(file, arguments[0])
    if not re.fullmatch(r'"[^\n]*"', text) or text.startswith('"""'):
        return None
    specifiers = [m for m in _SPECIFIER.finditer(text) if m[0] != "%%"]
    if len(specifiers) != len(arguments) - 1:
        return None
    pieces, end = ["$"], 0
    for found, argument in zip(specifiers, arguments[1:], strict=True):
        written = _hole(file, found[0], argument)
        if written is None:
            return None
        pieces += [_doubled(text[end : found.start()]), written]
        end = found.end()
    return "".join([*pieces, _doubled(text[end:])])


def _hole(file: FileAnalysis, specifier: str, argument: tree.Expression) -> str | None:
    """An argument in braces. Quotes and line ends cannot stand there in every version of F#; `%a`
    and `%t` take functions."""
    inner = argument.expression if isinstance(argument, tree.Paren) else argument
    written = _written(file, inner)
    if specifier[-1] in "at%" or re.search(r'["\n{}\\]|//|\(\*', written):
        return None
    simple = specifier in ("%s", "%d", "%i")
    is_plain = isinstance(inner, tree.Identifier | tree.Constant | tree.Application)
    hole = "{" + (written if is_plain else f"({written})") + "}"
    return hole if simple else specifier + hole


def _doubled(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _written(file: FileAnalysis, node: tree.Node) -> str:
    return file.source.text[node.span.start : node.span.end]


def _at(file: FileAnalysis, offset: int) -> Span:
    return Span(file.source.path, offset, offset)
