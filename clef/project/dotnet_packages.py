"""Which packages and assemblies of .NET the standard library stands in for.

Comes in: a name as a `.fsproj` or a script writes it. Goes out: whether programs that ask for it
find its types here, as far as the standard library has them, or need nothing of it.
"""

from __future__ import annotations

import os

_PROVIDED = (
    "coverlet.",
    "exercism.tests",
    "expecto",
    "fsharp.core",
    "fsunit",
    "microsoft.csharp",
    "microsoft.net.test.sdk",
    "microsoft.sourcelink",
    "mscorlib",
    "mstest",
    "netstandard",
    "nunit",
    "system.",
    "xunit",
    "yolodev.expecto",
)
"""How their names begin."""
_PACKAGE = "nuget:"


def is_provided(name: str) -> bool:
    """Whether the standard library stands in for the package or assembly called `name`."""
    return f"{name.lower()}.".startswith(_PROVIDED)


def is_provided_reference(words: str) -> bool:
    """Whether it does for what `#r "…"` names: `nuget: Name, version`, or an assembly."""
    if words.startswith(_PACKAGE):
        return is_provided(words.removeprefix(_PACKAGE).partition(",")[0].strip())
    return is_provided(os.path.basename(words.replace("\\", "/")).removesuffix(".dll"))
