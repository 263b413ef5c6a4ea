"""Text to tokens.

Comes in: a source file and the symbols defined for `#if`. Goes out: `Tokens` with trivia, and
diagnostics. Promises: every character is in a token, in trivia or is blank; each token knows its
column; the work is linear in the text; nothing in the text makes it raise. Literals are not decoded
here, only delimited.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from clef.diagnostics import syntax as problems
from clef.diagnostics.diagnostic import Diagnostic
from clef.source import SourceFile
from clef.syntax.declarations import Trivia, TriviaKind
from clef.syntax.directives import ConditionError, condition_holds, skip_inactive
from clef.syntax.string_tokenizer import HOLE_ALIGNMENT, REST_OF_LINE, StringTokenizer
from clef.syntax.tokens import (
    ACTIVE_PATTERN,
    BANG_KEYWORDS,
    CHAR,
    DIRECTIVE,
    END_OF_FILE,
    KEYWORDS,
    NAME,
    NUMBER,
    OPERATOR_NAME,
    TYPE_VARIABLE,
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
    | (?P<active>\(\|(?:\s*(?:[^\W\d][\w']*|``[^`\r\n]+``)\s*\|)+\)
        |\((?:[ ]*\|[ ]*(?:[^\W\d][\w']*|``[^`\r\n]+``))+[ ]*\|[ ]*\))
    | (?P<operator_name>\(\s*(?!(?:->|<-|\||:|\.|\#)\s*\))
          (?:"""
    + _OPERATOR
    + r"""|\.\.[ ]+\.\.|:=|::|:>|:\?>|\.\[\](?:<-)?|\.\(\)(?:<-)?|\?<-)\s*\))
    | (?P<open>\(|\[\||\[<|\[|\{\||\{)
    | (?P<close>\)|\|\]|\]|\|\}|\})
    | (?P<mark>,|;;|;|::|:\?>|:\?|:>|:=|:|\.\.\.?(?![.])|\.(?=[^\W\d]|[\[(`\s]))
    | (?P<number>0[xX][\da-fA-F_]+(?:LF|lf|[uU]?[ysln]|[uU]?L|u)?\w*
        | 0[oObB][\d_]+(?:LF|lf|[uU]?[ysln]|[uU]?L|u)?\w*
        | \d[\d_]*(?:\.(?!\.)[\d_]*)?(?:[eE][+-]?\d[\d_]*)?\w*)
    | (?P<interpolated>(?:\$+@?|@\$)\"(?:\"\")?)
    | (?P<triple>\"\"\")
    | (?P<string>\"(?:[^"\\]++|\\.)*+\"B?|@\"(?:[^"]++|\"\")*+\"B?)
    | (?P<char>'(?:[^\\\r\n\t]
        |\\(?:u[\da-fA-F]{4}|U[\da-fA-F]{8}|x[\da-fA-F]{2}|\d{3}|.))'B?)
    | (?P<no_char>'')
    | (?P<type_variable>'(?:[^\W\d][\w']*|``(?:[^`\r\n]|`(?!`))+``))
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
_DIRECTIVE_NAME: Final = re.compile(r"#[ \t]*(\w+)")
_QUIET_DIRECTIVES: Final = frozenset(
    ("nowarn", "warnon", "light", "indent", "line", "nullable", "region", "endregion")
)
_SCRIPT_DIRECTIVES: Final = frozenset(("r", "load", "I", "time", "quit", "help", "cd", "silentCd"))


class _Tokenizer(StringTokenizer):
    """Tokens and comments; strings are inherited."""

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
                    and (mark == ":" or (mark == "," and HOLE_ALIGNMENT.match(text, position)))
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
        if text.startswith('=$"', start):  # `name =$"text"`: the dollar belongs to the text
            end = start + 1
        self.add(operator_kind(text[start:end]), start, end)
        return end

    def closes_attributes(self) -> bool:
        return bool(self.brackets) and self.brackets[-1] == "[<"

    def active_pattern(self, start: int, end: int) -> int:
        """`(|A|B|)`"""
        return self.over_lines(ACTIVE_PATTERN, start, end)

    def operator_name(self, start: int, end: int) -> int:
        """`(+)`"""
        return self.over_lines(OPERATOR_NAME, start, end)

    def over_lines(self, kind: str, start: int, end: int) -> int:
        """A name in parentheses, which may stand on several lines."""
        self.add(kind, start, end)
        last = self.text.rfind("\n", start, end)
        if last >= 0:
            self.line = self.line_start = last + 1
        return end

    def simple(self, kind: str, start: int, end: int) -> int:
        self.add(kind, start, end)
        return end

    # ------------------------------------------------------------ comments and directives

    def line_comment(self, start: int, end: int) -> int:
        text = self.text
        is_documentation = text.startswith("///", start) and not text.startswith("////", start)
        if is_documentation and self.out.lines and self.out.lines[-1] == self.line:
            is_documentation = False
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
        line = REST_OF_LINE.match(self.text, start)
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
        if character == '"' or (character == "@" and self.text.startswith('"', end)):
            suspect = self.suspect
            if suspect is not None and self.hole_depth == 0 and self.rewinds < 10:
                return self.blame(suspect)
            return self.unterminated(start, end, '"')
        if character in "\r\f\v\ufeff":
            return end
        if character == "\t":
            while self.text.startswith("\t", end):
                end += 1
            self.report(problems.TabCharacter(self.source.span(start, end)))
            return end
        if character == "'":
            line_end = REST_OF_LINE.match(self.text, end)
            close = self.text.find("'", end, line_end.end() if line_end else end)
            if 0 < close - end < 12:
                end = close + 1
                self.add(CHAR, start, end)
                return end
        while self.text.startswith(character, end):  # a run of them is one mistake
            end += 1
        self.report(problems.UnexpectedCharacter(self.source.span(start, end), character))
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
    _GROUP["active"]: _Tokenizer.active_pattern,
    _GROUP["operator_name"]: _Tokenizer.operator_name,
    _GROUP["open"]: _Tokenizer.open_bracket,
    _GROUP["close"]: _Tokenizer.close_bracket,
    _GROUP["number"]: _plain(NUMBER),
    _GROUP["interpolated"]: _Tokenizer.interpolated,
    _GROUP["triple"]: _Tokenizer.triple_string,
    _GROUP["string"]: _Tokenizer.string,
    _GROUP["char"]: _plain(CHAR),
    _GROUP["no_char"]: _plain(CHAR),
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
        found = REST_OF_LINE.match(source.text)
        start = found.end() if found else 0
    end = tokenizer.run(start, False)
    tokenizer.line = tokenizer.line_start = end + 1
    tokenizer.add(END_OF_FILE, end, end)
    for opened, _ in tokenizer.conditionals:
        span = source.span(opened, opened + 3)
        tokenizer.report(problems.UnclosedConditional(span))
    _attach_documentation(tokenizer.out)
    return tokenizer.out, tokenizer.diagnostics
