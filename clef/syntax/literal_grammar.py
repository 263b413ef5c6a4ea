"""The grammar of literals and interpolated strings.

Comes in: a cursor at a literal. Goes out: constants and interpolated strings with values. Promises:
a literal that cannot be decoded gives a diagnostic and a value of its kind.
"""

# `kind` changes with every `advance`, which the type checker cannot see when it narrows.
# pyright: reportUnnecessaryComparison=false, reportUnnecessaryContains=false

from __future__ import annotations

import os
import re
from typing import Final

from clef.diagnostics import syntax as problems
from clef.source import Span
from clef.syntax import tree
from clef.syntax.declarations import TriviaKind
from clef.syntax.layout import lay_out
from clef.syntax.literals import (
    EscapeError,
    TooLarge,
    decode_char,
    decode_number,
    decode_string,
    unescape,
)
from clef.syntax.pattern_grammar import PatternGrammar
from clef.syntax.tokens import (
    CHAR,
    END_OF_FILE,
    NUMBER,
    STRING,
    Hole,
    Interpolation,
    LaidOutTokens,
)

_PERCENT: Final = re.compile(r"(?:^|[^%])(?:%%)*(%[0 +\-#]*\d*(?:\.\d+)?[bscdiuxXoeEfFgGMOAaBt])$")
_SPECIFIER: Final = re.compile(r"(?<!%)(%+)([0 +\-#]*\d*(?:\.\d+)?[bscdiuxXoeEfFgGMOAaBt])$")
_BRACES: Final = re.compile(r"\{\{|\}\}")
_MEASURABLE: Final = frozenset(
    (
        tree.LiteralKind.INT32,
        tree.LiteralKind.INT64,
        tree.LiteralKind.INT16,
        tree.LiteralKind.SBYTE,
        tree.LiteralKind.BYTE,
        tree.LiteralKind.UINT16,
        tree.LiteralKind.UINT32,
        tree.LiteralKind.UINT64,
        tree.LiteralKind.NATIVEINT,
        tree.LiteralKind.UNATIVEINT,
        tree.LiteralKind.SINGLE,
        tree.LiteralKind.DOUBLE,
        tree.LiteralKind.DECIMAL,
    )
)
_LINE_DIRECTIVE: Final = re.compile(r'#\s*(?:line\s+)?(\d{1,9})(?:\s+@?"([^"]*)")?')
SOURCE_NAMES: Final = frozenset(("__SOURCE_DIRECTORY__", "__SOURCE_FILE__", "__LINE__"))


