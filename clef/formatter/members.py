"""The rules for members of types and object expressions.

Comes in: a place in the tokens and members. Goes out: their document. Promises: members stand below
each other, with a blank line around those of several lines; what has no rule keeps its text.
"""

from __future__ import annotations

from clef.formatter.blocks import Blocks
from clef.formatter.document import (
    EMPTY,
    LINE,
    SPACE,
    Between,
    Choice,
    Document,
    Nest,
    concat,
    joined,
)
from clef.formatter.reader import Mismatch
from clef.syntax import tree


class Members(Blocks):
    """Members."""

    def member_block(self, members: list[tree.Member]) -> Document:
        """Members below each other."""
        parts: list[Document] = []
        previous: Document = EMPTY
        for member in members:
            blank = self.blanks()
            lead = self.leading()
            current = self.member(member)
            while self.kind == ";":
                current = concat(current, self.skip(";"))
            if parts:
                parts.append(Between(blank, previous, current))
            parts.extend((lead, current))
            previous = current
        return joined(parts)

    def member(self, member: tree.Member) -> Document:
        """One member; what does not match its rule keeps its text."""
        place, led, last_end = self.index, self.led, self.last_end
        is_member, self.in_member = (
            self.in_member,
            isinstance(member, tree.MethodMember | tree.PropertyMember),
        )
        try:
            return self.member_by_kind(member)
        except Mismatch:
            self.index, self.led, self.last_end = place, led, last_end
            return self.verbatim(member.span.end)
        finally:
            self.in_member = is_member

    def member_by_kind(self, member: tree.Member) -> Document:
        if isinstance(member, tree.MethodMember):
            return self.method(member)
        if isinstance(member, tree.LetMember):
            return self.bindings(member.bindings)
        if isinstance(member, tree.PropertyMember):
            return self.property(member)
        if isinstance(member, tree.AutoPropertyMember):
            return self.auto_property(member)
        if isinstance(member, tree.AbstractMember | tree.SignatureMember):
            return self.signature(member.signature)
        if isinstance(member, tree.InterfaceMember):
            return self.interface(member.implementation)
        if isinstance(member, tree.ConstructorMember):
            return self.constructor(member)
        if isinstance(member, tree.DoMember):
            attributes = self.attributes()
            head = self.until(member.expression.span.start)
            return concat(attributes, self.body(head, member.expression))
        if isinstance(member, tree.FieldMember):
            return concat(self.attributes(), self.until(member.span.end))
        if isinstance(member, tree.InheritMember):
            return self.plain(member.inherit)
        raise Mismatch("a member without a rule")

    def method(self, member: tree.MethodMember) -> Document:
        """`member this.M(p) : t = e`"""
        binding = member.binding
        attributes = self.attributes()
        head = binding.head
        if not isinstance(head, tree.NameHead):
            raise Mismatch("a member without a name")
        arguments = head.arguments
        first = arguments[0].span.start if arguments else head.span.end
        prefix = self.until(first)
        if len(arguments) == 1:
            written = self.method_head(prefix, binding, arguments[0])
        else:
            written = self.head(prefix, binding, arguments)
        self.in_member = False
        return concat(attributes, self.value(written, binding, bool(arguments)))

    def method_head(
        self, prefix: Document, binding: tree.Binding, argument: tree.Pattern
    ) -> Document:
        """The head of a method with one argument; those of a long tuple stand below each other."""
        gap = self.parameter_gap(binding)
        lead = self.leading()
        if lead is not EMPTY or binding.return_attributes:
            raise Mismatch("comments or attributes in the head of a member")
        parameters = self.parameter_tuple(argument)
        end: list[Document] = [self.until_type(True)]
        if binding.return_type is not None:
            end.append(self.until(binding.return_type.span.end))
        end.extend((SPACE, self.take("=")))
        flat = concat(prefix, gap, parameters[0], *end)
        if parameters[1] is EMPTY:
            return flat
        long_end = concat(LINE, *end[1:]) if binding.return_type is None else joined(end)
        if binding.return_type is None:
            long_end = concat(SPACE, end[-1])
        broken = concat(prefix, Nest(self.indent, concat(LINE, parameters[1], long_end)))
        return Choice(flat, broken)

    def parameter_tuple(self, argument: tree.Pattern) -> tuple[Document, Document]:
        """A parameter on one line, and with its parts below each other (or EMPTY)."""
        inner = argument.pattern if isinstance(argument, tree.ParenPattern) else None
        if not isinstance(inner, tree.TuplePattern) or inner.is_struct or self.kind != "(":
            return self.until(argument.span.end), EMPTY
        opener = self.take("(")
        flat: list[Document] = [opener]
        broken: list[Document] = []
        for element in inner.elements:
            if broken:
                comma = self.take(",")
                flat.extend((comma, SPACE))
                broken.append(comma)
            lead = self.leading()
            written = self.until(element.span.end)
            flat.extend((lead, written))
            broken.extend((LINE, lead, written))
        closer = self.take(")")
        whole = concat(opener, Nest(self.indent, joined(broken)), LINE, closer)
        return concat(*flat, closer), whole

    def property(self, member: tree.PropertyMember) -> Document:
        """`member this.P with get () = e and set v = e`"""
        attributes = self.attributes()
        accessors = [each for each in (member.getter, member.setter) if each is not None]
        accessors.sort(key=lambda binding: binding.value.span.start)
        with_ = self.find("with", accessors[0].value.span.start)
        parts = [attributes, self.until(with_)]
        for accessor in accessors:
            lead = self.leading()
            head = accessor.head
            if not isinstance(head, tree.NameHead):
                raise Mismatch("an accessor without a name")
            before = self.find("=", accessor.value.span.start)
            prefix = concat(self.until(before), SPACE, self.take("="))
            written = self.value(prefix, accessor, True)
            parts.append(Nest(self.indent, concat(LINE, lead, written)))
        return joined(parts)

    def auto_property(self, member: tree.AutoPropertyMember) -> Document:
        """`member val P : t = e with get, set`"""
        attributes = self.attributes()
        head = self.until(member.value.span.start)
        value = self.block(member.value)
        rest = EMPTY
        if self.starts[self.index] < member.span.end:
            rest = concat(SPACE, self.until(member.span.end))
        flat = concat(attributes, head, SPACE, value, rest)
        if value.width < 0:
            raise Mismatch("a long value of a property")
        return flat

    def signature(self, signature: tree.MemberSignature) -> Document:
        """`abstract M: t -> u`; a long type breaks before its arrows."""
        attributes = self.attributes()
        head = self.until(signature.type.span.start)
        written = self.function_type(signature.type)
        rest = EMPTY
        if self.starts[self.index] < signature.span.end:
            rest = concat(SPACE, self.until(signature.span.end))
        flat = concat(head, SPACE, written[0], rest)
        broken = concat(head, self.below(concat(written[1], rest)))
        return concat(attributes, Choice(flat, broken))

    def function_type(self, type_: tree.TypeExpression) -> tuple[Document, Document]:
        """A type on one line, and with its arrows at the starts of lines."""
        end = type_.span.end
        flat: list[Document] = []
        broken: list[Document] = []
        while self.starts[self.index] < end:
            stop = self.find("->", end)
            part = self.until(stop)
            flat.append(part)
            broken.append(part)
            if stop < end:
                arrow = self.take("->")
                flat.extend((SPACE, arrow, SPACE))
                broken.extend((SPACE, arrow, LINE))
        return joined(flat), joined(broken)

    def interface(self, implementation: tree.InterfaceImplementation) -> Document:
        """`interface T with` and its members."""
        members = implementation.members
        if not members:
            return self.until(implementation.span.end)
        head = self.until(implementation.type.span.end)
        with_ = concat(head, SPACE, self.take("with"))
        written = concat(with_, self.below(self.member_block(members)))
        if self.kind == "end" and self.starts[self.index] < implementation.span.end:
            written = concat(written, self.skip("end"))
        return written

    def constructor(self, member: tree.ConstructorMember) -> Document:
        """`new(p) = e`, where the body may go on with `then`."""
        attributes = self.attributes()
        head = concat(self.until(self.find("=", member.body.span.start)), SPACE, self.take("="))
        return concat(attributes, self.body(head, member.body))

    def construct_then(self, node: tree.ConstructorThen) -> Document:
        """`e then f` in a constructor."""
        first = self.block(node.construct)
        lead = self.leading()
        then = self.take("then")
        return concat(first, LINE, lead, then, self.below(self.block(node.effect)))
