"""Types as written, turned into types.

Comes in: resolved type expressions. Goes out: types without abbreviations. Promises: type variables
come from the scope of
the definition, or are introduced where F# allows it; measures are read as measures where one is
expected.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from clef.diagnostics.typing import (
    DuplicateField,
    MisplacedPart,
    NotAMeasure,
    NotSupportedYet,
    StoredReference,
    UndeclaredTypeVariable,
    WrongTypeArguments,
)
from clef.inference.short_lived import is_short_lived
from clef.inference.signatures import TypeSignature
from clef.inference.state import Checker
from clef.inference.type_text import show
from clef.inference.types import (
    ERROR,
    NO_MEASURE,
    AnonymousRecordType,
    Constraint,
    FunctionType,
    NamedType,
    ParameterType,
    TupleType,
    Type,
    TypeVariable,
)
from clef.inference.unification import prune, substitute
from clef.inference.well_known import MEASURABLE, NESTED_TYPES, array_symbol, is_byref
from clef.inference.written_measures import measure_node, measure_of
from clef.names.entities import TypeResolution
from clef.source import Span
from clef.syntax import tree


def annotation(c: Checker, node: tree.TypeExpression) -> Type:
    """The type that a type expression means."""
    handler = _HANDLERS.get(type(node))
    if handler is None:
        return ERROR
    return handler(c, node)


def _named(c: Checker, node: tree.NamedType) -> Type:
    resolution = node.resolution
    if not isinstance(resolution, TypeResolution):
        for argument in node.arguments:
            annotation(c, argument)
        return ERROR
    entity = next(iter(resolution.candidates.values()))
    signature = c.type_named(entity.symbol)
    if signature is None:
        return NamedType(entity.symbol, tuple(annotation(c, a) for a in node.arguments))
    return apply_type(c, signature, node, node.arguments)


def apply_type(
    c: Checker,
    signature: TypeSignature,
    node: tree.Node,
    written: list[tree.TypeExpression],
) -> Type:
    """A type definition applied to written arguments; abbreviations are expanded."""
    if signature.kind == "measure":
        c.report(NotAMeasure(node.span, signature.name, "a type"))
        return ERROR
    parameters = signature.parameters
    target = _measurable(c, signature)
    if len(written) == 1 and not parameters and target is not None:
        measure = measure_of(c, written[0])
        return (
            NamedType(target.symbol)
            if measure == NO_MEASURE
            else NamedType(target.symbol, (measure,))
        )
    if not written and parameters:
        arguments: tuple[Type, ...] = tuple(
            c.fresh_measure(node.span) if p.is_measure else c.fresh(node.span) for p in parameters
        )
    else:
        if len(written) != len(parameters):
            c.report(WrongTypeArguments(node.span, signature.name, len(parameters), len(written)))
            return ERROR
        arguments = tuple(
            measure_of(c, one) if parameter.is_measure else annotation(c, one)
            for parameter, one in zip(parameters, written, strict=True)
        )
    made = instance(c, signature, arguments, node)
    for one, argument in zip(written, arguments, strict=False):
        if is_byref(prune(argument)) or not is_byref(made):  # a place may hold a span
            not_a_reference(c, argument, one.span)
    return made


def not_a_reference(
    c: Checker, type: Type, span: Span, holder: TypeSignature | None = None
) -> None:
    """Report a type that nothing can hold: references are parameters, results and locals. What may
    hold references can be held by others that may.
    """
    type = prune(type)
    if is_short_lived(c, type) and (is_byref(type) or holder is None or not holder.is_byref_like):
        c.report(StoredReference(span, show(type)))


def _measurable(c: Checker, signature: TypeSignature) -> NamedType | None:
    open_abbreviation(c, signature)
    if signature.symbol in MEASURABLE:
        return NamedType(signature.symbol)
    abbreviated = signature.abbreviated
    if isinstance(abbreviated, NamedType) and abbreviated.symbol in MEASURABLE:
        return abbreviated
    return None


def open_abbreviation(c: Checker, signature: TypeSignature) -> None:
    """Decide now what an abbreviation of the group that is being defined stands for."""
    if signature.abbreviated is None and signature.symbol in c.open_abbreviations:
        c.open_abbreviations[signature.symbol]()


def instance(
    c: Checker, signature: TypeSignature, arguments: tuple[Type, ...], node: tree.Node
) -> Type:
    """A type definition at these arguments, with the constraints of its parameters."""
    mapping: dict[int, Type] = {
        p.id: a for p, a in zip(signature.parameters, arguments, strict=True)
    }
    if signature.kind == "abbreviation":
        open_abbreviation(c, signature)
        made = substitute(signature.abbreviated or ERROR, mapping)
        c.has_references |= is_byref(made)
        if len(arguments) > 1 and made not in arguments:  # `type Named<'T, 'U> = 'T` is its 'T
            c.expanded[id(made)] = made, arguments
        return made
    c.has_references |= signature.is_byref_like
    if any(p.constraints for p in signature.parameters):
        from clef.inference.unification import constrain

        def check() -> None:
            constrain(c, signature.parameters, mapping, node.span)

        if c.defer_constraints:
            c.deferred.append(check)
        else:
            check()
    return NamedType(signature.symbol, arguments)


def _nested(c: Checker, node: tree.NestedType) -> Type:
    outer = prune(annotation(c, node.outer))
    if isinstance(outer, NamedType) and not node.arguments:
        if node.name.text == "Enumerator":
            enumerator = _enumerator(c, outer)
            if enumerator is not None:
                return enumerator
        found = NESTED_TYPES.get((outer.symbol, node.name.parts[-1].text))
        if found is not None and len(node.name.parts) == 1:
            symbol, places = found
            return NamedType(symbol, tuple(outer.arguments[place] for place in places))
    c.report(NotSupportedYet(node.span, "a nested type"))
    return ERROR


def _enumerator(c: Checker, type: NamedType) -> Type | None:
    """`List<int>.Enumerator` is what the enumerator of such a list is, by whatever name."""
    from clef.inference.members import find_members

    for found in find_members(c, type, "GetEnumerator"):
        if found.member.groups == ((),):
            return substitute(found.member.result, found.mapping)
    return None


def _function(c: Checker, node: tree.FunctionType) -> Type:
    return FunctionType(annotation(c, node.parameter), annotation(c, node.result))


def _tuple(c: Checker, node: tree.TupleType) -> Type:
    items = tuple(annotation(c, one) for one in node.elements)
    return TupleType(items, node.is_struct)


def _array(c: Checker, node: tree.ArrayType) -> Type:
    element = annotation(c, node.element)
    not_a_reference(c, element, node.element.span)
    return NamedType(array_symbol(node.rank), (element,))


def _variable(c: Checker, node: tree.VariableType) -> Type:
    name = node.name.text
    known = c.type_scope.get(name)
    if isinstance(known, ParameterType) and known.parameter.is_measure:
        c.report(NotAMeasure(node.span, "'" + name, "a type; it stands for units of measure"))
        return ERROR
    if known is not None:
        return known
    if c.implicit_types is None:
        c.report(UndeclaredTypeVariable(node.span, "'" + name))
        return ERROR
    known = c.implicit_types.get(name)
    if known is None:
        variable = c.fresh(node.span)
        variable.name = name
        variable.is_static = node.is_head
        c.implicit_types[name] = known = variable
        c.named_variables.append((variable, node.span))
    return known


def _anonymous(c: Checker, node: tree.AnonymousType) -> Type:
    return c.fresh(node.span)


def _record(c: Checker, node: tree.AnonymousRecordType) -> Type:
    fields = sorted(node.fields, key=lambda entry: entry.name.text)
    for before, after in pairwise(fields):
        if before.name.text == after.name.text:
            c.report(DuplicateField(after.name.span, after.name.written))
    return AnonymousRecordType(
        tuple(entry.name.text for entry in fields),
        tuple(annotation(c, entry.type) for entry in fields),
        node.is_struct,
    )


def _flexible(c: Checker, node: tree.FlexibleType) -> Type:
    target = annotation(c, node.type)
    variable = c.fresh(node.span)
    variable.constraints = [Constraint("subtype", target)]
    return variable


def _constrained(c: Checker, node: tree.ConstrainedType) -> Type:
    from clef.inference.written_constraints import add_constraints

    found = annotation(c, node.type)
    add_constraints(c, node.constraints)
    return found


def _inner(c: Checker, node: tree.ParenType | tree.ParameterType) -> Type:
    return annotation(c, node.type)


def _nullable(c: Checker, node: tree.NullableType) -> Type:
    """`t | null`: such types are one with `t`; that null is meant is known of the whole file."""
    c.own.has_nullable = True
    found = annotation(c, node.type)
    from clef.inference.constraints import require

    require(c, found, Constraint("not_struct"), node.span)
    if not isinstance(prune(found), TypeVariable | ParameterType):
        require(c, found, Constraint("nullable"), node.span)
    return found


def _intersection(c: Checker, node: tree.IntersectionType) -> Type:
    from clef.inference.written_constraints import add_constraint

    found = annotation(c, node.types[0])
    for other in node.types[1:]:
        if not isinstance(other, tree.FlexibleType):
            part, way_out = "a type that is not flexible", "write `#` in front of it"
            c.report(MisplacedPart(other.span, part, "an intersection", way_out))
            continue
        bound = Constraint("subtype", annotation(c, other.type))
        subject = prune(found)
        if isinstance(subject, TypeVariable):  # all of the bounds are kept
            subject.constraints = [*subject.constraints, bound]
        else:
            add_constraint(c, found, bound, node)
    return found


def _unsupported(c: Checker, node: tree.TypeExpression) -> Type:
    c.report(NotSupportedYet(node.span, "this form of type"))
    return ERROR


# Measures -----------------------------------------------------------------------------------------


def show_annotation(c: Checker, node: tree.TypeExpression) -> str:
    """A written type as text."""
    return show(annotation(c, node))


_HANDLERS: dict[type, Callable[[Checker, Any], Type]] = {
    tree.NamedType: _named,
    tree.NestedType: _nested,
    tree.FunctionType: _function,
    tree.TupleType: _tuple,
    tree.ArrayType: _array,
    tree.VariableType: _variable,
    tree.AnonymousType: _anonymous,
    tree.AnonymousRecordType: _record,
    tree.FlexibleType: _flexible,
    tree.ConstrainedType: _constrained,
    tree.ParenType: _inner,
    tree.ParameterType: _inner,
    tree.NullableType: _nullable,
    tree.IntersectionType: _intersection,
    tree.ConstantType: _unsupported,
    tree.NamedStaticArgument: _unsupported,
    tree.MeasureProduct: measure_node,
    tree.MeasureQuotient: measure_node,
    tree.MeasurePower: measure_node,
    tree.MeasureOne: measure_node,
}
