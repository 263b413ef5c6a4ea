"""How the tests of this folder read sources."""

from __future__ import annotations

from clef.diagnostics import Diagnostic
from clef.source import SourceFile
from clef.syntax import parse, tree
from clef.syntax.checker import check_tree
from clef.syntax.layout import lay_out
from clef.syntax.printer import print_tree
from clef.syntax.tokenizer import tokenize

VIRTUAL_SIGNS = {"<block>": "⟦", "</block>": "⟧", "<separator>": "§", "</let>": "⌟"}


def read(text: str, *symbols: str) -> tuple[tree.File, list[Diagnostic]]:
    """Parse and check the tree."""
    source = SourceFile("test.clef", text)
    file, diagnostics = parse(source, frozenset(symbols))
    assert check_tree(source, file) == []
    return file, diagnostics


def printed(text: str) -> str:
    """The tree as one line, for a source without errors."""
    file, diagnostics = read(text)
    assert diagnostics == [], [diagnostic.title() for diagnostic in diagnostics]
    return one_line(file)


def one_line(node: tree.Node) -> str:
    """The printed tree without line ends."""
    return " ".join(print_tree(node).split()).replace("[ ", "[")


def expression(text: str) -> str:
    """The tree of one expression as one line."""
    file, diagnostics = read(text)
    assert diagnostics == [], [diagnostic.title() for diagnostic in diagnostics]
    (declaration,) = file.declarations
    assert isinstance(declaration, tree.DoDeclaration)
    return one_line(declaration.expression)


def codes(text: str) -> list[str]:
    """The codes of all diagnostics, in source order."""
    return [diagnostic.code for diagnostic in read(text)[1]]


def laid_out(text: str) -> str:
    """Tokens with signs for the virtual ones: block ⟦ ⟧, separator §, end of let ⌟."""
    source = SourceFile("test.clef", text)
    tokens, _ = tokenize(source, frozenset())
    result, _ = lay_out(source, tokens)
    words: list[str] = []
    for kind, place in zip(result.kinds, result.places, strict=True):
        if kind in VIRTUAL_SIGNS:
            words.append(VIRTUAL_SIGNS[kind])
        elif kind != "end of file":
            words.append(
                kind if kind == "elif" else text[tokens.starts[place] : tokens.ends[place]]
            )
    return " ".join(words)
