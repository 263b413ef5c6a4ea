"""The engine behind every prompt: text in, what it defined and did out.

Comes in: inputs. Goes out: an `Outcome` for each. Promises: no input ends the engine; values that
were computed are not computed again; an input that is interrupted, overflows the stack or dies
leaves the state as it was before it, one that raises keeps its effects and none of its names.
Nothing here knows a terminal: what the code itself prints goes to the runner's streams.
"""

from __future__ import annotations

import contextlib
import re
import signal
import threading
import time
from collections.abc import Callable, Generator, Sequence
from types import FrameType

from clef.backends.object_file import NotLinkable
from clef.collector import collector_at_rest
from clef.data_classes import dataclass, field
from clef.deep_stack import run_deep
from clef.diagnostics.arrangement import has_errors
from clef.diagnostics.diagnostic import Diagnostic
from clef.diagnostics.typing.generality import ValueRestriction
from clef.memory_plan import LayoutChanged
from clef.repl.checked import Checked, Names
from clef.repl.inputs import Input, parse_input, without_end
from clef.repl.process import Run, Runner
from clef.repl.program import Added, Kept, SessionProgram
from clef.repl.showing import (
    MODULE,
    PRELUDE,
    SHOWN,
    ShownValue,
    is_unit,
    module_lines,
    showing_code,
    shown_values,
    type_lines,
    value_lines,
)
from clef.source import SourceFile
from clef.standard_library import load
from clef.toolchain.telemetry import SILENT, Telemetry

HIDDEN = "Clef_shows"


Also = Callable[[Checked], Sequence[str]]


@dataclass(slots=True)
class Outcome:
    """What came of an input. `status`: "done", "errors" (it was not run), "failed" (an exception),
    "interrupted", "died", "lost", or "exited" with `code`. `lines`: what it defined; `texts`: the
    further texts that were asked for; `it`: the text of the value `it`.
    """

    status: str
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    lines: list[str] = field(default_factory=list[str])
    texts: list[str | None] = field(default_factory=list["str | None"])
    it: str | None = None
    code: int = 0
    seconds: float = 0.0
    compile_seconds: float = 0.0
    memory: int = 0
    image_size: int = 0
    checked: Checked | None = None
    added: Added | None = None


