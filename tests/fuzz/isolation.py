"""Many sources in a process of their own, under limits.

In: sources by name, and what to do with each. Out: a `Verdict` for each. Promises: a source that
hangs, eats the memory, or kills the process costs only itself: the next process goes on behind it.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import os
import resource
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import IO

from clef.deep_stack import run_deep

SECONDS = 40.0
"""For one source, on a busy machine; the usual ones take milliseconds."""
MEMORY = 1 << 30
"""In bytes, beyond what the process has before the first source, its deep stack included."""
_STACK = 512 << 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one source: the `stage` that it reached, or the `signature` of a failure with
    its `details`. `seconds` is processor time."""

    name: str
    stage: str = ""
    signature: str = ""
    details: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Case:
    """A source and what to call it."""

    name: str
    make: Callable[[], str]


def signature_of(error: BaseException) -> str:
    """A short name for a failure: the exception and the innermost function of the compiler."""
    place = "?"
    for frame in traceback.extract_tb(error.__traceback__):
        if "/clef/" in frame.filename:
            place = f"{frame.filename.rsplit('/clef/', 1)[1]}:{frame.name}"
    return f"{type(error).__name__} in {place}"


def _details(error: BaseException) -> str:
    lines = traceback.format_exception(error, limit=-8)
    return "".join(lines)[-3000:]


def _times() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def judge(name: str, text: str, runner: Callable[[str], str]) -> Verdict:
    """Run one source here and now; exceptions become signatures."""
    start = _times()
    try:
        stage = runner(text)
    except RecursionError:
        # The pipeline has a message for that: the source is nested too deeply.
        stage = "too deep"
    except BaseException as error:
        return Verdict(name, "", signature_of(error), _details(error), _times() - start)
    return Verdict(name, stage, seconds=_times() - start)


def _memory_now() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _limit_memory() -> None:
    bound = _memory_now() + _STACK + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _work(
    cases: Sequence[Case], runner: Callable[[str], str], out: IO[str], log: IO[str], seconds: float
) -> None:
    """The child: a line for each source, and never a way back."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    faulthandler.enable(log)
    _limit_memory()
    gc.set_threshold(700, 10, 10)

    def all_of_them() -> None:
        for case in cases:
            faulthandler.dump_traceback_later(seconds, exit=True, file=log)
            verdict = judge(case.name, case.make(), runner)
            out.write(json.dumps(asdict(verdict)) + "\n")
            out.flush()
        faulthandler.cancel_dump_traceback_later()

    run_deep(all_of_them)


def _fork(
    cases: Sequence[Case], runner: Callable[[str], str], log: IO[str], seconds: float
) -> tuple[list[Verdict], int]:
    """Judge in a child; gives what it finished, and its exit status."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 70
        try:
            os.close(reading)
            with os.fdopen(writing, "w", encoding="utf-8") as out:
                _work(cases, runner, out, log, seconds)
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as lines:
        verdicts = [Verdict(**json.loads(line)) for line in lines]
    _, status = os.waitpid(child, 0)
    return verdicts, status


def _hung_in(log: str) -> str:
    """The innermost function of the compiler in a dump of the threads."""
    for line in log.splitlines():
        if "/clef/" in line and 'File "' in line:
            path, _, rest = line.partition('", line ')
            return f"{path.rsplit('/clef/', 1)[1]}:{rest.rpartition(' in ')[2]}"
    return "?"


def _death(name: str, status: int, log: str) -> Verdict:
    if "Timeout (" in log:
        return Verdict(name, "", f"no end in {_hung_in(log)}", log[:3000], SECONDS)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return Verdict(name, "", f"killed by signal {number}", log[:3000])
    return Verdict(name, "", f"exit code {os.WEXITSTATUS(status)}", log[:3000])


def judge_all(
    cases: Iterable[Case], runner: Callable[[str], str], seconds: float = SECONDS
) -> list[Verdict]:
    """A verdict for every source, in order."""
    waiting = list(cases)
    verdicts: list[Verdict] = []
    while waiting:
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
            done, status = _fork(waiting, runner, log, seconds)
            log.seek(0)
            told = log.read()
        verdicts += done
        if len(done) == len(waiting):
            break
        verdicts.append(_death(waiting[len(done)].name, status, told))
        waiting = waiting[len(done) + 1 :]
    return verdicts
