"""Between static and dynamic types: box, unbox, casts and type tests.

Comes in: an operand and two types. Goes out: primitives and kind switches. Promises: a type that
can be inside an object is made live; `None` and `()` box to null, a `Nullable` to null or what it
holds; a failed cast raises InvalidCastException, unboxing null to a value type
NullReferenceException.
"""

from __future__ import annotations

from collections.abc import Sequence

from clef.diagnostics.lowering import NotConvertible
from clef.inference import typed_tree as t
from clef.typed_core import well_known
from clef.typed_core.analysis import Analysis
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Dispatcher, Expression, MonoType
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.names_of_types import full_name
from clef.typed_core.representations import INTEGERS
from clef.typed_core.shapes import HELD
from clef.typed_core.specialiser import Specialiser
from clef.typed_core.uniform import has_forms, related


def null_of(lowerer: Lowerer, type: MonoType) -> Expression:
    return lowerer.builder.primitive("null", [], type, (type,))


def held_type(type: MonoType) -> MonoType:
    """What is inside of objects that are made of this type: of a `Nullable` what it holds."""
    is_nullable = type.form == "named" and type.symbol == well_known.NULLABLE
    return type.arguments[0] if is_nullable else type


def _box_held(
    lowerer: Lowerer, atom: Atom, source: MonoType, target: MonoType, block: Block
) -> Expression:
    """A `Nullable` as an object."""
    builder = lowerer.builder
    is_there = builder.project(atom, source, -1, 0, builder.boolean_type)
    inside = Block()
    item = held_type(source)
    held = builder.bind(inside, builder.project(builder.again(atom), source, -1, 1, item))
    boxed = builder.finish(inside, box(lowerer, held, item, target, inside))
    missing = null_of(lowerer, target)
    return builder.branch(builder.bind(block, is_there), boxed, missing, target)


def _nullable_of(lowerer: Lowerer, value: Expression, target: MonoType, block: Block) -> Expression:
    """A `Nullable` that holds a value."""
    builder = lowerer.builder
    return builder.construct(target, [builder.boolean(True), builder.bind(block, value)])


def box(
    lowerer: Lowerer, atom: Atom, source: MonoType, target: MonoType, block: Block
) -> Expression:
    """`atom` of type `source` seen as the object or interface type `target`."""
    builder = lowerer.builder
    shapes = lowerer.specialiser.shapes
    if source is target:
        return atom
    if lowerer.grows and source is lowerer.specialiser.mono.uniform:
        return content_as(lowerer, atom, target, block)
    if shapes.is_polymorphic(source):
        return builder.primitive("cast", [atom], target, (target,))
    if shapes.of(source).builtin == "unit":
        return null_of(lowerer, target)
    if held_type(source) is not source:
        return _box_held(lowerer, atom, source, target, block)
    lowerer.specialiser.make_live(source)
    null_case = shapes.null_case(source)
    if null_case is not None:
        return _box_or_null(lowerer, atom, source, target, null_case)
    return builder.primitive("box", [atom], target, (source,))


def content_as(lowerer: Lowerer, atom: Atom, target: MonoType, block: Block) -> Expression:
    """What a uniform holds, as an object or interface."""
    specialiser, builder = lowerer.specialiser, lowerer.builder
    name = f"content as {target}"
    program = specialiser.result
    if name not in program.dispatchers:
        program.dispatchers[name] = Dispatcher(name, [atom.type], target, [])
        program.reasons.setdefault(name, specialiser.current)
        done: set[MonoType] = set()

        def add(type: MonoType) -> None:
            if type.symbol == HELD and type not in done:
                done.add(type)
                function = _content_of(specialiser, name, type, target)
                program.dispatchers[name].targets.append((type, function))

        specialiser.on_live.append(add)
        for type in list(specialiser.live_types):
            add(type)
    null = builder.bind(
        block, builder.primitive("is_null", [builder.again(atom)], builder.boolean_type)
    )
    call = builder.call(name, [builder.again(atom)], target)
    return builder.branch(null, null_of(lowerer, target), call, target)


