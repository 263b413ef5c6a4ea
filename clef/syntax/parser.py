"""The grammar of declarations and files, and the parser as a whole.

Comes in: laid-out tokens. Goes out: a `tree.File` and diagnostics. Promises: always a tree; several
independent errors give several diagnostics; no input makes it raise or hang.
"""

# `kind` changes with every `advance`, which the type checker cannot see when it narrows.
# pyright: reportUnnecessaryComparison=false, reportUnnecessaryContains=false

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Callable
from typing import Final

from clef.collector import collector_at_rest
from clef.diagnostics import syntax as problems
from clef.diagnostics.diagnostic import Diagnostic
from clef.source import SourceFile, Span
from clef.syntax import tree
from clef.syntax.layout import lay_out
from clef.syntax.tokenizer import tokenize
from clef.syntax.tokens import (
    ACTIVE_PATTERN,
    BLOCK_BEGIN,
    BLOCK_END,
    CHAR,
    DIRECTIVE,
    END_OF_FILE,
    INTERPOLATED,
    LET_END,
    NAME,
    NUMBER,
    OPERATOR_NAME,
    POWER,
    PREFIX,
    SEPARATOR,
    STRING,
    TYPE_VARIABLE,
    LaidOutTokens,
    Tokens,
)
from clef.syntax.type_definition_grammar import TypeDefinitionGrammar

# Deep trees need many Python frames; pure Python frames do not use the C stack.
_RECURSION_LIMIT: Final = 200_000


_NEXT_DECLARATIONS: Final = frozenset(("namespace", "module", "type", "open", "exception"))
_BEFORE_ATTRIBUTES: Final = (tree.TypesDeclaration, tree.ModuleDeclaration)
_DECLARATION_ENDS: Final = frozenset((SEPARATOR, ";;", ";", BLOCK_END, END_OF_FILE, LET_END, "end"))


