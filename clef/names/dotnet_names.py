"""What .NET and FSharp.Core have under a name that is not defined here.

Comes in: names that were looked for in vain. Goes out: the full name of what the user may have
meant. Promises: the table (`dotnet_names.txt`) is read only when a name is not found; a name in it
says nothing about whether Clef has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("dotnet_names.txt")
_CORE = "Microsoft.FSharp"
LONGEST = 10
"""Parts of the longest name that is looked for."""
ALWAYS_OPEN = ("Microsoft.FSharp.Core", "Microsoft.FSharp.Collections", "Microsoft.FSharp.Control")


@cache
def members_by_path() -> dict[str, frozenset[str]]:
    """Members by the path of their type or module."""
    found: dict[str, frozenset[str]] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            path, *members = line.split()
            found[path] = frozenset(members)
    return found


@cache
def _namespaces() -> frozenset[str]:
    found: set[str] = set()
    for path in members_by_path():
        parts = path.split(".")
        found.update(".".join(parts[:count]) for count in range(1, len(parts)))
    return frozenset(found)


def _whole(path: str) -> str:
    return f"Microsoft.{path}" if path.split(".")[0] == "FSharp" else path


def shown(path: str) -> str:
    """A path as F# code writes it: `FSharp.Core` and not `Microsoft.FSharp.Core`."""
    return path.removeprefix("Microsoft.") if path.startswith(_CORE) else path


def namespace_elsewhere(path: str) -> str | None:
    """The namespace or module of this name, if .NET or FSharp.Core has one."""
    whole = _whole(path)
    return shown(whole) if whole in _namespaces() or whole in members_by_path() else None


def type_elsewhere(parts: Sequence[str], known: int, opened: Iterable[str]) -> str | None:
    """The full name of the type, or of the member of one, that a dotted name may begin with where
    these namespaces are open. Its first `known` parts have been found here.
    """
    namespaces = [*opened]
    for count in range(min(len(parts), LONGEST), known, -1):
        found = _type_or_member(".".join(parts[:count]), namespaces)
        if found is not None:
            return found
    return None


def _type_or_member(path: str, opened: Iterable[str]) -> str | None:
    for namespace in ("", *opened, *ALWAYS_OPEN):
        whole = _whole(f"{namespace}.{path}" if namespace else path)
        if whole in members_by_path():
            return shown(whole)
        owner, _, member = whole.rpartition(".")
        if owner != _whole(namespace) and member in members_by_path().get(owner, ()):
            return shown(whole)
    return None


def member_elsewhere(owner: str, member: str) -> str | None:
    """The full name of a member, if the type or module with this path has it there."""
    path = ".".join(part.partition("`")[0] for part in owner.split("."))
    for whole in (_whole(path), _EXTENDED.get(path, "")):
        if member in members_by_path().get(whole, ()):
            return f"{shown(whole)}.{member}"
    return None


_EXTENDED = {"System.Collections.Generic.IEnumerable": "System.Linq.Enumerable"}
"""The types that hold extension members of others."""
