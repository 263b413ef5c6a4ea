"""Type parameters that stand for ever larger types.

Comes in: the generic definitions and types that specialisation has met. Goes out: the parameters
that reach themselves at a larger type (`'a` at `'a list`), through calls, fields and types that
are mentioned, and those larger types. Promises: a program whose instantiations are finite has
none; only what is defined in the same circle is named. After Kennedy & Pierce, On decidability of
nominal subtyping with variance (2007), whose graph asks the same of class hierarchies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from itertools import count

from clef.data_classes import dataclass, field
from clef.inference import typed_tree as t
from clef.inference.types import (
    AnonymousRecordType,
    FunctionType,
    NamedType,
    ParameterType,
    TupleType,
    Type,
    TypeParameter,
)

UNIFORM = "$Uniform"  # what stands for ever larger types, see uniform.py


@dataclass(slots=True)
class Growth:
    """`parameters` stand for ever larger types; `larger`: the types that they are instantiated with
    in terms of each other, one for each head, as general as all that were found; `types`: the types
    that have such parameters, with their positions among the arguments."""

    parameters: set[TypeParameter] = field(default_factory=set[TypeParameter])
    larger: list[Type] = field(default_factory=list[Type])
    types: dict[str, frozenset[int]] = field(default_factory=dict[str, frozenset[int]])

    def is_uniform(self, parameter: TypeParameter) -> bool:
        return parameter in self.parameters or parameter.path == UNIFORM

    def positions(self, parameters: Sequence[TypeParameter]) -> frozenset[int]:
        """Which type arguments of a definition with these parameters are uniform."""
        real = [parameter for parameter in parameters if not parameter.is_measure]
        return frozenset(at for at, one in enumerate(real) if one in self.parameters)

    def meet(self, given: Type) -> None:
        """Uniform parameters are instantiated with each other at `given`."""
        for at, known in enumerate(self.larger):
            if _same_head(known, given):
                self.larger[at] = _general(known, given)
                return
        self.larger.append(given)

    def add(self, other: Growth, types: Iterable[t.TypeDefinition]) -> bool:
        """Take in what another one knows; whether that was new."""
        before = len(self.parameters), list(self.larger)
        self.parameters |= other.parameters
        for larger in other.larger:
            self.meet(larger)
        positions = {one.symbol: self.positions(one.type_parameters) for one in types}
        self.types |= {symbol: those for symbol, those in positions.items() if those}
        return (len(self.parameters), self.larger) != before


_fresh = count(1)


def _same_head(left: Type, right: Type) -> bool:
    match left, right:
        case NamedType(), NamedType():
            return left.symbol == right.symbol
        case TupleType(), TupleType():
            return len(left.items) == len(right.items) and left.is_struct == right.is_struct
        case AnonymousRecordType(), AnonymousRecordType():
            return left.names == right.names and left.is_struct == right.is_struct
        case _:
            return isinstance(left, FunctionType) and isinstance(right, FunctionType)


def _general(left: Type, right: Type) -> Type:
    """The least general type that both are instances of."""
    if left == right:
        return left
    match left, right:
        case (ParameterType(), _):
            return left
        case NamedType(), NamedType() if left.symbol == right.symbol:
            return NamedType(left.symbol, _all_general(left.arguments, right.arguments))
        case TupleType(), TupleType() if _same_head(left, right):
            return TupleType(_all_general(left.items, right.items), left.is_struct)
        case AnonymousRecordType(), AnonymousRecordType() if _same_head(left, right):
            types = _all_general(left.types, right.types)
            return AnonymousRecordType(left.names, types, left.is_struct)
        case FunctionType(), FunctionType():
            return FunctionType(
                _general(left.parameter, right.parameter),
                _general(left.result, right.result),
            )
        case _:
            return ParameterType(TypeParameter(next(_fresh), "a", UNIFORM))


def _all_general(left: Sequence[Type], right: Sequence[Type]) -> tuple[Type, ...]:
    return tuple(_general(a, b) for a, b in zip(left, right, strict=True))


_Node = tuple[str, TypeParameter]
"""A parameter as the definition of that name has it: members share those of their type."""


@dataclass(slots=True)
class _Edges:
    """Which parameters are instantiated with which others."""

    forward: dict[_Node, set[_Node]] = field(default_factory=dict["_Node", "set[_Node]"])
    backward: dict[_Node, set[_Node]] = field(default_factory=dict["_Node", "set[_Node]"])
    growing: list[tuple[_Node, _Node, Type]] = field(
        default_factory=list["tuple[_Node, _Node, Type]"]
    )

    def add(self, source: _Node, target: _Node, given: Type) -> None:
        self.forward.setdefault(source, set()).add(target)
        self.backward.setdefault(target, set()).add(source)
        if not isinstance(given, ParameterType):
            self.growing.append((source, target, given))


def find_growth(
    definitions: Iterable[t.Definition],
    types: Iterable[t.TypeDefinition],
    definition: Callable[[str], t.Definition | None],
    type_definition: Callable[[str], t.TypeDefinition | None],
) -> Growth:
    """What grows among these definitions; others are asked for by name."""
    edges = _Edges()
    for one in definitions:
        if one.type_parameters and one.intrinsic is None:
            _Uses(one.symbol, one.type_parameters, edges, definition, type_definition).walk(one)
    for type in types:
        if type.type_parameters:
            _Uses(type.symbol, type.type_parameters, edges, definition, type_definition).type(type)
    found = Growth()
    for source, target, _ in edges.growing:
        reached = _reached(target, edges.forward)
        if source in reached:
            nodes = reached & _reached(source, edges.backward)
            found.parameters |= {parameter for _, parameter in nodes}
    for source, target, given in edges.growing:
        if source[1] in found.parameters and target[1] in found.parameters:
            found.meet(given)
    return found


def _reached(start: _Node, edges: dict[_Node, set[_Node]]) -> set[_Node]:
    found = {start}
    pending = [start]
    while pending:
        for one in edges.get(pending.pop(), ()):
            if one not in found:
                found.add(one)
                pending.append(one)
    return found


class _Uses:
    """Looks through one definition for what it instantiates."""

    def __init__(
        self,
        symbol: str,
        own: Sequence[TypeParameter],
        edges: _Edges,
        definition: Callable[[str], t.Definition | None],
        type_definition: Callable[[str], t.TypeDefinition | None],
    ) -> None:
        self.symbol = symbol
        self.own = set(own)
        self.edges = edges
        self.definition = definition
        self.type_definition = type_definition
        self.local: dict[t.Local, tuple[TypeParameter, ...]] = {}
        self.seen: set[Type] = set()

    def type(self, type: t.TypeDefinition) -> None:
        """A type needs those of its fields, and the members that answer for its values."""
        self.walk([type.fields, type.cases, type.base, type.interfaces, type.underlying])
        for one in type.implementations:
            self.walk(one.owner)
            method = self.definition(one.method)
            if method is not None:
                arguments = [ParameterType(parameter) for parameter in type.type_parameters]
                self.instantiated(one.method, method.type_parameters, arguments)

    def walk(self, root: object) -> None:
        """Every use in a tree, without recursion: bodies can be deep."""
        pending: list[object] = [root]
        while pending:
            value = pending.pop()
            if isinstance(value, list | tuple):
                pending += value
                continue
            names = _parts(value.__class__)
            if names is None:
                continue
            if isinstance(value, NamedType):
                if value in self.seen:
                    continue
                self.seen.add(value)
            self.use(value)
            pending += [getattr(value, name) for name in names]

    def use(self, value: object) -> None:
        match value:
            case NamedType(symbol=symbol, arguments=arguments) if arguments:
                found = self.type_definition(symbol)
                if found is not None:
                    self.instantiated(symbol, found.type_parameters, arguments)
            case t.GlobalReference() | t.MethodCall() if value.type_arguments:
                self.called(value.symbol, value.type_arguments)
            case t.New(constructor=str() as constructor, type=NamedType(arguments=arguments)):
                self.called(constructor, arguments)
            case t.ObjectExpression(type=NamedType() as type):
                for one in (type, *value.interfaces):
                    self.answered(one)
            case t.StaticFieldGet() | t.StaticFieldSet():
                self.called(value.symbol, value.owner.arguments)
            case t.LocalBinding(pattern=t.VariablePattern(local=local)) if value.type_parameters:
                self.local[local] = value.type_parameters
            case t.LocalReference() if value.type_arguments:
                parameters = self.local.get(value.local, ())
                self.instantiated("", parameters, value.type_arguments)
            case _:
                pass

    def answered(self, type: NamedType) -> None:
        """Whoever calls an object's members has what this definition does for them."""
        found = self.type_definition(type.symbol)
        if found is None or found.span.in_library:
            return
        for parameter, given in zip(found.type_parameters, type.arguments, strict=False):
            if isinstance(given, ParameterType) and given.parameter in self.own:
                self.edges.add((type.symbol, parameter), (self.symbol, given.parameter), given)

    def called(self, symbol: str, arguments: Sequence[Type]) -> None:
        found = self.definition(symbol)
        if found is not None:
            self.instantiated(symbol, found.type_parameters, arguments)

    def instantiated(
        self, symbol: str, parameters: Sequence[TypeParameter], arguments: Sequence[Type]
    ) -> None:
        for parameter, argument in zip(parameters, arguments, strict=False):
            if parameter.is_measure:
                continue
            for one in parameters_of(argument):
                source = (self.symbol if one in self.own else "", one)
                self.edges.add(source, (symbol, parameter), argument)


