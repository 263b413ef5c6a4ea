"""Hostile input: never an exception, never a hang, always a tree whose spans are right."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clef.source import SourceFile
from clef.syntax import parse
from clef.syntax.printer import print_tree
from tests.syntax.reading import codes, read

STYLES = sorted(Path(__file__).with_name("styles").iterdir())
TEXTS = [path.read_text() for path in STYLES]
PIECES = [
    "(",
    ")",
    "[",
    "]",
    "[|",
    "|]",
    "{",
    "}",
    "{|",
    "|}",
    "[<",
    ">]",
    "begin",
    "end",
    "let",
    "rec",
    "in",
    "and",
    "use",
    "let!",
    "fun",
    "function",
    "match",
    "with",
    "when",
    "if",
    "then",
    "else",
    "elif",
    "for",
    "while",
    "do",
    "done",
    "try",
    "finally",
    "type",
    "module",
    "namespace",
    "open",
    "member",
    "static",
    "abstract",
    "override",
    "new",
    "inherit",
    "interface",
    "struct",
    "class",
    "val",
    "exception",
    "of",
    "as",
    "->",
    "<-",
    "=",
    "==",
    ":=",
    "::",
    ":",
    ":>",
    ":?",
    ":?>",
    "|",
    "||",
    "&",
    "&&",
    ".",
    "..",
    ",",
    ";",
    ";;",
    "'",
    '"',
    "'''",
    '"""',
    '$"',
    '$"{',
    '@"',
    "(*",
    "*)",
    "//",
    "///",
    "#if",
    "#else",
    "#endif",
    "<",
    ">",
    "<<",
    ">>",
    "-",
    "+",
    "*",
    "!",
    "~",
    "^",
    "?",
    "%",
    "_",
    "x",
    "'a",
    "1",
    "1.0",
    "0x",
    "'\\''",
    "'c'",
    "``q``",
    "\n",
    "\n\n",
    "\t",
    "yield",
    "return",
    "<@",
    "@>",
    "inline",
    "mutable",
    "lazy",
    "assert",
    "upcast",
    "fixed",
    "extern",
    "delegate",
    "global",
    "base",
    "null",
    "true",
]


def mutate(text: str, seed: int) -> str:
    """A few random edits: delete, duplicate, insert, move lines, change indentation."""
    generator = random.Random(seed)
    for _ in range(generator.randint(1, 6)):
        position = generator.randrange(len(text) + 1)
        length = generator.randint(1, 40)
        action = generator.randrange(6)
        if action == 0:
            text = text[:position] + text[position + length :]
        elif action == 1:
            text = text[:position] + text[position : position + length] + text[position:]
        elif action == 2:
            text = text[:position] + " " + generator.choice(PIECES) + " " + text[position:]
        elif action == 3:
            text = text[:position] + generator.choice(PIECES) + text[position:]
        elif action == 4:
            lines = text.split("\n")
            line = generator.randrange(len(lines))
            lines[line] = " " * generator.randint(0, 12) + lines[line].lstrip()
            text = "\n".join(lines)
        else:
            text = text[:position]
    return text


@pytest.mark.parametrize("seed", range(80))
def test_mutated_sources(seed: int) -> None:
    text = mutate(TEXTS[seed % len(TEXTS)], seed)
    started = time.perf_counter()
    file, _ = read(text)
    print_tree(file)
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize("seed", range(80))
def test_random_pieces(seed: int) -> None:
    generator = random.Random(seed)
    text = " ".join(generator.choices([*PIECES, "\n", "\n    ", "\n        "], k=200))
    read(text)


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text(text: str) -> None:
    read(text)


@given(st.lists(st.sampled_from(PIECES), max_size=25))
@settings(max_examples=150, deadline=None)
def test_any_pieces(pieces: list[str]) -> None:
    read(" ".join(pieces))


