"""`module rec` and `namespace rec`: everything is declared before anything is resolved.

Comes in: the declarations of a recursive module or namespace. Goes out: the same as for ordinary
ones. Promises: the modules inside see each other and what surrounds them, whatever their order.
"""

from __future__ import annotations

from functools import partial

from clef.diagnostics.names.placement import LateOpen
from clef.names.bindings import resolve_binding_body
from clef.names.declarations import (
    FileState,
    declare_bindings,
    declare_exception_or_alias,
    declare_module,
    declare_types,
    modules_at,
    note_opened,
    open_module,
    resolve_declaration,
    resolve_types,
)
from clef.names.declare import show_value
from clef.names.members import resolve_case, resolve_members
from clef.source import in_library
from clef.syntax import tree


def resolve_recursive(state: FileState, declarations: list[tree.Declaration]) -> None:
    """Declare all, then resolve all."""
    _declare(state, declarations)
    _resolve(state, declarations)


def _declare(state: FileState, declarations: list[tree.Declaration]) -> None:
    resolver = state.resolver
    later: list[tree.OpenDeclaration] = []
    _opened_first(state, declarations)
    for node in declarations:
        match node:
            case tree.OpenDeclaration():
                if modules_at(resolver, node.name):
                    open_module(state, node)
                else:
                    later.append(node)  # it may be a module that follows
            case tree.TypesDeclaration():
                declare_types(state, node)
            case tree.ExceptionDeclaration():
                declare_exception_or_alias(state, node)
            case tree.LetDeclaration():
                for entity in declare_bindings(state, node.bindings):
                    show_value(resolver, entity)
            case tree.ModuleDeclaration():
                inner = node.declarations
                declare_module(state, node, declarations, partial(_declare, state, inner), True)
            case _:
                pass
    for node in later:
        open_module(state, node)


def _opened_first(state: FileState, declarations: list[tree.Declaration]) -> None:
    """What is opened is seen in the whole module, so it stands at its beginning."""
    is_late = False
    for node in declarations:
        if isinstance(node, tree.OpenDeclaration | tree.OpenTypeDeclaration):
            if is_late and not in_library(state.resolver.path):
                state.resolver.report(LateOpen(node.span))
        elif not isinstance(node, tree.HashDirective | tree.AttributesDeclaration):
            is_late = True


def _resolve(state: FileState, declarations: list[tree.Declaration]) -> None:
    resolver = state.resolver
    for node in declarations:
        note_opened(state, node)
        match node:
            case tree.LetDeclaration():
                for binding in node.bindings:
                    resolve_binding_body(resolver, binding)
            case tree.TypesDeclaration():
                resolve_types(state, node)
            case tree.ExceptionDeclaration():
                resolve_case(resolver, node.case)
                resolve_members(resolver, node.members)
            case tree.ModuleDeclaration():
                _resolve_module(state, node)
            case tree.OpenDeclaration():
                pass
            case _:
                resolve_declaration(state, node, declarations)


def _resolve_module(state: FileState, node: tree.ModuleDeclaration) -> None:
    """Inside again: what the module opens, perhaps its own modules, then its names over them."""
    resolver = state.resolver
    entity = state.modules[node]
    outer, outer_path = resolver.current, resolver.module_path
    mark = resolver.scope.enter()
    resolver.current, resolver.module_path = entity, entity.symbol
    resolver.scope.open(entity, resolver.module_path)
    for inner in node.declarations:
        if isinstance(inner, tree.OpenDeclaration) and modules_at(resolver, inner.name):
            open_module(state, inner)
    resolver.scope.open(entity, resolver.module_path)
    _resolve(state, node.declarations)
    resolver.current, resolver.module_path = outer, outer_path
    resolver.scope.leave(mark)
