"""Names in applications, and where records and objects are made.

Comes in: applications, records, object expressions. Goes out: their resolutions. Promises: in
`(a, name = b)` a `name` that is not in scope may be a parameter's, which inference knows.
"""

from __future__ import annotations

from clef.names.entities import (
    FieldResolution,
    LocalResolution,
    ModuleEntity,
    Resolution,
    UnresolvedName,
    ValueResolution,
)
from clef.names.patterns import resolve_type
from clef.names.resolver import Resolver, modules_named
from clef.names.type_lookup import look_up_field
from clef.names.walk import bind_name, resolve_expression
from clef.syntax import tree


def resolve_application(resolver: Resolver, node: tree.Application) -> None:
    """Functions and methods with their arguments."""
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


def resolve_record(resolver: Resolver, node: tree.Record) -> None:
    """A record or a changed copy of one."""
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


def resolve_anonymous_record(resolver: Resolver, node: tree.AnonymousRecord) -> None:
    """An anonymous record or a changed copy of one."""
    resolve_expression(resolver, node.source)
    for entry in node.fields:
        resolve_expression(resolver, entry.value)


def resolve_object_expression(resolver: Resolver, node: tree.ObjectExpression) -> None:
    """An object with members of its own."""

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


def resolve_new(resolver: Resolver, node: tree.New) -> None:
    """`new Type(…)`."""
    resolve_type(resolver, node.type)
    resolve_arguments(resolver, node.argument)


def resolve_trait_call(resolver: Resolver, node: tree.TraitCall) -> None:
    """`(^T: (member Name: …) argument)`."""
    for subject in node.types:
        resolve_type(resolver, subject)
    resolve_type(resolver, node.member.type)
    resolve_expression(resolver, node.argument)
