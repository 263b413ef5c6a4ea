"""Matches, pattern bindings and parameters: decision trees to core.

Comes in: a matched value, rules, and what to do when none applies. Goes out: switches whose leaves
are rule bodies. Promises: a body is lowered once (a `Join` when several leaves lead to it); tuples
that are only taken apart are never built; parts of the value are read where they are first needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from clef.data_classes import dataclass, field
from clef.inference import typed_tree as t
from clef.inference.types import FunctionType
from clef.typed_core import well_known
from clef.typed_core.builder import Block
from clef.typed_core.conversions import box, check_tested, held_type, opened, type_test
from clef.typed_core.core import Atom, Expression, Label, Local, MonoType
from clef.typed_core.decision_tree import compile_rows, count_leaves
from clef.typed_core.decisions import (
    Check,
    Choose,
    Evaluate,
    Fail,
    Knowledge,
    Leaf,
    Occurrence,
    Row,
    Tree,
)
from clef.typed_core.lowerer import Lowerer
from clef.typed_core.representations import INTEGERS
from clef.typed_core.shared_trees import evaluated_calls, shared_parts
from clef.typed_core.uniform import related
from clef.typed_core.values import constant, equal, given

Body = Callable[[Block], Expression]


@dataclass(slots=True)
class Rule:
    """A rule whose body is made by a function, so that bindings, loops and handlers can be rules
    too."""

    pattern: t.Pattern
    guard: t.Expression | None
    body: Body


@dataclass(slots=True)
class _Shared:
    label: Label
    variables: list[t.Local]
    parameters: list[Local] = field(default_factory=list[Local])


def knowledge(lowerer: Lowerer, rules: Sequence[Rule]) -> Knowledge:
    """What the tree compiler asks about types."""
    shapes = lowerer.specialiser.shapes

    def case_types(type: MonoType, case: int) -> list[MonoType]:
        return [item.type for item in shapes.of(type).cases[case].fields]

    def is_integral(type: MonoType) -> bool:
        representation = shapes.representation(type)
        return (
            representation in INTEGERS or representation == "char" or shapes.of(type).kind == "enum"
        )

    def is_uniform(left: MonoType, right: MonoType) -> bool:
        return related(lowerer.specialiser.mono, left, right)

    return Knowledge(
        mono=lowerer.mono,
        case_index=shapes.case_index,
        case_types=case_types,
        case_count=lambda type: len(shapes.of(type).cases),
        field_types=lambda type: [item.type for item in shapes.of(type).fields],
        is_integral=is_integral,
        is_boolean=lambda type: type is lowerer.specialiser.boolean,
        choice_case=case_types,
        named=lowerer.specialiser.mono.plain,
        int32=lowerer.specialiser.int32,
        has_guard=lambda rule: rules[rule].guard is not None,
        own_fields=lambda type, count: len(shapes.of(type).fields) - count,
        is_uniform=is_uniform if lowerer.grows else None,
    )


@dataclass(slots=True)
class _Part:
    """A part of the tree that is jumped to, with results of active patterns that it looks into."""

    label: Label
    calls: list[Occurrence]
    parameters: list[Local]


class _Emitter:
    """Turns one tree into core."""

    def __init__(
        self, lowerer: Lowerer, know: Knowledge, rules: Sequence[Rule], fail: Body, type: MonoType
    ) -> None:
        self.lowerer = lowerer
        self.know = know
        self.builder = lowerer.builder
        self.rules = rules
        self.fail = fail
        self.type = type
        self.known: dict[Occurrence, Atom] = {}
        self.log: list[Occurrence] = []
        self.shared: dict[int, _Shared] = {}
        self.parts: dict[Tree, _Part] = {}

    # Places --------------------------------------------------------------------------------------

    def atom(self, place: Occurrence, block: Block) -> Atom:
        """The operand that holds a part of the value; computed on first need."""
        if place.atom is not None:
            return self.builder.again(place.atom)
        found = self.known.get(place)
        if found is None:
            found = self.builder.bind(block, self.compute(place, block))
            self.known[place] = found
            self.log.append(place)
        return self.builder.again(found)

    def compute(self, place: Occurrence, block: Block) -> Expression:
        builder = self.builder
        if place.kind == "tuple":
            items = [self.atom(part, block) for part in place.parts]
            return builder.construct(place.type, items)
        parent = place.parent
        assert parent is not None
        operand = self.atom(parent, block)
        match place.kind:
            case "field":
                return builder.project(operand, parent.type, place.case, place.index, place.type)
            case "item":
                index = builder.int32(place.index)
                return builder.primitive(
                    "array_get_unchecked", [operand, index], place.type, (place.type,)
                )
            case "length":
                element = (parent.type.arguments[0],)
                return builder.primitive("array_length", [operand], place.type, element)
            case "cast":
                if not self.lowerer.specialiser.shapes.is_polymorphic(parent.type):
                    return box(self.lowerer, operand, parent.type, place.type, block)
                return opened(self.lowerer, operand, place.type, block)
            case "convert":
                return self.lowerer.converted(operand, place.type, block)
            case _:
                assert place.function is not None
                return self.recognise(place.function, operand, block)

    def recognise(self, function: t.Expression, operand: Atom, block: Block) -> Expression:
        type = function.type
        result = type.result if isinstance(type, FunctionType) else type
        call = t.Application(result, function.span, function, [given(operand)])
        return self.lowerer.expression(call, block, False)

    # Trees ---------------------------------------------------------------------------------------

    def nested(self, tree: Tree) -> Expression:
        block = Block()
        mark = len(self.log)
        result = self.emit(tree, block)
        while len(self.log) > mark:
            del self.known[self.log.pop()]
        return self.builder.finish(block, result)

    def emit(self, tree: Tree, block: Block) -> Expression:
        part = self.parts.get(tree)
        if part is None:
            return self.written_out(tree, block)
        arguments = [self.atom(call, block) for call in part.calls]
        return self.builder.jump(part.label, arguments, self.type)

    def written_out(self, tree: Tree, block: Block) -> Expression:
        match tree:
            case Leaf():
                return self.leaf(tree, block)
            case Fail():
                return self.fail(block)
            case Choose():
                scrutinee = self.atom(tree.occurrence, block)
                branches = [(key, self.nested(branch)) for key, branch in tree.branches]
                default = self.nested(tree.default) if tree.default is not None else None
                return self.builder.switch(scrutinee, tree.on, branches, default, self.type)
            case Check():
                return self.check(tree, block)
            case Evaluate():
                self.atom(tree.occurrence, block)
                return self.emit(tree.then, block)

    def check(self, tree: Check, block: Block) -> Expression:
        builder = self.builder
        operand = self.atom(tree.occurrence, block)
        if tree.kind == "type":
            assert tree.type is not None
            check_tested(self.lowerer, tree.type)
            tested = held_type(tree.type)
            shapes = self.lowerer.specialiser.shapes
            self.lowerer.specialiser.dispatch.variance.ask(tested)
            if not shapes.is_polymorphic(tree.occurrence.type):
                is_that = shapes.is_subtype(tree.occurrence.type, tree.type)
                return self.nested(tree.yes if is_that else tree.no)
            if shapes.of(tested).builtin in ("object", "unit") or (
                shapes.null_case(tested) is not None
            ):
                test = type_test(self.lowerer, operand, tested)
                condition = builder.bind(block, test)
                return builder.branch(
                    condition, self.nested(tree.yes), self.nested(tree.no), self.type
                )
            yes, no = self.nested(tree.yes), self.nested(tree.no)
            return builder.switch(operand, "kind", [(0, yes)], no, self.type, [tested])
        if tree.kind == "some":
            yes, no = self.nested(tree.yes), self.nested(tree.no)
            return builder.switch(operand, "case", [(0, no), (1, yes)], None, self.type)
        if tree.kind == "true":
            condition = operand
        elif tree.kind == "null":
            test = builder.primitive("is_null", [operand], builder.boolean_type)
            condition = builder.bind(block, test)
        else:
            condition = self.equal(operand, tree, block)
        return builder.branch(condition, self.nested(tree.yes), self.nested(tree.no), self.type)

    def equal(self, operand: Atom, tree: Check, block: Block) -> Atom:
        type = tree.occurrence.type
        literal = constant(self.lowerer, tree.value, type, block)
        test = equal(self.lowerer, "equals", operand, literal, type, block)
        return self.builder.bind(block, test)

    # Leaves --------------------------------------------------------------------------------------

    def leaf(self, leaf: Leaf, block: Block) -> Expression:
        rule = self.rules[leaf.rule]
        shared = self.shared.get(leaf.rule)
        bound = self.bind(leaf, block, as_operands=shared is not None)
        if rule.guard is None:
            return self.enter(leaf, bound, block)
        condition = self.lowerer.value(rule.guard, block)
        inside = Block()
        then = self.builder.finish(inside, self.enter(leaf, bound, inside))
        assert leaf.otherwise is not None
        otherwise = self.nested(leaf.otherwise)
        return self.builder.branch(condition, then, otherwise, self.type)

    def bind(self, leaf: Leaf, block: Block, as_operands: bool) -> dict[t.Local, Atom]:
        bound: dict[t.Local, Atom] = {}
        for local, place in leaf.bindings:
            atom = self.atom(place, block)
            if as_operands:
                bound[local] = atom
            self.lowerer.bind_local(local, atom, block)
        return bound

    def enter(self, leaf: Leaf, bound: dict[t.Local, Atom], block: Block) -> Expression:
        shared = self.shared.get(leaf.rule)
        if shared is None:
            return self.rules[leaf.rule].body(block)
        if not shared.parameters:
            shared.variables = list(bound)
            shared.parameters = [
                self.builder.local(self.lowerer.mono(local.type), local.name)
                for local in shared.variables
            ]
        arguments = [self.builder.again(bound[local]) for local in shared.variables]
        return self.builder.jump(shared.label, arguments, self.type)

    def run(self, tree: Tree, block: Block) -> Expression:
        """The whole match: joins for shared parts and bodies around the tree."""
        for part in shared_parts(tree):
            self.parts[part] = self.part(part)
        counts: dict[int, int] = {}
        count_leaves(tree, counts, self.parts)
        for rule, count in counts.items():
            if count > 1 and rule >= 0:
                self.shared[rule] = _Shared(self.builder.label(f"rule{rule + 1}"), [])
        if not self.shared and not self.parts:
            return self.emit(tree, block)
        result = self.with_parts(self.nested(tree))
        for rule in sorted(self.shared):
            shared = self.shared[rule]
            inside = Block()
            for local, parameter in zip(shared.variables, shared.parameters, strict=True):
                self.lowerer.bind_local(local, self.builder.variable(parameter), inside)
            continuation = self.builder.finish(inside, self.rules[rule].body(inside))
            result = self.builder.join(
                shared.label, shared.parameters, continuation, result, self.type
            )
        return result

    def part(self, tree: Tree) -> _Part:
        calls = evaluated_calls(self.know.rows_of[tree])
        parameters = [self.builder.local(call.type, "recognised") for call in calls]
        return _Part(self.builder.label("rest"), calls, parameters)

    def with_parts(self, result: Expression) -> Expression:
        """The shared parts around what jumps to them; a part jumps only to those around it."""
        for tree, part in self.parts.items():
            inside = Block()
            for call, parameter in zip(part.calls, part.parameters, strict=True):
                self.known[call] = self.builder.variable(parameter)
            continuation = self.builder.finish(inside, self.written_out(tree, inside))
            for place in [*part.calls, *self.log]:
                self.known.pop(place, None)
            self.log.clear()
            result = self.builder.join(part.label, part.parameters, continuation, result, self.type)
        return result


def match_rules(
    lowerer: Lowerer,
    place: Occurrence,
    rules: Sequence[Rule],
    fail: Body,
    type: MonoType,
    block: Block,
) -> Expression:
    """Lower rules over a value."""
    know = knowledge(lowerer, rules)
    rows = [Row([(place, rule.pattern)], [], index) for index, rule in enumerate(rules)]
    return _Emitter(lowerer, know, rules, fail, type).run(compile_rows(rows, know), block)


def place_of(lowerer: Lowerer, node: t.Expression, block: Block) -> Occurrence:
    """Where a scrutinee's value is; the items of a tuple expression stay apart."""
    type = lowerer.mono(node.type)
    if isinstance(node, t.Tuple):
        parts = [place_of(lowerer, item, block) for item in node.items]
        return Occurrence("tuple", type, parts=parts)
    return Occurrence("atom", type, atom=lowerer.value(node, block))