def _content_of(specialiser: Specialiser, prefix: str, type: MonoType, target: MonoType) -> str:
    """The function that opens uniforms which hold this."""
    name = specialiser.unique(f"{prefix} of {type}")
    specialiser.result.reasons.setdefault(name, specialiser.current)

    def lower() -> None:
        lowerer = Lowerer(specialiser, {}, {}, Analysis(), name)
        builder, block = lowerer.builder, Block()
        given = builder.local(specialiser.mono.uniform)
        held = builder.primitive("unbox", [builder.variable(given)], type, (type,))
        inside = type.arguments[0]
        read = builder.project(builder.bind(block, held), type, -1, 0, inside)
        content = builder.bind(block, read)
        if specialiser.shapes.is_subtype(inside, target):
            made = box(lowerer, content, inside, target, block)
        else:
            made = unbox(lowerer, content, target, block)
        specialiser.add_function(name, [given], builder.finish(block, made), builder, result=target)

    specialiser.later(lower)
    return name


def check_tested(lowerer: Lowerer, target: MonoType) -> None:
    """Refuse to ask objects for a type whose values have several forms. The library asks only for
    what it would do faster."""
    span = lowerer.builder.span
    if not lowerer.grows or span is None or span.in_library:
        return
    mono = lowerer.specialiser.mono
    if has_forms(mono, target):
        shown = lowerer.specialiser.display(target)
        lowerer.specialiser.report(NotConvertible(span, shown))


def check_owner(lowerer: Lowerer, node: t.VirtualCall) -> None:
    """Of a slot it is not known what it takes and gives where the types of its interface grow."""
    mono = lowerer.specialiser.mono
    given = lowerer.monos(node.owner.arguments)
    for at in mono.growth.types.get(node.owner.symbol, ()):
        if given[at] is not mono.uniform:
            name = lowerer.specialiser.display(mono.table.named(node.owner.symbol, *given))
            lowerer.specialiser.report(NotConvertible(node.span, name))


def _box_or_null(
    lowerer: Lowerer, atom: Atom, source: MonoType, target: MonoType, null_case: int
) -> Expression:
    builder = lowerer.builder
    boxed = builder.primitive("box", [builder.again(atom)], target, (source,))
    return builder.switch(atom, "case", [(null_case, null_of(lowerer, target))], boxed, target)


def unbox(lowerer: Lowerer, atom: Atom, target: MonoType, block: Block) -> Expression:
    """`atom`, an object, as `target`; raises when it is something else."""
    check_tested(lowerer, target)
    builder = lowerer.builder
    specialiser = lowerer.specialiser
    shapes = specialiser.shapes
    source = atom.type
    if source is target or shapes.of(target).builtin == "object":
        return box(lowerer, atom, source, target, block)
    specialiser.dispatch.variance.ask(target)
    if not shapes.is_polymorphic(source):
        atom = builder.bind(block, box(lowerer, atom, source, specialiser.object, block))
    null = builder.bind(
        block, builder.primitive("is_null", [builder.again(atom)], builder.boolean_type)
    )
    if shapes.of(target).builtin == "unit":
        failing = Block()
        failure = builder.finish(failing, _invalid_cast(lowerer, atom, target, failing))
        return builder.branch(null, builder.unit(), failure, target)
    on_null = _when_null(lowerer, target)
    inside = Block()
    if held_type(target) is not target:
        value = unbox(lowerer, builder.again(atom), held_type(target), inside)
        made = builder.finish(inside, _nullable_of(lowerer, value, target, inside))
        return builder.branch(null, on_null, made, target)
    name = "cast" if shapes.is_polymorphic(target) else "unbox"
    fits = builder.primitive(name, [builder.again(atom)], target, (target,))
    failing = Block()
    failure = _invalid_cast(lowerer, builder.again(atom), target, failing)
    wrong = builder.finish(failing, failure)
    kinds = [target, *_of_same_number(lowerer, target)]
    branches: list[tuple[int, Expression]] = [(0, fits)]
    for index in range(1, len(kinds)):
        fits = builder.primitive(name, [builder.again(atom)], target, (target,))
        branches.append((index, fits))
    test = builder.switch(builder.again(atom), "kind", branches, wrong, target, kinds)
    return builder.branch(null, on_null, builder.finish(inside, test), target)


