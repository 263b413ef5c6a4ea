"""What must stay as it is while cells of earlier programs live on: numbers of kinds, layouts, and
what closures hold.

Comes in: the plans of programs that follow each other in one process, each of them with everything
that the ones before it had. Goes out: a `Registry` that only grows. Promises: a cell made by one
program means the same to every later one; where that cannot be, `LayoutChanged` is raised before
anything is run.
"""

from __future__ import annotations

from clef.data_classes import dataclass, field
from clef.memory_plan.plan import Kind, Layout, Plan
from clef.typed_core.core import MonoType, Program

_FIRST_OF_FUNCTIONS = 1 << 17
_FUNCTIONS_OF_ARITY = 1 << 10
"""Function values of one arity have numbers from a range of their own, so that it can grow."""


class LayoutChanged(Exception):
    """Something whose cells may be alive would get another shape."""


@dataclass(slots=True)
class Registry:
    """`numbers`: kinds by what they are for, with their shape; `layouts` and `closures`: facts of
    each type and each function value, to be compared.
    """

    kinds: dict[int, Kind] = field(default_factory=dict[int, Kind])
    numbers: dict[tuple[object, ...], int] = field(default_factory=dict[tuple[object, ...], int])
    shapes: dict[tuple[object, ...], tuple[object, ...]] = field(
        default_factory=dict[tuple[object, ...], tuple[object, ...]]
    )
    layouts: dict[MonoType, tuple[object, ...]] = field(
        default_factory=dict[MonoType, tuple[object, ...]]
    )
    closures: dict[str, tuple[object, ...]] = field(default_factory=dict[str, tuple[object, ...]])
    next_number: int = 1
    next_of_arity: dict[int, int] = field(default_factory=dict[int, int])

    def number(self, purpose: tuple[object, ...], shape: tuple[object, ...], arity: int) -> int:
        """The kind for a purpose, the same whenever it is asked for."""
        known = self.shapes.setdefault(purpose, shape)
        if known != shape:
            raise LayoutChanged(str(purpose[0]))
        found = self.numbers.get(purpose)
        if found is None:
            found = self.numbers[purpose] = self._next(arity)
        return found

    def _next(self, arity: int) -> int:
        if arity == 0:
            self.next_number += 1
            assert self.next_number <= _FIRST_OF_FUNCTIONS, "too many types"
            return self.next_number - 1
        first, end = arity_range(arity)
        number = self.next_of_arity.get(arity, first)
        assert number < end, "too many shapes of function values"
        self.next_of_arity[arity] = number + 1
        return number

    def agree(self, program: Program, plan: Plan) -> None:
        """Take a new plan's facts along, once it is clear that they contradict none."""
        layouts = {type: _facts(layout) for type, layout in plan.layouts.items()}
        for type, facts in layouts.items():
            if self.layouts.get(type, facts) != facts:
                raise LayoutChanged(str(type))
        closures = {name: _held(program, plan, name) for name in plan.closures}
        for name, held in self.closures.items():
            if closures.get(name) != held:
                raise LayoutChanged(name)
        self.layouts.update(layouts)
        self.closures.update(closures)


def arity_range(arity: int) -> tuple[int, int]:
    """The kinds of function values of an arity."""
    first = _FIRST_OF_FUNCTIONS + min(arity, 255) * _FUNCTIONS_OF_ARITY
    return first, first + _FUNCTIONS_OF_ARITY


def _facts(layout: Layout) -> tuple[object, ...]:
    cells = tuple(sorted(layout.cells.items(), key=lambda item: item[0]))
    shape = (layout.form, layout.words, layout.memory, layout.fields, layout.field_types)
    return (*shape, layout.has_tag, layout.null_case, cells, layout.kind, layout.box)


def _held(program: Program, plan: Plan, name: str) -> tuple[object, ...]:
    function, closure = program.functions[name], plan.closures[name]
    captured = function.parameters[: function.capture_count]
    names = tuple((local.name, local.type) for local in captured)
    return (closure.arity, closure.cell, closure.is_static, closure.in_environment, names)