class LiteralGrammar(PatternGrammar):
    """Literals."""

    def literal(self, is_negative: bool = False) -> tree.Constant:
        """A number, string, char or boolean."""
        kind = self.kind
        if kind == NUMBER:
            return self.number(is_negative)
        span = self.here()
        text = self.token_text()
        self.advance()
        if kind == STRING:
            return self.string(span, text)
        if kind == CHAR:
            return self.character(span, text)
        return tree.Constant(span, kind == "true", tree.LiteralKind.BOOL)

    def number(self, is_negative: bool) -> tree.Constant:
        """A number, perhaps with a measure that touches it."""
        span = self.here()
        text = self.token_text()
        decoded = decode_number(text, is_negative)
        if decoded is None:
            self.report(problems.InvalidNumber(span, text))
            constant = tree.Constant(span, 0, tree.LiteralKind.INT32)
        elif isinstance(decoded, TooLarge):
            self.report(problems.NumberOutOfRange(span, text, decoded.type_name))
            constant = tree.Constant(span, 0, tree.LiteralKind.INT32)
        else:
            constant = tree.Constant(span, decoded.value, decoded.kind, None, decoded.suffix)
        self.advance()
        kind = self.kind
        opens = kind == "<" or (kind == "=op" and self.token_text() == "</")
        may_have_measure = opens and constant.kind in _MEASURABLE
        if may_have_measure and self.is_adjacent() and self.is_type_application():
            constant.measure = self.literal_measure()
            constant.span = self.span_from(span.start)
        return constant

    def string(self, span: Span, text: str) -> tree.Constant:
        try:
            value, is_bytes = decode_string(text)
        except EscapeError as error:
            self.report(problems.InvalidEscape(span, str(error)))
            return tree.Constant(span, "", tree.LiteralKind.STRING)
        if not is_bytes:
            return tree.Constant(span, value, tree.LiteralKind.STRING)
        try:
            data = value.encode("latin-1")
        except UnicodeEncodeError:
            self.report(problems.InvalidEscape(span, "a character above 255"))
            data = b""
        return tree.Constant(span, data, tree.LiteralKind.BYTES)

    def character(self, span: Span, text: str) -> tree.Constant:
        decoded = decode_char(text)
        if decoded is None:
            self.report(problems.InvalidCharacterLiteral(span, text))
            return tree.Constant(span, "\0", tree.LiteralKind.CHAR)
        value, is_byte = decoded
        if is_byte:
            if ord(value) > 127 and not text[2].isdigit():  # but for `'\200'B`
                self.report(problems.InvalidEscape(span, "a character above 127"))
            return tree.Constant(span, ord(value), tree.LiteralKind.BYTE)
        return tree.Constant(span, value, tree.LiteralKind.CHAR)

    def source_name(self) -> tree.Constant:
        """`__LINE__` and its relatives, known here and now."""
        span = self.here()
        text = self.token_text()
        self.advance()
        line, file = self._position_told(span.start)
        if text == "__LINE__":
            value = str(line)
        elif text == "__SOURCE_FILE__":
            value = os.path.basename(file)
        else:
            value = os.path.dirname(os.path.abspath(self.path))
        return tree.Constant(span, value, tree.LiteralKind.STRING)

    def _position_told(self, offset: int) -> tuple[int, str]:
        """The line and file of an offset, as the nearest `#line` in front of it has it."""
        line = self.source.position(offset)[0]
        for trivia in reversed(self.tokens.trivia):
            if trivia.kind is TriviaKind.DIRECTIVE and trivia.end <= offset:
                found = _LINE_DIRECTIVE.match(self.source.text[trivia.start : trivia.end])
                if found is not None:
                    here = self.source.position(trivia.start)[0]
                    return int(found.group(1)) + line - here - 1, found.group(2) or self.path
        return line, self.path

    # ------------------------------------------------------------ interpolated strings

    def interpolated_string(self) -> tree.Expression:
        """`$"text {e:format} %d{e}"`"""
        start = self.start()
        value = self.tokens.interpolations.get(start)
        self.advance()
        parts: list[tree.InterpolatedText | tree.InterpolatedHole] = []
        if value is not None:
            percent: str | None = None
            for part in value.parts:
                if isinstance(part, Hole):
                    parts.append(self.hole(part, percent))
                    percent = None
                else:
                    text, percent = self.interpolated_text(value, part)
                    if text:
                        offset, raw = part
                        span = Span(self.path, offset, offset + len(raw))
                        parts.append(tree.InterpolatedText(span, text))
        return tree.InterpolatedString(self.span_from(start), parts)

    def interpolated_text(
        self, value: Interpolation, part: tuple[int, str]
    ) -> tuple[str, str | None]:
        """The text with escapes replaced, and the printf specifier at its end, which belongs to
        the hole that follows."""
        offset, raw = part
        text = raw
        is_last = part is value.parts[-1]
        if value.dollars == 1:
            text = _BRACES.sub(lambda found: found.group()[0], text)
        if value.is_verbatim:
            if not value.is_triple:
                text = text.replace('""', '"')
        else:
            try:
                text = unescape(text)
            except EscapeError as error:
                span = Span(self.path, offset, offset + len(raw))
                self.report(problems.InvalidEscape(span, str(error)))
        percent: str | None = None
        if value.dollars > 1:
            text, percent = self.several_percents(text, value.dollars, is_last)
        elif not is_last and (found := _PERCENT.search(text)) is not None:
            text, percent = text[: found.start(1)], found.group(1)
        return text, percent

    def several_percents(self, text: str, count: int, is_last: bool) -> tuple[str, str | None]:
        """With `$$` a specifier starts with as many percent signs; fewer are text, which is
        given as if after one `$`."""
        percent: str | None = None
        found = None if is_last else _SPECIFIER.search(text)
        if found is not None and len(found.group(1)) >= count:
            text, percent = text[: found.end(1) - count], "%" + found.group(2)
        return text.replace("%", "%%"), percent

    def hole(self, hole: Hole, percent: str | None) -> tree.InterpolatedHole:
        """Parse the tokens of one hole as a file of their own."""
        start = hole.tokens.starts[0]
        laid_out, found = lay_out(self.source, hole.tokens)
        self.diagnostics.extend(found)
        inner = self.sub_parser(laid_out)
        inner.depth = self.depth + 1
        if inner.kind == END_OF_FILE:
            span = Span(self.path, start, start)
            problem = "an expression is missing between { and }"
            self.diagnostics.append(problems.InvalidInterpolation(span, problem))
            expression: tree.Expression = tree.ErrorExpression(span)
        else:
            expression = inner.sequence("the brace")
            if inner.kind != END_OF_FILE:
                inner.unexpected("} after the expression")
        alignment = int(hole.alignment) if hole.alignment is not None else None
        format = hole.format
        if format is not None and len(format) > 4 and format[:2] == format[-2:] == "``":
            format = format[2:-2]  # quoted like a name, so that it may hold any characters
        return tree.InterpolatedHole(expression.span, expression, percent, alignment, format)

    def sub_parser(self, laid_out: LaidOutTokens) -> LiteralGrammar:
        """A parser of the same class over other tokens, with the same diagnostics."""
        return type(self)(self.source, laid_out, self.diagnostics)

    def sequence(self, after: str) -> tree.Expression:
        """Expressions one after another, up to the end of the block or bracket."""
        raise NotImplementedError
