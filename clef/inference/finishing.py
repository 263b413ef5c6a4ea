"""The end of a file: defaults, late checks, and no more inference variables.

Comes in: all definitions of a file with solved and unsolved variables. Goes out: the same with
every variable replaced. Promises:
what nothing decided becomes int, float or obj as in F#; a module-level value whose type stays open
is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import get_annotations
from typing import Any

from clef.diagnostics.diagnostic import Severity
from clef.diagnostics.typing import CircularChoice, LessGeneric, ValueRestriction
from clef.diagnostics.typing.generality import EscapingParameter
from clef.inference import typed_tree as typed
from clef.inference.captured_references import check_captured_references
from clef.inference.exposure import check_exposure
from clef.inference.generalisation import free_variables
from clef.inference.inlined_code import check_inlined
from clef.inference.kept_references import check_kept_references
from clef.inference.listed_properties import list_properties
from clef.inference.reporting import contains_error
from clef.inference.returned_addresses import check_returned_addresses
from clef.inference.short_lived import parts_of
from clef.inference.signatures import FileSignatures, MemberSignature
from clef.inference.state import Checker
from clef.inference.tail_calls import check_tail_calls
from clef.inference.traits import apply_default, attempt
from clef.inference.type_text import show
from clef.inference.types import (
    NO_MEASURE,
    Constraint,
    NamedType,
    ParameterType,
    Type,
    TypeParameter,
    TypeVariable,
)
from clef.inference.types import MemberSignature as TraitSignature
from clef.inference.unification import prune, resolve, resolve_all, substitute, unify
from clef.inference.well_known import INT, OBJECT, SPANS
from clef.source import Span, in_library


def finish_file(c: Checker) -> None:
    """Decide what is open, run the late checks, and replace all variables."""
    _decide(c)
    _report_restricted(c)
    _report_escaping(c)
    _warn_less_generic(c)
    for late in c.deferred:
        late()
    check_tail_calls(c)
    check_exposure(c)
    check_inlined(c)
    check_returned_addresses(c)
    c.deferred.clear()
    finisher = _Finisher()
    for definition in c.file.definitions.values():
        finisher.definition(definition)
    for type in c.file.types.values():
        finisher.node(type)
    for type in c.file.extended:
        finisher.node(type)
    _finish_signatures(c.own, finisher)
    if not in_library(c.path):
        list_properties(c)
    for span, text in finisher.circular:
        c.report(CircularChoice(span, text))
    c.has_references |= finisher.has_spans
    if c.has_references:
        check_kept_references(c)
    check_captured_references(c)


def _decide(c: Checker) -> None:
    for trait in c.pending:
        attempt(c, trait, weak=True)
    for trait in c.pending:
        if not trait.is_solved:
            apply_default(c, trait)
    for variable, default in c.defaulted:
        if isinstance(prune(variable), TypeVariable):
            unify(c, variable, default)
    for trait in list(c.pending):
        if not trait.is_solved:
            _report_open(c, trait)
    c.pending.clear()


def _report_open(c: Checker, trait: object) -> None:
    from clef.diagnostics.typing import IndeterminateType
    from clef.inference.types import PendingTrait

    assert isinstance(trait, PendingTrait)
    if attempt(c, trait, weak=True):
        return
    supports = [prune(s) for s in trait.supports]
    if all(isinstance(s, TypeVariable) for s in supports):
        from clef.inference.type_text import written_operator

        c.report(IndeterminateType(trait.span, written_operator(trait.member.name)))


def _is_wrong(c: Checker, place: Span) -> bool:
    """Whether a mistake was found there: then what is left open comes from it."""
    return any(
        one.severity is Severity.ERROR
        and one.span.path == place.path
        and place.start <= one.span.start < place.end
        for one in c.diagnostics
    )


def _report_restricted(c: Checker) -> None:
    for name, span, type, whole in c.restricted:
        found: list[TypeVariable] = []
        free_variables(type, found, set())
        found = [v for v in found if not v.is_measure]
        if found and not contains_error(type) and not _is_wrong(c, whole):
            c.report(ValueRestriction(span, name, show(resolve(type))))
            for variable in found:
                unify(c, variable, OBJECT)


def _report_escaping(c: Checker) -> None:
    """Values of modules have no types of the parameters of anything else."""
    for scheme, span in c.kept_open:
        own = {parameter.id for parameter in scheme.parameters}
        for part in parts_of(resolve(scheme.type)):
            if isinstance(part, ParameterType) and part.parameter.id not in own:
                own.add(part.parameter.id)
                c.report(EscapingParameter(span, part.parameter.name))


def _warn_less_generic(c: Checker) -> None:
    """`'a` that turned out to be one type (FS0064)."""
    names = {variable.name for variable, _ in c.named_variables}
    for variable, span in c.named_variables:
        solved = prune(variable)
        if isinstance(solved, NamedType) and solved.symbol != "?" and variable.name:
            c.report(LessGeneric(span, "'" + variable.name, show(solved)))
        elif isinstance(solved, ParameterType) and variable.name:
            other = solved.parameter.name
            if other != variable.name and other in names:
                c.report(LessGeneric(span, "'" + variable.name, show(solved)))


# Replacing variables ------------------------------------------------------------------------------

_FIELDS: dict[type, tuple[str, ...]] = {}
_PLAIN = frozenset(
    {"span", "symbol", "name", "value_", "slot", "constructor", "intrinsic", "external", "id"}
)
# How fields are declared that can hold nothing to replace.
_PLAIN_TYPES = frozenset({"str", "int", "bool", "str | None", "int | None", "Span", "Span | None"})


def _fields(cls: type) -> tuple[str, ...]:
    known = _FIELDS.get(cls)
    if known is None:
        names: list[str] = []
        for one in cls.__mro__:
            declared: dict[str, str] = get_annotations(one)
            for name in getattr(one, "__slots__", ()):
                if name not in _PLAIN and declared.get(name, "") not in _PLAIN_TYPES:
                    names.append(name)
        known = _FIELDS[cls] = tuple(names)
    return known


_TYPE_CLASSES = (NamedType, TypeVariable, ParameterType)


class _Finisher:
    """Walks typed trees and replaces every type in place."""

    __slots__ = ("circular", "done", "has_spans", "memory", "seen")

    def __init__(self) -> None:
        self.circular: list[tuple[Span, str]] = []  # types that would be parts of themselves
        # By identity; the first of the pair keeps the identity from being used again.
        self.memory: dict[int, tuple[Type, Type]] = {}
        self.seen: set[int] = set()
        self.done: list[object] = []
        self.has_spans = False

    def type(self, type: Type) -> Type:
        """A type without variables; what is open becomes obj, or dimensionless."""
        if isinstance(type, TypeVariable):
            type = prune(type)
        if isinstance(type, NamedType) and not type.arguments:
            return type
        known = self.memory.get(id(type))
        if known is not None:
            return known[1]
        found = self.closed(type)
        if isinstance(found, NamedType) and found.symbol in SPANS:
            self.has_spans = True
        self.memory[id(type)] = (type, found)
        return found

    def closed(self, type: Type) -> Type:
        """The work of `type`."""
        found, is_open = resolve_all(type)
        if not is_open:
            return found
        variables: list[TypeVariable] = []
        free_variables(found, variables, set())
        for variable in variables:
            if variable.link is None:
                variable.link = self.default(variable)
        return resolve(found)

    def default(self, variable: TypeVariable) -> Type:
        """What an open variable becomes: what it must be a subtype of, int where it must be a
        struct, else obj."""
        if variable.is_measure:
            return NO_MEASURE
        for constraint in variable.constraints:
            if constraint.kind == "subtype" and constraint.type is not None:
                inner: list[TypeVariable] = []
                free_variables(resolve(constraint.type), inner, set())
                if variable not in inner:
                    return constraint.type
                if variable.span is not None:
                    self.circular.append((variable.span, show(resolve(constraint.type))))
            elif constraint.kind == "struct":
                return INT
        return OBJECT

    def definition(self, node: typed.Definition) -> None:
        self.node(node)

    def node(self, node: Any) -> Any:
        """Everything below a node, which stays the same object."""
        cls = node.__class__
        for name in _FIELDS.get(cls) or _fields(cls):
            value = getattr(node, name)
            kind = value.__class__
            if kind not in _ATOMS:
                found = (_HANDLERS.get(kind) or _handler(kind))(self, value)
                if found is not value:
                    setattr(node, name, found)
        return node

    def value(self, value: Any) -> Any:
        kind = value.__class__
        return (_HANDLERS.get(kind) or _handler(kind))(self, value)

    def local(self, local: typed.Local) -> typed.Local:
        if id(local) not in self.seen:
            self.seen.add(id(local))
            self.done.append(local)
            local.type = self.type(local.type)
        return local

    def once(self, node: Any) -> Any:
        """A node that may be part of several others."""
        if id(node) not in self.seen:
            self.seen.add(id(node))
            self.done.append(node)
            self.node(node)
        return node

    def many(self, values: list[Any]) -> list[Any]:
        for index, value in enumerate(values):
            found = self.value(value)
            if found is not value:
                values[index] = found
        return values

    def tuple(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        if not values:
            return values
        return tuple([self.value(value) for value in values])

    def parameter(self, parameter: TypeParameter) -> TypeParameter:
        """A parameter's constraints; it stays the same object."""
        if id(parameter) not in self.seen:
            self.seen.add(id(parameter))
            self.done.append(parameter)
            parameter.is_open = False
            parameter.constraints = [self.constraint(one) for one in parameter.constraints]
        return parameter

    def constraint(self, constraint: Constraint) -> Constraint:
        if constraint.type is None and constraint.member is None:
            return constraint
        return Constraint(
            constraint.kind,
            self.type(constraint.type) if constraint.type is not None else None,
            self.member(constraint.member) if constraint.member is not None else None,
            tuple(self.type(s) for s in constraint.supports),
        )

    def member(self, member: TraitSignature) -> TraitSignature:
        return TraitSignature(
            member.name,
            member.is_static,
            tuple(self.type(p) for p in member.parameters),
            self.type(member.result),
        )


