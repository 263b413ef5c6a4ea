"""A module in pieces: each function and each global by itself, to be compiled apart from the others
and not again while its text is the same.

Comes in: a module under construction. Goes out: `Pieces`, and the text of modules that hold some of
them. Promises: the machine code of a piece depends on nothing but its text and the texts of the
helpers it names, which are inlined everywhere: what another piece is made of, or which attributes
it has, is not told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from clef.data_classes import dataclass, field
from clef.mlir.module import ModuleState

_NAME = r'@(?:"([^"]*)"|([\w.$-]+))'
_REFERENCE = re.compile(_NAME)
BETWEEN_ITEMS = re.compile(r"\n(?=  llvm\.(?:func|mlir\.global) )")
_HEAD = re.compile(r" *llvm\.(func|mlir\.global)(.*?)" + _NAME + r"(.*)")
_STRING = re.compile(r'^\("(.*)"\)')
_TYPE = re.compile(r"^\(.*?\)(?: \{.*?\})? : (.*?)(?: \{)?$")
_ESCAPE = re.compile(r"\\[0-9A-F]{2}")
_INLINED = '"alwaysinline"'


@dataclass(frozen=True, slots=True)
class Piece:
    """A function, a global, or the declaration of something that lies outside.

    `references` holds every name that occurs in it, also in text that only looks like one.
    `declaration` says to other modules that it exists.
    """

    name: str
    text: str
    references: tuple[str, ...]
    declaration: str
    is_helper: bool
    is_outside: bool


@dataclass(slots=True)
class Pieces:
    """A whole module. `attributes` are the aliases that the texts use."""

    attributes: tuple[str, ...]
    pieces: dict[str, Piece] = field(default_factory=dict[str, Piece])

    def helpers_of(self, names: Iterable[str]) -> dict[str, Piece]:
        """What is inlined into these pieces, directly or through other helpers."""
        found: dict[str, Piece] = {}
        work = [self.pieces[name] for name in names]
        while work:
            for reference in work.pop().references:
                piece = self.pieces.get(reference)
                if piece is not None and piece.is_helper and reference not in found:
                    found[reference] = piece
                    work.append(piece)
        return found


_known: dict[str, list[Piece]] = {}
_KNOWN_LIMIT = 50_000


def pieces_of(state: ModuleState) -> Pieces:
    """Take a finished module apart."""
    if len(_known) > _KNOWN_LIMIT:
        _known.clear()
    whole = Pieces(('#class_root = #llvm.tbaa_root<id = "clef">', *state.attributes.values()))
    for text in (*state.globals, *state.functions):
        found = _known.get(text)
        if found is None:
            found = _known[text] = [_piece(one) for one in BETWEEN_ITEMS.split(text)]
        for piece in found:
            whole.pieces[piece.name] = piece
    return whole


def references(text: str) -> dict[str, None]:
    """Every name that occurs in a text, also where it only looks like one."""
    return dict.fromkeys(quoted or plain for quoted, plain in _REFERENCE.findall(text))


def _piece(text: str) -> Piece:
    name = name_of(text)
    names = references(text)
    names.pop(name, None)
    return Piece(name, text, tuple(names), declared(text), is_helper(text), is_outside(text))


def _head(text: str) -> re.Match[str]:
    first = text.partition("\n")[0]
    head = _HEAD.match(first)
    assert head is not None, first
    return head


def name_of(text: str) -> str:
    """The name of a function or global."""
    head = _head(text)
    return head[3] or head[4]


def is_outside(text: str) -> bool:
    """Whether it is the declaration of a function that lies outside."""
    return text.startswith("  llvm.func") and "{\n" not in text


def is_helper(text: str) -> bool:
    """Whether it is a function that is inlined everywhere."""
    return _INLINED in text.partition("{\n")[0]


def declared(text: str) -> str:
    """What says to other modules that a function or global exists."""
    if is_outside(text):
        return text
    head = _head(text)
    declare = _declared_function if head[1] == "func" else _declared_global
    return declare(head[2].replace("internal", "").split(), _symbol(head[3] or head[4]), head[5])


def _symbol(name: str) -> str:
    return f'@"{name}"'


def _declared_function(words: list[str], symbol: str, rest: str) -> str:
    """The convention and the types, nothing that would let a caller know more."""
    signature = rest.removesuffix(" {").partition(" attributes {")[0]
    return f"  llvm.func {' '.join(words)} {symbol}{re.sub(r'%[^:]*: ', '', signature)}"


def _declared_global(words: list[str], symbol: str, rest: str) -> str:
    """The type; a constant's contents are not told."""
    text = _STRING.match(rest)
    found = _TYPE.match(rest)
    if text is not None:
        type = f"!llvm.array<{len(_ESCAPE.sub('.', text[1]).encode())} x i8>"
    else:
        assert found is not None, rest
        type = found[1]
    return f"  llvm.mlir.global external {symbol}() : {type}"


def partial_module(whole: Pieces, names: Collection[str]) -> str:
    """The module with these pieces, visible from outside, and declarations of what they name."""
    helpers = whole.helpers_of(names)
    wanted = [whole.pieces[name] for name in names]
    inside = {*names, *helpers}
    outside: dict[str, str] = {}
    for piece in (*wanted, *helpers.values()):
        for reference in piece.references:
            other = whole.pieces.get(reference)
            if other is not None and reference not in inside:
                outside[reference] = other.declaration
    lines = [*whole.attributes, "module {", *outside.values()]
    lines += [piece.text.replace(" internal ", " ", 1) for piece in wanted]
    lines += [piece.text for piece in helpers.values()]
    return "\n".join([*lines, "}"]) + "\n"


def whole_module(whole: Pieces) -> str:
    """The module with everything."""
    texts = [piece.text for piece in whole.pieces.values()]
    return "\n".join([*whole.attributes, "module {", *texts, "}"]) + "\n"
