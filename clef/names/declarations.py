"""Names in declarations and modules.

Comes in: the declarations of a file, in the scope of what stands before them. Goes out: entities,
and what each name means. Promises: a declaration sees earlier ones only, except in `rec` modules
and groups.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from clef.data_classes import dataclass
from clef.diagnostics.names import UnknownModule
from clef.diagnostics.names.placement import (
    AbbreviatedNamespace,
    OpenedQualifiedModule,
    PartialPath,
)
from clef.diagnostics.provision import NamespaceNotProvided
from clef.diagnostics.spelling import closest
from clef.names.attributes import resolve_attributes
from clef.names.augmentations import join_augmentations
from clef.names.bindings import resolve_binding_body
from clef.names.declare import (
    abbreviate_exception,
    attribute_names,
    declare_exception,
    declare_type,
    declare_value,
    is_extension,
    new_module,
    report_repeated,
    show_value,
)
from clef.names.dotnet_names import namespace_elsewhere
from clef.names.entities import (
    LocalBinder,
    ModuleEntity,
    Opened,
    TypeEntity,
    TypeResolution,
    ValueEntity,
)
from clef.names.expressions import EXPRESSIONS
from clef.names.members import (
    resolve_case,
    resolve_extended_type,
    resolve_members,
    resolve_type_definition,
)
from clef.names.patterns import resolve_patterns, resolve_type
from clef.names.resolver import Resolver, modules_named
from clef.names.walk import install, resolve_expression
from clef.names.whereabouts import mended_path
from clef.source import in_library
from clef.syntax import tree
from clef.syntax.node import Node

if TYPE_CHECKING:
    from clef.names.again import Repetition

install(EXPRESSIONS)


@dataclass(slots=True)
class FileState:
    """What the declarations of a file leave in its `ResolvedFile`."""

    resolver: Resolver
    promoted: dict[int, ValueEntity]
    modules: dict[Node, ModuleEntity]
    types: dict[Node, str]
    opened: dict[Node, Opened]
    repetition: Repetition | None = None  # while a single declaration is resolved again


def resolve_declarations(
    state: FileState, declarations: list[tree.Declaration], is_recursive: bool
) -> None:
    """The declarations of one module or namespace, in order; all at once when it is recursive."""
    state.resolver.around.append(declarations)
    if is_recursive:
        from clef.names.recursive_modules import resolve_recursive

        resolve_recursive(state, declarations)
    elif state.repetition is not None:
        for declaration in declarations:
            state.repetition.declaration(state, declaration, declarations)
    else:
        for declaration in declarations:
            resolve_declaration(state, declaration, declarations)
    state.resolver.around.pop()
    if state.repetition is not None:
        return
    join_augmentations(state.resolver, declarations, state.types)


def resolve_declaration(
    state: FileState, node: tree.Declaration, siblings: list[tree.Declaration]
) -> None:
    resolver = state.resolver
    note_opened(state, node)
    match node:
        case tree.LetDeclaration():
            _let(state, node)
        case tree.TypesDeclaration():
            declare_types(state, node)
            resolve_types(state, node)
        case tree.ExceptionDeclaration():
            _exception(state, node)
        case tree.ModuleDeclaration():
            resolve_module(state, node, siblings)
        case tree.ModuleAbbreviation():
            _abbreviation(resolver, node)
        case tree.OpenDeclaration():
            open_module(state, node)
        case tree.OpenTypeDeclaration():
            _open_type(resolver, node)
        case tree.AttributesDeclaration():
            resolve_attributes(resolver, node.attributes)
        case tree.DoDeclaration():
            resolve_attributes(resolver, node.attributes)
            resolve_expression(resolver, node.expression)
        case tree.ExternDeclaration():
            for parameter in node.parameters:
                resolve_type(resolver, parameter.type)
            resolve_type(resolver, node.return_type)
            show_value(resolver, declare_value(resolver, node.name, None, node.access))
        case _:
            pass


def note_opened(state: FileState, node: tree.Declaration) -> None:
    """Inference asks which extension members a declaration can see."""
    scope = state.resolver.scope
    places = zip(scope.opened, scope.opened_at, strict=True)
    state.opened[node] = {
        module.symbol: (place, number) for number, (module, place) in enumerate(places)
    }
    for entity in scope.opened_types:
        state.opened[node].setdefault(entity.symbol, (node.span.start, 0))
    scope.place = node.span.start


def declare_bindings(state: FileState, bindings: list[tree.Binding]) -> list[ValueEntity]:
    resolver = state.resolver
    entities: list[ValueEntity] = []
    for binding in bindings:
        head = binding.head
        if isinstance(head, tree.NameHead):
            entities.append(declare_value(resolver, head.name, binding, binding.access))
            continue
        bound = resolve_patterns(resolver, [head.pattern], resolve_expression)
        for name, binder in bound.items():
            entities.append(_promote(state, name, binder, binding))
    return entities


def _promote(
    state: FileState, name: str, binder: LocalBinder, binding: tree.Binding
) -> ValueEntity:
    written = tree.Name(binder.span, name, name)
    entity = declare_value(state.resolver, written, binding, binder.access or binding.access)
    binder.is_mutable = binding.is_mutable
    state.promoted[binder.id] = entity
    return entity


def _let(state: FileState, node: tree.LetDeclaration) -> None:
    resolver = state.resolver
    report_repeated(resolver, node.bindings)
    entities = declare_bindings(state, node.bindings)
    if node.is_recursive:
        for entity in entities:
            show_value(resolver, entity)
    else:
        resolver.being_defined.extend(entity.name for entity in entities)
    for binding in node.bindings:
        resolve_binding_body(resolver, binding)
    if not node.is_recursive:
        if entities:
            del resolver.being_defined[-len(entities) :]
        for entity in entities:
            show_value(resolver, entity)


def declare_types(state: FileState, node: tree.TypesDeclaration) -> None:
    resolver = state.resolver
    group = {definition.name.parts[-1].text for definition in node.types}
    for definition in node.types:
        if is_extension(definition):
            assert resolver.current is not None
            resolver.current.has_extensions = True
            collect_custom_operations(resolver, definition)
            continue
        _make_union_of_case(resolver, definition, group)
        entity = declare_type(resolver, definition)
        state.types[definition] = entity.symbol
        collect_custom_operations(resolver, definition)


_MEASURES = frozenset({"Measure", "MeasureAnnotatedAbbreviation"})


def _make_union_of_case(
    resolver: Resolver, definition: tree.TypeDefinition, group: set[str]
) -> None:
    """`type T = A` is a union of one case where `A` is no type, or T itself."""
    written = getattr(definition.representation, "type", None)
    if not isinstance(definition.representation, tree.AbbreviationRepresentation):
        return
    if not isinstance(written, tree.NamedType) or written.arguments or len(written.name.parts) > 1:
        return
    name = written.name.parts[0]
    own = definition.name.parts[-1].text
    is_type = name.text in resolver.scope.types or name.text in group
    is_measure = bool(_MEASURES & attribute_names(definition.attributes))
    if not is_measure and (name.text == own or (not is_type and name.text[:1].isupper())):
        case = tree.UnionCase(written.span, [], None, None, name, [])
        definition.representation = tree.UnionRepresentation(written.span, None, [case])


def collect_custom_operations(resolver: Resolver, definition: tree.TypeDefinition) -> None:
    """The words that a builder adds to computation expressions."""
    for member in definition.members:
        if isinstance(member, tree.MethodMember):
            for attribute in member.binding.attributes:
                argument = attribute.argument
                while isinstance(argument, tree.Paren):
                    argument = argument.expression
                if "CustomOperation" in attribute_names([attribute]):
                    first = argument.elements[0] if isinstance(argument, tree.Tuple) else argument
                    given = first.value if isinstance(first, tree.Constant) else None
                    word = given if isinstance(given, str) else ""
                    if word:
                        resolver.environment.custom_operations.add(word)
                    elif isinstance(member.binding.head, tree.NameHead):
                        resolver.environment.custom_operations.add(member.binding.head.name.text)


def resolve_types(state: FileState, node: tree.TypesDeclaration) -> None:
    resolver = state.resolver
    ordered = sorted(
        node.types, key=lambda d: not isinstance(d.representation, tree.AbbreviationRepresentation)
    )
    for definition in ordered:
        if is_extension(definition):
            resolve_extended_type(resolver, definition)
        resolve_type_definition(resolver, definition, _own_entity(state, definition))
        if isinstance(definition.representation, tree.AbbreviationRepresentation):
            _note_abbreviation(state, definition, definition.representation.type)


def _own_entity(state: FileState, definition: tree.TypeDefinition) -> TypeEntity | None:
    """The type that is defined or extended."""
    if isinstance(definition.resolution, TypeResolution):
        return next(iter(definition.resolution.candidates.values()), None)
    return state.resolver.environment.type_entity(state.types.get(definition, ""))


def _note_abbreviation(
    state: FileState, definition: tree.TypeDefinition, written: tree.TypeExpression
) -> None:
    while isinstance(written, tree.ParenType):
        written = written.type
    resolution = written.resolution if isinstance(written, tree.NamedType) else None
    if isinstance(resolution, TypeResolution):
        target = next(iter(resolution.candidates.values()))
        entity = state.resolver.environment.types_by_symbol[state.types[definition]]
        entity.abbreviated = target.symbol


def declare_exception_or_alias(state: FileState, node: tree.ExceptionDeclaration) -> None:
    """`exception E of …`, or `exception E = F`."""
    if not abbreviate_exception(state.resolver, node):
        state.types[node] = declare_exception(state.resolver, node).symbol


def _exception(state: FileState, node: tree.ExceptionDeclaration) -> None:
    resolver = state.resolver
    resolve_case(resolver, node.case)
    declare_exception_or_alias(state, node)
    mark = resolver.scope.enter()
    resolve_members(resolver, node.members)
    resolver.scope.leave(mark)


# Modules and opens --------------------------------------------------------------------------------


def resolve_module(
    state: FileState, node: tree.ModuleDeclaration, siblings: list[tree.Declaration]
) -> None:
    """A module with its declarations."""
    declare_module(
        state,
        node,
        siblings,
        lambda: resolve_declarations(state, node.declarations, node.is_recursive),
        node.is_recursive,
    )


def declare_module(
    state: FileState,
    node: tree.ModuleDeclaration,
    siblings: list[tree.Declaration],
    contents: Callable[[], None],
    knows_itself: bool,
) -> None:
    """A module inside another one; `contents` declares what is in it. Recursive modules see their
    own name."""
    resolver = state.resolver
    resolve_attributes(resolver, node.attributes)
    entity = new_module(resolver, node.name.parts[-1], node.attributes, node.access, siblings)
    state.modules[node] = entity
    outer, outer_path = resolver.current, resolver.module_path
    mark = resolver.scope.enter()
    resolver.current, resolver.module_path = entity, entity.symbol
    if knows_itself:
        resolver.scope.add_module(entity.name, entity)
    contents()
    resolver.current, resolver.module_path = outer, outer_path
    resolver.scope.leave(mark)
    resolver.scope.add_module(entity.name, entity)
    if entity.auto_open:
        resolver.scope.open(entity, resolver.module_path)


def _abbreviation(resolver: Resolver, node: tree.ModuleAbbreviation) -> None:
    targets = modules_at(resolver, node.target)
    if not targets:
        _report_unknown_module(resolver, node.target)
        return
    if all(target.is_namespace for target in targets):
        resolver.report(AbbreviatedNamespace(node.target.span, targets[0].symbol))
    for target in reversed(targets):
        resolver.scope.add_module(node.name.text, target)
    node.resolution = targets[0]


def modules_at(resolver: Resolver, name: tree.LongName) -> list[ModuleEntity]:
    found: list[ModuleEntity] = []
    for module in modules_named(resolver, name.parts[0].text):
        here: ModuleEntity | None = module
        for part in name.parts[1:]:
            here = here.modules.get(part.text) if here is not None else None
        if here is not None and here not in found:
            found.append(here)
    return found


def open_module(state: FileState, node: tree.OpenDeclaration) -> None:
    resolver = state.resolver
    targets = modules_at(resolver, node.name)
    if not targets:
        _report_unknown_module(resolver, node.name)
        return
    if all(target.requires_qualified for target in targets):
        name = ".".join(part.written for part in node.name.parts)
        resolver.report(OpenedQualifiedModule(node.name.span, name))
    if all(_is_partial(resolver, node.name, target) for target in targets):
        resolver.report(PartialPath(node.name.span, targets[0].symbol))
    for target in reversed(targets):
        resolver.scope.open(target, resolver.module_path)
    node.resolution = targets[0]


def _is_partial(resolver: Resolver, name: tree.LongName, target: ModuleEntity) -> bool:
    """Whether a namespace is only found because the one around it is known here."""
    path = ".".join(part.text for part in name.parts).removeprefix("global.")
    whole = (path, f"Microsoft.{path}")  # `Microsoft` is open everywhere
    return target.is_namespace and target.symbol not in whole and not in_library(resolver.path)


def _open_type(resolver: Resolver, node: tree.OpenTypeDeclaration) -> None:
    resolve_type(resolver, node.type)
    resolution = node.type.resolution if isinstance(node.type, tree.NamedType) else None
    if isinstance(resolution, TypeResolution) and isinstance(node.type, tree.NamedType):
        for entity in resolution.candidates.values():
            resolver.scope.opened_types.append(entity)
            resolver.scope.add_contents(entity)
        _show_nested_types(resolver, node.type)


def _show_nested_types(resolver: Resolver, type: tree.NamedType) -> None:
    """Types inside of a type of .NET, which stand in a module of its name."""
    for module in modules_at(resolver, type.name):
        if module.shadows_nothing:
            for by_arity in module.types.values():
                for entity in by_arity.values():
                    resolver.scope.add_type(entity)


def _report_unknown_module(resolver: Resolver, name: tree.LongName) -> None:
    known = [*resolver.scope.modules, *resolver.environment.root.modules]
    written = ".".join(part.written for part in name.parts)
    if len(name.parts) > 1:
        parent = modules_at(resolver, tree.LongName(name.span, name.parts[:-1]))
        known = [inner for module in parent for inner in module.modules]
    elsewhere = namespace_elsewhere(".".join(part.text for part in name.parts))
    if elsewhere is not None:
        resolver.opened_elsewhere.append(elsewhere)
        resolver.report(NamespaceNotProvided(name.span, elsewhere))
        return
    last = name.parts[-1].text
    suggestion = closest(last, [one for one in known if one[:1].casefold() == last[:1].casefold()])
    if suggestion is not None and len(name.parts) > 1:
        suggestion = ".".join([*(part.written for part in name.parts[:-1]), suggestion])
    if suggestion is None:
        parts = [part.text for part in name.parts]
        suggestion = mended_path(resolver.environment.root, parts)
    resolver.report(UnknownModule(name.span, written, suggestion))
