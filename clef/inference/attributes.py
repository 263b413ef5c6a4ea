"""Attributes: their names and constant arguments.

Comes in: attributes of the syntax tree. Goes out: typed attributes. Promises: attributes are known
by their last name, without
the suffix `Attribute`.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.diagnostics.typing import MisplacedCallerInformation, NotProvided, NotSupportedYet
from clef.inference import typed_tree as typed
from clef.inference.constants import fold
from clef.inference.state import Checker
from clef.inference.type_text import show
from clef.inference.types import NamedType, Type, TypeVariable
from clef.inference.unification import prune, unify
from clef.inference.well_known import INT, STRING
from clef.syntax import tree


def attribute_name(node: tree.Attribute) -> str:
    """The last part of an attribute's name."""
    written = node.type
    if isinstance(written, tree.NamedType):
        return written.name.parts[-1].text.removesuffix("Attribute")
    return ""


def has_attribute(attributes: Iterable[tree.Attribute], *names: str) -> bool:
    """Whether one of the names is among the attributes."""
    return any(attribute_name(node) in names for node in attributes)


def find_attribute(attributes: Iterable[tree.Attribute], name: str) -> tree.Attribute | None:
    """The first attribute of a name."""
    return next((node for node in attributes if attribute_name(node) == name), None)


def text_argument(attributes: Iterable[tree.Attribute], name: str) -> str | None:
    """The first argument of an attribute if it is a string."""
    node = find_attribute(attributes, name)
    if node is None:
        return None
    parts = _parts(node.argument)
    if parts and isinstance(parts[0], tree.Constant) and isinstance(parts[0].value, str):
        return parts[0].value
    return None


def named_text(attributes: Iterable[tree.Attribute], name: str, argument: str) -> str | None:
    """The string that an attribute gives to one of its named arguments: `EntryPoint = "puts"`."""
    node = find_attribute(attributes, name)
    for part in _parts(node.argument if node is not None else None):
        written, value = _named(part)
        if written == argument and isinstance(value, tree.Constant):
            return value.value if isinstance(value.value, str) else None
    return None


def _parts(argument: tree.Expression | None) -> list[tree.Expression]:
    while isinstance(argument, tree.Paren):
        argument = argument.expression
    if argument is None:
        return []
    if isinstance(argument, tree.Constant) and argument.kind is tree.LiteralKind.UNIT:
        return []
    return argument.elements if isinstance(argument, tree.Tuple) else [argument]


def default_value(c: Checker, attributes: list[tree.Attribute]) -> tuple[bool, object]:
    """Whether an argument may be left out by `[<Optional>]`, and what it is then."""
    if not has_attribute(attributes, "Optional"):
        return False, None
    node = find_attribute(attributes, "DefaultParameterValue")
    parts = _parts(node.argument) if node is not None else []
    return True, fold(c, parts[0]) if parts else None


def typed_attributes(c: Checker, nodes: Iterable[tree.Attribute]) -> list[typed.Attribute]:
    """All attributes with what could be folded of their arguments, and what the module around
    promises."""
    found: list[typed.Attribute] = []
    for node in nodes:
        arguments: list[object] = []
        named: dict[str, object] = {}
        for part in _parts(node.argument):
            name, value = _named(part)
            constant = _folded(c, value)
            if name is None:
                arguments.append(constant)
            else:
                named[name] = constant
        name = attribute_name(node)
        if name == "ReflectedDefinition":
            c.report(NotProvided(node.span, f"`[<{name}>]`", "take it away, with what asks for it"))
        found.append(typed.Attribute(name, arguments, named))
    if c.promises_no_heap:
        found.append(typed.Attribute("NoHeap", [], {}))
    return found


def _folded(c: Checker, node: tree.Expression) -> object:
    """A constant, or a tuple of those of an array."""
    while isinstance(node, tree.Paren):
        node = node.expression
    if isinstance(node, tree.ArrayLiteral):
        return tuple(fold(c, one) for one in node.elements)
    return fold(c, node)


_EXPLICIT_LAYOUT = 2  # System.Runtime.InteropServices.LayoutKind.Explicit


def check_layout(c: Checker, attributes: list[tree.Attribute]) -> None:
    """Refuse a `StructLayout` that would change where fields lie: Clef places them itself."""
    node = find_attribute(attributes, "StructLayout")
    if node is None:
        return
    layout = typed_attributes(c, [node])[0]
    if layout.arguments and layout.arguments[0] == _EXPLICIT_LAYOUT:
        instead = "give each view of the bytes a function, such as `BitConverter.DoubleToInt64Bits`"
        c.report(NotSupportedYet(node.span, "a type whose fields have written places", instead))
    elif {"Pack", "Size"} & layout.named.keys():
        instead = "write the bytes one by one, with `BinaryWriter` or `BitConverter`"
        c.report(NotSupportedYet(node.span, "a type of written packing or size", instead))


def caller_information(
    c: Checker, attributes: list[tree.Attribute], type: Type, is_optional: bool, has_default: bool
) -> str:
    """What a call fills in for a parameter that is left out: line, file or member."""
    for name, (kind, wanted) in _CALLER_INFORMATION.items():
        node = find_attribute(attributes, name)
        if node is None:
            continue
        found = prune(type)
        if is_optional and isinstance(found, NamedType) and found.arguments:
            found = prune(found.arguments[0])
        if isinstance(found, TypeVariable):
            unify(c, found, wanted)
            found = wanted
        if not (is_optional or has_default) or found != wanted:
            c.report(MisplacedCallerInformation(node.span, name, show(wanted)))
            return ""
        return kind
    return ""


_CALLER_INFORMATION = {
    "CallerMemberName": ("member", STRING),
    "CallerLineNumber": ("line", INT),
    "CallerFilePath": ("file", STRING),
}


def _named(node: tree.Expression) -> tuple[str | None, tree.Expression]:
    if isinstance(node, tree.Application) and isinstance(node.function, tree.Application):
        head = node.function.function
        left = node.function.argument
        if (
            isinstance(head, tree.Identifier)
            and head.name.text == "op_Equality"
            and isinstance(left, tree.Identifier)
        ):
            return left.name.parts[-1].text, node.argument
    return None, node
