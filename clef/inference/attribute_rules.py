"""Where the attributes of F# may stand.

Comes in: the declarations of a file, whose types are known. Goes out: a report for each attribute
of FSharp.Core that stands where it says nothing, or that asks of a type what it cannot be.
Promises: an attribute that is accepted has its effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from clef.diagnostics.typing.attributes import MisplacedAttribute
from clef.inference.attributes import attribute_name, find_attribute
from clef.inference.bindings import head_name
from clef.inference.signatures import TypeSignature
from clef.inference.state import Checker
from clef.inference.subtyping import as_instance
from clef.inference.well_known import ATTRIBUTE
from clef.names.declare import is_extension, type_kind
from clef.source import Span, in_library
from clef.syntax import tree
from clef.syntax.traversal import walk

_TYPES = frozenset(
    {
        "AbstractClass",
        "AllowNullLiteral",
        "AutoSerializable",
        "CLIMutable",
        "Class",
        "CustomComparison",
        "CustomEquality",
        "DefaultAugmentation",
        "Interface",
        "Measure",
        "MeasureAnnotatedAbbreviation",
        "NoComparison",
        "NoEquality",
        "ReferenceEquality",
        "Sealed",
        "Struct",
        "StructuralComparison",
        "StructuralEquality",
    }
)
_CONTAINERS = frozenset({"AutoOpen", "RequireQualifiedAccess"})
_VALUES = frozenset(
    {
        "EntryPoint",
        "GeneralizableValue",
        "Literal",
        "NoDynamicInvocation",
        "RequiresExplicitTypeArguments",
        "Unverifiable",
    }
)
_FIELDS = frozenset({"DefaultValue", "VolatileField"})
_PARAMETERS = frozenset({"InlineIfLambda", "OptionalArgument", "ProjectionParameter"})
_TARGETS = frozenset(
    {
        "assembly",
        "constructor",
        "event",
        "field",
        "method",
        "module",
        "param",
        "property",
        "return",
        "type",
    }
)
_ON_A_TYPE = _VALUES | _FIELDS | _PARAMETERS
_ON_A_VALUE = _TYPES | _CONTAINERS | _PARAMETERS
_ON_A_FIELD = _TYPES | _CONTAINERS | _PARAMETERS | (_VALUES - {"Literal"})
_ARTICLES = {
    "abbreviation": "an abbreviation",
    "class": "a class",
    "delegate": "a delegate",
    "enum": "an enum",
    "interface": "an interface",
    "measure": "a unit of measure",
    "record": "a record",
    "struct": "a struct",
    "union": "a union",
}


def check_attributes(c: Checker, declarations: Iterable[tree.Declaration]) -> None:
    """All attributes of these declarations and of what is in them."""
    for node in declarations:
        match node:
            case tree.LetDeclaration(bindings=bindings):
                for binding in bindings:
                    _value(c, binding)
            case tree.TypesDeclaration(types=types):
                for definition in types:
                    _type(c, definition)
            case tree.ModuleDeclaration(attributes=attributes, declarations=inner):
                _refuse(c, attributes, _ON_A_TYPE | (_TYPES - {"CLIMutable"}), "a module")
                check_attributes(c, inner)
            case tree.NamespaceDeclaration(declarations=inner):
                check_attributes(c, inner)
            case _:
                pass


def _refuse(
    c: Checker, attributes: Sequence[tree.Attribute], names: frozenset[str], owner: str
) -> None:
    for node in attributes:
        name = attribute_name(node)
        if name in names and node.target is None:
            _report(c, node.span, name, owner)
        elif node.target is not None and node.target not in _TARGETS:
            known = ", ".join(sorted(_TARGETS))
            way_out = f"write one of {known}"
            c.report(MisplacedAttribute(node.span, f"{node.target}: …", "anything", way_out))


def _report(c: Checker, span: Span, name: str, owner: str, way_out: str = "take it away") -> None:
    c.report(MisplacedAttribute(span, name, owner, way_out))


# Values -------------------------------------------------------------------------------------------


def _one_for_all(c: Checker, binding: tree.Binding) -> None:
    """What `let` defines is one value for all threads (F# warns, FS0056)."""
    found = find_attribute(binding.attributes, "ThreadStatic")
    if found is not None:
        _report(c, found.span, "ThreadStatic", "a `let`", "write `static val mutable …` in a type")


def _value(c: Checker, binding: tree.Binding) -> None:
    _one_for_all(c, binding)
    _refuse(c, binding.attributes, _ON_A_VALUE | {"VolatileField"}, "a value of a module")
    node = find_attribute(binding.attributes, "DefaultValue")
    if node is not None:
        _report(c, node.span, "DefaultValue", "a `let`", "write `val mutable …` in a type")
    _struct_result(c, binding)
    _not_generic(c, binding)
    _left_out_calls(c, binding.attributes, "a value of a module")


def _not_generic(c: Checker, binding: tree.Binding) -> None:
    """One constant is not a constant for each type (F# FS0836)."""
    head = binding.head
    found = find_attribute(binding.attributes, "Literal")
    if found is not None and isinstance(head, tree.NameHead) and head.type_parameters is not None:
        _report(c, found.span, "Literal", "a value with type parameters")


def _left_out_calls(c: Checker, attributes: Sequence[tree.Attribute], owner: str) -> None:
    """Calls are left out of members only, and of attributes (F# FS0826, FS1213)."""
    found = find_attribute(attributes, "Conditional")
    if found is not None:
        _report(c, found.span, "Conditional", owner, "let it be a static member, or write `#if`")


def _struct_result(c: Checker, binding: tree.Binding) -> None:
    """`[<return: Struct>]` says how a partial active pattern gives its result (F# FS3385)."""
    name = head_name(binding)
    if name is None or name.text.endswith("|_|"):
        return
    for node in binding.attributes:
        if node.target == "return" and attribute_name(node) == "Struct":
            _report(c, node.span, "return: Struct", "what is no partial active pattern")


def _class_value(c: Checker, binding: tree.Binding) -> None:
    """`let` in a class: fields that other threads see at once can be changed."""
    _one_for_all(c, binding)
    _refuse(c, binding.attributes, _ON_A_VALUE, "a value of a class")
    node = find_attribute(binding.attributes, "VolatileField")
    if node is not None and not binding.is_mutable:
        _report(c, node.span, "VolatileField", "a value that never changes", "write `mutable`")


# Types --------------------------------------------------------------------------------------------


def _type(c: Checker, node: tree.TypeDefinition) -> None:
    if not is_extension(node):
        kind = type_kind(node)
        _refuse(c, node.attributes, _ON_A_TYPE, "a type")
        for name, owner, way_out in _unfit(node, kind):
            found = find_attribute(node.attributes, name)
            if found is not None:
                _report(c, found.span, name, owner, way_out)
        _null_parents(c, node)
        signature = c.type_named(c.type_symbols.get(node, ""))
        if signature is not None and not is_attribute(c, signature):
            _left_out_calls(c, node.attributes, "a type")
    elif node.attributes:
        first = node.attributes[0]
        way_out = "put it in front of the definition, or of a member"
        _report(c, first.span, attribute_name(first), "an extension of a type", way_out)
    for member in node.members:
        match member:
            case tree.LetMember(bindings=bindings):
                for binding in bindings:
                    _class_value(c, binding)
            case tree.FieldMember(field=field):
                _refuse(c, field.attributes, _ON_A_FIELD | {"VolatileField"}, "a `val`")
            case tree.MethodMember(binding=binding):
                # F# takes `DefaultValue` on members, as FSharp.Core's own builders have it
                refused = _ON_A_VALUE | {"VolatileField", "Literal", "EntryPoint"}
                _refuse(c, binding.attributes, refused, "a member")
                found = find_attribute(binding.attributes, "DllImport")
                if found is not None and not member.is_static:
                    _report(c, found.span, "DllImport", "a member of objects", "write `static`")
            case _:
                pass


def is_attribute(c: Checker, signature: TypeSignature) -> bool:
    """Whether `Attribute` is among the base classes."""
    return as_instance(c, signature.self_type(), ATTRIBUTE) is not None


def _unfit(node: tree.TypeDefinition, kind: str) -> Iterable[tuple[str, str, str]]:
    """The attributes that types of this kind cannot have, with who cannot and what to do."""
    owner = _ARTICLES.get(kind, "this type")
    if kind in ("struct", "enum", "delegate"):
        yield "Sealed", owner, "nobody inherits from it: take the attribute away"
    elif kind in ("interface", "abbreviation"):
        yield "Sealed", owner, "take the attribute away"
    if kind not in ("class", "interface"):
        yield "AllowNullLiteral", owner, "let it be a class, or use `option`"
    if kind != "record":
        yield "CLIMutable", owner, "only records have it"
    is_made = kind == "class" and node.constructor is not None
    if is_made or kind not in ("class", "record", "struct"):
        whole = "a class with a primary constructor" if is_made else owner
        yield "StructLayout", whole, "only structs, records and classes with `val` fields have it"
    if _asks_for_null(node) and not _has_one_empty_case(node):
        way_out = "it needs one case without fields and at least one with fields"
        yield "CompilationRepresentation", "a type without a case to be null", way_out


def _asks_for_null(node: tree.TypeDefinition) -> bool:
    found = find_attribute(node.attributes, "CompilationRepresentation")
    if found is None or found.argument is None:
        return False
    return any(
        isinstance(part, tree.Name) and part.text == "UseNullAsTrueValue"
        for part in walk(found.argument)
    )


def _has_one_empty_case(node: tree.TypeDefinition) -> bool:
    if not isinstance(node.representation, tree.UnionRepresentation):
        return False
    empty = [case for case in node.representation.cases if not case.fields]
    return len(empty) == 1 and len(node.representation.cases) > 1


def _null_parents(c: Checker, node: tree.TypeDefinition) -> None:
    """What can be null inherits from nothing that cannot."""
    found = find_attribute(node.attributes, "AllowNullLiteral")
    signature = c.type_named(c.type_symbols.get(node, ""))
    if found is None or signature is None or signature.kind not in ("class", "interface"):
        return
    for parent in [signature.base, *signature.interfaces]:
        above = c.type_named(parent.symbol) if parent is not None else None
        if above is not None and not above.allows_null and not _is_foreign(above):
            way_out = f"write `[<AllowNullLiteral>]` in front of `{above.name}` too"
            owner = f"a type that is a `{above.name}`, which is never null"
            _report(c, found.span, "AllowNullLiteral", owner, way_out)
            return


def _is_foreign(signature: TypeSignature) -> bool:
    """Types of .NET can be null."""
    return signature.symbol.startswith("System.") and in_library(signature.span.path)
