"""The part of `docs/coverage.md` about types with .NET's names.

In: the names of .NET (`clef/names/dotnet_names.txt`), the types of the library with their members.
Out: lines of the document: for each namespace that the library has types of, what is there and what
is not. Promises: interfaces that a type implements count for it as far as the library shows them.
"""

from __future__ import annotations

from collections.abc import Mapping

from clef.names.dotnet_names import members_by_path

WITHOUT = frozenset(
    {
        *("BeginInvoke", "EndInvoke", "Equals", "Finalize", "GetHashCode", "GetObjectData"),
        *("GetPinnableReference", "GetType", "IsSynchronized", "MemberwiseClone"),
        *("Message", "SyncRoot", "ToString", "TryFormat", "value__"),
    }
)
"""Members that every type or exception has, and some that only a runtime needs."""
_LONGEST = 40


def dotnet_section(there: Mapping[str, set[str]]) -> list[str]:
    """The lines; `there` holds the members of each type by its path."""
    known = {path: members for path, members in members_by_path().items() if _is_dotnet(path)}
    namespaces: dict[str, list[str]] = {}
    for path in known:
        if path.rpartition(".")[0] not in known:  # types inside of others go with those
            namespaces.setdefault(path.rpartition(".")[0], []).append(path)
    lines = [
        "## Types with .NET's names",
        "",
        "What is missing is refused by name (`clef explain E0220`).",
        "",
        "| Namespace | Types of .NET | There |",
        "|---|---|---|",
    ]
    shown = {
        name: paths for name, paths in sorted(namespaces.items()) if any(p in there for p in paths)
    }
    for name, paths in shown.items():
        lines.append(f"| {name} | {len(paths)} | {sum(path in there for path in paths)} |")
    for name, paths in shown.items():
        lines += ["", f"### {name}", ""]
        for path in sorted(paths):
            if path in there:
                lines.append(_line(path, known[path], there[path]))
        lacking = [path.rpartition(".")[2] for path in sorted(paths) if path not in there]
        if lacking:
            lines.append(f"- missing types: {', '.join(f'`{one}`' for one in lacking)}")
    return lines


def _is_dotnet(path: str) -> bool:
    return not path.startswith("Microsoft.")


def _line(path: str, members: frozenset[str], there: set[str]) -> str:
    name = path.rpartition(".")[2]
    lacking = sorted(members - there - WITHOUT)
    if not lacking:
        return f"- `{name}`"
    shown = ", ".join(f"`{one}`" for one in lacking[:_LONGEST])
    more = f" and {len(lacking) - _LONGEST} more" if len(lacking) > _LONGEST else ""
    return f"- `{name}` without {shown}{more}"
