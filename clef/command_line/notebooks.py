"""Jupyter's knowledge of Clef: installing, taking back, and starting the kernel.

Comes in: the words of `clef kernel`. Goes out: an exit code. Promises: without the packages for
notebooks the answer is how to get them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from clef.command_line.exit_codes import OK, TOOL_MISSING, USAGE
from clef.command_line.output import fail
from clef.toolchain.cache import scratch_folder

NAME = "clef"


def kernel_description() -> dict[str, object]:
    """What Jupyter must know to start the kernel."""
    return {
        "argv": [sys.executable, "-m", "clef", "kernel", "run", "-f", "{connection_file}"],
        "display_name": "Clef",
        "language": "fsharp",
        "interrupt_mode": "signal",
        "metadata": {"debugger": False},
    }


def _lacks_packages() -> int:
    fail("notebooks need further packages", "pip install 'clef-lang[jupyter]'")
    return TOOL_MISSING


def install_kernel(prefix: str, sys_prefix: bool) -> int:
    """Write the description to where Jupyter looks for it."""
    try:
        import ipykernel  # pyright: ignore[reportUnusedImport]  # noqa: F401
        from jupyter_client.kernelspec import KernelSpecManager
    except ImportError:
        return _lacks_packages()
    where = prefix or (sys.prefix if sys_prefix else "")
    with scratch_folder() as folder:
        text = json.dumps(kernel_description(), indent=1)
        (folder / "kernel.json").write_text(text + "\n", encoding="utf-8")
        try:
            made = KernelSpecManager().install_kernel_spec(
                str(folder), NAME, user=not where, prefix=where or None
            )
        except OSError as error:
            fail(f"the kernel cannot be installed: {error}", "choose another folder: --prefix")
            return USAGE
    print(f"installed in {made}")
    return OK


def uninstall_kernel() -> int:
    """Remove the description."""
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError:
        return _lacks_packages()
    try:
        gone = KernelSpecManager().remove_kernel_spec(NAME)
    except (NoSuchKernel, KeyError):
        fail("Jupyter does not know Clef")
        return USAGE
    print(f"removed {gone}")
    return OK


def run_kernel(words: Sequence[str]) -> int:
    """Serve until Jupyter ends it."""
    try:
        from clef.repl.kernel import run
    except ImportError:
        return _lacks_packages()
    from clef.backends import start_code_generator

    start_code_generator()
    run(list(words))
    return OK
