"""Data classes that are cheap to define.

Comes in: a class body with annotated fields. Goes out: what `dataclasses.dataclass` makes of it.
Promises: the same fields, constructors, comparisons and texts; `dataclasses` writes each of them
when it is first used, because writing them for some hundred classes, of which a command uses a
third, was most of what importing the compiler took. Type checkers see the standard module, and are
what keeps frozen classes from being changed: refusing it at run time doubles the time of making an
instance, so that only tests do (`CLEF_GUARD_FROZEN`). Instances of frozen classes, and those whose
class asks for it (`by_fields`), are pickled as calls of their constructors, in a third of the time.
"""

from __future__ import annotations

import dataclasses
import os
import threading
from collections.abc import Callable
from dataclasses import field
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass

__all__ = ["by_fields", "dataclass", "field"]

_GUARDED = bool(os.environ.get("CLEF_GUARD_FROZEN"))

# What is made together: the constructor with the facts about fields, and each of the others.
_WITH_FIELDS = ("__init__", "__dataclass_fields__", "__dataclass_params__")
_PLAIN = {"init": False, "repr": False, "eq": False}
_OPTIONS = {
    **{name: {**_PLAIN, "init": True} for name in _WITH_FIELDS},
    "__repr__": {**_PLAIN, "repr": True},
    "__eq__": {**_PLAIN, "eq": True},
    "__hash__": {**_PLAIN, "eq": True},
}
# A class may be needed by two threads at once, and finishing it finishes its bases.
_finishing = threading.RLock()


class _Deferred:
    """An attribute of a class that is made when it is read."""

    __slots__ = ("name", "plan")

    def __init__(self, plan: _Plan, name: str) -> None:
        self.plan = plan
        self.name = name

    def __get__(self, instance: object, owner: object) -> Any:
        return self.plan.made(self.name)


class _Plan:
    """How to finish a class: the class as it was written, and what is still to be made."""

    __slots__ = ("deferred", "final", "frozen", "written")

    def __init__(self, written: type, frozen: bool, eq: bool) -> None:
        self.written = written
        self.final: type = written
        self.frozen = frozen
        wanted = ["__repr__", *_WITH_FIELDS]
        if eq:
            wanted += ["__eq__", "__hash__"] if frozen else ["__eq__"]
        self.deferred = {name for name in wanted if not _defines(written, name)}

    def made(self, name: str) -> Any:
        """A method or attribute of the finished class."""
        with _finishing:
            if name in self.deferred:
                self._make(name)
        return self.final.__dict__[name]

    def _make(self, name: str) -> None:
        """Have `dataclasses` write it for a copy of the class without slots, which has never
        instances.
        """
        kind, body = type(self.written), dict(_body(self.written))
        body["__doc__"] = "Would be the signature, which is dear to make."
        copy = kind(self.written.__name__, self.written.__bases__, body)
        done: Any = dataclasses.dataclass(frozen=self.frozen, **_OPTIONS[name])(copy)
        if name in _WITH_FIELDS and self.frozen and not _GUARDED:
            done.__init__ = _plain_constructor(done)
        for made in _WITH_FIELDS if name in _WITH_FIELDS else (name,):
            if made in self.deferred:
                self.deferred.remove(made)
                setattr(self.final, made, done.__dict__[made])

    def stub(self, name: str) -> Any:
        """A method that has itself replaced by the right one at the first call."""

        def method(self_: object, *arguments: object, **named: object) -> object:
            return self.made(name)(self_, *arguments, **named)

        return method


