"""The checker of typed trees: what every later stage relies on.

Comes in: a typed file. Goes out: a list of complaints, empty when all is well. Promises: finds
inference variables that were left
over, locals that are not in scope, type parameters that no definition around declares, and nodes
whose types disagree where
that is cheap to see.
"""

from __future__ import annotations

from collections.abc import Iterable

from clef.inference import typed_tree as typed
from clef.inference.types import (
    AnonymousRecordType,
    FunctionType,
    Measure,
    NamedType,
    ParameterType,
    TupleType,
    Type,
    TypeParameter,
    TypeVariable,
)
from clef.inference.well_known import BOOL


def check_typed_file(file: typed.TypedFile) -> list[str]:
    """All complaints about a file."""
    found: list[str] = []
    for definition in file.definitions.values():
        _Definition(definition, found).run()
    return found


class _Definition:
    """One definition being checked."""

    __slots__ = ("complaints", "definition", "parameters", "scope")

    def __init__(self, definition: typed.Definition, complaints: list[str]) -> None:
        self.definition = definition
        self.complaints = complaints
        self.parameters: set[TypeParameter] = set(definition.type_parameters)
        self.scope: set[int] = set()

    def run(self) -> None:
        for parameter in self.definition.parameters:
            self.pattern(parameter)
        self.type(self.definition.result_type, "the result")
        if self.definition.intrinsic is None and self.definition.external is None:
            self.expression(self.definition.body)

    def complain(self, text: str, node: typed.Expression | typed.Pattern | None = None) -> None:
        place = f" at {node.span.start}" if node is not None else ""
        self.complaints.append(f"{self.definition.symbol}: {text}{place}")

    # Types ----------------------------------------------------------------------------------------

    def type(
        self, type_: Type, what: str, node: typed.Expression | typed.Pattern | None = None
    ) -> None:
        match type_:
            case TypeVariable():
                self.complain(f"{what} has an inference variable", node)
            case NamedType(symbol=symbol, arguments=arguments):
                if symbol == "?":
                    self.complain(f"{what} has an error type", node)
                for argument in arguments:
                    self.type(argument, what, node)
            case FunctionType(parameter=parameter, result=result):
                self.type(parameter, what, node)
                self.type(result, what, node)
            case TupleType(items=items):
                for item in items:
                    self.type(item, what, node)
            case AnonymousRecordType(types=types):
                for item in types:
                    self.type(item, what, node)
            case ParameterType(parameter=parameter):
                if parameter not in self.parameters:
                    self.complain(f"{what} has the unknown parameter '{parameter.name}", node)
            case Measure(factors=factors):
                for atom, _ in factors:
                    if isinstance(atom, TypeVariable):
                        self.complain(f"{what} has a measure variable", node)
                    elif isinstance(atom, TypeParameter) and atom not in self.parameters:
                        self.complain(f"{what} has the unknown measure '{atom.name}", node)

    # Patterns -------------------------------------------------------------------------------------

    def pattern(self, node: typed.Pattern | None) -> None:
        if node is None:
            return
        self.type(node.type, type(node).__name__, node)
        match node:
            case typed.VariablePattern(local=local):
                self.bind(local)
            case typed.AsPattern(left=left, right=right) | typed.OrPattern(left=left, right=right):
                self.pattern(left)
                self.pattern(right)
            case (
                typed.AndPattern(items=items)
                | typed.TuplePattern(items=items)
                | typed.ArrayPattern(items=items)
                | typed.CasePattern(arguments=items)
                | typed.ExceptionPattern(arguments=items)
            ):
                for item in items:
                    self.pattern(item)
            case typed.RecordPattern(fields=fields):
                for _, item in fields:
                    self.pattern(item)
            case typed.TypeTestPattern(tested=tested, inner=inner):
                self.type(tested, "a type test", node)
                self.pattern(inner)
            case typed.ActivePattern(function=function, inner=inner):
                self.expression(function)
                self.pattern(inner)
            case _:
                pass

    def bind(self, local: typed.Local) -> None:
        self.scope.add(local.id)
        self.type(local.type, f"the local {local.name}")

    # Expressions ----------------------------------------------------------------------------------

    def use(self, local: typed.Local, node: typed.Expression) -> None:
        if local.id not in self.scope:
            self.complain(f"the local {local.name} is not in scope", node)

    def expressions(self, nodes: Iterable[typed.Expression | None]) -> None:
        for node in nodes:
            if node is not None:
                self.expression(node)

    def rules(self, rules: list[typed.MatchRule]) -> None:
        for rule in rules:
            self.pattern(rule.pattern)
            self.expressions([rule.guard, rule.body])

    def expression(self, node: typed.Expression) -> None:
        self.type(node.type, type(node).__name__, node)
        match node:
            case typed.LocalReference(local=local, type_arguments=arguments):
                self.use(local, node)
                for argument in arguments:
                    self.type(argument, "a type argument", node)
            case typed.GlobalReference(type_arguments=arguments):
                for argument in arguments:
                    self.type(argument, "a type argument", node)
            case typed.LocalSet(local=local, value=value):
                self.use(local, node)
                self.expression(value)
            case typed.Lambda(parameters=parameters, body=body):
                for parameter in parameters:
                    self.pattern(parameter)
                self.expression(body)
            case typed.Let():
                self.let(node)
            case typed.Use(local=local, value=value, dispose=dispose, body=body):
                self.expression(value)
                self.bind(local)
                self.expressions([dispose, body])
            case typed.If(condition=condition, then=then, otherwise=otherwise):
                if condition.type != BOOL:
                    self.complain("a condition is no bool", condition)
                self.expressions([condition, then, otherwise])
            case typed.Match(scrutinee=scrutinee, rules=rules):
                self.expression(scrutinee)
                self.rules(rules)
            case typed.TryWith(body=body, rules=rules):
                self.expression(body)
                self.rules(rules)
            case typed.ForTo(local=local, start=start, finish=finish, body=body):
                self.expressions([start, finish])
                self.bind(local)
                self.expression(body)
            case typed.ForIn():
                self.for_in(node)
            case typed.ObjectExpression():
                self.object(node)
            case typed.FormatLiteral(parts=parts) | typed.InterpolatedString(parts=parts):
                for part in parts:
                    if part.type is not None:
                        self.type(part.type, "a format part", node)
                    if part.argument is not None:
                        self.expression(part.argument)
            case typed.MethodCall(object=target, arguments=values, type_arguments=arguments):
                for argument in arguments:
                    self.type(argument, "a type argument", node)
                self.expressions([target, *values])
            case typed.VirtualCall():
                self.type(node.owner, "the owner", node)
                for argument in node.method_type_arguments:
                    self.type(argument, "a type argument", node)
                self.expressions([node.object, *node.arguments])
            case typed.TraitCall(supports=supports, member=member, arguments=values):
                for one in (*supports, *member.parameters, member.result):
                    self.type(one, "a member constraint", node)
                self.expressions(values)
            case typed.Application(function=function, arguments=values):
                self.application(node, function, values)
            case typed.TypeTest(value=value, tested=tested):
                self.type(tested, "a type test", node)
                self.expression(value)
            case typed.TypeName(subject=subject):
                self.type(subject, "a type's name", node)
            case _:
                self.expressions(children(node))

    def application(
        self,
        node: typed.Application,
        function: typed.Expression,
        values: list[typed.Expression],
    ) -> None:
        self.expressions([function, *values])
        step = function.type
        for value in values:
            if not isinstance(step, FunctionType):
                self.complain("an application has too many arguments", node)
                return
            if step.parameter != value.type:
                self.complain(f"an argument has {value.type}, not {step.parameter}", value)
            step = step.result
        if step != node.type:
            self.complain(f"an application gives {step}, not {node.type}", node)

    def let(self, node: typed.Let) -> None:
        if node.is_recursive:
            for binding in node.bindings:
                self.parameters.update(binding.type_parameters)
                self.pattern(binding.pattern)
        for binding in node.bindings:
            self.parameters.update(binding.type_parameters)
            for parameter in binding.parameters:
                self.pattern(parameter)
            self.expression(binding.body)
            if not node.is_recursive:
                self.pattern(binding.pattern)
        self.expression(node.body)

    def for_in(self, node: typed.ForIn) -> None:
        self.expression(node.collection)
        enumeration = node.enumeration
        if enumeration is not None:
            self.bind(enumeration.source)
            self.expression(enumeration.get_enumerator)
            self.bind(enumeration.enumerator)
            self.expressions([enumeration.move_next, enumeration.current, enumeration.dispose])
        self.pattern(node.pattern)
        self.expression(node.body)

    def object(self, node: typed.ObjectExpression) -> None:
        self.expressions(node.arguments)
        for member in node.members:
            self.parameters.update(member.type_parameters)
            for parameter in member.parameters:
                self.pattern(parameter)
            self.expression(member.body)


