"""The grammar of methods, properties and the signatures of members.

Comes in: a cursor behind the attributes of a member. Goes out: methods, properties with their
accessors, abstract members and signatures. Promises: which accessors there are is said by what is
written.
"""

# `kind` changes with every `advance`, which the type checker cannot see when it narrows.
# pyright: reportUnnecessaryComparison=false, reportUnnecessaryContains=false

from __future__ import annotations

from typing import Final

from clef.diagnostics import syntax as problems
from clef.source import Span
from clef.syntax import tree
from clef.syntax.binding_grammar import BindingGrammar, Modifiers
from clef.syntax.tokens import BLOCK_END, END_OF_FILE, NAME, SEPARATOR

_DISPATCH: Final = {
    "member": tree.Dispatch.PLAIN,
    "override": tree.Dispatch.OVERRIDE,
    "default": tree.Dispatch.DEFAULT,
}


class PropertyGrammar(BindingGrammar):
    """Methods, properties, signatures."""

    def demand_no_attributes(self, attributes: list[tree.Attribute], what: str) -> None:
        """Attributes belong to what has a name of its own."""
        for attribute in attributes[:1]:
            advice = "remove it, or put it in front of a type, value or member"
            self.report(problems.MisplacedModifier(attribute.span, "an attribute", what, advice))

    # ------------------------------------------------------------ methods and properties

    def method_or_property(
        self,
        start: int,
        documentation: str | None,
        attributes: list[tree.Attribute],
        is_static: bool,
    ) -> tree.Member:
        """`member this.M p = e`, `member val P = e`, `member this.P with get ...`"""
        dispatch = _DISPATCH.get(self.kind, tree.Dispatch.PLAIN)
        if self.kind in _DISPATCH:
            self.advance()
        else:
            self.unexpected("member after static")
        if self.kind == "val":
            return self.auto_property(start, documentation, attributes, is_static, dispatch)
        if self.kind == "mutable":
            self.unexpected("the name of a member")
        modifiers = self.modifiers()
        if self.kind == "val":
            return self.auto_property(
                start, documentation, attributes, is_static, dispatch, modifiers
            )
        head = self.member_head()
        if self.kind == "with" or (self.kind == ":" and not head.arguments):
            return self.property(
                start, documentation, attributes, modifiers, head, is_static, dispatch
            )
        binding = self.rest_of_binding(start, documentation, attributes, modifiers, head)
        member = tree.MethodMember(binding.span, binding, is_static, dispatch)
        if dispatch is not tree.Dispatch.PLAIN:
            self.demand_plain([member])
        return member

    def member_head(self) -> tree.NameHead:
        """`this.Name<'a> p q`"""
        start = self.start()
        this: tree.Name | None = None
        if self.peek() == "." and self.kind in (NAME, "_", "base", "global"):
            if self.kind == NAME:
                this = self.take_name()
            else:
                this = tree.Name(self.here(), self.kind, self.kind)
                self.advance()
            self.advance()
        name = self.any_name("the name of a member")
        parameters = self.type_parameters() if self.at_type_arguments() else None
        arguments = self.parameters()
        return tree.NameHead(self.span_from(start), name, parameters, arguments, this)

    def property(
        self,
        start: int,
        documentation: str | None,
        attributes: list[tree.Attribute],
        modifiers: Modifiers,
        head: tree.NameHead,
        is_static: bool,
        dispatch: tree.Dispatch,
    ) -> tree.Member:
        """A member without parameters: with a type, with accessors, or both; also a signature
        without a body."""
        return_type: tree.TypeExpression | None = None
        if self.kind == ":":
            self.advance()
            self.attributes()
            return_type = self.constrained_type(True)
            if self.kind == "=":
                self.advance()
                value = self.block("=")
                binding = tree.Binding(
                    self.span_from(start),
                    attributes,
                    documentation,
                    modifiers.access,
                    modifiers.is_inline,
                    False,
                    head,
                    [],
                    return_type,
                    value,
                )
                return tree.MethodMember(binding.span, binding, is_static, dispatch)
        if self.kind != "with" or self.peek() in (BLOCK_END, END_OF_FILE):
            return self.bodiless(
                start, documentation, attributes, modifiers, head, is_static, return_type
            )
        return self.accessors(
            start, documentation, attributes, modifiers, head, is_static, dispatch, return_type
        )

    def bodiless(
        self,
        start: int,
        documentation: str | None,
        attributes: list[tree.Attribute],
        modifiers: Modifiers,
        head: tree.NameHead,
        is_static: bool,
        written: tree.TypeExpression | None,
    ) -> tree.Member:
        """`member M : t`, in a signature."""
        if head.this is not None or written is None:
            self.unexpected("= and the body of the member")
            return tree.ErrorMember(self.span_from(start))
        signature = tree.MemberSignature(
            self.span_from(start),
            attributes,
            documentation,
            modifiers.access,
            is_static,
            modifiers.is_inline,
            head.name,
            head.type_parameters,
            written,
        )
        return tree.SignatureMember(signature.span, signature)

    def accessors(
        self,
        start: int,
        documentation: str | None,
        attributes: list[tree.Attribute],
        modifiers: Modifiers,
        head: tree.NameHead,
        is_static: bool,
        dispatch: tree.Dispatch,
        return_type: tree.TypeExpression | None,
    ) -> tree.Member:
        """`with get p = e and set p v = e`"""
        getter: tree.Binding | None = None
        setter: tree.Binding | None = None
        is_bare = True
        while self.kind in ("with", "and", ","):
            self.advance()
            own_attributes = self.attributes()
            before = self.here()
            own = self.modifiers()
            self.demand_one_access(before, own.access, modifiers.access)
            own.access = own.access or modifiers.access
            own.is_inline = own.is_inline or modifiers.is_inline
            word = self.token_text()
            is_second = (getter if word == "get" else setter) is not None
            if self.kind != NAME or word not in ("get", "set") or is_second:
                self.unexpected("get or set" if not is_second else "one of each, get and set")
                break
            self.advance()
            if self.kind in (",", BLOCK_END, SEPARATOR):
                if not is_bare:
                    self.unexpected(f"the arguments and the body of {word}")
                continue
            is_bare = False
            arguments = self.parameters()
            inner = tree.NameHead(
                self.span_from(head.span.start),
                head.name,
                head.type_parameters,
                arguments,
                head.this,
            )
            binding = self.rest_of_binding(
                start, documentation, attributes + own_attributes, own, inner
            )
            if word == "get":
                binding.return_type = binding.return_type or return_type
                getter = binding
            else:
                setter = binding
        if is_bare:
            return self.bodiless(
                start, documentation, attributes, modifiers, head, is_static, return_type
            )
        if return_type is not None:
            hint = "the type behind the arguments: `with get () : t = …`"
            self.report(problems.UnexpectedToken(return_type.span, ":", hint))
        span = self.span_from(start)
        return tree.PropertyMember(span, head.name, getter, setter, is_static, dispatch)

    def demand_one_access(
        self, span: Span, own: tree.Access | None, whole: tree.Access | None
    ) -> None:
        """The property says who sees it, or its accessors do."""
        if own is not None and whole is not None:
            what = f"on an accessor of a {whole.value} property"
            advice = f"remove it, or the {whole.value} in front of the name"
            self.report(problems.MisplacedModifier(span, own.value, what, advice))

    def auto_property(
        self,
        start: int,
        documentation: str | None,
        attributes: list[tree.Attribute],
        is_static: bool,
        dispatch: tree.Dispatch,
        outer: Modifiers | None = None,
    ) -> tree.Member:
        """`member val P : t = e with get, set`"""
        self.advance()
        if self.kind in ("inline", "mutable"):
            self.unexpected("the name of a property; what can be set has `with get, set`")
        modifiers = self.modifiers()
        access = modifiers.access or (outer.access if outer is not None else None)
        name = self.name("the name of a property")
        written = self.constrained_type() if self.accept(":") else None
        if self.expect("=", "= and the value of the property"):
            value = self.block("=")
        else:
            value = tree.ErrorExpression(self.gap())
        seen = self.accessor_names(access)
        is_read = "get" in seen or "set" not in seen
        return tree.AutoPropertyMember(
            self.span_from(start),
            attributes,
            documentation,
            name,
            written,
            value,
            is_read,
            "set" in seen,
            is_static,
            dispatch,
            seen.get("get") or access,
            seen.get("set") or access,
        )

    def accessor_names(
        self, whole: tree.Access | None, is_abstract: bool = False
    ) -> dict[str, tree.Access | None]:
        """`with get, private set`: which of the two are there, and who sees them."""
        seen: dict[str, tree.Access | None] = {}
        if not self.accept("with"):
            return seen
        while True:
            before = self.here()
            own = self.modifiers().access
            self.demand_one_access(before, own, whole)
            if is_abstract and own is not None:
                advice = "remove it; abstract members are as visible as their type"
                what = "on an accessor without a body"
                self.report(problems.MisplacedModifier(before, own.value, what, advice))
            word = self.token_text() if self.kind == NAME else ""
            if word not in ("get", "set"):
                self.unexpected("get or set")
                return seen
            seen[word] = own
            self.advance()
            if not self.accept(","):
                return seen

    # ------------------------------------------------------------ signatures

    def abstract_member(
        self,
        start: int,
        documentation: str | None,
        attributes: list[tree.Attribute],
        is_static: bool,
    ) -> tree.Member:
        """`abstract member M : t`"""
        self.advance()
        self.accept("member")
        if self.kind in ("inline", "mutable"):
            self.unexpected("the name of a member")
        modifiers = self.modifiers()
        name = self.any_name("the name of a member")
        signature = self.rest_of_signature(start, documentation, attributes, name, modifiers)
        signature.is_static = is_static
        return tree.AbstractMember(signature.span, signature)

    def rest_of_signature(
        self,
        start: int,
        documentation: str | None,
        attributes: list[tree.Attribute],
        name: tree.Name,
        modifiers: Modifiers | None,
    ) -> tree.MemberSignature:
        """`<'a> : t with get, set`"""
        parameters = self.type_parameters() if self.at_type_arguments() else None
        if self.expect(":", ": and the type of the member"):
            written = self.constrained_type(True)
        else:
            written = tree.ErrorType(self.gap())
        seen = self.accessor_names(None, is_abstract=True)
        return tree.MemberSignature(
            self.span_from(start),
            attributes,
            documentation,
            modifiers.access if modifiers else None,
            False,
            modifiers.is_inline if modifiers else False,
            name,
            parameters,
            written,
            "get" in seen,
            "set" in seen,
        )

    def member_signature(self) -> tree.MemberSignature:
        """`static member M : t` or `new : t`, in a constraint or trait call."""
        start = self.start()
        is_static = self.accept("static")
        if self.kind == "new":
            name = tree.Name(self.here(), ".ctor", "new")
            self.advance()
        else:
            if self.kind in ("member", "abstract", "override"):
                self.advance()
                self.accept("member")
            else:
                self.report(problems.MissingName(self.here(), self.describe(), "member"))
            name = self.any_name("the name of a member")
        signature = self.rest_of_signature(start, None, [], name, None)
        signature.is_static = is_static
        return signature
