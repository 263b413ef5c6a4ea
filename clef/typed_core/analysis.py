"""What a definition's closures capture.

Comes in: the typed tree of one definition. Goes out: `Analysis`: the free locals of every lambda,
local function, object expression and sequence expression in it, in order of first use; which
mutable locals are captured by one of them or have their address taken. Promises: one linear walk a
definition, shared by all its instantiations; nodes are keyed by identity.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from clef.data_classes import dataclass, field
from clef.inference import typed_tree as t


@dataclass(slots=True)
class Analysis:
    """`free`: by `id(node)` of Lambda, LocalBinding, ObjectExpression, Comprehension. `changed`:
    the places in a local that are assigned or whose address is taken; `called`: members of places
    in it.
    """

    free: dict[int, list[t.Local]] = field(default_factory=dict[int, list[t.Local]])
    celled: set[t.Local] = field(default_factory=set[t.Local])
    changed: dict[t.Local, list[t.Expression]] = field(
        default_factory=dict[t.Local, "list[t.Expression]"]
    )
    called: dict[t.Local, list[t.MethodCall]] = field(
        default_factory=dict[t.Local, "list[t.MethodCall]"]
    )
    keep: list[object] = field(default_factory=list[object])  # keeps the keyed nodes alive


@dataclass(slots=True)
class _Frame:
    bound: set[t.Local] = field(default_factory=set[t.Local])
    used: dict[t.Local, None] = field(default_factory=dict[t.Local, None])


class _Walker:
    def __init__(self) -> None:
        self.analysis = Analysis()
        self.frame = _Frame()

    def use(self, local: t.Local) -> None:
        self.frame.used[local] = None

    def closed(self, node: object, walk: Callable[[], None]) -> None:
        """Walk the inside of something that becomes a function of its own."""
        outer = self.frame
        self.frame = inner = _Frame()
        walk()
        self.frame = outer
        free = [local for local in inner.used if local not in inner.bound]
        self.analysis.free[id(node)] = free
        self.analysis.keep.append(node)
        for local in free:
            outer.used[local] = None
            if local.is_mutable:
                self.analysis.celled.add(local)

    # Patterns ------------------------------------------------------------------------------------

    def pattern(self, pattern: t.Pattern) -> None:
        match pattern:
            case t.VariablePattern():
                self.frame.bound.add(pattern.local)
            case t.AsPattern() | t.OrPattern():
                self.pattern(pattern.left)
                self.pattern(pattern.right)
            case t.AndPattern() | t.TuplePattern() | t.ArrayPattern():
                self.patterns(pattern.items)
            case t.RecordPattern():
                for _, item in pattern.fields:
                    self.pattern(item)
            case t.CasePattern() | t.ExceptionPattern():
                self.patterns(pattern.arguments)
            case t.TypeTestPattern():
                if pattern.inner is not None:
                    self.pattern(pattern.inner)
            case t.ActivePattern():
                self.expression(pattern.function)
                if pattern.inner is not None:
                    self.pattern(pattern.inner)
            case _:
                pass

    def patterns(self, patterns: list[t.Pattern]) -> None:
        for pattern in patterns:
            self.pattern(pattern)

    # Expressions ---------------------------------------------------------------------------------

    def expression(self, node: t.Expression) -> None:
        handler = _WALK.get(type(node))
        if handler is not None:
            handler(self, node)

    def expressions(self, nodes: list[t.Expression]) -> None:
        for node in nodes:
            self.expression(node)

    def let(self, node: t.Let) -> None:
        """Nested `let`s are walked in a loop: they can be thousands."""
        body: t.Expression = node
        while isinstance(body, t.Let):
            if body.is_recursive:
                for binding in body.bindings:
                    self.pattern(binding.pattern)
            for binding in body.bindings:
                self.binding(binding)
            body = body.body
        self.expression(body)

    def binding(self, binding: t.LocalBinding) -> None:
        if not binding.parameters and not binding.type_parameters:
            self.expression(binding.body)
            self.pattern(binding.pattern)
            return

        def inside() -> None:
            self.patterns(binding.parameters)
            self.expression(binding.body)

        self.closed(binding, inside)
        self.pattern(binding.pattern)

    def lambda_(self, node: t.Lambda) -> None:
        def inside() -> None:
            self.patterns(node.parameters)
            self.expression(node.body)

        self.closed(node, inside)

    def object_expression(self, node: t.ObjectExpression) -> None:
        self.expressions(node.arguments)

        def inside() -> None:
            for member in node.members:
                self.patterns(member.parameters)
                self.expression(member.body)

        self.closed(node, inside)

    def comprehension(self, node: t.Comprehension) -> None:
        if node.kind == "seq":
            self.closed(node, lambda: self.expression(node.body))
        else:
            self.expression(node.body)

    def rules(self, rules: list[t.MatchRule]) -> None:
        for rule in rules:
            self.pattern(rule.pattern)
            if rule.guard is not None:
                self.expression(rule.guard)
            self.expression(rule.body)

    def address(self, node: t.AddressOf) -> None:
        root = root_of(node.place)
        if root is not None:
            self.analysis.celled.add(root)
            self.change(root, node.place)
        self.expression(node.place)

    def change(self, root: t.Local | None, place: t.Expression) -> None:
        if root is not None:
            self.analysis.changed.setdefault(root, []).append(place)

    def field_set(self, node: t.FieldSet) -> None:
        place = node.object
        written = t.FieldGet(node.type, node.span, place, node.owner, node.field)
        self.change(root_of(written), written)
        self.expression(place.place if isinstance(place, t.AddressOf) else place)
        self.expression(node.value)

    def for_in(self, node: t.ForIn) -> None:
        self.expression(node.collection)
        if node.enumeration is not None:
            protocol = node.enumeration
            self.frame.bound.add(protocol.source)
            self.frame.bound.add(protocol.enumerator)
            self.expression(protocol.get_enumerator)
            self.expression(protocol.move_next)
            self.expression(protocol.current)
            if protocol.dispose is not None:
                self.expression(protocol.dispose)
        self.pattern(node.pattern)
        self.expression(node.body)

    def bound_then(self, local: t.Local, *nodes: t.Expression) -> None:
        self.frame.bound.add(local)
        for node in nodes:
            self.expression(node)

    def parts(self, parts: list[t.FormatPart]) -> None:
        for part in parts:
            if part.argument is not None:
                self.expression(part.argument)

    def optional(self, *nodes: t.Expression | None) -> None:
        for node in nodes:
            if node is not None:
                self.expression(node)

    def fields(self, fields: list[tuple[int, t.Expression]]) -> None:
        for _, node in fields:
            self.expression(node)


_Walk = Callable[[_Walker, Any], None]


def _try_with(w: _Walker, n: t.TryWith) -> None:
    w.expression(n.body)
    w.rules(n.rules)


def _match(w: _Walker, n: t.Match) -> None:
    w.expression(n.scrutinee)
    w.rules(n.rules)


def _application(w: _Walker, n: t.Application) -> None:
    w.expression(n.function)
    w.expressions(n.arguments)


def _record_copy(w: _Walker, n: t.RecordCopy) -> None:
    w.expression(n.source)
    w.fields(n.fields)


def _anonymous(w: _Walker, n: t.AnonymousRecordConstruction) -> None:
    w.optional(n.source)
    w.fields(n.fields)


def _local_set(w: _Walker, n: t.LocalSet) -> None:
    w.change(n.local, t.LocalReference(n.type, n.span, n.local))
    w.use(n.local)
    w.expression(n.value)


def root_of(place: t.Expression) -> t.Local | None:
    """The local that a chain of fields starts with."""
    while True:
        if isinstance(place, t.AddressOf):
            place = place.place
        elif isinstance(place, t.FieldGet):
            place = place.object
        else:
            return place.local if isinstance(place, t.LocalReference) else None


def _method_call(w: _Walker, n: t.MethodCall) -> None:
    root = root_of(n.object) if n.object is not None else None
    if root is not None:
        w.analysis.called.setdefault(root, []).append(n)
    w.optional(n.object)
    w.expressions(n.arguments)


def _virtual_call(w: _Walker, n: t.VirtualCall) -> None:
    w.expression(n.object)
    w.expressions(n.arguments)


def _use(w: _Walker, n: t.Use) -> None:
    w.expression(n.value)
    w.bound_then(n.local, n.dispose, n.body)


def _for_to(w: _Walker, n: t.ForTo) -> None:
    w.optional(n.start, n.finish)
    w.bound_then(n.local, n.body)


_WALK: dict[type[t.Expression], _Walk] = {
    t.LocalReference: lambda w, n: w.use(n.local),
    t.Lambda: lambda w, n: w.lambda_(n),
    t.Application: _application,
    t.Let: lambda w, n: w.let(n),
    t.Use: _use,
    t.Sequential: lambda w, n: w.expressions(n.items),
    t.If: lambda w, n: w.optional(n.condition, n.then, n.otherwise),
    t.Match: _match,
    t.Tuple: lambda w, n: w.expressions(n.items),
    t.RecordConstruction: lambda w, n: w.fields(n.fields),
    t.RecordCopy: _record_copy,
    t.AnonymousRecordConstruction: _anonymous,
    t.UnionConstruction: lambda w, n: w.expressions(n.arguments),
    t.ExceptionConstruction: lambda w, n: w.expressions(n.arguments),
    t.ArrayLiteral: lambda w, n: w.expressions(n.items),
    t.FieldGet: lambda w, n: w.expression(n.object),
    t.AnonymousFieldGet: lambda w, n: w.expression(n.object),
    t.FieldSet: lambda w, n: w.field_set(n),
    t.FieldFix: lambda w, n: w.optional(n.object, n.value),
    t.StaticFieldSet: lambda w, n: w.expression(n.value),
    t.LocalSet: _local_set,
    t.GlobalSet: lambda w, n: w.expression(n.value),
    t.MethodCall: _method_call,
    t.VirtualCall: _virtual_call,
    t.TraitCall: lambda w, n: w.expressions(n.arguments),
    t.New: lambda w, n: w.expressions(n.arguments),
    t.ObjectExpression: lambda w, n: w.object_expression(n),
    t.Coerce: lambda w, n: w.expression(n.value),
    t.Downcast: lambda w, n: w.expression(n.value),
    t.TypeTest: lambda w, n: w.expression(n.value),
    t.While: lambda w, n: w.optional(n.condition, n.body),
    t.ForTo: _for_to,
    t.ForIn: lambda w, n: w.for_in(n),
    t.Range: lambda w, n: w.optional(n.start, n.step, n.finish),
    t.TryWith: _try_with,
    t.TryFinally: lambda w, n: w.optional(n.body, n.finalizer),
    t.Comprehension: lambda w, n: w.comprehension(n),
    t.Yield: lambda w, n: w.expression(n.value),
    t.YieldAll: lambda w, n: w.expression(n.values),
    t.FormatLiteral: lambda w, n: w.parts(n.parts),
    t.InterpolatedString: lambda w, n: w.parts(n.parts),
    t.AddressOf: lambda w, n: w.address(n),
}


def captured_in(analysis: Analysis, nodes: list[Any]) -> list[Any]:
    """The functions, objects and sequences inside these nodes whose captures are known."""
    found: list[Any] = []
    stack: list[Any] = list(nodes)
    while stack:
        here = stack.pop()
        if isinstance(here, list | tuple):
            stack.extend(here)  # pyright: ignore[reportUnknownArgumentType]
        elif isinstance(here, t.Expression | t.LocalBinding | t.MatchRule | t.ObjectMember):
            if id(here) in analysis.free:
                found.append(here)
            stack.extend(getattr(here, one.name) for one in fields(here))
    return found


def free_locals(node: t.Expression) -> list[t.Local]:
    """The locals of an expression that are bound outside of it."""
    walker = _Walker()
    body = node
    walker.closed(node, lambda: _inside(walker, body))
    return walker.analysis.free[id(node)]


def _inside(walker: _Walker, node: t.Expression) -> None:
    match node:
        case t.Lambda():
            walker.patterns(node.parameters)
            walker.expression(node.body)
        case t.Comprehension():
            walker.expression(node.body)
        case _:
            walker.expression(node)


def analyse(definition: t.Definition) -> Analysis:
    """Walk one definition."""
    walker = _Walker()
    walker.patterns(definition.parameters)
    walker.expression(definition.body)
    walker.analysis.keep.append(definition)
    return walker.analysis
