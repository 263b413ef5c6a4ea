"""Entities from declarations.

Comes in: declarations of one module. Goes out: entities, entered into the module and made visible.
Promises: symbols are
unique; a module that shares its name with a type gets the suffix `Module`, as in F#.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from clef.diagnostics.names import DuplicateDefinition, InvalidActivePattern
from clef.diagnostics.names.placement import InvalidTypeName
from clef.names.entities import (
    ActivePatternEntity,
    CaseEntity,
    ExceptionEntity,
    ExceptionResolution,
    FieldEntity,
    LocalBinder,
    ModuleEntity,
    TypeEntity,
    UnresolvedName,
    ValueEntity,
    ValueResolution,
)
from clef.names.expression_lookup import look_up_expression
from clef.names.resolver import Resolver
from clef.source import Span, in_library
from clef.syntax import tree

_SEPARATING: Final = frozenset('.+$&[]/\\*"`')


def attribute_names(attributes: list[tree.Attribute]) -> set[str]:
    """The last names of attributes, without `Attribute`."""
    names: set[str] = set()
    for attribute in attributes:
        if isinstance(attribute.type, tree.NamedType):
            names.add(attribute.type.name.parts[-1].text.removesuffix("Attribute"))
    return names


def join(path: str, name: str) -> str:
    """A symbol below another; the root's path is empty."""
    return f"{path}.{name}" if path else name


def _module(resolver: Resolver) -> ModuleEntity:
    assert resolver.current is not None
    return resolver.current


def private_owner(resolver: Resolver, access: tree.Access | None) -> str:
    """The module that a private definition belongs to; empty when it is not private."""
    return resolver.module_path if access is tree.Access.PRIVATE else ""


# Values -------------------------------------------------------------------------------------------


def active_pattern_cases(
    name: str,
    value: str | None,
    span: Span,
    binder: LocalBinder | None = None,
    parameters: int = 0,
) -> list[ActivePatternEntity]:
    """The case names that a recogniser `|A|B|` or `|A|_|` defines."""
    parts = [part for part in name.split("|") if part]
    is_partial = parts[-1:] == ["_"]
    cases = parts[:-1] if is_partial else parts
    return [
        ActivePatternEntity(case, value, index, len(cases), is_partial, span, binder, parameters)
        for index, case in enumerate(cases)
    ]


def report_repeated(resolver: Resolver, bindings: list[tree.Binding]) -> None:
    """Bindings joined by `and` have names of their own."""
    if len(bindings) == 1:
        return
    seen: dict[str, Span] = {}
    for binding in bindings:
        head = binding.head
        if not isinstance(head, tree.NameHead) or head.this is not None:
            continue
        name = head.name
        if name.text in seen and name.text != "_":
            earlier = seen[name.text]
            resolver.report(DuplicateDefinition(name.span, "value", name.written, earlier))
        seen.setdefault(name.text, name.span)


def report_active_pattern(resolver: Resolver, name: tree.Name) -> None:
    """At most seven cases, and only one if it may fail."""
    parts = [part for part in name.text.split("|") if part]
    is_partial = parts[-1:] == ["_"]
    count = len(parts) - is_partial
    if count > (1 if is_partial else 7):
        resolver.report(InvalidActivePattern(name.span, count, is_partial))


def parameter_count(binding: tree.Binding | None) -> int:
    """How many arguments a recogniser takes before its value, by the form of its definition."""
    if binding is None or not isinstance(binding.head, tree.NameHead):
        return 0
    count = len(binding.head.arguments)
    body = binding.value
    while isinstance(body, tree.Lambda | tree.Paren):
        if isinstance(body, tree.Lambda):
            count += len(body.patterns)
            body = body.body
        else:
            body = body.expression
    if isinstance(body, tree.Function):
        count += 1
    return max(0, count - 1)


def declare_value(
    resolver: Resolver, name: tree.Name, binding: tree.Binding | None, access: tree.Access | None
) -> ValueEntity:
    """Make the entity of a module-level value; not yet visible (see `show_value`)."""
    module = _module(resolver)
    earlier = module.values.get(name.text)
    if earlier is not None and earlier.span.path == resolver.path:
        resolver.report(DuplicateDefinition(name.span, "value", name.written, earlier.span))
    if name.text.startswith("|"):
        report_active_pattern(resolver, name)
    attributes = attribute_names(binding.attributes) if binding is not None else set[str]()
    entity = ValueEntity(
        join(resolver.module_path, name.text),
        name.text,
        name.span,
        is_literal="Literal" in attributes,
        is_mutable=binding is not None and binding.is_mutable,
        access=(access or tree.Access.PUBLIC).value,
        private_to=private_owner(resolver, access),
        parameters=parameter_count(binding) if name.text.startswith("|") else 0,
    )
    resolver.table[name] = ValueResolution(entity, 1)
    return entity


