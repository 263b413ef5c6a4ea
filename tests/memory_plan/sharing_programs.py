"""Random programs that build values out of values, some of which others still hold.

In: a seed. Out: the text of a program and what it prints, computed here on Python's tuples.
Promises: the same seed gives the same program; values are kept in variables, lists, arrays,
closures and records, are given up, and survive exceptions that leave what was being built.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HEADER = (Path(__file__).parent / "sharing_header.fs").read_text(encoding="utf-8")
KINDS = ("Tree", "int list", "Card", "Shape list", "Tree option", "(int * Tree) list")
Value = object
"""A tree is `()` or (left, item, right); a list is a tuple; a card a tuple of its fields; a shape
(case, a, b, c); an option `None` or (value,)."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A function of the header: the kinds of its arguments and of its result, and what it does.
    "int" stands for a number that is drawn. What may raise gives None then.
    """

    name: str
    arguments: tuple[str, ...]
    result: str
    compute: Callable[..., Value]
    may_raise: bool = False


class _Left(Exception):
    pass


def wrapped(number: int) -> int:
    """As a 32-bit number."""
    return (number + (1 << 31)) % (1 << 32) - (1 << 31)


# What the header's functions do -------------------------------------------------------------------


def _insert(item: int, tree: tuple) -> tuple:
    if not tree:
        return ((), item, ())
    left, value, right = tree
    if item < value:
        return (_insert(item, left), value, right)
    if item > value:
        return (left, value, _insert(item, right))
    return tree


def _remove(item: int, tree: tuple) -> tuple:
    if not tree:
        return tree
    left, value, right = tree
    if item < value:
        return (_remove(item, left), value, right)
    if item > value:
        return (left, value, _remove(item, right))
    if not left:
        return right
    if not right:
        return left
    least, rest = _least(right)
    return (left, least, rest)


def _least(tree: tuple) -> tuple:
    left, value, right = tree
    if not left:
        return value, right
    least, rest = _least(left)
    return least, (rest, value, right)


def _mirror(tree: tuple) -> tuple:
    return (_mirror(tree[2]), tree[1], _mirror(tree[0])) if tree else ()


def _grow(by: int, tree: tuple) -> tuple:
    if not tree:
        return ()
    left, value, right = tree
    return (_grow(by, left), wrapped(value + by), _grow(by, right))


def _turn(tree: tuple) -> tuple:
    if tree and tree[0]:
        (a, x, b), y, c = tree
        return (a, x, (b, y, c))
    if tree and tree[2]:
        a, x, (b, y, c) = tree
        return ((a, x, b), y, c)
    return tree


def _widen(n: int, tree: tuple) -> tuple:
    if not tree:
        return ()
    left, item, right = tree
    if item > n:
        return ((_widen(n, left), item, ()), wrapped(item + 1), right)
    return ((left, item, ()), wrapped(item + 1), _widen(n, right))


def _deep(tree: tuple) -> tuple:
    match tree:
        case (((a, x, b), y, c), z, d):
            return ((a, x, b), y, (c, z, d))
        case (a, x, (b, y, (c, z, d))):
            return ((a, x, b), y, (c, z, d))
        case ((a, x, b), y, c) if x % 2 == 0:
            return (b, y, ((a, x, b), x, (a, y, c)))
        case (_, _, (_, y, c) as right):
            return (right, y, c) if y % 2 == 0 else right
    return tree


def _prune(limit: int, tree: tuple) -> tuple:
    """Raises where an item is a multiple of the limit, after the left side was built anew."""
    if not tree:
        return ()
    left = _prune(limit, tree[0])
    if tree[1] % limit == 0:
        raise _Left
    return (left, wrapped(tree[1] + 1), _prune(limit, tree[2]))


def _remainder(a: int, b: int) -> int:
    return abs(a) % b if a >= 0 else -(abs(a) % b)


def _tested(limit: int, items: tuple) -> tuple:
    found = []
    for item in items:
        if _remainder(item, limit) == 0:
            raise _Left
        found.append(wrapped(item + 1))
    return tuple(found)


def _items(tree: tuple) -> tuple:
    return (*_items(tree[0]), tree[1], *_items(tree[2])) if tree else ()


def _of_list(items: tuple) -> tuple:
    tree: tuple = ()
    for item in items:
        tree = _insert(item, tree)
    return tree


def _shape(item: int) -> tuple:
    return (item % 3, item, item + 1, item + 2)


def _step(shape: tuple) -> tuple:
    case, a, b, c = shape
    return ((case + 1) % 3, b, c, wrapped(a + 1)) if case != 2 else (0, a, b, c)


def _merge(one: tuple, other: tuple) -> tuple:
    return tuple(sorted((*one, *other)))


OPERATIONS = (
    Operation("insert", ("int", "Tree"), "Tree", _insert),
    Operation("remove", ("int", "Tree"), "Tree", _remove),
    Operation("mirror", ("Tree",), "Tree", _mirror),
    Operation("grow", ("int", "Tree"), "Tree", _grow),
    Operation("turn", ("Tree",), "Tree", _turn),
    Operation("widen", ("int", "Tree"), "Tree", _widen),
    Operation("deep", ("Tree",), "Tree", _deep),
    Operation("turnSome", ("int", "Tree"), "Tree", lambda n, t: _turn(t) if n % 2 else t),
    Operation("join", ("Tree", "int", "Tree"), "Tree", lambda a, n, b: (a, n, b)),
    Operation("prune", ("int", "Tree"), "Tree", _prune, True),
    Operation("ofList", ("int list",), "Tree", _of_list),
    Operation("items", ("Tree",), "int list", _items),
    Operation(
        "times", ("int", "int list"), "int list", lambda n, xs: tuple(wrapped(x * n) for x in xs)
    ),
    Operation(
        "plus", ("int", "int list"), "int list", lambda n, xs: tuple(wrapped(x + n) for x in xs)
    ),
    Operation("odd", ("int list",), "int list", lambda xs: tuple(x for x in xs if x % 2)),
    Operation(
        "twoEach", ("int list",), "int list", lambda xs: tuple(y for x in xs for y in (x, x))
    ),
    Operation("swapped", ("int list",), "int list", lambda xs: _swapped(xs)),
    Operation("List.rev", ("int list",), "int list", lambda xs: xs[::-1]),
    Operation("List.append", ("int list", "int list"), "int list", lambda a, b: a + b),
    Operation("merge", ("int list", "int list"), "int list", lambda a, b: _zipped(a, b)),
    Operation("List.sort", ("int list",), "int list", lambda xs: tuple(sorted(xs))),
    Operation("tested", ("int", "int list"), "int list", _tested, True),
    Operation("cut", ("int", "int list"), "int list", lambda n, xs: xs[: n % 12]),
    Operation("card", ("int", "Tree", "int list"), "Card", lambda n, t, xs: (n, "card", t, xs)),
    Operation("renumber", ("int", "Card"), "Card", lambda n, c: (n, *c[1:])),
    Operation("plant", ("Tree", "Card"), "Card", lambda t, c: (*c[:2], t, c[3])),
    Operation("shuffle", ("Card",), "Card", lambda c: (wrapped(c[0] + 1), c[1], c[2], c[3][::-1])),
    Operation("renamed", ("int", "Card"), "Card", lambda n, c: (c[0], f"n{n}", *c[2:])),
    Operation("treeOf", ("Card",), "Tree", lambda c: c[2]),
    Operation("itemsOf", ("Card",), "int list", lambda c: c[3]),
    Operation("shapes", ("int list",), "Shape list", lambda xs: tuple(_shape(x % 97) for x in xs)),
    Operation("step", ("Shape list",), "Shape list", lambda xs: tuple(_step(s) for s in xs)),
    Operation(
        "sums",
        ("Shape list",),
        "int list",
        lambda xs: tuple(wrapped(a + b + c) for _, a, b, c in xs),
    ),
    Operation("perhaps", ("int", "Tree"), "Tree option", lambda n, t: (t,) if n % 3 else None),
    Operation(
        "inside", ("int", "Tree option"), "Tree option", lambda n, o: o and (_insert(n, o[0]),)
    ),
    Operation("orElse", ("Tree option", "Tree"), "Tree", lambda o, t: o[0] if o else t),
    Operation("pairs", ("Tree", "int list"), "(int * Tree) list", lambda t, xs: _pairs(t, xs)),
    Operation(
        "turnPairs",
        ("(int * Tree) list",),
        "(int * Tree) list",
        lambda xs: tuple((wrapped(n + 1), _turn(t)) for n, t in xs),
    ),
    Operation(
        "firstTree", ("(int * Tree) list", "Tree"), "Tree", lambda xs, t: xs[0][1] if xs else t
    ),
    Operation("kept", ("int", "Tree"), "Tree", lambda n, t: _insert(n, _insert(n + 1, t))),
    Operation("inArray", ("int", "Tree"), "Tree", lambda n, t: _mirror(_grow(n, t))),
)


def _swapped(items: tuple) -> tuple:
    found = list(items)
    for index in range(0, len(found) - 1, 2):
        found[index], found[index + 1] = found[index + 1], found[index]
    return tuple(found)


def _zipped(one: tuple, other: tuple) -> tuple:
    found: list[int] = []
    a, b = list(one), list(other)
    while a and b:
        found.append(a.pop(0) if a[0] <= b[0] else b.pop(0))
    return tuple(found + a + b)


def _pairs(tree: tuple, items: tuple) -> tuple:
    return tuple((item, tree if item % 2 else _insert(item, tree)) for item in items)


# Sums over values, as the header's `sum…` make them -----------------------------------------------


def _mix(total: int, item: int) -> int:
    return wrapped(total * 31 + item)


def check_sum(kind: str, value: Value) -> int:
    """One number for a value."""
    total = 7
    for number in _numbers(kind, value):
        total = _mix(total, number)
    return total


def _numbers(kind: str, value: Value) -> list[int]:
    assert isinstance(value, tuple) or value is None
    if kind == "Tree":
        if not value:
            return [1]
        left, item, right = value
        return [*_numbers("Tree", left), item, *_numbers("Tree", right)]
    if kind == "int list":
        return list(value or ())
    if kind == "Card":
        number, name, tree, items = value  # type: ignore[misc]
        return [number, len(name), *_numbers("Tree", tree), *items]
    if kind == "Shape list":
        return [number for shape in value or () for number in shape]
    if kind == "Tree option":
        return [0] if value is None else [1, *_numbers("Tree", value[0])]
    return [n for item, tree in value or () for n in (item, *_numbers("Tree", tree))]


# Programs -----------------------------------------------------------------------------------------

STARTS: dict[str, tuple[str, Callable[[int], Value]]] = {
    "Tree": ("ofList (numbers {0})", lambda n: _of_list(_drawn(n))),
    "int list": ("numbers {0}", lambda n: _drawn(n)),
    "Card": ("card {0} (ofList (numbers {0})) (numbers 5)", lambda n: _start_card(n)),
    "Shape list": ("shapes (numbers {0})", lambda n: tuple(_shape(x % 97) for x in _drawn(n))),
    "Tree option": ("Some(ofList (numbers {0}))", lambda n: (_of_list(_drawn(n)),)),
    "(int * Tree) list": ("pairs (ofList (numbers 4)) (numbers {0})", lambda n: _start_pairs(n)),
}


def _drawn(count: int) -> tuple:
    return tuple(index * 37 % 101 for index in range(1, count + 1))


def _start_card(count: int) -> Value:
    return (count, "card", _of_list(_drawn(count)), _drawn(5))


def _start_pairs(count: int) -> Value:
    return _pairs(_of_list(_drawn(4)), _drawn(count))


class _Maker:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.lines: list[str] = []
        self.printed: list[str] = []
        self.held: dict[str, list[Value]] = {}

    def function(self, name: str, length: int) -> None:
        """One function with variables of all kinds, and what it prints."""
        self.lines.append(f"let {name} () =")
        for kind in KINDS:
            text, start = STARTS[kind]
            self.held[kind] = []
            for index in range(2):
                count = self.chance.randint(0, 9)
                self.lines.append(
                    f"    let mutable {_variable(kind, index)} = {text.format(count)}"
                )
                self.held[kind].append(start(count))
        for _ in range(length):
            self._step()
        for kind in KINDS:
            for index in range(2):
                self._show(kind, index)

    def _step(self) -> None:
        operation = self.chance.choice(OPERATIONS)
        target = self.chance.randrange(2)
        texts: list[str] = []
        values: list[Value] = []
        for kind in operation.arguments:
            if kind == "int":
                number = self.chance.randint(1, 40)
                texts.append(str(number))
                values.append(number)
            else:
                index = self.chance.randrange(2)
                texts.append(_variable(kind, index))
                values.append(self.held[kind][index])
        call = f"{operation.name} {' '.join(texts)}"
        try:
            result = operation.compute(*values)
        except _Left:
            result = self.held[operation.result][target]
        if _size(result) > 400:
            return
        variable = _variable(operation.result, target)
        if operation.may_raise:
            call = f"(try {call} with Failure _ -> {variable})"
        self.lines.append(f"    {variable} <- {call}")
        self.held[operation.result][target] = result
        if self.chance.random() < 0.2:
            self._show(operation.result, target)

    def _show(self, kind: str, index: int) -> None:
        total = check_sum(kind, self.held[kind][index])
        self.lines.append(f'    printfn "%d" (sum{KINDS.index(kind)} {_variable(kind, index)})')
        self.printed.append(str(total))


def _variable(kind: str, index: int) -> str:
    return f"v{KINDS.index(kind)}{'ab'[index]}"


def _size(value: Value) -> int:
    total, work = 0, [value]
    while work:
        one = work.pop()
        if isinstance(one, tuple):
            total += 1
            work += one
    return total


def program(seed: int, functions: int = 6, length: int = 40) -> tuple[str, str]:
    """A program and what it prints."""
    maker = _Maker(seed)
    names = [f"work{index}" for index in range(functions)]
    for name in names:
        maker.function(name, length)
    calls = [f"{name} ()" for name in names]
    text = HEADER + "\n".join([*maker.lines, *calls]) + "\n"
    return text, "".join(f"{line}\n" for line in maker.printed)
