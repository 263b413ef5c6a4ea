"""Sequences of references are sequences of what these are: a list of strings is a `seq<obj>`.

Comes in: the `seq<'T>`s that values are tested for or cast to, and the types that objects can have.
Goes out: those as ancestors of types that are sequences of something below 'T, with dispatch
targets that widen what they give. Promises: a program that tests for no such sequence pays nothing;
what is tested for later is added to the types that were live before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clef.typed_core import well_known
from clef.typed_core.builder import Block, Builder
from clef.typed_core.core import Expression, Local, MonoType

if TYPE_CHECKING:
    from clef.typed_core.dispatch import Dispatch, Slot


class Variance:
    """The wider sequences of one program."""

    def __init__(self, dispatch: Dispatch) -> None:
        self.dispatch = dispatch
        self.specialiser = dispatch.specialiser
        self.targets: list[MonoType] = []
        self.sources: dict[tuple[MonoType, MonoType], MonoType] = {}

    def ask(self, target: MonoType) -> None:
        """A value is tested for this type, or cast to it."""
        if target.symbol != well_known.SEQ or target in self.targets:
            return
        if not self.specialiser.shapes.is_polymorphic(target.arguments[0]):
            return
        self.targets.append(target)
        self.ask(target.arguments[0])
        for type in list(self.specialiser.live_types):
            if self._extend(type, target):
                self.dispatch.answer(type, target)

    def live(self, type: MonoType) -> None:
        """Objects of this type can exist from now on."""
        for target in self.targets:
            self._extend(type, target)

    def _extend(self, type: MonoType, target: MonoType) -> bool:
        shape = self.specialiser.shapes.of(type)
        if type is target or shape.kind == "interface" or target in shape.ancestors:
            return False
        source = self._source(type, target.arguments[0])
        if source is None:
            return False
        shape.ancestors.append(target)
        self.sources[type, target] = source
        return True

    def _source(self, type: MonoType, item: MonoType) -> MonoType | None:
        """The sequence that a type is whose items are below `item`."""
        for ancestor in self.specialiser.shapes.of(type).ancestors:
            if ancestor.symbol == well_known.SEQ and self._is_below(ancestor.arguments[0], item):
                return ancestor
        return None

    def _is_below(self, item: MonoType, wanted: MonoType) -> bool:
        shapes = self.specialiser.shapes
        shape = shapes.of(item)
        if shape.is_value or shapes.is_scalar(item) or shape.builtin == "unit":
            return False
        if wanted in self.targets:
            self._extend(item, wanted)
        return shapes.is_subtype(item, wanted)

    def target(self, slot: Slot, type: MonoType, parameters: list[MonoType]) -> str | None:
        """The function that gives the items of an object as those of a wider sequence."""
        source = self.sources.get((type, slot.owner))
        if source is None:
            return None
        widened = (source.arguments[0], slot.owner.arguments[0])
        result = self.specialiser.mono.table.named(well_known.ENUMERATOR, widened[1])

        def body(builder: Builder, block: Block, locals: list[Local]) -> Expression:
            receiver = builder.variable(locals[0])
            cast = builder.bind(block, builder.primitive("cast", [receiver], source, (source,)))
            call = self.specialiser.call_library
            return call(builder, well_known.WIDENED, [cast], result, widened)

        name = f"{source} as {slot.owner}"
        return self.specialiser.wrapper(name, [], parameters, body)