def show_value(resolver: Resolver, entity: ValueEntity) -> None:
    """Enter a value into its module and make it visible."""
    module = _module(resolver)
    module.values[entity.name] = entity
    resolver.scope.add_item(entity.name, entity)
    if entity.is_literal:
        resolver.scope.add_pattern(entity.name, entity)
    else:
        resolver.scope.hide_pattern(entity.name)
    if entity.name.startswith("|"):
        for case in active_pattern_cases(
            entity.name, entity.symbol, entity.span, parameters=entity.parameters
        ):
            earlier = module.named_case(case.name)
            case.behind = None if isinstance(earlier, ActivePatternEntity) else earlier
            module.cases[case.name] = case
            resolver.scope.add_pattern(case.name, case)


# Types --------------------------------------------------------------------------------------------


def type_arity(node: tree.TypeDefinition) -> int:
    return len(node.type_parameters.parameters) if node.type_parameters is not None else 0


def type_symbol(path: str, name: str, arity: int) -> str:
    """`Path.Name` or "Path.Name`2"."""
    symbol = join(path, name)
    return f"{symbol}`{arity}" if arity else symbol


def is_extension(node: tree.TypeDefinition) -> bool:
    return isinstance(node.representation, tree.ExtensionRepresentation)


def type_kind(node: tree.TypeDefinition) -> str:
    """The kind of a type by its representation, attributes and members (F# specification §8)."""
    attributes = attribute_names(node.attributes)
    if "Measure" in attributes:
        return "measure"
    match node.representation:
        case tree.RecordRepresentation():
            return "record"
        case tree.UnionRepresentation():
            return "union"
        case tree.EnumRepresentation():
            return "enum"
        case tree.DelegateRepresentation():
            return "delegate"
        case tree.AbbreviationRepresentation():
            return "abbreviation"
        case tree.ClassRepresentation(kind=kind):
            return _class_kind(node, kind, attributes)
        case _:
            return "class"


def _class_kind(node: tree.TypeDefinition, kind: tree.ClassKind, attributes: set[str]) -> str:
    if kind is tree.ClassKind.STRUCT or "Struct" in attributes:
        return "builtin" if "Builtin" in attributes else "struct"
    if "Builtin" in attributes:
        return "builtin"
    if kind is tree.ClassKind.INTERFACE or "Interface" in attributes:
        return "interface"
    if kind is tree.ClassKind.CLASS or {"Class", "AbstractClass"} & attributes:
        return "class"
    only_abstract = node.members and all(
        isinstance(member, tree.AbstractMember | tree.SignatureMember | tree.InheritMember)
        or (isinstance(member, tree.InterfaceMember) and not member.implementation.members)
        for member in node.members
    )
    return "interface" if node.constructor is None and only_abstract else "class"


def report_invalid_name(resolver: Resolver, name: tree.Name) -> None:
    """What separates the names of a path, or has a meaning in it, stands in none of them."""
    if any(character in _SEPARATING for character in name.text) and not in_library(resolver.path):
        resolver.report(InvalidTypeName(name.span, name.text))


def _report_type_again(resolver: Resolver, name: tree.Name, arity: int) -> None:
    """A program's files may not define a type twice; the library may have one of that name."""
    earlier = _module(resolver).types.get(name.text, {}).get(arity)
    if earlier is not None and earlier.span.in_library == in_library(resolver.path):
        resolver.report(DuplicateDefinition(name.span, "type", name.written, earlier.span))


def declare_type(resolver: Resolver, node: tree.TypeDefinition) -> TypeEntity:
    """The entity of a type definition with its cases and fields, visible at once."""
    name = node.name.parts[-1]
    arity = type_arity(node)
    report_invalid_name(resolver, name)
    _report_type_again(resolver, name, arity)
    entity = TypeEntity(
        type_symbol(resolver.module_path, name.text, arity),
        name.text,
        arity,
        type_kind(node),
        name.span,
        requires_qualified="RequireQualifiedAccess" in attribute_names(node.attributes),
        access=(node.access or tree.Access.PUBLIC).value,
        private_to=private_owner(resolver, node.access),
        auto_open="AutoOpen" in attribute_names(node.attributes),
    )
    _add_cases(resolver, node, entity)
    _add_fields(resolver, node, entity)
    show_type(resolver, entity)
    if entity.auto_open:
        resolver.scope.opened_types.append(entity)
    return entity


def _add_cases(resolver: Resolver, node: tree.TypeDefinition, entity: TypeEntity) -> None:
    if not isinstance(node.representation, tree.UnionRepresentation):
        return
    seen: dict[str, Span] = {}
    for case in node.representation.cases:
        text = case.name.text
        report_invalid_name(resolver, case.name)
        if text in seen:
            resolver.report(DuplicateDefinition(case.name.span, "case", text, seen[text]))
        seen[text] = case.name.span
        entity.cases.append(
            CaseEntity(
                join(entity.symbol, text),
                text,
                entity.symbol,
                case_field_count(case),
                tuple(entry.name.text if entry.name else "" for entry in case.fields),
                case.name.span,
            )
        )


