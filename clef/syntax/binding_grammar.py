"""The grammar of bindings and attributes.

Comes in: a cursor after `let`, at an attribute list or at a member. Goes out: bindings and members.
Promises: a head that starts with a simple name is a NameHead unless an operator of patterns
follows; documentation comments are attached.
"""

# `kind` changes with every `advance`, which the type checker cannot see when it narrows.
# pyright: reportUnnecessaryComparison=false, reportUnnecessaryContains=false

from __future__ import annotations

from typing import Final

from clef.syntax import tree
from clef.syntax.bracket_grammar import BracketGrammar
from clef.syntax.pattern_grammar import ACCESS, ATOMIC_PATTERN_START
from clef.syntax.tokens import (
    ACTIVE_PATTERN,
    BLOCK_END,
    END_OF_FILE,
    LET_END,
    NAME,
    OPERATOR_NAME,
    SEPARATOR,
)

_PATTERN_OPERATORS: Final = frozenset((",", "::", "|", "&", "as"))
_ATTRIBUTE_TARGETS: Final = frozenset(("module", "type", "return"))


class Modifiers:
    """`inline`, `mutable` and access in any order."""

    __slots__ = ("access", "is_inline", "is_mutable")

    def __init__(self) -> None:
        self.is_inline = False
        self.is_mutable = False
        self.access: tree.Access | None = None


class BindingGrammar(BracketGrammar):
    """Bindings, attributes and members."""

    def documentation(self) -> str | None:
        """The documentation comment before the current token."""
        lines = self.tokens.documentation.get(self.start())
        if lines is None:
            return None
        return "\n".join(line[1:] if line.startswith(" ") else line for line in lines)

    # ------------------------------------------------------------ attributes

    def attributes(self) -> list[tree.Attribute]:
        """`[<A; target: B(x)>]`, any number of times."""
        result: list[tree.Attribute] = []
        while self.kind == "[<":
            self.advance()
            while self.kind not in (">]", END_OF_FILE):
                while self.kind in (SEPARATOR, ";"):
                    self.advance()
                if self.kind == ">]":
                    break
                before = self.position
                result.append(self.attribute())
                if self.kind not in (SEPARATOR, ";", ">]"):
                    self.unexpected("; or >] after the attribute")
                    self.skip_item()
                    if self.position == before:
                        self.advance()
                if self.kind in (BLOCK_END, LET_END):
                    break
            self.expect(">]", ">] after the attributes")
            self.skip_separators()
        return result

    def attribute(self) -> tree.Attribute:
        start = self.start()
        target: str | None = None
        if (self.kind == NAME or self.kind in _ATTRIBUTE_TARGETS) and self.peek() == ":":
            target = self.token_text()
            self.advance()
            self.advance()
        written = self.named_type()
        argument: tree.Expression | None = None
        if self.kind not in (";", ">]", SEPARATOR) and self.kind in self.operands:
            argument = self.atomic_expression()
        return tree.Attribute(self.span_from(start), target, written, argument)

    # ------------------------------------------------------------ bindings

    def bindings(self, is_recursive: bool) -> list[tree.Binding]:
        """`f x = e and g y = e`"""
        return self.documented_bindings(None, [], is_recursive)

    def documented_bindings(
        self, documentation: str | None, attributes: list[tree.Attribute], is_recursive: bool
    ) -> list[tree.Binding]:
        """Bindings, the first with what stands before its `let`."""
        result = [self.binding(documentation, attributes)]
        while self.kind == "and":
            if not is_recursive:
                joined = "only those of `let rec` are joined by `and`"
                self.unexpected(
                    f"a `let` of its own; {joined}", "write `let rec`, or another `let`"
                )
            documentation = self.documentation()
            self.advance()
            result.append(self.binding(documentation, []))
        return result

    def modifiers(self) -> Modifiers:
        result = Modifiers()
        while True:
            kind = self.kind
            if kind in ("inline", "mutable") and result.access is not None:
                self.unexpected(f"a name; `{kind}` stands before `{result.access.value}`")
            if kind == "inline":
                result.is_inline = True
            elif kind == "mutable":
                result.is_mutable = True
            elif kind in ACCESS:
                result.access = ACCESS[kind]
            else:
                return result
            self.advance()

    def binding(self, documentation: str | None, attributes: list[tree.Attribute]) -> tree.Binding:
        """`inline access head : t = e`"""
        start = attributes[0].span.start if attributes else self.start()
        if self.kind == "[<":
            attributes = attributes + self.attributes()
        modifiers = self.modifiers()
        head = self.binding_head()
        return self.rest_of_binding(start, documentation, attributes, modifiers, head)

    def rest_of_binding(
        self,
        start: int,
        documentation: str | None,
        attributes: list[tree.Attribute],
        modifiers: Modifiers,
        head: tree.NameHead | tree.PatternHead,
    ) -> tree.Binding:
        """`: t = e`"""
        return_attributes: list[tree.Attribute] = []
        return_type: tree.TypeExpression | None = None
        if self.accept(":"):
            return_attributes = self.attributes() if self.kind == "[<" else []
            return_type = self.constrained_type()
        if self.kind == "=":
            self.advance()
            value = self.block("=")
        else:
            value = self.missing_value()
        return tree.Binding(
            self.span_from(start),
            attributes,
            documentation,
            modifiers.access,
            modifiers.is_inline,
            modifiers.is_mutable,
            head,
            return_attributes,
            return_type,
            value,
        )

    def missing_value(self) -> tree.Expression:
        """A binding without `=`: report, and skip what is left of it."""
        span = self.gap()
        self.unexpected("= and the value of the binding")
        while self.kind not in (LET_END, "in", BLOCK_END, END_OF_FILE, SEPARATOR):
            if self.kind == "=":
                self.advance()
                return self.block("=")
            self.advance_over()
            if self.kind == BLOCK_END:
                break
        return tree.ErrorExpression(span)

    def binding_head(self) -> tree.NameHead | tree.PatternHead:
        """A function or value name with its parameters, or a pattern."""
        start = self.start()
        kind = self.kind
        if kind not in (NAME, OPERATOR_NAME, ACTIVE_PATTERN) or self.peek() == ".":
            return self.pattern_head(start)
        position, last_end, errors = self.position, self.last_end, len(self.diagnostics)
        name = self.any_name()
        parameters = self.type_parameters() if self.at_type_arguments() else None
        if self.kind == "(" and self.peek() == NAME and self.peek(2) == "=":
            arguments: list[tree.Pattern] = []
        else:
            arguments = self.parameters()
        if self.kind in _PATTERN_OPERATORS or self.kind == "(":
            self.rewind(position, last_end, errors)
            return self.pattern_head(start)
        return tree.NameHead(self.span_from(start), name, parameters, arguments)

    def pattern_head(self, start: int) -> tree.PatternHead:
        pattern = self.pattern()
        return tree.PatternHead(self.span_from(start), pattern)

    def parameters(self) -> list[tree.Pattern]:
        """Curried parameters."""
        result: list[tree.Pattern] = []
        while self.kind in ATOMIC_PATTERN_START or self.at_negative_number():
            result.append(self.atomic_pattern())
        return result
