"""Whether two files mean the same.

Comes in: two trees and their texts. Goes out: where declarations of the first start that are not
the same in the second. Promises: spans do not count, nor does the blank in `f (x)`; all else does,
comments as well, but for the columns in which their lines start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from operator import attrgetter
from typing import Final, cast

from clef.syntax import tree
from clef.syntax.declarations import Trivia, TriviaKind
from clef.syntax.traversal import field_names, names_of

_CALLS: Final = (tree.ApplicationForm.PLAIN, tree.ApplicationForm.ADJACENT)
Container = tree.ModuleDeclaration | tree.NamespaceDeclaration | tree.File


def _is_line_number(node: object) -> bool:
    """`__LINE__`, which has another value on another line."""
    return (
        isinstance(node, tree.Constant)
        and node.kind is tree.LiteralKind.STRING
        and isinstance(node.value, str)
        and node.value.isdecimal()
        and node.span.end - node.span.start == len("__LINE__") != len(node.value) + 2
    )


_getters: dict[type, Callable[[object], tuple[object, ...]]] = {}


def _getter(kind: type[tree.Node | tree.TypeParameters]) -> Callable[[object], tuple[object, ...]]:
    """What gives the fields of a kind of node."""
    names = names_of(kind)
    if len(names) > 1:
        return attrgetter(*names)
    if not names:
        return lambda _: ()
    single = attrgetter(names[0])
    return lambda node: (single(node),)


def _parts(left: object, right: object) -> tuple[Sequence[object], Sequence[object]] | None:
    """What two things of the same kind consist of; None for plain values."""
    kind = type(left)
    getter = _getters.get(kind)
    if getter is None:
        if isinstance(left, list):
            return cast(list[object], left), cast(list[object], right)
        if not isinstance(left, tree.Node | tree.TypeParameters):
            return None
        getter = _getters[kind] = _getter(type(left))
    return getter(left), getter(right)


def _same_value(left: object, right: object) -> bool:
    """Two plain values; a call may have a blank, and NaN is itself."""
    if isinstance(left, Enum):
        return left is right or (left in _CALLS and right in _CALLS)
    return left == right or (left != left and right != right)


def same_tree(first: object, second: object) -> bool:
    """Whether two trees are the same but for their spans."""
    stack: list[tuple[object, object]] = [(first, second)]
    pop, push = stack.pop, stack.append
    while stack:
        left, right = pop()
        if left is right:
            continue
        kind = type(left)
        if kind is not type(right):
            return False
        if kind is tree.Name:
            if cast(tree.Name, left).text != cast(tree.Name, right).text:
                return False
            continue
        parts = _parts(left, right)
        if parts is None:
            if not _same_value(left, right):
                return False
        elif len(parts[0]) != len(parts[1]):
            return False
        elif not (kind is tree.Constant and _is_line_number(left) and _is_line_number(right)):
            for pair in zip(*parts, strict=True):
                push(pair)
    return True


def _same_head(first: Container, second: Container) -> bool:
    """Whether two containers differ at most in their declarations."""
    if type(first) is not type(second):
        return False
    names = [name for name in field_names(first) if name != "declarations"]
    return all(same_tree(getattr(first, name), getattr(second, name)) for name in names)


def _same_text(left: tree.Node, right: tree.Node, texts: tuple[str, str]) -> bool:
    """Whether two declarations are written alike, from the starts of their lines."""
    starts = [
        text.rfind("\n", 0, node.span.start) + 1
        for node, text in zip((left, right), texts, strict=True)
    ]
    return bool(texts[1]) and (
        texts[0][starts[0] : left.span.end] == texts[1][starts[1] : right.span.end]
    )


def different_declarations(
    first: Container, second: Container, texts: tuple[str, str]
) -> list[int] | None:
    """Where the smallest declarations of the first start that differ in the second; None when the
    two cannot be compared one by one."""
    if not _same_head(first, second) or len(first.declarations) != len(second.declarations):
        return None
    found: list[int] = []
    for left, right in zip(first.declarations, second.declarations, strict=True):
        if _same_text(left, right, texts):
            continue
        inner: list[int] | None = None
        if isinstance(left, Container) and isinstance(right, Container):
            inner = different_declarations(left, right, texts)
        elif same_tree(left, right):
            inner = []
        found.extend(inner if inner is not None else [left.span.start])
    return found


def comment_texts(text: str, trivia: list[Trivia]) -> Iterator[tuple[str, int]]:
    """The comments and directives with their places; the lines of one have no blanks in front."""
    for each in trivia:
        if each.kind is not TriviaKind.BLANK_LINES:
            written = text[each.start : each.end]
            if each.kind is TriviaKind.INACTIVE:
                yield written.strip(), each.start
            else:
                yield "\n".join(line.strip() for line in written.split("\n")), each.start


def first_lost_comment(
    text: str, trivia: list[Trivia], new_text: str, new_trivia: list[Trivia]
) -> int | None:
    """The place of the first comment that is not the same in a new text, if there is one."""
    new = list(comment_texts(new_text, new_trivia))
    last = 0
    for number, (written, start) in enumerate(comment_texts(text, trivia)):
        last = start
        if number >= len(new) or new[number][0] != written:
            return start
        del written
    return last if len(new) > sum(1 for _ in comment_texts(text, trivia)) else None


def innermost_declaration(container: Container, place: int) -> int | None:
    """Where the smallest declaration around a place starts."""
    for declaration in container.declarations:
        if declaration.span.start <= place < declaration.span.end:
            if isinstance(declaration, Container):
                inner = innermost_declaration(declaration, place)
                if inner is not None:
                    return inner
            return declaration.span.start
    return None
