"""The code generator's own process: LLVM at work where its death hurts nobody.

Comes in: requests on standard input, each a marshalled dictionary after its length. Goes out:
replies of the same shape on standard output. Promises: nothing; LLVM may abort this process at any
time, and `code_generator` then reports what was asked of it. Run as a script with the module search
path as arguments; it imports nothing of the compiler, so that it starts while the compiler still
reads source.
"""

from __future__ import annotations

import importlib
import marshal
import os
import signal
import sys
import time
import types
from typing import IO, Any


def _machine(llvm: Any, request: dict[str, Any]) -> Any:
    """A target machine for the request."""
    cpu, features = request["cpu"], request["features"]
    if cpu == "native":
        cpu = llvm.get_host_cpu_name()
        features = llvm.get_host_cpu_features().flatten()
    return llvm.Target.from_triple(request["triple"]).create_target_machine(
        cpu=cpu,
        features=features,
        opt=min(request["level"], 3),
        reloc=request["relocation"],
        codemodel=request["code_model"],
        abiname=request["abi"],
    )


def _tidy(llvm: Any, module: Any, machine: Any) -> None:
    """The few passes that cost next to nothing and leave less to translate.

    Not simplify-cfg: it would join returns, and so move calls out of tail position.
    """
    passes = llvm.create_new_module_pass_manager()
    passes.add_always_inliner_pass()
    passes.add_global_dead_code_eliminate_pass()
    passes.add_sroa_pass()
    passes.run(module, llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(1)))


def _optimise(llvm: Any, module: Any, machine: Any, level: int, small: bool) -> None:
    """LLVM's standard pipeline of that level; level 0 only tidies."""
    if level == 0:
        _tidy(llvm, module, machine)
        return
    if small:
        for function in module.functions:
            if not function.is_declaration:
                function.add_function_attribute("optsize")
    options = llvm.create_pipeline_tuning_options(speed_level=level)
    options.loop_vectorization = options.slp_vectorization = level >= 2
    options.loop_unrolling = options.loop_interleaving = level >= 2 and not small
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)


def _generate(llvm: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Parse, verify, optimise, and print what is wanted."""
    clock = time.perf_counter
    start = clock()
    machine = _machine(llvm, request)
    module = llvm.parse_assembly(request["ir"], llvm.create_context())
    module.triple = request["triple"]
    if module.data_layout != str(machine.target_data):
        raise ValueError(f"the target's data layout should be {machine.target_data}")
    module.verify()
    parsed = clock()
    _optimise(llvm, module, machine, request["level"], request["small"])
    optimised = clock()
    wanted = request["emit"]
    reply: dict[str, Any] = {"ok": True}
    if "llvm" in wanted:
        reply["llvm"] = str(module)
    if "assembly" in wanted:
        reply["assembly"] = machine.emit_assembly(module)
    if "object" in wanted:
        reply["object"] = machine.emit_object(module)
    reply["timings"] = (parsed - start, optimised - parsed, clock() - optimised)
    return reply


def _read(stream: IO[bytes]) -> dict[str, Any] | None:
    size = stream.read(8)
    if len(size) < 8:
        return None
    request: dict[str, Any] = marshal.loads(stream.read(int.from_bytes(size, "little")))
    return request


def _write(stream: IO[bytes], reply: dict[str, Any]) -> None:
    data = marshal.dumps(reply)
    stream.write(len(data).to_bytes(8, "little"))
    stream.write(data)
    stream.flush()


class _Folder:
    """As much of a package's folder as llvmlite asks for when it looks for its library."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __truediv__(self, name: str) -> _Folder:
        return _Folder(os.path.join(self.path, name))

    def __enter__(self) -> str:
        return self.path

    def __exit__(self, *_: object) -> None:
        return None


def _files(package: str) -> _Folder:
    return _Folder(sys.modules[package].__path__[0])


def _as_file(path: _Folder) -> _Folder:
    return path


def _load_llvm() -> Any:
    """Import llvmlite.

    Its use of `importlib.resources`, to find one file, would be a third of the time.
    """
    substitute = types.ModuleType("importlib.resources")
    substitute.__dict__["files"] = _files
    substitute.__dict__["as_file"] = _as_file
    sys.modules[substitute.__name__] = importlib.__dict__["resources"] = substitute
    try:
        return importlib.import_module("llvmlite.binding")
    except Exception:
        # Another llvmlite than the one this was written for.
        del sys.modules[substitute.__name__], importlib.__dict__["resources"]
        for module in [module for module in sys.modules if module.startswith("llvmlite")]:
            del sys.modules[module]
        return importlib.import_module("llvmlite.binding")


def serve() -> None:
    """Answer requests until the other side closes the pipe."""
    # Ctrl-C is for whoever asks; without them the pipe closes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    llvm = _load_llvm()
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    llvm.initialize_native_asmparser()
    while (request := _read(sys.stdin.buffer)) is not None:
        try:
            reply = _generate(llvm, request)
        except Exception as error:
            reply = {"ok": False, "message": str(error)}
        _write(sys.stdout.buffer, reply)


if __name__ == "__main__":
    sys.path[:] = sys.argv[1:]
    serve()
