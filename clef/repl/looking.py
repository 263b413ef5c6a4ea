"""Questions at the prompt: `:type`, `:doc`, `:core`, `:mlir`, `:asm`, `:memory`.

Comes in: an engine and what is asked about. Goes out: text, or diagnostics. Promises: nothing is
run; the session is the same afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from clef.data_classes import dataclass, field
from clef.diagnostics.arrangement import has_errors
from clef.diagnostics.diagnostic import Diagnostic
from clef.repl.engine import Engine
from clef.repl.inputs import parse_input
from clef.repl.showing import type_of_value
from clef.source import SourceFile

if TYPE_CHECKING:
    from clef.mlir.planned import Planned
    from clef.typed_core.core import Program


@dataclass(slots=True)
class Answer:
    """Text, or why there is none."""

    text: str = ""
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    is_mistake: bool = False


def type_of(engine: Engine, expression: str) -> Answer:
    """The type of an expression, which is not computed."""
    given = parse_input("Type.fsx", expression)
    engine.sources["Type.fsx"] = given.source
    if has_errors(given.diagnostics):
        return Answer(diagnostics=given.diagnostics)
    if not given.shows_it:
        return Answer("an expression is needed: `:type 1 + 1`", is_mistake=True)
    checked = engine.names.check(given)
    engine.names.refuse()
    errors = [one for one in checked.diagnostics if has_errors([one])]
    if errors:
        return Answer(diagnostics=errors)
    value = next(one for one in checked.values() if one.name == "it")
    return Answer(f"{expression.strip()} : {type_of_value(value)}")


def documentation_of(engine: Engine, name: str) -> Answer:
    """A name's declaration and its documentation."""
    from clef.language_server.describe import declaration, declared_at
    from clef.language_server.describe import documentation_of as words_of
    from clef.repl.analysis import SessionAnalyser

    project, file = SessionAnalyser(engine.names).analysed(name)
    occurrence = file.occurrence_at(len(file.source.text))
    if occurrence is None:
        return Answer(f"nothing is known about `{name}`", is_mistake=True)
    parts = [declaration(file, occurrence) or ""]
    parts.append(words_of(project, declared_at(file, project, occurrence)))
    return Answer("\n\n".join(part for part in parts if part))


def machine(engine: Engine, kind: str, name: str) -> Answer:
    """What the compiler made of a function, or of the last input."""
    added = engine.last
    if added is None or added.core is None:
        return Answer("nothing has been run yet", is_mistake=True)
    core, planned = added.core, cast("Planned", added.planned)
    wanted = _functions(core, name or engine.last_module)
    if not wanted:
        return Answer(f"no function `{name}` is compiled", is_mistake=True)
    if kind == "core":
        from clef.typed_core.printer import print_function

        return Answer("\n\n".join(print_function(core.functions[one]) for one in wanted))
    if kind == "memory":
        return Answer(_memory(engine, core, planned, wanted))
    return Answer(_pieces(engine, planned, wanted, kind))


def _functions(core: Program, name: str) -> list[str]:
    """The functions that a user means by a name: the last definition of it, or a whole input's."""
    own = {one: one.partition("<")[0].partition("/")[0] for one in core.functions}
    shown = [one for one, bare in own.items() if _is_meant(bare, name)]
    if name.startswith("Input_"):
        return shown
    newest = max((_input_of(one) for one in shown), default=0)
    return [one for one in shown if _input_of(one) == newest]


def _is_meant(bare: str, name: str) -> bool:
    plain = bare.removesuffix("$initialise")
    return plain == name or plain.endswith("." + name) or bare.startswith(name + ".")


def _input_of(name: str) -> int:
    head = name.partition(".")[0].removeprefix("Input_")
    return int(head) if head.isdigit() else 0


def _memory(engine: Engine, core: Program, planned: Planned, wanted: list[str]) -> str:
    from clef.memory_plan.report import memory_report

    paths = {f.span.path for one in wanted if (f := core.functions[one]).span is not None}
    lines: list[str] = []
    for report in memory_report(core, planned.plan, paths):
        if report.name not in {core.functions[one].display_name for one in wanted}:
            continue
        lines.append(report.name)
        for parameter in report.parameters:
            how = "borrowed" if parameter.is_borrowed else "owned"
            lines.append(f"  {parameter.name}: {parameter.type} is {how}")
        source: SourceFile | None = engine.sources.get(report.span.path)
        for remark in report.remarks:
            line = source.position(remark.span.start)[0] if source is not None else 0
            lines.append(f"  line {line}: {remark.kind}: {remark.text}")
        if not report.remarks:
            lines.append("  allocates nothing")
    return "\n".join(lines)


def _pieces(engine: Engine, planned: Planned, wanted: list[str], kind: str) -> str:
    """The MLIR of functions, or their assembly."""
    from clef.mlir.planned import emit_pieces

    pieces = emit_pieces(planned, engine.sources.values())
    names = [one for one in pieces.pieces if one in wanted]
    if kind == "mlir":
        return "\n".join(pieces.pieces[one].text for one in names)
    from clef.backends import CompileOptions, Emit, Level, compile_module
    from clef.mlir.pieces import partial_module

    options = CompileOptions(Level.O0, emit=frozenset({Emit.ASSEMBLY}), position_independent=True)
    text = partial_module(pieces, names)
    return compile_module(text, planned.target, options).assembly
