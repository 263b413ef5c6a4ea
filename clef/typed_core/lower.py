"""The stage: a typed program to a core program.

Comes in: a `TypedProgram`. Goes out: a `core.Program` of everything that is reached, and
diagnostics. Promises: start-up actions run in file order, the reached ones of the library first; an
exception that nobody handles is reported by the library and gives the exit code.
"""

from __future__ import annotations

from clef.diagnostics.diagnostic import Diagnostic
from clef.diagnostics.lowering import LibraryLacks
from clef.inference import typed_tree as t
from clef.inference.types import FunctionType
from clef.typed_core import well_known
from clef.typed_core.alternatives import choose
from clef.typed_core.builder import Block, Builder
from clef.typed_core.checker import check
from clef.typed_core.core import Atom, Expression, Program
from clef.typed_core.derivations import derive
from clef.typed_core.dispatch import Dispatch
from clef.typed_core.functions import initialiser_name, lower_instance
from clef.typed_core.growth import Growth
from clef.typed_core.machine_failures import request_failures
from clef.typed_core.null_checks import NullSearch, check_nulls
from clef.typed_core.program import Options, TypedProgram
from clef.typed_core.specialiser import NOWHERE, Growing, Specialiser
from clef.typed_core.suspensions import forget

ENTRY = "$entry"


def lower(program: TypedProgram, options: Options) -> tuple[Program, list[Diagnostic]]:
    """Specialise and lower everything that the entry reaches; again when types grow on the way."""
    growth = Growth()
    while True:
        specialiser = Specialiser(program, options, lower_instance, derive, Dispatch, growth)
        try:
            return _lower(specialiser)
        except Growing as growing:
            growth = growing.growth
        finally:
            specialiser.let_go()


def _lower(specialiser: Specialiser) -> tuple[Program, list[Diagnostic]]:
    program, options = specialiser.program, specialiser.options
    specialiser.current = ENTRY
    for item in program.initialisations:
        _seed(specialiser, item)
    main = _main(specialiser)
    specialiser.drain()
    if options.boundary:
        _make_boundary(specialiser, main)
    else:
        _make_entry(specialiser, main)
    specialiser.drain()
    for work in specialiser.at_end:
        work()
    specialiser.shape_everything()
    search = NullSearch(specialiser.result)
    if search.find().seen:
        specialiser.operations.add("check_null")
    request_failures(specialiser)
    specialiser.shape_everything()
    check_nulls(specialiser.result, specialiser.unit, search.find())
    specialiser.result.functions = choose(specialiser.result, specialiser.alternatives)
    forget()
    for symbol in specialiser.shapes.missing:
        specialiser.report(LibraryLacks(NOWHERE, symbol))
    if specialiser.growth.parameters and not specialiser.diagnostics:
        _check_uniform(specialiser)
    return specialiser.result, specialiser.diagnostics


def _check_uniform(specialiser: Specialiser) -> None:
    """Uniform values went everywhere through conversions: a place that has none is refused."""
    complaints = check(specialiser.result)
    if complaints:
        span = next(iter(specialiser.growing_definitions()), NOWHERE)
        specialiser.unsupported("a use of types that grow without end", "", span)


def _seed(specialiser: Specialiser, item: t.Initialisation) -> None:
    """A start-up action of the user's: ask for it now if it can be noticed."""
    if item.is_do:
        instance = specialiser.instance(item.symbol, ())
        if instance is not None:
            specialiser.request(instance)
        return
    definition = specialiser.definition(item.symbol)
    if definition is None or definition.type_parameters:
        return
    instance = specialiser.instance(item.symbol, ())
    if instance is not None and instance.is_value and not is_pure(instance.code.body):
        specialiser.global_value(instance)


def is_pure(node: t.Expression) -> bool:
    """Whether computing a value cannot be noticed, so that it may be left out."""
    match node:
        case t.Literal() | t.Lambda() | t.FormatLiteral() | t.SourcePlace():
            return True
        case t.GlobalReference():  # a generic value is computed at each use
            return not node.type_arguments or isinstance(node.type, FunctionType)
        case t.Tuple() | t.ArrayLiteral():
            return all(is_pure(item) for item in node.items)
        case t.UnionConstruction():
            return all(is_pure(item) for item in node.arguments)
        case t.RecordConstruction():
            return all(is_pure(item) for _, item in node.fields)
        case t.Coerce():
            return is_pure(node.value)
        case _:
            return False


def _main(specialiser: Specialiser) -> str | None:
    symbol = specialiser.options.boundary or specialiser.program.entry_point
    if symbol is None:
        return None
    instance = specialiser.instance(symbol, ())
    return None if instance is None else specialiser.request(instance)


