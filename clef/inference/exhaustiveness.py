"""Completeness of matches, and rules that are never reached.

Comes in: typed rules, once their types are known. Goes out: warnings, with a value that no rule
matches. Promises: the usefulness
algorithm (Maranget 2007) on simplified patterns; rules with guards and partial recognisers prove
nothing; work is bounded, and
when the bound is met nothing is reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from clef.data_classes import dataclass
from clef.diagnostics.patterns import IncompleteMatch, IncompletePattern, UnreachableRule
from clef.inference import typed_tree as typed
from clef.inference.reporting import contains_error
from clef.inference.simplified_patterns import ANY, Key, Shape, TooLong, simplify
from clef.inference.state import Checker
from clef.inference.subtyping import mapping_of, supertype_instance
from clef.inference.types import AnonymousRecordType, NamedType, TupleType, Type
from clef.inference.unification import prune, substitute
from clef.inference.well_known import (
    BOOL,
    CHAR,
    CONS,
    INTEGERS,
    LIST,
    NIL,
    OBJECT,
    STRING,
)
from clef.source import Span

_BUDGET = 60_000


Row = list[Shape]


@dataclass(slots=True)
class _Search:
    """One question, with the work left for it."""

    c: Checker
    left: int = _BUDGET

    def step(self) -> None:
        self.left -= 1
        if self.left <= 0:
            raise TooLong


# Simplification -----------------------------------------------------------------------------------


# Signatures of columns ----------------------------------------------------------------------------


def _complete_keys(c: Checker, type_: Type, present: dict[Key, int]) -> dict[Key, int] | None:
    """All constructors of a column with their arities, if they can be listed. Where constructors of
    several kinds meet (literals and active patterns), those of a kind that is complete."""
    first: dict[Key, int] | None = None
    seen: set[object] = set()
    for key in present:
        kind = (key[0], _identity(key) if key[0] == "active" else None)
        if kind in seen:
            continue
        seen.add(kind)
        keys = _keys_like(c, type_, key, present[key])
        if keys is not None and all(one in present for one in keys):
            return keys
        first = first or keys
    return first if len(seen) == 1 else None


def _keys_like(c: Checker, type_: Type, key: Key, arity: int) -> dict[Key, int] | None:
    """All constructors of the kind of this one."""
    kind = key[0]
    if kind in ("tuple", "record"):
        return {key: arity}
    if kind == "case":
        found = prune(type_)
        signature = c.type_named(found.symbol) if isinstance(found, NamedType) else None
        if signature is None:
            return None
        return {("case", case.symbol): len(case.fields) for case in signature.cases.values()}
    if kind == "literal" and prune(type_) == BOOL:
        return {("literal", ("bool", False)): 0, ("literal", ("bool", True)): 0}
    if kind == "active":
        identity, _, count = cast("tuple[object, object, int]", key[1])
        return {("active", (identity, index, count)): 1 for index in range(count)}
    return None


def _identity(key: Key) -> object:
    return _parts(key)[0]


def _parts(key: Key) -> tuple[object, object]:
    """The two parts of a key's detail, where it has parts."""
    detail = key[1]
    return cast("tuple[object, object]", detail) if isinstance(detail, tuple) else (None, None)


def _argument_types(
    c: Checker, type_: Type, key: Key, arity: int, rows: Iterable[Row] = ()
) -> list[Type]:
    """The types of what a constructor holds; of a pattern that does not fit, anything's."""
    found = _types_inside(c, type_, key, arity, rows)
    return found if len(found) == arity else [OBJECT] * arity


def _types_inside(c: Checker, type_: Type, key: Key, arity: int, rows: Iterable[Row]) -> list[Type]:
    found = prune(type_)
    if key[0] == "active":
        given = (row[0].inner for row in rows if row[0].key == key)
        return [next((one for one in given if one is not None), OBJECT)] * arity
    if key[0] == "tuple" and isinstance(found, TupleType):
        return list(found.items)
    if key[0] == "record":
        if isinstance(found, AnonymousRecordType):
            return list(found.types)
        if isinstance(found, NamedType):
            signature = c.type_named(found.symbol)
            if signature is not None:
                mapping = mapping_of(signature, found)
                return [substitute(f.type, mapping) for f in signature.fields.values()]
    if key[0] == "case" and isinstance(found, NamedType):
        signature = c.type_named(found.symbol)
        if signature is not None:
            mapping = mapping_of(signature, found)
            for case in signature.cases.values():
                if case.symbol == key[1]:
                    return [substitute(f.type, mapping) for f in case.fields]
    if key[0] == "array" and isinstance(found, NamedType) and found.arguments:
        return [found.arguments[0]] * arity
    if key[0] == "type" and isinstance(key[1], NamedType):
        return [key[1]]
    return [OBJECT] * arity


