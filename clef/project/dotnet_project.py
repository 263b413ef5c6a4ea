"""Reading the project files of .NET (`.fsproj`), as far as they say what is compiled.

Comes in: the path of such a file. Goes out: `Loaded`, with the sources of the projects that it
refers to in front of its own. Promises: whatever would change what is compiled and is not evaluated
here (conditions, patterns, properties, imported lists) is refused at its place; packages whose
names the standard library does not have are told.
"""

from __future__ import annotations

import os
from dataclasses import replace
from xml.parsers import expat

from clef.data_classes import dataclass, field
from clef.diagnostics.arrangement import has_errors
from clef.project.dotnet_packages import is_provided
from clef.project.files import read_text
from clef.project.loading import Loaded
from clef.project.project import Project
from clef.source import SourceFile, Span

_USUAL_SYMBOLS = frozenset({"DEBUG", "TRACE", "RELEASE"})
_LISTS = ("Compile", "CompileBefore", "CompileAfter")


@dataclass(slots=True)
class _Element:
    """An element with its attributes, its text, and whether it or one around it has a condition."""

    name: str
    attributes: dict[str, str]
    span: Span
    is_conditional: bool
    text: str = ""


@dataclass(slots=True)
class _Reading:
    """A file that is being read: its elements, in the order in which they end."""

    source: SourceFile
    loaded: Loaded
    open: list[_Element] = field(default_factory=list[_Element])
    done: list[_Element] = field(default_factory=list[_Element])

    def refuse(self, element: _Element, what: str) -> None:
        """Say that something is not evaluated."""
        from clef.diagnostics.project import NotEvaluated

        self.loaded.diagnostics.append(NotEvaluated(element.span, what))


def load_dotnet_project(
    path: str, above: tuple[str, ...] = (), named: Span | None = None
) -> Loaded:
    """The project of a `.fsproj`, reached over the projects `above`."""
    source = read_text(path, named)
    if not isinstance(source, SourceFile):
        return Loaded(diagnostics=[source])
    loaded = Loaded(files={path: source})
    reading = _Reading(source, loaded)
    if not _parse(reading):
        return loaded
    below = _referred(reading, (*above, os.path.realpath(path)))
    project = _project_of(reading, path)
    _tell_packages(reading)
    if not has_errors(loaded.diagnostics):
        sources = dict.fromkeys(one for other in below for one in other.sources)
        sources.update(dict.fromkeys(project.sources))
        names = tuple(other.name for other in below)
        loaded.project = replace(project, sources=tuple(sources), dependencies=names)
    return loaded


def _parse(reading: _Reading) -> bool:
    """Read the elements; report what is no XML."""
    from clef.diagnostics.project import ProjectSyntax

    source = reading.source
    parser = expat.ParserCreate()
    encoded = source.text.encode("utf-8", "surrogatepass")

    def start(name: str, attributes: dict[str, str]) -> None:
        offset = len(encoded[: parser.CurrentByteIndex].decode("utf-8", "replace"))
        end = source.text.find(">", offset)
        around = bool(reading.open) and reading.open[-1].is_conditional
        span = source.span(offset, end + 1 if end >= 0 else len(source.text))
        reading.open.append(_Element(name, attributes, span, around or "Condition" in attributes))

    def end(_: str) -> None:
        reading.done.append(reading.open.pop())

    def text(content: str) -> None:
        if reading.open:
            reading.open[-1].text += content

    def refused(*_: object) -> None:
        raise ValueError("declarations of entities are not read")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.EntityDeclHandler = text, refused
    try:
        parser.Parse(encoded, True)
    except (expat.ExpatError, ValueError) as problem:
        line = min(getattr(problem, "lineno", 1), len(source.line_starts))
        place = source.line_starts[line - 1]
        reason = str(problem).partition(":")[0]
        reading.loaded.diagnostics.append(ProjectSyntax(source.span(place, place), reason))
        return False
    return True