def _of_same_number(lowerer: Lowerer, target: MonoType) -> list[MonoType]:
    """What is unboxed as a number or enum too: enums over that number, and the number of enums."""
    specialiser = lowerer.specialiser
    shape = specialiser.shapes.of(target)
    is_number = shape.builtin in INTEGERS or shape.builtin == "char"
    number = shape.element if shape.kind == "enum" else target if is_number else None
    if number is None:
        return []
    over = specialiser.mono.table.named(well_known.ENUM_OVER, number)
    specialiser.shapes.of(over)
    return [over] if number is target else [number, over]


def check_receiver(lowerer: Lowerer, receiver: Atom, block: Block) -> None:
    """Raise NullReferenceException for an operand whose member is called and that is null: also for
    None and `()`, which are null in .NET."""
    builder = lowerer.builder
    unit = builder.unit_type
    null_case = lowerer.specialiser.shapes.null_case(receiver.type)
    if null_case is not None or receiver.type is unit:
        failing = Block()
        raised = lowerer.raise_symbol(well_known.NULL_REFERENCE, [builder.unit()], unit, failing)
        failure = builder.finish(failing, raised)
        if null_case is not None:
            again = builder.again(receiver)
            failure = builder.switch(again, "case", [(null_case, failure)], builder.unit(), unit)
        builder.effect(block, failure)
    else:
        test = builder.primitive("receiver", [builder.again(receiver)], unit)
        builder.effect(block, test)


def check_structural(lowerer: Lowerer, atoms: Sequence[Atom], block: Block) -> None:
    """Before `=`, `compare` or `hash` of operands whose type the source says: F# calls the member
    of a record, union or tuple there, which needs an object. Tuples are taken apart on both
    sides. Generic code asks for null first (derivations/nulls.py), and so does all that compares
    anonymous records."""
    shape = lowerer.specialiser.shapes.of(atoms[0].type)
    if atoms[0].type.form == "anonymous" or shape.is_value:
        return
    if shape.kind not in ("record", "union", "tuple"):
        return
    if lowerer.specialiser.shapes.null_case(atoms[0].type) is not None:
        return
    for atom in atoms if shape.kind == "tuple" else atoms[:1]:
        check_receiver(lowerer, atom, block)


def _when_null(lowerer: Lowerer, target: MonoType) -> Expression:
    shapes = lowerer.specialiser.shapes
    if shapes.is_nullable(target):
        return null_of(lowerer, target)
    if held_type(target) is not target:
        return lowerer.builder.primitive("zero", [], target, (target,))
    null_case = shapes.null_case(target)
    if null_case is not None:
        return lowerer.builder.construct(target, [], null_case)
    block = Block()
    raised = lowerer.raise_symbol(
        well_known.NULL_REFERENCE, [lowerer.builder.unit()], target, block
    )
    return lowerer.builder.finish(block, raised)


def _invalid_cast(lowerer: Lowerer, atom: Atom, target: MonoType, block: Block) -> Expression:
    specialiser = lowerer.specialiser
    builder = lowerer.builder
    if atom.type is not specialiser.object:
        cast = builder.primitive("cast", [atom], specialiser.object, (specialiser.object,))
        atom = builder.bind(block, cast)
    name = lowerer.derived("type_name", specialiser.object, [atom], specialiser.string)
    arguments = [
        builder.bind(block, name),
        builder.literal(full_name(target, specialiser.shapes), specialiser.string),
    ]
    return lowerer.raise_symbol(well_known.INVALID_CAST, arguments, target, block)


