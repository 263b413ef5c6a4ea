"""What functions do besides giving a result.

Comes in: the functions of a program. Goes out: `Effects`, a set of flags. Promises: a function
without flags ends, without an exception, and it cannot be told when it ran; one that only `READS`
gives the same for as long as nothing is written. What is not known has all flags. Cells that nobody
else can see may be written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from clef.data_classes import dataclass
from clef.typed_core import core
from clef.typed_core.changes import is_constructor
from clef.typed_core.core import Atom, Dispatcher, Expression, Function, Local, Program
from clef.typed_core.fusion.computing import computed, is_fresh, looks_only
from clef.typed_core.fusion.flags import ALL, Effects
from clef.typed_core.fusion.termination import ends
from clef.typed_core.nodes import nodes
from clef.typed_core.primitives import PRIMITIVES
from clef.typed_core.well_known import ARRAY

_HARMLESS = frozenset(
    (
        *("box", "cast", "ignore", "hold", "zero_is_seen", "array_beside"),
        *("string_seal", "string_seal_as", "string_grow"),
    )
)
"""Not pure, but only because cells are made or kept."""
_COPIES = ("array_clone", "array_own", "array_grow")
_READING = frozenset(("unbox", "array_get_unchecked", "byref_read", *_COPIES))
_READING_OR_RAISING = frozenset(("array_get",))
_RAISING = frozenset(("check_null", "receiver", "array_zero"))
_MAKING = frozenset(("string_allocate", "string_static", "string_grow", "array_zero", *_COPIES))
_LOOKING = frozenset(("array_get", "array_get_unchecked"))
_RECEIVING = frozenset(("check_null", "receiver"))
_LIBRARY = ("Clef.Runtime.", "System.", "Microsoft.")
_FILLED_LATER = frozenset(
    (*(f"Clef.Runtime.Utf16.{name}" for name in ("indexed", "marks")), "Clef.Runtime.Arenas.free")
)
_SIZES = frozenset(("array_length", "string_byte_length", "string_utf16_length"))
_COPYING = ("array_copy", "array_move")
_FILLING = {
    **dict.fromkeys(("string_set_byte", "array_set_unchecked", "array_forget"), 0),
    **dict.fromkeys(("string_copy_bytes", *_COPYING), 2),
}
"""Which operand they write to."""


def _nothing(_: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Summary:
    """What calling a function does. `called`: its parameters that are functions and of which it
    does nothing but call them, by index; what these do is not in `effects`."""

    effects: Effects
    called: frozenset[int] = frozenset()


_ALL = Summary(ALL)


class EffectTable:
    """`known`: functions that have been looked at, `ALL` for those that are being looked at."""

    def __init__(self, program: Program, find: Callable[[str], Function | None]) -> None:
        self.program = program
        self.find = find
        self.known: dict[str, Summary] = {}

    def of_function(self, name: str) -> Effects:
        """What calling a function with anything does."""
        found = self.summary(name)
        return ALL if found.called else found.effects

    def of_code(
        self,
        body: Expression,
        is_left_out: Callable[[str], bool] = _nothing,
    ) -> Effects:
        """What running this code does; calls of some functions are counted elsewhere. Loops are
        taken to end when they are inside of a function that does."""
        return _Reader(self, (), is_left_out, "").all(body)

    def summary(self, name: str) -> Summary:
        """What calling a function does."""
        found = self.known.get(name)
        if found is None:
            self.known[name] = _ALL
            found = self.known[name] = self._look(name)
        return found

    def _look(self, name: str) -> Summary:
        dispatcher = self.program.dispatchers.get(name)
        if dispatcher is not None:
            return self._of_dispatcher(dispatcher)
        function = self.find(name)
        if function is None:
            return _ALL
        reader = _Reader(self, function.parameters, _nothing, name)
        stops = Effects.NONE if _comes_to_an_end(function) else Effects.STOPS
        found = Summary(reader.all(function.body) | stops, frozenset(reader.called))
        return Summary(computed(function, found.effects), found.called)

    def _of_dispatcher(self, dispatcher: Dispatcher) -> Summary:
        """What any of its functions does."""
        shape = self.program.shapes.get(dispatcher.parameters[0])
        found = Effects.NONE if shape is not None and not shape.may_be_null else Effects.STOPS
        called: frozenset[int] = frozenset()
        for _, target in dispatcher.targets:
            one = self.summary(target)
            found, called = found | one.effects, called | one.called
        return Summary(found, called)

    def can_change(self, node: core.Project) -> bool:
        """Whether what is read may be something else later."""
        shape = self.program.shapes[node.owner]
        fields = shape.cases[node.case].fields if node.case >= 0 else shape.fields
        return node.index >= len(fields) or fields[node.index].is_mutable or shape.kind == "class"


class _Reader:
    """Some code. `own`: what nobody else has; `pairs`: those of `array_beside`; `shared`: variables
    that hold other things as well; `tables`: arrays of the library that stay what they are;
    `sizes`: numbers that are not negative; `closures`: functions that are known; `parameters`: by
    index."""

    def __init__(
        self,
        table: EffectTable,
        parameters: Sequence[Local],
        is_left_out: Callable[[str], bool],
        name: str,
    ) -> None:
        self.table = table
        self.parameters = {local: index for index, local in enumerate(parameters)}
        self.is_left_out = is_left_out
        self.name = name
        self.own: set[Local] = set()
        self.shared: set[Local] = set()
        self.pairs: set[Local] = set()
        self.tables: set[Local] = set()
        self.sizes: set[Local] = set()
        self.closures: dict[Local, core.MakeClosure] = {}
        self.called: set[int] = set()
        self.again: list[core.Call] = []

    def all(self, body: Expression) -> Effects:
        """What running it does; again if a variable holds more than what is made here."""
        while True:
            before = len(self.shared)
            found = self._read(body)
            if len(self.shared) == before:
                return found

    def _read(self, body: Expression) -> Effects:
        found = Effects.NONE
        first = [local for local, index in self.parameters.items() if index == 0]
        self.own = set(first) if is_constructor(self.name) else set()
        stack: list[Expression] = [body]
        while stack and found != ALL:
            node = stack.pop()
            if isinstance(node, core.Let):
                self._note(node)
            if isinstance(node, core.Variable | core.Literal):
                continue
            found |= self._of_node(node)
            stack.extend(reversed(core.children(node)))
        if not all(self._gives_same(call) for call in self.again):
            return ALL
        return found

    def _gives_same(self, call: core.Call) -> bool:
        """Whether a call of itself gets the same functions to call."""
        return all(self._parameter(call.arguments[index]) == index for index in self.called)

    def _parameter(self, atom: Atom) -> int | None:
        return self.parameters.get(atom.local) if isinstance(atom, core.Variable) else None

    def _note(self, node: core.Let) -> None:
        value = node.value
        if node.local in self.shared:
            return
        if _is_making(value, self.own, self.pairs):
            (self.pairs if _is_pair(value) else self.own).add(node.local)
        if node.local.is_mutable:
            return
        match value:
            case core.MakeClosure():
                self.closures[node.local] = value
            case core.GlobalRead() if _is_table(self.table.program, value.symbol):
                self.tables.add(node.local)
            case core.Primitive() if value.operation in _SIZES:
                self.sizes.add(node.local)
            case _:
                pass

    def _of_node(self, node: Expression) -> Effects:
        match node:
            case core.Call():
                return self._of_call(node)
            case core.CallClosure():
                return self._of_function_value(node.function, node.arguments)
            case core.Raise():
                return Effects.STOPS
            case core.GlobalRead():
                is_mutable = self.table.program.globals[node.symbol].is_mutable
                return Effects.READS if is_mutable else Effects.NONE
            case core.GlobalWrite():
                return Effects.WRITES
            case core.Assign():
                if node.local in self.own and not _is_own(node.value, self.own):
                    self.shared.add(node.local)
                return Effects.NONE
            case core.SetField():
                return Effects.NONE if _is_own(node.object, self.own) else Effects.WRITES
            case core.Project():
                return Effects.READS if self.table.can_change(node) else Effects.NONE
            case core.Primitive():
                return self._of_primitive(node)
            case _:
                return Effects.NONE

    def _of_call(self, node: core.Call) -> Effects:
        if node.function == self.name:
            self.again.append(node)
            return Effects.NONE
        if self.is_left_out(node.function):
            return Effects.NONE
        found = self.table.summary(node.function)
        if looks_only(node.function) and self._has_arrays(node.arguments):
            return Effects.NONE
        return found.effects | self._of_called(found, node.arguments)

    def _has_arrays(self, atoms: Sequence[Atom]) -> bool:
        """Whether nobody else has the arrays among these."""
        return all(one.type.symbol != ARRAY or _is_own(one, self.own) for one in atoms)

    def _of_called(self, summary: Summary, arguments: Sequence[Atom]) -> Effects:
        """What the functions do that are given to one that only calls them."""
        found = Effects.NONE
        for index in summary.called:
            found |= ALL if index >= len(arguments) else self._of_function_value(arguments[index])
        return found

    def _of_function_value(self, atom: Atom, given: Sequence[Atom] = ()) -> Effects:
        made = self.closures.get(atom.local) if isinstance(atom, core.Variable) else None
        if made is not None:
            found = self.table.summary(made.function)
            return found.effects | self._of_called(found, [*made.captures, *given])
        index = self._parameter(atom)
        if index is None:
            return ALL
        self.called.add(index)
        return Effects.NONE

    def _of_primitive(self, node: core.Primitive) -> Effects:
        operation = node.operation
        target = _FILLING.get(operation)
        if target is not None and _is_own(node.arguments[target], self.own):
            return Effects.READS if operation in _COPYING else Effects.NONE
        if operation == "array_zero" and self._is_size(node.arguments[0]):
            return Effects.NONE
        if operation in _RECEIVING and _is_own(node.arguments[0], self.own):
            return Effects.NONE
        found = _of_primitive(node)
        if operation in _LOOKING and _is_own(node.arguments[0], self.own | self.tables):
            found &= ~Effects.READS
        return found

    def _is_size(self, atom: Atom) -> bool:
        if isinstance(atom, core.Literal):
            return isinstance(atom.value, int) and atom.value >= 0
        return atom.local in self.sizes


def _comes_to_an_end(function: Function) -> bool:
    """The library's own loops do."""
    span = function.span
    if span is not None and span.in_library:
        loops = (node for node in nodes(function.body) if isinstance(node, core.Join))
        if all(one.span is not None and one.span.in_library for one in loops if one.is_loop):
            return True
    return ends(function)