def _make_entry(specialiser: Specialiser, main: str | None) -> None:
    """Start-up actions in order, then main, then the end; failures become the exit code."""
    builder = specialiser.builder()
    int32 = specialiser.int32
    inside = Block()
    _initialise_all(specialiser, builder, inside)
    code: Expression | None = None
    if main is not None:
        code = builder.bind(inside, _call_main(specialiser, builder, main, inside))
    unit: list[Atom] = [builder.unit()]
    finish = specialiser.call_library(builder, well_known.FINISH, unit, specialiser.unit)
    builder.effect(inside, finish)
    if code is None:
        asked: list[Atom] = [builder.unit()]
        code = specialiser.call_library(builder, well_known.EXIT_CODE, asked, int32)
    body = builder.finish(inside, code)
    caught = builder.local(specialiser.exception, "error")
    operand: list[Atom] = [builder.variable(caught)]
    handler = specialiser.call_library(builder, well_known.UNHANDLED, operand, int32)
    whole = builder.try_with(body, caught, handler, int32)
    specialiser.result.entry = ENTRY
    specialiser.add_function(ENTRY, [], whole, builder, display_name="program")


def _make_boundary(specialiser: Specialiser, main: str | None) -> None:
    """The entry of a library, `index -> slots -> code`: a negative index runs the start-up actions,
    any other is for the library's own function; exceptions are kept for whoever called."""
    assert main is not None, "the boundary's file defines it"
    boundary = specialiser.result.functions[main]
    builder = specialiser.builder()
    int32 = specialiser.int32
    index = builder.local(int32, "index")
    slots = builder.local(boundary.parameters[1].type, "slots")
    start = Block()
    _initialise_all(specialiser, builder, start)
    started = builder.finish(start, builder.int32(0))
    given: list[Atom] = [builder.variable(index), builder.variable(slots)]
    called = builder.call(main, given, int32)
    whole = Block()
    operands: list[Atom] = [builder.variable(index), builder.int32(0)]
    test = builder.primitive("lt", operands, specialiser.boolean, (int32,))
    is_start = builder.bind(whole, test)
    chosen = builder.branch(is_start, started, called, int32)
    body = builder.finish(whole, chosen)
    caught = builder.local(specialiser.exception, "error")
    kept: list[Atom] = [builder.variable(caught), builder.variable(slots)]
    handler = specialiser.call_library(builder, well_known.BOUNDARY_FAILED, kept, int32)
    specialiser.result.entry = ENTRY
    guarded = builder.try_with(body, caught, handler, int32)
    specialiser.add_function(ENTRY, [index, slots], guarded, builder, display_name="library")
    finish = specialiser.instance(well_known.FINISH, ())
    if finish is not None:
        specialiser.request(finish)


def _initialise_all(specialiser: Specialiser, builder: Builder, block: Block) -> None:
    """Start-up actions in order, those of the library first."""
    generic = _generic_statics(specialiser)
    for item in (
        *specialiser.program.library_initialisations,
        *specialiser.program.initialisations,
    ):
        for name in generic.get(item.symbol, (item.symbol,)):
            _initialise(specialiser, name, item.is_do, builder, block)


def _initialise(
    specialiser: Specialiser, name: str, is_do: bool, builder: Builder, block: Block
) -> None:
    program = specialiser.result
    action = name if is_do else initialiser_name(name)
    if action in program.functions and action not in specialiser.options.finished:
        result = program.functions[action].result if is_do else specialiser.unit
        builder.effect(block, builder.call(action, [], result))
        program.start_up.append(action)


def _generic_statics(specialiser: Specialiser) -> dict[str, list[str]]:
    """The instantiations of each static field of a generic type: they start where it stands in the
    source, before anything that follows uses them."""
    found: dict[str, list[str]] = {}
    for name, storage in specialiser.result.globals.items():
        if name != storage.display_name:
            found.setdefault(storage.display_name, []).append(name)
    return found


def _call_main(specialiser: Specialiser, builder: Builder, main: str, block: Block) -> Expression:
    function = specialiser.result.functions[main]
    arguments: list[Atom] = []
    if function.parameters:
        type = function.parameters[0].type
        unit: list[Atom] = [builder.unit()]
        arguments = unit
        if type is not specialiser.unit:
            given = specialiser.call_library(builder, well_known.ARGUMENTS, unit, type)
            arguments = [builder.bind(block, given)]
    called = builder.call(main, arguments, function.result)
    if function.result is specialiser.int32:
        return called
    builder.effect(block, called)
    return builder.int32(0)
