"""Pipelines over lists and arrays, lowered in two ways.

Comes in: a call of a function that takes a list or an array apart (`strict_stages.CONSUMERS`),
whose collection is made by others of that kind, or by a list or array expression. Goes out: the
calls as they are written, and beside them one loop that makes none of the collections in between;
`alternatives.py` takes one of the two when the whole program is known. Promises: what the pipeline
starts with is computed once, before both; everything else that is computed on the way is a
function, a literal or a local that stays what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from clef.data_classes import dataclass, field
from clef.inference import typed_tree as t
from clef.inference.types import FunctionType, NamedType, Type
from clef.typed_core import well_known
from clef.typed_core.alternatives import OPERATION, Alternative, Stage
from clef.typed_core.analysis import free_locals
from clef.typed_core.application import apply_spine, local_instance, lower_application
from clef.typed_core.builder import Block
from clef.typed_core.core import Atom, Expression, Local, Primitive
from clef.typed_core.in_place import inline, known_lambda, walks_at_once
from clef.typed_core.lowerer import LocalFunction, Lowerer, Walked
from clef.typed_core.objects import lower_method_call
from clef.typed_core.primitives import PRIMITIVES
from clef.typed_core.strict_stages import CONSUMERS, CONVERSIONS, LAZY, PROPERTIES, SOURCES, STAGES
from clef.typed_core.values import Given
from clef.typed_core.walks import is_single, opened

_WALKED = frozenset((well_known.LIST, well_known.ARRAY))


@dataclass(frozen=True, slots=True)
class _Call:
    """A call of one of the functions in the tables: its twin, and all arguments but the
    collection's. `around`: conversions of that collection, the outer ones first."""

    head: t.GlobalReference
    twin: str
    arguments: list[t.Expression]
    type: Type
    around: list[t.Expression] = field(default_factory=list[t.Expression])


@dataclass(slots=True)
class _Pipeline:
    """`stages`: the last one first. `source`: where the items come from; `made_by`: the call that
    makes them of its arguments. `saves`: whether there is a collection in between."""

    consumer: _Call
    stages: list[_Call]
    source: t.Expression
    made_by: _Call | None = None
    saves: bool = False


