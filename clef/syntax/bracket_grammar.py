"""The grammar of brackets: parentheses, lists, arrays, records, computations, object expressions,
quotations.

Comes in: a cursor at an opening bracket or at a keyword with one. Goes out: expression nodes.
Promises: a list is a literal when all its items are plain, and a comprehension when some item can
yield by itself; `{` is a record, a copy, an object expression or a block by its first tokens alone.
"""

# `kind` changes with every `advance`, which the type checker cannot see when it narrows.
# pyright: reportUnnecessaryComparison=false, reportUnnecessaryContains=false

from __future__ import annotations

from clef.diagnostics import syntax as problems
from clef.syntax import tree
from clef.syntax.list_items import can_yield
from clef.syntax.loop_grammar import LoopGrammar
from clef.syntax.operator_grammar import ARGUMENT_START
from clef.syntax.tokens import BLOCK_BEGIN, NAME, SEPARATOR, STRING, TYPE_VARIABLE


class BracketGrammar(LoopGrammar):
    """Brackets."""

    def close_bracket(self, closer: str) -> None:
        """The closing bracket, after reporting what stands before it."""
        self.skip_separators()
        if self.kind != closer:
            self.unexpected(closer)
            self.skip_item()
            while self.kind in (SEPARATOR, ";"):
                self.advance()
                self.skip_item()
        self.accept(closer)

    # ------------------------------------------------------------ parentheses

    def parentheses(self) -> tree.Expression:
        """`()`, `(e)`, `(^a : (member ...) e)`"""
        start = self.start()
        self.advance()
        self.skip_separators()
        if self.kind == ")":
            self.advance()
            return tree.Constant(self.span_from(start), None, tree.LiteralKind.UNIT)
        if self.at_trait_call():
            return self.trait_call(start)
        if self.kind == "#" and self.peek() == STRING:
            return self.seen_as(start)
        inner = self.sequence("(")
        self.close_bracket(")")
        return tree.Paren(self.span_from(start), inner)

    def seen_as(self, start: int) -> tree.Expression:
        """`(# "" e : t #)`: the instructions of .NET for nothing, so `unbox (box e) : t`."""
        self.advance()
        if self.token_text() != '""':
            self.unexpected('the empty string ""')
        self.advance()
        span = self.here()
        inner = self.item()
        given = inner.expression if isinstance(inner, tree.Typed) else inner
        for function in ("box", "unbox"):
            path = ("Microsoft", "FSharp", "Core", "Operators", function)
            name = tree.LongName(span, [tree.Name(span, part, part) for part in path])
            given = tree.Application(inner.span, tree.Identifier(span, name), given)
        if isinstance(inner, tree.Typed):
            given = tree.Typed(inner.span, given, inner.type)
        self.expect("#", "# before )")
        self.close_bracket(")")
        return tree.Paren(self.span_from(start), given)

    def begin_end(self) -> tree.Expression:
        """`begin e end`"""
        start = self.start()
        self.advance()
        self.skip_separators()
        if self.accept("end"):
            return tree.Constant(self.span_from(start), None, tree.LiteralKind.UNIT)
        inner = self.sequence("begin")
        self.close_bracket("end")
        return tree.Paren(self.span_from(start), inner)

    def at_trait_call(self) -> bool:
        """After `(`: a type variable, or several with `or`, and then a colon and a parenthesis."""
        if self.kind == "^":
            return self.peek() == NAME and self.peek(2) == ":"
        if self.kind == TYPE_VARIABLE:
            return self.peek() == ":" and self.peek(2) == "("
        return self.kind == "(" and (
            (self.peek() == "^" and self.peek(3) in ("or", ")"))
            or (self.peek() == TYPE_VARIABLE and self.peek(2) in ("or", ")"))
        )

    def trait_call(self, start: int) -> tree.Expression:
        types = self.constraint_subjects()
        self.expect(":", ": after the type variables")
        self.expect("(", "( before the member")
        member = self.member_signature()
        self.expect(")", ") after the member")
        if self.kind == ")":
            argument: tree.Expression = tree.Constant(self.gap(), None, tree.LiteralKind.UNIT)
        else:
            argument = self.sequence("the member")
        self.close_bracket(")")
        return tree.TraitCall(self.span_from(start), types, member, argument)

    def struct_tuple(self) -> tree.Expression:
        """`struct (a, b)` or `struct {| ... |}`"""
        start = self.start()
        self.advance()
        if self.kind == "{|":
            record = self.anonymous_record()
            if isinstance(record, tree.AnonymousRecord):
                record.is_struct = True
            record.span = self.span_from(start)
            return record
        if not self.expect("(", "( after struct"):
            return tree.ErrorExpression(self.span_from(start))
        inner = self.sequence("(")
        self.close_bracket(")")
        elements = inner.elements if isinstance(inner, tree.Tuple) else [inner]
        return tree.Tuple(self.span_from(start), elements, True)

    def quotation(self) -> tree.Expression:
        """`<@ e @>`"""
        start = self.start()
        is_raw = self.kind == "<@@"
        self.advance()
        body = self.sequence("the quotation mark")
        self.close_bracket("@@>" if is_raw else "@>")
        return tree.Quote(self.span_from(start), body, is_raw)

    # ------------------------------------------------------------ lists

    def list_expression(self) -> tree.Expression:
        """`[ ... ]` or `[| ... |]`"""
        start = self.start()
        is_array = self.kind == "[|"
        closer = "|]" if is_array else "]"
        self.advance()
        items = self.untyped_items(closer)
        self.close_bracket(closer)
        return self.finish_list(start, items, is_array)

    def untyped_items(self, closer: str) -> list[tree.Expression]:
        """Items of a list or of braces: those with a type stand in parentheses."""
        items = self.items()
        for item in items:
            self.demand_untyped(item, f"; or {closer}")
        return items

    def list_after(self, start: int, items: list[tree.Expression]) -> tree.Expression:
        """The rest of a list of which some items have been read."""
        is_next_line = self.kinds[self.position - 1] == SEPARATOR
        if items and not is_next_line and self.kind not in ("]", SEPARATOR, ";"):
            self.unexpected("] or ;")
            self.skip_item()
        items = items + self.untyped_items("]")
        self.close_bracket("]")
        return self.finish_list(start, items, False)

    def finish_list(
        self, start: int, items: list[tree.Expression], is_array: bool
    ) -> tree.Expression:
        """A literal, or a comprehension when some item is more than a plain element."""
        if any(can_yield(item) for item in items):
            body = self.join(items)
            span = self.span_from(start)
            if is_array:
                return tree.ArrayComprehension(span, body)
            return tree.ListComprehension(span, body)
        span = self.span_from(start)
        return tree.ArrayLiteral(span, items) if is_array else tree.ListLiteral(span, items)

    # ------------------------------------------------------------ braces

    def braces(self) -> tree.Expression:
        """`{ ... }`"""
        start = self.start()
        self.advance()
        self.skip_separators()
        kind = self.kind
        if kind == "new":
            return self.object_expression(start)
        if kind == "inherit":
            return self.inheriting_record(start)
        if kind == "}":
            self.advance()
            return tree.Record(self.span_from(start), [])
        if kind == NAME and self.at_record_field():
            fields = self.record_fields("}")
            self.close_bracket("}")
            return tree.Record(self.span_from(start), fields)
        return self.copy_or_computation(start)

    def at_record_field(self) -> bool:
        """`A.B =`, perhaps with type arguments or a plain `A =`."""
        kinds = self.kinds
        position = self.position + 1
        while kinds[position] == "." and kinds[position + 1] == NAME:
            position += 2
        return kinds[position] == "="

    def copy_or_computation(self, start: int) -> tree.Expression:
        items = self.untyped_items("}")
        if self.kind == "with" and len(items) == 1:
            self.advance()
            fields = self.record_fields("}")
            self.demand_fields(fields)
            self.close_bracket("}")
            return tree.Record(self.span_from(start), fields, items[0])
        body = self.join(items) if items else self.missing_expression("{")
        self.close_bracket("}")
        return tree.ComputationBlock(self.span_from(start), body)

    def record_fields(self, *closers: str) -> list[tree.RecordField]:
        """`A = e; B.C = f`"""
        fields: list[tree.RecordField] = []
        while True:
            while self.kind in (SEPARATOR, ";"):
                self.advance()
            if self.kind != NAME and self.kind != "global":
                return fields
            start = self.start()
            name = self.long_name()
            if self.expect("=", "= after the name of the field"):
                value = self.block("=") if self.kind == BLOCK_BEGIN else self.field_value()
            else:
                value = tree.ErrorExpression(self.gap())
            fields.append(tree.RecordField(self.span_from(start), name, value))
            if self.kind not in (SEPARATOR, ";", *closers):
                self.unexpected(f"; or {closers[-1]} after the field")
                self.skip_item()

    def demand_fields(self, fields: list[tree.RecordField]) -> None:
        """A copy has at least one field that differs."""
        if not fields:
            self.unexpected("a field that differs, such as `A = 1`")

    def field_value(self) -> tree.Expression:
        """An expression; one with a type stands in parentheses."""
        return self.right_operand(0, "=")

    def inheriting_record(self, start: int) -> tree.Expression:
        """`{ inherit B(x); a = 1 }`"""
        inherit = self.inherit()
        fields = self.record_fields("}")
        self.close_bracket("}")
        return tree.Record(self.span_from(start), fields, None, inherit)

    def inherit(self) -> tree.Inherit:
        """`inherit T(argument)`"""
        start = self.start()
        self.advance()
        written = self.atomic_type()
        argument: tree.Expression | None = None
        if self.kind in self.operands and self.kind != SEPARATOR:
            argument = self.atomic_expression()
        return tree.Inherit(self.span_from(start), written, argument)

    def anonymous_record(self) -> tree.Expression:
        """`{| A = e |}`, `{| e with A = f |}`"""
        start = self.start()
        self.advance()
        self.skip_separators()
        source: tree.Expression | None = None
        fields: list[tree.RecordField] = []
        if self.kind == NAME and self.at_record_field():
            fields = self.record_fields("|}")
        elif self.kind != "|}":
            source = self.expression()
            if self.expect("with", "with after what is copied"):
                fields = self.record_fields("|}")
                self.demand_fields(fields)
        self.close_bracket("|}")
        return tree.AnonymousRecord(self.span_from(start), fields, source)

    # ------------------------------------------------------------ objects

    def new(self) -> tree.Expression:
        """`new T(e)`"""
        start = self.start()
        self.advance()
        written = self.atomic_type()
        if self.kind in ARGUMENT_START:
            argument = self.atomic_expression()
        else:
            self.unexpected("( after the type of the new object")
            argument = tree.ErrorExpression(self.gap())
        return tree.New(self.span_from(start), written, argument)

    def object_expression(self, start: int) -> tree.Expression:
        """`{ new T(e) as self with members interface I with members }`"""
        self.advance()
        written = self.atomic_type()
        argument: tree.Expression | None = None
        if self.kind == "(":
            argument = self.parentheses()
        self_name = self.name() if self.accept("as") else None
        members: list[tree.Member] = []
        if self.accept("with"):
            if self.kind == NAME and argument is None:
                return self.typed_record(start, written)
            members = self.members()
            self.demand_plain(members)
            self.demand_no_fields(members)
            self.accept("end")
        interfaces: list[tree.InterfaceImplementation] = []
        for member in list(members):
            if isinstance(member, tree.InterfaceMember):
                members.remove(member)
                interfaces.append(member.implementation)
        self.close_bracket("}")
        span = self.span_from(start)
        return tree.ObjectExpression(span, written, argument, self_name, members, interfaces)

    def demand_no_fields(self, members: list[tree.Member]) -> None:
        """An object expression keeps nothing of its own."""
        for member in members:
            if isinstance(member, tree.AutoPropertyMember):
                hint = "a member with a body; what is kept is bound by `let` in front of the object"
                self.report(problems.UnexpectedToken(member.span, "keyword val", hint))

    def demand_plain(self, members: list[tree.Member]) -> None:
        """What implements a slot is as visible as that, and never inline."""
        for member in members:
            if isinstance(member, tree.ConstructorMember):
                hint = "a member; only types have constructors"
                self.report(problems.UnexpectedToken(member.span, "keyword new", hint))
            if not isinstance(member, tree.MethodMember):
                continue
            binding = member.binding
            if binding.is_inline or binding.access is not None:
                word = binding.access.value if binding.access is not None else "inline"
                hint = "the name; it is as visible as what it implements, and never inline"
                found = f"keyword {word}"
                self.report(problems.UnexpectedToken(binding.head.span, found, hint))

    def typed_record(self, start: int, written: tree.TypeExpression) -> tree.Expression:
        """The rest of `{ new R with A = e and B = f }`, a record by the name of its type."""
        fields: list[tree.RecordField] = []
        while True:
            fields.extend(self.record_fields("and", "}"))
            if not self.accept("and"):
                break
        self.close_bracket("}")
        span = self.span_from(start)
        return tree.Typed(span, tree.Record(span, fields), written)

    # ------------------------------------------------------------ small operands

    def accessor_lambda(self) -> tree.Expression:
        """`_.Name`"""
        start = self.start()
        self.advance()
        target = tree.AccessorParameter(self.span_from(start))
        if self.kind != ".":
            hint = "an expression; _ stands only in patterns and before a dot"
            self.report(problems.UnexpectedToken(target.span, "_", hint))
            return tree.ErrorExpression(target.span)
        body = self.postfix(start, target)
        return tree.AccessorLambda(self.span_from(start), body)

    def type_reference(self) -> tree.Expression:
        """`'T` before a dot."""
        start = self.start()
        written = self.variable_type()
        if self.kind != ".":
            quoted = self.text[self.last_end - 1] == "'"
            advice = "text of several characters stands in double quotes" if quoted else None
            self.unexpected(". and a member after the type variable", advice)
        return tree.TypeReference(self.span_from(start), written)

    def null(self) -> tree.Expression:
        span = self.here()
        self.advance()
        return tree.NullLiteral(span)

    def base(self) -> tree.Expression:
        span = self.here()
        self.advance()
        return tree.Base(span)

    def operand_block(self) -> tree.Expression:
        """A block that an infix operator opened."""
        return self.block("the operator")
