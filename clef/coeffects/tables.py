"""What code needs: tables beside the program, and the record that describes each analysis.

Comes in: nothing; these are the shapes. Goes out: `Coeffects` and `Analysis`. Promises: facts about
functions are keyed by the function's name, facts about places by (function, node id); an analysis
never changes the program or the graph.
"""

from __future__ import annotations

from collections.abc import Callable

from clef.data_classes import dataclass, field
from clef.semantic_graph import Graph
from clef.typed_core.core import MonoType, Program


@dataclass(slots=True)
class Coeffects:
    """The tables of all analyses."""

    may_raise: set[str] = field(default_factory=set[str])  # functions and dispatchers
    raising_types: set[MonoType] = field(default_factory=set[MonoType])  # function types
    impure: set[str] = field(default_factory=set[str])
    escaping: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])  # sites
    mutated_globals: set[str] = field(default_factory=set[str])
    mutated_fields: set[tuple[MonoType, int]] = field(default_factory=set[tuple[MonoType, int]])
    overwritten: dict[str, frozenset[MonoType]] = field(
        default_factory=dict[str, frozenset[MonoType]]
    )
    suspending: set[str] = field(default_factory=set[str])
    once: set[str] = field(default_factory=set[str])  # functions
    few: set[str] = field(default_factory=set[str])  # functions, those of `once` among them


@dataclass(frozen=True, slots=True)
class Analysis:
    """`run` writes its own tables and reads those named in `inputs`; `show` prints them, one fact a
    line.
    """

    name: str
    inputs: tuple[str, ...]
    run: Callable[[Program, Graph, Coeffects], None]
    show: Callable[[Coeffects], str]