class Engine:
    """One session."""

    def __init__(self, runner: Runner | None = None, telemetry: Telemetry = SILENT) -> None:
        self._telemetry = telemetry
        self._library, _ = load(telemetry)
        self._runner = runner or Runner()
        self._count = 0
        self._is_unwanted = False
        self.last: Added | None = None
        self.last_module = ""
        self._sources: dict[str, SourceFile] = {}
        self._begin()

    def _begin(self) -> None:
        self.names = Names(self._library)
        self.program = SessionProgram(self._library, self._telemetry)
        prelude = self.names.check(parse_input(f"{MODULE}.fsx", PRELUDE))
        assert not prelude.diagnostics, prelude.diagnostics
        self.names.accept(prelude, is_open=False)
        self.program.units.append(prelude.unit)
        self.program.sources.append(prelude.source)

    @property
    def sources(self) -> dict[str, SourceFile]:
        """The texts that diagnostics speak of."""
        return self._sources

    def evaluate(self, text: str, path: str = "", also: Also | None = None) -> Outcome:
        """Compile and run an input. `path`: of the file that it comes from. `also` gives, for the
        checked input, Clef expressions over `$it` whose texts are wanted besides.
        """
        self._count += 1
        name = path or f"Input_{self._count}.fsx"
        self._is_unwanted = False
        try:
            with self._interruptible():
                return run_deep(lambda: self._evaluate(name, without_end(text), bool(path), also))
        except RecursionError:
            from clef.diagnostics.project import NestedTooDeeply

            self.names.refuse()
            source = SourceFile(name, text)
            self._sources[name] = source
            return Outcome("errors", [NestedTooDeeply(source.span(0, 0))])

    def interrupt(self) -> None:
        """End the input that is running, from another thread."""
        self._is_unwanted = True
        self._runner.interrupt()

    @contextlib.contextmanager
    def _interruptible(self) -> Generator[None]:
        """Ctrl-C ends the input and not us."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def interrupt(number: int, frame: FrameType | None) -> None:
            self.interrupt()

        before = signal.signal(signal.SIGINT, interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def restart(self) -> None:
        """Begin anew with nothing."""
        self._runner.stop()
        self._begin()

    def stop(self) -> None:
        """End the session."""
        self._runner.stop()

    def _evaluate(self, name: str, text: str, is_file: bool, also: Also | None) -> Outcome:
        start = time.perf_counter()
        given = parse_input(name, text)
        self._sources[name] = given.source
        if has_errors(given.diagnostics):
            return Outcome("errors", given.diagnostics)
        with collector_at_rest(), self._telemetry.stage("check"):
            checked = self._check(given)
        again = self.program.defined_again(checked.unit)
        if again:
            self.names.refuse()
            from clef.diagnostics.tools import DefinedByEarlierInput

            return Outcome("errors", [DefinedByEarlierInput(given.source.span(0, 0), again)])
        if has_errors(checked.diagnostics):
            return Outcome("errors", checked.diagnostics)
        further: Sequence[str] = also(checked) if also is not None else ()
        outcome = self._build_and_run(given, checked, is_file, further, start)
        outcome.checked = checked
        outcome.diagnostics = [*checked.diagnostics, *outcome.diagnostics]
        return outcome

    def _check(self, given: Input) -> Checked:
        """An expression that never gives a value has no type that `it` could have."""
        checked = self.names.check(given)
        errors = [one for one in checked.diagnostics if has_errors([one])]
        if not given.shows_it or not errors or not all(map(_is_undecided, errors)):
            return checked
        plain = parse_input(given.source.path, given.source.text, binds_it=False)
        other = self.names.check(plain)
        if has_errors(other.diagnostics):
            self.names.refuse()
            return checked
        return other

    def _build_and_run(
        self, given: Input, checked: Checked, is_file: bool, also: Sequence[str], start: float
    ) -> Outcome:
        values = [] if is_file else shown_values(checked)
        kept = self.program.keep()
        try:
            with collector_at_rest():
                added, wanted = self._compile(checked, values, also)
        except (LayoutChanged, NotLinkable) as changed:
            self._go_back(kept)
            from clef.diagnostics.tools import SessionCannotGoOn

            return Outcome("errors", [SessionCannotGoOn(given.source.span(0, 0), str(changed))])
        if added.update is None:
            self._go_back(kept)
            return Outcome("errors", added.diagnostics)
        compiled = time.perf_counter()
        if self._is_unwanted:
            self._go_back(kept)
            return Outcome("interrupted")
        ran = self._runner.run(added.update, added.shown)
        outcome = Outcome(
            {"done": "done", "failed": "failed"}.get(ran.ended, ran.ended),
            added.diagnostics,
            code=ran.code,
            compile_seconds=compiled - start,
            seconds=time.perf_counter() - compiled,
            memory=ran.memory,
            image_size=self.program.image.size,
            added=added,
        )
        return self._settle(outcome, ran, kept, checked, (values, wanted, is_file))

    def _settle(
        self,
        outcome: Outcome,
        ran: Run,
        kept: Kept,
        checked: Checked,
        shown: tuple[list[ShownValue], list[int], bool],
    ) -> Outcome:
        """Keep what was run, or forget it."""
        assert outcome.added is not None
        values, wanted, is_file = shown
        if ran.ended == "lost":
            self._runner.stop()
            self._begin()
        elif ran.ended in ("done", "failed"):
            self.program.ran(outcome.added)
            self.last, self.last_module = outcome.added, checked.module
            if ran.ended == "done":
                self.names.accept(checked, not is_file)
                outcome.lines = _lines(checked, values, wanted, ran.texts) if not is_file else []
                outcome.it = _text_of_it(values, wanted, ran.texts)
                outcome.texts = ran.texts[len([one for one in wanted if one >= 0]) :]
            else:
                self.names.refuse()
        else:
            self._go_back(kept)
        return outcome

    def _go_back(self, kept: Kept) -> None:
        self.program.restore(kept)
        self.names.refuse()

    def _compile(
        self, checked: Checked, values: list[ShownValue], also: Sequence[str]
    ) -> tuple[Added, list[int]]:
        """The program with this input and the code that shows its values; which of them it
        shows."""
        units, sources = [checked.unit], [checked.source]
        asked = [one.expression for one in values if one.expression]
        show = self._show_code(checked, asked, also)
        if show is None and (asked or also):
            asked = [one for one in asked if self._show_code(checked, [one], ()) is not None]
            also = [one for one in also if self._show_code(checked, [], [one]) is not None]
            show = self._show_code(checked, asked, also)
        if show is not None:
            units.append(show.unit)
            sources.append(show.source)
        order = {text: index for index, text in enumerate(asked)}
        wanted = [order.get(one.expression, -1) if one.expression else -1 for one in values]
        return self.program.add(units, sources, SHOWN if show is not None else ""), wanted

    def _show_code(
        self, checked: Checked, asked: Sequence[str], also: Sequence[str]
    ) -> Checked | None:
        """The checked code that makes texts; None where it has errors."""
        if not asked and not also:
            return None
        further = [one.replace("$it", f"{checked.module}.it") for one in also]
        given = parse_input(f"{HIDDEN}{self._count}.fsx", showing_code([*asked, *further]))
        made = self.names.check(given, checked)
        return None if has_errors(made.diagnostics) else made


def _is_undecided(found: Diagnostic) -> bool:
    """Whether `it` could be of any type at all, as when an exception is raised."""
    if not isinstance(found, ValueRestriction):
        return False
    return found.name == "it" and re.fullmatch(r"'\w+", found.type) is not None


def _text_of_it(values: list[ShownValue], wanted: list[int], texts: list[str | None]) -> str | None:
    """The value `it` of an input, unless it is a function or `()`."""
    for one, place in zip(values, wanted, strict=True):
        if one.value.name == "it" and not is_unit(one.value.scheme.type):
            text = texts[place] if 0 <= place < len(texts) else None
            return text if text is not None else value_lines(one, None)
    return None


def _lines(
    checked: Checked, values: list[ShownValue], wanted: list[int], texts: list[str | None]
) -> list[str]:
    """The definitions of an input in the order of its text."""
    found: list[tuple[int, str]] = []
    for one, place in zip(values, wanted, strict=True):
        text = texts[place] if 0 <= place < len(texts) else None
        if place >= 0 and text is None:
            text = "<null>"
        found.append((one.value.span.start, value_lines(one, text)))
    found += [(one.span.start, type_lines(one)) for one in checked.types()]
    found += module_lines(checked)
    return [line for _, line in sorted(found, key=lambda item: item[0])]
