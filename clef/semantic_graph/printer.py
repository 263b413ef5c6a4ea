"""Pictures of a graph: lines of text for snapshots, JSON for tools, DOT for drawings.

Comes in: a `Graph`. Goes out: text. Promises: the same graph gives the same text.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from clef.semantic_graph.graph import Graph


def print_graph(graph: Graph, chosen: Callable[[str], bool] | None = None) -> str:
    """One line an edge, then the recursive components; with `chosen`, those of nodes whose name it
    accepts."""
    lines: list[str] = []
    for edge in graph.edges:
        ends = [graph.nodes[node].name for node in (*edge.sources, *edge.targets)]
        if chosen is not None and not any(map(chosen, ends)):
            continue
        sources = ", ".join(_name(graph, node) for node in edge.sources)
        targets = ", ".join(_name(graph, node) for node in edge.targets)
        lines.append(f"{edge.kind}: {sources} -> {targets}")
    for index in sorted(graph.recursive):
        if chosen is not None and not any(map(chosen, graph.components[index])):
            continue
        lines.append("recursive: " + ", ".join(graph.components[index]))
    return "\n".join(lines) + "\n"


def _name(graph: Graph, number: int) -> str:
    node = graph.nodes[number]
    return f"{node.kind} {node.name}"


def reason(graph: Graph, number: int) -> list[str]:
    """The chain from the entry to a node, one name a step; empty when the node is not reached."""
    chain: list[str] = []
    while number in graph.reached_by:
        chain.append(_name(graph, number))
        edge = graph.reached_by[number]
        if edge < 0:
            break
        number = graph.edges[edge].sources[0]
    return chain[::-1]


def print_json(graph: Graph) -> str:
    """Nodes, edges and components as one JSON object."""
    return json.dumps(
        {
            "version": 1,
            "nodes": [{"kind": node.kind, "name": node.name} for node in graph.nodes],
            "edges": [
                {"kind": edge.kind, "sources": edge.sources, "targets": edge.targets}
                for edge in graph.edges
            ],
            "components": graph.components,
        },
        indent=1,
    )


def print_dot(graph: Graph) -> str:
    """Functions, dispatchers and globals with the edges between them, for Graphviz."""
    lines = ["digraph program {", "  rankdir=LR;"]
    shown = {"function", "dispatcher", "external", "global"}
    for number, node in enumerate(graph.nodes):
        if node.kind in shown:
            lines.append(f"  n{number} [label={json.dumps(node.name)}];")
    for edge in graph.edges:
        for source in edge.sources:
            for target in edge.targets:
                if graph.nodes[source].kind in shown and graph.nodes[target].kind in shown:
                    lines.append(f"  n{source} -> n{target} [label={json.dumps(edge.kind)}];")
    return "\n".join([*lines, "}"]) + "\n"
