"""Short ways to write typed trees by hand, and a program of them.

Comes in: small calls. Goes out: definitions and a `TypedProgram`. Promises: spans are all the same;
locals get ids of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from clef.inference import typed_tree as t
from clef.inference.types import (
    FunctionType,
    MemberSignature,
    NamedType,
    ParameterType,
    TupleType,
    Type,
    TypeParameter,
)
from clef.source import Span
from clef.typed_core import Options, Program, lower
from clef.typed_core.checker import check

SPAN = Span("test.clef", 0, 1)
INT = NamedType("System.Int32")
BOOL = NamedType("System.Boolean")
STRING = NamedType("System.String")
FLOAT = NamedType("System.Double")
UNIT = NamedType("Microsoft.FSharp.Core.Unit")
EXN = NamedType("System.Exception")
LIST = "Microsoft.FSharp.Collections.List`1"
SEQ = "System.Collections.Generic.IEnumerable`1"
OPTION = "Microsoft.FSharp.Core.Option`1"
_ids = count()


def function(*types: Type) -> Type:
    *parameters, result = types
    for parameter in reversed(parameters):
        result = FunctionType(parameter, result)
    return result


def list_of(item: Type) -> NamedType:
    return NamedType(LIST, (item,))


def option_of(item: Type) -> NamedType:
    return NamedType(OPTION, (item,))


def local(name: str, type: Type, mutable: bool = False) -> t.Local:
    return t.Local(next(_ids), name, type, SPAN, mutable)


def integer(value: int) -> t.Literal:
    return t.Literal(INT, SPAN, value)


def boolean(value: bool) -> t.Literal:
    return t.Literal(BOOL, SPAN, value)


def text(value: str) -> t.Literal:
    return t.Literal(STRING, SPAN, value)


def unit() -> t.Literal:
    return t.Literal(UNIT, SPAN, None)


def use(variable: t.Local) -> t.LocalReference:
    return t.LocalReference(variable.type, SPAN, variable)


def ref(symbol: str, type: Type, *arguments: Type) -> t.GlobalReference:
    return t.GlobalReference(type, SPAN, symbol, arguments)


def call(head: t.Expression, *arguments: t.Expression) -> t.Application:
    type = head.type
    for _ in arguments:
        assert isinstance(type, FunctionType)
        type = type.result
    return t.Application(type, SPAN, head, list(arguments))


def operator(
    name: str, left: t.Expression, right: t.Expression, result: Type | None = None
) -> t.Expression:
    type = result or left.type
    member = MemberSignature(name, True, (left.type, right.type), type)
    return t.TraitCall(type, SPAN, (left.type,), member, [left, right])


def equal(left: t.Expression, right: t.Expression) -> t.Expression:
    return call(ref("=", function(left.type, left.type, BOOL), left.type), left, right)


def lam(parameters: Sequence[t.Local], body: t.Expression) -> t.Lambda:
    type = function(*(p.type for p in parameters), body.type)
    return t.Lambda(type, SPAN, [bind(p) for p in parameters], body)


def bind(variable: t.Local) -> t.VariablePattern:
    return t.VariablePattern(variable.type, SPAN, variable)


def any_of(type: Type) -> t.WildcardPattern:
    return t.WildcardPattern(type, SPAN)


def let(variable: t.Local, value: t.Expression, body: t.Expression) -> t.Let:
    binding = t.LocalBinding(bind(variable), (), [], value, SPAN)
    return t.Let(body.type, SPAN, [binding], False, body)


def let_function(
    name: t.Local,
    parameters: Sequence[t.Local],
    value: t.Expression,
    body: t.Expression,
    recursive: bool = False,
) -> t.Let:
    binding = t.LocalBinding(bind(name), (), [bind(p) for p in parameters], value, SPAN)
    return t.Let(body.type, SPAN, [binding], recursive, body)


def if_(condition: t.Expression, then: t.Expression, otherwise: t.Expression) -> t.If:
    return t.If(then.type, SPAN, condition, then, otherwise)


def sequence(*items: t.Expression) -> t.Sequential:
    return t.Sequential(items[-1].type, SPAN, list(items))


def match(
    scrutinee: t.Expression,
    *rules: tuple[t.Pattern, t.Expression] | tuple[t.Pattern, t.Expression, t.Expression],
) -> t.Match:
    made: list[t.MatchRule] = []
    for rule in rules:
        guard = rule[1] if len(rule) == 3 else None
        made.append(t.MatchRule(rule[0], guard, rule[-1], SPAN))
    return t.Match(made[0].body.type, SPAN, scrutinee, made)


def tuple_(*items: t.Expression) -> t.Tuple:
    return t.Tuple(TupleType(tuple(i.type for i in items)), SPAN, list(items))


def tuple_pattern(*items: t.Pattern) -> t.TuplePattern:
    return t.TuplePattern(TupleType(tuple(i.type for i in items)), SPAN, list(items))


def literal_pattern(value: object, type: Type) -> t.LiteralPattern:
    return t.LiteralPattern(type, SPAN, value)


def nil(item: Type) -> t.UnionConstruction:
    return t.UnionConstruction(list_of(item), SPAN, f"{LIST}.Nil", [])


def cons(head: t.Expression, tail: t.Expression) -> t.UnionConstruction:
    return t.UnionConstruction(tail.type, SPAN, f"{LIST}.Cons", [head, tail])


def list_(*items: t.Expression) -> t.Expression:
    made: t.Expression = nil(items[0].type)
    for item in reversed(items):
        made = cons(item, made)
    return made


def nil_pattern(item: Type) -> t.CasePattern:
    return t.CasePattern(list_of(item), SPAN, f"{LIST}.Nil", [])


def cons_pattern(head: t.Pattern, tail: t.Pattern) -> t.CasePattern:
    return t.CasePattern(tail.type, SPAN, f"{LIST}.Cons", [head, tail])


def define(
    symbol: str,
    parameters: Sequence[t.Local],
    body: t.Expression,
    type_parameters: Sequence[TypeParameter] = (),
    intrinsic: str | None = None,
    result: Type | None = None,
) -> t.Definition:
    patterns: list[t.Pattern] = [bind(p) for p in parameters]
    return t.Definition(
        symbol,
        tuple(type_parameters),
        patterns,
        result or body.type,
        body,
        SPAN,
        intrinsic=intrinsic,
    )


def union_type(
    symbol: str, cases: dict[str, list[Type]], parameters: Sequence[TypeParameter] = ()
) -> t.TypeDefinition:
    made = [
        t.CaseDefinition(
            name,
            f"{symbol}.{name}",
            [t.FieldDefinition(f"Item{i}", f) for i, f in enumerate(fields)],
        )
        for name, fields in cases.items()
    ]
    return t.TypeDefinition(symbol, "union", tuple(parameters), SPAN, cases=made)


@dataclass
class Hand:
    """A program of definitions made by hand, with a little library."""

    definitions: dict[str, t.Definition] = field(default_factory=dict)
    types: dict[str, t.TypeDefinition] = field(default_factory=dict)
    initialisations: list[t.Initialisation] = field(default_factory=list)
    library_initialisations: list[t.Initialisation] = field(default_factory=list)
    entry_point: str | None = "main"

    def __post_init__(self) -> None:
        item = TypeParameter(0, "T", "library")
        of_item = ParameterType(item)
        self.types[LIST] = union_type(
            LIST, {"Nil": [], "Cons": [of_item, list_of(of_item)]}, [item]
        )
        self.types[OPTION] = union_type(OPTION, {"None": [], "Some": [of_item]}, [item])
        self._interfaces(item, of_item)
        self.types["System.Exception"] = t.TypeDefinition(
            "System.Exception", "class", (), SPAN, fields=[t.FieldDefinition("message", STRING)]
        )
        for name, intrinsic in (
            ("=", "derive_equals"),
            ("hash", "derive_hash"),
            ("compare", "derive_compare"),
            ("<", "derive_less"),
        ):
            result = BOOL if name in ("=", "<") else INT
            parameters = [local("x", of_item), local("y", of_item)][: 1 if name == "hash" else 2]
            self.add(define(name, parameters, unit(), [item], intrinsic, result))
        self.add(define("raise", [local("e", EXN)], unit(), [item], "raise", of_item))
        failure = "Microsoft.FSharp.Core.Failures.matchFailure"
        message = [local("file", STRING), local("line", INT), local("column", INT)]
        self.add(
            define(failure, message, t.New(EXN, SPAN, "System.Exception..ctor", [use(message[0])]))
        )
        for name in (
            *("nullReference", "indexOutOfRange", "divideByZero", "overflow", "outOfMemory"),
            *("enumerationNotStarted", "enumerationFinished"),
        ):
            made = t.New(EXN, SPAN, "System.Exception..ctor", [text(name)])
            self.add(define(f"Microsoft.FSharp.Core.Failures.{name}", [local("u", UNIT)], made))
        self_, text_ = local("this", EXN), local("message", STRING)
        store = t.FieldSet(UNIT, SPAN, use(self_), EXN, "message", use(text_))
        self.add(define("System.Exception..ctor", [self_, text_], store))
        self.add(define("Microsoft.FSharp.Core.Startup.finish", [local("u", UNIT)], unit()))
        self.add(
            define(
                "Microsoft.FSharp.Core.Startup.unhandledException", [local("e", EXN)], integer(134)
            )
        )
        a, b = local("a", STRING), local("b", STRING)
        self.add(define("Microsoft.FSharp.Core.Comparisons.compareStrings", [a, b], integer(0)))

    def _interfaces(self, item: TypeParameter, of_item: Type) -> None:
        def interface(symbol: str, slots: list[str], bases: list[NamedType], generic: bool) -> None:
            made = t.TypeDefinition(symbol, "interface", (item,) if generic else (), SPAN)
            made.slots, made.interfaces = [f"{symbol}.{slot}" for slot in slots], bases
            self.types[symbol] = made

        plain = "System.Collections."
        interface("System.IDisposable", ["Dispose"], [], False)
        interface(f"{plain}IEnumerable", ["GetEnumerator"], [], False)
        interface(f"{plain}IEnumerator", ["get_Current", "MoveNext", "Reset"], [], False)
        interface(SEQ, ["GetEnumerator"], [NamedType(f"{plain}IEnumerable")], True)
        bases = [NamedType(f"{plain}IEnumerator"), NamedType("System.IDisposable")]
        interface(f"{plain}Generic.IEnumerator`1", ["get_Current"], bases, True)
        assert of_item

    def add(self, *definitions: t.Definition) -> None:
        for definition in definitions:
            self.definitions[definition.symbol] = definition

    def add_type(self, *types: t.TypeDefinition) -> None:
        for type in types:
            self.types[type.symbol] = type

    def definition(self, symbol: str) -> t.Definition | None:
        return self.definitions.get(symbol)

    def type_definition(self, symbol: str) -> t.TypeDefinition | None:
        return self.types.get(symbol)

    def position(self, path: str, offset: int) -> tuple[int, int]:
        return 1, offset + 1

    def lower(self) -> Program:
        """The core program; it must be well formed, without findings."""
        program, diagnostics = lower(self, Options())
        assert not diagnostics, diagnostics
        complaints = check(program)
        assert not complaints, "\n".join(complaints)
        return program
