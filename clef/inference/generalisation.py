"""Generalisation: from the type of a binding to its scheme.

Comes in: the types of a group of bindings checked one level deeper. Goes out: their type
parameters; each generalised
variable is solved to its parameter, so that the typed tree needs no rewriting. Promises: only
variables of the deeper level
are generalised; those with member constraints only in `inline` definitions, else they wait for
later uses.
"""

from __future__ import annotations

from collections.abc import Iterator

from clef.inference import typed_tree as typed
from clef.inference.state import Checker
from clef.inference.traits import attempt
from clef.inference.types import (
    AnonymousRecordType,
    Constraint,
    FunctionType,
    Measure,
    NamedType,
    ParameterType,
    PendingTrait,
    TupleType,
    Type,
    TypeParameter,
    TypeVariable,
)
from clef.inference.unification import lower_levels, prune, unify

Written = dict[int, tuple[Type, tuple[Type, ...]]]
_NOTHING: Written = {}


def free_variables(
    type: Type, found: list[TypeVariable], seen: set[int], written: Written = _NOTHING
) -> None:
    """The unsolved variables of a type, in the order of their first appearance. Where it was
    written as an abbreviation (`written`), that has them in its own order."""
    type = prune(type)
    for argument in written[id(type)][1] if id(type) in written else ():
        free_variables(argument, found, seen, written)
    if isinstance(type, TypeVariable):
        if type.id not in seen:
            seen.add(type.id)
            found.append(type)
    elif isinstance(type, NamedType):
        for argument in type.arguments:
            free_variables(argument, found, seen, written)
    elif isinstance(type, FunctionType):
        free_variables(type.parameter, found, seen, written)
        free_variables(type.result, found, seen, written)
    elif isinstance(type, TupleType):
        for item in type.items:
            free_variables(item, found, seen, written)
    elif isinstance(type, AnonymousRecordType):
        for item in type.types:
            free_variables(item, found, seen, written)
    elif isinstance(type, Measure):
        for atom, _ in type.factors:
            if isinstance(atom, TypeVariable):
                free_variables(atom, found, seen, written)


def generalise(
    c: Checker,
    types: list[Type],
    is_inline: bool,
    allowed: bool,
    declared: tuple[TypeParameter, ...] = (),
    first_pending: int = 0,
) -> tuple[TypeParameter, ...]:
    """Close over the variables of `types` whose level is above the current one.

    `allowed` is false for expressions that are no values; `first_pending` says which constraints
    arose in the binding. A definition with written type parameters that is not `inline` has no
    others."""
    is_open = is_inline if allowed else c.in_inline
    waiting = _settle(c, first_pending, is_open)
    if c.defaulted:
        _settle_formats(c)
    if c.enumerated:
        _settle_sequences(c, types if allowed and not declared else [])
    if not allowed or (declared and not is_inline):
        for type in types:
            lower_levels(c, type, c.level)
        _postpone(c, waiting)
        return declared
    variables: list[TypeVariable] = []
    seen: set[int] = set()
    for type in types:
        free_variables(type, variables, seen, c.expanded)
    inner = [v for v in variables if v.level > c.level]
    if is_inline:
        waiting = _leave_outer(c, waiting)
        inner = [v for v in inner if v.level > c.level]
        _add_reached(c, inner, seen, waiting)
        _add_promised(c, inner, seen, declared)
    else:
        _postpone(c, waiting)
        inner = [v for v in inner if v.level > c.level and prune(v) is v]
    _add_constraint_variables(c, inner, seen)
    parameters = _close(c, inner, declared)
    if is_inline:
        _attach(c, waiting, parameters)
    return (*declared, *parameters)


def traits_on(c: Checker, types: list[Type]) -> list[PendingTrait]:
    """The constraints whose supports have open variables of these types."""
    variables: list[TypeVariable] = []
    seen: set[int] = set()
    for type in types:
        free_variables(type, variables, seen)
    inner = {variable.id for variable in variables if variable.level > c.level}
    if not inner:
        return []
    return [trait for trait in c.pending if _speaks_of(trait, inner)]


def _speaks_of(trait: PendingTrait, wanted: set[int]) -> bool:
    found: list[TypeVariable] = []
    seen: set[int] = set()
    for support in trait.supports:
        free_variables(support, found, seen)
    return not wanted.isdisjoint(variable.id for variable in found)


def _settle(c: Checker, first: int, is_open: bool) -> list[PendingTrait]:
    """Weak resolution of the constraints that arose since `first`; gives those that remain.

    An inline definition keeps what is open for its callers to decide, also what values inside of it
    need."""
    remaining: list[PendingTrait] = []
    c.level += 1  # what a chosen member brings along belongs to the binding
    while True:  # solving one decides others, and brings those of the inline member that it is
        before = len(c.pending)
        for trait in c.pending[first:]:
            attempt(c, trait, weak=not is_open)
        left = [t for t in c.pending[first:] if not t.is_solved]
        if len(c.pending) == before and len(left) == len(remaining):
            break
        remaining = left
    c.level -= 1
    del c.pending[first:]
    return remaining


