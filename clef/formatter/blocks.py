"""The rules for statements below each other and for bindings.

Comes in: a place in the tokens and a node. Goes out: its document. Promises: statements have lines
of their own, blank lines between them stay; the head of a binding that does not fit has one
parameter on a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from clef.formatter.control import Control
from clef.formatter.document import (
    BROKEN,
    EMPTY,
    LINE,
    SPACE,
    Between,
    Choice,
    Document,
    Line,
    Nest,
    Text,
    Within,
    concat,
    joined,
)
from clef.formatter.reader import Mismatch
from clef.syntax import tree
from clef.syntax.tokens import NAME

Statement = tree.Expression
_NO_NODES: Final[list[tree.Expression]] = []


def statements_of(node: tree.Expression) -> list[Statement]:
    """What stands below each other; a let is an item, and what is in its body follows."""
    items: list[Statement] = []
    while True:
        if isinstance(node, tree.Let | tree.LetBang):
            items.append(node)
            node = node.body
        elif isinstance(node, tree.Sequential):
            items.extend(node.expressions[:-1])
            node = node.expressions[-1]
        else:
            items.append(node)
            return items


class Blocks(Control):
    """Blocks and bindings."""

    # ------------------------------------------------------------ statements

    def block(self, node: tree.Expression) -> Document:
        """One statement, or several below each other."""
        items = statements_of(node)
        if len(items) == 1:
            return self.expression(node)
        can_be_flat = self.is_inline
        flat, broken = self.statements(items)
        return Within(flat, broken) if can_be_flat else broken

    def statements(self, items: Sequence[Statement]) -> tuple[Document, Document]:
        """Statements on one line, and below each other."""
        flat: list[Document] = []
        broken: list[Document] = []
        previous: Document = EMPTY
        for number, item in enumerate(items):
            blank = self.blanks()
            lead = self.leading()
            current = self.statement(item)
            if number:
                broken.append(self.line_between(blank, previous, current))
            flat.extend((lead, current))
            broken.extend((lead, current))
            previous = current
            if number < len(items) - 1:
                is_in = self.kind == "in"
                comments = EMPTY
                while self.kind in (";", "in"):
                    comments = concat(comments, self.skip(";", "in"))
                broken.append(comments)
                flat.append(Text(" in ") if is_in else self.semicolon())
        return joined(flat), joined(broken)

    def line_between(self, blank: int, previous: Document, current: Document) -> Document:
        """The line end between two statements."""
        if self.settings.blank_lines_around_nested_multiline_expressions:
            return Between(blank, previous, current)
        return Line(blank)

    def statement(self, item: Statement) -> Document:
        """One statement; what does not match its rule keeps its text."""
        place, led, last_end = self.index, self.led, self.last_end
        try:
            if isinstance(item, tree.Let):
                return self.bindings(item.bindings)
            if isinstance(item, tree.LetBang):
                return self.bang_bindings(item.bindings)
            return self.expression(item)
        except Mismatch:
            if isinstance(item, tree.Let | tree.LetBang):
                raise
            self.index, self.led, self.last_end = place, led, last_end
            return self.verbatim(item.span.end)

    def nested_let(self, node: tree.Let | tree.LetBang) -> Document:
        """A let where an operand may stand."""
        return self.block(node)

    # ------------------------------------------------------------ bindings

    def bindings(self, bindings: list[tree.Binding]) -> Document:
        """`let f x = e`, and those that follow with `and`."""
        parts: list[Document] = []
        previous: Document = EMPTY
        for binding in bindings:
            blank = self.blanks()
            lead = self.leading()
            current = self.binding(binding)
            if parts:
                parts.append(Between(blank, previous, current))
            parts.extend((lead, current))
            previous = current
        return joined(parts)

    def attributes(self) -> Document:
        """Attributes in front of a declaration, each list on a line of its own."""
        lists = self.attribute_lists()
        return EMPTY if lists is EMPTY else concat(lists, LINE, self.leading())

    def attribute_lists(self) -> Document:
        """Attributes, each list on a line of its own, without the end of the last line."""
        parts: list[Document] = []
        while self.kind == "[<":
            lead = self.leading()
            end = self.ends[self.spacing.partners.get(self.index, self.index)]
            parts.extend((LINE, lead, self.until(end)))
        return concat(*parts[1:]) if parts else EMPTY

    def binding(self, binding: tree.Binding) -> Document:
        """`let f x y : t = e`, from its keyword or attributes."""
        attributes = self.attributes()
        head = binding.head
        arguments = head.arguments if isinstance(head, tree.NameHead) else []
        first = arguments[0].span.start if arguments else head.span.end
        prefix = self.until(first)
        written = self.head(prefix, binding, arguments)
        return concat(attributes, self.value(written, binding, bool(arguments)))

    def head(
        self, prefix: Document, binding: tree.Binding, arguments: list[tree.Pattern]
    ) -> Document:
        """The head with its type, up to `=`."""
        flat: list[Document] = [prefix]
        broken: list[Document] = []
        for number, argument in enumerate(arguments):
            gap = self.parameter_gap(binding) if number == 0 else SPACE
            lead = self.leading()
            flat.extend((gap, lead, self.until(argument.span.end)))
            broken.extend((LINE, lead, flat[-1]))
        flat.append(self.until_type(bool(arguments)))
        if binding.return_type is not None:
            written = self.until(binding.return_type.span.end)
            if binding.return_attributes:
                raise Mismatch("attributes of a result")
            flat.append(written)
            broken.extend((LINE, Text(": "), written))
        equals = self.take("=")
        flat.extend((SPACE, equals))
        gap = LINE if self.settings.align_function_signature_to_indentation else SPACE
        broken.extend((gap, equals))
        if not arguments:
            return joined(flat)
        if len(arguments) == 1 and binding.return_type is None:
            return joined(flat)
        return Choice(joined(flat), concat(prefix, Nest(self.indent, joined(broken))))

    def until_type(self, has_arguments: bool) -> Document:
        """`: `, before the type of a result, if that comes."""
        if self.kind != ":":
            return EMPTY
        is_glued = self.text[self.ends[self.index - 1] - 1] == ">"
        colon = self.take(":")
        spaced = has_arguments or is_glued or self.settings.space_before_colon
        return concat(SPACE if spaced else EMPTY, colon, SPACE)

    def parameter_gap(self, binding: tree.Binding) -> Document:
        """The blank between a name and its first parameter."""
        head = binding.head
        is_member = isinstance(head, tree.NameHead) and head.this is not None
        if self.kind != "(":
            return SPACE
        if is_member or self.in_member:
            return SPACE if self.settings.space_before_member else EMPTY
        if self.kinds[self.index - 1] != NAME:
            return SPACE
        return SPACE if self.settings.space_before_parameter else EMPTY

    in_member = False

    def value(self, head: Document, binding: tree.Binding, has_parameters: bool) -> Document:
        """What a binding is bound to."""
        has_comments = self.index in self.before and self.led < self.index
        written = self.block(binding.value)
        settings = self.settings
        hugs = self.hugs(binding.value) and not has_comments
        if has_parameters:
            is_short = 0 <= written.width <= settings.max_function_binding_width
        else:
            is_short = 0 <= written.width <= settings.max_value_binding_width
        if not is_short and not hugs:
            return concat(head, self.below(written))
        flat = concat(head, SPACE, written)
        if head.width == BROKEN:
            return flat if hugs or not has_comments else concat(head, self.below(written))
        return Choice(flat, flat if hugs else concat(head, self.below(written)))

    def bang_bindings(self, bindings: list[tree.BangBinding]) -> Document:
        """`let! p = e`, `and! q = f`"""
        parts: list[Document] = []
        for binding in bindings:
            blank = self.blanks()
            lead = self.leading()
            head = concat(self.until(binding.pattern.span.end), SPACE, self.take("="))
            if parts:
                parts.append(Line(blank))
            parts.extend((lead, self.body(head, binding.value)))
        return joined(parts)
