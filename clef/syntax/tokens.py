"""Kinds of tokens, and the arrays that hold them.

Comes in: nothing. Goes out: the vocabulary shared by the tokenizer, the layout pass and the parser.
Promises: a kind is a string; a keyword or punctuation mark is its own kind, other operators share
the kind of their precedence class. Tokens are kept as parallel arrays, because a large file has
hundreds of thousands of them.
"""

from __future__ import annotations

from typing import Final

from clef.data_classes import dataclass, field
from clef.syntax.declarations import Trivia

NAME: Final = "name"
NUMBER: Final = "number"
STRING: Final = "string literal"
CHAR: Final = "char literal"
INTERPOLATED: Final = "interpolated string"
TYPE_VARIABLE: Final = "type variable"
OPERATOR_NAME: Final = "operator name"
ACTIVE_PATTERN: Final = "active pattern name"
DIRECTIVE: Final = "directive"
END_OF_FILE: Final = "end of file"

# Operators that are not a kind of their own, by precedence class; the kind shows the leading
# characters.
POWER: Final = "**op"
MULTIPLY: Final = "*op"
ADD: Final = "+op"
CONCATENATE: Final = "^op"
COMPARE: Final = "=op"
PREFIX: Final = "!op"

# Virtual tokens of the layout pass.
BLOCK_BEGIN: Final = "<block>"
BLOCK_END: Final = "</block>"
SEPARATOR: Final = "<separator>"
LET_END: Final = "</let>"


def words(text: str) -> frozenset[str]:
    """The set of the words of a text."""
    return frozenset(text.split())


KEYWORDS: Final[dict[str, str]] = {
    word: word
    for word in words(
        "abstract and as asr assert base begin class const default delegate do done downcast "
        "downto elif else end exception extern false finally fixed for fun function global if in "
        "inherit inline interface internal land lazy let lor lsl lsr lxor match member mod module "
        "mutable namespace new null of open or override private public rec return sig static "
        "struct then to true try type upcast use val void when while with yield _"
    )
}

RESERVED: Final = words(
    "break checked component constraint continue include mixin parallel params process protected "
    "pure sealed tailcall trait virtual"
)

BANG_KEYWORDS: Final = words("let use do yield return match and while")

# Operators that the grammar knows one by one.
EXACT_OPERATORS: Final[dict[str, str]] = {
    text: text
    for text in words(
        "= | || & && < > - + * % %% -> <- : :: :> :? :?> := . .. ... ? ?? ! ~ ^ $ <@ <@@ @> @@>"
    )
}

CLOSERS: Final[dict[str, str]] = {
    "(": ")",
    "[": "]",
    "[|": "|]",
    "{": "}",
    "{|": "|}",
    "[<": ">]",
    "<@": "@>",
    "<@@": "@@>",
    "begin": "end",
    "struct": "end",
    "class": "end",
    "interface": "end",
    "sig": "end",
}

_CLASS_BY_CHARACTER: Final[dict[str, str]] = {
    "*": MULTIPLY,
    "/": MULTIPLY,
    "%": MULTIPLY,
    "+": ADD,
    "-": ADD,
    "@": CONCATENATE,
    "^": CONCATENATE,
    "=": COMPARE,
    "<": COMPARE,
    ">": COMPARE,
    "$": COMPARE,
    "&": COMPARE,
    "|": COMPARE,
    "!": PREFIX,
    "~": PREFIX,
}


def operator_kind(text: str) -> str:
    """The kind of an operator: itself when the grammar knows it, else its precedence class."""
    exact = EXACT_OPERATORS.get(text)
    if exact is not None:
        return exact
    core = text.lstrip(".$?") or text[-1]
    if core.startswith("**"):
        return POWER
    if core.startswith("!="):
        return COMPARE
    return _CLASS_BY_CHARACTER.get(core[0], COMPARE)


@dataclass(slots=True)
class Hole:
    """A `{...}` of an interpolated string: its tokens, and alignment and format as written."""

    tokens: Tokens
    alignment: str | None
    format: str | None


@dataclass(slots=True)
class Interpolation:
    """The inside of an interpolated string. Text parts are raw, with their start offset."""

    parts: list[tuple[int, str] | Hole]
    is_verbatim: bool
    is_triple: bool
    dollars: int


@dataclass(slots=True)
class Tokens:
    """Parallel arrays: kind, first and end offset, column (from 0), and a number that differs
    from line to line. The last token is END_OF_FILE. `documentation` holds comment lines by the
    start offset of the token that follows."""

    kinds: list[str] = field(default_factory=list[str])
    starts: list[int] = field(default_factory=list[int])
    ends: list[int] = field(default_factory=list[int])
    columns: list[int] = field(default_factory=list[int])
    lines: list[int] = field(default_factory=list[int])
    trivia: list[Trivia] = field(default_factory=list[Trivia])
    documentation: dict[int, list[str]] = field(default_factory=dict[int, list[str]])
    interpolations: dict[int, Interpolation] = field(default_factory=dict[int, Interpolation])

    def copy(self) -> Tokens:
        """The same with places of its own: the parser moves those of `>>` when it takes it apart,
        and the layout adds tokens that the text lacks."""
        return Tokens(
            self.kinds,
            self.starts[:],
            self.ends[:],
            self.columns,
            self.lines,
            self.trivia,
            self.documentation,
            self.interpolations,
        )


@dataclass(slots=True)
class LaidOutTokens:
    """Tokens with virtual ones between them: kinds, and for each the place of the real token in
    `tokens` (for a virtual token: of the real one that follows)."""

    tokens: Tokens
    kinds: list[str]
    places: list[int]
