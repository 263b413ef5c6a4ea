"""The rules for parentheses, lists, records, computations and object expressions.

Comes in: a place in the tokens and a node. Goes out: its document. Promises: the three styles of
brackets; elements that stand on rows of several stay so when they do not fit on one line; comments
before a closing bracket stay inside.
"""

from __future__ import annotations

from clef.formatter.document import (
    EMPTY,
    LINE,
    SPACE,
    Align,
    Choice,
    Document,
    Line,
    Nest,
    Text,
    concat,
    joined,
    separated,
)
from clef.formatter.operators import FUNCTIONS, Operators, is_computation
from clef.formatter.settings import CRAMPED, NO_LIMIT
from clef.syntax import tree

# What takes everything to its right, so that nothing may follow it on its line.
_OPEN = (
    tree.Lambda
    | tree.Function
    | tree.If
    | tree.Match
    | tree.Let
    | tree.LetBang
    | tree.TryWith
    | tree.TryFinally
    | tree.Sequential
    | tree.ForIn
    | tree.While
    | tree.ForTo
)


class Brackets(Operators):
    """Brackets of all kinds."""

    # ------------------------------------------------------------ parentheses

    def parentheses(self, node: tree.Paren) -> Document:
        """`(e)`; what is inside lines up behind the parenthesis."""
        inner = node.expression
        if self.kind != "(":
            return self.begin_end(node)
        opener = self.take("(")
        is_function = isinstance(inner, FUNCTIONS) or is_computation(inner)
        written = self.block(inner)
        lead = self.leading()
        closer = self.take(")")
        if is_function and lead is EMPTY:
            whole = concat(opener, written, closer)
            if self.settings.multi_line_lambda_closing_newline:
                return Choice(whole, concat(opener, written, LINE, closer))
            return whole
        if lead is not EMPTY or written.open_end:
            return concat(opener, Align(concat(written, LINE, lead, closer)))
        return concat(opener, Align(written), closer)

    def begin_end(self, node: tree.Paren) -> Document:
        """`begin e end`"""
        was = self.within_line(node)
        opener = self.take("begin")
        written = self.block(node.expression)
        lead = self.leading()
        closer = concat(lead, self.take("end"))
        self.is_inline = was
        flat = concat(opener, SPACE, written, SPACE, closer)
        return Choice(flat, concat(opener, self.below(written), LINE, closer), is_inline=True)

    # ------------------------------------------------------------ items between brackets

    def bracketed(
        self,
        opener: Document,
        items: list[Document],
        blanks: list[int],
        limit: int,
        can_be_flat: bool = True,
        is_inline: bool = False,
        is_spread: bool = False,
    ) -> Document:
        """Items between the opening bracket, which has been taken, and the closing one.
        `is_spread`: a comment comes first, so that the brackets have lines of their own."""
        delimiter = SPACE if self.settings.space_around_delimiter else EMPTY
        lead = self.leading()
        closer = self.take("]", "|]", "}", "|}")
        if not items:
            return concat(opener, lead, closer)
        lines: list[Document] = [items[0]]
        for item, blank in zip(items[1:], blanks[1:], strict=True):
            lines.extend((Line(blank), item))
        inner = joined(lines)
        if self.settings.multiline_bracket_style != CRAMPED or is_spread:
            last = concat(LINE, lead) if lead is not EMPTY else EMPTY
            end = EMPTY if lead is not EMPTY else LINE
            broken = concat(opener, Nest(self.indent, concat(LINE, inner, last)), end, closer)
        elif lead is not EMPTY or inner.open_end:
            broken = concat(opener, delimiter, Align(concat(inner, LINE, lead, closer)))
        else:
            broken = concat(opener, delimiter, Align(inner), delimiter, closer)
        if not can_be_flat or lead is not EMPTY:
            return broken
        flat = concat(opener, delimiter, separated(items, self.semicolon()), delimiter, closer)
        return Choice(flat, broken, limit, is_inline)

    def at_comment(self, opener: Document) -> bool:
        """Whether a comment follows an opening bracket."""
        return opener.open_end or (self.index in self.before and self.led < self.index)

    def semicolon(self) -> Document:
        """What stands between items on one line."""
        spacing = self.spacing
        return Text(spacing.before_semicolon + ";" + spacing.after_semicolon)

    def skip_semicolons(self) -> Document:
        """Leave out `;`, but for comments."""
        found: list[Document] = []
        while self.kind == ";":
            found.append(self.skip(";"))
        return joined(found)

    def width_limit(self, by_number: bool, most: int, count: int, width: int) -> int:
        """How wide a record or list may be on one line."""
        if by_number:
            return NO_LIMIT if count <= most else 0
        return width

    # ------------------------------------------------------------ lists

    def list_limit(self, count: int) -> int:
        settings = self.settings
        return self.width_limit(
            settings.array_or_list_multiline_formatter == "number_of_items",
            settings.max_array_or_list_number_of_items,
            count,
            settings.max_array_or_list_width,
        )

    def list_literal(self, node: tree.ListLiteral | tree.ArrayLiteral) -> Document:
        """`[ a; b ]`, `[| a; b |]`"""
        elements = node.elements
        opener = self.take("[", "[|")
        is_spread = self.at_comment(opener)
        rows: list[list[Document]] = []
        blanks: list[int] = []
        for number, element in enumerate(elements):
            blank = self.blanks()
            is_new = not number or self.spans_lines(
                elements[number - 1].span.end, element.span.start
            )
            written = concat(self.expression(element), self.skip_semicolons())
            if is_new or rows[-1][-1].open_end:
                rows.append([written])
                blanks.append(blank)
            else:
                rows[-1].append(written)
        if len(rows) == 1 or any(part.width < 0 for row in rows for part in row):
            blanks = [0 for _ in elements] if len(rows) != len(elements) else blanks
            rows = [[part] for row in rows for part in row]
        items = [separated(row, self.semicolon()) for row in rows]
        is_open = any(isinstance(element, _OPEN) for element in elements[:-1])
        limit = self.list_limit(len(elements))
        return self.bracketed(opener, items, blanks, limit, not is_open, is_spread=is_spread)

    def comprehension(self, node: tree.ListComprehension | tree.ArrayComprehension) -> Document:
        """`[ for x in xs do ... ]`"""
        was = self.within_line(node)
        opener = self.take("[", "[|")
        is_spread = self.at_comment(opener)
        written = self.block(node.body)
        self.is_inline = was
        limit = self.list_limit(1)
        return self.bracketed(opener, [written], [0], limit, is_inline=True, is_spread=is_spread)

    def computation(self, node: tree.ComputationBlock) -> Document:
        """`{ ... }` after a builder, or alone."""
        was = self.within_line(node)
        is_inline = self.is_inline
        opener = self.take("{")
        written = self.block(node.body)
        self.is_inline = was
        lead = self.leading()
        closer = self.take("}")
        inner = concat(written, LINE, lead) if lead is not EMPTY else written
        end = EMPTY if lead is not EMPTY else LINE
        broken = concat(opener, self.below(inner), end, closer)
        if not is_inline or lead is not EMPTY:
            return broken
        flat = concat(opener, SPACE, written, SPACE, closer)
        return Choice(flat, broken, self.settings.max_array_or_list_width, True)

    # ------------------------------------------------------------ records

    def record_limit(self, count: int) -> int:
        settings = self.settings
        return self.width_limit(
            settings.record_multiline_formatter == "number_of_items",
            settings.max_record_number_of_items,
            count,
            settings.max_record_width,
        )

    def record_fields(self, fields: list[tree.RecordField]) -> tuple[list[Document], list[int]]:
        items: list[Document] = []
        blanks: list[int] = []
        for field in fields:
            blanks.append(self.blanks())
            lead = self.leading()
            name = self.until(field.name.span.end)
            head = concat(name, SPACE, self.take("="))
            written = self.body(head, field.value)
            items.append(concat(lead, written, self.skip_semicolons()))
        return items, blanks

    def record(self, node: tree.Record | tree.AnonymousRecord) -> Document:
        """`{ A = 1 }`, `{ r with A = 1 }`, `{| A = 1 |}`"""
        if isinstance(node, tree.Record) and node.inherit is not None:
            return self.inheriting(node)
        opener = self.take()
        if self.kinds[self.index - 1] == "struct":
            opener = concat(opener, SPACE, self.take("{|"))
        is_open = any(isinstance(field.value, _OPEN) for field in node.fields[:-1])
        limit = self.record_limit(len(node.fields))
        if node.source is not None:
            return self.copy(node, opener, limit, not is_open)
        is_spread = self.at_comment(opener)
        items, blanks = self.record_fields(node.fields)
        return self.bracketed(opener, items, blanks, limit, not is_open, is_spread=is_spread)

    def copy(
        self,
        node: tree.Record | tree.AnonymousRecord,
        opener: Document,
        limit: int,
        can_be_flat: bool,
    ) -> Document:
        """`{ r with A = 1; B = 2 }`"""
        assert node.source is not None
        delimiter = SPACE if self.settings.space_around_delimiter else EMPTY
        source = self.expression(node.source)
        head = concat(opener, delimiter, source, SPACE, self.take("with"))
        items, blanks = self.record_fields(node.fields)
        lead = self.leading()
        closer = self.take("]", "|]", "}", "|}")
        lines: list[Document] = []
        for item, blank in zip(items, blanks, strict=True):
            lines.extend((Line(blank if lines else 0), item))
        inner = joined(lines)
        is_cramped = self.settings.multiline_bracket_style == CRAMPED
        if lead is not EMPTY:
            inner = concat(inner, LINE, lead)
            broken = concat(head, Nest(self.indent, inner), closer)
        else:
            end = delimiter if is_cramped and not inner.open_end else LINE
            broken = concat(head, Nest(self.indent, inner), end, closer)
        if is_cramped:
            broken = Align(broken)
        if not can_be_flat or lead is not EMPTY:
            return broken
        flat = concat(head, SPACE, separated(items, self.semicolon()), delimiter, closer)
        return Choice(flat, broken, limit)

    def inheriting(self, node: tree.Record) -> Document:
        """`{ inherit B(x); a = 1 }`"""
        assert node.inherit is not None
        opener = self.take("{")
        base = concat(self.leading(), self.plain(node.inherit), self.skip_semicolons())
        items, blanks = self.record_fields(node.fields)
        limit = self.record_limit(len(node.fields) + 1)
        return self.bracketed(opener, [base, *items], [0, *blanks], limit)

    # ------------------------------------------------------------ objects

    def object_expression(self, node: tree.ObjectExpression) -> Document:
        """`{ new T(e) with members interface I with members }`"""
        opener = self.take("{")
        amount = max(2, self.indent - 2)
        head = self.object_head(node)
        parts: list[Document] = [head]
        if node.members:
            parts.append(Nest(amount, concat(LINE, self.member_block(node.members))))
        for interface in node.interfaces:
            lead = self.leading()
            first = interface.members[0].span.start if interface.members else interface.span.end
            parts.extend((LINE, lead, self.until_member(first)))
            if interface.members:
                parts.append(Nest(amount, concat(LINE, self.member_block(interface.members))))
        lead = self.leading()
        if self.kind == "end":
            parts.append(self.skip("end"))
        closer = self.take("}")
        inner = joined(parts)
        if lead is not EMPTY or inner.open_end:
            return concat(opener, SPACE, Align(concat(inner, LINE, lead, closer)))
        if self.settings.multiline_bracket_style == CRAMPED or inner.width >= 0:
            return concat(opener, SPACE, Align(inner), SPACE, closer)
        return Align(concat(opener, SPACE, Align(inner), LINE, closer))

    def object_head(self, node: tree.ObjectExpression) -> Document:
        """`new T(e) as self with`"""
        argument = node.argument
        parts: list[Document] = []
        if argument is not None and argument.span.start > self.starts[self.index]:
            parts.append(self.until(argument.span.start))
            parts.extend((self.spaced(), self.tight(argument)))
        starts = [part.span.start for part in (*node.members, *node.interfaces)]
        end = min(starts) if starts else node.span.end
        if self.kind != "}":
            parts.append(self.spaced() if parts else EMPTY)
            parts.append(self.until_member(end))
        return joined(parts)

    def until_member(self, end: int) -> Document:
        """The head of a group of members, up to its `with`."""
        parts: list[Document] = []
        while self.starts[self.index] < end and self.kind != "}":
            parts.append(self.spaced() if parts else EMPTY)
            is_last = self.kind == "with"
            parts.append(self.take())
            if is_last:
                break
        return joined(parts)
