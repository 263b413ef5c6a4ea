"""Clef files as Python modules.

Comes in: the path of a source or project, or Clef code as text. Goes out: a module of Python.
Promises: what has been compiled is not compiled again while neither it nor the compiler has
changed; mistakes raise `CompileError`, whose text is what `clef check` would print.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import types
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

from clef import build_cache
from clef.data_classes import dataclass, field
from clef.diagnostics.arrangement import has_errors
from clef.diagnostics.diagnostic import Diagnostic, Severity
from clef.embedding.library import Built, Wanted, check_project, finish
from clef.embedding.python_interface import python_interface
from clef.embedding.runtime.description import description_of, with_description
from clef.embedding.runtime.module import ClefModule, fill_module
from clef.pipeline import Options
from clef.project.loading import load as load_project
from clef.project.loading import read_sources, single_file
from clef.project.project import Project
from clef.source import SourceFile
from clef.toolchain.telemetry import SILENT, Telemetry

Function = TypeVar("Function", bound=Callable[..., Any])


class CompileError(ImportError):
    """The program has mistakes; its text shows them as `clef check` does. `diagnostics` are the
    messages one by one."""

    def __init__(self, text: str, diagnostics: Sequence[Diagnostic], name: str, path: str) -> None:
        super().__init__(text, name=name, path=path)
        self.diagnostics = tuple(diagnostics)


class ClefWarning(UserWarning):
    """A warning of the compiler."""


@dataclass(slots=True)
class Product:
    """A library for Python, with what was found on the way."""

    content: bytes = b""
    description: dict[str, object] = field(default_factory=dict[str, object])
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    needs: tuple[str, ...] = ()


def build_for_python(
    project: Project, options: Options, sources: Sequence[SourceFile], telemetry: Telemetry = SILENT
) -> Product:
    """Compile a project to a library that Python can load."""
    checked = check_project(project, options, sources, telemetry)
    product = Product(diagnostics=checked.compilation.diagnostics)
    if has_errors(product.diagnostics):
        return product
    made = python_interface(checked)
    built = Built(made.interface, diagnostics=product.diagnostics)
    finish(checked, built, Wanted("shared", f"{made.interface.name}.so"), made.packing)
    product.needs = built.needs
    if built.content:
        product.description = made.description
        product.content = with_description(built.content, made.description)
    return product


def load(
    path: str | os.PathLike[str],
    *,
    name: str = "",
    release: bool = True,
    arrays: str = "",
    cpu: str = "",
    count_cells: bool = False,
) -> types.ModuleType:
    """The module of a source file, a project file, or a folder with one.

    `release` optimises. `arrays` says what arrays come back as, "numpy" or "memoryview"; NumPy's
    where it is installed, if nothing is said. `cpu` is a processor to use fully, or "native". With
    `count_cells` the library can tell how many
    cells are alive, for tests.
    """
    loaded = load_project(os.fspath(path))
    sources, found = read_sources(loaded)
    found = [*loaded.diagnostics, *found]
    known = {one.path: one for one in [*sources, *loaded.files.values()]}
    if loaded.project is None or has_errors(found):
        raise _error(found, known, name, os.fspath(path))
    module = ClefModule(name or loaded.project.name)
    module.__file__ = os.path.abspath(os.fspath(path))
    options = Options(release=release, cpu=cpu, count_cells=count_cells)
    _fill(module, loaded.project, sources, options, arrays)
    return module


def compile_text(text: str, *, name: str = "inline", arrays: str = "") -> types.ModuleType:
    """The module of Clef code that stands in a text."""
    source = SourceFile(f"{name}.clef", text)
    module = ClefModule(name)
    _fill(module, single_file(source.path), [source], Options(release=True), arrays)
    return module


def function(text: str, *, arrays: str = "") -> Callable[[Function], Function]:
    """A decorator: the Clef function of the same name takes the Python function's place.

    The Python function has parameters and documentation, and no body that matters.
    """

    def replace(python: Function) -> Function:
        module = compile_text(text, name=python.__name__, arrays=arrays)
        made = getattr(module, python.__name__, None)
        if made is None:
            raise NameError(f"the Clef code defines no public function `{python.__name__}`")
        made.__doc__ = python.__doc__ or made.__doc__
        made.__module__ = python.__module__
        made.__annotations__ = dict(python.__annotations__)
        return made  # type: ignore[no-any-return]

    return replace


def _fill(
    module: types.ModuleType,
    project: Project,
    sources: Sequence[SourceFile],
    options: Options,
    arrays: str,
) -> None:
    """Compile, or take from the cache, and load."""
    key = build_cache.build_key(project, _keyed(options), sources)
    entry = build_cache.find(key)
    if entry is None:
        product = build_for_python(project, options, sources)
        known = {one.path: one for one in sources}
        if has_errors(product.diagnostics):
            raise _error(product.diagnostics, known, module.__name__, project.path)
        _warn(product.diagnostics, known)
        entry = build_cache.store(key, product.content, product.diagnostics)
        path = entry.executable if entry is not None else _elsewhere(product.content)
        description = product.description
    else:
        path = entry.executable
        description = description_of(path.read_bytes())
    fill_module(module, description, str(path), arrays)


def _keyed(options: Options) -> Options:
    from dataclasses import replace

    return replace(options, boundary="python")


def _elsewhere(content: bytes) -> Path:
    """Where the cache cannot be written: any other file will do, for this once."""
    path = Path(tempfile.mkdtemp(prefix="clef-")) / "module.so"
    path.write_bytes(content)
    return path


def _rendered(diagnostics: Sequence[Diagnostic], sources: dict[str, SourceFile]) -> str:
    from clef.diagnostics.look import look_of
    from clef.diagnostics.report import messages

    look = look_of(io.StringIO(), "never", {})
    return messages(diagnostics, sources, "human", look)


def _error(
    diagnostics: Sequence[Diagnostic], sources: dict[str, SourceFile], name: str, path: str
) -> CompileError:
    text = _rendered(diagnostics, sources).rstrip()
    return CompileError(f"{path} does not compile\n{text}", diagnostics, name, path)


def _warn(diagnostics: Sequence[Diagnostic], sources: dict[str, SourceFile]) -> None:
    for one in diagnostics:
        if one.severity is Severity.WARNING:
            warnings.warn(_rendered([one], sources).rstrip(), ClefWarning, stacklevel=4)


# Importing ----------------------------------------------------------------------------------------


class ClefFinder:
    """Finds `name.clef`, and `name/name.fidproj`, where Python looks for `name.py`."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> Any:
        """See `importlib.abc.MetaPathFinder`."""
        from importlib.machinery import ModuleSpec

        tail = name.rpartition(".")[2]
        for folder in sys.path if path is None else path:
            base = os.path.join(folder or os.getcwd(), tail)
            if _is_python(base):
                return None
            for found in (f"{base}.clef", os.path.join(base, f"{tail}.fidproj")):
                if os.path.isfile(found):
                    spec = ModuleSpec(name, cast(Any, ClefLoader(found)), origin=found)
                    spec.has_location = True
                    return spec
        return None


