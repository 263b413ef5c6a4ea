"""Virtual calls: which function each concrete type answers a slot with.

Comes in: slots called on objects, and the types that objects can have. Goes out: `Dispatcher`s with
a target for every live type, and direct targets where the type is known. Promises: a type that
becomes live later is added to every dispatcher it answers; types that are never made cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.data_classes import dataclass
from clef.diagnostics.lowering import LibraryLacks
from clef.typed_core import core, well_known
from clef.typed_core.builder import Block, Builder
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.given_interfaces import GIVEN_MEMBERS
from clef.typed_core.specialiser import NOWHERE, Instance, Specialiser
from clef.typed_core.struct_changes import changes_object, changing, split
from clef.typed_core.variance import Variance

OBJECT_SLOTS: dict[str, str] = {
    well_known.TO_STRING: "exact_to_string",
    well_known.EQUALS: "exact_equals_object",
    well_known.GET_HASH_CODE: "exact_hash",
}

Supplier = Callable[[tuple[MonoType, ...]], str]
"""Gives the function for a slot at method type arguments."""


@dataclass(slots=True)
class Slot:
    """What is called: a member, the type that declares it, and the method's own type arguments."""

    symbol: str
    owner: MonoType
    arguments: tuple[MonoType, ...]


class Dispatch:
    """All dispatchers of a program; one instance hangs on each `Specialiser`."""

    def __init__(self, specialiser: Specialiser) -> None:
        self.specialiser = specialiser
        self.slots: dict[str, Slot] = {}
        self.dynamic: dict[str, str] = {}  # dispatcher → derived kind, over all live types
        self.synthetic: dict[MonoType, dict[tuple[str, MonoType], Supplier]] = {}
        self.receivers: dict[str, MonoType] = {}  # what methods take as their object
        # Methods that change the struct they are called on, as functions that give it back.
        self.changing: dict[str, Instance] = {}
        self.variance = Variance(self)
        specialiser.on_live.append(self._live)

    # Requests ------------------------------------------------------------------------------------

    def virtual(self, slot: Slot, parameters: list[MonoType], result: MonoType) -> str:
        """The dispatcher of a slot."""
        suffix = f"<{', '.join(map(str, slot.arguments))}>" if slot.arguments else ""
        name = f"virtual {slot.symbol}{suffix} of {slot.owner}"
        if name not in self.slots:
            self.slots[name] = slot
            self._start(name, [slot.owner, *parameters], result)
            if self._is_endless(slot):
                return name
            for type in list(self.specialiser.live_types):
                self._add(name, slot, type)
        return name

    def _is_endless(self, slot: Slot) -> bool:
        """A member of an object expression has no instances that would be counted."""
        owner = self.specialiser.shapes.definition_of(slot.owner)
        span = NOWHERE if owner is None else owner.span
        return self.specialiser.is_endless(slot.symbol, span, slot.arguments)

    def over_objects(self, kind: str, parameters: list[MonoType], result: MonoType) -> str:
        """The dispatcher that does `kind` (hash, layout …) by the dynamic type of an object."""
        name = f"dynamic {kind}"
        if name not in self.dynamic:
            self.dynamic[name] = kind
            self._start(name, parameters, result)
            for type in list(self.specialiser.live_types):
                self._add_dynamic(name, kind, type)
        return name

    def _start(self, name: str, parameters: list[MonoType], result: MonoType) -> None:
        program = self.specialiser.result
        program.dispatchers[name] = core.Dispatcher(name, parameters, result, [])
        program.reasons.setdefault(name, self.specialiser.current)

    def answer(self, type: MonoType, owner: MonoType) -> None:
        """A live type has become one of the types that answer the slots of `owner`."""
        for name, slot in list(self.slots.items()):
            if slot.owner is owner:
                self._add(name, slot, type)

    def _live(self, type: MonoType) -> None:
        self.variance.live(type)
        for name, slot in list(self.slots.items()):
            self._add(name, slot, type)
        for name, kind in list(self.dynamic.items()):
            self._add_dynamic(name, kind, type)

    # Targets -------------------------------------------------------------------------------------

    def _add(self, name: str, slot: Slot, type: MonoType) -> None:
        shapes = self.specialiser.shapes
        if not shapes.is_subtype(type, slot.owner):
            return
        dispatcher = self.specialiser.result.dispatchers[name]
        widening = self.variance.target(slot, type, dispatcher.parameters)
        if widening is not None:
            dispatcher.targets.append((type, widening))
            return
        target = self.target(slot, type)
        if target is None:
            member = slot.symbol.rpartition(".")[2]
            shown = self.specialiser.display(type)
            self.specialiser.report(LibraryLacks(NOWHERE, f"{member} of {shown}"))
            return
        function = self._unboxing(target, type, dispatcher)
        dispatcher.targets.append((type, function))

    def _unboxing(self, target: str, type: MonoType, dispatcher: core.Dispatcher) -> str:
        """Values that were boxed are taken out of their box before the call."""
        if self.specialiser.shapes.is_polymorphic(type):
            return target
        changing = self.changing.get(target)

        def body(builder: Builder, block: Block, locals: list[Local]) -> Expression:
            object = builder.variable(locals[0])
            value = builder.bind(block, builder.primitive("unbox", [object], type, (type,)))
            rest: list[Atom] = [builder.variable(local) for local in locals[1:]]
            if changing is None:
                return builder.call(target, [value, *rest], dispatcher.result)
            own = builder.bind(block, builder.primitive("share", [value], type, (type,)))
            result, changed = split(builder, changing, [own, *rest], block)
            box = builder.variable(locals[0])
            builder.effect(
                block, builder.primitive("rebox", [box, changed], builder.unit_type, (type,))
            )
            return result

        name = f"{target} in box of {dispatcher.parameters[0]}"
        return self.specialiser.wrapper(name, [], dispatcher.parameters, body)

    def target(self, slot: Slot, type: MonoType) -> str | None:
        """The function that answers `slot` for objects of exactly this type."""
        found = self.implementation(slot, type)
        if found is not None:
            return found
        if slot.symbol in OBJECT_SLOTS and slot.owner is self.specialiser.object:
            return self.specialiser.derived(OBJECT_SLOTS[slot.symbol], type)
        if slot.owner.symbol == well_known.FORMATTABLE and self._is_enum(type):
            instance = self.specialiser.instance(well_known.FORMAT_ENUM, (type,))
            return None if instance is None else self.specialiser.request(instance)
        given = GIVEN_MEMBERS.get(slot.symbol)
        if given is not None and not self.specialiser.shapes.is_polymorphic(type):
            return self.specialiser.derived(given, type)
        return self._default(slot)

    def _is_enum(self, type: MonoType) -> bool:
        return self.specialiser.shapes.of(type).kind == "enum"

    def implementation(self, slot: Slot, type: MonoType) -> str | None:
        """The function of the type or its nearest base class that fills the slot."""
        current: MonoType | None = type
        while current is not None and current in self.synthetic:
            supplier = self.synthetic[current].get((slot.symbol, slot.owner))
            if supplier is not None:
                return supplier(slot.arguments)
            current = self.base_of(current)
        if current is None:
            return None
        found = self.method_of(slot, current)
        return None if found is None else self._method(found[0], found[1], slot)

    def method_of(self, slot: Slot, type: MonoType) -> tuple[str, MonoType] | None:
        """The definition that fills the slot, and the class that says so."""
        specialiser = self.specialiser
        current: MonoType | None = type
        while current is not None:
            definition = specialiser.shapes.definition_of(current)
            if definition is None:
                return None
            environment = specialiser.mono.bind(definition.type_parameters, current.arguments)
            for item in definition.implementations:
                if item.slot != slot.symbol:
                    continue
                if specialiser.mono.of(item.owner, environment) is slot.owner:
                    return item.method, current
            current = self.base_of(current)
        return None

    def base_of(self, type: MonoType) -> MonoType | None:
        """The base class."""
        for ancestor in self.specialiser.shapes.of(type).ancestors:
            if self.specialiser.shapes.of(ancestor).kind in ("class", "exception"):
                return ancestor
        return None

    def _method(self, symbol: str, type: MonoType, slot: Slot) -> str | None:
        arguments = (*type.arguments, *slot.arguments)
        instance = self.specialiser.instance(symbol, arguments)
        if instance is None:
            return None
        if changes_object(self.specialiser, instance.definition):
            return self._on_a_copy(changing(self.specialiser, instance))
        if instance.parameters:
            self.receivers[instance.name] = instance.parameters[0]
        name = self.specialiser.request(instance)
        declared = len(instance.definition.parameters)
        if declared < len(instance.parameters):
            return self._declared_arity(instance, name, declared)
        return name

    def _on_a_copy(self, instance: Instance) -> str:
        """A method that changes its struct, for a struct that is no place: what it does to the
        copy is forgotten."""
        self.specialiser.request(instance)
        parameters = list(instance.parameters)

        def body(builder: Builder, block: Block, locals: list[Local]) -> Expression:
            atoms: list[Atom] = [builder.variable(local) for local in locals]
            return split(builder, instance, atoms, block)[0]

        name = self.specialiser.wrapper(f"{instance.name} on a copy", [], parameters, body)
        self.receivers[name] = parameters[0]
        self.changing[name] = instance
        return name

    def _declared_arity(self, instance: Instance, name: str, declared: int) -> str:
        """A member whose body is a lambda was merged with it; a slot takes what is declared."""
        first, rest = instance.parameters[:declared], instance.parameters[declared:]
        result = self.specialiser.mono.curried(rest, instance.result)

        def whole(builder: Builder, block: Block, locals: list[Local]) -> Expression:
            atoms: list[Atom] = [builder.variable(local) for local in locals]
            return builder.call(name, atoms, instance.result)

        full = self.specialiser.wrapper(f"{name}@{declared}", first, rest, whole)

        def keep(builder: Builder, block: Block, locals: list[Local]) -> Expression:
            atoms: list[Atom] = [builder.variable(local) for local in locals]
            return builder.closure(full, atoms, result)

        made = self.specialiser.wrapper(f"{name}@slot", [], first, keep)
        self.receivers[made] = first[0]
        return made

    def _default(self, slot: Slot) -> str | None:
        """A slot with a body of its own (`default`, or a default interface member)."""
        if self.specialiser.definition(slot.symbol) is None:
            return None
        return self._method(slot.symbol, slot.owner, slot)

    # Everything that objects can do --------------------------------------------------------------

    def _add_dynamic(self, name: str, kind: str, type: MonoType) -> None:
        dispatcher = self.specialiser.result.dispatchers[name]
        function = self.specialiser.derived(f"boxed_{kind}", type)
        dispatcher.targets.append((type, function))
