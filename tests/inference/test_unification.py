"""Unification, trials and the algebra of measures, without a library."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from clef.inference.measures import from_factors, is_one, power, product, unify_measures
from clef.inference.signatures import FileSignatures, Signatures
from clef.inference.state import Checker
from clef.inference.typed_tree import TypedFile
from clef.inference.types import FunctionType, Measure, NamedType, TupleType, Type
from clef.inference.unification import begin_trial, end_trial, prune, resolve, unify
from clef.inference.well_known import FLOAT, INT, STRING, list_of

METRE = Measure((("m", Fraction(1)),))
SECOND = Measure((("s", Fraction(1)),))


def new_checker() -> Checker:
    return Checker("t", Signatures(), FileSignatures("t"), {}, {}, TypedFile("t", {}, {}, []))


def test_a_variable_is_solved() -> None:
    c = new_checker()
    a = c.fresh()
    assert unify(c, FunctionType(a, list_of(a)), FunctionType(INT, list_of(INT)))
    assert prune(a) == INT


def test_different_types_do_not_agree() -> None:
    c = new_checker()
    assert not unify(c, INT, STRING)
    assert not unify(c, TupleType((INT, INT)), TupleType((INT, INT, INT)))


def test_a_type_never_contains_itself() -> None:
    c = new_checker()
    a = c.fresh()
    assert not unify(c, a, list_of(a))


def test_a_trial_is_taken_back() -> None:
    c = new_checker()
    a, b = c.fresh(), c.fresh()
    assert unify(c, a, b)
    before = begin_trial(c)
    assert unify(c, a, INT)
    assert resolve(b) == INT
    end_trial(c, before, keep=False)
    assert unify(c, b, STRING)
    assert resolve(a) == STRING


def test_levels_are_lowered() -> None:
    c = new_checker()
    outer = c.fresh()
    c.level = 3
    inner = c.fresh()
    assert unify(c, outer, list_of(inner))
    assert inner.level == 0


def test_dimensionless_numbers_have_no_argument() -> None:
    c = new_checker()
    measure = c.fresh_measure()
    assert unify(c, NamedType(FLOAT.symbol, (measure,)), FLOAT)
    assert resolve(NamedType(FLOAT.symbol, (measure,))) == FLOAT


def test_measures_are_solved_by_powers() -> None:
    c = new_checker()
    u = c.fresh_measure()
    assert unify_measures(c, power(u, 2), product(METRE, METRE))
    assert resolve(u) == METRE
    assert not unify_measures(c, METRE, SECOND)


EXPONENTS = st.dictionaries(
    st.sampled_from(["m", "s", "kg"]), st.integers(-3, 3).filter(bool).map(Fraction)
)


@given(EXPONENTS, EXPONENTS, EXPONENTS)
def test_measures_form_an_abelian_group(
    x: dict[str, Fraction], y: dict[str, Fraction], z: dict[str, Fraction]
) -> None:
    a, b, d = (from_factors(dict(one)) for one in (x, y, z))
    assert product(a, b) == product(b, a)
    assert product(product(a, b), d) == product(a, product(b, d))
    assert is_one(product(a, a, -1))


TYPES: st.SearchStrategy[Type] = st.recursive(
    st.sampled_from([INT, FLOAT, STRING]),
    lambda inner: st.one_of(
        inner.map(list_of),
        st.tuples(inner, inner).map(lambda pair: FunctionType(*pair)),
        st.lists(inner, min_size=2, max_size=3).map(lambda items: TupleType(tuple(items))),
    ),
    max_leaves=8,
)


@given(TYPES, TYPES)
def test_closed_types_agree_exactly_when_equal(left: Type, right: Type) -> None:
    c = new_checker()
    assert unify(c, left, right) == (left == right)
    variable = c.fresh()
    assert unify(c, variable, left)
    assert resolve(variable) == left
