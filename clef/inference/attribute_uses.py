"""Attributes that the program defines: how they are made, how often, and on what.

Comes in: the declarations of a file, whose types are known. Goes out: a report for each argument
that the attribute's constructor does not take or that is no constant (F# FS0001, FS0267, FS0495),
for an attribute that stands twice (FS0429), for one that is meant for something else (FS0842), and
for one that nothing follows (FS3158).
Promises: attributes of the library are made without looking at their arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from clef.diagnostics.typing import NotAConstant
from clef.diagnostics.typing.attributes import MisplacedAttribute
from clef.inference.attributes import attribute_name
from clef.inference.constants import NOT_CONSTANT, fold
from clef.inference.expressions.types_as_heads import construct
from clef.inference.signatures import TypeSignature
from clef.inference.state import Checker
from clef.inference.types import NamedType
from clef.names.entities import TypeResolution
from clef.source import in_library
from clef.syntax import tree

_Owner = tuple[Sequence[tree.Attribute], str]

_CLASS, _STRUCT, _ENUM, _CONSTRUCTOR, _METHOD, _PROPERTY, _FIELD, _EVENT = (
    1 << place for place in (2, 3, 4, 5, 6, 7, 8, 9)
)
_INTERFACE, _PARAMETER, _DELEGATE, _RETURN = 1 << 10, 1 << 11, 1 << 12, 1 << 13
_TARGETS = {
    "a type": _CLASS | _STRUCT | _ENUM | _INTERFACE | _DELEGATE,
    "a module": _CLASS,
    "a value of a module": _METHOD | _PROPERTY | _FIELD | _RETURN,
    "a member": _METHOD | _PROPERTY | _FIELD | _RETURN | _EVENT | _CONSTRUCTOR,
    "a parameter": _PARAMETER,
}
_ALL = 32767


def check_attribute_uses(c: Checker, declarations: Iterable[tree.Declaration]) -> None:
    """All attributes of these declarations and of what is in them."""
    _followed(c, list(declarations))
    for attributes, what in _owners(declarations):
        seen: set[tuple[str | None, str]] = set()
        for node in attributes:
            signature = _defined(c, node)
            name = signature.symbol if signature is not None else attribute_name(node)
            usage = _usage(c, signature)
            is_single = signature is not None or name in _SINGLE
            shown = name.rpartition(".")[2]
            if is_single and not usage[1] and (node.target, name) in seen:
                owner, way_out = f"{what} that has it already", "keep one of the two"
                c.report(MisplacedAttribute(node.span, shown, owner, way_out))
            seen.add((node.target, name))
            if signature is not None:
                _made(c, node, signature)
                if node.target is None and not usage[0] & _TARGETS[what]:
                    way_out = "its `AttributeUsage` says what it is for"
                    c.report(MisplacedAttribute(node.span, shown, what, way_out))


_SINGLE = frozenset(
    {"Obsolete", "Struct", "Literal", "AbstractClass", "Sealed", "Measure", "AutoOpen"}
)


def _followed(c: Checker, declarations: list[tree.Declaration]) -> None:
    """An attribute without a target stands in front of something."""
    for node, following in zip(declarations, [*declarations[1:], None], strict=False):
        match node:
            case tree.ModuleDeclaration(declarations=inner):
                _followed(c, inner)
            case tree.NamespaceDeclaration(declarations=inner):
                _followed(c, inner)
            case tree.AttributesDeclaration(attributes=attributes):
                if attributes[0].target is None and not isinstance(following, tree.DoDeclaration):
                    name, way_out = attribute_name(attributes[0]), "write what it is for behind it"
                    c.report(MisplacedAttribute(node.span, name, "nothing", way_out))
            case _:
                pass


def _defined(c: Checker, node: tree.Attribute) -> TypeSignature | None:
    """The type of an attribute that the program defines."""
    if not isinstance(node.resolution, TypeResolution):
        return None
    entity = next(iter(node.resolution.candidates.values()))
    return None if in_library(entity.span.path) else c.type_named(entity.symbol)


def _usage(c: Checker, signature: TypeSignature | None) -> tuple[int, bool]:
    """What an attribute may stand on, and whether it may stand there twice."""
    definition = c.file.types.get(signature.symbol) if signature is not None else None
    if definition is None:
        return _ALL, signature is not None and signature.symbol not in c.own_types
    for one in definition.attributes:
        if one.name == "AttributeUsage":
            targets = one.arguments[0] if one.arguments else _ALL
            is_many = one.named.get("AllowMultiple") is True
            return (targets if isinstance(targets, int) else _ALL), is_many
    return _ALL, signature is not None and signature.base != NamedType("System.Attribute")


# Construction -------------------------------------------------------------------------------------


def _made(c: Checker, node: tree.Attribute, signature: TypeSignature) -> None:
    """An attribute is an object made of constants."""
    if signature.is_abstract:
        return
    outer_module, outer_scope = c.module, c.type_scope
    c.module, c.type_scope = signature.symbol.rpartition(".")[0], {}
    first = len(c.pending)
    c.level += 1
    argument = node.argument or tree.Constant(node.span, None, tree.LiteralKind.UNIT)
    before = len(c.diagnostics)
    construct(c, signature, signature.self_type(), argument, node.span, None)
    c.level -= 1
    del c.pending[first:]
    c.module, c.type_scope = outer_module, outer_scope
    if len(c.diagnostics) > before:
        return
    for value in _values(node.argument):
        if not _is_constant(c, value):
            c.report(NotAConstant(value.span, "an argument of an attribute"))


def _values(argument: tree.Expression | None) -> Iterator[tree.Expression]:
    while isinstance(argument, tree.Paren):
        argument = argument.expression
    if argument is None or _is_unit(argument):
        return
    for part in argument.elements if isinstance(argument, tree.Tuple) else [argument]:
        match part:
            case tree.Application(
                function=tree.Application(function=tree.Identifier(name=name)), argument=value
            ) if name.text == "op_Equality":
                yield value
            case _:
                yield part


def _is_unit(node: tree.Expression) -> bool:
    return isinstance(node, tree.Constant) and node.kind is tree.LiteralKind.UNIT


def _is_constant(c: Checker, node: tree.Expression) -> bool:
    match node:
        case (
            tree.Paren(expression=inner)
            | tree.Typed(expression=inner)
            | tree.Upcast(expression=inner)
        ):
            return _is_constant(c, inner)
        case tree.Constant(kind=kind):
            return kind not in (tree.LiteralKind.UNIT, tree.LiteralKind.BIGINT)
        case tree.ArrayLiteral(elements=items):
            return all(_is_constant(c, one) for one in items)
        case tree.TypeApplication(function=tree.Identifier(name=name)):
            return name.text in ("typeof", "typedefof")
        case _:
            return fold(c, node) is not NOT_CONSTANT


# What has attributes ------------------------------------------------------------------------------


def _owners(declarations: Iterable[tree.Declaration]) -> Iterator[_Owner]:
    for node in declarations:
        match node:
            case tree.LetDeclaration(bindings=bindings):
                for binding in bindings:
                    yield from _binding(binding, "a value of a module")
            case tree.TypesDeclaration(types=types):
                for definition in types:
                    yield definition.attributes, "a type"
                    for member in definition.members:
                        yield from _member(member)
            case tree.ModuleDeclaration(attributes=attributes, declarations=inner):
                yield attributes, "a module"
                yield from _owners(inner)
            case tree.NamespaceDeclaration(declarations=inner):
                yield from _owners(inner)
            case _:
                pass


def _member(member: tree.Member) -> Iterator[_Owner]:
    match member:
        case tree.MethodMember(binding=binding):
            yield from _binding(binding, "a member")
        case tree.PropertyMember(name=name, getter=getter, setter=setter):
            for accessor in (getter, setter):
                if accessor is not None:
                    # Those of the property are in both of them, in front of their own.
                    own = [one for one in accessor.attributes if one.span.start > name.span.end]
                    yield [one for one in accessor.attributes if one not in own], "a member"
                    yield own, "a member"
                    yield from _arguments(accessor)
        case tree.AutoPropertyMember(attributes=attributes):
            yield attributes, "a member"
        case _:
            pass


def _binding(binding: tree.Binding, what: str) -> Iterator[_Owner]:
    yield binding.attributes, what
    yield from _arguments(binding)


def _arguments(binding: tree.Binding) -> Iterator[_Owner]:
    if isinstance(binding.head, tree.NameHead):
        for argument in binding.head.arguments:
            yield from _parameters(argument)


def _parameters(pattern: tree.Pattern) -> Iterator[_Owner]:
    match pattern:
        case tree.ParenPattern(pattern=inner) | tree.TypedPattern(pattern=inner):
            yield from _parameters(inner)
        case tree.TuplePattern(elements=elements):
            for one in elements:
                yield from _parameters(one)
        case tree.AttributedPattern(attributes=attributes, pattern=inner):
            yield attributes, "a parameter"
            yield from _parameters(inner)
        case _:
            pass
