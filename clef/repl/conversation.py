"""A prompt without a terminal: what is said to each input, directives among them.

Comes in: complete inputs. Goes out: a `Reply` for each: text for standard output and for standard
error, and perhaps the exit code with which the session ends. Promises: nothing that is typed
raises; a terminal, a pipe and a notebook say the same.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from clef.data_classes import dataclass, field
from clef.diagnostics.diagnostic import Diagnostic
from clef.diagnostics.look import Look
from clef.diagnostics.report import messages
from clef.repl.checked import Checked
from clef.repl.engine import Engine, Outcome
from clef.repl.inputs import Directive, directive_of
from clef.repl.looking import Answer, documentation_of, machine, type_of

HELP = """\
  #load "FILE" …       compile and run files; their modules can be used then
  #time ["on"|"off"]   say how long each input takes
  #reset               forget everything
  #help                this text
  #quit                end the session

  :type EXPRESSION     the type of an expression, without computing it
  :doc NAME            what a name is, and its documentation
  :memory [NAME]       what a function allocates, counts and gives up
  :core [NAME]         a function in the core language
  :mlir [NAME]         a function in MLIR
  :asm [NAME]          a function in assembly

An input ends where its layout ends: at the end of its line, or, when it has several lines, with an
empty one. `;;` ends an input as well. The value of the last expression is `it`.
"""

_NOT_THE_END = {
    "failed": "Stopped due to error: none of the names of this input are defined.",
    "interrupted": "Interrupted: all values are as they were before this input.",
    "lost": "The process that held the values is gone: all are lost, the session begins anew.",
}


@dataclass(slots=True)
class Reply:
    """What is written, and the exit code when the session ends. `outcome`: of an input that was
    evaluated; `forms`: how its value looks in a page, by media type.
    """

    output: str = ""
    errors: str = ""
    ends: int | None = None
    outcome: Outcome | None = None
    forms: dict[str, str] = field(default_factory=dict[str, str])
    is_mistake: bool = False


class Conversation:
    """One session and what it was told about how to speak."""

    def __init__(self, engine: Engine, look: Look, style: str = "human") -> None:
        self.engine = engine
        self._look = look
        self._style = style
        self._times = False
        self.wants_forms = False

    def respond(self, text: str) -> Reply:
        """The answer to one input."""
        if not text.replace(";;", "").strip():
            return Reply()
        directive = directive_of(text)
        if directive is not None:
            return self._obey(directive)
        first, _, rest = text.lstrip().partition("\n")
        directive = directive_of(first)
        if directive is not None:
            return _joined(self._obey(directive), lambda: self.respond(rest))
        return self._evaluate(text)

    def _evaluate(self, text: str) -> Reply:
        from clef.repl.rich import Plan, forms_of, plan_for

        plan = Plan()

        def also(checked: Checked) -> list[str]:
            nonlocal plan
            signatures = self.engine.names.signatures.with_file(checked.interface)
            plan = plan_for(checked, signatures) if self.wants_forms else Plan()
            return plan.expressions

        reply = self._reply(self.engine.evaluate(text, also=also))
        if reply.outcome is not None:
            reply.forms = forms_of(plan, reply.outcome.texts)
        return reply

    def messages(self, diagnostics: list[Diagnostic]) -> str:
        """Diagnostics as text."""
        return messages(diagnostics, self.engine.sources, self._style, self._look)

    def _reply(self, outcome: Outcome) -> Reply:
        errors = self.messages(outcome.diagnostics) if outcome.diagnostics else ""
        said = self.end_of(outcome)
        if said:
            errors += self._look.paint(said, "error") + "\n"
        output = "".join(f"{line}\n" for line in outcome.lines)
        if self._times and outcome.added is not None:
            output += _times(outcome)
        ends = outcome.code if outcome.status == "exited" else None
        return Reply(output, errors, ends, outcome, is_mistake=outcome.status != "done")

    @staticmethod
    def end_of(outcome: Outcome) -> str:
        """What to say about an input that did not come to its end."""
        if outcome.status == "died":
            import signal

            how = "" if outcome.code >= 0 else f" of {signal.Signals(-outcome.code).name}"
            return f"The input died{how}: all values are as they were before it."
        return _NOT_THE_END.get(outcome.status, "")

    # Directives ----------------------------------------------------------------------------------

    def _obey(self, directive: Directive) -> Reply:
        named: dict[str, Callable[[Directive], Reply]] = {
            "help": lambda _: Reply(HELP),
            "quit": lambda _: Reply(ends=0),
            "time": self._time,
            "load": self._load,
            "reset": self._reset,
            "type": lambda one: self._answer(type_of(self.engine, one.argument)),
            "doc": lambda one: self._answer(documentation_of(self.engine, one.argument)),
            "cd": self._change_folder,
            "r": self._refer,
        }
        if directive.name in ("core", "mlir", "asm", "memory"):
            return self._answer(machine(self.engine, directive.name, directive.argument))
        known = named.get(directive.name)
        if known is None:
            return self._mistake(
                f"`#{directive.name}` is not supported here; `#help` lists what is"
            )
        return known(directive)

    def _mistake(self, text: str) -> Reply:
        return Reply(errors=f"{text}\n", is_mistake=True)

    def _answer(self, answer: Answer) -> Reply:
        if answer.diagnostics:
            return Reply(errors=self.messages(answer.diagnostics), is_mistake=True)
        if answer.is_mistake:
            return self._mistake(answer.text)
        return Reply(answer.text.rstrip("\n") + "\n")

    def _time(self, directive: Directive) -> Reply:
        word = directive.argument.strip('"')
        self._times = not self._times if word not in ("on", "off") else word == "on"
        return Reply(f"--> Timing now {'on' if self._times else 'off'}\n")

    def _reset(self, _: Directive) -> Reply:
        self.engine.restart()
        return Reply("--> Everything is forgotten\n")

    def _change_folder(self, directive: Directive) -> Reply:
        folder = "".join(directive.texts()[:1])
        try:
            os.chdir(folder or os.path.expanduser("~"))
        except OSError as error:
            return self._mistake(f"cannot go to `{folder}`: {error.strerror}")
        return Reply(f"--> {os.getcwd()}\n")

    def _refer(self, directive: Directive) -> Reply:
        from clef.project.dotnet_packages import is_provided_reference

        for words in directive.texts():
            if not is_provided_reference(words):
                return self._mistake(f"`{words}` is an assembly of .NET, which cannot be used")
        return Reply()

    def _load(self, directive: Directive) -> Reply:
        from clef.project.scripts import read_script

        whole = Reply()
        if not directive.texts():
            return self._mistake('a file is needed: `#load "file.fsx"`')
        for path in directive.texts():
            script = read_script(path)
            if script.diagnostics:
                self.engine.sources.update(script.files)
                return Reply(whole.output, self.messages(script.diagnostics), is_mistake=True)
            for source in script.sources:
                reply = self._load_file(source)
                whole.output += reply.output
                whole.errors += reply.errors
                whole.is_mistake = reply.is_mistake
                if reply.is_mistake or reply.ends is not None:
                    whole.ends = reply.ends
                    return whole
        return whole

    def _load_file(self, path: str) -> Reply:
        from clef.project.files import read_source

        source, found = read_source(path)
        if source is None:
            return Reply(errors=self.messages(found), is_mistake=True)
        reply = self._reply(self.engine.evaluate(source.text, path))
        reply.output = f"[Loading {path}]\n{reply.output}"
        return reply


def _joined(first: Reply, go_on: Callable[[], Reply]) -> Reply:
    """The answer to a directive and to what stands below it."""
    if first.is_mistake or first.ends is not None:
        return first
    second = go_on()
    second.output = first.output + second.output
    second.errors = first.errors + second.errors
    return second


def _times(outcome: Outcome) -> str:
    size = outcome.memory / 1e6
    return (
        f"Real: {_clock(outcome.seconds)}, compiling: {_clock(outcome.compile_seconds)}, "
        f"memory: {size:.1f} MB\n"
    )


def _clock(seconds: float) -> str:
    whole = int(seconds)
    part = int((seconds - whole) * 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{part:03}"


def look_of_terminal(color: str) -> Look:
    """How messages look on standard error."""
    from clef.diagnostics.look import look_of

    return look_of(sys.stderr, color, os.environ)
