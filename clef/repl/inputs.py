"""Inputs as they are typed: where one ends, and what the prompt adds to it.

Comes in: text. Goes out: whether it is complete, its directives, its syntax tree in which a last
bare expression is the value `it`. Promises: the layout decides as it does in files; `;;` always
ends an input; what has mistakes in its middle is complete, so that they are told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from clef.data_classes import dataclass, field
from clef.diagnostics.arrangement import has_errors
from clef.diagnostics.diagnostic import Diagnostic
from clef.source import SourceFile
from clef.syntax import tree

SYMBOLS = frozenset({"CLEF", "FIDELITY", "INTERACTIVE", "DEBUG"})
_END = re.compile(r";;\s*$")
_CONTINUES = re.compile(
    r"\s|(?:else|elif|and|with|then|finally|done|do)\b|[|)\]}]|>>|\|>|<<|<\||=(?!\w)"
)
_OPENS = re.compile(r"(?:=|->|\bthen|\belse|\bdo|\bwith|\btry|\bof|[(\[{,;]|\bfun|\bfunction)\s*$")
_DIRECTIVE = re.compile(r"^\s*([#:])(\w+)[ \t]*(.*?)\s*(?:;;)?\s*$", re.S)
_OWN = frozenset(
    [
        *("help", "quit", "time", "load", "reset", "r", "I", "nowarn", "cd"),
        *("type", "doc", "core", "mlir", "asm", "memory"),
    ]
)


@dataclass(slots=True)
class Directive:
    """`#load "a.fsx"`, `:type e`: a name and the rest of the line."""

    name: str
    argument: str
    mark: str = "#"

    def texts(self) -> list[str]:
        """What stands in quotation marks."""
        found = re.findall(r'@?"([^"]*)"', self.argument)
        return found or ([self.argument] if self.argument else [])


@dataclass(slots=True)
class Input:
    """One input: its file, its tree, and `shows_it`: it ends in a bare expression."""

    source: SourceFile
    tree: tree.File
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    shows_it: bool = False


def without_end(text: str) -> str:
    """An input without the `;;` that ends it."""
    return _END.sub("", text)


def directive_of(text: str) -> Directive | None:
    """The directive that an input consists of."""
    found = _DIRECTIVE.match(text)
    if found is None or "\n" in found[3] or found[2] not in _OWN:
        return None
    if found[2] == "nowarn":
        return None
    return Directive(found[2], found[3], found[1])


def parse_input(path: str, text: str, binds_it: bool = True) -> Input:
    """The tree of an input; a bare expression at its end is bound to `it`, unless it must not."""
    from clef.syntax import parse

    source = SourceFile(path, text)
    parsed, diagnostics = parse(source, SYMBOLS)
    made = Input(source, parsed, diagnostics)
    last = parsed.declarations[-1] if parsed.declarations else None
    is_bare = isinstance(last, tree.DoDeclaration) and last.is_bare and binds_it
    if is_bare and not has_errors(diagnostics):
        assert isinstance(last, tree.DoDeclaration)
        parsed.declarations[-1] = _bound_to_it(last)
        made.shows_it = True
    return made


def _bound_to_it(last: tree.DoDeclaration) -> tree.LetDeclaration:
    span = last.expression.span
    head = tree.NameHead(span, tree.Name(span, "it", "it"), None, [])
    binding = tree.Binding(
        span, last.attributes, None, None, False, False, head, [], None, last.expression
    )
    return tree.LetDeclaration(last.span, [binding], False)


def open_module(source: SourceFile, module: str) -> tree.OpenDeclaration:
    """`open module` without a place of its own."""
    span = source.span(0, 0)
    names = [tree.Name(span, part, part) for part in module.split(".")]
    return tree.OpenDeclaration(span, tree.LongName(span, names))


def lasting(declarations: Sequence[tree.Declaration]) -> list[tree.Declaration]:
    """What goes on in later inputs though it is not a part of the module."""
    kinds = (tree.OpenDeclaration, tree.OpenTypeDeclaration, tree.ModuleAbbreviation)
    return [one for one in declarations if isinstance(one, kinds)]


# Where an input ends ------------------------------------------------------------------------------


def is_complete(text: str, following: str | None = None) -> bool:
    """Whether an input can end here. `following` is the next line where it is known already; at a
    terminal a block ends with an empty line.
    """
    if _END.search(text) or not text.strip():
        return True
    if directive_of(text) is not None:
        return True
    stripped = text.rstrip()
    if following is not None and following.strip() and _CONTINUES.match(following):
        return False
    if _breaks_off(stripped):
        return following is None and _is_given_up(text)
    if _is_one_line(stripped):
        return not stripped.startswith("[<") or not stripped.endswith(">]")
    return following is not None or text.endswith("\n")


def _is_one_line(text: str) -> bool:
    return "\n" not in text.strip("\n")


def _is_given_up(text: str) -> bool:
    """Two empty lines end what never could be complete."""
    return text.endswith("\n\n")


def _breaks_off(text: str) -> bool:
    """Whether the only mistake is that the text ends."""
    from clef.syntax import parse

    if _OPENS.search(text):
        return True
    _, diagnostics = parse(SourceFile("input", text + "\n"), SYMBOLS)
    errors = [one for one in diagnostics if has_errors([one])]
    if not errors:
        return False
    first = min(errors, key=lambda one: one.span.start)
    return first.span.end >= len(text) or _is_unclosed(first, text)


def _is_unclosed(found: Diagnostic, text: str) -> bool:
    """A bracket, string or comment that opens here and never closes."""
    name = type(found).__name__
    return any(word in name for word in ("Unclosed", "Unterminated", "NotClosed", "Unfinished"))
