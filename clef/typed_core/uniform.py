"""Values at types that grow without end: one form for all of them.

Comes in: the type parameters that stand for ever larger types (growth.py). Goes out: the type that
all of them stand for instead, and conversions between it and what the rest of the program has.
Promises: a definition that uses itself at `'a list` is specialised once, with `'a` as *uniform*: an
object that knows its type. What is inside has the form that the growing code itself would give it,
so that it can look into it: a list of ints becomes a list of uniforms where the code makes lists.
Values are converted where they go into growing code and where they come out; what cannot be
converted unnoticed (arrays, objects) is refused. After Leroy, Unboxed objects and polymorphic
typing (POPL 1992).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from clef.diagnostics.lowering import NotConvertible
from clef.inference.types import TypeParameter
from clef.source import Span
from clef.typed_core import well_known
from clef.typed_core.builder import Block, Builder
from clef.typed_core.core import Atom, Expression, Field, Local, MonoType
from clef.typed_core.monomorphic import MonoTypes, TypeEnvironment, matches
from clef.typed_core.names_of_types import full_name

if TYPE_CHECKING:
    from clef.typed_core.specialiser import Specialiser

_NOWHERE = Span("", 0, 0)


# Types ------------------------------------------------------------------------------------------


def related(mono: MonoTypes, left: MonoType, right: MonoType) -> bool:
    """Whether two types differ only where one of them is uniform."""
    if left is right or mono.uniform in (left, right):
        return True
    return (
        left.form == right.form
        and left.symbol == right.symbol
        and len(left.arguments) == len(right.arguments)
        and all(related(mono, a, b) for a, b in zip(left.arguments, right.arguments, strict=True))
    )


def mentions_uniform(mono: MonoTypes, type: MonoType) -> bool:
    """Whether a part of the type is not known."""
    return type is mono.uniform or any(mentions_uniform(mono, one) for one in type.arguments)


def image(mono: MonoTypes, type: MonoType) -> MonoType:
    """The form that a value of this type has inside of a uniform."""
    for larger in mono.growth.larger:
        bound: TypeEnvironment = {}
        if matches(larger, type, bound, mono):
            for parameter in bound:
                if mono.growth.is_uniform(parameter):
                    bound[parameter] = mono.uniform
            return mono.of(larger, bound)
    return type


def has_forms(mono: MonoTypes, type: MonoType) -> bool:
    """Whether values of one type of the program have several forms."""
    return mentions_uniform(mono, type) or image(mono, type) is not type


def written(parameters: Sequence[TypeParameter], arguments: Sequence[MonoType]) -> TypeEnvironment:
    """What parameters stand for outside, uniform or not."""
    real = [parameter for parameter in parameters if not parameter.is_measure]
    return dict(zip(real, arguments, strict=False))


# Conversions ------------------------------------------------------------------------------------


class Conversion:
    """Conversions inside of one function."""

    def __init__(self, specialiser: Specialiser, builder: Builder) -> None:
        self.specialiser = specialiser
        self.builder = builder
        self.mono = specialiser.mono

    def atom(self, value: Atom, target: MonoType, block: Block) -> Atom:
        """A value as `target`, which differs from its type only where one of them is uniform."""
        if value.type is target or not related(self.mono, value.type, target):
            return value
        return self.builder.bind(block, self.expression(value, target, block))

    def expression(self, value: Atom, target: MonoType, block: Block) -> Expression:
        source, uniform = value.type, self.mono.uniform
        if source is target:
            return value
        if target is uniform:
            return self._closed(value, block)
        if source is uniform:
            return self._opened(value, target, block)
        if source.form == "function":
            return self._function(value, target)
        if source.symbol == well_known.SEQ:
            return self._sequence(value, target, block)
        if self._is_data(source):
            return self.builder.call(self._of_data(source, target), [value], target)
        self._refuse(target if mentions_uniform(self.mono, source) else source)
        return self.builder.primitive("zero", [], target, (target,))

    def _refuse(self, type: MonoType) -> None:
        shown = self.specialiser.display(type)
        self.specialiser.report(NotConvertible(self.builder.span or _NOWHERE, shown))

    def _closed(self, value: Atom, block: Block) -> Expression:
        builder = self.builder
        inside = self.atom(value, image(self.mono, value.type), block)
        held = self.specialiser.shapes.held(inside.type)
        self.specialiser.make_live(held)
        made = builder.bind(block, builder.construct(held, [inside]))
        return builder.primitive("box", [made], self.mono.uniform, (held,))

    def _opened(self, value: Atom, target: MonoType, block: Block) -> Expression:
        """What is in a uniform; null is what `Unchecked.defaultof` has made of it."""
        builder = self.builder
        inside = image(self.mono, target)
        held = self.specialiser.shapes.held(inside)
        null = builder.bind(
            block, builder.primitive("is_null", [builder.again(value)], builder.boolean_type)
        )
        zero = builder.primitive("zero", [], target, (target,))
        fitting, failing = Block(), Block()
        opened = builder.primitive("unbox", [builder.again(value)], held, (held,))
        content = builder.project(builder.bind(fitting, opened), held, -1, 0, inside)
        found = self.expression(builder.bind(fitting, content), target, fitting)
        fits = builder.finish(fitting, found)
        wrong = builder.finish(failing, self._wrong(target, failing))
        again = builder.again(value)
        known = builder.switch(again, "kind", [(0, fits)], wrong, target, [held])
        return builder.branch(null, zero, known, target)

    def _wrong(self, target: MonoType, block: Block) -> Expression:
        specialiser, builder = self.specialiser, self.builder
        name = builder.literal(full_name(target, specialiser.shapes), specialiser.string)
        words: list[Atom] = [builder.literal("System.Object", specialiser.string), name]
        failure = specialiser.call_library(
            builder, well_known.INVALID_CAST, words, specialiser.exception
        )
        return builder.throw(builder.bind(block, failure), target)

    def _function(self, value: Atom, target: MonoType) -> Expression:
        """A closure around the function that converts what it takes and what it gives."""
        source, specialiser = value.type, self.specialiser
        name = f"convert {source} to {target}"

        def body(builder: Builder, block: Block, locals: list[Local]) -> Expression:
            inner = Conversion(specialiser, builder)
            given = inner.atom(builder.variable(locals[1]), source.arguments[0], block)
            call = builder.call_closure(builder.variable(locals[0]), [given], source.arguments[1])
            result = builder.bind(block, call)
            return inner.expression(result, target.arguments[1], block)

        wrapper = specialiser.wrapper(name, [source], [target.arguments[0]], body)
        return self.builder.closure(wrapper, [value], target)

    def _sequence(self, value: Atom, target: MonoType, block: Block) -> Expression:
        """A sequence whose elements are converted when they are asked for."""
        source, specialiser = value.type, self.specialiser
        elements = (source.arguments[0], target.arguments[0])
        function = self.mono.function(*elements)

        def body(builder: Builder, block: Block, locals: list[Local]) -> Expression:
            inner = Conversion(specialiser, builder)
            return inner.expression(builder.variable(locals[0]), elements[1], block)

        name = f"convert element {elements[0]} to {elements[1]}"
        wrapper = specialiser.wrapper(name, [], [elements[0]], body)
        closure = self.builder.bind(block, self.builder.closure(wrapper, [], function))
        return specialiser.call_library(
            self.builder, well_known.SEQ_MAP, [closure, value], target, elements
        )

    def _is_data(self, type: MonoType) -> bool:
        """Whether nobody can tell a value of this type from a copy."""
        shape = self.specialiser.shapes.of(type)
        if shape.kind not in ("record", "union", "tuple") or type.symbol == well_known.POINTER:
            return False
        every = [*shape.fields, *(one for case in shape.cases for one in case.fields)]
        return not any(one.is_mutable for one in every)

    def _of_data(self, source: MonoType, target: MonoType) -> str:
        """The function that converts a record, union or tuple part by part."""
        specialiser = self.specialiser
        old, new = specialiser.shapes.of(source), specialiser.shapes.of(target)

        def parts(
            builder: Builder, value: Local, case: int, before: list[Field], after: list[Field]
        ) -> Expression:
            inner, inside = Conversion(specialiser, builder), Block()
            items: list[Atom] = []
            for index, (one, other) in enumerate(zip(before, after, strict=True)):
                read = builder.project(builder.variable(value), source, case, index, one.type)
                items.append(inner.atom(builder.bind(inside, read), other.type, inside))
            return builder.finish(inside, builder.construct(target, items, case))

        def body(builder: Builder, block: Block, locals: list[Local]) -> Expression:
            if old.kind != "union":
                return parts(builder, locals[0], -1, old.fields, new.fields)
            branches = [
                (case, parts(builder, locals[0], case, one.fields, other.fields))
                for case, (one, other) in enumerate(zip(old.cases, new.cases, strict=True))
            ]
            return builder.switch(builder.variable(locals[0]), "case", branches, None, target)

        return specialiser.wrapper(f"convert {source} to {target}", [], [source], body)
