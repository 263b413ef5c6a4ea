"""Which locals own nothing.

Comes in: a function. Goes out: `borrowed` and `roots` of its plan. Promises: a borrowed local's
referent is kept alive by its roots (owned locals, or the closure's own cell), by a caller, or by a
global that never changes; nothing overwrites it while the local is used. A value that is read out
of a record is borrowed when it is only looked at; when some field of the record is kept, all are
taken, so that the record can be taken apart without counting, but not those that are read again in
the branches where they are needed.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.coeffects import Coeffects
from clef.data_classes import dataclass, field
from clef.memory_plan.layouts import LayoutState, layout_of
from clef.memory_plan.operands import operands
from clef.memory_plan.plan import ENVIRONMENT, FunctionPlan, Plan
from clef.memory_plan.windows import is_short, reads_element
from clef.typed_core.core import (
    Call,
    Expression,
    Function,
    GlobalRead,
    If,
    Join,
    Let,
    Literal,
    Local,
    MonoType,
    Primitive,
    Program,
    Project,
    Switch,
    TryWith,
    Variable,
)

NEAR = 40
"""So many bindings are looked through for a field that is read again."""


@dataclass(slots=True)
class _Uses:
    """`lets`: values of immutable locals that are bound to simple nodes. `kept`: locals with a
    consuming use. `parts`: locals that were read out of a local. `order`: locals in the order of
    their Lets. `lent`: borrowed parameters of loops. `again`: locals whose field is read again.
    """

    program: Program
    plan: Plan
    layouts: LayoutState
    coeffects: Coeffects
    lets: dict[int, Let] = field(default_factory=dict[int, Let])
    counts: dict[int, int] = field(default_factory=dict[int, int])
    short: dict[int, frozenset[MonoType]] = field(default_factory=dict[int, frozenset[MonoType]])
    kept: set[int] = field(default_factory=set[int])
    parts: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    lent: list[Local] = field(default_factory=list[Local])
    again: set[int] = field(default_factory=set[int])


def find_borrowed(
    program: Program,
    plan: Plan,
    layouts: LayoutState,
    coeffects: Coeffects,
    function: Function,
    function_plan: FunctionPlan,
) -> None:
    """Fill `borrowed` and `roots`."""
    uses = _Uses(program, plan, layouts, coeffects)
    _collect(uses, function.body)
    borrowed, roots = function_plan.borrowed, function_plan.roots
    for index in function_plan.borrowed_parameters:
        borrowed.add(function.parameters[index].id)
        roots[function.parameters[index].id] = ()
    if function_plan.in_environment:
        for local in function.parameters[: function.capture_count]:
            if layout_of(layouts, local.type).is_counted:
                borrowed.add(local.id)
                roots[local.id] = (ENVIRONMENT,)
    for local in uses.lent:
        borrowed.add(local.id)
        roots[local.id] = ()
    wanted = _wanted(uses)
    for identity, let in uses.lets.items():
        layout = layout_of(layouts, let.local.type)
        if layout.is_counted:
            found = _borrowed_roots(uses, function_plan, let, identity in wanted)
        elif _is_hole(let.value):
            continue  # what has the hole is kept alive by whoever will see it
        elif layout.form == "pointer" or _is_address(let.value):
            found = _address_roots(layouts, function_plan, let.value) or None
        else:
            continue
        if found is not None:
            roots[identity] = found
            if layout.is_counted:
                borrowed.add(identity)


def _collect(uses: _Uses, expression: Expression) -> None:
    stack = [expression]
    while stack:
        node = stack.pop()
        if isinstance(node, Let):  # nearly half of them
            _collect_let(uses, node, stack)
            continue
        if node.__class__ not in _BRANCHING:
            for atom, consumed in operands(uses.program, uses.plan, node):
                if isinstance(atom, Variable):
                    identity = atom.local.id
                    uses.counts[identity] = uses.counts.get(identity, 0) + 1
                    if consumed:
                        uses.kept.add(identity)
            continue
        match node:
            case If():
                _count(uses, node.condition)
                stack += (node.otherwise, node.then)
            case Switch():
                _count(uses, node.scrutinee)
                stack += (branch for _, branch in node.branches)
                if node.default is not None:
                    stack.append(node.default)
            case Join():
                lent = uses.plan.borrowed_by.get(node.label, ())
                uses.lent += [node.parameters[index] for index in lent]
                stack += (node.continuation, node.body)
            case TryWith():
                stack += (node.handler, node.body)
            case _:
                pass


_BRANCHING = frozenset((If, Switch, Join, TryWith))


def _collect_let(uses: _Uses, node: Let, stack: list[Expression]) -> None:
    stack.append(node.body)
    if node.local.is_mutable:
        stack.append(node.value)
        return
    uses.lets[node.local.id] = node
    source = source_of(node.value)
    if source is not None:
        uses.parts.setdefault(source.id, []).append(node.local.id)
        if _is_read_again(node):
            uses.again.add(node.local.id)
    if isinstance(node.value, Variable):
        _count(uses, node.value)  # an alias: its uses decide
    else:
        stack.append(node.value)


def _count(uses: _Uses, atom: Expression) -> None:
    if isinstance(atom, Variable):
        uses.counts[atom.local.id] = uses.counts.get(atom.local.id, 0) + 1


def source_of(value: Expression) -> Local | None:
    """The local that a value is read out of, or is another name of."""
    if isinstance(value, Project):
        value = value.value
    elif not isinstance(value, Variable):
        return None
    if isinstance(value, Variable) and not value.local.is_mutable:
        return value.local
    return None


def _is_read_again(let: Let) -> bool:
    """Whether the branches behind a projection begin with the same one."""
    end: Expression = let.body
    for _ in range(NEAR):
        if not isinstance(end, Let):
            break
        end = end.body
    if not isinstance(end, If | Switch) or not isinstance(let.value, Project):
        return False
    branches = [branch for _, branch in end.branches] if isinstance(end, Switch) else [end.then]
    last = end.default if isinstance(end, Switch) else end.otherwise
    return any(_begins_with(branch, let.value) for branch in (*branches, last) if branch)


def _begins_with(branch: Expression, part: Project) -> bool:
    for _ in range(NEAR):
        if not isinstance(branch, Let) or not isinstance(branch.value, Project):
            return False
        value = branch.value
        if source_of(value) is source_of(part) and value.index == part.index:
            return value.case == part.case
        branch = branch.body
    return False


def _wanted(uses: _Uses) -> set[int]:
    """Locals that should own their value: consumed, with consumed parts, and their siblings.
    Numbers are not taken out of anything.
    """
    wanted = {local for local in uses.kept if local in uses.lets}
    work = [local for local in wanted if _is_counted(uses, local)]
    seen = set(work)
    while work:
        local = work.pop()
        value = uses.lets[local].value
        source = source_of(value)
        if source is None or is_changing(uses.program, uses.coeffects, value):
            continue
        related = [*uses.parts.get(source.id, ()), source.id]
        for other in related:
            if other in uses.again and other not in uses.kept:
                continue
            if other not in seen and _is_part(uses, other, source.id):
                seen.add(other)
                wanted.add(other)
                work.append(other)
    return wanted


def _is_part(uses: _Uses, local: int, source: int) -> bool:
    """A counted local; its source counts too."""
    if local == source:
        return local in uses.lets
    return _is_counted(uses, local)


def _is_counted(uses: _Uses, local: int) -> bool:
    return layout_of(uses.layouts, uses.lets[local].local.type).is_counted


def _borrowed_roots(
    uses: _Uses, function_plan: FunctionPlan, let: Let, is_wanted: bool
) -> tuple[int, ...] | None:
    """The roots of a counted local when it is to be borrowed."""
    value, coeffects = let.value, uses.coeffects
    if isinstance(value, Literal):
        return ()  # data of the program
    if isinstance(value, GlobalRead):
        if value.symbol not in coeffects.mutated_globals:
            return ()
        return () if not is_wanted and _is_short(uses, let, None) else None
    element = reads_element(value)
    source = element.local if element is not None else source_of(value)
    if source is None:
        return None
    is_fixed = element is None and source.id not in uses.short
    if isinstance(value, Project) and is_mutable_field(uses.program, coeffects, value):
        is_fixed = False
    if not is_fixed and (is_wanted or not _is_short(uses, let, source)):
        return None
    if source.id in function_plan.borrowed:
        return function_plan.roots[source.id]
    return (source.id,) if not is_wanted else None


def _is_short(uses: _Uses, let: Let, source: Local | None) -> bool:
    places = frozenset((let.local.type,))
    if source is not None:
        places |= uses.short.get(source.id, frozenset())
    count = uses.counts.get(let.local.id, 0)
    if not is_short(uses.layouts, uses.coeffects, let, count, places):
        return False
    uses.short[let.local.id] = places
    return True


def is_mutable_field(program: Program, coeffects: Coeffects, node: Project) -> bool:
    """Whether a reference in the field can be overwritten."""
    shape = program.shapes.get(node.owner)
    if shape is None:
        return False
    if shape.kind == "union":
        return shape.cases[max(node.case, 0)].fields[node.index].is_mutable
    if node.index >= len(shape.fields):
        return False
    if shape.kind == "class" and not shape.is_value:
        return (node.owner, node.index) in coeffects.mutated_fields
    return shape.fields[node.index].is_mutable or shape.kind == "class"


def is_changing(program: Program, coeffects: Coeffects, value: Expression) -> bool:
    """Whether the value is read out of an object that changes: nobody hands such an object on for
    the sake of a field.
    """
    if not isinstance(value, Project):
        return False
    shape = program.shapes.get(value.owner)
    if shape is None or shape.kind != "class":
        return False
    return any(
        (value.owner, index) in coeffects.mutated_fields for index in range(len(shape.fields))
    )


def _is_address(value: Expression) -> bool:
    return isinstance(value, Primitive) and value.operation in ("pointer_to_int", "string_address")


def _is_hole(value: Expression) -> bool:
    return isinstance(value, Primitive) and value.operation == "hole"


def _address_roots(
    layouts: LayoutState, function_plan: FunctionPlan, value: Expression
) -> tuple[int, ...]:
    """What must stay alive while an address is used."""
    sources: Iterable[object]
    match value:
        case Primitive() | Call():
            sources = value.arguments
        case Variable():
            sources = (value,)
        case _:
            return ()
    found: dict[int, None] = {}
    for atom in sources:
        if isinstance(atom, Variable):
            if atom.local.id in function_plan.roots:
                found.update(dict.fromkeys(function_plan.roots[atom.local.id]))
            elif layout_of(layouts, atom.local.type).is_counted:
                found[atom.local.id] = None
    return tuple(found)
