"""The compiler's table of contents: every stage in order, and the driver that runs them.

Comes in: a `Project` and `Options`. Goes out: a `Compilation`: the products of the stages that ran,
all findings, and what the stages printed. Promises: the order of the stages and what passes between
them stands in `STAGES` and nowhere else; no stage runs on the output of a stage that reported
errors, unless it says that it can; a stage's exception is the compiler's fault and is handed to the
caller as `StageFailure`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from clef.collector import collector_at_rest
from clef.data_classes import dataclass, field
from clef.deep_stack import run_deep
from clef.diagnostics.arrangement import has_errors
from clef.diagnostics.diagnostic import Diagnostic
from clef.project.project import Project
from clef.source import SourceFile, Span
from clef.toolchain.marks import Marks
from clef.toolchain.telemetry import SILENT, Telemetry


@dataclass(frozen=True, slots=True)
class Stage:
    """One step from text to program.

    `function` (`module:name`) is called with the products named in `takes` and returns its product,
    named `gives`, and a list of diagnostics. `printer` turns the product, and the name of a
    function or nothing, into text. `checker` returns complaints about the product; it runs in tests
    and under `--check-stages`. A stage that `tolerates_errors` runs although earlier ones found
    errors, so that more independent errors are reported. An `on_request` stage runs only for its
    own printout.
    """

    name: str
    function: str
    takes: tuple[str, ...]
    gives: str
    summary: str
    printer: str = ""
    checker: str = ""
    tolerates_errors: bool = False
    on_request: bool = False


STAGES: tuple[Stage, ...] = (
    Stage(
        "read",
        "clef.steps:read",
        takes=("project", "texts"),
        gives="sources",
        summary="the source files, in order",
        printer="clef.printouts:print_sources",
    ),
    Stage(
        "tokens",
        "clef.steps:tokens",
        takes=("sources", "options"),
        gives="tokens",
        summary="the tokens of every file, after the offside rule",
        printer="clef.printouts:print_tokens",
        tolerates_errors=True,
        on_request=True,
    ),
    Stage(
        "tree",
        "clef.steps:parse",
        takes=("sources", "options"),
        gives="trees",
        summary="the syntax tree of every file",
        printer="clef.printouts:print_trees",
        tolerates_errors=True,
        on_request=True,
    ),
    Stage(
        "library",
        "clef.steps:load_library",
        takes=("telemetry",),
        gives="library",
        summary="names and types of the standard library",
    ),
    Stage(
        "types",
        "clef.steps:check",
        takes=("sources", "library", "options", "telemetry"),
        gives="checked",
        summary="every file parsed, its names resolved, its expressions typed",
        printer="clef.printouts:print_typed",
        checker="clef.printouts:check_typed",
    ),
    Stage(
        "core",
        "clef.steps:lower",
        takes=("checked", "library", "sources", "options"),
        gives="core",
        summary="the program in the small core language, specialised",
        printer="clef.printouts:print_core",
        checker="clef.printouts:check_core",
    ),
    Stage(
        "direct",
        "clef.steps:call_directly",
        takes=("core", "options"),
        gives="direct",
        summary="the same program; functions that are given known functions call them directly",
        printer="clef.printouts:print_core",
        checker="clef.printouts:check_core",
    ),
    Stage(
        "ranges",
        "clef.steps:prove_checks",
        takes=("direct", "options"),
        gives="proven",
        summary="in a release: the same program without the checks that cannot fail",
        printer="clef.printouts:print_core",
        checker="clef.printouts:check_core",
    ),
    Stage(
        "graph",
        "clef.steps:build_graph",
        takes=("proven",),
        gives="graph",
        summary="the program graph: what is reached, and why",
        printer="clef.printouts:print_graph",
    ),
    Stage(
        "plan",
        "clef.steps:plan",
        takes=("proven", "graph", "options", "project"),
        gives="plan",
        summary="where every value lives, and who gives it back",
        printer="clef.printouts:print_planned",
        checker="clef.mlir.planned:check_planned",
    ),
    Stage(
        "mlir",
        "clef.steps:emit",
        takes=("plan", "sources", "options"),
        gives="mlir",
        summary="the program in MLIR",
        printer="clef.printouts:print_mlir",
    ),
    Stage(
        "code",
        "clef.steps:generate",
        takes=("mlir", "project", "options", "telemetry"),
        gives="artifacts",
        summary="LLVM's intermediate language, assembly and machine code",
    ),
    Stage(
        "link",
        "clef.steps:link",
        takes=("artifacts", "core", "plan", "project", "options", "telemetry"),
        gives="executable",
        summary="the executable",
    ),
)

# What `--emit` can produce: the stage to stop after, and the printer if it is not the stage's own.
EMITS: dict[str, tuple[str, str]] = {
    "tokens": ("tokens", ""),
    "tree": ("tree", ""),
    "core": ("core", ""),
    "graph": ("graph", ""),
    "plan": ("plan", ""),
    "mlir": ("mlir", ""),
    "llvm": ("code", "clef.printouts:print_llvm"),
    "asm": ("code", "clef.printouts:print_assembly"),
    "object": ("code", ""),
}


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for, beside the project file. `target` is the name of a target, already
    checked. With `count_cells` the program ends with exit code 99 if heap cells are left. The code
    is `position_independent` if it will be loaded into a running process. Checked files are kept
    in the cache unless `keep_units` is false. `marks`: where the program notes what it runs.
    `boundary` is the function through which a library is called; the product is then an object
    with `clef_start` and `clef_call`. With `sanitize` "heap" the program checks its own use of the
    heap; with `heap_statistics` it says at its end how much of it it used. With `verify_checks`
    (`CLEF_VERIFY_CHECKS`) checks that are proven are made all the same, and end the program.
    """

    target: str = "native"
    release: bool = False
    static: bool = False
    cpu: str = ""
    sanitize: str = ""
    heap_statistics: bool = False
    emit: str = ""
    stop_after: str = ""
    prints: tuple[tuple[str, str], ...] = ()
    check_stages: bool = False
    count_cells: bool = False
    position_independent: bool = False
    keep_units: bool = True
    measure_stack: bool = False
    boundary: str = ""
    marks: Marks | None = None
    verify_checks: bool = False


