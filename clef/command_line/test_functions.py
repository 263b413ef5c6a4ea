"""Marked functions and methods: which there are, and the code that runs each.

Comes in: checked files. Goes out: a `UnitTest` for each function marked `[<Test>]`, `[<Fact>]` or
the like, for each row of data of a `[<Theory>]` or `[<TestCase>]`, and for each value marked
`[<Tests>]`. Promises: a method runs on an object of its own, between what its class does before and
after each test; what cannot be run says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from clef.checked_unit import CheckedUnit
from clef.command_line.drawing import TESTING, quoted
from clef.command_line.test_data import CannotPass, expression
from clef.data_classes import dataclass
from clef.inference.constants import NOT_CONSTANT
from clef.inference.signatures import MemberSignature, TypeSignature, ValueSignature
from clef.inference.typed_tree import Attribute
from clef.inference.types import FunctionType, NamedType, TupleType, Type
from clef.inference.well_known import BOOL, UNIT
from clef.source import SourceFile, Span

TESTS = frozenset({"Test", "Fact", "TestMethod"})
ROWS = frozenset({"InlineData", "TestCase", "DataRow"})
SOURCES = frozenset({"MemberData", "TestCaseSource", "DynamicData"})
MARKED = TESTS | ROWS | SOURCES | {"Theory", "DataTestMethod"}
SUITES = "Tests"
BEFORE = ("OneTimeSetUp", "ClassInitialize", "SetUp", "TestInitialize")
AFTER = ("TearDown", "TestCleanup", "OneTimeTearDown", "ClassCleanup")
WAITING = {
    "Microsoft.FSharp.Control.Async`1": "Async.RunSynchronously |> ignore",
    "System.Threading.Tasks.Task`1": "fun task -> task.Wait()",
    "System.Threading.Tasks.Task": "fun task -> task.Wait()",
}
"""What a test that goes on in the background is given to."""
_OUTPUT = "Xunit.Abstractions.ITestOutputHelper"
_DISPOSABLE = "System.IDisposable"


@dataclass(frozen=True, slots=True)
class UnitTest:
    """A marked function. `body` are the lines that run it and give an empty text or what is wrong;
    `error` says why it cannot be run, `skipped` why it should not."""

    name: str
    place: str
    body: tuple[str, ...] = ()
    error: str = ""
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class _Marked:
    """A function with its attributes. `groups` are the types of its parameters; `owner` is the
    class whose method it is, or nothing."""

    name: str
    place: str
    written: str
    attributes: Sequence[Attribute]
    groups: tuple[tuple[Type, ...], ...]
    result: Type
    owner: TypeSignature | None = None


@dataclass(frozen=True, slots=True)
class Discovery:
    """Looks for tests in files; `types` are the program's own."""

    types: Mapping[str, TypeSignature]
    texts: Mapping[str, SourceFile]

    def place(self, span: Span) -> str:
        """Where something stands, for people."""
        return f"{span.path}:{self.texts[span.path].position(span.start)[0]}"

    def of_value(
        self, symbol: str, value: ValueSignature, attributes: Sequence[Attribute]
    ) -> Iterator[UnitTest]:
        """The tests that one function of a module is."""
        names = {one.name for one in attributes}
        written = quoted(symbol.removesuffix(f".{value.name}"), value.name)
        place = self.place(value.span)
        if value.access == "private" and names & {*MARKED, SUITES}:
            yield UnitTest(symbol, place, error="it is private, so it cannot be called")
        elif names & MARKED:
            groups, result = _parameters(value.scheme.type)
            if not groups:
                yield UnitTest(symbol, place, error="a test is a function of `()`")
                return
            yield from self._tests(_Marked(symbol, place, written, attributes, groups, result))
        elif SUITES in names:
            yield UnitTest(symbol, place, (f"Expecto.Tests.failuresOf {written}",))

    def of_type(self, unit: CheckedUnit, owner: TypeSignature) -> Iterator[UnitTest]:
        """The tests that are methods of one class."""
        module, _, name = owner.symbol.rpartition(".")
        for member in _methods(owner):
            attributes = _attributes(unit, member)
            if not {one.name for one in attributes} & MARKED or member.span is None:
                continue
            on = quoted(module, name) if member.is_static else "fixture"
            groups = tuple(tuple(one.type for one in group) for group in member.groups)
            found = _Marked(
                f"{owner.symbol}.{member.name}",
                self.place(member.span),
                quoted(on, member.name),
                attributes,
                groups,
                member.result,
                None if member.is_static else owner,
            )
            yield from (self._on_object(unit, owner, test) for test in self._tests(found))

    def _tests(self, marked: _Marked) -> Iterator[UnitTest]:
        skipped = _skipped(marked.attributes)
        rows = [one for one in marked.attributes if one.name in ROWS]
        sources = [one for one in marked.attributes if one.name in SOURCES]
        wanted = [one for group in marked.groups for one in group if one != UNIT]
        for row in rows:
            name = f"{marked.name}({', '.join(map(_shown, row.arguments))})"
            yield self._row(name, marked, row, wanted, skipped or _skip_of(row))
        for source in sources:
            yield _from_source(marked, source, wanted, skipped)
        if not rows and not sources:
            error = "a test is a function of `()`" if wanted else ""
            body = () if error else _verdict(_call(marked, []), marked.result)
            yield UnitTest(marked.name, marked.place, body, error, skipped)

    def _row(
        self, name: str, marked: _Marked, row: Attribute, wanted: list[Type], skipped: str
    ) -> UnitTest:
        if len(row.arguments) != len(wanted):
            error = f"it has {len(wanted)} parameters, but its data {len(row.arguments)} values"
            return UnitTest(name, marked.place, error=error)
        try:
            pairs = zip(row.arguments, wanted, strict=True)
            call = _call(marked, [expression(value, type_, self.types) for value, type_ in pairs])
            if "ExpectedResult" in row.named:
                result = expression(row.named["ExpectedResult"], marked.result, self.types)
                body: tuple[str, ...] = (f"{TESTING}.compare {result} ({call})",)
            else:
                body = _verdict(call, marked.result)
        except CannotPass as problem:
            return UnitTest(name, marked.place, error=str(problem), skipped=skipped)
        return UnitTest(name, marked.place, body, skipped=skipped)

    def _on_object(self, unit: CheckedUnit, owner: TypeSignature, test: UnitTest) -> UnitTest:
        """A test as the method of a new object, between what its class does around tests."""
        made = _construction(owner)
        if test.error or made is None or "fixture." not in "".join(test.body):
            why = "" if made is not None else "its class cannot be made without arguments"
            return UnitTest(test.name, test.place, test.body, test.error or why, test.skipped)
        before = [f"fixture.{name}() |> ignore" for name in _around(unit, owner, BEFORE)]
        after = [f"fixture.{name}() |> ignore" for name in _around(unit, owner, AFTER)]
        if any(one.symbol == _DISPOSABLE for one in owner.interfaces):
            after.append("(fixture :> System.IDisposable).Dispose()")
        body = [f"let fixture = {made}", *before]
        if after:
            body += ["try", *_indented(test.body), "finally", *_indented(after)]
        else:
            body += test.body
        return UnitTest(test.name, test.place, tuple(body), "", test.skipped)


