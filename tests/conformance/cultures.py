"""The table of cultures: `clef/library/system/culture_table.clef`.

In: what `inventory/cultures.fs` prints, run by .NET with ICU, whose data is the Unicode CLDR
(Unicode License V3; version 42 is the one in use). Out: the table as Clef code, each culture as its
difference to its language's, each language's to the invariant culture. Promises: the same output
gives the same table.

    python -m tests.conformance.cultures OUTPUT

The reference runs without ICU; to make OUTPUT anew, run the program with
`DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0` and a `CLR_ICU_VERSION_OVERRIDE` of the machine's ICU.
"""

from __future__ import annotations

import re
import string
import sys
from pathlib import Path

PRODUCT = Path(__file__).parents[2] / "clef" / "library" / "system" / "culture_table.clef"
KEYS = string.ascii_uppercase + string.ascii_lowercase + string.digits
TIMES = (33, 34)
FULL = 35  # long date and long time: put together when it is asked for
HEAD = """\
/// How cultures write numbers and dates. Written by `python -m tests.conformance.cultures` from the
/// Unicode CLDR, version 42 (Unicode License V3), as .NET presents it. A text has a letter for each
/// field and what stands in it, as far as it differs from the language's.
namespace Clef.Runtime

open Microsoft.FSharp.Core

[<RequireQualifiedAccess>]
module internal CultureTable =
"""


def _times(row: list[str]) -> list[str]:
    """Patterns in which a blank was lost, or a part of the day for which .NET now writes `tt`."""
    fixed = [re.sub(r"(mm|ss)tt", r"\1 tt", field) for field in row]
    for index in TIMES:
        if "h" in fixed[index] and "tt" not in fixed[index]:
            fixed[index] = "tt" + fixed[index]
    return fixed


def _text(field: str) -> str:
    plain = field.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(c if c == " " or c.isprintable() else f"\\u{ord(c):04X}" for c in plain)


def table(output: str) -> str:
    """The Clef file."""
    rows = [_times(line.split("\t")) for line in output.splitlines() if line]
    by_name = {row[0]: row for row in rows}
    lines = [HEAD, "    let find (name: string) : string =\n        match name with\n"]
    for row in rows:
        name = row[0]
        if not name:
            continue
        parent = by_name[name.partition("-")[0] if "-" in name else ""]
        fields = [f"A{name}"]
        for index, (own, inherited) in enumerate(zip(row, parent, strict=True)):
            if index not in (0, FULL) and own != inherited:
                fields.append(KEYS[index] + own)
        lines.append(f'        | "{name.lower()}" -> "{_text("|".join(fields))}"\n')
    lines.append("        | _ -> null\n\n")
    names = "; ".join(f'"{row[0]}"' for row in rows if row[0])
    lines.append(f"    let names () : string[] = [| {names} |]\n")
    return "".join(lines)


def main() -> None:
    """Write the table."""
    PRODUCT.write_text(table(Path(sys.argv[1]).read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{PRODUCT.name} written\n")


if __name__ == "__main__":
    main()
