"""What a program does with memory, in terms of its source.

Comes in: a program, its plan, and the paths of the files that are asked about. Goes out: for each
function its parameters and `Remark`s: allocations with their sizes, cells that are used again,
counting of references, checks that remain, tail calls. Promises: every remark comes from the plan
that emission obeys; remarks are in the order of the source; functions that specialisation made from
one definition are told apart by their names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import fields, replace
from typing import cast

from clef.data_classes import dataclass, field
from clef.memory_plan.escape_paths import EscapePaths, Reason
from clef.memory_plan.plan import ENVIRONMENT, FunctionPlan, Layout, Plan
from clef.source import Span
from clef.typed_core import core
from clef.typed_core.checks import remaining_checks
from clef.typed_core.core import Function, MonoType, Program
from clef.typed_core.shapes import display

CHECKS = {
    "array_get": "the index is checked",
    "array_set": "the index is checked",
    "array_address": "the index is checked",
    "div": "the divisor is checked",
    "rem": "the divisor is checked",
    "add_checked": "the result is checked",
    "sub_checked": "the result is checked",
    "mul_checked": "the result is checked",
    "convert_checked": "the conversion is checked",
    "check_null": "null is checked",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One fact about a place. `kind`: allocation, reuse, circle, value, copy, release, check or
    tail call. `size`: bytes of an allocation, 0 where it is known only when the program runs;
    `reasons`: why it is one.
    """

    span: Span
    kind: str
    text: str
    size: int = 0
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter; a borrowed one stays the caller's."""

    name: str
    type: str
    is_borrowed: bool


@dataclass(slots=True)
class FunctionReport:
    """One function of the compiled program."""

    name: str
    span: Span
    parameters: list[Parameter]
    remarks: list[Remark] = field(default_factory=list[Remark])

    def count(self, kind: str) -> int:
        """How many remarks of a kind there are."""
        return sum(remark.kind == kind for remark in self.remarks)


def memory_report(
    program: Program, plan: Plan, paths: Collection[str], part: str = ""
) -> list[FunctionReport]:
    """The functions of these files whose name contains `part`."""
    found: list[FunctionReport] = []
    ways = EscapePaths(program, plan)
    for name, function in program.functions.items():
        span = function.span
        wanted = span is not None and span.path in paths and part in function.display_name
        if wanted and name in plan.functions:
            found.append(_Reader(program, plan, function, plan.functions[name], ways).report())
    return sorted(found, key=lambda one: (one.span.path, one.span.start, one.name))


def _order(remark: Remark) -> tuple[object, ...]:
    """In the order of the source, and the same in every run where one place has two remarks."""
    reasons = tuple(reason.text for reason in remark.reasons)
    return remark.span.start, remark.span.end, remark.kind, remark.text, reasons


