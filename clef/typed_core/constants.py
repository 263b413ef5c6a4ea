"""Values that never change become data of the program.

Comes in: a program before its memory is planned. Goes out: the same program; a record, union case
or tuple of literals is a literal itself where it was made at each evaluation. Promises: only what
cannot be overwritten, of types whose values nobody compares by reference; named locals keep their
bindings, for debuggers.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from clef.typed_core import core
from clef.typed_core.copying import Copier
from clef.typed_core.core import Atom, Constant, Expression, Local, MonoType, Program
from clef.typed_core.nodes import nodes
from clef.typed_core.told_apart import types_told_apart

_KINDS = frozenset(["record", "union", "tuple"])


def make_constants(program: Program) -> Program:
    """The program with constants where constant values were made."""
    code = {name: nodes(function.body) for name, function in program.functions.items()}
    fixed = _Fixed(program, types_told_apart(program, code.values(), code.values))
    functions = dict(program.functions)
    for name, found in code.items():
        if any(one.__class__ is core.Construct and fixed.is_constant(one) for one in found):
            functions[name] = _Maker(fixed).whole(functions[name])
    return dataclasses.replace(program, functions=functions)


class _Fixed:
    """Which types have values that never change and are the same as their copies."""

    def __init__(self, program: Program, told_apart: set[MonoType]) -> None:
        self._program = program
        self._told_apart = told_apart
        self._known: dict[MonoType, bool] = {}

    def is_constant(self, node: Expression) -> bool:
        """Whether a node makes a value of literals."""
        return (
            isinstance(node, core.Construct)
            and all(map(_is_fixed, node.arguments))
            and self.allows(node.type)
        )

    def allows(self, type: MonoType) -> bool:
        """Whether values of a type may be data of the program."""
        found = self._known.get(type)
        if found is None:
            found = self._known[type] = type not in self._told_apart and self._is_immutable(type)
        return found

    def _is_immutable(self, type: MonoType) -> bool:
        shape = self._program.shapes.get(type)
        if shape is None:
            return type.form in ("tuple", "struct_tuple")
        if shape.kind not in _KINDS or shape.placement is not None:
            return False
        fields: Iterable[core.Field] = (
            *shape.fields,
            *(field for case in shape.cases for field in case.fields),
        )
        return not any(field.is_mutable for field in fields)


def _is_fixed(atom: Atom) -> bool:
    """Whether an operand is a literal that is no array, which its owner could write to."""
    return isinstance(atom, core.Literal) and not isinstance(atom.value, bytes)


class _Maker(Copier):
    """The copy of a function with constants."""

    def __init__(self, fixed: _Fixed) -> None:
        super().__init__()
        self._fixed = fixed
        self._constants: dict[Local, Constant] = {}

    def atom(self, node: Atom) -> Atom:
        """Constants take the places of the locals that are bound to them."""
        if isinstance(node, core.Variable) and node.local in self._constants:
            return self.literal(self._constants[node.local], node)
        return super().atom(node)

    def operation(self, node: Expression) -> Expression:
        """A constant in the place of what makes one."""
        made = super().operation(node)
        if isinstance(made, core.Construct) and self._fixed.is_constant(made):
            fields = tuple((one.type, _value(one)) for one in made.arguments)
            return core.Literal(made.id, made.type, made.span, Constant(made.case, fields))
        return made

    def bound(self, node: core.Let, value: Expression) -> None:
        """Notes constants."""
        held = value.value if isinstance(value, core.Literal) else None
        if isinstance(held, Constant) and not node.local.is_mutable:
            self._constants[node.local] = held

    def is_needed(self, local: Local, value: Expression) -> bool:
        """Whether a binding stays: nothing uses one of a constant, but debuggers show its name."""
        is_constant = isinstance(value, core.Literal) and isinstance(value.value, Constant)
        return not is_constant or local.is_mutable or bool(local.name)


def _value(atom: Atom) -> object:
    assert isinstance(atom, core.Literal)
    return atom.value
