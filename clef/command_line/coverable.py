"""What could be run: the statements and branches of a source.

Comes in: a source. Goes out: regions of its text. Promises: every expression that does something by
itself is in one statement; what nothing is computed for (constants, lambdas and names that are
bound) is in none; a region that was run has a mark in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.data_classes import dataclass, field
from clef.source import SourceFile, Span
from clef.syntax import parse, tree
from clef.syntax.traversal import walk

_PARTS = (
    tree.Let,
    tree.LetBang,
    tree.Sequential,
    tree.If,
    tree.Match,
    tree.While,
    tree.ForIn,
    tree.ForTo,
    tree.TryWith,
    tree.TryFinally,
)
"""What consists of statements and is none itself."""
_IDLE = (tree.Constant, tree.Lambda, tree.Function, tree.Identifier, tree.NullLiteral)


@dataclass(slots=True)
class Coverable:
    """Spans of statements and of branches, in the order of the text."""

    statements: list[Span] = field(default_factory=list[Span])
    branches: list[Span] = field(default_factory=list[Span])


def coverable(source: SourceFile, symbols: frozenset[str]) -> Coverable:
    """Everything in a source."""
    parsed, _ = parse(source, symbols)
    found = Coverable()
    for declaration in parsed.declarations:
        for node in walk(declaration):
            found.statements += _statements(node)
            found.branches += (branch.span for branch in _branches(node))
    found.statements = sorted(dict.fromkeys(found.statements), key=lambda span: span.start)
    found.branches = sorted(dict.fromkeys(found.branches), key=lambda span: span.start)
    return found


def _statements(node: tree.Node) -> Iterator[Span]:
    for part, counts_always in _positions(node):
        bare = part
        while isinstance(bare, tree.Paren):
            bare = bare.expression
        if isinstance(bare, _PARTS) or (not counts_always and isinstance(bare, _IDLE)):
            continue
        if not isinstance(bare, tree.Lambda | tree.Function):
            yield bare.span


def _positions(node: tree.Node) -> Iterator[tuple[tree.Expression, bool]]:
    """The parts of a node that are run by themselves; whether they are, whatever they are."""
    match node:
        case tree.Binding(value=value):
            yield value, _is_function(node)
        case tree.Sequential(expressions=expressions):
            for index, one in enumerate(expressions):
                yield one, index == len(expressions) - 1
        case tree.Let(body=body) | tree.LetBang(body=body):
            yield body, False
        case tree.If(condition=condition, consequence=yes, alternative=no):
            yield condition, False
            yield yes, True
            if no is not None:
                yield no, True
        case tree.Match(subject=subject):
            yield subject, False
        case tree.Clause(body=body):
            yield body, True
        case tree.While(condition=condition, body=body):
            yield condition, False
            yield body, False
        case tree.ForIn(source=source, body=body):
            yield source, False
            yield body, False
        case tree.ForTo(body=body):
            yield body, False
        case tree.Lambda(body=body):
            yield body, True
        case tree.TryWith(body=body):
            yield body, False
        case tree.TryFinally(body=body, finalizer=finalizer):
            yield body, False
            yield finalizer, False
        case tree.DoDeclaration(expression=expression) | tree.Do(expression=expression):
            yield expression, False
        case _:
            pass


def _is_function(binding: tree.Binding) -> bool:
    head = binding.head
    return isinstance(head, tree.NameHead) and (bool(head.arguments) or head.this is not None)


def _branches(node: tree.Node) -> Iterator[tree.Expression]:
    match node:
        case tree.If(consequence=yes, alternative=no):
            yield yes
            if no is not None and not isinstance(no, tree.If):
                yield no
        case tree.Clause(body=body):
            yield body
        case _:
            pass
