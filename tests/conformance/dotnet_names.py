"""The names of .NET that Clef knows of, provided or not: `clef/names/dotnet_names.txt`.

In: the public types of .NET Core 3.1 (asked of the reference), what came later
(`inventory/dotnet_added.txt`), the inventory of FSharp.Core. Out: a line for each type or module:
its path, then members where a program may look for them; `python -m tests.conformance.dotnet_names`
writes the file. Promises: names only; .NET is published under the MIT licence.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.conformance.coverage import ADDED, HERE, INVENTORY

PROGRAM = HERE / "inventory" / "dotnet.fs"
LATER = HERE / "inventory" / "dotnet_added.txt"
PRODUCT = HERE.parent.parent / "clef" / "names" / "dotnet_names.txt"
HEAD = """\
# Written by `python -m tests.conformance.dotnet_names`: the public types of .NET Core 3.1 (MIT
# licence) and of FSharp.Core, with their members where programs may look for them.
"""
SKIPPED = (
    "Internal",
    "Microsoft.FSharp",
    "Microsoft.VisualBasic",
    "System.Xml.Xsl.Runtime",
    "Windows",
)
WITH_MEMBERS = (
    "Microsoft.FSharp.Reflection",
    "System",
    "System.Collections",
    "System.Collections.Concurrent",
    "System.Collections.Generic",
    "System.Collections.Immutable",
    "System.Collections.ObjectModel",
    "System.Collections.Specialized",
    "System.Diagnostics",
    "System.Globalization",
    "System.IO",
    "System.Linq",
    "System.Numerics",
    "System.Reflection",
    "System.Text",
    "System.Text.RegularExpressions",
    "System.Threading",
    "System.Threading.Tasks",
    "System.Timers",
)


def _add(found: dict[str, set[str]], full_name: str, members: list[str]) -> None:
    path = ".".join(part.partition("`")[0] for part in full_name.replace("+", ".").split("."))
    kept = members if path.rpartition(".")[0] in WITH_MEMBERS else []
    found.setdefault(path, set()).update(kept)


def _is_kept(line: str) -> bool:
    return not any(line.startswith(f"{prefix}.") for prefix in SKIPPED)


def names(told: str) -> dict[str, set[str]]:
    """Members by path; `told` is what `dotnet.fs` prints."""
    found: dict[str, set[str]] = {}
    kept = [line for line in told.splitlines() if _is_kept(line)]
    for line in [*kept, *LATER.read_text(encoding="utf-8").splitlines()]:
        if line and not line.startswith("#"):
            full_name, *members = line.split()
            _add(found, full_name, members)
    for file in (INVENTORY, ADDED):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                head, _, members_text = line.partition(":")
                path = head.split()[1]
                plain = [name for name in members_text.split() if name.isidentifier()]
                found.setdefault(f"Microsoft.{path}", set()).update(plain)
    return found


def render(found: dict[str, set[str]]) -> str:
    """The text of the file."""
    return HEAD + "".join(
        " ".join([path, *sorted(members)]) + "\n" for path, members in sorted(found.items())
    )


def main() -> int:
    """Write the file."""
    from tests.reference.reference import Compiler, set_up

    set_up()
    with Compiler() as compiler:
        told = compiler.judge({"dotnet.fs": PROGRAM.read_text(encoding="utf-8")}).stdout
    PRODUCT.write_text(render(names(told)), encoding="utf-8")
    print(f"{Path(PRODUCT).name} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
