"""Types as written, turned into types.

Comes in: resolved type expressions. Goes out: types without abbreviations. Promises: type variables
come from the scope of
the definition, or are introduced where F# allows it; measures are read as measures where one is
expected.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from clef.diagnostics.typing import (
    MisplacedPart,
    NotAMeasure,
    NotSupportedYet,
    StoredReference,
    UndeclaredTypeVariable,
    UnsatisfiedConstraint,
    WrongTypeArguments,
)
from clef.inference.short_lived import is_short_lived
from clef.inference.signatures import TypeSignature
from clef.inference.state import Checker
from clef.inference.type_text import show
from clef.inference.types import (
    CONSTRUCTOR,
    ERROR,
    NO_MEASURE,
    AnonymousRecordType,
    Constraint,
    FunctionType,
    MemberSignature,
    NamedType,
    ParameterType,
    TupleType,
    Type,
    TypeParameter,
    TypeVariable,
)
from clef.inference.unification import add_trait, prune, substitute, substitute_member
from clef.inference.well_known import MEASURABLE, NESTED_TYPES, OBJECT, UNIT, array_symbol, is_byref
from clef.inference.written_measures import measure_node, measure_of
from clef.names.entities import TypeResolution
from clef.source import Span, in_library
from clef.syntax import tree

_KINDS: dict[tree.ConstraintKind, str] = {
    tree.ConstraintKind.NULL: "null",
    tree.ConstraintKind.NOT_NULL: "not_null",
    tree.ConstraintKind.STRUCT: "struct",
    tree.ConstraintKind.NOT_STRUCT: "not_struct",
    tree.ConstraintKind.COMPARISON: "comparison",
    tree.ConstraintKind.EQUALITY: "equality",
    tree.ConstraintKind.UNMANAGED: "unmanaged",
    tree.ConstraintKind.ENUM: "enum",
    tree.ConstraintKind.DELEGATE: "delegate",
    tree.ConstraintKind.SUBTYPE: "subtype",
}


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


# Constraints as written ---------------------------------------------------------------------------


def add_constraints(c: Checker, constraints: list[tree.Constraint]) -> None:
    """`when` clauses: put each constraint on what it speaks of.

    `'T :> I<'T>`: what I itself asks of 'T is asked when all constraints are known."""
    outer, c.defer_constraints = c.defer_constraints, True
    first = len(c.deferred)
    _add_constraints(c, constraints)
    c.defer_constraints = outer
    if not outer:
        waiting = c.deferred[first:]
        del c.deferred[first:]
        for check in waiting:
            check()


def _add_constraints(c: Checker, constraints: list[tree.Constraint]) -> None:
    for node in constraints:
        subjects = [annotation(c, subject) for subject in node.subjects]
        if node.kind is tree.ConstraintKind.MEMBER and node.member is not None:
            _member_constraint(c, node, member_signature(c, node.member), subjects)
        elif node.kind is tree.ConstraintKind.SELF:
            _self_constraint(c, subjects[0], node)
        elif node.kind in _KINDS:
            if node.kind is tree.ConstraintKind.ENUM and len(node.arguments) != 1:
                c.report(WrongTypeArguments(node.span, "enum", 1, len(node.arguments)))
            target = annotation(c, node.arguments[0]) if node.arguments else None
            constraint = Constraint(_KINDS[node.kind], target)
            for subject in subjects:
                add_constraint(c, subject, constraint, node)


def _self_constraint(c: Checker, bound: Type, node: tree.Constraint) -> None:
    """`when I<'T>` is `'T :> I<'T>`, and asks what the abbreviation asks where I is one."""
    _abbreviated_constraints(c, node)
    bound = prune(bound)
    if isinstance(bound, NamedType) and bound.arguments:
        add_constraint(c, bound.arguments[0], Constraint("subtype", bound), node)


