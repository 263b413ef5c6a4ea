"""Functions that make a list item by item.

Comes in: functions of a core program. Goes out: for those that are a *stream* how they go on from
one item to the next, for those that only prepare a stream what they prepare. Promises: of

    let rec map mapping list =
        match list with
        | first :: rest -> mapping first :: map mapping rest
        | [] -> []

every result is `[]`, or one item in front of what the function itself makes of other arguments. So
its arguments are all that is between one item and the next. Nothing is known of such functions by
name: how a library function is written decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from clef.data_classes import dataclass
from clef.typed_core import core, well_known
from clef.typed_core.core import Expression, Function, Local, MonoType
from clef.typed_core.function_parameters import read_function

Find = Callable[[str], Function | None]
"""Gives the function of a name."""
LARGEST = 300
"""Nodes of a stream that is still put where its items are wanted."""
LARGEST_PREPARATION = 80
"""The same for a function that prepares a stream."""


@dataclass(frozen=True, slots=True)
class Step:
    """An item, and the call that makes the rest."""

    item: core.Atom
    rest: core.Call


@dataclass(frozen=True, slots=True)
class Stream:
    """`varying`: the parameters that are not the same in all calls of itself. `same`: loops'
    parameters that are always a local from outside."""

    function: Function
    varying: tuple[int, ...]
    same: dict[core.Label, dict[int, Local]]


def is_list(type: MonoType) -> bool:
    """Whether it is F#'s list."""
    return type.symbol == well_known.LIST


def step_at(name: str, node: Expression) -> Step | None:
    """The step that an expression in tail position is."""
    if not isinstance(node, core.Let) or node.local.is_mutable:
        return None
    call, made = node.value, node.body
    if not isinstance(call, core.Call) or call.function != name:
        return None
    if isinstance(made, core.Let) and not made.local.is_mutable:
        last = made.body
        if not isinstance(last, core.Variable) or last.local is not made.local:
            return None
        made = made.value
    if not isinstance(made, core.Construct) or made.case != 1 or not is_list(made.type):
        return None
    item, rest = made.arguments
    is_rest = isinstance(rest, core.Variable) and rest.local is node.local
    is_item = not isinstance(item, core.Variable) or item.local is not node.local
    return Step(item, call) if is_rest and is_item else None


def is_nothing(node: Expression) -> bool:
    """Whether it is `[]`."""
    return isinstance(node, core.Construct) and node.case == 0 and is_list(node.type)


def is_failure(node: Expression, find: Find, depth: int = 3) -> bool:
    """Whether it raises an exception in any case."""
    if isinstance(node, core.Raise):
        return True
    function = find(node.function) if isinstance(node, core.Call) and depth else None
    if function is None:
        return False
    return all(is_failure(end, find, depth - 1) for end in ends(function.name, function.body))


def read_stream(function: Function, find: Find) -> Stream | None:
    """What a function is as a stream."""
    if not is_list(function.result) or function.node_count > LARGEST:
        return None
    steps: list[Step] = []
    for node in ends(function.name, function.body):
        step = step_at(function.name, node)
        if step is not None:
            steps.append(step)
        elif not (is_nothing(node) or is_failure(node, find)):
            return None
    if not steps or _calls_of(function) != len(steps):
        return None
    same = read_function(function).constant
    source = {
        loop.parameters[index]: local
        for loop in _loops(function.body)
        for index, local in same.get(loop.label, {}).items()
    }
    varying = tuple(
        index
        for index, parameter in enumerate(function.parameters)
        if parameter.is_mutable
        or any(_origin(source, step.rest.arguments[index]) is not parameter for step in steps)
    )
    return Stream(function, varying, same)


def ends(name: str, body: Expression) -> Iterator[Expression]:
    """What the results of a function are, but for jumps; the steps of the function `name` whole."""
    stack = [body]
    while stack:
        node = stack.pop()
        while isinstance(node, core.Let) and step_at(name, node) is None:
            node = node.body
        match node:
            case core.If():
                stack += (node.then, node.otherwise)
            case core.Switch():
                stack += (branch for _, branch in node.branches)
                if node.default is not None:
                    stack.append(node.default)
            case core.Join():
                stack += (node.continuation, node.body)
            case core.Jump():
                pass
            case _:
                yield node


def _calls_of(function: Function) -> int:
    count = 0
    stack: list[Expression] = [function.body]
    while stack:
        node = stack.pop()
        if isinstance(node, core.Call | core.MakeClosure) and node.function == function.name:
            count += 1
        stack.extend(core.children(node))
    return count


def _loops(body: Expression) -> Iterator[core.Join]:
    stack = [body]
    while stack:
        node = stack.pop()
        if isinstance(node, core.Join) and node.is_loop:
            yield node
        stack.extend(core.children(node))


def _origin(source: dict[Local, Local], atom: core.Atom) -> Local | None:
    """The local that an atom always is, outside of all loops."""
    if not isinstance(atom, core.Variable) or atom.local.is_mutable:
        return None
    local = atom.local
    while local in source:
        local = source[local]
    return local


def prepared(function: Function) -> core.Call | None:
    """The call at the end of a function that does other things only before it."""
    if not is_list(function.result) or function.node_count > LARGEST_PREPARATION:
        return None
    node = function.body
    while isinstance(node, core.Let):
        node = node.body
    if isinstance(node, core.Call) and node.function != function.name:
        return node
    return None
