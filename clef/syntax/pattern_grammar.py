"""The grammar of patterns.

Comes in: a cursor before a pattern. Goes out: pattern nodes. Promises: from loosest to tightest:
`as`, `|`, `,`, `:`, `&`, `::`, a case with its arguments, atoms; types are only read inside
parentheses.
"""

# `kind` changes with every `advance`, which the type checker cannot see when it narrows.
# pyright: reportUnnecessaryComparison=false, reportUnnecessaryContains=false

from __future__ import annotations

from typing import Final

from clef.diagnostics import syntax as problems
from clef.syntax import tree
from clef.syntax.constraint_grammar import ConstraintGrammar
from clef.syntax.tokens import (
    ACTIVE_PATTERN,
    CHAR,
    NAME,
    NUMBER,
    OPERATOR_NAME,
    SEPARATOR,
    STRING,
)

ACCESS: Final = {
    "public": tree.Access.PUBLIC,
    "internal": tree.Access.INTERNAL,
    "private": tree.Access.PRIVATE,
}
ATOMIC_PATTERN_START: Final = frozenset(
    (
        NAME,
        NUMBER,
        STRING,
        CHAR,
        OPERATOR_NAME,
        ACTIVE_PATTERN,
        "_",
        "(",
        "[",
        "[|",
        "{",
        "null",
        "true",
        "false",
        "struct",
        "?",
        "global",
        "[<",
    )
)


