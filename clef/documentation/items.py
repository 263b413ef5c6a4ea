"""What there is to document: modules with their values and types.

Comes in: the checked files of a project and their sources. Goes out: `Module`s of `Item`s.
Promises: only what other projects can use; in the order of the text; every item with the comment
that stands above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from clef.checked_unit import CheckedUnit
from clef.data_classes import dataclass, field
from clef.inference.signatures import MemberSignature, TypeSignature, ValueSignature
from clef.language_server.describe import (
    comment_above,
    member_text,
    shown_name,
    type_text,
    value_text,
)
from clef.names.files import file_module_name
from clef.source import SourceFile, Span
from clef.syntax import parse, tree


@dataclass(slots=True)
class Item:
    """A value, type, member, case or field. `comment` is as written."""

    kind: str
    symbol: str
    name: str
    signature: str
    span: Span | None
    comment: str = ""
    inner: list[Item] = field(default_factory=list["Item"])


@dataclass(slots=True)
class Module:
    """A module or a namespace."""

    name: str
    span: Span
    comment: str = ""
    items: list[Item] = field(default_factory=list[Item])


def modules_of(
    units: Sequence[CheckedUnit], sources: Mapping[str, SourceFile], symbols: frozenset[str]
) -> list[Module]:
    """All modules that have something public, by name."""
    found = {one.name: one for source in sources.values() for one in _declared(source, symbols)}
    for unit in units:
        for value in unit.values.values():
            owner = value.symbol.rpartition(".")[0] if "." in value.symbol else ""
            module = found.get(_owner(value.symbol, value.name) or owner)
            if module is not None and value.access == "public" and "@" not in value.name:
                module.items.append(_value(value, sources))
        for type in unit.types.values():
            module = found.get(_owner(type.symbol.partition("`")[0], type.name))
            if module is not None and type.access == "public":
                module.items.append(_type(type, sources))
    for module in found.values():
        module.items.sort(key=lambda item: item.span.start if item.span is not None else 0)
    return sorted((one for one in found.values() if one.items), key=lambda one: one.name)


def _owner(symbol: str, name: str) -> str:
    return symbol.removesuffix(name).removesuffix(".")


def _declared(source: SourceFile, symbols: frozenset[str]) -> Iterator[Module]:
    """The modules of a file."""
    parsed, _ = parse(source, symbols)
    loose = [d for d in parsed.declarations if not isinstance(d, tree.NamespaceDeclaration)]
    top = any(isinstance(d, tree.ModuleDeclaration) and d.is_top_level for d in loose)
    prefix = "" if top or len(loose) < len(parsed.declarations) else file_module_name(source.path)
    if prefix:
        yield Module(prefix, source.span(0, 0), _first_comment(source))
    yield from _below(source, parsed.declarations, prefix)


def _below(
    source: SourceFile, declarations: Sequence[tree.Declaration], prefix: str
) -> Iterator[Module]:
    for one in declarations:
        if not isinstance(one, tree.ModuleDeclaration | tree.NamespaceDeclaration):
            continue
        if one.name is None:
            continue
        path = ".".join(part.text for part in one.name.parts)
        name = f"{prefix}.{path}" if prefix else path
        is_private = isinstance(one, tree.ModuleDeclaration) and one.access is not None
        if not is_private:
            yield Module(name, one.span, comment_above(source, one.span.start))
            yield from _below(source, one.declarations, name)


def _first_comment(source: SourceFile) -> str:
    lines: list[str] = []
    for line in source.text.splitlines():
        if not line.startswith("///"):
            break
        lines.append(line[3:].removeprefix(" "))
    # What touches a declaration belongs to it.
    following = source.text.splitlines()[len(lines) : len(lines) + 1]
    return "\n".join(lines) if following == [""] else ""


def _comment(span: Span | None, sources: Mapping[str, SourceFile]) -> str:
    source = sources.get(span.path) if span is not None else None
    return comment_above(source, span.start) if source is not None and span is not None else ""


def _value(value: ValueSignature, sources: Mapping[str, SourceFile]) -> Item:
    kind = "function" if value.arity else "value"
    name = shown_name(value.name)
    comment = _comment(value.span, sources)
    return Item(kind, value.symbol, name, value_text(value), value.span, comment)


def _type(type: TypeSignature, sources: Mapping[str, SourceFile]) -> Item:
    comment = _comment(type.span, sources)
    item = Item(type.kind, type.symbol, type.name, type_text(type), type.span, comment)
    seen: set[str] = set()
    for members in type.members.values():
        for member in members:
            if member.access == "public" and member.symbol not in seen and member.span is not None:
                seen.add(member.symbol)
                inner = _member(member, sources)
                # A constructor in the head of the type stands below the same comment.
                inner.comment = "" if inner.comment == comment else inner.comment
                item.inner.append(inner)
    item.inner.sort(key=lambda one: one.span.start if one.span is not None else 0)
    return item


def _member(member: MemberSignature, sources: Mapping[str, SourceFile]) -> Item:
    name = member.property or ("new" if member.kind == "constructor" else shown_name(member.name))
    comment = _comment(member.span, sources)
    return Item("member", member.symbol, name, member_text(member), member.span, comment)