class Parser(TypeDefinitionGrammar):
    """The whole grammar."""

    def __init__(
        self, source: SourceFile, laid_out: LaidOutTokens, diagnostics: list[Diagnostic]
    ) -> None:
        super().__init__(source, laid_out, diagnostics)
        literal: Callable[[], tree.Expression] = self.literal
        self.operands = {
            NAME: self.identifier,
            "global": self.identifier,
            NUMBER: literal,
            STRING: literal,
            CHAR: literal,
            "true": literal,
            "false": literal,
            INTERPOLATED: self.interpolated_string,
            OPERATOR_NAME: self.operator_value,
            ACTIVE_PATTERN: self.operator_value,
            TYPE_VARIABLE: self.type_reference,
            PREFIX: self.bang,
            "!": self.bang,
            "~": self.bang,
            "null": self.null,
            "base": self.base,
            "_": self.accessor_lambda,
            "(": self.parentheses,
            "[": self.list_expression,
            "[|": self.list_expression,
            "{": self.braces,
            "{|": self.anonymous_record,
            "begin": self.begin_end,
            "struct": self.struct_tuple,
            "<@": self.quotation,
            "<@@": self.quotation,
            BLOCK_BEGIN: self.operand_block,
            "new": self.new,
            "let": self.operand_let,
            "use": self.operand_let,
            "let!": self.operand_let,
            "use!": self.operand_let,
            "if": self.conditional,
            "match": self.match,
            "match!": self.match,
            "function": self.function,
            "fun": self.lambda_,
            "try": self.attempt,
            "while": self.while_,
            "while!": self.while_,
            "for": self.for_,
            "do": self.do,
            "do!": self.do,
            "yield": self.yielding,
            "yield!": self.yielding,
            "return": self.yielding,
            "return!": self.yielding,
            "lazy": self.tight,
            "assert": self.tight,
            "fixed": self.tight,
            "upcast": self.tight,
            "downcast": self.tight,
        }

    # ------------------------------------------------------------ files

    def file(self) -> tree.File:
        """A whole file."""
        declarations = self.declarations(True)
        while self.kind != END_OF_FILE:
            self.unexpected("a declaration")
            self.advance()
            declarations.extend(self.declarations(True))
        span = Span(self.path, 0, len(self.text))
        return tree.File(span, declarations, self.tokens.trivia)

    def declarations(self, is_top: bool = False) -> list[tree.Declaration]:
        """Declarations up to the end of the block or file."""
        result: list[tree.Declaration] = []
        while True:
            while self.kind in (SEPARATOR, ";", ";;", LET_END):
                self.advance()
            if self.kind in (BLOCK_END, END_OF_FILE, "end"):
                return result
            before = self.position
            result.append(self.declaration(is_top and not result))
            if isinstance(result[-1], tree.NamespaceDeclaration):
                self.demand_first(result)
            if self.kind in _DECLARATION_ENDS:
                continue
            if self.kind in _NEXT_DECLARATIONS or isinstance(
                result[-1], tree.AttributesDeclaration
            ):
                continue
            if self.kind == "[<" and isinstance(result[-1], _BEFORE_ATTRIBUTES):
                continue
            self.unexpected("the start of a new declaration")
            if self.position == before:
                self.advance()
            self.skip_item()

    def demand_first(self, declarations: list[tree.Declaration]) -> None:
        """Only directives stand before the first namespace of a file."""
        before = declarations[-2] if len(declarations) > 1 else None
        anywhere = (tree.NamespaceDeclaration, tree.HashDirective, tree.ErrorDeclaration)
        if before is not None and not isinstance(before, anywhere):
            where = "before a namespace"
            self.report(problems.MisplacedDeclaration(before.span, "a declaration", where))

    def declaration(self, is_first: bool) -> tree.Declaration:
        """One declaration."""
        start = self.start()
        documentation = self.documentation()
        attributes: list[tree.Attribute] = []
        if self.kind == "[<":
            attributes = self.attributes()
            if attributes and attributes[0].target in ("assembly", "module"):
                return tree.AttributesDeclaration(self.span_from(start), attributes)
            documentation = documentation or self.documentation()
        kind = self.kind
        if kind in ("let", "use"):
            return self.let_declaration(start, documentation, attributes)
        if kind == "type":
            return self.types_declaration(start, documentation, attributes)
        if kind == "module":
            return self.module(start, documentation, attributes, is_first)
        if kind == "namespace":
            return self.namespace(start)
        if kind == "open":
            self.demand_no_attributes(attributes, "on open")
            return self.open(start)
        if kind == "exception":
            return self.exception_declaration(start, documentation, attributes)
        if kind == "extern":
            return self.extern(start, documentation, attributes)
        if kind == "val":
            return self.value_signature(start, documentation, attributes)
        if kind == DIRECTIVE:
            return self.directive(start)
        return self.do_declaration(start, attributes)

    def do_declaration(self, start: int, attributes: list[tree.Attribute]) -> tree.Declaration:
        """`do e`, a bare expression, or attributes that nothing follows."""
        if attributes and self.kind in (SEPARATOR, BLOCK_END, END_OF_FILE):
            return tree.AttributesDeclaration(self.span_from(start), attributes)
        if self.kind == "do":
            self.advance()
            value = self.block("do")
            return tree.DoDeclaration(self.span_from(start), attributes, value, False)
        if self.kind in self.operands or self.kind in ("-", "+", "&", "&&", "%", "%%"):
            value = self.whole_item()
            return tree.DoDeclaration(self.span_from(start), attributes, value, True)
        self.unexpected("a declaration or an expression")
        self.advance()
        self.skip_item()
        return tree.ErrorDeclaration(self.span_from(start))

    def let_declaration(
        self, start: int, documentation: str | None, attributes: list[tree.Attribute]
    ) -> tree.Declaration:
        """`let rec f x = e and g y = e`; with `in` and a body on the same line it is an
        expression, which goes to the end of the line."""
        is_use = self.kind == "use"
        self.advance()
        is_recursive = self.accept("rec")
        bindings = self.documented_bindings(documentation, attributes, is_recursive)
        span = self.span_from(start)
        if self.kind == "in" and self.peek() not in _DECLARATION_ENDS:
            self.advance()
            body = self.line()
            value = tree.Let(span.to(body.span), bindings, body)
            value.is_recursive, value.is_use = is_recursive, is_use
            return tree.DoDeclaration(value.span, [], value, True)
        self.end_let()
        return tree.LetDeclaration(span, bindings, is_recursive, is_use)

    # ------------------------------------------------------------ modules

    def module(
        self,
        start: int,
        documentation: str | None,
        attributes: list[tree.Attribute],
        is_first: bool,
    ) -> tree.Declaration:
        """`module M = ...`, `module M = A.B`, or the `module A.B` that owns its file."""
        keyword = self.here()
        self.advance()
        attributes = attributes + self.attributes()
        access = self.access()
        is_recursive = self.accept("rec")
        access = access or self.access()
        is_plain = not (attributes or access or is_recursive)
        name = self.long_name("the name of a module")
        if not self.accept("="):
            if not is_first:
                where = "after other declarations; only the first module of a file has no ="
                what = "a module without ="
                self.diagnostics.append(problems.MisplacedDeclaration(keyword, what, where))
            declarations = self.declaration_block(False)
            return tree.ModuleDeclaration(
                self.span_from(start),
                attributes,
                documentation,
                access,
                name,
                is_recursive,
                declarations,
                True,
            )
        if len(name.parts) > 1:
            hint = "a name without dots; only the module that owns its file has a path"
            self.report(problems.UnexpectedToken(name.span, "a path", hint))
        if self.at_abbreviation():
            if not is_plain:
                self.plain_abbreviation_only(keyword)
            self.advance()
            target = self.long_name()
            self.accept(BLOCK_END)
            return tree.ModuleAbbreviation(self.span_from(start), name.parts[-1], target)
        declarations = self.declaration_block(True)
        return tree.ModuleDeclaration(
            self.span_from(start),
            attributes,
            documentation,
            access,
            name,
            is_recursive,
            declarations,
        )

    def plain_abbreviation_only(self, keyword: Span) -> None:
        """A second name for a module carries neither attributes nor modifiers."""
        what = "on a second name for a module"
        advice = "remove it: the name is seen in this file only"
        modifier = "an attribute, an access modifier or rec"
        self.report(problems.MisplacedModifier(keyword, modifier, what, advice))

    def at_abbreviation(self) -> bool:
        """A block of nothing but a dotted name."""
        if self.kind != BLOCK_BEGIN or self.peek() not in (NAME, "global"):
            return False
        distance = 2
        while self.peek(distance) == "." and self.peek(distance + 1) == NAME:
            distance += 2
        return self.peek(distance) == BLOCK_END

    def declaration_block(self, is_required: bool) -> list[tree.Declaration]:
        """A block of declarations, perhaps between `begin` or `struct` and `end`."""
        if self.kind != BLOCK_BEGIN:
            if is_required:
                self.unexpected("the declarations of the module", "indent them under module")
            return []
        if not self.enter():
            self.skip_block()
            return []
        self.advance()
        if self.accept("begin") or self.accept("struct"):
            declarations = self.declarations()
            self.close_bracket("end")
        else:
            declarations = self.declarations()
        self.leave()
        while self.kind not in (BLOCK_END, END_OF_FILE):
            self.unexpected("the end of the module")
            self.advance_over()
        self.accept(BLOCK_END)
        return declarations

    def namespace(self, start: int) -> tree.Declaration:
        """`namespace rec A.B` with all up to the next one."""
        self.advance()
        is_recursive = self.accept("rec")
        name: tree.LongName | None = None
        if self.kind == "global" and self.peek() != ".":
            self.advance()
        else:
            name = self.long_name("the name of a namespace")
        declarations = self.declaration_block(False)
        span = self.span_from(start)
        return tree.NamespaceDeclaration(span, name, is_recursive, declarations)

    def open(self, start: int) -> tree.Declaration:
        """`open A.B`, `open type T`"""
        self.advance()
        if self.accept("type"):
            written = self.type_expression()
            return tree.OpenTypeDeclaration(self.span_from(start), written)
        name = self.long_name("a module or namespace")
        return tree.OpenDeclaration(self.span_from(start), name)

    # ------------------------------------------------------------ rare declarations

    def directive(self, start: int) -> tree.Declaration:
        """`#r "x"`"""
        words = self.token_text()[1:].split(None, 1)
        self.advance()
        arguments: list[str] = []
        if len(words) > 1:
            arguments = [part for part in words[1].split('"') if part.strip()]
        return tree.HashDirective(self.span_from(start), words[0], arguments)

    def value_signature(
        self, start: int, documentation: str | None, attributes: list[tree.Attribute]
    ) -> tree.Declaration:
        """`val name : t`"""
        self.advance()
        modifiers = self.modifiers()
        name = self.any_name()
        parameters = self.type_parameters() if self.at_type_arguments() else None
        self.expect(":", ": and the type of the value")
        written = self.constrained_type(True)
        value: tree.Expression | None = None
        if self.accept("="):
            value = self.block("=")
        return tree.ValueSignature(
            self.span_from(start),
            attributes,
            documentation,
            modifiers.access,
            modifiers.is_inline,
            modifiers.is_mutable,
            name,
            parameters,
            written,
            value,
        )

    def extern(
        self, start: int, documentation: str | None, attributes: list[tree.Attribute]
    ) -> tree.Declaration:
        """`extern int name(int x, string* y)`"""
        self.advance()
        attributes = attributes + self.attributes()
        return_type = self.foreign_type()
        access = self.access()
        name = self.name("the name of the foreign function")
        parameters: list[tree.ExternParameter] = []
        if self.expect("(", "( after the name"):
            self.skip_separators()
            while self.kind not in (")", END_OF_FILE):
                begin = self.start()
                own = self.attributes()
                written = self.foreign_type()
                parameter = self.take_name() if self.kind == NAME else None
                span = self.span_from(begin)
                parameters.append(tree.ExternParameter(span, own, written, parameter))
                self.skip_separators()
                if not self.accept(","):
                    break
            self.close_bracket(")")
        return tree.ExternDeclaration(
            self.span_from(start), attributes, documentation, access, name, parameters, return_type
        )

    def foreign_type(self) -> tree.TypeExpression:
        """A type as C writes it."""
        start = self.start()
        written: tree.TypeExpression
        if self.kind == "void":
            span = self.here()
            self.advance()
            if self.accept("*"):
                return self.simple_type(self.span_from(start), "nativeint", [])
            return self.simple_type(span, "unit", [])
        written = self.named_type()
        while True:
            if self.kind == "*" or self.kind == POWER:
                count = len(self.token_text())
                self.advance()
                for _ in range(count):
                    written = self.simple_type(self.span_from(start), "nativeptr", [written])
            elif self.kind == "&":
                self.advance()
                written = self.simple_type(self.span_from(start), "byref", [written])
            elif self.kind == "[" and self.peek() == "]":
                written = self.array_type(start, written)
            else:
                return written

    def simple_type(
        self, span: Span, text: str, arguments: list[tree.TypeExpression]
    ) -> tree.TypeExpression:
        name = tree.Name(span, text, text)
        return tree.NamedType(span, tree.LongName(span, [name]), arguments)


