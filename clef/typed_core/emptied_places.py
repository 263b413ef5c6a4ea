"""Values made out of what a place holds: the place gives its value up before the new one is made.

Comes in: a core program. Goes out: one that does the same. Promises: where a field, a variable of
a module or an item of an array is written with something that is made of what was read there, the
place is empty meanwhile, so that nobody else has the old value and its cells can be used again.
That is unseen: what happens between emptying and writing neither raises, nor calls what is not
known, nor looks at such a place.

    let map = place                        let map = place
    let next = Map.add key value map       place <- (nothing)
    place <- next                          let next = Map.add key value map
                                           place <- next
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence, Set

from clef.data_classes import dataclass
from clef.typed_core import core
from clef.typed_core.chains import chains
from clef.typed_core.copying import Copier
from clef.typed_core.core import Expression, Function, Local, MonoType, Program, children
from clef.typed_core.growing_texts import Accessors, Place, Store, object_of
from clef.typed_core.primitives import PRIMITIVES

MOST_FUNCTIONS = 60
"""How many functions are looked through behind a call."""
MOST_ITEMS = 1024
"""An array of no more, which somebody has written down, can be made."""
_LENGTHS = frozenset(("array_length", "string_byte_length", "string_utf16_length"))
_SILENT = frozenset(
    (
        *("box", "unbox", "cast", "ignore", "hold", "hole", "fill"),
        *("array_get_unchecked", "array_set_unchecked", "array_copy", "array_clone"),
        *("array_own", "array_grow", "array_beside", "array_move", "array_forget"),
        *("string_allocate", "string_set_byte", "string_copy_bytes", "string_seal"),
    )
)
"""Not pure, but no places of the program are looked at: items of arrays are none."""
_ITEMS = frozenset(
    (
        *("array_get", "array_get_unchecked", "array_set", "array_set_unchecked", "array_copy"),
        *("array_clone", "array_own", "array_grow", "array_beside", "array_move", "array_forget"),
    )
)
"""They look at items of an array."""
_TAKING = frozenset(("array_own", "array_grow"))
"""Primitives for which it makes a difference whether somebody else has the array."""


def empty_places(program: Program) -> Program:
    """The whole pass."""
    behind = _Behind(program)
    functions = dict(program.functions)
    for name, function in program.functions.items():
        stores = _stores(behind, function)
        if stores:
            functions[name] = _Emptying(stores).whole(function)
    return dataclasses.replace(program, functions=functions)


_ITEM = "item"
"""What the places of items begin with; their type follows, then which item it is."""
Checked = frozenset[int]
"""The parameters that are known not to be null."""


class _Behind:
    """What calls look at. `known`: places by function and what is known of its parameters; nothing
    where an exception may be raised or not all is known."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.accessors = Accessors(program)
        self.known: dict[tuple[str, Checked], frozenset[Place] | None] = {}
        functions = program.functions.values()
        self.measures = {one.name for one in functions if _is_length(one.body, frozenset())}

    def read(self, node: Expression) -> Place | None:
        """The place that an expression reads."""
        return _item(node, ("array_get", "array_get_unchecked")) or self.accessors.read(node)

    def written(self, node: Expression) -> tuple[Place, core.Variable] | None:
        """The place that an expression writes, and what."""
        item = _item(node, ("array_set", "array_set_unchecked"))
        if item is None:
            return self.accessors.written(node)
        assert isinstance(node, core.Primitive)
        value = node.arguments[2]
        return (item, value) if isinstance(value, core.Variable) else None

    def looked_into(self, node: Expression) -> Local | None:
        """An object that cannot be null when the expression has been computed."""
        if isinstance(node, core.Call) and self.accessors.read(node) is None:
            return None
        found = object_of(node)
        return None if found is None or found.is_mutable else found

    def is_silent(self, node: Expression, place: Place, seen: set[Local | None]) -> bool:
        """Whether an expression can run while a place is empty; `seen`: objects that are there."""
        found: set[Place] = set()
        calls: list[tuple[str, Checked]] = []
        place = place[:2] if place[0] == _ITEM else place
        if not self._look_through(node, seen, found, calls) or place in found:
            return False
        for name, checked in calls:
            places = self.of_function(name, checked)
            if places is None or place in places:
                return False
        return True

    def of_function(self, name: str, checked: Checked) -> frozenset[Place] | None:
        """The places that all that a call may run looks at."""
        key = (name, checked)
        if key not in self.known:
            self.known[key] = self._of_function(key)
        return self.known[key]

    def _of_function(self, first: tuple[str, Checked]) -> frozenset[Place] | None:
        found: set[Place] = set()
        reached = {first}
        work = [first]
        while work:
            name, checked = work.pop()
            function = self.program.functions.get(name)
            if function is None or len(reached) > MOST_FUNCTIONS:
                return None
            seen: set[Local | None] = {function.parameters[index] for index in checked}
            calls: list[tuple[str, Checked]] = []
            if not self._look_through(function.body, seen, found, calls):
                return None
            new = [call for call in calls if call not in reached]
            reached.update(new)
            work += new
        return frozenset(found)

    def _look_through(
        self,
        node: Expression,
        seen: set[Local | None],
        found: set[Place],
        calls: list[tuple[str, Checked]],
    ) -> bool:
        """Collect the places that code looks at and what it calls; whether that is all it
        does."""
        lengths: set[Local] = set()
        stack = [node]
        while stack:
            node = stack.pop()
            if isinstance(node, core.Let) and not node.local.is_mutable:
                if isinstance(node.value, core.Construct):
                    seen.add(node.local)
                elif _is_length(node.value, self.measures):
                    lengths.add(node.local)
            if isinstance(node, core.Call):
                places = enumerate(node.arguments)
                known = (i for i, a in places if isinstance(a, core.Variable) and a.local in seen)
                calls.append((node.function, frozenset(known)))
            elif isinstance(node, core.Primitive) and node.operation == "check_null":
                if object_of(node) not in seen:
                    return False
            elif not _is_new_array(node, lengths) and not _look(node, found):
                return False
            stack.extend(children(node))
        return True

    def checks_first(self, name: str, index: int, depth: int = 4) -> bool:
        """Whether a function that is silent otherwise asks in any case whether a parameter is
        null."""
        function = self.program.functions.get(name)
        if function is None or not depth:
            return False
        parameter = function.parameters[index]
        node: Expression | None = function.body
        while node is not None:
            value = node.value if isinstance(node, core.Let) else node
            is_check = isinstance(value, core.Primitive) and value.operation == "check_null"
            if is_check and object_of(value) is parameter:
                return True
            if isinstance(value, core.Call) and any(
                isinstance(atom, core.Variable)
                and atom.local is parameter
                and self.checks_first(value.function, place, depth - 1)
                for place, atom in enumerate(value.arguments)
            ):
                return True
            node = node.body if isinstance(node, core.Let) else None
        return False


