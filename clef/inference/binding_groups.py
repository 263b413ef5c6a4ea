"""The bindings of a `let` together: recursion and generalisation, for local and module-level
definitions alike.

Comes in: groups of bindings. Goes out: for each its parameters, body, type and type parameters.
Promises: recursive uses get the type arguments of the generalised binding; a group's bindings share
their type parameters.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.diagnostics.typing import MisplacedPart
from clef.inference import typed_tree as typed
from clef.inference.annotations import annotation
from clef.inference.attributes import has_attribute
from clef.inference.bindings import (
    Inferred,
    can_generalise,
    curried,
    enter_type_parameters,
    head_name,
    infer_binding,
    is_unit,
)
from clef.inference.generalisation import generalise
from clef.inference.pattern_bindings import generic_parts
from clef.inference.state import Checker, LocalEntry, RecursiveUse
from clef.inference.types import (
    FunctionType,
    ParameterType,
    Scheme,
    TupleType,
    Type,
)
from clef.inference.unification import prune, unify
from clef.inference.well_known import INT, STRING, UNIT, array_of
from clef.names.entities import LocalBinder, LocalResolution
from clef.syntax import tree

Announce = Callable[[Inferred], None]


def infer_group(
    c: Checker,
    bindings: list[tree.Binding],
    is_recursive: bool,
    announce: Announce,
    define: Announce,
    publish: Announce | None = None,
    patterns_have_one_type: bool = False,
) -> list[Inferred]:
    """Check and generalise a `let` group.

    `announce` makes a binding known, with its monomorphic type or declared scheme, before recursive
    bodies are checked;
    `publish`, if given, makes one known that is generalised before others are checked; `define`
    makes the finished ones known. The variables of a pattern are generic too, unless they are to
    have one type each."""
    if not is_recursive:
        one_type = patterns_have_one_type
        return [_infer_single(c, binding, define, one_type) for binding in bindings]
    from clef.inference.recursive_groups import infer_recursive

    return infer_recursive(c, bindings, announce, define, publish)


def _entry_point(binding: tree.Binding) -> Inferred | None:
    """The type of `[<EntryPoint>]` is known in advance."""

    head = binding.head
    if (
        binding.attributes
        and isinstance(head, tree.NameHead)
        and len(head.arguments) == 1
        and not is_unit(head.arguments[0])
        and has_attribute(binding.attributes, "EntryPoint")
    ):
        return Inferred(binding, FunctionType(array_of(STRING), INT))
    return None


def _infer_single(
    c: Checker, binding: tree.Binding, define: Announce, patterns_have_one_type: bool
) -> Inferred:
    _demand_plain(c, binding, is_recursive=False)
    first_pending = len(c.pending)
    c.level += 1
    found = infer_binding(c, binding, _entry_point(binding))
    c.level -= 1
    found.type_parameters = generalise(
        c,
        [found.type],
        binding.is_inline,
        can_generalise(c, found) and not (patterns_have_one_type and found.pattern is not None),
        found.declared,
        first_pending,
    )
    forget_generalised(c)
    define(found)
    return found


def forget_generalised(c: Checker) -> None:
    """A type variable that an inner binding introduced and generalised is unknown after it."""
    names = c.implicit_types
    if names:
        for name in [n for n, type in names.items() if isinstance(prune(type), ParameterType)]:
            del names[name]


def _demand_plain(c: Checker, binding: tree.Binding, is_recursive: bool) -> None:
    """Only an ordinary value can be mutable, and only a function inline."""
    head = binding.head
    if not binding.is_mutable:
        if not binding.is_inline or not isinstance(head, tree.NameHead):
            return
        if not head.arguments and not head.type_parameters:
            way_out = "write its parameters, or take `inline` away"
            c.report(MisplacedPart(head.span, "`inline`", "the definition of a value", way_out))
        return
    owner = ""
    if is_recursive:
        owner = "a recursive definition"
    elif binding.is_inline:
        owner = "an `inline` definition"
    elif has_attribute(binding.attributes, "Literal"):
        owner = "a `[<Literal>]`"
    elif isinstance(binding.head, tree.NameHead) and binding.head.arguments:
        owner = "the definition of a function"
    elif isinstance(binding.head, tree.NameHead) and binding.head.type_parameters:
        owner = "a value with type parameters"
    if owner:
        span = binding.head.span
        c.report(MisplacedPart(span, "`mutable`", owner, "take one of the two away"))


def prepare(c: Checker, binding: tree.Binding) -> Inferred:
    """The type of a recursive binding as far as its head says it."""
    _demand_plain(c, binding, is_recursive=True)
    head = binding.head
    prepared = Inferred(binding, c.fresh(binding.span))
    prepared.use = RecursiveUse()
    if isinstance(head, tree.PatternHead) and not _is_simple(head.pattern):
        part, way_out = "a pattern", "define each variable by itself, or take `rec` away"
        c.report(MisplacedPart(head.span, part, "a recursive definition", way_out))
    if isinstance(head, tree.NameHead):
        outer = c.type_scope
        prepared.declared = enter_type_parameters(c, head.type_parameters)
        prepared.scope = c.type_scope
        types = [_written_type(c, argument) for argument in head.arguments]
        result = annotation(c, binding.return_type) if binding.return_type else c.fresh(head.span)
        prepared.type = curried(types, result)
        entry_point = _entry_point(binding)
        if entry_point is not None:
            unify(c, prepared.type, entry_point.type)
        c.type_scope = outer
    return prepared


def _is_simple(pattern: tree.Pattern) -> bool:
    """One variable, or none."""
    while isinstance(pattern, tree.ParenPattern | tree.TypedPattern | tree.AttributedPattern):
        pattern = pattern.pattern
    return isinstance(pattern, tree.NamedPattern | tree.WildcardPattern | tree.ErrorPattern)


def _written_type(c: Checker, pattern: tree.Pattern) -> Type:
    """The type of a parameter, as far as its pattern says it."""
    while isinstance(pattern, tree.ParenPattern | tree.AttributedPattern | tree.AsPattern):
        pattern = pattern.pattern
    match pattern:
        case tree.TypedPattern():
            return annotation(c, pattern.type)
        case tree.TuplePattern():
            items = tuple(_written_type(c, one) for one in pattern.elements)
            return TupleType(items, pattern.is_struct)
        case tree.ConstantPattern(constant=tree.Constant(kind=tree.LiteralKind.UNIT)):
            return UNIT
        case _:
            return c.fresh(pattern.span)


def _binder(c: Checker, binding: tree.Binding) -> LocalBinder | None:
    name = head_name(binding)
    resolution = c.table.get(name) if name is not None else None
    return resolution.binder if isinstance(resolution, LocalResolution) else None


def local_group(
    c: Checker, bindings: list[tree.Binding], is_recursive: bool
) -> list[typed.LocalBinding]:
    """The bindings of a `let` expression; their names are then known to the checker."""
    parts: dict[int, list[typed.LocalBinding]] = {}

    def announce(found: Inferred) -> None:
        binder = _binder(c, found.binding)
        if binder is not None:
            local = c.local(binder.name, found.type, binder.span)
            c.locals[binder] = LocalEntry(local, recursive=found.use)

    def define(found: Inferred) -> None:
        binder = _binder(c, found.binding)
        if binder is None:
            if found.pattern is not None and found.type_parameters:
                parts[id(found)] = generic_parts(c, found)
            return
        entry = c.locals.get(binder)
        if entry is None:
            local = c.local(binder.name, found.type, binder.span, found.binding.is_mutable)
            entry = c.locals[binder] = LocalEntry(local)
        entry.local.type = found.type
        entry.recursive = None
        entry.arity = len(found.parameters)
        if found.type_parameters:
            entry.scheme = Scheme(found.type_parameters, found.type)

    group = infer_group(c, bindings, is_recursive, announce, define, define)
    made: list[typed.LocalBinding] = []
    for found in group:
        made += parts.get(id(found)) or [_local_binding(c, found)]
    if is_recursive:
        from clef.inference.recursive_objects import arrange_locals

        return arrange_locals(c, made)
    return made


def _local_binding(c: Checker, found: Inferred) -> typed.LocalBinding:
    binding = found.binding
    pattern = found.pattern
    if pattern is None:
        binder = _binder(c, binding)
        span = binding.head.span
        if binder is None:
            pattern = typed.WildcardPattern(found.type, span)
        else:
            pattern = typed.VariablePattern(found.type, span, c.locals[binder].local)
    assert found.body is not None
    return typed.LocalBinding(
        pattern, found.type_parameters, found.parameters, found.body, binding.span
    )