def body_of(lowerer: Lowerer, node: t.Expression, tail: bool) -> Body:
    return lambda block: lowerer.expression(node, block, tail)


def match_failure(lowerer: Lowerer, node: t.Expression, type: MonoType) -> Body:
    """MatchFailureException with file, line and column, as F# counts them (columns from 0)."""

    def fail(block: Block) -> Expression:
        builder = lowerer.builder
        span = node.span
        line, column = lowerer.specialiser.program.position(span.path, span.start)
        path = builder.literal(span.path, lowerer.specialiser.string)
        arguments: list[Atom] = [path, builder.int32(line), builder.int32(column - 1)]
        return lowerer.raise_symbol(well_known.MATCH_FAILURE, arguments, type, block)

    return fail


def lower_match(lowerer: Lowerer, node: t.Expression, block: Block, tail: bool) -> Expression:
    """`match` in any position."""
    assert isinstance(node, t.Match)
    type = lowerer.mono(node.type)
    place = place_of(lowerer, node.scrutinee, block)
    rules = [
        Rule(rule.pattern, rule.guard, body_of(lowerer, rule.body, tail)) for rule in node.rules
    ]
    return match_rules(lowerer, place, rules, match_failure(lowerer, node, type), type, block)


# Patterns that bind -----------------------------------------------------------------------------


