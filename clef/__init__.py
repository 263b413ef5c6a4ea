"""Fidelity: the compiler for Clef (F# without .NET). `clef.pipeline` is its table of contents.

For Python programs: `load`, `compile_text`, `function` and `install_import_hook` make modules and
functions of Clef code; `ClefException` is what its exceptions are. They are looked up when they are
used, so that importing this package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from clef.embedding.python_module import (
        ClefWarning,
        CompileError,
        compile_text,
        function,
        install_import_hook,
        load,
    )
    from clef.embedding.runtime import ClefException

__all__ = [
    "ClefException",
    "ClefWarning",
    "CompileError",
    "compile_text",
    "function",
    "install_import_hook",
    "load",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    place = "runtime" if name == "ClefException" else "python_module"
    return getattr(import_module(f"clef.embedding.{place}"), name)
