"""Expressions that decide what runs: functions, matches, bindings, loops, computations.

Comes in: what the parser read. Goes out: one slotted dataclass for each form of expression.
Promises: nothing is resolved; parentheses are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clef.data_classes import dataclass
from clef.syntax.node import (
    Expression,
    Name,
    Node,
    Pattern,
)

if TYPE_CHECKING:
    from clef.syntax.declarations import Binding
    from clef.syntax.expressions import Identifier


@dataclass(slots=True, eq=False)
class Lambda(Expression):
    """`fun p1 p2 -> body`"""

    patterns: list[Pattern]
    body: Expression


@dataclass(slots=True, eq=False)
class AccessorParameter(Expression):
    """The object that stands for `_` inside an AccessorLambda."""


@dataclass(slots=True, eq=False)
class AccessorLambda(Expression):
    """`_.Name.Method(x)`: `body` holds one AccessorParameter at its innermost target."""

    body: Expression


@dataclass(slots=True, eq=False)
class Clause(Node):
    """`pattern when guard -> body`"""

    pattern: Pattern
    guard: Expression | None
    body: Expression


@dataclass(slots=True, eq=False)
class Function(Expression):
    """`function | p -> e ...`"""

    clauses: list[Clause]


@dataclass(slots=True, eq=False)
class Match(Expression):
    """`match subject with ...`, `match! subject with ...`"""

    subject: Expression
    clauses: list[Clause]
    is_bang: bool = False


@dataclass(slots=True, eq=False)
class If(Expression):
    """`if condition then consequence else alternative`; `elif` is a nested If."""

    condition: Expression
    consequence: Expression
    alternative: Expression | None


@dataclass(slots=True, eq=False)
class Let(Expression):
    """`let` / `let rec ... and ...` / `use`, with what follows as body."""

    bindings: list[Binding]
    body: Expression
    is_recursive: bool = False
    is_use: bool = False


@dataclass(slots=True, eq=False)
class BangBinding(Node):
    """`let! pattern = value` or `and! pattern = value`."""

    pattern: Pattern
    value: Expression


@dataclass(slots=True, eq=False)
class LetBang(Expression):
    """`let!`/`use!` with its `and!` bindings, and what follows as body."""

    bindings: list[BangBinding]
    body: Expression
    is_use: bool = False


@dataclass(slots=True, eq=False)
class Sequential(Expression):
    """`a; b; c` or one a line: at least two expressions; a Let takes what follows it into its
    body."""

    expressions: list[Expression]


@dataclass(slots=True, eq=False)
class While(Expression):
    """`while condition do body`, `while! condition do body`"""

    condition: Expression
    body: Expression
    is_bang: bool = False


@dataclass(slots=True, eq=False)
class ForTo(Expression):
    """`for name = start to end do body`, `downto`"""

    name: Name
    start: Expression
    end: Expression
    body: Expression
    is_down: bool = False


@dataclass(slots=True, eq=False)
class ForIn(Expression):
    """`for pattern in source do body`; `for p in s -> e` has the body Yield(e)."""

    pattern: Pattern
    source: Expression
    body: Expression


@dataclass(slots=True, eq=False)
class TryWith(Expression):
    """`try body with clauses`"""

    body: Expression
    clauses: list[Clause]


@dataclass(slots=True, eq=False)
class TryFinally(Expression):
    """`try body finally finalizer`"""

    body: Expression
    finalizer: Expression


@dataclass(slots=True, eq=False)
class JoinIn(Expression):
    """`join y in ys on (a = b)` in a query: the operation with its pattern as an application on
    the left, the source with `on` and the condition as an application on the right."""

    operation: Expression
    source: Expression


@dataclass(slots=True, eq=False)
class JoinClause(Expression):
    """`join y in ys on (a = b)` after names has taken it apart; `join y in ys on (a = b) into zs`
    names the group. Without a condition: `zip y in ys`."""

    operation: Identifier
    pattern: Pattern
    source: Expression
    left: Expression | None
    right: Expression | None
    group: Pattern | None


@dataclass(slots=True, eq=False)
class IntoClause(Expression):
    """`groupBy e into g` after names has taken it apart."""

    operation: Expression
    pattern: Pattern


@dataclass(slots=True, eq=False)
class Yield(Expression):
    """`yield e`, also `-> e`"""

    expression: Expression


@dataclass(slots=True, eq=False)
class YieldBang(Expression):
    """`yield! e`"""

    expression: Expression


@dataclass(slots=True, eq=False)
class Return(Expression):
    """`return e`"""

    expression: Expression


@dataclass(slots=True, eq=False)
class ReturnBang(Expression):
    """`return! e`"""

    expression: Expression


@dataclass(slots=True, eq=False)
class DoBang(Expression):
    """`do! e`"""

    expression: Expression


@dataclass(slots=True, eq=False)
class Do(Expression):
    """`do e`"""

    expression: Expression
