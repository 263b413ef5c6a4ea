"""The rules for type definitions.

Comes in: a place in the tokens and a definition. Goes out: its document. Promises: records and
unions in the style of their settings; members follow after a blank line; documentation comments and
attributes stay with their fields and cases.
"""

from __future__ import annotations

from clef.formatter.document import (
    EMPTY,
    LINE,
    SPACE,
    Align,
    Between,
    Choice,
    Document,
    Line,
    Nest,
    Text,
    concat,
    joined,
)
from clef.formatter.members import Members
from clef.formatter.reader import Mismatch
from clef.formatter.settings import CRAMPED, STROUSTRUP
from clef.syntax import tree


class TypeDefinitions(Members):
    """Types."""

    def types(self, types: list[tree.TypeDefinition]) -> Document:
        """`type A = ...`, `and B = ...`"""
        parts: list[Document] = []
        previous: Document = EMPTY
        for definition in types:
            blank = self.blanks()
            lead = self.leading()
            current = self.type_definition(definition)
            if parts:
                parts.append(Between(blank, previous, current))
            parts.extend((lead, current))
            previous = current
        return joined(parts)

    def type_definition(self, definition: tree.TypeDefinition) -> Document:
        """One definition from its attributes or keyword."""
        attributes = self.attributes()
        return concat(attributes, self.definition(self.type_head(definition), definition))

    def definition(self, head: Document, definition: tree.TypeDefinition) -> Document:
        """A definition after its head."""
        representation = definition.representation
        members = definition.members
        if isinstance(representation, tree.OpaqueRepresentation) and self.kind != "=":
            if members:
                raise Mismatch("members without a representation")
            return head
        if isinstance(representation, tree.ExtensionRepresentation):
            with_ = concat(head, SPACE, self.take("with"))
            return concat(with_, self.below(self.member_block(members)), self.end_of_with())
        equals = concat(head, SPACE, self.take("="))
        if isinstance(representation, tree.ClassRepresentation):
            if representation.kind is not tree.ClassKind.UNSTATED:
                return self.explicit_class(equals, representation, members)
            return concat(equals, self.below(self.member_block(members)))
        lead = self.leading()
        written = self.representation(representation)
        if not members:
            return self.after_equals(equals, lead, written, representation)
        return self.with_members(equals, concat(lead, written), definition)

    def type_head(self, definition: tree.TypeDefinition) -> Document:
        """`type private Name<'t>(a, b) as this`"""
        constructor = definition.constructor
        if constructor is None:
            stop = min(self.find("=", definition.span.end), self.find("with", definition.span.end))
            return self.until(stop)
        prefix = self.until(constructor.span.start)
        gap = SPACE if self.settings.space_before_class_constructor else EMPTY
        if constructor.access is not None or constructor.attributes:
            gap = SPACE
        before = self.until(constructor.pattern.span.start)
        if before is not EMPTY:
            before = concat(before, self.spaced())
        flat, broken = self.parameter_tuple(constructor.pattern)
        rest = EMPTY
        if constructor.self_name is not None:
            rest = concat(SPACE, self.until(constructor.self_name.span.end))
        short = concat(prefix, gap, before, flat, rest)
        if broken is EMPTY:
            return short
        long = concat(prefix, Nest(self.indent, concat(LINE, before, broken, rest)))
        return Choice(short, long)

    def after_equals(
        self,
        head: Document,
        lead: Document,
        written: Document,
        representation: tree.Representation,
    ) -> Document:
        """A representation without members."""
        if lead is not EMPTY:
            return concat(head, self.below(concat(lead, written)))
        is_record = isinstance(representation, tree.RecordRepresentation)
        hugs = is_record and self.settings.multiline_bracket_style == STROUSTRUP
        return self.under(head, written, hugs=hugs)

    def with_members(
        self, head: Document, written: Document, definition: tree.TypeDefinition
    ) -> Document:
        """A representation, and below it its members."""
        blank = self.blanks()
        lead = self.leading()
        with_ = EMPTY
        if self.kind == "with":
            if isinstance(definition.representation, tree.AbbreviationRepresentation):
                raise Mismatch("members of an abbreviation")
            with_ = self.skip("with")
            blank = max(blank, self.blanks())
            lead = concat(lead, self.leading())
        if self.settings.newline_between_type_definition_and_members:
            blank = max(blank, 1)
        members = self.member_block(definition.members)
        rest = concat(with_, Line(blank), lead, members)
        return concat(head, self.below(concat(written, rest)), self.end_of_with())

    def end_of_with(self) -> Document:
        """The `end` that `with` may have."""
        return self.skip("end") if self.kind == "end" else EMPTY

    def explicit_class(
        self, head: Document, representation: tree.ClassRepresentation, members: list[tree.Member]
    ) -> Document:
        """`class ... end`"""
        lead = self.leading()
        keyword = self.take("class", "struct", "interface")
        inside = [each for each in members if each.span.start < representation.span.end]
        if len(inside) != len(members):
            raise Mismatch("members outside of a class")
        body = self.below(self.member_block(inside)) if inside else EMPTY
        last = self.leading()
        rest = Nest(self.indent, concat(LINE, last)) if last is not EMPTY else LINE
        end = self.take("end")
        return concat(head, self.below(concat(lead, keyword, body, rest, end)))

    # ------------------------------------------------------------ representations

    def representation(self, representation: tree.Representation) -> Document:
        """What stands on the right of `=`."""
        if isinstance(representation, tree.RecordRepresentation):
            return self.record_definition(representation)
        if isinstance(representation, tree.UnionRepresentation | tree.EnumRepresentation):
            return self.cases(representation)
        if isinstance(representation, tree.AbbreviationRepresentation):
            flat, broken = self.function_type(representation.type)
            return Choice(flat, broken)
        return self.until(representation.span.end)

    def record_definition(self, representation: tree.RecordRepresentation) -> Document:
        """`{ A: t; mutable B: u }`"""
        access = EMPTY
        if representation.access is not None:
            access = concat(self.take(), SPACE)
        opener = self.take("{")
        is_spread = self.at_comment(opener)
        items: list[Document] = []
        blanks: list[int] = []
        for field in representation.fields:
            blanks.append(self.blanks())
            lead = self.leading()
            attributes = self.inline_attributes()
            written = self.until(field.span.end)
            items.append(concat(lead, attributes, written, self.skip_semicolons()))
        limit = self.record_limit(len(items))
        written = self.bracketed(opener, items, blanks, limit, is_spread=is_spread)
        if access is EMPTY:
            return written
        if self.settings.multiline_bracket_style == CRAMPED:
            return concat(access, Choice(written, written))
        return concat(access, written)

    def inline_attributes(self) -> Document:
        """Attributes of a field or case, which stay on its line if they were written there."""
        parts: list[Document] = []
        while self.kind == "[<":
            end = self.ends[self.spacing.partners.get(self.index, self.index)]
            parts.append(self.until(end))
            is_new = self.spans_lines(self.last_end, self.starts[self.index])
            parts.append(LINE if is_new else SPACE)
            parts.append(self.leading())
        return joined(parts)

    def cases(self, representation: tree.UnionRepresentation | tree.EnumRepresentation) -> Document:
        """`| A of int | B`, one on a line."""
        parts: list[Document] = []
        is_single = len(representation.cases) == 1
        if isinstance(representation, tree.UnionRepresentation) and representation.access:
            access = self.take()
            if is_single and self.index not in self.before:
                return concat(access, SPACE, self.until(representation.span.end))
            parts.extend((access, LINE))
        needs_bar = not is_single or self.settings.bar_before_discriminated_union_declaration
        for number, case in enumerate(representation.cases):
            if number:
                parts.append(Line(self.blanks()))
            lead = self.leading()
            parts.append(lead)
            if self.kind == "|":
                bar = concat(self.take("|"), SPACE)
            else:
                bar = Text("| ") if needs_bar else EMPTY
            after = self.leading()
            if is_single and lead is EMPTY and after is EMPTY and self.kind != "[<":
                return self.single_case(parts, bar, case, needs_bar)
            parts.extend((bar, Align(concat(after, self.case(case)))))
        return joined(parts)

    def single_case(
        self, before: list[Document], bar: Document, case: tree.Node, needs_bar: bool
    ) -> Document:
        """The only case of a union: on the line of the type when it fits, without a bar."""
        written = self.case(case)
        if before[0] is not EMPTY or bar.open_end:
            return concat(*before, bar, written)
        is_bare = isinstance(case, tree.UnionCase) and not case.fields and case.signature is None
        if isinstance(case, tree.EnumCase) or is_bare or needs_bar:
            return concat(Text("| "), written) if bar is EMPTY else concat(bar, written)
        return Choice(written, concat(Text("| "), written))

    def case(self, case: tree.Node) -> Document:
        """`A of x: int * string`, `A = 1`, without its bar."""
        attributes = self.inline_attributes()
        if not isinstance(case, tree.UnionCase) or len(case.fields) < 2:
            return concat(attributes, self.until(case.span.end))
        head = self.until(case.fields[0].span.start)
        flat: list[Document] = []
        broken: list[Document] = []
        for number, field in enumerate(case.fields):
            if number:
                star = self.take("*")
                flat.extend((SPACE, star, SPACE))
                broken.extend((SPACE, star, LINE))
            lead = self.leading()
            written = concat(lead, self.until(field.span.end))
            flat.append(written)
            broken.append(written)
        short = concat(attributes, head, SPACE, joined(flat))
        return Choice(short, concat(attributes, head, self.below(joined(broken))))

    # ------------------------------------------------------------ exceptions

    def exception(self, node: tree.ExceptionDeclaration) -> Document:
        """`exception E of t`, perhaps with members."""
        attributes = self.attributes()
        if not node.members:
            return concat(attributes, self.until(node.span.end))
        head = self.until(self.find("with", node.members[0].span.start))
        with_ = concat(attributes, head, SPACE, self.take("with"))
        return concat(with_, self.below(self.member_block(node.members)), self.end_of_with())
