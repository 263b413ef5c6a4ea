"""Expressions of the syntax tree.

Comes in: what the parser read. Goes out: one slotted dataclass for each form of expression.
Promises: nothing is resolved; `resolution` slots wait for the names stage; parentheses are kept.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from clef.data_classes import dataclass
from clef.syntax.node import (
    Expression,
    LongName,
    Name,
    Node,
    TypeExpression,
)

if TYPE_CHECKING:
    from clef.syntax.declarations import Member
    from clef.syntax.members import MemberSignature


class ApplicationForm(Enum):
    """How an application was written: `f x`, `f(x)` or `f<int>(x)` without a blank, `a + b`,
    `-a`."""

    PLAIN = "plain"
    ADJACENT = "adjacent"
    INFIX = "infix"
    PREFIX = "prefix"


@dataclass(slots=True, eq=False)
class Identifier(Expression):
    """A name or dotted name in expression position, unresolved; also operators (`op_Addition`)."""

    name: LongName
    resolution: object | None = None


@dataclass(slots=True, eq=False)
class Application(Expression):
    """`a + b` is Application(Application(+, a, INFIX), b, INFIX); `-a` is
    Application(op_UnaryNegation, a, PREFIX)."""

    function: Expression
    argument: Expression
    form: ApplicationForm = ApplicationForm.PLAIN


@dataclass(slots=True, eq=False)
class TypeApplication(Expression):
    """`f<int, string>`"""

    function: Expression
    arguments: list[TypeExpression]


@dataclass(slots=True, eq=False)
class LogicalAnd(Expression):
    """`a && b`"""

    left: Expression
    right: Expression


@dataclass(slots=True, eq=False)
class LogicalOr(Expression):
    """`a || b`"""

    left: Expression
    right: Expression


@dataclass(slots=True, eq=False)
class Assign(Expression):
    """`target <- value`"""

    target: Expression
    value: Expression


@dataclass(slots=True, eq=False)
class ReferenceAssign(Expression):
    """`cell := value`"""

    target: Expression
    value: Expression


@dataclass(slots=True, eq=False)
class Cons(Expression):
    """`head :: tail`"""

    head: Expression
    tail: Expression


@dataclass(slots=True, eq=False)
class Range(Expression):
    """`start..end`, `start..step..end`; in slices either end may be missing, and `*` misses
    both."""

    start: Expression | None
    step: Expression | None
    end: Expression | None


@dataclass(slots=True, eq=False)
class FromEnd(Expression):
    """`^i` in an index or slice."""

    index: Expression


@dataclass(slots=True, eq=False)
class Upcast(Expression):
    """`e :> T`; `upcast e` has no type."""

    expression: Expression
    type: TypeExpression | None


@dataclass(slots=True, eq=False)
class Downcast(Expression):
    """`e :?> T`; `downcast e` has no type."""

    expression: Expression
    type: TypeExpression | None


@dataclass(slots=True, eq=False)
class TypeTest(Expression):
    """`e :? T`"""

    expression: Expression
    type: TypeExpression


@dataclass(slots=True, eq=False)
class Typed(Expression):
    """`e : T`"""

    expression: Expression
    type: TypeExpression


@dataclass(slots=True, eq=False)
class DotGet(Expression):
    """`e.A.B` where `e` is not itself a dotted identifier."""

    target: Expression
    name: LongName
    resolution: object | None = None


@dataclass(slots=True, eq=False)
class DotIndex(Expression):
    """`e.[i, j]` (dotted) or `e[i, j]`; indices may be `Range` and `FromEnd`. `f[x]` may turn
    out to be an application."""

    target: Expression
    indices: list[Expression]
    is_dotted: bool


@dataclass(slots=True, eq=False)
class Dynamic(Expression):
    """`e?name` (the argument is then a string constant) or `e?(argument)`."""

    target: Expression
    argument: Expression


@dataclass(slots=True, eq=False)
class Tuple(Expression):
    """`a, b` or `struct (a, b)`"""

    elements: list[Expression]
    is_struct: bool = False


@dataclass(slots=True, eq=False)
class ListLiteral(Expression):
    """`[a; b]`: plain elements only."""

    elements: list[Expression]


@dataclass(slots=True, eq=False)
class ArrayLiteral(Expression):
    """`[|a; b|]`: plain elements only."""

    elements: list[Expression]


@dataclass(slots=True, eq=False)
class ListComprehension(Expression):
    """`[ body ]` where some item is more than a plain element (range, yield, for, if, match, let
    ...); items without yield may be implicit yields."""

    body: Expression


@dataclass(slots=True, eq=False)
class ArrayComprehension(Expression):
    """`[| body |]`, see ListComprehension."""

    body: Expression


@dataclass(slots=True, eq=False)
class ComputationBlock(Expression):
    """`{ body }`; `builder { ... }` is Application(builder, ComputationBlock); may stand alone
    as `{ 1..10 }`."""

    body: Expression


@dataclass(slots=True, eq=False)
class RecordField(Node):
    """`Name = value`; the name may be qualified or, in a copy, nested."""

    name: LongName
    value: Expression
    resolution: object | None = None


@dataclass(slots=True, eq=False)
class Inherit(Node):
    """`inherit T(argument)` inside a constructor's `{ }` or at the head of a class."""

    type: TypeExpression
    argument: Expression | None


