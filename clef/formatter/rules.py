"""What the rules for all constructs share.

Comes in: a place in the tokens and the node that starts there. Goes out: its document. Promises: a
node without a rule of its own is written as its parts with the tokens between them; after a rule,
all tokens of its node have been taken.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from clef.formatter.document import (
    EMPTY,
    LINE,
    SPACE,
    Choice,
    Document,
    Nest,
    concat,
    joined,
)
from clef.formatter.reader import Mismatch, Reader
from clef.formatter.settings import NO_LIMIT, STROUSTRUP, Settings
from clef.syntax import tree
from clef.syntax.tokens import Tokens
from clef.syntax.traversal import children

LISTS: Final = (
    tree.ListLiteral,
    tree.ArrayLiteral,
    tree.ListComprehension,
    tree.ArrayComprehension,
)
RECORDS: Final = (tree.Record, tree.AnonymousRecord, tree.ObjectExpression)


class Rules(Reader):
    """The rules; each module of them adds its own."""

    def __init__(self, text: str, tokens: Tokens, settings: Settings) -> None:
        super().__init__(text, tokens, settings)
        self.rules: dict[type[tree.Expression], Callable[[Any], Document]] = {}
        self.is_tight = False  # of the node that comes next: something touches it
        self.is_inline = False  # in brackets on one line, where loops and the like stay on it
        self.below_tight = False  # the same, for the rule that has just been called

    # ------------------------------------------------------------ expressions

    def expression(self, node: tree.Expression) -> Document:
        """Any expression, with the comments before it."""
        lead = self.leading()
        self.below_tight, self.is_tight = self.is_tight, False
        end = node.span.end
        if self.starts[self.index] != node.span.start:
            raise Mismatch("a node starts elsewhere")
        rule = self.rules.get(type(node))
        written = rule(node) if rule is not None else self.plain(node)
        if self.starts[self.index] < end:
            written = concat(written, self.spaced(), self.until(end))
        if self.ends[self.index - 1] > end:
            raise Mismatch("a node ends before its tokens")
        return concat(lead, written)

    def tight(self, node: tree.Expression) -> Document:
        """An expression that is an argument, or that something touches."""
        self.is_tight = True
        return self.expression(node)

    def plain(self, node: tree.Node) -> Document:
        """The parts of a node with the tokens between them."""
        parts: list[Document] = []
        for child in children(node):
            if isinstance(child, tree.Expression) and child.span.start >= self.starts[self.index]:
                if self.starts[self.index] < child.span.start:
                    if parts:
                        parts.append(self.spaced())
                    parts.append(self.until(child.span.start))
                    parts.append(self.spaced())
                elif parts:
                    parts.append(self.spaced())
                parts.append(self.tight(child))
        if self.starts[self.index] < node.span.end:
            parts.append(self.spaced() if parts else EMPTY)
            parts.append(self.until(node.span.end))
        return joined(parts)

    def block(self, node: tree.Expression) -> Document:
        """An expression that may be several statements."""
        raise NotImplementedError

    def member_block(self, members: list[tree.Member]) -> Document:
        """Members below each other."""
        raise NotImplementedError

    # ------------------------------------------------------------ common forms

    def below(self, written: Document) -> Document:
        """On the lines below, indented."""
        return Nest(self.indent, concat(LINE, written))

    def under(
        self, head: Document, written: Document, limit: int = NO_LIMIT, hugs: bool = False
    ) -> Document:
        """After the head on its line, or else below it; what hugs starts on its line anyway."""
        flat = concat(head, SPACE, written)
        return Choice(flat, flat if hugs else concat(head, self.below(written)), limit)

    def body(self, head: Document, node: tree.Expression, limit: int = NO_LIMIT) -> Document:
        """A head and the expression that belongs to it."""
        has_comments = self.index in self.before and self.led < self.index
        written = self.block(node)
        return self.under(head, written, limit, self.hugs(node) and not has_comments)

    def hugs(self, node: tree.Expression) -> bool:
        """Whether a body of several lines starts on the line of its head."""
        settings = self.settings
        if settings.multiline_bracket_style == STROUSTRUP and isinstance(node, LISTS + RECORDS):
            return True
        return (
            not settings.newline_before_multiline_computation_expression
            and isinstance(node, tree.Application)
            and isinstance(node.argument, tree.ComputationBlock)
        )

    def within_line(self, node: tree.Node) -> bool:
        """Whether a node stands on one line; what is inside may then stay on it. The result is
        the state before, to be put back."""
        was, self.is_inline = (
            self.is_inline,
            not self.spans_lines(self.starts[self.index], node.span.end),
        )
        return was
