"""What must hold for a graph.

Comes in: a program and its graph. Goes out: complaints, none when all is well. Promises: reads
only.
"""

from __future__ import annotations

from clef.semantic_graph.graph import EDGE_KINDS, NODE_KINDS, Graph
from clef.typed_core.core import Program


def check_graph(program: Program, graph: Graph) -> list[str]:
    """Every complaint, in the order of nodes and edges."""
    complaints: list[str] = []
    for node in graph.nodes:
        if node.kind not in NODE_KINDS:
            complaints.append(f"unknown kind of node: {node.kind}")
        if node.kind == "function" and node.name not in program.functions:
            complaints.append(f"{node.name} is called and does not exist")
    for edge in graph.edges:
        if edge.kind not in EDGE_KINDS:
            complaints.append(f"unknown kind of edge: {edge.kind}")
        for end in (*edge.sources, *edge.targets):
            if not 0 <= end < len(graph.nodes):
                complaints.append(f"{edge.kind} edge to a node that does not exist: {end}")
    for name in program.functions:
        if name not in graph.component_of:
            complaints.append(f"{name} is in no component")
    return complaints
