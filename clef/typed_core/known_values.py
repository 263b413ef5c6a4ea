"""Values that are known already: what an expression gave, for as long as nothing can change it.

Comes in: bindings and what the code between them may change. Goes out: the local that holds the
value of an equal expression. Promises: two expressions have the same *key* only when they do the
same with the same operands; an entry is forgotten as soon as something that it was read from may
change. Expressions that write, make cells or call unknown functions have no key.
"""

from __future__ import annotations

from collections.abc import Set

from clef.data_classes import dataclass, field
from clef.typed_core import core
from clef.typed_core.changes import EVERYTHING, Change, ChangeTable, element_of
from clef.typed_core.core import Atom, Expression, Local, MonoType, Program
from clef.typed_core.fusion.effects import EffectTable
from clef.typed_core.fusion.flags import Effects
from clef.typed_core.primitives import PRIMITIVES
from clef.typed_core.representations import SCALARS

Key = tuple[object, ...]
LARGEST = 48
"""Nodes of an expression that is looked for."""
MOST = 128
"""Entries that are kept."""
_NOTHING_BUT_CHECKS = frozenset(("check_null", "array_get_unchecked", "array_get"))
"""Not pure, but the same as long as the array is."""


class TooLarge(Exception):
    """An expression that has no key."""


@dataclass(slots=True)
class Source:
    """What an expression depends on: locals, and places that can change. `is_open`: any place."""

    locals: set[Local] = field(default_factory=set[Local])
    places: set[Change] = field(default_factory=set[Change])
    is_open: bool = False
    size: int = 0

    def is_among(self, changes: Set[Change], locals: Set[Local]) -> bool:
        """Whether something of it is changed."""
        if not self.locals.isdisjoint(locals) or (self.is_open and changes):
            return True
        return any(_may_be(place, changes) for place in self.places)


