"""Object expressions: classes that no definition names.

Comes in: `{ new T(…) with … }`, and what else needs a class for its captures. Goes out: synthesised
classes and their members. Promises: the fields are the captures, after those of the base.
"""

from __future__ import annotations

from clef.inference import typed_tree as t
from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, Field, Local, MonoType, TypeShape
from clef.typed_core.dispatch import Supplier
from clef.typed_core.local_bindings import Captures, held_type, received
from clef.typed_core.local_functions import lower_body
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.new_objects import call_member
from clef.typed_core.places import as_class


def synthetic_class(
    lowerer: Lowerer, name: str, ancestors: list[MonoType], own: list[Field]
) -> MonoType:
    """A class that no definition names; its fields follow those of its base."""
    specialiser = lowerer.specialiser
    shapes = specialiser.shapes
    type = specialiser.mono.plain(specialiser.unique(name))
    every = shapes.with_ancestors(ancestors)
    inherited: list[Field] = []
    for ancestor in ancestors:
        if shapes.of(ancestor).kind in ("class", "exception"):
            inherited = shapes.of(ancestor).fields
    shapes.shapes[type] = TypeShape(
        type, "class", fields=[*inherited, *own], ancestors=every, display_name=name
    )
    return type


def capture_fields(captures: Captures) -> list[Field]:
    """Fields that hold captured operands."""
    return [Field(local.name, held_type(captures.scope[local])) for local in captures.locals]


def read_captures(
    lowerer: Lowerer, captures: Captures, self: Local, start: int, block: Block
) -> None:
    """Inside a member: the captured locals are fields of the object."""
    builder = lowerer.builder
    lowerer.environment.update(captures.scope)
    for offset, local in enumerate(captures.locals):
        outer = captures.scope[local]
        inner = builder.local(held_type(outer), local.name)
        object = builder.variable(self)
        read = builder.project(object, self.type, -1, start + offset, inner.type)
        builder.bind_local(block, inner, read)
        lowerer.environment[local] = received(outer, inner)


def lower_object_expression(
    lowerer: Lowerer, node: t.Expression, block: Block, tail: bool
) -> Expression:
    """`{ new T(args) with … }`."""
    assert isinstance(node, t.ObjectExpression)
    specialiser = lowerer.specialiser
    builder = lowerer.builder
    target = lowerer.mono(node.type)
    if specialiser.shapes.of(target).kind == "function":
        return _delegate(lowerer, node, target, block)
    itself = lowerer.own_objects.get(id(node))
    free = [local for local in lowerer.analysis.free[id(node)] if local is not itself]
    captures = lowerer.captures(free)
    own = capture_fields(captures)
    bases = [target] if specialiser.shapes.of(target).builtin != "object" else []
    ancestors = [*bases, *map(lowerer.mono, node.interfaces)]
    type = synthetic_class(lowerer, f"{lowerer.name}/object", ancestors, own)
    start = len(specialiser.shapes.of(type).fields) - len(own)
    specialiser.dispatch.synthetic[type] = {
        (member.slot, lowerer.mono(member.owner)): _member(
            lowerer, member, type, captures, start, itself
        )
        for member in node.members
    }
    specialiser.make_live(type)
    kept = lowerer.capture_atoms(captures.locals, block)
    object = _make(lowerer, node, type, target, start, kept, block)
    return builder.primitive("cast", [object], target, (target,))


def _delegate(
    lowerer: Lowerer, node: t.ObjectExpression, target: MonoType, block: Block
) -> Expression:
    """A delegate is the function that its Invoke calls."""
    body = node.members[0].body
    assert isinstance(body, t.Application)
    function = lowerer.value(body.function, block)
    return lowerer.builder.primitive("cast", [function], target, (target,))


def _make(
    lowerer: Lowerer,
    node: t.ObjectExpression,
    type: MonoType,
    base: MonoType,
    start: int,
    kept: list[Atom],
    block: Block,
) -> Atom:
    builder = lowerer.builder
    specialiser = lowerer.specialiser
    shape = specialiser.shapes.of(type)
    if node.constructor is None or node.constructor.startswith(f"{well_known.OBJECT}."):
        if start == 0 and kept:
            return builder.bind(block, builder.construct(type, kept))
        if not kept:
            return builder.bind(block, builder.construct(type, []))
    atoms = lowerer.values(node.arguments, block)
    object = builder.bind(block, builder.construct(type, []))
    for offset, atom in enumerate(kept):
        write = builder.set_field(builder.again(object), type, start + offset, atom)
        builder.effect(block, write)
    instance = None
    if node.constructor is not None:
        instance = specialiser.instance(node.constructor, base.arguments, node.span)
    if instance is not None:
        every = [builder.again(object), *atoms]
        call = call_member(lowerer, instance, every, specialiser.unit, block, False)
        builder.effect(block, call)
    assert shape.kind == "class"
    return builder.again(object)


def _member(
    lowerer: Lowerer,
    member: t.ObjectMember,
    type: MonoType,
    captures: Captures,
    start: int,
    itself: t.Local | None,
) -> Supplier:
    """The function of one member; made for each use of it at method type arguments."""
    made: dict[tuple[MonoType, ...], str] = {}
    specialiser = lowerer.specialiser
    lowerer = lowerer.kept()
    prefix = f"{type.symbol}.{member.slot.rsplit('.', 1)[-1]}"

    def supply(arguments: tuple[MonoType, ...]) -> str:
        name = made.get(arguments)
        if name is None:
            name = made[arguments] = specialiser.unique(prefix)
            specialiser.result.reasons.setdefault(name, specialiser.current)
            fixed = name
            specialiser.later(lambda: lower(fixed, arguments))
        return name

    def lower(name: str, arguments: tuple[MonoType, ...]) -> None:
        specialiser.current = name
        bound = specialiser.mono.bind(member.type_parameters, arguments)
        inner = lowerer.inner({**lowerer.types, **bound}, name)
        self = inner.builder.local(type, "this")
        opening = Block()
        read_captures(inner, captures, self, start, opening)
        _bind_self(inner, member.parameters[0], self, opening)
        if itself is not None:
            seen = t.VariablePattern(itself.type, itself.span, itself)
            _bind_self(inner, seen, self, opening)
        parameters, body = lower_body(inner, [self], member.parameters[1:], member.body, None)
        whole = inner.builder.finish(opening, body)
        specialiser.add_function(
            name, parameters, whole, inner.builder, member.body.span, result=body.type
        )

    return supply


def _bind_self(lowerer: Lowerer, pattern: t.Pattern, self: Local, block: Block) -> None:
    if isinstance(pattern, t.VariablePattern):
        wanted = lowerer.mono(pattern.type)
        atom = as_class(lowerer, lowerer.builder.variable(self), wanted, block)
        lowerer.bind_local(pattern.local, atom, block)
