"""Notices: what attributes say to those who use a value, type, member, case, field or module.

Comes in: the declarations of a checked file. Goes out: the notices of what it defines, by symbol,
for this file and later ones. Promises: `[<Obsolete>]`, `[<CompilerMessage>]` and `[<Experimental>]`
of everything that has a name; files without them cost one walk over their declarations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from clef.inference.attributes import attribute_name, typed_attributes
from clef.inference.signatures import Notice, TypeSignature
from clef.inference.state import Checker
from clef.inference.typed_tree import Attribute
from clef.names import ResolvedFile
from clef.source import Span
from clef.syntax import tree

_NAMES = frozenset({"Obsolete", "CompilerMessage", "Experimental"})


def field_symbol(type_symbol: str, name: str) -> str:
    """The name under which a field's notice stands."""
    return f"{type_symbol}.{name}"


def note_notices(c: Checker, file: ResolvedFile) -> None:
    """Enter the notices of a file into its interface."""
    found = list(_declared(file, file.tree.declarations))
    if not found:
        return
    symbols = _symbols_by_place(c)
    for attributes, owners in found:
        notice = _notice(c, attributes)
        if notice is None:
            continue
        for name in owners:
            meant = symbols.get(name.start, ()) if isinstance(name, Span) else (name,)
            c.own.notices.update(dict.fromkeys(meant, notice))


_Found = tuple[Sequence[tree.Attribute], list[Span | str]]
"""Attributes, and what has them: by its symbol, or by where its signature says that it stands."""


def _declared(file: ResolvedFile, nodes: Iterable[tree.Declaration]) -> Iterator[_Found]:
    """Attributes of interest."""
    for node in nodes:
        match node:
            case tree.LetDeclaration(bindings=bindings):
                for binding in bindings:
                    yield from _of_binding(binding)
            case tree.TypesDeclaration(types=types):
                for definition in types:
                    yield from _of_type(file, definition)
            case tree.ExceptionDeclaration(case=case):
                symbol = file.types.get(node)
                if symbol is not None and _is_noted(case.attributes):
                    yield case.attributes, [symbol]
            case tree.ModuleDeclaration(attributes=attributes, declarations=inner):
                module = file.modules.get(node)
                if module is not None and _is_noted(attributes):
                    yield attributes, [module.symbol]
                yield from _declared(file, inner)
            case tree.NamespaceDeclaration(declarations=inner):
                yield from _declared(file, inner)
            case _:
                pass


def _is_noted(attributes: Iterable[tree.Attribute]) -> bool:
    return any(attribute_name(one) in _NAMES for one in attributes)


def _of_binding(binding: tree.Binding) -> Iterator[_Found]:
    if not _is_noted(binding.attributes):
        return
    head = binding.head
    if isinstance(head, tree.NameHead):
        yield binding.attributes, [head.name.span, head.span]
    elif isinstance(head.pattern, tree.NamedPattern):
        yield binding.attributes, [head.pattern.name.span]


def _of_type(file: ResolvedFile, node: tree.TypeDefinition) -> Iterator[_Found]:
    symbol = file.types.get(node)
    if symbol is None:
        return
    if _is_noted(node.attributes):
        yield node.attributes, [symbol]
    match node.representation:
        case tree.UnionRepresentation(cases=cases):
            for one in cases:
                if _is_noted(one.attributes):
                    yield one.attributes, [f"{symbol}.{one.name.text}"]
        case tree.RecordRepresentation(fields=fields):
            for entry in fields:
                if entry.name is not None and _is_noted(entry.attributes):
                    yield entry.attributes, [field_symbol(symbol, entry.name.text)]
        case _:
            pass
    for member in node.members:
        yield from _of_member(member)


def _of_member(member: tree.Member) -> Iterator[_Found]:
    match member:
        case tree.MethodMember(binding=binding):
            yield from _of_binding(binding)
        case tree.PropertyMember(getter=getter, setter=setter):
            for accessor in (getter, setter):
                if accessor is not None:
                    yield from _of_binding(accessor)
        case tree.AutoPropertyMember(attributes=attributes, name=name):
            if _is_noted(attributes):
                yield attributes, [name.span]
        case tree.ConstructorMember(attributes=attributes, span=span):
            if _is_noted(attributes):
                yield attributes, [span]
        case tree.AbstractMember(signature=signature):
            if _is_noted(signature.attributes):
                yield signature.attributes, [signature.span]
        case _:
            pass


def _symbols_by_place(c: Checker) -> Mapping[int, list[str]]:
    """What the file defines, by where its name stands."""
    found: dict[int, list[str]] = {}
    for symbol, value in c.own.values.items():
        found.setdefault(value.span.start, []).append(symbol)
    for type in c.own.types.values():
        _add_members(found, type)
    for group in c.own.extensions.values():
        for member in group:
            if member.span is not None:
                found.setdefault(member.span.start, []).append(member.symbol)
    return found


def _add_members(found: dict[int, list[str]], type: TypeSignature) -> None:
    for group in type.members.values():
        for member in group:
            if member.span is not None:
                found.setdefault(member.span.start, []).append(member.symbol)


def _notice(c: Checker, nodes: Sequence[tree.Attribute]) -> Notice | None:
    """What the attributes say; the first one that says something."""
    for one in typed_attributes(c, [n for n in nodes if attribute_name(n) in _NAMES]):
        text = one.arguments[0] if one.arguments and isinstance(one.arguments[0], str) else ""
        match one.name:
            case "Obsolete":
                is_error = len(one.arguments) > 1 and one.arguments[1] is True
                return Notice("obsolete", text, 101 if is_error else 44, is_error)
            case "CompilerMessage":
                return _message(one, text)
            case _:
                return Notice("experimental", text, 57)
    return None


def _message(attribute: Attribute, text: str) -> Notice | None:
    number = attribute.arguments[1] if len(attribute.arguments) > 1 else 0
    if attribute.named.get("IsHidden") is True and not text:
        return None
    is_error = attribute.named.get("IsError") is True
    return Notice("message", text, number if isinstance(number, int) else 0, is_error)
