"""What `clef format` does with files.

Comes in: the paths of the command line. Goes out: files with new text, or the list of those that
would get one. Promises: a file is written whole or not at all, and only when its text changes; a
file with mistakes is left alone and its messages are shown; nothing is written with `--check`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from clef.command_line.exit_codes import OK, PROGRAM_ERRORS
from clef.command_line.output import Output
from clef.command_line.writing import write_file
from clef.data_classes import dataclass, field

if TYPE_CHECKING:
    from clef.diagnostics.diagnostic import Diagnostic
    from clef.formatter.formatting import Formatted
    from clef.project.editor_settings import EditorSettings
    from clef.source import SourceFile

_SKIPPED_FOLDERS = frozenset(("node_modules", "__pycache__"))


@dataclass(slots=True)
class _Run:
    """What has been found so far."""

    output: Output
    is_check: bool
    editor: EditorSettings
    files: int = 0
    changed: list[str] = field(default_factory=list[str])
    mistakes: list[Diagnostic] = field(default_factory=list["Diagnostic"])
    sources: dict[str, SourceFile] = field(default_factory=dict[str, "SourceFile"])


def source_files(paths: Sequence[str]) -> Iterator[str]:
    """The files that are named, and the sources in the folders that are."""
    from clef.project.files import SIGNATURE_SUFFIXES, SOURCE_SUFFIXES

    for path in paths:
        if not os.path.exists(path):
            raise click.UsageError(f"there is no file or folder `{path}`")
        if not os.path.isdir(path):
            yield path
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(
                name for name in folders if name not in _SKIPPED_FOLDERS and name[0] != "."
            )
            for name in sorted(names):
                if name.endswith(SOURCE_SUFFIXES + SIGNATURE_SUFFIXES):
                    yield os.path.join(folder, name)


def format_files(paths: Sequence[str], is_check: bool, output: Output) -> int:
    """Format files and folders; gives the exit code."""
    from clef.diagnostics.report import counted
    from clef.project.editor_settings import EditorSettings

    run = _Run(output, is_check, EditorSettings())
    is_named = {path for path in paths if not os.path.isdir(path)}
    for path in source_files(paths):
        if path not in is_named and run.editor.is_ignored(path):
            continue
        _one_file(run, path)
    for complaint in run.editor.complaints:
        output.remark("warning", complaint)
    output.report(run.mistakes, run.sources)
    sound = run.files - len({mistake.span.path for mistake in run.mistakes})
    verb = "would change" if is_check else "changed"
    action = "checked" if is_check else "formatted"
    output.remark(action, f"{counted(sound, 'file')}, {len(run.changed)} {verb}")
    return PROGRAM_ERRORS if run.mistakes or (is_check and run.changed) else OK


def _one_file(run: _Run, path: str) -> None:
    from pathlib import Path

    from clef.formatter.formatting import format_text
    from clef.project.files import decode, encode, read_bytes
    from clef.source import SourceFile

    content = read_bytes(path)
    text = decode(content, path) if isinstance(content, bytes) else content
    if not isinstance(content, bytes) or not isinstance(text, str):
        assert not isinstance(text, str)
        run.mistakes.append(text)
        return
    run.files += 1
    source = SourceFile(path, text)
    formatted = format_text(source.text, run.editor.settings(path), path)
    if formatted.diagnostics:
        run.mistakes.extend(formatted.diagnostics)
        run.sources[path] = source
        return
    _tell_kept(run.output, path, source, formatted)
    if formatted.text == source.text:
        return
    run.changed.append(path)
    if run.is_check:
        click.echo(path)
    else:
        write_file(Path(path), encode(formatted.text, content))


def _tell_kept(output: Output, path: str, source: SourceFile, formatted: Formatted) -> None:
    """With `-v`: the declarations that kept their text."""
    if output.settings.verbosity > 0:
        for start in sorted({*formatted.kept, *formatted.unruled}):
            line = source.text.replace("\r\n", "\n").count("\n", 0, start) + 1
            output.remark("Kept", f"{path}:{line} as it is")


def format_standard_input(path: str, output: Output) -> int:
    """Format what comes in; its settings are those of the file that it is said to be."""
    from clef.formatter.formatting import format_text
    from clef.project.editor_settings import EditorSettings
    from clef.source import SourceFile

    text = sys.stdin.buffer.read().decode("utf-8", "replace")
    editor = EditorSettings()
    formatted = format_text(text, editor.settings(path), path)
    for complaint in editor.complaints:
        output.remark("warning", complaint)
    output.report(formatted.diagnostics, {path: SourceFile(path, text)})
    sys.stdout.buffer.write(formatted.text.encode("utf-8"))
    sys.stdout.flush()
    return PROGRAM_ERRORS if formatted.diagnostics else OK
