"""The names of types, before anything that they are made of is known.

Comes in: the definition of a type as it is written. Goes out: a `Draft`: its signature with its
name, parameters, kind and flags. Promises: all types of a group have their shells before one is
filled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clef.data_classes import dataclass, field
from clef.inference import typed_tree as typed
from clef.inference.attributes import (
    check_layout,
    has_attribute,
    text_argument,
    typed_attributes,
)
from clef.inference.signatures import (
    TypeSignature,
)
from clef.inference.state import Checker
from clef.inference.types import (
    Measure,
    Type,
    TypeParameter,
)
from clef.inference.written_constraints import declare_parameters
from clef.names.declare import type_kind
from clef.names.entities import Opened
from clef.syntax import tree

if TYPE_CHECKING:
    pass


Home = tuple[str, Opened | None]
"""The module of a declaration, and the modules that are open there."""


@dataclass(slots=True)
class Draft:
    """A type definition on its way."""

    node: tree.TypeDefinition | tree.ExceptionDeclaration
    signature: TypeSignature
    scope: dict[str, Type]
    definition: typed.TypeDefinition
    members: list[tree.Member]
    attributes: list[tree.Attribute]
    extra: list[typed.Definition] = field(default_factory=list[typed.Definition])
    home: Home = ("", None)
    starts_itself: bool = False  # its static part runs when it is first used


@dataclass(slots=True)
class Outer:
    """What surrounds the group."""

    scope: dict[str, Type]
    implicit: dict[str, Type] | None
    module: str
    opened: Opened | None

    def restore(self, c: Checker) -> None:
        c.type_scope, c.implicit_types = self.scope, self.implicit
        c.module, c.opened = self.module, self.opened


def enter(c: Checker, draft: Draft) -> None:
    c.type_scope, c.implicit_types = draft.scope, None
    c.module, c.opened = draft.home


def shell(c: Checker, node: tree.TypeDefinition | tree.ExceptionDeclaration) -> Draft:
    symbol = c.type_symbols[node]
    scope: dict[str, Type] = {}
    if isinstance(node, tree.ExceptionDeclaration):
        name = node.case.name
        signature = TypeSignature(symbol, name.text, "exception", (), name.span)
        signature.is_sealed = True
        attributes: list[tree.Attribute] = node.case.attributes
        kind = "exception"
        parameters: tuple[TypeParameter, ...] = ()
    else:
        name = node.name.parts[-1]
        outer, c.type_scope = c.type_scope, scope
        parameters = declare_parameters(c, node.type_parameters)
        c.type_scope = outer
        kind = type_kind(node)
        attributes = node.attributes
        signature = TypeSignature(symbol, name.text, kind, parameters, name.span)
        signature.access = (node.access or tree.Access.PUBLIC).value
    _flags(signature, attributes, kind)
    if kind == "measure":
        from fractions import Fraction

        signature.measure = Measure(((symbol, Fraction(1)),))
    c.own_types[symbol] = signature
    definition = typed.TypeDefinition(symbol, kind, parameters, node.span)
    definition.attributes = typed_attributes(c, attributes)
    check_layout(c, attributes)
    definition.full_name = _full_name(c, symbol)
    definition.is_struct = signature.is_struct
    definition.is_hidden = _is_hidden(node)
    definition.builtin = signature.builtin = text_argument(attributes, "Builtin")
    c.file.types[symbol] = definition
    return Draft(node, signature, scope, definition, node.members, attributes)


def _is_hidden(node: tree.TypeDefinition | tree.ExceptionDeclaration) -> bool:
    written = [
        getattr(node, "access", None),
        getattr(getattr(node, "representation", None), "access", None),
    ]
    return any(one not in (None, tree.Access.PUBLIC) for one in written)


def _full_name(c: Checker, symbol: str) -> str:
    """Modules are classes to .NET, so types in them are nested types."""
    prefix = f"{c.namespace}." if c.namespace else ""
    if not symbol.startswith(prefix):
        return symbol
    return prefix + symbol[len(prefix) :].replace(".", "+")


def _flags(signature: TypeSignature, attributes: list[tree.Attribute], kind: str) -> None:
    signature.is_struct = kind in ("struct", "enum") or has_attribute(attributes, "Struct")
    signature.is_byref_like = has_attribute(attributes, "IsByRefLike")
    signature.is_sealed = kind not in ("class", "interface") or has_attribute(attributes, "Sealed")
    signature.is_abstract = has_attribute(attributes, "AbstractClass")
    signature.allows_null = has_attribute(attributes, "AllowNullLiteral")
    signature.has_case_tests = not has_attribute(attributes, "DefaultAugmentation")
    if kind == "builtin":
        name = text_argument(attributes, "Builtin") or ""
        signature.is_struct = name not in ("object", "string", "array", "unit")
        signature.is_sealed = name != "object"
