"""What functions do with the functions that they are given.

Comes in: all functions of a program. Goes out: for each function what a pass wants to know of its
body (`Findings`), and the parameters that are only called. Promises: these are never stored,
returned or captured, neither here nor by a function that they are passed to.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.data_classes import dataclass, field
from clef.typed_core import core
from clef.typed_core.core import Expression, Function, Label, Local, MonoType, Program

Parameter = tuple[str, int]


@dataclass(slots=True)
class Findings:
    """`closures`: immutable locals that are closures of known functions. `called`: locals that are
    called. `passed`: locals with the parameters that they become. `kept`: locals with any other use
    but being compared with null. `constant`: of the loops, the parameters that are always the
    same local from outside; their uses are that local's. `tested`: types that are compared with
    null.
    """

    closures: dict[Local, core.MakeClosure] = field(default_factory=dict[Local, core.MakeClosure])
    called: set[Local] = field(default_factory=set[Local])
    passed: dict[Local, list[Parameter]] = field(default_factory=dict[Local, list[Parameter]])
    kept: set[Local] = field(default_factory=set[Local])
    tested: set[MonoType] = field(default_factory=set[MonoType])
    constant: dict[Label, dict[int, Local]] = field(default_factory=dict[Label, dict[int, Local]])


def read_function(function: Function) -> Findings:
    """One walk over a body."""
    found = Findings()
    jumps: list[core.Jump] = []
    loops: list[core.Join] = []
    stack: list[Expression] = [function.body]
    while stack:
        node = stack.pop()
        match node:
            case core.Variable():
                found.kept.add(node.local)
            case core.Let():
                if isinstance(node.value, core.MakeClosure) and not node.local.is_mutable:
                    found.closures[node.local] = node.value
                stack += (node.body, node.value)
            case core.Call():
                _read_call(found, node)
            case core.CallClosure():
                if isinstance(node.function, core.Variable):
                    found.called.add(node.function.local)
                stack += node.arguments
            case core.Jump():
                jumps.append(node)
            case core.Literal() | core.GlobalRead():
                pass
            case core.Primitive(operation="check_null") if (
                node.arguments[0].type.form == "function"
            ):
                pass  # what is known is not null
            case _:
                if isinstance(node, core.Join) and node.is_loop:
                    loops.append(node)
                elif isinstance(node, core.Primitive) and node.operation == "is_null":
                    found.tested.add(node.arguments[0].type)
                stack.extend(core.children(node))
    for loop in loops:
        _read_loop(found, loop, jumps)
    for jump in jumps:
        _read_jump(found, jump)
    for loop in reversed(loops):
        for index, source in found.constant.get(loop.label, {}).items():
            _merge(found, loop.parameters[index], source)
    return found


def _read_jump(found: Findings, jump: core.Jump) -> None:
    constant = found.constant.get(jump.label, {})
    for index, atom in enumerate(jump.arguments):
        if isinstance(atom, core.Variable) and index not in constant:
            found.kept.add(atom.local)


def _read_call(found: Findings, node: core.Call) -> None:
    for index, atom in enumerate(node.arguments):
        if isinstance(atom, core.Variable):
            if atom.type.form == "function":
                found.passed.setdefault(atom.local, []).append((node.function, index))
            else:
                found.kept.add(atom.local)


def _read_loop(found: Findings, loop: core.Join, jumps: list[core.Jump]) -> None:
    """Outer loops come first, so that the sources of inner ones are final."""
    again, bound = _inside(loop.continuation)
    bound |= _inside(loop.body)[1]
    own = [jump for jump in jumps if jump.label is loop.label]
    constant: dict[int, Local] = {}
    for index, parameter in enumerate(loop.parameters):
        source = None if parameter.is_mutable else _source(index, parameter, own, again)
        if source is not None and source not in bound and source not in loop.parameters:
            constant[index] = source
    if constant:
        found.constant[loop.label] = constant


def _source(index: int, parameter: Local, jumps: list[core.Jump], again: set[int]) -> Local | None:
    """The one local that a parameter of a loop always is; `again`: jumps from inside the loop."""
    source: Local | None = None
    for jump in jumps:
        atom = jump.arguments[index]
        if not isinstance(atom, core.Variable) or atom.local.is_mutable:
            return None
        if atom.local is parameter:
            continue
        if jump.id in again or source not in (None, atom.local):
            return None
        source = atom.local
    return source


def _inside(expression: Expression) -> tuple[set[int], set[Local]]:
    """The jumps in an expression, and the locals that it binds."""
    jumps: set[int] = set()
    bound: set[Local] = set()
    stack = [expression]
    while stack:
        node = stack.pop()
        match node:
            case core.Variable() | core.Literal():
                continue
            case core.Jump():
                jumps.add(node.id)
            case core.Let() | core.TryWith():
                bound.add(node.local)
            case core.Join():
                bound.update(node.parameters)
            case _:
                pass
        stack.extend(core.children(node))
    return jumps, bound


def _merge(found: Findings, parameter: Local, source: Local) -> None:
    """What is done with a parameter of a loop is done with what it always is."""
    if parameter in found.kept:
        found.kept.add(source)
    if parameter in found.called:
        found.called.add(source)
    found.passed.setdefault(source, []).extend(found.passed.get(parameter, ()))


# Over the whole program ---------------------------------------------------------------------------


def find_demands(program: Program, findings: dict[str, Findings]) -> set[Parameter]:
    """The parameters that are only called, and are called at all; the largest such set."""
    parameters: dict[Parameter, bool] = {}
    callers: dict[Parameter, list[Parameter]] = {}
    lost: list[Parameter] = []
    for name, function in program.functions.items():
        found = findings[name]
        for index, local in enumerate(function.parameters):
            if local.type.form != "function" or local.is_mutable:
                continue
            here = (name, index)
            parameters[here] = local in found.called
            if local in found.kept:
                lost.append(here)
            for target in found.passed.get(local, ()):
                callers.setdefault(target, []).append(here)
    lost += [target for target in callers if target not in parameters]
    kept = _spread(lost, callers)
    called = _spread(
        [parameter for parameter, is_called in parameters.items() if is_called], callers
    )
    return called - kept


def _spread(lost: Iterable[Parameter], callers: dict[Parameter, list[Parameter]]) -> set[Parameter]:
    found = set(lost)
    work = list(found)
    while work:
        for caller in callers.get(work.pop(), ()):
            if caller not in found:
                found.add(caller)
                work.append(caller)
    return found
