"""Comments as HTML: Markdown, or the XML that F# knows.

Comes in: a comment as written. Goes out: HTML, and the examples in it. Promises: nothing in a
comment becomes markup by accident; names in backticks that mean something lead to it; what is no
sound XML is read as Markdown.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from xml.etree import ElementTree

from clef.data_classes import dataclass
from clef.syntax.colours import coloured

Resolve = Callable[[str], str | None]
"""The address of what a name means, if it means something."""
_FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```[ \t]*$", re.M | re.S)
_CODE = re.compile(r"<code>([^<]+)</code>")
_LANGUAGES = ("", "fsharp", "clef", "f#")


@dataclass(frozen=True, slots=True)
class Example:
    """A block of code in a comment; `line` counts from 0 in the comment."""

    text: str
    line: int
    is_run: bool


def examples_of(comment: str) -> list[Example]:
    """The examples: fenced blocks, and `<code>` elements of XML."""
    text = as_markdown(comment)
    found: list[Example] = []
    for match in _FENCE.finditer(text):
        language, *words = match[1].split() or [""]
        if language.lower() in _LANGUAGES:
            line = text.count("\n", 0, match.start()) + 1
            found.append(Example(match[2], line, "not-run" not in words))
    return found


def as_markdown(comment: str) -> str:
    """The comment as Markdown; XML becomes it."""
    if not comment.lstrip().startswith("<"):
        return comment
    try:
        root = ElementTree.fromstring(f"<comment>{comment}</comment>")
    except ElementTree.ParseError:
        return comment
    return _elements(root).strip() + "\n"


def _elements(element: ElementTree.Element) -> str:
    parts = [element.text or ""]
    for child in element:
        parts.append(_element(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _element(element: ElementTree.Element) -> str:
    inner = _elements(element)
    name = element.get("name") or (element.get("cref") or "").partition(":")[2]
    match element.tag:
        case "c":
            return f"`{inner}`"
        case "code":
            return f"\n\n```fsharp\n{_dedented(inner)}\n```\n\n"
        case "param" | "typeparam":
            return f"\n- `{name}`: {' '.join(inner.split())}"
        case "returns":
            return f"\n\nReturns {' '.join(inner.split())}\n"
        case "exception":
            return f"\n- raises `{name}`: {' '.join(inner.split())}"
        case "see" | "seealso" | "paramref" | "typeparamref":
            return f"`{name or inner}`"
        case "example":
            return f"\n\nExample:\n\n{inner}\n\n"
        case _:
            return f"\n\n{inner.strip()}\n\n"


def _dedented(text: str) -> str:
    from textwrap import dedent

    return dedent(text.strip("\n")).rstrip()


def as_html(comment: str, resolve: Resolve) -> str:
    """The comment as HTML."""
    from markdown_it import MarkdownIt

    if not comment.strip():
        return ""
    renderer = MarkdownIt("commonmark", {"html": False, "highlight": _highlighted}).enable("table")
    text: str = renderer.render(as_markdown(comment))
    return _CODE.sub(lambda match: _linked(match, resolve), text)


def _linked(match: re.Match[str], resolve: Resolve) -> str:
    address = resolve(html.unescape(match[1]))
    return f'<a href="{html.escape(address)}">{match[0]}</a>' if address else match[0]


def _highlighted(code: str, language: str, attributes: str) -> str:
    """A block of code in colours; code of other languages as it is."""
    return code_html(code) if language.lower() in _LANGUAGES else html.escape(code)


def code_html(code: str) -> str:
    """Clef in colours."""
    return "".join(
        f'<span class="{name}">{html.escape(part)}</span>' if name else html.escape(part)
        for name, part in coloured(code)
    )