def children(node: typed.Expression) -> list[typed.Expression]:
    """The expressions directly below a node that binds nothing."""
    match node:
        case typed.Sequential(items=items) | typed.Tuple(items=items):
            return items
        case typed.ArrayLiteral(items=items):
            return items
        case typed.RecordConstruction(fields=fields):
            return [value for _, value in fields]
        case typed.RecordCopy(source=source, fields=fields):
            return [source, *(value for _, value in fields)]
        case typed.AnonymousRecordConstruction(source=base, fields=fields):
            return [*([base] if base is not None else []), *(value for _, value in fields)]
        case typed.UnionConstruction(arguments=items) | typed.New(arguments=items):
            return items
        case typed.ExceptionConstruction(arguments=items):
            return items
        case typed.FieldGet(object=target) | typed.AnonymousFieldGet(object=target):
            return [target]
        case typed.FieldSet(object=target, value=value):
            return [target, value]
        case typed.FieldFix(object=target, value=value):
            return [target, value]
        case typed.StaticFieldSet(value=value) | typed.GlobalSet(value=value):
            return [value]
        case typed.Coerce(value=value) | typed.Downcast(value=value):
            return [value]
        case typed.While(condition=condition, body=body):
            return [condition, body]
        case typed.Range(start=start, step=step, finish=finish):
            return [start, *([step] if step is not None else []), finish]
        case typed.TryFinally(body=body, finalizer=finalizer):
            return [body, finalizer]
        case typed.Comprehension(body=body):
            return [body]
        case typed.Yield(value=value):
            return [value]
        case typed.YieldAll(values=value) | typed.AddressOf(place=value):
            return [value]
        case _:
            return []
