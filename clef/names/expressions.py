"""Names in expressions.

Comes in: expressions of the syntax tree. Goes out: their resolutions. Promises: every variable is
visible exactly where the F#
specification says; a chain of `let`s is walked in a loop, so that long functions need no deep
stack.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clef.diagnostics.names import DuplicateVariable
from clef.names.attributes import resolve_attributes
from clef.names.declare import parameter_count, report_active_pattern, report_repeated
from clef.names.entities import (
    FieldResolution,
    LocalBinder,
    LocalResolution,
    ModuleEntity,
    Resolution,
    UnresolvedName,
    ValueEntity,
    ValueResolution,
)
from clef.names.patterns import (
    Bound,
    parts_of,
    resolve_patterns,
    resolve_type,
    resolve_type_parameters,
    show_active_pattern,
)
from clef.names.repetitions import check_type_parameters, demand_inferred
from clef.names.resolver import (
    Resolver,
    look_up_expression,
    look_up_field,
    modules_named,
)
from clef.syntax import tree

MemberResolver = Callable[[Resolver, "list[tree.Member]"], None]


def resolve_expression(resolver: Resolver, node: tree.Expression | None) -> None:
    """Resolve an expression and everything in it."""
    if node is None:
        return
    handler = _EXPRESSIONS.get(type(node))
    if handler is not None:
        handler(resolver, node)


def add_bound(resolver: Resolver, bound: Bound) -> None:
    """Make a pattern's variables visible."""
    for name, binder in bound.items():
        resolver.scope.add_item(name, binder)
    add_local_active_patterns(resolver, bound)


def bind(resolver: Resolver, *patterns: tree.Pattern) -> Bound:
    """Resolve patterns and make their variables visible."""
    bound = resolve_patterns(resolver, list(patterns), resolve_expression)
    add_bound(resolver, bound)
    return bound


def bind_name(resolver: Resolver, name: tree.Name, is_mutable: bool = False) -> LocalBinder:
    """A variable that stands outside patterns: loop variables, `this`, `as self`."""
    known = resolver.table.get(name)
    if isinstance(known, LocalResolution):  # getter and setter share the `this` of their property
        binder = known.binder
    else:
        binder = resolver.binder(name.text, name.span, is_mutable)
    resolver.table[name] = LocalResolution(binder)
    resolver.scope.add_item(name.text, binder)
    return binder


# Names --------------------------------------------------------------------------------------------


def _identifier(resolver: Resolver, node: tree.Identifier) -> None:
    parts = node.name.parts
    first = parts[0].text
    may_be_operation = resolver.computation_depth and len(parts) == 1
    if may_be_operation and _is_free_operation(resolver, first):
        node.resolution = UnresolvedName(0)  # inference asks the builder
        return
    node.resolution = found = look_up_expression(resolver, node.name)
    if len(parts) > found.parts:
        note_fields(resolver, parts[found.parts :])


def note_fields(resolver: Resolver, names: list[tree.Name]) -> None:
    """`value.Name` where only the name can tell which record is meant: inference asks the table."""
    for name in names:
        candidates = resolver.scope.fields.get(name.text)
        if candidates:
            resolver.table[name] = FieldResolution(list(candidates), 1)


def _dot_get(resolver: Resolver, node: tree.DotGet) -> None:
    resolve_expression(resolver, node.target)
    note_fields(resolver, node.name.parts)


def _is_free_operation(resolver: Resolver, name: str) -> bool:
    known = resolver.environment.custom_operations
    return name in known and name not in resolver.scope.items


def _constant(resolver: Resolver, node: tree.Constant) -> None:
    resolve_type(resolver, node.measure)
    is_user = node.kind is tree.LiteralKind.USER
    is_big = node.kind is tree.LiteralKind.BIGINT
    if is_big and not modules_named(resolver, "NumericLiteralI"):
        return
    if (is_user or is_big) and isinstance(node.value, int):
        module = f"NumericLiteral{node.suffix or 'I'}"
        _imply(resolver, node, [module, _literal_function(node.value)])


def _literal_function(value: int) -> str:
    """The function of a module such as NumericLiteralZ that makes a literal."""
    if value in (0, 1):
        return "FromOne" if value else "FromZero"
    if -(2**31) <= value < 2**31:
        return "FromInt32"
    return "FromInt64" if -(2**63) <= value < 2**63 else "FromString"


