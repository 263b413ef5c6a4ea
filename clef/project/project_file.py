"""Reading project files.

Comes in: the path of a project file, and the chain of dependencies that led to it. Goes out:
`Loaded`, with the project of that file and everything below it. Promises: every key is checked;
what this version cannot do is refused by name.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import replace

from clef.diagnostics.arrangement import has_errors
from clef.diagnostics.diagnostic import Diagnostic
from clef.diagnostics.project import (
    MissingKey,
    NotAvailableYet,
    ProjectSyntax,
    SourceListedTwice,
    WrongValue,
)
from clef.diagnostics.spelling import closest
from clef.project.board import board_settings
from clef.project.dependencies import Dependency, dependencies_of
from clef.project.files import read_text
from clef.project.loading import Loaded
from clef.project.project import Project
from clef.project.schema import Document, check
from clef.project.targets import resolve_target
from clef.project.toml_spans import entries
from clef.source import SourceFile
from clef.toolchain.sizes import parse_size

MEMORY_MODELS = ("counted", "stack_only", "static_pools")
OUTPUT_KINDS = ("console", "library", "freestanding", "embedded")

# What this version can really do; the rest is refused by name.
_AVAILABLE = {"memory_model": MEMORY_MODELS, "output_kind": ("console", "library")}


def _syntax_error(source: SourceFile, message: str) -> ProjectSyntax:
    found = re.search(r"\(at (?:line (\d+), column (\d+)|end of document)\)", message)
    reason = message[: found.start()].strip() if found else message
    offset = len(source.text)
    if found and found.group(1):
        line = min(int(found.group(1)), len(source.line_starts))
        offset = source.line_starts[line - 1] + int(found.group(2)) - 1
    offset = min(offset, len(source.text))
    end = offset
    while end < len(source.text) and source.text[end] not in "\r\n#,]}":
        end += 1
    reason = reason[:1].lower() + reason[1:]
    return ProjectSyntax(source.span(offset, max(end, offset)), reason)


def _parse(source: SourceFile) -> Document | Diagnostic:
    text = source.text
    try:
        values: dict[str, object] = tomllib.loads(text)
        return Document(source, values, entries(text))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        return _syntax_error(source, reason)


def load_file(path: str, above: tuple[Dependency, ...]) -> Loaded:
    """The project of a project file, reached over the dependencies `above`."""
    source = read_text(path, above[-1].span if above else None)
    if not isinstance(source, SourceFile):
        return Loaded(diagnostics=[source])
    loaded = Loaded(files={path: source})
    document = _parse(source)
    if not isinstance(document, Document):
        loaded.diagnostics.append(document)
        return loaded
    check(document)
    project = _project_of(document, path, loaded)
    below = _load_dependencies(document, project, above, loaded)
    loaded.diagnostics[:0] = document.diagnostics
    if not has_errors(loaded.diagnostics):
        loaded.project = _joined(project, below)
    return loaded


def _joined(project: Project, below: list[Project]) -> Project:
    """The project with its dependencies' sources before its own, each once."""
    sources = dict.fromkeys(source for other in below for source in other.sources)
    sources.update(dict.fromkeys(project.sources))
    libraries = dict.fromkeys(name for other in [*below, project] for name in other.libraries)
    folders = dict.fromkeys(name for other in [*below, project] for name in other.library_paths)
    return replace(
        project,
        sources=tuple(sources),
        libraries=tuple(libraries),
        library_paths=tuple(folders),
        dependencies=tuple(other.name for other in below),
    )


def _load_dependencies(
    document: Document, project: Project, above: tuple[Dependency, ...], loaded: Loaded
) -> list[Project]:
    below: list[Project] = []
    found, diagnostics = dependencies_of(document, project, above)
    loaded.diagnostics += diagnostics
    for dependency in found:
        inner = load_file(dependency.path, (*above, dependency))
        loaded.diagnostics += inner.diagnostics
        loaded.files.update(inner.files)
        loaded.spans.update(inner.spans)
        if inner.project is not None:
            below.append(inner.project)
    return below


def _sources(document: Document, folder: str, loaded: Loaded) -> tuple[str, ...]:
    paths: dict[str, str] = {}
    for index, name in enumerate(document.texts("build", "sources")):
        path = os.path.normpath(os.path.join(folder, name))
        span = document.value_span("build", "sources", index)
        if path in paths:
            document.diagnostics.append(SourceListedTwice(span, name, loaded.spans[path]))
            continue
        paths[path] = path
        loaded.spans[path] = span
    return tuple(paths)


def _missing_keys(document: Document) -> None:
    for section, key, example in (
        ("package", "name", 'name = "…"'),
        ("build", "sources", 'sources = ["main.clef"]'),
    ):
        table = document.table(section)
        if (key in table and table[key] != []) or (
            section in document.values and not isinstance(document.values[section], dict)
        ):
            continue
        span = document.value_span(section)
        present = example if section in document.values else f"[{section}] {example}"
        document.diagnostics.append(MissingKey(span, f"{section}.{key}", present))


def _one_of(
    document: Document, section: str, key: str, possible: tuple[str, ...], default: str
) -> str:
    value = document.text(section, key, default)
    span = document.value_span(section, key)
    if value not in possible:
        near = closest(value, possible)
        document.diagnostics.append(WrongValue(span, key, value, near, possible))
    elif value not in _AVAILABLE[key]:
        document.diagnostics.append(NotAvailableYet(span, key, value, _AVAILABLE[key]))
    return value


def _project_of(document: Document, path: str, loaded: Loaded) -> Project:
    folder = os.path.dirname(path)
    _missing_keys(document)
    name = document.text("package", "name", "program")
    word = document.text("compilation", "target", "native")
    target_span = document.value_span("compilation", "target")
    model = _one_of(document, "compilation", "memory_model", MEMORY_MODELS, "counted")
    heap_size = parse_size(document.get("compilation", "heap_size"))
    if model == "static_pools" and heap_size is None:
        span = document.value_span("compilation", "memory_model")
        document.diagnostics.append(MissingKey(span, "compilation.heap_size", 'heap_size = "64K"'))
    target = resolve_target(word, target_span)
    if not isinstance(target, str):
        document.diagnostics.append(target)
    board = board_settings(document, target if isinstance(target, str) else "")
    usual = "library" if word == "library" else "console"
    return Project(
        name=name,
        path=path,
        folder=folder,
        sources=_sources(document, folder, loaded),
        version=document.text("package", "version", "0.1.0"),
        description=document.text("package", "description"),
        target=target if isinstance(target, str) else "",
        target_span=target_span,
        memory_model=model,
        max_stack_size=parse_size(document.get("compilation", "max_stack_size")),
        heap_size=heap_size,
        output=document.text("build", "output", name),
        output_kind=_one_of(document, "build", "output_kind", OUTPUT_KINDS, usual),
        libraries=document.texts("link", "libraries"),
        library_paths=tuple(
            os.path.normpath(os.path.join(folder, p))
            for p in document.texts("link", "library_paths")
        ),
        optimization_level=_level(document),
        link_time_optimization=document.get("optimization", "lto") is True,
        board=board,
    )


def _level(document: Document) -> str:
    """`debug`, `release`, or nothing when the project leaves it to the command line."""
    level = document.get("optimization", "level")
    if level is None or isinstance(level, str):
        return level or ""
    return "debug" if level == 0 else "release"
