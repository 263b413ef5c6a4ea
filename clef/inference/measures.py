"""Units of measure: the free Abelian group with rational exponents, and unification in it.

Comes in: measures with inference variables. Goes out: products, powers, and solved variables.
Promises: a measure that
leaves here is normalised (each atom once, no zero exponents); unification finds the most general
solution (Kennedy 1996).
"""

from __future__ import annotations

from fractions import Fraction

from clef.inference.state import Checker, Undo
from clef.inference.types import (
    ERROR,
    NO_MEASURE,
    Measure,
    ParameterType,
    Type,
    TypeParameter,
    TypeVariable,
)

Atom = str | TypeParameter | TypeVariable
Factors = dict[Atom, Fraction]


def factors_of(type: Type) -> Factors:
    """The factors of a measure, a measure variable or parameter, with solved variables replaced."""
    factors: Factors = {}
    _add(factors, type, Fraction(1))
    return factors


def _add(factors: Factors, type: Type, power: Fraction) -> None:
    if isinstance(type, TypeVariable):
        if type.link is not None:
            _add(factors, type.link, power)
        else:
            _bump(factors, type, power)
    elif isinstance(type, ParameterType):
        _bump(factors, type.parameter, power)
    elif isinstance(type, Measure):
        for atom, exponent in type.factors:
            if isinstance(atom, TypeVariable):
                _add(factors, atom, exponent * power)
            else:
                _bump(factors, atom, exponent * power)


def _bump(factors: Factors, atom: Atom, power: Fraction) -> None:
    total = factors.get(atom, Fraction(0)) + power
    if total:
        factors[atom] = total
    else:
        factors.pop(atom, None)


def _order(item: tuple[Atom, Fraction]) -> tuple[int, str, int]:
    atom = item[0]
    if isinstance(atom, str):
        return (0, atom, 0)
    if isinstance(atom, TypeParameter):
        return (1, atom.path, atom.id)
    return (2, "", atom.id)


def from_factors(factors: Factors) -> Type:
    """The measure with these factors; a lone variable or parameter stands for itself."""
    if not factors:
        return NO_MEASURE
    if len(factors) == 1:
        (atom, exponent) = next(iter(factors.items()))
        if exponent == 1 and not isinstance(atom, str):
            return atom if isinstance(atom, TypeVariable) else ParameterType(atom)
    return Measure(tuple(sorted(factors.items(), key=_order)))


def product(left: Type, right: Type, right_power: Fraction | int = 1) -> Type:
    """`left * right ^ right_power`."""
    factors = factors_of(left)
    _add(factors, right, Fraction(right_power))
    return from_factors(factors)


def power(base: Type, exponent: Fraction | int) -> Type:
    """`base ^ exponent`."""
    factors: Factors = {}
    _add(factors, base, Fraction(exponent))
    return from_factors(factors)


def normal(type: Type) -> Type:
    """A measure with solved variables replaced."""
    return from_factors(factors_of(type))


def is_one(type: Type) -> bool:
    """Whether a measure is certainly dimensionless."""
    return not factors_of(type)


def unify_measures(c: Checker, left: Type, right: Type) -> bool:
    """Make two measures equal by solving one variable, if that is possible."""
    if left == ERROR or right == ERROR:
        return True
    factors = factors_of(left)
    _add(factors, right, Fraction(-1))
    if not factors:
        return True
    chosen = _choose(factors)
    if chosen is None:
        return False
    exponent = factors.pop(chosen)
    solution: Factors = {atom: -other / exponent for atom, other in factors.items()}
    for atom in solution:
        if isinstance(atom, TypeVariable) and atom.level > chosen.level:
            _record(c, atom)
            atom.level = chosen.level
    _record(c, chosen)
    chosen.link = from_factors(solution)
    return True


def _choose(factors: Factors) -> TypeVariable | None:
    """The variable to solve: the innermost, so that outer ones stay as they are."""
    best: TypeVariable | None = None
    for atom, exponent in factors.items():
        if isinstance(atom, TypeVariable) and (
            best is None
            or (atom.level, -abs(exponent), atom.id) > (best.level, -abs(factors[best]), best.id)
        ):
            best = atom
    return best


def _record(c: Checker, variable: TypeVariable) -> None:
    if c.trail is not None:
        c.trail.append(
            Undo(
                variable,
                variable.link,
                variable.level,
                variable.constraints,
                variable.waiting,
                variable.is_static,
            )
        )
