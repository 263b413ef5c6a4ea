"""The grammar of members.

Comes in: a cursor at a member. Goes out: members of types and object expressions. Promises: after
an error inside a member the next one is read.
"""

# `kind` changes with every `advance`, which the type checker cannot see when it narrows.
# pyright: reportUnnecessaryComparison=false, reportUnnecessaryContains=false

from __future__ import annotations

from typing import Final

from clef.diagnostics import syntax as problems
from clef.source import Span
from clef.syntax import tree
from clef.syntax.pattern_grammar import ACCESS
from clef.syntax.property_grammar import PropertyGrammar
from clef.syntax.tokens import BLOCK_BEGIN, BLOCK_END, END_OF_FILE, SEPARATOR

MEMBER_START: Final = frozenset(
    (
        "[<",
        "member",
        "static",
        "abstract",
        "override",
        "default",
        "val",
        "new",
        "inherit",
        "interface",
        "let",
        "use",
        "do",
        "public",
        "private",
        "internal",
    )
)


class MemberGrammar(PropertyGrammar):
    """Members."""

    def members(self) -> list[tree.Member]:
        """Members, in a block of their own or up to something else."""
        if self.kind != BLOCK_BEGIN:
            return self.member_items()
        self.advance()
        members = self.member_items()
        if self.kind != BLOCK_END:
            self.unexpected("a member")
            while self.kind not in (BLOCK_END, END_OF_FILE):
                self.advance_over()
                members.extend(self.member_items())
        self.accept(BLOCK_END)
        return members

    def member_items(self) -> list[tree.Member]:
        """Members one below the other."""
        members: list[tree.Member] = []
        while True:
            while self.kind in (SEPARATOR, ";"):
                self.advance()
            if self.kind not in MEMBER_START:
                return members
            before = self.position
            members.append(self.member())
            if self.kind not in (SEPARATOR, ";", BLOCK_END) and self.kind not in MEMBER_START:
                if self.kind in ("}", "end", "with", "and", END_OF_FILE):
                    return members
                self.unexpected("the next member")
                if self.position == before:
                    self.advance()
                self.skip_item()

    def member(self) -> tree.Member:
        """One member."""
        start = self.start()
        documentation = self.documentation()
        attributes = self.attributes()
        documentation = documentation or self.documentation()
        access = ACCESS.get(self.kind)
        if access is not None:
            modifier = self.here()
            self.advance()
            if self.kind != "new":
                self.misplaced_access(modifier, access)
        kind = self.kind
        if kind == "new":
            return self.constructor(start, documentation, attributes, access)
        if kind in ("let", "use"):
            return self.let_member(start, documentation, attributes, False)
        if kind == "do":
            return self.do_member(start, attributes, False)
        if kind == "inherit":
            self.demand_no_attributes(attributes, "on inherit")
            return self.inherit_member(start)
        if kind == "interface":
            self.demand_no_attributes(attributes, "on the implementation of an interface")
            return self.interface_member(start)
        if kind == "val":
            return self.field_member(start, documentation, attributes, False)
        if kind == "abstract":
            return self.abstract_member(start, documentation, attributes, False)
        if kind == "static":
            return self.static_member(start, documentation, attributes)
        if kind in ("member", "override", "default"):
            return self.method_or_property(start, documentation, attributes, False)
        self.unexpected("a member")
        self.skip_item()
        return tree.ErrorMember(self.span_from(start))

    def inherit_member(self, start: int) -> tree.Member:
        """`inherit B(e)`; the base object is always called `base`."""
        inherit = self.inherit()
        alias: tree.Name | None = None
        if self.kind == "as":
            hint = "the next member; the object of the base class is called `base`"
            self.report(problems.UnexpectedToken(self.here(), "keyword as", hint))
            self.advance()
            alias = self.name()
        return tree.InheritMember(self.span_from(start), inherit, alias)

    def misplaced_access(self, span: Span, access: tree.Access) -> None:
        """Access is written right before the name of a member, and not at all before `do`."""
        is_do = self.kind == "do"
        what = "on a do" if is_do else "before the keyword of a member"
        advice = "remove it" if is_do else f"write {access.value} right before the name"
        self.report(problems.MisplacedModifier(span, access.value, what, advice))

    def static_member(
        self, start: int, documentation: str | None, attributes: list[tree.Attribute]
    ) -> tree.Member:
        self.advance()
        kind = self.kind
        if kind in ("let", "use"):
            return self.let_member(start, documentation, attributes, True)
        if kind == "do":
            return self.do_member(start, attributes, True)
        if kind == "val":
            return self.field_member(start, documentation, attributes, True)
        if kind == "abstract":
            return self.abstract_member(start, documentation, attributes, True)
        return self.method_or_property(start, documentation, attributes, True)

    def let_member(
        self,
        start: int,
        documentation: str | None,
        attributes: list[tree.Attribute],
        is_static: bool,
    ) -> tree.Member:
        is_use = self.kind == "use"
        self.advance()
        is_recursive = self.accept("rec")
        bindings = self.documented_bindings(documentation, attributes, is_recursive)
        self.demand_unhidden(bindings)
        for binding in bindings:
            if binding.is_inline:
                hint = "the name; move an inline function in front of the type"
                self.report(problems.UnexpectedToken(binding.head.span, "keyword inline", hint))
        span = self.span_from(start)
        self.end_let()
        return tree.LetMember(span, bindings, is_recursive, is_static, is_use)

    def do_member(
        self, start: int, attributes: list[tree.Attribute], is_static: bool
    ) -> tree.Member:
        self.advance()
        value = self.block("do")
        return tree.DoMember(self.span_from(start), value, is_static, attributes)

    def interface_member(self, start: int) -> tree.Member:
        """`interface T with members`"""
        self.advance()
        written = self.type_expression()
        members: list[tree.Member] = []
        if self.accept("with"):
            members = self.members()
            self.demand_plain(members)
            if self.kind == "end" and not self.closes_type(start):
                self.advance()
        span = self.span_from(start)
        implementation = tree.InterfaceImplementation(span, written, members)
        return tree.InterfaceMember(span, implementation)

    def closes_type(self, start: int) -> bool:
        """Whether an `end` stands left of the member before it: it is that of `class`."""
        return self.source.position(self.start())[1] < self.source.position(start)[1]

    def field_member(
        self,
        start: int,
        documentation: str | None,
        attributes: list[tree.Attribute],
        is_static: bool,
    ) -> tree.Member:
        """`val mutable access x: t`"""
        self.advance()
        if self.kind == "inline":
            self.unexpected("the name of a field")
        modifiers = self.modifiers()
        name = self.name("the name of a field")
        self.expect(":", ": and the type of the field")
        written = self.constrained_type()
        field = tree.FieldDefinition(
            self.span_from(start),
            attributes,
            documentation,
            modifiers.access,
            modifiers.is_mutable,
            is_static,
            name,
            written,
        )
        return tree.FieldMember(field.span, field)

    def constructor(
        self,
        start: int,
        documentation: str | None,
        attributes: list[tree.Attribute],
        access: tree.Access | None,
    ) -> tree.Member:
        """`new (p) as self = e`, or `new : t` in a signature."""
        name_span = self.here()
        self.advance()
        if self.kind == ":":
            name = tree.Name(name_span, ".ctor", "new")
            signature = self.rest_of_signature(start, documentation, attributes, name, None)
            return tree.SignatureMember(signature.span, signature)
        pattern = self.atomic_pattern()
        self_name = self.name() if self.accept("as") else None
        if self.expect("=", "= after the parameters of new"):
            body = self.block("=")
        else:
            body = tree.ErrorExpression(self.gap())
        span = self.span_from(start)
        return tree.ConstructorMember(
            span, attributes, documentation, access, pattern, self_name, body
        )
