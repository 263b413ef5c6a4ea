"""Making one function without lists in between.

Comes in: a function. Goes out: one that does the same. Promises: a *pending* list is a call of a
stream that has not been made; where a `match` looks at it, the stream's code stands, each of its
results a jump to the way on with an item or without one. A function that is given a pending list
is made anew, with what the stream needs in the list's place. Nothing else of a function changes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

from clef.data_classes import dataclass
from clef.typed_core import core
from clef.typed_core.copying import Copier, Nested
from clef.typed_core.core import Atom, Expression, Function, Label, Local
from clef.typed_core.fusion.consumption import entries
from clef.typed_core.fusion.decisions import Pending, Preparation, can_wait
from clef.typed_core.fusion.streams import (
    Stream,
    is_list,
    is_nothing,
    prepared,
    step_at,
)

if TYPE_CHECKING:
    from clef.typed_core.fusion.fusing import Fusion

DEEPEST = 6
"""How many functions that prepare streams call each other."""


class _Unfolding(Copier):
    """The code of a function that prepares a stream, with locals of its own for one use."""

    def __init__(self, function: Function, call: core.Call) -> None:
        super().__init__()
        self.given: list[tuple[Local, Atom]] = []
        for parameter, atom in zip(function.parameters, call.arguments, strict=True):
            if parameter.is_mutable or not isinstance(atom, core.Variable) or atom.local.is_mutable:
                self.given.append((self.bind(parameter), atom))
            else:
                self.locals[parameter] = atom.local

    def preparation(self, function: Function, node: core.Let) -> Preparation:
        """The bindings before the last call, and that call."""
        code = self.expression(function.body)
        bindings = [
            core.Let(0, node.type, node.span, local, atom, node.body) for local, atom in self.given
        ]
        while isinstance(code, core.Let):
            bindings.append(core.Let(0, node.type, code.span, code.local, code.value, node.body))
            code = code.body
        assert isinstance(code, core.Call)
        return Preparation(bindings, code)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A pending list of which the first item is at hand: its name in the old code, and the rest."""

    item: Local
    rest: Pending


