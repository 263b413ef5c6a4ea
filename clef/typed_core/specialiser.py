"""The whole-program worklist: which definitions are reached, at which types.

Comes in: a `TypedProgram`. Goes out: a growing `core.Program`. Promises: each (symbol, type
arguments) becomes one core function; bodies are lowered from a queue, never inside each other; a
definition that instantiates itself without end is reported with the chain that leads there. What a
body looks like is decided elsewhere: the lowering and the derivations are given as functions, so
that this module knows neither.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic
from clef.diagnostics.lowering import EndlessInstantiation, LibraryLacks, NotSupported
from clef.inference import typed_tree as t
from clef.inference.types import Type
from clef.source import Span
from clef.typed_core import core, well_known
from clef.typed_core.alternatives import Alternatives
from clef.typed_core.analysis import Analysis, analyse
from clef.typed_core.builder import Block, Builder
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.growth import Growth, find_growth
from clef.typed_core.monomorphic import MonoTypes, TypeEnvironment
from clef.typed_core.placements import placement_of
from clef.typed_core.program import Options, TypedProgram
from clef.typed_core.shapes import Shapes, display
from clef.typed_core.walks import Walks

if TYPE_CHECKING:
    from clef.typed_core.dispatch import Dispatch

NOWHERE = Span("", 0, 0)


@dataclass(slots=True)
class Code:
    """A definition's parameters and body, with directly nested lambdas counted as parameters."""

    parameters: list[t.Pattern]
    body: t.Expression


@dataclass(slots=True)
class Instance:
    """A definition at concrete types."""

    name: str
    definition: t.Definition
    code: Code
    environment: TypeEnvironment
    arguments: tuple[MonoType, ...]
    parameters: list[MonoType]
    result: MonoType
    is_value: bool  # a module-level value, not a function


@dataclass(slots=True)
class Subject:
    """What a `Type` at run time stands for: a type, the class of one of its cases (.NET has one for
    most), or the generic type without its arguments.
    """

    identity: int
    type: MonoType
    case: int = -1
    is_definition: bool = False


NO_INLINING = 8
"""A bit of MethodImplOptions."""
LowerBody = Callable[["Specialiser", Instance], None]
Derive = Callable[["Specialiser", str, MonoType, str], None]


def promises_no_heap(definition: t.Definition) -> bool:
    """`[<NoHeap>]` on a function, or on the module around it."""
    return bool(definition.parameters) and any(
        one.name.removesuffix("Attribute") == "NoHeap" for one in definition.attributes
    )


def stays_apart(definition: t.Definition) -> bool:
    """`[<MethodImpl(MethodImplOptions.NoInlining)>]` on a function."""
    return any(
        one.name.removesuffix("Attribute") == "MethodImpl"
        and bool(one.arguments)
        and isinstance(one.arguments[0], int)
        and bool(one.arguments[0] & NO_INLINING)
        for one in definition.attributes
    )


class Growing(Exception):
    """Instantiations do not end: what the specialisation has to know before it starts again."""

    def __init__(self, growth: Growth) -> None:
        super().__init__()
        self.growth = growth