class Keys:
    """Makes keys. `changes`: which fields are set late. `effects`: what calls do. `same`: locals
    that hold what another local holds."""

    def __init__(self, program: Program, changes: ChangeTable) -> None:
        self.program = program
        self.changes = changes
        self.same: dict[Local, Local] = {}
        self.effects = EffectTable(program, program.functions.get)

    def of(self, node: Expression) -> tuple[Key, Source] | None:
        """The key of an expression and what it depends on, if its value may be used again."""
        if isinstance(node, core.Variable):
            return self._variable(node)
        if not isinstance(node, core.Project | core.GlobalRead) and not self._is_plain(node):
            return None
        source = Source()
        try:
            return self._key(node, source, {}), source
        except TooLarge:
            return None

    def _variable(self, node: core.Variable) -> tuple[Key, Source] | None:
        """Which array a mutable local has. What else these have is not kept: LLVM sees to numbers,
        and other references are given up when they are written over."""
        shape = self.program.shapes.get(node.type)
        if not node.local.is_mutable or shape is None or shape.builtin != "array":
            return None
        return ("read", node.local.id), Source({node.local})

    def _is_plain(self, node: Expression) -> bool:
        """Whether its value is a number or nothing, so that keeping it keeps nothing alive."""
        if isinstance(node, core.Primitive) and node.operation == "check_null":
            return True
        return isinstance(node, core.Primitive | core.Call | core.If) and self.is_scalar(node.type)

    def is_scalar(self, type: MonoType) -> bool:
        """Whether values of the type are single numbers."""
        shape = self.program.shapes.get(type)
        return shape is not None and (shape.kind == "enum" or shape.builtin in SCALARS)

    def place_of(self, owner: MonoType, case: int, index: int, type: MonoType) -> Change | None:
        """What must not change for a field to stay the same; nothing for a part of a value. What is
        set once, when the object is made or a recursive value gets its last parts, is `first`."""
        shape = self.program.shapes[owner]
        fields = shape.cases[case].fields if case >= 0 else shape.fields
        if shape.is_value:
            return None
        is_fixed = index < len(fields) and not fields[index].is_mutable
        is_first = is_fixed and (owner, index) not in self.changes.later
        return ("first" if is_first else "field", index, type)

    def _key(self, node: Expression, source: Source, bound: dict[Local, int]) -> Key:
        source.size += 1
        if source.size > LARGEST:
            raise TooLarge
        match node:
            case core.Variable() | core.Literal():
                return self.atom(node, source, bound)
            case core.Let() if not node.local.is_mutable:
                value = self._key(node.value, source, bound)
                bound[node.local] = len(bound)
                return ("let", value, self._key(node.body, source, bound))
            case core.If():
                parts = (node.condition, node.then, node.otherwise)
                return ("if", *(self._key(part, source, bound) for part in parts))
            case core.Primitive():
                return self._primitive(node, source, bound)
            case core.Project():
                return self._field(node, source, bound)
            case core.GlobalRead():
                place: Change = ("global", node.symbol, node.type)
                if self.program.globals[node.symbol].is_mutable:
                    self._reads(source, node.type, place)
                source.places.add(place)  # its module may start in between
                return ("global", node.symbol)
            case core.Call():
                return self._call(node, source, bound)
            case _:
                raise TooLarge

    def atom(self, node: Atom, source: Source, bound: dict[Local, int]) -> Key:
        """The key of an operand. `bound`: the locals of the expression itself, numbered."""
        if isinstance(node, core.Literal):
            return ("literal", node.type, repr(node.value))
        number = bound.get(node.local)
        if number is not None:
            return ("bound", number)
        local = self.same.get(node.local, node.local)
        source.locals.add(local)
        return ("local", local.id)

    def _reads(self, source: Source, type: MonoType, place: Change) -> None:
        """References that can change are not kept: keeping them would keep what they refer to."""
        if not self.is_scalar(type):
            raise TooLarge
        source.places.add(place)

    def _field(self, node: core.Project, source: Source, bound: dict[Local, int]) -> Key:
        place = self.place_of(node.owner, node.case, node.index, node.type)
        if place is not None and place[0] == "field":
            self._reads(source, node.type, place)
        elif place is not None:
            source.places.add(place)
        return ("field", node.owner, node.case, node.index, self.atom(node.value, source, bound))

    def _primitive(self, node: core.Primitive, source: Source, bound: dict[Local, int]) -> Key:
        information = PRIMITIVES.get(node.operation)
        is_pure = information is not None and information.is_pure
        if not is_pure and node.operation not in _NOTHING_BUT_CHECKS:
            raise TooLarge
        if node.operation == "string_bytes_at":
            source.places.add(("element", "", node.arguments[0].type))
        elif node.operation.startswith("array_get"):
            element = element_of(self.program, node.arguments[0].type)
            self._reads(source, element, ("element", "", element))
        operands = [self.atom(operand, source, bound) for operand in node.arguments]
        if node.operation == "check_null":
            return (node.operation, *operands)
        return (node.operation, node.type, node.type_arguments, node.proven, *operands)

    def _call(self, node: core.Call, source: Source, bound: dict[Local, int]) -> Key:
        effects = self.effects.of_function(node.function)
        if Effects.WRITES in effects:
            raise TooLarge
        source.is_open = source.is_open or Effects.READS in effects
        operands = (self.atom(operand, source, bound) for operand in node.arguments)
        return ("call", node.function, *operands)


class Known:
    """The expressions whose values are in locals."""

    def __init__(self) -> None:
        self.entries: dict[Key, tuple[Local, Source]] = {}

    def copy(self) -> Known:
        """The same, to be changed by itself."""
        made = Known()
        made.entries = dict(self.entries)
        return made

    def add(self, key: Key, local: Local, source: Source) -> None:
        """A value that is in a local from now on."""
        if len(self.entries) >= MOST:
            del self.entries[next(iter(self.entries))]
        self.entries[key] = (local, source)

    def find(self, key: Key) -> Local | None:
        """The local that holds an expression's value."""
        found = self.entries.get(key)
        return None if found is None else found[0]

    def forget(self, changes: Set[Change], locals: Set[Local]) -> None:
        """Something has changed."""
        if changes or locals:
            self.entries = {
                key: (local, source)
                for key, (local, source) in self.entries.items()
                if not source.is_among(changes, locals)
            }


def _may_be(place: Change, changes: Set[Change]) -> bool:
    if place in changes:
        return True
    return place[0] != "first" and (EVERYTHING in changes or ("any", "", place[2]) in changes)
