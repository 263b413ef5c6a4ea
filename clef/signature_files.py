"""Signature files: what the other files of a program see of the file of the same name.

Comes in: the tree of a `.fsi` file, and what its implementation defines. Goes out: the
implementation's tables, in which what the signature does not name is hidden, and a message for each
name that only the signature has. Promises: the implementation itself is checked as it stands; its
own types are what other files see of the values that are named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from clef.diagnostics import Diagnostic
from clef.diagnostics.names.signature_files import MissingDefinition, SignatureDiffers
from clef.inference.signatures import FileSignatures, TypeSignature
from clef.names.entities import ModuleEntity, TypeEntity
from clef.signature_shapes import exception_difference, type_difference, value_difference
from clef.syntax import tree

SUFFIXES = (".fsi", ".clefi")


@dataclass(slots=True)
class _Work:
    """`hidden`: the place that is told to own what is hidden; no other file is inside it."""

    interface: FileSignatures
    hidden: str = ""
    found: list[Diagnostic] = field(default_factory=list[Diagnostic])

    def differs(self, name: tree.Name, defined: str | None) -> None:
        """Report how something is defined otherwise than its signature says, if it is."""
        if defined is not None:
            self.found.append(SignatureDiffers(name.span, name.written, defined))


def is_signature_file(path: str) -> bool:
    """Whether a source is a signature, by its name."""
    return path.endswith(SUFFIXES)


def belongs_to(signature: str, implementation: str) -> bool:
    """Whether a signature file describes a source file."""
    return Path(signature).with_suffix("") == Path(implementation).with_suffix("")


def conceal(
    signature: tree.File, root: ModuleEntity, interface: FileSignatures, path: str
) -> list[Diagnostic]:
    """Hide what the signature does not name."""
    work = _Work(interface)
    for declaration in signature.declarations:
        if not isinstance(declaration, tree.ModuleDeclaration | tree.NamespaceDeclaration):
            continue
        module = _module_at(root, declaration.name)
        if module is None:
            assert declaration.name is not None
            work.found.append(MissingDefinition(declaration.name.span, declaration.name.text))
            continue
        work.hidden = f"{module.symbol}.{Path(path).stem}"
        _module(work, module, declaration.declarations)
    return work.found


def _module_at(root: ModuleEntity, name: tree.LongName | None) -> ModuleEntity | None:
    here: ModuleEntity | None = root
    for part in name.parts if name is not None else ():
        here = here.modules.get(part.text) if here is not None else None
    return here


def _module(work: _Work, module: ModuleEntity, named: list[tree.Declaration]) -> None:
    values = {one.name.text: one for one in named if isinstance(one, tree.ValueSignature)}
    for name, value in module.values.items():
        if name not in values:
            value.private_to = work.hidden
    for name, declaration in values.items():
        entity = module.values.get(name)
        if entity is None:
            work.found.append(MissingDefinition(declaration.name.span, declaration.name.written))
            continue
        defined = work.interface.values.get(entity.symbol)
        if defined is not None:
            work.differs(declaration.name, value_difference(declaration, defined))
    _types(work, module, named)
    inner = [one for one in named if isinstance(one, tree.ModuleDeclaration)]
    for one in inner:
        found = _module_at(module, one.name)
        if found is None:
            work.found.append(MissingDefinition(one.name.span, one.name.text))
        else:
            _module(work, found, one.declarations)
    listed = {one.name.text for one in inner}
    for name, hidden in module.modules.items():
        if name not in listed and not hidden.is_namespace:
            _module(work, hidden, [])


def _types(work: _Work, module: ModuleEntity, named: list[tree.Declaration]) -> None:
    groups = [one.types for one in named if isinstance(one, tree.TypesDeclaration)]
    types = {(t.name.parts[-1].text, _arity(t)): t for group in groups for t in group}
    exceptions = {
        one.case.name.text: one for one in named if isinstance(one, tree.ExceptionDeclaration)
    }
    for name, exception in exceptions.items():
        _exception(work, module.types.get(name, {}).get(0), exception)
    for name, by_arity in module.types.items():
        for arity, entity in by_arity.items():
            definition = types.pop((name, arity), None)
            if definition is not None:
                _representation(work, entity, definition)
            elif name not in exceptions:
                entity.private_to = work.hidden
                _hide(work.interface.types.get(entity.symbol), work.hidden, ())
    for definition in types.values():
        last = definition.name.parts[-1]
        if not isinstance(definition.representation, tree.ExtensionRepresentation):
            work.found.append(MissingDefinition(last.span, last.written))


def _exception(work: _Work, entity: TypeEntity | None, declared: tree.ExceptionDeclaration) -> None:
    name = declared.case.name
    signature = work.interface.types.get(entity.symbol) if entity is not None else None
    if signature is None:
        work.found.append(MissingDefinition(name.span, name.written))
    elif declared.abbreviation is None:
        count = sum(not one.is_static for one in signature.fields.values())
        work.differs(name, exception_difference(declared, signature.kind, count))


def _arity(definition: tree.TypeDefinition) -> int:
    parameters = definition.type_parameters
    return len(parameters.parameters) if parameters is not None else 0


def _representation(work: _Work, entity: TypeEntity, definition: tree.TypeDefinition) -> None:
    """A type that is named: its cases and fields stay visible if the signature has them."""
    signature = work.interface.types.get(entity.symbol)
    members = [
        one.signature.name.text
        for one in definition.members
        if isinstance(one, tree.SignatureMember | tree.AbstractMember)
    ]
    shape = definition.representation
    if signature is not None:
        _compare(work, signature, definition)
    if isinstance(shape, tree.DelegateRepresentation):
        return  # Invoke is its only member
    if isinstance(shape, tree.OpaqueRepresentation | tree.ClassRepresentation):
        if entity.kind not in ("interface", "measure", "abbreviation", "delegate"):
            _hide(signature, work.hidden, members)
    elif signature is not None:
        _hide_members(signature, members)


def _compare(work: _Work, signature: TypeSignature, definition: tree.TypeDefinition) -> None:
    """Fields and cases must be the same, in the same order; members must be there."""
    last = definition.name.parts[-1]
    shape = definition.representation
    defined: list[str] | None = None
    named: list[str] = []
    if isinstance(shape, tree.RecordRepresentation):
        named = [one.name.text for one in shape.fields if one.name is not None]
        in_order = sorted(signature.fields.values(), key=lambda one: one.index)
        defined = [one.name for one in in_order if signature.kind == "record" and not one.is_static]
    elif isinstance(shape, tree.UnionRepresentation):
        named = [f"{case.name.text}/{_field_count(case)}" for case in shape.cases]
        cases = signature.cases if signature.kind == "union" else {}
        defined = [f"{name}/{len(case.fields)}" for name, case in cases.items()]
    if defined is not None and named != defined:
        shown = ", ".join(f"`{one.partition('/')[0]}`" for one in defined) or "nothing of this kind"
        work.found.append(SignatureDiffers(last.span, last.written, shown))
    else:
        work.differs(last, type_difference(definition, signature))
    for member in definition.members:
        if isinstance(member, tree.SignatureMember):
            name = member.signature.name
            known = {one.property for group in signature.members.values() for one in group}
            wanted = ".ctor" if name.text in ("new", ".ctor") else name.text
            if wanted not in signature.members and wanted not in known:
                work.found.append(MissingDefinition(name.span, f"{last.written}.{name.written}"))


def _field_count(case: tree.UnionCase) -> int:
    return len(case.fields)


def _hide(signature: TypeSignature | None, hidden: str, members: Iterable[str]) -> None:
    if signature is not None:
        signature.hidden_in = hidden
        _hide_members(signature, members)


def _hide_members(signature: TypeSignature, named: Iterable[str]) -> None:
    shown = set(named)
    for name, group in signature.members.items():
        for member in group:
            if name not in shown and member.property not in shown and not member.is_override:
                member.access = "private"
