"""Types as the user writes them.

Comes in: types, also unfinished ones. Goes out: text such as `int list -> 'a option`, `float<m/s>`.
Promises: one call
names the variables of all its types alike; the text reads back as the same type.
"""

from __future__ import annotations

from fractions import Fraction

from clef.inference.measures import factors_of
from clef.inference.types import (
    AnonymousRecordType,
    FunctionType,
    Measure,
    NamedType,
    ParameterType,
    Scheme,
    TupleType,
    Type,
    TypeParameter,
    TypeVariable,
)
from clef.inference.unification import prune
from clef.inference.well_known import ARRAYS, POSTFIX_NAMES, PREFIX_NAMES, SHORT_NAMES
from clef.syntax.operator_names import sign_of

# How tightly a type holds together: what needs parentheses inside what.
_FUNCTION, _TUPLE, _POSTFIX = 0, 1, 2


def show(type: Type) -> str:
    """One type."""
    return _Names().text(type, _FUNCTION)


def show_all(*types: Type) -> list[str]:
    """Several types that share the names of their variables."""
    names = _Names()
    return [names.text(one, _FUNCTION) for one in types]


def show_scheme(scheme: Scheme) -> str:
    """A scheme's type; its parameters keep their names."""
    return show(scheme.type)


def short_name(symbol: str) -> str:
    """The name of a type without its path and arity."""
    known = SHORT_NAMES.get(symbol) or POSTFIX_NAMES.get(symbol) or PREFIX_NAMES.get(symbol)
    if known is not None:
        return known
    name = symbol.rpartition(".")[2]
    return name.partition("`")[0]


class _Names:
    """Printing with a table of variable names."""

    __slots__ = ("given",)

    def __init__(self) -> None:
        self.given: dict[int, str] = {}

    def text(self, type: Type, place: int) -> str:
        type = prune(type)
        if isinstance(type, NamedType):
            return self._named(type)
        if isinstance(type, FunctionType):
            text = f"{self.text(type.parameter, _TUPLE)} -> {self.text(type.result, _FUNCTION)}"
            return f"({text})" if place > _FUNCTION else text
        if isinstance(type, TupleType):
            text = " * ".join([self.text(item, _POSTFIX) for item in type.items])
            if type.is_struct:
                return f"struct ({text})"
            return f"({text})" if place > _TUPLE else text
        if isinstance(type, ParameterType):
            return self.parameter(type.parameter)
        if isinstance(type, AnonymousRecordType):
            fields = zip(type.names, type.types, strict=True)
            text = "; ".join([f"{name}: {self.text(of, _FUNCTION)}" for name, of in fields])
            return f"{'struct ' if type.is_struct else ''}{{| {text} |}}"
        if isinstance(type, TypeVariable):
            return self.variable(type)
        return self.measure(type)

    def parameter(self, parameter: TypeParameter) -> str:
        return ("^" if parameter.is_static else "'") + parameter.name

    def variable(self, variable: TypeVariable) -> str:
        if variable.name:
            return "'" + variable.name
        known = self.given.get(variable.id)
        if known is None:
            number = len(self.given)
            known = chr(ord("a") + number % 26) + (str(number // 26) if number >= 26 else "")
            self.given[variable.id] = known
        return "'" + known

    def _named(self, type: NamedType) -> str:
        symbol = type.symbol
        if symbol == "?":
            return "_"
        rank = ARRAYS.get(symbol)
        if rank is not None and len(type.arguments) == 1:
            return f"{self.text(type.arguments[0], _POSTFIX)}[{',' * (rank - 1)}]"
        postfix = POSTFIX_NAMES.get(symbol)
        if postfix is not None and len(type.arguments) == 1:
            return f"{self.text(type.arguments[0], _POSTFIX)} {postfix}"
        name = short_name(symbol)
        if not type.arguments:
            return name
        arguments = [self.text(argument, _FUNCTION) for argument in type.arguments]
        if symbol in SHORT_NAMES and arguments == ["1"]:
            return name
        return f"{name}<{', '.join(arguments)}>"

    def measure(self, measure: Measure) -> str:
        factors = factors_of(measure)
        above: list[str] = []
        below: list[str] = []
        for atom, exponent in factors.items():
            if isinstance(atom, str):
                name = atom.rpartition(".")[2]
            elif isinstance(atom, TypeParameter):
                name = self.parameter(atom)
            else:
                name = self.variable(atom)
            (above if exponent > 0 else below).append(name + _exponent(abs(exponent)))
        top = " ".join(above)
        if not below:
            return top or "1"
        bottom = below[0] if len(below) == 1 else f"({' '.join(below)})"
        return f"{top or '1'}/{bottom}" if top else f"/{bottom}"


def _exponent(exponent: Fraction) -> str:
    if exponent == 1:
        return ""
    if exponent.denominator == 1:
        return f"^{exponent.numerator}"
    return f"^({exponent.numerator}/{exponent.denominator})"


OPERATOR_SIGNS: dict[str, str] = {
    "op_Addition": "+",
    "op_Subtraction": "-",
    "op_Multiply": "*",
    "op_Division": "/",
    "op_Modulus": "%",
    "op_Exponentiation": "**",
    "op_UnaryNegation": "-",
    "op_UnaryPlus": "+",
    "op_BitwiseAnd": "&&&",
    "op_BitwiseOr": "|||",
    "op_ExclusiveOr": "^^^",
    "op_LogicalNot": "~~~",
    "op_LeftShift": "<<<",
    "op_RightShift": ">>>",
    "op_Equality": "=",
    "op_Inequality": "<>",
    "op_LessThan": "<",
    "op_GreaterThan": ">",
    "op_LessThanOrEqual": "<=",
    "op_GreaterThanOrEqual": ">=",
    "op_PipeRight": "|>",
    "op_PipeLeft": "<|",
    "op_ComposeRight": ">>",
    "op_ComposeLeft": "<<",
    "op_Append": "@",
    "op_Concatenate": "^",
    "op_ColonEquals": ":=",
    "op_Dereference": "!",
    "op_Explicit": "conversion",
    "op_Implicit": "conversion",
}


def written_operator(name: str) -> str:
    """An operator's sign for its compiled name; other names stay."""
    return OPERATOR_SIGNS.get(name) or sign_of(name)
