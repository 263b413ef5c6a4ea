"""What the kind of a type rules out, beyond its members.

Comes in: a definition whose kind is known. Goes out: a report for each part that makes no type of
its kind: a struct with a constructor that takes nothing, an interface that is constructed, an enum
with a case called as its number, an abbreviation that drops a type parameter. Promises: what is
accepted can be made of it.
"""

from __future__ import annotations

from clef.diagnostics.typing import InvalidInheritance, MisplacedPart, RecursiveAbbreviation
from clef.inference.annotations import annotation
from clef.inference.attributes import has_attribute
from clef.inference.state import Checker
from clef.inference.type_shells import Draft
from clef.inference.types import NamedType
from clef.inference.unification import prune
from clef.source import in_library
from clef.syntax import tree
from clef.syntax.traversal import walk


def check_kind(c: Checker, draft: Draft, node: tree.TypeDefinition) -> None:
    """All of it for one definition."""
    match draft.signature.kind:
        case "abbreviation":
            _parameters_used(c, node)
        case "enum":
            _case_names(c, node)
        case "interface":
            _not_constructed(c, node)
            _only_slots(c, node)
        case "union":
            _open_cases(c, node)
        case "measure":
            _only_a_name(c, node)
        case "class":
            _no_static_slots(c, node)
        case _:
            pass
    if draft.signature.is_struct:
        _made_of_nothing(c, draft, node)
        _written_parameters(c, node)
    _implemented(c, draft, node)
    _defined(c, draft, node)
    _all_written(c, node)
    _takes_values(c, draft, node)
    _one_kind(c, draft, node)
    _read_only(c, draft, node)
    _base_with_arguments(c, node)


def _parameters_used(c: Checker, node: tree.TypeDefinition) -> None:
    """Every type parameter of an abbreviation is in what it abbreviates, or in a constraint."""
    written = node.type_parameters
    if written is None or has_attribute(node.attributes, "MeasureAnnotatedAbbreviation"):
        return
    places: list[tree.Node] = [node.representation, *written.constraints]
    mentioned = (part for place in places for part in walk(place))
    used = {part.name.text for part in mentioned if isinstance(part, tree.VariableType)}
    for parameter in written.parameters:
        if parameter.name.text not in used:
            part = f"a type parameter that its type does not mention (`'{parameter.name.text}`)"
            way_out = "take the parameter away"
            c.report(MisplacedPart(parameter.span, part, "an abbreviation", way_out))


def _case_names(c: Checker, node: tree.TypeDefinition) -> None:
    if isinstance(node.representation, tree.EnumRepresentation):
        for case in node.representation.cases:
            if case.name.text == "value__":
                way_out = "that is what the number itself is called: take another name"
                c.report(MisplacedPart(case.span, "a case `value__`", "an enum", way_out))


def _not_constructed(c: Checker, node: tree.TypeDefinition) -> None:
    if node.constructor is not None:
        part, way_out = "a primary constructor", "take the brackets behind its name away"
        c.report(MisplacedPart(node.constructor.span, part, "an interface", way_out))


def _no_static_slots(c: Checker, node: tree.TypeDefinition) -> None:
    for member in node.members:
        if isinstance(member, tree.AbstractMember) and member.signature.is_static:
            part, way_out = "a static abstract member", "only interfaces have them"
            c.report(MisplacedPart(member.span, part, "a class", way_out))


def _only_a_name(c: Checker, node: tree.TypeDefinition) -> None:
    """A unit of measure has no values, so nothing that belongs to values."""
    part = ""
    if node.type_parameters is not None:
        part = "type parameters"
    elif node.constructor is not None:
        part = "a constructor"
    elif isinstance(node.representation, tree.UnionRepresentation | tree.RecordRepresentation):
        part = "a union or record"
    for member in node.members:
        if isinstance(member, tree.MethodMember | tree.PropertyMember) and not member.is_static:
            part = "a member of objects"
    if part:
        way_out = "write a name, or what it is a product of"
        c.report(MisplacedPart(node.name.span, part, "a unit of measure", way_out))


def _only_slots(c: Checker, node: tree.TypeDefinition) -> None:
    """The members of an interface's objects are abstract."""
    for member in node.members:
        match member:
            case tree.MethodMember(is_static=False) | tree.PropertyMember(is_static=False):
                part, way_out = "a member that is not abstract", "let it be a class, or a function"
                c.report(MisplacedPart(member.span, part, "an interface", way_out))
            case _:
                pass


def _open_cases(c: Checker, node: tree.TypeDefinition) -> None:
    if isinstance(node.representation, tree.UnionRepresentation):
        for case in node.representation.cases:
            if case.access is not None:
                part, way_out = f"`{case.access.value}`", "write it in front of all cases"
                c.report(MisplacedPart(case.span, part, "front of one case of a union", way_out))


def _made_of_nothing(c: Checker, draft: Draft, node: tree.TypeDefinition) -> None:
    for member in node.members:
        if isinstance(member, tree.ConstructorMember) and _takes_nothing(member.pattern):
            way_out = "every struct can be made without arguments, all of it zero"
            part = "a constructor without arguments"
            c.report(MisplacedPart(member.span, part, "a struct", way_out))
    primary = node.constructor
    for inner in walk(primary.pattern) if primary is not None else ():
        if isinstance(inner, tree.TypedPattern) and draft.signature.symbol == _symbol(c, inner):
            c.report(RecursiveAbbreviation(node.name.span, draft.signature.name))


