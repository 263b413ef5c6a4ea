"""What a script asks for in its directives: `#load "other.fsx"` and `#r "…"`.

Comes in: the path of a source file that is a program by itself. Goes out: the files that belong to
it, in the order of the program, and findings. Promises: every file once, before the files that load
it; a file that cannot be read is reported at the directive.
"""

from __future__ import annotations

import os
import re

from clef.data_classes import dataclass, field
from clef.diagnostics.diagnostic import Diagnostic
from clef.project.dotnet_packages import is_provided_reference
from clef.project.files import nearest_file, read_text
from clef.source import SourceFile, Span

_DIRECTIVE = re.compile(r'^[ \t]*#(?P<kind>load|r)\b(?P<words>(?:[ \t]*@?"[^"\n]*")+)', re.M)
_WORD = re.compile(r'"([^"\n]*)"')


@dataclass(slots=True)
class Script:
    """The files of a script in order, the script itself last. `spans`: where each is loaded."""

    sources: list[str] = field(default_factory=list[str])
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    files: dict[str, SourceFile] = field(default_factory=dict[str, SourceFile])
    spans: dict[str, Span] = field(default_factory=dict[str, Span])


def read_script(path: str) -> Script:
    """Follow the directives of the source file at `path`."""
    script = Script()
    _follow(script, path, {_same(path)})
    return script


def _same(path: str) -> str:
    return os.path.normcase(os.path.abspath(path))


def _follow(script: Script, path: str, seen: set[str]) -> None:
    source = read_text(path, None)
    if isinstance(source, SourceFile):
        for directive in _DIRECTIVE.finditer(source.text):
            for word in _WORD.finditer(source.text, *directive.span("words")):
                span = Span(path, word.start(), word.end())
                if directive["kind"] == "load":
                    _load(script, source, span, word[1], seen)
                else:
                    _refer(script, source, span, word[1])
    script.sources.append(path)


def _load(script: Script, source: SourceFile, span: Span, word: str, seen: set[str]) -> None:
    from clef.diagnostics.project import LoadedFileMissing

    path = os.path.join(os.path.dirname(source.path), word)
    if not os.path.isfile(path):
        script.files[source.path] = source
        script.diagnostics.append(LoadedFileMissing(span, word, nearest_file(path)))
    elif _same(path) not in seen:
        seen.add(_same(path))
        script.spans[path] = span
        script.files[source.path] = source
        _follow(script, path, seen)


def _refer(script: Script, source: SourceFile, span: Span, word: str) -> None:
    from clef.diagnostics.project import ForeignAssembly

    if not is_provided_reference(word):
        script.files[source.path] = source
        script.diagnostics.append(ForeignAssembly(span, word))