def _item(node: Expression, operations: tuple[str, str]) -> Place | None:
    """The item that one of these primitives looks at."""
    if not isinstance(node, core.Primitive) or node.operation not in operations:
        return None
    array, index = node.arguments[:2]
    if not isinstance(array, core.Variable) or array.local.is_mutable:
        return None
    if isinstance(index, core.Literal):
        return (_ITEM, array.type.arguments[0], array.local, index.value)
    return (
        None
        if index.local.is_mutable
        else (_ITEM, array.type.arguments[0], array.local, index.local)
    )


def _is_length(node: Expression, measures: Set[str]) -> bool:
    """Whether it is the length of something, or one of some written numbers that are not negative;
    `measures`: functions that say that."""
    while isinstance(node, core.Let):
        node = node.body
    match node:
        case core.If():
            return _is_length(node.then, measures) and _is_length(node.otherwise, measures)
        case core.Literal(value=value):
            return isinstance(value, int) and 0 <= value <= MOST_ITEMS
        case core.Call():
            return node.function in measures
        case core.Primitive():
            return node.operation in _LENGTHS
        case _:
            return False


def _is_new_array(node: Expression, lengths: set[Local]) -> bool:
    """Whether it makes an array as long as something that is there, or a small one, which cannot
    fail."""
    if not isinstance(node, core.Primitive) or node.operation != "array_zero":
        return False
    size = node.arguments[0]
    if isinstance(size, core.Variable):
        return size.local in lengths
    return _is_length(size, frozenset())


def _look(node: Expression, found: set[Place]) -> bool:
    """The place that a node looks at; whether more than that cannot happen."""
    if isinstance(node, core.Primitive) and node.operation in _ITEMS:
        found.add((_ITEM, node.arguments[0].type.arguments[0]))
    match node:
        case core.Project() | core.SetField():
            found.add((node.owner, node.index))
        case core.GlobalRead() | core.GlobalWrite():
            found.add((node.symbol,))
        case core.CallClosure() | core.Raise() | core.TryWith():
            return False
        case core.Primitive(operation=operation) if operation not in _SILENT:
            information = PRIMITIVES.get(operation)
            return information is not None and information.is_pure and not information.may_raise
        case _:
            pass
    return True


# Finding ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Emptied:
    """A store, and the binding before which its place is emptied, after these were found not to be
    null."""

    store: Store | core.Primitive
    before: core.Let
    checked: list[core.Variable]


