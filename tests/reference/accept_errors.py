"""Fill in what F# says about programs with one mistake each.

In: `tests/errors/**/*.clef`. Out: their `//?` lines, rewritten with `--write`: the line of the
program, `error` or `warning`, and the F# compiler's code. Promises: a program marked
`not-reference` is left alone; one that F# accepts in silence is reported.

    python -m tests.reference.accept_errors [--write] [FILE...]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.reference.reference import Compiler, Message, set_up

ERRORS = Path(__file__).parent.parent / "errors"
MARK = "//? "


def split(text: str) -> tuple[str, list[str]]:
    """A program's source and what its `//?` lines say."""
    lines = text.split("\n")
    source = [line for line in lines if not line.startswith(MARK)]
    said = [line[len(MARK) :] for line in lines if line.startswith(MARK)]
    return "\n".join(source).rstrip("\n") + "\n", said


def stated(message: Message) -> str:
    """What a `//?` line says about one message."""
    return f"{message.line}: {message.severity} FS{message.number:04d}"


def main(words: list[str]) -> int:
    """Run the command; see the module's text."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--write", action="store_true", help="rewrite the files")
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args(words)
    set_up()
    wrong = 0
    with Compiler() as compiler:
        for path in options.files or sorted(ERRORS.rglob("*.clef")):
            wrong += not _accept(compiler, path, options.write)
    return 1 if wrong else 0


def _accept(compiler: Compiler, path: Path, write: bool) -> bool:
    source, said = split(path.read_text(encoding="utf-8"))
    if "//# not-reference" in source:
        return True
    judgement = compiler.judge({path.stem + ".fs": source})
    messages = list(dict.fromkeys(map(stated, judgement.messages)))
    if not messages:
        print(f"{path}: F# says nothing")
        return False
    if write:
        marked = "".join(f"{MARK}{message}\n" for message in messages)
        path.write_text(f"{source}\n{marked}", encoding="utf-8")
    elif messages != said:
        print(f"{path}: differs")
    return write or messages == said


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