def _places_of(found: list[Diagnostic], laid_out: LaidOutTokens) -> frozenset[int]:
    """Where the parser may be confused by brackets that the layout inserted or dropped: the
    starts of the tokens after."""
    starts = laid_out.tokens.starts[: len(laid_out.tokens.kinds)]
    result: list[int] = []
    for diagnostic in found:
        end = diagnostic.span.end
        if isinstance(diagnostic, problems.UnclosedBracket):
            result.append(diagnostic.noticed.start)
        elif (place := bisect_left(starts, end)) < len(starts):
            result.append(starts[place])
    return frozenset(result)


def parse_with_tokens(
    source: SourceFile, symbols: frozenset[str]
) -> tuple[tree.File, Tokens, list[Diagnostic]]:
    """Parse a file; for those who need what the tree does not say. The tokens are those of the
    text: the parser takes `>>` apart. `symbols` are defined for `#if`, besides CLEF."""
    if sys.getrecursionlimit() < _RECURSION_LIMIT:
        sys.setrecursionlimit(_RECURSION_LIMIT)
    with collector_at_rest():
        tokens, diagnostics = tokenize(source, symbols | {"CLEF"})
        written = tokens.copy()
        laid_out, found = lay_out(source, tokens)
        diagnostics.extend(found)
        parser = Parser(source, laid_out, diagnostics)
        parser.faults = _places_of(found, laid_out)
        file = parser.file()
    diagnostics.sort(key=lambda diagnostic: diagnostic.span.start)
    return file, written, diagnostics


def parse(source: SourceFile, symbols: frozenset[str]) -> tuple[tree.File, list[Diagnostic]]:
    """Parse a file. `symbols` are defined for `#if`, besides CLEF."""
    file, _, diagnostics = parse_with_tokens(source, symbols)
    return file, diagnostics
