"""Files as the protocol names them.

Comes in: paths. Goes out: `file:` URIs, and back. Promises: a path that the user wrote relative to
the working folder is found again.
"""

from __future__ import annotations

import os
from pathlib import Path

from pygls.uris import to_fs_path


def to_uri(path: str) -> str:
    """The URI of a file."""
    return Path(os.path.abspath(path)).as_uri()


def to_path(uri: str) -> str:
    """The absolute path that a URI names; the URI itself where it names no file."""
    found = to_fs_path(uri)
    return os.path.normpath(found) if found else uri
