"""Typed trees' types to interned closed types.

Comes in: a `Type` and what its parameters stand for. Goes out: the one `MonoType` for it. Promises:
measures are gone (their arguments are dropped), printf formats are the functions that they are at
run time, byrefs have a form of their own; equal types are the same object.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from clef.inference.types import (
    AnonymousRecordType,
    FunctionType,
    Measure,
    NamedType,
    ParameterType,
    TupleType,
    Type,
    TypeParameter,
    TypeVariable,
)
from clef.typed_core import well_known
from clef.typed_core.core import MonoType, TypeTable
from clef.typed_core.growth import UNIFORM, Growth

TypeEnvironment = dict[TypeParameter, MonoType]

MEASURED = "measured"
"""The form of a type argument that remembers a number's unit (its symbol); see units.py."""

_DEEP = 10  # types are rarely nested as deeply as this, unless they grow
_BYREFS = frozenset({"System.ByRef`1", "System.InRef`1", "System.OutRef`1"})


class MonoTypes:
    """Translation with a memory; `table` is the program's interner. `growth` says which parameters
    are uniform (see uniform.py); `on_deep` is told of types that are nested deeply."""

    def __init__(self, table: TypeTable, growth: Growth) -> None:
        self.table = table
        self.growth = growth
        self.uniform = table.named(UNIFORM)
        self.on_deep: Callable[[], None] | None = None
        self._deep = _DEEP
        self._plain: dict[str, MonoType] = {}
        self._depths: dict[int, int] = {}
        # Types without parameters in scope, by identity; the first of the pair keeps it from being
        # used again.
        self._closed: dict[int, tuple[Type, MonoType]] = {}

    def plain(self, symbol: str) -> MonoType:
        """A type without arguments."""
        found = self._plain.get(symbol)
        if found is None:
            found = self._plain[symbol] = self.table.named(symbol)
        return found

    def function(self, parameter: MonoType, result: MonoType) -> MonoType:
        return self.table.make("function", "", (parameter, result))

    def curried(self, parameters: Sequence[MonoType], result: MonoType) -> MonoType:
        """`p1 -> p2 -> result`."""
        for parameter in reversed(parameters):
            result = self.function(parameter, result)
        return result

    def of(self, type: Type, environment: TypeEnvironment) -> MonoType:
        """The closed type that `type` stands for."""
        if isinstance(type, NamedType) and not type.arguments:
            return self._plain.get(type.symbol) or self.plain(type.symbol)
        if environment:
            return self._translated(type, environment)
        known = self._closed.get(id(type))
        if known is None:
            known = self._closed[id(type)] = (type, self._translated(type, environment))
        return known[1]

    def _translated(self, type: Type, environment: TypeEnvironment) -> MonoType:
        match type:
            case NamedType():
                return self._named(type, environment)
            case FunctionType():
                return self.function(
                    self.of(type.parameter, environment), self.of(type.result, environment)
                )
            case TupleType():
                form = "struct_tuple" if type.is_struct else "tuple"
                return self.table.make(form, "", self.all_of(type.items, environment))
            case ParameterType():
                return environment.get(type.parameter) or self.plain(well_known.OBJECT)
            case AnonymousRecordType():
                form = "struct_anonymous" if type.is_struct else "anonymous"
                return self.table.make(
                    form, ",".join(type.names), self.all_of(type.types, environment)
                )
            case TypeVariable():  # inference leaves none; a solved one may hide below a link
                return (
                    self.of(type.link, environment) if type.link else self.plain(well_known.OBJECT)
                )
            case Measure():
                return self.plain(well_known.UNIT)

    def all_of(self, types: Sequence[Type], environment: TypeEnvironment) -> tuple[MonoType, ...]:
        """Translate arguments, dropping measures."""
        return tuple([self.of(item, environment) for item in types if not is_measure(item)])

    def _named(self, type: NamedType, environment: TypeEnvironment) -> MonoType:
        if not type.arguments:
            return self.plain(type.symbol)
        arguments = self.all_of(type.arguments, environment)
        if type.symbol in _BYREFS:
            return self.table.named(well_known.POINTER, *arguments)
        if type.symbol in well_known.FORMAT_TYPES:
            return self._format(arguments)
        if type.symbol in self.growth.types:
            arguments = self.made_uniform(arguments, self.growth.types[type.symbol])
        made = self.table.make("named", type.symbol, arguments)
        if made.size > self._deep:
            self._look_at(made)
        return made

    def _look_at(self, type: MonoType) -> None:
        """Tell of a type that may be one of ever larger ones, less often each time."""
        if self.on_deep is not None and self.depth(type) > self._deep:
            self._deep += 4
            self.on_deep()

    def made_uniform(
        self, arguments: tuple[MonoType, ...], positions: frozenset[int]
    ) -> tuple[MonoType, ...]:
        """Type arguments with those at some positions uniform."""
        every = enumerate(arguments)
        return tuple([self.uniform if at in positions else one for at, one in every])

    def _format(self, arguments: tuple[MonoType, ...]) -> MonoType:
        """A format is a function from what to do with the text to the printer."""
        printer, result = arguments[0], arguments[3]
        text = self.plain(well_known.STRING)
        return self.function(self.function(text, result), printer)

    def bind(
        self, parameters: Sequence[TypeParameter], arguments: Sequence[MonoType]
    ) -> TypeEnvironment:
        """What parameters stand for; measure parameters take no argument. What remembers a unit is
        kept beside the type itself."""
        real = [parameter for parameter in parameters if not parameter.is_measure]
        bound = dict(zip(real, arguments, strict=False))
        for parameter, argument in [*bound.items()]:
            if argument.form == MEASURED:
                bound[parameter] = argument.arguments[0]
                bound[unit_key(parameter)] = argument
        for parameter in self.growth.parameters & bound.keys():
            bound[parameter] = self.uniform
        return bound

    def depth(self, type: MonoType) -> int:
        """How deeply type arguments are nested."""
        found = self._depths.get(type.id)
        if found is None:
            found = 1 + max((self.depth(argument) for argument in type.arguments), default=0)
            self._depths[type.id] = found
        return found