class PatternGrammar(ConstraintGrammar):
    """Patterns."""

    def literal(self, is_negative: bool = False) -> tree.Constant:
        """The literal at the cursor."""
        raise NotImplementedError

    def pattern(self, in_parentheses: bool = False) -> tree.Pattern:
        """`p as q`"""
        start = self.start()
        if not self.enter():
            self.skip_item()
            return tree.ErrorPattern(self.span_from(start))
        result = self.alternatives(in_parentheses)
        while self.kind == "as":
            self.advance()
            alias = self.applied()
            result = tree.AsPattern(self.span_from(start), result, alias)
            result = self.after_alias(start, result, in_parentheses)
        self.leave()
        return result

    def after_alias(self, start: int, left: tree.Pattern, in_parentheses: bool) -> tree.Pattern:
        """An operator after `p as x` has all of that on its left, loose as `as` is."""
        if in_parentheses and self.kind == ":":
            self.advance()
            left = tree.TypedPattern(self.span_from(start), left, self.constrained_type())
        if self.kind == "::":
            self.advance()
            tail = self.cons()
            left = tree.ConsPattern(self.span_from(start), left, tail)
        if self.kind == "&":
            left = self.conjunction_after(start, left)
        if self.kind == ",":
            elements = [left]
            while self.accept(","):
                elements.append(self.typed_pattern(in_parentheses))
            left = tree.TuplePattern(self.span_from(start), elements)
        if self.kind == "|":
            self.advance()
            rest = self.alternatives(in_parentheses)
            left = tree.OrPattern(self.span_from(start), [left, rest])
        return left

    def alternatives(self, in_parentheses: bool) -> tree.Pattern:
        """`p | q`"""
        start = self.start()
        first = self.tuple_pattern(in_parentheses)
        if self.kind != "|":
            return first
        found = [first]
        while self.accept("|"):
            found.append(self.tuple_pattern(in_parentheses))
        return tree.OrPattern(self.span_from(start), found)

    def tuple_pattern(self, in_parentheses: bool) -> tree.Pattern:
        """`p, q`"""
        start = self.start()
        first = self.typed_pattern(in_parentheses)
        if self.kind != ",":
            return first
        elements = [first]
        while self.accept(","):
            elements.append(self.typed_pattern(in_parentheses))
        return tree.TuplePattern(self.span_from(start), elements)

    def typed_pattern(self, in_parentheses: bool) -> tree.Pattern:
        """`[<A>] p : T`, inside parentheses and in the rules of a match."""
        start = self.start()
        if self.kind == "[<":
            attributes = self.attributes()
            inner = self.typed_pattern(in_parentheses)
            return tree.AttributedPattern(self.span_from(start), attributes, inner)
        result = self.conjunction(in_parentheses)
        while in_parentheses and self.kind == ":":
            self.advance()
            written = self.constrained_type()
            result = tree.TypedPattern(self.span_from(start), result, written)
            if self.kind == "&":
                result = self.conjunction_after(start, result)
        return result

    def conjunction(self, in_parentheses: bool) -> tree.Pattern:
        """`p & q`"""
        start = self.start()
        first = self.cons(in_parentheses)
        return self.conjunction_after(start, first) if self.kind == "&" else first

    def conjunction_after(self, start: int, first: tree.Pattern) -> tree.Pattern:
        found = [first]
        while self.accept("&"):
            found.append(self.cons())
        return tree.AndPattern(self.span_from(start), found)

    def cons(self, in_parentheses: bool = False) -> tree.Pattern:
        """`p :: q`, to the right; `p: T :: q` gives a head its type."""
        parts = [self.applied()]
        while True:
            if in_parentheses and self.kind == ":":
                self.advance()
                written = self.constrained_type()
                if self.kind != "::":  # the type of all of it
                    whole = _chained(parts)
                    span = parts[0].span.to(written.span)
                    return tree.TypedPattern(span, whole, written)
                span = parts[-1].span.to(written.span)
                parts[-1] = tree.TypedPattern(span, parts[-1], written)
            if not self.accept("::"):
                return _chained(parts)
            parts.append(self.applied())

    def applied(self) -> tree.Pattern:
        """`Case p q`, `:? T`, or an atom."""
        start = self.start()
        kind = self.kind
        if kind == ":?":
            self.advance()
            written = self.application_type()
            return tree.TypeTestPattern(self.span_from(start), written)
        if kind in ACCESS:
            self.advance()
            variable = self.any_name()
            return tree.NamedPattern(variable.span, variable, access=ACCESS[kind])
        if kind not in (NAME, ACTIVE_PATTERN, OPERATOR_NAME, "global"):
            return self.atomic_pattern()
        name = self.pattern_name()
        type_arguments: list[tree.TypeExpression] = []
        if self.kind == "<" and self.is_adjacent():
            type_arguments = self.type_arguments()
        fields = self.named_fields()
        arguments: list[tree.Pattern] = []
        while self.kind in ATOMIC_PATTERN_START or self.at_negative_number():
            arguments.append(self.atomic_pattern())
        return self.case(start, name, arguments, fields, type_arguments)

    def case(
        self,
        start: int,
        name: tree.LongName,
        arguments: list[tree.Pattern],
        fields: list[tree.FieldPattern],
        type_arguments: list[tree.TypeExpression],
    ) -> tree.Pattern:
        """A lone simple name is a NamedPattern, all else a ConstructorPattern."""
        if not arguments and not fields and not type_arguments and len(name.parts) == 1:
            return tree.NamedPattern(name.span, name.parts[0])
        span = self.span_from(start)
        return tree.ConstructorPattern(span, name, arguments, fields, type_arguments)

    def pattern_name(self) -> tree.LongName:
        """`A.B.C`, or an operator or active pattern."""
        if self.kind in (ACTIVE_PATTERN, OPERATOR_NAME):
            operator = self.operator_name()
            return tree.LongName(operator.span, [operator])
        return self.long_operator_name()

    def named_fields(self) -> list[tree.FieldPattern]:
        """`(field = p; other = q)` after a case."""
        if self.kind != "(" or self.peek() != NAME or self.peek(2) != "=":
            return []
        self.advance()
        fields = self.field_patterns(")")
        self.expect(")", ") after the fields of the case")
        return fields

    def field_patterns(self, closer: str) -> list[tree.FieldPattern]:
        """`A.B = p; C = q`"""
        fields: list[tree.FieldPattern] = []
        while self.kind not in (closer, "end of file"):
            start = self.start()
            if self.kind == "_":
                self.advance()
            else:
                name = self.long_name("the name of a field")
                if not self.expect("=", "= after the name of the field"):
                    self.skip_item()
                else:
                    inner = self.pattern(True)
                    fields.append(tree.FieldPattern(self.span_from(start), name, inner))
            if self.kind not in (";", ",", SEPARATOR):
                break
            while self.kind in (";", ",", SEPARATOR):
                self.advance()
        return fields

    def at_negative_number(self) -> bool:
        """`-1`, the minus touching the number."""
        return self.kind == "-" and self.peek() == NUMBER and self.next_is_adjacent()

    def atomic_pattern(self) -> tree.Pattern:
        """A pattern that can be an argument."""
        start = self.start()
        kind = self.kind
        if kind == NAME or kind == "global":
            name = self.pattern_name()
            return self.case(start, name, [], [], [])
        if kind == "_":
            self.advance()
            return tree.WildcardPattern(self.span_from(start))
        if kind == "(":
            return self.parenthesised_pattern()
        if kind in (NUMBER, STRING, CHAR, "true", "false"):
            return tree.ConstantPattern(self.here(), self.literal())
        if kind in (ACTIVE_PATTERN, OPERATOR_NAME):
            name = self.pattern_name()
            return self.case(start, name, [], [], [])
        if kind in ("[", "[|"):
            return self.list_pattern()
        if kind == "{":
            self.advance()
            fields = self.field_patterns("}")
            self.expect("}", "} after the fields")
            return tree.RecordPattern(self.span_from(start), fields)
        return self.rare_pattern(start)

    def rare_pattern(self, start: int) -> tree.Pattern:
        """`null`, `?x`, `-1`, `struct (p, q)`, attributes."""
        kind = self.kind
        if kind == "null":
            self.advance()
            return tree.NullPattern(self.span_from(start))
        if kind == "?" and self.peek() == NAME:
            self.advance()
            name = self.take_name()
            return tree.OptionalPattern(self.span_from(start), name)
        if kind == "-" and self.peek() == NUMBER:
            self.advance()
            constant = self.literal(True)
            constant.span = self.span_from(start)
            return tree.ConstantPattern(constant.span, constant)
        if kind == "struct" and self.peek() == "(":
            self.advance()
            self.advance()
            inner = self.pattern(True)
            self.expect(")", ") after the struct tuple")
            elements = inner.elements if isinstance(inner, tree.TuplePattern) else [inner]
            return tree.TuplePattern(self.span_from(start), elements, True)
        if kind == "[<":
            attributes = self.attributes()
            inner = self.atomic_pattern()
            return tree.AttributedPattern(self.span_from(start), attributes, inner)
        self.report(problems.MissingPattern(self.where_missing(), self.describe()))
        if kind in ATOMIC_PATTERN_START:
            self.advance()  # a lone `struct` or `?`: whoever collects patterns must get past it
        return tree.ErrorPattern(self.span_from(start))

    def parenthesised_pattern(self) -> tree.Pattern:
        """`()` or `(p)`"""
        start = self.start()
        self.advance()
        self.skip_separators()
        if self.accept(")"):
            span = self.span_from(start)
            unit = tree.Constant(span, None, tree.LiteralKind.UNIT)
            return tree.ConstantPattern(span, unit)
        self.accept("|")
        inner = self.pattern(True)
        self.skip_separators()
        if self.kind != ")":
            self.unexpected(") after the pattern")
            self.skip_item()
        self.accept(")")
        return tree.ParenPattern(self.span_from(start), inner)

    def list_pattern(self) -> tree.Pattern:
        """`[p; q]` or `[|p; q|]`"""
        start = self.start()
        is_array = self.kind == "[|"
        closer = "|]" if is_array else "]"
        self.advance()
        elements: list[tree.Pattern] = []
        self.skip_separators()
        while self.kind != closer:
            elements.append(self.pattern(True))
            if self.kind not in (";", SEPARATOR):
                break
            while self.kind in (";", SEPARATOR):
                self.advance()
        if self.kind != closer:
            self.unexpected(f"; or {closer} in the pattern")
            self.skip_item()
        self.accept(closer)
        span = self.span_from(start)
        return tree.ArrayPattern(span, elements) if is_array else tree.ListPattern(span, elements)


def _chained(parts: list[tree.Pattern]) -> tree.Pattern:
    """The heads and the tail of a list as one pattern."""
    result = parts[-1]
    for head in reversed(parts[:-1]):
        is_missing = head.span.start == head.span.end  # and is said to be behind what stands before
        span = result.span if is_missing else head.span.to(result.span)
        result = tree.ConsPattern(span, head, result)
    return result