def _imply(resolver: Resolver, node: tree.Node, path: list[str], written: str = "") -> None:
    """Look up a function that syntax stands for."""
    parts = [tree.Name(node.span, name, written or name) for name in path]
    resolver.table[node] = look_up_expression(resolver, tree.LongName(node.span, parts))


def _dynamic(resolver: Resolver, node: tree.Dynamic) -> None:
    resolve_expression(resolver, node.target)
    resolve_expression(resolver, node.argument)
    _imply(resolver, node, ["op_Dynamic"], "?")


def _assign(resolver: Resolver, node: tree.Assign) -> None:
    if isinstance(node.target, tree.Dynamic):
        resolve_expression(resolver, node.target.target)
        resolve_expression(resolver, node.target.argument)
        _imply(resolver, node, ["op_DynamicAssignment"], "?<-")
    else:
        resolve_expression(resolver, node.target)
    resolve_expression(resolver, node.value)


_OPERATORS = "Microsoft.FSharp.Core.Operators."


def _operation(operator: str, written: str, *names: str) -> Callable[[Resolver, Any], None]:
    """Syntax of its own that means the operator of this name where the program defines one."""
    walk = _parts(*names)

    def visit(resolver: Resolver, node: Any) -> None:
        walk(resolver, node)
        item = resolver.scope.items.get(operator)
        symbol = item.symbol if isinstance(item, ValueEntity) else ""
        if isinstance(item, LocalBinder) or (symbol and symbol != f"{_OPERATORS}{operator}"):
            _imply(resolver, node, [operator], written)

    return visit


def _address(resolver: Resolver, node: tree.AddressOf) -> None:
    names = ("op_IntegerAddressOf", "&&") if node.is_native else ("op_AddressOf", "&")
    _operation(*names, "expression")(resolver, node)


# Bindings -----------------------------------------------------------------------------------------


def has_ignored_body(binding: tree.Binding) -> bool:
    """Whether the compiler or a foreign library provides the body."""
    return any(
        isinstance(attribute.type, tree.NamedType)
        and attribute.type.name.parts[-1].text in ("Intrinsic", "FidelityExtern")
        for attribute in binding.attributes
    )


def resolve_binding_body(resolver: Resolver, binding: tree.Binding) -> None:
    """Parameters, annotations and value of a binding, in a scope of their own."""
    resolve_attributes(resolver, binding.attributes)
    mark = resolver.scope.enter()
    head = binding.head
    if isinstance(head, tree.NameHead):
        check_type_parameters(resolver, head.type_parameters)
        resolve_type_parameters(resolver, head.type_parameters)
        if head.this is not None:
            bind_name(resolver, head.this)
        bound = bind(resolver, *head.arguments)
        if head.this is not None and head.this.text in bound:
            found = bound[head.this.text].span
            resolver.report(DuplicateVariable(found, head.this.written, head.this.span))
        _show_own_cases(resolver, head.name)
    resolve_type(resolver, binding.return_type)
    if not has_ignored_body(binding):
        resolve_expression(resolver, binding.value)
    resolver.scope.leave(mark)


def _show_own_cases(resolver: Resolver, name: tree.Name) -> None:
    """Inside `(|Even|Odd|)` the names of its cases make its results; that of a partial recogniser
    is what it finds: `Some (Prime n)` is `Some n`."""
    if name.text.startswith("|"):
        from clef.names.declare import active_pattern_cases

        for entity in active_pattern_cases(name.text, None, name.span):
            resolver.scope.add_item(entity.name, entity)


def binders_of(resolver: Resolver, binding: tree.Binding) -> Bound:
    """The variables that a local binding defines (not yet visible)."""
    head = binding.head
    if isinstance(head, tree.NameHead):
        binder = resolver.binder(head.name.text, head.name.span, binding.is_mutable)
        resolver.table[head.name] = LocalResolution(binder)
        if head.name.text.startswith("|"):
            report_active_pattern(resolver, head.name)
            binder.parameters = parameter_count(binding)
        return {head.name.text: binder}
    bound = resolve_patterns(resolver, [head.pattern], resolve_expression)
    for binder in bound.values():
        binder.is_mutable = binding.is_mutable
    return bound