@dataclass(slots=True)
class Compilation:
    """Everything that came of compiling one project. `unavailable` names the stage that this
    version lacks.
    """

    project: Project
    options: Options
    products: dict[str, object] = field(default_factory=dict[str, object])
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    printed: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    finished: list[str] = field(default_factory=list[str])
    unavailable: str = ""

    @property
    def failed(self) -> bool:
        """Whether the program has errors."""
        return has_errors(self.diagnostics)

    def texts(self) -> dict[str, SourceFile]:
        """The sources that were read, by path, for the renderers."""
        sources = cast("Sequence[SourceFile]", self.products.get("sources", ()))
        return {source.path: source for source in sources}


class StageFailure(Exception):
    """A defect of the compiler: the stage, the exception it ended with, and what had been made
    until then.
    """

    def __init__(self, stage: str, cause: BaseException, compilation: Compilation) -> None:
        super().__init__(f"{stage}: {cause}")
        self.stage = stage
        self.cause = cause
        self.compilation = compilation


class StageMissing(Exception):
    """Raised by a step whose stage this version of the compiler does not have yet."""


def stage_names() -> tuple[str, ...]:
    """The names of all stages, in order."""
    return tuple(stage.name for stage in STAGES)


def function_at(path: str) -> Callable[..., object]:
    """The function that a `module:name` path leads to; imported only now."""
    module, _, name = path.partition(":")
    return cast("Callable[..., object]", getattr(importlib.import_module(module), name))


def _is_wanted(stage: Stage, options: Options) -> bool:
    asked = {name for name, _ in options.prints} | {options.stop_after}
    if options.emit:
        asked.add(EMITS[options.emit][0])
    return not stage.on_request or stage.name in asked


def _last_stage(options: Options) -> str:
    if options.stop_after:
        return options.stop_after
    return EMITS[options.emit][0] if options.emit else STAGES[-1].name


def _run_stage(stage: Stage, compilation: Compilation) -> None:
    function = function_at(stage.function)
    products = compilation.products
    outcome = function(*[products[name] for name in stage.takes])
    product, found = cast("tuple[object, list[Diagnostic]]", outcome)
    products[stage.gives] = product
    compilation.diagnostics += found
    compilation.finished.append(stage.name)
    if stage.checker and compilation.options.check_stages and not compilation.failed:
        complaints = cast("list[str]", function_at(stage.checker)(product))
        if complaints:
            raise AssertionError("\n".join(complaints))


def _print_stage(stage: Stage, compilation: Compilation) -> None:
    for name, only in compilation.options.prints:
        if name == stage.name:
            printer = stage.printer or "clef.printouts:print_anything"
            text = function_at(printer)(compilation.products[stage.gives], only)
            compilation.printed.append((stage.name, str(text)))


def _too_deep(compilation: Compilation) -> None:
    from clef.diagnostics.project import NestedTooDeeply

    sources = list(compilation.texts().values())
    deepest = max(sources, key=lambda source: len(source.text), default=None)
    span = deepest.span(0, 0) if deepest else Span(compilation.project.path, 0, 0)
    compilation.diagnostics.append(NestedTooDeeply(span))


def _run_all(compilation: Compilation, telemetry: Telemetry, done: Mapping[str, object]) -> None:
    last = _last_stage(compilation.options)
    for stage in STAGES:
        if not _is_wanted(stage, compilation.options) or stage.gives in done:
            continue
        if compilation.failed and not stage.tolerates_errors:
            return
        try:
            with telemetry.stage(stage.name):
                _run_stage(stage, compilation)
            _print_stage(stage, compilation)
        except RecursionError:
            _too_deep(compilation)
            return
        except StageMissing:
            compilation.unavailable = stage.name
            return
        except Exception as error:
            raise StageFailure(stage.name, error, compilation) from error
        if stage.name == last:
            return


def compile_project(
    project: Project,
    options: Options | None = None,
    telemetry: Telemetry = SILENT,
    texts: Sequence[SourceFile] | None = None,
    done: Mapping[str, object] | None = None,
) -> Compilation:
    """Run the stages. `texts` are the project's sources if they have been read already; `done` are
    products that an earlier compilation of the same project has made, perhaps for another target.
    """
    chosen = options or Options(target=project.target)
    compilation = Compilation(project, chosen)
    compilation.products.update(
        project=project, options=chosen, telemetry=telemetry, texts=texts, library=None
    )
    ready = done or {}
    compilation.products.update(ready)
    with collector_at_rest():
        run_deep(lambda: _run_all(compilation, telemetry, ready))
    return compilation


def emitted(compilation: Compilation) -> str | bytes:
    """What `--emit` asked for."""
    name = compilation.options.emit
    stage_name, printer = EMITS[name]
    stage = next(stage for stage in STAGES if stage.name == stage_name)
    product = compilation.products[stage.gives]
    if name == "object":
        return cast("bytes", getattr(product, "object_code"))  # noqa: B009
    path = printer or stage.printer or "clef.printouts:print_anything"
    return str(function_at(path)(product, ""))
