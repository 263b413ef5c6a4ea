"""Mutations of source texts.

In: a text, another one to borrow from, and a source of chance. Out: a text. Promises: the same seed
gives the same text; the result is always a `str`, possibly an empty or an absurd one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

Mutation = Callable[[str, str, Random], str]

TOKEN = re.compile(
    r"\"(?:[^\"\\\n]|\\.)*\"|[A-Za-z_]\w*|\d[\w.]*|[ \t]+|\n|[!%&*+./<=>?@^|~:$-]+|.", re.DOTALL
)
NASTY = "\0\t\r\n\\\"'`{}()[]<>|;:,.#@$%^&*!?~-+=/_ \u00a0\u2028\ufeff\u0301é漢😀0aA"
SNIPPETS = (
    *(
        "let ",
        "in ",
        "and ",
        "rec ",
        "fun x -> ",
        "function ",
        "match x with ",
        "| _ -> ",
        "if ",
        "then ",
        "else ",
    ),
    *(
        "type T = ",
        "module M = ",
        "namespace N\n",
        "open System\n",
        "try ",
        "with ",
        "finally ",
        "use ",
        "yield ",
        "do ",
    ),
    *(
        "while true do ",
        "for i in 0..9 do ",
        "begin ",
        "end ",
        "struct ",
        "class ",
        "interface ",
        "member x.A = ",
        "inherit ",
    ),
    *(
        "mutable ",
        "inline ",
        "private ",
        "static ",
        "abstract A : int",
        "override ",
        "exception E of int",
        "extern ",
        "when ",
    ),
    *(
        "->",
        "<-",
        ":>",
        ":?>",
        ":?",
        "::",
        "..",
        "|>",
        ">>",
        "(*",
        "*)",
        "//",
        "///",
        "(*)",
        "[|",
        "|]",
        "{|",
        "|}",
        "<@",
        "@>",
        "[<",
        ">]",
    ),
    *(
        '"',
        '"""',
        '@"',
        '$"{',
        '$"""',
        "'a",
        "^a",
        "'",
        "``",
        "`",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "()",
        "[]",
        "<",
        ">",
        "_",
        ";",
        ",",
        ":",
    ),
    *(
        "0x",
        "1e",
        "1.",
        "1..2",
        "1uy",
        "1m",
        "0b2",
        "9999999999999999999999",
        "1.0<m>",
        "1<",
        "'\\u12'",
        "'ab'",
        "%d",
        "{0}",
    ),
    *(
        "#if X\n",
        "#endif\n",
        "#else\n",
        "#line 1\n",
        '#nowarn "1"\n',
        "#light\n",
        "null",
        "base",
        "global",
        "this",
        "not ",
    ),
    *(
        "seq { ",
        "async { ",
        "let! ",
        "return! ",
        "lazy ",
        "assert ",
        "upcast ",
        "new T()",
        "typeof<int>",
        'sprintf "%d" ',
        "%A",
        "\t",
    ),
)


def tokens_of(text: str) -> list[str]:
    """Roughly the tokens; joined they give the text."""
    return TOKEN.findall(text)


def _range(size: int, longest: int, random: Random) -> tuple[int, int]:
    start = random.randrange(size + 1)
    return start, min(size, start + 1 + int(longest ** random.random()))


def insert_character(text: str, other: str, random: Random) -> str:
    place = random.randrange(len(text) + 1)
    return text[:place] + random.choice(NASTY) + text[place:]


def delete_characters(text: str, other: str, random: Random) -> str:
    start, end = _range(len(text), 40, random)
    return text[:start] + text[end:]


def repeat_characters(text: str, other: str, random: Random) -> str:
    start, end = _range(len(text), 60, random)
    return text[:end] + text[start:end] * random.choice((1, 1, 2, 30)) + text[end:]


def change_bytes(text: str, other: str, random: Random) -> str:
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    for _ in range(random.randint(1, 3)):
        if data:
            data[random.randrange(len(data))] = random.randrange(256)
    return data.decode("utf-8", "replace")


def truncate(text: str, other: str, random: Random) -> str:
    place = random.randrange(len(text) + 1)
    return text[:place] if random.random() < 0.7 else text[place:]


def delete_token(text: str, other: str, random: Random) -> str:
    tokens = tokens_of(text)
    if tokens:
        del tokens[random.randrange(len(tokens))]
    return "".join(tokens)


def repeat_token(text: str, other: str, random: Random) -> str:
    tokens = tokens_of(text)
    if tokens:
        place = random.randrange(len(tokens))
        tokens[place] = tokens[place] + random.choice(("", " ")) + tokens[place]
    return "".join(tokens)


def swap_tokens(text: str, other: str, random: Random) -> str:
    tokens = tokens_of(text)
    if len(tokens) > 2:
        left, right = random.randrange(len(tokens)), random.randrange(len(tokens))
        tokens[left], tokens[right] = tokens[right], tokens[left]
    return "".join(tokens)


def borrow_token(text: str, other: str, random: Random) -> str:
    tokens, theirs = tokens_of(text), tokens_of(other)
    if tokens and theirs:
        tokens[random.randrange(len(tokens))] = random.choice(theirs)
    return "".join(tokens)


def _kind(token: str) -> str:
    first = token[0]
    if first.isalpha() or first == "_":
        return "upper" if first.isupper() else "lower"
    return "number" if first.isdigit() else "text" if first == '"' and len(token) > 1 else "sign"


