"""What every syntax tree must satisfy.

Comes in: a file's tree. Goes out: one line for each violation. Promises: an empty list means that
spans lie in the file and in their parents, and that no let lacks its body.
"""

from __future__ import annotations

from clef.source import SourceFile
from clef.syntax import tree
from clef.syntax.block_grammar import is_open
from clef.syntax.traversal import children


def check_tree(source: SourceFile, file: tree.File) -> list[str]:
    """All violations, at most a hundred."""
    problems: list[str] = []
    stack: list[tuple[tree.Node, tree.Node]] = [(file, file)]
    while stack and len(problems) < 100:
        parent, node = stack.pop()
        problems.extend(_problems_of(source, parent, node))
        for child in children(node):
            stack.append((node, child))
    return problems


def _problems_of(source: SourceFile, parent: tree.Node, node: tree.Node) -> list[str]:
    problems: list[str] = []
    span = node.span
    name = type(node).__name__
    where = f"{source.path}:{source.position(min(span.start, len(source.text)))}"
    if span.path != source.path or not 0 <= span.start <= span.end <= len(source.text):
        problems.append(f"{where}: {name} has the span {span}")
    elif span.start < span.end and (span.start < parent.span.start or span.end > parent.span.end):
        outer = f"{type(parent).__name__} {parent.span.start}-{parent.span.end}"
        problems.append(f"{where}: {name} {span.start}-{span.end} is outside of {outer}")
    if isinstance(node, tree.Expression) and is_open(node):
        problems.append(f"{where}: a let without its body")
    return problems
