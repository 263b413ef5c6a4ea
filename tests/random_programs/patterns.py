"""Patterns of random programs.

In: a type and a depth. Out: the text of a pattern and the variables that it binds. Promises: with
`total` the pattern matches every value of the type.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.random_programs.generator import Generator
from tests.random_programs.types import INT, Type

Bound = list[tuple[str, Type]]
Drawn = tuple[str, Bound]


def draw_pattern(g: Generator, kind: Type, depth: int, total: bool) -> Drawn:
    """A pattern for values of `kind`."""
    if depth <= 0 or g.chance.likely(25):
        return _simple(g, kind)
    if kind.name in ("*", "struct *"):
        text, bound = _parts(g, kind.arguments, depth, total)
        return ("struct " if kind.name == "struct *" else "") + f"({text})", bound
    declared = g.world.declared.get(kind.name)
    if declared is not None and declared.is_record:
        return _record(g, declared.cases[kind.name], depth, total)
    if total:
        return _simple(g, kind)
    if g.chance.likely(12):
        text, bound = draw_pattern(g, kind, depth - 1, False)
        name = g.fresh()
        return f"({text} as {name})", [*bound, (name, kind)]
    if declared is not None:
        return _case(g, declared.cases, depth)
    return PARTIAL.get(kind.name, _constant)(g, kind, depth)


def _simple(g: Generator, kind: Type) -> Drawn:
    if g.chance.likely(25):
        return "_", []
    name = g.fresh()
    return name, [(name, kind)]


def _parts(g: Generator, kinds: tuple[Type, ...], depth: int, total: bool) -> Drawn:
    drawn = [draw_pattern(g, kind, depth - 1, total) for kind in kinds]
    return ", ".join(text for text, _ in drawn), [entry for _, more in drawn for entry in more]


def _record(g: Generator, fields: list[tuple[str, Type]], depth: int, total: bool) -> Drawn:
    used = [entry for entry in fields if g.chance.likely(60)] or fields[:1]
    texts: list[str] = []
    bound: Bound = []
    for label, kind in used:
        text, more = draw_pattern(g, kind, depth - 1, total)
        texts.append(f"{label} = {text}")
        bound += more
    return "{ " + "; ".join(texts) + " }", bound


def _case(g: Generator, cases: dict[str, list[tuple[str, Type]]], depth: int) -> Drawn:
    case = g.chance.one_of(list(cases))
    fields = cases[case]
    if not fields:
        return case, []
    if g.chance.likely(15):
        return f"({case} _)", []
    text, bound = _parts(g, tuple(kind for _, kind in fields), depth, False)
    return f"({case}({text}))", bound


def _constant(g: Generator, kind: Type, depth: int) -> Drawn:
    constants = CONSTANTS.get(kind.name)
    if constants is None:
        return _simple(g, kind)
    if g.chance.likely(30):
        return f"({g.pick(*constants)} | {g.pick(*constants)})", []
    return g.pick(*constants), []


def _int(g: Generator, kind: Type, depth: int) -> Drawn:
    name = g.fresh()
    which = g.chance.below(8)
    if which == 0:
        return f"(Even {name})", [(name, INT)]
    if which == 1:
        return f"(Over {g.number(0, 9)} {name})", [(name, INT)]
    if which == 2:
        text, bound = draw_pattern(g, INT, depth - 1, False)
        return f"(Odd {text})", bound
    return _constant(g, kind, depth)


def _list(g: Generator, kind: Type, depth: int) -> Drawn:
    item = kind.arguments[0]
    which = g.chance.below(4)
    if which == 0:
        return "[]", []
    if which == 1:
        text, bound = _items(g, item, g.number(1, 3), depth)
        return f"[ {text} ]", bound
    head, bound = draw_pattern(g, item, depth - 1, False)
    tail, more = draw_pattern(g, kind, depth - 1, False)
    return f"({head} :: {tail})", [*bound, *more]


def _array(g: Generator, kind: Type, depth: int) -> Drawn:
    text, bound = _items(g, kind.arguments[0], g.number(0, 2), depth)
    return f"[| {text} |]", bound


def _items(g: Generator, item: Type, count: int, depth: int) -> Drawn:
    drawn = [draw_pattern(g, item, depth - 1, False) for _ in range(count)]
    return "; ".join(text for text, _ in drawn), [entry for _, more in drawn for entry in more]


def _option(g: Generator, kind: Type, depth: int) -> Drawn:
    if g.chance.likely(40):
        return "None", []
    text, bound = draw_pattern(g, kind.arguments[0], depth - 1, False)
    return f"(Some {text})", bound


def _result(g: Generator, kind: Type, depth: int) -> Drawn:
    which = g.chance.below(2)
    text, bound = draw_pattern(g, kind.arguments[which], depth - 1, False)
    return f"({('Ok', 'Error')[which]} {text})", bound


def _tree(g: Generator, kind: Type, depth: int) -> Drawn:
    if g.chance.likely(30):
        return "Leaf", []
    text, bound = _parts(g, (kind, kind.arguments[0], kind), depth, False)
    return f"(Node({text}))", bound


PARTIAL: dict[str, Callable[[Generator, Type, int], Drawn]] = {
    "int": _int,
    "list": _list,
    "array": _array,
    "option": _option,
    "Result": _result,
    "Tree": _tree,
}
CONSTANTS: dict[str, tuple[str, ...]] = {
    "int": ("0", "1", "2", "-1", "7"),
    "int64": ("0L", "1L", "-1L"),
    "int16": ("0s", "1s"),
    "byte": ("0uy", "255uy", "7uy"),
    "uint32": ("0u", "9u"),
    "decimal": ("0M", "1.50M"),
    "float": ("0.0", "0.5", "2.0"),
    "bool": ("true", "false"),
    "char": ("'a'", "'z'", "'0'"),
    "string": ('""', '"a"', '"two words"'),
}


def lambda_of(g: Generator, source: Type, target: Type, depth: int) -> str:
    """A lambda, in parentheses; sometimes one that takes its argument apart."""
    name = g.fresh()
    pattern, bound = name, [(name, source)]
    if g.chance.likely(25):
        pattern, bound = draw_pattern(g, source, 1, True)
    parameter = f"({pattern})" if g.chance.likely(40) else f"({pattern}: {source})"
    with g.under(*bound):
        return f"(fun {parameter} -> {g.expression(target, depth)})"


def arms(g: Generator, kind: Type, target: Type, depth: int, total: bool) -> str:
    """The arms of a match or a handler; `total`: the last one takes everything."""
    texts: list[str] = []
    for _ in range(g.number(1, 3)):
        pattern, bound = draw_pattern(g, kind, 3, False)
        with g.under(*bound):
            guard = f" when {g.expression(Type('bool'), 1)}" if g.chance.likely(25) else ""
            texts.append(f"| {pattern}{guard} -> {g.expression(target, depth)}")
    if total:
        texts.append(f"| _ -> {g.expression(target, depth - 1)}")
    return " ".join(texts)
