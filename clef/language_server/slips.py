"""Slips: what was meant is written otherwise in Clef, or a word is missing.

Comes in: a finding and the file that it is about. Goes out: titles with edits. Promises: what is
proposed stands where the finding is; nothing is proposed that cannot be what was meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from clef.diagnostics.diagnostic import Diagnostic
from clef.language_server.analysis import ProjectAnalysis
from clef.language_server.file_analysis import FileAnalysis
from clef.language_server.rewriting import Proposal
from clef.language_server.scopes import path_to
from clef.source import Span
from clef.syntax import tree

_INTEGERS = {"sbyte", "byte", "int16", "uint16", "int", "uint32", "int64", "uint64", "nativeint"}
_NUMBERS = _INTEGERS | {"float", "float32", "decimal"}


def _at(file: FileAnalysis, start: int, end: int | None = None) -> Span:
    return Span(file.source.path, start, start if end is None else end)


def colon_of_field(p: ProjectAnalysis, file: FileAnalysis, found: Diagnostic) -> Iterator[Proposal]:
    """`{ Age = int }` and `{ Age int }` in a definition: the type stands behind a colon."""
    if str(getattr(found, "expected", "")) != ": and the type of the field":
        return
    start = found.span.start
    if getattr(found, "found", "") == "=":
        before = len(file.source.text[:start].rstrip())
        yield "Write `:`", [(_at(file, before, found.span.end), ":")]
    else:
        before = len(file.source.text[:start].rstrip())
        yield "Insert `:`", [(_at(file, before), ":")]


def arrow_of_lambda(
    p: ProjectAnalysis, file: FileAnalysis, found: Diagnostic
) -> Iterator[Proposal]:
    """`x => e` and `(x, y) => e`: a function is `fun x -> e`."""
    text = file.source.text
    start = found.span.start
    lambda_ = re.compile(r"(\([\w', ]*\)|[\w']+)\s*(=>)")
    for around in lambda_.finditer(text, max(0, start - 200), start + 200):
        if around.start() <= start < around.end(1):
            arrow = _at(file, around.start(2), around.end(2))
            yield "Write `fun … ->`", [(_at(file, around.start()), "fun "), (arrow, "->")]
            return


def anonymous_record(
    p: ProjectAnalysis, file: FileAnalysis, found: Diagnostic
) -> Iterator[Proposal]:
    """A record of a type that nobody defines."""
    nodes = [n for n in path_to(file.tree, found.span.start) if isinstance(n, tree.Record)]
    text = file.source.text
    if not nodes or nodes[-1].span.end > len(text):
        return
    span = nodes[-1].span
    if text[span.start] == "{" and text[span.end - 1] == "}" and text[span.start + 1] != "|":
        edits = [(_at(file, span.start + 1), "|"), (_at(file, span.end - 1), "|")]
        yield "Make it an anonymous record", edits


def member_of_this(p: ProjectAnalysis, file: FileAnalysis, found: Diagnostic) -> Iterator[Proposal]:
    """A member is not in scope by its name alone."""
    name = str(getattr(found, "name", ""))
    around = path_to(file.tree, found.span.start)
    owner = next((n for n in reversed(around) if isinstance(n, tree.TypeDefinition)), None)
    heads = [n.head for n in around if isinstance(n, tree.Binding)]
    this = next((h.this for h in heads if isinstance(h, tree.NameHead) and h.this), None)
    if owner is None or this is None or this.written in ("_", "__"):
        return
    if any(_name(member) == name for member in owner.members):
        yield f"Write `{this.written}.{name}`", [(_at(file, found.span.start), f"{this.written}.")]


def _name(member: tree.Member) -> str:
    match member:
        case tree.MethodMember(binding=tree.Binding(head=tree.NameHead(name=name))):
            return name.written
        case tree.PropertyMember(name=name) | tree.AutoPropertyMember(name=name):
            return name.written
        case _:
            return ""


def conversion(p: ProjectAnalysis, file: FileAnalysis, found: Diagnostic) -> Iterator[Proposal]:
    """A number of another type, a number where a text is asked for, a value where it may be
    missing."""
    have, want = str(getattr(found, "found", "")), str(getattr(found, "expected", ""))
    function = ""
    if (have in _NUMBERS and want in _NUMBERS | {"string"}) or (
        have == "string" and want in _NUMBERS
    ):
        function = want
    elif want in (f"{have} option", f"({have}) option"):
        function = "Some"
    elif want == f"{have} voption":
        function = "ValueSome"
    text = file.source.text[found.span.start : found.span.end]
    if not function or not text.strip() or "\n" in text:
        return
    is_simple = re.fullmatch(r"""[\w'.]+|"[^"]*"|\(.*\)""", text) is not None
    inside = text if is_simple else f"({text})"
    whole = f"{function} {inside}"
    yield (
        f"Convert with `{function}`",
        [(found.span, whole if _stands_free(file, found) else f"({whole})")],
    )


def _stands_free(file: FileAnalysis, found: Diagnostic) -> bool:
    """Whether an application can stand here without parentheses."""
    before = file.source.text[: found.span.start].rstrip(" ")
    after = file.source.text[found.span.end :].lstrip(" ")
    opens = before.endswith(("=", "(", ",", "->", "<-", "then", "else", "\n", "[", ";", "return"))
    return opens and after[:1] in ("", "\n", "\r", ")", ",", "]", ";", "}")


def needless_return(
    p: ProjectAnalysis, file: FileAnalysis, found: Diagnostic
) -> Iterator[Proposal]:
    """Outside a computation expression the last value is the result."""
    word = re.match(r"(?:return|yield)\b!? *", file.source.text[found.span.start :])
    if word is not None:
        start = found.span.start
        yield "Remove `return`", [(_at(file, start, start + word.end()), "")]
