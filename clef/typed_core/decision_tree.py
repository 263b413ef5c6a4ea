"""Pattern matches to decision trees.

Comes in: rows of patterns over occurrences (places in the matched value). Goes out: a tree of tests
whose leaves say which rule applies and where its variables are. Promises: rules are tried in order,
tests run from left to right, no test is made twice on one path; where the same is left to test, the
same tree stands; a rule can be the leaf of several branches (its body is shared later). After
Maranget, Compiling pattern matching to good decision trees, ML 2008, with the first column that the
first row still needs: F# programs can see the order when active patterns have effects.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from clef.inference import typed_tree as t
from clef.typed_core.core import MonoType
from clef.typed_core.decisions import (
    Check,
    Choose,
    Evaluate,
    Fail,
    Knowledge,
    Leaf,
    Occurrence,
    Row,
    Test,
    Tree,
)
from clef.typed_core.shared_trees import parts_of


def compile_rows(rows: list[Row], know: Knowledge) -> Tree:
    """The tree for rows in order."""
    expanded: list[Row] = []
    for row in rows:
        expanded += _normalise(row, know)
    return _compile(expanded, know)


# Normal rows: only refutable tests are left -----------------------------------------------------


def _normalise(row: Row, know: Knowledge) -> list[Row]:
    """Take apart what always matches and is not seen; an or-pattern makes several rows."""
    pending = list(reversed(row.tests))
    tests: list[Test] = []
    bindings = list(row.bindings)
    while pending:
        place, pattern = pending.pop()
        match pattern:
            case t.WildcardPattern():
                pass
            case t.VariablePattern():
                bindings.append((pattern.local, place))
            case t.AsPattern():
                pending.append((place, pattern.right))
                pending.append((place, pattern.left))
            case t.AndPattern():
                pending += [(place, item) for item in reversed(pattern.items)]
            case t.TuplePattern():
                types = place.type.arguments
                pending += [
                    (place.field(-1, index, types[index]), pattern.items[index])
                    for index in range(len(pattern.items) - 1, -1, -1)
                ]
            case t.RecordPattern():
                of_fields = know.field_types(place.type)
                pending += [
                    know.fitted(place.field(-1, index, of_fields[index]), item)
                    for index, item in reversed(pattern.fields)
                ]
            case t.CasePattern() if know.case_count(place.type) == 1:
                pending += reversed(_case_fields(place, 0, pattern.arguments, know))
            case t.LiteralPattern() if pattern.value is None:
                pass  # unit
            case t.OrPattern():
                rows: list[Row] = []
                rest = list(reversed(pending))
                for side in (pattern.left, pattern.right):
                    branch = Row([*tests, (place, side), *rest], list(bindings), row.rule)
                    rows += _normalise(branch, know)
                return rows
            case _:
                tests.append((place, pattern))
    return [Row(tests, bindings, row.rule)]


def _case_fields(
    place: Occurrence, case: int, patterns: list[t.Pattern], know: Knowledge
) -> list[Test]:
    types = know.case_types(place.type, case)
    return [
        know.fitted(place.field(case, index, types[index]), pattern)
        for index, pattern in enumerate(patterns)
    ]


def _recognised(place: Occurrence, pattern: t.ActivePattern, know: Knowledge) -> Occurrence:
    type = know.mono(pattern.function.type)
    result = type.arguments[1] if type.form == "function" else type
    return place.call(_recogniser(pattern, know), pattern.function, result)


def _recogniser(pattern: t.ActivePattern, know: Knowledge) -> object:
    """Equal for patterns that one call can serve: a generic recogniser is another one for each
    type."""
    return (pattern.identity or id(pattern), know.mono(pattern.function.type))


# Compilation ------------------------------------------------------------------------------------


def _compile(rows: list[Row], know: Knowledge) -> Tree:
    key = tuple([_number(row, know) for row in rows])
    tree = know.made.get(key)
    if tree is None:
        tree = know.made[key] = _compile_first(rows, know)
    return tree


def _number(row: Row, know: Knowledge) -> int:
    """The same for rows of which the same is left."""
    if row.number is None:
        tests = tuple([(id(place), id(pattern)) for place, pattern in row.tests])
        bindings = tuple([(id(local), id(place)) for local, place in row.bindings])
        row.number = know.numbers.setdefault((row.rule, tests, bindings), len(know.numbers))
    return row.number


def _compile_first(rows: list[Row], know: Knowledge) -> Tree:
    """The tree for rows that are left on one way only."""
    tree = _by_first(rows, know)
    know.rows_of[tree] = rows
    return tree


def _by_first(rows: list[Row], know: Knowledge) -> Tree:
    if not rows:
        return Fail()
    first = rows[0]
    if not first.tests:
        if know.has_guard(first.rule):
            return Leaf(first.rule, first.bindings, _compile(rows[1:], know))
        return Leaf(first.rule, first.bindings)
    place, pattern = first.tests[0]
    match pattern:
        case t.CasePattern():
            return _by_case(rows, place, know)
        case t.LiteralPattern():
            return _by_literal(rows, place, pattern, know)
        case t.ArrayPattern():
            return _by_length(rows, place, know)
        case t.TypeTestPattern() | t.ExceptionPattern():
            return _by_type(rows, place, pattern, know)
        case t.NullPattern():
            return _by_null(rows, place, know)
        case t.ActivePattern():
            return _by_recogniser(rows, place, pattern, know)
        case _:
            raise TypeError(f"{type(pattern).__name__} was normalised away")


Replace = Callable[[t.Pattern], list[Test] | bool | None]
"""For a pattern on the tested place: the tests that remain, False when it fails, None to keep it as
it is."""


def _restrict(rows: list[Row], place: Occurrence, replace: Replace, know: Knowledge) -> list[Row]:
    """The rows that can still match once a test on `place` has had one outcome."""
    kept: list[Row] = []
    for row in rows:
        tests: list[Test] = []
        fails = changed = False
        for occurrence, pattern in row.tests:
            outcome = replace(pattern) if occurrence is place else None
            changed = changed or outcome is not None
            if outcome is None:
                tests.append((occurrence, pattern))
            elif outcome is False:
                fails = True
                break
            elif outcome is not True:
                tests += outcome
        if fails:
            continue
        if not changed:
            kept.append(row)
        else:
            kept += _normalise(Row(tests, row.bindings, row.rule), know)
    return kept


def _by_outcome(
    rows: list[Row], place: Occurrence, outcome: Callable[[t.Pattern], int | None]
) -> dict[int, list[Row]]:
    """The rows that may match for each outcome that a pattern on `place` asks for: those that ask
    for it and those that ask for none, in order."""
    asked: dict[int, list[Row]] = {}
    free: list[Row] = []
    for row in rows:
        found = [outcome(pattern) for occurrence, pattern in row.tests if occurrence is place]
        wanted = {one for one in found if one is not None}
        if not wanted:
            free.append(row)
            for others in asked.values():
                others.append(row)
        for one in wanted:
            asked.setdefault(one, free.copy()).append(row)
    return asked


def _by_case(rows: list[Row], place: Occurrence, know: Knowledge) -> Tree:
    type = place.type

    def asked_case(pattern: t.Pattern) -> int | None:
        return know.case_index(type, pattern.case) if isinstance(pattern, t.CasePattern) else None

    present = _by_outcome(rows, place, asked_case)
    branches: list[tuple[int, Tree]] = []
    for case in sorted(present):

        def chosen(pattern: t.Pattern, case: int = case) -> list[Test] | bool | None:
            if not isinstance(pattern, t.CasePattern):
                return None
            if know.case_index(type, pattern.case) != case:
                return False
            return _case_fields(place, case, pattern.arguments, know)

        branches.append((case, _compile(_restrict(present[case], place, chosen, know), know)))
    if len(present) == know.case_count(type):
        return Choose("case", place, branches, None)

    def none_of_them(pattern: t.Pattern) -> list[Test] | bool | None:
        return False if isinstance(pattern, t.CasePattern) else None

    default = _compile(_restrict(rows, place, none_of_them, know), know)
    return Choose("case", place, branches, default)


def _same(left: object, right: object) -> bool:
    return left is right or (type(left) is type(right) and left == right)


def _by_literal(
    rows: list[Row], place: Occurrence, first: t.LiteralPattern, know: Knowledge
) -> Tree:
    if know.is_integral(place.type) and not know.is_boolean(place.type):
        return _by_integer(rows, place, know)

    def equal_to(value: object) -> list[Row]:
        def replace(pattern: t.Pattern) -> list[Test] | bool | None:
            if not isinstance(pattern, t.LiteralPattern):
                return None
            return _same(pattern.value, value)

        return _restrict(rows, place, replace, know)

    if know.is_boolean(place.type):
        yes, no = equal_to(True), equal_to(False)
        return Check("true", place, _compile(yes, know), _compile(no, know))

    def different(pattern: t.Pattern) -> list[Test] | bool | None:
        same = isinstance(pattern, t.LiteralPattern) and _same(pattern.value, first.value)
        return False if same else None

    yes_tree = _compile(equal_to(first.value), know)
    no_tree = _compile_first(_restrict(rows, place, different, know), know)
    return Check("equal", place, yes_tree, no_tree, first.value)


def _by_integer(rows: list[Row], place: Occurrence, know: Knowledge) -> Tree:
    def asked_value(pattern: t.Pattern) -> int | None:
        return _integer(pattern.value) if isinstance(pattern, t.LiteralPattern) else None

    values = _by_outcome(rows, place, asked_value)
    branches: list[tuple[int, Tree]] = []
    for value in sorted(values):

        def equal(pattern: t.Pattern, value: int = value) -> list[Test] | bool | None:
            asked = asked_value(pattern)
            return None if asked is None else asked == value

        branches.append((value, _compile(_restrict(values[value], place, equal, know), know)))

    def other(pattern: t.Pattern) -> list[Test] | bool | None:
        return False if isinstance(pattern, t.LiteralPattern) else None

    default = _compile(_restrict(rows, place, other, know), know)
    return Choose("integer", place, branches, default)


def _integer(value: object) -> int:
    assert isinstance(value, int)
    return int(value)


def _by_length(rows: list[Row], place: Occurrence, know: Knowledge) -> Tree:
    element = place.type.arguments[0]

    def asked_length(pattern: t.Pattern) -> int | None:
        return len(pattern.items) if isinstance(pattern, t.ArrayPattern) else None

    lengths = _by_outcome(rows, place, asked_length)
    branches: list[tuple[int, Tree]] = []
    for length in sorted(lengths):

        def of_length(pattern: t.Pattern, length: int = length) -> list[Test] | bool | None:
            if not isinstance(pattern, t.ArrayPattern):
                return None
            if len(pattern.items) != length:
                return False
            return [(place.item(i, element), item) for i, item in enumerate(pattern.items)]

        branches.append(
            (length, _compile(_restrict(lengths[length], place, of_length, know), know))
        )

    def other(pattern: t.Pattern) -> list[Test] | bool | None:
        return False if isinstance(pattern, t.ArrayPattern) else None

    default = _compile(_restrict(rows, place, other, know), know)
    return Choose("integer", place.length(know.int32), branches, default)


def _tested_type(pattern: t.Pattern, know: Knowledge) -> MonoType | None:
    match pattern:
        case t.TypeTestPattern():
            return know.mono(pattern.tested)
        case t.ExceptionPattern():
            return know.named(pattern.symbol)
        case _:
            return None


def _by_type(rows: list[Row], place: Occurrence, first: t.Pattern, know: Knowledge) -> Tree:
    tested = _tested_type(first, know)
    assert tested is not None

    def is_that(pattern: t.Pattern) -> list[Test] | bool | None:
        if _tested_type(pattern, know) is not tested:
            return None
        inside = place.cast(tested)
        if isinstance(pattern, t.TypeTestPattern):
            return [(inside, pattern.inner)] if pattern.inner is not None else []
        assert isinstance(pattern, t.ExceptionPattern)
        start = know.own_fields(tested, len(pattern.arguments))
        types = know.field_types(tested)
        return [
            (inside.field(-1, start + i, types[start + i]), item)
            for i, item in enumerate(pattern.arguments)
        ]

    def is_other(pattern: t.Pattern) -> list[Test] | bool | None:
        return False if _tested_type(pattern, know) is tested else None

    yes = _compile(_restrict(rows, place, is_that, know), know)
    no = _compile(_restrict(rows, place, is_other, know), know)
    return Check("type", place, yes, no, type=tested)


def _by_null(rows: list[Row], place: Occurrence, know: Knowledge) -> Tree:
    def when(value: bool) -> list[Row]:
        def replace(pattern: t.Pattern) -> list[Test] | bool | None:
            if isinstance(pattern, t.NullPattern):
                return value
            return False if value and isinstance(pattern, t.TypeTestPattern) else None

        return _restrict(rows, place, replace, know)

    return Check("null", place, _compile(when(True), know), _compile(when(False), know))


def _by_recogniser(
    rows: list[Row], place: Occurrence, first: t.ActivePattern, know: Knowledge
) -> Tree:
    result = _recognised(place, first, know)
    recogniser = _recogniser(first, know)
    is_total = first.count == 1 and not first.is_partial

    def same(pattern: t.Pattern) -> t.ActivePattern | None:
        if isinstance(pattern, t.ActivePattern) and _recogniser(pattern, know) == recogniser:
            return pattern
        return None

    def case(index: int) -> list[Row]:
        def replace(pattern: t.Pattern) -> list[Test] | bool | None:
            found = same(pattern)
            if found is None:
                return None
            wanted = 1 if found.is_partial else found.index
            if wanted != index:
                return False
            if found.inner is None:
                return True
            if is_total:
                return [(result, found.inner)]
            types = know.choice_case(result.type, index)
            return [(result.field(index, 0, types[0]), found.inner)]

        return _restrict(rows, place, replace, know)

    if is_total:
        return Evaluate(result, _compile(case(first.index), know))
    if first.is_partial:
        kind = "true" if know.is_boolean(result.type) else "some"
        return Check(kind, result, _compile(case(1), know), _compile(case(0), know))
    branches = [(index, _compile(case(index), know)) for index in range(first.count)]
    return Choose("case", result, branches, None)


def count_leaves(tree: Tree, counts: dict[int, int], shared: Collection[Tree]) -> None:
    """How often each rule is a leaf, with one leaf for each in a shared part."""
    pending: list[Tree] = [tree]
    seen: set[Tree] = set()
    while pending:
        node = pending.pop()
        if node in shared:
            if node in seen:
                continue
            seen.add(node)
        pending += parts_of(node)
        if isinstance(node, Leaf):
            counts[node.rule] = counts.get(node.rule, 0) + 1
