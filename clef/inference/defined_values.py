"""A module's values and functions, from their bindings to definitions and signatures.

Comes in: inferred bindings. Goes out: definitions with their symbols, and what other files see of
them. Promises: literals are computed; external functions have no body.
"""

from __future__ import annotations

from clef.diagnostics.typing import InvalidEntryPoint, NotAConstant
from clef.inference import typed_tree as typed
from clef.inference.attributes import (
    find_attribute,
    has_attribute,
    text_argument,
    typed_attributes,
)
from clef.inference.bindings import Inferred, can_generalise, head_name
from clef.inference.constants import NOT_CONSTANT, fold, fold_typed, value_held
from clef.inference.expressions.control import unit
from clef.inference.pattern_bindings import taken_apart
from clef.inference.signatures import ValueSignature
from clef.inference.state import Checker
from clef.inference.types import (
    FunctionType,
    ParameterType,
    Scheme,
    Type,
    TypeVariable,
)
from clef.inference.unification import prune, unify
from clef.inference.well_known import INT, STRING, UNIT, WITHOUT_CONSTANTS, array_of
from clef.names.entities import ValueEntity, ValueResolution
from clef.source import in_library
from clef.syntax import tree


def entity_of(c: Checker, binding: tree.Binding) -> ValueEntity | None:
    name = head_name(binding)
    resolution = c.table.get(name) if name is not None else None
    return resolution.entity if isinstance(resolution, ValueResolution) else None


def signature_of(
    c: Checker, entity: ValueEntity, found: Inferred, scheme: Scheme
) -> ValueSignature:
    binding = found.binding
    head = binding.head
    arity = len(head.arguments) if isinstance(head, tree.NameHead) else 0
    return ValueSignature(
        entity.symbol,
        entity.name,
        scheme,
        max(arity, len(found.parameters)),
        entity.span,
        binding.is_mutable,
        binding.is_inline,
        access=entity.access,
        parameter_names=tuple(map(_written_name, found.parameters)),
        is_type_function=_is_type_function(c, binding),
    )


def _is_type_function(c: Checker, binding: tree.Binding) -> bool:
    """What says its type parameters and takes nothing is computed at each use; the library's are
    values all the same."""
    head = binding.head
    if not isinstance(head, tree.NameHead) or head.type_parameters is None or head.arguments:
        return False
    if isinstance(binding.value, tree.Lambda | tree.Function) or in_library(c.path):
        return False
    return not has_attribute(binding.attributes, "GeneralizableValue")


def _written_name(pattern: typed.Pattern) -> str:
    """A parameter's name; those of a tuple with commas between them; empty where it has none."""
    match pattern:
        case typed.VariablePattern(local=local):
            return local.name if local.name.isidentifier() else ""
        case typed.TuplePattern(items=items):
            return ", ".join(map(_written_name, items))
        case _:
            return ""


def define_value(c: Checker, found: Inferred, is_bodyless: bool = False) -> None:
    if found.pattern is not None:
        _define_pattern(c, found)
        return
    entity = entity_of(c, found.binding)
    if entity is None or found.body is None:
        return
    binding = found.binding
    signature = signature_of(c, entity, found, Scheme(found.type_parameters, found.type))
    c.own_values[entity.symbol] = signature
    if entity.is_literal:
        _literal(c, signature, found)
    result: Type = found.type
    for _parameter in found.parameters:
        step = prune(result)
        if isinstance(step, FunctionType):
            result = step.result
    definition = typed.Definition(
        entity.symbol,
        found.type_parameters,
        found.parameters,
        result,
        found.body,
        binding.span,
        is_inline=binding.is_inline,
        is_mutable=binding.is_mutable,
        intrinsic=text_argument(binding.attributes, "Intrinsic"),
        external=_external(binding),
        attributes=typed_attributes(c, binding.attributes),
    )
    if is_bodyless and definition.external is None and definition.intrinsic is None:
        definition.external = ("", entity.name)
    c.file.definitions[entity.symbol] = definition
    _note_open(c, entity.symbol, found.type)
    if has_attribute(binding.attributes, "EntryPoint"):
        _entry_point(c, definition, found)
    if not found.parameters and not is_bodyless:
        if not found.type_parameters:
            c.file.initialisations.append(typed.Initialisation(entity.symbol))
        if not can_generalise(c, found):
            if not found.type_parameters:  # F# lets those with type parameters stay open
                c.restricted.append((entity.name, entity.span, found.type, binding.span))
            c.kept_open.append((Scheme(found.type_parameters, found.type), entity.span))


def _note_open(c: Checker, symbol: str, type: Type) -> None:
    from clef.inference.generalisation import free_variables

    variables: list[TypeVariable] = []
    free_variables(type, variables, set())
    if variables:
        c.file.settled_late.add(symbol)


