"""Expressions of the typed tree: values, functions, bindings, control, loops, texts.

Comes in: nothing. Goes out: nodes. Promises: evaluation order is the order of the fields.
"""

from __future__ import annotations

from clef.data_classes import dataclass
from clef.inference.typed_tree.base import Expression, Local, LocalBinding, Pattern
from clef.inference.types import Type
from clef.source import Span


@dataclass(slots=True)
class Literal(Expression):
    """A constant. Python value by type: int (all integer types and enums), float (float and
    float32, already rounded), bool, str (string;
    lone surrogates kept), int (char: UTF-16 code unit), bytes (byte[]), Decimal, None (unit or
    null)."""

    value: object


@dataclass(slots=True)
class LocalReference(Expression):
    """A use of a local; `type_arguments` instantiate a generalised local function."""

    local: Local
    type_arguments: tuple[Type, ...] = ()


@dataclass(slots=True)
class GlobalReference(Expression):
    """A use of a module-level value or function as a value."""

    symbol: str
    type_arguments: tuple[Type, ...] = ()


@dataclass(slots=True)
class Lambda(Expression):
    """`fun p1 p2 -> body`; one pattern a curried argument."""

    parameters: list[Pattern]
    body: Expression


@dataclass(slots=True)
class Application(Expression):
    """A function applied to curried arguments (at least one). Effects: function first, then
    arguments, then the call.
    """

    function: Expression
    arguments: list[Expression]


@dataclass(slots=True)
class Let(Expression):
    """`let`/`let rec … and …` in an expression. For a value whose pattern can fail, failure raises
    MatchFailureException. Without `rec` a binding sees those before it, which only the parts of a
    generic pattern make use of.
    """

    bindings: list[LocalBinding]
    is_recursive: bool
    body: Expression


@dataclass(slots=True)
class Use(Expression):
    """`use x = value in body`: Dispose (if not null) when leaving, in every way. `dispose` is
    `x.Dispose()` resolved.
    """

    local: Local
    value: Expression
    dispose: Expression
    body: Expression


@dataclass(slots=True)
class Sequential(Expression):
    """Items in order; the last one's value is the result."""

    items: list[Expression]


@dataclass(slots=True)
class If(Expression):
    """`&&` and `||` are expressed with it; a missing `else` is a unit literal."""

    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(slots=True)
class MatchRule:
    """One rule; `guard` may be absent."""

    pattern: Pattern
    guard: Expression | None
    body: Expression
    span: Span


@dataclass(slots=True)
class Match(Expression):
    """Rules tried in order; no match raises MatchFailureException with the file, line and column of
    `span`.
    """

    scrutinee: Expression
    rules: list[MatchRule]


@dataclass(slots=True)
class Tuple(Expression):
    """Type is a TupleType, also for struct tuples."""

    items: list[Expression]


@dataclass(slots=True)
class ArrayLiteral(Expression):
    """`[| a; b |]`; also ParamArray arguments."""

    items: list[Expression]


@dataclass(slots=True)
class LocalSet(Expression):
    """`x <- value` for a mutable local."""

    local: Local
    value: Expression


@dataclass(slots=True)
class GlobalSet(Expression):
    """`x <- value` for a module-level mutable."""

    symbol: str
    value: Expression


@dataclass(slots=True)
class While(Expression):
    condition: Expression
    body: Expression


@dataclass(slots=True)
class ForTo(Expression):
    """`for local = start to|downto finish do body` over int32 (bounds evaluated once)."""

    local: Local
    start: Expression
    finish: Expression
    is_down: bool
    body: Expression


@dataclass(slots=True)
class ForIn(Expression):
    """`for pattern in collection do body`. The core specialises ranges, arrays, lists and strings;
    else it uses
    `enumerate` (GetEnumerator/MoveNext/Current/Dispose resolved). A value that does not match the
    pattern is skipped."""

    pattern: Pattern
    collection: Expression
    enumeration: Enumeration | None
    body: Expression


@dataclass(slots=True)
class Enumeration:
    """The enumerator protocol over `ForIn.collection`: expressions over the locals `source` and
    `enumerator`.
    """

    source: Local
    enumerator: Local
    get_enumerator: Expression
    move_next: Expression
    current: Expression
    dispose: Expression | None


@dataclass(slots=True)
class Range(Expression):
    """`start .. step .. finish` as a sequence (type seq<'T>), inside list, array or seq brackets or
    a `for`.
    """

    start: Expression
    step: Expression | None
    finish: Expression


@dataclass(slots=True)
class TryWith(Expression):
    """Rules over the exception; none matching re-raises."""

    body: Expression
    rules: list[MatchRule]


@dataclass(slots=True)
class TryFinally(Expression):
    body: Expression
    finalizer: Expression


@dataclass(slots=True)
class Comprehension(Expression):
    """`seq { }`, `[ … ]`, `[| … |]`: kind is "seq", "list" or "array"; the body is of type unit and
    contains Yield/YieldAll.
    """

    kind: str
    element: Type
    body: Expression


@dataclass(slots=True)
class Yield(Expression):
    """Give one element to the enclosing comprehension; type unit."""

    value: Expression


@dataclass(slots=True)
class YieldAll(Expression):
    """`yield! values`: all elements of a sequence, list or array (its own static type); `as_seq`
    coerces it to seq.
    """

    values: Expression


@dataclass(slots=True)
class FormatPart:
    """A piece of a printf format or of an interpolated string.

    Literal text when `specifier` is empty. Else specifier is the letter (d i u x X o B b c s f F e
    E g G M O A a t P) with flags
    ("-", "+", " ", "0" in any order), width and precision (None, a number, or "*"); `type` is the
    argument's type, `argument` the
    hole's expression in interpolated strings; `alignment` and `format` belong to `{x,10:N2}` holes
    (specifier "P")."""

    text: str = ""
    specifier: str = ""
    flags: str = ""
    width: int | str | None = None
    precision: int | str | None = None
    type: Type | None = None
    argument: Expression | None = None
    alignment: int | None = None
    format: str | None = None


@dataclass(slots=True)
class FormatLiteral(Expression):
    """A printf format string; type is PrintfFormat<'Printer,'State,'Residue,'Result,…>."""

    parts: list[FormatPart]


@dataclass(slots=True)
class InterpolatedString(Expression):
    """`$"…"` used as a string: every part has its argument."""

    parts: list[FormatPart]
