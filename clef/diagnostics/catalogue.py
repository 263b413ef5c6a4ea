"""All diagnostics that the compiler can give, and the text of `clef explain`.

Comes in: nothing but the family modules of this folder. Goes out: the classes by code, and their
explanations, taken from their docstrings. Promises: every class of every family is listed; two
classes with one code are refused.

A docstring is: one or more paragraphs; `Example:` with an indented program that yields exactly this
code; `Instead:` with a mended one. Where no program can yield the code by itself (a missing tool,
an unreadable disk), `Situation:` stands in place of `Example:` and says when it happens. An example
that needs several files names each of them on a line of its own: `--- name.fidproj`.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import pkgutil

from clef.data_classes import dataclass
from clef.diagnostics.diagnostic import Diagnostic

# The first two digits of a code name its family.
FAMILIES = {
    "syntax": "01",
    "names": "02",
    "typing": "03",
    "patterns": "04",
    "lowering": "05",
    "memory": "06",
    "objects": "07",
    "project": "08",
    "tools": "09",
    "exports": "10",
    "boards": "11",
}

_SECTIONS = ("Example:", "Instead:", "Situation:")


@dataclass(frozen=True, slots=True)
class Explanation:
    """What `clef explain` says. Programs are dedented; an absent section is empty."""

    code: str
    name: str
    severity: str
    text: str
    example: str
    instead: str
    situation: str


def _classes_of(family: str) -> list[type[Diagnostic]]:
    name = f"clef.diagnostics.{family}"
    if importlib.util.find_spec(name) is None:
        return []
    module = importlib.import_module(name)
    parts = pkgutil.iter_modules(getattr(module, "__path__", ()))
    modules = [module, *(importlib.import_module(f"{name}.{part.name}") for part in parts)]
    return [
        member
        for one in modules
        for member in vars(one).values()
        if inspect.isclass(member)
        and issubclass(member, Diagnostic)
        and f"{member.__module__}.".startswith(f"{name}.")
        and "code" in vars(member)
    ]


def catalogue() -> dict[str, type[Diagnostic]]:
    """Every diagnostic class by its code, in the order of the codes."""
    found: dict[str, type[Diagnostic]] = {}
    for family in FAMILIES:
        for member in _classes_of(family):
            other = found.setdefault(member.code, member)
            if other is not member:
                names = f"{other.__name__} and {member.__name__}"
                raise ValueError(f"two diagnostics have the code {member.code}: {names}")
    return dict(sorted(found.items(), key=lambda item: item[0][1:]))


def find(code: str) -> type[Diagnostic] | None:
    """The class with this code, whatever the case of its letter; a bare number finds its error or
    warning.
    """
    wanted = code.strip().upper()
    known = catalogue()
    for candidate in (wanted, "E" + wanted, "W" + wanted):
        if candidate in known:
            return known[candidate]
    return None


def _dedented(lines: list[str]) -> str:
    return inspect.cleandoc("\n".join(["", *lines])).strip("\n")


def explanation(diagnostic: type[Diagnostic]) -> Explanation:
    """The explanation that a diagnostic's docstring holds."""
    documented = diagnostic.__doc__ or ""
    if documented.startswith(diagnostic.__name__ + "("):
        # A dataclass without a docstring gets its signature for one.
        documented = ""
    sections: dict[str, list[str]] = {"": []}
    current = sections[""]
    for line in inspect.cleandoc(documented).split("\n"):
        heading, colon, rest = line.partition(":")
        if heading + colon in _SECTIONS:
            current = sections.setdefault(heading + colon, [rest.strip()] if rest.strip() else [])
        else:
            current.append(line)
    return Explanation(
        code=diagnostic.code,
        name=diagnostic.__name__,
        severity=diagnostic.severity.value,
        text=_dedented(sections[""]),
        example=_dedented(sections.get("Example:", [])),
        instead=_dedented(sections.get("Instead:", [])),
        situation=_dedented(sections.get("Situation:", [])),
    )


def example_files(program: str, default: str = "example.clef") -> dict[str, str]:
    """The files of an example: name to text. Without `--- name` lines it is one file."""
    files: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in program.split("\n"):
        if line.startswith("--- "):
            current = files.setdefault(line[4:].strip(), [])
        else:
            if current is None:
                current = files.setdefault(default, [])
            current.append(line)
    return {name: "\n".join(lines).strip("\n") + "\n" for name, lines in files.items()}
