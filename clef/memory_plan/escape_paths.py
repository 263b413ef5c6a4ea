"""Why a value lies on the heap: what its type asks for, and on which way it leaves its function.

Comes in: a program with its plan, and the node that makes a value. Goes out: `Reason`s in order.
Promises: every step is a use that the program has; the way is a shortest one, and ends where the
value is kept, raised, or no longer followed; a value that goes nowhere says so.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from clef.data_classes import dataclass
from clef.memory_plan.fresh_values import nodes, results
from clef.memory_plan.layouts import RECORD_WORDS, UNION_WORDS
from clef.memory_plan.plan import Plan
from clef.source import Span
from clef.typed_core import core
from clef.typed_core.core import Expression, Function, Local, MonoType, Program, Variable
from clef.typed_core.shapes import display

_LONGEST = 6
_MOST = 400
_ARRAY_STORES = ("array_set", "array_set_unchecked")


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the way; `span` is where it is taken, if the source says so."""

    text: str
    span: Span | None = None


_Value = Expression | Local
_State = tuple[Function, _Value, tuple[Reason, ...]]


class EscapePaths:
    """Answers for one program; remembers who calls whom."""

    def __init__(self, program: Program, plan: Plan) -> None:
        self.program, self.plan = program, plan
        self._calls: dict[str, list[tuple[Function, core.Call]]] | None = None

    def why(self, function: Function, node: Expression) -> tuple[Reason, ...]:
        """The reasons for the place of the value that `node` makes."""
        first = _by_type(self.program, node)
        way = self._way(function, node)
        stays = Reason(f"it does not leave `{function.display_name}`: only its type asks for it")
        return (*first, *(way or (stays,)))

    def _way(self, function: Function, node: Expression) -> tuple[Reason, ...]:
        waiting: deque[_State] = deque([(function, node, ())])
        seen = {id(node)}
        longest: tuple[Reason, ...] = ()
        while waiting and len(seen) < _MOST:
            where, value, path = waiting.popleft()
            for reason, following, is_end in self._steps(where, value):
                further = path
                if reason is not None:
                    further = (*path, Reason(reason.text, reason.span or where.span))
                if is_end or len(further) >= _LONGEST:
                    return further
                if len(further) > len(longest):
                    longest = further
                for inner, after in following:
                    if id(after) not in seen:
                        seen.add(id(after))
                        waiting.append((inner, after, further))
        return longest

    def _steps(
        self, function: Function, value: _Value
    ) -> Iterator[tuple[Reason | None, list[tuple[Function, _Value]], bool]]:
        """Where a value goes: the reason, what it is part of then, and whether that is the end."""
        returned = Reason(f"returned by `{function.display_name}`", _span_of(value))
        if not isinstance(value, Local):
            holders: list[tuple[Function, _Value]] = [
                (function, one.local)
                for one in nodes(function.body)
                if isinstance(one, core.Let) and any(n is value for n in results(one.value))
            ]
            if holders:
                yield None, holders, False
            if any(one is value for one in results(function.body)):
                yield returned, self._after_return(function), False
            return
        for node in nodes(function.body):
            yield from self._use(function, value, node)
        for leaf in results(function.body):
            if isinstance(leaf, Variable) and leaf.local is value:
                reason = Reason(returned.text, leaf.span)
                yield reason, self._after_return(function), False

    def _use(
        self, function: Function, local: Local, node: Expression
    ) -> Iterator[tuple[Reason | None, list[tuple[Function, _Value]], bool]]:
        match node:
            case core.Construct() if _is_among(local, node.arguments):
                shown = _constructed(self.program, node)
                yield Reason(f"stored in `{shown}`", node.span), [(function, node)], False
            case core.MakeClosure() if _is_among(local, node.captures):
                yield Reason("captured by a function value", node.span), [(function, node)], False
            case core.SetField() if _is_among(local, [node.value]):
                yield Reason(f"stored in a field of `{display(node.owner)}`", node.span), [], True
            case core.GlobalWrite() if _is_among(local, [node.value]):
                shown = self.program.globals[node.symbol].display_name.rpartition(".")[2]
                yield Reason(f"kept in the module's value `{shown}`", node.span), [], True
            case core.Primitive() if node.operation in _ARRAY_STORES:
                if _is_among(local, node.arguments[-1:]):
                    array = display(node.arguments[0].type)
                    yield Reason(f"stored in an array `{array}`", node.span), [], True
            case core.Primitive(operation="fill") if _is_among(local, node.arguments[-1:]):
                yield Reason("put where the caller wants the result", node.span), [], True
            case core.Primitive(operation="box") if _is_among(local, node.arguments):
                yield Reason("boxed", node.span), [(function, node)], False
            case core.Raise() if _is_among(local, [node.exception]):
                yield Reason("raised", node.span), [], True
            case core.Call():
                yield from self._given(local, node)
            case core.CallClosure() if _is_among(local, node.arguments):
                yield Reason("given to a function that is not known", node.span), [], True
            case core.Let() if any(
                isinstance(one, Variable) and one.local is local for one in results(node.value)
            ):
                yield None, [(function, node.local)], False
            case core.Assign() if _is_among(local, [node.value]):
                yield None, [(function, node.local)], False
            case core.Jump() if _is_among(local, node.arguments):
                yield None, _targets(function, local, node), False
            case _:
                pass

    def _given(
        self, local: Local, node: core.Call
    ) -> Iterator[tuple[Reason | None, list[tuple[Function, _Value]], bool]]:
        """A function that only borrows its parameter keeps nothing."""
        callee = self.program.functions.get(node.function)
        plan = self.plan.functions.get(node.function)
        for index, atom in enumerate(node.arguments):
            if not isinstance(atom, Variable) or atom.local is not local:
                continue
            if callee is None or plan is None:
                yield Reason("given to a function that is not known", node.span), [], True
            elif index not in plan.borrowed_parameters:
                reason = Reason(f"given to `{callee.display_name}`", node.span)
                yield reason, [(callee, callee.parameters[index])], False

    def _after_return(self, function: Function) -> list[tuple[Function, _Value]]:
        if self._calls is None:
            self._calls = {}
            for caller in self.program.functions.values():
                for node in nodes(caller.body):
                    if isinstance(node, core.Call):
                        self._calls.setdefault(node.function, []).append((caller, node))
        return [(caller, node) for caller, node in self._calls.get(function.name, [])]


