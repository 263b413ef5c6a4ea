"""Machine code that checks every address it reads and writes, by LLVM's address sanitizer.

Comes in: LLVM IR of a whole program. Goes out: an object. Promises: all functions of the program
are watched; the object needs the sanitizer's run time, which comes with the system's C compiler
(`clef.link`). Instrumentation is clang's, because the library that we generate code with has no
binding for it.

Source: Serebryany et al., AddressSanitizer: A Fast Address Sanity Checker, USENIX ATC 2012.
"""

from __future__ import annotations

import re

from clef.backends.options import CompileOptions, Level
from clef.diagnostics.tools import InternalError
from clef.toolchain.cache import scratch_folder
from clef.toolchain.process import run
from clef.toolchain.target import Target
from clef.toolchain.tool import zig

_DEFINITION = re.compile(r"^(define .*?\))((?: #\d+)?(?: ![\w.]+ ![\w.]+)* \{)$", re.MULTILINE)
_TIME_LIMIT = 900.0


def watched_object(ir: str, target: Target, options: CompileOptions) -> bytes:
    """The object code of `ir` with a check before each access. Raises `InternalError` when clang
    refuses.
    """
    text = watching(ir)
    with scratch_folder() as folder:
        source, product = folder / "program.ll", folder / "program.o"
        source.write_text(text, encoding="utf-8")
        outcome = run(
            zig().command(
                "clang",
                *("-target", target.triple),
                *(["-march=" + target.cpu] if target.architecture == "x86_64" else []),
                "-O0" if options.level is Level.O0 else "-O2",
                "-fsanitize=address",
                *("-fno-omit-frame-pointer", "-Wno-override-module"),
                *("-c", str(source), "-o", str(product)),
            ),
            time_limit=_TIME_LIMIT,
        )
        if not outcome.succeeded:
            words = outcome.error_text()
            message = words.strip().splitlines()[0] if words.strip() else "clang failed"
            evidence = {"program.ll": text, "messages.txt": words}
            raise InternalError("code generation", message, evidence)
        return product.read_bytes()


def watching(ir: str) -> str:
    """The same program with `sanitize_address` at each definition."""
    return _DEFINITION.sub(r'\1 sanitize_address "frame-pointer"="all"\2', ir)
