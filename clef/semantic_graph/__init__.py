"""The program hypergraph: `build(program)` gives a `Graph` of nodes and many-to-many edges."""

from clef.semantic_graph.build import build, possible_targets, result_after
from clef.semantic_graph.checker import check_graph
from clef.semantic_graph.graph import ClosureCall, FunctionFacts, Graph, GraphNode, Hyperedge
from clef.semantic_graph.printer import print_dot, print_graph, print_json, reason

__all__ = [
    "ClosureCall",
    "FunctionFacts",
    "Graph",
    "GraphNode",
    "Hyperedge",
    "build",
    "check_graph",
    "possible_targets",
    "print_dot",
    "print_graph",
    "print_json",
    "reason",
    "result_after",
]
