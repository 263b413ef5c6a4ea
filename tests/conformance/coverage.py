"""What of FSharp.Core the library has, and which conformance programs use it: `docs/coverage.md`.

In: the inventory of FSharp.Core (`inventory/*.txt`), the checked library, the programs in
`tests/conformance`. Out: the text of the document; `python -m tests.conformance.coverage` writes
it. `--inventory` asks the reference compiler for the inventory first. Promises: a function counts
as tested only where a program names it outside of strings and comments, a member only where the
program names its type as well.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from clef.names.entities import ModuleEntity
from clef.standard_library import load
from clef.syntax.operator_names import compiled_name
from clef.toolchain.telemetry import Silent
from tests.conformance.dotnet_coverage import dotnet_section
from tests.program_expectations import parse

HERE = Path(__file__).parent
DOCUMENT = HERE.parent.parent / "docs" / "coverage.md"
INVENTORY = HERE / "inventory" / "fsharp_core_4_7.txt"
ADDED = HERE / "inventory" / "added_since.txt"
PROGRAM = HERE / "inventory" / "inventory.fs"
HEAD = (
    "# Written by `python -m tests.conformance.coverage --inventory`: what FSharp.Core 4.7 shows.\n"
)

LEFT_OUT = {
    "FSharp.Quotations": "quotations are not evaluated",
    "FSharp.Reflection": "over the types that a program names: core/reflection",
    "FSharp.Linq.QueryRunExtensions": "queries run while they are built",
    "FSharp.Linq.QuerySource": "sequences are sources as they are",
    "FSharp.Linq.RuntimeHelpers": "quotations are not evaluated",
    "FSharp.Core.CompilerServices.": "what the F# compiler and type providers use",
    "FSharp.Control.AsyncPrimitives": "what the F# compiler uses",
    "FSharp.Control.AsyncActivation": "what the F# compiler uses",
    "FSharp.Control.AsyncReturn": "what the F# compiler uses",
    "FSharp.Control.WebExtensions": "there is no network library",
    "FSharp.Core.ByRefKinds": "what the F# compiler uses",
    "FSharp.Core.LanguagePrimitives.HashCompare": "what the F# compiler uses",
    "FSharp.Core.LanguagePrimitives.IntrinsicOperators": "what the F# compiler uses",
    "FSharp.Core.LanguagePrimitives.ErrorStrings": "what the F# compiler uses",
    "FSharp.Core.CompilationRepresentationFlags": "an attribute's flags",
    "FSharp.Core.SourceConstructFlags": "what the F# compiler uses",
    "FSharp.Core.TypeFunc": "what the F# compiler uses",
    "FSharp.Core.Func": "the compiled form of functions",
    "FSharp.Core.NumericLiterals": "the compiler makes these numbers",
    "FSharp.Core.CompilationArgumentCountsAttribute": "what the F# compiler uses",
    "FSharp.Core.CompilationMappingAttribute": "what the F# compiler uses",
    "FSharp.Core.CompilationSourceNameAttribute": "what the F# compiler uses",
    "FSharp.Core.InterfaceDataVersionAttribute": "what the F# compiler uses",
    "FSharp.Core.MeasureAnnotatedAbbreviationAttribute": "what the F# compiler uses",
    "FSharp.Core.MatchFailureException": "its fields have names of the compiled form",
    "FSharp.Control.LazyExtensions": "members of `Lazy`",
    "FSharp.Core.ExtraTopLevelOperators.Checked": "other names of `Checked`",
}
"""Parts of FSharp.Core that Clef does not have, by path, and why."""

KEPT = {
    "FSharp.Core.FuncConvert",
    "FSharp.Core.CompilerServices.ArrayCollector",
    "FSharp.Core.CompilerServices.ListCollector",
}
"""Parts below those that programs do use."""

RENAMED = {"FSharp.Core.OptimizedClosures.Func": "FSharp.Core.OptimizedClosures.FSharpFunc"}

SPECIAL = {
    "Infinity": "infinity",
    "InfinitySingle": "infinityf",
    "NaN": "nan",
    "NaNSingle": "nanf",
    "DefaultAsyncBuilder": "async",
}
WITHOUT = {
    *("op_Splice", "op_SpliceUntyped", "op_Range", "op_RangeStep"),
    *("contents@", "ErrorValue", "ResultValue", "BeginInvoke", "EndInvoke"),
}
"""Names that are quotations, syntax, or fields of the compiled form."""

OPEN = ("FSharp.Core.Operators", "FSharp.Core.ExtraTopLevelOperators")
"""Modules whose names are used as they are; ours may lie in any module that is always open."""


@dataclass(slots=True)
class Part:
    """A module or type of FSharp.Core."""

    kind: str
    path: str
    names: list[str]
    there: set[str] = field(default_factory=set[str])
    tested: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    @property
    def missing(self) -> list[str]:
        """Names that the library lacks."""
        return [name for name in self.names if name not in self.there]

    @property
    def untested(self) -> list[str]:
        """Names that are there and that no program uses."""
        return [name for name in self.names if name in self.there and name not in self.tested]


def _inventory() -> list[Part]:
    parts: dict[tuple[str, str], set[str]] = {}
    for file in (INVENTORY, ADDED):
        for line in file.read_text(encoding="utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            head, _, names = line.partition(":")
            kind, path = head.split()
            path = RENAMED.get(path, path)
            kept = {SPECIAL.get(name, name) for name in names.split() if name not in WITHOUT}
            parts.setdefault((kind, path), set()).update(kept)
    wanted = [
        Part(kind, path, sorted(names))
        for (kind, path), names in parts.items()
        if path in KEPT or not any(path.startswith(prefix) for prefix in LEFT_OUT)
    ]
    return [part for part in wanted if part.names or part.kind != "module"]


# What the library has -----------------------------------------------------------------------------


@dataclass(slots=True)
class Surface:
    """The library's names: of modules and of types by path, and those that are always open."""

    modules: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    types: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    open: set[str] = field(default_factory=set[str])


