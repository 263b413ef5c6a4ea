"""A snapshot case: one Markdown file with a program and what stages made of it.

In: a file with a `## source` section and one empty or filled section for each printout, headed `##
STAGE` or
`## STAGE: FUNCTION`, and perhaps `## diagnostics`. Out: the same file with the printouts of now.
Promises: rendering what
was parsed gives the same text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from clef.diagnostics.lines import short
from clef.pipeline import Options, compile_project
from clef.project.project import Project
from clef.source import SourceFile

_SECTION = re.compile(r"^## (?P<heading>[^\n]+)\n\n```\w*\n(?P<body>.*?)^```$", re.M | re.S)


@dataclass(slots=True)
class Case:
    """The title and the sections in order: heading and body."""

    title: str
    sections: list[tuple[str, str]]

    def source(self) -> str:
        """The program."""
        return next(body for heading, body in self.sections if heading == "source")


def parse(text: str) -> Case:
    """Read a case."""
    title = text.partition("\n")[0].removeprefix("# ").strip()
    found = [(m["heading"].strip(), m["body"]) for m in _SECTION.finditer(text)]
    return Case(title, found)


def render(case: Case) -> str:
    """Write a case."""
    parts = [f"# {case.title}\n"]
    for heading, body in case.sections:
        language = "fsharp" if heading == "source" else "text"
        parts.append(f"\n## {heading}\n\n```{language}\n{body}```\n")
    return "".join(parts)


def _prints(case: Case) -> tuple[tuple[str, str], ...]:
    asked: list[tuple[str, str]] = []
    for heading, _ in case.sections:
        if heading not in ("source", "diagnostics"):
            stage, _, only = heading.partition(":")
            asked.append((stage.strip(), only.strip()))
    return tuple(asked)


def run(case: Case) -> Case:
    """What the stages make of the program now."""
    source = SourceFile("case.clef", case.source())
    asked = _prints(case)
    last = _last(asked)
    compilation = compile_project(
        Project("case", "case.clef", ".", ("case.clef",), implicit=True),
        Options(stop_after=last, prints=asked, check_stages=True),
        texts=[source],
    )
    printed = iter(compilation.printed)
    order = {p: text for p, (_, text) in zip(_in_stage_order(asked), printed, strict=False)}
    sections: list[tuple[str, str]] = []
    for heading, body in case.sections:
        if heading == "source":
            sections.append((heading, body))
        elif heading == "diagnostics":
            lines = [short(found, compilation.texts()) for found in compilation.diagnostics]
            sections.append((heading, "".join(lines)))
        else:
            stage, _, only = heading.partition(":")
            text = order.get((stage.strip(), only.strip()), "(the stage did not run)")
            sections.append((heading, text.rstrip("\n") + "\n"))
    return Case(case.title, sections)


def _stages() -> list[str]:
    from clef.pipeline import stage_names

    return list(stage_names())


def _in_stage_order(asked: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """The pipeline prints stage by stage, and within one in the order asked."""
    names = _stages()
    return sorted(asked, key=lambda pair: names.index(pair[0]))


def _last(asked: tuple[tuple[str, str], ...]) -> str:
    names = _stages()
    return max((stage for stage, _ in asked), key=names.index, default="types")
