"""The rules for applications, operators, chains of members and tuples.

Comes in: a place in the tokens and a node. Goes out: its document. Promises: arguments that do not
fit stand below each other; a last argument that is a function starts on the line of the call;
operators that do not fit start their lines; chains of calls break before their dots.
"""

from __future__ import annotations

from typing import Final

from clef.formatter.document import (
    BROKEN,
    EMPTY,
    LINE,
    SPACE,
    Align,
    Choice,
    Document,
    IfFits,
    Nest,
    concat,
    joined,
)
from clef.formatter.rules import LISTS, RECORDS, Rules
from clef.formatter.settings import STROUSTRUP
from clef.syntax import tree
from clef.syntax.tokens import ADD, MULTIPLY, operator_kind

FUNCTIONS: Final = (tree.Lambda, tree.Function)
_PLAIN: Final = tree.ApplicationForm.PLAIN
_ADJACENT: Final = tree.ApplicationForm.ADJACENT
_INFIX: Final = tree.ApplicationForm.INFIX
_RIGHT: Final = frozenset("@^")
_CLASSES: Final = {"+": ADD, "-": ADD, "*": MULTIPLY, "%": MULTIPLY, "%%": MULTIPLY}
_PIPES: Final = frozenset(("|>", "||>", "|||>", "<|", "<||", "<|||", ">>", "<<"))

Link = tree.DotGet | tree.DotIndex | tree.Application | tree.TypeApplication


def written_operator(node: tree.Application) -> str:
    """The operator of the infix application of both its operands."""
    first = node.function
    if isinstance(first, tree.Application) and isinstance(first.function, tree.Identifier):
        return first.function.name.parts[-1].written
    return ""


def _family(operator: str) -> str:
    """Operators that may stand in one chain."""
    if operator in _PIPES:
        return "|>"
    kind = operator_kind(operator) if operator else ""
    return _CLASSES.get(kind, kind)


def is_computation(node: tree.Expression) -> bool:
    """`builder { ... }`"""
    return isinstance(node, tree.Application) and isinstance(node.argument, tree.ComputationBlock)


def _is_lambda(node: tree.Expression) -> bool:
    return isinstance(node, tree.Paren) and (
        isinstance(node.expression, FUNCTIONS) or is_computation(node.expression)
    )


def _is_unit_or_paren(node: tree.Expression) -> bool:
    if isinstance(node, tree.Constant):
        return node.kind is tree.LiteralKind.UNIT
    return isinstance(node, tree.Paren)