# Usefulness ---------------------------------------------------------------------------------------


def _heads(rows: list[Row]) -> dict[Key, int]:
    present: dict[Key, int] = {}
    for row in rows:
        if row[0] is not ANY:
            present.setdefault(row[0].key, len(row[0].arguments))
    return present


def _specialised(rows: list[Row], key: Key, arity: int) -> list[Row]:
    found: list[Row] = []
    for row in rows:
        head = row[0]
        if head is ANY:
            found.append([ANY] * arity + row[1:])
        elif head.key == key:
            found.append(head.arguments + row[1:])
    return found


def _defaults(rows: list[Row]) -> list[Row]:
    return [row[1:] for row in rows if row[0] is ANY]


def _useful(search: _Search, rows: list[Row], row: Row, types: list[Type]) -> bool:
    """Whether some value matches `row` and none of `rows`."""
    search.step()
    if not row:
        return not rows
    head = row[0]
    if head is not ANY:
        arity = len(head.arguments)
        inner = _argument_types(search.c, types[0], head.key, arity, [row])
        return _useful(
            search,
            _specialised(rows, head.key, arity),
            head.arguments + row[1:],
            inner + types[1:],
        )
    present = _heads(rows)
    complete = _complete_keys(search.c, types[0], present) if present else None
    if complete is not None and all(key in present for key in complete):
        return any(
            _useful(
                search,
                _specialised(rows, key, arity),
                [ANY] * arity + row[1:],
                _argument_types(search.c, types[0], key, arity, rows) + types[1:],
            )
            for key, arity in complete.items()
        )
    return _useful(search, _defaults(rows), row[1:], types[1:])


def _witness(search: _Search, rows: list[Row], types: list[Type]) -> list[Shape] | None:
    """Values that no row matches, one a column; None when there are none."""
    search.step()
    if not types:
        return [] if not rows else None
    present = _heads(rows)
    if not present:
        rest = _witness(search, [row[1:] for row in rows], types[1:])
        return None if rest is None else [ANY, *rest]
    complete = _complete_keys(search.c, types[0], present)
    if complete is not None and all(key in present for key in complete):
        for key, arity in complete.items():
            inner = _argument_types(search.c, types[0], key, arity, rows)
            found = _witness(search, _specialised(rows, key, arity), inner + types[1:])
            if found is not None:
                return [Shape(key, found[:arity]), *found[arity:]]
        return None
    rest = _witness(search, _defaults(rows), types[1:])
    if rest is None:
        return None
    return [_missing(search.c, types[0], present, complete), *rest]


def _missing(
    c: Checker, type_: Type, present: dict[Key, int], complete: dict[Key, int] | None
) -> Shape:
    """A constructor that the column lacks."""
    if complete is not None:
        for key, arity in complete.items():
            if key not in present:
                return Shape(key, [ANY] * arity)
    found = prune(type_)
    values = {_parts(key)[1] for key in present if key[0] == "literal"}
    if isinstance(found, NamedType):
        if found.symbol in INTEGERS:
            number = 0
            while number in values:
                number += 1
            return Shape(("literal", ("int", number)))
        if found == STRING:
            text = ""
            while text in values:
                text += "a"
            return Shape(("literal", ("str", text)))
        if found == CHAR:
            code = ord("a")
            while code in values:
                code += 1
            return Shape(("literal", ("char", code)))
    if any(key[0] == "array" for key in present):
        length = 0
        while ("array", length) in present:
            length += 1
        return Shape(("array", length), [ANY] * length)
    return ANY


# Text ---------------------------------------------------------------------------------------------


def _text(c: Checker, shape: Shape, type_: Type, inner: bool = False) -> str:
    if shape is ANY:
        return "_"
    kind, _ = shape.key
    types = _argument_types(c, type_, shape.key, len(shape.arguments))
    texts = [_text(c, s, t) for s, t in zip(shape.arguments, types, strict=False)]
    if kind == "literal":
        which, value = _parts(shape.key)
        return _literal_text(c, cast("str", which), value, type_)
    if kind == "tuple":
        return f"({', '.join(texts)})"
    if kind == "array":
        return f"[|{'; '.join(texts)}|]"
    if kind == "record":
        return _record_text(c, type_, texts)
    if kind == "case":
        return _case_text(c, shape, type_, inner)
    return "_"