def _postpone(c: Checker, waiting: list[PendingTrait]) -> None:
    """Leave constraints to the surrounding definition, with the variables they speak of."""
    for trait in waiting:
        trait.level = c.level
        for type in (*trait.supports, *trait.member.parameters, trait.member.result):
            lower_levels(c, type, c.level)
        c.pending.append(trait)


def _leave_outer(c: Checker, waiting: list[PendingTrait]) -> list[PendingTrait]:
    """Constraints on outer variables alone belong to the surrounding definition, and what they
    result in too; gives the others."""
    while True:
        outer = [t for t in waiting if not any(_is_inner(c, one) for one in t.supports)]
        if not outer:
            return waiting
        _postpone(c, outer)
        left = {id(trait) for trait in outer}
        waiting = [t for t in waiting if id(t) not in left]


def _is_inner(c: Checker, support: Type) -> bool:
    found: list[TypeVariable] = []
    free_variables(support, found, set())
    return any(variable.level > c.level for variable in found)


def _add_reached(
    c: Checker, inner: list[TypeVariable], seen: set[int], waiting: list[PendingTrait]
) -> None:
    """The variables that constraints of an inline definition speak of are its parameters too."""
    for trait in waiting:
        found: list[TypeVariable] = []
        for type in (*trait.supports, *trait.member.parameters, trait.member.result):
            free_variables(type, found, seen)
        inner.extend(v for v in found if v.level > c.level)


def _add_promised(
    c: Checker, inner: list[TypeVariable], seen: set[int], declared: tuple[TypeParameter, ...]
) -> None:
    """The variables that constraints on written type parameters speak of."""
    for parameter in declared:
        for constraint in parameter.constraints:
            found: list[TypeVariable] = []
            if constraint.member is not None:
                member = constraint.member
                for type in (*constraint.supports, *member.parameters, member.result):
                    free_variables(type, found, seen)
            inner.extend(v for v in found if v.level > c.level)


def _add_constraint_variables(c: Checker, inner: list[TypeVariable], seen: set[int]) -> None:
    index = 0
    while index < len(inner):
        for constraint in inner[index].constraints:
            if constraint.type is not None:
                found: list[TypeVariable] = []
                free_variables(constraint.type, found, seen)
                inner.extend(v for v in found if v.level > c.level)
        index += 1


_TRANSIENT = frozenset({"default", "integer_format", "float_format"})


def _settle_formats(c: Checker) -> None:
    """An argument of `%d` that nothing else decides is an int, of `%f` a float."""
    outer: list[tuple[TypeVariable, Type]] = []
    for variable, default in c.defaulted:
        given = prune(variable)  # which may have become one with another variable
        if not isinstance(given, TypeVariable):
            continue
        if given.level > c.level:
            unify(c, given, default)
        else:
            outer.append((given, default))
    c.defaulted = outer


def _settle_sequences(c: Checker, types: list[Type]) -> None:
    """What a loop walks over, or is given where a `seq` is taken, is a `seq` when it is a parameter
    and stands nowhere else in the type of the function (F# specification §14.6.7, condensation),
    or not in the type at all."""
    for variable, sequence in c.enumerated:
        is_open = variable.level > c.level and prune(variable) is variable
        if is_open and _condenses(variable, types):
            unify(c, variable, sequence)
    found: list[TypeVariable] = []
    seen: set[int] = set()
    for type in types:
        free_variables(type, found, seen)
    for variable, sequence in c.enumerated:
        if variable.level > c.level and prune(variable) is variable and variable.id not in seen:
            unify(c, variable, sequence)
    c.enumerated = [entry for entry in c.enumerated if prune(entry[0]) is entry[0]]


def _condenses(variable: TypeVariable, types: list[Type]) -> bool:
    """Whether a variable is the type of one parameter of a function and stands nowhere else."""
    places = [place for type in types for place in _parameter_types(type)]
    direct = sum(prune(place) is variable for place in places)
    return direct == 1 and sum(_count(variable, type) for type in types) == 1


def _parameter_types(type: Type) -> Iterator[Type]:
    type = prune(type)
    while isinstance(type, FunctionType):
        parameter = prune(type.parameter)
        yield from parameter.items if isinstance(parameter, TupleType) else (parameter,)
        type = prune(type.result)


def _count(variable: TypeVariable, type: Type) -> int:
    """How often a variable stands in a type."""
    type = prune(type)
    if isinstance(type, FunctionType):
        return _count(variable, type.parameter) + _count(variable, type.result)
    if isinstance(type, NamedType):
        return sum(_count(variable, argument) for argument in type.arguments)
    if isinstance(type, TupleType):
        return sum(_count(variable, item) for item in type.items)
    if isinstance(type, AnonymousRecordType):
        return sum(_count(variable, item) for item in type.types)
    return int(type is variable)


