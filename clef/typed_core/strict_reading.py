"""Pipelines over lists and arrays as they are written.

Comes in: typed applications. Goes out: a `Pipeline`: what takes the collection apart, the stages,
and what the items come from. Promises: every function in it stands in the tables of
`strict_stages.py` and has all its arguments; nothing is lowered here.
"""

from __future__ import annotations

from dataclasses import replace

from clef.data_classes import dataclass, field
from clef.inference import typed_tree as t
from clef.inference.types import NamedType, Type
from clef.typed_core import well_known
from clef.typed_core.local_bindings import Walked
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.merged_yields import merged
from clef.typed_core.strict_stages import (
    CONSUMERS,
    CONVERSIONS,
    HELD,
    LAZY,
    SOURCES,
    STAGES,
    TAKEN,
    TELLING,
)
from clef.typed_core.walks import is_single, opened

_WALKED = frozenset((well_known.LIST, well_known.ARRAY))


@dataclass(frozen=True, slots=True)
class Call:
    """A call of one of the functions in the tables: its twin, and all arguments but the
    collection's. `order`: in which all of them are computed. `conversions` of that collection: the
    outer ones first."""

    head: t.GlobalReference
    twin: str
    arguments: list[t.Expression]
    type: Type
    order: list[int]
    conversions: list[t.Expression] = field(default_factory=list[t.Expression])


@dataclass(slots=True)
class Pipeline:
    """What makes a collection. `conversions` of what the last stage gives: the outer ones first.
    `stages`: the last one first. `source`: where the items come from; `made_by`: the call that
    makes them of its arguments. `saves`: whether there is a collection in between."""

    source: t.Expression
    conversions: list[t.Expression] = field(default_factory=list[t.Expression])
    stages: list[Call] = field(default_factory=list[Call])
    made_by: Call | None = None
    saves: bool = False


def read_call(lowerer: Lowerer, node: t.Application) -> tuple[Call, Pipeline] | None:
    """An application as a call that takes the collection of a pipeline apart."""
    found = _call(lowerer, node, CONSUMERS) if _may_consume(node) else None
    pipeline = (
        None if found is None else read_collection(lowerer, found[1], found[0].twin in TELLING)
    )
    if found is None or pipeline is None:
        return None
    return replace(found[0], conversions=pipeline.conversions), pipeline


def read_collection(lowerer: Lowerer, collection: t.Expression, is_told: bool) -> Pipeline | None:
    """How a collection is made, if it need not be made to be walked through. `is_told`: what
    becomes of the items can most likely be seen."""
    pipeline = Pipeline(collection)
    conversions = pipeline.conversions
    while True:
        made = pipeline.source
        inside = _converted(lowerer, made)
        if inside is not None:
            conversions.append(made)
            pipeline.source = inside
            pipeline.saves = pipeline.saves or isinstance(made, t.Application)
            continue
        stage = _call(lowerer, made, STAGES)
        if stage is None or (is_told and _is_part(lowerer, *stage)):
            break
        pipeline.stages.append(stage[0])
        pipeline.saves = pipeline.saves or stage[0].head.symbol not in LAZY
        pipeline.source = stage[1]
        conversions = stage[0].conversions
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
) -> tuple[Call, t.Expression] | None:
    """A call of a function in a table with all arguments, and the last of these."""
    head, arguments, order = opened(node)
    if not isinstance(head, t.GlobalReference) or not arguments:
        return None
    twin = table.get(head.symbol)
    definition = lowerer.specialiser.definition(head.symbol) if twin is not None else None
    if twin is None or definition is None:
        return None
    if len(lowerer.specialiser.code(definition).parameters) != len(arguments):
        return None
    return Call(head, twin, arguments[:-1], node.type, order), arguments[-1]


def _converted(lowerer: Lowerer, node: t.Expression) -> t.Expression | None:
    """What a conversion that leaves the items as they are converts."""
    if isinstance(node, t.Coerce):
        outside, inside = lowerer.mono(node.type), lowerer.mono(node.value.type)
        return node.value if outside.arguments == inside.arguments else None
    head, arguments, _ = opened(node)
    if isinstance(head, t.GlobalReference) and head.symbol in CONVERSIONS and len(arguments) == 1:
        return arguments[0]
    return None


def _is_part(lowerer: Lowerer, stage: Call, list: t.Expression) -> bool:
    """Whether it is a part of a list that is there: it can be told before if it is too short."""
    if stage.head.symbol not in HELD and stage.head.symbol != TAKEN:
        return False
    if not isinstance(list, t.LocalReference | t.GlobalReference):
        return False
    return not isinstance(_bound(lowerer, list), Walked)


def _bound(lowerer: Lowerer, node: t.Expression) -> object:
    return lowerer.environment.get(node.local) if isinstance(node, t.LocalReference) else node


def as_sequence(source: t.Comprehension) -> t.Comprehension:
    """A list or array expression as one that gives its items one by one, in as few places as can
    be."""
    type = NamedType(well_known.SEQ, (source.element,))
    return replace(source, kind="seq", type=type, body=merged(source.body, source.element))


def converted(collection: t.Expression, conversions: list[t.Expression]) -> t.Expression:
    """A collection with conversions around it."""
    for node in reversed(conversions):
        if isinstance(node, t.Coerce):
            collection = replace(node, value=collection)
        else:
            head, _, _ = opened(node)
            collection = t.Application(node.type, node.span, head, [collection])
    return collection


def _starts(lowerer: Lowerer, pipeline: Pipeline) -> bool:
    """Whether it is known how the items at the start are walked through."""
    source = pipeline.source
    made = _call(lowerer, source, SOURCES)
    if made is not None:
        call, last = made
        pipeline.made_by = replace(call, arguments=[*call.arguments, last])
        pipeline.saves = True
        return True
    if isinstance(source, t.Comprehension):
        pipeline.saves = pipeline.saves or source.kind != "seq"
        return is_single(as_sequence(source))
    if isinstance(_bound(lowerer, source), Walked | None):
        return False
    return lowerer.mono(source.type).symbol in _WALKED
