"""Names in local bindings: `let`, `use`, `let!`, and the statements between them.

Comes in: bindings. Goes out: their resolutions, and variables in scope. Promises: a chain of `let`s
is walked in a loop, so that long functions need no deep stack.
"""

from __future__ import annotations

from clef.diagnostics.names import DuplicateVariable
from clef.names.attributes import resolve_attributes
from clef.names.declare import parameter_count, report_active_pattern, report_repeated
from clef.names.entities import LocalResolution
from clef.names.patterns import Bound, resolve_patterns, resolve_type, resolve_type_parameters
from clef.names.repetitions import check_type_parameters, demand_inferred
from clef.names.resolver import Resolver
from clef.names.walk import (
    add_bound,
    add_local_active_patterns,
    bind,
    bind_name,
    resolve_expression,
)
from clef.syntax import tree


def has_ignored_body(binding: tree.Binding) -> bool:
    """Whether the compiler or a foreign library provides the body."""
    return any(
        isinstance(attribute.type, tree.NamedType)
        and attribute.type.name.parts[-1].text in ("Intrinsic", "FidelityExtern")
        for attribute in binding.attributes
    )


def resolve_binding_body(resolver: Resolver, binding: tree.Binding) -> None:
    """Parameters, annotations and value of a binding, in a scope of their own."""
    resolve_attributes(resolver, binding.attributes)
    mark = resolver.scope.enter()
    head = binding.head
    if isinstance(head, tree.NameHead):
        check_type_parameters(resolver, head.type_parameters)
        resolve_type_parameters(resolver, head.type_parameters)
        if head.this is not None:
            bind_name(resolver, head.this)
        bound = bind(resolver, *head.arguments)
        if head.this is not None and head.this.text in bound:
            found = bound[head.this.text].span
            resolver.report(DuplicateVariable(found, head.this.written, head.this.span))
        _show_own_cases(resolver, head.name)
    resolve_type(resolver, binding.return_type)
    if not has_ignored_body(binding):
        resolve_expression(resolver, binding.value)
    resolver.scope.leave(mark)


def _show_own_cases(resolver: Resolver, name: tree.Name) -> None:
    """Inside `(|Even|Odd|)` the names of its cases make its results; that of a partial recogniser
    is what it finds: `Some (Prime n)` is `Some n`."""
    if name.text.startswith("|"):
        from clef.names.declare import active_pattern_cases

        for entity in active_pattern_cases(name.text, None, name.span):
            resolver.scope.add_item(entity.name, entity)


def binders_of(resolver: Resolver, binding: tree.Binding) -> Bound:
    """The variables that a local binding defines (not yet visible)."""
    head = binding.head
    if isinstance(head, tree.NameHead):
        binder = resolver.binder(head.name.text, head.name.span, binding.is_mutable)
        resolver.table[head.name] = LocalResolution(binder)
        if head.name.text.startswith("|"):
            report_active_pattern(resolver, head.name)
            binder.parameters = parameter_count(binding)
        return {head.name.text: binder}
    bound = resolve_patterns(resolver, [head.pattern], resolve_expression)
    for binder in bound.values():
        binder.is_mutable = binding.is_mutable
    return bound


def resolve_bindings(resolver: Resolver, bindings: list[tree.Binding], is_recursive: bool) -> None:
    """Local `let` bindings; their variables stay visible for the caller."""
    report_repeated(resolver, bindings)
    if is_recursive:
        groups = [binders_of(resolver, binding) for binding in bindings]
        for bound in groups:
            add_bound(resolver, bound)
        for binding in bindings:
            resolve_binding_body(resolver, binding)
        return
    visible: list[Bound] = []
    for binding in bindings:
        bound = binders_of(resolver, binding)
        resolver.being_defined.extend(bound)
        resolve_binding_body(resolver, binding)
        if bound:
            del resolver.being_defined[-len(bound) :]
        visible.append(bound)
    for bound in visible:
        add_bound(resolver, bound)
        add_local_active_patterns(resolver, bound)


def resolve_let(resolver: Resolver, node: tree.Let | tree.LetBang) -> None:
    """A chain of bindings and statements, each of which sees those before it."""
    mark = resolver.scope.enter()
    here: tree.Expression = node
    while True:
        if isinstance(here, tree.Let):
            demand_inferred(resolver, here.bindings)
            resolve_bindings(resolver, here.bindings, here.is_recursive)
            here = here.body
        elif isinstance(here, tree.LetBang):
            for entry in here.bindings:
                resolve_expression(resolver, entry.value)
            bind(resolver, *(entry.pattern for entry in here.bindings))
            here = here.body
        elif isinstance(here, tree.Sequential):
            for index in range(len(here.expressions) - 1):
                _statement(resolver, here, index)
            here = here.expressions[-1]
        else:
            break
    resolve_expression(resolver, here)
    resolver.scope.leave(mark)


def _statement(resolver: Resolver, node: tree.Sequential, index: int) -> None:
    """One of several statements, in a computation perhaps a clause that names something."""
    if resolver.computation_depth:
        from clef.names.query_clauses import resolve_statement

        resolve_statement(resolver, node.expressions, index, resolve_expression)
    else:
        resolve_expression(resolver, node.expressions[index])
