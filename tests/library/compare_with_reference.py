"""The library's pure modules beside FSharp.Core, in one program that the reference F# compiler
builds.

Comes in: names of comparison programs in this folder (`*_comparison.fs`), default all. Goes out:
exit code 0 when every comparison
agrees, else the differences on standard output. Promises: the library's sources are used as they
are, except that their namespaces
`Microsoft.FSharp.*` and `System.*` become `Clef.Checked` and that `shim.fs` stands for the machine
operations.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tests.reference.reference import Compiler, Judgement

HERE = Path(__file__).parent
LIBRARY = HERE.parent.parent / "clef" / "library"
# The files without machine operations of their own, and without types that the reference compiler
# has built in.
CHECKED = [
    "text/powers_of_ten",
    "text/big_number",
    "text/text_builder",
    "text/integer_text",
    "text/float_digits",
    "text/float_text",
    "text/float_reader",
    "prim/decimal_arithmetic",
    "text/integer_reader",
    "numerics/big_magnitude",
    "collections/errors",
    "collections/hash_table",
    "collections/sorting",
    "collections/list_pieces",
    "collections/list",
    "collections/option",
    "collections/result",
    "collections/array_pieces",
    "collections/array",
    "text/padding",
    "text/custom_format",
    "text/number_format",
    "collections/seq_pieces",
    "collections/seq",
    "collections/key_collection",
    "collections/balanced_tree",
    "collections/map",
    "collections/set",
    "text/case_tables",
    "text/characters",
    "text/string_search",
    "text/layout",
    "collections/string",
]
_NAMESPACE = re.compile(r"^namespace (Microsoft\.FSharp|System)[A-Za-z.]*$", re.MULTILINE)


def checked_files() -> list[str]:
    """The library's pure files, in order."""
    lines = (LIBRARY / "order.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.removesuffix(".clef") in CHECKED]


def as_fsharp(name: str) -> str:
    """A library file as ordinary F# under another namespace."""
    text = (LIBRARY / name).read_text(encoding="utf-8")
    if "// reference: no" in text:
        return ""
    opened = "open Clef.Runtime\n" if "namespace Clef.Runtime" not in text else ""
    return _NAMESPACE.sub(f"namespace Clef.Checked\n{opened}", text)


def program(comparison: str) -> dict[str, str]:
    """File names with texts, for the reference compiler."""
    files = {"shim.fs": (HERE / "shim.fs").read_text(encoding="utf-8")}
    for name in checked_files():
        text = as_fsharp(name)
        if text:
            files[name.replace("/", "_").replace(".clef", ".fs")] = text
    files["comparison.fs"] = (HERE / f"{comparison}_comparison.fs").read_text(encoding="utf-8")
    return files


def compare(compiler: Compiler, comparison: str) -> Judgement:
    """Compile and run one comparison program."""
    return compiler.judge(program(comparison))


def main(words: list[str]) -> int:
    """All or the named comparisons; 1 when one of them differs or is not accepted."""
    found = sorted(
        path.name.removesuffix("_comparison.fs") for path in HERE.glob("*_comparison.fs")
    )
    failed = 0
    with Compiler() as compiler:
        for name in words or found:
            judgement = compare(compiler, name)
            errors = [message for message in judgement.messages if message.severity == "error"]
            for message in errors[:40]:
                print(f"{message.file}:{message.line}:{message.column}: {message.text}")
            good = judgement.ran and judgement.exit_code == 0
            print(f"{name}: {'agrees' if good else 'DIFFERS'}")
            print(judgement.stdout[-6000:] + judgement.stderr[-2000:], end="")
            failed += not good
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
