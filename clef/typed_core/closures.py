"""Functions inside functions: lambdas become closures, `let` functions become known functions with
their captures in front.

Comes in: lambdas and function bindings. Goes out: `MakeClosure`s and `LocalFunction`s in the
environment. Promises: a local function that is only called costs no allocation; one that is also
used as a value is made into a closure at that use, so that no closure holds itself (no cycles).
"""

from __future__ import annotations

from clef.inference import typed_tree as t
from clef.typed_core.application import reference
from clef.typed_core.builder import Block
from clef.typed_core.core import Expression
from clef.typed_core.in_place import local_function
from clef.typed_core.local_bindings import Captures, LocalFunction
from clef.typed_core.local_functions import known_local_instance, lower_body
from clef.typed_core.lowerer import Lowerer


def lower_lambda(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`fun x -> …`: a function of its own, with what it captures."""
    assert isinstance(node, t.Lambda)
    captures = lowerer.captures(lowerer.analysis.free[id(node)])
    name = lowerer.specialiser.unique(f"{lowerer.name}/fun")
    atoms = lowerer.capture_atoms(captures.locals, block)
    specialiser = lowerer.specialiser
    specialiser.result.reasons.setdefault(name, lowerer.name)
    outer = lowerer.kept()
    specialiser.later(lambda: _lower_inside(outer, node, captures, name))
    return lowerer.builder.closure(name, atoms, lowerer.mono(node.type))


def _lower_inside(outer: Lowerer, node: t.Lambda, captures: Captures, name: str) -> None:
    outer.specialiser.current = name
    lowerer = outer.inner(outer.types, name)
    received = lowerer.enter(captures)
    patterns, body = list(node.parameters), node.body
    while isinstance(body, t.Lambda):
        patterns += body.parameters
        body = body.body
    parameters, code = lower_body(lowerer, received, patterns, body, node.span)
    outer.specialiser.add_function(
        name,
        parameters,
        code,
        lowerer.builder,
        node.span,
        capture_count=len(received),
        result=lowerer.mono(body.type),
    )


# Local functions --------------------------------------------------------------------------------


def is_function(binding: t.LocalBinding) -> bool:
    """Bindings that are known functions (generic values are functions of no parameters)."""
    if binding.parameters or binding.type_parameters:
        return True
    pattern = binding.pattern
    return (
        isinstance(binding.body, t.Lambda)
        and isinstance(pattern, t.VariablePattern)
        and not pattern.local.is_mutable
    )


def bind_functions(lowerer: Lowerer, bindings: list[t.LocalBinding], is_recursive: bool) -> None:
    """Local functions of one `let` (or one `let rec … and …` group) into the environment."""
    group: list[tuple[t.Local, LocalFunction]] = []
    free: dict[t.Local, None] = {}
    for binding in bindings:
        pattern = binding.pattern
        assert isinstance(pattern, t.VariablePattern)
        function = local_function(lowerer, binding, pattern.local.name)
        group.append((pattern.local, function))
        named = binding.parameters or binding.type_parameters
        for local in lowerer.analysis.free[id(binding if named else binding.body)]:
            free[local] = None
    if is_recursive:
        for local, _ in group:
            free.pop(local, None)
    captures = lowerer.captures(list(free))
    for local, function in group:
        function.captures = captures.locals
        function.scope = dict(captures.scope)
        if is_recursive:
            function.scope.update(group)
        lowerer.environment[local] = function


def read_function(
    lowerer: Lowerer, function: LocalFunction, node: t.LocalReference, block: Block
) -> Expression:
    """A local function used as a value; a generic value is computed."""
    known = known_local_instance(lowerer, function, lowerer.monos(node.type_arguments))
    if not function.parameters:
        return known.call([], block, False)
    return reference(lowerer, known, lowerer.mono(node.type), block)
