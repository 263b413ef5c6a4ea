"""`clef graph`: the program graph as a page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from clef.command_line.options import message_options
from clef.command_line.writing import write_file

HEADING = "Knowledge"
ORDER = 3


@click.command()
@click.argument("path", required=False, metavar="[FILE|PROJECT]")
@click.option("-o", "--output", "destination", default="", metavar="FILE", help="Where to put it.")
@click.option("--json", "as_data", is_flag=True, help="Write the graph as JSON instead.")
@click.option("--target", metavar="NAME", default="", help="Machine to compile for.")
@message_options
def command(path: str | None, destination: str, as_data: bool, **values: Any) -> int:
    """Write the graph of a program as a page: functions, values and types as nodes; calls, captures
    and constructions as edges that may join many of them; and why each node is there.

    The page needs nothing from elsewhere. Its name is that of the program unless -o names it; `-`
    is the output.

    \b
    Examples:
      clef graph hello.clef
      clef graph -o graph.html
      clef graph --json -o - | jq '.nodes | length'
    """
    from typing import cast

    from clef.command_line.building import Request, compile_job, prepare
    from clef.command_line.graph_page import as_json, as_page
    from clef.command_line.output import Output
    from clef.command_line.settings import make_settings
    from clef.semantic_graph import Graph

    output = Output(make_settings(values), leave_stdout=destination == "-")
    job = prepare(Request(path, target=values["target"], until="graph"), output)
    graph = cast("Graph", compile_job(job, summary=False).products["graph"])
    sources = {source.path: source for source in job.sources}
    text = as_json(graph, sources) if as_data else as_page(graph, sources, job.project.name)
    if destination == "-":
        sys.stdout.write(text)
        return 0
    name = destination or f"{job.project.name}.graph.{'json' if as_data else 'html'}"
    write_file(Path(name), text.encode("utf-8", "surrogatepass"))
    output.remark("written", f"{name} ({len(graph.nodes):,} nodes, {len(graph.edges):,} edges)")
    return 0