def _written_parameters(c: Checker, node: tree.TypeDefinition) -> None:
    """The fields of a struct are the parameters of its constructor, so these have types."""
    pattern = node.constructor.pattern if node.constructor is not None else None
    while isinstance(pattern, tree.ParenPattern):
        pattern = pattern.pattern
    for part in pattern.elements if isinstance(pattern, tree.TuplePattern) else (pattern,):
        while isinstance(part, tree.AttributedPattern):
            part = part.pattern
        if isinstance(part, tree.NamedPattern):
            way_out = "write its type: `(x: int)`"
            c.report(MisplacedPart(part.span, "a parameter without a type", "a struct", way_out))


def _all_written(c: Checker, node: tree.TypeDefinition) -> None:
    """Nothing would say what `_` stands for."""
    for part in walk(node.representation):
        if isinstance(part, tree.AnonymousType):
            way_out = "write the type, or a type parameter of the definition"
            c.report(MisplacedPart(part.span, "`_`", "the definition of a type", way_out))


def _defined(c: Checker, draft: Draft, node: tree.TypeDefinition) -> None:
    """Only a unit of measure is a name and nothing else."""
    is_bare = isinstance(node.representation, tree.OpaqueRepresentation)
    if is_bare and draft.signature.kind != "measure" and not in_library(c.path):
        part, owner = f"`{draft.signature.name}` alone", "the definition of a type"
        way_out = "write `=` and what it is, such as `class end`"
        c.report(MisplacedPart(node.name.span, part, owner, way_out))


def _takes_values(c: Checker, draft: Draft, node: tree.TypeDefinition) -> None:
    """Only classes and structs have constructors of their own."""
    if node.constructor is not None and draft.signature.kind in ("record", "union"):
        part, way_out = "a primary constructor", "take the brackets behind its name away"
        owner = f"a {draft.signature.kind}"
        c.report(MisplacedPart(node.constructor.span, part, owner, way_out))


_KINDS = {"Class": ("class",), "Struct": ("struct", "record", "union"), "Interface": ("interface",)}


def _one_kind(c: Checker, draft: Draft, node: tree.TypeDefinition) -> None:
    """`Class`, `Struct` and `Interface` say what the definition says."""
    given = [name for name in _KINDS if has_attribute(node.attributes, name)]
    kind = draft.signature.kind
    if len(given) > 1:
        part, owner = f"`[<{given[1]}>]`", f"a type with `[<{given[0]}>]`"
        c.report(MisplacedPart(node.name.span, part, owner, "keep one of them"))
    elif given and not isinstance(node.representation, tree.OpaqueRepresentation):
        says_interface = kind == "struct" and _says_interface(node)
        shape = node.representation
        if given[0] == "Interface" and isinstance(shape, tree.ClassRepresentation):
            kind = "class" if shape.kind is tree.ClassKind.CLASS else kind
        if kind not in _KINDS[given[0]] or says_interface:
            owner = "an interface" if says_interface else f"a definition of a {kind}"
            part = f"`[<{given[0]}>]`"
            c.report(MisplacedPart(node.name.span, part, owner, "take it away"))


def _read_only(c: Checker, draft: Draft, node: tree.TypeDefinition) -> None:
    """`IsReadOnly` is said of structs whose fields never change."""
    if not has_attribute(node.attributes, "IsReadOnly") or in_library(c.path):
        return
    part = "`[<IsReadOnly>]`"
    if not draft.signature.is_struct:
        owner, way_out = "a type that is no struct", "write `[<Struct>]` as well"
        c.report(MisplacedPart(node.name.span, part, owner, way_out))
    elif any(f.is_mutable and not f.is_static for f in draft.signature.fields.values()):
        owner, way_out = "a struct with a mutable field", "take it, or the `mutable`, away"
        c.report(MisplacedPart(node.name.span, part, owner, way_out))


def _base_with_arguments(c: Checker, node: tree.TypeDefinition) -> None:
    """Without a primary constructor each `new` makes the base object by itself."""
    if node.constructor is not None:
        return
    for member in node.members:
        if isinstance(member, tree.InheritMember) and member.inherit.argument is not None:
            part, owner = "`inherit` with arguments", "a type without a primary constructor"
            way_out = f"write `type {node.name.parts[-1].written}() =`, or take the arguments away"
            c.report(MisplacedPart(member.span, part, owner, way_out))


def _symbol(c: Checker, pattern: tree.TypedPattern) -> str:
    type = prune(annotation(c, pattern.type))
    return type.symbol if isinstance(type, NamedType) else ""


def _takes_nothing(pattern: tree.Pattern) -> bool:
    while isinstance(pattern, tree.ParenPattern):
        pattern = pattern.pattern
    if not isinstance(pattern, tree.ConstantPattern):
        return False
    return pattern.constant.kind is tree.LiteralKind.UNIT


def _implemented(c: Checker, draft: Draft, node: tree.TypeDefinition) -> None:
    """`interface T` names an interface, and stands in no interface."""
    for member in node.members:
        if not isinstance(member, tree.InterfaceMember):
            continue
        type = prune(annotation(c, member.implementation.type))
        above = c.type_named(type.symbol) if isinstance(type, NamedType) else None
        if above is None:
            continue
        if above.kind not in ("interface", "abbreviation"):
            reason = f"is to implement `{above.name}`, which is no interface"
            c.report(InvalidInheritance(member.span, draft.signature.name, reason))
        elif draft.signature.kind == "interface" and not in_library(c.path):
            part, way_out = "`interface …`", "write `inherit …`"
            c.report(MisplacedPart(member.span, part, "an interface", way_out))


def _says_interface(node: tree.TypeDefinition) -> bool:
    shape = node.representation
    return isinstance(shape, tree.ClassRepresentation) and shape.kind is tree.ClassKind.INTERFACE