class ClefLoader:
    """Loads what `ClefFinder` has found."""

    def __init__(self, path: str) -> None:
        self.path = path

    def create_module(self, spec: Any) -> types.ModuleType:
        """An empty module."""
        return ClefModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Compile and fill it."""
        loaded = load_project(os.path.relpath(self.path) if _is_below(self.path) else self.path)
        sources, found = read_sources(loaded)
        found = [*loaded.diagnostics, *found]
        known = {one.path: one for one in [*sources, *loaded.files.values()]}
        if loaded.project is None or has_errors(found):
            raise _error(found, known, module.__name__, self.path)
        _fill(module, loaded.project, sources, Options(release=True), "")


def _is_below(path: str) -> bool:
    return os.path.abspath(path).startswith(os.getcwd() + os.sep)


def _is_python(base: str) -> bool:
    """Whether Python itself has a module there."""
    from importlib.machinery import all_suffixes

    packages = (os.path.join(base, "__init__.py"), *(base + one for one in all_suffixes()))
    return any(os.path.isfile(one) for one in packages)


def install_import_hook() -> None:
    """From now on `import name` also finds `name.clef`. Python's own modules come first, but a
    folder with a project is no package of Python's without an `__init__.py`."""
    from importlib.machinery import PathFinder

    finders: list[Any] = sys.meta_path
    if not any(isinstance(one, ClefFinder) for one in finders):
        at = finders.index(PathFinder) if PathFinder in finders else len(finders)
        finders.insert(at, ClefFinder())