def _abbreviated_constraints(c: Checker, node: tree.Constraint) -> None:
    """`type Named<'T when 'T: (member Name: string)> = 'T`: its constraints on what it is given."""
    written = node.subjects[0]
    if not isinstance(written, tree.NamedType) or not isinstance(
        written.resolution, TypeResolution
    ):
        return
    entity = next(iter(written.resolution.candidates.values()))
    signature = c.type_named(entity.symbol)
    if signature is None or signature.kind != "abbreviation":
        return
    arguments = [annotation(c, one) for one in written.arguments]
    mapping = {p.id: a for p, a in zip(signature.parameters, arguments, strict=False)}
    for parameter, argument in zip(signature.parameters, arguments, strict=False):
        for constraint in parameter.constraints:
            if constraint.member is None:
                of = constraint.type
                target = None if of is None else substitute(of, mapping)
                add_constraint(c, argument, Constraint(constraint.kind, target), node)
                continue
            supports = [substitute(one, mapping) for one in constraint.supports]
            _member_constraint(c, node, substitute_member(constraint.member, mapping), supports)


def add_constraint(c: Checker, subject: Type, constraint: Constraint, node: tree.Node) -> None:
    """A declared constraint: a parameter gets it, other types must satisfy it."""
    subject = prune(subject)
    if constraint.kind == "subtype" and isinstance(constraint.type, NamedType):
        _demand_open(c, constraint.type, node)
    if isinstance(subject, ParameterType):
        if constraint.kind == "subtype" and isinstance(constraint.type, ParameterType):
            _demand_known_bound(c, subject, constraint.type, node)
        if constraint not in subject.parameter.constraints:
            _demand_possible(c, subject, constraint, node)
            subject.parameter.constraints.append(constraint)
        return
    from clef.inference.constraints import require

    require(c, subject, constraint, node.span)


_CONFLICTS: set[frozenset[str]] = {
    frozenset(("struct", "not_struct")),
    frozenset(("struct", "null")),
    frozenset(("enum", "null")),
    frozenset(("enum", "not_struct")),
    frozenset(("unmanaged", "null")),
    frozenset(("unmanaged", "not_struct")),
    frozenset(("comparison", "delegate")),
}


def _demand_possible(
    c: Checker, subject: ParameterType, constraint: Constraint, node: tree.Node
) -> None:
    """Two constraints that no type meets, and two base classes (F# FS0043, FS3162)."""
    for other in subject.parameter.constraints:
        if frozenset((other.kind, constraint.kind)) in _CONFLICTS:
            kinds = [f"`{one.kind.replace('_', ' ')}`" for one in (other, constraint)]
            needs = f"cannot be {kinds[0]} and {kinds[1]} at once"
            c.report(UnsatisfiedConstraint(node.span, show(subject), needs))
            return
        bases = [_bound_class(c, one) for one in (other, constraint)]
        if None not in bases and bases[0] != bases[1]:
            needs = f"cannot inherit from `{bases[0]}` and `{bases[1]}`: they are classes"
            c.report(UnsatisfiedConstraint(node.span, show(subject), needs))
            return


def _bound_class(c: Checker, constraint: Constraint) -> str | None:
    """The class that a constraint asks for."""
    bound = constraint.type
    if constraint.kind != "subtype" or not isinstance(bound, NamedType) or bound == OBJECT:
        return None
    signature = c.type_named(bound.symbol)
    is_class = signature is not None and signature.kind == "class" and not in_library(c.path)
    return show(bound) if is_class else None


def _demand_open(c: Checker, bound: NamedType, node: tree.Node) -> None:
    """What nobody inherits from is no bound: only one type could meet it."""
    signature = c.type_named(bound.symbol)
    if signature is not None and signature.is_sealed and not in_library(signature.span.path):
        from clef.diagnostics.typing import InvalidInheritance

        problem = "is sealed, so no other type could be a subtype of it"
        c.report(InvalidInheritance(node.span, signature.name, problem))