def parameters_of(type: Type) -> set[TypeParameter]:
    """The type parameters that a type mentions."""
    found: set[TypeParameter] = set()
    pending: list[object] = [type]
    while pending:
        value = pending.pop()
        if isinstance(value, ParameterType):
            if not value.parameter.is_measure:
                found.add(value.parameter)
        elif isinstance(value, tuple):
            pending += value
        elif value.__class__.__module__ == _TYPES:
            pending += [getattr(value, name) for name in _parts(value.__class__) or ()]
    return found


_TYPES = NamedType.__module__
_MODULES = (_TYPES, t.__name__)
_SKIPPED = ("span", "parameter", "link", "constraints", "waiting", "attributes")
_known: dict[type, tuple[str, ...] | None] = {}


def _parts(cls: type) -> tuple[str, ...] | None:
    """The fields of a class of the typed tree; None for everything else."""
    if cls not in _known:
        is_tree = cls.__module__.startswith(_MODULES) and cls not in (TypeParameter, t.Local)
        names = tuple(one.name for one in fields(cls)) if is_tree else ()
        skipped = set(_SKIPPED) - ({"parameter"} if not issubclass(cls, ParameterType) else set())
        _known[cls] = tuple(one for one in names if one not in skipped) if is_tree else None
    return _known[cls]
