"""The rules for declarations, modules and files, and the table of all rules.

Comes in: a parsed file with its tokens. Goes out: one document. Promises: declarations of several
lines have a blank line around them; a declaration that matches no rule, that holds `#if`, or that
is asked to stay keeps its own text, moved to its place.
"""

from __future__ import annotations

import logging

from clef.formatter.document import (
    EMPTY,
    LINE,
    SPACE,
    Between,
    Document,
    Line,
    Nest,
    concat,
    joined,
)
from clef.formatter.reader import Mismatch
from clef.formatter.settings import Settings
from clef.formatter.type_definitions import TypeDefinitions
from clef.syntax import tree
from clef.syntax.tokens import Tokens

_log = logging.getLogger(__name__)
_CONTAINERS = tree.ModuleDeclaration | tree.NamespaceDeclaration
_BETWEEN = (";", ";;", "in")
_SMALL = tree.OpenDeclaration | tree.OpenTypeDeclaration | tree.HashDirective


class Declarations(TypeDefinitions):
    """Files."""

    def __init__(self, text: str, tokens: Tokens, settings: Settings, kept: frozenset[int]) -> None:
        super().__init__(text, tokens, settings)
        self.kept = kept  # where declarations start that keep their text
        self.unruled: list[int] = []  # where those start that match no rule
        self.rules = {
            tree.Application: self.application,
            tree.DotGet: self.chain,
            tree.DotIndex: self.chain,
            tree.TypeApplication: self.chain,
            tree.LogicalAnd: self.logical,
            tree.LogicalOr: self.logical,
            tree.Cons: self.cons,
            tree.Tuple: self.tuple_,
            tree.Range: self.range,
            tree.Assign: self.assignment,
            tree.ReferenceAssign: self.assignment,
            tree.Paren: self.parentheses,
            tree.ListLiteral: self.list_literal,
            tree.ArrayLiteral: self.list_literal,
            tree.ListComprehension: self.comprehension,
            tree.ArrayComprehension: self.comprehension,
            tree.ComputationBlock: self.computation,
            tree.Record: self.record,
            tree.AnonymousRecord: self.record,
            tree.ObjectExpression: self.object_expression,
            tree.Lambda: self.lambda_,
            tree.Function: self.function,
            tree.Match: self.match,
            tree.If: self.conditional,
            tree.While: self.while_,
            tree.ForTo: self.for_to,
            tree.ForIn: self.for_in,
            tree.TryWith: self.try_with,
            tree.TryFinally: self.try_finally,
            tree.Yield: self.keyword_operand,
            tree.YieldBang: self.keyword_operand,
            tree.Return: self.keyword_operand,
            tree.ReturnBang: self.keyword_operand,
            tree.Do: self.keyword_operand,
            tree.DoBang: self.keyword_operand,
            tree.Lazy: self.keyword_operand,
            tree.Let: self.nested_let,
            tree.LetBang: self.nested_let,
            tree.Sequential: self.block,
            tree.ConstructorThen: self.construct_then,
        }

    def file(self, file: tree.File) -> Document:
        """A whole file."""
        written = self.declarations(file.declarations, 0)
        blank = self.blanks()
        lead = self.leading()
        if lead is EMPTY:
            return written
        return concat(written, Line(blank) if file.declarations else EMPTY, lead)

    def declarations(self, declarations: list[tree.Declaration], column: int) -> Document:
        """Declarations below each other, at a column of the result."""
        parts: list[Document] = []
        previous: Document = EMPTY
        before: tree.Declaration | None = None
        for declaration in declarations:
            blank = self.blanks()
            is_directive = self.at_directive()
            lead = self.leading()
            current = self.declaration(declaration, column)
            while self.kind in _BETWEEN:
                current = concat(current, self.skip(*_BETWEEN))
            if before is not None and is_directive:
                parts.append(Line(blank))
            elif before is not None:
                parts.append(self.gap_between(blank, before, declaration, previous, current))
            parts.extend((lead, current))
            previous, before = current, declaration
        return joined(parts)

    def gap_between(
        self,
        blank: int,
        before: tree.Declaration,
        after: tree.Declaration,
        previous: Document,
        current: Document,
    ) -> Document:
        """The line end between two declarations."""
        if isinstance(before, _SMALL) != isinstance(after, _SMALL):
            return Line(max(blank, 1))
        if isinstance(before, _CONTAINERS) or isinstance(after, _CONTAINERS):
            return Line(max(blank, 1))
        return Between(blank, previous, current)

    def declaration(self, declaration: tree.Declaration, column: int) -> Document:
        """One declaration by its rule, or as it is."""
        start, end = self.starts[self.index], declaration.span.end
        self.is_inline = False
        if start in self.kept:
            return self.verbatim(end)
        moves = column != self.columns[self.index] and not isinstance(declaration, _CONTAINERS)
        if self.has_directive(start, end) and (
            moves or not isinstance(declaration, _CONTAINERS) or not self.keeps_columns(declaration)
        ):
            return self.verbatim(end)
        place, led, last_end = self.index, self.led, self.last_end
        try:
            written = self.declaration_by_kind(declaration, column)
            if self.starts[self.index] < end:
                raise Mismatch("tokens are left")
            return written
        except Mismatch as mismatch:
            _log.debug("kept as it is at %d: %s", start, mismatch)
            self.unruled.append(start)
            self.index, self.led, self.last_end = place, led, last_end
            return self.verbatim(end)

    def keeps_columns(self, container: tree.Declaration) -> bool:
        """Whether the declarations of a module stand where they will, so that text that `#if`
        switches off may stay where it is."""
        assert isinstance(container, _CONTAINERS)
        is_nested = isinstance(container, tree.ModuleDeclaration) and not container.is_top_level
        here = self.columns[self.index]
        wanted = here + self.indent if is_nested else here
        for declaration in container.declarations:
            line = self.text.rfind("\n", 0, declaration.span.start) + 1
            text = self.text[line : declaration.span.start]
            if text.strip() == "" and len(text) != wanted:
                return False
        return True

    def declaration_by_kind(self, declaration: tree.Declaration, column: int) -> Document:
        if isinstance(declaration, tree.LetDeclaration):
            return self.bindings(declaration.bindings)
        if isinstance(declaration, tree.TypesDeclaration):
            return self.types(declaration.types)
        if isinstance(declaration, _CONTAINERS):
            return self.container(declaration, column)
        if isinstance(declaration, tree.DoDeclaration):
            if isinstance(declaration.expression, tree.Let | tree.LetBang):
                return self.verbatim(declaration.span.end)  # only `let x = e in f` on one line
            attributes = self.attributes()
            if declaration.is_bare:
                return concat(attributes, self.block(declaration.expression))
            return concat(attributes, self.body(self.take("do"), declaration.expression))
        if isinstance(declaration, tree.ExceptionDeclaration):
            return self.exception(declaration)
        if isinstance(declaration, tree.ExternDeclaration):
            return concat(self.attributes(), self.verbatim(declaration.span.end))
        if isinstance(declaration, tree.AttributesDeclaration):
            return self.attribute_lists()
        return concat(self.attributes(), self.until(declaration.span.end))

    def container(
        self, node: tree.ModuleDeclaration | tree.NamespaceDeclaration, column: int
    ) -> Document:
        """A module or namespace with its declarations."""
        attributes = self.attributes()
        is_nested = isinstance(node, tree.ModuleDeclaration) and not node.is_top_level
        if is_nested:
            limit = node.declarations[0].span.start if node.declarations else node.span.end
            head = concat(self.until(self.find("=", limit)), SPACE, self.take("="))
            if self.kind in ("begin", "struct"):
                raise Mismatch("a module with begin and end")
            inner = self.declarations(node.declarations, column + self.indent)
            return concat(attributes, head, Nest(self.indent, concat(LINE, inner)))
        end = node.span.end
        if isinstance(node, tree.ModuleDeclaration) or node.name is not None:
            assert node.name is not None
            end = node.name.span.end
        elif node.declarations:
            end = node.declarations[0].span.start
        head = self.until(end)
        if not node.declarations:
            return concat(attributes, head)
        blank = max(1, self.blanks())
        inner = self.declarations(node.declarations, column)
        return concat(attributes, head, Line(blank), inner)