def _demand_known_bound(
    c: Checker, subject: ParameterType, bound: ParameterType, node: tree.Node
) -> None:
    """A bound that is a parameter itself is met only by the same type."""
    if bound != subject and not in_library(c.path):
        from clef.diagnostics.typing import InvalidInheritance

        problem = f"is no bound for `{show(subject)}`: only the same type is known to fit"
        c.report(InvalidInheritance(node.span, show(bound), problem))


def _member_constraint(
    c: Checker, node: tree.Constraint, member: MemberSignature, subjects: list[Type]
) -> None:
    if member.name == CONSTRUCTOR and not member.parameters:
        for subject in subjects:
            add_constraint(c, subject, Constraint("default_constructor"), node)
        return
    if member.name == CONSTRUCTOR:
        way_out = "write `(new: unit -> 'a)`; pass a function that makes the objects"
        part, owner = "a parameter", "a constraint that asks for a constructor"
        c.report(MisplacedPart(node.span, part, owner, way_out))
        return
    for subject in map(prune, subjects):  # of `(Witness or ^a)` the witness is a type
        if isinstance(subject, ParameterType):
            holder = subject.parameter
            holder.is_static = True
            holder.constraints.append(Constraint("member", None, member, tuple(subjects)))
            return
    add_trait(c, member, tuple(subjects), node.span)


def member_signature(c: Checker, node: tree.MemberSignature) -> MemberSignature:
    """`(static member Name : a * b -> c)` in constraints and trait calls."""
    written = node.type
    while isinstance(written, tree.ParenType):
        written = written.type
    name = node.name.text
    if not isinstance(written, tree.FunctionType):
        prefix = "get_"
        if node.has_setter and not node.has_getter:
            return MemberSignature("set_" + name, node.is_static, (annotation(c, written),), UNIT)
        return MemberSignature(prefix + name, node.is_static, (), annotation(c, written))
    parts, following = _all_parameters(written)
    types = tuple(annotation(c, part) for part in parts)
    if types == (UNIT,):
        types = ()
    result = annotation(c, following)
    if name in (CONSTRUCTOR, "new"):
        return MemberSignature(CONSTRUCTOR, True, types, result)
    if node.has_setter and not node.has_getter:  # an indexer
        return MemberSignature("set_" + name, node.is_static, (*types, result), UNIT)
    if node.has_getter:
        name = "get_" + name
    return MemberSignature(name, node.is_static, types, result)


def _all_parameters(
    written: tree.FunctionType,
) -> tuple[list[tree.TypeExpression], tree.TypeExpression]:
    """What a member takes, `a -> b -> c` like `a * b -> c`, and what follows; a function that the
    member gives back is written in parentheses."""
    parts: list[tree.TypeExpression] = []
    following: tree.TypeExpression = written
    while isinstance(following, tree.FunctionType):
        parameter = following.parameter
        parts += parameter.elements if isinstance(parameter, tree.TupleType) else [parameter]
        following = following.result
    return parts, following


_CONDITIONS = {"EqualityConditionalOn": "equality", "ComparisonConditionalOn": "comparison"}


def declare_parameters(
    c: Checker, written: tree.TypeParameters | None, enclosing: Collection[str] = ()
) -> tuple[TypeParameter, ...]:
    """Explicit type parameters, entered into the scope (their constraints come later).

    A member that writes a type parameter of its type again means that one: those in `enclosing` are
    there already."""
    if written is None:
        return ()
    declared: list[TypeParameter] = []
    for node in written.parameters:
        if node.name.text in enclosing:
            continue
        marks = {
            a.type.name.parts[-1].text.removesuffix("Attribute")
            for a in node.attributes
            if isinstance(a.type, tree.NamedType)
        }
        parameter = c.parameter(node.name.text, "Measure" in marks)
        parameter.conditions = frozenset(_CONDITIONS[mark] for mark in marks & _CONDITIONS.keys())
        parameter.is_static = node.is_head
        declared.append(parameter)
        c.type_scope[node.name.text] = ParameterType(parameter)
    return tuple(declared)


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
