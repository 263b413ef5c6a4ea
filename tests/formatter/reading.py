"""The programs of the repository, and what the formatter must keep of each.

In: names of folders. Out: paths, and a check. Promises: what is compared is written here anew and
does not lean on the formatter's own comparison: the printed tree and the texts of all comments.
"""

from __future__ import annotations

import re
from pathlib import Path

from clef.source import SourceFile
from clef.syntax.declarations import TriviaKind
from clef.syntax.parser import parse, parse_with_tokens
from clef.syntax.printer import print_tree

ROOT = Path(__file__).parent.parent.parent
_FORMS = re.compile(r" form=adjacent")
_LINES = re.compile(r"\(string '\d+'\)")


def programs(*folders: str) -> list[Path]:
    """All sources below some folders of the repository."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.clef"))


def tree_of(text: str) -> str:
    """The tree as text; `f (x)` and `f(x)` are the same, and so is any `__LINE__`."""
    file, found = parse(SourceFile("a.clef", text), frozenset())
    errors = [each.title() for each in found if each.severity.value == "error"]
    assert not errors, errors[:3]
    printed = (
        " ".join(_FORMS.sub("", print_tree(file)).split()).replace("[ (", "[(").replace(" )", ")")
    )
    return _LINES.sub("(line)", printed) if "__LINE__" in text else printed


def comments_of(text: str) -> list[str]:
    """The words of each comment, directive and switched-off line."""
    _, tokens, _ = parse_with_tokens(SourceFile("a.clef", text), frozenset())
    return [
        " ".join(text[each.start : each.end].split())
        for each in tokens.trivia
        if each.kind is not TriviaKind.BLANK_LINES
    ]
