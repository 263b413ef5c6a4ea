"""`clef check`: find the mistakes in a program without building it."""

from __future__ import annotations

from typing import Any

import click

from clef.command_line.options import message_options, stage_options, timings_option

HEADING = "Programs"
ORDER = 3


@click.command()
@click.argument("path", required=False, metavar="[FILE|PROJECT]")
@click.option("--target", metavar="NAME", default="", help="Machine to check for.")
@stage_options
@timings_option
@message_options
def command(path: str | None, **values: Any) -> int:
    """Find the mistakes in a program without building it.

    \b
    Examples:
      clef check hello.clef
      clef check --message-format sarif > findings.sarif
    """
    from clef.command_line.building import Request, check_job, prepare
    from clef.command_line.output import Output
    from clef.command_line.settings import make_settings
    from clef.rechecking import LAST

    output = Output(make_settings(values))
    request = Request(
        path,
        target=values["target"],
        until=values["stop_after"] or LAST,
        prints=values["prints"],
        check_stages=values["check_stages"],
    )
    job = prepare(request, output)
    check_job(job)
    job.timings()
    return 0