def _targets(function: Function, local: Local, node: core.Jump) -> list[tuple[Function, _Value]]:
    join = next(
        n for n in nodes(function.body) if isinstance(n, core.Join) and n.label is node.label
    )
    return [
        (function, parameter)
        for parameter, atom in zip(join.parameters, node.arguments, strict=True)
        if isinstance(atom, Variable) and atom.local is local
    ]


def _is_among(local: Local, atoms: list[core.Atom]) -> bool:
    return any(isinstance(atom, Variable) and atom.local is local for atom in atoms)


def _span_of(value: _Value) -> Span | None:
    return None if isinstance(value, Local) else value.span


def _constructed(program: Program, node: core.Construct) -> str:
    shape = program.shapes.get(node.type)
    if shape is not None and shape.kind == "union" and 0 <= node.case < len(shape.cases):
        return shape.cases[node.case].name
    return "the place of the result" if node.type.symbol.startswith("$") else display(node.type)


def _by_type(program: Program, node: Expression) -> tuple[Reason, ...]:
    """What the type of a value asks for."""
    match node:
        case core.MakeClosure():
            return (Reason("a function value keeps what it captures in a cell"),)
        case core.Primitive(operation="box"):
            return (Reason("an `obj` is a reference to a cell"),)
        case core.Primitive():
            return (Reason(f"a `{display(node.type)}` is as long as the program makes it"),)
        case _:
            text = _record_reason(program, node.type)
            return (Reason(text),) if text else ()


def _record_reason(program: Program, type: MonoType) -> str:
    shape = program.shapes.get(type)
    if shape is None:
        return ""
    if shape.placement is not None and shape.placement.place == "heap":
        return '`[<Memory("heap")>]` asks for a cell'
    if shape.kind not in ("record", "union"):
        return "objects are cells" if shape.kind in ("class", "exception") else ""
    if any(field.is_mutable for field in shape.fields):
        return "a record with a mutable field has a place of its own"
    if _contains_itself(program, type):
        return f"a `{display(type)}` contains itself"
    limit = RECORD_WORDS if shape.kind == "record" else UNION_WORDS
    kind = "records" if shape.kind == "record" else "unions"
    return f"{kind} of more than {limit} words, or told apart by reference, are cells"


def _contains_itself(program: Program, type: MonoType) -> bool:
    seen: set[MonoType] = set()
    work = [type]
    while work:
        shape = program.shapes.get(work.pop())
        if shape is None or shape.kind not in ("record", "union", "tuple"):
            continue
        fields = [*shape.fields, *(one for case in shape.cases for one in case.fields)]
        for one in fields:
            if one.type is type:
                return True
            if one.type not in seen:
                seen.add(one.type)
                work.append(one.type)
    return False