def _external(binding: tree.Binding) -> tuple[str, str] | None:
    node = find_attribute(binding.attributes, "FidelityExtern")
    if node is None:
        return None
    argument = node.argument
    while isinstance(argument, tree.Paren):
        argument = argument.expression
    parts = argument.elements if isinstance(argument, tree.Tuple) else [argument]
    texts = [p.value for p in parts if isinstance(p, tree.Constant) and isinstance(p.value, str)]
    if len(texts) == 2:
        return texts[0], texts[1]
    name = head_name(binding)
    return (texts[0] if texts else "", name.text if name is not None else "")


def _literal(c: Checker, signature: ValueSignature, found: Inferred) -> None:
    signature.is_literal = True
    assert found.body is not None
    value = fold_typed(c, found.body) if _can_be_constant(found) else NOT_CONSTANT
    if value is NOT_CONSTANT:
        value = fold(c, found.binding.value) if _can_be_constant(found) else NOT_CONSTANT
        value = value_held(found.body, value)
    if value is NOT_CONSTANT:
        c.report(NotAConstant(found.binding.value.span, "a `[<Literal>]`"))
        value = None
    else:
        found.body = typed.Literal(found.type, found.body.span, value)
    signature.literal = value


def _can_be_constant(found: Inferred) -> bool:
    """Not a function, not a choice, and of a type that has constants."""
    written = found.binding.value
    while isinstance(written, tree.Paren | tree.Typed):
        written = written.expression
    type = prune(found.type)
    has_constants = type != UNIT and getattr(type, "symbol", "") not in WITHOUT_CONSTANTS
    return has_constants and not found.parameters and not isinstance(written, tree.If)


def _entry_point(c: Checker, definition: typed.Definition, found: Inferred) -> None:
    wanted = FunctionType(array_of(STRING), INT)
    if not unify(c, found.type, wanted):
        from clef.inference.type_text import show

        c.report(InvalidEntryPoint(found.binding.head.span, show(found.type)))
        return
    definition.is_entry_point = True
    c.file.entry_point = definition.symbol


def _define_pattern(c: Checker, found: Inferred) -> None:
    """`let a, b = e`: the value once, then one definition for each variable."""
    assert found.pattern is not None and found.body is not None
    span = found.binding.span
    if has_attribute(found.binding.attributes, "Literal"):
        c.report(NotAConstant(found.binding.head.span, "a `[<Literal>]`"))
    apart = taken_apart(found)
    if not apart.variables:
        _run(c, found, found.pattern)
        return
    whole = hidden(c, "pattern")
    generic = found.type_parameters
    own = tuple(ParameterType(parameter) for parameter in generic)
    c.file.definitions[whole] = typed.Definition(whole, generic, [], apart.type, apart.body, span)
    if not generic:
        c.file.initialisations.append(typed.Initialisation(whole))
    for index, local in enumerate(apart.variables):
        entity = _promoted(c, local)
        if entity is None:
            continue
        _note_open(c, entity.symbol, local.type)
        if not generic and not can_generalise(c, found):
            c.restricted.append((entity.name, entity.span, local.type, span))
            c.kept_open.append((Scheme((), local.type), entity.span))
        part = apart.part(typed.GlobalReference(apart.type, span, whole, own), index)
        c.own_values[entity.symbol] = ValueSignature(
            entity.symbol,
            entity.name,
            Scheme(generic, local.type),
            0,
            entity.span,
            entity.is_mutable,
            access=entity.access,
        )
        c.file.definitions[entity.symbol] = typed.Definition(
            entity.symbol, generic, [], local.type, part, span, is_mutable=entity.is_mutable
        )
        if not generic:
            c.file.initialisations.append(typed.Initialisation(entity.symbol))


def _run(c: Checker, found: Inferred, pattern: typed.Pattern) -> None:
    """`let _ = e`, `let () = e`, `let (P _) = e`: nothing is defined, but the value is computed and
    the pattern is applied."""
    assert found.body is not None
    span = found.binding.span
    symbol = hidden(c, "do")
    is_unit = isinstance(pattern, typed.LiteralPattern) and pattern.value is None
    body: typed.Expression
    if is_unit or isinstance(pattern, typed.WildcardPattern):
        body = typed.Sequential(UNIT, span, [found.body, unit(span)])
    else:
        rule = typed.MatchRule(pattern, None, unit(span), span)
        body = typed.Match(UNIT, span, found.body, [rule])
    c.file.definitions[symbol] = typed.Definition(symbol, (), [], UNIT, body, span)
    c.file.initialisations.append(typed.Initialisation(symbol, is_do=True))


def _promoted(c: Checker, local: typed.Local) -> ValueEntity | None:
    for binder, entry in c.locals.items():
        if entry.local is local:
            from clef.names.entities import LocalBinder

            assert isinstance(binder, LocalBinder)
            return c.promoted.get(binder.id)
    return None


def hidden(c: Checker, kind: str) -> str:
    c.generated += 1
    prefix = f"{c.module}." if c.module else ""
    return f"{prefix}{kind}@{c.generated}"