def _literal_text(c: Checker, kind: str, value: object, type_: Type) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if prune(type_) == CHAR and isinstance(value, int):
        return f"'{chr(value)}'"
    return str(value)


def _record_text(c: Checker, type_: Type, texts: list[str]) -> str:
    found = prune(type_)
    names: list[str] = []
    if isinstance(found, AnonymousRecordType):
        names = list(found.names)
    elif isinstance(found, NamedType):
        signature = c.type_named(found.symbol)
        names = list(signature.fields) if signature is not None else []
    told = [f"{n} = {t}" for n, t in zip(names, texts, strict=False) if t != "_"]
    return "{ " + "; ".join(told or [f"{n} = _" for n in names[:1]]) + " }"


def _case_text(c: Checker, shape: Shape, type_: Type, inner: bool) -> str:
    symbol = shape.key[1]
    assert isinstance(symbol, str)
    types = _argument_types(c, type_, shape.key, len(shape.arguments))
    if symbol == NIL:
        return "[]"
    if symbol == CONS:
        items: list[str] = []
        here, element = shape, types[0]
        while here.key == ("case", CONS):
            items.append(_text(c, here.arguments[0], element, True))
            here = here.arguments[1]
        if here.key == ("case", NIL):
            return f"[{'; '.join(items)}]"
        text = " :: ".join([*items, _text(c, here, NamedType(LIST, (element,)), True)])
        return f"({text})" if inner else text
    found = prune(type_)
    name = symbol.rpartition(".")[2]
    signature = c.type_named(found.symbol) if isinstance(found, NamedType) else None
    if signature is not None:
        name = next((k for k, v in signature.cases.items() if v.symbol == symbol), name)
    if not shape.arguments:
        return name
    texts = [_text(c, s, t, len(types) == 1) for s, t in zip(shape.arguments, types, strict=False)]
    text = f"{name} {texts[0]}" if len(texts) == 1 else f"{name} ({', '.join(texts)})"
    return f"({text})" if inner else text


# Entry points -------------------------------------------------------------------------------------


def check_match(
    c: Checker, span: Span, subject: Type, rules: list[typed.MatchRule], is_try: bool = False
) -> None:
    """Warn of values without a rule, and of rules without values."""
    if contains_error(subject):
        return
    try:
        _check(c, span, subject, rules, is_try)
    except TooLong:
        return


def _inherits(c: Checker, type: Type, above: NamedType) -> bool:
    found = supertype_instance(c, type, above.symbol)
    return found is not None and found == above


def _check(
    c: Checker, span: Span, subject: Type, rules: list[typed.MatchRule], is_try: bool
) -> None:
    rows: list[Row] = []
    wholes: set[Key] = set()  # of rows that match one key whatever it holds, which is nothing
    others: list[Row] = []
    guarded = False
    search = _Search(c)

    tested: list[NamedType] = []  # types whose every value an earlier rule takes

    def is_reached(shape: Shape) -> bool:
        kind, type = shape.key
        if kind == "type" and any(_inherits(c, type, above) for above in tested):
            return False
        if shape is ANY or shape.arguments:
            return _useful(search, rows, [shape], [subject])
        return shape.key not in wholes and _useful(search, others, [shape], [subject])

    for rule in rules:
        found = simplify(c, rule.pattern)
        if not found.unsure and not any(map(is_reached, found.shapes)):
            c.report(UnreachableRule(rule.pattern.span))
        if rule.guard is not None:
            guarded = True
            continue
        for shape in found.sure():
            rows.append([shape])
            kind, type = shape.key
            if kind == "type" and shape.arguments == [ANY] and isinstance(type, NamedType):
                tested.append(type)
            if shape is ANY or shape.arguments:
                others.append([shape])
            else:
                wholes.add(shape.key)
    if is_try:
        return
    missing = _witness(search, rows, [subject])
    if missing is not None:
        c.report(IncompleteMatch(span, _text(c, missing[0], subject), guarded))


def check_irrefutable(c: Checker, pattern: typed.Pattern) -> None:
    """Warn if the pattern of a binding can fail."""
    if contains_error(pattern.type):
        return
    try:
        found = simplify(c, pattern)
        rows = [[shape] for shape in found.sure()]
        missing = _witness(_Search(c), rows, [pattern.type])
    except TooLong:
        return
    if missing is not None:
        c.report(IncompletePattern(pattern.span, _text(c, missing[0], pattern.type)))
