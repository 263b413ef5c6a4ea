"""Files: modules and declarations in order, and the interface that the file leaves for later ones.

Comes in: a resolved file and the signatures of earlier files. Goes out: its typed tree, its own
signatures, and diagnostics.
Promises: everything that leaves is free of inference variables; start-up actions are in the order
of the source.
"""

from __future__ import annotations

from collections.abc import Mapping

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic
from clef.diagnostics.objects import UseInModule
from clef.diagnostics.typing import EntryPointNotLast
from clef.inference import expressions as _expressions  # fills the dispatch table
from clef.inference import typed_tree as typed
from clef.inference.annotations import annotation
from clef.inference.attribute_rules import check_attributes
from clef.inference.attribute_uses import check_attribute_uses
from clef.inference.attributes import (
    has_attribute,
    named_text,
    text_argument,
    typed_attributes,
)
from clef.inference.binding_groups import infer_group
from clef.inference.bindings import Inferred
from clef.inference.defined_values import define_value, entity_of, hidden, signature_of
from clef.inference.expressions.control import unit
from clef.inference.expressions.dispatch import failed, handles, statement
from clef.inference.finishing import finish_file
from clef.inference.generalisation import generalise
from clef.inference.notice_uses import report_notices
from clef.inference.notices import note_notices
from clef.inference.recursive_globals import arrange_globals
from clef.inference.recursive_groups import infer_recursive
from clef.inference.recursive_modules import check_recursive
from clef.inference.signatures import FileSignatures, Signatures, TypeSignature, ValueSignature
from clef.inference.state import Checker, Reason, RecursiveUse
from clef.inference.type_definitions import check_types
from clef.inference.type_shells import Home
from clef.inference.types import FunctionType, Scheme, Type
from clef.inference.well_known import UNIT
from clef.names import ResolvedFile
from clef.names.entities import ValueResolution
from clef.source import in_library
from clef.syntax import tree

_ = _expressions


def check(
    file: ResolvedFile, signatures: Signatures, symbols: frozenset[str] = frozenset()
) -> tuple[typed.TypedFile, FileSignatures, list[Diagnostic]]:
    """Check one file; `symbols` are what `#if` knows."""
    values: dict[str, ValueSignature] = {}
    types: dict[str, TypeSignature] = {}
    own = FileSignatures(file.path, values, types)
    c = Checker(file.path, signatures, own, values, types, typed.TypedFile(file.path, {}, {}, []))
    c.symbols = symbols
    c.table = file.table
    c.promoted = file.promoted
    c.type_symbols = file.types
    c.module = file.module_symbol
    c.namespace = c.module.rpartition(".")[0]
    _declarations(c, file, file.tree.declarations, False)
    if not in_library(c.path):
        check_attributes(c, file.tree.declarations)
        check_attribute_uses(c, file.tree.declarations)
        note_notices(c, file)
    finish_file(c)
    report_notices(c, file.tree.declarations)
    return c.file, own, c.diagnostics


def _declarations(
    c: Checker, file: ResolvedFile, nodes: list[tree.Declaration], is_recursive: bool
) -> None:
    if is_recursive:
        check_recursive(
            c,
            file,
            nodes,
            lambda bindings, homes: _bindings(c, bindings, True, homes),
            lambda node: check_declaration(c, file, node),
            lambda bindings, first: _arrange(c, bindings, first),
        )
        return
    for place, node in enumerate(nodes):
        had_entry_point = c.file.entry_point is not None
        check_declaration(c, file, node)
        if c.file.entry_point is not None and not had_entry_point:
            _demand_last(c, c.file.definitions[c.file.entry_point], nodes[place + 1 :])


def _demand_last(c: Checker, main: typed.Definition, following: list[tree.Declaration]) -> None:
    """What is computed behind the entry point would come too late; scripts just run on."""
    late = (tree.LetDeclaration, tree.DoDeclaration, tree.TypesDeclaration, tree.ModuleDeclaration)
    is_last = not any(isinstance(node, late) for node in following)
    if not is_last and not main.span.path.endswith(".fsx"):
        c.report(EntryPointNotLast(main.span, main.symbol.rpartition(".")[2]))


def check_declaration(c: Checker, file: ResolvedFile, node: tree.Declaration) -> None:
    """One declaration with all that is in it."""
    c.opened = file.opened.get(node, c.opened)
    match node:
        case tree.LetDeclaration():
            _let(c, node)
        case tree.TypesDeclaration(types=types):
            check_types(c, list(types))
        case tree.ExceptionDeclaration():
            if node in file.types:  # abbreviations are not
                check_types(c, [node])
        case tree.ModuleDeclaration():
            entity = file.modules.get(node)
            outer, c.module = c.module, entity.symbol if entity is not None else c.module
            if entity is not None and entity.access != "public":
                c.hidden_modules.append((entity.symbol, entity.access))
            promise = c.promises_no_heap
            c.promises_no_heap = promise or has_attribute(node.attributes, "NoHeap")
            _declarations(c, file, node.declarations, node.is_recursive)
            c.module, c.promises_no_heap = outer, promise
        case tree.NamespaceDeclaration():
            name = node.name.text if node.name is not None else ""
            outer, c.module, c.namespace = c.module, name, name
            _declarations(c, file, node.declarations, node.is_recursive)
            c.module = outer
        case tree.DoDeclaration():
            _do(c, node)
        case tree.ExternDeclaration():
            _extern(c, node)
        case _:
            pass


# Values -------------------------------------------------------------------------------------------


def _let(c: Checker, node: tree.LetDeclaration) -> None:
    if node.is_use:
        c.report(UseInModule(node.span))
    _bindings(c, node.bindings, node.is_recursive)


