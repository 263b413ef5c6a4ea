"""Recursive values that are no functions: `let rec ring = { Next = ring }` (F# specification,
14.6.6).

Comes in: the values of a `let rec` group. Goes out: the steps that make them, in order: values, of
which some fields are holes, and stores into those holes. Promises: each value comes after those
that it needs at once; a value that stands directly in a record or case that is being made is stored
there as soon as it exists; what needs itself at once is reported. Such a circle is never freed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence

from clef.data_classes import dataclass, field
from clef.diagnostics.objects import CheckedWhenUsed, NeedsItself, RecursivePart
from clef.inference import typed_tree as typed
from clef.inference.recursive_values import needed_at_once
from clef.inference.state import Checker
from clef.inference.type_text import show
from clef.inference.types import NamedType
from clef.inference.uses import uses_in
from clef.inference.well_known import UNIT
from clef.source import Span

_LIBRARY = ("Microsoft.FSharp.", "System.")

Reference = Callable[[Span], typed.Expression]
Keep = Callable[[typed.Expression], typed.Expression]


@dataclass(slots=True)
class Value:
    """A value of the group. `reference` makes a use of it, `keep` computes something before it and
    gives a use of that."""

    key: Hashable
    name: str
    body: typed.Expression
    is_generic: bool
    reference: Reference
    keep: Keep


@dataclass(slots=True)
class Store:
    """A field of a value that is filled in afterwards."""

    value: Value
    effect: typed.FieldFix


@dataclass(slots=True)
class _Group:
    c: Checker
    values: dict[Hashable, Value]
    needs: dict[Hashable, dict[Hashable, bool]]  # in order; whether only as parts
    steps: list[Value | Store] = field(default_factory=list["Value | Store"])
    done: set[Hashable] = field(default_factory=set[Hashable])
    active: list[Hashable] = field(default_factory=list[Hashable])
    waiting: list[tuple[set[Hashable], Store]] = field(
        default_factory=list[tuple[set[Hashable], Store]]
    )


def steps_of(c: Checker, values: Sequence[Value]) -> list[Value | Store]:
    """The steps that make the values."""
    by_key = {value.key: value for value in values}
    needs = {value.key: _needs(value.body, by_key) for value in values}
    group = _Group(c, by_key, needs)
    for value in values:
        _make(group, value.key)
    return group.steps


def key_of(node: typed.Expression) -> Hashable:
    """What a use of a name refers to."""
    if isinstance(node, typed.LocalReference):
        return node.local
    return node.symbol if isinstance(node, typed.GlobalReference) else None


# What a value needs -------------------------------------------------------------------------------


def _parts(node: typed.Expression) -> list[typed.Expression] | None:
    """What a construction is made of; None for anything else."""
    match node:
        case typed.RecordConstruction(fields=fields):
            return [value for _, value in fields]
        case typed.AnonymousRecordConstruction(source=None, fields=fields):
            return [value for _, value in fields]
        case typed.UnionConstruction(arguments=items) | typed.Tuple(items=items):
            return items
        case _:
            return None


def _is_cell(node: typed.Expression) -> bool:
    """Whether a construction may be made with holes."""
    return isinstance(node, typed.RecordConstruction | typed.UnionConstruction)


def _stand_in(node: typed.Expression) -> Iterator[typed.Expression]:
    """The uses of names that are parts of a construction, at any depth."""
    stack = [node]
    while stack:
        here = stack.pop()
        inner = _parts(here)
        if inner is not None:
            stack.extend(inner)
        elif key_of(here) is not None:
            yield here


def _needs(body: typed.Expression, values: dict[Hashable, Value]) -> dict[Hashable, bool]:
    direct = {id(one) for one in _stand_in(body)} if _is_cell(body) else set[int]()
    found: dict[Hashable, bool] = {}
    for use in needed_at_once(body):
        key = key_of(use)
        if key in values:
            found[key] = found.get(key, True) and id(use) in direct
    return found


def _leads_to(group: _Group, start: Hashable, end: Hashable) -> bool:
    pending, seen = [start], {start}
    while pending:
        here = pending.pop()
        if here == end:
            return True
        further = [key for key in group.needs[here] if key not in seen]
        seen.update(further)
        pending += further
    return False


# Order --------------------------------------------------------------------------------------------


def _make(group: _Group, key: Hashable) -> None:
    if key in group.done:
        return
    value = group.values[key]
    if key in group.active:
        names = [group.values[one].name for one in group.active[group.active.index(key) :]]
        group.c.report(NeedsItself(value.body.span, value.name, tuple(names)))
        group.done.add(key)
        return
    group.active.append(key)
    needs = group.needs[key]
    for other, is_part in needs.items():
        if not is_part or not _leads_to(group, other, key):
            _make(group, other)
    group.active.remove(key)
    if key in group.done:
        return
    late = {other for other in needs if other not in group.done}
    if late and value.is_generic:
        group.c.report(NeedsItself(value.body.span, value.name, (value.name,)))
    elif late:
        _make_holes(group, value, late)
    group.steps.append(value)
    group.done.add(key)
    _fill(group)


def _fill(group: _Group) -> None:
    ready = [one for one in group.waiting if one[0] <= group.done]
    group.waiting = [one for one in group.waiting if one not in ready]
    group.steps += [store for _, store in ready]


def _make_holes(group: _Group, value: Value, late: set[Hashable]) -> None:
    """Leave out the fields that what does not exist yet stands in. What else is computed in the
    construction is computed before, in its order."""
    body = value.body
    if isinstance(body, typed.RecordConstruction):
        body.fields = [
            (index, _hole(group, value, index, None, part, late)) for index, part in body.fields
        ]
    elif isinstance(body, typed.UnionConstruction):
        body.arguments = [
            _hole(group, value, index, body.case, part, late)
            for index, part in enumerate(body.arguments)
        ]


def _hole(
    group: _Group,
    value: Value,
    index: int,
    case: str | None,
    part: typed.Expression,
    late: set[Hashable],
) -> typed.Expression:
    missing = {key for key in map(key_of, _stand_in(part)) if key in late}
    _report_foreign(group, part, late)
    _keep_parts(value, part)
    if not missing:
        return part if _is_settled(part) else value.keep(part)
    target = value.reference(part.span)
    effect = typed.FieldFix(UNIT, part.span, target, case, index, part)
    group.waiting.append(({*missing, value.key}, Store(value, effect)))
    return typed.Hole(part.type, part.span)


def _report_foreign(group: _Group, node: typed.Expression, late: set[Hashable]) -> None:
    """F# lets values stand in records and unions of the program itself and in fields that can be
    set, not in lists, options and tuples."""
    inner = _parts(node)
    if inner is None:
        return
    if _can_be_completed(group, node):
        for part in inner:
            _report_foreign(group, part, late)
        return
    for use in _stand_in(node):
        if key_of(use) in late:
            name = group.values[key_of(use)].name
            group.c.report(RecursivePart(use.span, name, show(node.type)))


def _can_be_completed(group: _Group, node: typed.Expression) -> bool:
    symbol = node.type.symbol if isinstance(node.type, NamedType) else ""
    if symbol in group.c.own_types or (symbol and not symbol.startswith(_LIBRARY)):
        return True
    signature = group.c.type_named(symbol) if isinstance(node, typed.RecordConstruction) else None
    return signature is not None and all(one.is_mutable for one in signature.fields.values())


def _is_settled(node: typed.Expression) -> bool:
    """Whether it makes no difference when this is computed."""
    return _parts(node) is not None or isinstance(
        node, typed.Literal | typed.Lambda | typed.LocalReference | typed.GlobalReference
    )


def _keep_parts(value: Value, node: typed.Expression) -> None:
    """Compute what stands inside of constructions before the value."""
    match node:
        case typed.RecordConstruction() | typed.AnonymousRecordConstruction(source=None):
            node.fields = [(index, _kept(value, part)) for index, part in node.fields]
        case typed.UnionConstruction():
            node.arguments = [_kept(value, part) for part in node.arguments]
        case typed.Tuple():
            node.items = [_kept(value, part) for part in node.items]
        case _:
            pass


def _kept(value: Value, node: typed.Expression) -> typed.Expression:
    _keep_parts(value, node)
    return node if _is_settled(node) else value.keep(node)


def is_quiet(body: typed.Expression) -> bool:
    """Whether computing a value calls nothing."""
    inner = _parts(body)
    if inner is not None:
        return all(map(is_quiet, inner))
    if isinstance(body, typed.Coerce):
        return is_quiet(body.value)
    return isinstance(body, typed.Hole) or _is_settled(body)


# Groups of a `let` expression ---------------------------------------------------------------------


def arrange_locals(c: Checker, bindings: list[typed.LocalBinding]) -> list[typed.LocalBinding]:
    """The bindings of a local `let rec` with the stores among them."""
    values: list[Value] = []
    kept: dict[Hashable, list[typed.LocalBinding]] = {}
    by_key: dict[Hashable, typed.LocalBinding] = {}
    for binding in bindings:
        pattern = binding.pattern
        is_function = bool(binding.parameters) or isinstance(binding.body, typed.Lambda)
        if isinstance(pattern, typed.VariablePattern) and not is_function:
            by_key[pattern.local] = binding
            values.append(_local_value(c, binding, pattern.local, kept))
    if not values:
        return bindings
    steps = steps_of(c, values)
    _warn_early(c, bindings, [step for step in steps if isinstance(step, Value)])
    made = [binding for binding in bindings if id(binding) not in set(map(id, by_key.values()))]
    for step in steps:
        if isinstance(step, Value):
            made += [*kept.get(step.key, ()), by_key[step.key]]
        else:
            made.append(_bound(c, step.effect, "stored"))
    return made


def _warn_early(c: Checker, bindings: list[typed.LocalBinding], values: list[Value]) -> None:
    """Uses of local values in what may run before they are there."""
    functions = [b.body for b in bindings if b.parameters or isinstance(b.body, typed.Lambda)]
    for at, value in enumerate(values):
        before = [one.body for one in values[: at + 1] if not is_quiet(one.body)]
        for body in [*before, *functions] if before else []:
            for use in uses_in(body):
                if key_of(use) == value.key:
                    c.report(CheckedWhenUsed(use.span, value.name))


def _bound(c: Checker, value: typed.Expression, name: str) -> typed.LocalBinding:
    local = c.local(name, value.type, value.span)
    pattern = typed.VariablePattern(value.type, value.span, local)
    return typed.LocalBinding(pattern, (), [], value, value.span)


def _local_value(
    c: Checker,
    binding: typed.LocalBinding,
    local: typed.Local,
    kept: dict[Hashable, list[typed.LocalBinding]],
) -> Value:
    def reference(span: Span) -> typed.Expression:
        return typed.LocalReference(local.type, span, local)

    def keep(part: typed.Expression) -> typed.Expression:
        made = _bound(c, part, "part")
        kept.setdefault(local, []).append(made)
        assert isinstance(made.pattern, typed.VariablePattern)
        return typed.LocalReference(part.type, part.span, made.pattern.local)

    is_generic = bool(binding.type_parameters)
    return Value(local, local.name, binding.body, is_generic, reference, keep)