def _plain_constructor(cls: Any) -> Callable[..., None]:
    """The constructor of a frozen class as that of one that is not frozen would be."""
    parameters, lines = ["self"], [""]
    names: dict[str, Any] = {"missing": dataclasses.MISSING}
    for one in dataclasses.fields(cls):
        name, made = one.name, f"made_{one.name}"
        value = name
        if one.default_factory is not dataclasses.MISSING:
            names[made] = one.default_factory
            value = f"{made}() if {name} is missing else {name}" if one.init else f"{made}()"
            parameters += [f"{name}=missing"] if one.init else []
        elif one.default is not dataclasses.MISSING:
            names[made] = one.default
            value = name if one.init else made
            parameters += [f"{name}={made}"] if one.init else []
        elif one.init:
            parameters.append(name)
        else:
            continue
        lines.append(f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    exec(f"def __init__({', '.join(parameters)}):" + "\n    ".join([*lines, "pass"]), names)
    constructor: Callable[..., None] = names["__init__"]
    return constructor


def _body(written: type) -> dict[str, Any]:
    return {k: v for k, v in written.__dict__.items() if k not in ("__dict__", "__weakref__")}


def _defines(written: type, name: str) -> bool:
    if name == "__hash__" and written.__dict__.get(name) is None:
        return False  # Python itself writes None beside `__eq__`
    return name in written.__dict__


def _refuse_setting(instance: object, name: str, value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_deleting(instance: object, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _set_state(instance: object, state: tuple[None, dict[str, object]]) -> None:
    """Take what `object` itself gives as the state of an instance with slots."""
    put = object.__setattr__
    for name, value in state[1].items():
        put(instance, name, value)


_arguments: dict[type, Callable[[object], tuple[object, ...]]] = {}


def by_fields(instance: object) -> tuple[Any, ...]:
    """A `__reduce__` for classes whose constructors take all there is, and whose instances are not
    among their own parts unless something else lies between.
    """
    cls = instance.__class__
    arguments = _arguments.get(cls)
    if arguments is None:
        arguments = _arguments[cls] = _reader(getattr(cls, "__match_args__", ()))
    return cls, arguments(instance)


def _reader(names: tuple[str, ...]) -> Callable[[object], tuple[object, ...]]:
    """What reads these attributes."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda instance: tuple([getattr(instance, name) for name in names])


def _parameters(written: type, own: list[str]) -> tuple[str, ...]:
    """The names of the constructor's parameters in order, those of the bases first."""
    left_out = {
        name
        for name in own
        if isinstance(value := written.__dict__.get(name), dataclasses.Field) and not value.init
    }
    inherited: tuple[str, ...] = getattr(written, "__match_args__", ())
    return (*inherited, *(n for n in own if n not in inherited and n not in left_out))


def _slots(written: type, own: list[str]) -> tuple[str, ...]:
    """The fields that no base has a place for."""
    taken = {name for base in written.__mro__[1:] for name in getattr(base, "__slots__", ())}
    return tuple(name for name in own if name not in taken)


def _defined(written: type, frozen: bool, eq: bool) -> type:
    annotations: dict[str, str] = written.__annotations__
    own = [name for name, text in annotations.items() if not text.startswith("ClassVar[")]
    body = _body(written)
    for name in own:
        body.pop(name, None)
    body["__slots__"] = _slots(written, own)
    body["__match_args__"] = _parameters(written, own)
    plan = _Plan(written, frozen, eq)
    for name in plan.deferred:
        is_attribute = name in _WITH_FIELDS[1:]
        body[name] = _Deferred(plan, name) if is_attribute else plan.stub(name)
    if eq and not frozen and not _defines(written, "__hash__"):
        body["__hash__"] = None
    if frozen and _GUARDED:
        body.update(__setattr__=_refuse_setting, __delattr__=_refuse_deleting)
        body.setdefault("__setstate__", _set_state)
    if frozen and "__post_init__" not in body:
        body.setdefault("__reduce__", by_fields)
    plan.final = type(written)(written.__name__, written.__bases__, body)
    plan.final.__qualname__ = written.__qualname__
    return plan.final


if not TYPE_CHECKING:

    def dataclass(*, slots: bool, frozen: bool = False, eq: bool = True) -> Any:
        """`dataclasses.dataclass` for classes with slots whose annotations are texts."""
        assert slots, "a class without slots gains nothing here"

        def decorate(written: type) -> type:
            return _defined(written, frozen, eq)

        return decorate