class Fuser(Copier):
    """One function in the making. `pending`: lists that are not made; `opened`: those of them that
    were looked at; both speak of locals of the old code, and of locals that stand for new ones."""

    def __init__(self, state: Fusion) -> None:
        super().__init__()
        self.state = state
        self.pending: dict[Local, Pending] = {}
        self.opened: dict[Local, _Opened] = {}
        self.fed: dict[Label, dict[int, Pending]] = {}
        self.label_count = 0
        self.is_inside = False
        self.is_changed = False

    def new_label(self, like: Label) -> Label:
        self.label_count += 1
        return Label(self.label_count - 1, like.name, like.is_rare)

    def specialised(self, function: Function, index: int, source: Function, name: str) -> Function:
        """The function under a new name, with the parameters of a stream in place of one."""
        parameters: list[Local] = []
        for place, parameter in enumerate(function.parameters):
            if place != index:
                parameters.append(self.bind(parameter))
                continue
            stand_ins = [Local(0, one.name, one.type) for one in source.parameters]
            parameters += (self.bind(one) for one in stand_ins)
            atoms: list[Atom] = [core.Variable(0, one.type, None, one) for one in stand_ins]
            self.pending[parameter] = Pending(source.name, atoms)
        body = self.expression(function.body)
        return dataclasses.replace(
            function,
            name=name,
            parameters=parameters,
            body=body,
            capture_count=0,
            node_count=self.node_count,
            local_count=self.local_count,
        )

    # Bindings -------------------------------------------------------------------------------------

    def bindings(self, node: core.Let) -> Sequence[core.Let]:
        value = node.value
        match value:
            case core.Project(value=core.Variable(local=local)) if local in self.opened:
                return self._part(node, self.opened[local], value.index)
            case core.Call() if is_list(value.type) and not node.local.is_mutable:
                return (node,) if self.is_inside else self._make_pending(node, value)
            case _:
                return (node,)

    def _part(self, node: core.Let, opened: _Opened, index: int) -> Sequence[core.Let]:
        if index == 1:
            self.pending[node.local] = opened.rest
            return ()
        item = core.Variable(0, opened.item.type, node.span, opened.item)
        if not node.local.is_mutable:
            self.locals[node.local] = self.locals[opened.item]
            return ()
        return (dataclasses.replace(node, value=item),)

    def _make_pending(self, node: core.Let, call: core.Call) -> Sequence[core.Let]:
        """The bindings that remain of a list that is made."""
        if not self.state.may_wait(call.function):
            return (node,)
        use = self.state.consumption.of_local(node.body, node.local)
        if use is None:
            return (node,)
        before: list[core.Let] = []
        for _ in range(DEEPEST + 1):
            pending = self._resolved(call)
            if pending is None:
                break
            if self.state.stream(pending.stream) is not None:
                if not can_wait(self.state.effects, pending, node, use, self.pending):
                    break
                before += self._settled(node, pending)
                self.pending[node.local] = pending
                self.is_changed = True
                return before
            function = self.state.find(call.function)
            if function is None or call.function in self.state.fixed or not prepared(function):
                break
            preparation = _Unfolding(function, call).preparation(function, node)
            before += preparation.bindings
            call = preparation.call
        return (node,)

    def _resolved(self, call: core.Call) -> Pending | None:
        """A call with what is pending in its arguments, if there is a function for that."""
        name, atoms = call.function, list(call.arguments)
        place = 0
        while place < len(atoms):
            atom = atoms[place]
            pending = self.pending.get(atom.local) if isinstance(atom, core.Variable) else None
            if pending is None:
                place += 1
                continue
            made = self.state.specialised(name, place, pending.stream)
            if made is None:
                return None
            name = made
            atoms[place : place + 1] = pending.arguments
            place += len(pending.arguments)
        return Pending(name, atoms)

    def _settled(self, node: core.Let, pending: Pending) -> list[core.Let]:
        """Bindings of what would change before the stream is looked at."""
        found: list[core.Let] = []
        for place, atom in enumerate(pending.arguments):
            if isinstance(atom, core.Variable) and not atom.local.is_mutable:
                continue
            local = Local(0, "", atom.type)
            found.append(core.Let(0, node.type, node.span, local, atom, node.body))
            pending.arguments[place] = core.Variable(0, atom.type, node.span, local)
        return found

    # Calls ----------------------------------------------------------------------------------------

    def call(self, node: core.Call) -> Expression:
        if not any(
            isinstance(a, core.Variable) and a.local in self.pending for a in node.arguments
        ):
            return super().call(node)
        resolved = self._resolved(node)
        if resolved is None:
            return self._with_lists(node)
        arguments = self.atoms(resolved.arguments)
        return core.Call(self.id(), node.type, node.span, resolved.stream, arguments)

    def _with_lists(self, node: core.Call) -> Expression:
        """A call that needs the lists after all."""
        made: list[tuple[Local, Expression]] = []
        arguments: list[Atom] = []
        for atom in node.arguments:
            pending = self.pending.get(atom.local) if isinstance(atom, core.Variable) else None
            if pending is None:
                arguments.append(self.atom(atom))
                continue
            given = self.atoms(pending.arguments)
            call = core.Call(self.id(), atom.type, node.span, pending.stream, given)
            local = self.fresh(Local(0, "", atom.type))
            made.append((local, call))
            arguments.append(self.variable(local, atom))
        result: Expression = core.Call(self.id(), node.type, node.span, node.function, arguments)
        for local, list in reversed(made):
            result = core.Let(self.id(), node.type, node.span, local, list, result)
        return result

    # Loops ----------------------------------------------------------------------------------------

    def join_parameters(self, node: core.Join) -> list[Local]:
        found: list[Local] = []
        feeds: dict[int, Pending] = {}
        starts = entries(node) if node.is_loop and self.pending else []
        for index, parameter in enumerate(node.parameters):
            pending = self._entering(starts, index)
            if pending is None or not is_list(parameter.type):
                found.append(self.bind(parameter))
                continue
            feeds[index] = pending
            locals, self.pending[parameter] = self._renewed(pending)
            found += locals
        if feeds:
            self.fed[node.label] = feeds
        return found

    def _entering(self, starts: list[core.Jump], index: int) -> Pending | None:
        if len(starts) != 1:
            return None
        atom = starts[0].arguments[index]
        return self.pending.get(atom.local) if isinstance(atom, core.Variable) else None

    def _renewed(self, pending: Pending) -> tuple[list[Local], Pending]:
        """The same stream with other arguments where they vary: their new locals."""
        stream = self._stream(pending)
        arguments = list(pending.arguments)
        locals: list[Local] = []
        for place in stream.varying:
            like = stream.function.parameters[place]
            stand_in = Local(0, like.name, like.type)
            locals.append(self.bind(stand_in))
            arguments[place] = core.Variable(0, like.type, None, stand_in)
        return locals, Pending(pending.stream, arguments)

    def _stream(self, pending: Pending) -> Stream:
        stream = self.state.stream(pending.stream)
        assert stream is not None, pending.stream
        return stream

    def jump_arguments(self, label: Label, nodes: list[Atom]) -> list[Atom]:
        feeds = self.fed.get(label)
        if feeds is None:
            return super().jump_arguments(label, nodes)
        found: list[Atom] = []
        for index, node in enumerate(nodes):
            if index not in feeds:
                found.append(self.atom(node))
                continue
            assert isinstance(node, core.Variable)
            pending = self.pending[node.local]
            assert pending.stream == feeds[index].stream
            varying = self._stream(pending).varying
            found += (self.atom(pending.arguments[place]) for place in varying)
        return found

    # Looking at a list ----------------------------------------------------------------------------

    def operation(self, node: Expression) -> Expression:
        match node:
            case core.Project(value=core.Variable(local=local)) if local in self.opened:
                item = self.opened[local].item
                return self.variable(self.locals[item], node)
            case _:
                return super().operation(node)

    def branching(self, node: Expression, nested: Nested, type: core.MonoType) -> Expression:
        if isinstance(node, core.Switch) and isinstance(node.scrutinee, core.Variable):
            pending = self.pending.get(node.scrutinee.local)
            if pending is not None:
                return self._look(node, node.scrutinee.local, pending, nested, type)
        return super().branching(node, nested, type)

    def _look(
        self,
        node: core.Switch,
        local: Local,
        pending: Pending,
        nested: Nested,
        type: core.MonoType,
    ) -> Expression:
        """The stream's code, with jumps to what follows."""
        nothing, some = self.new_label(Label(0, "nothing")), self.new_label(Label(0, "item"))
        item = Local(0, "", local.type.arguments[0])
        ways = dict(node.branches)
        renewed, rest = self._renewed(pending)
        parameters = [self.bind(item), *renewed]
        code = _Placed(self, pending, nothing, some, type).code()
        self.opened[local] = _Opened(item, rest)
        with_item = nested(ways.get(1, node.default or node))
        without = nested(ways.get(0, node.default or node))
        head = (type, node.span)
        inner = core.Join(self.id(), *head, some, parameters, with_item, code)
        return core.Join(self.id(), *head, nothing, [], without, inner)


