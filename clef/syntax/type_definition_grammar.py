"""The grammar of type definitions: unions, records, enums, classes, interfaces, delegates,
abbreviations, extensions.

Comes in: a cursor at `type` or `exception`. Goes out: type definitions with their members.
Promises: after an error inside one definition the next one is read.
"""

# `kind` changes with every `advance`, which the type checker cannot see when it narrows.
# pyright: reportUnnecessaryComparison=false, reportUnnecessaryContains=false

from __future__ import annotations

from typing import Final

from clef.diagnostics import syntax as problems
from clef.source import Span
from clef.syntax import tree
from clef.syntax.layout_definitions import INSIDE_INTERFACE
from clef.syntax.member_grammar import MEMBER_START, MemberGrammar
from clef.syntax.pattern_grammar import ACCESS
from clef.syntax.tokens import BLOCK_BEGIN, BLOCK_END, END_OF_FILE, NAME, SEPARATOR, TYPE_VARIABLE

_CLASS_KINDS: Final = {
    "class": tree.ClassKind.CLASS,
    "struct": tree.ClassKind.STRUCT,
    "interface": tree.ClassKind.INTERFACE,
}


class TypeDefinitionGrammar(MemberGrammar):
    """Type definitions."""

    def types_declaration(
        self, start: int, documentation: str | None, attributes: list[tree.Attribute]
    ) -> tree.TypesDeclaration:
        """`type A = ... and B = ...`"""
        self.advance()
        types = [self.type_definition(start, documentation, attributes)]
        self.separators_before_and()
        while self.kind == "and":
            start = self.start()
            documentation = self.documentation()
            self.advance()
            types.append(self.type_definition(start, documentation, []))
            self.separators_before_and()
        return tree.TypesDeclaration(types[0].span.to(types[-1].span), types)

    def separators_before_and(self) -> None:
        if self.kind == SEPARATOR and self.peek() == "and":
            self.advance()

    def type_definition(
        self, start: int, documentation: str | None, attributes: list[tree.Attribute]
    ) -> tree.TypeDefinition:
        """One definition, from after `type` or `and`."""
        if documentation is None:
            documentation = self.documentation()
        attributes = attributes + self.attributes()
        access = self.access()
        parameters = self.prefix_parameters()
        name = self.long_name("the name of a type")
        if self.at_type_arguments():
            parameters = self.type_parameters()
        if self.kind == "when" and parameters is not None:
            parameters.constraints.extend(self.constraints())
        constructor = self.primary_constructor()
        definition = tree.TypeDefinition(
            self.span_from(start),
            attributes,
            documentation,
            access,
            name,
            parameters,
            constructor,
            tree.OpaqueRepresentation(self.gap()),
            [],
        )
        self.definition_body(definition)
        definition.span = self.span_from(start)
        return definition

    def access(self) -> tree.Access | None:
        found = ACCESS.get(self.kind)
        if found is not None:
            self.advance()
        return found

    def prefix_parameters(self) -> tree.TypeParameters | None:
        """`'a` or `('a, 'b)` in front of the name."""
        start = self.start()
        if self.kind == TYPE_VARIABLE:
            parameter = self.type_parameter()
            return tree.TypeParameters(self.span_from(start), [parameter] if parameter else [], [])
        if self.kind != "(":
            return None
        self.advance()
        parameters: list[tree.TypeParameter] = []
        while self.kind == TYPE_VARIABLE:
            found = self.type_parameter()
            if found is not None:
                parameters.append(found)
            if not self.accept(","):
                break
        self.expect(")", ") after the type parameters")
        return tree.TypeParameters(self.span_from(start), parameters, [])

    def primary_constructor(self) -> tree.PrimaryConstructor | None:
        """`[<A>] private (p) as self`"""
        start = self.start()
        if self.kind not in ("(", "[<") and self.kind not in ACCESS:
            return None
        documentation = self.documentation()
        attributes = self.attributes()
        access = self.access()
        pattern = self.parenthesised_pattern() if self.kind == "(" else self.atomic_pattern()
        self.demand_names(pattern)
        self_name = self.name() if self.accept("as") else None
        return tree.PrimaryConstructor(
            self.span_from(start), attributes, documentation, access, pattern, self_name
        )

    def demand_names(self, pattern: tree.Pattern) -> None:
        """The parameters of a primary constructor are names, perhaps with types."""
        inside = pattern.pattern if isinstance(pattern, tree.ParenPattern) else None
        parts = inside.elements if isinstance(inside, tree.TuplePattern) else [inside]
        for part in parts:
            while isinstance(part, tree.AttributedPattern | tree.TypedPattern):
                part = part.pattern
            if isinstance(part, tree.ParenPattern | tree.TuplePattern):
                hint = "a name; parameters of a constructor are taken apart in its body"
                self.report(problems.UnexpectedToken(part.span, "(", hint))

    def definition_body(self, definition: tree.TypeDefinition) -> None:
        """`= representation` and members, `with members`, or nothing."""
        if self.accept("="):
            if self.kind == BLOCK_BEGIN:
                self.advance()
                definition.representation = self.representation(definition)
                definition.members.extend(self.member_items())
                self.end_of_definition(definition)
            else:
                self.unexpected("the definition of the type", "indent it under type")
        elif self.kind == "with":
            definition.representation = tree.ExtensionRepresentation(self.gap())
        if self.kind in MEMBER_START and not self.at_next_type():
            definition.members.extend(self.member_items())
        if self.accept("with"):
            definition.members.extend(self.members())
            self.accept("end")
        while self.kind in MEMBER_START and self.kind not in ("let", "[<", "do", "use"):
            definition.members.extend(self.member_items())

    def at_next_type(self) -> bool:
        """Whether attributes stand here that belong to a `type` further to the left."""
        position = self.position
        while self.kinds[position] == "[<":
            while self.kinds[position] not in (">]", END_OF_FILE):
                position += 1
            position = min(position + 1, len(self.kinds) - 1)
            while self.kinds[position] == SEPARATOR:
                position += 1
        return self.kinds[position] == "type"

    def end_of_definition(self, definition: tree.TypeDefinition) -> None:
        while self.kind not in (BLOCK_END, END_OF_FILE):
            if self.kind == "with":
                self.advance()
                definition.members.extend(self.members())
                self.accept("end")
                continue
            self.unexpected("a member or the end of the type")
            self.advance_over()
            definition.members.extend(self.member_items())
        self.accept(BLOCK_END)

    # ------------------------------------------------------------ representations

    def representation(self, definition: tree.TypeDefinition) -> tree.Representation:
        """What stands on the right of `=`."""
        start = self.start()
        kind = self.kind
        if kind in _CLASS_KINDS and self.is_class_keyword():
            return self.explicit_class(definition)
        is_hidden_constructor = kind in ACCESS and self.peek() == "new"
        is_member = kind in MEMBER_START and kind not in ACCESS
        if is_hidden_constructor or (is_member and not self.is_case_with_attributes()):
            return tree.ClassRepresentation(self.gap(), tree.ClassKind.UNSTATED)
        if kind == "delegate":
            self.advance()
            self.expect("of", "of after delegate")
            signature = self.constrained_type(True)
            return tree.DelegateRepresentation(self.span_from(start), signature)
        modifier = self.here()
        access = self.access()
        if self.kind == "{":
            return self.record(start, access)
        if self.at_union():
            made = self.union(start, access)
            if isinstance(made, tree.EnumRepresentation):
                self.demand_no_access(modifier, access, "in front of the cases of an enum")
            return made
        self.demand_no_access(modifier, access, "in front of the type that is abbreviated")
        written = self.constrained_type()
        return tree.AbbreviationRepresentation(self.span_from(start), written)

    def demand_no_access(self, span: Span, access: tree.Access | None, what: str) -> None:
        """Abbreviations and enums are hidden as a whole."""
        if access is not None:
            advice = f"write it in front of the name: `type {access.value} T = …`"
            self.report(problems.MisplacedModifier(span, access.value, what, advice))

    def is_class_keyword(self) -> bool:
        """`struct (` is a type, `interface I with` a member."""
        if self.kind == "struct":
            return self.peek() not in ("(", "{|")
        return self.kind == "class" or self.peek() in INSIDE_INTERFACE

    def explicit_class(self, definition: tree.TypeDefinition) -> tree.Representation:
        """`class ... end` and relatives."""
        start = self.start()
        kind = _CLASS_KINDS[self.kind]
        self.advance()
        definition.members.extend(self.member_items())
        self.close_bracket("end")
        return tree.ClassRepresentation(self.span_from(start), kind)

    def is_case_with_attributes(self) -> bool:
        """Whether `[<A>]` belongs to the first case of a union without a bar: a name follows it."""
        if self.kind != "[<":
            return False
        position = self.position
        while self.kinds[position] not in (">]", END_OF_FILE):
            position += 1
        return self.kinds[min(position + 1, len(self.kinds) - 1)] in (NAME, "|")

    def at_union(self) -> bool:
        """`| ...`, `A of`, `A | B`, `A = 1`"""
        if self.kind in ("|", "[<"):
            return True
        if self.kind != NAME:
            return False
        following = self.peek()
        if following == "|":
            return self.peek(2) != "null"
        return following in ("of", "=") or (following == ":" and self.peek(2) != ":")

    def union(self, start: int, access: tree.Access | None) -> tree.Representation:
        """Cases of a union or of an enum."""
        cases: list[tree.UnionCase] = []
        values: list[tree.EnumCase] = []
        documentation = self.documentation()
        self.accept("|")
        while True:
            case_start = self.start()
            documentation = documentation or self.documentation()
            attributes = self.attributes()
            modifier = self.here()
            case_access = self.access()
            name = self.any_name("the name of a case")
            if self.accept("="):
                self.demand_no_access(modifier, case_access, "on a case of an enum")
                value = self.expression()
                span = self.span_from(case_start)
                values.append(tree.EnumCase(span, attributes, documentation, name, value))
            else:
                case = self.union_case(case_start, attributes, documentation, case_access, name)
                cases.append(case)
            if self.kind != "|":
                break
            documentation = self.documentation()
            self.advance()
        span = self.span_from(start)
        if values and cases:
            self.unexpected("`= value` behind every case", "all cases of an enum have values")
        if values and not cases:
            return tree.EnumRepresentation(span, values)
        return tree.UnionRepresentation(span, access, cases)

    def union_case(
        self,
        start: int,
        attributes: list[tree.Attribute],
        documentation: str | None,
        access: tree.Access | None,
        name: tree.Name,
    ) -> tree.UnionCase:
        """`Name of a: t * u`, `Name : t -> u`"""
        fields: list[tree.FieldDefinition] = []
        signature: tree.TypeExpression | None = None
        if self.accept("of"):
            fields.append(self.case_field())
            while self.accept("*"):
                fields.append(self.case_field())
        elif self.accept(":"):
            signature = self.constrained_type(True)
        span = self.span_from(start)
        return tree.UnionCase(span, attributes, documentation, access, name, fields, signature)

    def case_field(self) -> tree.FieldDefinition:
        start = self.start()
        attributes = self.attributes()
        name: tree.Name | None = None
        if self.kind == NAME and self.peek() == ":":
            name = self.take_name()
            self.advance()
        written = self.application_type()
        span = self.span_from(start)
        return tree.FieldDefinition(span, attributes, None, None, False, False, name, written)

    def record(self, start: int, access: tree.Access | None) -> tree.Representation:
        """`{ A: t; mutable B: u }`"""
        self.advance()
        fields: list[tree.FieldDefinition] = []
        while True:
            while self.kind in (SEPARATOR, ";"):
                self.advance()
            if self.kind in ("}", BLOCK_END, END_OF_FILE):
                break
            before = self.position
            fields.append(self.record_field())
            if self.kind not in (SEPARATOR, ";", "}"):
                self.unexpected("; or } after the field")
                self.skip_item()
                if self.position == before:
                    self.advance()
        self.expect("}", "} after the fields")
        return tree.RecordRepresentation(self.span_from(start), access, fields)

    def record_field(self) -> tree.FieldDefinition:
        start = self.start()
        documentation = self.documentation()
        attributes = self.attributes()
        is_static = self.accept("static")
        self.accept("val")
        if self.kind == "inline" or self.kind in ACCESS:
            self.unexpected(
                "the name of a field; all fields are as visible as `type T = private {`"
            )
        modifiers = self.modifiers()
        name = self.name("the name of a field")
        self.expect(":", ": and the type of the field")
        written = self.constrained_type()
        return tree.FieldDefinition(
            self.span_from(start),
            attributes,
            documentation,
            modifiers.access,
            modifiers.is_mutable,
            is_static,
            name,
            written,
        )

    # ------------------------------------------------------------ exceptions

    def exception_declaration(
        self, start: int, documentation: str | None, attributes: list[tree.Attribute]
    ) -> tree.Declaration:
        """`exception E of t with members`, `exception E = A.B`"""
        self.advance()
        attributes = attributes + self.attributes()
        access = self.access()
        name = self.name("the name of an exception")
        case = self.union_case(start, attributes, documentation, access, name)
        abbreviation: tree.LongName | None = None
        if self.accept("="):
            has_block = self.accept(BLOCK_BEGIN)
            abbreviation = self.long_name()
            if has_block:
                self.expect(BLOCK_END, "the end of the exception")
        members: list[tree.Member] = []
        if self.accept("with"):
            members = self.members()
            self.accept("end")
        return tree.ExceptionDeclaration(self.span_from(start), case, abbreviation, members)