class _Replacer(_Finisher):
    """Puts types in the place of type parameters, and leaves variables open."""

    __slots__ = ("mapping",)

    def __init__(self, mapping: Mapping[int, Type]) -> None:
        super().__init__()
        self.mapping = mapping

    def closed(self, type: Type) -> Type:
        return substitute(resolve(type), self.mapping)

    def parameter(self, parameter: TypeParameter) -> TypeParameter:
        return parameter


def replace_parameters(root: typed.Expression, mapping: Mapping[int, Type]) -> None:
    """Type parameters that are not known below `root`, by their number, become these types."""
    _Replacer(mapping).node(root)


_ATOMS: frozenset[type] = frozenset({str, int, bool, float, type(None), bytes, complex})

_HANDLERS: dict[type, Callable[[_Finisher, Any], Any]] = {
    list: _Finisher.many,
    tuple: _Finisher.tuple,
    NamedType: _Finisher.type,
    TypeVariable: _Finisher.type,
    TypeParameter: _Finisher.parameter,
    TraitSignature: _Finisher.member,
}


def _as_it_is(finisher: _Finisher, value: Any) -> Any:
    return value


def _handler(cls: type) -> Callable[[_Finisher, Any], Any]:
    """What is done with values of a class that was not met before."""
    has_parts = hasattr(cls, "__slots__")
    if issubclass(cls, typed.Local):
        found: Callable[[_Finisher, Any], Any] = _Finisher.local
    elif issubclass(cls, typed.Pattern | typed.Attribute):
        found = _Finisher.once
    else:
        found = _Finisher.node if has_parts else _as_it_is
    _HANDLERS[cls] = found
    return found