def type_test(lowerer: Lowerer, atom: Atom, target: MonoType) -> Expression:
    """`:?` as a bool; null is of no type but those whose values it stands for: unit, options."""
    check_tested(lowerer, target)
    target = held_type(target)
    builder = lowerer.builder
    shapes = lowerer.specialiser.shapes
    boolean = builder.boolean_type
    lowerer.specialiser.dispatch.variance.ask(target)
    if not shapes.is_polymorphic(atom.type):
        return builder.boolean(shapes.is_subtype(atom.type, target))
    if shapes.of(target).builtin == "object":
        null = builder.primitive("is_null", [atom], boolean)
        block = Block()
        condition = builder.bind(block, null)
        return builder.finish(
            block,
            builder.branch(condition, builder.boolean(False), builder.boolean(True), boolean),
        )
    if shapes.of(target).builtin == "unit":
        return builder.primitive("is_null", [atom], boolean)
    yes, no = builder.boolean(True), builder.boolean(False)
    test = builder.switch(builder.again(atom), "kind", [(0, yes)], no, boolean, [target])
    return _or_null(lowerer, atom, test) if shapes.null_case(target) is not None else test


def _or_null(lowerer: Lowerer, atom: Atom, test: Expression) -> Expression:
    """Null is None, so it is an option of every type, and a case of other unions."""
    builder = lowerer.builder
    block = Block()
    null = builder.bind(block, builder.primitive("is_null", [atom], builder.boolean_type))
    branch = builder.branch(null, builder.boolean(True), test, builder.boolean_type)
    return builder.finish(block, branch)


def opened(lowerer: Lowerer, atom: Atom, target: MonoType, block: Block) -> Expression:
    """An object that is known to hold a `target`."""
    if held_type(target) is not target:
        value = opened(lowerer, atom, held_type(target), block)
        return _nullable_of(lowerer, value, target, block)
    builder = lowerer.builder
    if lowerer.specialiser.shapes.is_polymorphic(target):
        return builder.primitive("cast", [atom], target, (target,))
    if lowerer.specialiser.shapes.of(target).builtin == "unit":
        return builder.unit()
    null_case = lowerer.specialiser.shapes.null_case(target)
    if null_case is None:
        return builder.primitive("unbox", [atom], target, (target,))
    null = builder.bind(
        block, builder.primitive("is_null", [builder.again(atom)], builder.boolean_type)
    )
    some = builder.primitive("unbox", [atom], target, (target,))
    return builder.branch(null, builder.construct(target, [], null_case), some, target)


# Handlers ---------------------------------------------------------------------------------------


def lower_coerce(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """An upcast."""
    assert isinstance(node, t.Coerce)
    source, target = lowerer.mono(node.value.type), lowerer.mono(node.type)
    if source is target:
        return lowerer.expression(node.value, block, tail)
    shapes = lowerer.specialiser.shapes
    atom = lowerer.value(node.value, block)
    if lowerer.grows:
        return _upcast_uniform(lowerer, atom, target, block)
    if not shapes.is_polymorphic(target):
        return atom
    return box(lowerer, atom, source, target, block)


def _upcast_uniform(lowerer: Lowerer, atom: Atom, target: MonoType, block: Block) -> Expression:
    """An upcast where types may be uniform: to the base that is there, then as what is wanted."""
    mono, shapes = lowerer.specialiser.mono, lowerer.specialiser.shapes
    source = atom.type
    if source is mono.uniform:
        if target is lowerer.specialiser.object:
            check_tested(lowerer, source)  # nobody could tell what it is
        return content_as(lowerer, atom, target, block)
    if related(mono, source, target):
        return lowerer.converted(atom, target, block)
    there = target
    for ancestor in shapes.of(source).ancestors:
        if related(mono, ancestor, target):
            there = ancestor
    if not shapes.is_polymorphic(there):
        return atom
    boxed = lowerer.builder.bind(block, box(lowerer, atom, source, there, block))
    return lowerer.converted(boxed, target, block)


def lower_downcast(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`:?>`."""
    assert isinstance(node, t.Downcast)
    target = lowerer.mono(node.type)
    return unbox(lowerer, lowerer.value(node.value, block), target, block)


def lower_type_test(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`:?` as an expression."""
    assert isinstance(node, t.TypeTest)
    return type_test(lowerer, lowerer.value(node.value, block), lowerer.mono(node.tested))