def is_irrefutable(lowerer: Lowerer, pattern: t.Pattern) -> bool:
    """Whether it always matches, without a test."""
    match pattern:
        case t.WildcardPattern() | t.VariablePattern():
            return True
        case t.TuplePattern() | t.AndPattern():
            return all(is_irrefutable(lowerer, item) for item in pattern.items)
        case t.RecordPattern():
            return all(is_irrefutable(lowerer, item) for _, item in pattern.fields)
        case t.AsPattern():
            return is_irrefutable(lowerer, pattern.left) and is_irrefutable(lowerer, pattern.right)
        case t.LiteralPattern():
            return pattern.value is None
        case t.CasePattern():
            shape = lowerer.specialiser.shapes.of(lowerer.mono(pattern.type))
            return len(shape.cases) == 1 and all(
                is_irrefutable(lowerer, item) for item in pattern.arguments
            )
        case _:
            return False


def bind_pattern(lowerer: Lowerer, pattern: t.Pattern, place: Occurrence, block: Block) -> None:
    """Bind the variables of an irrefutable pattern in the block itself."""
    if isinstance(pattern, t.VariablePattern) and place.atom is not None:
        lowerer.bind_local(pattern.local, lowerer.builder.again(place.atom), block)
        return
    if isinstance(pattern, t.WildcardPattern):
        return
    unit = lowerer.builder.unit_type
    rule = Rule(pattern, None, lambda _: lowerer.builder.unit())
    match_rules(lowerer, place, [rule], lambda _: lowerer.builder.unit(), unit, block)


def bind_parameters(
    lowerer: Lowerer,
    patterns: Sequence[t.Pattern],
    locals: Sequence[Local],
    body: t.Expression,
    block: Block,
    tail: bool,
) -> Expression:
    """A function's body after its parameters have been matched."""
    for index, (pattern, local) in enumerate(zip(patterns, locals, strict=True)):
        place = Occurrence("atom", local.type, atom=lowerer.builder.variable(local))
        if is_irrefutable(lowerer, pattern):
            bind_pattern(lowerer, pattern, place, block)
            continue

        def rest(inside: Block, index: int = index) -> Expression:
            return bind_parameters(
                lowerer, patterns[index + 1 :], locals[index + 1 :], body, inside, tail
            )

        type = lowerer.mono(body.type)
        fail = match_failure(lowerer, t.Sequential(body.type, pattern.span, []), type)
        return match_rules(lowerer, place, [Rule(pattern, None, rest)], fail, type, block)
    return lowerer.expression(body, block, tail)
