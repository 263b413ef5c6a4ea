"""The grammar of type parameters and their constraints.

Comes in: a cursor before `<'a, …>` or `when`. Goes out: parameters and constraints. Promises: every
method consumes what it returned a node for, and reports when there is none.
"""

# `kind` changes with every `advance`, which the type checker cannot see when it narrows.
# pyright: reportUnnecessaryComparison=false, reportUnnecessaryContains=false

from __future__ import annotations

from typing import Final

from clef.syntax import tree
from clef.syntax.tokens import END_OF_FILE, NAME, SEPARATOR, TYPE_VARIABLE
from clef.syntax.type_grammar import TypeGrammar

_NAMED_CONSTRAINTS: Final = {
    "comparison": tree.ConstraintKind.COMPARISON,
    "equality": tree.ConstraintKind.EQUALITY,
    "unmanaged": tree.ConstraintKind.UNMANAGED,
    "enum": tree.ConstraintKind.ENUM,
    "delegate": tree.ConstraintKind.DELEGATE,
}


class ConstraintGrammar(TypeGrammar):
    """Type parameters and constraints."""

    def type_parameters(self) -> tree.TypeParameters:
        """`<'a, [<Measure>] 'u when ...>`"""
        start = self.start()
        self.open_angle()
        parameters: list[tree.TypeParameter] = []
        constraints: list[tree.Constraint] = []
        is_open = False
        while not self.at_close_angle():
            if self.kind == "..":
                self.advance()
                is_open = True
                break
            parameter = self.type_parameter()
            if parameter is None:
                break
            parameters.append(parameter)
            if self.kind == ":>":
                constraints.append(self.bound_of(parameter))
            while self.kind == "&":
                constraints.append(self.bound_of(parameter))
            if not self.accept(","):
                break
        if self.kind == "when":
            constraints.extend(self.constraints())
        self.close_angle()
        return tree.TypeParameters(self.span_from(start), parameters, constraints, is_open)

    def bound_of(self, parameter: tree.TypeParameter) -> tree.Constraint:
        """`:> T` or `& #T` directly after a type parameter."""
        if self.accept("&"):
            self.expect("#", "# and a type; all parts of an intersection are flexible")
            bound = self.atomic_type()
        else:
            self.advance()
            bound = self.type_expression()
        subject = tree.VariableType(parameter.span, parameter.name, parameter.is_head)
        span = self.span_from(parameter.span.start)
        return tree.Constraint(span, tree.ConstraintKind.SUBTYPE, [subject], [bound])

    def type_parameter(self) -> tree.TypeParameter | None:
        start = self.start()
        attributes = self.attributes() if self.kind == "[<" else []
        if self.kind not in (TYPE_VARIABLE, "^"):
            self.unexpected("a type parameter such as 'a")
            return None
        is_head = self.kind == "^"
        name = self.type_variable_name()
        return tree.TypeParameter(self.span_from(start), attributes, name, is_head)

    def constraints(self) -> list[tree.Constraint]:
        """`when c and d`"""
        self.advance()
        result = [self.constraint()]
        while self.kind == "and":
            self.advance()
            result.append(self.constraint())
        return result

    def constraint(self) -> tree.Constraint:
        """One constraint."""
        start = self.start()
        if self.accept("default"):
            subject = self.atomic_type()
            self.expect(":", ": in the constraint")
            bound = self.type_expression()
            kind = tree.ConstraintKind.DEFAULT
            return tree.Constraint(self.span_from(start), kind, [subject], [bound])
        subjects = self.constraint_subjects()
        if self.accept(":>"):
            bound = self.type_expression()
            kind = tree.ConstraintKind.SUBTYPE
            return tree.Constraint(self.span_from(start), kind, subjects, [bound])
        if self.accept(":"):
            return self.constraint_body(start, subjects)
        if isinstance(subjects[0], tree.VariableType):
            self.unexpected(": or :> in the constraint")
        return tree.Constraint(self.span_from(start), tree.ConstraintKind.SELF, subjects, [])

    def constraint_subjects(self) -> list[tree.TypeExpression]:
        """`'a`, `(^a or ^b)`, `(Witness or ^a)`, or a type."""
        if self.kind == "(" and (self.peek() in (TYPE_VARIABLE, "^") or self.at_alternatives()):
            self.advance()
            subjects = [self.application_type()]
            while self.accept("or"):
                subjects.append(self.application_type())
            self.expect(")", ") after the type variables")
            return subjects
        if self.kind in (TYPE_VARIABLE, "^"):
            return [self.variable_type()]
        return [self.application_type()]

    def at_alternatives(self) -> bool:
        """At the parenthesis of types with `or` between them."""
        distance, depth = 1, 1
        while depth and (kind := self.peek(distance)) not in (END_OF_FILE, SEPARATOR):
            if kind == "or" and depth == 1:
                return True
            depth += (kind in ("(", "<")) - (kind in (")", ">"))
            distance += 1
        return False

    def constraint_body(self, start: int, subjects: list[tree.TypeExpression]) -> tree.Constraint:
        """What follows the colon."""
        kind = self.kind
        if kind == "(":
            return self.member_constraint(start, subjects)
        if kind == "struct" or kind == "null":
            self.advance()
            what = tree.ConstraintKind.STRUCT if kind == "struct" else tree.ConstraintKind.NULL
            return tree.Constraint(self.span_from(start), what, subjects, [])
        word = self.token_text() if kind in (NAME, "delegate") else ""
        if word == "not":
            self.advance()
            what = tree.ConstraintKind.NOT_STRUCT
            if not self.accept("struct"):
                self.expect("null", "struct or null after not")
                what = tree.ConstraintKind.NOT_NULL
            return tree.Constraint(self.span_from(start), what, subjects, [])
        named = _NAMED_CONSTRAINTS.get(word)
        if named is None:
            self.unexpected("a constraint", "such as equality, comparison, struct or (member ...)")
            return tree.Constraint(
                self.span_from(start), tree.ConstraintKind.EQUALITY, subjects, []
            )
        self.advance()
        arguments = self.type_arguments() if self.at_type_arguments() else []
        return tree.Constraint(self.span_from(start), named, subjects, arguments)

    def member_constraint(self, start: int, subjects: list[tree.TypeExpression]) -> tree.Constraint:
        """`(static member M : t)` or `(new : unit -> 'a)`"""
        self.advance()
        member = self.member_signature()
        self.expect(")", ") after the member")
        kind = tree.ConstraintKind.MEMBER
        return tree.Constraint(self.span_from(start), kind, subjects, [], member)
