"""A place in the laid-out tokens, and what every part of the parser needs to move it.

Comes in: laid-out tokens. Goes out: `Cursor`, the root of the parser's classes: looking, advancing,
spans, names, reporting and skipping. Promises: it never moves past the end of the file; at one
place only one diagnostic is given.
"""

# `kind` changes with every `advance`, which the type checker cannot see when it narrows.
# pyright: reportUnnecessaryComparison=false, reportUnnecessaryContains=false

from __future__ import annotations

from typing import Final

from clef.diagnostics import syntax as problems
from clef.diagnostics.diagnostic import Diagnostic
from clef.source import SourceFile, Span
from clef.syntax.declarations import Attribute, Binding, Member
from clef.syntax.members import MemberSignature
from clef.syntax.node import Expression, LongName, Name, Pattern, TypeExpression
from clef.syntax.operator_names import compiled_name
from clef.syntax.tokens import (
    ACTIVE_PATTERN,
    BLOCK_BEGIN,
    BLOCK_END,
    CHAR,
    CLOSERS,
    END_OF_FILE,
    INTERPOLATED,
    LET_END,
    NAME,
    NUMBER,
    OPERATOR_NAME,
    RESERVED,
    SEPARATOR,
    STRING,
    TYPE_VARIABLE,
    LaidOutTokens,
    operator_kind,
)
from clef.syntax.types import Constraint

NESTING_LIMIT: Final = 2000

VIRTUAL: Final = frozenset((BLOCK_BEGIN, BLOCK_END, SEPARATOR, LET_END))
CLOSING: Final = frozenset(CLOSERS.values())
_TEXTUAL: Final = frozenset(
    (NAME, NUMBER, STRING, CHAR, TYPE_VARIABLE, OPERATOR_NAME, ACTIVE_PATTERN, INTERPOLATED)
)

_WITH_RESERVED: Final = frozenset(("$", "::", ":=", ":>", ":?>"))
_AFTER_TILDE: Final = frozenset(
    f"~{sign}" for sign in ("+", "-", "+.", "-.", "?+", "?-", "%", "%%", "&", "&&")
)