def add_local_active_patterns(resolver: Resolver, bound: Bound) -> None:
    """`let (|Even|Odd|) n = …` inside a function, and `(|P|_|)` as a parameter."""
    for name, binder in bound.items():
        if name.startswith("|"):
            show_active_pattern(resolver, name, binder)


def resolve_bindings(resolver: Resolver, bindings: list[tree.Binding], is_recursive: bool) -> None:
    """Local `let` bindings; their variables stay visible for the caller."""
    report_repeated(resolver, bindings)
    if is_recursive:
        groups = [binders_of(resolver, binding) for binding in bindings]
        for bound in groups:
            add_bound(resolver, bound)
        for binding in bindings:
            resolve_binding_body(resolver, binding)
        return
    visible: list[Bound] = []
    for binding in bindings:
        bound = binders_of(resolver, binding)
        resolver.being_defined.extend(bound)
        resolve_binding_body(resolver, binding)
        if bound:
            del resolver.being_defined[-len(bound) :]
        visible.append(bound)
    for bound in visible:
        add_bound(resolver, bound)
        add_local_active_patterns(resolver, bound)


def _let(resolver: Resolver, node: tree.Let | tree.LetBang) -> None:
    mark = resolver.scope.enter()
    here: tree.Expression = node
    while True:
        if isinstance(here, tree.Let):
            demand_inferred(resolver, here.bindings)
            resolve_bindings(resolver, here.bindings, here.is_recursive)
            here = here.body
        elif isinstance(here, tree.LetBang):
            for entry in here.bindings:
                resolve_expression(resolver, entry.value)
            bind(resolver, *(entry.pattern for entry in here.bindings))
            here = here.body
        elif isinstance(here, tree.Sequential):
            for index in range(len(here.expressions) - 1):
                _statement(resolver, here, index)
            here = here.expressions[-1]
        else:
            break
    resolve_expression(resolver, here)
    resolver.scope.leave(mark)


def _statement(resolver: Resolver, node: tree.Sequential, index: int) -> None:
    """One of several statements, in a computation perhaps a clause that names something."""
    if resolver.computation_depth:
        from clef.names.query_clauses import resolve_statement

        resolve_statement(resolver, node.expressions, index, resolve_expression)
    else:
        resolve_expression(resolver, node.expressions[index])


# Control ------------------------------------------------------------------------------------------


def resolve_clauses(resolver: Resolver, clauses: list[tree.Clause]) -> None:
    """Rules of a match, function or try."""
    for clause in clauses:
        mark = resolver.scope.enter()
        bind(resolver, clause.pattern)
        resolve_expression(resolver, clause.guard)
        resolve_expression(resolver, clause.body)
        resolver.scope.leave(mark)


def _lambda(resolver: Resolver, node: tree.Lambda) -> None:
    mark = resolver.scope.enter()
    bind(resolver, *node.patterns)
    resolve_expression(resolver, node.body)
    resolver.scope.leave(mark)


def _function(resolver: Resolver, node: tree.Function) -> None:
    resolve_clauses(resolver, node.clauses)


def _match(resolver: Resolver, node: tree.Match) -> None:
    resolve_expression(resolver, node.subject)
    resolve_clauses(resolver, node.clauses)


def _try_with(resolver: Resolver, node: tree.TryWith) -> None:
    resolve_expression(resolver, node.body)
    resolve_clauses(resolver, node.clauses)


def _for_to(resolver: Resolver, node: tree.ForTo) -> None:
    resolve_expression(resolver, node.start)
    resolve_expression(resolver, node.end)
    mark = resolver.scope.enter()
    bind_name(resolver, node.name)
    resolve_expression(resolver, node.body)
    resolver.scope.leave(mark)


def _for_in(resolver: Resolver, node: tree.ForIn) -> None:
    resolve_expression(resolver, node.source)
    mark = resolver.scope.enter()
    bind(resolver, node.pattern)
    resolve_expression(resolver, node.body)
    resolver.scope.leave(mark)


def _application(resolver: Resolver, node: tree.Application) -> None:
    spine: list[tree.Application] = [node]
    while isinstance(spine[-1].function, tree.Application):
        spine.append(spine[-1].function)
    resolve_expression(resolver, spine[-1].function)
    if _is_name_of_module(resolver, spine[-1]):
        return
    takes_names = _may_take_named_arguments(spine[-1].function)
    for application in reversed(spine):
        if takes_names:
            resolve_arguments(resolver, application.argument)
        else:
            resolve_expression(resolver, application.argument)