def _bindings(
    c: Checker,
    bindings: list[tree.Binding],
    is_recursive: bool,
    homes: Mapping[tree.Node, Home] | None = None,
) -> None:
    def announce(found: Inferred) -> None:
        entity = entity_of(c, found.binding)
        if entity is None:
            return
        if _is_annotated(found):
            found.use = None
            scheme = Scheme(found.declared, found.type)
        else:
            scheme = Scheme((), found.type)
            found.use = found.use or RecursiveUse()
            c.recursive_values[entity.symbol] = found.use
        c.own_values[entity.symbol] = signature_of(c, entity, found, scheme)

    def publish(found: Inferred) -> None:
        entity = entity_of(c, found.binding)
        if entity is not None:
            scheme = Scheme(found.type_parameters, found.type)
            c.own_values[entity.symbol] = signature_of(c, entity, found, scheme)
            c.recursive_values.pop(entity.symbol, None)

    def define(found: Inferred) -> None:
        define_value(c, found)

    plain: list[tree.Binding] = []
    for binding in bindings:
        if not is_recursive and _is_bodyless(binding):
            _bodyless(c, binding)
        else:
            plain.append(binding)
    for binding in plain if not is_recursive else []:
        outer = c.implicit_types
        c.implicit_types = {}
        infer_group(c, [binding], False, announce, define)
        c.implicit_types = outer
    if is_recursive:
        outer = c.implicit_types
        c.implicit_types = {}
        first = len(c.file.initialisations)
        infer_recursive(c, plain, announce, define, publish, homes)
        c.implicit_types = outer
        if homes is None:
            _arrange(c, plain, first)
        for entity in (entity_of(c, one) for one in plain):
            if entity is not None:
                c.recursive_values.pop(entity.symbol, None)


def _arrange(c: Checker, bindings: list[tree.Binding], first: int) -> None:
    """What a recursive group computes, in its order."""
    entities = (entity_of(c, one) for one in bindings)
    symbols = [one.symbol for one in entities if one and one.symbol in c.file.definitions]
    arrange_globals(c, symbols, first, lambda kind: hidden(c, kind))


def _is_annotated(found: Inferred) -> bool:
    """Explicit type parameters and a fully written type: may be used at several types in its own
    group."""
    if not found.declared:
        return False
    from clef.inference.generalisation import free_variables

    variables: list[object] = []
    free_variables(found.type, variables, set())  # type: ignore[arg-type]
    return not variables


def _is_bodyless(binding: tree.Binding) -> bool:
    return has_attribute(binding.attributes, "Intrinsic", "FidelityExtern", "DllImport")


@dataclass(slots=True, eq=False)
class NoBody(tree.Expression):
    """The body of an intrinsic or foreign function: of whatever type is expected."""


@handles(NoBody)
def _no_body(c: Checker, node: NoBody, expected: Type, why: Reason | None) -> typed.Expression:
    return typed.Literal(expected, node.span, None)


def _bodyless(c: Checker, binding: tree.Binding) -> None:
    """The body of an intrinsic or foreign function is not looked at."""
    outer = c.implicit_types
    c.implicit_types = {}
    nothing = NoBody(binding.value.span)
    stripped = tree.Binding(
        binding.span,
        binding.attributes,
        binding.documentation,
        binding.access,
        binding.is_inline,
        binding.is_mutable,
        binding.head,
        binding.return_attributes,
        binding.return_type,
        nothing,
    )
    infer_group(
        c, [stripped], False, lambda found: None, lambda found: define_value(c, found, True)
    )
    c.implicit_types = outer


# Actions and foreign functions --------------------------------------------------------------------


def _do(c: Checker, node: tree.DoDeclaration) -> None:
    outer = c.implicit_types
    c.implicit_types = {}
    first_pending = len(c.pending)
    c.level += 1
    effect = statement(c, node.expression)
    body = typed.Sequential(UNIT, node.span, [effect, unit(node.span)])
    c.level -= 1
    generalise(c, [], False, True, (), first_pending)
    c.implicit_types = outer
    symbol = hidden(c, "do")
    c.file.definitions[symbol] = typed.Definition(symbol, (), [], UNIT, body, node.span)
    c.file.initialisations.append(typed.Initialisation(symbol, is_do=True))


def _extern(c: Checker, node: tree.ExternDeclaration) -> None:
    resolution = c.table.get(node.name)
    if not isinstance(resolution, ValueResolution):
        return
    entity = resolution.entity
    types = [annotation(c, p.type) for p in node.parameters]
    result = annotation(c, node.return_type)
    from clef.inference.expressions.functions import unit_or_tuple

    whole = unit_or_tuple(types)
    type = FunctionType(whole, result)
    parameters: list[typed.Pattern] = []
    patterns: list[typed.Pattern] = []
    for written, one in zip(node.parameters, types, strict=True):
        name = written.name.text if written.name is not None else "x"
        local = c.local(name, one, written.span)
        patterns.append(typed.VariablePattern(one, written.span, local))
    if not patterns:
        parameters.append(typed.LiteralPattern(UNIT, node.span, None))
    elif len(patterns) == 1:
        parameters = patterns
    else:
        parameters.append(typed.TuplePattern(whole, node.span, patterns))
    library = text_argument(node.attributes, "DllImport") or ""
    foreign_name = named_text(node.attributes, "DllImport", "EntryPoint") or entity.name
    c.own_values[entity.symbol] = ValueSignature(
        entity.symbol, entity.name, Scheme((), type), 1, entity.span, access=entity.access
    )
    c.file.definitions[entity.symbol] = typed.Definition(
        entity.symbol,
        (),
        parameters,
        result,
        failed(node.span),
        node.span,
        external=(library, foreign_name),
        attributes=typed_attributes(c, node.attributes),
    )