def _parameters(type_: Type) -> tuple[tuple[tuple[Type, ...], ...], Type]:
    """The groups of a function's parameters, and its result."""
    groups: list[tuple[Type, ...]] = []
    while isinstance(type_, FunctionType):
        one = type_.parameter
        is_tuple = isinstance(one, TupleType) and not one.is_struct
        groups.append(one.items if is_tuple and isinstance(one, TupleType) else (one,))
        type_ = type_.result
    return tuple(groups), type_


def _methods(owner: TypeSignature) -> Iterator[MemberSignature]:
    for members in owner.members.values():
        yield from (one for one in members if one.kind == "method")


def _attributes(unit: CheckedUnit, member: MemberSignature) -> Sequence[Attribute]:
    definition = unit.definitions.get(member.symbol)
    return definition.attributes if definition is not None else []


def _around(unit: CheckedUnit, owner: TypeSignature, marks: Sequence[str]) -> Iterator[str]:
    for mark in marks:
        for member in _methods(owner):
            if any(one.name == mark for one in _attributes(unit, member)):
                yield quoted("", member.name)


def _construction(owner: TypeSignature) -> str | None:
    """An expression for a new object: its constructor takes nothing, or where tests write."""
    module, _, name = owner.symbol.rpartition(".")
    for member in owner.members.get(".ctor", []):
        types = [one.type for group in member.groups for one in group if one.type != UNIT]
        symbols = [one.symbol for one in types if isinstance(one, NamedType)]
        if len(symbols) < len(types) or owner.parameters:
            continue
        if all(symbol == _OUTPUT or symbol.partition("`")[0] == symbol for symbol in symbols):
            given = (f"{TESTING}.output" if s == _OUTPUT else f"new {s}()" for s in symbols)
            return f"new {quoted(module, name)}({', '.join(given)})"
    return None


def _call(marked: _Marked, arguments: Sequence[str]) -> str:
    left, groups = list(arguments), list[str]()
    for group in marked.groups:
        count = sum(one != UNIT for one in group)
        groups.append(f"({', '.join(left[:count])})")
        left = left[count:]
    if marked.written.startswith("fixture."):
        return marked.written + "".join(groups)
    return " ".join([marked.written, *groups])


def _verdict(call: str, result: Type) -> tuple[str, ...]:
    if result == BOOL:
        return (f'if {call} then "" else "it gave false"',)
    symbol = result.symbol if isinstance(result, NamedType) else ""
    return (f"{call} |> {WAITING.get(symbol, 'ignore')}", '""')


def _from_source(
    marked: _Marked, source: Attribute, wanted: Sequence[Type], skipped: str
) -> UnitTest:
    """A test for all rows that a value or member gives."""
    named = source.arguments[0] if source.arguments else None
    if not isinstance(named, str) or len(source.arguments) > 1:
        error = "its data has to be named by a text alone"
        return UnitTest(marked.name, marked.place, error=error)
    module = marked.written.rpartition(".")[0]
    owner = marked.owner.symbol if marked.owner is not None else module
    rows = f"{TESTING}.rows ({quoted(owner, named)})"
    call = _call(marked, [f"(unbox row.[{index}])" for index in range(len(wanted))])
    body: tuple[str, ...] = (
        f"for row in {rows} do",
        f"    {_verdict(call, marked.result)[0]}",
        '""',
    )
    if marked.result == BOOL:
        body = (f"if {rows} |> Seq.forall (fun row -> {call})", 'then "" else "it gave false"')
    return UnitTest(marked.name, marked.place, body, skipped=skipped)


def _skipped(attributes: Sequence[Attribute]) -> str:
    for one in attributes:
        if one.name in ("Ignore", "Explicit"):
            reason = one.arguments[0] if one.arguments else ""
            return reason if isinstance(reason, str) and reason else "it is marked so"
        if one.name in ("Fact", "Theory") and _skip_of(one):
            return _skip_of(one)
    return ""


def _skip_of(attribute: Attribute) -> str:
    reason = attribute.named.get("Skip") or attribute.named.get("Ignore")
    return reason if isinstance(reason, str) else ""


def _shown(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_shown, cast('tuple[object, ...]', value)))}]"
    if value is NOT_CONSTANT:
        return "…"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" for line in lines]