class _Reader:
    """Reads one function."""

    def __init__(
        self,
        program: Program,
        plan: Plan,
        function: Function,
        own: FunctionPlan,
        ways: EscapePaths,
    ) -> None:
        self.program = program
        self.plan = plan
        self.function = function
        self.own = own
        self.ways = ways

    def report(self) -> FunctionReport:
        assert self.function.span is not None
        parameters = [
            Parameter(p.name or "_", _shown(p.type), index in self.own.borrowed_parameters)
            for index, p in enumerate(self.function.parameters)
        ]
        remarks = {
            self.explained(remark, node)
            for node in nodes(self.function.body)
            for remark in self.remarks(node)
        }
        ordered = sorted(remarks, key=_order)
        name = self.function.display_name
        return FunctionReport(name, self.function.span, parameters, ordered)

    def explained(self, remark: Remark, node: core.Node) -> Remark:
        """An allocation with its reasons."""
        if remark.kind != "allocation":
            return remark
        if isinstance(node, core.Construct | core.MakeClosure | core.Primitive):
            return replace(remark, reasons=self.ways.why(self.function, node))
        return remark

    def remarks(self, node: core.Node) -> Iterator[Remark]:
        span = node.span
        if span is None or span.path != (self.function.span or span).path:
            return
        match node:
            case core.Construct():
                yield from self.construct(node, span)
            case core.MakeClosure():
                yield from self.closure(node, span)
            case core.Primitive():
                yield from self.primitive(node, span)
            case core.Variable(local=local) if node.id in self.own.duplicate and local.name:
                yield Remark(span, "copy", f"one more reference to `{local.name}`")
            case _:
                pass
        if node.id in self.own.reuses:
            yield Remark(span, "reuse", self.reused(self.own.reuses[node.id]))
        if node.id in self.own.tail_calls:
            yield Remark(span, "tail call", "a tail call: the stack does not grow")
        for table in (self.own.before, self.own.between, self.own.after):
            for identity in table.get(node.id, ()):
                name = self.name(identity)
                if name:
                    yield Remark(span, "release", f"`{name}` is given up here")

    def reused(self, token: int) -> str:
        """Whose cell a token may hold."""
        takes = (self.own.takes[node] for node, given in self.own.gives.items() if given == token)
        taken = (take.local.name or take.holder.name for take in takes)
        names = dict.fromkeys(f"`{name}`" for name in taken if name)
        whose = f"the cell of {' or '.join(names)}" if names else "a cell that came apart"
        return f"reuses {whose} if nobody else has it"

    def name(self, identity: int) -> str:
        local = self.own.locals.get(identity)
        return local.name if identity != ENVIRONMENT and local is not None else ""

    def construct(self, node: core.Construct, span: Span) -> Iterator[Remark]:
        layout = self.plan.layouts.get(node.type)
        if layout is None or (not node.arguments and (node.case >= 0 or -1 not in layout.cells)):
            return
        name = self.constructed(node)
        cell = layout.cells.get(node.case, layout.cells.get(-1))
        if cell is not None:
            yield Remark(span, "allocation", f"`{name}` is a cell of {cell.size} bytes", cell.size)
            yield from self.circle(cell.kind, f"`{name}`", span)
        elif layout.form in ("aggregate", "variant", "nullable", "scalar"):
            yield Remark(span, "value", f"`{name}` {_words(layout)}: no allocation")

    def constructed(self, node: core.Construct) -> str:
        shape = self.program.shapes.get(node.type)
        if shape is not None and shape.kind == "union" and 0 <= node.case < len(shape.cases):
            return shape.cases[node.case].name
        return _shown(node.type)

    def closure(self, node: core.MakeClosure, span: Span) -> Iterator[Remark]:
        closure = self.plan.closures.get(node.function)
        if closure is None or closure.is_static:
            yield Remark(span, "value", "a function value that holds nothing: no allocation")
            return
        names = [f"`{a.local.name}`" for a in node.captures if isinstance(a, core.Variable)]
        size = closure.cell.size
        held = ", ".join(name for name in names if name != "``")
        text = f"a function value of {size} bytes" + (f" that holds {held}" if held else "")
        yield Remark(span, "allocation", text, size)
        yield from self.circle(closure.cell.kind, "the function value", span)

    def circle(self, kind: int, what: str, span: Span) -> Iterator[Remark]:
        if self.plan.kinds[kind].traced:
            yield Remark(span, "circle", f"{what} can be in a circle, which has to be searched for")

    def primitive(self, node: core.Primitive, span: Span) -> Iterator[Remark]:
        check = CHECKS.get(node.operation)
        if check is not None and remaining_checks(self.program, node):
            yield Remark(span, "check", check)
        if node.operation in ("array_zero", "array_clone"):
            yield Remark(span, "allocation", f"an array `{_shown(node.type)}`")
            layout = self.plan.layouts.get(node.type)
            yield from self.circle(layout.kind if layout is not None else 0, "the array", span)
        elif node.operation in ("array_own", "array_grow", "array_beside"):
            yield Remark(
                span,
                "allocation",
                f"an array `{_shown(node.arguments[0].type)}`, unless nobody else has it",
            )
        elif node.operation == "string_allocate":
            yield Remark(span, "allocation", "a string")
        elif node.operation == "string_grow":
            yield Remark(span, "allocation", "a string, unless the first one can grow")
        elif node.operation == "box":
            boxed = node.type_arguments[0] if node.type_arguments else node.type
            layout = self.plan.layouts.get(boxed)
            if layout is not None and layout.box is not None:
                size = layout.box.size
                text = f"`{_shown(boxed)}` is boxed in a cell of {size} bytes"
                yield Remark(span, "allocation", text, size)


def _shown(type: MonoType) -> str:
    """A type as the user writes it; what the compiler adds is called by its purpose."""
    return "the place of the result" if type.symbol.startswith("$") else display(type)


def _words(layout: Layout) -> str:
    count = len(layout.words)
    return "is one word" if count == 1 else f"is {count} words"


def nodes(expression: core.Node) -> Iterator[core.Node]:
    """A core expression and everything below it, without recursion."""
    stack: list[object] = [expression]
    while stack:
        node = stack.pop()
        if isinstance(node, core.Node):
            yield node
            stack.extend(getattr(node, one.name) for one in fields(node))
        elif isinstance(node, list | tuple):
            stack.extend(cast("list[object]", node))