def _is_table(program: Program, symbol: str) -> bool:
    """Whether it is an array of the library that is filled once."""
    made = program.globals[symbol]
    return not made.is_mutable and symbol.startswith(_LIBRARY) and symbol not in _FILLED_LATER


def _is_making(node: Expression, own: set[Local], pairs: set[Local]) -> bool:
    """Whether it gives something that nobody else has. `pairs`: those of `array_beside`."""
    match node:
        case core.Primitive(operation="cast"):
            return _is_own(node.arguments[0], own)
        case core.Primitive():
            return node.operation in _MAKING or _is_pair(node)
        case core.Project(index=1):
            return _is_own(node.value, pairs)
        case core.Variable():
            return node.local in own
        case core.Call():
            return is_fresh(node.function) and _is_own(node.arguments[0], own)
        case _:
            return isinstance(node, core.Construct)


def _is_pair(node: Expression) -> bool:
    return isinstance(node, core.Primitive) and node.operation == "array_beside"


def _is_own(atom: Expression, own: set[Local]) -> bool:
    return isinstance(atom, core.Variable) and atom.local in own


def _of_primitive(node: core.Primitive) -> Effects:
    operation = node.operation
    if operation in _HARMLESS:
        return Effects.NONE
    if operation in _READING:
        return Effects.READS
    if operation in _READING_OR_RAISING:
        return Effects.READS | Effects.STOPS
    if operation in _RAISING:
        return Effects.STOPS
    if operation == "string_allocate":
        return Effects.NONE
    information = PRIMITIVES.get(operation)
    if information is None or not information.is_pure:
        return ALL
    if information.may_raise and not _is_safe_division(node):
        return Effects.STOPS
    return Effects.NONE


def _is_safe_division(node: core.Primitive) -> bool:
    """Division by a number that is written there, and neither 0 nor -1; or of floats."""
    if node.operation not in ("div", "rem"):
        return False
    divisor = node.arguments[1]
    if divisor.type.symbol in ("System.Double", "System.Single"):
        return True
    return isinstance(divisor, core.Literal) and divisor.value not in (0, -1)