def _close(
    c: Checker, inner: list[TypeVariable], declared: tuple[TypeParameter, ...]
) -> tuple[TypeParameter, ...]:
    used = {v.name for v in inner if v.name} | {p.name for p in declared}
    used |= {p.parameter.name for p in c.type_scope.values() if isinstance(p, ParameterType)}
    parameters: list[TypeParameter] = []
    number = 0
    for variable in inner:
        name = variable.name
        while not name:
            letters = "uvwxyz" if variable.is_measure else "abcdefghijklmnopqrst"
            candidate = letters[number % len(letters)]
            if number >= len(letters):
                candidate += str(number // len(letters))
            number += 1
            if candidate not in used:
                name = candidate
        parameter = c.parameter(name, variable.is_measure)
        parameter.is_static = variable.is_static
        parameters.append(parameter)
    for variable, parameter in zip(inner, parameters, strict=True):
        constraints = variable.constraints
        variable.link = ParameterType(parameter)
        parameter.constraints = [one for one in constraints if one.kind not in _TRANSIENT]
    return tuple(parameters)


def _attach(c: Checker, waiting: list[PendingTrait], parameters: tuple[TypeParameter, ...]) -> None:
    """Member constraints become part of the parameters of an inline definition."""
    own = {p.id for p in parameters}
    for trait in waiting:
        if trait.is_solved:
            continue
        holder = None
        for support in trait.supports:
            known = prune(support)
            if isinstance(known, ParameterType) and known.parameter.id in own:
                holder = holder or known.parameter
                known.parameter.is_static = True
        if holder is None:
            _postpone(c, [trait])
            continue
        trait.is_solved = True
        constraint = Constraint("member", None, trait.member, trait.supports)
        if not _is_known(holder, constraint):
            holder.constraints.append(constraint)


def _is_known(holder: TypeParameter, constraint: Constraint) -> bool:
    from clef.inference.unification import resolve

    member = constraint.member
    assert member is not None
    for other in holder.constraints:
        same = other.member
        if (
            same is not None
            and same.name == member.name
            and len(same.parameters) == len(member.parameters)
            and all(
                resolve(a) == resolve(b)
                for a, b in zip(same.parameters, member.parameters, strict=True)
            )
            and resolve(same.result) == resolve(member.result)
        ):
            return True
    return False


# Which expressions are values ---------------------------------------------------------------------


def _is_class_value(c: Checker, node: typed.Expression) -> bool:
    """Whether it stands for a name of the class around that never changes."""
    match node:
        case typed.FieldGet(object=typed.LocalReference(local=local), field=name):
            if c.cls is None or local is not c.cls.self_local:
                return False
        case typed.StaticFieldGet(symbol=name) | typed.MethodCall(symbol=name, arguments=[]):
            pass
        case _:
            return False
    is_field = isinstance(node, typed.FieldGet)
    for entry in c.locals.values() if c.cls is not None else ():
        member = entry.member
        if member is None or (member.kind == "field") != is_field or entry.argument_count:
            continue
        if name == (member.name if is_field else member.symbol):
            return not entry.local.is_mutable
    return False


def is_value(c: Checker, node: typed.Expression) -> bool:
    """Whether an expression is generalisable: evaluating it does nothing and makes no new cell."""
    match node:
        case typed.Lambda() | typed.Literal() | typed.SourcePlace():
            return True
        case typed.TypeName(kind=kind):
            return kind != "default"
        case typed.LocalReference(local=local):
            return not local.is_mutable
        case typed.GlobalReference(symbol=symbol):
            value = c.value_named(symbol)
            return value is None or not (value.is_mutable or value.is_type_function)
        case (
            typed.UnionConstruction(arguments=arguments)
            | typed.ExceptionConstruction(arguments=arguments)
        ):
            return all(is_value(c, one) for one in arguments)
        case typed.Tuple(items=items):
            return all(is_value(c, one) for one in items)
        case typed.RecordConstruction(fields=fields):
            signature = c.type_named(node.type.symbol) if isinstance(node.type, NamedType) else None
            if signature is not None and any(f.is_mutable for f in signature.fields.values()):
                return False
            return all(is_value(c, one) for _, one in fields)
        case typed.Coerce(value=value):
            return is_value(c, value)
        case typed.FieldGet() | typed.StaticFieldGet() | typed.MethodCall():
            return _is_class_value(c, node)
        case typed.ArrayLiteral(items=items):
            return not items
        case typed.Let(bindings=bindings, body=body):
            return all(b.parameters or is_value(c, b.body) for b in bindings) and is_value(c, body)
        case typed.ObjectExpression():
            return True
        case _:
            return False
