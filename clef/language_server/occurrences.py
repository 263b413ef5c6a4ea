"""Every name of a file and what it means.

Comes in: a resolved file, its typed nodes and the types that it declares. Goes out: `Occurrence`s.
Promises: two occurrences have the same key exactly when they name the same thing, in whatever file
they stand; a name that means nothing has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clef.data_classes import dataclass
from clef.inference.signatures import TypeSignature
from clef.inference.types import NamedType
from clef.language_server.typed_places import TypedPlaces, plain
from clef.names import ResolvedFile
from clef.names import entities as meaning
from clef.source import Span
from clef.syntax import tree
from clef.syntax.member_names import name_of_member
from clef.syntax.traversal import walk


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A name in the text. `kind`: module, type, case, exception, value, function, local, parameter,
    field, member or activePattern."""

    span: Span
    key: str
    kind: str
    name: str
    is_definition: bool = False


Found = Iterator[Occurrence]


def occurrences_of(
    resolved: ResolvedFile, places: TypedPlaces, types: Mapping[str, TypeSignature]
) -> list[Occurrence]:
    """All occurrences, in the order of the text."""
    reader = _Reader(resolved, places, types)
    found = {(o.span.start, o.span.end): o for o in reader.all() if o.span.end > o.span.start}
    return sorted(found.values(), key=lambda o: (o.span.start, o.span.end))


