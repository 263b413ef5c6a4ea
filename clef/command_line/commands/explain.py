"""`clef explain`: what a message means, or what a program does with memory, and what it checks."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from clef.command_line.options import message_options
from clef.command_line.writing import write_file

HEADING = "Knowledge"
ORDER = 1


@click.command()
@click.argument("code", required=False, metavar="[CODE|FILE|PROJECT]")
@click.option("--memory", is_flag=True, help="Explain what a program does with memory.")
@click.option("--stack", is_flag=True, help="Explain how deep a program's stack can get.")
@click.option("--checks", is_flag=True, help="Explain which checks a program still makes.")
@click.option("--function", "part", default="", metavar="NAME", help="Only functions named so.")
@click.option("--html", "page", default="", metavar="FILE", help="Write the report as a page.")
@click.option("--release", is_flag=True, help="Explain the optimised program.")
@click.option("--target", metavar="NAME", default="", help="Machine to explain it for.")
@message_options
def command(
    code: str | None,
    memory: bool,
    stack: bool,
    checks: bool,
    part: str,
    page: str,
    **values: Any,
) -> int:
    """Explain a message, with an example. Without a code, all codes are listed.

    With `--memory`, say for each function of a program what it allocates and how large that is,
    which values can form circles, which references it counts up and gives up, which parameters it
    only borrows, and which checks remain. With `--stack`, say how deep the stack can get and by
    which calls; C functions are named, not counted. With `--checks`, say for each function which
    checks of indices, divisors, overflow and null an optimised build proves and leaves out, which
    it makes once before a loop, and why the others remain.

    \b
    Examples:
      clef explain E0312
      clef explain --memory hello.clef --function area
      clef explain --memory --html memory.html
      clef explain --stack --release hello.clef
      clef explain --checks hello.clef --function area
    """
    _refuse_combinations(memory, stack, checks, bool(part or page), values)
    if stack:
        return _explain_stack(code, values)
    if memory:
        return _explain_memory(code, part, page, values)
    if checks:
        return _explain_checks(code, part, page, values)
    if code is None:
        click.echo(_all_codes(), nl=False)
        return 0
    return _explain_message(code)


def _refuse_combinations(
    memory: bool, stack: bool, checks: bool, has_part: bool, values: dict[str, Any]
) -> None:
    if stack + memory + checks > 1:
        raise click.UsageError("`--memory`, `--stack` and `--checks` go one at a time")
    if stack and has_part:
        raise click.UsageError("`--stack` goes with `--release` and `--target` alone")
    if has_part and not (memory or checks):
        raise click.UsageError("`--function` and `--html` need `--memory` or `--checks`")
    if (values["release"] or values["target"]) and not (memory or stack or checks):
        raise click.UsageError(
            "`--release` and `--target` need `--memory`, `--stack` or `--checks`"
        )


def _explain_message(code: str) -> int:
    from clef.diagnostics.catalogue import explanation, find
    from clef.diagnostics.look import look_of

    found = find(code)
    if found is None:
        raise click.UsageError(f"there is no message `{code}`; `clef explain` lists all")
    look = look_of(sys.stdout, "auto", os.environ)
    told = explanation(found)
    head = look.paint(f"{told.severity}[{told.code}]", told.severity)
    lines = [f"{head} {look.paint(_words(told.name), 'title')}", "", told.text]
    for heading, program in (
        ("Example:", told.example),
        ("Situation:", told.situation),
        ("Instead:", told.instead),
    ):
        if program:
            lines += ["", look.paint(heading, "title"), ""]
            lines += [f"    {line}".rstrip() for line in program.split("\n")]
    click.echo("\n".join(lines))
    return 0


def _explain_memory(path: str | None, part: str, page: str, values: dict[str, Any]) -> int:
    from typing import cast

    from clef.command_line.building import Request, compile_job, prepare
    from clef.command_line.memory_page import as_json, as_page, as_text
    from clef.command_line.output import Output, fail
    from clef.command_line.settings import make_settings
    from clef.memory_plan.report import memory_report
    from clef.mlir.planned import Planned

    output = Output(make_settings(values))
    request = Request(path, target=values["target"], release=values["release"], until="plan")
    job = prepare(request, output)
    planned = cast("Planned", compile_job(job, summary=False).products["plan"])
    sources = {source.path: source for source in job.sources}
    reports = memory_report(planned.program, planned.plan, sources.keys(), part)
    if part and not reports:
        fail(f"the program has no function `{part}`", "functions that nothing calls are left out")
        return 1
    if page:
        write_file(Path(page), as_page(reports, sources).encode())
        return 0
    is_json = output.settings.message_format == "json"
    click.echo(as_json(reports, sources) if is_json else as_text(reports, sources), nl=False)
    return 0


def _explain_checks(path: str | None, part: str, page: str, values: dict[str, Any]) -> int:
    """As an optimised build has them, also without `--release`: others make all checks."""
    from typing import cast

    from clef.command_line.building import Request, compile_job, prepare
    from clef.command_line.checks_report import as_json, as_page, as_text
    from clef.command_line.output import Output, fail
    from clef.command_line.settings import make_settings
    from clef.typed_core.core import Program
    from clef.value_ranges.report import checks_with_library

    output = Output(make_settings(values))
    request = Request(path, target=values["target"], release=True, until="direct")
    job = prepare(request, output)
    program = cast("Program", compile_job(job, summary=False).products["direct"])
    sources = {source.path: source for source in job.sources}
    reports, library = checks_with_library(program, sources.keys(), part)
    if part and not reports:
        fail(f"no function `{part}` has checks", "functions that nothing calls are left out")
        return 1
    if page:
        write_file(Path(page), as_page(reports, sources).encode())
        return 0
    is_json = output.settings.message_format == "json"
    said = as_json(reports, sources) if is_json else as_text(reports, sources, library)
    click.echo(said, nl=False)
    return 0


def _explain_stack(path: str | None, values: dict[str, Any]) -> int:
    from typing import cast

    from clef.backends import Artifacts
    from clef.backends.stack_depth import stack_depths
    from clef.command_line.building import Request, compile_job, prepare
    from clef.command_line.output import Output, fail
    from clef.command_line.settings import make_settings
    from clef.command_line.stack_report import as_json, as_text
    from clef.mlir.planned import Planned

    output = Output(make_settings(values))
    request = Request(
        path, target=values["target"], release=values["release"], until="code", measure_stack=True
    )
    job = prepare(request, output)
    products = compile_job(job, summary=False).products
    planned = cast("Planned", products["plan"])
    if planned.target.object_format == "wasm":
        fail("WebAssembly has a stack that nobody can look at", "ask for another target")
        return 1
    depths = stack_depths(planned, cast("Artifacts", products["artifacts"]).frames)
    sources = {source.path: source for source in job.sources}
    is_json = output.settings.message_format == "json"
    click.echo(as_json(depths, sources) if is_json else as_text(depths, sources), nl=False)
    return 0


def _words(name: str) -> str:
    """`NotAvailableYet` becomes `not available yet`."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()


def _all_codes() -> str:
    from clef.diagnostics.catalogue import FAMILIES, catalogue

    names = {number: family for family, number in FAMILIES.items()}
    lines: list[str] = []
    family = ""
    for code, found in catalogue().items():
        if names[code[1:3]] != family:
            family = names[code[1:3]]
            lines += ["", f"{family}:"] if lines else [f"{family}:"]
        lines.append(f"  {code}  {_words(found.__name__)}")
    return "\n".join(lines) + "\n"