def lower_pipeline(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """An application: a pipeline, or any other."""
    assert isinstance(node, t.Application)
    if not lowerer.grows:
        pipeline = _read(lowerer, node)
        if pipeline is not None:
            found = _Lowering(lowerer, pipeline, block).run()
            if found is not None:
                return found
    return lower_application(lowerer, node, block, tail)


def lower_member(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """A call of a member: the end of a pipeline, or any other."""
    assert isinstance(node, t.MethodCall)
    function = PROPERTIES.get(node.symbol)
    if function is not None and node.object is not None and not lowerer.grows:
        head = t.GlobalReference(node.type, node.span, function, node.type_arguments)
        call = t.Application(node.type, node.span, head, [node.object])
        pipeline = _read(lowerer, call)
        found = None if pipeline is None else _Lowering(lowerer, pipeline, block).run()
        if found is not None:
            return found
    return lower_method_call(lowerer, node, block, tail)


# What is written ----------------------------------------------------------------------------------


def _read(lowerer: Lowerer, node: t.Application) -> _Pipeline | None:
    """The application as a pipeline."""
    if not _may_consume(node):
        return None
    found = _call(lowerer, node, CONSUMERS)
    if found is None:
        return None
    consumer, collection = found
    pipeline = _Pipeline(consumer, [], collection)
    around = consumer.around
    while True:
        made = pipeline.source
        inside = _converted(lowerer, made)
        if inside is not None:
            around.append(made)
            pipeline.source = inside
            pipeline.saves = pipeline.saves or isinstance(made, t.Application)
            continue
        stage = _call(lowerer, made, STAGES)
        if stage is None:
            break
        pipeline.stages.append(stage[0])
        pipeline.saves = pipeline.saves or stage[0].head.symbol not in LAZY
        pipeline.source = stage[1]
        around = stage[0].around
    return pipeline if _starts(lowerer, pipeline) and pipeline.saves else None


def _may_consume(node: t.Application) -> bool:
    """A quick look: most applications are none."""
    head = node.function
    if isinstance(head, t.GlobalReference) and head.symbol == well_known.PIPE_RIGHT:
        if len(node.arguments) != 2:
            return False
        head = node.arguments[1]
    while isinstance(head, t.Application):
        head = head.function
    if isinstance(head, t.Let):  # see walks.widened
        return True
    return isinstance(head, t.GlobalReference) and head.symbol in CONSUMERS


def _call(
    lowerer: Lowerer, node: t.Expression, table: dict[str, str]
) -> tuple[_Call, t.Expression] | None:
    """A call of a function in a table with all arguments, and the last of these."""
    head, arguments, _ = opened(node)
    if not isinstance(head, t.GlobalReference) or not arguments:
        return None
    twin = table.get(head.symbol)
    definition = lowerer.specialiser.definition(head.symbol) if twin is not None else None
    if twin is None or definition is None:
        return None
    if len(lowerer.specialiser.code(definition).parameters) != len(arguments):
        return None
    return _Call(head, twin, arguments[:-1], node.type), arguments[-1]


def _converted(lowerer: Lowerer, node: t.Expression) -> t.Expression | None:
    """What a conversion that leaves the items as they are converts."""
    if isinstance(node, t.Coerce):
        outside, inside = lowerer.mono(node.type), lowerer.mono(node.value.type)
        return node.value if outside.arguments == inside.arguments else None
    head, arguments, _ = opened(node)
    if isinstance(head, t.GlobalReference) and head.symbol in CONVERSIONS and len(arguments) == 1:
        return arguments[0]
    return None


def _around(call: _Call, collection: t.Expression) -> t.Expression:
    """A collection converted as it is for a call."""
    for node in reversed(call.around):
        if isinstance(node, t.Coerce):
            collection = replace(node, value=collection)
        else:
            head, _, _ = opened(node)
            collection = t.Application(node.type, node.span, head, [collection])
    return collection


def _starts(lowerer: Lowerer, pipeline: _Pipeline) -> bool:
    """Whether it is known how the items at the start are walked through."""
    source = pipeline.source
    made = _call(lowerer, source, SOURCES)
    if made is not None:
        call, last = made
        pipeline.made_by = replace(call, arguments=[*call.arguments, last])
        pipeline.saves = True
        return True
    if isinstance(source, t.Comprehension):
        pipeline.saves = True
        return is_single(replace(source, kind="seq"))
    if isinstance(source, t.LocalReference):
        bound = lowerer.environment.get(source.local)
        if bound is None or isinstance(bound, Walked):
            return False
    return lowerer.mono(source.type).symbol in _WALKED


# Both ways ----------------------------------------------------------------------------------------


class _Lowering:
    """One pipeline in one function."""

    def __init__(self, lowerer: Lowerer, pipeline: _Pipeline, block: Block) -> None:
        self.lowerer = lowerer
        self.pipeline = pipeline
        self.block = block
        self.noted: list[Stage] = []
        self.scratch: list[str] = []

    def run(self) -> Expression | None:
        """The code, if the pipeline can be lowered in two ways."""
        pipeline = self.pipeline
        calls = [pipeline.consumer, *pipeline.stages]
        ready = [self._ready(call) for call in calls]
        if None in ready:
            return None
        pipeline.consumer, *pipeline.stages = [call for call in ready if call is not None]
        source = pipeline.source
        if pipeline.made_by is not None and not self._makes():
            return None
        if isinstance(source, t.Comprehension) and self._uses_places(source):
            return None
        consumer, used = self._known(pipeline.consumer)
        stages = [self._known(stage) for stage in reversed(pipeline.stages)]
        plain, flow, first = self._source()
        stages_used = [first, *(Stage(names) for _, names in stages)]
        for stage, _ in stages:
            plain = _applied(stage, stage.head.symbol, _around(stage, plain), stage.type)
            flow = _applied(stage, stage.twin, flow, self._sequence(stage.type))
        return self._branch(consumer, _around(consumer, plain), flow, stages_used, used)

    def _branch(
        self,
        consumer: _Call,
        plain: t.Expression,
        flow: t.Expression,
        stages: list[Stage],
        used: tuple[str, ...],
    ) -> Expression:
        lowerer, builder = self.lowerer, self.lowerer.builder
        if not walks_at_once(lowerer, consumer.twin, len(consumer.arguments), flow):
            return self._lowered(consumer, consumer.head.symbol, plain, self.block)
        found = lowerer.specialiser.alternatives
        number = found.reserve()
        index: list[Atom] = [builder.int32(number)]
        question = builder.primitive(OPERATION, index, builder.boolean_type)
        condition = builder.bind(self.block, question)
        inside, beside = Block(), Block()
        fused = self._lowered(consumer, consumer.twin, flow, inside)
        fused = builder.finish(inside, fused)
        written = self._lowered(consumer, consumer.head.symbol, plain, beside)
        written = builder.finish(beside, written)
        noted = (tuple(stages), fused, used, self._is_whole(), tuple(self.scratch))
        found.made[number] = Alternative(*noted)
        return builder.branch(condition, fused, written, lowerer.mono(consumer.type))

    def _is_whole(self) -> bool:
        walks = self.lowerer.specialiser.walks
        calls = [self.pipeline.consumer, *self.pipeline.stages]
        found = [walks.of(one.twin, len(one.arguments)) for one in calls]
        return all(one is not None and one.is_whole for one in found)

    def _lowered(
        self, consumer: _Call, symbol: str, collection: t.Expression, block: Block
    ) -> Expression:
        head = replace(consumer.head, symbol=symbol)
        type = self.lowerer.mono(consumer.type)
        arguments = [*consumer.arguments, collection]
        return apply_spine(self.lowerer, head, [*arguments], type, block, False)

    def _sequence(self, collection: Type) -> Type:
        """The type of sequences of the same items."""
        assert isinstance(collection, NamedType)
        return NamedType(well_known.SEQ, collection.arguments)

    # Where it starts ------------------------------------------------------------------------------

    def _makes(self) -> bool:
        """Whether what the source is made of is computed before it, or is a function."""
        call = self.pipeline.made_by
        assert call is not None
        functions = [one for one in call.arguments if isinstance(one.type, FunctionType)]
        return all(self._is_ready(one) for one in functions)

    def _source(self) -> tuple[t.Expression, t.Expression, Stage]:
        """The source as a collection and as a sequence, and what making its items does."""
        lowerer, call = self.lowerer, self.pipeline.made_by
        source = self.pipeline.source
        if call is not None:
            ready = [
                one if isinstance(one.type, FunctionType) else self._given(one)
                for one in call.arguments
            ]
            call, names = self._known(replace(call, arguments=ready))
            reads = any(lowerer.mono(one.type).symbol == well_known.ARRAY for one in ready)
            type = self._sequence(call.type)
            flow = _applied(call, call.twin, None, type)
            return _applied(call, call.head.symbol, None, call.type), flow, Stage(names, reads)
        if isinstance(source, t.Comprehension):
            made = replace(source, kind="seq", type=self._sequence(source.type))
            self._note_captures(made)
            return source, made, Stage((self._scratch(source),))
        given = self._given(source)
        wide = t.Coerce(self._sequence(given.type), given.span, given)
        is_array = lowerer.mono(given.type).symbol == well_known.ARRAY
        if is_array:
            self._present(given)
        return given, wide, Stage((), is_array)

    def _present(self, given: Given) -> None:
        """What the first function says of an array that is null."""
        lowerer = self.lowerer
        first = [self.pipeline.consumer, *self.pipeline.stages][-1]
        heads = [first.head.symbol]
        for node in first.around:
            head, _, _ = opened(node)
            if isinstance(head, t.GlobalReference):
                heads.append(head.symbol)
        is_lazy = heads[-1].endswith("ofSeq") or ".Seq." in heads[-1]
        name = lowerer.builder.literal("source" if is_lazy else "array", lowerer.specialiser.string)
        present = lowerer.specialiser.instance(well_known.PRESENT, (given.atom.type,))
        assert present is not None
        result = inline(lowerer, present, [name, given], self.block, False)
        lowerer.builder.effect(self.block, result)

    def _given(self, node: t.Expression) -> Given:
        atom = self.lowerer.value(node, self.block)
        return Given(node.type, node.span, atom)

    def _uses_places(self, source: t.Comprehension) -> bool:
        """Whether the code of a comprehension speaks of places that only its function knows."""
        environment = self.lowerer.environment
        return any(
            local.is_mutable or not isinstance(environment.get(local), Local | LocalFunction)
            for local in free_locals(source)
        )

    def _scratch(self, source: t.Comprehension) -> str:
        """A function that does what a comprehension does besides making a list or an array."""
        type = NamedType(well_known.LIST, (source.element,))
        body = replace(source, kind="list", type=type)
        nothing = t.WildcardPattern(type, source.span)
        made = self._function(t.Lambda(type, source.span, [nothing], body))
        name = local_instance(self.lowerer, made, ()).name
        self.scratch.append(name)
        return name

    # Functions ------------------------------------------------------------------------------------

    def _ready(self, call: _Call) -> _Call | None:
        """The call with arguments that are there; numbers are computed now if nobody can tell."""
        found: list[t.Expression] = []
        for one in call.arguments:
            ready = one if self._is_ready(one) else self._computed(one)
            if ready is None:
                return None
            found.append(ready)
        return replace(call, arguments=found)

    def _computed(self, node: t.Expression) -> Given | None:
        """A value made by operations on what does not change, which never fail."""
        if isinstance(node.type, FunctionType) or not isinstance(node, t.Application):
            return None
        inside = Block()
        atom = self.lowerer.value(node, inside)
        for _, value in inside.bindings:
            made = PRIMITIVES.get(value.operation) if isinstance(value, Primitive) else None
            if made is None or not made.is_pure or made.may_raise:
                return None
        self.block.bindings += inside.bindings
        return Given(node.type, node.span, atom)

    def _is_ready(self, node: t.Expression) -> bool:
        """Whether an argument is there without doing anything."""
        match node:
            case t.Literal() | t.Lambda() | Given():
                return True
            case t.LocalReference():
                bound = self.lowerer.environment.get(node.local)
                if isinstance(node.type, FunctionType):
                    return isinstance(bound, LocalFunction) and not node.type_arguments
                return isinstance(bound, Local) and not bound.is_mutable
            case t.GlobalReference() | t.Application() if isinstance(node.type, FunctionType):
                return self._is_function(node)
            case _:
                return False

    def _is_function(self, node: t.Expression) -> bool:
        """Whether it is a function of a module, perhaps with some of its arguments."""
        head, arguments, _ = opened(node)
        if not isinstance(head, t.GlobalReference):
            return False
        definition = self.lowerer.specialiser.definition(head.symbol)
        if definition is None:
            return False
        missing = len(self.lowerer.specialiser.code(definition).parameters) - len(arguments)
        return 0 < missing <= _arity(node.type) and all(self._is_ready(one) for one in arguments)

    def _known(self, call: _Call) -> tuple[_Call, tuple[str, ...]]:
        """The call with functions that are known, and their names in the core."""
        names: list[str] = []
        arguments: list[t.Expression] = []
        for one in call.arguments:
            if not isinstance(one.type, FunctionType):
                arguments.append(one)
                continue
            reference = self._reference(one)
            bound = self.lowerer.environment[reference.local]
            assert isinstance(bound, LocalFunction)
            names.append(local_instance(self.lowerer, bound, ()).name)
            arguments.append(reference)
        return replace(call, arguments=arguments), tuple(names)

    def _reference(self, node: t.Expression) -> t.LocalReference:
        if isinstance(node, t.LocalReference):
            return node
        function = node if isinstance(node, t.Lambda) else self._expanded(node)
        local = t.Local(-1, "fun", node.type, node.span)
        self.lowerer.environment[local] = self._function(function)
        return t.LocalReference(node.type, node.span, local)

    def _expanded(self, node: t.Expression) -> t.Lambda:
        """`fun x y -> node x y`."""
        head, given, _ = opened(node)
        assert isinstance(head, t.GlobalReference)
        definition = self.lowerer.specialiser.definition(head.symbol)
        assert definition is not None
        missing = len(self.lowerer.specialiser.code(definition).parameters) - len(given)
        type, parameters, arguments = node.type, list[t.Pattern](), list[t.Expression]()
        for _ in range(missing):
            assert isinstance(type, FunctionType)
            local = t.Local(-1, "", type.parameter, node.span)
            parameters.append(t.VariablePattern(type.parameter, node.span, local))
            arguments.append(t.LocalReference(type.parameter, node.span, local))
            type = type.result
        body = t.Application(type, node.span, head, [*given, *arguments])
        return t.Lambda(node.type, node.span, parameters, body)

    def _function(self, node: t.Lambda) -> LocalFunction:
        self._note_captures(node)
        local = t.Local(-1, "fun", node.type, node.span)
        return known_lambda(self.lowerer, t.VariablePattern(node.type, node.span, local), node)

    def _note_captures(self, node: t.Lambda | t.Comprehension) -> None:
        analysis = self.lowerer.analysis
        if id(node) not in analysis.free:
            analysis.free[id(node)] = free_locals(node)
            analysis.keep.append(node)


def _applied(
    call: _Call, symbol: str, collection: t.Expression | None, type: Type
) -> t.Application:
    head = replace(call.head, symbol=symbol)
    last: Sequence[t.Expression] = [] if collection is None else [collection]
    return t.Application(type, call.head.span, head, [*call.arguments, *last])


def _arity(type: Type) -> int:
    count = 0
    while isinstance(type, FunctionType):
        count += 1
        type = type.result
    return count