@dataclass(slots=True, eq=False)
class Record(Expression):
    """`{ A = 1 }`, `{ source with A = 1 }`, `{ inherit B(x); a = 1 }`"""

    fields: list[RecordField]
    source: Expression | None = None
    inherit: Inherit | None = None


@dataclass(slots=True, eq=False)
class AnonymousRecord(Expression):
    """`{| A = 1 |}`, `struct {| A = 1 |}`, `{| source with A = 1 |}`"""

    fields: list[RecordField]
    source: Expression | None = None
    is_struct: bool = False


@dataclass(slots=True, eq=False)
class InterfaceImplementation(Node):
    """`interface T with members`, in an object expression or a type."""

    type: TypeExpression
    members: list[Member]


@dataclass(slots=True, eq=False)
class ObjectExpression(Expression):
    """`{ new T(argument) as self with members interface I with members }`; an interface has no
    argument."""

    type: TypeExpression
    argument: Expression | None
    self_name: Name | None
    members: list[Member]
    interfaces: list[InterfaceImplementation]


@dataclass(slots=True, eq=False)
class New(Expression):
    """`new T(argument)`"""

    type: TypeExpression
    argument: Expression


@dataclass(slots=True, eq=False)
class Lazy(Expression):
    """`lazy e`"""

    expression: Expression


@dataclass(slots=True, eq=False)
class Assert(Expression):
    """`assert e`"""

    expression: Expression


@dataclass(slots=True, eq=False)
class Fixed(Expression):
    """`fixed e`"""

    expression: Expression


@dataclass(slots=True, eq=False)
class AddressOf(Expression):
    """`&e`, or `&&e` (native)"""

    expression: Expression
    is_native: bool = False


@dataclass(slots=True, eq=False)
class NullLiteral(Expression):
    """`null`"""


@dataclass(slots=True, eq=False)
class Base(Expression):
    """`base`; `base.M` is DotGet(Base, M)."""


@dataclass(slots=True, eq=False)
class TypeReference(Expression):
    """`'T` in `'T.Member`, the target of a DotGet."""

    type: TypeExpression


@dataclass(slots=True, eq=False)
class OptionalArgument(Expression):
    """`?name`, on the left of `=` in an argument list."""

    name: Name


@dataclass(slots=True, eq=False)
class TraitCall(Expression):
    """`((^a or ^b) : (static member M : ...) argument)`"""

    types: list[TypeExpression]
    member: MemberSignature
    argument: Expression


@dataclass(slots=True, eq=False)
class Quote(Expression):
    """`<@ e @>`, or `<@@ e @@>` (raw)"""

    body: Expression
    is_raw: bool


@dataclass(slots=True, eq=False)
class Paren(Expression):
    """`(e)` or `begin e end`"""

    expression: Expression


@dataclass(slots=True, eq=False)
class ConstructorThen(Expression):
    """`construct then effect`, the body of an explicit constructor."""

    construct: Expression
    effect: Expression


@dataclass(slots=True, eq=False)
class ErrorExpression(Expression):
    """What could not be parsed; a diagnostic has been given. `expression` is what was
    understood, if anything."""

    expression: Expression | None = None
