"""Fill in what test programs must print, by asking the F# compiler.

In: `.clef` files (all test programs unless named). Out: their `//>` lines, and with
`--write` the files are rewritten. Promises: a program that the reference rejects, or that is
marked `not-reference`, is left as it is; without `--write` nothing changes and the exit code says
whether every file already agrees.

    python -m tests.reference.accept [--write] [--show] [FILE...]
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from queue import Queue

from tests.program_expectations import Expectation, parse, render
from tests.reference.differences import as_clef
from tests.reference.reference import Compiler, Judgement, set_up

TESTS = Path(__file__).parent.parent
ROOTS = (str(TESTS / "programs"), str(TESTS / "conformance"))
PROCESSES = 2


@dataclass(slots=True)
class Finding:
    """One program after its judgement; `problem` says why it was not accepted."""

    path: Path
    changed: bool = False
    problem: str | None = None


def reference_files(path: Path, source: str) -> dict[str, str]:
    """A program's files as the reference wants them: the same stem, so the same module name."""
    return {path.stem + ".fs": source}


def judge(compiler: Compiler, path: Path) -> tuple[Expectation, str, Judgement]:
    """Run one program through the reference."""
    source, expectation = parse(path.read_text(encoding="utf-8"))
    files = reference_files(path, source)
    return expectation, source, compiler.judge(files, expectation.arguments, expectation.stdin)


def accept(compiler: Compiler, path: Path, write: bool) -> Finding:
    """Bring one program's expectation in line with the reference."""
    text = path.read_text(encoding="utf-8")
    _, stated = parse(text)
    if stated.not_reference is not None:
        return Finding(path, problem=None if stated.has_output_lines else "no expected output")
    expectation, source, judgement = judge(compiler, path)
    told = "\n".join(str(message) for message in judgement.messages)
    if not judgement.ran:
        return Finding(path, problem=told)
    expectation.stdout = as_clef(source, judgement.stdout, expectation.remarks)
    expectation.exit_code = judgement.exit_code
    missing = [part for part in expectation.stderr_parts if part not in judgement.stderr]
    new = render(source, expectation)
    if write and new != text:
        path.write_text(new, encoding="utf-8")
    problem = told or None
    if missing or (judgement.exit_code == 134 and not expectation.stderr_parts):
        problem = f"{told}\nstandard error: {judgement.stderr[:600]}"
    return Finding(path, changed=new != text, problem=problem)


def accept_all(paths: list[Path], write: bool) -> list[Finding]:
    """Judge all programs with a few compilers side by side."""
    compilers: Queue[Compiler] = Queue()

    def work(path: Path) -> Finding:
        compiler = compilers.get()
        try:
            return accept(compiler, path, write)
        finally:
            compilers.put(compiler)

    opened = [Compiler() for _ in range(min(PROCESSES, len(paths)))]
    for compiler in opened:
        compilers.put(compiler)
    try:
        with ThreadPoolExecutor(max(1, len(opened))) as pool:
            return list(pool.map(work, paths))
    finally:
        for compiler in opened:
            compiler.__exit__(None, None, None)


def expand(names: list[str]) -> list[Path]:
    """The programs meant by files and folders."""
    found: list[Path] = []
    for name in map(Path, names or ROOTS):
        found += sorted(name.rglob("*.clef")) if name.is_dir() else [name]
    return found


def main(words: list[str]) -> int:
    """Run the command; see the module's text."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--write", action="store_true", help="rewrite the files")
    parser.add_argument("--show", action="store_true", help="print the outputs")
    parser.add_argument("files", nargs="*")
    options = parser.parse_args(words)
    set_up()
    findings = accept_all(expand(options.files), options.write)
    for finding in findings:
        if finding.problem:
            print(f"{finding.path}:\n{finding.problem}")
        elif finding.changed:
            print(f"{finding.path}: {'written' if options.write else 'differs'}")
        if options.show:
            _, expectation = parse(finding.path.read_text(encoding="utf-8"))
            sys.stdout.writelines(islice(expectation.stdout.splitlines(keepends=True), 200))
    wrong = sum(1 for finding in findings if finding.problem or finding.changed)
    print(f"{len(findings)} programs, {len(findings) - wrong} already right")
    return 1 if any(finding.problem for finding in findings) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
