"""The options that commands share.

Comes in: a click command's function. Goes out: the function with the options. Promises: an option
has the same name in every command; nothing but click is imported, so that `clef --help` is quick.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

FORMATS = ("human", "short", "json", "sarif", "github")

Function = TypeVar("Function", bound=Callable[..., Any])


def message_options(function: Function) -> Function:
    """The options that say how messages look."""
    for option in reversed(
        (
            click.option(
                "--message-format",
                type=click.Choice(FORMATS),
                default="human",
                show_default=True,
                help="How messages are written.",
            ),
            click.option(
                "--color",
                type=click.Choice(("auto", "always", "never")),
                default="auto",
                show_default=True,
                help="Colours; NO_COLOR and FORCE_COLOR are obeyed as well.",
            ),
            click.option(
                "--limit",
                type=click.IntRange(min=0),
                default=50,
                show_default=True,
                metavar="N",
                help="Show at most N messages (0: all).",
            ),
            click.option("-q", "--quiet", is_flag=True, help="Only errors."),
            click.option("-v", "--verbose", count=True, help="Say more; -vv says even more."),
        )
    ):
        function = option(function)
    return function


def timings_option(function: Function) -> Function:
    """`--timings`, with or without a format."""
    return click.option(
        "--timings",
        type=click.Choice(("text", "json")),
        metavar="[=text|json]",
        help="Show how long every stage took.",
    )(function)


def target_options(function: Function) -> Function:
    """The options of commands that make machine code."""
    for option in reversed(
        (
            click.option("--release", is_flag=True, help="Optimise; leave out debug information."),
            click.option("--target", metavar="NAME", default="", help="Machine to build for."),
            click.option("--static", is_flag=True, help="Link everything into the executable."),
            click.option(
                "--cpu", metavar="NAME", default="", help="Processor to use fully, or `native`."
            ),
        )
    ):
        function = option(function)
    return function


def heap_options(function: Function) -> Function:
    """The options of programs that watch their own heap."""
    for option in reversed(
        (
            click.option(
                "--sanitize",
                type=click.Choice(("heap", "address")),
                help="Find uses of freed memory and leaks, or reads and writes outside of blocks.",
            ),
            click.option(
                "--heap-statistics",
                is_flag=True,
                help="Say at the end how many cells and bytes the program used.",
            ),
        )
    ):
        function = option(function)
    return function


def stage_options(function: Function) -> Function:
    """The options that look into the compiler."""
    for option in reversed(
        (
            click.option(
                "--print",
                "prints",
                multiple=True,
                metavar="STAGE[:FUNCTION]",
                help="Print what a stage made, for all or one function.",
            ),
            click.option("--stop-after", default="", metavar="STAGE", help="Stop there."),
            click.option("--check-stages", is_flag=True, help="Check every stage's product."),
        )
    ):
        function = option(function)
    return function


def project_option(function: Function) -> Function:
    """`--project`, of the commands about packages."""
    return click.option(
        "--project", default=".", metavar="PATH", help="Project file or its folder."
    )(function)
