"""Data classes that finish themselves later are those of the standard module.

In: the same class bodies under both decorators. Out: nothing that tells them apart.
"""

from __future__ import annotations

import copy
import dataclasses
import importlib
import os
import pickle
import pkgutil
import subprocess
import sys
import threading
from typing import Any, ClassVar, Generic, TypeVar

import pytest

import clef
from clef import data_classes
from clef.inference.types import Constraint, NamedType, ParameterType, TypeParameter
from clef.source import Span

T = TypeVar("T")


def _family(decorator: Any) -> dict[str, Any]:
    """Classes of every form that the compiler uses."""

    @decorator(frozen=True, slots=True)
    class Base:
        kind: ClassVar[str] = "base"
        place: int

        def text(self) -> str:
            return f"{self.kind} {self.place}"

    @decorator(frozen=True, slots=True)
    class Derived(Base):
        kind: ClassVar[str] = "derived"
        name: str = "none"
        parts: tuple[int, ...] = ()

    @decorator(slots=True)
    class Mutable(Generic[T]):
        first: T
        items: list[int] = dataclasses.field(default_factory=list)
        hidden: int = dataclasses.field(default=3, repr=False, compare=False)
        total: int = dataclasses.field(init=False)

        def __post_init__(self) -> None:
            self.total = sum(self.items)

    @decorator(slots=True, eq=False)
    class Node:
        span: int

    @decorator(slots=True, eq=False)
    class Leaf(Node):
        text: str = "leaf"
        span: int = 7

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Leaf) and self.text == other.text

        def __hash__(self) -> int:
            return hash(self.text)

    return {cls.__name__: cls for cls in (Base, Derived, Mutable, Node, Leaf)}


OURS, THEIRS = _family(data_classes.dataclass), _family(dataclasses.dataclass)


def _instances(family: dict[str, Any]) -> list[Any]:
    return [
        family["Base"](1),
        family["Derived"](2, parts=(1, 2)),
        family["Derived"](place=2, name="x"),
        family["Mutable"]("a"),
        family["Mutable"]("a", [1, 2], hidden=9),
        family["Leaf"](),
        family["Leaf"](8, "t"),
    ]


def test_instances_look_alike() -> None:
    for ours, theirs in zip(_instances(OURS), _instances(THEIRS), strict=True):
        assert repr(ours) == repr(theirs)
        assert dataclasses.astuple(ours) == dataclasses.astuple(theirs)
        assert type(ours).__match_args__ == type(theirs).__match_args__
        assert set(type(ours).__slots__) == set(type(theirs).__slots__)
        assert not hasattr(ours, "__dict__")
        assert repr(dataclasses.replace(ours)) == repr(ours)


def test_equality_and_hashing() -> None:
    again = zip(_instances(OURS), _instances(OURS), strict=True)
    for (one, same), theirs in zip(again, _instances(THEIRS), strict=True):
        assert one == same and one != theirs
        if type(theirs).__hash__ is None:
            with pytest.raises(TypeError):
                hash(one)
        else:
            assert hash(one) == hash(same) == hash(theirs)
    ours = OURS["Mutable"]("a", [], hidden=1), OURS["Mutable"]("a", [], hidden=2)
    assert ours[0] == ours[1] and "hidden" not in repr(ours[0])
    assert OURS["Node"](1) != OURS["Node"](1)


def test_frozen_and_wrong_calls() -> None:
    one = OURS["Derived"](1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.place = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del one.name
    with pytest.raises(TypeError):
        OURS["Derived"]()
    assert copy.copy(one) == one == copy.deepcopy(one)
    assert one.text() == "derived 1"


def test_fields_before_any_instance() -> None:
    fresh = _family(data_classes.dataclass)
    names = [field.name for field in dataclasses.fields(fresh["Mutable"])]
    assert names == ["first", "items", "hidden", "total"]
    assert dataclasses.is_dataclass(fresh["Leaf"])


def test_first_uses_at_the_same_moment() -> None:
    for _ in range(20):
        fresh = _family(data_classes.dataclass)
        texts: list[str] = []
        start = threading.Barrier(4)

        def use(
            family: dict[str, Any] = fresh, texts: list[str] = texts, start: Any = start
        ) -> None:
            start.wait()
            texts.append(repr(family["Derived"](1)))

        threads = [threading.Thread(target=use) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(texts) == 4 and len(set(texts)) == 1


def test_every_class_of_the_compiler() -> None:
    """Slots and parameters were found without `dataclasses`; it would find the same."""
    modules = [
        importlib.import_module(module.name)
        for module in pkgutil.walk_packages(clef.__path__, "clef.")
        if not module.name.endswith("__main__")
    ]
    classes = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and "__dataclass_fields__" in value.__dict__
    }
    assert len(classes) > 400
    for one in classes:
        fields = dataclasses.fields(one)
        assert one.__match_args__ == tuple(f.name for f in fields if f.init), one
        slots = {name for base in one.__mro__ for name in getattr(base, "__slots__", ())}
        assert slots == {field.name for field in fields}, one


def test_pickles() -> None:
    from clef.inference.types import FunctionType, NamedType

    type_ = FunctionType(NamedType("A", (NamedType("B"),)), NamedType("C"))
    assert pickle.loads(pickle.dumps(type_)) == type_


def test_pickles_are_calls_of_constructors_and_may_hold_rings() -> None:
    """A parameter's constraint may speak of the parameter."""
    parameter = TypeParameter(1, "T", "a.clef")
    reference = ParameterType(parameter)
    bound = NamedType("System.IComparable`1", (reference,))
    parameter.constraints.append(Constraint("subtype", bound))
    copy = pickle.loads(pickle.dumps(reference))
    assert copy == reference and copy.parameter is not parameter
    inner = copy.parameter.constraints[0].type
    assert inner.arguments[0].parameter is copy.parameter
    assert Span.__reduce__(Span("a", 1, 2)) == (Span, ("a", 1, 2))


def test_frozen_classes_are_guarded_only_where_asked_for() -> None:
    """Everything else is the same, for derived classes too, in whatever order it is first used."""
    program = """
from clef.diagnostics.typing import TypeMismatch, UnknownField
from clef.source import Span
span = Span('a', 1, 2)
made = UnknownField(span, 'Height', 'Shape', None)
print(made.title() != '', hash(made) == hash(UnknownField(span, 'Height', 'Shape', None)))
print(repr(made) == repr(UnknownField(span, 'Height', 'Shape', None)), made == made)
print(made in {made}, repr(span), made != UnknownField(span, 'Width', 'Shape', None))
try:
    span.start = 3
except AttributeError:
    print('refused')
"""
    same = "True True\nTrue True\nTrue Span(path='a', start=1, end=2) True\n"
    for guard, printed in (("1", same + "refused\n"), ("", same)):
        environment = {**os.environ, "CLEF_GUARD_FROZEN": guard}
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert done.stdout == printed, done.stderr