def _register() -> None:
    from decimal import Decimal

    from clef.inference.types import (
        AnonymousRecordType,
        FunctionType,
        Measure,
        TupleType,
    )

    for cls in (FunctionType, TupleType, AnonymousRecordType, Measure):
        _HANDLERS[cls] = _Finisher.type
    for plain in (Span, Decimal, ParameterType, dict, *_ATOMS):
        _HANDLERS[plain] = _as_it_is


_register()


# Signatures ---------------------------------------------------------------------------------------


def _finish_signatures(own: FileSignatures, finisher: _Finisher) -> None:
    for value in own.values.values():
        value.scheme.type = finisher.type(value.scheme.type)
        for parameter in value.scheme.parameters:
            finisher.parameter(parameter)
    for signature in own.types.values():
        for parameter in signature.parameters:
            finisher.parameter(parameter)
        for field in signature.fields.values():
            field.type = finisher.type(field.type)
        for case in signature.cases.values():
            for field in case.fields:
                field.type = finisher.type(field.type)
        for group in signature.members.values():
            for member in group:
                _finish_member(member, finisher)
    for members in own.extensions.values():
        for member in members:
            _finish_member(member, finisher)


def _finish_member(member: MemberSignature, finisher: _Finisher) -> None:
    member.result = finisher.type(member.result)
    for parameter in (*member.type_parameters, *member.owner_parameters):
        finisher.parameter(parameter)
    for group in member.groups:
        for one in group:
            one.type = finisher.type(one.type)