def _is_name_of_module(resolver: Resolver, node: tree.Application) -> bool:
    """`nameof System.IO`: a module or namespace is no expression, but has a name."""
    function, argument = node.function, node.argument
    if not isinstance(function, tree.Identifier) or function.name.text != "nameof":
        return False
    while isinstance(argument, tree.Paren):
        argument = argument.expression
    if not isinstance(argument, tree.Identifier):
        return False
    first, *rest = argument.name.parts
    for module in modules_named(resolver, first.text):
        inner: ModuleEntity | None = module
        for part in rest:
            inner = inner.modules.get(part.text) if inner is not None else None
        if inner is not None:
            return True
    return False


def _may_take_named_arguments(function: tree.Expression) -> bool:
    """Members, constructors and cases do; functions do not."""
    if isinstance(function, tree.TypeApplication):
        function = function.function
    if not isinstance(function, tree.Identifier):
        return isinstance(function, tree.DotGet)
    found = function.resolution
    is_whole = getattr(found, "parts", 0) == len(function.name.parts)
    return not (is_whole and isinstance(found, LocalResolution | ValueResolution))


def resolve_arguments(resolver: Resolver, argument: tree.Expression | None) -> None:
    """`(a, name = b)`: `name` may be a parameter's, which inference knows."""
    if argument is None:
        return
    inner = argument.expression if isinstance(argument, tree.Paren) else argument
    for item in inner.elements if isinstance(inner, tree.Tuple) else [inner]:
        name = _argument_name(item)
        if name is None or name.name.text in resolver.scope.items:
            resolve_expression(resolver, item)
        else:
            name.resolution = UnresolvedName(0)
            assert isinstance(item, tree.Application)
            assert isinstance(item.function, tree.Application)
            resolve_expression(resolver, item.function.function)
            resolve_expression(resolver, item.argument)


def _argument_name(item: tree.Expression) -> tree.Identifier | None:
    """The `name` of `name = value`."""
    if not (isinstance(item, tree.Application) and isinstance(item.function, tree.Application)):
        return None
    operator, left = item.function.function, item.function.argument
    if isinstance(operator, tree.Identifier) and operator.name.text == "op_Equality":
        return left if isinstance(left, tree.Identifier) and len(left.name.parts) == 1 else None
    return None


def _computation(resolver: Resolver, node: tree.ComputationBlock) -> None:
    resolver.computation_depth += 1
    resolve_expression(resolver, node.body)
    resolver.computation_depth -= 1


# Records and objects ------------------------------------------------------------------------------


def _record(resolver: Resolver, node: tree.Record) -> None:
    resolve_expression(resolver, node.source)
    if node.inherit is not None:
        resolve_type(resolver, node.inherit.type)
        resolve_arguments(resolver, node.inherit.argument)
    for entry in node.fields:
        entry.resolution = _record_field(resolver, entry.name)
        resolve_expression(resolver, entry.value)


def _record_field(resolver: Resolver, name: tree.LongName) -> Resolution:
    """`Field`, `Type.Field`, or a nested copy such as `Outer.Inner` or `Module.Type.Outer.Inner`,
    of which the outer field is found."""
    for count in range(len(name.parts), 1, -1):
        found = look_up_field(resolver, tree.LongName(name.span, name.parts[:count]))
        if isinstance(found, FieldResolution) and found.candidates:
            return found
    return look_up_field(resolver, tree.LongName(name.span, name.parts[:1]))


def _anonymous_record(resolver: Resolver, node: tree.AnonymousRecord) -> None:
    resolve_expression(resolver, node.source)
    for entry in node.fields:
        resolve_expression(resolver, entry.value)


def _object_expression(resolver: Resolver, node: tree.ObjectExpression) -> None:
    from clef.names.members import resolve_members

    resolve_type(resolver, node.type)
    resolve_arguments(resolver, node.argument)
    mark = resolver.scope.enter()
    if node.self_name is not None:
        bind_name(resolver, node.self_name)
    resolve_members(resolver, node.members)
    for interface in node.interfaces:
        resolve_type(resolver, interface.type)
        resolve_members(resolver, interface.members)
    resolver.scope.leave(mark)


