"""One function's lowering: its environment, and the entry points that all topics share.

Comes in: typed expressions, one at a time. Goes out: core expressions in blocks. Promises: strict
evaluation from left to right; a mutable local is read when its expression is evaluated; what a
local stands for (an operand, a cell, a known function) is decided at its binding. The topics
(applications, matches, loops …) are modules with one handler for each class of expression, given as
a table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from clef.inference import typed_tree as t
from clef.inference.types import Type
from clef.source import Span
from clef.typed_core import core, well_known
from clef.typed_core.analysis import Analysis
from clef.typed_core.builder import Block, Builder
from clef.typed_core.core import Atom, Expression, Local, MonoType
from clef.typed_core.local_bindings import (
    Binding,
    Captures,
    CellBinding,
    FieldBinding,
    Flow,
    LateBinding,
    LocalFunction,
    Narrow,
    Scope,
    SelfCall,
    Test,
    held_type,
    received,
)
from clef.typed_core.monomorphic import TypeEnvironment
from clef.typed_core.specialiser import Specialiser
from clef.typed_core.uniform import Conversion
from clef.typed_core.units import measured_arguments

Handler = Callable[["Lowerer", t.Expression, Block, bool], Expression]


class Lowerer:
    """Lowers the expressions of one core function."""

    def __init__(
        self,
        specialiser: Specialiser,
        handlers: Mapping[type[t.Expression], Handler],
        types: TypeEnvironment,
        analysis: Analysis,
        name: str,
    ) -> None:
        self.specialiser = specialiser
        self.handlers = handlers
        self.types = types
        self.grows = bool(specialiser.growth.parameters)  # whether some types are uniform
        self.is_generic = bool(types)  # whether the source leaves types open
        self.analysis = analysis
        self.name = name
        self.builder: Builder = specialiser.builder()
        self.environment: dict[t.Local, Binding] = {}
        self.self_call: SelfCall | None = None
        self.handled: list[Local] = []  # exceptions of the enclosing handlers, for `reraise`
        self.inlining: list[str] = []  # the definitions whose bodies are being lowered in place
        self.own_objects: dict[int, t.Local] = {}  # `let rec o = { new … }`: o inside is `this`
        self.changing: t.Local | None = None  # `this` of a member that changes its struct
        self.sinks: list[Callable[[t.Expression, Block], None]] = []  # what `yield` does
        self.going: Test | None = None  # whether more is wanted of what `yield` gives
        self.doubled = 0  # how many loops that are lowered in two ways are around this

    # Scopes --------------------------------------------------------------------------------------

    def scope(self) -> Scope:
        """Where the lowering is just now."""
        return Scope(
            self.environment,
            self.types,
            self.analysis,
            list(self.inlining),
            self.sinks,
            self.going,
            self.handled,
            self.changing,
            self.builder.span,
        )

    def enter_scope(self, scope: Scope) -> None:
        """Go on there."""
        self.environment = scope.environment
        self.types, self.analysis = scope.types, scope.analysis
        self.inlining, self.sinks, self.going = scope.inlining, scope.sinks, scope.going
        self.handled, self.changing = scope.handled, scope.changing
        self.builder.span = scope.span

    # Types ---------------------------------------------------------------------------------------

    def mono(self, type: Type) -> MonoType:
        return self.specialiser.mono.of(type, self.types)

    def monos(self, types: Sequence[Type]) -> tuple[MonoType, ...]:
        return self.specialiser.mono.all_of(types, self.types)

    def type_arguments(self, symbol: str, types: Sequence[Type]) -> tuple[MonoType, ...]:
        """What a definition is specialised for; it may ask for the units of numbers."""
        definition = self.specialiser.definition(symbol) if types else None
        if definition is None:
            return self.monos(types)
        return measured_arguments(self.specialiser.mono, definition, types, self.types)

    # Expressions ---------------------------------------------------------------------------------

    def expression(self, node: t.Expression, block: Block, tail: bool) -> Expression:
        """What `node` evaluates to, after the bindings it adds to `block`. `tail`: its value is the
        function's."""
        handler = self.handlers.get(type(node))
        if handler is None:
            self.specialiser.unsupported(f"`{type(node).__name__}`", "", node.span)
            return self.builder.literal(None, self.mono(node.type))
        outer = self.builder.span
        # What is lowered in place from another file belongs to the line of the call.
        if not self.inlining or outer is None or node.span.path == outer.path:
            self.builder.span = node.span
        result = handler(self, node, block, tail)
        self.builder.span = outer
        return result

    def value(self, node: t.Expression, block: Block, name: str = "") -> Atom:
        """An operand that holds the value of `node`."""
        return self.builder.bind(block, self.expression(node, block, False), name)

    def values(self, nodes: Sequence[t.Expression], block: Block) -> list[Atom]:
        return [self.value(node, block) for node in nodes]

    def converted(self, atom: Atom, target: MonoType, block: Block) -> Atom:
        """An operand as `target`, where one of the two types is uniform in parts."""
        if not self.grows or atom.type is target:
            return atom
        return Conversion(self.specialiser, self.builder).atom(atom, target, block)

    def effect(self, node: t.Expression, block: Block) -> None:
        """Evaluate for its effects."""
        self.builder.effect(block, self.expression(node, block, False))

    def nested(self, node: t.Expression, tail: bool) -> Expression:
        """`node` in a block of its own: a branch, a loop body, a function body."""
        block = Block()
        result = self.expression(node, block, tail)
        return self.builder.finish(block, result)

    # Locals --------------------------------------------------------------------------------------

    def bind_local(self, local: t.Local, value: Expression, block: Block) -> None:
        """`let local = value`: an alias where nothing can change, else a slot or a cell."""
        type = self.mono(local.type)
        if local.is_mutable:
            self.bind_mutable(local, type, value, block)
        elif isinstance(value, core.Literal) or (
            isinstance(value, core.Variable) and not value.local.is_mutable
        ):
            self.bind_atom(local, value)
        else:
            fresh = self.builder.local(type, local.name)
            block.bindings.append((fresh, value))
            self.environment[local] = fresh

    def bind_mutable(self, local: t.Local, type: MonoType, value: Expression, block: Block) -> None:
        if local in self.analysis.celled:
            cell_type = self.specialiser.shapes.cell(type)
            content = self.builder.bind(block, value)
            cell = self.builder.local(cell_type, local.name)
            block.bindings.append((cell, self.builder.construct(cell_type, [content])))
            self.environment[local] = CellBinding(cell, type)
        else:
            fresh = self.builder.local(type, local.name, is_mutable=True)
            block.bindings.append((fresh, value))
            self.environment[local] = fresh

    def bind_atom(self, local: t.Local, atom: Atom) -> None:
        """`local` is another name for an operand that does not change."""
        if isinstance(atom, core.Literal):
            self.environment[local] = atom
        else:
            if not atom.local.name:
                atom.local.name = local.name
            self.environment[local] = atom.local

    def read(self, local: t.Local, block: Block) -> Expression:
        """The value of a local now."""
        binding = self.environment[local]
        builder = self.builder
        match binding:
            case Local():
                if binding.is_mutable:
                    return builder.bind(block, builder.variable(binding))
                return builder.variable(binding)
            case core.Literal():
                return builder.literal(binding.value, binding.type)
            case CellBinding():
                cell = builder.variable(binding.local)
                return builder.project(cell, binding.local.type, -1, 0, binding.content)
            case LateBinding():
                return self._read_late(builder.variable(binding.local), binding.content, block)
            case FieldBinding():
                held = self.read_field(binding)
                if not binding.is_cell:
                    return builder.bind(block, held)
                stored = builder.bind(block, held)
                if binding.is_late:
                    return self._read_late(stored, binding.content, block)
                return builder.project(stored, binding.stored, -1, 0, binding.content)
            case LocalFunction():
                raise TypeError(f"{local.name} is a function")
            case Flow() | Narrow():
                raise TypeError(f"{local.name} is a sequence that is not made")

    def _read_late(self, cell: Atom, content: MonoType, block: Block) -> Expression:
        builder = self.builder
        option = cell.type.arguments[0]
        held = builder.bind(block, builder.project(cell, cell.type, -1, 0, option))
        inside = Block()
        unit: list[Atom] = [builder.unit()]
        failure = self.raise_symbol(well_known.RECURSIVE_VALUE, unit, content, inside)
        missing = builder.finish(inside, failure)
        found = builder.project(held, option, 1, 0, content)
        branches: list[tuple[int, Expression]] = [(0, missing), (1, found)]
        again = builder.again(held)
        return builder.bind(block, builder.switch(again, "case", branches, None, content))

    def read_field(self, binding: FieldBinding) -> Expression:
        owner = binding.self.type
        machine = self.builder.variable(binding.self)
        return self.builder.project(machine, owner, -1, binding.index, binding.stored)

    def capture_atom(self, local: t.Local, block: Block) -> Atom:
        """The operand that a closure keeps for `local`."""
        binding = self.environment[local]
        match binding:
            case Local():
                return self.builder.variable(binding)
            case CellBinding() | LateBinding():
                return self.builder.variable(binding.local)
            case FieldBinding():
                return self.builder.bind(block, self.read_field(binding))
            case _:
                raise TypeError(f"{local.name} is no operand")

    def capture_atoms(self, locals: Sequence[t.Local], block: Block) -> list[Atom]:
        return [self.capture_atom(local, block) for local in locals]

    def captures(self, free: Sequence[t.Local]) -> Captures:
        """What something with these free locals takes along from here."""
        found: dict[t.Local, None] = {}
        scope: dict[t.Local, Binding] = {}
        for local in free:
            binding = self.environment[local]
            scope[local] = binding
            if isinstance(binding, LocalFunction):
                for inner in binding.captures:
                    found[inner] = None
                    scope[inner] = self.environment[inner]
            elif not isinstance(binding, core.Literal):
                found[local] = None
        return Captures(list(found), scope)

    def enter(self, captures: Captures) -> list[Local]:
        """Start as the inside of a closure: the parameters that receive its captures."""
        parameters: list[Local] = []
        self.environment.update(captures.scope)
        for local in captures.locals:
            outer = captures.scope[local]
            parameter = self.builder.local(held_type(outer), local.name)
            self.environment[local] = received(outer, parameter)
            parameters.append(parameter)
        return parameters

    def inner(self, types: TypeEnvironment, name: str) -> Lowerer:
        """A lowerer for a function inside this one."""
        made = Lowerer(self.specialiser, self.handlers, types, self.analysis, name)
        made.doubled = self.doubled
        return made

    def kept(self) -> Lowerer:
        """The types and analysis of this moment, for code that is lowered later: inline definitions
        change them for a while."""
        return self.inner(self.types, self.name)

    # Calls ---------------------------------------------------------------------------------------

    def call_symbol(
        self,
        symbol: str,
        arguments: Sequence[Atom],
        result: MonoType,
        type_arguments: Sequence[MonoType] = (),
    ) -> Expression:
        """A call of a library function."""
        return self.specialiser.call_library(
            self.builder, symbol, arguments, result, type_arguments
        )

    def raise_symbol(
        self, symbol: str, arguments: Sequence[Atom], type: MonoType, block: Block
    ) -> Expression:
        """Raise the exception that a library function makes."""
        made = self.call_symbol(symbol, arguments, self.specialiser.exception)
        return self.builder.throw(self.builder.bind(block, made), type)

    def derived(
        self, kind: str, type: MonoType, arguments: Sequence[Atom], result: MonoType
    ) -> Expression:
        """A call of a derived function."""
        return self.builder.call(self.specialiser.derived(kind, type), arguments, result)

    def unsupported(self, what: str, instead: str, node: t.Expression | Span) -> Expression:
        """Report; a literal stands in, since the program will not be built."""
        span = node if isinstance(node, Span) else node.span
        self.specialiser.unsupported(what, instead, span)
        type = self.specialiser.unit if isinstance(node, Span) else self.mono(node.type)
        return self.builder.literal(None, type)