def _stores(behind: _Behind, function: Function) -> list[_Emptied]:
    found: list[_Emptied] = []
    for lets, end in chains(function.body):
        for index, value in enumerate([*(let.value for let in lets), end]):
            if isinstance(value, Store | core.Primitive):
                emptied = _emptied(behind, lets, index, value)
                if emptied is not None:
                    found.append(emptied)
    return found


def _emptied(
    behind: _Behind, chain: Sequence[core.Let], index: int, store: Store | core.Primitive
) -> _Emptied | None:
    """Where a store's place is emptied; `index`: how many bindings of the chain are before it."""
    written = behind.written(store)
    if written is None or not _has_cells(behind.program, written[1].type):
        return None
    place, _ = written
    lets = chain[:index]
    reads = [
        index
        for index, let in enumerate(lets)
        if not let.local.is_mutable and behind.read(let.value) == place
    ]
    if not reads:
        return None
    read: set[Local | None] = {lets[index].local for index in reads}
    seen = {behind.looked_into(let.value) for let in lets[: reads[-1] + 1]}
    target = object_of(store)
    start = len(lets)
    while start > reads[-1] + 1:
        let = lets[start - 1]
        if let.local is target or not behind.is_silent(let.value, place, seen | read):
            break
        start -= 1
    users = [let.value for let in lets[start:] if _takes(let.value, read)]
    checked = _checked(behind, users, read - seen)
    if not users or checked is None:
        return None
    return _Emptied(store, lets[start], checked)


def _checked(
    behind: _Behind, users: Sequence[Expression], read: set[Local | None]
) -> list[core.Variable] | None:
    """What must not be null, because what is made of it asks for that first; nothing if it only may
    ask."""
    found: list[core.Variable] = []
    for user in users:
        if not isinstance(user, core.Call):
            continue
        for index, atom in enumerate(user.arguments):
            if not isinstance(atom, core.Variable) or atom.local not in read:
                continue
            if not behind.program.shapes[atom.type].may_be_null:
                continue
            if not behind.checks_first(user.function, index):
                return None
            found.append(atom)
    return found


def _takes(node: Expression, read: set[Local | None]) -> bool:
    """Whether one of these locals is handed to a call, taken apart, or used again."""
    stack = [node]
    while stack:
        node = stack.pop()
        is_taker = isinstance(node, core.Call | core.Project | core.Switch)
        if isinstance(node, core.Primitive):
            is_taker = node.operation in _TAKING
        parts = children(node)
        if is_taker and any(isinstance(a, core.Variable) and a.local in read for a in parts):
            return True
        stack.extend(parts)
    return False


def _has_cells(program: Program, type: MonoType) -> bool:
    shape = program.shapes.get(type)
    if shape is None or shape.is_value:
        return False
    return shape.kind in ("record", "union", "class") or shape.builtin == "array"


# Making -------------------------------------------------------------------------------------------


class _Emptying(Copier):
    """One function."""

    def __init__(self, stores: Sequence[_Emptied]) -> None:
        super().__init__()
        self.stores: dict[int, list[_Emptied]] = {}
        for one in stores:
            self.stores.setdefault(id(one.before), []).append(one)

    def bindings(self, node: core.Let) -> Sequence[core.Let]:
        found: list[core.Let] = []
        for one in self.stores.get(id(node), ()):
            store = one.store
            for atom in one.checked:
                check = core.Primitive(0, store.type, atom.span, "check_null", (), [atom])
                found.append(core.Let(0, node.type, None, Local(0, "", store.type), check, node))
            type = _value(store).type
            nothing = Local(0, "", type)
            vacant = core.Primitive(0, type, None, "vacant", (type,), [])
            emptied = _with(store, core.Variable(0, type, None, nothing))
            found += (
                core.Let(0, node.type, None, nothing, vacant, node),
                core.Let(0, node.type, None, Local(0, "", store.type), emptied, node),
            )
        return (*found, node)


def _value(store: Store | core.Primitive) -> core.Atom:
    """What is stored."""
    return (
        store.value if isinstance(store, core.SetField | core.GlobalWrite) else store.arguments[-1]
    )


def _with(store: Store | core.Primitive, value: core.Variable) -> Expression:
    """The same store of another value."""
    match store:
        case core.Primitive():
            array, index, _ = store.arguments
            head = (0, store.type, None, "array_set_unchecked", store.type_arguments)
            return core.Primitive(*head, [array, index, value])
        case core.SetField():
            return core.SetField(0, store.type, None, store.object, store.owner, store.index, value)
        case core.GlobalWrite():
            return core.GlobalWrite(0, store.type, None, store.symbol, value)
        case core.Call():
            arguments: list[core.Atom] = [store.arguments[0], value]
            return core.Call(0, store.type, None, store.function, arguments)