def case_field_count(case: tree.UnionCase) -> int:
    """How many fields a case has, also when it is written as a signature."""
    count = len(case.fields)
    signature = case.signature
    while isinstance(signature, tree.FunctionType):
        parameter = signature.parameter
        count += len(parameter.elements) if isinstance(parameter, tree.TupleType) else 1
        signature = signature.result
    return count


def _add_fields(resolver: Resolver, node: tree.TypeDefinition, entity: TypeEntity) -> None:
    if not isinstance(node.representation, tree.RecordRepresentation):
        return
    seen: dict[str, Span] = {}
    for index, entry in enumerate(node.representation.fields):
        if entry.name is None:
            continue
        text = entry.name.text
        if text in seen:
            resolver.report(DuplicateDefinition(entry.name.span, "field", text, seen[text]))
        seen[text] = entry.name.span
        entity.fields.append(FieldEntity(text, entity.symbol, index))


def show_type(resolver: Resolver, entity: TypeEntity) -> None:
    """Enter a type into its module and make it, its cases and its fields visible."""
    module, scope = _module(resolver), resolver.scope
    module.types.setdefault(entity.name, {})[entity.arity] = entity
    resolver.environment.types_by_symbol[entity.symbol] = entity
    scope.add_type(entity)
    if entity.requires_qualified:
        return
    for case in entity.cases:
        module.add_case(case.name, case)
        scope.add_item(case.name, case)
        scope.add_pattern(case.name, case)
    fields = {entry.name: [entry] for entry in entity.fields}
    for name, entries in fields.items():
        module.fields.setdefault(name, []).extend(entries)
    scope.add_fields(fields)


def declare_exception(resolver: Resolver, node: tree.ExceptionDeclaration) -> ExceptionEntity:
    """`exception E of …`: a type, a constructor and a pattern of one name."""
    name = node.case.name
    symbol = join(resolver.module_path, name.text)
    report_invalid_name(resolver, name)
    _report_type_again(resolver, name, 0)
    names = tuple(entry.name.text if entry.name else "" for entry in node.case.fields)
    entity = ExceptionEntity(symbol, name.text, len(node.case.fields), name.span, names)
    show_exception(
        resolver, name.text, entity, TypeEntity(symbol, name.text, 0, "exception", name.span)
    )
    return entity


def show_exception(
    resolver: Resolver, name: str, entity: ExceptionEntity, kind: TypeEntity
) -> None:
    """Enter an exception, or another name for one, into its module and make it visible."""
    module = _module(resolver)
    module.types.setdefault(name, {})[0] = kind
    resolver.environment.types_by_symbol[kind.symbol] = kind
    module.add_case(name, entity)
    resolver.scope.add_type(kind)
    resolver.scope.add_item(name, entity)
    resolver.scope.add_pattern(name, entity)


def abbreviate_exception(resolver: Resolver, node: tree.ExceptionDeclaration) -> bool:
    """`exception A = B`: another name for B; false when B is no exception of F#."""
    if node.abbreviation is None:
        return False
    found = look_up_expression(resolver, node.abbreviation)
    if not isinstance(found, ExceptionResolution):
        return isinstance(found, UnresolvedName)
    name = node.case.name.text
    module, target = _module(resolver), found.entity
    module.add_case(name, target)
    resolver.scope.add_item(name, target)
    resolver.scope.add_pattern(name, target)
    kind = resolver.environment.type_entity(target.symbol)
    if kind is not None:
        alias = replace(kind, name=name)
        module.types.setdefault(name, {})[0] = alias
        resolver.scope.add_type(alias)
    return True


# Modules ------------------------------------------------------------------------------------------


def new_module(
    resolver: Resolver,
    name: tree.Name,
    attributes: list[tree.Attribute],
    access: tree.Access | None,
    siblings: list[tree.Declaration],
) -> ModuleEntity:
    """A module's entity, entered into the current module or namespace."""
    parent = _module(resolver)
    report_invalid_name(resolver, name)
    clash = 0 in parent.types.get(name.text, {}) or any(
        definition.name.parts[-1].text == name.text
        and type_arity(definition) == 0
        and not is_extension(definition)
        for declaration in siblings
        if isinstance(declaration, tree.TypesDeclaration)
        for definition in declaration.types
    )
    symbol = join(resolver.module_path, name.text + ("Module" if clash else ""))
    earlier = parent.modules.get(name.text)
    if earlier is not None and not earlier.is_namespace and earlier.span is not None:
        resolver.report(DuplicateDefinition(name.span, "module", name.written, earlier.span))
    known = attribute_names(attributes)
    entity = ModuleEntity(
        symbol,
        name.text,
        is_namespace=False,
        span=name.span,
        auto_open="AutoOpen" in known,
        requires_qualified="RequireQualifiedAccess" in known,
        shadows_nothing="ShadowsNothing" in known,
        access=(access or tree.Access.PUBLIC).value,
        private_to=private_owner(resolver, access),
    )
    if earlier is not None:  # `A.B` was declared before `A`
        entity.modules.update(earlier.modules)
    parent.modules[name.text] = entity
    return entity
