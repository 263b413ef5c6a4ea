"""`clef bench`: measure functions."""

from __future__ import annotations

from typing import Any

import click

from clef.command_line.options import message_options

HEADING = "Programs"
ORDER = 5


@click.command()
@click.argument("path", required=False, metavar="[FILE|PROJECT]")
@click.option(
    "--filter", "part", default="", metavar="TEXT", help="Only those with this in their name."
)
@click.option(
    "--samples",
    default=100,
    show_default=True,
    type=click.IntRange(5, 100_000),
    metavar="N",
    help="How many samples.",
)
@click.option(
    "--seconds",
    default=2.0,
    show_default=True,
    type=click.FloatRange(0.001),
    metavar="S",
    help="How long the samples of one function take.",
)
@click.option("--save", default="", metavar="FILE", help="Write the results as JSON.")
@click.option("--compare", default="", metavar="FILE", help="Compare with saved results.")
@click.option("--json", "as_json", is_flag=True, help="Write the results as JSON to the output.")
@click.option("--memory", is_flag=True, help="Count the cells that one call allocates, too.")
@click.option("--target", metavar="NAME", default="", help="Machine to measure on.")
@message_options
def command(path: str | None, **values: Any) -> int:
    """Measure the functions of a project, or of one file, that are marked `[<Benchmark>]`.

    They have the type `unit -> 'result`. One of type `unit -> (unit -> 'result)` prepares its data
    first, and what it gives is measured. Sources in the folder `benchmarks` of a project belong to
    it here. Programs are optimised. Each time is that of one call and of giving up its result: the
    median of all samples, and an interval that holds the true one in 95 of 100 cases.

    \b
    Examples:
      clef bench
      clef bench sorting.clef --filter quick --save before.json
      clef bench sorting.clef --compare before.json
      clef bench --memory
    """
    from clef.command_line.benchmarks import Settings, run_benchmarks
    from clef.command_line.output import Output
    from clef.command_line.settings import make_settings

    chosen = {
        name: values.pop(name)
        for name in ("part", "samples", "seconds", "save", "compare", "as_json", "target", "memory")
    }
    return run_benchmarks(path, Settings(**chosen), Output(make_settings(values)))
