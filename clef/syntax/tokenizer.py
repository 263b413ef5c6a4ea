"""Text to tokens.

Comes in: a source file and the symbols defined for `#if`. Goes out: `Tokens` with trivia, and
diagnostics. Promises: every character is in a token, in trivia or is blank; each token knows its
column; the work is linear in the text; nothing in the text makes it raise. Literals are not decoded
here, only delimited.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Final

from clef.diagnostics import syntax as problems
from clef.diagnostics.diagnostic import Diagnostic
from clef.source import SourceFile
from clef.syntax.declarations import Trivia, TriviaKind
from clef.syntax.directives import ConditionError, condition_holds, skip_inactive
from clef.syntax.tokens import (
    ACTIVE_PATTERN,
    BANG_KEYWORDS,
    CHAR,
    DIRECTIVE,
    END_OF_FILE,
    INTERPOLATED,
    KEYWORDS,
    NAME,
    NUMBER,
    OPERATOR_NAME,
    STRING,
    TYPE_VARIABLE,
    Hole,
    Interpolation,
    Tokens,
    operator_kind,
)

_OPERATOR: Final = r"[!$%&*+\-./<=>?@^|~][!$%&*+\-./<=>?@^|~:]*"

_TOKEN: Final = re.compile(
    r"""[ ]*(?:
      (?P<name>[^\W\d][\w']*)
    | (?P<newline>\r?\n(?:[ ]*\r?\n)*)
    | (?P<line_comment>//[^\r\n]*)
    | (?P<block_comment>\(\*(?!\)))
    | (?P<active>\((?:[ ]*\|[ ]*(?:[^\W\d][\w']*|``[^`\r\n]+``))+[ ]*\|[ ]*\))
    | (?P<operator_name>\([ ]*(?!(?:->|<-|\||:|\.|\#)[ ]*\))
          (?:"""
    + _OPERATOR
    + r"""|:=|::|:>|:\?>|\.\[\](?:<-)?|\.\(\)(?:<-)?|\?<-)[ ]*\))
    | (?P<open>\(|\[\||\[<|\[|\{\||\{)
    | (?P<close>\)|\|\]|\]|\|\}|\})
    | (?P<mark>,|;;|;|::|:\?>|:\?|:>|:=|:|\.\.\.?(?![.])|\.(?=[^\W\d]|[\[(`\s]))
    | (?P<number>0[xX][\da-fA-F_]+(?:LF|lf|[uU]?[ysln]|[uU]?L|u)?\w*
        | 0[oObB][\d_]+(?:LF|lf|[uU]?[ysln]|[uU]?L|u)?\w*
        | \d[\d_]*(?:\.(?!\.)[\d_]*)?(?:[eE][+-]?\d[\d_]*)?\w*)
    | (?P<interpolated>(?:\$+@?|@\$)\"(?:\"\")?)
    | (?P<triple>\"\"\")
    | (?P<string>\"(?:[^"\\]++|\\.)*+\"B?|@\"(?:[^"]++|\"\")*+\"B?)
    | (?P<char>'(?:[^'\\\r\n\t]
        |\\(?:u[\da-fA-F]{4}|U[\da-fA-F]{8}|x[\da-fA-F]{2}|\d{3}|.))'B?)
    | (?P<type_variable>'[^\W\d][\w']*)
    | (?P<operator>"""
    + _OPERATOR
    + r""")
    | (?P<quoted>``(?:[^`\r\n]|`(?!`))+``)
    | (?P<hash>\#)
    | (?P<end>\Z)
    | (?P<other>.))""",
    re.VERBOSE | re.DOTALL,
)

_GROUP: Final = _TOKEN.groupindex
_COMMENT_PART: Final = re.compile(
    r"""\(\*\)|\(\*|\*\)|\"\"\"(?:.*?)\"\"\"|@\"(?:[^"]++|\"\")*+\"|\"(?:[^"\\]++|\\.)*+\"
    |'(?:[^'\\\r\n]|\\.)'""",
    re.VERBOSE | re.DOTALL,
)
_WORD: Final = re.compile(r"[^\W\d][\w']*")
_DIRECTIVE_NAME: Final = re.compile(r"#[ \t]*(\w+)")
_REST_OF_LINE: Final = re.compile(r"[^\r\n]*")
_QUIET_DIRECTIVES: Final = frozenset(
    ("nowarn", "warnon", "light", "indent", "line", "nullable", "region", "endregion")
)
_SCRIPT_DIRECTIVES: Final = frozenset(("r", "load", "I", "time", "quit", "help", "cd", "silentCd"))
_STRING_PART: Final = re.compile(r'[^"\\{}]+|\\.|\{+|\}+|"', re.DOTALL)
_RAW_PART: Final = re.compile(r'[^"{}]+|\{+|\}+|"+', re.DOTALL)
_HOLE_FORMAT: Final = re.compile(r"[^{}\r\n]*")
_HOLE_ALIGNMENT: Final = re.compile(r"\s*[+-]?\d+\s*(?=[:}])")


class _Tokenizer:
    """The state of one run; `text` is shared with the runs for holes of interpolated strings."""

    def __init__(self, source: SourceFile, symbols: frozenset[str]) -> None:
        self.source = source
        self.text = source.text
        self.symbols = symbols
        self.diagnostics: list[Diagnostic] = []
        self.out = Tokens()
        self.line_start = 0
        self.line = 0
        self.conditionals: list[tuple[int, bool]] = []
        self.brackets: list[str] = []
        self.hole_depth = 0
        self.hole_failed = False
        self.failed_hole = -1

    def add(self, kind: str, start: int, end: int) -> None:
        """Append one token."""
        out = self.out
        out.kinds.append(kind)
        out.starts.append(start)
        out.ends.append(end)
        out.columns.append(start - self.line_start)
        out.lines.append(self.line)

    def report(self, diagnostic: Diagnostic) -> None:
        """Keep a diagnostic; a flood of them is cut off."""
        if len(self.diagnostics) < 1000:
            self.diagnostics.append(diagnostic)

    def run(self, position: int, in_hole: bool) -> int:
        """Tokenise from `position` to the end, or inside a hole to its closing brace, colon or
        comma; gives where it stopped. The branches are ordered by how often they are taken."""
        text = self.text
        match = _TOKEN.match
        out = self.out
        kinds, starts, ends = out.kinds, out.starts, out.ends
        columns, lines = out.columns, out.lines
        keyword = KEYWORDS.get
        depth_at_start = len(self.brackets)
        while True:
            found = match(text, position)
            assert found is not None
            group = found.lastindex
            assert group is not None
            start, position = found.span(group)
            if group == _NAME_GROUP:
                kind = keyword(text[start:position], NAME)
                if kind in BANG_KEYWORDS and text.startswith("!", position):
                    kind += "!"
                    position += 1
                kinds.append(kind)
                starts.append(start)
                ends.append(position)
                columns.append(start - self.line_start)
                lines.append(self.line)
            elif group == _NEWLINE_GROUP:
                self.line = self.line_start = position
                if position - start > 2:
                    out.trivia.append(Trivia(TriviaKind.BLANK_LINES, start, position))
            elif group == _MARK_GROUP:
                mark = text[start:position]
                if (
                    in_hole
                    and len(self.brackets) == depth_at_start
                    and (mark == ":" or (mark == "," and _HOLE_ALIGNMENT.match(text, position)))
                ):
                    return start
                self.add(mark, start, position)
            elif group == _END_GROUP or (
                in_hole and text[start] == "}" and len(self.brackets) == depth_at_start
            ):
                return start
            else:
                position = _HANDLERS[group](self, start, position)

    # ------------------------------------------------------------ brackets and operators

    def open_bracket(self, start: int, end: int) -> int:
        kind = self.text[start:end]
        self.brackets.append(kind)
        self.add(kind, start, end)
        return end

    def close_bracket(self, start: int, end: int) -> int:
        if self.brackets:
            self.brackets.pop()
        self.add(self.text[start:end], start, end)
        return end

    def operator(self, start: int, end: int) -> int:
        text = self.text
        if text[end - 1] == ">" and text.startswith("]", end) and self.closes_attributes():
            if end - 1 > start:
                self.add(operator_kind(text[start : end - 1]), start, end - 1)
            self.brackets.pop()
            self.add(">]", end - 1, end + 1)
            return end + 1
        if end - start > 1 and text[end - 1] == "|" and text[end : end + 1] in ("]", "}"):
            end -= 1
        self.add(operator_kind(text[start:end]), start, end)
        return end

    def closes_attributes(self) -> bool:
        return bool(self.brackets) and self.brackets[-1] == "[<"

    def simple(self, kind: str, start: int, end: int) -> int:
        self.add(kind, start, end)
        return end

    # ------------------------------------------------------------ strings

    def triple_string(self, start: int, end: int) -> int:
        close = self.text.find('"""', end)
        if close < 0:
            return self.unterminated(start, end, '"""')
        close += 3
        if self.text.startswith("B", close):
            close += 1
        return self.long_token(STRING, start, close)

    def long_token(self, kind: str, start: int, end: int) -> int:
        """Add a token that may hold line ends; what follows it stays on its line, at its true
        column."""
        self.add(kind, start, end)
        last = self.text.rfind("\n", start, end)
        if last >= 0:
            self.line_start = last + 1
        return end

    def unterminated(self, start: int, end: int, closing: str) -> int:
        """Report at the start of the string and go on after its first line."""
        self.report(problems.UnterminatedString(self.source.span(start, end), closing))
        found = _REST_OF_LINE.match(self.text, end)
        line_end = found.end() if found else end
        self.add(STRING, start, line_end)
        return line_end

    def string(self, start: int, end: int) -> int:
        return self.long_token(STRING, start, end)

    def interpolated(self, start: int, end: int) -> int:
        opening = self.text[start:end]
        is_triple = opening.endswith('"""')
        if opening.endswith('""') and not is_triple:
            opening, end = opening[:-1], end - 1
        dollars = opening.count("$")
        is_verbatim = "@" in opening or is_triple
        value = Interpolation([], is_verbatim, is_triple, dollars)
        line = self.line
        self.hole_depth += 1
        if self.hole_depth > 50:
            self.report(problems.NestingTooDeep(self.source.span(start, end), 50))
            self.hole_depth -= 1
            self.hole_failed = True
            return self.unclosed_interpolation(start, end, '"')
        close = self.interpolated_parts(value, end, is_triple)
        self.hole_depth -= 1
        if close < 0 and self.failed_hole >= 0:
            close = self.after_failed_hole('"""' if is_triple else '"')
        if close < 0:
            return self.unclosed_interpolation(start, end, '"""' if is_triple else '"')
        self.hole_failed = False
        saved_start = self.line_start
        self.line = line
        self.line_start = self.start_of_line(start)
        self.add(INTERPOLATED, start, close)
        self.line_start = max(saved_start, self.start_of_line(close))
        self.out.interpolations[start] = value
        return close

    def after_failed_hole(self, closing: str) -> int:
        """The quote that probably closes a string with a hole that is not closed: the next one,
        on the same line if the string has single quotes. -1 when there is none."""
        opening = self.failed_hole
        self.failed_hole = -1
        close = self.text.find(closing, opening)
        line_end = self.text.find("\n", opening)
        if close < 0 or (len(closing) == 1 and 0 <= line_end < close):
            return -1
        return close + len(closing)

    def unclosed_interpolation(self, start: int, end: int, closing: str) -> int:
        """One diagnostic is enough, however deep the holes are nested."""
        if not self.hole_failed:
            return self.unterminated(start, end, closing)
        self.hole_failed = self.hole_depth > 0
        found = _REST_OF_LINE.match(self.text, end)
        line_end = found.end() if found else end
        self.add(STRING, start, line_end)
        return line_end

    def start_of_line(self, offset: int) -> int:
        starts = self.source.line_starts
        return starts[bisect_right(starts, offset) - 1]

    def interpolated_parts(self, value: Interpolation, position: int, is_triple: bool) -> int:
        """Split into text and holes; gives the offset after the closing quote, or -1 where there
        is none."""
        pattern = _RAW_PART if value.is_verbatim else _STRING_PART
        text = self.text
        begin = position
        while True:
            found = pattern.match(text, position)
            if found is None:
                return -1
            position = found.end()
            piece = found.group()
            if piece[0] == '"':
                if is_triple and len(piece) < 3:
                    continue
                if not is_triple and value.is_verbatim and len(piece) > 1:
                    position = found.start() + len(piece) // 2 * 2
                    if len(piece) % 2 == 0:
                        continue
                width = 3 if is_triple else 1
                end = position - width if is_triple else found.end() - 1
                self.add_text(value, begin, end)
                return end + width
            if piece[0] == "{" and len(piece) % (2 if value.dollars == 1 else 10**9):
                if len(piece) < value.dollars:
                    continue
                self.add_text(value, begin, position - value.dollars)
                position = self.hole(value, position)
                if position < 0:
                    return -1
                begin = position
            elif piece[0] == "}" and value.dollars == 1 and len(piece) % 2:
                span = self.source.span(found.start(), position)
                self.report(
                    problems.InvalidInterpolation(span, "a closing brace without an opening one")
                )

    def add_text(self, value: Interpolation, begin: int, end: int) -> None:
        if end > begin:
            value.parts.append((begin, self.text[begin:end]))

    def hole(self, value: Interpolation, position: int) -> int:
        """Tokenise one hole, from after its brace; gives the offset after its closing brace, or
        -1."""
        outer = self.out
        brackets = self.brackets
        self.out = Tokens()
        self.brackets = []
        start = position
        errors = len(self.diagnostics)
        line, line_start = self.line, self.line_start
        position = self.run(position, True)
        self.add(END_OF_FILE, position, position)
        inner, self.out = self.out, outer
        self.brackets = brackets
        outer.trivia.extend(inner.trivia)
        alignment: str | None = None
        form: str | None = None
        if self.text.startswith(",", position):
            found = _HOLE_ALIGNMENT.match(self.text, position + 1)
            alignment = found.group().strip() if found else None
            position = found.end() if found else position
        if self.text.startswith(":", position):
            found = _HOLE_FORMAT.match(self.text, position + 1)
            form = found.group() if found else None
            position = found.end() if found else position
        if not self.text.startswith("}" * value.dollars, position):
            if not self.hole_failed:
                self.hole_failed = True
                del self.diagnostics[errors:]
                span = self.source.span(start - 1, start)
                self.report(problems.InvalidInterpolation(span, "this { is never closed"))
            self.failed_hole = start
            self.line, self.line_start = line, line_start
            return -1
        value.parts.append(Hole(inner, alignment, form))
        return position + value.dollars

    # ------------------------------------------------------------ comments and directives

    def line_comment(self, start: int, end: int) -> int:
        text = self.text
        is_documentation = text.startswith("///", start) and not text.startswith("////", start)
        kind = TriviaKind.DOCUMENTATION if is_documentation else TriviaKind.LINE_COMMENT
        self.out.trivia.append(Trivia(kind, start, end))
        if is_documentation:
            self.out.documentation.setdefault(-len(self.out.kinds) - 1, []).append(
                text[start + 3 : end]
            )
        return end

    def block_comment(self, start: int, end: int) -> int:
        depth = 1
        position = end
        while depth:
            found = _COMMENT_PART.search(self.text, position)
            if found is None:
                self.report(problems.UnterminatedComment(self.source.span(start, end)))
                position = len(self.text)
                break
            piece = found.group()
            position = found.end()
            if piece == "(*":
                depth += 1
            elif piece == "*)":
                depth -= 1
        self.out.trivia.append(Trivia(TriviaKind.BLOCK_COMMENT, start, position))
        last = self.text.rfind("\n", start, position)
        if last >= 0:
            self.line = self.line_start = last + 1
        return position

    def hash(self, start: int, end: int) -> int:
        found = _DIRECTIVE_NAME.match(self.text, start)
        is_first = not self.text[self.line_start : start].strip()
        if found is None or not is_first:
            return self.simple("#", start, end)
        name = found.group(1)
        line = _REST_OF_LINE.match(self.text, start)
        line_end = line.end() if line else end
        if name in ("if", "else", "endif"):
            return self.conditional(name, start, found.end(), line_end)
        if name in _QUIET_DIRECTIVES or name.isdigit():
            self.out.trivia.append(Trivia(TriviaKind.DIRECTIVE, start, line_end))
            return line_end
        if name in _SCRIPT_DIRECTIVES:
            self.add(DIRECTIVE, start, line_end)
            return line_end
        return self.simple("#", start, end)

    def conditional(self, name: str, start: int, name_end: int, line_end: int) -> int:
        self.out.trivia.append(Trivia(TriviaKind.DIRECTIVE, start, line_end))
        span = self.source.span(start, line_end)
        if name == "if":
            try:
                holds = condition_holds(self.text[name_end:line_end], self.symbols)
            except ConditionError:
                self.report(problems.InvalidDirective(span, "this condition cannot be read"))
                holds = False
            self.conditionals.append((start, False))
            return line_end if holds else self.skip(line_end)
        if not self.conditionals:
            self.report(problems.InvalidDirective(span, f"this #{name} has no #if"))
            return line_end
        opened, had_else = self.conditionals.pop()
        if name == "endif":
            return line_end
        if had_else:
            self.report(problems.InvalidDirective(span, "this #if has an #else already"))
        self.conditionals.append((opened, True))
        return self.skip(line_end)

    def skip(self, position: int) -> int:
        """Skip text that a condition switches off, up to and including its `#else` or `#endif`
        line."""
        begin = position
        while True:
            line_start, line_end, name = skip_inactive(self.text, position)
            if line_start > begin:
                self.out.trivia.append(Trivia(TriviaKind.INACTIVE, begin, line_start))
            self.line = self.line_start = line_start
            if not name:
                return line_end
            self.out.trivia.append(Trivia(TriviaKind.DIRECTIVE, line_start, line_end))
            opened, had_else = self.conditionals.pop()
            if name == "endif":
                return line_end
            self.conditionals.append((opened, True))
            if not had_else:
                return line_end
            self.report(
                problems.InvalidDirective(
                    self.source.span(line_start, line_end), "this #if has an #else already"
                )
            )
            begin = position = line_end

    # ------------------------------------------------------------ what fits nowhere

    def other(self, start: int, end: int) -> int:
        character = self.text[start]
        span = self.source.span(start, end)
        if character == '"' or (character == "@" and self.text.startswith('"', end)):
            return self.unterminated(start, end, '"')
        if character in "\r\f\v\ufeff":
            return end
        if character == "\t":
            while self.text.startswith("\t", end):
                end += 1
            self.report(problems.TabCharacter(self.source.span(start, end)))
            return end
        if character == "'":
            line_end = _REST_OF_LINE.match(self.text, end)
            close = self.text.find("'", end, line_end.end() if line_end else end)
            if 0 < close - end < 12:
                end = close + 1
                self.add(CHAR, start, end)
                return end
        self.report(problems.UnexpectedCharacter(span, character))
        return end


_NAME_GROUP: Final = _GROUP["name"]
_NEWLINE_GROUP: Final = _GROUP["newline"]
_MARK_GROUP: Final = _GROUP["mark"]
_END_GROUP: Final = _GROUP["end"]

_Handler = Callable[[_Tokenizer, int, int], int]


def _plain(kind: str) -> _Handler:
    """A handler for tokens that are nothing but their kind."""

    def handle(tokenizer: _Tokenizer, start: int, end: int) -> int:
        tokenizer.add(kind, start, end)
        return end

    return handle


_HANDLERS: Final[dict[int, _Handler]] = {
    _GROUP["line_comment"]: _Tokenizer.line_comment,
    _GROUP["block_comment"]: _Tokenizer.block_comment,
    _GROUP["active"]: _plain(ACTIVE_PATTERN),
    _GROUP["operator_name"]: _plain(OPERATOR_NAME),
    _GROUP["open"]: _Tokenizer.open_bracket,
    _GROUP["close"]: _Tokenizer.close_bracket,
    _GROUP["number"]: _plain(NUMBER),
    _GROUP["interpolated"]: _Tokenizer.interpolated,
    _GROUP["triple"]: _Tokenizer.triple_string,
    _GROUP["string"]: _Tokenizer.string,
    _GROUP["char"]: _plain(CHAR),
    _GROUP["type_variable"]: _plain(TYPE_VARIABLE),
    _GROUP["operator"]: _Tokenizer.operator,
    _GROUP["quoted"]: _plain(NAME),
    _GROUP["hash"]: _Tokenizer.hash,
    _GROUP["other"]: _Tokenizer.other,
}


def _attach_documentation(tokens: Tokens) -> None:
    """Comments were kept under the number of the token that follows; keep them under its offset."""
    moved = {
        tokens.starts[min(-key - 1, len(tokens.starts) - 1)]: lines
        for key, lines in tokens.documentation.items()
    }
    tokens.documentation = moved


def tokenize(source: SourceFile, symbols: frozenset[str]) -> tuple[Tokens, list[Diagnostic]]:
    """Tokenise a whole file."""
    tokenizer = _Tokenizer(source, symbols)
    start = 1 if source.text.startswith("\ufeff") else 0
    tokenizer.line_start = start
    if source.text.startswith("#!"):
        found = _REST_OF_LINE.match(source.text)
        start = found.end() if found else 0
    end = tokenizer.run(start, False)
    tokenizer.line = tokenizer.line_start = end + 1
    tokenizer.add(END_OF_FILE, end, end)
    for opened, _ in tokenizer.conditionals:
        span = source.span(opened, opened + 3)
        tokenizer.report(problems.UnclosedConditional(span))
    _attach_documentation(tokenizer.out)
    return tokenizer.out, tokenizer.diagnostics
