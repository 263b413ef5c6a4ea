"""What has been read or computed once is not read again while it cannot have changed.

Comes in: a core program. Goes out: one that does the same. Promises: of

    while position < text.Length && (text.[position] = ' ' || text.[position] = '\\n') do …

with fields for `text` and `position`, each is read once in a round, and so is the character: the
later expression is the earlier one's local. Numbers are kept while nothing that runs in between may
change what they were read from (`changes.py`), references only if they never change, or are arrays
in a mutable local that is not assigned in between. What a loop
reads first and in each round alike is read before the loop.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Set

from clef.typed_core import core
from clef.typed_core.changes import Change, ChangeTable, changes_of, is_constructor
from clef.typed_core.copying import Copier
from clef.typed_core.core import Expression, Let, Local, MonoType, Program
from clef.typed_core.known_values import Key, Keys, Known, Source
from clef.typed_core.nodes import nodes
from clef.typed_core.primitives import PRIMITIVES

_Chain = list[tuple[Let, Local, Expression]]


def read_once(program: Program) -> Program:
    """The whole pass."""
    changes = ChangeTable(program)
    keys = Keys(program, changes)
    functions = dict(program.functions)
    for name, function in program.functions.items():
        keys.same = {}
        functions[name] = _Reader(program, changes, keys).whole(function)
    return dataclasses.replace(program, functions=functions)


class _Reader(Copier):
    """One function. `known`: what is in locals here. `changed`, `assigned`: what has changed since
    the code that is being copied began."""

    def __init__(self, program: Program, changes: ChangeTable, keys: Keys) -> None:
        super().__init__()
        self.program = program
        self.changes = changes
        self.keys = keys
        self.known = Known()
        self.changed = set[Change]()
        self.assigned = set[Local]()
        self.early = 0

    # Bindings -------------------------------------------------------------------------------------

    def expression(self, node: Expression) -> Expression:
        chain: _Chain = []
        while isinstance(node, Let):
            chain.extend(self._before_loop(node.value, node.type))
            if not self._is_known(node):
                value = self._value(node.value)
                chain.append((node, self.bind(node.local), value))
                self._learn(node)
            node = node.body
        chain.extend(self._before_loop(node, node.type))
        result = self._end(node)
        for let, local, value in reversed(chain):
            result = Let(self.id(), let.type, let.span, local, value, result)
        return result

    def _is_known(self, let: Let) -> bool:
        """Whether a local has the value already; then it takes the place of the new one."""
        found = None if let.local.is_mutable else self._find(let.value)
        if found is None or found.type is not let.local.type:
            return False
        self.keys.same[let.local] = found
        self.locals[let.local] = self.locals[found]
        return True

    def _find(self, node: Expression) -> Local | None:
        if isinstance(node, core.Variable) and not node.local.is_mutable:
            return self.keys.same.get(node.local, node.local)
        keyed = self.keys.of(node)
        return None if keyed is None else self.known.find(keyed[0])

    def _learn(self, let: Let) -> None:
        keyed = None if let.local.is_mutable else self.keys.of(let.value)
        if keyed is not None:
            self.known.add(keyed[0], let.local, keyed[1])

    # Effects --------------------------------------------------------------------------------------

    def _forget(self, changes: Set[Change], assigned: Set[Local]) -> None:
        self.known.forget(changes, assigned)
        self.changed |= changes
        self.assigned |= assigned

    def _ran(self, node: Expression) -> None:
        """After a simple expression has done what it does."""
        changes = set(changes_of(self.program, node))
        gone = set[Local]()
        if isinstance(node, core.Call):
            changes |= self.changes.of_function(node.function)
            if is_constructor(node.function):
                used = [atom.local for atom in node.arguments if isinstance(atom, core.Variable)]
                gone.update(self.keys.same.get(local, local) for local in used)
        elif isinstance(node, core.Assign):
            gone.add(node.local)
        if changes or gone:
            self._forget(changes, gone)
        if isinstance(node, core.SetField):
            self._learn_written(node)

    def _learn_written(self, node: core.SetField) -> None:
        """The field holds what was just written."""
        value = node.value
        if not isinstance(value, core.Variable) or value.local.is_mutable:
            return
        place = self.keys.place_of(node.owner, node.case, node.index, value.type)
        if place is None or place[0] != "field" or not self.keys.is_scalar(value.type):
            return
        source = Source(places={place})
        object = self.keys.atom(node.object, source, {})
        key = ("field", node.owner, node.case, node.index, object)
        self.known.add(key, self.keys.same.get(value.local, value.local), source)

    # Expressions at the end -----------------------------------------------------------------------

    def _end(self, node: Expression) -> Expression:
        if isinstance(node, core.If | core.Switch | core.Join | core.TryWith):
            return self._branching(node)
        found = self._find(node) if isinstance(node, core.Project | core.Primitive) else None
        if found is not None and found.type is node.type:
            return self.variable(self.locals[found], node)
        copied = super()._end(node)
        self._ran(node)
        return copied

    def _branching(self, node: core.If | core.Switch | core.Join | core.TryWith) -> Expression:
        before = self.known
        first, later = self._starts(node, before)

        def nested(part: Expression) -> Expression:
            self.known = (later if part is first else before).copy()
            return self.expression(part)

        return self._inside(lambda: self.branching(node, nested, node.type))

    def _value(self, node: Expression) -> Expression:
        """What a binding binds: its own bindings end with it."""
        if isinstance(node, Let):
            return self._inside(lambda: self.expression(node))
        return self.expression(node)

    def _inside(self, copy: Callable[[], Expression]) -> Expression:
        """Copies code of which nothing is known afterwards but what it may have changed."""
        before, outside = self.known, (self.changed, self.assigned)
        self.known, self.changed, self.assigned = before.copy(), set[Change](), set[Local]()
        copied = copy()
        inside = (self.changed, self.assigned)
        self.known, (self.changed, self.assigned) = before, outside
        self._forget(*inside)
        return copied

    def _starts(self, node: Expression, before: Known) -> tuple[Expression | None, Known]:
        """The part that does not begin with what is known before the whole, and what is known
        there."""
        if isinstance(node, core.Join):
            parts = [node.body, node.continuation] if node.is_loop else [node.body]
            return node.continuation, self._after(parts, before)
        if isinstance(node, core.TryWith):
            return node.handler, self._after([node.body], before)
        return None, before

    def _after(self, parts: list[Expression], before: Known) -> Known:
        known = before.copy()
        for part in parts:
            known.forget(*self._changed_in(part))
        return known

    # Loops ----------------------------------------------------------------------------------------

    def _before_loop(self, node: Expression, type: MonoType) -> _Chain:
        """What rounds read and cannot change is read before the loop. `type`: of what follows."""
        if not (isinstance(node, core.Join) and node.is_loop and isinstance(node.body, core.Jump)):
            return []
        changes, touched = self._changed_in(node.continuation)
        early: _Chain = []
        for let in self._candidates(node.continuation):
            keyed = None if let.local.is_mutable else self.keys.of(let.value)
            if keyed is None or not keyed[1].locals <= self.locals.keys():
                continue
            if not keyed[1].is_among(changes, touched) and not self._is_known(let):
                early.append(self._read_early(let, keyed, type))
        return early

    def _candidates(self, part: Expression) -> Iterator[Let]:
        """The bindings that each round begins with, and those in it that are evaluated at any time
        as well. What has been read early is among the locals when the next one is asked for."""
        while isinstance(part, Let):
            yield part
            if part.local not in self.locals and not _is_silent(part.value):
                break
            part = part.body
        for node in nodes(part):
            if isinstance(node, Let) and self._is_safe(node.value):
                yield node

    def _is_safe(self, value: Expression) -> bool:
        """Whether a value may be read though no round may need it."""
        if isinstance(value, core.Variable):
            return value.local.is_mutable
        if isinstance(value, core.Primitive):
            return value.operation == "string_plain_length"
        if not isinstance(value, core.Project) or value.case >= 0:
            return False
        check = ("check_null", self.keys.atom(value.value, Source(), {}))
        return self.known.find(check) is not None

    def _read_early(
        self, let: Let, keyed: tuple[Key, Source], type: MonoType
    ) -> tuple[Let, Local, Expression]:
        self.early += 1
        local = dataclasses.replace(let.local, id=-self.early)
        value = self.expression(let.value)
        self.known.add(keyed[0], local, keyed[1])
        self.keys.same[let.local] = local
        self.locals[let.local] = self.bind(local)
        return dataclasses.replace(let, type=type, local=local), self.locals[local], value

    def _changed_in(self, part: Expression) -> tuple[set[Change], set[Local]]:
        return self.changes.of_code(part), _touched(part, self.keys)


def _is_silent(value: Expression) -> bool:
    """Whether evaluating it a little later makes no difference."""
    if isinstance(value, core.Primitive):
        information = PRIMITIVES.get(value.operation)
        return information is not None and information.is_pure and not information.may_raise
    return isinstance(value, core.Variable | core.Literal | core.Project | core.GlobalRead)


def _touched(part: Expression, keys: Keys) -> set[Local]:
    """The locals that are assigned in a part, or whose objects are filled there."""
    found = set[Local]()
    for node in nodes(part):
        if isinstance(node, core.Assign):
            found.add(node.local)
        elif isinstance(node, core.Call) and is_constructor(node.function):
            used = [atom.local for atom in node.arguments if isinstance(atom, core.Variable)]
            found.update(keys.same.get(local, local) for local in used)
    return found