def _new(resolver: Resolver, node: tree.New) -> None:
    resolve_type(resolver, node.type)
    resolve_arguments(resolver, node.argument)


def _interpolated(resolver: Resolver, node: tree.InterpolatedString) -> None:
    for part in node.parts:
        if isinstance(part, tree.InterpolatedHole):
            resolve_expression(resolver, part.expression)


def _trait_call(resolver: Resolver, node: tree.TraitCall) -> None:
    for subject in node.types:
        resolve_type(resolver, subject)
    resolve_type(resolver, node.member.type)
    resolve_expression(resolver, node.argument)


def _sequential(resolver: Resolver, node: tree.Sequential) -> None:
    if resolver.computation_depth:
        from clef.names.query_clauses import resolve_statements

        resolve_statements(resolver, node.expressions, resolve_expression)
        return
    for item in node.expressions:
        resolve_expression(resolver, item)


def _parts(*names: str) -> Callable[[Resolver, Any], None]:
    """Walk these fields: expressions, lists of them, or types."""

    def visit(resolver: Resolver, node: Any) -> None:
        for name in names:
            for part in parts_of(node, name):
                if isinstance(part, tree.TypeExpression):
                    resolve_type(resolver, part)
                else:
                    assert part is None or isinstance(part, tree.Expression)
                    resolve_expression(resolver, part)

    return visit


_EXPRESSIONS: dict[type, Callable[[Resolver, Any], None]] = {
    tree.Identifier: _identifier,
    tree.Constant: _constant,
    tree.Application: _application,
    tree.TypeApplication: _parts("function", "arguments"),
    tree.LogicalAnd: _operation("op_BooleanAnd", "&&", "left", "right"),
    tree.LogicalOr: _operation("op_BooleanOr", "||", "left", "right"),
    tree.Assign: _assign,
    tree.ReferenceAssign: _operation("op_ColonEquals", ":=", "target", "value"),
    tree.Cons: _parts("head", "tail"),
    tree.Range: _parts("start", "step", "end"),
    tree.FromEnd: _parts("index"),
    tree.Upcast: _parts("expression", "type"),
    tree.Downcast: _parts("expression", "type"),
    tree.TypeTest: _parts("expression", "type"),
    tree.Typed: _parts("expression", "type"),
    tree.DotGet: _dot_get,
    tree.DotIndex: _parts("target", "indices"),
    tree.Dynamic: _dynamic,
    tree.Tuple: _parts("elements"),
    tree.ListLiteral: _parts("elements"),
    tree.ArrayLiteral: _parts("elements"),
    tree.ListComprehension: _parts("body"),
    tree.ArrayComprehension: _parts("body"),
    tree.ComputationBlock: _computation,
    tree.Record: _record,
    tree.AnonymousRecord: _anonymous_record,
    tree.ObjectExpression: _object_expression,
    tree.New: _new,
    tree.Lambda: _lambda,
    tree.AccessorLambda: _parts("body"),
    tree.Function: _function,
    tree.Match: _match,
    tree.If: _parts("condition", "consequence", "alternative"),
    tree.Let: _let,
    tree.LetBang: _let,
    tree.Sequential: _sequential,
    tree.While: _parts("condition", "body"),
    tree.ForTo: _for_to,
    tree.ForIn: _for_in,
    tree.TryWith: _try_with,
    tree.TryFinally: _parts("body", "finalizer"),
    tree.Yield: _parts("expression"),
    tree.YieldBang: _parts("expression"),
    tree.Return: _parts("expression"),
    tree.ReturnBang: _parts("expression"),
    tree.DoBang: _parts("expression"),
    tree.Do: _parts("expression"),
    tree.Lazy: _parts("expression"),
    tree.Assert: _parts("expression"),
    tree.Fixed: _parts("expression"),
    tree.AddressOf: _address,
    tree.TraitCall: _trait_call,
    tree.TypeReference: _parts("type"),
    tree.Quote: _parts("body"),
    tree.InterpolatedString: _interpolated,
    tree.Paren: _parts("expression"),
    tree.ConstructorThen: _parts("construct", "effect"),
    tree.ErrorExpression: _parts("expression"),
}