class _Placed:
    """The code of a stream where a list is looked at."""

    def __init__(
        self, fuser: Fuser, pending: Pending, nothing: Label, some: Label, type: core.MonoType
    ) -> None:
        stream = fuser.state.stream(pending.stream)
        assert stream is not None
        self.fuser = fuser
        self.stream = stream
        self.pending = pending
        self.nothing = nothing
        self.some = some
        self.type = type

    def code(self) -> Expression:
        """All of it."""
        fuser, function = self.fuser, self.stream.function
        for parameter, atom in zip(function.parameters, self.pending.arguments, strict=True):
            assert isinstance(atom, core.Variable)
            fuser.locals[parameter] = fuser.locals[atom.local]
        before, fuser.is_inside = fuser.is_inside, True
        code = self._tail(function.body)
        fuser.is_inside = before
        return code

    def _tail(self, node: Expression) -> Expression:
        fuser = self.fuser
        chain: list[tuple[core.Let, Local, Expression]] = []
        end: Expression | None = None
        while isinstance(node, core.Let):
            step = step_at(self.stream.function.name, node)
            if step is not None:
                rest = [step.rest.arguments[place] for place in self.stream.varying]
                atoms = fuser.atoms([step.item, *rest])
                end = core.Jump(fuser.id(), self.type, node.span, self.some, atoms)
                break
            value = fuser.expression(node.value)
            chain.append((node, fuser.bind(node.local), value))
            node = node.body
        if end is None:
            end = self._end(node)
        for let, local, value in reversed(chain):
            end = core.Let(fuser.id(), self.type, let.span, local, value, end)
        return end

    def _end(self, node: Expression) -> Expression:
        fuser = self.fuser
        if is_nothing(node):
            return core.Jump(fuser.id(), self.type, node.span, self.nothing, [])
        match node:
            case core.If() | core.Switch() | core.Join():
                return fuser.branching(node, self._tail, self.type)
            case core.Jump():
                label = fuser.labels[node.label]
                arguments = fuser.jump_arguments(node.label, node.arguments)
                return core.Jump(fuser.id(), self.type, node.span, label, arguments)
            case core.Raise():
                exception = fuser.atom(node.exception)
                return core.Raise(fuser.id(), self.type, node.span, exception)
            case _:  # a call that raises
                local = fuser.fresh(Local(0, "", node.type))
                never = core.Jump(fuser.id(), self.type, node.span, self.nothing, [])
                failure = fuser.expression(node)
                return core.Let(fuser.id(), self.type, node.span, local, failure, never)