@cache
def _surface() -> Surface:
    library, _ = load(Silent())
    surface = Surface()
    extensions: dict[str, set[str]] = {}
    for members in library.signatures.extensions.values():
        for one in members:
            extensions.setdefault(one.module, set()).add(one.name)

    def walk(module: ModuleEntity) -> None:
        path = module.symbol.removeprefix("Microsoft.")
        names = {name for name, value in module.values.items() if value.access == "public"}
        names |= set(module.cases) | extensions.get(module.symbol, set())
        surface.modules.setdefault(path, set()).update(names)
        if module.auto_open:
            surface.open |= names
        for name, by_arity in module.types.items():
            members = surface.types.setdefault(f"{path}.{name}", set())
            for entity in by_arity.values():
                members |= _members(entity.symbol)
        for inner in module.modules.values():
            walk(inner)

    def _members(symbol: str) -> set[str]:
        signature = library.signatures.types.get(symbol)
        if signature is None:
            return set()
        found = set(signature.members) | set(signature.cases) | set(signature.fields)
        found |= set(signature.enum_values)
        found |= {f"Is{case}" for case in signature.cases}
        found |= {one.name for one in library.signatures.extensions.get(symbol, [])}
        if signature.base is not None:
            found |= _members(signature.base.symbol)
        return found | {name.removeprefix("get_") for name in found}

    walk(library.environment.root)
    return surface


def _is_there(part: Part, name: str) -> bool:
    surface = _surface()
    if part.kind == "attribute":
        return True
    if part.kind == "type":
        return name in surface.types.get(part.path, set())
    names = surface.modules.get(part.path, set())
    if part.path in OPEN:
        names = names | surface.open
    if name.startswith("|"):
        return all(piece in names for piece in name.strip("|").split("|") if piece != "_")
    return name in names


# What the programs use ----------------------------------------------------------------------------

_UNUSED = re.compile(r'"""[\s\S]*?"""|@"[^"]*"|"(?:\\.|[^"\\])*"|//[^\n]*')
_OPERATORS = (
    *(
        "+",
        "-",
        "*",
        "/",
        "%",
        "**",
        "@",
        "^",
        "&&&",
        "|||",
        "^^^",
        "<<<",
        ">>>",
        "~~~",
        "~-",
        "~+",
    ),
    *("=", "<>", "<", ">", "<=", ">=", "|>", "||>", "|||>", "<|", "<||", "<|||", ">>", "<<"),
    *("!", ":=", "?=", "=?", "?=?", "?<", "<?", "?<?", "?>", ">?", "?>?", "?<=", "<=?", "?<=?"),
    *("?>=", ">=?", "?>=?", "?<>", "<>?", "?<>?", "?+", "+?", "?+?", "?-", "-?", "?-?"),
    *("?*", "*?", "?*?", "?/", "/?", "?/?", "?%", "%?", "?%?"),
)
_SYMBOLS = {compiled_name(text): text for text in _OPERATORS}


@cache
def _programs() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(HERE.rglob("*.clef")):
        if path.is_relative_to(HERE / "spec"):
            continue  # about the language
        source, _ = parse(path.read_text(encoding="utf-8"))
        found[f"{path.parent.name}/{path.stem}"] = _UNUSED.sub('""', source)
    return found


def _pattern(part: Part, name: str) -> re.Pattern[str]:
    if name in _SYMBOLS:
        return re.compile(rf"(?<=[\s(]){re.escape(_SYMBOLS[name].lstrip('~'))}(?=[\s)\w])")
    if name.startswith("|"):
        return re.compile(rf"\b{name.strip('|').split('|')[0]}\b")
    word = re.escape(name)
    if part.kind == "type":
        return re.compile(rf"\.{word}\b")
    if part.path in OPEN or part.path.startswith("FSharp.Core.LanguagePrimitives"):
        return re.compile(rf"(?<![\w.]){word}\b")
    module = part.path.rpartition(".")[2]
    return re.compile(rf"\b{module}\.{word}\b")