def exchange_alike(text: str, other: str, random: Random) -> str:
    """A token becomes another one of its kind, so that the text often still parses."""
    tokens = tokens_of(text)
    places = [place for place, token in enumerate(tokens) if not token.isspace()]
    if not places:
        return text
    place = random.choice(places)
    pool = tokens if random.random() < 0.6 else tokens_of(other)
    alike = [token for token in pool if _kind(token) == _kind(tokens[place])]
    if alike:
        tokens[place] = random.choice(alike)
    return "".join(tokens)


def exchange_literal(text: str, other: str, random: Random) -> str:
    """A number, text or name becomes a value of another type."""
    tokens = tokens_of(text)
    places = [
        place for place, token in enumerate(tokens) if _kind(token) in ("number", "text", "lower")
    ]
    if places:
        values = (
            "1",
            "1.5",
            '"a"',
            "'c'",
            "()",
            "[]",
            "None",
            "(1, 2)",
            "[1; 2]",
            "true",
            "(fun x -> x)",
            "1L",
            "_",
            "null",
        )
        tokens[random.choice(places)] = random.choice(values)
    return "".join(tokens)


def insert_snippet(text: str, other: str, random: Random) -> str:
    tokens = tokens_of(text)
    tokens.insert(random.randrange(len(tokens) + 1), random.choice(SNIPPETS))
    return "".join(tokens)


def bracket(text: str, other: str, random: Random) -> str:
    tokens = tokens_of(text)
    start, end = _range(len(tokens), 30, random)
    opening, closing = random.choice(
        (
            ("(", ")"),
            ("[", "]"),
            ("{", "}"),
            ("[|", "|]"),
            ("{|", "|}"),
            ("<", ">"),
            ("begin ", " end"),
            ('$"{', '}"'),
            ("(*", "*)"),
        )
    )
    return "".join([*tokens[:start], opening, *tokens[start:end], closing, *tokens[end:]])


def delete_lines(text: str, other: str, random: Random) -> str:
    lines = text.splitlines(keepends=True)
    start, end = _range(len(lines), 4, random)
    return "".join(lines[:start] + lines[end:])


def repeat_lines(text: str, other: str, random: Random) -> str:
    lines = text.splitlines(keepends=True)
    start, end = _range(len(lines), 6, random)
    return "".join(lines[:end] + lines[start:])


def move_lines(text: str, other: str, random: Random) -> str:
    lines = text.splitlines(keepends=True)
    start, end = _range(len(lines), 6, random)
    moved, rest = lines[start:end], lines[:start] + lines[end:]
    place = random.randrange(len(rest) + 1)
    return "".join(rest[:place] + moved + rest[place:])


def indent_lines(text: str, other: str, random: Random) -> str:
    lines = text.splitlines(keepends=True)
    start, end = _range(len(lines), 8, random)
    change = random.choice((-4, -2, -1, 1, 2, 4, 8))
    for place in range(start, end):
        line = lines[place]
        lines[place] = (
            " " * change + line
            if change > 0
            else line[min(-change, len(line) - len(line.lstrip(" "))) :]
        )
    return "".join(lines)


def borrow_lines(text: str, other: str, random: Random) -> str:
    lines, theirs = text.splitlines(keepends=True), other.splitlines(keepends=True)
    start, end = _range(len(theirs), 10, random)
    place = random.randrange(len(lines) + 1)
    return "".join(lines[:place] + theirs[start:end] + lines[place:])


def splice(text: str, other: str, random: Random) -> str:
    """The beginning of one text and the end of another, cut anywhere."""
    return text[: random.randrange(len(text) + 1)] + other[random.randrange(len(other) + 1) :]


def join_lines(text: str, other: str, random: Random) -> str:
    lines = text.split("\n")
    if len(lines) > 1:
        place = random.randrange(len(lines) - 1)
        lines[place : place + 2] = [
            lines[place] + random.choice((" ", "")) + lines[place + 1].lstrip()
        ]
    return "\n".join(lines)


def line_ends(text: str, other: str, random: Random) -> str:
    return text.replace("\n", random.choice(("\r\n", "\r", "\n\n", " \n", "\u2028")))


# Those that leave more of the text's meaning come more often: they reach the later stages.
MUTATIONS: tuple[tuple[Mutation, int], ...] = (
    (exchange_alike, 14),
    (exchange_literal, 8),
    (delete_token, 6),
    (borrow_token, 5),
    (delete_lines, 5),
    (move_lines, 5),
    (repeat_lines, 4),
    (insert_snippet, 5),
    (swap_tokens, 4),
    (repeat_token, 3),
    (bracket, 4),
    (borrow_lines, 4),
    (indent_lines, 4),
    (join_lines, 2),
    (insert_character, 3),
    (delete_characters, 3),
    (repeat_characters, 2),
    (change_bytes, 3),
    (truncate, 2),
    (splice, 2),
    (line_ends, 1),
)
_FUNCTIONS = [mutation for mutation, _ in MUTATIONS]
_WEIGHTS = [weight for _, weight in MUTATIONS]


def mutate(text: str, other: str, random: Random) -> str:
    """One to a few mutations in a row."""
    count = random.choices((1, 2, 3, 6), (6, 3, 2, 1))[0]
    for mutation in random.choices(_FUNCTIONS, _WEIGHTS, k=count):
        text = mutation(text, other, random)
    return text