class Specialiser:
    """State of one compilation's specialisation."""

    def __init__(
        self,
        program: TypedProgram,
        options: Options,
        lower_body: LowerBody,
        derive: Derive,
        dispatch: Callable[[Specialiser], Dispatch],
        growth: Growth,
    ) -> None:
        self.program = program
        self.options = options
        self.lower_body = lower_body
        self.derive = derive
        self.table = options.types or core.TypeTable()
        self.growth = growth
        self.mono = MonoTypes(self.table, growth)
        self.mono.on_deep = self._look_for_growth
        self.shapes = Shapes(program, self.mono)
        self.result = core.Program(self.table, self.shapes.shapes, {}, {}, {}, {}, "")
        self.diagnostics: list[Diagnostic] = []
        self.queue: deque[Callable[[], None]] = deque()
        self.current = ""  # the function being lowered: the reason for what it reaches
        self._definitions: dict[str, t.Definition | None] = {}
        self._codes: dict[str, Code] = {}
        self._analyses: dict[str, Analysis] = {}
        self._instances: dict[tuple[object, ...], Instance] = {}
        self._requested: set[str] = set()
        self._assumed: set[str] = set()
        self._derived: dict[tuple[str, MonoType], str] = {}
        self._names: dict[str, int] = {}
        self._is_endless = False  # reported: the types of the program never end
        self._reported: set[tuple[str, str]] = set()
        self._layout: MonoType | None = None
        self.seen: dict[MonoType, None] = {}
        self.operations: set[str] = set()
        self.live_types = self.result.live
        self.on_live: list[Callable[[MonoType], None]] = []
        self.described: dict[int, Subject] = {}
        self.on_described: list[Callable[[Subject], None]] = []
        self.questions: set[str] = set()  # what is asked about types at run time (descriptions.py)
        self.formats: dict[MonoType, list[tuple[str, str]]] = {}  # see format_texts.py
        self.alternatives = Alternatives()  # code that was lowered in two ways
        self.completions: dict[tuple[object, ...], TypeEnvironment] = {}  # see hidden_arguments.py
        self.overloads_that_hold: dict[tuple[object, ...], bool] = {}  # see trait_overloads.py
        self.on_rest: list[Callable[[], None]] = []  # work for when nothing else waits
        self.at_end: list[Callable[[], None]] = []  # work that reaches nothing new
        named = self.mono.plain
        self.unit = named(well_known.UNIT)
        self.boolean = named(well_known.BOOLEAN)
        self.int32 = named(well_known.INT32)
        self.string = named(well_known.STRING)
        self.object = named(well_known.OBJECT)
        self.exception = named(well_known.EXCEPTION)
        self.dispatch = dispatch(self)
        self.walks = Walks(self._placeable)

    def let_go(self) -> None:
        """At the end: what knows this and is known to it would wait for the garbage collector, and
        all that was made with it."""
        vars(self).clear()

    # Small services ------------------------------------------------------------------------------

    def builder(self) -> Builder:
        return Builder(self.unit, self.boolean, self.int32, self.seen, self.operations)

    def report(self, diagnostic: Diagnostic) -> None:
        """Once for each place and kind, however many instantiations come by."""
        key = (type(diagnostic).__name__, repr(diagnostic))
        if key not in self._reported:
            self._reported.add(key)
            self.diagnostics.append(diagnostic)

    def unsupported(self, what: str, instead: str, span: Span | None) -> None:
        self.report(NotSupported(span or NOWHERE, what, instead))

    def unique(self, name: str) -> str:
        """`name`, made different from all names given out so far."""
        count = self._names.get(name, 0)
        self._names[name] = count + 1
        return name if count == 0 else f"{name}~{count + 1}"

    def drain(self) -> None:
        """Lower everything that is waiting, and what that reaches. What would never end is left."""
        while not self._is_endless:
            while self.queue and not self._is_endless:
                self.queue.popleft()()
            for work in self.on_rest:
                work()
            if not self.queue:
                return

    def later(self, work: Callable[[], None]) -> None:
        self.queue.append(work)

    def add_function(
        self,
        name: str,
        parameters: list[Local],
        body: Expression,
        builder: Builder,
        span: Span | None = None,
        display_name: str = "",
        capture_count: int = 0,
        is_inline: bool = False,
        result: MonoType | None = None,
    ) -> None:
        """Put a finished function into the program."""
        self.seen[result or body.type] = None
        self.result.functions[name] = core.Function(
            name,
            display_name or name,
            parameters,
            result or body.type,
            body,
            span,
            capture_count,
            is_inline,
            builder.node_count,
            builder.local_count,
        )

    # Definitions ---------------------------------------------------------------------------------

    def definition(self, symbol: str) -> t.Definition | None:
        if symbol not in self._definitions:
            self._definitions[symbol] = self.program.definition(symbol)
        return self._definitions[symbol]

    def overloads(self, symbol: str) -> list[t.Definition]:
        """`symbol`, `symbol|2`, `symbol|3` … as far as they exist."""
        found: list[t.Definition] = []
        first = self.definition(symbol)
        if first is None:
            return found
        found.append(first)
        while True:
            further = self.definition(f"{symbol}|{len(found) + 1}")
            if further is None:
                return found
            found.append(further)

    def code(self, definition: t.Definition) -> Code:
        """`let f x = fun y -> e` has two parameters, as in F#."""
        found = self._codes.get(definition.symbol)
        if found is None:
            parameters, body = list(definition.parameters), definition.body
            if definition.intrinsic is None and definition.external is None:
                while isinstance(body, t.Lambda) and not definition.is_mutable:
                    parameters += body.parameters
                    body = body.body
            found = self._codes[definition.symbol] = Code(parameters, body)
        return found

    def _placeable(self, symbol: str) -> tuple[list[t.Pattern], t.Expression] | None:
        """A function that may be lowered in the place of its calls, whatever it says itself: one of
        the library, of which nobody expects to be looked at by itself, or an `inline` one."""
        definition = self.definition(symbol)
        if definition is None or definition.intrinsic or definition.external:
            return None
        is_library = definition.span.in_library
        if not (is_library or definition.is_inline) or definition.attributes:
            return None
        code = self.code(definition)
        names = all(isinstance(one, t.VariablePattern) for one in code.parameters)
        return (code.parameters, code.body) if names and code.parameters else None

    def analysis(self, definition: t.Definition) -> Analysis:
        found = self._analyses.get(definition.symbol)
        if found is None:
            merged = self.code(definition)
            walked = t.Definition(
                definition.symbol,
                definition.type_parameters,
                merged.parameters,
                definition.result_type,
                merged.body,
                definition.span,
            )
            found = self._analyses[definition.symbol] = analyse(walked)
        return found

    def instance(
        self, symbol: str, arguments: Sequence[MonoType], span: Span | None = None
    ) -> Instance | None:
        """The definition at these types; None (and a report) when nobody defines it."""
        if self.growth.parameters:
            arguments = self._uniform(symbol, arguments)
        key = (symbol, *[argument.id for argument in arguments])
        found = self._instances.get(key)
        if found is not None:
            return found
        definition = self.definition(symbol)
        if definition is None:
            self.report(LibraryLacks(span or NOWHERE, symbol))
            return None
        found = self._instances[key] = self._instantiate(definition, tuple(arguments))
        return found

    def result_type(self, definition: t.Definition) -> Type:
        """What a definition gives once it has all parameters of its code."""
        code = self.code(definition)
        merged = len(code.parameters) > len(definition.parameters)
        return code.body.type if merged else definition.result_type

    def _instantiate(self, definition: t.Definition, arguments: tuple[MonoType, ...]) -> Instance:
        environment = self.mono.bind(definition.type_parameters, arguments)
        code = self.code(definition)
        parameters = [self.mono.of(item.type, environment) for item in code.parameters]
        result = self.mono.of(self.result_type(definition), environment)
        has_code = definition.intrinsic is None and definition.external is None
        is_value = has_code and not parameters and not environment
        suffix = f"<{', '.join(map(str, arguments))}>" if environment else ""
        return Instance(
            definition.symbol + suffix,
            definition,
            code,
            environment,
            arguments,
            parameters,
            result,
            is_value,
        )

    def _uniform(self, symbol: str, arguments: Sequence[MonoType]) -> Sequence[MonoType]:
        """Type arguments as the definition is specialised for them."""
        definition = self.definition(symbol)
        if definition is None:
            return arguments
        positions = self.growth.positions(definition.type_parameters)
        return self.mono.made_uniform(tuple(arguments), positions)

    def growing_definitions(self) -> list[Span]:
        """Where types are that grow, or what makes them grow."""
        every = [*self.shapes.definitions(), *self._definitions.values()]
        return [
            one.span
            for one in every
            if one is not None and self.growth.positions(one.type_parameters)
        ]

    def _look_for_growth(self) -> None:
        """Types are nested deeply: start again if they would never end."""
        loaded = [one for one in self._definitions.values() if one is not None]
        types = self.shapes.definitions()
        found = find_growth(loaded, types, self.definition, self.shapes.definition)
        if self.growth.add(found, types):
            raise Growing(self.growth)

    def member_result(self, instance: Instance, given: int) -> MonoType | None:
        """What a member gives for that many operands, as it is specialised; None when it is not
        known so simply."""
        declared = len(instance.definition.parameters)
        if given not in (declared, declared - 1, declared + 1):
            return None
        return self.mono.of(instance.definition.result_type, instance.environment)

    def request(self, instance: Instance) -> str:
        """The core function of an instance; its body is lowered later."""
        name = instance.name
        if name not in self._requested:
            self._requested.add(name)
            self.result.reasons.setdefault(name, self.current)
            self._note(instance)
            if promises_no_heap(instance.definition):
                self.result.without_heap[name] = instance.definition.span
            if stays_apart(instance.definition):
                self.result.apart.add(name)
            self._place(name, instance.definition)
            definition = instance.definition
            if self.is_endless(definition.symbol, definition.span, instance.arguments):
                return name
            self.queue.append(lambda: self._lower(instance))
        return name

    def _place(self, name: str, definition: t.Definition) -> None:
        """Note what is asked for the place of a function's or global's values."""
        if definition.attributes:
            found = placement_of(definition.attributes, definition.span)
            if found is not None:
                self.result.placements[name] = found

    def _note(self, instance: Instance) -> None:
        """Where the instance comes from, unless it is a variant that only its user can make."""
        key = (instance.definition.symbol, *(argument.id for argument in instance.arguments))
        if self._instances.get(key) is instance:
            origin = (instance.definition.symbol, instance.arguments)
            self.result.instances[instance.name] = origin

    def assume_lowered(self, names: set[str]) -> None:
        """Take these instances for granted: they are not lowered when they are asked for."""
        self._assumed |= names
        self._requested |= names

    def _lower(self, instance: Instance) -> None:
        self.current = instance.name
        self.lower_body(self, instance)

    def is_endless(self, symbol: str, span: Span, arguments: tuple[MonoType, ...]) -> bool:
        """Whether a function or member is asked for at types that are too large, which is
        reported."""
        limit = self.options.instantiation_limit
        if not any(self._is_too_large(argument, limit) for argument in arguments):
            return False
        chain: list[str] = []
        name = self.current
        while name and len(chain) < 4:
            if name.split("<")[0] == symbol:
                chain.append(name if len(name) < 60 else name[:57] + "…")
            name = self.result.reasons.get(name, "")
        self.report(EndlessInstantiation(span, symbol, tuple(reversed(chain))))
        self._is_endless = True
        return True

    def _is_too_large(self, type: MonoType, deepest: int) -> bool:
        return type.size > self.options.largest_type or self.mono.depth(type) > deepest

    # Globals -------------------------------------------------------------------------------------

    def global_value(self, instance: Instance) -> core.Global:
        """The storage of a module-level value; its initialiser is requested along."""
        name = instance.name
        found = self.result.globals.get(name)
        if found is None:
            found = core.Global(
                name, instance.result, instance.definition.symbol, instance.definition.is_mutable
            )
            self.result.globals[name] = found
            self._place(name, instance.definition)
            self.result.reasons.setdefault(name, self.current)
            self._note(instance)
            if name in self._assumed or instance.definition.starts_at is not None:
                return found
            self.queue.append(lambda: self._lower(instance))
        return found

    # Derived and library code --------------------------------------------------------------------

    def derived(self, kind: str, type: MonoType) -> str:
        """The function that does `kind` (equals, hash, layout …) for a type; made on demand."""
        key = (kind, type)
        name = self._derived.get(key)
        if name is None:
            name = self._derived[key] = self.unique(f"${kind}<{type}>")
            self.result.reasons.setdefault(name, self.current)
            made = name

            def work() -> None:
                self.current = made
                self.derive(self, kind, type, made)

            self.queue.append(work)
        return name

    def call_library(
        self,
        builder: Builder,
        symbol: str,
        arguments: Sequence[Atom],
        result: MonoType,
        type_arguments: Sequence[MonoType] = (),
    ) -> Expression:
        """A call of a library function by symbol."""
        instance = self.instance(symbol, type_arguments, builder.span)
        if instance is None:
            return builder.primitive("zero", [], result, (result,))
        return builder.call(self.request(instance), arguments, result)

    @property
    def layout(self) -> MonoType:
        """The library's type of what `%A` prints."""
        if self._layout is None:
            text = self.definition(well_known.LAYOUT_TEXT)
            known = self.mono.plain(well_known.LAYOUT)
            self._layout = known if text is None else self.mono.of(text.result_type, {})
        return self._layout

    # Types ---------------------------------------------------------------------------------------

    def make_live(self, type: MonoType) -> None:
        """Objects of this dynamic type can exist from now on."""
        if type not in self.live_types:
            self.live_types[type] = None
            for listener in self.on_live:
                listener(type)

    def describe(self, subject: Subject) -> int:
        """There is a `Type` for this from now on."""
        if subject.identity not in self.described:
            self.described[subject.identity] = subject
            for listener in self.on_described:
                listener(subject)
        return subject.identity

    def shape_everything(self) -> None:
        """Every type that a value, a field or an element has gets a shape."""
        if self._is_endless:
            return
        pending = [*self.seen, *self.shapes.shapes]
        pending += [value.type for value in self.result.globals.values()]
        done: set[MonoType] = set()
        while pending:
            type = pending.pop()
            if type in done:
                continue
            done.add(type)
            if self._is_too_large(type, 4 * self.options.instantiation_limit):
                definition = self.shapes.definition_of(type)
                span = definition.span if definition is not None else NOWHERE
                self.report(EndlessInstantiation(span, type.symbol, ()))
                return
            shape = self.shapes.of(type)
            pending += [item.type for item in shape.fields]
            pending += [item.type for case in shape.cases for item in case.fields]
            pending += shape.ancestors
            if shape.element is not None:
                pending.append(shape.element)

    def display(self, type: MonoType) -> str:
        return display(type)

    def wrapper(
        self,
        name: str,
        captured: Sequence[MonoType],
        parameters: Sequence[MonoType],
        body: Callable[[Builder, Block, list[Local]], Expression],
    ) -> str:
        """A small synthesised function; made once for each name."""
        if name not in self._requested:
            self._requested.add(name)
            self.result.reasons.setdefault(name, self.current)
            builder = self.builder()
            locals = [builder.local(type) for type in (*captured, *parameters)]
            block = Block()
            tail = body(builder, block, locals)
            self.add_function(
                name, locals, builder.finish(block, tail), builder, capture_count=len(captured)
            )
        return name