class Operators(Rules):
    """Applications and operators."""

    # ------------------------------------------------------------ applications

    def application(self, node: tree.Application) -> Document:
        """`f x y`, `f(x)`, `a + b`, `-a`"""
        if node.form is _INFIX:
            return self.infix(node)
        if node.form is _ADJACENT:
            return self.chain(node)
        if node.form is _PLAIN:
            return self.plain_application(node)
        operator = self.take()
        return concat(operator, self.spaced(), self.tight(node.argument))

    def plain_application(self, node: tree.Application) -> Document:
        """`f x y`"""
        is_tight = self.below_tight
        arguments: list[tree.Expression] = []
        function: tree.Expression = node
        while isinstance(function, tree.Application) and function.form is _PLAIN:
            arguments.append(function.argument)
            function = function.function
        arguments.reverse()
        head = self.tight(function)
        if len(arguments) == 1 and _is_unit_or_paren(arguments[0]):
            gap = SPACE
            if not is_tight and isinstance(function, tree.Identifier):
                gap = self.call_gap(function)
            return concat(head, gap, self.in_parentheses(arguments[0], gap is EMPTY))
        written = [self.tight(argument) for argument in arguments]
        return self.arguments(head, arguments, written)

    def arguments(
        self, head: Document, arguments: list[tree.Expression], written: list[Document]
    ) -> Document:
        """A function and its arguments."""
        *others, last = written
        before: list[Document] = [head]
        for part in others:
            before.extend((SPACE, part))
        flat = concat(*before, SPACE, last)
        if isinstance(arguments[-1], tree.ComputationBlock):
            return flat
        broken: Document = concat(
            head, Nest(self.indent, joined(part for each in written for part in (LINE, each)))
        )
        width = joined(before).width
        if width != BROKEN and self.is_huggable(arguments[-1]):
            broken = IfFits(flat, broken, width + 1 + last.head)
        return Choice(flat, broken)

    def is_huggable(self, node: tree.Expression) -> bool:
        """Whether a last argument may start on the line of the call and end below."""
        if _is_lambda(node):
            return True
        return self.settings.multiline_bracket_style == STROUSTRUP and isinstance(
            node, LISTS + RECORDS
        )

    def call_gap(self, function: tree.Identifier) -> Document:
        """The blank between a name and the parenthesis of its only argument."""
        name = function.name.parts[-1].text
        settings = self.settings
        is_upper = name[:1].isupper()
        spaced = (
            settings.space_before_uppercase_invocation
            if is_upper
            else settings.space_before_lowercase_invocation
        )
        return SPACE if spaced else EMPTY

    # ------------------------------------------------------------ calls and chains

    def chain(self, node: tree.Expression) -> Document:
        """`f(x)`, `a.B(x).C.[i].D<t>(y)`"""
        is_tight = self.below_tight
        links: list[Link] = []
        root = node
        while True:
            if isinstance(root, tree.DotGet | tree.DotIndex):
                links.append(root)
                root = root.target
            elif isinstance(root, tree.TypeApplication) or (
                isinstance(root, tree.Application) and root.form is _ADJACENT
            ):
                links.append(root)
                root = root.function
            else:
                break
        links.reverse()
        if len(links) > 2 and isinstance(root, tree.Identifier) and len(root.name.parts) > 1:
            first, *others = root.name.parts
            if first.text[:1].islower():
                head = concat(self.leading(), self.until(first.span.end))
                return self.linked(head, links, others[-1].span.end)
        head = self.tight(root)
        if len(links) == 1 and isinstance(links[0], tree.Application) and not is_tight:
            return concat(head, self.adjacent(links[0], root))
        return self.linked(head, links)

    def adjacent(self, call: tree.Application, function: tree.Expression) -> Document:
        """The argument of `f(x)`."""
        gap = self.call_gap(function) if isinstance(function, tree.Identifier) else EMPTY
        argument = call.argument
        if not _is_unit_or_paren(argument):
            return concat(self.spaced(), self.tight(argument))
        return concat(gap, self.in_parentheses(argument, gap is EMPTY))

    def linked(self, head: Document, links: list[Link], end: int = 0) -> Document:
        """What follows the root of a chain; before `end`, dots and names of it."""
        groups: list[list[Document]] = [[head]]
        if self.starts[self.index] < end:
            groups.append([self.until(end)])
        for link in links:
            if isinstance(link, tree.DotGet):
                groups.append([self.until(link.span.end)])
            elif isinstance(link, tree.Application):
                if _is_unit_or_paren(link.argument):
                    groups[-1].append(self.in_parentheses(link.argument, True))
                else:
                    groups[-1].append(concat(self.spaced(), self.tight(link.argument)))
            elif isinstance(link, tree.TypeApplication):
                groups[-1].append(self.until(link.span.end))
            else:
                groups[-1].append(self.index_of(link))
        flat = joined(part for group in groups for part in group)
        if len(groups) < 3:
            return flat
        rest = joined(part for group in groups[1:] for part in (LINE, joined(group)))
        broken = concat(joined(groups[0]), Nest(self.indent, rest))
        return Choice(flat, broken, self.settings.max_dot_get_expression_width)

    def index_of(self, node: tree.DotIndex) -> Document:
        """`.[i, j]` or `[i, j]`"""
        parts: list[Document] = []
        for index in node.indices:
            parts.append(self.until(index.span.start))
            if len(parts) > 1:
                parts.append(self.spaced())
            parts.append(self.expression(index))
        parts.append(self.until(node.span.end))
        return joined(parts)

    def in_parentheses(self, node: tree.Expression, is_call: bool) -> Document:
        """The argument of a call: its parts below each other when they do not fit."""
        if not isinstance(node, tree.Paren) or self.kind != "(":
            return self.until(node.span.end)
        inner = node.expression
        lead = self.leading()
        hugs = isinstance(inner, FUNCTIONS) or is_computation(inner)
        if hugs or not (is_call or isinstance(inner, tree.Tuple)):
            return concat(lead, self.expression(node))
        opener = self.take("(")
        elements = [inner]
        if isinstance(inner, tree.Tuple) and not inner.is_struct:
            elements = inner.elements
        flat: list[Document] = [opener]
        broken: list[Document] = [LINE]
        for number, element in enumerate(elements):
            if number:
                comma = self.take(",")
                flat.extend((comma, SPACE if self.settings.space_after_comma else EMPTY))
                broken.extend((comma, LINE))
            written = self.block(element) if len(elements) == 1 else self.expression(element)
            flat.append(written)
            broken.append(written)
        lead_of_closer = self.leading()
        closer = self.take(")")
        if lead_of_closer is EMPTY and self.is_compact(inner):
            return concat(lead, joined(flat), closer)
        whole = concat(opener, Nest(self.indent, joined(broken)), LINE, lead_of_closer, closer)
        return concat(lead, Choice(concat(*flat, lead_of_closer, closer), whole))

    def is_compact(self, node: tree.Expression) -> bool:
        """A lone list, record or computation in the parentheses of a call starts on its line."""
        return isinstance(node, LISTS + RECORDS) and (
            self.settings.multiline_bracket_style == STROUSTRUP
        )

    # ------------------------------------------------------------ operators

    def infix(self, node: tree.Application) -> Document:
        """`a + b - c`: a chain of operators that bind alike."""
        operator = written_operator(node)
        family = _family(operator)
        operands: list[tree.Expression] = []
        current: tree.Expression = node
        while (
            isinstance(current, tree.Application)
            and current.form is _INFIX
            and isinstance(current.function, tree.Application)
            and _family(written_operator(current)) == family
        ):
            left, right = current.function.argument, current.argument
            if operator[:1] in _RIGHT:
                left, right = right, left
            operands.append(right)
            current = left
        operands.append(current)
        if operator[:1] not in _RIGHT:
            operands.reverse()
        return self.operator_chain(operands)

    def logical(self, node: tree.LogicalAnd | tree.LogicalOr) -> Document:
        """`a && b && c`"""
        operands = [node.right]
        current = node.left
        while isinstance(current, type(node)):
            operands.append(current.right)
            current = current.left
        operands.append(current)
        operands.reverse()
        return self.operator_chain(operands)

    def cons(self, node: tree.Cons) -> Document:
        """`a :: b :: c`"""
        operands = [node.head]
        current = node.tail
        while isinstance(current, tree.Cons):
            operands.append(current.head)
            current = current.tail
        operands.append(current)
        return self.operator_chain(operands)

    def operator_chain(self, operands: list[tree.Expression]) -> Document:
        """Operands with one operator token before each but the first."""
        first = self.expression(operands[0])
        flat: list[Document] = [first]
        broken: list[Document] = [first]
        for operand in operands[1:]:
            lead = self.leading()
            width = self.ends[self.index] - self.starts[self.index]
            operator = self.take()
            written = self.expression(operand)
            flat.extend((SPACE, lead, operator, SPACE, written))
            if isinstance(operand, tree.Function):
                aligned: Document = Nest(self.indent, written)
            elif isinstance(operand, tree.Lambda) or width < self.indent:
                aligned = written
            else:
                aligned = Align(written)
            broken.extend((LINE, lead, operator, SPACE, aligned))
        limit = self.settings.max_infix_operator_expression
        result: Document = joined(broken)
        before = joined(flat[:-1]).width
        if isinstance(operands[-1], tree.Lambda) and before != BROKEN:
            result = IfFits(joined(flat), result, before + flat[-1].head)
        return Choice(joined(flat), result, limit)

    def tuple_(self, node: tree.Tuple) -> Document:
        """`a, b`; `struct (a, b)` as its parts."""
        if node.is_struct:
            return self.plain(node)
        flat: list[Document] = []
        broken: list[Document] = []
        for element in node.elements:
            if flat:
                comma = self.take(",")
                flat.extend((comma, SPACE if self.settings.space_after_comma else EMPTY))
                broken.extend((comma, LINE))
            written = self.expression(element)
            flat.append(written)
            broken.append(written)
        result = joined(broken)
        before = joined(flat[:-1]).width
        if before != BROKEN and self.is_huggable(node.elements[-1]):
            result = IfFits(joined(flat), result, before + flat[-1].head)
        return Choice(joined(flat), result)

    def range(self, node: tree.Range) -> Document:
        """`1..n`, with blanks when an end is more than a name or number."""
        parts = [part for part in (node.start, node.step, node.end) if part is not None]
        simple = tree.Constant | tree.Identifier
        gap = EMPTY if all(isinstance(part, simple) for part in parts) else SPACE
        result: list[Document] = []
        for part in parts:
            while self.kind == "..":
                result.extend((gap if result else EMPTY, self.take(), gap if result else EMPTY))
            result.append(self.tight(part))
        return joined(result)

    def assignment(self, node: tree.Assign | tree.ReferenceAssign) -> Document:
        """`a <- e`, `a := e`"""
        target = self.expression(node.target)
        head = concat(target, SPACE, self.take("<-", ":="))
        return self.body(head, node.value)
