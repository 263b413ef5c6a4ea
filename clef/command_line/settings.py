"""What the user chose with the options that every command understands.

Comes in: click's parsed values. Goes out: `Settings`. Promises: the same option has the same
meaning in every command.
"""

from __future__ import annotations

from typing import Any

from clef.data_classes import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """How to talk. `verbosity` is -1 for quiet, 0, or the number of `-v`."""

    message_format: str = "human"
    color: str = "auto"
    verbosity: int = 0
    limit: int = 50
    timings: str = ""


def make_settings(values: dict[str, Any]) -> Settings:
    """Takes the common options out of a command's values."""
    quiet, verbose = bool(values.pop("quiet")), int(values.pop("verbose"))
    return Settings(
        message_format=str(values.pop("message_format")),
        color=str(values.pop("color")),
        verbosity=-1 if quiet else verbose,
        limit=int(values.pop("limit")),
        timings=str(values.pop("timings", None) or ""),
    )