def _included(reading: _Reading, element: _Element) -> list[str]:
    """The paths that an element lists, relative to the folder of the command."""
    listed = element.attributes.get("Include", "")
    if element.is_conditional:
        reading.refuse(element, "a condition")
    elif "*" in listed:
        reading.refuse(element, "a pattern of file names")
    elif "$(" in listed:
        reading.refuse(element, "a property in a path")
    else:
        folder = os.path.dirname(reading.source.path)
        names = [one.strip().replace("\\", "/") for one in listed.split(";") if one.strip()]
        return [os.path.normpath(os.path.join(folder, one)) for one in names]
    return []


def _referred(reading: _Reading, above: tuple[str, ...]) -> list[Project]:
    """The projects that are referred to, each with all that it needs."""
    from clef.project.project_file import load_file

    found: list[Project] = []
    for element in reading.done:
        if element.name != "ProjectReference":
            continue
        for path in _included(reading, element):
            if os.path.realpath(path) in above:
                reading.refuse(element, "a circle of projects")
                continue
            if path.endswith(".fidproj"):
                inner = load_file(path, ())
            elif path.endswith(".fsproj"):
                inner = load_dotnet_project(path, above, element.span)
            else:
                reading.refuse(element, "a project in another language")
                continue
            reading.loaded.diagnostics += inner.diagnostics
            reading.loaded.files.update(inner.files)
            reading.loaded.spans.update(inner.spans)
            found += [inner.project] if inner.project is not None else []
    return found


def _project_of(reading: _Reading, path: str) -> Project:
    properties = _properties(reading)
    name = properties.get("AssemblyName", "") or os.path.basename(path).removesuffix(".fsproj")
    sources = _sources(reading)
    is_program = properties.get("OutputType", "").lower() in ("exe", "winexe")
    is_program = is_program or (bool(sources) and _has_entry_point(sources[-1]))
    return Project(
        name=name,
        path=path,
        folder=os.path.dirname(path),
        sources=sources,
        version=properties.get("Version", "0.1.0"),
        description=properties.get("Description", ""),
        output=name,
        output_kind="console" if is_program else "library",
    )


def _properties(reading: _Reading) -> dict[str, str]:
    """Properties without conditions; symbols for `#if` and lists elsewhere are refused."""
    found: dict[str, str] = {}
    for element in reading.done:
        if element.name == "Import" and element.attributes.get("Project", "").endswith("items"):
            reading.refuse(element, "a list of sources in another file")
        if element.is_conditional:
            continue
        value = element.text.strip()
        if element.name == "DefineConstants":
            symbols = {one.strip() for one in value.split(";")} - _USUAL_SYMBOLS
            if any(one and not one.startswith("$(") for one in symbols):
                reading.refuse(element, "a symbol for `#if`")
        if "$(" not in value:
            found[element.name] = value
    return found


def _sources(reading: _Reading) -> tuple[str, ...]:
    from clef.diagnostics.project import MissingKey

    by_list: dict[str, list[str]] = {name: [] for name in _LISTS}
    for element in reading.done:
        if element.name in by_list and "Include" in element.attributes:
            for path in _included(reading, element):
                by_list[element.name].append(path)
                reading.loaded.spans.setdefault(path, element.span)
    ordered = (*by_list["CompileBefore"], *by_list["Compile"], *by_list["CompileAfter"])
    if not ordered and not has_errors(reading.loaded.diagnostics):
        span = reading.source.span(0, 0)
        example = '<ItemGroup><Compile Include="Program.fs" /></ItemGroup>'
        reading.loaded.diagnostics.append(MissingKey(span, "Compile", example))
    return tuple(dict.fromkeys(ordered))


def _has_entry_point(path: str) -> bool:
    source = read_text(path, None)
    return isinstance(source, SourceFile) and "EntryPoint" in source.text


def _tell_packages(reading: _Reading) -> None:
    from clef.diagnostics.project import PackageElsewhere

    for element in reading.done:
        name = element.attributes.get("Include", "")
        if element.name != "PackageReference" or not name:
            continue
        if not is_provided(name):
            reading.loaded.diagnostics.append(PackageElsewhere(element.span, name))
