"""The words that name targets, and the targets they mean.

Comes in: the word after `--target` or in a project file. Goes out: the name of a target, or a
diagnostic. Promises: a word never means a machine other than the one it names.
"""

from __future__ import annotations

from clef.diagnostics.diagnostic import Diagnostic
from clef.source import Span

# Words for kinds of machines. `None`: the kind has its place in project files but no target yet.
KINDS: dict[str, str | None] = {
    "native": "native",
    "cpu": "native",
    "library": "native",
    "wasm": "wasm32-wasi",
    "mcu": "cortex-m3",
    "gpu": None,
    "fpga": None,
}

_ARCHITECTURES = {"amd64": "x86_64", "arm64": "aarch64", "riscv64gc": "riscv64"}


def _of_triple(word: str, names: tuple[str, ...]) -> str | None:
    """The target that an LLVM triple such as `aarch64-unknown-linux-gnu` means."""
    parts = word.split("-")
    if len(parts) < 2:
        return None
    architecture = _ARCHITECTURES.get(parts[0], parts[0])
    for system in parts[1:]:
        name = f"{architecture}-{system.rstrip('0123456789p')}"
        if name in names:
            return name
    return None


def resolve_target(word: str, span: Span) -> str | Diagnostic:
    """The name of the target that a word means; `span` is where the word stands."""
    from clef.toolchain.target import native_name, target_names

    names = target_names()
    if word in names:
        return word
    if word in KINDS:
        name = KINDS[word]
        if name is None:
            from clef.diagnostics.project import NotAvailableYet

            return NotAvailableYet(span, "target", word, ("native", "wasm", "mcu"))
        if name != "native":
            return name
        word = native_name()
        if word in names:
            return word
    of_triple = _of_triple(word, names)
    if of_triple is not None:
        return of_triple
    from clef.diagnostics.tools import UnknownTarget

    return UnknownTarget(span, word, ("native", *names))
