"""`clef check`: find the mistakes in a program without building it."""

from __future__ import annotations

from typing import Any

import click

from clef.command_line.options import message_options, stage_options, timings_option

HEADING = "Programs"
ORDER = 3

# The last stage that can find mistakes of the user.
_LAST = "plan"


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
    from clef.command_line.building import Request, compile_job, prepare
    from clef.command_line.output import Output
    from clef.command_line.settings import make_settings

    output = Output(make_settings(values))
    request = Request(
        path,
        target=values["target"],
        until=values["stop_after"] or _LAST,
        prints=values["prints"],
        check_stages=values["check_stages"],
    )
    job = prepare(request, output)
    compile_job(job, summary=True)
    job.timings()
    return 0