class Cursor:
    """Shared state of the parser. The parser is a chain of classes, each with one part of the
    grammar; what an earlier part needs from a later one is declared at the end of this class."""

    def __init__(
        self, source: SourceFile, laid_out: LaidOutTokens, diagnostics: list[Diagnostic]
    ) -> None:
        tokens = laid_out.tokens
        self.source = source
        self.path = source.path
        self.text = source.text
        self.tokens = tokens
        self.kinds = laid_out.kinds
        self.places = laid_out.places
        self.starts = tokens.starts
        self.ends = tokens.ends
        self.position = 0
        self.kind = self.kinds[0]
        self.last_end = self.starts[0]
        self.diagnostics = diagnostics
        self.last_error = -1
        self.depth = 0
        self.faults: frozenset[int] = frozenset()

    # ------------------------------------------------------------ looking

    def start(self) -> int:
        """Where the current token starts; a virtual one stands before the next real one."""
        return self.starts[self.places[self.position]]

    def token_text(self) -> str:
        """The text of the current token."""
        place = self.places[self.position]
        return self.text[self.starts[place] : self.ends[place]]

    def peek(self, distance: int = 1) -> str:
        """The kind of a later token."""
        position = self.position + distance
        return self.kinds[position] if position < len(self.kinds) else END_OF_FILE

    def is_adjacent(self) -> bool:
        """Whether the current token touches the one before it."""
        return self.starts[self.places[self.position]] == self.last_end

    def next_is_adjacent(self) -> bool:
        """Whether the next token touches the current one."""
        places = self.places
        position = self.position
        return (
            self.kinds[position + 1] not in VIRTUAL
            and self.starts[places[position + 1]] == self.ends[places[position]]
        )

    def span_from(self, start: int) -> Span:
        """From an offset to the end of the last consumed token; empty, and there, when nothing
        was consumed."""
        end = self.last_end
        return Span(self.path, start if start < end else end, end)

    def here(self) -> Span:
        """The span of the current token; of nothing for a virtual one."""
        place = self.places[self.position]
        start = self.starts[place]
        if self.kind in VIRTUAL:
            return Span(self.path, self.last_end, self.last_end)
        return Span(self.path, start, self.ends[place])

    def gap(self) -> Span:
        """The empty span after the last consumed token, for what is missing."""
        return Span(self.path, self.last_end, self.last_end)

    def where_missing(self) -> Span:
        """Where to say that something is missing: at the token that stands there instead, but
        never on a later line."""
        if self.text.find("\n", self.last_end, self.start()) >= 0:
            return self.gap()
        return self.here()

    def is_first_of_line(self) -> bool:
        """Whether the current token starts a line."""
        if self.kind in VIRTUAL:
            return False
        place = self.places[self.position]
        lines = self.tokens.lines
        return 0 < place < len(lines) and lines[place] != lines[place - 1]

    # ------------------------------------------------------------ moving

    def advance(self) -> None:
        """To the next token; stays at the end of the file."""
        position = self.position
        kind = self.kind
        if kind == END_OF_FILE:
            return
        if kind not in VIRTUAL:
            self.last_end = self.ends[self.places[position]]
        position += 1
        self.position = position
        self.kind = self.kinds[position]

    def accept(self, kind: str) -> bool:
        """Consume a token if it is of this kind."""
        if self.kind == kind:
            self.advance()
            return True
        return False

    def expect(self, kind: str, expected: str, advice: str | None = None) -> bool:
        """Consume a token of this kind, or report that it is missing and consume nothing."""
        if self.kind == kind:
            self.advance()
            return True
        self.unexpected(expected, advice)
        return False

    def rewind(self, position: int, last_end: int, errors: int) -> None:
        """Back to an earlier place, forgetting the diagnostics given since."""
        self.position = position
        self.kind = self.kinds[position]
        self.last_end = last_end
        if len(self.diagnostics) > errors:
            del self.diagnostics[errors:]
            self.last_error = -1

    def skip_separators(self) -> None:
        """Over line separators."""
        while self.kind == SEPARATOR:
            self.advance()

    def skip_item(self) -> None:
        """After an error: to the end of the innermost item, over balanced blocks and brackets."""
        depth = 0
        while self.kind != END_OF_FILE:
            kind = self.kind
            if depth == 0 and kind in (SEPARATOR, BLOCK_END, LET_END, ";"):
                return
            if kind == BLOCK_BEGIN or kind in CLOSERS:
                if kind in ("struct", "class", "interface", "sig"):
                    pass
                else:
                    depth += 1
            elif kind == BLOCK_END or kind in CLOSING:
                if depth == 0:
                    return
                depth -= 1
            self.advance()

    # ------------------------------------------------------------ reporting

    def report(self, diagnostic: Diagnostic) -> None:
        """Give a diagnostic, unless one has been given at this very place, by the parser or
        (about brackets) by the layout."""
        is_new = self.position != self.last_error and self.start() not in self.faults
        if self.diagnostics and isinstance(self.diagnostics[-1], problems.NestingTooDeep):
            return  # what follows comes from having stopped there
        if is_new and len(self.diagnostics) < 1000:
            self.last_error = self.position
            self.diagnostics.append(diagnostic)

    def describe(self) -> str:
        """The current token in words."""
        kind = self.kind
        if kind == SEPARATOR:
            return "the start of a new line"
        if kind in (BLOCK_END, LET_END):
            return "the end of the block"
        if kind == BLOCK_BEGIN:
            return "an indented block"
        if kind == END_OF_FILE:
            return "the end of the file"
        text = self.token_text()
        if len(text) > 30:
            text = text[:27] + "..."
        if kind in _TEXTUAL:
            return f"{kind} {text}"
        return f"keyword {kind}" if kind.isalpha() else text

    def unexpected(self, expected: str, advice: str | None = None) -> None:
        """Report the current token; the first of a line may be wrong by its indentation alone."""
        if advice is None and self.is_first_of_line():
            advice = "check the indentation: this line goes on with the one before or closes it"
        self.report(problems.UnexpectedToken(self.here(), self.describe(), expected, advice))

    # ------------------------------------------------------------ angle brackets

    def split(self, length: int) -> None:
        """Consume only the first characters of the current operator; the rest becomes the
        current token."""
        place = self.places[self.position]
        start = self.starts[place] + length
        self.starts[place] = start
        self.last_end = start
        kind = operator_kind(self.text[start : self.ends[place]])
        self.kinds[self.position] = kind
        self.kind = kind

    def open_angle(self) -> bool:
        """Consume `<`, also as the start of `<^` and `</`."""
        if self.kind == "<":
            self.advance()
            return True
        if self.kind not in VIRTUAL and self.token_text() in ("<^", "</"):
            self.split(1)
            return True
        return False

    def at_close_angle(self) -> bool:
        """Whether the current token starts with `>`."""
        kind = self.kind
        return kind == ">" or kind == ">]" or (kind == "=op" and self.token_text()[0] == ">")

    def close_angle(self) -> None:
        """Consume `>`, also as the first character of a longer operator."""
        if self.kind == ">":
            self.advance()
        elif self.kind == "=op" and self.token_text()[0] == ">":
            self.split(1)
        else:
            self.unexpected("> after the type arguments")

    # ------------------------------------------------------------ names

    def name(self, what: str = "a name") -> Name:
        """A simple name; when there is none, an empty one and a diagnostic."""
        if self.kind == NAME:
            return self.take_name()
        self.report(problems.MissingName(self.where_missing(), self.describe(), what))
        return Name(Span(self.path, self.last_end, self.last_end), "", "")

    def take_name(self) -> Name:
        """The current NAME token."""
        place = self.places[self.position]
        start, end = self.starts[place], self.ends[place]
        text = self.text[start:end]
        if text[0] == "`":
            text = text[2:-2]
        elif text in RESERVED:
            self.report(problems.ReservedWord(Span(self.path, start, end), text))
        name = Name(Span(self.path, start, end), text, text)
        self.advance()
        return name

    def operator_name(self) -> Name:
        """The current OPERATOR_NAME or ACTIVE_PATTERN token."""
        span = self.here()
        written = self.token_text()[1:-1].strip()
        if self.kind == ACTIVE_PATTERN:
            parts = [part.strip().strip("`") for part in written.strip("|").split("|")]
            for part in parts:
                if part != "_" and not part[:1].isupper():
                    hint = "names of cases that begin with a capital letter"
                    self.report(problems.UnexpectedToken(span, f"case {part}", hint))
            text = "|" + "|".join(parts) + "|"
            name = Name(span, text, text)
        else:
            written = " ".join(written.split())
            self.check_operator(span, written)
            name = Name(span, compiled_name(written), written)
        self.advance()
        return name

    def check_operator(self, span: Span, written: str) -> None:
        """Report characters that the names of operators cannot have, and unknown prefixes."""
        for character in "$:":
            if character in written and written not in _WITH_RESERVED:
                self.report(problems.ReservedOperatorCharacter(span, written, character))
                return
        if written[0] == "~" and written.strip("~") and written not in _AFTER_TILDE:
            self.report(problems.InvalidPrefixOperator(span, written))

    def any_name(self, what: str = "a name") -> Name:
        """A name, an operator name or the name of an active pattern."""
        if self.kind in (OPERATOR_NAME, ACTIVE_PATTERN):
            return self.operator_name()
        return self.name(what)

    def long_name(self, what: str = "a name") -> LongName:
        """A dotted name; `global` may come first."""
        if self.kind == "global":
            parts = [Name(self.here(), "global", "global")]
            self.advance()
        else:
            parts = [self.name(what)]
        start = parts[0].span.start
        while self.kind == "." and self.peek() == NAME:
            self.advance()
            parts.append(self.take_name())
        return LongName(self.span_from(start), parts)

    def long_operator_name(self) -> LongName:
        """A dotted name whose last part may be an operator: `Checked.(+)`."""
        name = self.long_name()
        if self.kind == "." and self.peek() in (ACTIVE_PATTERN, OPERATOR_NAME):
            self.advance()
            name.parts.append(self.operator_name())
            name.span = self.span_from(name.span.start)
        return name

    # ------------------------------------------------------------ nesting

    def enter(self) -> bool:
        """One level deeper; False, with a diagnostic, when that is too deep. Balance with
        `leave` when True."""
        if self.depth >= NESTING_LIMIT:
            self.report(problems.NestingTooDeep(self.here(), NESTING_LIMIT))
            return False
        self.depth += 1
        return True

    def leave(self) -> None:
        """One level back."""
        self.depth -= 1

    # ------------------------------------------------------------ defined by later classes

    def expression(self, minimum: int = 0) -> Expression:
        """An expression whose operators bind at least as tightly as `minimum`."""
        raise NotImplementedError

    def atomic_expression(self) -> Expression:
        """An argument: a literal, a name, something in brackets, with what follows by dots."""
        raise NotImplementedError

    def block(self, after: str) -> Expression:
        """A laid-out block of expressions."""
        raise NotImplementedError

    def pattern(self, in_parentheses: bool = False) -> Pattern:
        """A pattern with all its operators."""
        raise NotImplementedError

    def type_expression(self) -> TypeExpression:
        """A type."""
        raise NotImplementedError

    def atomic_type(self) -> TypeExpression:
        """A type that nothing follows: a name, a variable, something in parentheses."""
        raise NotImplementedError

    def constraints(self) -> list[Constraint]:
        """`when c and d`"""
        raise NotImplementedError

    def attributes(self) -> list[Attribute]:
        """Any number of `[<...>]`."""
        raise NotImplementedError

    def bindings(self, is_recursive: bool) -> list[Binding]:
        """What follows `let`: bindings with `and` between."""
        raise NotImplementedError

    def members(self) -> list[Member]:
        """Members of a type or an object expression, up to something else."""
        raise NotImplementedError

    def member_signature(self) -> MemberSignature:
        """`static member M : t`, without a body."""
        raise NotImplementedError