DEEP = {
    "parentheses": "let x = " + "(" * 20_000 + "1" + ")" * 20_000,
    "open parentheses": "let x = " + "(" * 20_000,
    "lists": "let x = " + "[" * 20_000,
    "braces": "let x = " + "{ a with b = " * 20_000,
    "lambdas": "let x = " + "fun a -> " * 20_000 + "1",
    "ifs": "let x = " + "if a then " * 20_000 + "1",
    "matches": "let x = " + "match a with b -> " * 20_000 + "1",
    "prefixes": "let x = " + "- " * 20_000 + "1",
    "bangs": "let x = " + "!" + " !" * 20_000 + "a",
    "types": "let x : " + "(" * 20_000 + "int" + ")" * 20_000 + " = 1",
    "functions": "let x : " + "int -> " * 20_000 + "int = f",
    "patterns": "let f " + "(" * 20_000 + "x" + ")" * 20_000 + " = 1",
    "cons": "let x = " + "1 :: " * 20_000 + "[]",
    "sums": "let x = " + "1 + " * 20_000 + "1",
    "powers": "let x = " + "1 ** " * 20_000 + "1",
    "arguments": "let x = f" + " a" * 20_000,
    "calls": "let x = f" + "(1)" * 20_000,
    "dots": "let x = f()" + ".a" * 20_000,
    "indices": "let x = a" + ".[0]" * 20_000,
    "nested indices": "let x = " + "a.[" * 20_000,
    "adjacent indices": "let x = " + "a[" * 3_000,
    "comments": "(*" * 20_000 + "*)" * 20_000,
    "open comments": "(*" * 20_000,
    "modules": "".join(" " * i + f"module M{i} =\n" for i in range(1_500))
    + " " * 1_500
    + "let x = 1",
    "lets": "let f () =\n" + "    let x = 1\n" * 20_000 + "    x",
    "else ifs": "let f a =\n    if a then 1\n" + "    elif a then 2\n" * 20_000 + "    else 3",
    "interpolations": "let x = " + '$"{' * 20_000,
    "angles": "let x = f" + "<a" * 20_000,
    "type arguments": "let x : " + "a<" * 20_000 + "b" + ">" * 20_000 + " = 1",
    "attributes": "[<A(" * 20_000,
    "begins": "let x = " + "begin " * 20_000,
    "tuples": "let x = " + "1, " * 20_000 + "1",
    "ranges": "let x = [" + "1 .. " * 20_000 + "1]",
    "arrows": "let x = " + "a <- " * 20_000 + "1",
    "yields": "let x = [" + "yield " * 20_000 + "1]",
    "nested lets": "let x = " * 20_000 + "1",
    "nested modules": "module A = " * 20_000 + "let x = 1",
    "nested types": "type T = " * 20_000 + "int",
    "flexible types": "let f (x : " + "# " * 20_000 + "int) = 1",
    "members": "type T() = member x.M = " + "{ new I with member x.M = " * 20_000,
    "holes": "let x = " + '$"{a + ' * 40 + "1" + '}"' * 40,
    "guards": "let x = " + "function a when " * 20_000 + "1",
    "casts": "let x = y" + " :> obj" * 20_000,
    "typed": "let x = y" + " : int" * 20_000,
    "applications": "let x = " + "f (" * 20_000,
    "record copies": "let x = " + "{ x with A = " * 20_000 + "1" + " }" * 20_000,
    "lazies": "let x = " + "lazy " * 20_000 + "1",
}


@pytest.mark.parametrize("name", DEEP)
def test_depth(name: str) -> None:
    source = SourceFile("test.clef", DEEP[name])
    started = time.perf_counter()
    parse(source, frozenset())
    assert time.perf_counter() - started < 20


def test_long_line() -> None:
    text = "let x = [" + "; ".join(['"' + "a" * 1000 + '"'] * 10_000) + "]"
    assert len(text) > 10_000_000
    started = time.perf_counter()
    _, diagnostics = parse(SourceFile("test.clef", text), frozenset())
    assert diagnostics == []
    assert time.perf_counter() - started < 60


def test_long_string() -> None:
    text = 'let x = "' + "a" * 10_000_000 + '"'
    assert parse(SourceFile("test.clef", text), frozenset())[1] == []


def test_nesting_is_reported_once() -> None:
    assert codes("let x = " + "(" * 5_000 + "1" + ")" * 5_000) == ["E0114"]