_NAMED = {
    "AsyncBuilder": r"\basync\s*\{",
    "QueryBuilder": r"\bquery\s*\{",
    "Ref": r"\bref\b",
}
"""How programs name types that they do not call by their name."""
_WRITTEN_AS = {
    "Bind": r"\b(let|do)!",
    "Combine": r"\breturn\b",
    "Delay": r"\{",
    "For": r"\bfor\b",
    "Return": r"\breturn\b",
    "ReturnFrom": r"\breturn!",
    "Run": r"\{",
    "Source": r"\bfor\b",
    "TryFinally": r"\bfinally\b",
    "TryWith": r"\btry\b",
    "Using": r"\buse!?",
    "While": r"\bwhile\b",
    "Yield": r"\bfor\b",
    "YieldFrom": r"\byield!",
    "Zero": r"\{",
}
"""What stands for a method of a builder; others are operations, which begin with a small letter."""


def _users(part: Part, name: str) -> list[str]:
    """The programs that name the function; a member counts in those that name its type as well."""
    short = part.path.rpartition(".")[2]
    owner = re.compile(_NAMED.get(short, rf"\b{short}\b") if part.kind == "type" else "")
    pattern = _pattern(part, name)
    if short.endswith("Builder"):
        operation = rf"(?<![.\w]){name[:1].lower()}{name[1:]}\b"
        pattern = re.compile(_WRITTEN_AS.get(name, operation))
    texts = _programs().items()
    return [program for program, text in texts if owner.search(text) and pattern.search(text)]


# The document -------------------------------------------------------------------------------------


def parts() -> list[Part]:
    """All parts with what is there and what is tested."""
    found = _inventory()
    for part in found:
        if part.kind == "attribute":
            if part.path in _surface().types:
                part.there.add(part.path)
            continue
        for name in part.names:
            if _is_there(part, name):
                part.there.add(name)
                users = _users(part, name)
                if users:
                    part.tested[name] = users
    return found


def _shown(names: list[str]) -> str:
    return ", ".join(f"`{_SYMBOLS.get(name, name)}`" for name in names)


def _section(part: Part) -> list[str]:
    lines = [f"## {part.path}{' (type)' if part.kind == 'type' else ''}", ""]
    if part.missing:
        lines.append(f"- missing: {_shown(part.missing)}")
    by_program: dict[str, list[str]] = {}
    for name, users in part.tested.items():
        by_program.setdefault(users[0], []).append(name)
    lines += [f"- {program}: {_shown(names)}" for program, names in sorted(by_program.items())]
    if part.untested:
        lines.append(f"- without a case: {_shown(part.untested)}")
    return [*lines, ""]


def render() -> str:
    """The whole document."""
    found = parts()
    attributes = [part for part in found if part.kind == "attribute"]
    rest = [part for part in found if part.kind != "attribute" and part.names]
    total = sum(len(part.names) for part in rest)
    there = sum(len(part.there) for part in rest)
    tested = sum(len(part.tested) for part in rest)
    lines = [
        "# Coverage of FSharp.Core and .NET",
        "",
        "Written by `python -m tests.conformance.coverage`; the inventory comes from FSharp.Core",
        "4.7 itself, with what versions 5 to 9 added. A name stands behind the first program in",
        "`tests/conformance` that uses it.",
        "",
        f"{there} of {total} functions and members are there; {tested} of them have a case.",
        "",
        "| Part | Names | There | With a case |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {part.path} | {len(part.names)} | {len(part.there)} | {len(part.tested)} |"
        for part in rest
    ]
    lines.append("")
    for part in rest:
        lines += _section(part)
    lacking = [part.path.rpartition(".")[2] for part in attributes if not part.there]
    lines += ["## Attributes", ""]
    lines.append(f"{len(attributes) - len(lacking)} of {len(attributes)} are known.")
    if lacking:
        lines += ["", f"- missing: {_shown(lacking)}"]
    lines += ["", "## Left out", ""]
    lines += [f"- `{prefix.rstrip('.')}`: {why}" for prefix, why in LEFT_OUT.items()]
    lines += ["", *dotnet_section(_surface().types)]
    return "\n".join(lines) + "\n"


def refresh_inventory() -> None:
    """Ask the reference compiler what FSharp.Core shows."""
    from tests.reference.reference import Compiler, set_up

    set_up()
    with Compiler() as compiler:
        told = compiler.judge({"inventory.fs": PROGRAM.read_text(encoding="utf-8")}).stdout
    merged: dict[str, set[str]] = {}
    for line in told.splitlines():
        head, _, names = line.partition(":")
        merged.setdefault(head, set()).update(names.split())
    lines = [f"{head}: {' '.join(sorted(names))}".rstrip() for head, names in merged.items()]
    INVENTORY.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def main(words: list[str]) -> int:
    """Run the command; see the module's text."""
    if "--inventory" in words:
        refresh_inventory()
    DOCUMENT.write_text(render(), encoding="utf-8")
    print(f"{DOCUMENT} written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
