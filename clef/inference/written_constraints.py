"""Constraints as written, and the parameters that carry them.

Comes in: constraints and type parameters of the syntax tree. Goes out: constraints on the
parameters. Promises: two that no type meets together are reported where the second one stands.
"""

from __future__ import annotations

from collections.abc import Collection

from clef.diagnostics.typing import (
    MisplacedPart,
    UnsatisfiedConstraint,
    WrongTypeArguments,
)
from clef.inference.annotations import annotation
from clef.inference.attributes import has_attribute
from clef.inference.state import Checker
from clef.inference.type_text import show
from clef.inference.types import (
    CONSTRUCTOR,
    Constraint,
    MemberSignature,
    NamedType,
    ParameterType,
    Type,
    TypeParameter,
)
from clef.inference.unification import add_trait, prune, substitute, substitute_member
from clef.inference.well_known import OBJECT, UNIT
from clef.names.entities import TypeResolution
from clef.source import in_library
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
    _demand_ordinary(c, parts)
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


_SPECIAL = frozenset(
    (
        "ParamArray",
        "Out",
        "In",
        "Optional",
        "OptionalArgument",
        "CallerMemberName",
        "CallerFilePath",
        "CallerLineNumber",
    )
)


def _demand_ordinary(c: Checker, parts: list[tree.TypeExpression]) -> None:
    """What a member constraint asks for takes all that it takes, in one way (F# FS3532)."""
    for part in parts:
        if not isinstance(part, tree.ParameterType) or in_library(c.path):
            continue
        type = part.type
        name = type.name.parts[-1].text if isinstance(type, tree.NamedType) else ""
        is_special = part.is_optional or name in ("inref", "outref")
        if is_special or any(has_attribute(part.attributes, one) for one in _SPECIAL):
            word, way_out = "an optional or special parameter", "ask for a plain one"
            c.report(MisplacedPart(part.span, word, "a member constraint", way_out))


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
