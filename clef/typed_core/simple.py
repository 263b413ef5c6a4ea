"""Values, bindings and sequencing.

Comes in: literals, references, `let`s, data construction and access. Goes out: core nodes.
Promises: fields are evaluated in the order they are written and stored in the order of the
definition; long chains of `let` and statements do not nest Python calls.
"""

from __future__ import annotations

from clef.inference import typed_tree as t
from clef.inference.recursive_values import in_order_of_need
from clef.typed_core import core, well_known
from clef.typed_core.analysis import captured_in
from clef.typed_core.application import call_instance, known_instance, reference
from clef.typed_core.builder import Block
from clef.typed_core.closures import bind_functions, is_function, read_function
from clef.typed_core.core import Atom, Expression, Field
from clef.typed_core.known import from_outside
from clef.typed_core.local_bindings import LateBinding, LocalFunction, Test
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.matching import (
    Rule,
    bind_pattern,
    is_irrefutable,
    match_failure,
    match_rules,
    place_of,
)
from clef.typed_core.suspensions import suspends
from clef.typed_core.values import constant


def lower_literal(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """A constant."""
    assert isinstance(node, t.Literal)
    type = lowerer.mono(node.type)
    if node.value is None and lowerer.specialiser.shapes.of(type).builtin != "unit":
        return lowerer.builder.primitive("null", [], type, (type,))
    return constant(lowerer, node.value, type, block)


def lower_local(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """A use of a local."""
    assert isinstance(node, t.LocalReference)
    binding = lowerer.environment.get(node.local)
    if isinstance(binding, LocalFunction):
        return read_function(lowerer, binding, node, block)
    if binding is None:
        return lowerer.unsupported(
            f"using `{node.local.name}` before it has a value",
            "make the recursion go through a function",
            node,
        )
    return lowerer.read(node.local, block)


def lower_global(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """A module-level value or function as a value."""
    assert isinstance(node, t.GlobalReference)
    type = lowerer.mono(node.type)
    specialiser = lowerer.specialiser
    arguments = lowerer.type_arguments(node.symbol, node.type_arguments)
    instance = specialiser.instance(node.symbol, arguments, node.span)
    if instance is None:
        return lowerer.builder.primitive("zero", [], type, (type,))
    if instance.parameters:
        known = known_instance(lowerer, instance)
        if lowerer.grows:
            known = from_outside(lowerer, known, instance, node)
        return reference(lowerer, known, type, block)
    if not instance.is_value:
        if instance.result is type:
            return call_instance(lowerer, instance, [], block, tail)
        value = lowerer.builder.bind(block, call_instance(lowerer, instance, [], block, False))
        return lowerer.converted(value, type, block)
    literal = instance.definition.body
    is_plain = isinstance(literal, t.Literal) and not isinstance(literal.value, bytes)
    if is_plain and not instance.definition.is_mutable:
        return lower_literal(lowerer, literal, block, False)
    found = specialiser.global_value(instance)
    read = lowerer.builder.global_read(found.symbol, found.type)
    return lowerer.builder.bind(block, read) if found.is_mutable else read


def lower_sequential(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`a; b; c`."""
    assert isinstance(node, t.Sequential)
    for index, item in enumerate(node.items[:-1]):
        lowerer.effect(item, block)
        if lowerer.going is not None and suspends(item):
            rest = t.Sequential(node.type, node.span, node.items[index + 1 :])
            return _if_wanted(lowerer, lowerer.going, rest, block)
    if not node.items:
        return lowerer.builder.unit()
    return lowerer.expression(node.items[-1], block, tail)


def _if_wanted(lowerer: Lowerer, going: Test, rest: t.Expression, block: Block) -> Expression:
    """What follows a `yield`, where somebody may want no more."""
    builder = lowerer.builder
    test = going(block)
    return builder.branch(test, lowerer.nested(rest, False), builder.unit(), builder.unit_type)


def lower_let(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`let … in …`, however many in a row."""
    body: t.Expression = node
    while isinstance(body, t.Let):
        lowerer.builder.span = body.span
        refutable = _bind(lowerer, body, block)
        if refutable is not None:
            return _refutable(lowerer, refutable, body, block, tail)
        body = body.body
    return lowerer.expression(body, block, tail)


def _bind(lowerer: Lowerer, node: t.Let, block: Block) -> t.LocalBinding | None:
    """Bind what a `let` says; a binding that can fail is given back."""
    if node.is_recursive:
        _bind_recursive(lowerer, node, block)
        return None
    for binding in node.bindings:
        pattern = binding.pattern
        if is_function(binding):
            bind_functions(lowerer, [binding], False)
        elif isinstance(pattern, t.VariablePattern):
            value = lowerer.expression(binding.body, block, False)
            lowerer.bind_local(pattern.local, value, block)
        elif is_irrefutable(lowerer, pattern):
            bind_pattern(lowerer, pattern, place_of(lowerer, binding.body, block), block)
        else:
            return binding
    return None


def _bind_recursive(lowerer: Lowerer, node: t.Let, block: Block) -> None:
    functions = [binding for binding in node.bindings if is_function(binding)]
    values: list[tuple[t.Local, t.Expression]] = []
    for binding in node.bindings:
        if is_function(binding):
            continue
        if isinstance(binding.pattern, t.VariablePattern):
            values.append((binding.pattern.local, binding.body))
        else:
            lowerer.unsupported(
                "a pattern in `let rec`", "bind the parts after the recursion", binding.span
            )
    if not values:
        bind_functions(lowerer, functions, True)
        return
    values = in_order_of_need(values, lambda value: value[0], lambda value: value[1])
    early = _spoken_of_early(lowerer, values, functions)
    for local in early:
        _announce(lowerer, local, block)
    bind_functions(lowerer, functions, True)
    for local, body in values:
        late = lowerer.environment.get(local)
        if isinstance(body, t.ObjectExpression):
            lowerer.own_objects[id(body)] = local
        atom = lowerer.value(body, block, local.name)
        if isinstance(late, LateBinding):  # stays: functions of the group capture its cell
            _fulfil(lowerer, late, lowerer.builder.again(atom), block)
        else:
            lowerer.bind_local(local, lowerer.builder.again(atom), block)


def _spoken_of_early(
    lowerer: Lowerer,
    values: list[tuple[t.Local, t.Expression]],
    functions: list[t.LocalBinding],
) -> list[t.Local]:
    """The values that closures of the group capture before they are there."""
    named = [binding for binding in functions if binding.parameters or binding.type_parameters]
    whole = [*named, *(binding.body for binding in functions), *(body for _, body in values)]
    waiting = [local for local, _ in values]
    found: dict[t.Local, None] = {}
    own: dict[int, t.Local] = {
        id(body): local for local, body in values if isinstance(body, t.ObjectExpression)
    }
    for node in captured_in(lowerer.analysis, whole):
        for local in lowerer.analysis.free[id(node)]:
            if local in waiting and own.get(id(node)) is not local:
                found[local] = None
    return list(found)


def _announce(lowerer: Lowerer, local: t.Local, block: Block) -> None:
    """A place for a value that is computed later."""
    builder = lowerer.builder
    content = lowerer.mono(local.type)
    option = lowerer.specialiser.table.named(well_known.OPTION, content)
    cell_type = lowerer.specialiser.shapes.cell(option)
    nothing = builder.bind(block, builder.construct(option, [], 0))
    cell = builder.local(cell_type, local.name)
    block.bindings.append((cell, builder.construct(cell_type, [nothing])))
    lowerer.environment[local] = LateBinding(cell, content)


def _fulfil(lowerer: Lowerer, late: LateBinding, value: Atom, block: Block) -> None:
    builder = lowerer.builder
    option = late.local.type.arguments[0]
    some = builder.bind(block, builder.construct(option, [value], 1))
    cell = builder.variable(late.local)
    builder.effect(block, builder.set_field(cell, late.local.type, 0, some))


def _refutable(
    lowerer: Lowerer, binding: t.LocalBinding, node: t.Let, block: Block, tail: bool
) -> Expression:
    """`let (Some x) = e in body`: a match with one rule."""
    type = lowerer.mono(node.type)
    place = place_of(lowerer, binding.body, block)
    rest = node.bindings[node.bindings.index(binding) + 1 :]
    remaining = t.Let(node.type, node.span, rest, False, node.body) if rest else node.body
    rule = Rule(binding.pattern, None, lambda inside: lowerer.expression(remaining, inside, tail))
    span_holder = t.Sequential(node.type, binding.span, [])
    fail = match_failure(lowerer, span_holder, type)
    return match_rules(lowerer, place, [rule], fail, type, block)


def lower_if(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`if`; a condition known at specialisation leaves one branch."""
    assert isinstance(node, t.If)
    condition = lowerer.value(node.condition, block)
    if isinstance(condition, core.Literal):
        chosen = node.then if condition.value else node.otherwise
        return lowerer.expression(chosen, block, tail)
    then = lowerer.nested(node.then, tail)
    otherwise = lowerer.nested(node.otherwise, tail)
    if isinstance(then, core.Literal) and isinstance(otherwise, core.Literal):
        if then.value is True and otherwise.value is False:
            return condition
        if then.value is False and otherwise.value is True:
            return lowerer.builder.primitive("not", [condition], lowerer.specialiser.boolean)
    negated = _negated(condition, block)
    # A body without `else` stays in front: LLVM finds out less where the empty branch comes first.
    is_alone = isinstance(otherwise, core.Literal) and otherwise.value is None
    if negated is not None and not is_alone:
        condition, then, otherwise = lowerer.builder.again(negated), otherwise, then
    return lowerer.builder.branch(condition, then, otherwise, lowerer.mono(node.type))


def _negated(condition: Atom, block: Block) -> Atom | None:
    """The operand of the `not` that has just been bound to a condition."""
    if not block.bindings or not isinstance(condition, core.Variable):
        return None
    local, value = block.bindings[-1]
    if isinstance(value, core.Primitive) and value.operation == "not" and condition.local is local:
        return value.arguments[0]
    return None


# Data -------------------------------------------------------------------------------------------


def lower_tuple(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`a, b`."""
    assert isinstance(node, t.Tuple)
    items = lowerer.values(node.items, block)
    return lowerer.builder.construct(lowerer.mono(node.type), items)


def _in_order(
    lowerer: Lowerer, fields: list[tuple[int, t.Expression]], block: Block
) -> dict[int, Atom]:
    return {index: lowerer.value(value, block) for index, value in fields}


def lower_record(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`{ A = 1; B = 2 }`."""
    assert isinstance(node, t.RecordConstruction)
    atoms = _in_order(lowerer, node.fields, block)
    type = lowerer.mono(node.type)
    items = [atoms[index] for index in sorted(atoms)]
    items = _as_stored(lowerer, items, lowerer.specialiser.shapes.of(type).fields, block)
    return lowerer.builder.construct(type, items)


def _as_stored(
    lowerer: Lowerer, items: list[Atom], fields: list[Field], block: Block
) -> list[Atom]:
    """Values for fields, some of which may be uniform."""
    if not lowerer.grows:
        return items
    return [
        lowerer.converted(item, field.type, block)
        for item, field in zip(items, fields, strict=True)
    ]


def lower_record_copy(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`{ r with A = 1 }`."""
    assert isinstance(node, t.RecordCopy)
    builder = lowerer.builder
    type = lowerer.mono(node.type)
    source = lowerer.value(node.source, block)
    atoms = _in_order(lowerer, node.fields, block)
    for index, field in enumerate(lowerer.specialiser.shapes.of(type).fields):
        if index not in atoms:
            read = builder.project(builder.again(source), type, -1, index, field.type)
            atoms[index] = builder.bind(block, read)
    items = [atoms[index] for index in sorted(atoms)]
    fields = lowerer.specialiser.shapes.of(type).fields
    return builder.construct(type, _as_stored(lowerer, items, fields, block))


def lower_anonymous(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`{| A = 1 |}` and `{| r with A = 1 |}`."""
    assert isinstance(node, t.AnonymousRecordConstruction)
    builder = lowerer.builder
    type = lowerer.mono(node.type)
    source = lowerer.value(node.source, block) if node.source is not None else None
    atoms = _in_order(lowerer, node.fields, block)
    if source is not None:
        shape = lowerer.specialiser.shapes.of(source.type)
        indices = {field.name: index for index, field in enumerate(shape.fields)}
        for index, name in enumerate(type.field_names()):
            if index not in atoms:
                at = indices[name]
                read = builder.project(
                    builder.again(source), source.type, -1, at, shape.fields[at].type
                )
                atoms[index] = builder.bind(block, read)
    return builder.construct(type, [atoms[index] for index in sorted(atoms)])


def lower_union(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """A union case with its fields."""
    assert isinstance(node, t.UnionConstruction)
    type = lowerer.mono(node.type)
    items = lowerer.values(node.arguments, block)
    shapes = lowerer.specialiser.shapes
    case = shapes.case_index(type, node.case)
    items = _as_stored(lowerer, items, shapes.of(type).cases[case].fields, block)
    return lowerer.builder.construct(type, items, case)


def lower_exception(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """A value of an F# exception: inherited fields are zero."""
    assert isinstance(node, t.ExceptionConstruction)
    builder = lowerer.builder
    specialiser = lowerer.specialiser
    type = specialiser.mono.plain(node.symbol)
    target = lowerer.mono(node.type)
    specialiser.make_live(type)
    own = lowerer.values(node.arguments, block)
    fields = specialiser.shapes.of(type).fields
    inherited = [
        builder.bind(block, builder.primitive("zero", [], field.type, (field.type,)))
        for field in fields[: len(fields) - len(own)]
    ]
    made = builder.construct(type, [*inherited, *own])
    if target is type:
        return made
    return builder.primitive("cast", [builder.bind(block, made)], target, (target,))


def lower_array(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`[| a; b |]`."""
    assert isinstance(node, t.ArrayLiteral)
    builder = lowerer.builder
    type = lowerer.mono(node.type)
    element = type.arguments[0]
    length = builder.int32(len(node.items))
    made = builder.primitive("array_zero", [length], type, (element,))
    array = builder.bind(block, made)
    for index, item in enumerate(node.items):
        value = lowerer.value(item, block)
        builder.effect(
            block,
            builder.primitive(
                "array_set_unchecked",
                [builder.again(array), builder.int32(index), value],
                builder.unit_type,
                (element,),
            ),
        )
    return builder.again(array)


def lower_anonymous_field(
    lowerer: Lowerer, node: t.Expression, block: Block, tail: bool
) -> Expression:
    """An item of a tuple or anonymous record."""
    assert isinstance(node, t.AnonymousFieldGet)
    value = lowerer.value(node.object, block)
    return lowerer.builder.project(value, value.type, -1, node.index, lowerer.mono(node.type))


# Assignment -------------------------------------------------------------------------------------


def lower_global_set(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`x <- value` at module level."""
    assert isinstance(node, t.GlobalSet)
    instance = lowerer.specialiser.instance(node.symbol, (), node.span)
    value = lowerer.value(node.value, block)
    if instance is None:
        return lowerer.builder.unit()
    found = lowerer.specialiser.global_value(instance)
    return lowerer.builder.global_write(found.symbol, value)