def unit_key(parameter: TypeParameter) -> TypeParameter:
    """Where an environment keeps the unit of what a parameter stands for."""
    return TypeParameter(parameter.id, parameter.name, f"{parameter.path}: unit")


def is_measure(type: Type) -> bool:
    """Whether a type argument is a unit of measure, which does not exist at run time."""
    if type.__class__ is NamedType:
        return False
    match type:
        case Measure():
            return True
        case ParameterType():
            return type.parameter.is_measure
        case TypeVariable():
            return type.is_measure
        case _:
            return False


def matches(pattern: Type, type: MonoType, bound: TypeEnvironment, mono: MonoTypes) -> bool:
    """Whether `pattern` at some instantiation (added to `bound`) is `type`."""
    match pattern:
        case ParameterType():
            known = bound.get(pattern.parameter)
            if known is None:
                bound[pattern.parameter] = type
                return True
            return known is type
        case NamedType() if pattern.arguments:
            real = [argument for argument in pattern.arguments if not is_measure(argument)]
            for at in mono.growth.types.get(pattern.symbol, ()):
                real[at] = ParameterType(TypeParameter(-at, "", ""))  # the same for all
            return (
                type.form == "named"
                and (type.symbol == pattern.symbol or _both_byrefs(pattern.symbol, type))
                and len(real) == len(type.arguments)
                and _all_match(real, type.arguments, bound, mono)
            )
        case FunctionType():
            return type.form == "function" and _all_match(
                (pattern.parameter, pattern.result), type.arguments, bound, mono
            )
        case TupleType():
            return (
                type.form == ("struct_tuple" if pattern.is_struct else "tuple")
                and len(pattern.items) == len(type.arguments)
                and _all_match(pattern.items, type.arguments, bound, mono)
            )
        case _:
            return mono.of(pattern, bound) is type


def _both_byrefs(symbol: str, type: MonoType) -> bool:
    return symbol in _BYREFS and type.symbol == well_known.POINTER


def _all_match(
    patterns: Sequence[Type], types: Sequence[MonoType], bound: TypeEnvironment, mono: MonoTypes
) -> bool:
    return all(
        matches(pattern, type, bound, mono) for pattern, type in zip(patterns, types, strict=True)
    )
