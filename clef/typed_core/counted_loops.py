"""Loops that count, and the array accesses in them whose index is the counter and a fixed offset.

Comes in: a loop. Goes out: `CountedLoop`, or nothing. Promises: the counter of a loop that is found
goes up by one from its first to its last value, which does not change meanwhile; accesses that are
listed are made in every round, on an array that is bound outside of the loop; offsets are computed
from values that are bound outside, by operations that cannot fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clef.data_classes import dataclass, field
from clef.typed_core import core, well_known
from clef.typed_core.core import Atom, Expression, Local, Program, children

Definitions = Mapping[Local, Expression]
LARGEST = 200
"""Nodes of a loop that may be there twice."""
_FIXED = frozenset({"add", "sub", "mul", "and", "or", "xor", "neg", "array_length"})
_ACCESSES = ("array_get", "array_set")
_INDEX = "index"
"""The check of an access that a version without checks is made for, unless it is proven."""


@dataclass(frozen=True, slots=True)
class Access:
    """`terms`: what is added to the counter (True) or taken off."""

    node: core.Primitive
    array: Local
    terms: tuple[tuple[bool, Atom], ...]


@dataclass(slots=True)
class CountedLoop:
    """`test`: the binding of the condition; it compares the counter with `limit`. `is_bottom`: it
    is `counter = limit` at the end of a round; else `counter < limit` (`includes`: `<=`) at its
    start.
    `fixed`: bindings inside the loop whose values do not change, in order.
    """

    join: core.Join
    position: int
    counter: Local
    start: Atom
    limit: Atom
    test: core.Let
    is_bottom: bool
    includes: bool
    jump: core.Jump
    fixed: list[core.Let] = field(default_factory=list[core.Let])
    accesses: list[Access] = field(default_factory=list[Access])


def read_loop(program: Program, join: core.Join, outer: Definitions) -> CountedLoop | None:
    """What is known of a loop, if it counts and looks into arrays; `outer`: what the function's
    locals are bound to.
    """
    if (
        not join.is_loop
        or not isinstance(join.body, core.Jump)
        or join.body.label is not join.label
    ):
        return None
    jumps = _jumps(join)
    if len(jumps) != 1:
        return None
    bindings, end = _chain(join.continuation)
    if not isinstance(end, core.If):
        return None
    inner = _chain(end.then)[0] if jumps[0] in set(_below(end.then)) else []
    found = _find_counter(program, join, jumps[0], [*bindings, *inner], end)
    if found is None:
        return None
    every = _find_accesses(found, bindings if found.is_bottom else [*bindings, *inner])
    checked = any(_INDEX not in access.node.proven for access in found.accesses)
    is_worth = every and checked and _needs_checks(program, found, outer)
    return found if is_worth else None


def _below(expression: Expression) -> Iterator[Expression]:
    stack = [expression]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(children(node))


def _jumps(join: core.Join) -> list[core.Jump]:
    """The jumps back; none when the loop is too large or has another inside."""
    found: list[core.Jump] = []
    for count, node in enumerate(_below(join.continuation)):
        if count > LARGEST or (isinstance(node, core.Join) and node.is_loop):
            return []
        if isinstance(node, core.TryWith | core.Raise):
            return []
        if isinstance(node, core.Jump) and node.label is join.label:
            found.append(node)
    return found


def _chain(expression: Expression) -> tuple[list[core.Let], Expression]:
    bindings: list[core.Let] = []
    while isinstance(expression, core.Let):
        bindings.append(expression)
        expression = expression.body
    return bindings, expression


# The counter --------------------------------------------------------------------------------------


def _find_counter(
    program: Program,
    join: core.Join,
    jump: core.Jump,
    bindings: list[core.Let],
    end: core.If,
) -> CountedLoop | None:
    known = {let.local: let for let in _all_bindings(join)}
    test = known.get(end.condition.local) if isinstance(end.condition, core.Variable) else None
    if test is None or test not in bindings or not isinstance(test.value, core.Primitive):
        return None
    compared = test.value
    goes_on_if_true = jump in set(_below(end.then))
    usual = {"eq": False, "lt": True, "le": True}
    if usual.get(compared.operation) is not goes_on_if_true:
        return None
    counter, limit = compared.arguments
    if not isinstance(counter, core.Variable) or counter.local not in join.parameters:
        return None
    if not _is_int32(program, counter.local):
        return None
    position = join.parameters.index(counter.local)
    if not _counts_up(jump.arguments[position], counter.local, known):
        return None
    assert isinstance(join.body, core.Jump)
    found = CountedLoop(
        join,
        position,
        counter.local,
        join.body.arguments[position],
        limit,
        test,
        compared.operation == "eq",
        compared.operation != "lt",
        jump,
    )
    _find_fixed(program, found)
    return found if _is_fixed(found, limit) else None


def _is_int32(program: Program, local: Local) -> bool:
    return local.type is program.types.named(well_known.INT32)


def _all_bindings(join: core.Join) -> Iterator[core.Let]:
    return (node for node in _below(join.continuation) if isinstance(node, core.Let))


def _counts_up(next: Atom, counter: Local, known: dict[Local, core.Let]) -> bool:
    let = known.get(next.local) if isinstance(next, core.Variable) else None
    if let is None or not isinstance(let.value, core.Primitive) or let.value.operation != "add":
        return False
    one, other = let.value.arguments
    if isinstance(one, core.Literal):
        one, other = other, one
    is_one = isinstance(other, core.Literal) and other.value == 1
    return is_one and isinstance(one, core.Variable) and one.local is counter


# What does not change -----------------------------------------------------------------------------


def _find_fixed(program: Program, loop: CountedLoop) -> None:
    """Bindings of unconditional code that only depend on what is bound outside."""
    inside = _bound_inside(loop.join)
    fixed: set[Local] = set()
    for let in _all_in_order(loop):
        value = let.value
        if not isinstance(value, core.Primitive) or value.operation not in _FIXED:
            continue
        plain = _is_int32(program, let.local) and not let.local.is_mutable
        if plain and all(_is_outside(atom, inside, fixed) for atom in value.arguments):
            fixed.add(let.local)
            loop.fixed.append(let)


def _all_in_order(loop: CountedLoop) -> list[core.Let]:
    bindings, end = _chain(loop.join.continuation)
    if isinstance(end, core.If) and not loop.is_bottom:
        bindings = [*bindings, *_chain(end.then)[0]]
    return bindings


def _bound_inside(join: core.Join) -> set[Local]:
    found = set(join.parameters)
    for node in _below(join.continuation):
        if isinstance(node, core.Let):
            found.add(node.local)
        elif isinstance(node, core.Join):
            found.update(node.parameters)
    return found


def _is_outside(atom: Atom, inside: set[Local], fixed: set[Local]) -> bool:
    if isinstance(atom, core.Literal):
        return isinstance(atom.value, int)
    local = atom.local
    return not local.is_mutable and (local not in inside or local in fixed)


def _is_fixed(loop: CountedLoop, atom: Atom) -> bool:
    fixed = {let.local for let in loop.fixed}
    return _is_outside(atom, _bound_inside(loop.join), fixed)


# Accesses -----------------------------------------------------------------------------------------


def _find_accesses(loop: CountedLoop, bindings: list[core.Let]) -> bool:
    """Gives whether it is every checked access of the loop: one check that remains is enough to
    keep LLVM from turning the loop into vector instructions.
    """
    inside = _bound_inside(loop.join)
    fixed = {let.local for let in loop.fixed}
    known = {let.local: let for let in bindings}
    for let in bindings:
        node = let.value
        if not isinstance(node, core.Primitive) or node.operation not in _ACCESSES:
            continue
        array, index = node.arguments[:2]
        if not isinstance(array, core.Variable) or not _is_outside(array, inside, set()):
            continue
        terms = _terms(loop, index, known, (inside, fixed))
        if terms is not None:
            loop.accesses.append(Access(node, array.local, terms))
    listed = {access.node for access in loop.accesses}
    return all(
        node in listed or _INDEX in node.proven
        for node in _below(loop.join.continuation)
        if isinstance(node, core.Primitive) and node.operation in _ACCESSES
    )


def _needs_checks(program: Program, loop: CountedLoop, outer: Definitions) -> bool:
    """Whether some index is not the counter of a loop from 0 to the length of the same array: LLVM
    finds these out by itself.
    """
    if not isinstance(loop.start, core.Literal) or loop.start.value != 0:
        return True
    known = {**outer, **{let.local: let.value for let in _all_in_order(loop)}}
    limit = _value(loop.limit, known)
    if loop.includes and isinstance(limit, core.Primitive) and limit.operation == "sub":
        less, one = limit.arguments
        is_one = isinstance(one, core.Literal) and one.value == 1
        limit = _value(less, known) if is_one else None
    measured = _measured(program, limit) if limit is not None else None
    return any(
        access.terms or access.array is not measured
        for access in loop.accesses
        if _INDEX not in access.node.proven
    )


def _value(atom: Atom, known: Definitions) -> Expression | None:
    return known.get(atom.local) if isinstance(atom, core.Variable) else None


def _measured(program: Program, value: Expression) -> Local | None:
    """The array whose length this is; also through a function that only gives the length."""
    if isinstance(value, core.Call) and len(value.arguments) == 1:
        callee = program.functions.get(value.function)
        inner = _chain(callee.body)[1] if callee is not None else value
        if not isinstance(inner, core.Primitive):
            return None
    elif isinstance(value, core.Primitive):
        inner = value
    else:
        return None
    (first, *_) = value.arguments
    is_length = inner.operation == "array_length"
    return first.local if is_length and isinstance(first, core.Variable) else None


def _terms(
    loop: CountedLoop,
    index: Atom,
    known: dict[Local, core.Let],
    bound: tuple[set[Local], set[Local]],
) -> tuple[tuple[bool, Atom], ...] | None:
    """What the index is beside the counter."""
    terms: list[tuple[bool, Atom]] = []
    while True:
        if not isinstance(index, core.Variable):
            return None
        if index.local is loop.counter:
            return tuple(terms)
        let = known.get(index.local)
        if let is None or not isinstance(let.value, core.Primitive) or index.local.is_mutable:
            return None
        operation, operands = let.value.operation, let.value.arguments
        if operation not in ("add", "sub"):
            return None
        one, other = operands
        if operation == "add" and _is_outside(one, *bound):
            one, other = other, one
        if not _is_outside(other, *bound):
            return None
        terms.append((operation == "add", other))
        index = one
