"""The program hypergraph: what exists, and what goes where.

Comes in: nothing; these are the shapes. Goes out: `Graph`. Promises: nodes are numbered densely in
the order in which they were found; an edge joins any number of sources to any number of targets and
says why (`kind`); `components` lists the functions' strongly connected components so that a
component comes after those that it calls.
"""

from __future__ import annotations

from clef.data_classes import dataclass, field
from clef.source import Span
from clef.typed_core.core import MonoType

FUNCTION = "function"
DISPATCHER = "dispatcher"
EXTERNAL = "external"
GLOBAL = "global"
TYPE = "type"
SITE = "site"
PARAMETER = "parameter"

NODE_KINDS = (FUNCTION, DISPATCHER, EXTERNAL, GLOBAL, TYPE, SITE, PARAMETER)
EDGE_KINDS = ("call", "unknown call", "capture", "flow", "construct", "dispatch", "placement")


@dataclass(frozen=True, slots=True)
class GraphNode:
    """`name` is a symbol, a type's text, `function#node` for allocation sites,
    `function:parameter`.
    """

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Hyperedge:
    """`sources` and `targets` are node numbers; `span` is where the program says so."""

    kind: str
    sources: tuple[int, ...]
    targets: tuple[int, ...]
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class ClosureCall:
    """A call of an unknown function: its type, how many arguments, and whether a handler encloses
    it.
    """

    type: MonoType
    count: int
    is_caught: bool


@dataclass(frozen=True, slots=True)
class KnownCall:
    """A call of a known function; `is_caught`: inside the body of a try."""

    target: str
    is_caught: bool


@dataclass(slots=True)
class FunctionFacts:
    """What one walk over a function's body finds."""

    calls: list[KnownCall] = field(default_factory=list[KnownCall])
    closure_calls: list[ClosureCall] = field(default_factory=list[ClosureCall])
    closures: list[tuple[str, MonoType]] = field(default_factory=list[tuple[str, MonoType]])
    tail_nodes: set[int] = field(default_factory=set[int])
    raises: bool = False  # by itself, outside any try
    writes: bool = False  # something that outlives it
    primitives: set[str] = field(default_factory=set[str])
    overwritten: set[MonoType] = field(default_factory=set[MonoType])  # types of what is replaced
    overwrites_anything: bool = False
    fields_set: set[tuple[MonoType, int]] = field(default_factory=set[tuple[MonoType, int]])


@dataclass(slots=True)
class Graph:
    """Everything together. `callable_at` maps a function type to the functions that a call at that
    type may reach; `following` lists for each function and dispatcher what it may call.
    """

    nodes: list[GraphNode] = field(default_factory=list[GraphNode])
    numbers: dict[GraphNode, int] = field(default_factory=dict[GraphNode, int])
    edges: list[Hyperedge] = field(default_factory=list[Hyperedge])
    facts: dict[str, FunctionFacts] = field(default_factory=dict[str, FunctionFacts])
    callable_at: dict[MonoType, list[str]] = field(default_factory=dict[MonoType, list[str]])
    following: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    components: list[list[str]] = field(default_factory=list[list[str]])
    component_of: dict[str, int] = field(default_factory=dict[str, int])
    recursive: set[int] = field(default_factory=set[int])  # components with a cycle
    reached_by: dict[int, int] = field(default_factory=dict[int, int])  # node to edge

    def number(self, kind: str, name: str) -> int:
        """The node's number; made when it is new."""
        node = GraphNode(kind, name)
        found = self.numbers.get(node)
        if found is None:
            found = self.numbers[node] = len(self.nodes)
            self.nodes.append(node)
        return found

    def connect(
        self,
        kind: str,
        sources: tuple[int, ...],
        targets: tuple[int, ...],
        span: Span | None = None,
    ) -> None:
        """Add an edge."""
        self.edges.append(Hyperedge(kind, sources, targets, span))
