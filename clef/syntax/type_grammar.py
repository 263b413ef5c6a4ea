"""The grammar of types.

Comes in: a cursor before a type. Goes out: type nodes. Promises: every method consumes what it
returned a node for, and reports when there is no type.
"""

# `kind` changes with every `advance`, which the type checker cannot see when it narrows.
# pyright: reportUnnecessaryComparison=false, reportUnnecessaryContains=false

from __future__ import annotations

from typing import Final

from clef.diagnostics import syntax as problems
from clef.source import Span
from clef.syntax import tree
from clef.syntax.measure_grammar import TYPE_START, MeasureGrammar
from clef.syntax.tokens import (
    ADD,
    CONCATENATE,
    MULTIPLY,
    NAME,
    NUMBER,
    SEPARATOR,
    STRING,
    TYPE_VARIABLE,
)

# Tokens to look ahead for the end of type arguments, so that hostile input stays linear.
_LONGEST_TYPE_ARGUMENTS: Final = 500
_DEEPEST_TYPE_ARGUMENTS: Final = 40


class TypeGrammar(MeasureGrammar):
    """Types."""

    def type_expression(self) -> tree.TypeExpression:
        """A type without constraints: functions, tuples, applications."""
        return self.function_type(False)

    def constrained_type(self, with_names: bool = False) -> tree.TypeExpression:
        """A type, perhaps `'a :> T`, perhaps with `when` constraints."""
        start = self.start()
        written = self.function_type(with_names)
        if self.kind == ":>" and isinstance(written, tree.VariableType):
            self.advance()
            bound = self.function_type(False)
            span = self.span_from(start)
            kind = tree.ConstraintKind.SUBTYPE
            constraint = tree.Constraint(span, kind, [written], [bound])
            written = tree.ConstrainedType(span, written, [constraint])
        if self.kind == "when":
            constraints = self.constraints()
            written = tree.ConstrainedType(self.span_from(start), written, constraints)
        return written

    def function_type(self, with_names: bool) -> tree.TypeExpression:
        """`t -> u`; parameters may have names in signatures."""
        start = self.start()
        if not self.enter():
            self.skip_item()
            return tree.ErrorType(self.span_from(start))
        parts = [self.tuple_type(with_names)]
        while self.kind == "->":
            self.advance()
            parts.append(self.tuple_type(with_names))
        self.leave()
        result = parts.pop()
        while parts:
            parameter = parts.pop()
            result = tree.FunctionType(parameter.span.to(result.span), parameter, result)
        return result

    def tuple_type(self, with_names: bool) -> tree.TypeExpression:
        """`t * u`, and for measures `t / u`."""
        start = self.start()
        if self.kind == MULTIPLY and self.token_text() == "/":
            self.advance()
            denominator = self.application_type()
            quotient = tree.MeasureQuotient(self.span_from(start), None, denominator)
            elements: list[tree.TypeExpression] = [quotient]
        else:
            elements = [self.parameter_type(with_names)]
        while self.kind == "*" or self.kind == MULTIPLY:
            if self.kind == "*":
                self.advance()
                elements.append(self.parameter_type(with_names))
            elif self.token_text() == "/":
                self.advance()
                numerator = self.tuple_of(start, list(elements))
                denominator = self.application_type()
                span = self.span_from(start)
                elements.clear()
                elements.append(tree.MeasureQuotient(span, numerator, denominator))
            else:
                break
        return self.tuple_of(start, elements)

    def tuple_of(self, start: int, elements: list[tree.TypeExpression]) -> tree.TypeExpression:
        if len(elements) == 1:
            return elements[0]
        return tree.TupleType(self.span_from(start), elements)

    def parameter_type(self, with_names: bool) -> tree.TypeExpression:
        """`[<A>] ?name: t` in signatures, else a type."""
        if not with_names:
            return self.application_type()
        start = self.start()
        attributes = self.attributes() if self.kind == "[<" else []
        is_optional = self.kind == "?" and self.peek() == NAME and self.peek(2) == ":"
        if is_optional:
            self.advance()
        name: tree.Name | None = None
        if self.kind == NAME and self.peek() == ":":
            name = self.take_name()
            self.advance()
        written = self.application_type()
        if name is None and not attributes:
            return written
        return tree.ParameterType(self.span_from(start), attributes, name, is_optional, written)

    # ------------------------------------------------------------ applications

    def application_type(self) -> tree.TypeExpression:
        """An atomic type with what follows: `list`, `[]`, `^2`, `| null`, `& #I`."""
        start = self.start()
        written = self.atomic_type()
        while True:
            kind = self.kind
            if kind == NAME:
                name = self.long_name()
                arguments = [written]
                if isinstance(written, _SeveralTypes):
                    arguments = written.types
                written = tree.NamedType(self.span_from(start), name, arguments, True)
            elif kind == "[" and self.peek() in ("]", ","):
                written = self.array_type(start, written)
            elif kind in ("^", CONCATENATE):
                if not self.at_power():
                    break
                written = self.power(start, written)
            elif kind == TYPE_VARIABLE and not isinstance(written, _SeveralTypes):
                # Only measures stand side by side like this; inference refuses other types.
                factors = [written, self.measure_factor()]
                written = tree.MeasureProduct(self.span_from(start), factors)
            elif kind == "|" and self.peek() == "null":
                self.advance()
                self.advance()
                written = tree.NullableType(self.span_from(start), written)
            elif kind == "&" and (
                self.peek() == "#"
                or (
                    isinstance(written, (tree.FlexibleType, tree.VariableType))
                    and self.peek() in (NAME, TYPE_VARIABLE)
                )
            ):
                written = self.intersection(start, written)
            else:
                break
        if isinstance(written, _SeveralTypes):
            self.unexpected("a type name after the types in parentheses")
            return tree.ErrorType(written.span)
        return written

    def array_type(self, start: int, element: tree.TypeExpression) -> tree.TypeExpression:
        self.advance()
        rank = 1
        while self.accept(","):
            rank += 1
        self.expect("]", "] after the commas of an array type")
        return tree.ArrayType(self.span_from(start), element, rank)

    def intersection(self, start: int, first: tree.TypeExpression) -> tree.TypeExpression:
        types = [first]
        while self.accept("&"):
            types.append(self.atomic_type())
        return tree.IntersectionType(self.span_from(start), types)

    def atomic_type(self) -> tree.TypeExpression:
        """A type without operators."""
        start = self.start()
        kind = self.kind
        if kind == NAME or kind == "global":
            return self.named_type()
        if kind == TYPE_VARIABLE or kind == "^":
            return self.variable_type()
        if kind == "_":
            self.advance()
            return tree.AnonymousType(self.span_from(start))
        if kind == "(":
            return self.parenthesised_type()
        if kind == "#":
            return self.flexible_type()
        if kind == "struct":
            return self.struct_type()
        if kind == "{|":
            return self.anonymous_record_type(start, False)
        if kind == NUMBER and self.token_text() == "1":
            self.advance()
            return tree.MeasureOne(self.span_from(start))
        if kind == "const":
            self.advance()
            value = self.atomic_expression()
            return tree.ConstantType(self.span_from(start), value)
        if kind in (NUMBER, STRING, "true", "false", "null"):
            value = self.atomic_expression()
            return tree.ConstantType(self.span_from(start), value)
        self.report(problems.MissingType(self.where_missing(), self.describe()))
        return tree.ErrorType(self.span_from(start))

    def flexible_type(self) -> tree.TypeExpression:
        """`#t`"""
        start = self.start()
        self.advance()
        if not self.enter():
            self.skip_item()
            return tree.ErrorType(self.gap())
        inner = self.atomic_type()
        self.leave()
        return tree.FlexibleType(self.span_from(start), inner)

    def named_type(self) -> tree.TypeExpression:
        """`A.B<t>.C<u>`"""
        start = self.start()
        name = self.long_name("a type")
        arguments = self.type_arguments() if self.at_type_arguments() else []
        written: tree.TypeExpression = tree.NamedType(self.span_from(start), name, arguments)
        while self.kind == "." and self.peek() == NAME:
            self.advance()
            name = self.long_name()
            arguments = self.type_arguments() if self.at_type_arguments() else []
            written = tree.NestedType(self.span_from(start), written, name, arguments)
        return written

    def at_type_arguments(self) -> bool:
        if self.kind == "<":
            return True
        return self.kind == "=op" and self.token_text() in ("<>", "<^")

    def type_arguments(self) -> list[tree.TypeExpression]:
        """`<t, Name = u>`"""
        if self.kind == "=op" and self.token_text() == "<>":
            self.advance()
            return []
        self.open_angle()
        arguments: list[tree.TypeExpression] = []
        while not self.at_close_angle():
            self.skip_separators()
            arguments.append(self.type_argument())
            self.skip_separators()
            if not self.accept(","):
                break
        self.close_angle()
        return arguments

    def type_argument(self) -> tree.TypeExpression:
        start = self.start()
        if self.kind == NAME and self.peek() == "=":
            name = self.take_name()
            self.advance()
            written = self.type_expression()
            return tree.NamedStaticArgument(self.span_from(start), name, written)
        return self.constrained_type()

    def variable_type(self) -> tree.TypeExpression:
        """`'a` or `^a`"""
        start = self.start()
        is_head = self.kind == "^"
        name = self.type_variable_name()
        return tree.VariableType(self.span_from(start), name, is_head)

    def type_variable_name(self) -> tree.Name:
        """The name of `'a` or `^a`, without the quote."""
        if self.accept("^"):
            return self.name("the name of a type variable")
        span = self.here()
        text = self.token_text()[1:]
        if text[0] == "`":
            text = text[2:-2]
        self.advance()
        return tree.Name(span, text, text)

    def parenthesised_type(self) -> tree.TypeExpression:
        """`(t)`, or `(t, u)` before a type name."""
        start = self.start()
        self.advance()
        inner = self.constrained_type(True)
        if self.kind == ",":
            types = [inner]
            while self.accept(","):
                types.append(self.constrained_type())
            self.expect(")", ") after the types")
            return _SeveralTypes(self.span_from(start), types)
        self.expect(")", ") after the type")
        return tree.ParenType(self.span_from(start), inner)

    def struct_type(self) -> tree.TypeExpression:
        """`struct (t * u)` or `struct {| ... |}`"""
        start = self.start()
        self.advance()
        if self.kind == "{|":
            return self.anonymous_record_type(start, True)
        self.expect("(", "( after struct")
        inner = self.type_expression()
        self.expect(")", ") after the type")
        elements = inner.elements if isinstance(inner, tree.TupleType) else [inner]
        return tree.TupleType(self.span_from(start), elements, True)

    def anonymous_record_type(self, start: int, is_struct: bool) -> tree.TypeExpression:
        """`{| A: t; B: u |}`"""
        self.advance()
        fields: list[tree.AnonymousRecordTypeField] = []
        while self.kind == NAME:
            begin = self.start()
            name = self.take_name()
            self.expect(":", ": after the name of a field")
            written = self.constrained_type()
            fields.append(tree.AnonymousRecordTypeField(self.span_from(begin), name, written))
            while self.kind in (";", SEPARATOR):
                self.advance()
        if not fields:
            self.unexpected("the fields of an anonymous record")
        self.expect("|}", "|} after the fields")
        return tree.AnonymousRecordType(self.span_from(start), fields, is_struct)

    # ------------------------------------------------------------ looking ahead

    def is_type_application(self) -> bool:
        """Whether the `<` at the cursor, which touches the name before it, opens type arguments:
        only tokens that types are made of stand before its `>`."""
        kinds = self.kinds
        position = self.position + 1
        last = position + _LONGEST_TYPE_ARGUMENTS
        opened = ["<"]  # the brackets that are open, the innermost last
        while position < last and len(opened) < _DEEPEST_TYPE_ARGUMENTS:
            kind = kinds[position]
            if kind == "<" or (kind == "=op" and self.text_at(position) == "<^"):
                opened.append("<")
            elif kind == ">" or kind == "=op":
                text = self.text_at(position)
                closes = len(text) - len(text.lstrip(">"))
                for _ in range(closes):
                    if opened.pop() != "<":
                        return False
                    if not opened:
                        return True
                if closes < len(text):
                    return False
            elif kind in ("(", "["):
                opened.append(kind)
            elif kind in (")", "]"):
                if opened.pop() != _OPENERS[kind]:
                    return False
            elif kind in (MULTIPLY, CONCATENATE):
                if self.text_at(position) not in ("/", "^", "^-"):
                    return False
            elif kind not in _IN_TYPE_ARGUMENTS:
                return False
            position += 1
        return False

    def text_at(self, position: int) -> str:
        """The text of the token at a position."""
        place = self.places[position]
        return self.text[self.starts[place] : self.ends[place]]


_OPENERS = {")": "(", "]": "["}


class _SeveralTypes(tree.TypeExpression):
    """`(t, u)` until its type name is read; never leaves this module."""

    __slots__ = ("types",)

    def __init__(self, span: Span, types: list[tree.TypeExpression]) -> None:
        super().__init__(span)
        self.types = types


_IN_TYPE_ARGUMENTS: Final = TYPE_START | frozenset(
    (".", ",", "*", "->", ":", ":>", ";", "|}", "-", "|", "&", "=", CONCATENATE, ADD, "when", "and")
)
