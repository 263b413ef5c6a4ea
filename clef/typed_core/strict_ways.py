"""The two ways in which a pipeline is lowered.

Comes in: a pipeline whose functions have twins over sequences. Goes out: `Ways`: as it is written,
and as a sequence that is walked through. Promises: what comes first is computed once, before both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from clef.data_classes import dataclass
from clef.inference import typed_tree as t
from clef.inference.types import FunctionType, NamedType, Type
from clef.typed_core import well_known
from clef.typed_core.alternatives import Stage
from clef.typed_core.analysis import free_locals
from clef.typed_core.builder import Block
from clef.typed_core.core import Local, Primitive
from clef.typed_core.given_items import giving
from clef.typed_core.in_place import inline, known_lambda
from clef.typed_core.local_bindings import LocalFunction
from clef.typed_core.local_functions import local_instance
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.matching import is_irrefutable
from clef.typed_core.primitives import PRIMITIVES
from clef.typed_core.strict_reading import (
    Call,
    Pipeline,
    as_sequence,
    converted,
)
from clef.typed_core.strict_stages import (
    COLLECTED,
    COLLECTING,
    FORMATS,
    KEYED,
    PLAIN_KEYS,
    STOPPING,
)
from clef.typed_core.values import Given
from clef.typed_core.walks import opened


@dataclass(frozen=True, slots=True)
class Ways:
    """A collection as it is written, and as a sequence that is only walked through. `stages`: what
    they do; `is_whole`: whether all of them take every item; `scratch`: see `Alternative`."""

    plain: t.Expression
    flow: t.Expression
    stages: tuple[Stage, ...]
    is_whole: bool
    scratch: tuple[str, ...]


class WayLowering:
    """One pipeline in one function."""

    def __init__(self, lowerer: Lowerer, pipeline: Pipeline, block: Block) -> None:
        self.lowerer = lowerer
        self.pipeline = pipeline
        self.block = block
        self.scratch: list[str] = []

    def ways(self) -> Ways | None:
        """Both ways, if there are two."""
        pipeline, source = self.pipeline, self.pipeline.source
        ready = [self.ready(call) for call in pipeline.stages]
        if None in ready:
            return None
        pipeline.stages = [call for call in ready if call is not None]
        if not all(map(self._has_plain_keys, pipeline.stages)):
            return None
        if pipeline.made_by is not None and not self._makes():
            return None
        if isinstance(source, t.Comprehension) and self._uses_places(source):
            return None
        given = [*reversed(pipeline.stages)]
        stages = [self.known(stage) for stage in given]
        plain, flow, first = self._source()
        done = (first, *(Stage(names, stops=one.twin in STOPPING) for one, names in stages))
        for before, (stage, _) in zip(given, stages, strict=True):
            plain = converted(plain, stage.conversions)
            plain = _applied(stage, stage.head.symbol, plain, stage.type)
            stage = self._flowing(before, stage)
            flow = _applied(stage, stage.twin, flow, self._sequence(stage.type))
        plain = converted(plain, pipeline.conversions)
        return Ways(plain, flow, done, self._is_whole(), tuple(self.scratch))

    def _has_plain_keys(self, call: Call) -> bool:
        """Whether nobody can tell when a stage compares and hashes."""
        if call.twin not in KEYED:
            return True
        function = call.arguments[0].type if call.arguments else None
        keys = function.result if isinstance(function, FunctionType) else None
        item = self._sequence(call.type).arguments[0]
        return self.lowerer.mono(item if keys is None else keys).symbol in PLAIN_KEYS

    def _flowing(self, given: Call, known: Call) -> Call:
        """A stage whose function gives lists or arrays, as one whose function gives the items."""
        lowerer = self.lowerer
        if given.twin not in COLLECTING or not isinstance(given.arguments[0], t.Lambda):
            return known
        function = giving(given.arguments[0], lambda one: is_irrefutable(lowerer, one))
        if function is None:
            return known
        self._note_captures(function)
        local = t.Local(-1, f"pieces{len(lowerer.inlining)}", function.type, function.span)
        pattern = t.VariablePattern(function.type, function.span, local)
        lowerer.environment[local] = known_lambda(lowerer, pattern, function)
        reference = t.LocalReference(function.type, function.span, local)
        return replace(known, twin=COLLECTED, arguments=[reference])

    def _is_whole(self) -> bool:
        walks = self.lowerer.specialiser.walks
        found = [walks.of(one.twin, len(one.arguments)) for one in self.pipeline.stages]
        return all(one is not None and one.is_whole for one in found)

    def _sequence(self, collection: Type) -> NamedType:
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
            ready = [*call.arguments]
            for index in call.order:
                if not isinstance(ready[index].type, FunctionType):
                    ready[index] = self._given(ready[index])
            call, names = self.known(replace(call, arguments=ready))
            kinds = [lowerer.mono(one.type) for one in ready]
            reads = tuple(one.arguments[0] for one in kinds if one.symbol == well_known.ARRAY)
            type = self._sequence(call.type)
            flow = _applied(call, call.twin, None, type)
            done = Stage(names, reads, stops=call.twin in STOPPING)
            return _applied(call, call.head.symbol, None, call.type), flow, done
        if isinstance(source, t.Comprehension):
            made = as_sequence(source)
            self._note_captures(made)
            return source, made, Stage((self._scratch(source),))
        given = self._given(source)
        wide = t.Coerce(self._sequence(given.type), given.span, given)
        walked = lowerer.mono(given.type)
        if walked.symbol != well_known.ARRAY:
            return given, wide, Stage(())
        self._present(given)
        return given, wide, Stage((), walked.arguments)

    def _present(self, given: Given) -> None:
        """What the first function says of an array that is null."""
        lowerer = self.lowerer
        stages = self.pipeline.stages
        heads = [stages[-1].head.symbol] if stages else []
        for node in stages[-1].conversions if stages else self.pipeline.conversions:
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

    def ready(self, call: Call) -> Call | None:
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
            case t.Literal() | t.Lambda() | t.FormatLiteral() | Given():
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
        missing = self._missing(node)
        _, arguments, _ = opened(node)
        return 0 < missing <= _arity(node.type) and all(self._is_ready(one) for one in arguments)

    def _missing(self, node: t.Expression) -> int:
        """How many arguments a function of a module still takes; 0: it is none."""
        head, arguments, _ = opened(node)
        if not isinstance(head, t.GlobalReference):
            return 0
        if head.symbol in FORMATS and isinstance(arguments[-1], t.FormatLiteral):
            return _arity(node.type)
        definition = self.lowerer.specialiser.definition(head.symbol)
        if definition is None:
            return 0
        return len(self.lowerer.specialiser.code(definition).parameters) - len(arguments)

    def known(self, call: Call) -> tuple[Call, tuple[str, ...]]:
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
        missing = self._missing(node)
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


def _applied(call: Call, symbol: str, collection: t.Expression | None, type: Type) -> t.Application:
    head = replace(call.head, symbol=symbol)
    last: Sequence[t.Expression] = [] if collection is None else [collection]
    return t.Application(type, call.head.span, head, [*call.arguments, *last])


def _arity(type: Type) -> int:
    count = 0
    while isinstance(type, FunctionType):
        count += 1
        type = type.result
    return count
