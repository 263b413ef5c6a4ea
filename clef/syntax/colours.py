"""Which colour each piece of a text has: for prompts and pages.

Comes in: a text, which need not be right. Goes out: its pieces with a class each: keyword, string,
number, type, comment, directive or none. Promises: the pieces make up the text.
"""

from __future__ import annotations

from clef.source import SourceFile
from clef.syntax.tokenizer import tokenize
from clef.syntax.tokens import KEYWORDS


def style_of(kind: str) -> str:
    """The class of a kind of token."""
    if kind in KEYWORDS or kind.endswith("!"):
        return "keyword" if kind != "_" else ""
    if "string" in kind or kind == "char literal":
        return "string"
    if kind == "number":
        return "number"
    if kind == "type variable":
        return "type"
    return "directive" if kind == "directive" else ""


def coloured(text: str) -> list[tuple[str, str]]:
    """The text in pieces with their classes; nothing is lost."""
    tokens, _ = tokenize(SourceFile("text", text), frozenset())
    spans = [
        (start, end, style_of(kind))
        for kind, start, end in zip(tokens.kinds, tokens.starts, tokens.ends, strict=True)
    ]
    for trivia in tokens.trivia:
        written = text[trivia.start : trivia.end]
        style = "directive" if written.startswith("#") else "comment"
        spans.append((trivia.start, trivia.end, style))
    found: list[tuple[str, str]] = []
    position = 0
    for start, end, style in sorted(spans):
        if start < position:
            continue
        found.append(("", text[position:start]))
        found.append((style, text[start:end]))
        position = end
    found.append(("", text[position:]))
    return [(style, part) for style, part in found if part]
