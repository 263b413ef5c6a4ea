"""What goes wrong with packages.

Comes in: a sentence. Goes out: an exception that commands show. Promises: the title names what was
asked for, the hint a way out.
"""

from __future__ import annotations


class PackageError(Exception):
    """Ends a command about packages; the user can mend it."""

    def __init__(self, title: str, hint: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.hint = hint
