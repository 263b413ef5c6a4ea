"""Which stores may close a circle of cells.

Comes in: a program, its graph, and the fields and arrays that are asked about. Goes out: `Late`,
those that some store may set to something that leads back to the cell itself. Promises: a store is
left out only when its cell was made in the same function (or is what a constructor fills) and
nothing has seen the cell yet, so that nothing can lead to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.data_classes import dataclass, field
from clef.semantic_graph import Graph
from clef.typed_core.changes import is_constructor
from clef.typed_core.core import (
    Call,
    Construct,
    Expression,
    Function,
    If,
    Join,
    Let,
    Literal,
    MonoType,
    Primitive,
    Program,
    Project,
    SetField,
    Switch,
    TryWith,
    Variable,
    children,
)
from clef.typed_core.primitives import PRIMITIVES

FieldKey = tuple[MonoType, int, int]
"""Owner, case (-1 where there are none), index."""
_ARRAY_STORES = {
    **dict.fromkeys(("array_set", "array_set_unchecked", "array_address"), 0),
    **dict.fromkeys(("array_copy", "array_move"), 2),
}
_FRESH = frozenset({"array_zero", "array_clone", "array_own", "array_grow"})
_SEEN = frozenset({"array_address", "share", "box", "cast", "unbox", "byref_read"})


@dataclass(slots=True)
class Late:
    """What may close a circle."""

    fields: set[FieldKey] = field(default_factory=set[FieldKey])
    arrays: set[MonoType] = field(default_factory=set[MonoType])


@dataclass(slots=True)
class _Search:
    program: Program
    owners: set[MonoType]
    arrays: set[MonoType]
    late: Late = field(default_factory=Late)
    leaking: dict[str, bool] = field(default_factory=dict[str, bool])


@dataclass(slots=True)
class _Walk:
    """`fresh`: locals whose cells nothing has seen; `same`: locals that name another's cell."""

    search: _Search
    fresh: set[int]
    same: dict[int, int] = field(default_factory=dict[int, int])


def find_late(program: Program, graph: Graph, owners: set[MonoType], arrays: set[MonoType]) -> Late:
    """Look at every function that stores into one of these."""
    search = _Search(program, owners, arrays)
    for name, facts in graph.facts.items():
        stores_fields = any(owner in owners for owner, _ in facts.fields_set)
        stores_elements = arrays and not facts.primitives.isdisjoint(_ARRAY_STORES)
        if (stores_fields or stores_elements) and name not in search.leaking:
            _look(search, program.functions[name])
    return search.late


def _look(search: _Search, function: Function) -> bool:
    """Walk a function; gives whether it lets others see the object that it fills, as a
    constructor.
    """
    search.leaking[function.name] = True  # until it is known
    walk = _Walk(search, set())
    filled = -1
    if is_constructor(function.name) and function.parameters:
        filled = function.parameters[0].id
        walk.fresh.add(filled)
    _visit(walk, function.body)
    search.leaking[function.name] = filled not in walk.fresh
    return search.leaking[function.name]


def _visit(walk: _Walk, node: Expression) -> None:
    while isinstance(node, Let):
        _visit(walk, node.value)
        _bind(walk, node)
        node = node.body
    match node:
        case If():
            _visit_branches(walk, [node.then, node.otherwise])
        case Switch():
            branches = [branch for _, branch in node.branches]
            _visit_branches(walk, [*branches, *([node.default] if node.default else [])])
        case Join():
            lost = _seen_in(walk, node.body) | _seen_in(walk, node.continuation)
            before = walk.fresh - lost
            _visit(walk, node.body)
            walk.fresh = before
            _visit(walk, node.continuation)
        case TryWith():
            before = walk.fresh - _seen_in(walk, node.body)
            _visit(walk, node.body)
            walk.fresh = before
            _visit(walk, node.handler)
        case _:
            _visit_simple(walk, node)


def _visit_branches(walk: _Walk, branches: list[Expression]) -> None:
    before = walk.fresh
    after: list[set[int]] = []
    for branch in branches:
        walk.fresh = set(before)
        _visit(walk, branch)
        after.append(walk.fresh)
    walk.fresh = {one for one in before if all(one in left for left in after)}


def _bind(walk: _Walk, node: Let) -> None:
    value = node.value
    if isinstance(value, Construct) or (isinstance(value, Primitive) and value.operation in _FRESH):
        walk.fresh.add(node.local.id)
    elif isinstance(value, Primitive) and value.operation == "cast":
        (operand,) = value.arguments
        if isinstance(operand, Variable):
            walk.same[node.local.id] = _root(walk, operand)


def _root(walk: _Walk, use: Variable) -> int:
    return walk.same.get(use.local.id, use.local.id)


def _visit_simple(walk: _Walk, node: Expression) -> None:
    for use in _seen(walk.search, node):
        walk.fresh.discard(_root(walk, use))
    late = walk.search.late
    if isinstance(node, SetField) and node.owner in walk.search.owners:
        if not _is_fresh(walk, node.object):
            late.fields.add((node.owner, node.case, node.index))
    elif isinstance(node, Primitive) and node.operation in _ARRAY_STORES:
        array = node.arguments[_ARRAY_STORES[node.operation]]
        if array.type in walk.search.arrays and not _is_fresh(walk, array):
            late.arrays.add(array.type)


def _is_fresh(walk: _Walk, object: Expression) -> bool:
    return isinstance(object, Variable) and _root(walk, object) in walk.fresh


def _seen(search: _Search, node: Expression) -> Iterator[Variable]:
    """The operands that something else can reach from now on."""
    match node:
        case Variable():
            yield node
            return
        case Literal() | Project():
            return
        case SetField():
            operands: list[Expression] = [node.value]
        case Call():
            callee = search.program.functions.get(node.function)
            first = (
                callee is not None and is_constructor(callee.name) and not _leaks(search, callee)
            )
            operands = [*node.arguments[1:]] if first else [*node.arguments]
        case Primitive() if node.operation == "cast":
            return  # another name for the same cell
        case Primitive() if node.operation not in _SEEN and node.operation in PRIMITIVES:
            modes = PRIMITIVES[node.operation].ownership
            operands = [a for a, mode in zip(node.arguments, modes, strict=False) if mode != "b"]
        case _:
            operands = [*children(node)]
    for operand in operands:
        if isinstance(operand, Variable):
            yield operand


def _leaks(search: _Search, constructor: Function) -> bool:
    known = search.leaking.get(constructor.name)
    return _look(search, constructor) if known is None else known


def _seen_in(walk: _Walk, expression: Expression) -> set[int]:
    """What can be reached by something else after any part of an expression."""
    found: set[int] = set()
    stack: list[Expression] = [expression]
    while stack:
        node = stack.pop()
        if isinstance(node, If | Switch | Let | Join | TryWith):
            stack.extend(child for child in children(node) if not isinstance(child, Literal))
            if isinstance(node, Let):
                _bind_name(walk, node)
        else:
            found.update(_root(walk, use) for use in _seen(walk.search, node))
    return found


def _bind_name(walk: _Walk, node: Let) -> None:
    value = node.value
    if isinstance(value, Primitive) and value.operation == "cast":
        (operand,) = value.arguments
        if isinstance(operand, Variable):
            walk.same[node.local.id] = _root(walk, operand)
