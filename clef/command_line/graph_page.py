"""The program graph as a page to walk about in.

Comes in: the graph of a program. Goes out: HTML. Promises: one file that needs nothing from
elsewhere; all nodes and hyperedges are in it; what is drawn at once is bounded, so that graphs of
ten thousand nodes open and answer at once; names are data and never markup.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from importlib import resources

from clef.semantic_graph import Graph
from clef.semantic_graph.graph import EDGE_KINDS, NODE_KINDS
from clef.source import SourceFile, Span


def as_data(graph: Graph, sources: Mapping[str, SourceFile]) -> dict[str, object]:
    """Nodes as `[kind, name, reason]`, edges as `[kind, sources, targets, place]`; `reason` is the
    edge by which the node was first reached, or -1.
    """
    kinds = {name: number for number, name in enumerate(NODE_KINDS)}
    ways = {name: number for number, name in enumerate(EDGE_KINDS)}
    nodes = [
        [kinds[node.kind], node.name, graph.reached_by.get(number, -1)]
        for number, node in enumerate(graph.nodes)
    ]
    edges = [
        [ways[edge.kind], list(edge.sources), list(edge.targets), _place(edge.span, sources)]
        for edge in graph.edges
    ]
    return {
        "version": 1,
        "nodeKinds": list(NODE_KINDS),
        "edgeKinds": list(EDGE_KINDS),
        "nodes": nodes,
        "edges": edges,
    }


def _place(span: Span | None, sources: Mapping[str, SourceFile]) -> str:
    if span is None:
        return ""
    source = sources.get(span.path)
    return f"{span.path}:{source.position(span.start)[0]}" if source is not None else span.path


def as_json(graph: Graph, sources: Mapping[str, SourceFile]) -> str:
    """The data alone."""
    return json.dumps(as_data(graph, sources), ensure_ascii=False) + "\n"


def as_page(graph: Graph, sources: Mapping[str, SourceFile], title: str) -> str:
    """The whole page."""
    folder = resources.files("clef.command_line") / "pages"
    style = (folder / "graph.css").read_text(encoding="utf-8")
    script = (folder / "graph.js").read_text(encoding="utf-8")
    body = (folder / "graph.html").read_text(encoding="utf-8")
    data = as_json(graph, sources).replace("<", "\\u003c")
    return (
        body.replace("{title}", html.escape(title))
        .replace("{style}", style)
        .replace("{data}", data)
        .replace("{script}", script)
    )
