"""`clef test`: run the test programs of a project."""

from __future__ import annotations

from typing import Any

import click

from clef.command_line.options import heap_options, message_options

HEADING = "Programs"
ORDER = 4


@click.command()
@click.argument("path", required=False, metavar="[FILE|PROJECT]")
@click.option(
    "--filter", "part", default="", metavar="TEXT", help="Only tests with this in their name."
)
@click.option("--seed", default=0, metavar="N", help="Where properties begin to draw arguments.")
@click.option(
    "--runs",
    default=100,
    metavar="N",
    type=click.IntRange(1),
    help="How often a property is tried.  [default: 100]",
)
@click.option(
    "--jobs",
    "-j",
    metavar="N",
    type=click.IntRange(1),
    help="How many tests run at a time.  [default: as many as there are processors]",
)
@click.option("--junit", default="", metavar="FILE", help="Write the results as JUnit XML.")
@click.option("--coverage", "covers", is_flag=True, help="Say which lines and branches were run.")
@click.option("--coverage-html", "page", default="", metavar="FILE", help="… as a page.")
@click.option("--coverage-lcov", "lcov", default="", metavar="FILE", help="… for other tools.")
@click.option("--doc", "examples", is_flag=True, help="Run the examples in comments instead.")
@click.option("--target", metavar="NAME", default="", help="Machine to test on.")
@click.option("--release", is_flag=True, help="Test optimised programs.")
@heap_options
@message_options
def command(
    path: str | None, target: str, release: bool, junit: str, jobs: int | None, **values: Any
) -> int:
    """Run the tests of a project, or of one file.

    A function marked `[<Test>]` fails by an exception, or by giving `false`; tests of xunit, NUnit,
    MSTest, FsUnit and Expecto run as they are. A function marked
    `[<Property>]` has parameters; it must hold for whatever arguments are drawn for them, and is
    shown with the simplest arguments for which it does not.

    A program in the project's folder `tests` is a test too if comments at the beginning of a line
    say what it must do. Tests there are compiled together with the project's sources except the
    last one, which is the main program.

    \b
      //> text        a line of its output
      //2> text       something that standard error must contain
      //< text        a line of its input
      //@ a "b c"     its arguments
      //! exit 3      its exit code
      //! no newline  its last line of output does not end

    With `--coverage`, say which lines and which branches of the project's sources the tests have
    run; an `if` without `else` has one branch.

    \b
    Examples:
      clef test
      clef test --coverage-html coverage.html
      clef test --filter parser --junit results.xml
      clef test hello.clef --runs 1000 --seed 7
    """
    import os

    from clef.command_line.output import Output
    from clef.command_line.settings import make_settings
    from clef.command_line.testing import Choice, run_tests
    from clef.command_line.unit_tests import Settings

    if values.pop("examples"):
        from clef.command_line.documenting import run_doctests

        part = values.pop("part")
        return run_doctests(path, part, Output(make_settings(values)))
    settings = Settings(values["part"], values["seed"], values["runs"], jobs or os.cpu_count() or 1)
    output = Output(make_settings(values))
    page, lcov = values["page"], values["lcov"]
    watch = (values["sanitize"] or "", values["heap_statistics"])
    if not (values["covers"] or page or lcov):
        return run_tests(path, Choice(settings, target, release, junit, None, *watch), output)
    from clef.command_line.coverage import recording, report

    with recording(path, output) as recorder:
        choice = Choice(settings, target, release, junit, recorder.marks, *watch)
        code = run_tests(path, choice, output)
        report(recorder, page, lcov, output)
    return code
