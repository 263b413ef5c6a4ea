"""A large project of plausible modules, for measuring the compiler.

In: a `Shape` (how many lines and files). Out: a project file and its sources in a folder. Promises:
the same shape gives the same bytes; the project is correct F# that runs and prints a checksum; the
modules differ in what they define, and later ones use earlier ones.

    python -m benchmarks.generate_project FOLDER [LINES [FILES]]
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.project_sections import SECTIONS

NOUNS = (
    "Order",
    "Invoice",
    "Customer",
    "Product",
    "Shipment",
    "Sensor",
    "Reading",
    "Account",
    "Payment",
    "Route",
    "Station",
    "Ticket",
    "Message",
    "Session",
    "Device",
    "Packet",
    "Recipe",
    "Article",
    "Author",
    "Library",
    "Patient",
    "Visit",
    "Course",
    "Student",
    "Vehicle",
    "Engine",
    "Flight",
    "Airport",
    "Match",
    "Player",
    "Team",
    "League",
    "Planet",
    "Signal",
    "Channel",
    "Budget",
    "Project",
)
EDITED = "let mutable total = "


@dataclass(frozen=True, slots=True)
class Shape:
    """How large the project is."""

    lines: int = 20_000
    files: int = 40
    seed: int = 1


@dataclass(slots=True)
class GeneratedProject:
    """Where the project lies."""

    file: Path
    sources: list[Path] = field(default_factory=list[Path])

    def edit_one_body(self) -> None:
        """Change the body of one function in the middle of the project, not its type."""
        path = self.sources[len(self.sources) // 2]
        text = path.read_text(encoding="utf-8")
        changed = text.replace(EDITED, f"{EDITED}1 + ", 1)
        path.write_text(changed, encoding="utf-8")


def generate(folder: Path, shape: Shape) -> GeneratedProject:
    """Write the project into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(shape.seed)
    per_file = shape.lines // shape.files
    names = [f"{NOUNS[i % len(NOUNS)]}Logic{i:02}" for i in range(shape.files - 1)]
    project = GeneratedProject(folder / "generated.fidproj")
    for index, name in enumerate(names):
        text = _module(name, names[:index], per_file, chance)
        project.sources.append(_written(folder / f"{name}.clef", text))
    project.sources.append(_written(folder / "Program.clef", _main(names)))
    _written(project.file, _project_file(project.sources))
    return project


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _module(name: str, earlier: list[str], lines: int, chance: random.Random) -> str:
    parts = [f"/// Generated: {name}.\nmodule Generated.{name}\n\nopen System\n"]
    calls: list[str] = []
    sections = list(SECTIONS)
    while sum(part.count("\n") + 1 for part in parts) < lines - len(calls) - 12:
        if not sections:
            sections = list(SECTIONS)
        section = sections.pop(chance.randrange(len(sections)))
        noun = f"{chance.choice(NOUNS)}{len(calls)}"
        parts.append(_filled(section.text, noun, chance))
        calls.append(_filled(section.call, noun, chance).strip())
    parts.append(_run_function(calls, earlier, chance))
    return "\n".join(parts)


def _filled(text: str, noun: str, chance: random.Random) -> str:
    text = text.strip("\n") + "\n"
    for place in ("N1", "N2", "N3"):
        text = text.replace(f"<{place}>", str(chance.randrange(2, 50)))
    return text.replace("<Noun>", noun).replace("<noun>", noun[0].lower() + noun[1:])


def _run_function(calls: list[str], earlier: list[str], chance: random.Random) -> str:
    used = chance.sample(earlier, min(2, len(earlier)))
    lines = ["/// Exercises everything above.", "let run (seed: int) : int ="]
    lines += [f"    {EDITED}seed"]
    lines += [f"    total <- (total * 31 + {call}) &&& 0xFFFFF" for call in calls]
    lines += [
        f"    if total % 977 = 0 then total <- total + Generated.{name}.run total" for name in used
    ]
    return "\n".join([*lines, "    total", ""])


def _main(names: list[str]) -> str:
    lines = ["module Generated.Program", "", "[<EntryPoint>]", "let main _ ="]
    lines += ["    let mutable total = 0"]
    lines += [f"    total <- total ^^^ {name}.run {i}" for i, name in enumerate(names)]
    return "\n".join([*lines, '    printfn "checksum %d" total', "    0", ""])


def _project_file(sources: list[Path]) -> str:
    listed = "".join(f'    "{path.name}",\n' for path in sources)
    return (
        '[package]\nname = "generated"\nversion = "0.1.0"\n\n'
        f'[build]\nsources = [\n{listed}]\noutput = "generated"\noutput_kind = "console"\n'
    )


def main(words: list[str]) -> int:
    """Run the command; see the module's text."""
    if not words:
        print(__doc__, file=sys.stderr)
        return 2
    numbers = [int(word) for word in words[1:3]]
    project = generate(Path(words[0]), Shape(*numbers))
    lines = sum(path.read_text(encoding="utf-8").count("\n") for path in project.sources)
    print(f"{project.file}: {len(project.sources)} files, {lines} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