class _Reader:
    """Reads the meanings that the names stage wrote, and those of members from typed nodes."""

    def __init__(
        self, resolved: ResolvedFile, places: TypedPlaces, types: Mapping[str, TypeSignature]
    ) -> None:
        self.resolved = resolved
        self.places = places
        self.types = types
        self.path = resolved.path

    def all(self) -> Found:
        for node, resolution in self.resolved.table.items():
            if isinstance(node, tree.Name):
                yield from self.meant([node], resolution, is_definition=True)
            elif isinstance(node, tree.FieldPattern):
                yield from self.meant(node.name.parts, resolution)
        for node in walk(self.resolved.tree):
            yield from self.node(node)

    def node(self, node: tree.Node) -> Found:
        match node:
            case tree.Identifier(name=name, resolution=resolution):
                yield from self.chain(name.parts, resolution)
            case tree.DotGet(name=name):
                yield from self.members(name.parts)
            case tree.NamedPattern(name=written, resolution=resolution):
                binds = isinstance(resolution, meaning.LocalResolution)
                yield from self.meant([written], resolution, is_definition=binds)
            case tree.ConstructorPattern(name=name, resolution=resolution):
                yield from self.meant(name.parts, resolution)
            case tree.NamedType(name=name, resolution=resolution):
                yield from self.meant(name.parts, resolution)
            case tree.RecordField(name=name, resolution=resolution):
                yield from self.meant(name.parts, resolution)
            case tree.OpenDeclaration(name=name):
                yield from self.path_of_modules(name.parts)
            case tree.ModuleDeclaration():
                yield from self.module(node)
            case tree.TypeDefinition():
                yield from self.type_definition(node)
            case tree.ExceptionDeclaration(case=case) if node in self.resolved.types:
                yield self.defined(case.name, self.resolved.types[node], "exception")
            case _:
                pass

    # Uses -----------------------------------------------------------------------------------------

    def chain(self, parts: list[tree.Name], resolution: object) -> Found:
        """`A.B.value.Member.Other`: what names resolved, then members."""
        yield from self.meant(parts, resolution)
        used = getattr(resolution, "parts", 0)
        yield from self.members(parts[used:])

    def members(self, parts: list[tree.Name]) -> Found:
        for part in parts:
            use = self.places.member(part.text, part.span)
            if use is not None:
                kind = "field" if use.owner else "member"
                yield Occurrence(part.span, use.symbol, kind, part.text)

    def meant(
        self, parts: list[tree.Name], resolution: object, is_definition: bool = False
    ) -> Found:
        """The part that a resolution is about, and the modules or the type in front of it."""
        count = min(getattr(resolution, "parts", 1), len(parts)) or 1
        last = parts[count - 1]
        found = self.entity(last, resolution)
        if found is None:
            return
        key, kind = found
        yield Occurrence(last.span, key, kind, last.text, is_definition)
        owner = key.rpartition(".")[0]
        for part in reversed(parts[: count - 1]):
            is_type = owner in self.types or kind in ("case", "field", "member")
            yield Occurrence(part.span, owner, "type" if is_type else "module", part.text)
            owner, kind = owner.rpartition(".")[0], ""

    def entity(self, name: tree.Name, resolution: object) -> tuple[str, str] | None:
        match resolution:
            case meaning.LocalResolution(binder=binder):
                return self.local(binder)
            case meaning.ValueResolution(entity=entity):
                return entity.symbol, "value"
            case meaning.CaseResolution(entity=entity):
                return entity.symbol, "case"
            case meaning.ExceptionResolution(entity=entity):
                return entity.symbol, "exception"
            case meaning.ActivePatternResolution(entity=entity):
                return f"{entity.value or self.path}|{entity.name}", "activePattern"
            case meaning.TypeResolution(candidates=candidates) if candidates:
                return next(iter(candidates.values())).symbol, "type"
            case meaning.FieldResolution(candidates=candidates) if candidates:
                return self.field(name, [c.type_symbol for c in candidates])
            case _:
                return None

    def local(self, binder: meaning.LocalBinder) -> tuple[str, str]:
        promoted = self.resolved.promoted.get(binder.id)
        if promoted is not None:
            return promoted.symbol, "value"
        return f"{self.path}#{binder.id}", "local"

    def field(self, name: tree.Name, owners: list[str]) -> tuple[str, str]:
        """Among the records that have the field, the one that inference chose."""
        owner = owners[0]
        if len(owners) > 1:
            around = [
                type_.symbol
                for type_ in self.places.types_around(name.span)
                if isinstance(type_, NamedType) and type_.symbol in owners
            ]
            owner = around[0] if around else owner
        return f"{owner}.{name.text}", "field"

    def path_of_modules(self, parts: list[tree.Name]) -> Found:
        symbol = ""
        for part in parts:
            symbol = f"{symbol}.{part.text}" if symbol else part.text
            yield Occurrence(part.span, symbol, "module", part.text)

    # Definitions ----------------------------------------------------------------------------------

    def defined(self, name: tree.Name, key: str, kind: str) -> Occurrence:
        return Occurrence(name.span, key, kind, name.text, True)

    def module(self, node: tree.ModuleDeclaration) -> Found:
        entity = self.resolved.modules.get(node)
        if entity is not None:
            yield self.defined(node.name.parts[-1], entity.symbol, "module")

    def type_definition(self, node: tree.TypeDefinition) -> Found:
        symbol = self.resolved.types.get(node)
        signature = self.types.get(symbol or "")
        if symbol is None:
            return
        yield self.defined(node.name.parts[-1], symbol, "type")
        representation = node.representation
        if isinstance(representation, tree.UnionRepresentation):
            for case in representation.cases:
                yield self.defined(case.name, f"{symbol}.{case.name.text}", "case")
        if isinstance(representation, tree.EnumRepresentation):
            for value in representation.cases:
                yield self.defined(value.name, f"{symbol}.{value.name.text}", "member")
        if isinstance(representation, tree.RecordRepresentation):
            for one in representation.fields:
                if one.name is not None:
                    yield self.defined(one.name, f"{symbol}.{one.name.text}", "field")
        if signature is not None:
            for member in node.members:
                yield from self.member(member, signature)

    def member(self, node: tree.Member, owner: TypeSignature) -> Found:
        if isinstance(node, tree.FieldMember):
            if node.field.name is not None:
                yield self.defined(
                    node.field.name, f"{owner.symbol}.{node.field.name.text}", "field"
                )
            return
        name = name_of_member(node)
        if name is None:
            return
        for signature in owner.members.get(name.text, ()):
            span = signature.span
            if span is not None and span.start <= name.span.start and name.span.end <= span.end:
                yield self.defined(name, plain(signature.symbol), "member")
                return
