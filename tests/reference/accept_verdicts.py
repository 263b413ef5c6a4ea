"""Fill in what F# says to the short programs of `tests/verdicts`.

In: `tests/verdicts/*.txt`. Out: the verdicts that differ; with `--write` the files are rewritten.
Promises: what is stated by hand is left alone.

    python -m tests.reference.accept_verdicts [--write] [FILE...]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.reference.reference import Compiler, set_up
from tests.verdicts import FINE, FOLDER, Verdict, verdicts_in, written


def main(words: list[str]) -> int:
    """Run the command; see the module's text."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--write", action="store_true", help="rewrite the files")
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args(words)
    set_up()
    changed = 0
    with Compiler() as compiler:
        for path in options.files or sorted(FOLDER.glob("*.txt")):
            found = list(verdicts_in(path))
            changed += sum(_judged(compiler, one) for one in found)
            if options.write:
                path.write_text(written(found), encoding="utf-8")
    return 1 if changed and not options.write else 0


def _judged(compiler: Compiler, one: Verdict) -> bool:
    if one.is_stated_by_hand:
        return False
    judgement = compiler.judge({"verdict.fs": one.text})
    errors = [message for message in judgement.messages if message.severity == "error"]
    said = FINE if judgement.ran else f"FS{errors[0].number:04d}"
    if said == one.verdict:
        return False
    print(f"{one.path.name}: {one.name}: {said}, not {one.verdict or 'judged before'}")
    one.verdict = said
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
