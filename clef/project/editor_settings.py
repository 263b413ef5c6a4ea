"""What `.editorconfig` and `.fantomasignore` say about a file.

Comes in: the path of a source file. Goes out: settings of the formatter, and whether the file is to
be left alone. Promises: the nearest `.fantomasignore` in a folder above counts, with the patterns
of `.gitignore`; a settings file that cannot be read counts as none and is named.
"""

from __future__ import annotations

import os

from clef.data_classes import dataclass, field
from clef.formatter.settings import DEFAULTS, Settings, read_settings

SETTINGS_FILE = ".editorconfig"
IGNORE_FILE = ".fantomasignore"


def _above(path: str, name: str) -> str | None:
    """The nearest file of a name in the folder of a path or above it."""
    folder = os.path.dirname(os.path.abspath(path))
    while True:
        candidate = os.path.join(folder, name)
        if os.path.isfile(candidate):
            return candidate
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


@dataclass(slots=True)
class EditorSettings:
    """Answers for many files; what one look at the disk found serves all files of a folder.
    `complaints`: what is not understood, each once."""

    complaints: list[str] = field(default_factory=list[str])
    _found: dict[tuple[str, str], str | None] = field(
        default_factory=dict[tuple[str, str], "str | None"]
    )

    def _nearest(self, path: str, name: str) -> str | None:
        key = (os.path.dirname(os.path.abspath(path)), name)
        if key not in self._found:
            self._found[key] = _above(path, name)
        return self._found[key]

    def complain(self, text: str) -> None:
        """Remember a complaint, once."""
        if text not in self.complaints:
            self.complaints.append(text)

    def settings(self, path: str) -> Settings:
        """The settings for a file."""
        if self._nearest(path, SETTINGS_FILE) is None:
            return DEFAULTS
        import editorconfig

        try:
            pairs = editorconfig.get_properties(os.path.abspath(path))
        except (editorconfig.EditorConfigError, OSError, UnicodeDecodeError) as error:
            self.complain(f"{SETTINGS_FILE} cannot be read: {error}")
            return DEFAULTS
        settings, complaints = read_settings(pairs)
        for complaint in complaints:
            self.complain(f"{SETTINGS_FILE}: {complaint}")
        return settings

    def is_ignored(self, path: str) -> bool:
        """Whether the file is to be left alone."""
        file = self._nearest(path, IGNORE_FILE)
        if file is None:
            return False
        import pathspec

        try:
            with open(file, encoding="utf-8") as lines:
                spec = pathspec.GitIgnoreSpec.from_lines(lines)
        except (OSError, UnicodeDecodeError, ValueError) as error:
            self.complain(f"{IGNORE_FILE} cannot be read: {error}")
            return False
        relative = os.path.relpath(os.path.abspath(path), os.path.dirname(file))
        return spec.match_file(relative.replace(os.sep, "/"))
